"""Reports made of a few tickets typed by hand, and what their figures open."""

import json
import re
from dataclasses import replace
from functools import lru_cache
from html import unescape
from urllib.parse import unquote

import pandas as pd

from toolkit import load, prepare
from toolkit.loading.load import Loaded
from toolkit.preparing.report import PARTS, cut_report
from toolkit.presenting.listing import LISTS, describe_tickets

FIGURE = re.compile(
    r"""<a class="figure" data-what="([^"]*)" data-where='([^']*)'(?: href="[^"]*")?>([^<]*)</a>"""
)
NOTHING = load(pd.DataFrame(columns=["工单编号"], dtype="str"), "2025-12-31", key=b"k")


def report_of(tickets, as_of, period, name=None, **run):
    """The report of tickets as `load` gives them: the county's, or a unit's with its name."""
    loaded = Loaded(
        tickets, *(getattr(NOTHING, frame) for frame in ("issues", "account", "headers", "events", "refused"))
    )
    county = prepare(loaded, {"as_of": as_of, "period": period, **run})
    return county if name is None else cut_report(county, name)


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
    for what, condition, text in FIGURE.findall(read_html(block)):
        yield unescape(what), unescape(text), open_condition(report, json.loads(unescape(condition)))


# What a mark of a small drawing opens, and what it says.
MARK = re.compile(r'<a href="#where=([^"&]*)&amp;what=([^"]*)">.*?<title>([^<]*)</title>')


def open_marks(block, report):
    """Each mark of a block's small drawings and charts with the tickets it opens: (what it says, ids)."""
    for where, _, told in MARK.findall(read_html(block)):
        yield unescape(told), open_condition(report, json.loads(unquote(where)))
    for row in (row for chart in getattr(block, "charts", []) for row in list_marks(chart)):
        if not row["href"].startswith("#report="):
            yield row["told"], open_condition(report, read_mark(row))


def list_marks(chart):
    """The rows behind the marks of a chart that lead somewhere."""
    spec = chart if isinstance(chart, dict) else chart.to_dict()
    return [row for rows in spec["datasets"].values() for row in rows if "href" in row]


def read_mark(row):
    """The condition that a chart's mark opens."""
    return json.loads(unquote(row["href"].removeprefix("#where=").split("&what=")[0]))


def open_condition(report, where):
    """The ids of the tickets that meet a figure's condition."""
    ids = _columns_of(report)["ticket_id"]
    rows = [_find_rows(report, name, tuple(wanted)) for name, wanted in where.items()]
    return [ticket for row, ticket in ids.items() if all(row in met for met in rows)]


@lru_cache(2000)
def _find_rows(report, name, wanted):
    """The rows that meet one column of a condition; the same ones are asked for again and again."""
    columns = _columns_of(report)
    chosen = choose_rows(columns, {name: wanted})
    return frozenset(chosen.index[chosen])


@lru_cache(4)
def _columns_of(report):
    return read_columns(describe_tickets(report))


def read_columns(table):
    """The columns of the page's table as conditions are put to them: times to the minute, lists one value a row."""
    return {name: _read_column(table[name]) for name in table}


def _read_column(values):
    if values.name in LISTS:
        return values.explode()
    if pd.api.types.is_datetime64_any_dtype(values):
        values = values.dt.strftime("%Y-%m-%d %H:%M")
    return values.astype("object")


def choose_rows(columns, where):
    """Which tickets meet every column of a condition: one of its values; None is a missing one."""
    chosen = pd.Series(True, columns["ticket_id"].index)
    for name, wanted in where.items():
        chosen &= _meets(columns, name, wanted)
    return chosen


def _meets(columns, name, wanted):
    if name not in columns:
        return None in wanted
    values = columns[name]
    met = values.isin([value for value in wanted if value is not None])
    if name in LISTS:
        return met.groupby(level=0).any()
    return met | (values.isna() & (None in wanted))


def assert_figures_open_what_they_say(block, report):
    """Every count opens as many tickets as it says, and every figure says what it is."""
    figures = list(open_figures(block, report))
    assert figures
    for what, text, ids in figures:
        assert what
        if re.fullmatch(r"\d+", text):
            assert len(ids) == int(text), (what, text, ids)
    return figures
