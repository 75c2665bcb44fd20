"""Sheet → rows under the ticket table's names: where the header is, what each column is, which rows are none."""

import re
from dataclasses import dataclass, replace

import pandas as pd

from toolkit import schema
from toolkit.errors import nearest
from toolkit.loading import cells, masking
from toolkit.loading.cleaning import clean_rows, list_cleaned
from toolkit.loading.going_on import goes_on
from toolkit.loading.header_rows import Header, filled, find_headers, folded
from toolkit.loading.issues import KEPT, LEFT_OUT, REPAIRED, list_issues
from toolkit.loading.personal_columns import tell_kinds

HEADERS = ["file", "sheet", "header", "column", "hint", "person"]  # person: whose data, where no column tells
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
    texts = [filled(row) or [""] * bool(filled(found)) for row, found in zip(rows, sheet.rows, strict=True)]
    sheet = replace(sheet, rows=rows)
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
    body = [(at + 1, sheet.rows[at], texts[at]) for at in range(header.last + 1, end) if texts[at]]
    totals = {folded(word) for word in settings.totals}
    again = [list(map(folded, texts[at])) for at in range(max(header.last - 1, 0), header.last + 1)]
    reasons = [
        "重复表头" if number - 1 in repeated else _why_left_out(row, found, again, totals)
        for number, row, found in body
    ]
    kept = [line[:2] for line, reason in zip(body, reasons, strict=True) if not reason]
    dropped = [(line[0], line[2], reason) for line, reason in zip(body, reasons, strict=True) if reason]
    return Table(
        sheet=sheet,
        kind=header.kind,
        read=len(body),
        header_row=header.last + 1,
        end_row=end,
        rows=_canonical_rows(sheet, kept, header.assigned),
        issues=pd.concat([_left_out(sheet, dropped), _beyond_header(sheet, kept, header)]),
        headers=_tell_headers(sheet, header.names, header.assigned, settings, [row for _, row in kept]),
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
    issues = pd.concat([_left_out(table.sheet, dropped), table.issues])
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
    return Table(sheet, NOTES, len(body), 0, len(texts), no_rows, _left_out(sheet, body), no_headers)


def _left_out(sheet, dropped):
    """One issue for each row that is no ticket: totals, repeated headers, notes."""
    rows = pd.DataFrame(
        {
            "source_file": sheet.file,
            "source_sheet": sheet.name,
            "source_row": [number for number, _, _ in dropped],
            "value": [_quote(found) for _, found, _ in dropped],
            "check": [reason for _, _, reason in dropped],
        }
    )
    return list_issues(rows, "", rows["value"], rows["check"], "一件工单", LEFT_OUT)


def _beyond_header(sheet, lines, header):
    """Rows with cells to the right of the last header: a separator too many, perhaps; those cells are not read."""
    wide = [
        (number, len(filled(row[header.width :])))
        for number, row in lines
        if len(row) > header.width and filled(row[header.width :])
    ]
    rows = pd.DataFrame({"source_row": [number for number, _ in wide], "count": [count for _, count in wide]})
    rows = rows.assign(source_file=sheet.file, source_sheet=sheet.name)
    return list_issues(
        rows, "", rows["count"].astype("str") + "格", "超出表头的单元格未读", "与表头同宽", KEPT
    )


def _quote(cells_filled):
    """What a left-out row begins with; the rest may name persons that no column tells."""
    return cells_filled[0][:60] if len(cells_filled) == 1 or len(cells_filled[0]) <= 4 else "…"


def _tell_headers(sheet, names, assigned, settings, rows):
    """Every header of the sheet: the column it is read as, or why it is not and what is near.

    A column that is not read holds persons' data where its header or its values say so.
    """
    columns = {position: column for column, positions in assigned.items() for position in positions}
    variants = {folded(word): word for words in settings.columns.values() for word in words}
    may_be = {
        word: [name for name, words in settings.columns.items() if word in map(folded, words)]
        for word in map(folded, names)
    }
    persons = {folded(word): c.name for c in schema.PERSONAL for word in settings.columns.get(c.name, [])}
    kinds = tell_kinds(rows, len(names))
    shown = masking.mask_texts(pd.Series(names, dtype="str"))
    seen, found = set(), []
    for at, name in enumerate(names):
        word = folded(name)
        person = "" if at in columns else persons.get(word, kinds[at])
        if word in seen and at not in columns:
            hint = "列名重复，只取第一列"
        elif at in columns:
            hint = _other_reading(columns[at], may_be[word], assigned)
        else:
            hint = _hint(name, variants, settings.undecided) if word else ""
        if person and word not in persons:
            hint = f"内容像{schema.label(person)}，已遮盖。{hint}"
        seen.add(word)
        header = name if at in columns else shown[at]
        found.append((sheet.file, sheet.name, header, columns.get(at, ""), hint, person))
    return pd.DataFrame(found, columns=HEADERS)


def _other_reading(column, may_be, assigned):
    """What else a header can be that was read as a column only because no other header is."""
    others = [name for name in may_be if name != column and name not in assigned and column in may_be]
    return f"也可能是{'、'.join(map(schema.label, others))}，请核对" if others else ""


def _hint(name, variants, undecided):
    """Why a header is not read: two things in one word, a second of its kind, or only near to a known one."""
    reason = {folded(word): why for word, why in undecided.items()}.get(folded(name))
    if reason:
        return f"{reason}，未采用"
    return "同义列已取另一列" if folded(name) in variants else nearest(name, list(variants.values())).strip()


def _why_left_out(row, found, headers, totals):
    if found == [""]:  # there was something that cleaning took off: the row is told all the same
        return "只有不可见字符的行"
    if len(found[0]) < 10 and folded(found[0]) in totals:
        return "合计行"
    if _repeats_header(found, headers):
        return "重复表头"
    stands_first = row[0] is not None and bool(str(row[0]).strip())
    return "说明行" if len(found) == 1 and stands_first and not _is_number(found[0]) else ""


def _repeats_header(found, headers):
    """Whether a row says what a row of the header says; its first cell tells most rows apart at once."""
    alike = [header for header in headers if len(header) == len(found) and folded(found[0]) == header[0]]
    return bool(alike) and list(map(folded, found)) in alike


def _is_number(text):
    """Whether a lone cell could be a ticket's number: digits among few characters, no punctuation."""
    chinese = len(re.findall(r"[\u4e00-\u9fff]", text))
    return bool(re.fullmatch(r"[\w\-.+/']+", text)) and any(map(str.isdigit, text)) and chinese <= 4


def _canonical_rows(sheet, lines, assigned):
    width = max(position for positions in assigned.values() for position in positions) + 1
    grid = [[*row[:width], *[None] * (width - len(row))] for _, row in lines]
    table = pd.DataFrame(grid, columns=range(width), dtype="object")
    canonical = {
        column: cells.join_levels(table, positions) if len(positions) > 1 else _column(table, positions[0])
        for column, positions in assigned.items()
    }
    canonical |= {
        "source_file": sheet.file,
        "source_sheet": sheet.name,
        "source_row": [number for number, _ in lines],
    }
    return pd.DataFrame(canonical, index=table.index)


def _column(table, position):
    return table[position] if position in table else pd.Series(None, index=table.index, dtype="object")
