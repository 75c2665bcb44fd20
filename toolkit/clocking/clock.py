"""Due times and the verdict on every ticket: the only place that decides lateness."""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.clocking import limits, workdays
from toolkit.clocking.flow_log import read_history
from toolkit.clocking.policy import read_policy, say_what_to_add
from toolkit.errors import PolicyError
from toolkit.loading.issues import KEPT, list_issues
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
    `as_of`; an answer at the due time itself is in time. Reads the time columns, `status`, and what the
    policy's limits ask for; adds the columns of `schema.CLOCK`. Days are working days. events: as `load`
    gives them; a flow log tells pauses, approved extensions and re-assignments. Without a due time (no
    start, no fitting limit, or beyond the calendar: see `list_uncounted`) a ticket is `无截止时间`, never
    in time and never late. Raises PolicyError when as_of is beyond the calendar.
    """
    policy, as_of = read_policy(policy), parse_as_of(as_of)
    require_calendar(as_of, policy)
    history = read_history(events, tickets, as_of)
    starts = find_starts(tickets, policy, history)
    ours, used, too_late = _reply_due(tickets, starts, policy, history)
    due_at, source, is_capped = find_due(tickets, policy, ours, used, too_late, history)

    answered_by = choose_answer(tickets, policy)
    answered_at = tickets[answered_by].where(tickets[answered_by] <= as_of)
    state = judge(due_at, answered_at, as_of).mask(tickets["status"].isin(schema.VOID_STATUSES), schema.VOID)
    is_late = state.isin([schema.LATE, schema.OVERDUE])
    is_open = state.isin([schema.PENDING])
    calendar = policy.workdays
    overdue_days = workdays.count_working_days(due_at, answered_at.fillna(as_of), calendar).where(is_late)
    left_days = workdays.count_working_days(as_of, due_at, calendar).where(is_open)
    return tickets.assign(
        due_at=due_at,
        due_source=source,
        due_note=_note(tickets, policy, history, due_at, ours, too_late, is_capped, answered_at, as_of),
        policy_due_at=ours,
        due_compared=compare_due(tickets["platform_due_at"], ours),
        clock_from=starts,
        answered_at=answered_at,
        answered_by=answered_by,
        due_state=state,
        judged_at=_column(as_of, tickets),
        handling_days=workdays.count_working_days(starts, answered_at.fillna(as_of), calendar),
        overdue_days=overdue_days,
        left_days=left_days,
        warning=find_warning(state, overdue_days, left_days, starts, due_at, policy, as_of),
        lead_due_at=find_lead(due_at, policy),
        **_other_clocks(tickets, starts, answered_at, policy, history),
    )


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


def list_uncounted(tickets, policy):
    """The issues of tickets whose due time by the policy lies outside the working-day calendar.

    They keep the platform's due time where there is one; ours is not guessed.
    """
    policy = read_policy(policy)
    has_limit = limits.fitting_limits(tickets, policy.reply_limits) >= 0
    uncounted = tickets[tickets["clock_from"].notna() & tickets["policy_due_at"].isna() & has_limit]
    expected = f"{workdays.FIRST_DAY} 至 {policy.workdays.last_day}，补充 parameters/calendar.yml"
    found = uncounted["clock_from"].dt.strftime("%Y-%m-%d %H:%M")
    return list_issues(uncounted, "policy_due_at", found, "超出工作日历，本办法时限未计", expected, KEPT)


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


def find_warning(state, overdue_days, left_days, starts, due_at, policy, as_of):
    """The colour of each open ticket: the first step of the policy's ladder it reaches; else none."""
    calendar = policy.workdays
    (begun, _), (now, _), (over, _) = (
        workdays.office_time(side, calendar) for side in (starts, as_of, due_at)
    )
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


def _note(tickets, policy, history, due_at, ours, too_late, is_capped, answered_at, as_of):
    """What to know about the due time, in a few words; missing where there is nothing."""
    last = pd.Timestamp(policy.workdays.last_day) + pd.Timedelta(days=1)
    paused = pd.Series(False, index=tickets.index)
    open_pauses = history.pauses.loc[history.pauses["resumed_at"].eq(as_of), "row"]
    paused.iloc[open_pauses] = True
    remarks = {
        "时限按周一至周五推算，节假日安排尚未公布": (due_at >= last) | (ours >= last),
        "延期批准晚于截止时间，不予计算": pd.Series(too_late, index=tickets.index),
        "延期超过规定上限，按上限计算": pd.Series(is_capped, index=tickets.index),
        "挂账中，时限暂停": paused & answered_at.isna(),
    }
    notes = pd.Series("", index=tickets.index, dtype="str")
    for remark, holds in remarks.items():
        notes = notes.mask(holds, (notes + "；" + remark).str.removeprefix("；")) if holds.any() else notes
    return notes.mask(notes.eq(""))


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
