"""Every rule on every ticket: what is found, and the table of all rules for people.

The rules stand in `rules/`, a module a trouble, and are listed below in the order people read them;
`rule.py` says what a rule is made of.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from toolkit import schema
from toolkit.clocking.flow_log import only_logged
from toolkit.clocking.in_force import find_in_force, read_policies
from toolkit.errors import ParameterError, list_mistakes, nearest
from toolkit.flagging.rule import FINDINGS, LOG, RULES, SEVERITIES, no_findings
from toolkit.flagging.rules import (
    bulk,  # noqa: F401
    callbacks,  # noqa: F401
    callers,  # noqa: F401
    closing,  # noqa: F401
    complaints,  # noqa: F401
    deadlines,  # noqa: F401
    last_moment,  # noqa: F401
    orphans,  # noqa: F401
    passing_on,  # noqa: F401
    raised_again,  # noqa: F401
    records,  # noqa: F401
    replies,  # noqa: F401
    reworks,  # noqa: F401
    satisfaction,  # noqa: F401
    sitting_on,  # noqa: F401
    surges,  # noqa: F401
    topics,  # noqa: F401
    urgent,  # noqa: F401
)
from toolkit.flagging.watch import Watch
from toolkit.texts.language import is_chinese

NOT_CHINESE = "文本非中文"

# As the county's report names its troubles: people read groups and rules in this order.
ORDER = {
    "时限": [
        *["overdue_open", "replied_late", "due_soon", "lead_missed", "signed_late", "contact_missed"],
        *["extension_abused", "rework_open", "rework_late", "clustered_at_deadline"],
    ],
    "推诿": [
        *["returned_often", "many_units", "ping_pong", "returned_late", "returned_unfounded"],
        *["contested_topic", "no_owner", "misdirected"],
    ],
    "压单": ["idle_half", "moved_by_urging", "urged_no_reply"],
    "应付": [
        *["handling_complained", "contact_denied", "reply_short", "reply_copied", "reply_no_elements"],
        *["reply_promises_only", "reply_instant", "not_contacted"],
    ],
    "虚假办结": ["called_again", "closed_unresolved", "reopened"],
    "满意度": [
        *["callback_burst", "callback_too_early", "dissatisfied", "satisfied_without_call"],
        *["default_satisfied", "satisfaction_flipped", "too_perfect"],
    ],
    "打包办结": ["bulk_closing"],
    "记录可疑": ["impossible_times", "exactly_due", "platform_disagrees", "heaped_times"],
    "剔除": ["exclusion_biased"],
    "群众诉求": [
        *[
            "repeated_appeal",
            "raised_again",
            "mass_appeal",
            "mass_matter",
            "frequent_caller",
            "hot_spot",
            "surge",
        ],
        *["busy_day", "risk_words"],
    ],
    "无主工单": ["no_unit", "no_handler", "status_at_odds", "not_fed_back"],
}
RULES.sort(key=lambda entry: ORDER[entry.group].index(entry.code))
RULES.sort(key=lambda entry: list(ORDER).index(entry.group))


TEXTS = ["title", "content", "reply", *schema.ORIGIN]


def flag(tickets, policy, events=None, texts=True, among=None, only=None):
    """Every rule each ticket breaks, with severity, since when, how much, and a sentence of evidence.

    Reads clocked tickets; gives one row per ticket and rule, most urgent first. `since` is when the trouble
    began, `measure` its size (as the evidence says). A finding about a unit, a township or a topic has no
    ticket_id; `rests_on` lists its tickets. events: a flow log, as `load` gives it. texts=False leaves out
    the rules that read contents and replies; so do texts that are not Chinese. among: which tickets the
    findings are about (true or false for each), where the others are only there for rules that look back. A
    rule that lacks its columns or its log gives no row: `rules(tickets)` names it as not evaluated. only:
    the codes of some rules; ParameterError for a code that is none. policy: of several, the one in force when a
    ticket was received gives the limits for it; the latest those for units, townships and topics.
    """
    _require_rules(only or [])
    policies, as_of = read_policies(policy), schema.judged_at(tickets)
    in_force = pd.Series(find_in_force(tickets["received_at"], policies), index=tickets["ticket_id"])
    watches = _watch_each(Watch(tickets, only_logged(events, as_of), policies[-1], as_of, among))
    ids = set() if among is None else set(watches[False, True].tickets["ticket_id"])
    has_log = len(watches[True, True].events) > 0
    texts = texts and is_chinese(tickets)
    found = []
    for entry in RULES:
        watch = watches[entry.looks_back, entry.reads_texts]
        is_asked = (texts or not entry.reads_texts) and (only is None or entry.code in only)
        if not is_asked or missing_of(entry, watch.tickets, has_log):
            continue
        part = _find(entry, watch, policies, in_force)
        if entry.looks_back and among is not None:
            part = part[_is_about(part, ids)]
        found.append(part.assign(rule=entry.code, rule_name=entry.name))
    return most_urgent_first(pd.concat([no_findings(), *(part for part in found if len(part))])[FINDINGS])


def _watch_each(whole):
    """The watch a rule is given, by whether it looks back and whether it reads texts."""
    among = whole.among
    asked = whole
    if among is not None:
        asked = replace(whole, tickets=schema.choose(whole.tickets, among), among=None, _made={})
    watches = {(True, True): whole, (False, True): asked}
    return watches | {(back, False): _without_texts(watch) for (back, _), watch in watches.items()}


def most_urgent_first(findings):
    """Findings by severity, then by since when; equals stay in their order."""
    rank = pc.index_in(pa.array(findings["severity"]), pa.array(SEVERITIES, pa.large_string()))
    order = np.lexsort((findings["since"], rank))  # and in the order of the rules, and of the tickets
    return findings.iloc[order].reset_index(drop=True)


def _find(entry, watch, policies, in_force):
    """What a rule finds: all tickets looked at by the limits of each policy, which speaks of its own tickets alone."""
    read = [entry.reads(policy) for policy in policies]
    alike = [read.index(what) for what in read]  # the first policy that says the same to this rule
    if entry.about != "ticket" or len(set(alike)) == 1:
        return entry.find(watch)
    parts = []
    for number in sorted(set(alike)):
        part = entry.find(replace(watch, policy=policies[number]))
        own = in_force.index[np.take(alike, in_force) == number]
        parts.append(part[part["ticket_id"].isin(own)])
    return pd.concat([part for part in parts if len(part)] or parts[:1]).sort_index(kind="stable")


def _require_rules(codes):
    known = [entry.code for entry in RULES]
    unknown = [f"'{code}' is no rule.{nearest(code, known)}" for code in codes if code not in known]
    if unknown:
        raise ParameterError(list_mistakes("only: codes of rules, see toolkit.rules()", unknown))


def _without_texts(watch):
    """The same watch without texts: choosing rows copies every column, and most of a table is text."""
    for name in TEXTS:
        watch.has(name)
    return replace(watch, tickets=watch.tickets.drop(columns=TEXTS))


def _is_about(findings, ids):
    """Whether each finding is about these tickets alone."""
    rests = [
        ticket in ids if rests is None else ids.issuperset(rests)
        for ticket, rests in zip(findings["ticket_id"], findings["rests_on"], strict=True)
    ]
    return pd.Series(rests, index=findings.index, dtype=bool)


def flagged(tickets, findings):
    """The tickets in the wide form: beside each, the colour of every rule it breaks, the worst, and how many.

    One column per rule, named by its code: 红, 橙, 黄, 蓝, or missing. A finding about a unit or a topic
    stands with every ticket it rests on.
    """
    rests = (
        findings[findings["ticket_id"].isna()].explode("rests_on").assign(ticket_id=lambda f: f["rests_on"])
    )
    pairs = pd.concat([findings[findings["ticket_id"].notna()], rests])[["ticket_id", "rule", "severity"]]
    pairs["severity"] = pd.Categorical(pairs["severity"], SEVERITIES, ordered=True)
    worst = pairs.groupby(["ticket_id", "rule"], observed=True)["severity"].min().unstack()
    worst = worst.reindex(columns=[entry.code for entry in RULES]).astype("str")
    counts = pairs.drop_duplicates(["ticket_id", "rule"])["ticket_id"].value_counts()
    most = pairs.groupby("ticket_id")["severity"].min().astype("str")
    ids = tickets["ticket_id"]
    wide = worst.reindex(ids).set_index(tickets.index)
    found = {
        "severity": ids.map(most).astype("str"),
        "rules_broken": ids.map(counts).fillna(0).astype("Int64"),
    }
    return pd.concat([tickets, wide], axis=1).assign(**found)


def rules(tickets=None, events=None, texts=True, policy="county_default"):
    """The table of all rules for people; with tickets, whether each was evaluated and what it lacks.

    policy: whose limits the sentences state; of several the latest's, then the earlier ones' where they differ.
    """
    policies = read_policies(policy)
    table = pd.DataFrame(
        [(r.code, r.name, r.group, *r.say(policies), r.about, r.asks_review, r.source) for r in RULES],
        columns=[
            "rule",
            "rule_name",
            "group",
            "sentence",
            "ladder",
            "guard",
            "about",
            "asks_review",
            "source",
        ],
    )
    if tickets is None:
        return table
    has_log = len(only_logged(events)) > 0
    unread = ["未读文本"] if not texts else [] if is_chinese(tickets) else [NOT_CHINESE]
    lacking = [unread * entry.reads_texts or missing_of(entry, tickets, has_log) for entry in RULES]
    return table.assign(
        evaluated=[not names for names in lacking], missing=["、".join(names) for names in lacking]
    )


def missing_of(entry, tickets, has_log):
    """What a rule lacks, in words: columns the export leaves wholly empty, or a flow log."""
    needs = [need for need in entry.needs if not (has_log and LOG in schema.choices(need))]
    lacking = [
        "或".join("流转记录" if name == LOG else schema.label(name) for name in schema.choices(need))
        for need in schema.missing_columns(tickets, needs)
    ]
    return lacking + ["流转记录"] * (len(tickets) > 0 and entry.needs_log and not has_log)
