"""Working days, due times, and the verdict on every ticket: the only place that decides lateness."""

from functools import cache

import chinese_calendar
import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.errors import PolicyError
from toolkit.policy import parse_as_of, read_policy

FIRST_DAY = np.datetime64("2004-01-01")


def clock(tickets, policy, as_of):
    """Say for every ticket when it was due and whether the answer came in time.

    A ticket is late when its answer came after `due_at`, or has not come though `due_at` is past at
    `as_of`; an answer at the due time itself is in time. Reads the time columns, `type`, `status` and
    what the policy's limits ask for; adds the columns of `schema.CLOCK`. Days are working days.
    Without a due time (nothing to count from, or beyond the published calendar) the ticket is
    `无截止时间`, never in time and never late. Raises PolicyError when as_of is beyond the calendar.
    """
    policy, as_of = read_policy(policy), parse_as_of(as_of)
    if not _is_published(as_of):
        raise PolicyError(
            f"as_of {as_of:%Y-%m-%d} is outside the published working-day calendar "
            f"({FIRST_DAY} to {last_day()}): choose an as_of inside it, or update chinesecalendar"
        )
    due_at, due_source = find_due(tickets, policy)
    answered_by = choose_answer(tickets, policy)
    answered_at = tickets[answered_by].where(tickets[answered_by] <= as_of)
    state = judge(due_at, answered_at, as_of).mask(tickets["status"].isin(schema.VOID_STATUSES), schema.VOID)
    is_late = state.isin([schema.LATE, schema.OVERDUE])
    is_open = state.isin([schema.PENDING])
    return tickets.assign(
        due_at=due_at,
        due_source=due_source,
        answered_at=answered_at,
        answered_by=answered_by,
        due_state=state,
        overdue_days=count_working_days(due_at, answered_at.fillna(as_of)).where(is_late),
        left_days=count_working_days(as_of, due_at).where(is_open),
        sign_due_at=add_working_days(tickets["dispatched_at"], policy.sign_working_days, policy.day_ends_at),
    )


def find_due(tickets, policy):
    """The due time that judges, and whose it is: 延期, 平台 or 本办法."""
    ours = add_working_days(tickets[policy.starts_from], reply_days(tickets, policy), policy.day_ends_at)
    platform, extended = tickets["platform_due_at"], tickets["extended_due_at"]
    candidates = {"延期": extended, "平台": platform, "本办法": ours}
    if policy.due_from == "policy_only":
        candidates = {"本办法": ours}
    elif policy.due_from == "platform_only":
        del candidates["本办法"]
    due_at = pd.Series(pd.NaT, index=tickets.index, dtype="datetime64[us]")
    source = pd.Series(None, index=tickets.index, dtype="str")
    for name, times in candidates.items():
        source = source.mask(due_at.isna() & times.notna(), name)
        due_at = due_at.fillna(times)
    return due_at, source


def reply_days(tickets, policy):
    """The reply limit of each ticket in working days: the first limit whose conditions it meets."""
    days = pd.Series(np.nan, index=tickets.index)
    for limit in policy.reply_limits:
        fits = days.isna()
        for column, words in limit.conditions().items():
            fits &= tickets[column].isin(words)
        days = days.mask(fits, limit.working_days)
    return days


def choose_answer(tickets, policy):
    """The stage that counts as the answer: the policy's, or closing where the export has no reply time."""
    if policy.answered_by == "replied_at" and tickets["replied_at"].isna().all():
        return "closed_at"
    return policy.answered_by


def judge(due_at, answered_at, as_of):
    """A word of DUE_STATES for each ticket, from its due time, its answer and the cut-off time."""
    answered, due_known = answered_at.notna(), due_at.notna()
    in_time = due_known & (answered_at <= due_at)
    verdicts = [
        (in_time, schema.ON_TIME),
        (due_known & answered, schema.LATE),
        (due_known & (due_at < as_of), schema.OVERDUE),
        (due_known, schema.PENDING),
    ]
    words = np.select([when for when, _ in verdicts], [word for _, word in verdicts], schema.NO_DUE)
    return pd.Series(words, index=due_at.index, dtype="str")


# --- working days ----------------------------------------------------------------------------------


@cache
def working_days():
    """Whether each day from FIRST_DAY on is a working day, holidays and make-up days (调休) counted in.

    Source: the State Council's yearly notices as published in chinesecalendar.
    """
    days = np.arange(FIRST_DAY, last_day() + 1)
    is_working = np.is_busday(days)
    constants = chinese_calendar.constants
    is_working[np.isin(days, np.array(list(constants.holidays), dtype="datetime64[D]"))] = False
    is_working[np.isin(days, np.array(list(constants.workdays), dtype="datetime64[D]"))] = True
    return is_working


@cache
def last_day():
    """The last day of the last year whose holidays are published."""
    return np.datetime64(f"{max(day.year for day in chinese_calendar.constants.holidays)}-12-31")


@cache
def _tables():
    """Working days up to and including each day, and the day of the n-th working day."""
    is_working = working_days()
    return is_working.cumsum(), np.flatnonzero(is_working)


def _is_published(moment):
    return FIRST_DAY <= np.datetime64(moment.date()) <= last_day()


def _day_numbers(times):
    """Days since FIRST_DAY, and which of them the calendar covers; a single time is taken as a column of one."""
    days = np.atleast_1d(np.asarray(times, dtype="datetime64[D]"))
    known = ~np.isnat(days)
    numbers = np.where(known, (days - FIRST_DAY).astype("int64"), 0)
    known &= (numbers >= 0) & (numbers < len(working_days()))
    return np.where(known, numbers, 0), known


def add_working_days(times, days, day_ends_at):
    """The end of the n-th working day after the day of each time; missing beyond the calendar."""
    upto, working = _tables()
    numbers, known = _day_numbers(times)
    steps = np.broadcast_to(np.asarray(days, dtype="float64"), numbers.shape)
    known &= ~np.isnan(steps)
    steps = np.where(known, steps, 0).astype("int64")
    wanted = upto[numbers] + steps - 1 + ((steps == 0) & ~working_days()[numbers])
    known &= (wanted >= 0) & (wanted < len(working))
    day = FIRST_DAY + working[np.where(known, wanted, 0)]
    end = np.timedelta64(day_ends_at.hour * 60 + day_ends_at.minute, "m")
    moments = np.where(known, day.astype("datetime64[us]") + end, np.datetime64("NaT"))
    return pd.Series(moments, index=getattr(times, "index", None), dtype="datetime64[us]")


def count_working_days(start, end):
    """Working days after the day of `start` up to the day of `end`; missing where either is unknown.

    The same day counts 0; an end before the start counts 0 or less.
    """
    upto, _ = _tables()
    (first, first_known), (last, last_known) = _day_numbers(start), _day_numbers(end)
    index = next(side.index for side in (start, end) if isinstance(side, pd.Series))
    days = pd.Series(upto[last] - upto[first], index=index)
    return days.where(first_known & last_known).astype("Int64")
