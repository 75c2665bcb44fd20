"""Tickets that a figure counts and no column tells: each such set has a name, which a condition asks for.

A figure that listed the numbers of its tickets would make the county's page many times as large.
"""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.forecasting.trial import BY_CHANCE, BY_DUE
from toolkit.people.workload import find_busy
from toolkit.scoring.sources import mark_shares

BUSY = "繁忙日受理"
AMONG = "（分母）"
LACKS = "缺："
ORDERED = "督办："
TRIED, RAN_OUT = "回放：", "，后来逾期"
LISTS = {BY_CHANCE: "按逾期可能", BY_DUE: "按截止先后"}
# What the metrics and rules read most, in the order of the work: whose coverage is told.
COVERED = [
    *["unit", "category", "type", "caller", "title", "content", "received_at", "dispatched_at", "signed_at"],
    *["first_contact_at", "replied_at", "visited_at", "closed_at", "platform_due_at", "status", "reply"],
    *["satisfaction", "resolved", "handler", "address"],
]


def list_sets(report):
    """The named sets of this period's tickets: ticket_id and set; shares and what they are of, and busy days."""
    tickets, is_now = report.tickets, report.tickets["scope"].eq(schema.NOW)
    named = []
    for share, (counted, among) in mark_shares(tickets).items():
        named += [(share, is_now & counted & among), (share + AMONG, is_now & among)]
    sets = [(name, tickets.loc[chosen, "ticket_id"]) for name, chosen in named]
    sets.append((BUSY, _list_busy(report)))
    if report.name is None:
        sets += [(LACKS + schema.label(name), _list_lacking(tickets, is_now, name)) for name in COVERED]
    sets += [(ORDERED + state, own) for state, own in report.orders.groupby("state")["ticket_id"]]
    sets += _list_tried(report.tried)
    names = np.repeat([name for name, _ in sets], [len(ids) for _, ids in sets])
    ids = pd.concat([ids for _, ids in sets], ignore_index=True)
    return pd.DataFrame({"ticket_id": ids, "set": names}).astype("str")


def _list_tried(tried):
    """The tickets that last month's lists would have held, either way, and those of them that ran out."""
    for column, name in LISTS.items():
        listed = tried[tried[column]].drop_duplicates("ticket_id")
        yield TRIED + name, listed["ticket_id"]
        yield TRIED + name + RAN_OUT, listed.loc[listed["ran_out"], "ticket_id"]


def _list_busy(report):
    """The tickets received on the busy days of their unit, where a roster is given."""
    if report.basis.roster.empty or report.now.empty:
        return report.now["ticket_id"].head(0)
    return find_busy(report.now, report.about["limits"]["busy_day_count"])["ticket_id"]


def _list_lacking(tickets, is_now, name):
    """The tickets that lack a value of a column."""
    return tickets.loc[is_now & tickets[name].isna(), "ticket_id"]
