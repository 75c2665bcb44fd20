"""What the reader of workbooks does not tell of an .ods: hidden rows, error values, and how far its sheets reach."""

import io
import re
import zipfile
from html import unescape

from toolkit.errors import SourceError
from toolkit.loading.sheet import IS_ERROR, Told
from toolkit.loading.sniffing import PASSWORD
from toolkit.loading.used_range import is_sparse, refuse_far
from toolkit.loading.xlsx_scan import Seen

NAME = re.compile(rb'^\s[^>]*?table:name="([^"]*)"')
CELL = re.compile(rb"<table:(?:covered-)?table-cell(\s[^>]*)?>(?:<text:p>(#[A-Z/0-9?!]+)</text:p>)?")
ROWS = re.compile(rb'^[^>]*?\stable:number-rows-repeated="(\d{1,7})"')
COLUMNS = re.compile(rb'\stable:number-columns-repeated="(\d{1,7})"')
IS_HIDDEN = re.compile(rb'^[^>]*?\stable:visibility="(?:collapse|filter)"')
FILLED, ERROR = b"office:value-type=", b'calcext:value-type="error"'


def scan_ods(content):
    """What was seen of each sheet by name, that days are written out, and the file as it is."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        listed = "META-INF/manifest.xml"
        if listed in archive.namelist() and b"encryption-data" in archive.read(listed):
            raise SourceError(PASSWORD)
        xml = archive.read("content.xml")
    seen = {}
    for table in re.split(rb"<table:table(?=\s)", xml)[1:]:
        if name := NAME.match(table):
            seen[unescape(name[1].decode())] = _scan_table(unescape(name[1].decode()), table)
    return seen, False, content


def _scan_table(name, table):
    seen, at = Seen(last_column=0), 0
    for row in table.split(b"<table:table-row")[1:]:
        repeated = ROWS.match(row)
        at += int(repeated[1]) if repeated else 1
        if FILLED in row:
            seen.last_row = at
            seen.cells += row.count(FILLED)
            seen.hidden_rows += bool(IS_HIDDEN.match(row))
            seen.last_column = max(seen.last_column, _scan_row(row, at, seen.told))
    if is_sparse(seen.last_row, seen.last_column, seen.cells):
        refuse_far(name, seen.last_row, seen.last_column - 1, seen.cells)
    return seen


def _scan_row(row, at, told):
    """The last filled column of a row; its error values are told."""
    if b"columns-repeated" not in row and ERROR not in row:
        return row.count(b"table-cell")  # an upper bound: closing tags count too
    column = last = 0
    for cell in CELL.finditer(row):
        attributes = cell[1] or b""
        repeated = COLUMNS.search(attributes)
        column += int(repeated[1]) if repeated else 1
        if FILLED in attributes:
            last = column
        if ERROR in attributes:
            told.append(Told(at, column - 1, (cell[2] or b"#VALUE!").decode(), IS_ERROR))
    return last
