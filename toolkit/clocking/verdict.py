"""The verdict on every ticket, the days it is made of, and the colour of the policy's ladder."""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.clocking import limits, workdays
from toolkit.clocking.answers import was_reworked_unseen
from toolkit.clocking.due import as_times


def judge(due_at, answered_at, now):
    """A word of DUE_STATES for each ticket, from its due time, its answer and the cut-off time."""
    answered, due_known = answered_at.notna(), due_at.notna()
    in_time = due_known & (answered_at <= due_at)
    verdicts = [
        (in_time, schema.ON_TIME),
        (due_known & answered, schema.LATE),
        (due_known & (due_at < now), schema.OVERDUE),
        (due_known, schema.PENDING),
    ]
    words = np.select([when for when, _ in verdicts], [word for _, word in verdicts], schema.NO_DUE)
    return pd.Series(words, index=due_at.index, dtype="str")


def judge_all(tickets, history, due_at, answer, stood_from, is_shut, now):
    """The verdict on every ticket, with what cannot be known said to be unknown."""
    until = stood_from.fillna(answer.until).where(answer.until.notna())
    state = judge(due_at, until, now)
    # Late, as far as one can see: of what is known only by a later stage, or is perhaps the second round's answer.
    is_unsure = state.eq(schema.LATE) & (answer.at.isna() | was_reworked_unseen(tickets, history))
    is_untold = answer.is_known & answer.until.isna() & due_at.notna()
    state = state.mask(is_unsure | is_untold, schema.UNTIMED)
    return state.mask(is_shut, schema.SHUT).mask(tickets["status"].isin(schema.VOID_STATUSES), schema.VOID)


def find_stand(tickets, pauses, answer):
    """Since when the clock stands still for good: the start of the pause that only the answer ended, or nothing yet."""
    ends = answer.until.iloc[pauses["row"]].set_axis(pauses.index)
    lasts = pauses["resumed_at"].isna() | (~pauses["is_resumed"] & pauses["resumed_at"].eq(ends))
    stood = np.full(len(tickets), workdays.MISSING)
    stood[pauses.loc[lasts, "row"]] = pauses.loc[lasts, "paused_at"].to_numpy()
    return as_times(stood, tickets)


def count_days(state, due, answer, pauses, now, as_of, policy):
    """The columns handling_days, overdue_days and left_days, working days; pauses after the due time are no delay."""
    calendar, until = policy.workdays, answer.at.fillna(as_of)
    count = workdays.count_working_days
    paused = limits.count_paused_days(pauses.fillna({"resumed_at": _end_of(as_of)}), due.at, policy)
    overdue = (count(due.at, until, calendar) - paused).clip(lower=0)
    return {
        "handling_days": count(due.starts, until, calendar).mask(answer.is_known & answer.at.isna()),
        "overdue_days": overdue.where(state.isin([schema.LATE, schema.OVERDUE])),
        "left_days": count(now, due.at, calendar).where(state.eq(schema.PENDING)),
    }


def _end_of(as_of):
    """The last moment of the day: a day on which a ticket still stands still is no day of delay."""
    return as_of.normalize() + pd.Timedelta(days=1) - pd.Timedelta(microseconds=1)


def find_warning(state, days, due, policy, now):
    """The colour of each open ticket: the first step of the policy's ladder it reaches; else none."""
    calendar = policy.workdays
    (begun, _), (now, _), (over, _) = (
        workdays.office_time(side, calendar) for side in (due.starts, now, due.at)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        left = pd.Series((over - now) / (over - begun), index=state.index)
    left = left.where(due.starts.notna() & due.at.notna())
    is_overdue, is_pending = state.eq(schema.OVERDUE), state.eq(schema.PENDING)
    reached = {
        "overdue_days": (is_overdue, days["overdue_days"].ge),
        "left_days": (is_pending, days["left_days"].le),
    }
    reached["left_share"] = (is_pending, left.le)
    colours = pd.Series(None, index=state.index, dtype="str")
    for step in reversed(policy.ladder):
        for name, (applies, reaches) in reached.items():
            if getattr(step, name) is not None:
                hit = applies & reaches(getattr(step, name)).fillna(False).astype(bool)
                colours = colours.mask(hit, step.colour)
    return colours
