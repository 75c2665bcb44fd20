"""What to aim at next: the widest gaps to a target, in tickets."""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.assessing.scheme import read_scheme
from toolkit.rounding import count_text, percent, short_percent
from toolkit.scoring.catalogue import BY_NAME
from toolkit.scoring.metric import name_deed, name_plainly

TARGETS = ["unit", "metric", "numerator", "denominator", "rate", "target", "basis", "gap", "more", "better"]


TARGETS += ["sentence"]


ROUNDING = 1e-9  # the last bits of a float: 6/7 of seven tickets are six, not seven
LEAST_PEERS = 3  # a median of one or two units is no standard


def next_targets(scorecard, groups, scheme, most=3):
    """下一步目标：本单位与目标差距最大的几项指标，写明现值、目标和相当于多少件工单。

    scorecard: unit, metric, numerator, denominator, rate, 全县 among the units. groups: unit → its group (乡镇,
    县直部门 …). scheme: its items are what counts, with their targets; an item without a target aims at the
    median of the group, or at the county's rate where fewer than LEAST_PEERS units of the group have it.
    Gives at most `most` rows a unit, the widest gap first: target, basis (whose it is), gap (above 0), more
    (tickets by which the same denominator would have met the target), better (higher or lower) and a
    sentence. A unit that meets every target has no row. Weighted rates are left out: they are not made of
    whole tickets.
    """
    items = {item.metric: item for item in read_scheme(scheme).items}
    names = [name for name in items if not BY_NAME[name].is_count and not BY_NAME[name].weighted]
    rates = scorecard[scorecard["metric"].isin(names)].dropna(subset=["rate"])
    county = rates[rates["unit"].eq(schema.COUNTY)].set_index("metric")["rate"]
    units = rates[~rates["unit"].isin([schema.COUNTY, schema.NO_UNIT])]
    units = units.assign(group=units["unit"].map(groups).astype("str").fillna(""))
    units = _find_gaps(_set_targets(units, county, items), items)
    behind = units[units["gap"].gt(ROUNDING) & units["more"].gt(0)]
    behind = behind.sort_values(["unit", "gap", "metric"], ascending=[True, False, True], kind="stable")
    chosen = behind.drop_duplicates(["unit", "family"])  # of rival variants only the widest gap
    chosen = chosen.groupby("unit", sort=False).head(most).reset_index(drop=True)
    return chosen.assign(sentence=pd.Series(map(_say_target, chosen.itertuples()), dtype="str"))[TARGETS]


def _find_gaps(units, items):
    """How far each rate is from its target, above 0 where it falls short, and how many tickets that is."""
    lower = [name for name, item in items.items() if item.better == "lower"]
    units = units.assign(better=units["metric"].isin(lower).map({True: "lower", False: "higher"}))
    short = units["target"] - units["rate"]
    gap = short.where(units["better"].eq("higher"), -short)
    return units.assign(gap=gap, more=_count_more(units), family=units["metric"].map(name_plainly))


def _set_targets(units, county, items):
    """Each unit's target and whose it is: the scheme's, the median of the group, or the county's rate."""
    same = units.groupby(["group", "metric"])["rate"]
    is_enough = same.transform("size").ge(LEAST_PEERS) & units["group"].ne("")
    usual = same.transform("median").where(is_enough, units["metric"].map(county).astype("float64"))
    basis = (units["group"] + "中位数").where(is_enough, "全县水平")
    own = [
        items[metric].target_for(unit, group)
        for unit, group, metric in units[["unit", "group", "metric"]].itertuples(index=False)
    ]
    given = pd.Series([None if t is None else float(t / 100) for t in own], units.index, dtype="float64")
    return units.assign(target=given.fillna(usual), basis=basis.mask(given.notna(), "考核目标"))


def _count_more(units):
    """By how many tickets the numerator would have had to differ for the rate to meet the target."""
    exact = (units["target"] * units["denominator"] - units["numerator"]).astype("float64")
    more = exact.where(units["better"].eq("higher"), -exact)
    return np.ceil(more - ROUNDING).astype("Int64")


def _say_target(row):
    is_more = row.better == "higher"
    now = f"{percent(row.rate)}（{count_text(row.numerator)}/{row.denominator}）"
    verb, word = ("提高到", "多") if is_more else ("降低到", "少")
    aim = f"{verb}{short_percent(row.target)}（{row.basis}）"
    return f"下一步，将{name_plainly(row.metric)}由{now}{aim}，即{word}{name_deed(row.metric)}{row.more}件。"
