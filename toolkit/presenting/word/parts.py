"""The parts of a Word document as its XML: runs, paragraphs, tables; all words are escaped.

Fonts and sizes come from the paragraph's style. Lengths are in twips, twentieths of a point.
"""

import re
from unicodedata import east_asian_width

from markupsafe import Markup, escape

from toolkit.presenting.figures import join

NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
RAISED = Markup('<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>')
NARROWEST, PADDING = 4, 3  # of a column, in half-width characters
TWIPS = 20  # a point
SLACK = 1.15  # digits of some fonts are wider than half a Chinese character


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


def make_paragraph(style, runs):
    """A paragraph of a style, which is named by its id."""
    told = Markup('<w:p><w:pPr><w:pStyle w:val="{}"/></w:pPr>{}</w:p>')
    return told.format(style, runs)


def make_table(styles, headings, rows, width, size=10.5):
    """A table over the text's width whose first row comes again on every page; no row is torn apart.

    styles: ids of the table's, the heading cells' and the other cells' styles. Cells are Markup of runs, or words.
    size: of the characters, in points, by which columns are measured. Widths stand in grid and cells, for WPS reads
    the one and Word the other.
    """
    table, heading, cell = styles
    widths = share_width(measure_columns([headings, *rows]), width, int(size * TWIPS * SLACK / 2))
    grid = join(Markup('<w:gridCol w:w="{}"/>').format(each) for each in widths)
    head = _make_row(headings, heading, widths, Markup("<w:tblHeader/>"))
    body = join(_make_row(row, cell, widths, "") for row in rows)
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
    """How many half-width characters each column needs, its longest cell."""
    return [max(map(measure_text, column)) for column in zip(*rows, strict=True)]


def measure_text(content):
    """How wide words are, in half-width characters; of runs, those that are read."""
    text = content.striptags() if isinstance(content, Markup) else str(content)
    return sum(2 if east_asian_width(letter) in "WFA" else 1 for letter in text)


def share_width(needs, width, letter):
    """The width divided among columns by what they need; where it does not suffice the widest give way first.

    letter: the width of a half-width character; the last column takes what rounding leaves.
    """
    needs = [max(need, NARROWEST) + PADDING for need in needs]
    while sum(needs) > width // letter and max(needs) > NARROWEST + PADDING:
        needs[needs.index(max(needs))] -= 1
    widths = [width * need // sum(needs) for need in needs]
    return [*widths[:-1], width - sum(widths[:-1])]
