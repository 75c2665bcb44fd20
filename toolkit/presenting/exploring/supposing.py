"""假如今天都办结: what units would count and reach if some of the open tickets had been answered at as_of."""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.assessing.answered import name_units, suppose_answered
from toolkit.assessing.changes import answer_now, list_open
from toolkit.assessing.scheme import read_scheme
from toolkit.assessing.what_if import say_grade
from toolkit.errors import ParameterError
from toolkit.presenting.blocks.what_if import say_standing
from toolkit.presenting.figures import find_sides
from toolkit.rounding import count_text, percent
from toolkit.scoring.catalogue import BY_NAME
from toolkit.scoring.marks import find_marks

NOT_BY_MONTH = "这次运行按受理月份分报告，不评分，不能测算"
NOT_NOW = "不是本期受理的，不计入本期指标"
NOT_OPEN = "首轮已答复或已了结的，指标不变"


def suppose(report, numbers):
    """The units whose tickets among these are still to be answered, as they stand and as they would.

    Gives tickets (the numbers that would be answered), left (why others change nothing, with their numbers), metrics
    (name and definition of the rates that would change) and units: unit, where (the condition that finds it), tickets, the
    standing in words before and after, and a figure for each metric.
    """
    if report.about["by"] != "unit":
        raise ParameterError(NOT_BY_MONTH)
    chosen = report.tickets[report.tickets["ticket_id"].isin(list(numbers))]
    answered = _find_answered(report, numbers)
    is_now = chosen["scope"].eq(schema.NOW)
    left = {
        NOT_OPEN: chosen[is_now & ~chosen["ticket_id"].isin(answered["ticket_id"])],
        NOT_NOW: chosen[~is_now],
    }
    told = {
        "tickets": answered["ticket_id"].tolist(),
        "left": [{"why": why, "tickets": own["ticket_id"].tolist()} for why, own in left.items() if len(own)],
    }
    return told | (_tell_units(report, answered) if len(answered) else {"metrics": [], "units": []})


def list_supposed(report, numbers, unit, metric, side):
    """The numbers of the tickets behind a figure as it would be: numerator or denominator of a unit's (or 全县's) rate."""
    answered = _find_answered(report, numbers)
    marks = report.marks[report.marks["against"].eq(schema.NOW) & ~report.marks["is_excluded"].astype(bool)]
    marks = marks[~marks["ticket_id"].isin(answered["ticket_id"])].set_index("ticket_id")[metric]
    [(_, counted, among)] = find_marks(answer_now(answered), [BY_NAME[metric]])
    changed = pd.Series(np.where(among, counted, np.nan), answered["ticket_id"])
    marks = pd.concat([marks.astype("Float64"), changed.astype("Float64")])
    met = marks.gt(0) if side == "numerator" else marks.notna()
    tickets = report.now if unit == schema.COUNTY else report.now[name_units(report.now).eq(unit)]
    return tickets.loc[tickets["ticket_id"].isin(marks.index[met.fillna(False)]), "ticket_id"].tolist()


def _find_answered(report, numbers):
    return list_open(report.now[report.now["ticket_id"].isin(list(numbers))])


def _tell_units(report, answered):
    scheme, scorecard = read_scheme(report.about["scheme"]), report.counted.scorecard
    rates, standings = suppose_answered(answered, scheme, scorecard, report.assessed.standings)
    is_changed = rates["numerator"].ne(rates["numerator_if"]) | rates["denominator"].ne(
        rates["denominator_if"]
    )
    rates = rates[rates["metric"].isin(rates.loc[is_changed, "metric"])]
    definitions = scorecard.drop_duplicates("metric").set_index("metric")["definition"]
    metrics = rates["metric"].unique()
    ids = answered["ticket_id"].groupby(name_units(answered)).agg(list)
    ids[schema.COUNTY] = answered["ticket_id"].tolist()
    said = {row["unit"]: _say_standings(row) for row in standings.to_dict("records")}
    own = {unit: rows.set_index("metric") for unit, rows in rates.groupby("unit")}
    return {
        "metrics": [{"name": name, "what": definitions[name]} for name in metrics],
        "units": [
            {
                "unit": unit,
                "tickets": ids[unit],
                "standings": said.get(unit, ["—", "—"]),
                "figures": [_tell_figure(own[unit].loc[name], unit) for name in metrics],
            }
            for unit in [schema.COUNTY, *standings["unit"]]
        ],
    }


def _say_standings(row):
    """62.5分（C）today, and as it would be."""
    return [
        say_standing(row[f"points{when}"], say_grade(row[f"grade{when}"], row[f"rank{when}"]))
        for when in ("", "_if")
    ]


def _tell_figure(rate, unit):
    """A rate with its counts, today and as it would be; today's open by the conditions counted and among."""
    weighed = "折合" if BY_NAME[rate.name].weighted else ""
    told = {
        f"{part}{when}": prefix + count_text(rate[f"{part}{when}"])
        for when in ("", "_if")
        for part, prefix in (("numerator", weighed), ("denominator", ""))
    }
    shares = {
        f"rate{when}": _say_rate(rate[f"numerator{when}"], rate[f"denominator{when}"]) for when in ("", "_if")
    }
    whose = {} if unit == schema.COUNTY else {"unit": [None if unit == schema.NO_UNIT else unit]}
    counted, among = (side | whose for side in find_sides(rate.name))
    return told | shares | {"metric": rate.name, "counted": counted, "among": among}


def _say_rate(numerator, denominator):
    return percent(numerator / denominator) if denominator else "—"
