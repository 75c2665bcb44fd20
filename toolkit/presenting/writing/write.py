"""A report and a template → a document: its blocks, and what the office still has to fill in."""

from html import unescape
from typing import NamedTuple

from markupsafe import Markup, escape

from toolkit.presenting.figures import join
from toolkit.presenting.sentences import fill_template, list_template_mistakes
from toolkit.presenting.writing.collect import NAMES, collect_figures
from toolkit.presenting.writing.document import DEFINITION, NOTE, Block, read_blocks, write_html, write_plain
from toolkit.presenting.writing.rates import say_rate
from toolkit.scoring.catalogue import BY_NAME

FUNCTIONS = ["rate", "slot"]
BULLETIN, ANNUAL = "bulletin", "annual_summary"


class Document(NamedTuple):
    """A document's blocks; the slots it lacks; the slots that are filled in and stand nowhere in it."""

    blocks: list
    missing: list
    unused: list

    @property
    def html(self):
        """As it stands on a page: figures are links."""
        return write_html(self.blocks)

    @property
    def plain(self):
        """As plain text: the same figures without links."""
        return write_plain(self.blocks)


def write_document(report, template):
    """The document of a template in parameters/templates/, with the definition of every rate it says at its end.

    What is no figure (`slot`) comes from the run's manual file; a slot that is not filled stands as （待补：…） and is
    listed in `missing`. ParameterError names file, line and mistake.
    """
    filled, asked, places = report.about.get("manual", {}).get(report.row, {}), {}, {}

    def rate(name):
        told = say_rate(report, name)
        places[told["place_note"]] = told["place"]
        return told

    def slot(name):
        asked[name] = filled.get(name, "")
        return _say_slot(name, asked[name])

    text = fill_template(template, collect_figures(report) | {"rate": rate, "slot": slot})
    missing = [name for name, words in asked.items() if not words]
    unused = [name for name, words in filled.items() if words and name not in asked]
    notes = [(DEFINITION, told) for told in _say_definitions(report, text)]
    notes += [(NOTE, note) for note, place in places.items() if place and place in text]
    blocks = [*read_blocks(text), *(Block(kind, 0, escape(f"注：{told}。")) for kind, told in notes)]
    return Document(blocks, missing, unused)


def _say_slot(name, text):
    """A slot's paragraphs; in their place, where it is empty, that it is to be filled in."""
    if not text:
        return Markup("（待补：{}）").format(name)
    return join([line.lstrip("#| ") for line in text.splitlines()], "\n\n")


def _say_definitions(report, text):
    """How each rate that the text's figures open was counted: a rate without its definition says nothing."""
    opened = unescape(text)
    rates = {name: row["definition"] for name, row in report.scores.items() if not BY_NAME[name].is_count}
    shown = [f"{name}：{told.rstrip('。')}" for name, told in rates.items() if f'"{name}":' in opened]
    return ["；".join(shown)] if shown else []


def list_document_mistakes(template):
    """What is wrong with a document's template, as far as can be told before it is filled in."""
    return list_template_mistakes(template, [*NAMES, *FUNCTIONS])
