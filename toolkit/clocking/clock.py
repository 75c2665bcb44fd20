"""Due times and the verdict on every ticket: the only place that decides lateness."""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.clocking import limits, workdays
from toolkit.clocking.answers import Answer, choose_answer, find_answer, find_shut, was_reworked_unseen
from toolkit.clocking.due_notes import note_due
from toolkit.clocking.flow_log import clip_pauses, read_history
from toolkit.clocking.in_force import find_in_force, read_policies
from toolkit.clocking.policy import read_policy, say_what_to_add
from toolkit.clocking.reworks import judge_reworks, of_first_round
from toolkit.errors import PolicyError
from toolkit.period import parse_as_of

# The clocks besides the reply's own: due column → the policy's limits and the column it starts from.
OTHER_CLOCKS = {
    "dispatch_due_at": ("dispatch_limits", "received_at"),
    "sign_due_at": ("sign_limits", "dispatched_at"),
    "contact_due_at": ("contact_limits", "dispatched_at"),
    "return_due_at": ("return_limits", "dispatched_at"),
}
OURS, PLATFORM, EXTENDED = "本办法", "平台", "延期"
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
    starts = find_starts(tickets, policy, history)
    answer = find_answer(tickets, answered_by, policy, history, as_of)
    pauses = clip_pauses(history.pauses, answer.until)
    ended = history._replace(
        pauses=pauses[pauses["resumed_at"].notna()], approvals=of_first_round(history.approvals, history)
    )
    ours, used, too_late = _reply_due(tickets, starts, policy, ended)
    due_at, source, is_capped = find_due(tickets, policy, ours, used, too_late, ended)

    stood_from = _find_stand(tickets, pauses, answer)
    now = stood_from.fillna(as_of).where(~answer.is_known, as_of)
    is_shut = find_shut(tickets, answered_by, answer, as_of)
    answer = Answer(*(part.mask(is_shut) for part in answer[:2]), answer.is_known & ~is_shut)
    state = _judge_all(tickets, history, due_at, answer, stood_from, now)
    state = state.mask(is_shut, schema.SHUT).mask(tickets["status"].isin(schema.VOID_STATUSES), schema.VOID)
    is_late = state.isin([schema.LATE, schema.OVERDUE])
    calendar = policy.workdays
    until = answer.at.fillna(as_of)
    paused_days = limits.count_paused_days(pauses.fillna({"resumed_at": _end_of(as_of)}), due_at, policy)
    overdue_days = workdays.count_working_days(due_at, until, calendar) - paused_days
    overdue_days = overdue_days.clip(lower=0).where(is_late)
    left_days = workdays.count_working_days(now, due_at, calendar).where(state.eq(schema.PENDING))
    handling_days = workdays.count_working_days(starts, until, calendar)
    clocked = tickets.assign(
        due_at=due_at,
        due_source=source,
        due_note=None,
        policy_due_at=ours,
        due_compared=compare_due(tickets["platform_due_at"], ours),
        clock_from=starts,
        answered_at=answer.at,
        answered_by=answered_by,
        answered_until=answer.until,
        answered=_words(np.where(answer.is_known, schema.YES, schema.NO), tickets),
        due_state=state,
        judged_at=_column(as_of, tickets),
        handling_days=handling_days.mask(answer.is_known & answer.at.isna()),
        overdue_days=overdue_days,
        left_days=left_days,
        warning=find_warning(state, overdue_days, left_days, starts, due_at, policy, now),
        lead_due_at=find_lead(due_at, policy),
        **_other_clocks(tickets, starts, answer.at, policy, ended),
        **judge_reworks(tickets, policy, history, answered_by, as_of),
    )
    return clocked.assign(due_note=note_due(clocked, policy, history, pauses, too_late, is_capped))


def _find_stand(tickets, pauses, answer):
    """Since when the clock stands still for good: the start of the pause that only the answer ended, or nothing yet."""
    ends = answer.until.iloc[pauses["row"]].set_axis(pauses.index)
    lasts = pauses["resumed_at"].isna() | (~pauses["is_resumed"] & pauses["resumed_at"].eq(ends))
    stood = np.full(len(tickets), workdays.MISSING)
    stood[pauses.loc[lasts, "row"]] = pauses.loc[lasts, "paused_at"].to_numpy()
    return _column(stood, tickets)


def _judge_all(tickets, history, due_at, answer, stood_from, now):
    """The verdict on every ticket, with what cannot be known said to be unknown."""
    until = stood_from.fillna(answer.until).where(answer.until.notna())
    state = judge(due_at, until, now)
    # Late, as far as one can see: of what is known only by a later stage, or is perhaps the second round's answer.
    is_unsure = state.eq(schema.LATE) & (answer.at.isna() | was_reworked_unseen(tickets, history))
    is_untold = answer.is_known & answer.until.isna() & due_at.notna()
    return state.mask(is_unsure | is_untold, schema.UNTIMED)


def _end_of(as_of):
    """The last moment of the day: a day on which a ticket still stands still is no day of delay."""
    return as_of.normalize() + pd.Timedelta(days=1) - pd.Timedelta(microseconds=1)


def falling_due(tickets, within=3):
    """The open tickets that fall due within so many working days, the most pressing first.

    Reads clocked tickets; a ticket due on the day of `as_of` has 0 days left.
    """
    near = tickets["due_state"].eq(schema.PENDING) & tickets["left_days"].le(within).fillna(False)
    return tickets[near].sort_values(["due_at", "ticket_id"], kind="stable")


def days_ahead(policy, as_of):
    """The next working days after the day of `as_of`, DAYS_AHEAD of them as far as the calendar goes."""
    calendar = read_policy(policy).workdays
    days, _, _ = workdays.split_days(as_of, calendar)
    ahead = calendar.working[calendar.upto[days[0]] :][:DAYS_AHEAD]
    return [str(workdays.FIRST_DAY + int(day)) for day in ahead]


# --- due times -------------------------------------------------------------------------------------


def find_starts(tickets, policy, history):
    """From when the reply is counted: the policy's stage, or when a ticket passed on reached its present unit."""
    starts = tickets[policy.starts_from]
    if policy.reassignment == "same_clock" or history.held_from.empty:
        return starts
    return _with_handover(starts, history)


def _with_handover(starts, history):
    moved = starts.copy()
    moved.iloc[history.held_from.index] = history.held_from.to_numpy()
    return moved


def _reply_due(tickets, starts, policy, history):
    """Our due time for the reply, how many extensions it holds, and which extension came too late."""
    due = limits.due_times(tickets, starts, policy.reply_limits, policy, history.pauses)
    due, used, too_late = limits.extend(due, tickets, policy, history.approvals, history.pauses)
    return _column(due, tickets), used, too_late


def find_due(tickets, policy, ours, used, too_late, history):
    """The due time that judges, whose it is (延期, 平台 or 本办法), and which extension was cut to its cap.

    An extension of the platform's counts unless the flow log shows that it was approved too late; it
    reaches no further than the policy's n × m. Where the platform names no new due time, extensions
    approved in time move its due time by the policy's.
    """
    if policy.due_from == "policy_only":
        source = np.where(ours.isna(), None, np.where(used > 0, EXTENDED, OURS))
        return ours, _words(source, tickets), np.zeros(len(tickets), dtype=bool)
    platform = tickets["platform_due_at"]
    base = platform if policy.due_from == "platform_only" else platform.fillna(ours)
    source = np.where(platform.notna(), PLATFORM, np.where(base.notna(), OURS, None))
    moved, granted, late = limits.extend(
        base.where(platform.notna()).to_numpy(), tickets, policy, history.approvals, history.pauses
    )
    granted, late = (
        np.where(platform.notna(), own, by_policy) for own, by_policy in ((granted, used), (late, too_late))
    )
    due = base.mask(platform.notna(), _column(moved, tickets))
    extended = tickets["extended_due_at"].mask(late & (granted == 0))
    due = due.mask(extended.notna(), extended)
    is_capped = np.zeros(len(tickets), dtype=bool)
    if policy.extension_limits:
        plain = limits.due_times(tickets, tickets[policy.starts_from], policy.reply_limits, policy)
        cap = limits.longest_extension(platform.fillna(_column(plain, tickets)).to_numpy(), tickets, policy)
        is_capped = (extended > cap).to_numpy()
        due = due.mask(is_capped, _column(cap, tickets))
    source = np.where(extended.notna() | (granted > 0), EXTENDED, source)
    return due, _words(np.where(due.notna(), source, None), tickets), is_capped


def _other_clocks(tickets, starts, answered_at, policy, history):
    """The due times of the other stages; a ticket passed on starts anew with its present unit."""
    due = {}
    for column, (name, start) in OTHER_CLOCKS.items():
        begun = tickets[start]
        if start == "dispatched_at" and policy.reassignment == "new_clock":
            begun = _with_handover(begun, history)
        due[column] = limits.due_times(tickets, begun, getattr(policy, name), policy)
    due["close_due_at"] = limits.due_times(tickets, starts, policy.close_limits, policy, history.pauses)
    due["visit_due_at"] = limits.due_times(tickets, answered_at, policy.visit_limits, policy)
    return {column: _column(moments, tickets) for column, moments in due.items()}


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


# --- the verdict -----------------------------------------------------------------------------------


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


def find_warning(state, overdue_days, left_days, starts, due_at, policy, now):
    """The colour of each open ticket: the first step of the policy's ladder it reaches; else none."""
    calendar = policy.workdays
    (begun, _), (now, _), (over, _) = (workdays.office_time(side, calendar) for side in (starts, now, due_at))
    with np.errstate(divide="ignore", invalid="ignore"):
        left = pd.Series((over - now) / (over - begun), index=state.index)
    left = left.where(starts.notna() & due_at.notna())
    is_overdue, is_pending = state.eq(schema.OVERDUE), state.eq(schema.PENDING)
    reached = {"overdue_days": (is_overdue, overdue_days.ge), "left_days": (is_pending, left_days.le)}
    reached["left_share"] = (is_pending, left.le)
    colours = pd.Series(None, index=state.index, dtype="str")
    for step in reversed(policy.ladder):
        for name, (applies, reaches) in reached.items():
            if getattr(step, name) is not None:
                hit = applies & reaches(getattr(step, name)).fillna(False).astype(bool)
                colours = colours.mask(hit, step.colour)
    return colours


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


def _column(moments, tickets):
    return pd.Series(moments, index=tickets.index, dtype="datetime64[us]")


def _words(words, tickets):
    return pd.Series(words, index=tickets.index, dtype="str")
