"""The year: a unit's score from its months, what it is worth in the county's 综合考评, and what to aim at next."""

from fractions import Fraction

import pandas as pd

from toolkit import schema
from toolkit.assessing.points import apply_scheme
from toolkit.assessing.scheme import read_scheme
from toolkit.assessing.standings import NOT_ASSESSED, STANDINGS, TOO_FEW, TOO_LITTLE, stand
from toolkit.errors import ParameterError
from toolkit.rounding import decimal_text, round_half_up
from toolkit.scoring.score import answer_stage, score_tally
from toolkit.scoring.tally import tally

YEARS = ["unit", "months", "left_out", "tickets", "score", "worth", "sentence"]


def stand_by_month(tickets, scheme):
    """各月参评情况和得分：当月受理的工单，按统计截止时的办理情况计分。

    tickets: the county's for the year, after `clock`. Gives the columns of `stand` and month (2025-03); every
    unit stands in every month, 不参评 where it has nothing to be assessed by. A month's later answers and
    call-backs count, so that its points may differ from those of its own bulletin.
    """
    scheme = read_scheme(scheme)
    groups = tickets["unit_group"].groupby(tickets["unit"].fillna(schema.NO_UNIT)).first()
    tallies, stage = tally(tickets, ["unit", "month"]), answer_stage(tickets)
    parts = []
    for month, own in tallies.dropna(subset=["month"]).groupby("month"):
        scorecard = score_tally(own.drop(columns="month"), stage)
        parts.append(stand(apply_scheme(scorecard, scheme, groups), scheme, scorecard).assign(month=month))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*STANDINGS, "month"])


def score_year(standings, scheme):
    """年度得分：参评各月的得分（折算百分制）平均，不参评的月份不计入并写明，再折算综合考评分值，不超过封顶分。

    standings: unit, month (2025-03), points, full, tickets, state, as `stand_by_month` gives them; a month
    不参评, 项目不足 or without points is left out, one of 件数不足 counts. scheme: its `annual` says how the months
    weigh and what the year is worth; without it a ParameterError. Gives unit, months (counted), left_out (the
    months, 、), tickets (of the counted months), score (0 to 100, more with a bonus; rounded half up like the
    scheme's points), worth (missing with too few months) and a sentence.
    """
    scheme = read_scheme(scheme)
    if scheme.annual is None:
        raise ParameterError(
            f"scheme '{scheme.name}' does not say how months become a year: add `annual:` as in county_default.yml"
        )
    is_in = ~standings["state"].isin([NOT_ASSESSED, TOO_LITTLE]) & standings["points"].notna()
    marked = standings.assign(is_in=is_in).sort_values(["unit", "month"], kind="stable")
    units = {}
    for row in marked[["unit", "month", "points", "full", "tickets", "state", "is_in"]].to_dict("records"):
        units.setdefault(row["unit"], []).append(row)
    rows = [_score_unit(unit, months, scheme) for unit, months in units.items()]
    return pd.DataFrame(rows, columns=YEARS)


def _score_unit(unit, months, scheme):
    counted = [month for month in months if month["is_in"]]
    left_out = "、".join(f"{int(str(month['month'])[-2:])}月" for month in months if not month["is_in"])
    mean = _mean(counted, scheme)
    is_enough = mean is not None and len(counted) >= scheme.annual.least_months
    worth = _convert(mean, scheme) if is_enough else None
    said = _say_year(unit, counted, left_out, mean, worth, scheme.annual)
    return unit, len(counted), left_out, int(sum(month["tickets"] for month in counted)), mean, worth, said


def _mean(months, scheme):
    """The mean of the months' points in a hundred, exact until it is rounded."""
    by_tickets = scheme.annual.mean == "tickets"
    weights = [int(month["tickets"]) if by_tickets else 1 for month in months]
    if not sum(weights):
        return None
    shares = [Fraction(str(month["points"])) / Fraction(str(month["full"])) for month in months]
    total = sum(weight * 100 * share for weight, share in zip(weights, shares, strict=True))
    return round_half_up(total / sum(weights), scheme.points_decimals)


def _convert(mean, scheme):
    worth = round_half_up(Fraction(mean) * Fraction(scheme.annual.worth) / 100, scheme.points_decimals)
    return min(worth, scheme.annual.cap)


def _say_year(unit, counted, left_out, mean, worth, annual):
    if mean is None:
        return f"{unit}全年不参评。"
    few = sum(month["state"] == TOO_FEW for month in counted)
    notes = [f"{left_out}不参评，不计入"] if left_out else []
    notes += [f"其中{few}个月件数不足"] if few else []
    aside = f"（{'；'.join(notes)}）" if notes else ""
    how = "各月同等" if annual.mean == "months" else "按件数加权"
    said = f"{unit}参评{len(counted)}个月{aside}，年度得分{mean}分（百分制，{how}平均）"
    if worth is None:
        return f"{said}，不足{annual.least_months}个月，不折算综合考评分。"
    capped = "，已到上限" if worth == annual.cap else ""
    return f"{said}，折算综合考评{decimal_text(worth)}分（百分折{decimal_text(annual.worth)}分{capped}）。"
