"""What the rule about matters raised again must find, in plain Python, written from its sentence.

Which contents are alike is `find_similar_earlier`'s to say, which places a text names `find_places`'s; both are tested there.
"""

import pandas as pd
from oracles.citizens import _demands

from toolkit import schema
from toolkit.texts.earlier import find_similar_earlier
from toolkit.texts.wording import find_places

CONTENTS = [
    "甲乡东村1组已经停水三天，家里没法做饭，希望尽快恢复",
    "甲乡东村1组又停水五天了，家里还是没法做饭，希望尽快恢复！",
    "甲乡西村1组已经停水三天，家里没法做饭，希望尽快恢复",
    "乙镇西街路面塌陷，有人掉进去了",
    "前期工单t7反映的事没有办好",
    "家住t3路，自己的工单编号t9、t12",
    None,
]
REPLIES = [None, None, "与工单编号t5为同一事项", "已安装t20路灯"]
NAMED = {CONTENTS[4]: ["t7"], CONTENTS[5]: ["t9", "t12"], REPLIES[2]: ["t5"]}


def raised_again(tickets, log, policy, as_of):
    told = _demands(tickets, as_of)
    by_id = {t["ticket_id"]: (t["received_at"], turn, t) for turn, t in enumerate(told)}
    cited = set()
    for t in told:
        for other in NAMED.get(t["content"], []) + NAMED.get(t["reply"], []):
            if other in by_id and other != t["ticket_id"]:
                pair = sorted([by_id[t["ticket_id"]][:2], by_id[other][:2]])
                cited.add((told[pair[1][1]]["ticket_id"], told[pair[0][1]]["ticket_id"]))
    frame = schema.make_tickets(
        {name: [t[name] for t in told] for name in ("ticket_id", "title", "content", "received_at")}
    )
    alike = find_similar_earlier(frame, within_days=policy.rules.raised_again_days)
    alike = alike[alike["similarity"] >= policy.rules.raised_again_similarity]
    near = {
        (one, other)
        for one, other in zip(alike["ticket_id"], alike["earlier_id"], strict=True)
        if not any(_differ(by_id, one, other, c) for c in ("caller", "township", "address"))
        and _may_be_one_place(by_id[one][2], by_id[other][2])
    }
    pairs = {p for p in cited | near if not all(_agree(by_id, *p, c) for c in ("caller", "category"))}
    hits = {
        one for one, _ in pairs if by_id[one][2]["status"] != "并单" and by_id[one][2]["related_id"] is None
    }
    return sorted(hits)


def _agree(by_id, one, other, column):
    first, second = by_id[one][2][column], by_id[other][2][column]
    return first is not None and first == second


def _differ(by_id, one, other, column):
    first, second = by_id[one][2][column], by_id[other][2][column]
    return None not in (first, second) and first != second


def _may_be_one_place(one, other):
    named = find_places(pd.Series([one["content"], other["content"]], dtype="str"))
    first, second = (set(places.split()) if isinstance(places, str) else set() for places in named)
    return first <= second or second <= first


ORACLE = {"raised_again": raised_again}
