"""Sentences that repeat what tickets say, without it: evidence of findings, names of places, matters that recur.

Which columns a rule's evidence repeats stands with the rule (`tells`). A text stands in “…” or behind 退回原因：, a
place at its beginning.
"""

import pandas as pd

from toolkit.flagging.facts import name_places
from toolkit.flagging.flag import RULES
from toolkit.schema import HIDDEN

TEXTS = {"title", "content", "reply"}
UNTOLD_DOUBT = f"有用词未识别，用词{HIDDEN}"
QUOTED = r"(?s)“.*”"  # to the last ” of the sentence: what a citizen wrote may hold one
REASON = r"(?s)退回原因：.*"


def hide_in_sentences(findings, tickets, hidden):
    """Findings, or troubles, whose evidence repeats nothing hidden.

    Reads rule, ticket_id, evidence; tickets: as they were.
    """
    told = findings["evidence"]
    told = told.mask(tells(findings, TEXTS & hidden), told.str.replace(QUOTED, HIDDEN, regex=True))
    if "return_reason" in hidden:
        told = told.mask(
            tells(findings, {"return_reason"}), told.str.replace(REASON, f"退回原因：{HIDDEN}", regex=True)
        )
    if "address" in hidden:
        told = _replace_places(told, findings, findings["ticket_id"], tickets)
    return findings.assign(evidence=told)


def hide_in_topics(findings, tickets, hidden):
    """Findings about a place without the address, which names the topic too; two topics never get one name."""
    if "address" not in hidden:
        return findings
    is_topic = findings["ticket_id"].isna() & tells(findings, {"address"})
    first = findings["rests_on"].where(is_topic).map(lambda ids: ids[0], na_action="ignore").astype("str")
    named = {name: _replace_places(findings[name], findings, first, tickets) for name in ("unit", "evidence")}
    number = pd.DataFrame({"rule": findings["rule"], "unit": named["unit"]})[is_topic]
    turn = number.groupby(["rule", "unit"]).cumcount()
    again = ("（" + (turn + 1).astype("str") + "）").where(turn.gt(0), "").reindex(findings.index)
    return findings.assign(**named | {"unit": named["unit"] + again.fillna("").astype("str")})


def hide_in_matters(recurring, tickets, hidden):
    """The matters that recur, their place told by township alone."""
    if "address" not in hidden or recurring.empty:
        return recurring
    first = recurring["ticket_ids"].map(lambda ids: ids[0])
    places = _list_places(tickets.assign(township=tickets["township"].fillna(tickets["unit"])), first)
    replaced = {name: _replace_each(recurring[name], first, places) for name in ("place", "sentence")}
    return recurring.assign(**replaced)


def tells(findings, columns):
    """Which findings are of a rule whose evidence repeats one of the columns."""
    codes = [rule.code for rule in RULES if set(rule.tells) & columns]
    return findings["rule"].isin(codes)


def _replace_places(told, findings, first, tickets):
    first = first.where(tells(findings, {"address"}))
    return _replace_each(told, first, _list_places(tickets, first))


def _list_places(tickets, asked):
    """Ticket → its place in words, and the same without the address; of those that tell an address."""
    own = tickets[tickets["ticket_id"].isin(asked) & tickets["address"].notna()]
    shown = own["township"].fillna("") + HIDDEN
    pairs = zip(own["ticket_id"], name_places(own), shown, strict=True)
    return {ticket: (place, short) for ticket, place, short in pairs if isinstance(place, str)}


def _replace_each(told, ids, replacements):
    """Each sentence with the words of its own ticket replaced, where there are any."""
    pairs = [replacements.get(ticket, ("", "")) for ticket in ids]
    said = [text.replace(old, new) if old else text for text, (old, new) in zip(told, pairs, strict=True)]
    return pd.Series(said, told.index, dtype="str")
