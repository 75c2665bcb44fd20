"""What the reader of workbooks does not tell of an xlsx: how far its sheets reach, error values, hidden rows.

Each sheet's XML is streamed through once. A sheet that reaches far beyond its table would make the reader ask
for all the room between (one cell in XFD1048576: 549 GB): such cells are cut out of the file before it is read.
"""

import io
import re
import zipfile
from dataclasses import dataclass, field
from posixpath import join, normpath
from xml.etree import ElementTree

from toolkit.loading.sheet import FORMULA, IS_ERROR, NO_VALUE, Told
from toolkit.loading.used_range import column_number, find_strays, is_sparse, tell_stray

CHUNK = 4_000_000
ROW = re.compile(rb"<(?:\w+:)?row(\s[^>]*)?>")
# These two run over every sheet: letters first, which the search finds five times as fast as a choice of marks.
ROW_NUMBER = re.compile(rb"row(?<=[<:]row)\s(?:[^>]*?\s)?r=[\"'](\d{1,7})")
WIDE = re.compile(rb"r=[\"']([A-Z]{2,3})\d+[\"'](?:[^>]*[^/])?>")
CELL = re.compile(rb"<((?:\w+:)?)c(?=[\s>/])(\s[^>]*?)?(?:/>|>(.*?)</\1c>)", re.DOTALL)
CELL_START = re.compile(rb"<(?:\w+:)?c[\s>/]")
PLACE = re.compile(rb"\sr=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
ERRED = re.compile(
    rb"<(?:\w+:)?c(\s[^>]*?\bt=[\"']e[\"'][^>]*)>(?:[^<]*<(?:\w+:)?f[^<]*(?:</(?:\w+:)?f>)?)?[^<]*(?:<(?:\w+:)?v>([^<]*)<)?"
)
# A formula with an empty value or none; a result that is the empty text has t="str" and is one.
UNVALUED = re.compile(
    rb"<(?:\w+:)?c((?:\s[^>]*)?)>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(<(?:\w+:)?v\s*/>|<(?:\w+:)?v\s*>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
IS_TEXT = re.compile(rb"\st=[\"']str[\"']")
IS_HIDDEN = re.compile(rb"\shidden=[\"'](?:1|true)[\"']")
COLUMNS = re.compile(rb"<(?:\w+:)?col(\s[^>]*)>")
SPAN = re.compile(rb"\s(min|max)=[\"'](\d+)[\"']")
HOLDS_CELL = re.compile(rb"\s*<(?:\w+:)?c[\s>]")


@dataclass
class Seen:
    """What was seen of one sheet while it was scanned; merged only where the reader does not tell it."""

    told: list = field(default_factory=list)
    hidden_rows: int = 0
    hidden_columns: int = 0
    cells: int = 0
    last_row: int = 0
    last_column: int = 26
    merged: list = field(default_factory=list)


def scan_xlsx(content):
    """What was seen of each sheet by name, whether days count from 1904, and the file without stray cells."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts, is_1904 = _list_parts(archive)
        seen, cut = {}, {}
        for name, part in parts.items():
            with archive.open(part) as stream:
                seen[name] = _scan_sheet(stream)
            if is_sparse(seen[name].last_row, seen[name].last_column, seen[name].cells):
                cut[part], strays = _cut_strays(archive.read(part))
                told = [one for one in seen[name].told if (one.row, one.column) not in strays]
                seen[name].told = [*told, *(tell_stray(*place) for place in sorted(strays))]
        return seen, is_1904, _rewrite(archive, cut) if any(cut.values()) else content


def _list_parts(archive):
    """Sheet name → the file inside that holds it, and whether days are counted from 1904."""
    files, targets = list_targets(archive, "xl/_rels/workbook.xml.rels")
    parts, is_1904 = {}, False
    for element in ElementTree.fromstring(archive.read(files["xl/workbook.xml"])).iter():
        kind = element.tag.rpartition("}")[2]
        if kind == "workbookPr":
            is_1904 = element.get("date1904", "0") in ("1", "true", "on")
        elif kind == "sheet":
            link = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
            path = targets.get(link, "")
            if path in files and "chartsheets/" not in path:
                parts[element.get("name", "")] = files[path]
    return parts, is_1904


def list_targets(archive, links):
    """The files of a workbook by their names in small letters, and the name each of its links stands for."""
    files = {name.replace("\\", "/").lower(): name for name in archive.namelist()}
    found = ElementTree.fromstring(archive.read(files[links]))
    return files, {one.get("Id"): normpath(join("/xl", one.get("Target", "")))[1:].lower() for one in found}


def _scan_sheet(stream):
    seen = Seen()
    for block in _blocks(stream):
        first, numbers = seen.last_row, list(map(int, ROW_NUMBER.findall(block)))
        seen.last_row = max([first + (0 if numbers else len(ROW.findall(block))), *numbers])
        seen.last_column = max([seen.last_column, *map(column_number, set(WIDE.findall(block)))])
        mark = b"<" if b"<c" in block else b":"  # some programs write <x:c
        seen.cells += block.count(mark + b"c ")
        seen.told += _tell_cells(block, first, mark)
        if b"hidden=" in block:
            hidden = (row for row in ROW.finditer(block) if IS_HIDDEN.search(row[1] or b""))
            seen.hidden_rows += sum(1 for row in hidden if HOLDS_CELL.match(block, row.end()))
            seen.hidden_columns += sum(map(_count_hidden, COLUMNS.findall(block)))
    return seen


def _blocks(stream):
    """The XML in pieces that end with a row."""
    rest = b""
    while chunk := stream.read(CHUNK):
        rest += chunk
        cut = rest.rfind(b"row>") + 4
        if cut > 3:
            yield rest[:cut]
            rest = rest[cut:]
    yield rest


def _count_hidden(attributes):
    """The hidden columns of a <col>, within what a table can have; to the sheet's end means none of its own."""
    span = {name: int(number) for name, number in SPAN.findall(attributes)}
    if not IS_HIDDEN.search(attributes) or span.get(b"max", 0) >= 16_384:
        return 0
    return span.get(b"max", 0) - span.get(b"min", 0) + 1


def _tell_cells(block, first, mark):
    """Cells with an error value, and formulas whose result was not saved."""
    told = []
    if b't="e"' in block or b"t='e'" in block:
        for cell in ERRED.finditer(block):
            value = (cell[2] or b"").decode("utf-8", "replace").strip()
            told.append(Told(*_locate(block, cell, first), value or "#VALUE!", IS_ERROR))
    if mark + b"f" in block:
        for cell in UNVALUED.finditer(block):
            if not (IS_TEXT.search(cell[1]) and cell[2]) and b't="e"' not in cell[1]:
                told.append(Told(*_locate(block, cell, first), FORMULA, NO_VALUE))
    return told


def _locate(block, cell, first):
    """Row from 1 and column from 0 of a cell, from its place or, where it does not say it, from its order."""
    if place := PLACE.search(cell[1] or b""):
        return int(place[2]), column_number(place[1]) - 1
    rows = list(ROW.finditer(block, 0, cell.start()))
    number = ROW_NUMBER.search(block, rows[-1].start(), rows[-1].end()) if rows else None
    row = int(number[1]) if number else first + len(rows)
    before = CELL_START.findall(block, rows[-1].end() if rows else 0, cell.start())
    return row, len(before)


def _cut_strays(xml):
    """A sheet's XML without the cells far from its table, and the places of those; empty when there is none."""
    filled = {}
    for cell in CELL.finditer(xml):
        place = PLACE.search(cell[2] or b"")
        if cell[3] and place:  # a cell with a format alone is not read
            filled[int(place[2]), column_number(place[1]) - 1] = cell.span()
    strays = find_strays(filled)
    if not strays:
        return b"", strays
    parts, at = [], 0
    for start, end in sorted(filled[place] for place in strays):
        parts.append(xml[at:start])
        at = end
    return b"".join([*parts, xml[at:]]), strays


def _rewrite(archive, cut):
    """The workbook's bytes with some of its files replaced."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
        for info in archive.infolist():
            copy.writestr(info.filename, cut.get(info.filename) or archive.read(info))
    return written.getvalue()
