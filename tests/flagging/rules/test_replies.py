import pandas as pd
import pytest
from cases import rules as cases
from cases.replies import NO_ELEMENTS, PROMISES, SHORT
from cases.rules import AS_OF, POLICY

from toolkit import clock, flag, rules, schema

LONG = "3月4日城管队员到现场查看，垃圾池满溢属实，当日调车清走垃圾两吨并冲洗消毒，今后每天清运一次。"


def find(rule, *tickets, **given):
    """The findings of one rule on tickets of 甲乡 that were answered on 2025-06-05."""
    usual = {"type": "投诉", "replied_at": "2025-06-05 10:00", "reply": LONG}
    return cases.find(rule, *[usual | ticket for ticket in tickets], **given)


def judge(rule, cases):
    """The cases that the rule judges otherwise than written; judged in one table."""
    found = set(find(rule, *map(_ticket, cases))["ticket_id"])
    return [case for turn, case in enumerate(cases) if (f"t{turn}" in found) != case[0]]


def _ticket(case):
    return {"reply": case[1], "type": case[2] if len(case) > 2 else "投诉"}


# --- what single replies say -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "cases"),
    [("reply_short", SHORT), ("reply_no_elements", NO_ELEMENTS), ("reply_promises_only", PROMISES)],
)
def test_a_reply_in_clerks_words_is_judged_as_a_person_judged_it(rule, cases):
    assert judge(rule, cases) == []


def test_only_a_reply_of_at_most_50_characters_beside_courtesies_is_said_to_be_promises_alone():
    """Of longer ones fewer than half of those found were, when a person read them."""
    promise = "正在积极协调有关方面推进"  # 12 characters, so that 50 and 51 stand below
    replies = [f"{'，'.join([promise] * 4)}{more}。" for more in ("尽快", "尽快做")]
    assert len(find("reply_promises_only", {"reply": replies[0]})) == 1
    assert find("reply_promises_only", {"reply": replies[1]}).empty


@pytest.mark.parametrize("rule", ["reply_short", "reply_no_elements", "reply_promises_only"])
def test_what_is_answered_to_praise_is_not_judged(rule):
    """Courtesy alone is what praise calls for; to a complaint it is nothing."""
    thanks = {"reply": "感谢您的肯定，我们将继续努力。"}
    assert find(rule, thanks | {"type": "表扬"}, thanks | {"type": None, "title": "非常感谢供水公司"}).empty
    assert len(find(rule, thanks | {"title": "非常感谢供水公司"})) == 1


@pytest.mark.parametrize("rule", ["reply_short", "reply_no_elements", "reply_promises_only", "reply_copied"])
@pytest.mark.parametrize(
    "columns",
    [
        {"reply": None},
        {"reply": "  "},
        {"replied_at": "2025-06-10 12:01"},
        {"replied_at": None, "closed_at": "2025-06-10 12:01"},
        {"status": "作废"},
    ],
)
def test_no_reply_or_one_after_as_of_or_of_a_void_ticket_is_not_judged(rule, columns):
    content = "在建筑工地干了三个月，包工头一直拖欠工资不给。"
    replies = ["已转相关部门处理。", "民警对麻将馆进行了突击检查，未发现聚众赌博，已告诫经营者按时关门。"]
    assert find(rule, *[{"reply": reply, "content": content} | columns for reply in replies * 3]).empty


def test_texts_left_out_leave_out_the_rules_that_read_them():
    assert find("reply_short", {"reply": "已处理。"}, texts=False).empty


def test_an_empty_table_has_no_findings():
    clocked = clock(schema.make_tickets({}), POLICY, AS_OF)
    assert flag(clocked, POLICY).empty


@pytest.mark.parametrize(("count", "severity"), [(9, "橙"), (10, "黄"), (29, "黄"), (30, None)])
def test_fewer_characters_than_the_limit_are_yellow_and_below_a_third_orange(count, severity):
    findings = find("reply_short", {"reply": "您好，" + "水" * count + "。感谢您的来电！"})
    assert findings["severity"].tolist() == [severity] * (severity is not None)


def test_the_evidence_tells_the_characters_and_quotes_the_reply():
    finding = find("reply_short", {"reply": "您好，已处理。"}).iloc[0]
    assert finding["evidence"] == "回复除客套话外只有3个字（应不少于30个字）：“您好，已处理。”"
    assert (finding["measure"], finding["since"]) == (3, pd.Timestamp("2025-06-05 10:00"))
    finding = find("reply_no_elements", {"reply": "情况属实，已处理到位。"}).iloc[0]
    assert finding["evidence"].startswith(
        "回复中没有联系来电人、现场核查、处理措施、责任人或单位、办理时间，"
    )
    finding = find("reply_promises_only", {"reply": "正在协调处理。"}).iloc[0]
    assert (finding["severity"], finding["evidence"]) == (
        "橙",
        "回复只有表态，没有办理结果：“正在协调处理。”",
    )


def test_a_county_may_ask_for_fewer_characters():
    assert find("reply_short", {"reply": "水管已换"}, reply_min_chars={"投诉": 4, "": 30}).empty


def test_a_short_exact_answer_to_a_question_tells_something():
    assert find("reply_short", {"reply": "可以办理。", "type": "咨询"}).empty
    assert len(find("reply_short", {"reply": "已办理。", "type": "咨询"})) == 1


def test_where_the_type_is_not_known_a_question_is_told_by_its_words():
    answer = {"reply": "12月31日截止。", "type": None}
    assert find("reply_short", answer | {"title": "咨询社保缴费时间"}).empty
    assert len(find("reply_short", answer | {"title": "投诉社保局"})) == 1


# --- reply_copied ----------------------------------------------------------------------------------

COPY = "我单位接到工单后组织业务骨干召开专题会议，逐条对照政策提出办理意见，明确了责任领导和科室，问题得到妥善处理。"
OTHER = "经查，该路段因施工挖断水管造成停水，供水公司抢修后已于5月6日18时恢复供水，并电话告知来电人。"
EVENT = {"township": "甲乡", "category": "供水", "received_at": "2025-06-01 08:00"}
ASKED = {"type": "咨询", "category": "医保"}


def copies(*columns, reply=COPY):
    return [{"reply": reply, "caller": f"p{turn}"} | each for turn, each in enumerate(columns)]


COPIED = [  # how many are found, and the tickets
    (3, copies({}, {}, {})),
    (4, copies({}, {}, {}, {}, {"reply": OTHER})),
    (3, copies({}, {"reply": COPY.replace("妥善处理", "妥善解决")}, {"reply": "您好！" + COPY})),
    (3, copies({"type": None}, {"type": "求助"}, {"type": "举报"})),
    (3, copies({"type": "咨询", "category": "医保"}, {"type": "咨询", "category": "社保"}, {})),
    (3, copies(EVENT, EVENT | {"category": "道路"}, EVENT | {"category": "噪音"})),
    (3, copies(*[EVENT | {"caller": "p1"}] * 3)),
    (3, copies(*[EVENT | {"received_at": f"2025-05-{day}"} for day in ("01", "09", "17")])),
    (3, copies(*[EVENT | {"township": place} for place in ("甲乡", "乙镇", "丙镇")])),
    (3, copies(*[EVENT | {"category": None}] * 3)),
    (3, copies(*[EVENT | {"received_at": None}] * 3)),
    (3, copies(*[ASKED] * 3, reply="您好，您反映的问题已收悉，已转交相关部门调查核实处理。")),
    (0, copies({}, {})),
    (0, copies({}, {"unit": "乙镇"}, {})),
    (0, copies({"unit": None}, {"unit": None}, {"unit": None})),
    (0, copies({}, {"reply": OTHER}, {"reply": LONG})),
    (0, copies(*[ASKED] * 3)),
    (0, copies(*[ASKED | {"category": None}] * 3)),
    (0, copies(*[EVENT] * 3)),
    (0, copies(*[EVENT | {"caller": None}] * 3)),
    (0, copies(*[EVENT | {"received_at": f"2025-05-{day}"} for day in ("01", "08", "15")])),
    (0, copies(*[EVENT | {"township": None, "address": "西街"}] * 3)),
    (0, copies(EVENT, EVENT, {}, {})),
    (0, copies(*[{"content": "通村公路路面坑洼破损，雨天车辆无法通行。", "caller": "p1"}] * 3)),
    (0, copies({}, {}, {"status": "作废"})),
    (0, copies({}, {}, {"replied_at": "2025-06-10 12:01"})),
    (0, copies({}, {}, {}, reply="已处理。")),
]


@pytest.mark.parametrize(("count", "tickets"), COPIED)
def test_replies_given_to_several_matters_are_found_and_fixed_answers_and_one_event_are_not(count, tickets):
    assert len(find("reply_copied", *tickets)) == count


def test_the_evidence_names_three_others_of_the_unit_never_itself():
    findings = find("reply_copied", *copies(*[{}] * 9), {"ticket_id": "x", "unit": "乙镇", "reply": COPY})
    said = findings.set_index("ticket_id")["evidence"]
    assert said["t1"] == "与本单位另外8件工单的回复大体相同（相同程度78%以上），如t0、t2、t3"
    assert said["t8"].endswith("如t0、t1、t2")
    assert "x" not in said.index
    assert set(findings["severity"]) == {"橙"}
    few = find("reply_copied", *copies(*[{}] * 8))
    assert (set(few["severity"]), set(few["measure"])) == ({"黄"}, {8})


# --- reply_instant, not_contacted ------------------------------------------------------------------

SIGNED = {"dispatched_at": "2025-06-05 09:00", "signed_at": "2025-06-05 09:55", "contacted": "是"}


@pytest.mark.parametrize(
    ("columns", "count"),
    [
        ({}, 1),
        ({"signed_at": "2025-06-05 10:00"}, 1),
        ({"signed_at": "2025-06-05 09:54:59"}, 0),
        ({"signed_at": "2025-06-05 10:01"}, 0),
        ({"signed_at": None, "dispatched_at": "2025-06-05 09:56"}, 1),
        ({"signed_at": None}, 0),
        ({"signed_at": None, "dispatched_at": None}, 0),
        ({"replied_at": "2025-06-10 12:01", "signed_at": "2025-06-10 11:59"}, 0),
        ({"type": "咨询"}, 0),
        ({"type": None}, 0),
        ({"status": "作废"}, 0),
    ],
)
def test_a_reply_within_minutes_of_signing_or_else_dispatch_is_instant(columns, count):
    found = find("reply_instant", SIGNED | columns, SIGNED | {"replied_at": "2025-06-06 10:00"}, texts=False)
    assert len(found) == count


def test_an_instant_reply_tells_both_times_and_asks_for_review():
    finding = find("reply_instant", SIGNED).iloc[0]
    assert finding["evidence"] == "2025-06-05 09:55签收，2025-06-05 10:00即回复，相隔5分钟"
    assert rules().set_index("rule").loc["reply_instant", "asks_review"]


SILENT = {"contacted": "否", "received_at": "2025-06-03 09:00"}


@pytest.mark.parametrize(
    ("columns", "count"),
    [
        ({}, 1),
        ({"type": "咨询"}, 1),
        ({"type": "咨询", "dispatched_at": "2025-06-05 09:00"}, 0),
        ({"type": "咨询", "received_at": None}, 0),
        ({"contacted": "是"}, 0),
        ({"contacted": None}, 0),
        ({"first_contact_at": "2025-06-04 09:00"}, 0),
        ({"first_contact_at": "2025-06-10 12:01"}, 1),
        ({"replied_at": None}, 0),
        ({"replied_at": "2025-06-10 12:01"}, 0),
        ({"visited_at": "2025-06-10 12:01"}, 0),
        ({"status": "作废"}, 0),
        ({"reply": None}, 1),
        ({"reply": "多次拨打来电人电话无人接听，已现场清运垃圾。"}, 0),
        ({"reply": "来电人联系不上，已现场清运垃圾。"}, 0),
    ],
)
def test_an_answer_without_contact_is_found_unless_contact_was_tried_or_a_question_answered_that_day(
    columns, count
):
    found = find("not_contacted", SILENT | columns, {"contacted": "是"})
    assert len(found) == count
    if count:
        assert found["evidence"].iloc[0] == "2025-06-05 10:00回复，记录为未联系诉求人，没有先行联系时间"
