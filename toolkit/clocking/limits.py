"""Limits as moments: which limit fits a ticket, and when its time is over, pauses and extensions counted in."""

import numpy as np
import pandas as pd

from toolkit.clocking import workdays
from toolkit.clocking.policy import DAY_UNITS
from toolkit.clocking.workdays import MISSING, of_day, split_days, to_moments

MICROSECONDS = {"working_hours": 3_600_000_000, "hours": 3_600_000_000, "minutes": 60_000_000}


def fitting_limits(tickets, limits):
    """The number of the first limit whose conditions a ticket meets, in the file's order; -1 without one."""
    which = np.full(len(tickets), -1, dtype="int16")
    words = {}
    for number, limit in enumerate(limits):
        fits = which == -1
        for column, allowed in limit.conditions().items():
            if column not in words:
                words[column] = pd.factorize(tickets[column])
            codes, distinct = words[column]
            has_word = np.array([_is_among(word, allowed, column) for word in distinct] + [False])
            fits &= has_word[codes]  # a missing value has code -1, the last place
        which[fits] = number
    return which


def _is_among(word, allowed, column):
    """A category is meant by any level of its path."""
    return not set(allowed).isdisjoint(word.split("/") if column == "category" else [word])


def due_times(tickets, starts, limits, policy, pauses=None):
    """When each ticket is due by the limit that fits it; missing without start, limit or calendar.

    starts: one moment a ticket. pauses: row, paused_at, resumed_at, in order (see `history`).
    """
    starts = np.asarray(starts, dtype="datetime64[us]")
    which = fitting_limits(tickets, limits)
    due = np.full(len(tickets), MISSING)
    for number, limit in enumerate(limits):
        rows = np.flatnonzero(which == number)
        if len(rows):
            due[rows] = add_limit(starts[rows], limit, policy, _pauses_of(rows, pauses))
    return due


def _pauses_of(rows, pauses):
    """The pauses of some rows, renumbered to their places among those rows."""
    if pauses is None or pauses.empty:
        return None
    own = pauses[pauses["row"].isin(rows)]
    return own.assign(row=np.searchsorted(rows, own["row"]))


def add_limit(starts, limit, policy, pauses=None):
    """When the limit is over for each start."""
    calendar = policy.workdays
    begun = begin(starts, limit, calendar)
    if limit.unit in DAY_UNITS:
        return _add_days(begun, limit, policy, pauses)
    length = round(limit.amount * MICROSECONDS[limit.unit])
    if limit.unit == "working_hours":
        begun, covered = workdays.office_time(begun, calendar)
        over = _shift_by_pauses(begun, begun + length, pauses, calendar)
        return workdays.at_office_time(over, covered, calendar)
    over = _shift_by_pauses(begun, begun + np.timedelta64(length, "us"), pauses)
    return np.where(split_days(over, calendar)[2], over, MISSING)


def begin(starts, limit, calendar):
    """The moment from which the limit counts: the event, or when an office opens after it."""
    if limit.counts_from == "event" and not limit.rolls_over:
        return starts
    days, moment, covered = split_days(starts, calendar)
    opens = calendar.spans[0][0]
    if limit.rolls_over:
        is_after = ~calendar.is_working[days] | (moment > calendar.cut_off)
        days, held = workdays.next_working_day(calendar, np.minimum(days + is_after, len(calendar.upto) - 1))
        moment, covered = np.where(is_after, opens, np.maximum(moment, opens)), covered & held
    if limit.counts_from == "next_working_day":
        days, held = workdays.next_working_day(calendar, np.minimum(days + 1, len(calendar.upto) - 1))
        moment, covered = opens, covered & held
    return to_moments(days, moment, covered)


# --- limits in days --------------------------------------------------------------------------------


def _add_days(begun, limit, policy, pauses):
    """The end of the last day: days that count are numbered one after the other, and pauses skip some."""
    calendar, amount = policy.workdays, limit.amount
    days, _, covered = split_days(begun, calendar)
    place_of = _place_of(limit.unit, calendar)
    first = place_of(days + (0 if limit.first_day_counts or amount == 0 else 1))
    last = first + max(amount, 1) - 1
    if pauses is not None:
        last = _skip_paused_days(first, last, limit.unit, policy, pauses)
    if limit.unit == "working_days":
        last, held = workdays.day_of_nth_working(calendar, last)
    else:
        held = last < len(calendar.upto)
    return to_moments(last, of_day(policy.ends_at), covered & held)


def _place_of(unit, calendar):
    """A function from day numbers to the place of the first day, on or after it, that counts."""
    if unit == "calendar_days":
        return lambda days: days.astype("int64")
    before = np.concatenate([[0], calendar.upto])  # working days before each day, and before the day after
    return lambda days: before[days]


def _skip_paused_days(first, last, unit, policy, pauses):
    """The place of the last day when days counted as paused are left out; pauses in order of time."""
    calendar, last, skipped_to = policy.workdays, last.copy(), first.copy()
    place_of = _place_of(unit, calendar)
    for turn in _turns(pauses):
        rows = turn["row"].to_numpy()
        begins, ends = (place_of(days) for days in _paused_days(turn, unit, policy))
        begins = np.maximum(begins, skipped_to[rows])
        skips = (ends > begins) & (begins <= last[rows])
        last[rows] += np.where(skips, ends - begins, 0)
        skipped_to[rows] = np.where(skips, ends, skipped_to[rows])
    return last


def _paused_days(turn, unit, policy):
    """The first day a pause counts for, and the day after the last, as day numbers.

    `whole` days lie in the pause from opening to closing (calendar days from midnight to midnight);
    `touched` ones share some of that time with it.
    """
    calendar = policy.workdays
    spans = calendar.spans if unit == "working_days" else ((0, workdays.DAY),)
    opens, closes = spans[0][0], spans[-1][1]
    (begins, begin_moment, _), (ends, end_moment, _) = (
        split_days(turn[column], calendar) for column in ("paused_at", "resumed_at")
    )
    if policy.paused_days == "whole":
        return begins + (begin_moment > opens), ends + (end_moment >= closes)
    begins, ends = begins + (begin_moment >= closes), ends + (end_moment > opens)
    paused, resumed = (turn[name] for name in ("paused_at", "resumed_at"))
    if unit == "working_days":  # a pause within the lunch break touches nothing
        paused, resumed = (workdays.office_time(moment, calendar)[0] for moment in (paused, resumed))
    return begins, np.where(resumed > paused, ends, begins)


def count_paused_days(pauses, since, policy):
    """How many working days of each ticket its pauses take up after the day of `since`; pauses in order of time."""
    calendar = policy.workdays
    days, _, known = split_days(since, calendar)
    place_of = _place_of("working_days", calendar)
    skipped_to = place_of(np.minimum(days + 1, len(calendar.upto)))
    count = np.zeros(len(since), dtype="int64")
    for turn in _turns(pauses):
        rows = turn["row"].to_numpy()
        begins, ends = (place_of(day) for day in _paused_days(turn, "working_days", policy))
        skipped = np.maximum(ends - np.maximum(begins, skipped_to[rows]), 0)
        count[rows] += np.where(known[rows], skipped, 0)
        skipped_to[rows] = np.maximum(skipped_to[rows], ends)
    return count


def _turns(pauses):
    """The first pause of every row, then the second of those that have one, and so on."""
    if pauses is None:
        return []
    return [turn for _, turn in pauses.groupby(pauses.groupby("row").cumcount())]


def _shift_by_pauses(begun, over, pauses, calendar=None):
    """When time is over if it stands still during each pause; in office time where a calendar is given."""
    over = over.copy()
    for turn in _turns(pauses):
        rows = turn["row"].to_numpy()
        paused, resumed = turn["paused_at"].to_numpy(), turn["resumed_at"].to_numpy()
        if calendar:
            paused, resumed = (workdays.office_time(side, calendar)[0] for side in (paused, resumed))
        paused = np.maximum(paused, begun[rows])
        stands = (resumed > paused) & (paused < over[rows])
        over[rows] += np.where(stands, resumed - paused, resumed - resumed)
    return over


# --- extensions ------------------------------------------------------------------------------------


def extend(due, tickets, policy, approvals, pauses=None):
    """Due times moved by the extensions that count, how many did, and which came too late.

    An extension counts when it was approved before the due time it moves (on that day before
    `extension_cut_off_at`), and as many as `extension_times` of them. approvals: row, at, in order.
    """
    due, used = due.copy(), np.zeros(len(due), dtype="int16")
    too_late = np.zeros(len(due), dtype=bool)
    which = fitting_limits(tickets, policy.extension_limits)
    for _, turn in approvals.groupby(approvals.groupby("row").cumcount()):
        rows, at = turn["row"].to_numpy(), turn["at"].to_numpy()
        in_time = at <= _last_approval(due[rows], policy)
        too_late[rows[~in_time]] = True
        rows = rows[in_time & (used[rows] < policy.extension_times) & (which[rows] >= 0)]
        for number, limit in enumerate(policy.extension_limits):
            own = rows[which[rows] == number]
            due[own] = add_limit(due[own], limit, policy, _pauses_of(own, pauses))
        used[rows] += 1
    return due, used, too_late


def longest_extension(due, tickets, policy):
    """Each due time moved by as many extensions as there may be: n × m; itself where none is allowed."""
    longest = due
    for _ in range(policy.extension_times):
        moved = due_times(tickets, longest, policy.extension_limits, policy)
        longest = np.where(np.isnat(moved), longest, moved)
    return longest


def _last_approval(due, policy):
    """Until when an extension of the due time may be approved."""
    if policy.extension_cut_off_at is None:
        return due
    days = due.astype("datetime64[D]").astype("datetime64[us]")
    return np.minimum(due, days + np.timedelta64(of_day(policy.extension_cut_off_at), "us"))
