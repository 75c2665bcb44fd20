"""How a due time comes about, in a sentence an official can check with a calendar and a pencil."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.clocking import limits
from toolkit.clocking.due import EXTENDED, PLATFORM, compare_due, find_starts
from toolkit.clocking.flow_log import clip_pauses, read_history
from toolkit.clocking.limit_days import remark_on, say_day, say_extensions, say_limit, say_moment
from toolkit.clocking.policy import DAY_UNITS, read_policy
from toolkit.clocking.reworks import of_first_round

STARTED = {"received_at": "受理", "dispatched_at": "转办"}
COMPARED = {"平台偏早": "早于", "平台偏晚": "晚于"}


class Counted(NamedTuple):
    """One value a ticket: how the policy counts its due time.

    starts, started: from when and the word for it; begun: when the limit itself begins; which: the limit that fits;
    base, due: the due time without and with the extensions that count; used: how many do; more: their limit.
    """

    starts: np.ndarray
    started: np.ndarray
    begun: np.ndarray
    which: np.ndarray
    base: np.ndarray
    due: np.ndarray
    used: np.ndarray
    more: np.ndarray


def explain_due(ticket, policy, events=None):
    """The sentence that shows how the due time of one ticket was counted, day by day.

    ticket: a clocked ticket (a row, a dict or a table of one); events: its flow log, for pauses,
    extensions and re-assignments. A pause that is still open is named and moves nothing.
    """
    one = ticket if isinstance(ticket, pd.DataFrame) else pd.DataFrame([dict(ticket)])
    typed = schema.make_tickets(one[[name for name in schema.names() if name in one]])
    clocked = {name: one[name] for name in (column.name for column in schema.CLOCK) if name in one}
    return explain_dues(typed.assign(**clocked), policy, events).iloc[0]


def explain_dues(tickets, policy, events=None):
    """The same for every ticket of a clocked table."""
    policy = read_policy(policy)
    history, pauses = _read_history(tickets, policy, events)
    counted = _count(tickets, policy, history)
    told = pd.Series(_say_counted(counted, policy, history), index=tickets.index, dtype="str")
    ends = tickets["answered_by"].map(schema.ANSWERS) if "answered_by" in tickets else "答复"
    told = told.mask(told.str.endswith("前"), told + ends)
    return told + _say_whose(tickets, counted.due) + _say_stand(tickets, pauses) + "。"


def _read_history(tickets, policy, events):
    """What of the flow log moves a due time, as `clock` takes it; and the pauses with those that go on."""
    history = read_history(events, tickets, _until(tickets, events))
    pauses = (
        clip_pauses(history.pauses, tickets["answered_until"]) if _is_clocked(tickets) else history.pauses
    )
    ended = pauses[pauses["resumed_at"].notna()]
    return history._replace(pauses=ended, approvals=of_first_round(history.approvals, history)), pauses


def _until(tickets, events):
    """Until when a pause that is still open lasts: the verdict, or the end of the log for tickets not clocked."""
    if "judged_at" in tickets:
        return schema.judged_at(tickets)
    return pd.NaT if events is None else events["at"].max()


def _count(tickets, policy, history):
    """The due times by the policy with what they are made of, one value a ticket."""
    starts = find_starts(tickets, policy, history)
    which = limits.fitting_limits(tickets, policy.reply_limits)
    base = limits.due_times(tickets, starts, policy.reply_limits, policy, history.pauses)
    due, used, _ = limits.extend(base, tickets, policy, history.approvals, history.pauses)
    more = limits.fitting_limits(tickets, policy.extension_limits)
    started = np.full(len(tickets), STARTED[policy.starts_from], dtype="object")
    if policy.reassignment == "new_clock":
        started[history.held_from.index] = "改派"
    starts = np.asarray(starts, dtype="datetime64[us]")
    begun = starts.copy()
    for number, limit in enumerate(policy.reply_limits):
        begun[which == number] = limits.begin(begun[which == number], limit, policy.workdays)
    return Counted(starts, started, begun, which, base, due, used, more)


def _say_counted(counted, policy, history):
    """The sentence of each ticket up to its due time, or why there is none."""
    pauses = {row: turn.assign(row=0) for row, turn in history.pauses.groupby("row")}
    moments = (times.tolist() for times in (counted.starts, counted.begun, counted.due))
    known, said = {}, []
    for row, (start, begun, end) in enumerate(zip(*moments, strict=True)):
        number, word = counted.which[row], counted.started[row]
        if start is None or number < 0 or end is None:
            said.append(_say_why_not(start, number, word))
            continue
        limit, paused = policy.reply_limits[number], pauses.get(row)
        # Limits in days are told alike for all that came on the same day.
        key = (begun.date(), number) if limit.unit in DAY_UNITS and paused is None else (row,)
        if key not in known:
            known[key] = say_limit(begun, limit, policy, paused)
        steps = [_say_start(start, begun, word, end, policy) + known[key]]
        if counted.used[row]:
            extension = policy.extension_limits[counted.more[row]]
            steps.append(say_extensions(counted.base[row], counted.used[row], extension, policy, paused))
        said.append("；".join(steps) + f"；应于{say_moment(end, with_year=True)}前")
    return said


def _is_clocked(tickets):
    return "answered_until" in tickets


def _say_stand(tickets, pauses):
    """'；3月14日8:00起挂账，未见恢复', and how late it is where a pause came after the due time."""
    said = pd.Series("", index=tickets.index, dtype="str")
    for row, begun in pauses.loc[pauses["resumed_at"].isna(), ["row", "paused_at"]].itertuples(index=False):
        said.iloc[row] = f"；{say_moment(begun)}起挂账，未见恢复"
    if not _is_clocked(tickets):
        return said
    due = tickets["due_at"].iloc[pauses["row"]].set_axis(pauses.index)
    rows = pauses.loc[~(pauses["resumed_at"] <= due), "row"].unique()
    late = tickets["overdue_days"].iloc[rows].dropna()
    late = "；截止后挂账的工作日不计，超期" + late.astype("str") + "个工作日"
    return said + late.reindex(tickets.index).fillna("").astype("str")


def _say_why_not(start, number, started):
    if start is None:
        return f"没有{started}时间，本办法时限无从起算"
    return "本办法没有适用的时限" if number < 0 else f"{say_moment(start, True)}{started}，时限超出工作日历"


def _say_start(start, begun, started, due, policy):
    same_year = start.year == due.year
    said = f"{say_moment(start, not same_year)}{started}{remark_on(start.date(), policy.workdays)}"
    if begun.date() != start.date():
        said += f"，视为{say_day(begun.date())}到"
    elif begun != start:
        said += f"，自{begun.hour}:{begun:%M}上班起算"
    return said + "，"


def _say_whose(tickets, due):
    """Whether the platform's due time judges, and how it compares with ours."""
    ours = pd.Series(due, index=tickets.index, dtype="datetime64[us]")
    if "due_source" not in tickets:
        return pd.Series("", index=tickets.index)
    compared = compare_due(tickets["platform_due_at"], ours)
    said = []
    times = (tickets[name].to_numpy("datetime64[us]").tolist() for name in ("due_at", "platform_due_at"))
    for source, judged, platform, gap in zip(tickets["due_source"], *times, compared, strict=True):
        if source == PLATFORM and gap == schema.SAME_DUE:
            said.append("；平台截止时间相同")
        elif source == PLATFORM:
            differs = f"，{COMPARED[gap]}本办法" if gap in COMPARED else ""
            said.append(f"；平台截止时间为{say_moment(platform, True)}{differs}，以平台为准")
        elif source == EXTENDED and platform is not None:
            said.append(
                f"；平台截止时间为{say_moment(platform, True)}，延期至{say_moment(judged, True)}，以延期为准"
            )
        else:
            said.append("")
    return pd.Series(said, index=tickets.index, dtype="str")
