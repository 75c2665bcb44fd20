"""The year: a unit's score from its months, what it is worth in the county's 综合考评, and what to aim at next."""

from decimal import Decimal
from math import ceil, floor
from typing import Annotated, Literal

import pandas as pd
from pydantic import Field

from toolkit import schema
from toolkit.score import percent, round_half_up
from toolkit.settings import Settings

MONTHS, TICKETS = "months", "tickets"
YEARS = ["unit", "months", "left_out", "tickets", "score", "worth", "sentence"]
TARGETS = ["unit", "metric", "numerator", "denominator", "rate", "target", "basis", "gap", "more", "sentence"]
ROUNDING = 1e-9  # the last bits of a float: 6/7 of seven tickets are six, not seven
LEAST_PEERS = 3  # a median of one or two units is no standard


class Annual(Settings):
    """How months become a year's score, and the score points of the 综合考评; [BK], to be set by the county."""

    mean: Literal["months", "tickets"] = MONTHS
    least_months: Annotated[int, Field(ge=1, le=12)] = 1
    worth: Annotated[float, Field(gt=0, le=1000)] = 5
    cap: Annotated[float, Field(gt=0, le=1000)] = 5


def score_year(standings, annual=None):
    """年度得分：参评各月的得分（折算百分制）平均，不参评的月份不计入并写明，再折算综合考评分值，不超过封顶分。

    standings: unit, month (2025-03), points, full, tickets, state (不参评 leaves the month out; so do missing
    points). annual.mean: "months" weighs each month alike, "tickets" by its tickets. annual.worth: what 100
    points of the year are worth in the 综合考评, annual.cap: at most. Fewer than annual.least_months months:
    a score, nothing converted. Gives unit, months (counted), left_out (the months, 、), tickets (of the
    counted months), score (0 to 100, more with a bonus; half up to two decimals; missing without a month),
    worth and a sentence.
    """
    annual = annual or Annual()
    scored = standings.assign(
        is_in=standings["state"].ne("不参评") & standings["points"].notna() & standings["full"].gt(0)
    ).sort_values(["unit", "month"], kind="stable")
    rows = [_score_unit(unit, months, annual) for unit, months in scored.groupby("unit", sort=False)]
    return pd.DataFrame(rows, columns=YEARS).astype({"score": "float64", "worth": "float64"})


def _score_unit(unit, months, annual):
    counted, out = months[months["is_in"]], months[~months["is_in"]]
    left_out = "、".join(_say_month(month) for month in out["month"])
    tickets = int(counted["tickets"].sum())
    score = _mean(counted, annual.mean)
    enough = score is not None and len(counted) >= annual.least_months
    worth = _convert(score, annual) if enough else None
    said = _say_year(unit, len(counted), left_out, score, worth, annual)
    return unit, len(counted), left_out, tickets, _number(score), _number(worth), said


def _number(value):
    return None if value is None else float(value)


def _mean(months, by):
    """The mean of the months' points in a hundred, exact until it is rounded."""
    weights = [_decimal(n) if by == TICKETS else Decimal(1) for n in months["tickets"]]
    if not sum(weights):
        return None
    shares = [_decimal(p) / _decimal(f) * 100 for p, f in zip(months["points"], months["full"], strict=True)]
    mean = sum(w * s for w, s in zip(weights, shares, strict=True)) / sum(weights)
    return round_half_up(mean, 2)


def _decimal(value):
    return Decimal(repr(float(value)))


def _convert(score, annual):
    return min(round_half_up(score * _decimal(annual.worth) / 100, 2), _decimal(annual.cap))


def _say_month(month):
    return f"{int(str(month)[-2:])}月"


def _say_year(unit, count, left_out, score, worth, annual):
    if score is None:
        return f"{unit}全年不参评。"
    out = f"（{left_out}不参评，不计入）" if left_out else ""
    how = "按月平均" if annual.mean == MONTHS else "按工单量加权平均"
    said = f"{unit}参评{count}个月{out}，年度得分{score:f}分（百分制，{how}）"
    if worth is None:
        return f"{said}，不足{annual.least_months}个月，不折算综合考评分值。"
    capped = f"，已达封顶{annual.cap:g}分" if worth == _decimal(annual.cap) else ""
    return f"{said}，折算综合考评{worth:f}分（百分折{annual.worth:g}分{capped}）。"


# --- what to aim at next -----------------------------------------------------------------------------


def next_targets(scorecard, groups, targets=None, lower_is_better=(), most=3):
    """下一步目标：本单位与同类单位差距最大的几项指标，写明现值、目标和相当于多少件工单。

    scorecard: unit, metric, numerator, denominator, rate of the metrics that count, 全县 among the units.
    groups: unit → its group (乡镇, 县直部门 …). targets: metric → the scheme's target as a rate; without one
    the median of the group, and where fewer than LEAST_PEERS units of it have the metric, the county's rate.
    lower_is_better: metrics of which less is better. Gives at most `most` rows a unit, the widest gap first:
    target, basis (whose it is), gap (rate, always above 0), more (tickets by which the same denominator
    would have met the target) and a sentence. A unit that meets every target has no row.
    """
    rates = scorecard.dropna(subset=["rate"])
    county = rates[rates["unit"].eq(schema.COUNTY)].set_index("metric")["rate"]
    units = rates[rates["unit"].ne(schema.COUNTY)]
    units = units.assign(group=units["unit"].map(groups).astype("str").fillna(""))
    same = units.groupby(["group", "metric"])["rate"]
    is_enough = same.transform("size").ge(LEAST_PEERS) & units["group"].ne("")
    target = same.transform("median").where(is_enough, units["metric"].map(county))
    basis = (units["group"] + "中位数").where(is_enough, "全县水平")
    given = units["metric"].map(targets or {}).astype("float64")
    units = units.assign(
        target=given.fillna(target), basis=basis.mask(given.notna(), "考核目标"), order=range(len(units))
    )
    sign = units["metric"].isin(list(lower_is_better)).map({True: -1, False: 1})
    units = units.assign(sign=sign, gap=(units["target"] - units["rate"]) * sign)
    behind = units[units["gap"].gt(1e-12)]
    behind = behind.assign(more=_count_more(behind))
    behind = behind[behind["more"].gt(0)]
    behind = behind.sort_values(["unit", "gap", "order"], ascending=[True, False, True], kind="stable")
    plain = behind["metric"].map(name_plainly)  # of rival variants of a metric only the widest gap
    chosen = behind[~behind.assign(plain=plain).duplicated(["unit", "plain"])]
    chosen = chosen.groupby("unit", sort=False).head(most).reset_index(drop=True)
    said = [_say_target(row) for row in chosen.itertuples()]
    return chosen.assign(sentence=pd.Series(said, dtype="str"))[TARGETS]


def _count_more(behind):
    """By how many tickets the numerator would have had to differ for the rate to meet the target."""
    wanted = [
        ceil(exact - ROUNDING) if sign > 0 else floor(exact + ROUNDING)
        for exact, sign in zip(behind["target"] * behind["denominator"], behind["sign"], strict=True)
    ]
    return (pd.Series(wanted, index=behind.index) - behind["numerator"]).abs().astype("int64")


def _say_target(row):
    deed = name_deed(row.metric)
    what = f"多{deed}{row.more}件" if row.sign > 0 else f"少{deed}{row.more}件"
    verb = "提高到" if row.sign > 0 else "降低到"
    now = f"{percent(row.rate)}（{row.numerator}/{row.denominator}）"
    whose = f"（{row.basis}）"
    return f"下一步，将{name_plainly(row.metric)}由{now}{verb}{short_percent(row.target)}{whose}，即{what}。"


def name_plainly(metric):
    """The metric without its variant: 按期回复率（÷受理） → 按期回复率."""
    return metric.split("（")[0]


def name_deed(metric):
    """What a ticket of the numerator is: 按期回复率（÷受理） → 按期回复."""
    return name_plainly(metric).removesuffix("率")


def short_percent(rate):
    """A target as a person writes it: 95%, not 95.0%."""
    return percent(rate).replace(".0%", "%")
