"""Month by month: each rate of every unit for up to 24 whole months, as its trend is read from.

All months are judged at the run's `as_of`, so that a month's tickets read as they do everywhere in the report. A
ticket whose due time has not come by then is in no month: of the last days' tickets only the quick ones would be
known. Ratings, returns and first contacts come in for some weeks more: a month that ended less than 30 days before
is shown, and `is_settled` says that nothing is concluded from it. What goes on filling up for as long as one waits
(replied at all, closed at all, done again) is not followed: older months have had longer, and the latest would seem
to fall.
"""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.comparing.movement import LEEWAY
from toolkit.scoring.catalogue import BY_NAME, METRICS, lacking, lead_variants
from toolkit.scoring.marks import find_marks

MOST_MONTHS = 24
SHOWN_MONTHS = 12  # of them on the first screen, each opening its tickets
SETTLED_DAYS = 30  # after a month's end, until what no due time settles has mostly come in
MONTHLY = "逐月："  # before a metric: a ticket's mark in its month
DUES = {"due_at", "sign_due_at"}  # a metric that needs one of them is settled once it has passed
LOWER_IS_BETTER = {"超期率", "不满意率", "重办率", "退单率"}
NO_SIDE = {
    "时间不明率",
    "直接解释率",
    "派单准确率",
    "直办率",
}  # of which more is neither better nor worse for a unit
FILLS_UP = {
    "回复率",
    "办理率",
    "办结率",
    "满意办结率",
    "回访率",
    "重办率",
    "一次办结率",
}  # for as long as one waits
COLUMNS = ["unit", "metric", "month", "numerator", "denominator", "rate", "pending", "is_settled"]
HOW_COUNTED = (
    "逐月比率按受理月份归集，一律按本次统计截止时的办理情况判定；截止时尚未到期的件，不论是否已答复，分子分母都不计；"
    f"不以时限判定的指标（评价、退单、先行联系等），月末后不满{SETTLED_DAYS}日的月份只列数，不用于判断走势和达标；"
    "回复率、办结率、回访率、重办率等随时间补齐的，早的月份办理时间更长，月份之间不可比，不列"
)


def is_lower_better(metric):
    """Whether a high rate is bad, as with 超期率."""
    return BY_NAME[metric].family in LOWER_IS_BETTER


def list_monthly(tickets, also=()):
    """The rates followed by month: the leading one of each family that can be compared, and of those families `also`."""
    missing = lacking(tickets)
    rates = [metric.name for metric in METRICS if _is_comparable(metric) and metric.name not in missing]
    leads = {variants[0].name for variants in lead_variants(rates).values()}
    return [name for name in rates if name in leads or name in also]


def _is_comparable(metric):
    """Whether the metric is a share of whole tickets, has a better side, and does not go on filling up."""
    is_share = not (metric.is_count or metric.weighted or metric.rests_on)
    return is_share and metric.family not in NO_SIDE | FILLS_UP


def list_months(period, received_at, as_of):
    """The whole months up to the period's end that are over and that the data cover, at most 24, as texts 2025-03.

    A month without any ticket of the county is not covered; the first may begin a week late, as in
    `movement.keep_comparable`.
    """
    last = pd.Timestamp(min(period.end, pd.Timestamp(as_of).date())) + pd.Timedelta(days=1)
    ends = last.to_period("M") - 1
    months = pd.period_range(end=ends, periods=MOST_MONTHS, freq="M")
    first = received_at.min()
    if pd.isna(first):
        return []
    leeway = max(pd.Timedelta(days=7), LEEWAY * pd.Timedelta(days=31))
    filled = set(find_months(received_at).dropna().unique())
    return [str(month) for month in months if first < month.start_time + leeway and str(month) in filled]


def find_months(received_at):
    """The month of receipt as a text 2025-03; read off the number of the month, which is far faster than strftime."""
    months = received_at.to_numpy().astype("datetime64[M]")
    codes, distinct = pd.factorize(months)
    words = pd.Series(np.append(np.datetime_as_string(distinct, unit="M"), None), dtype="str")
    return words.iloc[codes].set_axis(received_at.index)


def mark_months(tickets, metrics):
    """What each metric makes of every ticket in its month: as `mark_tickets`, missing also where not yet due.

    Reads clocked tickets; gives a column MONTHLY + metric for each metric.
    """
    pending = (tickets["due_at"] > schema.judged_at(tickets)).to_numpy()
    wanted = [BY_NAME[name] for name in metrics]
    marks = {
        MONTHLY + metric.name: pd.arrays.IntegerArray(counted, ~(among & ~pending))
        for metric, counted, among in find_marks(tickets, wanted)
    }
    return pd.DataFrame(marks, index=tickets.index)


def count_months(tickets, metrics, months, by="report"):
    """Each unit's and the county's counts of every metric in every month: a row for each, 0 where there is none.

    Reads clocked tickets and the column `by`; months: of `list_months`. Adds the rate (missing without a
    denominator), `pending` (how many more would be in the denominator if they were due by now) and
    `is_settled` (whether trend and target may be read from the month). Counts are tickets, rates 0 to 1.
    """
    own = tickets[find_months(tickets["received_at"]).isin(months)]
    units, names = pd.factorize(own[by].fillna(schema.NO_UNIT), sort=True)
    places = pd.Index(months).get_indexer(find_months(own["received_at"]))
    shape = (len(names), len(months))
    cells = units * len(months) + places
    pending = (own["due_at"] > schema.judged_at(own)).to_numpy()
    rows = [
        _count_metric(
            metric.name, [among & counted & ~pending, among & ~pending, among & pending], cells, shape
        )
        for metric, counted, among in find_marks(own, [BY_NAME[name] for name in metrics])
    ]
    if not rows or not len(own):
        return pd.DataFrame({name: [] for name in COLUMNS}).astype({"unit": "str", "metric": "str"})
    table = pd.concat(rows, ignore_index=True)
    table = _name_rows(table, [schema.COUNTY, *names], months, metrics, schema.judged_at(own))
    rate = table["numerator"] / table["denominator"].where(table["denominator"] > 0)
    return table.assign(rate=rate)[COLUMNS]


def _name_rows(table, units, months, metrics, as_of):
    """Metric by metric, in it unit by unit, in it month by month: unit, month, is_settled."""
    settled = [np.tile(_find_settled(name, months, as_of), len(units)) for name in metrics]
    return table.assign(
        unit=np.tile(np.repeat(pd.array(units, dtype="str"), len(months)), len(metrics)),
        month=np.tile(pd.array(months, dtype="str"), len(units) * len(metrics)),
        is_settled=np.concatenate(settled),
    )


def _count_metric(name, masks, cells, shape):
    """The three counts of a metric, the county's months first, then unit by unit."""
    counts = [
        np.bincount(cells[np.asarray(mask, dtype=bool)], minlength=shape[0] * shape[1]) for mask in masks
    ]
    by_unit = [count.reshape(shape) for count in counts]
    whole = [np.concatenate([count.sum(axis=0), count.ravel()]) for count in by_unit]
    return pd.DataFrame(
        dict(zip(["numerator", "denominator", "pending"], whole, strict=True)), dtype="int64"
    ).assign(metric=name)


def _find_settled(metric, months, as_of):
    """Which months may be concluded from: all where a due time settles the metric, else those well past."""
    if DUES & {name for need in BY_NAME[metric].needs for name in schema.choices(need)}:
        return np.ones(len(months), dtype=bool)
    ends = pd.PeriodIndex(months, freq="M").end_time
    return np.asarray(ends + pd.Timedelta(days=SETTLED_DAYS) <= pd.Timestamp(as_of))
