"""漏斗图: which units lie so far from the county's rate that chance alone hardly brings them there.

Source: Spiegelhalter, Statistics in Medicine 24 (2005): exact binomial limits, interpolated between whole counts, at 95 % and
99.8 %; where the units differ more than chance from each other as a rule, the limits are widened by the winsorised
spread φ, and that is said. `fairness` says how sure a rank is and what the kinds of tickets explain; here is neither
a rank nor a cause.
"""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.comparing.months import NO_SIDE, is_lower_better
from toolkit.rounding import percent
from toolkit.scoring.catalogue import BY_NAME, lead_variants

BEYOND_ALL, BEYOND, WITHIN, TOO_FEW = "99.8%界限以外", "95%界限以外", "界限以内", "没有相应工单"
TAILS = {"95": 0.025, "998": 0.001}  # on each side
WINSORISED = 0.1  # the share of units at each end whose distance is drawn in to the next one's
LEAST_UNITS = 10  # fewer do not tell by how much units differ as a rule
NEARLY = 1e-9  # a rate exactly on its limit is not beyond it
LIMITS = ["low95", "high95", "low998", "high998"]
FUNNEL = ["unit", "metric", "numerator", "denominator", "rate", "county_rate", *LIMITS]
FUNNEL += ["position", "is_better", "spread", "is_widened"]
HOW_DRAWN = "界限按全县比率和各单位件数计算：只凭偶然，约有5%、0.2%的单位落在95%、99.8%界限以外；界限以内的差别说明不了好坏"


def find_funnel(scorecard, metric):
    """Each unit's rate beside the limits that the county's rate leaves for so many tickets.

    Reads a scorecard with the county's own row. position: 界限以内, 95%界限以外, 99.8%界限以外, or 没有相应工单; is_better:
    whether a unit beyond the 95 % limits stands on the better side, missing within them. `spread` is φ, by how many
    times the units' variance exceeds chance (at least 1); is_widened: whether the limits were widened by its root.
    Rates and limits are 0 to 1.
    """
    rows = scorecard[scorecard["metric"].eq(metric)]
    county = rows.loc[rows["unit"].eq(schema.COUNTY), "rate"]
    units = rows[~rows["unit"].isin([schema.COUNTY, schema.NO_UNIT])]
    units = units.sort_values("unit", kind="stable", ignore_index=True)
    if units.empty or county.isna().all():
        return pd.DataFrame(columns=FUNNEL).astype({"unit": "str", "metric": "str"})
    rate, among = float(county.iloc[0]), units["denominator"].to_numpy("float64")
    spread = estimate_spread(units["numerator"].to_numpy("float64"), among, rate)
    table = units[["unit", "metric", "numerator", "denominator", "rate"]].assign(
        county_rate=rate, spread=spread, is_widened=spread > 1, **draw_limits(among, rate, spread)
    )
    return _place(table, metric)[FUNNEL]


def find_funnels(scorecard, also=()):
    """`find_funnel` of each family's leading rate that has a better side, and of the rates in `also`, one under the other."""
    names = set(scorecard.loc[scorecard["denominator"].notna(), "metric"])
    leads = [variants[0] for family, variants in lead_variants(names).items() if family not in NO_SIDE]
    rates = dict.fromkeys([metric.name for metric in leads] + [name for name in also if name in names])
    parts = [find_funnel(scorecard, name) for name in rates if not BY_NAME[name].weighted]
    return pd.concat(parts, ignore_index=True) if parts else find_funnel(scorecard.head(0), "")


def draw_limits(among, rate, spread=1.0):
    """The four limits for so many tickets each, as arrays: to stand beside units, or to draw the curves over 1 … n."""
    lows = {f"low{name}": _find_low(among, rate, tail, spread) for name, tail in TAILS.items()}
    highs = {f"high{name}": 1 - _find_low(among, 1 - rate, tail, spread) for name, tail in TAILS.items()}
    return lows | highs


def draw_curve(rate, spread, most, points=200):
    """The limits over the number of tickets, 1 to `most`, close together where they bend: denominator and LIMITS."""
    among = np.unique(np.round(np.geomspace(1, max(most, 1), points)))
    return pd.DataFrame({"denominator": among.astype("int64"), **draw_limits(among, rate, spread)})


def _find_low(among, rate, tail, spread):
    """Spiegelhalter's A.1.1: the smallest count r with P(R ≤ r) ≥ tail, less the part of its probability not needed."""
    from scipy.stats import binom

    among = np.asarray(among, dtype="float64")
    if not 0 < rate < 1:
        return np.full(len(among), float(rate))
    count = np.maximum(binom.ppf(tail, among, rate), 0)
    reached, below = binom.cdf(count, among, rate), binom.cdf(count - 1, among, rate)
    limit = (count - (reached - tail) / (reached - below)) / np.maximum(among, 1)
    return np.clip(rate - (rate - limit) * np.sqrt(spread), 0, 1)


def estimate_spread(counted, among, rate):
    """φ: the mean squared distance to the county's rate in binomial sigma, the ends winsorised; 1 where chance explains it.

    More than chance is φ over 1 + 2√(2/units), its mean and twice its standard deviation if there were nothing else.
    """
    is_there = among > 0
    units = int(is_there.sum())
    if units < LEAST_UNITS or not 0 < rate < 1:
        return 1.0
    counted, among = counted[is_there], among[is_there]
    apart = (counted - among * rate) / np.sqrt(among * rate * (1 - rate))
    low, high = np.quantile(apart, [WINSORISED, 1 - WINSORISED])
    spread = float((np.clip(apart, low, high) ** 2).mean())
    return spread if spread > 1 + 2 * np.sqrt(2 / units) else 1.0


def _place(table, metric):
    rate = table["rate"].to_numpy("float64")
    below = {name: rate < table[f"low{name}"].to_numpy() - NEARLY for name in TAILS}
    above = {name: rate > table[f"high{name}"].to_numpy() + NEARLY for name in TAILS}
    beyond = {name: below[name] | above[name] for name in TAILS}
    words = np.select([np.isnan(rate), beyond["998"], beyond["95"]], [TOO_FEW, BEYOND_ALL, BEYOND], WITHIN)
    is_better = pd.Series(above["95"] ^ is_lower_better(metric), table.index).astype("boolean")
    return table.assign(position=pd.Series(words, dtype="str"), is_better=is_better.where(beyond["95"]))


def say_funnel(funnel):
    """One sentence: how many units lie beyond the limits, better or worse, and whether the limits were widened."""
    if funnel.empty:
        return "没有可比的单位。"
    first, known = funnel.iloc[0], funnel["rate"].notna()
    told = f"全县{first['metric']}{percent(first['county_rate'])}，{known.sum()}个单位"
    sides = [_say_side(funnel, *side) for side in (("好于全县", True), ("差于全县", False))]
    found = "，".join(side for side in sides if side)
    told += f"中，超出95%界限、{found}" if found else "都在偶然波动的界限以内"
    widened = (
        f"；各单位差异普遍大于偶然（φ={first['spread']:.1f}），界限已相应放宽" if first["is_widened"] else ""
    )
    return told + widened + "。"


def _say_side(funnel, word, is_better):
    positions = funnel.loc[funnel["is_better"].eq(is_better).fillna(False), "position"]
    far = positions.eq(BEYOND_ALL).sum()
    return (
        f"{word}的{len(positions)}个" + (f"（其中{far}个超出99.8%界限）" if far else "")
        if len(positions)
        else ""
    )
