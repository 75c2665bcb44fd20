"""Metrics × units → scorecard: how each unit stands, with numerator, denominator and definition."""

from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from toolkit import metrics, schema
from toolkit.period import parse_as_of

SCORECARD = ["unit", "metric", "numerator", "denominator", "rate", "definition"]


def score(tickets, as_of, by="unit"):
    """Count every metric for every unit and for the county as a whole.

    Reads clocked tickets; `by` names the column whose values are the rows' `unit`. `numerator` and
    `denominator` are numbers of tickets, `rate` is 0 to 1. A plain count has no denominator and no rate;
    a metric without a ticket in its denominator has no rate. Metrics that lack columns are not there;
    tickets received after `as_of` are not counted.
    """
    as_of = parse_as_of(as_of)
    tickets = tickets[~(tickets["received_at"] > as_of)]
    members = metrics.count_members(tickets, as_of)
    return count_scores(members, tickets[by], answer_stage(tickets))


def answer_stage(tickets):
    """Which column counts as the answer; `clock` wrote it."""
    return tickets["answered_by"].iloc[0] if len(tickets) else "replied_at"


def count_scores(members, groups, answered_by):
    """The scorecard of tickets whose membership in each metric is known."""
    groups = groups.fillna(schema.NO_UNIT).rename("unit")
    everyone = pd.Series(schema.COUNTY, index=groups.index, name="unit", dtype="str")
    parts = [_count_by(members, names, answered_by) for names in (everyone, groups)]
    return pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)


def _count_by(members, groups, answered_by):
    grouped = members.groupby(groups)
    tall = pd.concat(
        {"numerator": grouped.sum().stack(), "denominator": grouped.count().stack()}, axis=1
    ).astype("Int64")
    tall.index.names = ["unit", "metric"]
    scores = tall.reset_index()
    is_count = scores["metric"].isin([m.name for m in metrics.METRICS if m.is_count])
    scores["denominator"] = scores["denominator"].mask(is_count)
    rate = scores["numerator"].astype("Float64") / scores["denominator"].astype("Float64")
    scores["rate"] = rate.where(scores["denominator"] > 0).astype("float64")
    sentences = {metric.name: metrics.define(metric, answered_by) for metric in metrics.METRICS}
    scores["definition"] = scores["metric"].map(sentences).astype("str")
    return scores[SCORECARD]


def compare_counts(now, before):
    """Change against an earlier number: difference, relative change, and the word the office uses.

    (+2, 0.095…, '上升') for 23 against 21; the relative change is missing when there was nothing before.
    """
    change = now - before
    word = "上升" if change > 0 else "下降" if change < 0 else "持平"
    return change, (change / before if before else None), word


def percent(rate, places=1):
    """A rate as the office prints it, rounded half up: 0.9157 → 91.6%; '—' when there is none."""
    if rate is None or pd.isna(rate):
        return "—"
    return f"{round_half_up(rate, places + 2).scaleb(2)}%"


def round_half_up(value, places):
    """Decimal rounding with halves away from zero, as published bulletins do."""
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
