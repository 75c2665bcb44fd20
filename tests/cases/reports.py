"""Reports made of a few tickets typed by hand, and what their figures open."""

import json
import pickle
import re
from dataclasses import replace
from functools import lru_cache
from html import unescape

import pandas as pd

from toolkit import load, prepare
from toolkit.checking import opening
from toolkit.checking.opening import FIGURE
from toolkit.loading.load import Loaded
from toolkit.preparing.report import PARTS, cut_report

NOTHING = load(pd.DataFrame(columns=["工单编号"], dtype="str"), "2025-12-31", key=b"k")


def report_of(tickets, as_of, period, name=None, **run):
    """The report of tickets as `load` gives them: the county's, or a unit's with its name."""
    county = prepare_once(pickle.dumps((tickets, as_of, period, run)))
    return county if name is None else cut_report(county, name)


@lru_cache(maxsize=16)
def prepare_once(packed):
    """The county of these tickets and this run, prepared once however many tests of a file ask for it."""
    tickets, as_of, period, run = pickle.loads(packed)
    loaded = Loaded(
        tickets, *(getattr(NOTHING, frame) for frame in ("issues", "account", "headers", "logged", "refused"))
    )
    return prepare(loaded, {"as_of": as_of, "period": period, **run})


def with_frames(report, **frames):
    """The same report with some of its frames replaced, wherever they stand in it."""
    for part in PARTS:
        own = getattr(report, part)
        given = {name: frames.pop(name) for name in own._fields if name in frames}
        report = replace(report, **{part: own._replace(**given)})
    return replace(report, **frames)


def read_html(block):
    """The words and tables of a section, of HTML, or of Markup."""
    return str(getattr(block, "data", block))


def say(block):
    """What a block reads, without its marks."""
    return unescape(re.sub("<[^>]+>", "", read_html(block)))


def conditions(block):
    """The conditions of a block's figures, in order."""
    return [json.loads(unescape(where)) for _, where, _ in FIGURE.findall(read_html(block))]


def open_figures(block, report):
    """Each figure of a block with the tickets it opens, as the page's script finds them: (what, text, ids)."""
    return opening.open_figures(read_html(block), report)


def open_marks(block, report):
    """Each mark of a block's small drawings and charts with the tickets it opens: (what it says, ids)."""
    return opening.open_marks(read_html(block), getattr(block, "charts", []), report)


def assert_figures_open_what_they_say(block, report):
    """Every count opens as many tickets as it says, and every figure says what it is."""
    figures = list(open_figures(block, report))
    assert figures
    for what, text, ids in figures:
        assert what
        if re.fullmatch(r"\d+", text):
            assert len(ids) == int(text), (what, text, ids)
    return figures
