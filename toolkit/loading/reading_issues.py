"""What was found while a sheet was read, brought into its table: issues, rows only strays stand in, days from 1904."""

from dataclasses import replace

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.loading.cells import to_id
from toolkit.loading.issues import KEPT, LEFT_OUT, REFUSED, list_issues
from toolkit.loading.recognise import NOTES
from toolkit.loading.sheet import AS_BLANK, FAR_AWAY, IS_ERROR, LOOKUP_FAILED, NO_VALUE
from toolkit.loading.time_cells import EXCEL_DAYS

FROM_1904 = 1_462  # days between the two beginnings a workbook may count from
AS_UNTIMED = "按时间不明处理，不作未办，也不作按期"
NOT_FOUND = f"查找公式没有找到值（#N/A），不能说明是否办理，{AS_UNTIMED}，请核对原表"
TIMES = [*schema.names("time"), "at"]  # at: of a flow log


def with_readings(tables):
    """Every table with what its reader told of its own rows; of several in a sheet each from where the last one ends."""
    made = []
    for at, table in enumerate(tables):
        before, after = (tables[n] if 0 <= n < len(tables) else None for n in (at - 1, at + 1))
        first = before.end_row + 1 if _is_of_sheet(before, table) else 1
        last = table.end_row if _is_of_sheet(after, table) else float("inf")
        own = tuple(one for one in table.sheet.told if first <= one.row <= last)
        made.append(with_reading(replace(table, sheet=replace(table.sheet, told=own))))
    return made


def _is_of_sheet(other, table):
    return other is not None and (other.sheet.file, other.sheet.name) == (table.sheet.file, table.sheet.name)


def with_reading(table):
    """The table with an issue for each cell its reader told of, and times as the workbook's user saw them.

    A row in which nothing else stands is read too: left out where its cells lie far from the table, refused
    where all of them are error values.
    """
    rows = _shift_days(table.rows) if table.sheet.is_1904 else table.rows
    if not table.sheet.told:
        return replace(table, rows=rows)
    told = pd.DataFrame([vars(one) for one in table.sheet.told]).sort_values(["row", "column"])
    is_bare = told["row"].gt(table.header_row) & ~told["row"].isin(_filled_rows(table.sheet))
    lost = (
        told["check"].eq(FAR_AWAY).map({True: LEFT_OUT, False: LEFT_OUT if table.kind == NOTES else REFUSED})
    )
    told = told.assign(kind=told["kind"].mask(is_bare, lost))
    issues = pd.concat([table.issues, _as_issues(told, table, rows)])
    return replace(
        table,
        rows=_stand_for_times(rows, told, table),
        issues=issues,
        read=table.read + told.loc[is_bare, "row"].nunique(),
    )


def _stand_for_times(rows, told, table):
    """The rows with a told error value or formula back under its time: something stood there, so it had happened."""
    columns = told["column"].map(table.headers["column"])
    lost = told.assign(name=columns)[columns.isin(TIMES) & told["check"].isin([IS_ERROR, NO_VALUE])]
    filled = {
        name: rows["source_row"].map(dict(zip(part["row"], part["value"], strict=True))).astype("object")
        for name, part in lost.groupby("name")
        if name in rows
    }
    filled = {name: cells.fillna(rows[name]) for name, cells in filled.items()}
    return rows.assign(**filled)


def _filled_rows(sheet):
    """The rows, as the sheet counts, in which there is anything."""
    is_there = [(column.notna() & column.ne("")).to_numpy() for column in sheet.rows.columns]
    return 1 + np.flatnonzero(np.any(is_there, axis=0)) if is_there else []


def _as_issues(told, table, rows):
    """One issue a cell, under the column it is read as or the header above it, with its ticket's number."""
    numbers = to_id(rows["ticket_id"]).set_axis(rows["source_row"]).groupby(level=0).first()
    names = table.headers["column"].where(
        table.headers["column"].ne(""), table.headers["header"].astype("str")
    )
    found = told.assign(
        source_file=table.sheet.file,
        source_sheet=table.sheet.name,
        source_row=told["row"],
        ticket_id=told["row"].map(numbers),
    )
    columns = told["column"].map(lambda at: names.get(at, "")).astype("str")
    expected = told["check"].map(lambda check: "与表格相连" if check == FAR_AWAY else "值")
    checks = _say_untimed(found, columns)
    return list_issues(found, columns, found["value"], checks, expected, found["kind"])


def _say_untimed(told, columns):
    """The checks; under a stage's time an error or a lost result is not blank: the stage may have come.

    A lookup that found nothing tells of the lookup, not of the ticket: it proves neither that something was done
    nor that it was not, and nobody is accused on its word.
    """
    is_stage = columns.isin(schema.STAGES[1:]) & told["kind"].eq(KEPT)
    said = told["check"].str.replace(AS_BLANK, AS_UNTIMED, regex=False)
    said = said.mask(told["value"].eq(LOOKUP_FAILED), NOT_FOUND)
    return said.where(is_stage & told["check"].isin([IS_ERROR, NO_VALUE]), told["check"])


def _shift_days(rows):
    """Times that the workbook holds as plain numbers of days from 1904, under the count everyone else uses."""
    first, last = (limit - FROM_1904 for limit in EXCEL_DAYS)
    shifted = {
        name: rows[name].map(lambda cell: cell + FROM_1904 if _is_day(cell, first, last) else cell)
        for name in rows.columns.intersection(TIMES)
    }
    return rows.assign(**shifted)


def _is_day(cell, first, last):
    return isinstance(cell, (int, float)) and not isinstance(cell, bool) and first <= cell <= last
