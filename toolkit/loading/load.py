"""Export → tickets + issues (+ events). Nothing is lost: read = tickets + events + refused + merged + left out."""

from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from toolkit import schema
from toolkit.errors import SourceError, list_mistakes
from toolkit.loading import cells, masking
from toolkit.loading.callers import caller_key, hash_callers, hide_numbers_of_persons, tell_households_apart
from toolkit.loading.corrections import apply_corrections, locate_refused, mask_row
from toolkit.loading.database import read_database
from toolkit.loading.doubts import check_tickets
from toolkit.loading.events import DESTROYED, build_events, read_events
from toolkit.loading.events import EVENTS as EVENT_FRAME
from toolkit.loading.files import read_sheets
from toolkit.loading.header_rows import EVENTS, TICKETS, filled
from toolkit.loading.headers import read_headers
from toolkit.loading.issues import KEPT, LEFT_OUT, MERGED, REFUSED, join_issues, list_issues, with_place
from toolkit.loading.log_tickets import make_tickets_of_log, name_case_columns
from toolkit.loading.merge import merge_repeated
from toolkit.loading.personal_columns import tell_kinds
from toolkit.loading.reading_issues import with_readings
from toolkit.loading.recognise import recognise_sheets
from toolkit.loading.rows import keep_rows
from toolkit.loading.unknown_words import list_unknown_words
from toolkit.loading.zeroed import refuse_zeroed
from toolkit.period import parse_as_of

# Words that recur: no name is looked for there, but a comma too many can move a phone number into them.
WORDED = [n for n in schema.names("text") if n not in ("ticket_id", "related_id", "caller", *schema.ORIGIN)]
SHOWN = 12  # characters of a cell in an error


@dataclass(frozen=True)
class Loaded:
    """What an export gave.

    tickets: a row a ticket; logged: a row an event of a flow log, None where there is none; issues: problems with single
    rows; account: rows read and what became of them, per file and sheet, `note` saying what is hidden there or why a file
    was not read; headers: what each column was read as; refused: the refused rows with their masked cells, for
    `corrections.write_refused`.
    """

    tickets: pd.DataFrame
    issues: pd.DataFrame
    account: pd.DataFrame
    headers: pd.DataFrame
    logged: pd.DataFrame | None
    refused: pd.DataFrame

    @cached_property
    def events(self):
        """A row an event: the flow log's, and those that the times of tickets tell which it does not name (`is_built`)."""
        return _complete_events(self.logged, self.tickets)


def load(source, as_of, headers=None, key=None, corrections=None):
    """Read an export as tickets; every row is a ticket or is named in `issues` with the reason.

    source: xlsx, xls, csv, tsv, Parquet, zip of these, a folder, a pattern, a database table or query
    (see `database`), or a frame. as_of: times after it are doubtful and named. headers: a run's own
    headers, before headers.yml. key: of the callers' hashes; from its file when not given.
    corrections: a corrected 待修正.xlsx, applied to the rows it came from.
    A flow log alone makes its tickets (`log_tickets`). Raises SourceError where no sheet has a column of
    ticket numbers.
    """
    settings = read_headers(headers)
    return load_tables(_require_tickets(read_tables(source, settings, corrections)), settings, as_of, key)


def load_tables(tables, settings, as_of, key=None):
    """`load` from where the sheets are recognised; `inspect` goes on from there too, also without any ticket.

    What a step leaves behind is let go before the next begins: an export is held once as it was read and once as tickets.
    """
    key = caller_key() if key is None else key
    rows, wrongly = hide_numbers_of_persons(_rows_of(tables, TICKETS), key)
    hidden = _list_hidden(with_place(rows)[wrongly])
    log, _ = hide_numbers_of_persons(_rows_of(tables, EVENTS), key)
    logged, unlogged = read_events(log, settings) if len(log) else (None, [])
    if logged is not None and len(logged) and all(table.kind != TICKETS for table in tables):
        tables, rows, made = _make_tickets(tables, logged, settings, key)
        unlogged = [*unlogged, *made]

    numbered, unnumbered = _refuse_unnumbered(rows)
    del rows
    typed, doubtful = cells.type_columns(numbered, settings)
    del numbered
    masked = [_hash_and_mask(typed, key)]
    del typed
    tickets, merged = merge_repeated(masked.pop())
    doubts = [check_tickets(tickets, parse_as_of(as_of), settings.units)]
    doubts += list_unknown_words(tickets, logged, settings)
    doubts.append(hidden)

    found = [part for table in tables for part in (table.issues, table.repairs)]
    issues = join_issues(found + unnumbered + unlogged + doubtful + merged + doubts)
    told = {
        "account": _account(tables, tickets, logged, join_issues(unlogged), issues),
        "headers": pd.concat([table.headers for table in tables], ignore_index=True),
        "refused": locate_refused(tables, issues),
    }
    del tables
    return Loaded(tickets=tickets, issues=issues, logged=logged, **told)


def _list_hidden(rows):
    """Rows whose ticket number is a person's number: it stays, in part."""
    check = "编号像电话或证件号码，已遮盖"
    return list_issues(rows, "ticket_id", rows.get("ticket_id"), check, "平台的工单编号", KEPT)


def read_tables(source, settings, corrections=None):
    """Every sheet of the source with its header recognised, corrected cells in place."""
    sheets = [read_database(source)] if isinstance(source, dict) else read_sheets(source)
    tables = recognise_sheets(sheets, settings)
    if corrections is None:
        return with_readings(tables)
    corrected = recognise_sheets(apply_corrections(tables, corrections), settings)
    return with_readings(_keep_repairs(corrected, tables))


def _keep_repairs(corrected, tables):
    """The corrected tables with the cells that were cleaned before they were corrected."""
    repairs = [table.repairs for table in [*tables, *corrected] if table.repairs is not None]
    first = replace(corrected[0], repairs=pd.concat(repairs) if repairs else None)
    return [first, *[replace(table, repairs=None) for table in corrected[1:]]]


def _rows_of(tables, kind):
    none = pd.DataFrame(columns=["ticket_id", *schema.ORIGIN], dtype="object")
    return pd.concat([t.rows for t in tables if t.kind == kind] or [none], ignore_index=True)


def _make_tickets(tables, logged, settings, key):
    """The tables with a log's ticket columns named, the tickets the log makes, and what is said of them."""
    logs = [table for table in tables if table.kind == EVENTS]
    logs = [replace(table, rows=hide_numbers_of_persons(table.rows, key)[0]) for table in logs]
    named = [name_case_columns(table, settings) for table in logs]
    rows, said = make_tickets_of_log(logs, named, logged, settings)
    return [*named, *(table for table in tables if table.kind != EVENTS)], rows, said


def _require_tickets(tables):
    if any(table.kind in (TICKETS, EVENTS) for table in tables):
        return tables
    seen = [
        f"{t.sheet.file} [{t.sheet.name}]: {', '.join(_first_row(t.sheet)) or t.sheet.note or 'no filled cell'}"
        for t in tables
    ]
    raise SourceError(
        list_mistakes(
            "no sheet has a column of ticket numbers: expected one headed 工单编号, 受理编号 or the like "
            "(or name yours under headers: columns: ticket_id: in the run's file); the first rows found are",
            seen or ["no sheet at all"],
        )
    )


def _first_row(sheet):
    """What the first filled row begins with, masked and short: it may be a citizen's."""
    first = next((row for row in sheet.rows if filled(row)), [])
    masked = filled(mask_row(first, tell_kinds(sheet.rows, range(len(first)))))
    return [f"{cell[:SHOWN]}…" if len(cell) > SHOWN else cell for cell in masked[:8]]


def _refuse_unnumbered(rows):
    """Rows without a ticket number, or with one that a spreadsheet has destroyed, are refused."""
    found, numbers = cells.to_text(rows["ticket_id"]), cells.to_id(rows["ticket_id"])
    missing = numbers.isna()
    destroyed, place = numbers.str.match(DESTROYED, na=False), with_place(rows)
    issues = [
        list_issues(place[missing], "ticket_id", None, "无工单编号", "工单编号", REFUSED),
        list_issues(
            place[destroyed],
            "ticket_id",
            numbers[destroyed],
            "工单编号已被表格软件损坏",
            "完整的数字",
            REFUSED,
        ),
    ]
    is_good = ~missing & ~destroyed
    good = keep_rows(rows, is_good).assign(ticket_id=numbers[is_good])
    issues.append(cells.list_repairs(with_place(good), "ticket_id", found, numbers, "编号写法归一"))
    certain, zeroed = refuse_zeroed(good)
    return certain.reset_index(drop=True), issues + zeroed


def _hash_and_mask(typed, key):
    """The tickets without their callers: a keyed hash stands for each, and no text names them."""
    names, phones, cards = (
        cells.as_series(typed.get(column.name), typed.index) for column in schema.PERSONAL
    )
    free = {
        name: masking.mask_texts(masking.mask_own(typed[name], names, phones))
        for name in schema.names("free")
        if name in typed
    }
    if "address" in typed:
        free["address"] = tell_households_apart(typed["address"], free["address"], key)
    free |= {name: masking.mask_numbers(typed[name]) for name in WORDED if name in typed}
    callers = hash_callers(names, phones, cards, key)
    kept = typed.drop(columns=[column.name for column in [*schema.PERSONAL, *schema.ROLES]], errors="ignore")
    role = cells.as_series(typed.get("unit_role"), typed.index)
    return schema.make_tickets(kept.assign(caller=callers, **free)).assign(unit_role=role)


def _complete_events(logged, tickets):
    """The flow log's events, and those built from the times of tickets it does not name."""
    if logged is None:
        return build_events(tickets)
    rest = build_events(tickets[~tickets["ticket_id"].isin(logged["ticket_id"])])
    return pd.concat([logged, rest], ignore_index=True)[EVENT_FRAME] if len(rest) else logged


# --- the account -----------------------------------------------------------------------------------


def _account(tables, tickets, logged, unlogged, issues):
    """Rows read and what became of them, per file and sheet; they must add up."""
    logs = [len(t.rows) if t.kind == EVENTS else 0 for t in tables]
    read = [(t.sheet.file, t.sheet.name, t.read, t.sheet.note, t.kind == EVENTS) for t in tables]
    read = pd.DataFrame(read, columns=["file", "sheet", "read", "note", "is_log"]).assign(events=logs)
    sheets = read.groupby(["file", "sheet"], sort=False, as_index=False)
    account = sheets.agg({"read": "sum", "events": "sum", "note": "first", "is_log": "all"})
    index = pd.MultiIndex.from_frame(account[["file", "sheet"]])
    # A ticket made from a log is no row of it: its rows are the events.
    account["tickets"] = pd.Series(_count(tickets, schema.ORIGIN[:2], index)).mask(account["is_log"], 0)
    for kind in (REFUSED, MERGED, LEFT_OUT):
        rows = issues[issues["kind"] == kind].drop_duplicates(["file", "sheet", "row"])
        account[kind] = _count(rows, ["file", "sheet"], index)
    account["events"] -= _count(unlogged[unlogged["kind"].eq(REFUSED)], ["file", "sheet"], index)
    account = account[["file", "sheet", "read", "tickets", REFUSED, MERGED, LEFT_OUT, "events", "note"]]
    out = account[["tickets", "events", REFUSED, MERGED, LEFT_OUT]].sum(axis=1)
    logged_count = 0 if logged is None else len(logged)
    if not account["read"].eq(out).all() or account["events"].sum() != logged_count:
        raise AssertionError(f"rows were lost or counted twice:\n{account[account['read'].ne(out)]}")
    return account


def _count(frame, by, index):
    named = [frame[name].fillna("") for name in by]
    return frame.groupby(named).size().reindex(index, fill_value=0).to_numpy()
