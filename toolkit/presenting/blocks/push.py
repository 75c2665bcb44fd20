"""What must be pushed today: a unit's tickets one by one, the county's by unit and by the day they fall due."""

import pandas as pd
from markupsafe import Markup

from toolkit import schema
from toolkit.forecasting.look_ahead import say_definition
from toolkit.forecasting.order import AHEAD
from toolkit.presenting.blocks.ahead import order_tickets, read_terms, say_trial, tell_forecasts
from toolkit.presenting.blocks.orders import count_orders_by_unit, list_other_orders, say_orders, tell_orders
from toolkit.presenting.figures import explain, figure, fold, html_table, join, link_report, long_table
from toolkit.presenting.sections import fold_section, open_section

MOST_TICKETS, MOST_UNITS = 5, 12  # that stand open; the others are folded beneath
TITLE = "今天要催"
NOTHING = "没有超期未回复和近日到期的工单"
WEEKDAYS = "一二三四五六日"
LATE_AGAIN, LATE = "重办超期", "已超期"


def push_list(report):
    """The unit's tickets that are overdue or fall due within days, the worst first, each with how its due time was counted."""
    chosen = list_pushed(report)
    others = list_other_orders(report, chosen["ticket_id"])
    if chosen.empty:
        return fold_section(TITLE, NOTHING, say_orders(report), others)
    said, because = tell_orders(report.orders), tell_forecasts(report, chosen["ticket_id"])
    rows = [
        _ticket_row(ticket, [because.get(ticket.ticket_id, ""), said.get(ticket.ticket_id, "")])
        for ticket in chosen.itertuples()
    ]
    table = long_table(["工单", "诉求", "时限", "承办人"], rows, MOST_TICKETS)
    table = Markup('<div class="cards printed">{}</div>').format(table)
    return open_section(
        TITLE,
        join(["已超期的在前，其余按逾期可能×轻重", explain(say_definition(read_terms(report)) + "。")]),
        say_orders(report),
        table,
        say_trial(report) if because else "",
        others,
        count=len(rows),
    )


def list_pushed(report):
    """What `list_urgent` lists, and what will likely run out later, in the order of `order_for_today`; adds grounds, why."""
    order = order_tickets(report).set_index("ticket_id")
    urgent = list_urgent(report.tickets, len(report.about["days_ahead"]))
    ahead = order.index[order["is_today"] & order["group"].eq(AHEAD)]
    later = report.tickets[report.tickets["ticket_id"].isin(ahead)]
    later = later.assign(late_days=-later["left_days"] - 1, due=later["due_at"])
    both = pd.concat([urgent, later[~later["ticket_id"].isin(urgent["ticket_id"])]])
    return both.join(order[["place", "grounds", "why"]], on="ticket_id").sort_values("place", kind="stable")


def list_urgent(tickets, days):
    """The open tickets past due, first or second round, or due within so many working days, the longest overdue first.

    Adds `late_days`, working days past due (below 0: still to come). Reads due_state, overdue_days, left_days,
    rework_state, rework_overdue_days.
    """
    overdue, again = tickets["due_state"].eq(schema.OVERDUE), tickets["rework_state"].eq(schema.OVERDUE)
    soon = tickets["due_state"].eq(schema.PENDING) & tickets["left_days"].le(days).fillna(False)
    late = tickets["overdue_days"].where(overdue, tickets["rework_overdue_days"].where(again))
    late = late.where(overdue | again, -tickets["left_days"] - 1)
    chosen = tickets.assign(late_days=late)[overdue | again | soon]
    due = chosen["due_at"].where(~again, chosen["rework_due_at"])
    return chosen.assign(due=due).sort_values(
        ["late_days", "due", "ticket_id"], ascending=[False, True, True]
    )


def _ticket_row(ticket, told):
    number = figure(ticket.ticket_id, f"工单{ticket.ticket_id}", ticket_id=[ticket.ticket_id])
    due = _text(ticket.due_explained).partition("；平台截止")[0]
    matter = Markup('{}<br><span class="soft">{}</span>').format(_text(ticket.title) or "（无标题）", due)
    because = _text(ticket.why if ticket.late_days < 0 else ticket.grounds)
    matter += join(Markup("<br>{}").format(words) for words in [because, *told] if words)
    return [join([_dot(ticket.warning), number]), matter, _say_late(ticket), _text(ticket.handler) or "未填"]


def _text(value):
    return value if isinstance(value, str) else ""


def _dot(colour):
    """The colour of the warning, said as well as shown."""
    if not isinstance(colour, str):
        return ""
    return Markup('<span class="dot {0}" title="{0}色" role="img" aria-label="{0}色预警"></span>').format(
        colour
    )


def _say_late(ticket):
    if ticket.late_days < 0:
        left = -int(ticket.late_days) - 1
        return Markup("<b>{}</b>个工作日后到期").format(left) if left else Markup("<b>今天</b>到期")
    kind = "重办后超期" if ticket.due_state != schema.OVERDUE else "超期"
    days = int(ticket.late_days)
    return (
        Markup("{}<b>{}</b>个工作日").format(kind, days)
        if days
        else Markup("{}<b>不足1</b>个工作日").format(kind)
    )


# --- the county ------------------------------------------------------------------------------------


def push_table(report):
    """How many tickets of each unit are overdue, and how many fall due on each of the next working days."""
    days = [report.about["as_of"], *report.about["days_ahead"]]
    chosen = list_urgent(report.tickets, len(days) - 1)
    by_unit = count_orders_by_unit(report)
    if chosen.empty:
        return fold_section(TITLE, NOTHING, say_orders(report), by_unit)
    slots = _list_slots(days, chosen)
    counts = pd.crosstab(chosen["report"], _name_slot(chosen)).reindex(columns=list(slots), fill_value=0)
    order = counts.sort_values(list(slots), ascending=False, kind="stable").index
    rows = [_unit_row(unit, counts.loc[unit], slots) for unit in order[:MOST_UNITS]]
    others = order[MOST_UNITS:]
    if len(others):
        rows.append(_unit_row(f"其余{len(others)}家", counts.loc[others].sum(), slots, list(others)))
    heads = ["单位", *(head for head, _ in slots.values())]
    rest = [_unit_row(unit, counts.loc[unit], slots) for unit in others]
    folded = fold(f"其余{len(rest)}家", long_table(heads, rest)) if rest else ""
    return open_section(
        TITLE,
        "按单位和到期日；点数字看工单",
        say_orders(report),
        html_table(heads, rows),
        folded,
        by_unit,
        count=len(chosen),
    )


def _list_slots(days, chosen):
    """Slot → its heading and its condition: past due, due today, on each next working day; the second round where it is late."""
    slots = {LATE: (LATE, {"due_state": [schema.OVERDUE]})}
    if chosen["rework_state"].eq(schema.OVERDUE).any():
        slots[LATE_AGAIN] = (LATE_AGAIN, {"rework_state": [schema.OVERDUE]})
    for left, day in enumerate(days):
        slots[left] = (name_day(day, left), {"due_state": [schema.PENDING], "left_days": [left]})
    return slots


def _name_slot(chosen):
    late = (
        chosen["due_state"]
        .map({schema.OVERDUE: LATE})
        .where(chosen["due_state"].eq(schema.OVERDUE), LATE_AGAIN)
    )
    return chosen["left_days"].astype("object").where(chosen["late_days"].lt(0), late)


def name_day(day, left):
    """今天, or 1月4日; a working day at a weekend is named as one: 1月4日 周日·上班."""
    day = pd.Timestamp(day)
    if not left:
        return "今天"
    made_up = f" 周{WEEKDAYS[day.weekday()]}·上班" if day.weekday() > 4 else ""
    return f"{day.month}月{day.day}日{made_up}"


def _unit_row(name, counts, slots, units=None):
    cells = [
        figure(counts[slot], f"{name}：{head}", report=units or [name], **where) if counts[slot] else "·"
        for slot, (head, where) in slots.items()
    ]
    return [link_report(name) if units is None else name, *cells]
