"""Sheet → rows under the ticket table's names: where the header is, what each column is, which rows are none."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.loading import cells
from toolkit.loading.cleaning import clean_rows, list_cleaned
from toolkit.loading.filled_cells import Texts
from toolkit.loading.going_on import goes_on
from toolkit.loading.header_rows import Header, filled, find_headers
from toolkit.loading.issues import REPAIRED, list_issues
from toolkit.loading.left_out_rows import find_left_out, list_beyond_header, list_left_out
from toolkit.loading.told_headers import HEADERS, tell_headers

NOTES = "notes"
NO_NUMBER = "没有工单编号表头的行"


@dataclass(frozen=True)
class Table:
    """One table of a sheet: its rows under canonical names with their origin, and what was left out.

    sheet: with its cells cleaned. kind: tickets, events or notes. header_row: the header's last row, as the
    spreadsheet counts, 0 where there is none; end_row: the table's last row. repairs: the cells that were cleaned.
    """

    sheet: object
    kind: str
    read: int
    header_row: int
    end_row: int
    rows: pd.DataFrame
    issues: pd.DataFrame
    headers: pd.DataFrame
    header: Header | None = None
    repairs: pd.DataFrame | None = None


def recognise_sheets(sheets, settings):
    """The tables of all sheets; one that goes on without a header has that of the sheet before it."""
    tables, previous = [], None
    for sheet in sheets:
        tables += recognise_sheet(sheet, settings, previous)
        previous = tables[-1] if tables[-1].kind != NOTES else previous
    return tables


def recognise_sheet(sheet, settings, previous=None):
    """The tables of a sheet, each as tickets or as a flow log; one of notes when no row names a ticket number.

    previous: the table before it, whose header it may go on under.
    """
    rows, cleaned = clean_rows(sheet.rows)
    texts = Texts(rows)
    unseen = [at for at in {at for at, _, _ in cleaned} if not texts.counts[at] and filled(sheet.rows[at])]
    texts, sheet = Texts(rows, unseen) if unseen else texts, replace(sheet, rows=rows)
    headers, repeated = find_headers(rows, texts, settings)
    if headers:
        ends = [header.first for header in headers[1:]] + [len(rows)]
        tables = [
            _read_table(sheet, texts, *place, repeated, settings) for place in zip(headers, ends, strict=True)
        ]
        tables[0] = _with_title(tables[0], texts[: headers[0].first])
        tables[1:] = [_with_its_header(table, texts) for table in tables[1:]]
    elif previous is not None and goes_on(rows, texts, previous):
        tables = [_go_on(sheet, texts, previous, settings)]
    else:
        tables = [_notes(sheet, texts)]
    return _with_repairs(sheet, tables, cleaned)


def _with_repairs(sheet, tables, cleaned):
    """The tables of a sheet, each with the cells that were cleaned in its rows."""
    starts = [0] + [table.end_row for table in tables[:-1]]
    own = [
        [step for step in cleaned if start <= step[0] < table.end_row]
        for start, table in zip(starts, tables, strict=True)
    ]
    return [
        replace(table, repairs=list_cleaned(sheet, steps, _call_columns(table)))
        for table, steps in zip(tables, own, strict=True)
    ]


def _read_table(sheet, texts, header, end, repeated, settings):
    """The rows below a header up to the next one."""
    body = header.last + 1 + np.flatnonzero(texts.counts[header.last + 1 : end])
    dropped = find_left_out(sheet.rows, texts, body, header, repeated, settings.totals)
    kept = np.setdiff1d(body, [number - 1 for number, _, _ in dropped])
    rows = sheet.rows.take(kept)
    return Table(
        sheet=sheet,
        kind=header.kind,
        read=len(body),
        header_row=header.last + 1,
        end_row=end,
        rows=_canonical_rows(sheet, rows, kept + 1, header.assigned),
        issues=pd.concat([list_left_out(sheet, dropped), list_beyond_header(sheet, texts, kept, header)]),
        headers=tell_headers(sheet, header.names, header.assigned, settings, rows),
        header=header,
    )


def _with_title(table, texts):
    """The first table of a sheet with the rows above its header counted and named."""
    above = [(number, found, "表头上方的行") for number, found in enumerate(texts, 1) if found]
    return _add_left_out(table, above)


def _with_its_header(table, texts):
    """A further table of a sheet with the rows of its header counted: the rows of a sheet are all told."""
    rows = range(table.header.first, table.header.last + 1)
    return _add_left_out(table, [(at + 1, texts[at], "另一张表的表头") for at in rows if texts[at]])


def _add_left_out(table, dropped):
    issues = pd.concat([list_left_out(table.sheet, dropped), table.issues])
    return replace(table, read=table.read + len(dropped), issues=issues)


def _go_on(sheet, texts, previous, settings):
    """A sheet without a header, read under that of the table before it; which one is told."""
    header = replace(previous.header, first=-1, last=-1)
    table = _read_table(sheet, texts, header, len(sheet.rows), set(), settings)
    origin = {"source_file": sheet.file, "source_sheet": sheet.name, "source_row": 1}
    named = f"{previous.sheet.file} {previous.sheet.name}".strip()
    told = list_issues(pd.DataFrame([origin]), "", named, "无表头，沿用上一张表的表头", "表头", REPAIRED)
    return replace(table, issues=pd.concat([table.issues, told]))


def _call_columns(table):
    """Position → the column a sheet's first table reads there, or the header as it stands."""
    read = zip(table.headers["column"], table.headers["header"], strict=True)
    return {at: column or str(header) for at, (column, header) in enumerate(read)}


def _notes(sheet, texts):
    """A sheet in which no row names a ticket number: single cells are notes, wider rows belong to some table."""
    body = [
        (at, found, "说明页" if len(found) == 1 else NO_NUMBER) for at, found in enumerate(texts, 1) if found
    ]
    no_rows = pd.DataFrame(columns=["ticket_id", *schema.ORIGIN])
    no_headers = pd.DataFrame(columns=HEADERS)
    return Table(sheet, NOTES, len(body), 0, len(texts), no_rows, list_left_out(sheet, body), no_headers)


def _canonical_rows(sheet, rows, numbers, assigned):
    canonical = {
        column: cells.join_levels([rows.column(position) for position in positions])
        if len(positions) > 1
        else rows.column(positions[0])
        for column, positions in assigned.items()
    }
    canonical |= {
        "source_file": sheet.file,
        "source_sheet": sheet.name,
        "source_row": numbers,
    }
    return pd.DataFrame(canonical, index=range(len(rows)))
