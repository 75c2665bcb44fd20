"""When each ticket was due: the policy's due time, the platform's, and the other stages' due times."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.clocking import limits, workdays

# The clocks besides the reply's own: due column → the policy's limits and the column it starts from.
OTHER_CLOCKS = {
    "dispatch_due_at": ("dispatch_limits", "received_at"),
    "sign_due_at": ("sign_limits", "dispatched_at"),
    "contact_due_at": ("contact_limits", "dispatched_at"),
    "return_due_at": ("return_limits", "dispatched_at"),
}
OURS, PLATFORM, EXTENDED = "本办法", "平台", "延期"


class Due(NamedTuple):
    """One value a ticket: the due time that judges and whose it is, the policy's own, what was not counted.

    starts: from when the policy counts; too_late: an extension was approved after the due time; is_capped: the
    platform's extension was cut to the longest there may be.
    """

    at: pd.Series
    source: pd.Series
    ours: pd.Series
    starts: pd.Series
    too_late: np.ndarray
    is_capped: np.ndarray


def find_due(tickets, policy, history):
    """The due time of every ticket. Reads the policy's limits; history: pauses that ended, the first round's approvals."""
    starts = find_starts(tickets, policy, history)
    ours, used, too_late = _reply_due(tickets, starts, policy, history)
    at, source, is_capped = _choose_due(tickets, policy, ours, used, too_late, history)
    return Due(at, source, ours, starts, too_late, is_capped)


def find_starts(tickets, policy, history):
    """From when the reply is counted: the policy's stage, or when a ticket passed on reached its present unit."""
    starts = tickets[policy.starts_from]
    if policy.reassignment == "same_clock" or history.held_from.empty:
        return starts
    return with_handover(starts, history)


def with_handover(starts, history):
    """The starts, moved to when a ticket passed on reached its present unit."""
    moved = starts.copy()
    moved.iloc[history.held_from.index] = history.held_from.to_numpy()
    return moved


def _reply_due(tickets, starts, policy, history):
    """Our due time for the reply, how many extensions it holds, and which extension came too late."""
    due = limits.due_times(tickets, starts, policy.reply_limits, policy, history.pauses)
    due, used, too_late = limits.extend(due, tickets, policy, history.approvals, history.pauses)
    return as_times(due, tickets), used, too_late


def _choose_due(tickets, policy, ours, used, too_late, history):
    """The due time that judges, whose it is (延期, 平台 or 本办法), and which extension was cut to its cap.

    An extension of the platform's counts unless the flow log shows that it was approved too late. Where the platform
    names no new due time, extensions approved in time move its due time by the policy's.
    """
    if policy.due_from == "policy_only":
        source = np.where(ours.isna(), None, np.where(used > 0, EXTENDED, OURS))
        return ours, as_words(source, tickets), np.zeros(len(tickets), dtype=bool)
    platform = tickets["platform_due_at"]
    is_platforms = platform.notna()
    base = platform if policy.due_from == "platform_only" else platform.fillna(ours)
    source = np.where(is_platforms, PLATFORM, np.where(base.notna(), OURS, None))
    moved, granted, late = limits.extend(
        platform.to_numpy(), tickets, policy, history.approvals, history.pauses
    )
    granted, late = np.where(is_platforms, granted, used), np.where(is_platforms, late, too_late)
    due = base.mask(is_platforms, as_times(moved, tickets))
    extended = tickets["extended_due_at"].mask(late & (granted == 0))
    due, is_capped = _cap_extension(due.mask(extended.notna(), extended), extended, tickets, policy)
    source = np.where(extended.notna() | (granted > 0), EXTENDED, source)
    return due, as_words(np.where(due.notna(), source, None), tickets), is_capped


def _cap_extension(due, extended, tickets, policy):
    """An extension of the platform's reaches no further than the policy's n × m; and which was cut."""
    if not policy.extension_limits:
        return due, np.zeros(len(tickets), dtype=bool)
    plain = limits.due_times(tickets, tickets[policy.starts_from], policy.reply_limits, policy)
    plain = tickets["platform_due_at"].fillna(as_times(plain, tickets))
    cap = limits.longest_extension(plain.to_numpy(), tickets, policy)
    is_capped = (extended > cap).to_numpy()
    return due.mask(is_capped, as_times(cap, tickets)), is_capped


def list_other_dues(tickets, starts, answered_at, policy, history):
    """The due times of the other stages; a ticket passed on starts anew with its present unit."""
    due = {}
    for column, (name, start) in OTHER_CLOCKS.items():
        begun = tickets[start]
        if start == "dispatched_at" and policy.reassignment == "new_clock":
            begun = with_handover(begun, history)
        due[column] = limits.due_times(tickets, begun, getattr(policy, name), policy)
    due["close_due_at"] = limits.due_times(tickets, starts, policy.close_limits, policy, history.pauses)
    due["visit_due_at"] = limits.due_times(tickets, answered_at, policy.visit_limits, policy)
    return {column: as_times(moments, tickets) for column, moments in due.items()}


def find_lead(due_at, policy):
    """The unit's own date: so many working days before the due time, at the same hour."""
    calendar = policy.workdays
    days, moment, covered = workdays.split_days(due_at, calendar)
    place = calendar.upto[days] - calendar.is_working[days] - policy.lead_working_days
    days, held = workdays.day_of_nth_working(calendar, place)
    return pd.Series(workdays.to_moments(days, moment, covered & held), index=due_at.index)


def compare_due(platform, ours):
    """Whether the platform's due time is the policy's, to the minute; missing where either is."""
    gap = platform.dt.floor("min") - ours.dt.floor("min")
    words = np.select(
        [gap.isna(), gap < pd.Timedelta(0), gap > pd.Timedelta(0)],
        [None, schema.EARLIER_DUE, schema.LATER_DUE],
        schema.SAME_DUE,
    )
    return pd.Series(words, index=platform.index, dtype="str")


def as_times(moments, tickets):
    """Moments, one a ticket, as a column of the tickets."""
    return pd.Series(moments, index=tickets.index, dtype="datetime64[us]")


def as_words(words, tickets):
    """Words, one a ticket, as a column of the tickets."""
    return pd.Series(words, index=tickets.index, dtype="str")
