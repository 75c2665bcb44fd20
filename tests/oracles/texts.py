"""What the rules about replies and batches must find, in plain Python, written from their sentences.

What single texts say is told by hand in REPLIES; which texts are near-identical is asked of `toolkit.similar`.
"""

from datetime import timedelta

import pandas as pd
from oracles.slow_verdict import unread

from toolkit.texts.similar import cluster, cluster_matters

# Each reply: its characters without courtesies, whether it tells nothing, whether it answers a question exactly,
# lacks every element, only promises (to who asked, to others), and its matter.
REPLIES = {
    None: None,
    "已处理。": (3, True, False, True, False, False, None),
    "您好，您反映的问题已转相关部门处理。感谢您的来电！": (9, True, False, True, True, True, None),
    "12月31日截止。": (8, False, True, False, False, False, None),
    "我单位高度重视，将加强巡查，加大工作力度，持续关注有关情况，努力让群众满意。": (
        *(33, False, False, True, True, True),
        None,
    ),
    "3月5日水厂抢修班到场更换破裂的自来水管道，已恢复正常供水，并电话联系来电人说明停水原因。": (
        *(42, False, True, False, False, False),
        "供水",
    ),
    "3月6日水厂抢修班到场更换破裂的自来水管道，已恢复正常供水，并电话联系来电人说明停水原因。": (
        *(42, False, True, False, False, False),
        "供水",
    ),
    "养护工人已把村道路面的坑洼用沥青填平压实，公路通行恢复，两侧边沟同步清理，由村委会验收合格。": (
        *(44, False, True, False, False, False),
        "道路",
    ),
}
CONTENTS = {
    None: None,
    "家中自来水连续停了三天，水压一直上不来，请求恢复供水。": "供水",
    "通村公路路面坑洼破损，雨天车辆无法通行，请求硬化。": "道路",
    "不满意。": None,
}
TEXTS = {"reply": [*REPLIES, *list(REPLIES)[-4:-1]], "content": list(CONTENTS), "title": [None, "诉求"]}
LEAST = {"咨询": 10}


def _answered(tickets, as_of):
    found = []
    for t in tickets:
        moment = t["replied_at"] or t["closed_at"]
        if t["status"] in ("作废", "撤单", "并单") or t["reply"] is None:
            continue
        if moment is None or moment <= as_of:
            found.append(t)
    return found


def _by_reply(holds):
    def find(tickets, log, policy, as_of):
        return [t["ticket_id"] for t in _answered(tickets, as_of) if holds(t, REPLIES[t["reply"]])]

    return find


def _is_short(t, known):
    count, says_nothing, exact, *_ = known
    asks = t["type"] == "咨询"
    return says_nothing or (count < LEAST.get(t["type"], 30) and not (asks and exact))


def _same_event(one, group):
    for other in group:
        if other is one or None in (one["received_at"], other["received_at"]):
            continue
        same = one["category"] is not None and one["category"] == other["category"]
        same = same and any(
            one[place] is not None and one[place] == other[place] for place in ("township", "address")
        )
        # One cut of water, told with the same date: the two replies about it differ in their date.
        same = same or ("停水" in one["reply"] and one["reply"] == other["reply"])
        apart = abs(one["received_at"] - other["received_at"])
        differ = one["caller"] is None or one["caller"] != other["caller"]
        if same and differ and apart <= timedelta(days=7):
            return True
    return False


def _groups(tickets, alike):
    units = {}
    for t in tickets:
        if t["unit"] is not None:
            units.setdefault(t["unit"], []).append(t)
    for own in units.values():
        numbers = cluster(pd.Series([t["reply"] for t in own]), threshold=alike)
        for number in numbers.dropna().unique():
            yield [t for t, n in zip(own, numbers, strict=True) if not pd.isna(n) and n == number]


def reply_copied(tickets, log, policy, as_of):
    found = []
    for group in _groups(_answered(tickets, as_of), policy.rules.copied_similarity):
        left = []
        for t in group:
            asks = [o for o in group if o["type"] == "咨询" == t["type"] and o["category"] == t["category"]]
            fixed = len(asks) > 1 and not REPLIES[t["reply"]][1]
            again = [o for o in group if o["content"] == t["content"] and CONTENTS[t["content"]]]
            if not fixed and len(again) < 2 and not _same_event(t, group):
                left.append(t["ticket_id"])
        if len(left) >= 3:
            found += left
    return found


def reply_instant(tickets, log, policy, as_of):
    found = []
    for t in tickets:
        signed, sent = (
            t[c] if t[c] is not None and t[c] <= as_of else None for c in ("signed_at", "dispatched_at")
        )
        start, answer = signed or sent, t["replied_at"]
        if (
            None in (start, answer, t["type"])
            or answer > as_of
            or t["status"] == "作废"
            or t["type"] == "咨询"
        ):
            continue
        if timedelta(0) <= answer - start <= timedelta(minutes=5):
            found.append(t["ticket_id"])
    return found


def not_contacted(tickets, log, policy, as_of):
    found = []
    for t in tickets:
        start = t["dispatched_at"] or t["received_at"]
        answer, contact, visit = t["replied_at"], t["first_contact_at"], t["visited_at"]
        if answer is None or answer > as_of or t["status"] == "作废" or t["contacted"] != "否":
            continue
        if (contact is not None and contact <= as_of) or (visit is not None and visit > as_of):
            continue
        if unread(t, "first_contact_at"):
            continue
        if t["type"] == "咨询" and (start is None or start.date() == answer.date()):
            continue
        found.append(t["ticket_id"])
    return found


def _together(group, count):
    """The members of a group that stand in five minutes with so many of it."""
    found = []
    for t in group:
        for first in group:
            span = [
                o
                for o in group
                if timedelta(0) <= o["closed_at"] - first["closed_at"] <= timedelta(minutes=5)
            ]
            if t in span and len(span) >= count:
                found.append(t)
                break
    return found


def bulk_closing(tickets, log, policy, as_of):
    count = policy.rules.bulk_count
    closed = [t for t in _answered(tickets, as_of) if t["closed_at"] is not None and t["closed_at"] <= as_of]
    near = []
    for unit in {t["unit"] for t in closed} - {None}:
        near += _together([t for t in closed if t["unit"] == unit], count)
    near.sort(key=lambda t: int(t["ticket_id"][1:]))
    found = []
    for group in _groups(near, 0.95):
        left = [t for t in group if not _same_event(t, group) and not _same_matter(t, group)]
        found += [t["ticket_id"] for t in _together(left, count)]
    return found


def _same_matter(one, group):
    told = pd.Series([t["content"] for t in group], dtype="str")
    places = pd.Series([t["address"] or t["township"] for t in group], dtype="str")
    numbers = cluster_matters(told, places)
    own = numbers[group.index(one)]
    if pd.isna(own):
        return False
    alike = [t for t, n in zip(group, numbers, strict=True) if not pd.isna(n) and n == own]
    return len({t["caller"] or t["ticket_id"] for t in alike}) > 1


ORACLE = {
    "reply_short": _by_reply(_is_short),
    "reply_copied": reply_copied,
    "reply_no_elements": _by_reply(lambda t, known: known[3] and not _asks(t)),
    "reply_promises_only": _by_reply(lambda t, known: known[4] if _asks(t) else known[5]),
    "reply_instant": reply_instant,
    "not_contacted": not_contacted,
    "bulk_closing": bulk_closing,
}


def _asks(t):
    return t["type"] == "咨询"
