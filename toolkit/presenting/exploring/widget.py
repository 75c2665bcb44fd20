"""The explorer: a widget whose browser filters and counts, and whose kernel gives texts, and keeps what is ticked.

Every message from the browser has a `kind`, a function of ANSWERS, and a `number`, which the answer bears too. A ticket
is named by its number.
"""

import re
from pathlib import Path

import anywidget
import pyarrow as pa

from toolkit.errors import ToolkitError
from toolkit.presenting.exploring.answers import ANSWERS, list_chosen
from toolkit.presenting.exploring.desk import read_desk
from toolkit.presenting.exploring.files import read_module, read_styles
from toolkit.settings import PROJECT

NO_NAME = re.compile(r"[^\w.-]")  # what no folder's name should hold


def explore(report, desk=None):
    """The drill-down as a widget. desk: the folder where ticks, notes and conditions are kept; by default the run's own."""
    return Explorer(report, Path(desk) if desk else name_desk(report))


def name_desk(report):
    """The folder of a run's desk: the same for every export of one county and period."""
    about = report.about
    name = "_".join([about["county"], str(about["period"]), *([report.name] if report.name else [])])
    return PROJECT / "outputs" / "desk" / NO_NAME.sub("_", name)


class Explorer(anywidget.AnyWidget):
    """What the front end shows; `tickets` is the frame it has chosen."""

    _esm = read_module()
    _css = read_styles()

    def __init__(self, report, desk):
        super().__init__()
        self.report, self.desk = report, desk
        self.state = read_desk(desk)
        self.on_msg(self._answer)

    @property
    def tickets(self):
        """The tickets that are shown, in their order, with stage, due_day and open_age."""
        return list_chosen(self.report, self.state)

    def _answer(self, _, asked, buffers):
        try:
            told, parts = ANSWERS[asked["kind"]](self, asked)
        except ToolkitError as error:
            told, parts = {"trouble": str(error)}, []
        except (
            Exception
        ) as error:  # said as well as raised: a question without an answer reads as a kernel that stopped
            self.send({"number": asked["number"], "trouble": f"程序出错：{type(error).__name__} {error}"})
            raise
        self.send({"number": asked["number"], **told}, parts)
        pa.default_memory_pool().release_unused()  # what the answer took beside the frames goes back to the machine
