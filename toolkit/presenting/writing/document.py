"""A document: the light Markdown of a template → its blocks → a page's HTML, or plain text without links.

`# ` is the title, `## `, `### ` and `#### ` are headings, numbered 一、（一）1. as they come; lines with `|` are a
table, its first line the headings; other lines are paragraphs, ended by an empty line.
"""

import re
from html import unescape
from itertools import groupby
from typing import NamedTuple

from markupsafe import Markup

from toolkit.presenting.figures import html_table, join
from toolkit.rounding import ordinal

TITLE, HEADING, PARAGRAPH, TABLE, NOTE = "title", "heading", "paragraph", "table", "note"
DEFINITION = "definition"  # the note that says how the text's rates were counted
INDENT = "　　"


class Block(NamedTuple):
    """A part of a document: its kind, a heading's level (1 to 3, else 0), and its words, or a table's rows of cells."""

    kind: str
    level: int
    content: Markup | list


def read_blocks(text):
    """The blocks of a document, its headings numbered."""
    blocks, counts = [], [0, 0, 0]
    for kind, lines in groupby((line.strip() for line in text.splitlines()), _kind_of):
        if kind == HEADING:
            blocks += [_read_heading(line, counts) for line in lines]
        elif kind == TABLE:
            blocks.append(Block(TABLE, 0, [_read_row(line) for line in lines]))
        elif kind == PARAGRAPH:
            blocks.append(Block(PARAGRAPH, 0, Markup("".join(lines))))
    return blocks


def _kind_of(line):
    return {"#": HEADING, "|": TABLE, "": ""}.get(line[:1], PARAGRAPH)


def _read_heading(line, counts):
    words = line.lstrip("#")
    level = min(len(line) - len(words) - 1, len(counts))
    number = _number(counts, level) if level else ""
    return Block(HEADING if level else TITLE, level, Markup(number + words.strip()))


def _read_row(line):
    return [Markup(cell.strip()) for cell in line.strip("|").split("|")]


def _number(counts, level):
    """一、 （一） 1. : the number of the next heading of a level; those below begin anew."""
    counts[level - 1] += 1
    counts[level:] = [0] * (3 - level)
    place = counts[level - 1]
    return [f"{ordinal(place)}、", f"（{ordinal(place)}）", f"{place}."][level - 1]


def write_html(blocks):
    """The document as it stands on a page: its figures open their tickets."""
    return Markup('<div class="document">{}</div>').format(join(map(_block_html, blocks)))


def _block_html(block):
    if block.kind == TABLE:
        headings, *rows = block.content
        return html_table(headings, rows)
    name = {TITLE: "h3", HEADING: "h4"}.get(block.kind, "p")
    return Markup(f"<{name}>{{}}</{name}>").format(block.content)


def write_plain(blocks):
    """The document as plain text: the same figures without links, a table's cells parted by tabs."""
    return "\n".join(line for block in blocks for line in _block_lines(block)) + "\n"


def _block_lines(block):
    if block.kind == TABLE:
        return ["\t".join(map(_say_plain, row)) for row in block.content]
    return [("" if block.kind == TITLE else INDENT) + _say_plain(block.content)]


def _say_plain(content):
    """Words without their marks: what was a ticket's own < or & is one again."""
    return unescape(re.sub("<[^>]+>", "", content))
