"""The parts of a Word document as its XML: runs, paragraphs, tables; all words are escaped.

Fonts and sizes come from the paragraph's style. Lengths are in twips, twentieths of a point.
"""

import re
from math import ceil
from unicodedata import east_asian_width

from markupsafe import Markup, escape

from toolkit.presenting.figures import join

NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
RAISED = Markup('<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>')
NARROWEST, LONGEST, PADDING = 4, 30, 2  # of a column and of an unbroken word in it, in half-width characters
LATIN = 1.25  # in some fonts digits and letters are wider than half a Chinese character
UNBROKEN = re.compile(r"[\x21-\x7e（）]+")
TWIPS = 20  # a point


def make_run(text, is_raised=False):
    """Words in the paragraph's font; raised for a reference."""
    told = Markup('<w:r>{}<w:t xml:space="preserve">{}</w:t></w:r>')
    return told.format(RAISED if is_raised else "", clean_text(text))


def clean_text(text):
    """Words as they may stand in XML: on one line, without what no XML can hold."""
    return escape(" ".join(NO_XML.sub("", str(text)).splitlines()))


def make_link(relation, anchor, runs):
    """Runs that open a place of a page beside the document; relation: the page's, in the document."""
    told = Markup('<w:hyperlink r:id="{}" w:anchor="{}" w:history="1">{}</w:hyperlink>')
    return told.format(relation, anchor, runs)


def make_paragraph(style, runs, is_kept=False):
    """A paragraph of a style, which is named by its id; is_kept: on the page of what follows."""
    told = Markup('<w:p><w:pPr><w:pStyle w:val="{}"/>{}</w:pPr>{}</w:p>')
    return told.format(style, Markup("<w:keepNext/>") if is_kept else "", runs)


def make_table(styles, headings, rows, width, size=10.5, row_height=0):
    """A table over the text's width whose first row comes again on every page; no row is torn apart.

    styles: ids of the table's, the heading cells' and the other cells' styles. Cells are Markup of runs, or words.
    size: of the characters, in points, by which columns are measured; row_height: the least, in points, to write in.
    Widths stand in grid and cells, for WPS reads the one and Word the other.
    """
    table, heading, cell = styles
    widths = share_width(list(measure_columns([headings, *rows])), width, int(size * TWIPS / 2))
    grid = join(Markup('<w:gridCol w:w="{}"/>').format(each) for each in widths)
    tall = (
        Markup('<w:trHeight w:val="{}" w:hRule="atLeast"/>').format(row_height * TWIPS) if row_height else ""
    )
    head = _make_row(headings, heading, widths, Markup("<w:tblHeader/>"))
    body = join(_make_row(row, cell, widths, tall) for row in rows)
    told = Markup(
        '<w:tbl><w:tblPr><w:tblStyle w:val="{}"/><w:tblW w:w="{}" w:type="dxa"/><w:jc w:val="center"/>'
        '<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{}</w:tblGrid>{}{}</w:tbl>'
    )
    return told.format(table, sum(widths), grid, head, body)


def _make_row(cells, style, widths, mark):
    told = Markup('<w:tc><w:tcPr><w:tcW w:w="{}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>{}</w:tc>')
    made = join(
        told.format(width, make_paragraph(style, as_runs(cell)))
        for cell, width in zip(cells, widths, strict=True)
    )
    return Markup("<w:tr><w:trPr><w:cantSplit/>{}</w:trPr>{}</w:tr>").format(mark, made)


def as_runs(content):
    """Markup is runs already; words become one run."""
    return content if isinstance(content, Markup) else make_run(content)


# --- widths ----------------------------------------------------------------------------------------


def measure_columns(rows):
    """Of each column, how many half-width characters its longest cell needs, and the least it can do with.

    A number or a Latin word is not broken; Chinese is, anywhere.
    """
    for column in zip(*rows, strict=True):
        texts = [cell.striptags() if isinstance(cell, Markup) else str(cell) for cell in column]
        unbroken = max((measure_text(word) for text in texts for word in UNBROKEN.findall(text)), default=0)
        yield max(map(measure_text, texts)), max(min(unbroken, LONGEST), NARROWEST)


def measure_text(text):
    """How wide words are, in half-width characters."""
    return ceil(sum(2 if east_asian_width(letter) in "WFA" else LATIN for letter in text))


def share_width(needs, width, letter):
    """The width divided among columns by what they need; where it does not suffice the widest give way first.

    needs: of each column what it wants and the least; letter: the width of a half-width character. The last column
    takes what rounding leaves.
    """
    wanted, least = zip(*needs, strict=True)
    wide = [max(pair) + PADDING for pair in zip(wanted, least, strict=True)]
    while sum(wide) > width // letter:
        spare = [size if size > low + PADDING else 0 for size, low in zip(wide, least, strict=True)]
        if not any(spare):
            break
        wide[spare.index(max(spare))] -= 1
    widths = [width * size // sum(wide) for size in wide]
    return [*widths[:-1], width - sum(widths[:-1])]
