"""The year: a unit's score from its months, what it is worth in the county's 综合考评, and what to aim at next."""

from fractions import Fraction

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.errors import ParameterError
from toolkit.metrics import BY_NAME
from toolkit.points import apply_scheme, plain, round_half_up
from toolkit.scheme import read_scheme
from toolkit.score import answer_stage, count_text, percent, score_tally
from toolkit.standings import NOT_ASSESSED, STANDINGS, TOO_FEW, stand
from toolkit.tally import tally

YEARS = ["unit", "months", "left_out", "tickets", "score", "worth", "sentence"]
TARGETS = ["unit", "metric", "numerator", "denominator", "rate", "target", "basis", "gap", "more", "better"]
TARGETS += ["sentence"]
ROUNDING = 1e-9  # the last bits of a float: 6/7 of seven tickets are six, not seven
LEAST_PEERS = 3  # a median of one or two units is no standard


def stand_by_month(tickets, scheme, as_of):
    """各月参评情况和得分：当月受理的工单，按统计截止时的办理情况计分。

    tickets: the county's for the year, after `clock`. Gives the columns of `stand` and month (2025-03); every
    unit stands in every month, 不参评 where it has nothing to be assessed by. A month's later answers and
    call-backs count, so that its points may differ from those of its own bulletin.
    """
    scheme = read_scheme(scheme)
    groups = tickets["unit_group"].groupby(tickets["unit"].fillna(schema.NO_UNIT)).first()
    tallies, stage = tally(tickets, as_of, ["unit", "month"]), answer_stage(tickets)
    parts = []
    for month, own in tallies.dropna(subset=["month"]).groupby("month"):
        scorecard = score_tally(own.drop(columns="month"), stage)
        parts.append(stand(apply_scheme(scorecard, scheme, groups), scheme, scorecard).assign(month=month))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*STANDINGS, "month"])


def score_year(standings, scheme):
    """年度得分：参评各月的得分（折算百分制）平均，不参评的月份不计入并写明，再折算综合考评分值，不超过封顶分。

    standings: unit, month (2025-03), points, full, tickets, state, as `stand_by_month` gives them; a month
    不参评 or without points is left out, one of 件数不足 counts. scheme: its `annual` says how the months
    weigh and what the year is worth; without it a ParameterError. Gives unit, months (counted), left_out (the
    months, 、), tickets (of the counted months), score (0 to 100, more with a bonus; rounded half up like the
    scheme's points), worth (missing with too few months) and a sentence.
    """
    scheme = read_scheme(scheme)
    if scheme.annual is None:
        raise ParameterError(
            f"scheme '{scheme.name}' does not say how months become a year: add `annual:` as in county_default.yml"
        )
    is_in = standings["state"].ne(NOT_ASSESSED) & standings["points"].notna()
    marked = standings.assign(is_in=is_in).sort_values(["unit", "month"], kind="stable")
    rows = [_score_unit(unit, months, scheme) for unit, months in marked.groupby("unit", sort=False)]
    return pd.DataFrame(rows, columns=YEARS)


def _score_unit(unit, months, scheme):
    counted, out = months[months["is_in"]], months[~months["is_in"]]
    left_out = "、".join(f"{int(str(month)[-2:])}月" for month in out["month"])
    mean = _mean(counted, scheme)
    is_enough = mean is not None and len(counted) >= scheme.annual.least_months
    worth = _convert(mean, scheme) if is_enough else None
    said = _say_year(unit, counted, left_out, mean, worth, scheme.annual)
    return unit, len(counted), left_out, int(counted["tickets"].sum()), mean, worth, said


def _mean(months, scheme):
    """The mean of the months' points in a hundred, exact until it is rounded."""
    by_tickets = scheme.annual.mean == "tickets"
    weights = [Fraction(int(count) if by_tickets else 1) for count in months["tickets"]]
    if not sum(weights):
        return None
    points, full = ([Fraction(str(value)) for value in months[name]] for name in ("points", "full"))
    total = sum(w * p * 100 / f for w, p, f in zip(weights, points, full, strict=True))
    return round_half_up(total / sum(weights), scheme.points_places)


def _convert(mean, scheme):
    worth = round_half_up(Fraction(mean) * Fraction(scheme.annual.worth) / 100, scheme.points_places)
    return min(worth, scheme.annual.cap)


def _say_year(unit, counted, left_out, mean, worth, annual):
    if mean is None:
        return f"{unit}全年不参评。"
    few = int(counted["state"].eq(TOO_FEW).sum())
    notes = [f"{left_out}不参评，不计入"] if left_out else []
    notes += [f"其中{few}个月件数不足"] if few else []
    aside = f"（{'；'.join(notes)}）" if notes else ""
    how = "各月同等" if annual.mean == "months" else "按件数加权"
    said = f"{unit}参评{len(counted)}个月{aside}，年度得分{mean}分（百分制，{how}平均）"
    if worth is None:
        return f"{said}，不足{annual.least_months}个月，不折算综合考评分。"
    capped = "，已到上限" if worth == annual.cap else ""
    return f"{said}，折算综合考评{plain(worth)}分（百分折{plain(annual.worth)}分{capped}）。"


# --- what to aim at next -----------------------------------------------------------------------------


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
    units = _set_targets(units, county, items)
    lower = [name for name, item in items.items() if item.better == "lower"]
    units = units.assign(better=units["metric"].isin(lower).map({True: "lower", False: "higher"}))
    gap = (units["target"] - units["rate"]).where(
        units["better"].eq("higher"), units["rate"] - units["target"]
    )
    units = units.assign(gap=gap, more=_count_more(units), family=units["metric"].map(name_plainly))
    behind = units[units["gap"].gt(ROUNDING) & units["more"].gt(0)]
    behind = behind.sort_values(["unit", "gap", "metric"], ascending=[True, False, True], kind="stable")
    chosen = behind.drop_duplicates(["unit", "family"])  # of rival variants only the widest gap
    chosen = chosen.groupby("unit", sort=False).head(most).reset_index(drop=True)
    return chosen.assign(sentence=pd.Series(map(_say_target, chosen.itertuples()), dtype="str"))[TARGETS]


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


def name_plainly(metric):
    """The metric without its variant: 按期回复率（÷受理） → 按期回复率."""
    return metric.split("（")[0]


def name_deed(metric):
    """What a ticket of the numerator is: 按期回复率（÷受理） → 按期回复."""
    return name_plainly(metric).removesuffix("率")


def short_percent(rate):
    """A target as a person writes it: 95%, not 95.0%."""
    return percent(rate).replace(".0%", "%")
