"""How an export would be read, before anything is loaded: each column, each refusal, each unknown word."""

from dataclasses import dataclass

import pandas as pd

from toolkit import schema
from toolkit.errors import ParameterError
from toolkit.loading.corrections import PERSONAL, mask_row, read_as
from toolkit.loading.header_rows import EVENTS, HEADER_DEPTH, TICKETS, assign, folded
from toolkit.loading.header_rows import filled as filled_cells
from toolkit.loading.headers import read_headers
from toolkit.loading.load import load_tables, read_tables
from toolkit.loading.log_tickets import name_case_columns
from toolkit.loading.proposals import propose_columns
from toolkit.loading.recognise import NOTES
from toolkit.loading.rows import to_cells
from toolkit.loading.told_headers import HEADERS
from toolkit.loading.value_kinds import PERSONAL as PERSONAL_KINDS
from toolkit.loading.value_kinds import looks_like_data
from toolkit.settings import read_yaml

COLUMNS = [
    *["file", "sheet", "header", "column", "label", "proposed", "why", "filled", "unreadable"],
    *["example", "unknown_words", "hint", "under"],
]
NO_HEADER = "没有表头行：请在导出表上方补一行列名"
FAR = "9999-12-31"  # no time is doubtful only because it is late


@dataclass(frozen=True)
class Inspection:
    """columns: a row a header; account: what would become of the rows; issues: which rows, and why."""

    columns: pd.DataFrame
    account: pd.DataFrame
    issues: pd.DataFrame


def inspect(source, headers=None, corrections=None):
    """Show how each column would be read, what would be refused and why; nothing is kept.

    Takes what `load` takes, and an export without a column of ticket numbers too. `columns` has a row for
    each header: the column it is read as (blank when it is not recognised, with the nearest known header as
    `hint`), else the column it is `proposed` for and `why` (a proposal, not in force), how many cells are
    filled, how many cannot be read, a masked example, the words no vocabulary knows, and under which
    setting it stands (columns, or events of a flow log).
    """
    settings = read_headers(headers)
    tables = read_tables(source, settings, corrections)
    loaded = load_tables(tables, settings, FAR, key=b"inspection only")
    has_tickets = any(table.kind == TICKETS for table in tables)
    parts = [_describe_sheet(table, settings, has_tickets) for table in tables]
    columns = pd.concat(parts or [pd.DataFrame(columns=COLUMNS)], ignore_index=True)
    columns = _count_unread(columns, loaded, settings)
    issues = loaded.issues.assign(
        **{name: _without_hash(loaded.issues[name]) for name in ("ticket_id", "value")}
    )
    return Inspection(columns[COLUMNS], loaded.account, issues)


def list_not_loaded(issues):
    """The rows that would become no ticket, a line a reason: how many, which rows, the first one's value."""
    not_loaded = issues[issues["kind"].isin(["refused", "left_out"])].fillna("")
    groups = not_loaded.groupby(["file", "sheet", "kind", "check"], sort=False)
    return groups.agg(count=("row", "size"), rows=("row", _say_rows), value=("value", "first")).reset_index()


def list_absent(inspection, mapping):
    """What a mapping file names and the export does not have: column：header, a line each."""
    named = read_yaml(mapping, ParameterError).get("columns") or {}
    there = set(map(folded, inspection.columns["header"]))
    return [
        f"{name}：{word}"
        for name, words in named.items()
        for word in words or []
        if folded(word) not in there
    ]


def _say_rows(numbers):
    """第3行; 第3、5、9行; 第2—801行; 第3、5、9等行."""
    rows = sorted(map(int, numbers))
    if len(rows) > 2 and rows[-1] - rows[0] == len(rows) - 1:
        return f"第{rows[0]}—{rows[-1]}行"
    return f"第{'、'.join(map(str, rows[:10]))}{'等' if len(rows) > 10 else ''}行"


def _without_hash(texts):
    """Without the end that tells hidden numbers apart: here it is of a key that is no secret."""
    return texts.str.replace("·[0-9a-f]{6}$", "", regex=True)


def _count_unread(columns, loaded, settings):
    """The columns with how many of their cells cannot be read, and the words no vocabulary knows."""
    unreadable = loaded.issues[loaded.issues["check"].eq("无法识别")]
    counts = unreadable.groupby(["file", "sheet", "column"]).size()
    places = pd.MultiIndex.from_frame(columns[["file", "sheet", "column"]])
    words = {name: _unknown_words(loaded.tickets[name], known) for name, known in settings.values.items()}
    words["event"] = _unknown_words(loaded.events["event"], settings.event_words)
    return columns.assign(
        unreadable=counts.reindex(places, fill_value=0).to_numpy(),
        unknown_words=columns["column"].map(words).fillna(""),
    )


def _describe_sheet(table, settings, has_tickets):
    """The headers of a sheet; those of a sheet that is no table of tickets are guessed, to be named by a person."""
    under = "columns" if table.kind == TICKETS else "events"
    headers, header_row = table.headers.assign(under=under), table.header_row
    if table.kind == NOTES:
        headers, header_row = _guess_headers(table.sheet, settings)
    elif table.kind == EVENTS and not has_tickets:
        named = name_case_columns(table, settings).headers
        headers = named.assign(under=headers["under"].mask(headers["column"].ne(named["column"]), "columns"))
    if headers.empty:
        return headers.reindex(columns=COLUMNS)
    rows = table.sheet.rows
    columns = [rows.column(at).iloc[header_row : table.end_row] for at in range(len(headers))]
    values = [to_cells(column) for column in columns]
    proposed, why, kinds = zip(*propose_columns(headers, values, settings), strict=True)
    return headers.assign(
        label=[schema.label(name) if name in schema.BY_NAME else "" for name in headers["column"]],
        proposed=pd.Series(proposed, dtype="str").mask(headers["hint"].eq(NO_HEADER), ""),
        why=why,
        filled=[len(filled_cells(cells)) for cells in values],
        example=_show_examples(
            rows[header_row : min(header_row + 30, table.end_row)], kinds, _columns_read(table, headers)
        ),
        under=headers["under"].mask(headers["column"].eq(""), ""),
    )


def _show_examples(body, kinds, columns):
    """The first filled cell of each column, masked; hidden where it is persons' data by its column or its kind."""
    width = len(kinds)
    personal = [
        PERSONAL[0] if kind in PERSONAL_KINDS and not column else column
        for kind, column in zip(kinds, columns, strict=True)
    ]
    masked = [mask_row([*row, *[None] * (width - len(row))][:width], personal) for row in body]
    return [next((row[at][:30] for row in masked if row[at]), "") for at in range(width)]


def _columns_read(table, headers):
    return headers["column"].tolist() if table.kind == NOTES else read_as(table)


def _guess_headers(sheet, settings):
    """The headers of a sheet without a ticket number: its first row of texts that is nearly as wide as its widest.

    Those that are known are told as what they will be read as once the number is named. Where every wide row
    holds values the columns are numbered, and no value is shown as a header.
    """
    top = sheet.rows[: HEADER_DEPTH + 30]
    width = max(sheet.rows.widths, default=0)
    widest = max((len(filled_cells(row)) for row in top), default=0)
    wide = [at for at, row in enumerate(top[:HEADER_DEPTH]) if len(filled_cells(row)) >= 0.6 * widest > 0]
    last = next((at for at in wide if not any(map(looks_like_data, _cells(top[at])))), None)
    names = ["" if cell is None else str(cell) for cell in top[last]] if last is not None else []
    names += ["" if last is not None else f"第{at + 1}列" for at in range(len(names), width)]
    hint = NO_HEADER if last is None else ""
    assigned = assign(names, settings.columns, settings.category_levels)
    known = {position: column for column, positions in assigned.items() for position in positions}
    rows = [(sheet.file, sheet.name, name, known.get(at, ""), hint, "") for at, name in enumerate(names)]
    return pd.DataFrame(rows, columns=HEADERS).assign(under="columns"), 0 if last is None else last + 1


def _cells(row):
    return [cell for cell in row if cell is not None and str(cell).strip()]


def _unknown_words(values, known):
    """The words of a column that stand for nothing known, most frequent first, with their counts."""
    counts = values[~values.isin(list(known))].value_counts().head(10)
    return "、".join(f"{word}×{count}" for word, count in counts.items())
