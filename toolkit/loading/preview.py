"""How an export would be read, before anything is loaded: each column, each refusal, each unknown word."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import yaml

from toolkit import schema
from toolkit.loading.corrections import mask_row, read_as
from toolkit.loading.headers import read_headers
from toolkit.loading.load import load_tables, read_tables
from toolkit.loading.recognise import filled as filled_cells

COLUMNS = [
    "file",
    "sheet",
    "header",
    "column",
    "label",
    "filled",
    "unreadable",
    "example",
    "unknown_words",
    "hint",
]
FAR = "9999-12-31"  # no time is doubtful only because it is late


@dataclass(frozen=True)
class Inspection:
    """columns: a row a header; account: what would become of the rows; issues: which rows, and why."""

    columns: pd.DataFrame
    account: pd.DataFrame
    issues: pd.DataFrame


def inspect(source, headers=None, corrections=None):
    """Show how each column would be read, what would be refused and why; nothing is kept.

    Takes what `load` takes. `columns` has a row for each header: the column it is read as (blank when it
    is not recognised, with the nearest known header as `hint`), how many cells are filled, how many
    cannot be read, a masked example, and the words no vocabulary knows.
    """
    settings = read_headers(headers)
    tables = read_tables(source, settings, corrections)
    loaded = load_tables(tables, settings, FAR, key=b"inspection only")
    parts = [_describe_sheet(table) for table in tables]
    columns = pd.concat(parts or [pd.DataFrame(columns=COLUMNS)], ignore_index=True)
    unreadable = loaded.issues[loaded.issues["check"].eq("无法识别")]
    counts = unreadable.groupby(["file", "sheet", "column"]).size()
    places = pd.MultiIndex.from_frame(columns[["file", "sheet", "column"]])
    words = {name: _unknown_words(loaded.tickets[name], known) for name, known in settings.values.items()}
    columns = columns.assign(
        unreadable=counts.reindex(places, fill_value=0).to_numpy(),
        unknown_words=columns["column"].map(words).fillna(""),
    )
    bare = loaded.issues["ticket_id"].str.replace(
        "·[0-9a-f]{6}$", "", regex=True
    )  # of a key that is no secret
    value = loaded.issues["value"].str.replace("·[0-9a-f]{6}$", "", regex=True)
    return Inspection(columns[COLUMNS], loaded.account, loaded.issues.assign(ticket_id=bare, value=value))


def _describe_sheet(table):
    headers = table.headers
    if headers.empty:
        return headers.reindex(columns=COLUMNS)
    body = table.sheet.rows[table.header_row :]
    names = headers["column"].tolist()
    personal = read_as(table)
    masked = [
        mask_row([*row, *[None] * (len(names) - len(row))][: len(names)], personal) for row in body[:30]
    ]
    filled = [sum(1 for row in body if at < len(row) and filled_cells([row[at]])) for at in range(len(names))]
    return headers.assign(
        label=[schema.label(name) if name in schema.BY_NAME else "" for name in names],
        filled=filled,
        example=[next((row[at][:30] for row in masked if row[at]), "") for at in range(len(names))],
    )


def _unknown_words(values, known):
    """The words of a column that stand for nothing known, most frequent first, with their counts."""
    counts = values[~values.isin(list(known))].value_counts().head(10)
    return "、".join(f"{word}×{count}" for word, count in counts.items())


def write_mapping(inspection, path):
    """Write the headers as a file to edit: what is recognised as settings, what is not as comments.

    The file is taken by a run under `headers:`, or by `load(headers=path)`.
    """
    found = inspection.columns.drop_duplicates(["header", "column"])
    known = found[found["column"].isin(list(schema.BY_NAME))]  # a flow log's columns are no ticket's
    columns = {name: part["header"].tolist() for name, part in known.groupby("column", sort=False)}
    lines = ["# 列名对照：左边是工单表的列，右边是导出表的列名。把未识别的列名移到它该在的一行。"]
    lines += [
        yaml.safe_dump({"columns": columns}, allow_unicode=True, sort_keys=False, default_flow_style=None)
    ]
    lines += ["# 未识别的列："]
    unknown = found[found["column"].eq("") & found["header"].str.strip().ne("")]
    lines += [
        f"#   {row.header}（例：{row.example}）{row.hint}".replace("\n", " ") for row in unknown.itertuples()
    ]
    lines += ["# 未识别的用词，可写入 values：", "# values:"]
    words = known[known["unknown_words"].ne("")]
    lines += [f"#   {row.column}: {row.unknown_words}".replace("\n", " ") for row in words.itertuples()]
    Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
