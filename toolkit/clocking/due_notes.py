"""What has to be known beside a due time and a verdict: pauses, extensions, missing times, tickets older than the policy."""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.clocking import limits, workdays
from toolkit.clocking.answers import came_before_receipt, was_reworked_unseen
from toolkit.clocking.policy import read_policy
from toolkit.loading.issues import KEPT, join_issues, list_issues

BEFORE_POLICY, AFTER_POLICY = "受理早于本办法施行日期", "受理晚于本办法有效期"
LATER_NAMES = {"fed_back_at": "反馈", "visited_at": "回访", "closed_at": "办结"}


def note_due(clocked, policy, history, pauses, too_late, is_capped):
    """The notes of each ticket in a few words, joined by ；; missing where there is nothing to know."""
    remarks = {
        "时限按周一至周五推算，节假日安排尚未公布": _rests_on_guess(clocked, policy),
        BEFORE_POLICY: came_before_policy(clocked, policy),
        AFTER_POLICY: came_after_policy(clocked, policy),
        "延期批准晚于截止时间，不予计算": pd.Series(too_late, index=clocked.index),
        "延期超过规定上限，按上限计算": pd.Series(is_capped, index=clocked.index),
        **_note_pauses(clocked, pauses),
        **_note_answers(clocked, history),
    }
    notes = pd.Series("", index=clocked.index, dtype="str")
    for remark, holds in remarks.items():
        notes = notes.mask(holds, (notes + "；" + remark).str.removeprefix("；")) if holds.any() else notes
    return notes.mask(notes.eq(""))


def came_before_policy(tickets, policy):
    """Which tickets were received before the policy came into force: it is no rule they could have kept."""
    if policy.valid_from is None:
        return pd.Series(False, index=tickets.index)
    return tickets["received_at"].lt(pd.Timestamp(policy.valid_from))


def came_after_policy(tickets, policy):
    """Which tickets were received when the policy was no longer in force."""
    if policy.valid_to is None:
        return pd.Series(False, index=tickets.index)
    return tickets["received_at"].ge(pd.Timestamp(policy.valid_to) + pd.Timedelta(days=1))


def _rests_on_guess(clocked, policy):
    last = pd.Timestamp(policy.workdays.last_day) + pd.Timedelta(days=1)
    return (clocked["due_at"] >= last) | (clocked["policy_due_at"] >= last)


def _note_pauses(clocked, pauses):
    """A pause that nothing ended is going on, or was left standing when the answer came."""
    is_open = _has_row(pauses[pauses["resumed_at"].isna()], clocked)
    is_unseen = _has_row(pauses[~pauses["is_resumed"]], clocked)
    waits = schema.is_open(clocked)
    due = clocked["due_at"].iloc[pauses["row"]].set_axis(pauses.index)
    is_after = _has_row(pauses[~(pauses["resumed_at"] <= due)], clocked) & clocked["overdue_days"].notna()
    paused_unseen = clocked["status"].eq(schema.PAUSED_STATUS) & waits & ~_has_row(pauses, clocked)
    return {
        "挂账中，时限暂停": is_open & waits,
        "挂账未见恢复，计至答复、办结或改派": is_unseen & ~(is_open & waits),
        "截止后挂账，挂账的工作日不计超期": is_after,
        "状态为挂账，流转记录未见，时限未扣除": paused_unseen,
    }


def _has_row(rows, clocked):
    return pd.Series(np.isin(np.arange(len(clocked)), rows["row"]), index=clocked.index)


def _note_answers(clocked, history):
    """Why the time of an answer is not known, what the verdict rests on then, and which round it is about."""
    stage = clocked["answered_by"].map(schema.ANSWERS).iloc[0] if len(clocked) else ""
    column = clocked["answered_by"].iloc[0] if len(clocked) else "replied_at"
    untimed = clocked["answered"].eq(schema.YES) & clocked["answered_at"].isna()
    notes = {
        f"{stage}时间早于受理，不采用": came_before_receipt(clocked, column),
        f"{stage}时间未填": untimed & clocked[column].isna(),
    }
    bound = untimed & clocked["due_state"].eq(schema.ON_TIME)
    for name, word in LATER_NAMES.items():
        if name != column:
            holds = bound & clocked[name].eq(clocked["answered_until"])
            notes[f"{stage}不晚于{word}时间"] = holds
            bound &= ~holds
    notes[f"首轮{stage}不晚于重办时间"] = bound & clocked["reworked_at"].notna()
    unseen = was_reworked_unseen(clocked, history)
    notes["重办过，按首轮评判"] = clocked["reworked_at"].notna()
    notes[f"重办过，流转记录未见重办时间，首轮{stage}时间不明"] = unseen & clocked["due_state"].eq(
        schema.UNTIMED
    )
    void = clocked["due_state"].eq(schema.VOID)
    for status in clocked.loc[void, "status"].unique():
        notes[f"状态为{status}，不予评判"] = void & clocked["status"].eq(status)
    return notes


# --- what a reader has to be told, ticket by ticket -------------------------------------------------


def list_doubts(clocked, policy):
    """The issues that the clock found: due times not counted, answers without a time, tickets older than the policy."""
    policy = read_policy(policy)
    return join_issues(
        [list_uncounted(clocked, policy), list_untimed(clocked), *_list_out_of_force(clocked, policy)]
    )


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


def list_untimed(clocked):
    """The issues of tickets that were answered, and nothing tells whether in time."""
    untimed = clocked[clocked["due_state"].eq(schema.UNTIMED)]
    column = clocked["answered_by"].iloc[0] if len(clocked) else "replied_at"
    found = untimed[column].astype("str")
    return list_issues(untimed, column, found, schema.UNTIMED, schema.label(column), KEPT)


def _list_out_of_force(clocked, policy):
    ends = {
        BEFORE_POLICY: (came_before_policy, f"施行日期{policy.valid_from}及以后"),
        AFTER_POLICY: (came_after_policy, f"有效期至{policy.valid_to}"),
    }
    for check, (is_out, expected) in ends.items():
        out = clocked[is_out(clocked, policy) & clocked["policy_due_at"].notna()]
        found = out["received_at"].dt.strftime("%Y-%m-%d %H:%M")
        yield list_issues(out, "received_at", found, check, expected, KEPT)
