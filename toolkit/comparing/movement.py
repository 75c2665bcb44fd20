"""Movement: a period against the one before (环比) and the year before (同比), and who moved the county.

A change is told as it is printed: the difference of two rates is that of the two printed rates, so that a
reader who subtracts finds the same number, and 持平 stands exactly where both look alike.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from toolkit.clocking.clock import clock
from toolkit.period import Period, parse_as_of, parse_period
from toolkit.rounding import compare_counts, count_text, percent, round_half_up
from toolkit.scoring.score import score

PERIOD_BEFORE, YEAR_BEFORE = "环比", "同比"
DECIMALS, CONTRIBUTION_DECIMALS = 1, 2  # decimals of a percentage as printed
COUNTS = ["numerator", "denominator", "rate"]
LEEWAY = 0.05  # of a span: so late the data may begin


class Span(NamedTuple):
    """An earlier period to compare with: 环比 or 同比, its days, and the moment at which it is judged."""

    against: str
    period: Period
    as_of: pd.Timestamp


class Earlier(NamedTuple):
    """An earlier span, the tickets received in it, clocked as they stood then, and their scorecard."""

    span: Span
    tickets: pd.DataFrame
    scorecard: pd.DataFrame


def earlier_spans(period, as_of):
    """The periods a report compares itself with, each cut and judged where the report's own is.

    A period that is over is compared whole, judged as long after its end as this one; a period that `as_of`
    cuts is compared with the same days of the earlier one, judged at the same hour (30 March with the last
    of February). A year has only 同比: the year before is the period before.
    """
    period = parse_period(period)
    as_of = parse_as_of(as_of)
    month_back = pd.DateOffset(months=period.months) if period.months else pd.Timedelta(days=period.days)
    spans = [
        _cut(PERIOD_BEFORE, period, period.before(), month_back, as_of),
        _cut(YEAR_BEFORE, period, period.year_before(), pd.DateOffset(years=1), as_of),
    ]
    return spans[1:] if spans[0].period == spans[1].period else spans


def keep_comparable(spans, period, received_at):
    """The spans that can be compared with, and for each of the others why not: 环比 or 同比 → a sentence.

    A span must lie wholly before the period, and within what the data cover: tickets that begin in May are no whole
    year before. Data may begin LEEWAY late (a share of the span, a week at least): few come in the first days.
    """
    first, kept, reasons = received_at.min(), [], {}
    for span in spans:
        start = pd.Timestamp(span.period.start)
        leeway = max(pd.Timedelta(days=7), LEEWAY * pd.Timedelta(days=span.period.days))
        if span.period.end >= period.start:
            reasons[span.against] = "统计期间与所比期间重叠，不作比较"
        elif pd.isna(first) or first >= start + leeway:
            since = "没有注明受理时间" if pd.isna(first) else f"自{first:%Y-%m-%d}起"
            reasons[span.against] = f"导出表{since}，不含整个{span.period.start}至{span.period.end}，不作比较"
        else:
            kept.append(span)
    return kept, reasons


def _cut(against, period, earlier, back, as_of):
    if as_of.date() >= period.end:
        lag = as_of - pd.Timestamp(period.end)
        return Span(against, earlier, pd.Timestamp(earlier.end) + lag)
    moment = as_of - back
    end = max(earlier.start, min(earlier.end, moment.date()))
    return Span(against, Period(start=earlier.start, end=end), moment)


def score_earlier(tickets, policy, span, events=None, by="unit"):
    """An earlier span, the tickets received in it, clocked as they stood at its own cut-off, and their scorecard.

    Reads tickets as `load` gives them, and the column `by`. A reply that came after the cut-off is not known yet, so
    that an earlier period has no longer time to be answered than the report's own. A ticket without receipt
    time is in no span.
    """
    before = clock_span(tickets, policy, span, events)
    return Earlier(span, before, score(before, by))


def clock_span(tickets, policy, span, events=None):
    """The tickets received in a span by its cut-off, clocked as they stood then."""
    held = span.period.holds(tickets["received_at"]) & tickets["received_at"].le(span.as_of)
    return clock(tickets[held], policy, span.as_of, events)


def compare_spans(now, earlier, period, as_of):
    """How every unit and the county stand against the period before and the year before, one under the other.

    now: the period's scorecard; earlier: pairs of a span and its scorecard, of `score_earlier`. Adds to
    `compare_periods`: against (环比 or 同比), days and days_before, period_before.
    """
    days = min(period.days, (as_of.date() - period.start).days + 1)
    parts = [
        compare_periods(now, before).assign(
            against=span.against,
            days=days,
            days_before=span.period.days,
            period_before=str(span.period),
        )
        for span, before in earlier
    ]
    if not parts:  # typed all the same
        words = dict.fromkeys(["against", "period_before"], "")
        return compare_periods(now, now).head(0).assign(**words, days=days, days_before=0)
    return pd.concat(parts, ignore_index=True)


def compare_periods(now, before):
    """Two scorecards side by side: each unit's and metric's counts, the change, and 上升, 下降 or 持平.

    `change` is tickets for a count and percentage points for a rate, `relative` the change as a share of the
    earlier value. A unit that is in one scorecard only counts as 0 tickets in the other; where a rate has no
    tickets in either period, or a metric is missing from one scorecard though it has others, change and word
    are missing.
    """
    both = side_by_side(now, before)
    is_rate = both["denominator"].notna() | both["denominator_before"].notna()
    printed = [_printed(both, end, is_rate) for end in ("", "_before")]
    changes = [_change(*pair) for pair in zip(*printed, strict=True)]
    change, relative, word = zip(*changes, strict=True) if changes else ((), (), ())
    return both.assign(
        change=pd.Series(change, both.index, dtype="float64"),
        relative=pd.Series(relative, both.index, dtype="float64"),
        word=pd.Series(word, both.index, dtype="str"),
    )


def side_by_side(now, before):
    """The counts of both scorecards, a row per unit and metric; none where one has no ticket."""
    keys = ["unit", "metric"]
    rows = pd.concat([now, before])[[*keys, "definition"]].drop_duplicates(keys)
    both = rows.merge(now[[*keys, *COUNTS]], on=keys, how="left")
    both = both.merge(before[[*keys, *COUNTS]], on=keys, how="left", suffixes=("", "_before"))
    known = _is_known(both, now) & _is_known(both, before)
    rates = pd.concat([now, before]).dropna(subset="denominator")["metric"].unique()
    for end in ("", "_before"):
        counted, among = "numerator" + end, "denominator" + end
        both[counted] = both[counted].mask(known & both[counted].isna(), 0)
        both[among] = both[among].mask(known & both["metric"].isin(rates) & both[among].isna(), 0)
    return both


def _is_known(both, scorecard):
    """Which metrics a scorecard counts; one of no tickets at all counts them all, as none."""
    return both["metric"].isin(scorecard["metric"]) | scorecard.empty


def _printed(both, end, is_rate):
    """What is printed of each value: a rate in percent, rounded; a count as it is."""
    values = both["rate" + end].where(is_rate, both["numerator" + end].astype("Float64"))
    return [
        None if pd.isna(value) else 100 * round_half_up(value, DECIMALS + 2) if rate else value
        for value, rate in zip(values.tolist(), is_rate.tolist(), strict=True)
    ]


def _change(now, before):
    return (np.nan, np.nan, None) if now is None or before is None else compare_counts(now, before)


def say_change(row):
    """环比上升1.2个百分点; 同比下降2件（9.5%）; 环比持平; or that there is nothing to compare with."""
    against, is_rate = row["against"], not pd.isna(row["denominator"])
    if pd.isna(row["change"]):
        return f"{against}无可比工单"
    if row["change"] == 0:
        return f"{against}{row['word']}"
    if is_rate:
        return f"{against}{row['word']}{abs(row['change']):.{DECIMALS}f}个百分点"
    share = "" if pd.isna(row["relative"]) else f"（{percent(abs(row['relative']))}）"
    return f"{against}{row['word']}{count_text(abs(row['change']))}件{share}"
