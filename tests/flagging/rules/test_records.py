import numpy as np
import pandas as pd
import pytest
from cases.rules import AS_OF, POLICY, find, only
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats.contingency import odds_ratio

from toolkit import clock, flag, rules, schema
from toolkit.flagging.rules.records import compare_odds

DAY = {
    "received_at": "2025-06-02 09:00",
    "dispatched_at": "2025-06-02 10:00",
    "signed_at": "2025-06-02 11:00",
    "first_contact_at": "2025-06-02 12:00",
    "replied_at": "2025-06-02 13:00",
    "fed_back_at": "2025-06-02 14:00",
    "visited_at": "2025-06-02 15:00",
    "closed_at": "2025-06-02 16:00",
}

# --- impossible_times ------------------------------------------------------------------------------


def test_times_in_their_order_are_no_finding():
    assert find("impossible_times", DAY).empty
    assert find("impossible_times", dict.fromkeys(DAY, "2025-06-02 09:00")).empty


@pytest.mark.parametrize(
    ("column", "at", "words"),
    [
        ("signed_at", "2025-06-02 09:30", "签收（2025-06-02 09:30）早于转办（2025-06-02 10:00）"),
        ("first_contact_at", "2025-06-02 09:30", "先行联系（2025-06-02 09:30）早于转办（2025-06-02 10:00）"),
        ("replied_at", "2025-06-02 10:30", "回复（2025-06-02 10:30）早于签收（2025-06-02 11:00）"),
        ("fed_back_at", "2025-06-02 09:59", "反馈（2025-06-02 09:59）早于转办（2025-06-02 10:00）"),
        ("closed_at", "2025-06-02 12:30", "办结（2025-06-02 12:30）早于回复（2025-06-02 13:00）"),
        ("visited_at", "2025-06-02 12:30", "回访（2025-06-02 12:30）早于回复（2025-06-02 13:00）"),
    ],
)
def test_a_stage_before_the_one_it_follows_is_yellow_and_both_times_are_told(column, at, words):
    finding = only(find("impossible_times", DAY | {column: at}, *[DAY] * 4))
    assert (finding["severity"], finding["measure"], finding["evidence"]) == ("黄", 1, words)
    assert finding["since"] == pd.Timestamp(at)


def test_every_pair_out_of_order_is_told():
    finding = only(find("impossible_times", DAY | {"replied_at": "2025-06-01 09:00"}))
    told = [f"回复（2025-06-01 09:00）早于{stage}" for stage in ("受理（", "转办（", "签收（")]
    assert [
        part[: len(words)] for part, words in zip(finding["evidence"].split("；"), told, strict=True)
    ] == told
    assert finding["measure"] == 3


@pytest.mark.parametrize("column", ["closed_at", "visited_at"])
def test_closing_or_calling_back_before_the_reply_is_no_contradiction_where_the_county_has_it_so(column):
    early = DAY | {column: "2025-06-02 12:30"}
    assert len(find("impossible_times", early, *[DAY] * 4)) == 1
    assert find("impossible_times", early, *[DAY] * 3).empty


@pytest.mark.parametrize(
    "columns",
    [
        {"signed_at": "2025-06-02 10:00:00", "dispatched_at": "2025-06-02 10:00:59"},
        {"signed_at": "2025-06-02"},
        {"signed_at": None, "replied_at": None},
        {"signed_at": "2025-06-02 09:30", "status": "作废"},
        {"signed_at": "2025-06-02 09:30", "return_count": 1},
        {"signed_at": "2025-06-02 09:30", "rework_count": 1},
    ],
)
def test_the_same_minute_a_bare_date_a_missing_time_or_a_second_round_is_no_contradiction(columns):
    assert find("impossible_times", DAY | columns).empty


def test_a_ticket_passed_on_or_done_again_by_the_log_is_compared_with_its_receipt_only():
    signed = DAY | {"signed_at": "2025-06-02 09:30"}
    for event in ("returned", "redispatched", "reworked"):
        log = [("t0", event, "06-02 12:00", None)]
        assert find("impossible_times", signed, log=log).empty
        replied = signed | {"replied_at": "2025-06-02 08:00"}
        assert only(find("impossible_times", replied, log=log))["evidence"] == (
            "回复（2025-06-02 08:00）早于受理（2025-06-02 09:00）"
        )


def test_a_time_after_as_of_has_not_come():
    later = {"dispatched_at": "2025-06-10 13:00", "signed_at": "2025-06-10 12:30"}
    assert find("impossible_times", {"received_at": "2025-06-10 09:00"} | later).empty
    assert (
        len(find("impossible_times", {"received_at": "2025-06-10 09:00"} | later, as_of="2025-06-10 14:00"))
        == 1
    )


def test_all_impossible_times_planted_in_the_demo_are_found(demo_county, demo_tickets, demo_run):
    planted = pd.read_csv(demo_county / "planted.csv", dtype="str").query("rule == 'impossible_times'")
    found = flag(demo_tickets, demo_run.policy, only=["impossible_times"])
    assert set(found["ticket_id"]) == set(planted["ticket_id"])


# --- exactly_due -----------------------------------------------------------------------------------

DUE = {"platform_due_at": "2025-06-05 17:30:00", "replied_at": "2025-06-05 17:30:00"}
TO_THE_SECOND = [{"replied_at": f"2025-06-04 10:00:{second}"} for second in (11, 12)]


def test_an_answer_at_the_second_it_was_due_is_blue_and_asks_to_look():
    finding = only(find("exactly_due", DUE, *TO_THE_SECOND))
    assert (finding["ticket_id"], finding["severity"]) == ("t0", "蓝")
    assert finding["evidence"] == ("2025-06-05 17:30:00回复，与平台截止时间分秒不差，请核对是否系统自动填写")


@pytest.mark.parametrize(
    "columns",
    [
        {"replied_at": "2025-06-05 17:30:01"},
        {"replied_at": "2025-06-05 17:29:59"},
        {"replied_at": None},
        {"platform_due_at": None},
        {"status": "作废"},
        {"platform_due_at": "2025-06-05", "replied_at": "2025-06-05"},
    ],
)
def test_a_second_off_a_bare_date_or_a_void_ticket_is_no_exact_answer(columns):
    assert find("exactly_due", DUE | columns, *TO_THE_SECOND).empty


def test_where_half_the_answers_have_no_seconds_the_second_says_nothing():
    assert find("exactly_due", DUE, TO_THE_SECOND[0]).empty
    assert find("exactly_due", DUE).empty


def test_an_answer_after_as_of_at_its_due_time_has_not_come():
    later = {"platform_due_at": "2025-06-10 17:30", "replied_at": "2025-06-10 17:30"}
    assert find("exactly_due", later, *TO_THE_SECOND).empty


# --- platform_disagrees ----------------------------------------------------------------------------

MARKED = {"platform_due_at": "2025-06-05 17:30", "replied_at": "2025-06-05 17:30", "platform_overdue": "是"}


def test_a_ticket_the_platform_calls_late_though_its_times_say_in_time_is_blue_and_asks_to_look():
    finding = only(find("platform_disagrees", MARKED))
    assert (finding["severity"], pd.isna(finding["measure"])) == ("蓝", True)
    assert finding["evidence"] == (
        "平台标识为超期；应于2025-06-05 17:30前回复（平台时限），实际于2025-06-05 17:30回复，核算为按期，请核对以何者为准"
    )


def test_a_ticket_the_platform_calls_in_time_though_answered_late_is_told_with_the_days():
    late = MARKED | {"replied_at": "2025-06-09 09:00", "platform_overdue": "否"}
    finding = only(find("platform_disagrees", late))
    assert finding["measure"] == 2
    assert "平台标识为未超期" in finding["evidence"] and "核算为超期，请核对" in finding["evidence"]
    extended = late | {"replied_at": "2025-06-05 18:00", "extended_due_at": "2025-06-05 17:40"}
    assert (
        "；平台截止时间为2025-06-05 17:30，请核对" in only(find("platform_disagrees", extended))["evidence"]
    )


@pytest.mark.parametrize(
    "columns",
    [
        {"platform_overdue": "否"},
        {"platform_overdue": None},
        {"replied_at": "2025-06-05 17:31"},
        {"replied_at": None},
        {"replied_at": "2025-06-10 12:01"},
        {"replied_at": None, "status": "已回复"},
        {"platform_due_at": None},
        {"platform_due_at": "2025-06-20 17:30", "replied_at": None},
        {"rework_count": 1},
        {"status": "作废"},
    ],
)
def test_the_same_verdict_no_mark_no_due_time_no_answer_another_round_or_void_is_no_disagreement(columns):
    assert find("platform_disagrees", MARKED | columns, {"platform_overdue": "否"}).empty


def test_an_export_without_the_platform_s_verdict_is_not_evaluated():
    table = rules(clock(schema.make_tickets({"ticket_id": ["a"]}), POLICY, AS_OF)).set_index("rule")
    assert table.loc["platform_disagrees", ["evaluated", "missing"]].tolist() == [
        False,
        "平台超期标识、截止时间",
    ]


# --- heaped_times ----------------------------------------------------------------------------------


def heap(heaped, count, *, others=20, columns=(), **limits):
    rows = [{"replied_at": f"2025-06-0{n % 5 + 1} 10:{'20' if n < heaped else '23'}"} for n in range(count)]
    rows = [row | dict(columns) for row in rows]
    rows += [{"unit": "乙镇", "replied_at": f"2025-06-04 11:{n + 21}"} for n in range(others)]
    return find("heaped_times", *rows, **limits)


def test_a_unit_answering_mostly_in_round_minutes_is_blue_and_rests_on_those_answers():
    finding = only(heap(15, 30))
    assert (finding["unit"], finding["severity"], finding["measure"]) == ("甲乡", "蓝", 0.5)
    assert finding["evidence"] == "回复时间为整十分钟的占50.0%（15/30），全县其他单位10.0%（2/20）"
    assert finding["rests_on"] == [f"t{n}" for n in range(15)]


def test_fewer_round_minutes_or_answers_or_nobody_to_compare_with_is_no_finding():
    assert heap(14, 30).empty
    assert heap(29, 29).empty
    assert heap(30, 30, others=0).empty
    assert len(heap(29, 29, heaped_min_count=29)) == 1


def test_a_county_that_answers_in_round_minutes_throughout_accuses_nobody():
    rows = [{"unit": unit, "replied_at": "2025-06-04 11:20"} for unit in ("甲乡", "乙镇") for _ in range(40)]
    assert find("heaped_times", *rows).empty


@pytest.mark.parametrize(
    "columns",
    [
        {"replied_at": "2025-06-04"},
        {"replied_at": "2025-06-04 10:20:01"},
        {"replied_at": "2025-06-10 12:10"},
        {"replied_at": None},
        {"status": "作废"},
        {"unit": None},
    ],
)
def test_bare_dates_seconds_later_void_and_unitless_answers_are_not_heaped(columns):
    assert heap(40, 40, columns=columns).empty


# --- exclusion_biased ------------------------------------------------------------------------------


def exclude(bad_gone, bad, good_gone, good, unit="甲乡", **columns):
    parts = [("不满意", n < bad_gone) for n in range(bad)] + [("满意", n < good_gone) for n in range(good)]
    return [
        {"unit": unit, "satisfaction": word, "exclusion": "通过" if gone else None} | columns
        for word, gone in parts
    ]


BALANCED = exclude(5, 40, 20, 160, unit="乙镇")


def test_a_unit_whose_dissatisfied_leave_the_assessment_is_orange_and_rests_on_them():
    finding = only(find("exclusion_biased", *exclude(8, 10, 1, 20), *BALANCED).query("unit == '甲乡'"))
    assert finding["severity"] == "橙"
    assert finding["evidence"] == (
        "不满意件剔除80.0%（8/10），满意件剔除5.0%（1/20），比值比44.2（95%区间5.0—390.5）"
    )
    assert finding["rests_on"] == [f"t{n}" for n in range(8)]
    assert finding["measure"] == pytest.approx(44.2, abs=0.05)


def test_the_county_as_a_whole_stands_for_itself():
    units = [exclude(2, 10, 0, 60, unit=unit) for unit in ("甲乡", "乙镇")]
    finding = only(find("exclusion_biased", *units[0], *units[1]))
    assert (finding["unit"], len(finding["rests_on"])) == ("全县", 4)


def test_an_interval_that_reaches_one_or_too_few_or_nothing_to_compare_with_is_no_finding():
    assert find("exclusion_biased", *exclude(5, 10, 4, 20)).empty
    assert find("exclusion_biased", *exclude(2, 2, 0, 90)).empty
    assert find("exclusion_biased", *exclude(9, 9, 0, 0)).empty
    assert len(find("exclusion_biased", *exclude(2, 2, 0, 90), exclusion_min_count=2)) == 2


@pytest.mark.parametrize(
    "columns",
    [{"exclusion": "申请"}, {"exclusion": "驳回"}, {"status": "作废"}, {"visited_at": "2025-06-11 10:00"}],
)
def test_only_approved_exclusions_of_verdicts_by_as_of_count(columns):
    assert find("exclusion_biased", *exclude(8, 10, 0, 20, **columns), *BALANCED).empty


@given(st.tuples(*[st.integers(0, 500)] * 4))
@examples(60)
def test_the_odds_and_their_interval_are_scipy_s_with_half_a_ticket_added_to_each_count(cells):
    gone_bad, kept_bad, gone_good, kept_good = cells
    found = compare_odds(gone_bad, gone_bad + kept_bad, gone_good, gone_good + kept_good)
    # scipy takes whole numbers: of twice the counts the logarithm's interval is narrower by the root of two.
    doubled = odds_ratio(np.array(cells).reshape(2, 2) * 2 + 1, kind="sample")
    reach = doubled.confidence_interval(0.95).high / doubled.statistic
    assert found == pytest.approx(doubled.statistic * reach ** (np.sqrt(2) * np.array([0, -1, 1])))


@pytest.mark.parametrize(
    "rule", ["impossible_times", "exactly_due", "platform_disagrees", "heaped_times", "exclusion_biased"]
)
def test_an_empty_table_has_no_findings_about_records(rule):
    assert find(rule, log=[]).empty
