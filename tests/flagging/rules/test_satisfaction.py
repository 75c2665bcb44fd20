import math

import numpy as np
import pytest
from cases.rules import AS_OF, find, only
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from toolkit import schema
from toolkit.flagging.rules.satisfaction import chance_of_at_least

# --- satisfied_without_call ------------------------------------------------------------------------

CALLED = {"satisfaction": "满意", "visited_at": "2025-06-05 10:00", "visit_connected": "是"}


@pytest.mark.parametrize("word", schema.SATISFIED)
def test_satisfied_though_the_call_did_not_reach_anyone_is_orange(word):
    finding = only(find("satisfied_without_call", CALLED | {"satisfaction": word, "visit_connected": "否"}))
    assert finding["severity"] == "橙"
    assert finding["evidence"] == f"满意度记为“{word}”，2025-06-05 10:00回访未接通"


def test_satisfied_without_any_record_of_a_call_counts_where_the_export_records_calls():
    unrecorded = CALLED | {"visited_at": None, "visit_connected": None}
    finding = only(find("satisfied_without_call", CALLED, unrecorded))
    assert (finding["ticket_id"], finding["evidence"]) == (
        "t1",
        "满意度记为“满意”，没有回访时间，也没有接通记录",
    )
    assert find("satisfied_without_call", unrecorded, CALLED | {"visited_at": None}).empty
    finding = only(find("satisfied_without_call", unrecorded | {"visit_connected": "否"}))
    assert finding["evidence"] == "满意度记为“满意”，没有回访时间，回访接通记为“否”"


@pytest.mark.parametrize(
    "columns",
    [
        {},
        {"visited_at": None},
        {"visit_connected": None},
        {"satisfaction": "一般", "visit_connected": "否"},
        {"satisfaction": "默认满意", "visit_connected": "否"},
        {"satisfaction": None, "visit_connected": "否"},
        {"visit_connected": "否", "status": "作废"},
        {"visit_connected": "否", "visited_at": "2025-06-10 12:01"},
        {"visit_connected": "否", "received_at": "2025-06-10 12:01"},
    ],
)
def test_a_call_that_connected_other_verdicts_void_or_later_ones_are_no_finding(columns):
    assert find("satisfied_without_call", CALLED | columns, CALLED).empty


# --- default_satisfied -----------------------------------------------------------------------------


def test_satisfied_by_default_is_blue_and_tells_whether_there_was_a_call():
    finding = only(find("default_satisfied", {"satisfaction": "默认满意"}))
    assert finding["severity"] == "蓝"
    assert finding["evidence"] == "满意度记为“默认满意”，没有群众本人评价，没有回访时间"
    finding = only(find("default_satisfied", CALLED | {"satisfaction": "默认满意"}))
    assert finding["evidence"].endswith("2025-06-05 10:00有回访记录")


@pytest.mark.parametrize(
    "columns",
    [
        {"satisfaction": "满意"},
        {"satisfaction": None},
        {"satisfaction": "默认满意", "status": "作废"},
        {"satisfaction": "默认满意", "visited_at": "2025-06-10 12:01"},
    ],
)
def test_a_citizen_s_own_word_a_void_ticket_or_a_later_one_is_not_by_default(columns):
    assert find("default_satisfied", columns, {"satisfaction": "一般"}).empty


# --- satisfaction_flipped --------------------------------------------------------------------------


def flip(*steps, **columns):
    log = [("t0", event, f"06-{day:02} 10:00", None, detail) for event, day, detail in steps]
    return find("satisfaction_flipped", {"satisfaction": "一般"} | columns, log=log)


def test_a_satisfied_call_after_a_dissatisfied_one_with_nothing_between_is_orange():
    finding = only(flip(("visited", 3, "评价：不满意"), ("visited", 5, "评价：满意")))
    assert finding["severity"] == "橙"
    assert finding["evidence"] == (
        "2025-06-03 10:00回访记为不满意，2025-06-05 10:00回访又记为满意，其间没有重办或再次回复"
    )


@pytest.mark.parametrize("word", ["满意", "基本满意", "默认满意"])
def test_a_satisfied_final_verdict_after_a_dissatisfied_call_is_a_flip(word):
    finding = only(flip(("visited", 3, "非常不满意"), satisfaction=word))
    assert finding["evidence"].startswith(f"2025-06-03 10:00回访记为不满意，现满意度为“{word}”")


@pytest.mark.parametrize("between", ["reworked", "replied"])
def test_rework_or_a_reply_between_explains_the_change(between):
    assert flip(("visited", 3, "不满意"), (between, 4, None), ("visited", 5, "满意")).empty
    assert flip(("visited", 3, "不满意"), (between, 4, None), satisfaction="满意").empty
    assert (
        len(flip((between, 2, None), ("visited", 3, "不满意"), ("urged", 4, None), ("visited", 5, "满意")))
        == 1
    )


def test_the_ticket_s_own_time_of_reply_explains_the_change_too():
    steps = ("visited", 3, "不满意"), ("visited", 5, "满意")
    assert flip(*steps, replied_at="2025-06-04 09:00").empty
    assert len(flip(*steps, replied_at="2025-06-02 09:00")) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("满意", "不满意"),
        ("不满意", "不满意"),
        ("不满意", "不太满意"),
        ("不满意", "满意度：一般"),
        ("不满意", "询问是否满意，未表态"),
        ("是否满意：一般", "满意"),
        ("一般", "满意"),
        (None, "满意"),
        ("不满意", None),
    ],
)
def test_words_that_only_look_like_a_verdict_are_none(first, second):
    assert flip(("visited", 3, first), ("visited", 5, second)).empty


def test_a_flip_after_as_of_or_on_a_void_ticket_or_without_a_log_is_none():
    assert flip(("visited", 3, "不满意"), ("visited", 11, "满意")).empty
    assert flip(("visited", 3, "不满意"), satisfaction="满意", visited_at="2025-06-11 10:00").empty
    assert flip(("visited", 3, "不满意"), ("visited", 5, "满意"), status="作废").empty
    assert find("satisfaction_flipped", {"satisfaction": "满意"}).empty


def test_a_flip_of_one_ticket_does_not_reach_into_the_next():
    log = [("t0", "visited", "06-03 10:00", None, "不满意"), ("t1", "visited", "06-05 10:00", None, "满意")]
    assert find("satisfaction_flipped", {}, {}, log=log).empty


# --- too_perfect -----------------------------------------------------------------------------------


def rate(satisfied, rated, others=(60, 100), **limits):
    rows = [{"satisfaction": "满意" if n < satisfied else "不满意"} for n in range(rated)]
    rows += [{"unit": "乙镇", "satisfaction": "满意" if n < others[0] else "一般"} for n in range(others[1])]
    return find("too_perfect", *rows, **limits)


def test_a_unit_more_satisfying_than_chance_allows_is_blue_and_rests_on_its_satisfied_tickets():
    finding = only(rate(30, 30))
    assert (finding["unit"], finding["severity"], finding["measure"]) == ("甲乡", "蓝", 1)
    assert finding["evidence"] == (
        "评价满意100.0%（30/30），全县其他单位60.0%（60/100），按此水平出现的机会不足0.01%"
    )
    assert finding["rests_on"] == [f"t{n}" for n in range(30)]
    assert only(rate(25, 30))["evidence"].endswith("按此水平出现的机会0.57%")


def test_a_unit_with_few_verdicts_or_likely_ones_or_none_to_compare_with_is_left_alone():
    assert rate(29, 29).empty
    assert rate(24, 30).empty
    assert rate(30, 30, others=(100, 100)).empty
    assert rate(30, 30, others=(0, 0)).empty
    assert len(rate(29, 29, perfect_min_count=29)) == 1


def test_unrated_void_later_and_unitless_tickets_do_not_make_a_unit_perfect():
    others = [{"unit": "乙镇", "satisfaction": "一般"}] * 50
    for columns in (
        {"satisfaction": "默认满意"},
        {"satisfaction": "未评价"},
        {"status": "作废"},
        {"visited_at": "2025-06-10 12:01"},
        {"unit": None},
    ):
        assert find("too_perfect", *[{"satisfaction": "满意"} | columns] * 40, *others).empty


@pytest.mark.parametrize(
    ("count", "whole", "rate"), [(0, 5, 0.2), (3, 5, 0.2), (29, 30, 0.9), (700, 1000, 0.68)]
)
def test_the_tail_is_the_binomial_one(count, whole, rate):
    exact = math.fsum(
        math.comb(whole, k) * rate**k * (1 - rate) ** (whole - k) for k in range(count, whole + 1)
    )
    assert chance_of_at_least(np.array([count]), np.array([whole]), rate) == pytest.approx([exact], rel=1e-9)


def test_the_tail_at_the_ends():
    counts, wholes, rates = np.array([1, 1, 0]), np.array([5, 5, 0]), np.array([0.0, 1.0, 0.5])
    assert chance_of_at_least(counts, wholes, rates).tolist() == [0.0, 1.0, 1.0]


@given(st.integers(0, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.floats(0, 1))
@examples(60)
def test_the_tail_is_scipy_s(pair, rate):
    count, whole = pair
    found = chance_of_at_least(np.array([count]), np.array([whole]), rate)
    assert found == pytest.approx([stats.binom.sf(count - 1, whole, rate)], rel=1e-9, abs=1e-300)


# --- callback_burst --------------------------------------------------------------------------------

BURST = [{"visited_at": f"2025-06-05 10:00:{second:02}"} for second in (0, 7, 20, 40, 59)]


def test_five_call_backs_of_a_unit_in_a_minute_are_yellow_one_finding_a_unit():
    later = [{"visited_at": "2025-06-06 09:30"}] * 6
    finding = only(find("callback_burst", *BURST, *later, {"visited_at": "2025-06-05 10:01"}))
    assert (finding["unit"], finding["severity"], finding["measure"]) == ("甲乡", "黄", 2)
    assert finding["evidence"] == "有2个分钟各回访5件以上，共11件；最多的是2025-06-06 09:30，一分钟内6件"
    assert finding["rests_on"] == [f"t{n}" for n in range(11)]


@pytest.mark.parametrize(
    "columns",
    [
        {"visited_at": "2025-06-05 10:01:00"},
        {"unit": "乙镇"},
        {"unit": None},
        {"visited_at": None},
        {"status": "作废"},
    ],
)
def test_four_in_the_minute_are_not_five(columns):
    assert find("callback_burst", *BURST[:4], BURST[4] | columns).empty


def test_bare_dates_and_call_backs_after_as_of_are_no_burst():
    assert find("callback_burst", *[{"visited_at": "2025-06-05"}] * 6).empty
    assert find("callback_burst", BURST[0], *[{"visited_at": "2025-06-10 12:01"}] * 6).empty


# --- callback_too_early ----------------------------------------------------------------------------

EARLY = {"visited_at": "2025-06-05 10:00", "replied_at": "2025-06-05 11:00"}
USUAL = {
    "replied_at": "2025-06-02 10:00",
    "closed_at": "2025-06-03 10:00",
    "visited_at": "2025-06-04 10:00",
}


def test_a_call_back_before_the_answer_is_yellow():
    finding = only(find("callback_too_early", EARLY))
    assert (finding["severity"], finding["evidence"]) == (
        "黄",
        "2025-06-05 10:00回访，早于答复（2025-06-05 11:00）",
    )


@pytest.mark.parametrize(("replied", "said"), [(None, "没有答复记录"), ("2025-06-10 12:01", "仍未答复")])
def test_a_call_back_without_an_answer_by_as_of_is_too_early(replied, said):
    finding = only(find("callback_too_early", EARLY | {"replied_at": replied}, USUAL))
    assert finding["evidence"] == f"2025-06-05 10:00回访，截至{AS_OF}{said}"


@pytest.mark.parametrize(
    "columns",
    [
        {"replied_at": "2025-06-05 10:00"},
        {"replied_at": "2025-06-05 10:00:30"},
        {"replied_at": "2025-06-05 09:00"},
        {"visited_at": "2025-06-05"},
        {"visited_at": None},
        {"visited_at": "2025-06-10 12:01", "replied_at": None},
        {"rework_count": 1},
        {"status": "作废"},
        {"replied_at": None, "status": "已回复"},
        {"replied_at": None, "closed_at": "2025-06-05 09:00"},
        {"replied_at": None, "reply": "已修复供水管网。"},
    ],
)
def test_the_same_minute_or_day_a_second_round_or_a_missing_time_only_is_not_too_early(columns):
    assert find("callback_too_early", EARLY | columns, *[USUAL] * 3).empty


def test_a_call_back_before_closing_counts_only_where_the_county_closes_first():
    early = USUAL | {"closed_at": "2025-06-05 10:00"}
    finding = only(find("callback_too_early", early, *[USUAL] * 4))
    assert finding["evidence"] == (
        "2025-06-04 10:00回访，早于办结（2025-06-05 10:00），全县先办结后回访的占80.0%"
    )
    assert find("callback_too_early", early, *[USUAL] * 3).empty


def test_where_closing_is_the_answer_a_call_back_before_it_may_be_the_usual_way():
    visited_first = {"visited_at": "2025-06-04 10:00", "closed_at": "2025-06-05 10:00"}
    assert find("callback_too_early", *[visited_first] * 3).empty


@pytest.mark.parametrize(
    "rule",
    [
        *["satisfied_without_call", "default_satisfied", "satisfaction_flipped", "too_perfect"],
        *["callback_burst", "callback_too_early"],
    ],
)
def test_an_empty_table_has_no_findings_about_satisfaction(rule):
    assert find(rule, log=[]).empty
