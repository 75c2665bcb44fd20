"""Small made-up counties in which everything happens often: for comparing rules with their oracles.

A county follows from its seed. Words are few and times are crowded, so that callers, places, matters, replies
and moments coincide, fall exactly on limits, are missing, or stand in an impossible order.
"""

import numpy as np
import pandas as pd

from toolkit import clock, schema
from toolkit.clocking.policy import read_policy

AS_OF = pd.Timestamp("2025-03-31 18:00")
FIRST = pd.Timestamp("2025-01-02 08:30")
SIZE = 50
POLICY = {
    "name": "试行办法",
    "source": "测试",
    "contact_limits": [{"urgency": ["紧急"], "hours": 2}, {"working_days": 1}],
    "return_limits": [{"working_days": 1}],
    "extension_limits": [{"working_days": 3}],
    # Counties are small: what is asked of a hundred tickets elsewhere is asked of a few here.
    "rules": {
        "clustered_min_count": 3,
        "topic_min_count": 3,
        "topic_units": 2,
        "misdirected_min_count": 3,
        "perfect_min_count": 4,
        "heaped_min_count": 4,
        "burst_count": 3,
        "bulk_count": 3,
        "hot_spot_count": 4,
        "mass_callers": 3,
        "frequent_count": 4,
        "surge_min_count": 2,
        "busy_day_count": 2,
        "exclusion_min_count": 2,
    },
}
WORDS = {
    "unit": ["甲乡", "乙镇", "丙局", None],
    "unit_group": ["乡镇", "县直部门", None],
    "type": ["咨询", "投诉", "求助", "举报", None],
    "category": ["城乡建设/供水", "城乡建设/道路", "环境保护/噪音", None],
    "channel": ["电话", "网站"],
    "urgency": ["普通", "紧急", None],
    "township": ["甲乡", "乙镇", None],
    "address": ["甲乡东村1组", "甲乡东村2组", "乙镇西街", None],
    "caller": ["p1", "p2", "p3", "p4", "p5", "p6", None],
    "handler": ["张某", "李某", None],
    "status": ["已办结", "已回复", "办理中", "待签收", "已退回", "作废", None],
    "satisfaction": ["满意", "非常满意", "一般", "不满意", "默认满意", "未评价", None],
    "resolved": ["已解决", "未解决", "未表态", None],
    "visit_connected": ["是", "否", None],
    "contacted": ["是", "否", None],
    "exclusion": [None, None, "申请", "通过", "驳回"],
    "return_reason": [None, "不属于本单位职责", "根据县权责清单，属丙局职责，已与丙局沟通同意接收"],
    "co_units": [None, "丙局", "乙镇；丙局"],
}
COUNTS = ["return_count", "extension_count", "urge_count", "rework_count"]
STAGES = schema.STAGES[1:]
HAPPENINGS = [
    *["dispatched", "redispatched", "signed", "first_contact", "returned", "urged", "replied", "visited"],
    *["extension_requested", "extension_approved", "reworked", "closed", "paused", "resumed"],
]


def make_county(seed, size=SIZE, **words):
    """Clocked tickets, the flow log, the policy and as_of of one made-up county; words: other choices of words."""
    rng = np.random.default_rng(seed)
    choices = {name: _choose(rng, known, size) for name, known in (WORDS | words).items()}
    counts = {name: _choose(rng, [None, 0, 0, 1, 2, 3], size) for name in COUNTS}
    tickets = schema.make_tickets(
        {"ticket_id": [f"t{number}" for number in range(size)]} | choices | counts | _draw_times(rng, size)
    )
    # Each with its own chance, so that the rest stays as drawn.
    tickets = crowd(form_habits(np.random.default_rng([seed, 1]), tickets), seed)
    tickets = blur(np.random.default_rng([seed, 3]), tickets)
    marks = _choose(np.random.default_rng([seed, 2]), ["是", "否", None], size)
    tickets = tickets.assign(platform_overdue=pd.Series(marks, tickets.index, dtype="str"))
    events = draw_log(rng, tickets)
    policy = read_policy(POLICY)
    return clock(tickets, policy, AS_OF, events), events, policy, AS_OF


CONTENTS = [
    "甲乡东村1组已经停水三天，家里没法做饭，希望尽快恢复",
    "甲乡东村1组已经停水五天，家里没法做饭，希望尽快恢复！",
    "乙镇西街路面塌陷，有人掉进去了",
    "小区里燃气泄漏的防范宣传做得很好",
    "上次的工单显示办结了，但问题没有解决，也没有工作人员联系我",
    "多次向物业反映路灯不亮，一直没人管",
    "请问新农合怎么报销",
]


def crowd(tickets, seed):
    """Two tickets in five are of one place, matter and week; everybody wrote something or nothing."""
    rng, size = np.random.default_rng([seed, 1]), len(tickets)
    near = pd.Series(rng.random(size) < 0.4, index=tickets.index)
    same = {
        "township": "甲乡",
        "address": _choose(rng, ["甲乡东村1组", None], 1)[0],
        "category": "城乡建设/供水",
    }
    for column, word in same.items():
        tickets[column] = tickets[column].mask(near, word).astype("str")
    day = FIRST.normalize() + pd.Timedelta(days=int(rng.integers(30, 85)))
    days = rng.choice([0, 0, 0, 1, 2, 7, 8], size)
    shift = day + pd.to_timedelta(days, unit="D") - tickets["received_at"].dt.normalize()
    for column in tickets.columns[tickets.dtypes.eq("datetime64[us]")]:
        tickets[column] = tickets[column].mask(near, tickets[column] + shift).astype("datetime64[us]")
    written = pd.Series(_choose(rng, [*CONTENTS, None], size), dtype="str")
    return tickets.assign(content=written) if tickets["content"].isna().all() else tickets


def _choose(rng, known, size):
    return [known[number] for number in rng.integers(len(known), size=size)]


def _draw_times(rng, size):
    """Every stage some steps after the one before; some missing, some before what they should follow.

    One ticket in ten is dispatched and then left alone.
    """
    day = rng.integers(0, 80, size) * 24 * 60
    minute = rng.choice([0, 1, 2, 5, 30, 240, 539, 540, 541, 700], size)
    received = pd.Series(FIRST + pd.to_timedelta(day + minute, unit="min"))
    times, before = {"received_at": received.mask(rng.random(size) < 0.03)}, received
    for stage in STAGES:
        steps = [0, 1, 3, 5, 60, 24 * 60, 3 * 24 * 60, 7 * 24 * 60]
        after = pd.to_timedelta(rng.choice(steps, size), unit="min")
        after = after.where(rng.random(size) > 0.05, -after)
        seconds = pd.to_timedelta(rng.choice([0, 0, 17], size), unit="s")
        moment = before + after + seconds
        missing = rng.random(size) < 0.25
        times[stage] = moment.mask(missing)
        before = moment.mask(missing, before)
    due = received + pd.to_timedelta(rng.choice([5, 7, 10], size), unit="D")
    times["platform_due_at"] = due.mask(rng.random(size) < 0.5)
    untouched = rng.random(size) < 0.1
    times |= {stage: times[stage].mask(untouched) for stage in STAGES if stage != "dispatched_at"}
    exact = (rng.random(size) < 0.1) & ~untouched
    times["replied_at"] = times["replied_at"].mask(exact, times["platform_due_at"])
    times["extended_due_at"] = (due + pd.Timedelta(days=3)).mask(rng.random(size) < 0.9)
    return times


def form_habits(rng, tickets):
    """In half the counties each: one unit answers in round minutes, one is called back about all at once, one
    has its dissatisfied excluded, and closing comes before the call-back."""
    made, units = tickets.copy(), tickets["unit"]
    in_round, at_once, excludes, closes_first = rng.random(4) < 0.5
    if in_round:
        rounded = made["replied_at"].dt.floor("10min")
        made["replied_at"] = made["replied_at"].mask(
            units.eq("甲乡") & (rng.random(len(made)) < 0.95), rounded
        )
    if at_once:
        moment = FIRST + pd.to_timedelta(40 * 24 * 3600 + rng.integers(0, 75, len(made)), unit="s")
        chosen = units.eq("乙镇") & (rng.random(len(made)) < 0.5)
        made["visited_at"] = made["visited_at"].mask(chosen, pd.Series(moment, made.index))
    if excludes:
        own, words = units.eq("丙局"), pd.Series(_choose(rng, ["满意", "不满意"], len(made)), made.index)
        made["satisfaction"] = made["satisfaction"].mask(own, words)
        made["exclusion"] = made["exclusion"].mask(own, words.map({"满意": "驳回", "不满意": "通过"}))
    if closes_first:
        made[["visited_at", "closed_at"]] = made[["closed_at", "visited_at"]].to_numpy()
    return made.astype(tickets.dtypes)


def blur(rng, tickets):
    """One ticket in six has something under the time of one stage that is no time."""
    made, blurred = tickets.copy(), rng.choice([*STAGES, *[""] * 5 * len(STAGES)], len(tickets))
    for stage in STAGES:
        made[stage] = made[stage].mask(blurred == stage)
    labels = pd.Series(blurred, made.index).map({stage: schema.label(stage) for stage in STAGES})
    return made.assign(untimed=labels.astype("str"))


def draw_log(rng, tickets):
    """A flow log of up to eight events for two tickets in three."""
    rows = []
    for ticket_id, received in tickets[["ticket_id", "received_at"]].itertuples(index=False):
        if pd.isna(received) or rng.random() < 1 / 3:
            continue
        minutes = np.sort(
            rng.choice([0, 1, 5, 60, 600, 1440, 2880, 5000, 7000, 9000, 12_000], rng.integers(1, 9))
        )
        for minute in minutes:
            event = str(rng.choice(HAPPENINGS))
            if rows and rows[-1][:2] == (ticket_id, "returned") and rng.random() < 0.7:
                event = "redispatched"
            unit = _choose(rng, ["甲乡", "乙镇", "丙局", None], 1)[0]
            detail = _choose(rng, [None, "不属于本单位职责", "情况复杂", "评价：满意", "评价：不满意"], 1)[0]
            rows.append((ticket_id, event, received + pd.Timedelta(minutes=int(minute)), unit, detail, False))
    events = pd.DataFrame(rows, columns=["ticket_id", "event", "at", "unit", "detail", "is_built"])
    kinds = dict.fromkeys(["ticket_id", "event", "unit", "detail"], "str")
    return events.astype(kinds | {"at": "datetime64[us]", "is_built": bool})
