"""Sheet → rows under the ticket table's names: where the header is, what each column is, which rows are none."""

import re
import unicodedata
from dataclasses import dataclass

import pandas as pd

from toolkit import schema
from toolkit.errors import nearest
from toolkit.loading import cells, masking
from toolkit.loading.issues import KEPT, LEFT_OUT, list_issues
from toolkit.loading.personal_columns import tell_kinds

HEADER_DEPTH = 20  # a title, a date line and the like stand above the header, never more
HEADERS = ["file", "sheet", "header", "column", "hint", "person"]  # person: whose data, where no column tells
TICKETS, EVENTS, NOTES = "tickets", "events", "notes"
EVENT_COLUMNS = ["event", "at"]  # with a ticket number, these make a sheet a flow log


@dataclass(frozen=True)
class Table:
    """What a sheet holds: its rows under canonical names with their origin, and what was left out."""

    sheet: object
    kind: str  # tickets, events or notes
    read: int
    header_row: int  # the header's last row, as the spreadsheet counts; 0 in a sheet of notes
    rows: pd.DataFrame
    issues: pd.DataFrame
    headers: pd.DataFrame


def folded(text):
    """A header or word as it is compared: half-width, no white space, no trailing mark, lower case."""
    text = unicodedata.normalize("NFKC", "" if text is None else str(text))
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")  # invisible marks
    return re.sub(r"\s+|\((?:必填|选填|必填项|可选|非必填)\)$", "", text).strip("*:").lower()


def filled(row):
    """The filled cells of a row, as text."""
    return [text for cell in row if cell is not None and (text := str(cell).strip())]


def recognise_sheet(sheet, settings):
    """Read a sheet as tickets, as a flow log, or as notes when no row names a ticket number."""
    header = _find_header(sheet.rows, settings)
    if header is None:
        return _notes(sheet)
    last, names, kind, assigned = header
    body = [(number, row) for number, row in enumerate(sheet.rows[last + 1 :], last + 2) if filled(row)]
    totals = {folded(word) for word in settings.totals}
    repeated = [[folded(cell) for cell in filled(row)] for row in sheet.rows[max(last - 1, 0) : last + 1]]
    reasons = [_why_left_out(row, repeated, totals) for _, row in body]
    kept = [line for line, reason in zip(body, reasons, strict=True) if not reason]
    dropped = [(*line, reason) for line, reason in zip(body, reasons, strict=True) if reason]
    return Table(
        sheet=sheet,
        kind=kind,
        read=len(body),
        header_row=last + 1,
        rows=_canonical_rows(sheet, kept, assigned),
        issues=pd.concat([_left_out(sheet, dropped), _beyond_header(sheet, kept, names)]),
        headers=_tell_headers(sheet, names, assigned, settings, [row for _, row in kept]),
    )


def _notes(sheet):
    body = [(number, row, "说明页") for number, row in enumerate(sheet.rows, 1) if filled(row)]
    no_rows = pd.DataFrame(columns=["ticket_id", *schema.ORIGIN])
    no_headers = pd.DataFrame(columns=HEADERS)
    return Table(sheet, NOTES, len(body), 0, no_rows, _left_out(sheet, body), no_headers)


def _left_out(sheet, dropped):
    """One issue for each row that is no ticket: totals, repeated headers, notes."""
    rows = pd.DataFrame(
        {
            "source_file": sheet.file,
            "source_sheet": sheet.name,
            "source_row": [number for number, _, _ in dropped],
            "value": [_quote(filled(row)) for _, row, _ in dropped],
            "check": [reason for _, _, reason in dropped],
        }
    )
    return list_issues(rows, "", rows["value"], rows["check"], "一件工单", LEFT_OUT)


def _beyond_header(sheet, lines, names):
    """Rows with cells to the right of the last header: a separator too many, perhaps; those cells are not read."""
    width = max((at for at, name in enumerate(names, 1) if folded(name)), default=0)
    wide = [(number, len(filled(row[width:]))) for number, row in lines if filled(row[width:])]
    rows = pd.DataFrame({"source_row": [number for number, _ in wide], "count": [count for _, count in wide]})
    rows = rows.assign(source_file=sheet.file, source_sheet=sheet.name)
    return list_issues(
        rows, "", rows["count"].astype("str") + "格", "超出表头的单元格未读", "与表头同宽", KEPT
    )


def _quote(cells_filled):
    """What a left-out row begins with; the rest may name persons that no column tells."""
    return cells_filled[0][:60] if len(cells_filled) == 1 or len(cells_filled[0]) <= 4 else "…"


# --- the header ------------------------------------------------------------------------------------


def _find_header(rows, settings):
    """The row, or two merged rows, with most recognised headers; None when none names a ticket number."""
    best, best_score = None, 0
    for last, names in _header_candidates(rows[: HEADER_DEPTH + 1], settings):
        for kind, columns in ((EVENTS, settings.events), (TICKETS, settings.columns)):
            assigned = _assign(names, columns, settings.category_levels if kind == TICKETS else [])
            is_whole = "ticket_id" in assigned and (kind == TICKETS or set(EVENT_COLUMNS) <= set(assigned))
            score = len(assigned) if is_whole else 0
            if score > best_score:
                best, best_score = (last, names, kind, assigned), score
    return best


def _header_candidates(rows, settings):
    """Each row alone, then each pair of neighbours as a two-row header: (last row, names)."""
    for at, row in enumerate(rows[:HEADER_DEPTH]):
        yield at, [str(cell) if cell is not None else "" for cell in row]
    known = {folded(word) for words in settings.columns.values() for word in words}
    for at in range(len(rows) - 1):
        yield at + 1, _join_header_rows(rows[at], rows[at + 1], known)


def _join_header_rows(upper, lower, known):
    """The names under a merged heading: the lower one where it is known, else both together."""
    names, heading = [], ""
    for above, below in zip(upper, lower, strict=False):
        heading = str(above) if folded(above) else heading
        both = f"{heading}{below}" if folded(below) else heading if folded(above) else ""
        names.append(str(below) if folded(below) in known else both)
    return names


def _assign(names, columns, category_levels):
    """Canonical column → positions; the first variant listed wins, each header serves one column."""
    positions = {}
    for position, name in enumerate(names):
        positions.setdefault(folded(name), position)
    positions.pop("", None)
    assigned, used = {}, set()
    for column, variants in _by_need(columns, positions):
        free = [positions[v] for v in variants if v in positions and positions[v] not in used]
        if free:
            assigned[column] = free[:1]
            used.add(free[0])
    levels = [[positions[v] for v in map(folded, level) if v in positions][:1] for level in category_levels]
    if any(levels) and "category" not in assigned:
        assigned["category"] = [position for level in levels for position in level]
    return assigned


def _by_need(columns, positions):
    """Columns with a header that serves no other column first, so that a shared one goes where it is needed."""
    wanted = {column: list(map(folded, variants)) for column, variants in columns.items()}
    present = {column: {v for v in variants if v in positions} for column, variants in wanted.items()}
    shared = {v for found in present.values() for v in found if sum(v in o for o in present.values()) > 1}
    return sorted(wanted.items(), key=lambda item: not (present[item[0]] - shared))


def _tell_headers(sheet, names, assigned, settings, rows):
    """Every header of the sheet: the column it is read as, or why it is not and what is near.

    A column that is not read holds persons' data where its header or its values say so.
    """
    columns = {position: column for column, positions in assigned.items() for position in positions}
    known = [variant for variants in settings.columns.values() for variant in variants]
    persons = {folded(word): c.name for c in schema.PERSONAL for word in settings.columns.get(c.name, [])}
    kinds = tell_kinds(rows, len(names))
    shown = masking.mask_texts(pd.Series(names, dtype="str"))
    seen, found = set(), []
    for at, name in enumerate(names):
        person = "" if at in columns else persons.get(folded(name), kinds[at])
        if folded(name) in seen and at not in columns:
            hint = "列名重复，只取第一列"
        else:
            hint = "" if at in columns or not folded(name) else _hint(name, known)
        if person and folded(name) not in persons:
            hint = f"内容像{schema.label(person)}，已遮盖。{hint}"
        seen.add(folded(name))
        header = name if at in columns else shown[at]
        found.append((sheet.file, sheet.name, header, columns.get(at, ""), hint, person))
    return pd.DataFrame(found, columns=HEADERS)


def _hint(name, known):
    said = nearest(name, known).strip()
    return "同义列已取另一列" if folded(name) in {folded(word) for word in known} else said


# --- the rows --------------------------------------------------------------------------------------


def _why_left_out(row, headers, totals):
    cells_filled = filled(row)
    if len(cells_filled[0]) < 10 and folded(cells_filled[0]) in totals:
        return "合计行"
    is_as_wide = any(len(header) == len(cells_filled) for header in headers)
    if is_as_wide and [folded(cell) for cell in cells_filled] in headers:
        return "重复表头"
    stands_first = row[0] is not None and bool(str(row[0]).strip())
    return "说明行" if len(cells_filled) == 1 and stands_first and not _is_number(cells_filled[0]) else ""


def _is_number(text):
    """Whether a lone cell could be a ticket's number: digits among few characters, no punctuation."""
    chinese = len(re.findall(r"[\u4e00-\u9fff]", text))
    return bool(re.fullmatch(r"[\w\-.+/']+", text)) and any(map(str.isdigit, text)) and chinese <= 4


def _canonical_rows(sheet, lines, assigned):
    last = max(position for positions in assigned.values() for position in positions)
    width = max([len(row) for _, row in lines] + [last + 1])
    grid = [list(row) + [None] * (width - len(row)) for _, row in lines]
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
