"""The figures of a document and where each opens: a small raised number in the text, a table at its end.

What is read together has one number: 91.6%（456/498） the rate with its counts, and the figures of a table's row.
The same tickets keep their number wherever they are named.
"""

import json
import re
from html import unescape
from itertools import count
from typing import NamedTuple

from toolkit.presenting.figures import join, link_where
from toolkit.presenting.word.parts import make_link, make_run
from toolkit.presenting.writing.document import TABLE
from toolkit.schema import STATE_MEANINGS

FIGURE = r"""<a class="figure" data-what="[^"]*" data-where='[^']*'>[^<]*</a>"""
PAIR = f"（(?:折合)?{FIGURE}/{FIGURE}）"
GROUP = re.compile(f"({FIGURE}{PAIR}|{PAIR}|{FIGURE})")
PART = re.compile(r"""<a class="figure" data-what="([^"]*)" data-where='([^']*)'>([^<]*)</a>""")
TAG = re.compile("<[^>]+>")
ANY = "any value"


class Reference(NamedTuple):
    """A figure of the text: its number there, what it is, as it is printed, and the condition its tickets meet."""

    number: int
    what: str
    text: str
    where: dict

    @property
    def address(self):
        """The place of the page that opens its tickets, as 复制链接 gives it."""
        return link_where(self.where, self.what)

    @property
    def shown(self):
        """The same place for the eye: an address that a page reads as well, without percent signs."""
        said = json.dumps(self.where, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return "#where=" + re.sub("[%&#]", lambda sign: f"%{ord(sign[0]):02X}", said)


def number_figures(blocks):
    """Blocks whose contents are runs with reference marks, and the references in their order."""
    references, numbers, following = [], {}, count(1)

    def enter(figures):
        key = tuple(dict.fromkeys(where for _, where, _ in figures))
        if key not in numbers:
            numbers[key] = next(following)
            references.extend(_read_references(numbers[key], figures))
        return make_run(f"[{numbers[key]}]", is_raised=True)

    marked = [
        block._replace(content=[_mark_row(row, enter) for row in block.content])
        if block.kind == TABLE
        else block._replace(content=_mark_text(block.content, enter))
        for block in blocks
    ]
    return marked, references


def _mark_text(content, enter):
    """Each figure, or rate with its counts, with its number."""
    parts = GROUP.split(str(content))
    return join(
        _mark_figures(part, enter) if place % 2 else make_run(read_words(part))
        for place, part in enumerate(parts)
        if part
    )


def _mark_figures(part, enter):
    """The number stands behind the last digit, before a bracket's end: there no line is broken."""
    words = read_words(part)
    end = "）" * words.endswith("）")
    return join([make_run(words.removesuffix(end)), enter(PART.findall(part)), make_run(end) if end else ""])


def _mark_row(row, enter):
    """The cells of a table's row; the one before its first figure carries the number of them all."""
    figures = [figure for cell in row for figure in PART.findall(str(cell))]
    cells = [make_run(read_words(cell)) for cell in row]
    if figures:
        first = next(place for place, cell in enumerate(row) if PART.search(str(cell)))
        cells[max(first - 1, 0)] += enter(figures)
    return cells


def read_words(content):
    """Words without their marks: what was a ticket's own < or & is one again."""
    return unescape(TAG.sub("", str(content)))


def _read_references(number, figures):
    """A figure a condition: of 91.6%（456/498） the rate opens what 456 opens, and is left out."""
    last = {where: (what, text) for what, where, text in figures}
    return [
        Reference(number, unescape(what), unescape(text), json.loads(unescape(where)))
        for where, (what, text) in last.items()
    ]


def link_reference(reference, relation):
    """Its address for the eye, which opens the page's tickets too; relation: the page's in the document, None of no page."""
    shown = make_run(reference.shown)
    return make_link(relation, reference.address.lstrip("#"), shown) if relation else shown


# --- how each was counted --------------------------------------------------------------------------


def read_definitions(report):
    """(column of a condition, its value) → name and how it is counted; of a metric for any value."""
    metrics = {(name, ANY): (name, row["definition"]) for name, row in report.scores.items()}
    rules = {("rules", row.rule): (row.rule_name, row.sentence) for row in report.basis.rules.itertuples()}
    states = {("due_state", state): (state, meaning) for state, meaning in STATE_MEANINGS.items()}
    return metrics | rules | states


def list_definitions(reference, known):
    """Name → how it is counted, of every metric, rule and state a reference rests on."""
    asked = [(column, value) for column, values in reference.where.items() for value in [ANY, *values]]
    return dict(known[pair] for pair in asked if pair in known)


def name_fully(reference, known):
    """What a reference is, with the names of the definitions it rests on where they are not said yet."""
    unsaid = [name for name in list_definitions(reference, known) if name not in reference.what]
    return reference.what + (f"（{'、'.join(unsaid)}）" if unsaid else "")
