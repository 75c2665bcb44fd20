"""What the reader of workbooks does not tell of an .xlsb: error values, hidden rows, merged cells, how far it reaches."""

import io
import struct
import zipfile

from toolkit.loading.sheet import IS_ERROR, Told
from toolkit.loading.used_range import refuse_sparse
from toolkit.loading.xls_scan import ERRORS
from toolkit.loading.xlsx_scan import Seen, list_targets

ROW, BLANK, ERROR, FORMULA_ERROR, RICH_TEXT = 0, 1, 3, 11, 62
COLUMNS, BOOK_SETTINGS, SHEET, MERGED = 60, 153, 156, 176


def scan_xlsb(content):
    """What was seen of each sheet by name, whether days count from 1904, and the file as it is.

    Raises SourceError for a sheet with a cell far from its table, struct.error or LookupError for a damaged file.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files, targets = list_targets(archive, "xl/_rels/workbook.bin.rels")
        seen, is_1904 = {}, False
        for number, data in _records(archive.read(files["xl/workbook.bin"])):
            if number == BOOK_SETTINGS:
                is_1904 = bool(data[0] & 1)
            elif number == SHEET:
                link, after = _read_text(data, 8)
                name, _ = _read_text(data, after)
                if targets.get(link) in files and "chartsheets/" not in targets[link]:
                    seen[name] = _scan_sheet(name, archive.read(files[targets[link]]))
    return seen, is_1904, content


def _records(data):
    """Number and bytes of each record; both number and length are written seven bits to a byte."""
    at = 0
    while at < len(data):
        number, at = data[at], at + 1
        if number & 0x80:
            number, at = (number & 0x7F) | (data[at] & 0x7F) << 7, at + 1
        length = shift = 0
        while shift < 28:
            byte, at = data[at], at + 1
            length, shift = length | (byte & 0x7F) << shift, shift + 7
            if not byte & 0x80:
                break
        yield number, data[at : at + length]
        at += length


def _read_text(data, at):
    length = struct.unpack_from("<I", data, at)[0] * 2
    return data[at + 4 : at + 4 + length].decode("utf-16-le"), at + 4 + length


def _scan_sheet(name, data):
    seen, places, hidden, row = Seen(), set(), set(), 0
    for number, cell in _records(data):
        if number == ROW:
            row = struct.unpack_from("<I", cell)[0] + 1
            if cell[11] & 0x10:
                hidden.add(row)
        elif BLANK < number <= FORMULA_ERROR or number == RICH_TEXT:
            column = struct.unpack_from("<I", cell)[0]
            places.add((row, column))
            if number in (ERROR, FORMULA_ERROR):
                seen.told.append(Told(row, column, ERRORS.get(cell[8], "#VALUE!"), IS_ERROR))
        elif number == MERGED:
            top, bottom, left, _ = struct.unpack_from("<4I", cell)
            seen.merged.append((top, left, bottom))
        elif number == COLUMNS and cell[16] & 1:
            first, last = struct.unpack_from("<II", cell)
            seen.hidden_columns += last - first + 1 if last < 16_383 else 0
    refuse_sparse(name, places)
    seen.hidden_rows = len(hidden & {row for row, _ in places})
    return seen
