"""A city's year of a million tickets, invented: what the benchmarks of rules and tallies read.

Every column of the ticket table is filled as an export fills it, contents of 80 characters and more, replies of
100 and more, one in ten of each the same as another.
"""

import time

import numpy as np
import pandas as pd

from toolkit import schema

AS_OF = pd.Timestamp("2025-12-31 18:00")
UNITS, PLACES, TIMES = 120, 400, 3
PHRASES = [
    "来电人反映村内主要道路破损严重雨后积水老人和孩子出行不便",
    "多次向村委会和有关部门反映一直没有得到明确的答复",
    "附近居民均受影响希望有关部门实地查看并给出解决的时间",
    "该路段连接三个自然村是学生上学和农产品运输的必经之路",
    "接到工单后工作人员到现场核查并与来电人取得联系",
    "经核实情况属实已安排施工队对破损路段进行修补",
    "下一步将加强日常巡查发现问题及时处理避免类似情况再次发生",
    "预计在月底之前完成全部修复工作届时将再次告知来电人",
    "来电人对办理结果表示认可并希望今后加强管护",
]


def make_texts(rng, count, phrases, shortest):
    """Texts of some phrases with numbers between them; one in ten is another's."""
    picked = np.array(PHRASES)[rng.integers(len(PHRASES), size=(count, phrases))]
    numbers = rng.integers(10_000, size=(count, phrases)).astype("str")
    texts = pd.Series(picked[:, 0]).astype("object")
    for place in range(phrases):
        texts = texts + picked[:, place] + numbers[:, place]
    same = rng.random(count) < 0.1
    texts[same] = texts.iloc[rng.integers(count, size=same.sum())].to_numpy()
    assert texts.str.len().min() >= shortest
    return texts


def make_tickets(count, units=UNITS, first=0):
    """A city's year: every column filled as an export fills it, every kind of trouble now and then.

    units: so many share the tickets. first: the number of the first ticket, and what the dice begin with.
    """
    rng = np.random.default_rng(7 + first)

    def choose(words, weights=None):
        return pd.Series(rng.choice(np.array(words, dtype="object"), count, p=weights))

    minute = pd.to_timedelta(np.sort(rng.integers(0, 364 * 1440, count)), unit="min")
    moment, times = pd.Series(pd.Timestamp("2025-01-01") + minute), {}
    times["received_at"] = moment
    steps = {
        "dispatched_at": 60,
        "signed_at": 300,
        "first_contact_at": 200,
        "replied_at": 4_000,
        "fed_back_at": 100,
        "visited_at": 2_000,
        "closed_at": 400,
    }
    for stage, usual in steps.items():
        seconds = (rng.exponential(usual, count) * 60).astype("int64")
        moment = moment + pd.to_timedelta(seconds, unit="s")
        times[stage] = moment.mask((moment > AS_OF) | (rng.random(count) < 0.02))
    due = times["received_at"].dt.normalize() + pd.to_timedelta(rng.choice([7, 9, 21], count), unit="D")
    unit = rng.integers(units, size=count)
    township = rng.integers(30, size=count)
    place = rng.integers(PLACES, size=count)
    columns = times | {
        "ticket_id": pd.Series(np.arange(first, first + count)).astype("str").str.zfill(12),
        "title": choose(PHRASES),
        "content": make_texts(rng, count, 3, 80),
        "reply": make_texts(rng, count, 4, 100).mask(times["replied_at"].isna()),
        "type": choose(["咨询", "求助", "投诉", "举报", "建议"]),
        "category": choose([f"大类{n % 12}/小类{n}" for n in range(90)]),
        "channel": choose(["电话", "网站", "微信"]),
        "source_level": choose(["省级", "市级", "县级"]),
        "urgency": choose(["普通", "紧急", "特急"], [0.94, 0.05, 0.01]),
        "township": pd.Series([f"第{n}镇" for n in range(30)]).iloc[township].reset_index(drop=True),
        "address": pd.Series([f"第{n}村" for n in range(PLACES)]).iloc[place].reset_index(drop=True),
        "caller": pd.Series(rng.integers(count * 3 // 4, size=count)).astype("str"),
        "unit": pd.Series([f"第{n}单位" for n in range(units)]).iloc[unit].reset_index(drop=True),
        "unit_group": pd.Series(np.where(unit < units // 2, "乡镇", "县直部门")),
        "sub_unit": choose([None, "甲科", "乙科"]),
        "co_units": choose([None, "第3单位"], [0.95, 0.05]),
        "handler": choose(["张某", "李某", None], [0.5, 0.49, 0.01]),
        "status": pd.Series(np.where(times["closed_at"].notna(), "已办结", "办理中")),
        "platform_due_at": due + pd.Timedelta(hours=17, minutes=30),
        "platform_overdue": choose(["是", "否"]),
        "return_count": choose([0, 1, 2, 3], [0.94, 0.04, 0.015, 0.005]),
        "return_reason": choose([None, "不属于本单位职责"], [0.95, 0.05]),
        "extension_count": choose([0, 1], [0.97, 0.03]),
        "urge_count": choose([0, 1, 2], [0.95, 0.04, 0.01]),
        "rework_count": choose([0, 1, 2], [0.97, 0.02, 0.01]),
        "return_review": choose([None, "同意", "不同意"], [0.95, 0.03, 0.02]),
        "handling": choose(["直接答复", "转办"], [0.1, 0.9]),
        "reply_standard": choose(["规范", "不规范"], [0.9, 0.1]),
        "reply_fit": choose(["契合", "不契合"], [0.9, 0.1]),
        "outcome": choose(["已解决", "暂不具备条件", "解释说明"], [0.8, 0.05, 0.15]),
        "visit_wanted": choose(["是", "否"], [0.9, 0.1]),
        "visit_connected": choose(["是", "否"], [0.9, 0.1]),
        "attitude": choose(["满意", "一般", "不满意", "未评价"], [0.85, 0.05, 0.02, 0.08]),
        "satisfaction": choose(["满意", "一般", "不满意", "未评价"], [0.8, 0.07, 0.05, 0.08]),
        "resolved": choose(["已解决", "未解决", "未表态"], [0.85, 0.05, 0.1]),
        "contacted": choose(["是", "否"], [0.95, 0.05]),
        "exclusion": choose([None, "通过"], [0.98, 0.02]),
        "source_file": "export.xlsx",
        "source_sheet": "工单",
        "source_row": np.arange(count),
    }
    return schema.make_tickets(columns)


def best_of(function, times=TIMES):
    """The shortest time and the last result: everything else on the machine only ever adds to it."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        result = function()
        taken.append(time.perf_counter() - start)
    return min(taken), result
