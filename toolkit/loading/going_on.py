"""Whether a sheet without a header goes on with the table before it, as an old workbook does after 65,536 rows."""

import datetime as dt
import re

from toolkit import schema

# The columns whose cells have a shape: numbers of tickets, times, counts.
COMPARED = {"ticket_id", "at", *schema.names("time"), *schema.names("count")}
AGREEING = 0.9  # of the cells of a column: an export has a few odd ones


def goes_on(rows, texts, table):
    """Whether rows fit under a table's header: as wide as its rows, with cells of the same shapes.

    Compared are the ticket numbers, digit by digit, and every column of times and counts; a column that is
    empty on either side says nothing.
    """
    body = [row for row, found in zip(rows, texts, strict=True) if found]
    before = [row for row in table.sheet.rows[table.header_row : table.end_row] if _width(row)]
    if not body or not before:
        return False
    least, most = min(map(_width, before)), table.header.width
    fits = sum(least <= _width(row) <= most for row in body) >= AGREEING * len(body)
    return fits and all(
        _agrees(body, before, positions[0], _number_shape if column == "ticket_id" else _shape)
        for column, positions in table.header.assigned.items()
        if column in COMPARED
    )


def _width(row):
    return max((at for at, cell in enumerate(row, 1) if cell is not None and str(cell).strip()), default=0)


def _agrees(body, before, position, shape):
    """Whether most cells of a column have a shape that the table's own cells have."""
    known = {shape(cell) for cell in _cells(before, position)}
    found = [shape(cell) for cell in _cells(body, position)]
    if not known or not found:
        return shape is not _number_shape  # no rows of tickets without their numbers
    return sum(one in known for one in found) >= AGREEING * len(found)


def _cells(rows, position):
    return [
        row[position]
        for row in rows
        if position < len(row) and row[position] is not None and str(row[position]).strip()
    ]


def _shape(cell):
    """What a cell looks like: a date, a number, or its text with 9 for digits and a for letters."""
    if isinstance(cell, (dt.date, dt.time)):
        return "date"
    return re.sub(r"[A-Za-z]+", "a", re.sub(r"[0-9]+", "9", _text(cell)))


def _number_shape(cell):
    """What a ticket number looks like, digit by digit."""
    return re.sub(r"[A-Za-z]", "a", re.sub(r"[0-9]", "9", _text(cell)))


def _text(cell):
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
