"""Orders and registers typed by hand."""

import pandas as pd
from cases.reports import report_of

from toolkit import clock, schema
from toolkit.clocking.workdays import read_calendar
from toolkit.supervising.entries import enter_orders, no_entries
from toolkit.supervising.orders import ORDERS, choose_orders, no_orders
from toolkit.supervising.states import judge_entries

CALENDAR = read_calendar()
AS_OF = "2025-06-10 12:00"  # a Tuesday
TICKET = {
    "unit": "甲乡",
    "unit_group": "乡镇",
    "received_at": "2025-05-06 09:00",
    "dispatched_at": "2025-05-06 10:00",
    "platform_due_at": "2025-06-05 17:30",
}


def make(*rows):
    """Tickets of 甲乡, three working days overdue unless they say otherwise."""
    rows = [{"ticket_id": f"t{place}"} | TICKET | row for place, row in enumerate(rows)]
    return schema.make_tickets(pd.DataFrame(rows))


def report(*rows, as_of=AS_OF, **run):
    return report_of(make(*rows), as_of, "2025", **run)


def order(*rows, as_of=AS_OF, **run):
    """The orders that these tickets call for."""
    return choose_orders(report(*rows, as_of=as_of, **run), CALENDAR)


def make_orders(*rows, as_of=AS_OF):
    """Orders as they are: 一般督办 of 甲乡 on ticket t0, to be answered in five working days, unless they say otherwise."""
    as_of = pd.Timestamp(as_of)
    usual = {
        "unit": "甲乡",
        "level": "一般督办",
        "ticket_id": "t0",
        "title": "路灯不亮",
        "reason": "超期未回复3个工作日",
        "demand": "请于2025年6月17日前办理。",
        "issued_on": as_of.normalize(),
        "issued_at": as_of,
        "answer_by": pd.Timestamp("2025-06-17 23:59:59"),
        "due_explained": "",
        "round": "首轮",
    }
    return pd.DataFrame([usual | row for row in rows], columns=ORDERS).astype(no_orders().dtypes)


def judge(register, *rows, as_of=AS_OF):
    """The register judged beside the export that these tickets are."""
    return judge_entries(register, clock(make(*rows or [{}]), "county_default", as_of), as_of)


def enter(register=None, *rows, as_of=AS_OF, tickets=({},)):
    """The orders entered, judged before and after."""
    before = judge(no_entries() if register is None else register, *tickets, as_of=as_of)
    return judge(enter_orders(before, make_orders(*rows, as_of=as_of)), *tickets, as_of=as_of)
