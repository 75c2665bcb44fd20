"""How far a sheet reaches: the reader of workbooks asks for all the room between A1 and the last filled cell."""

from toolkit.errors import SourceError
from toolkit.loading.sheet import FAR_AWAY, Told

ROOM = 2_000_000  # cells that are read without asking how many of them are filled
EMPTY_SHARE = 10  # beyond that, a sheet with so many empty cells to one that is filled is sparse
MOST_CELLS = 300_000_000  # no sheet of tickets is larger, and no office machine holds it
GAP_ROWS, GAP_COLUMNS = 1_000, 100  # beyond so much emptiness no table goes on
MOST_STRAYS = 100


def column_number(letters):
    """B → 2, XFD → 16384; letters in bytes, as they stand in a file."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def column_letters(number):
    """2 → B, 16384 → XFD."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def is_sparse(rows, columns, filled):
    """Whether the room of a sheet is so empty that some of its cells must lie far from its table."""
    return rows * columns > min(max(ROOM, EMPTY_SHARE * filled), MOST_CELLS)


def find_strays(places):
    """The places (row, column) of filled cells that lie far from the table.

    Raises SourceError where they are too many to be strays, or the sheet is sparse without them.
    """
    places = set(places)
    last_row = _before_gap({row for row, _ in places}, GAP_ROWS)
    last_column = _before_gap({column for _, column in places}, GAP_COLUMNS)
    strays = {(row, column) for row, column in places if row > last_row or column > last_column}
    kept = places - strays
    room = max((r for r, _ in kept), default=0), max((c for _, c in kept), default=0) + 1
    if len(strays) > MOST_STRAYS or is_sparse(*room, len(kept)):
        far = max(places)
        raise SourceError(
            f"its {len(places)} filled cells lie scattered as far as {name_place(*far)}: delete the empty rows and "
            "columns between them, save, and load it again"
        )
    return strays


def refuse_sparse(sheet, places):
    """For a workbook out of which no cell can be cut. Raises SourceError where a sheet of it is sparse."""
    rows, columns = max((r for r, _ in places), default=0), max((c for _, c in places), default=0) + 1
    if is_sparse(rows, columns, len(places)):
        refuse_far(sheet, rows, columns - 1, len(places))


def refuse_far(sheet, row, column, filled):
    """Raises SourceError: the sheet, how far it reaches, and what to do."""
    raise SourceError(
        f"sheet '{sheet}' reaches as far as {name_place(row, column)} with only {filled} filled cells: "
        "delete the cells far from the table, or save it as .xlsx"
    )


def _before_gap(numbers, gap):
    """The last number before the first gap; 0 counts as the one before the first."""
    last = 0
    for number in sorted(numbers):
        if number - last > gap:
            return last
        last = number
    return last


def name_place(row, column):
    """(1048576, 16383) → XFD1048576."""
    return f"{column_letters(column + 1)}{row}"


def tell_stray(row, column):
    """What is said of a cell that was not read."""
    return Told(row, column, name_place(row, column), FAR_AWAY)
