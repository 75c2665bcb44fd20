"""The blocks of a report about where tickets come from, how they were settled, and the villages of a unit."""

from html import escape

import pandas as pd
from IPython.display import HTML

from toolkit import schema
from toolkit.prepared import NOW
from toolkit.present.figures import count_figure, figure, html_table, note, rate_figure
from toolkit.present.people import open_tickets
from toolkit.score import percent
from toolkit.shares import FROM_ABOVE, HELPING, JOINT, count_outcomes, roll_up, share_sources
from toolkit.tally import rates, tally

BY_MONTH = "按月出的报告不列单位之间的情况。"


def shares_table(prepared, report=None):
    """Tickets passed down from above, worked on jointly, and how they were settled, unit by unit."""
    tickets = prepared.tickets[prepared.tickets["scope"].eq(NOW)]
    if tickets.empty or prepared.about["by"] == "month":
        return HTML(note("本期没有工单。" if tickets.empty else BY_MONTH))
    shares = {(s["unit"], s["share"]): s for s in share_sources(tickets).to_dict("records")}
    outcomes = count_outcomes(tickets)
    kinds = outcomes.loc[outcomes["unit"].eq(schema.COUNTY), "outcome"].tolist()
    settled = {(o.unit, o.outcome): o.ticket_ids for o in outcomes.itertuples()}
    units = [report] if report else [schema.COUNTY, *sorted(set(tickets["unit"].dropna()))]
    kept = [FROM_ABOVE, JOINT, *([] if report else [HELPING])]  # other units' tickets are on other pages
    rows = [
        [
            escape(unit),
            *(_share_cell(shares.get((unit, share)), tickets) for share in kept),
            *(open_tickets(settled.get((unit, kind), [])) for kind in kinds),
        ]
        for unit in units
    ]
    told = f"上级转办以派发层级为准，未填层级的不计；办理结果以“{_outcome_column(tickets)}”列为准。"
    return HTML(html_table(["单位", *kept, *map(escape, kinds)], rows) + note(told))


def _outcome_column(tickets):
    has_outcome = "outcome" in tickets and tickets["outcome"].notna().any()
    return schema.label("outcome" if has_outcome else "resolved")


def _share_cell(share, tickets):
    """18.9%（303/1600）, or the count alone where there is no denominator."""
    if share is None:
        return "0"
    if pd.isna(share["denominator"]):
        return open_tickets(share["ticket_ids"] or [])
    if not share["denominator"]:
        return "—（未填派发层级）"
    among = _open_among(share, tickets)
    return f"{percent(share['rate'])}（{open_tickets(share['ticket_ids'])}/{among}）"


def _open_among(share, tickets):
    """The denominator: a condition where it is the whole of the unit or county, else its tickets."""
    own = {} if share["unit"] == schema.COUNTY else {"unit": [share["unit"]]}
    whole = len(tickets) if not own else tickets["unit"].eq(share["unit"]).sum()
    if share["denominator"] < whole:
        return open_tickets(share["among_ids"])
    return figure(share["denominator"], scope=[NOW], **own)


def places_table(prepared, names, roster=None, report=None):
    """A unit and its villages, or the county and its units: counts added up, rates those of the sums.

    names: the metrics shown. A unit's villages stand on its own page, where their tickets open.
    """
    tickets = prepared.tickets[prepared.tickets["scope"].eq(NOW)]
    if tickets.empty or prepared.about["by"] == "month":
        return HTML(note("本期没有工单。" if tickets.empty else BY_MONTH))
    has_roster = roster is not None and len(roster) > 0
    rolled = rates(
        roll_up(tally(tickets, prepared.about["as_of"], ["unit", "sub_unit"]), roster if has_roster else None)
    )
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


def _in_order(places, roster):
    """Places as the roster has them, the others after them by name."""
    listed = (
        []
        if roster is None or roster.empty
        else [unit for unit in dict.fromkeys(roster["unit"]) if unit in places]
    )
    return [*listed, *sorted(places - set(listed))]


def _place_cell(row, report):
    """The figure of a place; a unit above others opens the tickets of all of them only on their own pages."""
    if row is None:
        return "—"
    if report is None:
        where = {} if row["unit"] == schema.COUNTY else {"report": [row["unit"]]}
    else:
        where = {} if row["unit"] == report else {"sub_unit": [row["unit"]]}
    return count_figure(row, **where) if pd.isna(row["denominator"]) else rate_figure(row, **where)
