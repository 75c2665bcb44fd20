"""Where tickets come from and how they were settled."""

import pandas as pd
from markupsafe import Markup

from toolkit import schema
from toolkit.presenting.blocks.movement import is_by_month
from toolkit.presenting.blocks.villages import BY_MONTH
from toolkit.presenting.figures import figure, join, long_table, note, open_tickets
from toolkit.presenting.sections import fold_section
from toolkit.presenting.sets import AMONG
from toolkit.rounding import percent
from toolkit.schema import NOW
from toolkit.scoring.sources import FROM_ABOVE, HELPING, JOINT, NOT_SAID, count_outcomes, share_sources

TITLE = "来源和办理结果"


def shares_table(report):
    """Tickets passed down from above, worked on jointly, and how they were settled, unit by unit."""
    now = report.now
    if now.empty or is_by_month(report):
        return fold_section(TITLE, "本期没有工单" if now.empty else BY_MONTH)
    shares = {(s["unit"], s["share"]): s for s in share_sources(now).to_dict("records")}
    outcomes = count_outcomes(now)
    kinds = outcomes.loc[outcomes["unit"].eq(schema.COUNTY), "outcome"].tolist()
    settled = {(o.unit, o.outcome): o.tickets for o in outcomes.itertuples()}
    column = _outcome_column(now)
    units = [report.name] if report.name else [schema.COUNTY, *sorted(set(now["unit"].dropna()))]
    kept = [FROM_ABOVE, JOINT, *([] if report.name else [HELPING])]  # other units' tickets are on other pages
    rows = [
        [
            unit,
            *(_share_cell(shares.get((unit, share))) for share in kept),
            *(_outcome_cell(settled.get((unit, kind), 0), unit, kind, column) for kind in kinds),
        ]
        for unit in units
    ]
    told = f"上级转办以派发层级为准，未填层级的不计；办理结果以“{schema.label(column)}”列为准。"
    answer = join([join([kept[at], rows[0][1 + at]]) for at in range(2)], "；")
    return fold_section(TITLE, answer, long_table(["单位", *kept, *kinds], rows), note(told))


NEEDED = {FROM_ABOVE: "source_level", JOINT: "co_units"}  # without which a share is not known


def _share_cell(share):
    """18.9%（303/1600）, or the count alone where there is no denominator."""
    if share is None:
        return "0"
    unit, name = share["unit"], share["share"]
    what = f"{unit}：{name}"
    if pd.isna(share["denominator"]):
        return open_tickets(share["ticket_ids"] or [], what)
    if not share["denominator"]:
        return f"—（未填{schema.label(NEEDED[name])}）"
    counted = _open_set(int(share["numerator"]), f"{what}（分子）", unit, sets=[name])
    among = _open_set(share["denominator"], f"{what}{AMONG}", unit, sets=[name + AMONG])
    return Markup("{}（{}/{}）").format(percent(share["rate"]), counted, among)


def _open_set(count, what, unit, **where):
    """How many of this period's tickets of a unit, or of the county, opening them; 0 opens nothing."""
    own = {} if unit == schema.COUNTY else {"unit": [None if unit == schema.NO_UNIT else unit]}
    return figure(count, what, scope=[NOW], **own, **where) if count else "0"


def _outcome_column(tickets):
    return "outcome" if tickets["outcome"].notna().any() else "resolved"


def _outcome_cell(count, unit, kind, column):
    return _open_set(count, f"{unit}：{kind}", unit, **{column: [None if kind == NOT_SAID else kind]})
