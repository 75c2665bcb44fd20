"""A figure is a link that carries its tickets; a table holds figures.

A figure's link holds a condition on the report's ticket table: `{"due_state": ["超期未回复"]}` means the
tickets whose due_state is that word. The page's script applies it; nothing is counted there. A metric is
a column of that table too: 1 in the numerator, 0 in the denominator only (`marks.mark_tickets`). A ticket
excluded with approval stands there with what it would be, marked by `mark_excluded`.
"""

import json
from html import escape
from urllib.parse import quote

import pandas as pd

from toolkit.rounding import count_text, percent
from toolkit.scoring.catalogue import BY_NAME
from toolkit.scoring.metric import read_metric_settings


def figure(text, page="", **where):
    """A figure that opens its tickets: those that meet every condition, on this page or on the one named."""
    condition = json.dumps(where, ensure_ascii=False, sort_keys=True)
    address = f"{page}#where={quote(condition)}"
    return f'<a class="figure" href="{escape(address)}">{escape(str(text))}</a>'


def mark_excluded(values):
    """What a ticket excluded with approval has in a metric's column: −1 for 0, −2 for 1, and so on."""
    return -1 - values


def _values_of(metric, with_excluded):
    """What tickets of the numerator, and of the denominator, have in the metric's column."""
    name = metric.rpartition("：")[2]  # without the earlier period it is of
    is_weighted = name in BY_NAME and BY_NAME[name].weighted
    weights = read_metric_settings().satisfaction_weights.values() if is_weighted else [1]
    counted = sorted({weight for weight in weights if weight})
    among = [0, *counted]
    return [v + [mark_excluded(w) for w in v] if with_excluded else v for v in (counted, among)]


def rate_figure(score, page="", with_excluded=False, **where):
    """91.6%（456/498）: the rate and 456 open the numerator, 498 the denominator."""
    if pd.isna(score["rate"]):
        return "—（无相应工单）"
    columns = _values_of(score["metric"], with_excluded)
    counted, among = (where | {score["metric"]: values} for values in columns)
    rate, numerator = (
        figure(text, page, **counted) for text in (percent(score["rate"]), count_text(score["numerator"]))
    )
    return f"{rate}（{numerator}/{figure(score['denominator'], page, **among)}）"


def count_figure(score, **where):
    """23: opens the tickets it counts."""
    return figure(count_text(score["numerator"]), **{score["metric"]: [1]}, **where)


def rate_text(score):
    """91.6%（456/498）as plain words, for a figure whose tickets another page holds."""
    return (
        "—"
        if pd.isna(score["rate"])
        else f"{percent(score['rate'])}（{count_text(score['numerator'])}/{score['denominator']}）"
    )


def note(text):
    """A remark under a table, or in its place, escaped; nothing for no words."""
    return f'<p class="note">{escape(text)}</p>' if text else ""


def html_table(headings, rows):
    """A plain table; cells are HTML already."""
    head = "".join(f"<th>{name}</th>" for name in headings)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<table class="plain"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def open_tickets(ids):
    """How many tickets, opening exactly those; nothing opens where there is none."""
    return figure(len(ids), ticket_id=ids) if len(ids) else "0"
