"""Where tickets come from and how they were settled."""

from html import escape

import pandas as pd
from IPython.display import HTML

from toolkit import schema
from toolkit.presenting.blocks.villages import BY_MONTH
from toolkit.presenting.figures import figure, html_table, note, open_tickets
from toolkit.rounding import percent
from toolkit.schema import NOW
from toolkit.scoring.sources import FROM_ABOVE, HELPING, JOINT, count_outcomes, share_sources


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
