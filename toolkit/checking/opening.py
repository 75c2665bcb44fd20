"""Which tickets a figure or a mark of a chart opens, found as the page's script finds them; and whether it says so many."""

import json
import re
from functools import lru_cache
from html import unescape
from urllib.parse import unquote

import pandas as pd

from toolkit.presenting.listing import LISTS, describe_tickets

FIGURE = re.compile(
    r"""<a class="figure" data-what="([^"]*)" data-where='([^']*)'(?: href="[^"]*")?>([^<]*)</a>"""
)
# What a mark of a small drawing opens, and what it says.
MARK = re.compile(r'<a href="#where=([^"&]*)&amp;what=([^"]*)">.*?<title>([^<]*)</title>')
SAID = re.compile(
    r"(\d+)(?:件|）)$"
)  # what a mark says it opens: 受理3件, or a rate's denominator, 50.0%（1/2）
LOAD = "人均"  # a unit's point by its load opens the unit's tickets, whatever its rate is of
COUNT, TICKET_NUMBER = re.compile(r"\d{1,8}"), re.compile(r"\d{9,}")


def open_figures(html, report):
    """Each figure of a section's HTML with the tickets it opens: (what, text, ids)."""
    for what, condition, text in FIGURE.findall(html):
        yield unescape(what), unescape(text), open_condition(report, json.loads(unescape(condition)))


def open_marks(html, charts, report):
    """Each mark of small drawings and of charts with the tickets it opens: (what it says, ids)."""
    for where, _, told in MARK.findall(html):
        yield unescape(told), open_condition(report, json.loads(unquote(where)))
    for row in (row for chart in charts for row in list_marks(chart)):
        if not row["href"].startswith("#report="):
            yield row["told"], open_condition(report, read_mark(row))


def list_marks(chart):
    """The rows behind the marks of a chart that lead somewhere."""
    spec = chart if isinstance(chart, dict) else chart.to_dict()
    return [row for rows in spec["datasets"].values() for row in rows if "href" in row]


def read_mark(row):
    """The condition that a chart's mark opens."""
    return json.loads(unquote(row["href"].removeprefix("#where=").split("&what=")[0]))


def list_untrue(html, charts, report):
    """What is wrong with a section's figures, a sentence each: a count that opens another number, or one without a name."""
    for what, text, ids in open_figures(html, report):
        if not what:
            yield f"数字{text}没有说明是什么"
        if COUNT.fullmatch(text) and len(ids) != int(text):
            yield f"{what}：写明{text}件，点开{len(ids)}件"
        if TICKET_NUMBER.fullmatch(text) and ids != [text]:
            yield f"{what}：写明工单{text}，点开的不是这一件"
    for told, ids in open_marks(html, charts, report):
        said = SAID.search(told)
        if said and LOAD not in told and len(ids) != int(said[1]):
            yield f"图中“{told}”：点开{len(ids)}件"


def open_condition(report, where):
    """The ids of the tickets that meet a figure's condition."""
    ids = _columns_of(report)["ticket_id"]
    met = [_find_rows(report, name, tuple(wanted)) for name, wanted in where.items()]
    rows = frozenset.intersection(*met) if met else frozenset(ids.index)
    return [ticket for row, ticket in ids.items() if row in rows]


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
