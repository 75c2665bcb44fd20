"""One matter raised again, told by cited numbers and alike words."""

import pandas as pd
import pytest
from cases import rules as cases

FIRST = "东河镇杨树沟村三组的自来水已经停了四天，家里老人做不成饭，打水厂电话没人接。"
AGAIN = "又来反映，杨树沟村三组的自来水已经停了七天，家里老人做不成饭，打水厂电话还是没人接。"
OTHER = "县城中心广场夜里跳舞的音响开到十一点，住在旁边的学生没法写作业睡觉。"
IDS = ["250601000020100", "250601000020101", "250601000020102"]


def find(*rows, **limits):
    """The findings of the rule on tickets ten days apart, of unknown callers and categories but where the rows say."""
    usual = [{"ticket_id": number, "type": "投诉"} for number in IDS]
    days = [{"received_at": f"2025-06-{day:02} 09:00"} for day in (1, 11, 21)]
    rows = [one | day | row for one, day, row in zip(usual, days, rows, strict=False)]
    return cases.find("raised_again", *rows, as_of="2025-06-30 12:00", **limits)


def test_alike_words_are_blue_and_ask_whether_it_is_the_same_matter():
    finding = find({"content": FIRST}, {"content": AGAIN}, {"content": OTHER}).iloc[0]
    assert (finding["ticket_id"], finding["severity"], finding["measure"]) == (IDS[1], "蓝", 10)
    assert finding["since"] == pd.Timestamp("2025-06-01 09:00")
    assert finding["evidence"].startswith(f"与2025-06-01 09:00受理的诉求（工单{IDS[0]}）用词相近（相似度0.")
    assert finding["evidence"].endswith("，相隔10天，请核对是否同一事项再次反映")


@pytest.mark.parametrize(("column", "where"), [("content", "内容"), ("title", "标题"), ("reply", "回复")])
def test_a_number_that_either_ticket_names_is_yellow_and_the_later_one_is_listed(column, where):
    named = {"content": OTHER} | {column: f"工单编号{IDS[0]}没有办好"}
    for rows in (
        [{"content": FIRST}, named],
        [{"content": FIRST, "reply": f"与{IDS[1]}为同一事项"}, {"content": OTHER}],
    ):
        found = find(*rows)
        assert (found["ticket_id"].tolist(), found["severity"].tolist()) == ([IDS[1]], ["黄"])
    assert f"（工单{IDS[0]}）在{where}中写明编号，" in find({"content": FIRST}, named)["evidence"].iloc[0]


def test_the_number_of_another_units_ticket_is_not_told():
    evidence = find({"content": FIRST, "unit": "乙镇"}, {"content": AGAIN})["evidence"].iloc[0]
    assert evidence.startswith("与2025-06-01 09:00受理的诉求用词相近")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {"content": OTHER}),
        ({}, {"content": AGAIN.replace("杨树沟村", "柳树沟村")}),
        ({"caller": "p"}, {"caller": "q"}),
        ({"township": "甲乡"}, {"township": "乙镇"}),
        ({"address": "东街"}, {"address": "西街"}),
        ({"caller": "p", "category": "供水"}, {"caller": "p", "category": "供水"}),
        ({}, {"type": "咨询"}),
        ({"type": "表扬"}, {}),
        ({}, {"status": "作废"}),
        ({"status": "撤单"}, {}),
        ({}, {"status": "并单"}),
        ({}, {"related_id": "x"}),
        ({}, {"received_at": None}),
        ({}, {"received_at": "2025-06-30 12:01"}),
        ({}, {"content": None}),
    ],
)
def test_another_matter_caller_or_place_a_merged_or_withdrawn_ticket_and_what_the_caller_tells_is_not_listed(
    first, second
):
    assert find({"content": FIRST} | first, {"content": AGAIN} | second).empty


@pytest.mark.parametrize(
    "known",
    [{"caller": "p"}, {"category": "供水"}, {"caller": "p", "category": "供水"}, {"township": "甲乡"}],
)
def test_what_is_known_of_one_ticket_alone_speaks_against_nothing(known):
    assert len(find({"content": FIRST} | known, {"content": AGAIN})) == 1


def test_the_same_caller_under_another_category_is_listed():
    rows = [{"caller": "p", "category": category} for category in ("供水", "其他")]
    assert len(find({"content": FIRST} | rows[0], {"content": AGAIN} | rows[1])) == 1


@pytest.mark.parametrize(("first", "count"), [("2025-03-13 09:00:00", 1), ("2025-03-13 08:59:59", 0)])
def test_alike_words_count_within_ninety_days_and_no_second_more(first, count):
    assert len(find({"content": FIRST, "received_at": first}, {"content": AGAIN})) == count


def test_the_similarity_is_the_policys():
    rows = [{"content": FIRST}, {"content": AGAIN}]
    assert len(find(*rows, raised_again_similarity=0.3)) == 1
    assert find(*rows, raised_again_similarity=0.95).empty


def test_no_tickets_have_no_findings():
    assert find().empty
