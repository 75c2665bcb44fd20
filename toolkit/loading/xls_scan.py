"""What the reader of workbooks does not tell of an old .xls (BIFF): error values, hidden rows, how far it reaches.

The workbook is one stream of records inside Office's old container; each record has a number, a length and bytes.
"""

import struct

from toolkit.errors import SourceError
from toolkit.loading.sheet import IS_ERROR, Told
from toolkit.loading.sniffing import PASSWORD
from toolkit.loading.used_range import refuse_sparse
from toolkit.loading.xlsx_scan import Seen

ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
END, DATE_MODE, LOCKED, SHEET, ROW, COLUMNS = 0x0A, 0x22, 0x2F, 0x85, 0x208, 0x7D
FORMULA, ERROR_OR_BOOL, MANY_NUMBERS = 0x06, 0x205, 0xBD
CELLS = {FORMULA, ERROR_OR_BOOL, MANY_NUMBERS, 0x203, 0x204, 0x27E, 0xFD, 0xD6}
STARTS = {0x809, 0x409, 0x209, 0x009}
LAST_SECTOR = 0xFFFFFFFA


def scan_xls(content):
    """What was seen of each sheet by name, whether days count from 1904, and the file as it is.

    Raises SourceError for a password or a cell far from its table, struct.error or LookupError for a damaged file.
    """
    book = _read_stream(content, {"Workbook", "Book"})
    sheets, is_1904 = {}, False
    for number, data in _records(book, 0):
        if number == LOCKED:
            raise SourceError(PASSWORD)
        if number == DATE_MODE:
            is_1904 = data[:2] == b"\1\0"
        elif number == SHEET:
            sheets[_sheet_name(data)] = struct.unpack_from("<I", data)[0]
    return {name: _scan_sheet(name, book, start) for name, start in sheets.items()}, is_1904, content


def _records(book, at):
    """The records from a place on to the end of their part; a chart inside it is passed through."""
    depth = 0
    while at + 4 <= len(book):
        number, length = struct.unpack_from("<HH", book, at)
        yield number, book[at + 4 : at + 4 + length]
        depth += (number in STARTS) - (number == END)
        at += 4 + length
        if depth <= 0:
            return


def _sheet_name(data):
    """A name with its width of letters before it, or without in the oldest files."""
    length, wide = data[6], data[7] if len(data) > 7 else 0
    if len(data) == 8 + length * (2 if wide & 1 else 1) and wide in (0, 1):
        return data[8:].decode("utf-16-le" if wide else "latin-1")
    return data[7 : 7 + length].decode("gb18030", "replace")


def _scan_sheet(name, book, start):
    seen, places, hidden = Seen(), set(), set()
    for number, data in _records(book, start):
        if number in CELLS:
            row, column = struct.unpack_from("<HH", data)
            places.add((row + 1, column))
            code = _error_code(number, data)
            if code is not None:
                seen.told.append(Told(row + 1, column, ERRORS.get(code, "#VALUE!"), IS_ERROR))
        elif number == ROW and data[12] & 0x20:
            hidden.add(struct.unpack_from("<H", data)[0] + 1)
        elif number == COLUMNS and data[8] & 1:
            first, last = struct.unpack_from("<HH", data)
            seen.hidden_columns += last - first + 1 if last < 255 else 0
    refuse_sparse(name, places)
    seen.hidden_rows = len(hidden & {row for row, _ in places})
    return seen


def _error_code(number, data):
    if number == ERROR_OR_BOOL and data[7]:
        return data[6]
    is_error = number == FORMULA and data[12:14] == b"\xff\xff" and data[6] == 2
    return data[8] if is_error else None


# --- the container ---------------------------------------------------------------------------------


def _read_stream(content, names):
    """The bytes of the first of the named streams."""
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    first_folder, cutoff, first_small = (struct.unpack_from("<I", content, at)[0] for at in (48, 56, 60))
    chains = _read_chains(content, size)
    folder = _follow(content, chains, first_folder, size, size)
    entries = [folder[at : at + 128] for at in range(0, len(folder), 128)]
    for entry in entries:
        name = entry[: max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)].decode("utf-16-le", "replace")
        start, length = struct.unpack_from("<II", entry, 116)
        if name in names and length >= cutoff:
            return _follow(content, chains, start, size, size)[:length]
        if name in names:
            small = _follow(content, chains, struct.unpack_from("<I", entries[0], 116)[0], size, size)
            links = _follow(content, chains, first_small, size, size)
            return _follow(small, struct.unpack(f"<{len(links) // 4}I", links), start, 64, 0)[:length]
    raise LookupError("no workbook in it")


def _read_chains(content, size):
    """For each sector the one that follows it."""
    sectors = list(struct.unpack_from("<109I", content, 76))
    more, left = struct.unpack_from("<II", content, 68)
    while more < LAST_SECTOR and left:
        table = struct.unpack_from(f"<{size // 4}I", content, (more + 1) * size)
        sectors += table[:-1]
        more, left = table[-1], left - 1
    chains = []
    for sector in sectors:
        if sector < LAST_SECTOR:
            chains += struct.unpack_from(f"<{size // 4}I", content, (sector + 1) * size)
    return chains


def _follow(content, chains, sector, size, offset):
    parts = []
    while sector < LAST_SECTOR:
        if len(parts) > len(chains):
            raise LookupError("its sectors run in a circle")
        parts.append(content[offset + sector * size : offset + (sector + 1) * size])
        sector = chains[sector]
    return b"".join(parts)
