"""Due times and the verdict on every ticket: the only place that decides lateness."""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.clocking import workdays
from toolkit.clocking.answers import Answer, choose_answer, find_answer, find_shut
from toolkit.clocking.due import (
    as_times,
    as_words,
    compare_due,
    find_due,
    find_lead,
    list_other_dues,
)
from toolkit.clocking.due_notes import note_due
from toolkit.clocking.flow_log import clip_pauses, read_history
from toolkit.clocking.in_force import find_in_force, read_policies
from toolkit.clocking.policy import read_policy, say_what_to_add
from toolkit.clocking.reworks import judge_reworks, of_first_round
from toolkit.clocking.verdict import count_days, find_stand, find_warning, judge_all
from toolkit.errors import PolicyError
from toolkit.period import parse_as_of

DAYS_AHEAD = 3  # working days whose due tickets a report lists beforehand


def clock(tickets, policy, as_of, events=None):
    """Say for every ticket when it was due and whether the answer came in time.

    A ticket is late when its answer came after `due_at`, or has not come though `due_at` is past at
    `as_of`; an answer at the due time itself is in time. Where nothing but words says that it was answered, or
    only a stage after the due time, it is `已答复、时间不明`: neither in time nor late; see `answers`. A ticket done
    again is judged twice: by its first answer, and by the one after its last 重办 (`reworks`). Reads the time
    columns, `status`, `reply`, `rework_count`, and what the policy's limits ask for; adds the columns of
    `schema.CLOCK`. Days are working days. policy: of a list, the one in force when a ticket was received judges
    it. events: as `load` gives them; a flow log tells pauses, approved extensions, re-assignments and 重办.
    Without a due time (no start, no fitting limit, or beyond the calendar: see `list_doubts`) a ticket is
    `无截止时间`, never in time and never late. Raises PolicyError when as_of is beyond the calendar.
    """
    policies, as_of = read_policies(policy), parse_as_of(as_of)
    answered_by = choose_answer(tickets, policies[-1])
    if len(policies) == 1:
        return _clock(tickets, policies[0], as_of, events, answered_by)
    which = find_in_force(tickets["received_at"], policies)
    parts = [
        _clock(tickets[which == number], one, as_of, events, answered_by)
        for number, one in enumerate(policies)
    ]
    return pd.concat(parts).loc[tickets.index] if tickets.index.is_unique else pd.concat(parts)


def _clock(tickets, policy, as_of, events, answered_by):
    require_calendar(as_of, policy)
    history = read_history(events, tickets, as_of)
    answer = find_answer(tickets, answered_by, policy, history, as_of)
    pauses = clip_pauses(history.pauses, answer.until)
    ended = pauses[pauses["resumed_at"].notna()]
    counted = history._replace(pauses=ended, approvals=of_first_round(history.approvals, history))
    due = find_due(tickets, policy, counted)

    stood_from = find_stand(tickets, pauses, answer)
    now = stood_from.fillna(as_of).where(~answer.is_known, as_of)
    is_shut = find_shut(tickets, answered_by, answer, as_of)
    answer = Answer(*(part.mask(is_shut) for part in answer[:2]), answer.is_known & ~is_shut)
    state = judge_all(tickets, history, due.at, answer, stood_from, is_shut, now)
    days = count_days(state, due, answer, pauses, now, as_of, policy)
    clocked = tickets.assign(
        **_tell_due(tickets, due),
        **_tell_answer(tickets, answer, answered_by),
        due_state=state,
        judged_at=as_times(as_of, tickets),
        **days,
        warning=find_warning(state, days, due, policy, now),
        lead_due_at=find_lead(due.at, policy),
        **list_other_dues(tickets, due.starts, answer.at, policy, counted),
        **judge_reworks(tickets, policy, history, answered_by, as_of),
    )
    return clocked.assign(due_note=note_due(clocked, policy, history, pauses, due.too_late, due.is_capped))


def _tell_due(tickets, due):
    """The columns about the due time; its note is written last."""
    return {
        "due_at": due.at,
        "due_source": due.source,
        "due_note": None,
        "policy_due_at": due.ours,
        "due_compared": compare_due(tickets["platform_due_at"], due.ours),
        "clock_from": due.starts,
    }


def _tell_answer(tickets, answer, answered_by):
    """The columns about the answer."""
    return {
        "answered_at": answer.at,
        "answered_by": answered_by,
        "answered_until": answer.until,
        "answered": as_words(np.where(answer.is_known, schema.YES, schema.NO), tickets),
    }


def days_ahead(policy, as_of, count=DAYS_AHEAD):
    """The next working days after the day of `as_of`, `count` of them as far as the calendar goes."""
    calendar = read_policy(policy).workdays
    days, _, _ = workdays.split_days(as_of, calendar)
    ahead = calendar.working[calendar.upto[days[0]] :][:count]
    return [str(workdays.FIRST_DAY + int(day)) for day in ahead]


def require_calendar(as_of, policy):
    """Raise PolicyError where the working-day calendar does not reach `as_of`."""
    calendar = policy.workdays
    covered = policy.beyond_calendar == "weekdays" or np.datetime64(as_of, "D") <= calendar.last_day
    if np.datetime64(as_of, "D") < workdays.FIRST_DAY or not covered:
        raise PolicyError(
            f"as_of {as_of:%Y-%m-%d} is outside the published working-day calendar "
            f"({workdays.FIRST_DAY} to {calendar.last_day}): choose an as_of inside it, or "
            f"{say_what_to_add(as_of.year)}"
        )
