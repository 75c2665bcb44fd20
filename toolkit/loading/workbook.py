"""Workbooks: read by their bytes whatever they are called, and written so that no cell runs in the reader's program."""

import io
import zlib
from datetime import datetime
from struct import error as StructError
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from toolkit.errors import SourceError
from toolkit.loading.ods_scan import scan_ods
from toolkit.loading.rows import gather_rows
from toolkit.loading.sheet import Sheet, fill_down, say_hidden
from toolkit.loading.sniffing import PASSWORD
from toolkit.loading.xls_scan import scan_xls
from toolkit.loading.xlsb_scan import scan_xlsb
from toolkit.loading.xlsx_scan import Seen, scan_xlsx

DAMAGED = "the workbook is damaged ({}): open it in Excel or WPS, save it again as .xlsx, and load that file"
SCANS = {"xlsx": scan_xlsx, "xls": scan_xls, "xlsb": scan_xlsb, "ods": scan_ods}
BROKEN = (  # what a reader or scanner says of a damaged file
    *(CalamineError, BadZipFile, StructError, ParseError, NotImplementedError, RuntimeError),
    *(ArithmeticError, LookupError, OSError, ValueError, EOFError, zlib.error),
)
SAFE = {  # a cell that begins with = stays text, and so does an address
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd hh:mm",
}
OFFICE = {"heading": {"bold": True, "bg_color": "#F2F2F2"}}
MADE = datetime(2000, 1, 1)
EXCEL_CELL = 32_767  # characters that a cell can hold


def read_workbook(name, content, kind):
    """The sheets of a workbook, with what its reader alone would hide: error values, hidden rows, stray cells.

    kind: xlsx, xls, xlsb or ods, from `sniff`. Raises SourceError for one that is damaged or has a password.
    """
    try:
        seen, is_1904, content = SCANS[kind](content)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [
            _read_sheet(name, book, about, seen.get(about.name, Seen()), is_1904)
            for about in book.sheets_metadata
        ]
    except PasswordError:
        raise SourceError(PASSWORD) from None
    except SourceError:
        raise
    except MemoryError:
        raise SourceError("the workbook does not fit into memory: split it, or save it as .csv") from None
    except BROKEN as error:
        raise SourceError(DAMAGED.format(str(error) or type(error).__name__)) from None
    except BaseException as error:  # the reader's own failure is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise SourceError(DAMAGED.format("its reader gave up")) from None


def _read_sheet(file, book, about, seen, is_1904):
    if about.typ not in (SheetTypeEnum.WorkSheet, SheetTypeEnum.MacroSheet):
        return Sheet(file, about.name, gather_rows([]), note="图表，没有单元格")
    page = book.get_sheet_by_name(about.name)
    before = [None] * (page.start[1] if page.start else 0)  # columns that the reader leaves out
    rows = ([*before, *row] for row in page.iter_rows())
    merged = [(top, left, bottom) for (top, left), (bottom, _) in page.merged_cell_ranges or []]
    note = say_hidden(about.visible != SheetVisibleEnum.Visible, seen.hidden_rows, seen.hidden_columns)
    return Sheet(
        file,
        about.name,
        gather_rows(fill_down(rows, [*merged, *seen.merged])),
        told=tuple(seen.told),
        note=note,
        is_1904=is_1904,
    )


def write_sheets(path, sheets, above=(), look=OFFICE, widths=16, frozen=(1, 0), made=MADE):
    """Write a workbook, the same bytes each time: sheet name → (headings, rows of cells).

    Text stays text, whatever it begins with. above: lines over the headings, the first across them all.
    look: the formats of title, heading and cell. widths: of all columns, or of each. frozen: rows and columns
    that stay in sight. made: the moment the file says it was made.
    """
    import xlsxwriter  # only who writes needs it

    with xlsxwriter.Workbook(path, SAFE) as book:
        book.set_properties({"created": made})
        formats = {name: book.add_format(said) for name, said in look.items()}
        for name, (headings, rows) in sheets.items():
            page, rows = book.add_worksheet(name), list(rows)
            _write_above(page, above, len(headings), formats.get("title"))
            _write_row(page, len(above), headings, formats.get("heading"))
            for number, row in enumerate(rows, len(above) + 1):
                _write_row(page, number, row, formats.get("cell"))
            for column, width in enumerate([widths] * len(headings) if isinstance(widths, int) else widths):
                page.set_column(column, column, width)
            if any(frozen):
                page.freeze_panes(*frozen)
            if "heading" in look:
                page.autofilter(len(above), 0, len(above) + max(len(rows), 1), len(headings) - 1)
    return path


def _write_above(page, lines, width, title):
    for number, line in enumerate(lines):
        if number == 0 and width > 1:
            page.merge_range(0, 0, 0, width - 1, line, title)
        else:
            page.write_string(number, 0, line)


def _write_row(page, number, cells, look):
    for column, cell in enumerate(cells):
        if isinstance(cell, str) and cell:
            page.write_string(number, column, cell[:EXCEL_CELL], look)
        else:
            page.write(number, column, cell, look)
