"""One sheet of a file as every reader gives it: its cells, and what was found while they were read."""

from dataclasses import dataclass

import numpy as np

from toolkit.loading.issues import KEPT
from toolkit.loading.rows import Rows, gather_rows, is_one_of

ERROR_VALUES = {
    *("#N/A", "#VALUE!", "#REF!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!"),
    *("#BLOCKED!", "#CONNECT!", "#BUSY!", "#UNKNOWN!", "#GETTING_DATA"),
}
AS_BLANK = "按空白处理"
IS_ERROR, NO_VALUE = f"单元格是公式错误值，{AS_BLANK}", f"公式没有存下计算结果，{AS_BLANK}"
LOOKUP_FAILED = "#N/A"
FORMULA = "公式"  # what is shown of a formula that has stored no result
FAR_AWAY = "远离表格的单元格，未读"


@dataclass(frozen=True)
class Told:
    """Something a reader found in one cell: row as the spreadsheet counts, column from 0, and how it is an issue."""

    row: int
    column: int
    value: str
    check: str
    kind: str = KEPT


@dataclass(frozen=True)
class Sheet:
    """One sheet of one file; rows[0] is the spreadsheet's row 1, held as columns (`rows`).

    told: what was found in single cells while reading; note: what the account says of the sheet (hidden
    rows, not read and why); is_1904: its numbers count days from 1904.
    """

    file: str
    name: str
    rows: Rows
    digest: str = ""  # of the file's bytes: whether it is still the file a correction was made from
    told: tuple = ()
    note: str = ""
    is_1904: bool = False


def passed_over(file, why):
    """A file that is not read, as a sheet without rows, so that the account names it."""
    return Sheet(file, "", gather_rows([]), note=f"未读：{why}")


def tell_errors(rows):
    """The error values that stand in cells as text, as a spreadsheet saves them in csv or a web page."""
    wrong = [
        Told(int(at) + 1, position, column.iloc[at], IS_ERROR)
        for position, column in enumerate(rows.columns)
        for at in np.flatnonzero(is_one_of(column, ERROR_VALUES))
    ]
    return sorted(wrong, key=lambda one: (one.row, one.column))


def blank_cells(rows, told):
    """The rows with the told cells empty: an error value is no unit and no reply."""
    return rows.with_cells({(one.row - 1, one.column): None for one in told})


def fill_down(rows, merged):
    """Each row with the cells that are merged over it from above; merged: top, left, bottom, from 0."""
    begins, merges = {}, {}  # top → columns and last rows; column → the cell and its last row
    for top, left, bottom in merged:
        begins.setdefault(top, []).append((left, bottom))
    for at, row in enumerate(rows):
        merges = {left: (cell, bottom) for left, (cell, bottom) in merges.items() if at <= bottom}
        for left, (cell, _) in merges.items():
            if left < len(row):  # a merged blank may lie beyond the last filled cell
                row[left] = cell
        merges |= {left: (row[left], bottom) for left, bottom in begins.get(at, ()) if left < len(row)}
        yield row


def say_hidden(is_hidden, rows, columns=0):
    """隐藏工作表；含隐藏行3行；含隐藏列1列 — for the account; empty where nothing is hidden."""
    said = ["隐藏工作表"] if is_hidden else []
    said += [f"含隐藏行{rows}行"] if rows else []
    said += [f"含隐藏列{columns}列"] if columns else []
    return "，".join(said) + ("，已读" if said else "")
