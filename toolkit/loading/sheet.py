"""One sheet of a file as every reader gives it: its cells, and what was found while they were read."""

from dataclasses import dataclass

from toolkit.loading.issues import KEPT

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
    """One sheet of one file; rows[0] is the spreadsheet's row 1.

    told: what was found in single cells while reading; note: what the account says of the sheet (hidden
    rows, not read and why); is_1904: its numbers count days from 1904.
    """

    file: str
    name: str
    rows: list
    digest: str = ""  # of the file's bytes: whether it is still the file a correction was made from
    told: tuple = ()
    note: str = ""
    is_1904: bool = False


def passed_over(file, why):
    """A file that is not read, as a sheet without rows, so that the account names it."""
    return Sheet(file, "", [], note=f"未读：{why}")


def tell_errors(rows):
    """The error values that stand in cells as text, as a spreadsheet saves them in csv or a web page."""
    wrong = [(at, row) for at, row in enumerate(rows, 1) if not ERROR_VALUES.isdisjoint(row)]
    return [
        Told(at, column, cell, IS_ERROR)
        for at, row in wrong
        for column, cell in enumerate(row)
        if cell in ERROR_VALUES
    ]


def blank_cells(rows, told):
    """The rows with the told cells empty: an error value is no unit and no reply."""
    blanked = list(rows)
    for one in told:
        row = list(blanked[one.row - 1])
        row[one.column] = None
        blanked[one.row - 1] = row
    return blanked


def fill_down(rows, merged):
    """The rows with a cell merged over several of them in each; merged: top, left, bottom, from 0."""
    for top, left, bottom in merged:
        for below in rows[top + 1 : bottom + 1]:
            if left < min(len(rows[top]), len(below)):  # a merged blank may lie beyond the last filled cell
                below[left] = rows[top][left]
    return rows


def say_hidden(is_hidden, rows, columns=0):
    """隐藏工作表；含隐藏行3行；含隐藏列1列 — for the account; empty where nothing is hidden."""
    said = ["隐藏工作表"] if is_hidden else []
    said += [f"含隐藏行{rows}行"] if rows else []
    said += [f"含隐藏列{columns}列"] if columns else []
    return "，".join(said) + ("，已读" if said else "")
