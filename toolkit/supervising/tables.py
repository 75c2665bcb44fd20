"""Tables of a workbook as the office prints them: heading frozen and repeated, filters, every cell as what it is."""

import re
from io import BytesIO
from math import ceil
from unicodedata import east_asian_width
from zipfile import ZIP_DEFLATED, ZipFile

import pandas as pd

from toolkit.loading.workbook import EXCEL_CELL, SAFE

HEAD_COLOUR = "#DDEBF7"
FONT, CENTRED = {"font_name": "宋体", "font_size": 10}, {"align": "center"}
LINE, ROOM, TALLEST = (
    13.5,
    4,
    400,
)  # points: a line of that font, room beside the lines of a row, Excel's limit of a row
A4 = 9
MARGINS_INCHES = {"left": 0.4, "right": 0.4, "top": 0.8, "bottom": 0.6}
FIXED_ROW = re.compile(rb'(<row [^>]*?) customHeight="1"')


def make_book(title, moment, write):
    """The bytes of a workbook that `write` fills, the same each time.

    Its rows have the height their words need, which some programs do not find by themselves, and grow when more is
    written into them.
    """
    import xlsxwriter  # only who writes needs it

    content = BytesIO()
    with xlsxwriter.Workbook(content, SAFE | {"in_memory": True}) as book:
        book.set_properties({"title": title, "created": moment.to_pydatetime()})
        write(book)
    return _let_rows_grow(content.getvalue())


def _let_rows_grow(content):
    made = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(made, "w", ZIP_DEFLATED) as target:
        for item in source.infolist():
            part = source.read(item)
            is_sheet = item.filename.startswith("xl/worksheets/")
            target.writestr(item, FIXED_ROW.sub(rb"\1", part) if is_sheet else part)
    return made.getvalue()


def prepare_page(page, width, rows, title="", about=""):
    """Printed across A4 lying on its side, title and heading on each page; frozen and with filters on the screen.

    title and about stand above the sheet in print alone: the sheet's name where none is given, and until when it holds.
    """
    page.set_landscape()
    page.set_paper(A4)
    page.set_margins(**MARGINS_INCHES)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_header(f"&C&16 {title or '&A'}&R&9 {about}")
    page.set_footer("&C第&P页，共&N页")
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, max(rows, 1), width - 1)


def write_table(book, name, heads, rows, widths, title="", about=""):
    """A sheet of its own that holds a table; widths: of its columns, in characters."""
    page = book.add_worksheet(name)
    base = {"text_wrap": True, "valign": "vcenter", "border": 1} | FONT
    cell, number = book.add_format(base), book.add_format(base | CENTRED)
    head = book.add_format(base | CENTRED | {"bold": True, "bg_color": HEAD_COLOUR})
    for at, row in enumerate([heads, *rows]):
        for place, value in enumerate(row):
            look = cell if isinstance(value, str) else number
            write_cell(page, at, place, value, look if at else head)
        page.set_row(at, find_height(row, widths))
    for place, width in enumerate(widths):
        page.set_column(place, place, width)
    prepare_page(page, len(heads), len(rows), title, about)


def write_cell(page, at, place, value, look):
    """A cell as what it is: a time as a date, a number as one, a text as a text whatever it begins with."""
    if isinstance(value, pd.Timestamp):
        page.write_datetime(at, place, value.to_pydatetime(), look)
    elif isinstance(value, (int, float)):
        page.write_number(at, place, value, look)
    elif isinstance(value, str) and value:
        page.write_string(at, place, value[:EXCEL_CELL], look)
    else:
        page.write_blank(at, place, None, look)


def find_height(cells, widths):
    """The height of a row in points: of the cell that needs most lines in a column so many characters wide."""
    texts = zip(cells, widths, strict=True)
    lines = [_count_lines(text, width) for text, width in texts if isinstance(text, str)]
    return min(max([1, *lines]) * LINE + ROOM, TALLEST)


def _count_lines(text, width):
    wide = [
        sum(2 if east_asian_width(letter) in "WFA" else 1 for letter in line) for line in text.split("\n")
    ]
    return sum(max(1, ceil(each / (width - 1))) for each in wide)
