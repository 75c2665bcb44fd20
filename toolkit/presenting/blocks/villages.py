"""The blocks of a report about where tickets come from, how they were settled, and the villages of a unit."""

from html import escape

import pandas as pd
from IPython.display import HTML

from toolkit import schema
from toolkit.presenting.figures import count_figure, html_table, note, rate_figure
from toolkit.schema import NOW
from toolkit.scoring.roll_up import roll_up
from toolkit.scoring.tally import rates, tally

BY_MONTH = "按月出的报告不列单位之间的情况。"


def villages_table(prepared, names, roster=None, report=None):
    """A unit and its villages, or the county and its units: counts added up, rates those of the sums.

    names: the metrics shown. A unit's villages stand on its own page, where their tickets open.
    """
    tickets = prepared.tickets[prepared.tickets["scope"].eq(NOW)]
    if tickets.empty or prepared.about["by"] == "month":
        return HTML(note("本期没有工单。" if tickets.empty else BY_MONTH))
    has_roster = roster is not None and len(roster) > 0
    rolled = rates(roll_up(tally(tickets, ["unit", "sub_unit"]), roster if has_roster else None))
    top = report or schema.COUNTY
    chosen = rolled[rolled["unit"].eq(top) | rolled["parent"].eq(top)]
    shown = [name for name in names if name in set(rolled["metric"])]
    cells = {(row["unit"], row["metric"]): row for row in chosen.to_dict("records")}
    below = _in_order(set(chosen["unit"]) - {top}, roster)
    rows = [
        [escape(place), *(_place_cell(cells.get((place, name)), report) for name in shown)]
        for place in [top, *below]
    ]
    told = "件数逐级相加，比率用相加后的件数重算；未填村（社区）的工单只计入单位。"
    return HTML(html_table(["单位", *map(escape, shown)], rows) + note(told))


def _in_order(villages, roster):
    """Places as the roster has them, the others after them by name."""
    listed = (
        []
        if roster is None or roster.empty
        else [unit for unit in dict.fromkeys(roster["unit"]) if unit in villages]
    )
    return [*listed, *sorted(villages - set(listed))]


def _place_cell(row, report):
    """The figure of a place; a unit above others opens the tickets of all of them only on their own pages."""
    if row is None:
        return "—"
    if report is None:
        where = {} if row["unit"] == schema.COUNTY else {"report": [row["unit"]]}
    else:
        where = {} if row["unit"] == report else {"sub_unit": [row["unit"]]}
    return count_figure(row, **where) if pd.isna(row["denominator"]) else rate_figure(row, **where)
