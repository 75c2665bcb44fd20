"""Excel's XML workbook of 2003 (SpreadsheetML), which many platforms export under the name .xls → sheets.

lxml is imported on use; entities are not resolved and nothing outside the file is opened.
"""

import datetime as dt

from toolkit.errors import SourceError
from toolkit.loading.rows import gather_rows
from toolkit.loading.sheet import ERROR_VALUES, IS_ERROR, Sheet, Told, fill_down, say_hidden
from toolkit.loading.sniffing import decode
from toolkit.loading.web_tables import DECLARATION

SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
CELL, DATA, TYPE = f"{SS}Cell", f"{SS}Data", f"{SS}Type"
VISIBLE = (
    "{urn:schemas-microsoft-com:office:excel}WorksheetOptions/{urn:schemas-microsoft-com:office:excel}Visible"
)
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384


def read_xml_workbook(name, content):
    """A sheet for each of the workbook's. Raises SourceError where the XML is broken or a trap."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(DECLARATION.sub("", decode(content)).encode(), parser)
    except etree.XMLSyntaxError as error:
        raise SourceError(f"the XML workbook is damaged ({error.msg}): export it again") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise SourceError(
            "the XML workbook declares entities of its own, as no export does: it is not opened"
        )
    return [_read_worksheet(name, page) for page in root.iter(f"{SS}Worksheet")]


def _read_worksheet(name, page):
    rows, merged, told, hidden = [], [], [], 0
    for line in page.iterfind(f"{SS}Table/{SS}Row"):
        at = _index(line, len(rows) + 1, MOST_ROWS)
        rows += [[] for _ in range(at - 1 - len(rows))]
        row = _read_row(line, at, merged, told)
        hidden += line.get(f"{SS}Hidden") == "1" and any(cell is not None for cell in row)
        rows.append(row)
        rows += [[] for _ in range(_count(line, "Span"))]
    is_hidden = (page.findtext(VISIBLE) or "") in ("SheetHidden", "SheetVeryHidden")
    note = say_hidden(is_hidden, hidden)
    rows = gather_rows(fill_down(rows, merged))
    return Sheet(name, page.get(f"{SS}Name", ""), rows, told=tuple(told), note=note)


def _read_row(line, at, merged, told):
    row = []
    for cell in line.iterchildren(CELL):
        column = _index(cell, len(row) + 1, MOST_COLUMNS) - 1
        row += [None] * (column - len(row))
        value, kind = _read_value(next(cell.iterchildren(DATA), None))
        if kind == "Error" or value in ERROR_VALUES:
            told.append(Told(at, column, value, IS_ERROR))
            value = None
        row.append(value)
        if not cell.attrib:
            continue
        row += [None] * min(_count(cell, "MergeAcross"), MOST_COLUMNS)
        if _count(cell, "MergeDown"):
            merged.append((at - 1, column, at - 1 + _count(cell, "MergeDown")))
    return row


def _read_value(data):
    """A cell's value under its type, as a workbook's reader gives it; a number or time it is not stays text."""
    if data is None:
        return None, ""
    text, kind = "".join(data.itertext()) if len(data) else data.text or "", data.get(TYPE, "String")
    try:
        if kind == "Number":
            return float(text), kind
        if kind == "DateTime":
            return dt.datetime.fromisoformat(text), kind
    except ValueError:
        return text, "String"
    return (text == "1" if kind == "Boolean" else text or None), kind


def _index(element, otherwise, most):
    """Where a row or cell stands, from 1; a place before its neighbour's, or beyond a sheet, is not believed."""
    given = _count(element, "Index") if element.attrib else 0
    return given if otherwise <= given <= most else otherwise


def _count(element, name):
    text = element.get(f"{SS}{name}") or "0"
    return min(int(text), MOST_ROWS) if text.isascii() and text.isdigit() else 0
