"""待修正.xlsx: the refused rows for a person to correct, and the corrections applied to the export they came from.

Personal cells are masked in the file; when it comes back, only cells that were changed are applied, by
the row's origin, and everything else is taken from the original export.
"""

from dataclasses import replace

import pandas as pd

from toolkit import schema
from toolkit.errors import SourceError, list_mistakes
from toolkit.loading import masking
from toolkit.loading.files import read_sheets
from toolkit.loading.personal_columns import is_personal
from toolkit.loading.workbook import EXCEL_CELL, write_sheets
from toolkit.settings import project_path

ORIGIN = ["来源文件", "来源工作表", "来源行号", "来源校验", "原因"]
PERSONAL = [column.name for column in schema.PERSONAL]
HIDDEN = "（已遮盖）"


def locate_refused(tables, issues):
    """The refused rows with the export's headers and their cells, masked: what `write_refused` writes."""
    refused = issues[issues["kind"].eq("refused")].drop_duplicates(["file", "sheet", "row"])
    by_place = by_sheet(tables)
    rows = []
    for file, sheet, row, check in refused[["file", "sheet", "row", "check"]].itertuples(index=False):
        table = _table_of_row(by_place[file, sheet if isinstance(sheet, str) else ""], row)
        cells = mask_row(table.sheet.rows[row - 1], read_as(table))
        rows.append(
            (table.sheet.file, table.sheet.name, row, table.sheet.digest, check, _names(table), cells)
        )
    return pd.DataFrame(rows, columns=[*ORIGIN, "headers", "cells"])


def by_sheet(tables):
    """(file, sheet) → its tables from top to bottom."""
    places = {}
    for table in tables:
        places.setdefault((table.sheet.file, table.sheet.name), []).append(table)
    return places


def _table_of_row(tables, row):
    """The table of a sheet that a row stands in, or the first."""
    return next((table for table in reversed(tables) if table.header_row < row), tables[0])


def read_as(table):
    """What each position of a sheet is read as; a column of persons counts as one though it is not read."""
    headers = table.headers
    return headers["column"].mask(headers["column"].eq(""), headers["person"]).tolist()


def _names(table):
    return [name if isinstance(name, str) else "" for name in table.headers["header"]]


def mask_row(row, columns):
    """The cells of a row as text: personal ones hidden, the others masked, the row's own caller too."""
    texts = pd.Series(["" if cell is None else _text(cell) for cell in row], dtype="str")
    read = [*columns, *[""] * (len(texts) - len(columns))][: len(texts)]
    name, phone = (_first(texts, read, column) for column in PERSONAL[:2])
    own = masking.mask_own(
        texts, pd.Series([name] * len(texts), dtype="str"), pd.Series([phone] * len(texts), dtype="str")
    )
    masked = masking.mask_texts(own)
    hidden = [c in PERSONAL or (c == "" and is_personal(t)) for t, c in zip(texts, read, strict=True)]
    return [HIDDEN if hide and text else text for text, hide in zip(masked, hidden, strict=True)]


def _first(texts, read, column):
    return next((text for text, name in zip(texts, read, strict=True) if name == column and text), None)


def _text(cell):
    return (
        str(int(cell))
        if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15
        else str(cell).strip()
    )


def write_refused(loaded, path):
    """Write the refused rows as a workbook, a sheet for each table of the export; None when there is none."""
    if loaded.refused.empty:
        return None
    tables = loaded.refused.assign(table=loaded.refused["headers"].map(tuple))
    sheets = {}
    for number, (_, rows) in enumerate(tables.groupby([*ORIGIN[:2], "table"], sort=False), 1):
        lines = [[*map(str, [*origin, *cells])] for *origin, _, cells, _ in rows.itertuples(index=False)]
        sheets[f"待修正{number}"] = ([*ORIGIN, *rows["headers"].iloc[0]], lines)
    return write_sheets(path, sheets, frozen=(1, len(ORIGIN)))


def apply_corrections(tables, corrections):
    """The sheets of the tables with the corrected cells in place.

    corrections: the path of a corrected 待修正.xlsx. Raises SourceError naming every file that is not
    there, has changed since, has no such row, or whose columns are not those that were written.
    """
    by_place = by_sheet(tables)
    changes, mistakes = {}, []
    for page in read_sheets(project_path(corrections)):
        header, *rows = page.rows or [[]]
        for number, row in enumerate(rows, 2):
            if any(_text(cell) for cell in row if cell is not None):
                _collect(f"row {number}", header, row, by_place, changes, mistakes)
    if mistakes:
        raise SourceError(
            list_mistakes("the corrections do not fit the export", list(dict.fromkeys(mistakes)))
        )
    return [_apply(own[0].sheet, changes.get(place, {})) for place, own in by_place.items()]


def _collect(place, header, row, by_place, changes, mistakes):
    """The changed cells of one corrected row, or what is wrong with it."""
    given = [_text(cell) if cell is not None else "" for cell in [*row, *[None] * (len(header) - len(row))]]
    file, name, number, digest, *cells = [*given, *[""] * len(ORIGIN)]
    own = by_place.get((file, name))
    table = own and _table_of_row(own, int(number) if number.isdecimal() else 0)
    if [_text(cell) for cell in header[: len(ORIGIN)]] != ORIGIN:
        mistakes.append(
            f"the first columns are not {'、'.join(ORIGIN)}: keep the columns of 待修正.xlsx as they are"
        )
    elif table is None:
        mistakes.append(
            f"{place}: {file} [{name}] is not in the export: expected the file the rows came from"
        )
    elif table.sheet.digest != digest:
        mistakes.append(f"{file} has changed since: load it again and correct the new 待修正.xlsx")
    elif [_text(cell) for cell in header[len(ORIGIN) :]] != [_text(cell) for cell in _names(table)]:
        mistakes.append(
            f"{place}: the columns are not those of {file} [{name}]: none may be moved or taken out"
        )
    elif not number.isdecimal() or not table.header_row < int(number) <= len(table.sheet.rows):
        mistakes.append(f"{place}: {file} [{name}] has no row '{number}' below its header")
    elif int(number) - 1 in changes.setdefault((file, name), {}):
        mistakes.append(f"{place}: row {number} of {file} [{name}] is corrected twice")
    else:
        shown = mask_row(table.sheet.rows[int(number) - 1], read_as(table))
        changes[file, name][int(number) - 1] = _changed(cells[1:], shown)


def _changed(given, shown):
    """Position → new cell where a person changed it; a masked cell that still says so is left alone."""
    shown = [*shown, *[""] * (len(given) - len(shown))]
    pairs = enumerate(zip(given, shown, strict=False))
    return {at: new for at, (new, old) in pairs if new not in (old[:EXCEL_CELL], HIDDEN)}


def _apply(sheet, changes):
    cells = {(row, at): cell for row, changed in changes.items() for at, cell in changed.items()}
    told = tuple(one for one in sheet.told if one.column not in changes.get(one.row - 1, {}))
    return replace(sheet, rows=sheet.rows.with_cells(cells) if cells else sheet.rows, told=told)
