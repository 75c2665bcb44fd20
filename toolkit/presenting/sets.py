"""Tickets that a figure counts and no column tells: each such set has a name, which a condition asks for.

A figure that listed the numbers of its tickets would make the county's page many times as large.
"""

import pandas as pd

from toolkit import schema
from toolkit.people.workload import find_busy
from toolkit.scoring.sources import mark_shares

BUSY = "繁忙日受理"
AMONG = "（分母）"
LACKS = "缺："
ORDERED = "督办："
# What the metrics and rules read most, in the order of the work: whose coverage is told.
COVERED = [
    *["unit", "category", "type", "caller", "title", "content", "received_at", "dispatched_at", "signed_at"],
    *["first_contact_at", "replied_at", "visited_at", "closed_at", "platform_due_at", "status", "reply"],
    *["satisfaction", "resolved", "handler", "address"],
]


def list_sets(report):
    """The named sets of this period's tickets: ticket_id and set; shares and what they are of, and busy days."""
    now = report.now
    named = []
    for share, (counted, among) in mark_shares(now).items():
        named += [(share, _list_ids(now, counted & among)), (share + AMONG, _list_ids(now, among))]
    named.append((BUSY, _list_busy(report, now)))
    named += _list_lacking(now) if report.name is None else []
    named += [(ORDERED + state, own.tolist()) for state, own in report.orders.groupby("state")["ticket_id"]]
    pairs = [(ticket, name) for name, ids in named for ticket in ids]
    return pd.DataFrame(pairs, columns=["ticket_id", "set"], dtype="str")


def _list_busy(report, now):
    """The tickets received on the busy days of their unit, where a roster is given."""
    if report.basis.roster.empty or now.empty:
        return []
    return find_busy(now, report.about["limits"]["busy_day_count"])["ticket_id"].tolist()


def _list_lacking(now):
    """The tickets that lack a value, column by column."""
    return [(LACKS + schema.label(name), _list_ids(now, now[name].isna())) for name in COVERED]


def _list_ids(tickets, chosen):
    return tickets.loc[chosen, "ticket_id"].tolist()
