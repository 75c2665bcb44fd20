"""Where a ticket stands this morning: how far it has come, on which day it falls due, how long it has been open.

Nothing is judged here: due times and verdicts come from `clock`; a stage only names the latest time known.
"""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.presenting.blocks.push import LATE, LATE_AGAIN, name_day

AGAIN = "重办中"
REACHED = ["待签收", "待联系或办理中", "已回复", "已回访", "已办结", AGAIN, schema.SHUT, schema.VOID]
TODAY, LATER, DUE_UNKNOWN, AGAIN_PENDING = "今日到期", "更晚", "时限不明", "重办未超期"
AGE_LIMITS = {5: "5个工作日内", 10: "6至10个工作日", 20: "11至20个工作日", 60: "21至60个工作日"}
OLDER, AGE_UNKNOWN = "60个工作日以上", "时长不明"
AGES = [*AGE_LIMITS.values(), OLDER, AGE_UNKNOWN]
# What a condition on these columns means, told beside it; a next working day by its number.
STAGE_MEANING = "统计截止时已知走到的最后一个环节；时间无法识别的环节算已走到"
AGE_MEANING = "未答复的工单，从起算到统计截止的工作日"
DAY_MEANINGS = {
    LATE: schema.STATE_MEANINGS[schema.OVERDUE],
    LATE_AGAIN: "发回重办后的截止时间已过，截至统计截止仍未答复",
    0: "未答复，统计截止当天到期",
    LATER: "未答复，截止时间在更晚的工作日",
    AGAIN_PENDING: "发回重办，尚未再次答复，截止时间未到",
    DUE_UNKNOWN: "未答复，时限办法和平台都没有给出截止时间",
}


def find_stage(tickets):
    """How far each ticket had come when it was judged, as far as its time columns say: a word of REACHED, in their order.

    A stage that has come at a time that cannot be read has come.
    """
    signed, contacted, replied, fed_back, visited, closed = (
        schema.has_reached(tickets, name, tickets["judged_at"])
        for name in ["signed_at", "first_contact_at", "replied_at", "fed_back_at", "visited_at", "closed_at"]
    )
    # Where no ticket has a signing time, the export does not say who has yet to sign.
    begun = signed | contacted | (tickets["signed_at"].isna().all() and not signed.any())
    closed |= tickets["status"].isin(schema.CLOSED_STATUSES) & tickets["closed_at"].isna()
    answered = replied | fed_back | tickets["answered"].eq(schema.YES)
    state, again = tickets["due_state"], schema.is_open_again(tickets)
    reached = [state.eq(schema.VOID), state.eq(schema.SHUT), again, closed, visited, answered, begun]
    words = np.select(reached, list(reversed(REACHED[1:])), REACHED[0])
    return pd.Series(pd.Categorical(words, REACHED, ordered=True), index=tickets.index)


def name_due_days(about):
    """Slot → what it is called: past due, today, each of the next working days, later, not known."""
    days = about.get("week_ahead", about["days_ahead"])  # a run prepared before knows three
    ahead = {left: name_day(day, left) for left, day in enumerate(days, 1)}
    return {LATE: LATE, LATE_AGAIN: LATE_AGAIN, 0: TODAY, **ahead, LATER: LATER} | {
        name: name for name in (AGAIN_PENDING, DUE_UNKNOWN)
    }


def mean_due_days(about):
    """What each of these words means."""
    told = {
        left: f"未答复，统计截止后第{left}个工作日到期"
        for left in name_due_days(about)
        if isinstance(left, int)
    }
    return {name: (told | DAY_MEANINGS)[slot] for slot, name in name_due_days(about).items()}


def find_due_day(tickets, about):
    """On which day an open ticket falls due, a word of `name_due_days`; missing where nothing is awaited.

    The second round of a ticket sent back counts where the first is answered. Reads due_state, left_days, rework_state.
    """
    names, left = name_due_days(about), tickets["left_days"]
    pending = tickets["due_state"].eq(schema.PENDING)
    near = {n: pending & left.eq(n).fillna(False).astype(bool) for n in names if isinstance(n, int)}
    slots = {
        LATE: tickets["due_state"].eq(schema.OVERDUE),
        LATE_AGAIN: tickets["rework_state"].eq(schema.OVERDUE),
        **near,
        LATER: pending & left.notna(),
        DUE_UNKNOWN: pending | tickets["due_state"].eq(schema.NO_DUE) | tickets["rework_state"].eq(schema.NO_DUE),
        AGAIN_PENDING: schema.is_open_again(tickets),
    }  # fmt: skip
    return _name_slots({names[slot]: met for slot, met in slots.items()}, list(names.values()), tickets.index)


def find_open_age(tickets):
    """How long a ticket that waits for its answer has been open, in working days; missing for the others."""
    days, is_open = tickets["handling_days"], schema.is_open(tickets)
    slots = {name: is_open & days.le(most).fillna(False).astype(bool) for most, name in AGE_LIMITS.items()}
    slots |= {OLDER: is_open & days.notna(), AGE_UNKNOWN: is_open}
    return _name_slots(slots, list(slots), tickets.index)


def _name_slots(slots, order, index):
    """The first slot that each ticket meets, as words; none where it meets none."""
    codes = np.select([met.to_numpy() for met in slots.values()], [order.index(name) for name in slots], -1)
    return pd.Series(pd.Categorical.from_codes(codes, order).astype("str"), index=index, dtype="str")
