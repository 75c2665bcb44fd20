"""What sums: numerators, denominators, and for times how many were answered and left open on each day.

The tallies of parts summed are the tally of the whole, so that units, months or machines may be counted
apart. Rates, intervals, medians and shares are computed from the summed tally.
"""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.scoring.catalogue import BY_NAME, METRICS, TIMES
from toolkit.scoring.marks import find_marks, read_marks
from toolkit.scoring.metric import read_metric_settings
from toolkit.scoring.survival import NEARLY, first_time, share_open

WILSON_Z = 1.959963984540054  # the 97.5th percentile of the normal distribution: a 95 % interval
FILLED = "已填："  # before a column: how many tickets fill it
COUNTS = ["numerator", "denominator"]


def tally(tickets, by=("unit",), with_excluded=False, names=None, marks=None):
    """Count every metric for every combination of the `by` columns, in whole numbers.

    Reads clocked tickets; those received after they were judged are not counted. by: columns; `month` is the month
    of receipt where the tickets have no such column; a missing unit is （未填单位）, other missing values
    stay missing. One row is a group × metric: `numerator` (of a weighted metric in hundredths of a ticket)
    and `denominator`, `days` missing. For 办理用时 one row is a group × whole working day: `numerator`
    tickets were answered after so many days, `denominator` left observation then, answered or still open
    when judged. Rows 已填：column say how many of the tickets fill a column a metric needs: by these
    `rates` knows in the sum what an export lacks. with_excluded: counts tickets excluded with approval too.
    names: only these metrics; what a rate rests on is named beside it. marks: what `mark_tickets` made of these tickets,
    row by row, those excluded as if they counted, where that is known already.
    """
    wanted = [metric for metric in [*METRICS, *TIMES] if names is None or metric.name in names]
    as_of, by = schema.judged_at(tickets), list(by)
    come = (~(tickets["received_at"] > as_of)).to_numpy()
    codes, groups = _number_groups(tickets, by)
    codes = np.where(come, codes, len(groups))  # what came later is a group of its own, cut off
    size, days, shares = len(groups), [], []
    found = (
        find_marks(tickets, wanted, with_excluded)
        if marks is None
        else read_marks(marks, tickets, wanted, with_excluded)
    )
    for metric, counted, among in found:
        if metric in TIMES:
            days.append(_count_days(metric.name, counted, among, tickets["handling_days"], codes, size))
        else:
            shares.append((metric.name, *_count_marks(counted, among, codes, size)))
    filled = [name for name in needed_columns([one for one in wanted if one not in TIMES]) if name in tickets]
    shares += [(FILLED + name, *_count_filled(tickets[name], codes, size)) for name in filled]
    rows = pd.concat([_line_up(shares, size), *days], ignore_index=True)
    rows = rows[rows["denominator"].gt(0)]
    known = groups.iloc[rows.pop("group")].reset_index(drop=True)
    return _sort(pd.concat([known, rows.reset_index(drop=True)], axis=1), by)


def needed_columns(metrics=METRICS):
    """The columns some metric cannot do without."""
    needs = dict.fromkeys(
        name for metric in metrics for need in metric.needs for name in schema.choices(need)
    )
    return list(needs)


def _number_groups(tickets, by):
    """Each ticket's group as a number, and the groups in order: one row each with the `by` columns."""
    codes, groups = np.zeros(len(tickets), dtype="int64"), pd.DataFrame(index=range(1))
    for name in by:
        own, values = pd.factorize(_values_of(tickets, name), sort=True)
        values = pd.Series(values)
        if (own < 0).any():  # one more, which stands for missing
            own, values = np.where(own < 0, len(values), own), values.reindex(range(len(values) + 1))
        codes, used = pd.factorize(codes * max(len(values), 1) + own, sort=True)
        groups = groups.iloc[used // max(len(values), 1)].reset_index(drop=True)
        groups[name] = values.iloc[used % max(len(values), 1)].reset_index(drop=True)
    return codes, groups


def _values_of(tickets, name):
    if name == "month" and name not in tickets:
        months = tickets["received_at"].to_numpy().astype("datetime64[M]")
        numbers, distinct = pd.factorize(months)
        words = np.append(np.datetime_as_string(pd.DatetimeIndex(distinct).to_numpy(), unit="M"), [None])
        return pd.Series(words[numbers], index=tickets.index, dtype="str")
    return tickets[name].fillna(schema.NO_UNIT) if name == "unit" else tickets[name]


def _count_marks(counted, among, codes, size):
    """How much is in the numerator and how many in the denominator, group by group."""
    levels = int(counted.max(initial=0)) + 1
    found = np.bincount((codes * levels + counted)[among], minlength=(size + 1) * levels)
    found = found.reshape(-1, levels)[:size]
    return found @ np.arange(levels), found.sum(axis=1)


def _count_filled(column, codes, size):
    filled = np.bincount(codes, weights=column.notna().to_numpy(), minlength=size + 1)[:size]
    return filled.astype("int64"), np.bincount(codes, minlength=size + 1)[:size]


def _line_up(shares, size):
    """The counts of every metric and group under one another."""
    names = [name for name, *_ in shares]
    counts = {
        "group": np.tile(np.arange(size), len(shares)),
        "metric": np.repeat(names, size),
        "numerator": np.concatenate([numerator for _, numerator, _ in shares]),
        "denominator": np.concatenate([denominator for _, _, denominator in shares]),
    }
    return pd.DataFrame(counts).assign(days=pd.array([pd.NA], dtype="Int64")[0]).astype({"days": "Int64"})


def _count_days(name, counted, among, days, codes, size):
    """How many were answered, and how many left observation, on each whole working day."""
    among = among & (codes < size)
    kept = pd.DataFrame(
        {"group": codes[among], "days": days.to_numpy()[among], "numerator": counted[among], "denominator": 1}
    )
    kept = kept.astype({"days": "Int64", "numerator": "int64"})
    return kept.groupby(["group", "days"], as_index=False).sum().assign(metric=name)


def sum_tallies(tallies, by):
    """The sum of tallies, by some of their columns; by=[] sums everything.

    tallies: one frame, or a list of frames of parts that share no ticket. The sum over the parts is the
    tally of the whole.
    """
    tallies = tallies if isinstance(tallies, pd.DataFrame) else pd.concat(tallies, ignore_index=True)
    by = list(by)
    summed = tallies.groupby([*by, "metric", "days"], as_index=False, dropna=False, sort=False)[COUNTS].sum()
    return _sort(summed, by)


def _sort(tallies, by):
    """Group by group, in the order of the metrics, day by day; the columns in their order."""
    order = {name: place for place, name in enumerate([*BY_NAME, *(FILLED + n for n in needed_columns())])}
    ordered = tallies.assign(metric=tallies["metric"].astype("str"), place=tallies["metric"].map(order))
    ordered = ordered.sort_values([*by, "place", "days"], kind="stable", ignore_index=True)
    return ordered[[*by, "metric", "days", *COUNTS]].astype(
        {"days": "Int64"} | dict.fromkeys(COUNTS, "int64")
    )


# --- from the sum ----------------------------------------------------------------------------------


def rates(tallies):
    """Each metric's rate with its 95 % Wilson interval: `[*by, metric, numerator, denominator, rate, low, high]`.

    `numerator` is in tickets, of a weighted metric with two decimals; a plain count has neither
    denominator nor rate. A metric whose columns no ticket fills is left out, a group without a ticket in
    its denominator too.
    """
    filled = set(tallies.loc[tallies["numerator"].gt(0), "metric"])
    names = [metric.name for metric in METRICS if not _lacks(metric, filled)]
    kept = tallies[tallies["metric"].isin(names)].reset_index(drop=True)
    kept = kept[_says_something(kept)].reset_index(drop=True)
    hundredths = kept["metric"].isin([metric.name for metric in METRICS if metric.weighted])
    numerator = kept["numerator"].astype("Float64")
    numerator = numerator.mask(hundredths, numerator / 100)
    is_count = kept["metric"].isin([metric.name for metric in METRICS if metric.is_count])
    denominator = kept["denominator"].astype("Int64").mask(is_count)
    low, high = wilson_interval(numerator, denominator)
    found = {"numerator": numerator, "denominator": denominator, "rate": _divide(numerator, denominator)}
    return kept[_by(tallies)].assign(metric=kept["metric"], **found, low=low, high=high)


def _says_something(tallies):
    """Whether a rate has what it rests on: without a rated ticket in its group there is no share of the satisfied."""
    rests_on = tallies["metric"].map({metric.name: metric.rests_on for metric in METRICS if metric.rests_on})
    asked = tallies[_by(tallies)].assign(metric=rests_on.astype("str"))[rests_on.notna()]
    bases = tallies[list(asked)].drop_duplicates().assign(is_there=True)
    says = pd.Series(True, index=tallies.index)
    says[asked.index] = asked.merge(bases, how="left")["is_there"].notna().to_numpy()
    return says


def _lacks(metric, filled):
    """Whether a column the metric needs is filled by no ticket; see `catalogue.lacking`."""
    return any(
        not any(FILLED + name in filled for name in schema.choices(need))
        for need in metric.needs
        if need != "answered_at"
    )


def _by(tallies):
    return [name for name in tallies.columns if name not in ("metric", "days", *COUNTS)]


def _divide(numerator, denominator):
    rate = numerator.astype("Float64") / denominator.astype("Float64")
    return rate.where(denominator.gt(0).fillna(False)).astype("float64")


def wilson_interval(numerator, denominator):
    """The 95 % Wilson interval of each rate, as two series; missing where the denominator is.

    For a weighted rate it is wider than need be. Source: Wilson, JASA 22 (1927).
    """
    count = denominator.astype("Float64").astype("float64").where(denominator.gt(0).fillna(False))
    share = numerator.astype("Float64").astype("float64") / count
    spread = WILSON_Z**2 / count
    middle = (share + spread / 2) / (1 + spread)
    half = WILSON_Z / (1 + spread) * np.sqrt(share * (1 - share) / count + spread / count / 4)
    return (middle - half).clip(lower=0), (middle + half).clip(upper=1)


def times(tallies, within=None):
    """How long it took: median, P90 and the share within so many working days, tickets still open counted in.

    Kaplan–Meier, to the day. `[*by, metric, answered, still_open, median_days, p90_days, within_1_days, …]`.
    A quantile is the first day by which that share was answered; missing where the share is not reached. A
    share is missing where nobody was watched for so many days and some are still open. within: numbers of
    days, by default those of parameters/metrics.yml.
    """
    within = read_metric_settings().within_days if within is None else within
    by = [*_by(tallies), "metric"]
    curve = follow(tallies)
    grouped = curve.groupby(by, dropna=False, sort=False)
    number = grouped.ngroup().to_numpy()
    found = grouped[COUNTS].sum().reset_index()
    found = found.assign(
        answered=found["numerator"], still_open=found["denominator"] - found["numerator"]
    ).drop(columns=COUNTS)
    days, left = curve["days"].to_numpy("float64"), curve["open_share"].to_numpy()
    quantiles = {"median_days": 0.5, "p90_days": 0.9}
    columns = {
        name: pd.array(first_time(number, len(found), days, left, share), dtype="Int64")
        for name, share in quantiles.items()
    }
    columns |= {f"within_{count}_days": _share_within(curve, number, count) for count in within}
    return found.assign(**columns)


def follow(tallies):
    """Day by day, `open_share`: the share not answered by the end of that day (Kaplan–Meier)."""
    by = [*_by(tallies), "metric"]
    days = tallies[tallies["days"].notna()].sort_values([*by, "days"], kind="stable", ignore_index=True)
    number = days.groupby(by, dropna=False, sort=False).ngroup().to_numpy()
    done, gone = (days[name].to_numpy("int64") for name in COUNTS)
    return days.assign(open_share=share_open(number, done, gone))


def _share_within(curve, number, days):
    answered = 1 - curve["open_share"]
    by_then = answered.where(curve["days"].le(days)).groupby(number).max().fillna(0.0)
    seen_long = curve["days"].groupby(number).max().ge(days)
    all_answered = curve["open_share"].groupby(number).min().le(NEARLY)
    return by_then.where((seen_long | all_answered).astype(bool)).to_numpy()
