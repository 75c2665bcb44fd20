"""Web pages that platforms export under the name .xls → sheets: HTML, and a page saved as one file (MHTML).

lxml is imported on use: it reads broken pages as a browser does, and never opens what a page points to.
"""

import email
import email.policy
import re

from toolkit.errors import SourceError
from toolkit.loading.rows import gather_rows
from toolkit.loading.sheet import Sheet, say_hidden
from toolkit.loading.sniffing import decode

NO_TABLE = "a web page without a table, perhaps the platform's log-in page: log in and export the file again"
DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
UNSEEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
BREAKS, UNREAD = {"br", "p", "div", "li"}, {"script", "style"}
MOST_SPANNED = 1_000  # what a browser takes


class NoTableError(SourceError):
    """A web page holds no table."""


def read_page(name, content):
    """A sheet for each table of a web page. Raises NoTableError where it holds none."""
    return _name_sheets(name, _read_tables(decode(content)))


def read_archived_page(name, content):
    """A sheet for each table of a page saved as one file, whichever part of it holds them."""
    message = email.message_from_bytes(content, policy=email.policy.compat32)
    parts = [part for part in message.walk() if part.get_content_type().endswith("html")]
    pages = [decode(part.get_payload(decode=True) or b"") for part in parts]
    return _name_sheets(name, [table for page in pages for table in _read_tables(page)])


def _name_sheets(name, tables):
    if not tables:
        raise NoTableError(NO_TABLE)
    names = [""] if len(tables) == 1 else [f"表格{number}" for number in range(1, len(tables) + 1)]
    return [
        Sheet(name, label, gather_rows(rows), note=say_hidden(False, hidden))
        for label, (rows, hidden) in zip(names, tables, strict=True)
    ]


def _read_tables(text):
    """Of each table with a filled cell, its rows and how many of them are hidden."""
    from lxml import html
    from lxml.etree import LxmlError

    try:
        page = html.document_fromstring(
            DECLARATION.sub("", text), parser=html.HTMLParser(huge_tree=True, remove_comments=True)
        )
    except LxmlError:
        return []
    own = {table: [] for table in page.iter("table")}
    for line in page.iter("tr"):
        table = next(line.iterancestors("table"), None)
        if table is not None:
            own[table].append(line)
    found = [(_lay_out(lines), sum(map(_is_unseen, lines))) for lines in own.values()]
    return [(rows, hidden) for rows, hidden in found if any(map(any, rows))]


def _is_unseen(line):
    return line.get("hidden") is not None or bool(UNSEEN.search(line.get("style", "")))


def _lay_out(lines):
    """The rows of a table; a cell that spans several rows stands in each of them."""
    rows, spanning = [], {}  # column → rows still to fill, and with what
    for line in lines:
        row = {column: value for column, (_, value) in spanning.items()}
        spanning = {column: (left - 1, value) for column, (left, value) in spanning.items() if left > 1}
        at = 0
        for cell in line.iterchildren("td", "th"):
            while at in row:
                at += 1
            across, down = _span(cell, "colspan"), _span(cell, "rowspan")
            for column in range(at, at + across):
                row[column] = _cell_text(cell) if column == at else None
                if down > 1:
                    spanning[column] = (down - 1, row[column])
            at += across
        rows.append([row.get(column) for column in range(max(row, default=-1) + 1)])
    return rows


def _span(cell, name):
    text = (cell.get(name) or "1").strip()
    return min(max(int(text), 1), MOST_SPANNED if name == "colspan" else 65_534) if text.isdecimal() else 1


def _cell_text(cell):
    """What a reader sees in a cell: white space as a browser shows it, a line for each line; None when empty."""
    if not len(cell):  # nearly all: nothing inside but text
        return " ".join((cell.text or "").split()) or None
    lines = (" ".join(line.split()) for line in "".join(_pieces(cell)).replace("\n", " ").split("\v"))
    return "\n".join(line for line in lines if line) or None


def _pieces(element):
    if element.tag in UNREAD or not isinstance(element.tag, str):
        return
    yield element.text or ""
    for child in element:
        if child.tag in BREAKS:
            yield "\v"  # a line's end, told apart from white space in the page's source
        yield from _pieces(child)
        yield child.tail or ""
