"""A section of a report: its heading, what it comes to in one line, and what it holds.

A notebook's cell shows one section. Its parts are shown one under the other, so that JupyterLab draws a chart as
a live chart; the page reads the heading from SECTION_MIME and lays the parts out beneath it, folded or open.
"""

from dataclasses import dataclass

from IPython.display import HTML, display
from markupsafe import Markup

from toolkit.presenting.figures import join

SECTION_MIME = "application/vnd.supervision.section+json"
HEADER, OPEN, FOLD = "header", "open", "fold"


@dataclass(frozen=True)
class Section:
    """What a block gives: a heading, one line that answers it, the parts beneath, and a number for the contents."""

    kind: str
    title: str
    answer: str
    parts: tuple
    count: str

    @property
    def data(self):
        """The section's words and tables, without its charts."""
        return join([self.answer, *(part for part in self.parts if isinstance(part, str))])

    @property
    def charts(self):
        return [part for part in self.parts if not isinstance(part, str)]

    def _ipython_display_(self):
        head = {
            "kind": self.kind,
            "title": self.title,
            "answer": str(join([self.answer])),
            "count": self.count,
        }
        text = Markup("<h3>{}</h3><p>{}</p>").format(self.title, self.answer)
        display({SECTION_MIME: head, "text/html": text, "text/plain": self.title}, raw=True)
        for part in self.parts:
            display(HTML(part) if isinstance(part, str) else part)


def open_section(title, answer, *parts, count=""):
    """A section that stands open: the answer is the small line beside its heading."""
    return Section(OPEN, title, answer, _without_empty(parts), _as_text(count))


def fold_section(title, answer, *parts, count=""):
    """A section folded away behind the line that answers it; without parts it is that line alone."""
    return Section(FOLD, title, answer, _without_empty(parts), _as_text(count))


def _without_empty(parts):
    return tuple(part for part in parts if not isinstance(part, str) or part)


def _as_text(count):
    return str(count) if count else ""
