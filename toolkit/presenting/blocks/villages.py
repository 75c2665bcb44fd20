"""A unit and its villages, or the county and its units: counts added up."""

from toolkit import schema
from toolkit.presenting.blocks.movement import is_by_month
from toolkit.presenting.blocks.units import COMPARED
from toolkit.presenting.figures import join, long_table, note, score_figure
from toolkit.schema import NOW
from toolkit.scoring.catalogue import BY_NAME, COUNT
from toolkit.scoring.roll_up import roll_up
from toolkit.scoring.tally import rates, tally

RESTS_ON = [BY_NAME[name].rests_on for name in COMPARED if BY_NAME[name].rests_on]
BY_MONTH = "按月出的报告不列单位之间的情况。"


def villages_table(report):
    """A unit and its villages, or the county and its units: counts added up, rates those of the sums.

    A unit's villages stand on its own page, where their tickets open.
    """
    now, roster = report.now, report.basis.roster
    if now.empty or is_by_month(report):
        return note(BY_MONTH) if is_by_month(report) else ""
    # Counted too is how many came in: a place whose tickets no rate counts stands here all the same.
    names = [COUNT, *COMPARED, *RESTS_ON]
    counted = tally(now, ["unit", "sub_unit"], names=names, marks=_marks_of(report, names))
    rolled = rates(roll_up(counted, None if roster.empty else roster))
    chosen = rolled[rolled["unit"].eq(report.row) | rolled["parent"].eq(report.row)]
    names = [name for name in COMPARED if name in set(rolled["metric"])]
    cells = {(row["unit"], row["metric"]): row for row in chosen.to_dict("records")}
    below = _in_order(set(chosen["unit"]) - {report.row}, roster)
    rows = [
        [place, *(_place_cell(cells.get((place, name)), report.name) for name in names)]
        for place in [report.row, *below]
    ]
    told = "件数逐级相加，比率用相加后的件数重算；未填村（社区）的工单只计入单位。"
    return join([long_table(["单位", *names], rows), note(told)])


def _marks_of(report, names):
    """What the metrics made of this period's tickets, row by row as they stand."""
    marks = report.marks[report.marks["against"].eq(NOW)].set_index("ticket_id")
    return marks[[name for name in names if name in marks]].loc[report.now["ticket_id"]]


def _in_order(villages, roster):
    """Places as the roster has them, the others after them by name."""
    listed = [unit for unit in dict.fromkeys(roster["unit"]) if unit in villages]
    return [*listed, *sorted(villages - set(listed))]


def _place_cell(row, unit):
    """The figure of a place; a unit above others opens the tickets of all of them only on their own pages."""
    if row is None:
        return "—"
    column, whole = ("sub_unit", unit) if unit else ("report", schema.COUNTY)
    where = {} if row["unit"] == whole else {column: [row["unit"]]}
    return score_figure(row, row["unit"], **where)
