"""The findings of one rule on a few tickets typed by hand."""

import pandas as pd

from toolkit import clock, flag, schema
from toolkit.clocking.policy import read_policy

AS_OF = "2025-06-10 12:00"  # a Tuesday
POLICY = {"name": "试行办法", "source": "测试", "due_from": "platform_only"}


def find(rule, *rows, log=None, as_of=AS_OF, **limits):
    """The findings of one rule on tickets of 甲乡, each a dict; log: (ticket_id, event, at, detail) of a flow log."""
    policy = read_policy(POLICY | {"rules": limits})
    typed = [{"ticket_id": f"t{number}", "unit": "甲乡"} | row for number, row in enumerate(rows)]
    tickets = schema.make_tickets(pd.DataFrame(typed)) if typed else schema.make_tickets({})
    events = None
    if log is not None:
        events = pd.DataFrame(log, columns=["ticket_id", "event", "at", "detail"])
        events = events.assign(at=pd.to_datetime(events["at"]), unit=None, is_built=False)
        events = events.astype(dict.fromkeys(["ticket_id", "event", "unit", "detail"], "str"))
    clocked = clock(tickets, policy, as_of, events)
    findings = flag(clocked, policy, events, only=[rule])
    return findings


def only(findings):
    """The one finding there is."""
    assert len(findings) == 1
    return findings.iloc[0]
