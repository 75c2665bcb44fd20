"""Where tickets come from and how they were settled."""

import pandas as pd
from markupsafe import Markup

from toolkit import schema
from toolkit.presenting.blocks.villages import BY_MONTH
from toolkit.presenting.figures import figure, join, long_table, note, open_tickets
from toolkit.presenting.sections import fold_section
from toolkit.rounding import percent
from toolkit.schema import NOW
from toolkit.scoring.sources import FROM_ABOVE, HELPING, JOINT, count_outcomes, share_sources

TITLE = "来源和办理结果"


def shares_table(report):
    """Tickets passed down from above, worked on jointly, and how they were settled, unit by unit."""
    now = report.now
    if now.empty or report.about["by"] == "month":
        return fold_section(TITLE, "本期没有工单" if now.empty else BY_MONTH)
    shares = {(s["unit"], s["share"]): s for s in share_sources(now).to_dict("records")}
    outcomes = count_outcomes(now)
    kinds = outcomes.loc[outcomes["unit"].eq(schema.COUNTY), "outcome"].tolist()
    settled = {(o.unit, o.outcome): o.ticket_ids for o in outcomes.itertuples()}
    units = [report.name] if report.name else [schema.COUNTY, *sorted(set(now["unit"].dropna()))]
    kept = [FROM_ABOVE, JOINT, *([] if report.name else [HELPING])]  # other units' tickets are on other pages
    rows = [
        [
            unit,
            *(_share_cell(shares.get((unit, share)), now) for share in kept),
            *(open_tickets(settled.get((unit, kind), []), f"{unit}：{kind}") for kind in kinds),
        ]
        for unit in units
    ]
    told = f"上级转办以派发层级为准，未填层级的不计；办理结果以“{_outcome_column(now)}”列为准。"
    answer = join([join([kept[at], rows[0][1 + at]]) for at in range(2)], "；")
    return fold_section(TITLE, answer, long_table(["单位", *kept, *kinds], rows), note(told))


def _outcome_column(tickets):
    return schema.label("outcome" if tickets["outcome"].notna().any() else "resolved")


def _share_cell(share, tickets):
    """18.9%（303/1600）, or the count alone where there is no denominator."""
    if share is None:
        return "0"
    what = f"{share['unit']}：{share['share']}"
    if pd.isna(share["denominator"]):
        return open_tickets(share["ticket_ids"] or [], what)
    if not share["denominator"]:
        return "—（未填派发层级）"
    counted = open_tickets(share["ticket_ids"], f"{what}（分子）")
    among = _open_among(share, tickets, f"{what}（分母）")
    return Markup("{}（{}/{}）").format(percent(share["rate"]), counted, among)


def _open_among(share, tickets, what):
    """The denominator: a condition where it is the whole of the unit or county, else its tickets."""
    unit = share["unit"]
    is_own = pd.Series(unit == schema.COUNTY, tickets.index) | tickets["unit"].fillna(schema.NO_UNIT).eq(unit)
    own = {} if unit == schema.COUNTY else {"unit": [None if unit == schema.NO_UNIT else unit]}
    whole = is_own.sum()
    if share["denominator"] < whole:
        return open_tickets(share["among_ids"], what)
    return figure(share["denominator"], what, scope=[NOW], **own)
