"""Orders and registers typed by hand."""

from dataclasses import replace
from functools import lru_cache

import pandas as pd
from cases.reports import report_of

from toolkit import clock, flag, schema
from toolkit.clocking.workdays import read_calendar
from toolkit.supervising.entries import enter_orders, no_entries
from toolkit.supervising.levels import read_supervision
from toolkit.supervising.orders import ORDERS, choose_orders, no_orders
from toolkit.supervising.states import judge_entries

CALENDAR = read_calendar()
ASKED = sorted({condition.rule for level in read_supervision().levels for condition in level.when})
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


@lru_cache(1)
def _whole_report():
    return report_of(make({}), AS_OF, "2025")


def report(*rows, as_of=AS_OF, policy="county_default", by="unit", shown=None):
    """A report of these tickets with what the rules of the 督办办法 find in them; the rest is that of another.

    shown: the tickets in the report's scope; all unless it says which.
    """
    tickets = clock(make(*rows), policy, as_of)
    named = tickets["unit"].fillna(schema.NO_UNIT)
    told = "应于" + tickets["due_at"].dt.strftime("%m月%d日") + "前回复"
    tickets = tickets.assign(report=named, scope=schema.NOW, due_explained=told)
    own = tickets if shown is None else tickets[tickets["ticket_id"].isin(shown)]
    findings = flag(own, policy, only=ASKED)
    findings = findings.assign(report=findings["unit"])
    about = _whole_report().about | {"as_of": str(pd.Timestamp(as_of)), "by": by}
    return replace(_whole_report(), about=about, tickets=own, findings=findings)


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
    return judge_entries(
        register, _clock_rows(tuple(tuple(row.items()) for row in rows or [{}]), as_of), as_of
    )


@lru_cache(200)
def _clock_rows(rows, as_of):
    """The tickets clocked; the same few are asked for again and again."""
    return clock(make(*map(dict, rows)), "county_default", as_of)


def enter(register=None, *rows, as_of=AS_OF, tickets=({},)):
    """The orders entered, judged before and after."""
    before = judge(no_entries() if register is None else register, *tickets, as_of=as_of)
    return judge(enter_orders(before, make_orders(*rows, as_of=as_of)), *tickets, as_of=as_of)
