"""Fair comparison: what a rate is worth when a unit has few tickets, or tickets of a hard kind.

Three questions, three tables: `shrink_rates` (what the unit's rate would be with as many tickets as the
others), `adjust_case_mix` (what the county achieves on the same kinds of tickets), `rank_certainty` (how sure
a rank is). No rank is printed without the third.
"""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.scoring.catalogue import BY_NAME
from toolkit.scoring.tally import wilson_interval

NO_VALUE = "（未填）"
SURE = 0.9  # how probable a place among the first or last must be before a unit is named for it
ENDS = 3  # how many units are the first or the last
FIRST, LAST, UNSURE = "居前", "居后", "不分先后"
SHRUNKEN = [
    *["unit", "group", "metric", "numerator", "denominator", "rate", "low", "high"],
    *["shrunken", "shrunken_low", "shrunken_high", "prior_rate", "prior_count", "definition"],
]


def shrink_rates(scorecard, metric, groups=None):
    """Each unit's rate with its 95 % interval, and beside it the rate shrunken towards its group's.

    Reads a scorecard (the county's own row is left out) and groups, unit → group (乡镇, 县直部门 …; None: all
    units are one group). shrunken = (numerator + K·m) ÷ (denominator + K), where m, `prior_rate`, is the rate
    of the whole group and K, `prior_count`, how many tickets the group's experience counts as: few where
    units truly differ, many where their rates differ no more than chance makes them (empirical Bayes,
    beta-binomial, K by moments, at most all of the group's tickets). Its interval is the middle 95 % of
    Beta(numerator + K·m, denominator − numerator + K·(1 − m)), wider only where that would leave the shrunken
    rate itself out. A unit without tickets in the denominator has no rate, and its shrunken rate is the
    group's. Rates are 0 to 1.
    """
    rows = _rows_of(scorecard, metric, groups)
    if rows.empty:
        return rows.reindex(columns=SHRUNKEN)
    counted, among = (rows[name].to_numpy("float64") for name in ("numerator", "denominator"))
    prior_rate, prior_count = _find_priors(counted, among, rows["group"].to_numpy())
    hits = counted + prior_count * prior_rate
    misses = among - counted + prior_count * (1 - prior_rate)
    low, high = wilson_interval(rows["numerator"], rows["denominator"])
    rate = np.divide(counted, among, out=np.full(len(rows), np.nan), where=among > 0)
    found = rows.assign(rate=rate, low=low, high=high, prior_rate=prior_rate, prior_count=prior_count)
    return found.assign(**_shrink(hits, misses))[SHRUNKEN]


def _shrink(hits, misses):
    """The mean and its middle 95 %; next to 0 or 1 that may leave the mean out: no rate is printed outside its interval."""
    shrunken = hits / (hits + misses)
    low, high = beta_interval(hits, misses, 0.95)
    return {
        "shrunken": shrunken,
        "shrunken_low": np.minimum(low, shrunken),
        "shrunken_high": np.maximum(high, shrunken),
    }


def _rows_of(scorecard, metric, groups):
    """The units' rows of one metric, with the group of each; in the order of their names."""
    rows = scorecard[scorecard["metric"].eq(metric) & scorecard["unit"].ne(schema.COUNTY)]
    rows = rows.sort_values("unit", kind="stable", ignore_index=True)
    if rows["denominator"].isna().any():
        raise ValueError(f"'{metric}' is a plain count: a rate is needed, such as 按期回复率（÷受理）")
    named = rows["unit"].map(dict(groups)) if groups is not None else pd.Series(None, rows.index)
    return rows.assign(group=named.astype("str").fillna(NO_VALUE if groups is not None else schema.COUNTY))


def _find_priors(counted, among, groups):
    """For each unit the rate of its group and how many tickets the group's experience counts as."""
    codes, names = pd.factorize(groups)
    rates, counts = np.empty(len(names)), np.empty(len(names))
    for code in range(len(names)):
        own = codes == code
        rates[code], counts[code] = find_prior(counted[own], among[own])
    return rates[codes], counts[codes]


def find_prior(counted, among):
    """The rate m of units of one kind, and K: how many tickets it is worth against a unit's own.

    m = (Σn + ½) ÷ (ΣN + 1). With S = Σ N(n/N − m)² and k units, the share of the variance that lies between
    units is ρ = (S/(m(1−m)) − (k−1)) ÷ (ΣN − ΣN²/ΣN − (k−1)), and K = (1 − ρ)/ρ: 1 at least, ΣN at most.
    """
    counted, among = counted[among > 0], among[among > 0]
    whole = among.sum()
    rate = (counted.sum() + 0.5) / (whole + 1)
    spread = (among * (counted / among - rate) ** 2).sum() / (rate * (1 - rate))
    chance = len(among) - 1
    room = whole - (among**2).sum() / max(whole, 1) - chance
    between = (spread - chance) / room if room > 0 else 0.0
    most = max(whole, 1.0)
    return rate, float(np.clip((1 - between) / between, 1, most)) if between > 0 else most


def beta_interval(hits, misses, share):
    """The middle `share` of Beta(hits, misses), end by end: as much of it lies below as above."""
    from scipy.special import betaincinv

    return tuple(betaincinv(hits, misses, tail) for tail in ((1 - share) / 2, (1 + share) / 2))


# --- how sure a rank is ----------------------------------------------------------------------------


def rank_certainty(scorecard, metric, draws, seed, groups=None, lowest_first=False):
    """How sure each unit's rank in its group is: its likely range, and how probably it is among the first or last.

    Draws every unit's true rate `draws` times from what its own tickets and its group tell (the Beta of
    `shrink_rates`; a plain bootstrap would be sure of a unit whose three tickets agree), and ranks each
    draw. Adds to `shrink_rates`: `rank` by the shrunken rate (shared where equal), `units` in the group,
    `rank_low` and `rank_high`, between which the rank lies in 90 % of the draws, `first_share` and
    `last_share`, the share of draws in which it is among the first or last `ends` (ENDS, but no more than a
    third of the group), and `place`: 居前 or 居后 where the share is 90 % or more, else 不分先后. lowest_first: for a metric
    of which less is better. The same seed gives the same table; a unit without tickets is not ranked.
    """
    rates = shrink_rates(scorecard, metric, groups)
    ranked = [
        _rank_group(part, draws, np.random.default_rng([seed, place]), lowest_first)
        for place, (_, part) in enumerate(rates[rates["denominator"] > 0].groupby("group", sort=True))
    ]
    added = pd.concat(ranked) if ranked else pd.DataFrame(columns=["rank", "place"])
    return rates.join(added).sort_values(["group", "unit"], kind="stable", ignore_index=True)


def _rank_group(part, draws, rng, lowest_first):
    hits = part["shrunken"] * (part["denominator"].astype("float64") + part["prior_count"])
    misses = (1 - part["shrunken"]) * (part["denominator"].astype("float64") + part["prior_count"])
    drawn = rng.beta(hits.to_numpy(), misses.to_numpy(), size=(draws, len(part)))
    order = np.argsort(drawn if lowest_first else -drawn, axis=1)
    ranks = np.empty_like(order, dtype="int32")
    np.put_along_axis(ranks, order, np.arange(1, len(part) + 1, dtype="int32")[None, :], axis=1)
    count = min(ENDS, len(part) // 3)
    low, high = np.quantile(ranks, [0.05, 0.95], axis=0, method="inverted_cdf")
    first, last = (ranks <= count).mean(axis=0), (ranks > len(part) - count).mean(axis=0)
    return pd.DataFrame(
        {
            "rank": part["shrunken"].round(12).rank(method="min", ascending=lowest_first).astype("Int64"),
            "units": len(part),
            "ends": count,
            "rank_low": low.astype("int64"),
            "rank_high": high.astype("int64"),
            "first_share": first,
            "last_share": last,
            "place": np.select([first >= SURE, last >= SURE], [FIRST, LAST], UNSURE),
        },
        index=part.index,
    ).astype({"place": "str"})


# --- case mix --------------------------------------------------------------------------------------


def adjust_case_mix(tickets, marks, metric, by="category_top", unit="unit"):
    """Each unit's rate against what the county achieves on the same kinds of tickets.

    Reads the tickets, their marks (`marks.mark_tickets`), and `by`, one column or several whose values
    make the kinds; a missing value is a kind of its own. `expected` is how many of the unit's tickets would
    be in the numerator at the county's rate of their kind, `expected_rate` that number ÷ denominator,
    `ratio` numerator ÷ expected, `difference` rate − expected_rate in percentage points, with its 95 %
    interval (Wilson's, the county's rates taken as known). `comparable` is how many of its tickets are of
    kinds that other units handle too: with none, there is nothing to compare with, and ratio and difference
    are missing. Units without tickets in the denominator are not there.
    """
    columns = [by] if isinstance(by, str) else list(by)
    scored = marks[metric].notna()
    value = marks.loc[scored, metric].to_numpy("float64") / (100 if BY_NAME[metric].weighted else 1)
    rows = tickets.loc[scored, [unit, *columns]]
    units, unit_names = pd.factorize(rows[unit].fillna(schema.NO_UNIT), sort=True)
    kinds = rows.groupby(columns, dropna=False, sort=False).ngroup().to_numpy()
    expected, others = _expect(value, units, kinds)
    size = len(unit_names)
    sums = {
        "numerator": np.bincount(units, weights=value, minlength=size),
        "denominator": np.bincount(units, minlength=size),
        "expected": np.bincount(units, weights=expected, minlength=size),
        "comparable": np.bincount(units, weights=others, minlength=size).astype("int64"),
    }
    named = {"unit": pd.Series(unit_names, dtype="str"), "metric": metric}
    return _against_expected(pd.DataFrame(named | sums))


def _expect(value, units, kinds):
    """For each ticket the county's rate of its kind, and whether another unit handles the kind too."""
    kind_count = np.bincount(kinds)
    rates = np.bincount(kinds, weights=value) / np.maximum(kind_count, 1)
    own = pd.Series(units).groupby([units, kinds]).transform("size").to_numpy()
    return rates[kinds], kind_count[kinds] > own


def _against_expected(table):
    low, high = wilson_interval(table["numerator"], table["denominator"])
    expected_rate = table["expected"] / table["denominator"]
    rate = table["numerator"] / table["denominator"]
    alone = table["comparable"].eq(0)
    return table.assign(
        rate=rate,
        expected_rate=expected_rate,
        ratio=(table["numerator"] / table["expected"].where(table["expected"] > 0)).mask(alone),
        difference=(100 * (rate - expected_rate)).mask(alone),
        difference_low=(100 * (low - expected_rate)).mask(alone),
        difference_high=(100 * (high - expected_rate)).mask(alone),
    )
