"""The findings of one rule on a few tickets and a flow log typed by hand."""

import pandas as pd

from toolkit import clock, flag, schema

AS_OF = "2025-06-10 12:00"  # a Tuesday
POLICY = {
    "name": "试行办法",
    "source": "测试",
    "due_from": "platform_only",
    "return_limits": [{"working_days": 1}],
}


def make_log(*rows):
    """A flow log from (ticket, event, "06-03 09:00" of 2025, unit, detail) rows; the last may be left out."""
    rows = [(*row, None)[:5] for row in rows]
    events = pd.DataFrame(rows, columns=["ticket_id", "event", "at", "unit", "detail"])
    at = pd.to_datetime("2025-" + events["at"].astype("str"), format="ISO8601").astype("datetime64[us]")
    words = dict.fromkeys(["ticket_id", "event", "unit", "detail"], "str")
    return events.assign(at=at, is_built=False).astype(words)


def find(rule, *tickets, log=(), as_of=AS_OF, texts=True, **limits):
    """The findings of one rule on tickets of 甲乡, unless they say otherwise, each a dict."""
    rows = [{"ticket_id": f"t{number}", "unit": "甲乡"} | row for number, row in enumerate(tickets)]
    policy, events = POLICY | {"rules": limits}, make_log(*log)
    clocked = clock(schema.make_tickets(pd.DataFrame(rows) if rows else {}), policy, as_of, events)
    before = clocked.copy(deep=True)
    findings = flag(clocked, policy, events, texts=texts, only=[rule])
    assert clocked.equals(before)  # values, types and columns: the rule leaves the tickets as they were
    return findings


def only(findings):
    """The one finding there is."""
    assert len(findings) == 1
    return findings.iloc[0]


def send(*units, ticket="t0", day=2):
    """The ticket sent to one unit a day."""
    words = ["dispatched", *["redispatched"] * len(units)]
    stops = enumerate(zip(words, units, strict=False))
    return [(ticket, word, f"06-{day + step:02} 09:00", unit) for step, (word, unit) in stops]
