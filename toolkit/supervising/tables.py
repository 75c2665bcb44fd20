"""Tables of a workbook as the office prints them: heading frozen and repeated, filters, every cell as what it is."""

import pandas as pd

from toolkit.loading.workbook import EXCEL_CELL

HEAD_COLOUR = "#DDEBF7"


def prepare_page(book, page, width, rows):
    """Printed across the page, its heading on each; frozen and with filters on the screen."""
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_footer("&C第&P页，共&N页")
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, max(rows, 1), width - 1)


def write_table(book, name, heads, rows, widths):
    """A sheet of its own that holds a table; widths: of its columns, in characters."""
    page = book.add_worksheet(name)
    head = book.add_format({"bold": True, "bg_color": HEAD_COLOUR, "border": 1})
    cell = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    for at, row in enumerate([heads, *rows]):
        for place, value in enumerate(row):
            write_cell(page, at, place, value, cell if at else head)
    for place, width in enumerate(widths):
        page.set_column(place, place, width)
    prepare_page(book, page, len(heads), len(rows))


def write_cell(page, at, place, value, look):
    """A cell as what it is: a time as a date, a number as one, a text as a text whatever it begins with."""
    if isinstance(value, pd.Timestamp):
        page.write_datetime(at, place, value.to_pydatetime(), look)
    elif isinstance(value, int):
        page.write_number(at, place, value, look)
    elif isinstance(value, str) and value:
        page.write_string(at, place, value[:EXCEL_CELL], look)
    else:
        page.write_blank(at, place, None, look)
