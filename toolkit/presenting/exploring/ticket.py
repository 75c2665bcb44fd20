"""One ticket, asked for by its number: all that a unit's page shows of it, and which others belong beside it."""

import re
from dataclasses import replace
from difflib import SequenceMatcher

import pandas as pd

from toolkit.errors import ParameterError
from toolkit.presenting.drill.coding import write_table
from toolkit.presenting.listing import LISTS, ORDERS, describe_tickets, tell_about

SAME_CALLER = "同一来电人"
NAMED = "线索所指"
COMPARED = ["title", "content", "reply"]
NUMBER = re.compile(r"[0-9A-Za-z-]{6,}")
LONGEST = 3000  # characters of a text that are compared: the time grows with their square


def find_ticket(report, ticket_id):
    """The ticket's row; ParameterError where the run holds none of that number."""
    found = report.tickets[report.tickets["ticket_id"].eq(ticket_id)]
    if found.empty:
        raise ParameterError(f"没有编号为{ticket_id}的工单")
    return found.head(1)


def write_ticket(report, ticket_id):
    """One ticket as a table of its own, coded as a unit's page holds it, its related ones told in full."""
    own = cut_ticket(report, find_ticket(report, ticket_id))
    table = describe_tickets(own)
    return write_table(table, tell_about(table, own, details=True), [n for n in LISTS if n in table], ORDERS)


def cut_ticket(report, ticket):
    """The report of one ticket alone: what is found on it, who held it, what it is related to."""
    ticket_id = ticket["ticket_id"].iloc[0]
    frames = {name: getattr(report, name) for name in ("findings", "marks", "issues", "legs", "related")}
    own = {name: frame[frame["ticket_id"].eq(ticket_id)] for name, frame in frames.items()}
    others = pd.concat([own["related"], _relate_others(report, ticket, own)], ignore_index=True)
    return replace(report, name=str(ticket["report"].iloc[0]), tickets=ticket, **own | {"related": others})


def _relate_others(report, ticket, own):
    """Rows of `related` for the tickets of the same caller, and for those that the findings' sentences name."""
    ticket_id, caller = ticket[["ticket_id", "caller"]].iloc[0]
    ids = report.tickets["ticket_id"]
    same = ids[report.tickets["caller"].eq(caller)] if isinstance(caller, str) else ids.head(0)
    said = own["findings"]["evidence"].str.findall(NUMBER).explode().dropna()
    named = ids[ids.isin(said.drop_duplicates())]
    known = {ticket_id, *own["related"]["other"].dropna()}
    pairs = [(other, NAMED) for other in named if other not in known]
    pairs += [(other, SAME_CALLER) for other in same if other not in known.union(named)]
    return pd.DataFrame(pairs, columns=["other", "kind"], dtype="str").assign(
        ticket_id=ticket_id, likeness=pd.Series(None, range(len(pairs)), dtype="float64")
    )


def compare_texts(report, ticket_id, other_id):
    """Title, content and reply of two tickets: for each the stretches that both share or one alone has.

    name → [[kind, text], …]; kind: same, del (in the first alone), ins (in the second alone).
    """
    rows = [find_ticket(report, name).iloc[0] for name in (ticket_id, other_id)]
    texts = {name: [_cut(row[name]) for row in rows] for name in COMPARED}
    return {name: mark_differences(*both) for name, both in texts.items()}


def _cut(text):
    return text[:LONGEST] if isinstance(text, str) else ""


def mark_differences(first, second):
    """The stretches of two texts in order, each with whether both have it."""
    parts = []
    for kind, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append(["same", first[a:b]])
            continue
        parts += [[mark, text] for mark, text in (("del", first[a:b]), ("ins", second[c:d])) if text]
    return parts
