"""What tests of scoring schemes share: schemes of one item, and scorecards typed by hand."""

import pandas as pd

from toolkit.assessing.points import apply_scheme
from toolkit.assessing.standings import stand

TIMELY, SATISFIED = "按时办结率（÷应办结）", "满意率（÷评价）"
RECEIVED, SOLVED, REPLIED = "受理件数", "解决率（÷已表态）", "按期回复率（÷受理）"
NO_RANKS = {"kind": "none", "why": "测试"}


def make_item(name="按时办结", metric=TIMELY, weight=25, target=100, per_point=1, **more):
    return {
        "name": name,
        "metric": metric,
        "weight": weight,
        "target": target,
        "per_point": per_point,
    } | more


def make_rate(name, metric, weight, **more):
    return {"name": name, "metric": metric, "weight": weight, "scoring": "proportional"} | more


def make_scheme(*items, **more):
    made = {"name": "试行", "source": "测试", "items": list(items), "presentation": NO_RANKS}
    return made | {"least_evaluable": 0} | more  # how much must have data is asked in tests of its own


def make_scorecard(units):
    """Unit → metric → (numerator, denominator), or a number of tickets for a count."""
    rows = [
        (unit, metric, *(counts if isinstance(counts, tuple) else (counts, None)))
        for unit, metrics in units.items()
        for metric, counts in metrics.items()
    ]
    scorecard = pd.DataFrame(rows, columns=["unit", "metric", "numerator", "denominator"])
    scorecard = scorecard.astype(
        {"unit": "str", "metric": "str", "numerator": "Int64", "denominator": "Int64"}
    )
    return scorecard.assign(
        rate=(scorecard["numerator"] / scorecard["denominator"]).astype("float64"), definition="口径"
    )


def score_units(scheme, units, groups=None):
    """The items of units typed by hand; all of one group unless said otherwise."""
    return apply_scheme(make_scorecard(units), scheme, groups or dict.fromkeys(units, "乡镇"))


def stand_units(scheme, units, groups=None):
    return stand(score_units(scheme, units, groups), scheme, make_scorecard(units)).set_index("unit")


def only(items):
    assert len(items) == 1
    return items.iloc[0]
