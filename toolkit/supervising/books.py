"""The workbook of the register as the office left it: its rows by number, wherever they now stand in it."""

import datetime as dt
from typing import NamedTuple

import pandas as pd

from toolkit.errors import RegisterError, SourceError
from toolkit.loading.files import read_sheets
from toolkit.supervising.entries import COLUMNS, EDITION, ENTRIES, NUMBER, OFFICE
from toolkit.supervising.states import read_office_times

LABELS = {column.label: column.name for column in COLUMNS.values()}
CHANGES = ["found_on", "file", "number", "column", "kind", "said"]
CHANGE_LABELS = ["发现日期", "文件", "编号", "栏目", "情况", "内容"]
REGISTER_SHEET, COUNT_SHEET, CHANGE_SHEET, MEANING_SHEET = "督办台账", "汇总", "表内改动", "说明"
OWN_SHEETS = [REGISTER_SHEET, COUNT_SHEET, CHANGE_SHEET, MEANING_SHEET]
TIME_CELLS = [column.name for column in OFFICE if column.kind == "time"]


class Book(NamedTuple):
    """A workbook as it was read: rows with number and the cells found, as text; its edition, and the changes it tells of."""

    file: str
    rows: pd.DataFrame
    edition: int | None
    changes: pd.DataFrame
    others: list  # the sheets that are none of the register's own


def no_changes():
    """An empty frame of what was found changed in the workbook."""
    return pd.DataFrame({name: pd.Series(dtype="str") for name in CHANGES})


def read_book(path):
    """The workbook of the register, its cells as text.

    A row belongs to the register where its sheet has a heading 编号 beside one the office fills in, in whatever order.
    Columns that are not the register's own keep their headings. RegisterError for a file that is no workbook.
    """
    try:
        sheets = read_sheets(str(path))
    except SourceError as error:
        raise RegisterError(
            f"督办台账读不出来：{path.name}（{error}）。请用 Excel 或 WPS 打开后另存为 .xlsx，或把它移开，"
            "下次运行按底稿重新写出"
        ) from None
    read = {sheet.name: _read_rows(sheet.rows) for sheet in sheets}
    parts = [rows.assign(sheet=name) for name, rows in read.items() if rows is not None]
    if not parts:
        raise RegisterError(
            f"督办台账读不出来：{path.name} 中没有“{NUMBER.label}”和{OFFICE[0].label}等表头。请恢复表头，或把它移开，"
            "下次运行按底稿重新写出"
        )
    changes = [_read_changes(sheet.rows) for sheet in sheets if sheet.name == CHANGE_SHEET]
    rows = pd.concat(parts, ignore_index=True).astype("str")
    others = [name for name in read if name not in OWN_SHEETS]
    return Book(path.name, rows, _find_edition(sheets), pd.concat([no_changes(), *changes]), others)


def _read_rows(rows):
    """The rows below a sheet's heading under the register's names; None where it has no such heading."""
    office = {column.label for column in OFFICE}
    told = [[say_cell(cell) for cell in row] for row in rows]
    named = ({"".join(cell.split()) for cell in row} for row in told)
    start = next((at for at, heads in enumerate(named) if NUMBER.label in heads and office & heads), None)
    if start is None:
        return None
    heads = told[start]
    cells = [[cell or None for cell in row] for row in told[start + 1 :]]
    frame = pd.DataFrame(cells, columns=range(len(heads)), dtype="str")
    named = {}
    for place, head in enumerate(heads):
        if head:
            named.setdefault(LABELS.get("".join(head.split())) or _name_own(head), frame[place])
    return pd.DataFrame(named, dtype="str").dropna(how="all")


def _name_own(head):
    """The office's own heading; one spelt like a name that is used here is set apart."""
    return f"{head}（自设）" if head in [*ENTRIES, *CHANGES, "sheet", "is_old", "value", "before"] else head


def say_cell(cell):
    """A cell as text: a day as 2025-12-30, a moment with its time, a whole number without its .0."""
    if isinstance(cell, dt.datetime):
        return say_time(pd.Timestamp(cell))
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def say_time(moment):
    """2025-12-30 where it is a bare day, else with hours and minutes, and seconds where there are any."""
    if moment == moment.normalize():
        return f"{moment:%Y-%m-%d}"
    return f"{moment:%Y-%m-%d %H:%M:%S}".removesuffix(":00")


def say_times(cells, issued_on):
    """The office's times in one spelling; what is no time stays as it was written."""
    read = read_office_times(cells, issued_on)
    return read.map(say_time, na_action="ignore").astype("str").fillna(cells)


def _read_changes(rows):
    cells = [[say_cell(cell) or None for cell in row] for row in rows]
    start = next((at for at, row in enumerate(cells) if row[: len(CHANGES)] == CHANGE_LABELS), len(cells))
    return pd.DataFrame(
        [row[: len(CHANGES)] for row in cells[start + 1 :] if any(row)], columns=CHANGES, dtype="str"
    )


def _find_edition(sheets):
    """The edition that the sheet of definitions tells; None where it is gone."""
    for sheet in sheets:
        for row in sheet.rows:
            if row and row[0] == EDITION.label and len(row) > 1 and say_cell(row[1]).isdecimal():
                return int(say_cell(row[1]))
    return None
