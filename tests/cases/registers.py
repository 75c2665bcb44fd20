"""A register's workbook changed as an office would change it: cells filled in, rows moved, taken out or added."""

import xlsxwriter
from python_calamine import CalamineWorkbook


def read_rows(path, sheet="督办台账"):
    """The cells of a sheet, row by row."""
    return CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python()


def edit(path, change):
    """Save the workbook again with its first sheet changed; rows are lists of cells, the headings first."""
    book = CalamineWorkbook.from_path(path)
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    rows = sheets["督办台账"]
    sheets["督办台账"] = change(rows) or rows
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as saved:
        look = saved.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for name, cells in sheets.items():
            page = saved.add_worksheet(name)
            for at, row in enumerate(cells):
                for place, cell in enumerate(row):
                    date = hasattr(cell, "year")
                    page.write_datetime(at, place, cell, look) if date else page.write(at, place, cell)


def put(number, **cells):
    """Fill in cells of the row of a number, by their headings."""

    def change(rows):
        for row in rows[1:]:
            if row[rows[0].index("编号")] == number:
                for head, value in cells.items():
                    row[rows[0].index(head)] = value

    return change
