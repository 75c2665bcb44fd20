"""The county's tally and findings counted on a cluster, a unit a partition; the same as counted on one machine, or an error.

A tally sums by construction. Of the findings, those of `ALONE` rest on their ticket and its own log; every other rule
compares tickets, or first asks what is usual in the whole export, and is run on the whole by the caller.
"""

import pandas as pd

from toolkit import schema
from toolkit.clocking.in_force import read_policies
from toolkit.errors import RunError, list_mistakes
from toolkit.flagging.flag import flag, most_urgent_first, rules
from toolkit.flagging.rule import RULES, no_findings
from toolkit.preparing.report import read_report
from toolkit.running.cluster import do_on_cluster
from toolkit.running.workers import Lost
from toolkit.scoring.tally import sum_tallies, tally

SECONDS = 900  # a worker that is lost is replaced; one that only takes long is waited for
ALONE = [
    *["overdue_open", "replied_late", "due_soon", "lead_missed", "signed_late", "contact_missed"],
    *["extension_abused", "rework_open", "rework_late"],
    *["returned_often", "many_units", "ping_pong", "returned_late"],
    *["idle_half", "moved_by_urging", "urged_no_reply"],
    *["handling_complained", "contact_denied", "reply_short", "reply_no_elements", "reply_promises_only"],
    *["reply_instant", "closed_unresolved", "reopened"],
    *["dissatisfied", "default_satisfied", "satisfaction_flipped", "platform_disagrees", "risk_words"],
]


def tally_on_cluster(prepared, address, by=("unit",), with_excluded=False):
    """The tally of a run's period as `tally` gives it, each unit's tickets read and counted by a worker, and summed.

    prepared: a run's folder that every worker shares. `score_tally` makes the scorecard of it. RunError where a
    part is not counted: no sum leaves it out.
    """
    about = read_report(prepared).about
    pieces = [(prepared, name, list(by), with_excluded) for name in about["reports"]]
    return sum_tallies(_do_all(_tally_part, pieces, address), by)


def _tally_part(piece, seconds):
    prepared, name, by, with_excluded = piece
    return tally(read_report(prepared, name).now, by, with_excluded)


def flag_on_cluster(tickets, policy, address, events=None):
    """The findings as `flag` gives them: the rules of ALONE by unit on the workers, the others here on the whole.

    A rule that one unit's part cannot evaluate (a column it leaves empty) while the whole can is run on the whole too.
    RunError where a part is not looked at.
    """
    policies = read_policies(policy)
    parts = list(_split_by_unit(tickets, events))
    alone = _find_evaluable(parts, tickets, events, policies)
    pieces = [(*part, policies, alone) for part in parts]
    apart = _do_all(_flag_part, pieces, address) if alone else []
    others = [entry.code for entry in RULES if entry.code not in alone]
    found = [part for part in [*apart, flag(tickets, policies, events, only=others)] if len(part)]
    return most_urgent_first(_in_order(pd.concat(found or [no_findings()]), tickets, alone))


def _split_by_unit(tickets, events):
    for _, own in tickets.groupby(tickets["unit"].fillna(schema.NO_UNIT), sort=True):
        log = None if events is None else events[events["ticket_id"].isin(own["ticket_id"])]
        yield own, log


def _find_evaluable(parts, tickets, events, policies):
    """The rules of ALONE that every part evaluates, or that the whole does not evaluate either."""
    told = rules(tickets, events, policy=policies).set_index("rule")["evaluated"]
    for part in parts:
        told &= rules(*part, policy=policies).set_index("rule")["evaluated"]
    return [code for code in ALONE if told[code]]


def _flag_part(piece, seconds):
    tickets, events, policies, codes = piece
    return flag(tickets, policies, events, only=codes)


def _in_order(findings, tickets, alone):
    """Rule by rule in the order people read them; those found apart in the order of the tickets."""
    rule_places = {entry.code: place for place, entry in enumerate(RULES)}
    ticket_places = pd.Series(range(len(tickets)), index=tickets["ticket_id"])
    order = {
        "rule_place": findings["rule"].map(rule_places),
        "ticket_place": findings["ticket_id"].map(ticket_places).where(findings["rule"].isin(alone), 0),
    }
    ordered = findings.assign(**order).sort_values(list(order), kind="stable")
    return ordered[list(findings)].reset_index(drop=True)


def _do_all(do, pieces, address):
    """The results of all pieces, in their order."""
    made = {id(piece): result for piece, result in do_on_cluster(do, pieces, address, SECONDS)}
    results = [made[id(piece)] for piece in pieces]
    lost = [result.reason for result in results if isinstance(result, Lost)]
    if lost:
        raise RunError(
            list_mistakes(f"{len(lost)} of {len(pieces)} parts were not counted", sorted(set(lost)))
        )
    return results
