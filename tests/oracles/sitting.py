"""What the rules about sitting on tickets must find, in plain Python, written from their sentences.

Each function takes the clocked tickets as dicts, the flow log as dicts in order, the policy and as_of, and
gives the ticket numbers.
"""

from datetime import datetime, time, timedelta

from chinese_calendar import is_workday
from oracles.passing import SENT, VOID, events_of
from oracles.slow_verdict import is_open, unread

COLUMNS = ["signed_at", "first_contact_at", "replied_at", "fed_back_at", "closed_at"]
ACTS = [
    *["signed", "first_contact", "returned", "replied", "fed_back"],
    *["extension_requested", "extension_approved", "paused", "closed"],
]
OFFICE = [(time(8, 30), time(12, 0)), (time(14, 0), time(17, 30))]


def office_seconds(start, end):
    """Office time between two moments, day by day."""
    passed, day = 0.0, start.date()
    while day <= end.date():
        for opens, closes in OFFICE if is_workday(day) else []:
            begun = max(start, datetime.combine(day, opens))
            passed += max((min(end, datetime.combine(day, closes)) - begun).total_seconds(), 0)
        day += timedelta(days=1)
    return passed


def _acts_in_columns(ticket, as_of):
    return [ticket[name] for name in COLUMNS if ticket[name] is not None and ticket[name] <= as_of]


def idle_half(tickets, log, policy, as_of):
    found = []
    for t in tickets:
        if t["due_at"] is None or not is_open(t, log, as_of):
            continue
        if t["dispatched_at"] is None or t["dispatched_at"] > as_of or t["clock_from"] is None:
            continue
        if t["contacted"] == "是" or _acts_in_columns(t, as_of) or unread(t, *COLUMNS):
            continue
        done = False
        for event in events_of(t, log, as_of):
            if event["event"] in SENT:
                done = False
            elif event["event"] not in ("received", "urged", "supervised"):
                done = True
        whole = office_seconds(t["clock_from"], t["due_at"])
        if (
            not done
            and whole > 0
            and office_seconds(t["clock_from"], as_of) > policy.rules.idle_share * whole
        ):
            found.append(t["ticket_id"])
    return found


def moved_by_urging(tickets, log, policy, as_of):
    found = []
    for t in tickets:
        if t["status"] in VOID or (t["contacted"] == "是" and t["first_contact_at"] is None):
            continue
        if unread(t, *COLUMNS):
            continue
        own, holder = [], None
        for event in events_of(t, log, as_of):
            if event["event"] in SENT and event["unit"]:
                if holder and event["unit"] != holder:
                    own = []
                holder = event["unit"]
            own.append(event)
        urges = [e["at"] for e in own if e["event"] == "urged"]
        acts = [e["at"] for e in own if e["event"] in ACTS] + _acts_in_columns(t, as_of)
        if not urges or (acts and min(acts) <= min(urges)):
            continue
        if not acts and not is_open(t, log, as_of):
            continue
        if t["sign_due_at"] is None or min(acts, default=as_of) > t["sign_due_at"]:
            found.append(t["ticket_id"])
    return found


def urged_no_reply(tickets, log, policy, as_of):
    found = []
    for t in tickets:
        if not is_open(t, log, as_of):
            continue
        if t["closed_at"] is not None and t["closed_at"] <= as_of:
            continue
        logged = sum(e["event"] == "urged" for e in events_of(t, log, as_of))
        if max(logged, t["urge_count"] or 0) >= policy.rules.urged_count:
            found.append(t["ticket_id"])
    return found


ORACLE = {function.__name__: function for function in (idle_half, moved_by_urging, urged_no_reply)}
