"""The second round: a ticket that was sent back to be done again is judged anew, from its last 重办 on."""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.clocking import limits, workdays
from toolkit.clocking.answers import find_second_answer, was_reworked_unseen
from toolkit.clocking.due import as_times, as_words
from toolkit.clocking.flow_log import moments_of, place_moments


def judge_reworks(tickets, policy, history, answered_by, as_of):
    """The columns of the second round: reworked_at, rework_due_at, rework_answered_at, rework_state, rework_overdue_days.

    The policy's `rework_limits` run from the last 重办 of the flow log; pauses after it are counted in. Without a
    limit, or without a log while the status is 重办, one that waits is `无截止时间`. rework_state is missing where
    nothing was done again, where no limit judges an answer that came, and for tickets that are not judged.
    """
    if history.reworks.empty and not was_reworked_unseen(tickets, history).any():
        return _judge_none(tickets)
    since = place_moments(history.reworks["last"], tickets)
    answer = find_second_answer(tickets, answered_by, policy, history, as_of)
    pauses = _pauses_since(history, answer, as_of)
    due = as_times(limits.due_times(tickets, since, policy.rework_limits, policy, pauses), tickets)
    state = _judge_round(tickets, _waits(tickets, history, since, answer), due, answer, as_of)
    days = workdays.count_working_days(due, answer.at.fillna(as_of), policy.workdays)
    return {
        "reworked_at": since,
        "rework_due_at": due,
        "rework_answered_at": answer.at,
        "rework_state": state,
        "rework_overdue_days": days.where(state.isin([schema.LATE, schema.OVERDUE])),
    }


def _judge_none(tickets):
    """The columns of the second round where no ticket had one."""
    never = as_times(None, tickets)
    moments = dict.fromkeys(["reworked_at", "rework_due_at", "rework_answered_at"], never)
    days = pd.Series(index=tickets.index, dtype="Int64")
    return moments | {"rework_state": as_words(None, tickets), "rework_overdue_days": days}


def _waits(tickets, history, since, answer):
    """Which tickets wait for the answer of their second round; without a log the status tells."""
    waits = ~answer.is_known & since.notna()
    waits |= was_reworked_unseen(tickets, history) & tickets["status"].eq(schema.REWORK_STATUS)
    return waits & ~tickets["status"].isin(schema.SHUT_STATUSES)


def _judge_round(tickets, waits, due, answer, as_of):
    """The verdict on the second round; what stands further up holds first."""
    late = due.notna() & (answer.at.fillna(as_of) > due)
    verdicts = [
        (tickets["status"].isin(schema.VOID_STATUSES), None),
        (waits & due.isna(), schema.NO_DUE),
        (waits & late, schema.OVERDUE),
        (waits, schema.PENDING),
        (due.isna(), None),
        (answer.until <= due, schema.ON_TIME),
        (answer.at.notna(), schema.LATE),
        (answer.is_known, schema.UNTIMED),
    ]
    words = np.select([when for when, _ in verdicts], [word for _, word in verdicts], None)
    return as_words(words, tickets)


def of_first_round(moments, history):
    """Of events by row, those before a ticket was first sent back to be done again."""
    return moments[~(moments["at"] >= moments_of(moments, history.reworks["first"]))]


def _pauses_since(history, answer, as_of):
    """The pauses of the second round, up to its answer; one that nothing ended lasts until as_of."""
    pauses = history.pauses[history.pauses["row"].isin(history.reworks.index)]
    ends = answer.until.iloc[pauses["row"]].set_axis(pauses.index).fillna(as_of)
    pauses = pauses.assign(resumed_at=pauses["resumed_at"].fillna(ends))
    return pauses[pauses["resumed_at"] > moments_of(pauses, history.reworks["last"])]
