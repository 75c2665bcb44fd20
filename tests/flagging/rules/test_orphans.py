import pandas as pd
import pytest
from cases.rules import AS_OF, find, only

from toolkit import flag, schema

SENT = {"received_at": "2025-06-03 09:00", "dispatched_at": "2025-06-03 10:00"}

# --- no_unit ---------------------------------------------------------------------------------------


def test_a_ticket_without_a_unit_is_orange_answered_or_not():
    open_ = only(find("no_unit", SENT | {"unit": None}, SENT))
    assert (open_["severity"], open_["unit"]) == ("橙", schema.NO_UNIT)
    assert open_["evidence"] == f"2025-06-03 09:00受理，没有承办单位，截至{AS_OF}未答复"
    answered = only(find("no_unit", SENT | {"unit": None, "replied_at": "2025-06-04 09:00"}, SENT))
    assert answered["evidence"].endswith("没有承办单位，2025-06-04 09:00已答复")


@pytest.mark.parametrize(
    "columns",
    [
        {"unit": "甲乡"},
        {"status": "作废"},
        {"received_at": "2025-06-10 12:01", "dispatched_at": None},
        {"received_at": "2025-06-09 12:00", "dispatched_at": None},
        {"dispatched_at": None, "replied_at": "2025-06-03 09:10"},
    ],
)
def test_void_later_new_or_directly_answered_tickets_need_no_unit(columns):
    assert find("no_unit", SENT | {"unit": None} | columns, SENT).empty


def test_a_ticket_not_passed_on_within_a_day_lacks_its_unit():
    waits = {"unit": None, "received_at": "2025-06-09 11:59"}
    assert len(find("no_unit", waits, SENT)) == 1


def test_an_export_without_units_accuses_nobody():
    assert find("no_unit", SENT | {"unit": None}).empty


# --- no_handler ------------------------------------------------------------------------------------

NAMED = SENT | {"handler": "张某", "replied_at": "2025-06-04 09:00"}


def test_an_open_ticket_without_a_handler_is_blue_where_the_unit_names_one_on_half_its_tickets():
    finding = only(find("no_handler", SENT, NAMED))
    assert (finding["ticket_id"], finding["severity"]) == ("t0", "蓝")
    assert finding["evidence"] == (f"没有经办人，截至{AS_OF}未答复；本单位工单填了经办人的占50.0%（1/2）")
    assert find("no_handler", SENT, SENT, NAMED).empty
    assert len(find("no_handler", SENT, SENT, NAMED, handler_share=0.3)) == 2


@pytest.mark.parametrize(
    "columns",
    [
        {"handler": "李某"},
        {"replied_at": "2025-06-04 09:00"},
        {"closed_at": "2025-06-04 09:00"},
        {"status": "已办结"},
        {"status": "作废"},
        {"unit": None},
        {"unit": "乙镇"},
        {"dispatched_at": "2025-06-09 18:00"},
    ],
)
def test_answered_closed_void_new_tickets_and_other_units_need_no_handler(columns):
    assert find("no_handler", SENT | columns, NAMED).empty


# --- status_at_odds --------------------------------------------------------------------------------

DONE = {"closed_at": "2025-06-05 10:00", "status": "已办结"}


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"status": "已办结"}, "状态为“已办结”，没有办结时间，也没有答复时间"),
        ({"status": "归档"}, "状态为“归档”，没有办结时间，也没有答复时间"),
        ({"status": "待签收", "signed_at": "2025-06-03 11:00"}, "状态为“待签收”，已于2025-06-03 11:00签收"),
        ({"status": "待签收", "replied_at": "2025-06-04 11:00"}, "状态为“待签收”，已于2025-06-04 11:00答复"),
        ({"status": "办理中", "closed_at": "2025-06-04 11:00"}, "状态为“办理中”，已于2025-06-04 11:00办结"),
        ({"status": "已退回", "closed_at": "2025-06-04 11:00"}, "状态为“已退回”，已于2025-06-04 11:00办结"),
    ],
)
def test_a_status_its_times_speak_against_is_yellow_and_says_what(columns, words):
    finding = only(find("status_at_odds", SENT | columns, DONE | {"replied_at": "2025-06-05 09:00"}))
    assert (finding["severity"], finding["evidence"]) == ("黄", words)


@pytest.mark.parametrize(
    "columns",
    [
        {"status": "已办结", "replied_at": "2025-06-04 10:00"},
        {"status": "已办结", "closed_at": "2025-06-10 12:01"},
        {"status": "待签收"},
        {"status": "待签收", "signed_at": "2025-06-10 12:01"},
        {"status": "待签收", "signed_at": "2025-06-03 11:00", "return_count": 1},
        {"status": "待签收", "signed_at": "2025-06-03 11:00", "rework_count": 1},
        {"status": "办理中", "signed_at": "2025-06-03 11:00", "replied_at": "2025-06-04 10:00"},
        {"status": "办理中", "closed_at": "2025-06-03 11:00", "rework_count": 1},
        {"status": "作废", "closed_at": "2025-06-03 11:00"},
        {"status": None, "closed_at": "2025-06-03 11:00"},
    ],
)
def test_a_status_that_its_times_or_a_second_round_explain_is_not_at_odds(columns):
    assert find("status_at_odds", SENT | columns, DONE | {"replied_at": "2025-06-05 09:00"}).empty


def test_without_times_of_closing_anywhere_a_closed_status_is_not_at_odds():
    assert find("status_at_odds", SENT | {"status": "已办结"}).empty


# --- not_fed_back ----------------------------------------------------------------------------------

REPLIED = SENT | {"replied_at": "2025-06-06 09:00"}
FED_BACK = REPLIED | {"fed_back_at": "2025-06-06 10:00"}


def test_answered_and_not_fed_back_beyond_a_working_day_is_yellow():
    finding = only(find("not_fed_back", REPLIED, FED_BACK))
    assert (finding["severity"], finding["measure"]) == ("黄", 2)
    assert finding["evidence"] == (
        f"2025-06-06 09:00已回复来电人，应在1个工作日内反馈县平台中心，截至{AS_OF}已过2个工作日仍未反馈"
    )


@pytest.mark.parametrize(
    "columns",
    [
        {"replied_at": "2025-06-09 09:00"},
        {"replied_at": None},
        {"replied_at": "2025-06-10 12:01"},
        {"replied_at": "2003-06-06 09:00"},
        {"visited_at": "2025-06-07 09:00"},
        {"closed_at": "2025-06-07 09:00"},
        {"status": "已办结"},
        {"status": "作废"},
    ],
)
def test_a_reply_of_yesterday_none_or_one_the_centre_knows_of_is_no_finding(columns):
    assert find("not_fed_back", REPLIED | columns, FED_BACK).empty


def test_feedback_after_as_of_has_not_come_and_the_limit_may_be_longer():
    late = REPLIED | {"fed_back_at": "2025-06-10 12:01"}
    assert len(find("not_fed_back", late)) == 1
    assert find("not_fed_back", late, feedback_days=2).empty


def test_all_that_the_demo_does_not_feed_back_is_found(demo_county, demo_tickets, demo_run):
    planted = pd.read_csv(demo_county / "planted.csv", dtype="str")
    planted = planted.query("rule == 'reply_to_caller_not_fed_back'")
    found = flag(demo_tickets, demo_run.policy, only=["not_fed_back"])
    assert set(found["ticket_id"]) == set(planted["ticket_id"])


@pytest.mark.parametrize("rule", ["no_unit", "no_handler", "status_at_odds", "not_fed_back"])
def test_an_empty_table_has_no_findings_about_owners(rule):
    assert find(rule, log=[]).empty
