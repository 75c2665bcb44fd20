import pandas as pd
import pytest
from cases.rules import find

REPLY = "我单位接到工单后组织业务骨干召开专题会议，逐条对照政策提出办理意见，明确了责任领导和科室，问题得到妥善处理。"
OTHER = "经查，该路段因施工挖断水管造成停水，供水公司抢修后已于5月6日18时恢复供水，并电话告知来电人。"
MATTERS = [
    *["家门口路灯不亮。", "楼下烧烤店油烟扰民。", "学校强制补课收费。", "工资拖欠三个月。", "低保被取消了。"],
    *["宅基地被邻居侵占。", "公交车中途甩客。", "药店出售假药。", "野猪毁坏玉米地。", "物业停了电梯。"],
]
EVENT = {"township": "甲乡", "category": "供水", "received_at": "2025-06-01 08:00"}


def find_bulk(tickets, **limits):
    return find("bulk_closing", *tickets, **limits)


def batch(*minutes, **columns):
    """Tickets of 甲乡 closed so many minutes after nine, with one reply about different matters."""
    return [
        {
            "ticket_id": f"t{turn}",
            "unit": "甲乡",
            "reply": REPLY,
            "caller": f"p{turn}",
            "content": MATTERS[turn % len(MATTERS)],
            "replied_at": "2025-06-04 10:00",
            "closed_at": pd.Timestamp("2025-06-05 09:00") + pd.Timedelta(minutes=after),
        }
        | {name: value[turn] if isinstance(value, list) else value for name, value in columns.items()}
        for turn, after in enumerate(minutes)
    ]


SAME = [0, 0, 0, 0, 0]
CASES = [
    (5, batch(*SAME)),
    (5, batch(0, 1, 2, 3, 5)),
    (6, batch(0, 1, 2, 3, 5, 6)),
    (5, batch(0, 3, 4, 5, 6, 7)),
    (5, batch(*SAME, 60)),
    (10, batch(*SAME, 60, 60, 61, 61, 62)),
    (5, batch(*SAME, 0, reply=[REPLY] * 5 + [OTHER])),
    (5, batch(*SAME, reply=["您好！" + REPLY] * 2 + [REPLY] * 3)),
    (5, batch(*SAME, caller="p1", **EVENT)),
    (5, batch(*SAME, **EVENT | {"category": ["供水", "道路", "噪音", "低保", "补课"]})),
    (5, batch(*SAME, content=None, caller=None)),
    (0, batch(0, 0, 0, 0)),
    (0, batch(0, 1, 2, 3, 5.1)),
    (0, batch(0, 3, 6, 9, 12)),
    (0, batch(*SAME, unit=["甲乡"] * 4 + ["乙镇"])),
    (0, batch(*SAME, unit=None)),
    (0, batch(*SAME, reply=[REPLY] * 4 + [OTHER])),
    (0, batch(*SAME, reply=None)),
    (0, batch(*SAME, **EVENT)),
    (0, batch(*SAME, content="家中自来水连续停了三天，请求恢复供水。")),
    (0, batch(*SAME, **EVENT | {"category": ["供水"] * 2 + ["道路", "噪音", "低保"]})),
    (0, batch(*SAME, status="作废")),
    (0, batch(*[60 * 24 * 5 + 181] * 5)),
    (0, batch(*SAME, replied_at=["2025-06-10 12:01"] + ["2025-06-04 10:00"] * 4)),
]


@pytest.mark.parametrize(("count", "tickets"), CASES)
def test_tickets_closed_within_minutes_with_one_reply_are_found_and_one_event_is_not(count, tickets):
    assert len(find_bulk(tickets)) == count


def test_a_county_may_count_from_fewer_and_allow_more_minutes():
    assert len(find_bulk(batch(0, 5, 10), bulk_count=3, bulk_minutes=10)) == 3
    assert find_bulk(batch(0, 5, 10), bulk_count=3, bulk_minutes=9).empty


def test_the_evidence_tells_the_minutes_the_count_and_names_others_of_the_batch():
    findings = find_bulk(batch(*SAME, 60, 60, 61, 61, 62)).set_index("ticket_id")
    assert findings.loc["t0", "evidence"] == (
        "2025-06-05 09:00办结，5分钟内本单位共办结5件，回复几乎相同（相同程度95%以上），另有t1、t2、t3"
    )
    assert findings.loc["t9", "evidence"].endswith("另有t5、t6、t7")
    assert findings.loc["t9", ["severity", "measure", "since"]].tolist() == [
        *["橙", 5],
        pd.Timestamp("2025-06-05 10:00"),
    ]
