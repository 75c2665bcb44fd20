"""Rules about sitting on tickets."""

import pandas as pd
import pytest
from cases.rules import AS_OF, POLICY, find, make_log, only, send

from toolkit import clock, flag, rules, schema

DONE = {  # beside the others, so that the export fills its columns
    **dict.fromkeys(["received_at", "dispatched_at", "signed_at", "replied_at"], "2025-06-10 09:00"),
    "platform_due_at": "2025-06-20 17:30",
    "urge_count": 0,
}

# --- idle_half -------------------------------------------------------------------------------------

IDLE = {  # 14 office hours, the seventh of which ends at noon of 06-10
    "received_at": "2025-06-09 14:00",
    "dispatched_at": "2025-06-09 14:10",
    "platform_due_at": "2025-06-11 12:00",
}


@pytest.mark.parametrize(("as_of", "count"), [("2025-06-10 12:00", 0), ("2025-06-10 14:01", 1)])
def test_an_untouched_ticket_is_idle_when_more_than_half_its_office_time_has_passed(as_of, count):
    assert len(find("idle_half", IDLE, DONE | {"replied_at": None}, as_of=as_of)) == count


def test_an_idle_ticket_is_yellow_and_says_how_much_time_has_gone_and_orange_once_overdue():
    finding = only(find("idle_half", IDLE, DONE, as_of="2025-06-10 17:30"))
    assert (finding["severity"], finding["measure"]) == ("黄", 75)
    assert finding["since"] == pd.Timestamp("2025-06-10 12:00")
    assert finding["evidence"] == (
        "2025-06-09 14:10转办，应于2025-06-11 12:00前回复，截至2025-06-10 17:30时限已过75%，没有签收、联系、回复、反馈记录"
    )
    overdue = only(find("idle_half", IDLE, DONE, as_of="2025-06-11 14:00"))
    assert overdue["severity"] == "橙"
    assert "截至2025-06-11 14:00已超期，" in overdue["evidence"]


LATER = "2025-06-10 17:30"


@pytest.mark.parametrize(
    "columns",
    [
        *[
            {name: "2025-06-10 17:30"}
            for name in ("signed_at", "first_contact_at", "replied_at", "fed_back_at")
        ],
        {"closed_at": "2025-06-10 17:30"},
        {"contacted": "是"},
        {"status": "作废"},
        {"platform_due_at": None},
        {"dispatched_at": None},
        {"dispatched_at": "2025-06-10 17:31"},
        {"received_at": None},
        {"platform_due_at": "2025-06-09 13:00"},
    ],
)
def test_a_ticket_touched_or_closed_or_void_or_of_unknown_time_is_not_idle(columns):
    assert find("idle_half", IDLE | columns, DONE, as_of=LATER).empty


def test_what_comes_after_as_of_does_not_make_up_for_idling():
    after = dict.fromkeys(["signed_at", "first_contact_at", "replied_at", "closed_at"], "2025-06-10 17:31")
    assert len(find("idle_half", IDLE | after, DONE, as_of=LATER)) == 1


@pytest.mark.parametrize(
    ("event", "count"),
    [("urged", 1), ("supervised", 1), ("received", 1), ("returned", 0), ("paused", 0), ("closed", 0)],
)
def test_any_event_of_the_log_is_an_action_but_for_urging_and_sending(event, count):
    log = [*send("甲乡", day=9), ("t0", event, "06-09 15:00", None)]
    assert len(find("idle_half", IDLE, DONE, log=log, as_of=LATER)) == count


def test_what_an_earlier_unit_did_is_no_action_of_the_present_one():
    log = [("t0", "dispatched", "06-09 08:40", "乙镇"), ("t0", "returned", "06-09 08:50", "乙镇")]
    log += [("t0", "redispatched", "06-09 14:10", "甲乡")]
    assert len(find("idle_half", IDLE, DONE, log=log, as_of=LATER)) == 1


def test_an_export_that_tells_neither_signing_nor_contact_cannot_tell_idling():
    tickets = schema.make_tickets(pd.DataFrame([IDLE | {"ticket_id": "a"}]))
    table = rules(clock(tickets, POLICY, AS_OF)).set_index("rule")
    assert table.loc["idle_half", "missing"] == "签收时间或先行联系时间"
    assert find("idle_half", IDLE, as_of=LATER).empty


# --- moved_by_urging -------------------------------------------------------------------------------

STILL = {
    "received_at": "2025-06-03 09:00",
    "dispatched_at": "2025-06-03 09:30",
}  # to be signed for by 06-04 17:30
URGED = ("t0", "urged", "06-05 09:00", None)


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ("signed", "签收"),
        ("first_contact", "联系诉求人"),
        ("returned", "退回"),
        ("replied", "回复"),
        ("fed_back", "反馈"),
        ("extension_requested", "申请延期"),
    ],
)
def test_a_first_action_after_the_first_urging_is_yellow_and_is_named(event, words):
    log = [URGED, ("t0", event, "06-06 10:00", "甲乡"), ("t0", "urged", "06-07 09:00", None)]
    finding = only(find("moved_by_urging", STILL, DONE, log=log))
    assert (finding["severity"], finding["measure"]) == ("黄", 2)
    assert finding["since"] == pd.Timestamp("2025-06-05 09:00")
    assert finding["evidence"] == (
        f"2025-06-03 09:30转办，2025-06-05 09:00首次催办（共催办2次），2025-06-06 10:00才{words}，此前没有动作"
    )


def test_no_action_at_all_though_urged_is_orange():
    later = ("t0", "signed", "06-10 12:01", "甲乡")
    finding = only(
        find("moved_by_urging", STILL | {"signed_at": "2025-06-10 12:01"}, DONE, log=[URGED, later])
    )
    said = f"2025-06-03 09:30转办，2025-06-05 09:00首次催办（共催办1次），截至{AS_OF}仍无动作"
    assert (finding["severity"], finding["evidence"]) == ("橙", said)


@pytest.mark.parametrize(
    ("columns", "log"),
    [
        ({}, [URGED, ("t0", "signed", "06-05 08:59", "甲乡")]),
        ({}, [URGED, ("t0", "signed", "06-05 09:00", "甲乡")]),
        ({}, [("t0", "urged", "06-10 12:01", None), ("t1", "urged", "06-05 09:00", None)]),
        ({}, [("t0", "urged", "06-03 10:00", None), ("t0", "signed", "06-04 17:30", "甲乡")]),
        ({"signed_at": "2025-06-04 10:00"}, [URGED]),
        ({"closed_at": "2025-06-04 10:00"}, [URGED]),
        ({"contacted": "是"}, [URGED]),
        ({"status": "作废"}, [URGED]),
        ({}, [URGED, ("t0", "paused", "06-04 08:59", None)]),
        ({}, [*send("乙镇", ticket="t0"), URGED, ("t0", "redispatched", "06-06 09:00", "甲乡")]),
    ],
)
def test_an_action_before_the_urging_or_within_the_signing_time_or_another_unit_s_urging_is_no_finding(
    columns, log
):
    assert find("moved_by_urging", STILL | columns, DONE, log=log).empty


def test_an_urging_within_the_signing_time_counts_once_that_time_is_over():
    tickets, log = [STILL, DONE], [("t0", "urged", "06-03 10:00", None)]
    assert find("moved_by_urging", *tickets, log=log, as_of="2025-06-04 17:30").empty
    assert len(find("moved_by_urging", *tickets, log=log, as_of="2025-06-04 17:31")) == 1


# --- urged_no_reply --------------------------------------------------------------------------------


def test_a_ticket_urged_twice_and_not_answered_is_red():
    ticket = STILL | {"urge_count": 2, "platform_due_at": "2025-06-09 17:30"}
    finding = only(find("urged_no_reply", ticket, DONE))
    said = f"已催办2次（达到2次即列入），应于2025-06-09 17:30前回复，截至{AS_OF}仍未回复"
    assert (finding["severity"], finding["measure"], finding["evidence"]) == ("红", 2, said)
    assert finding["since"] == pd.Timestamp("2025-06-03 09:30")


@pytest.mark.parametrize("count", [None, 0, 1])
def test_the_log_may_know_of_more_urging_than_the_export(count):
    log = [URGED, ("t0", "urged", "06-06 09:00", None), ("t0", "urged", "06-10 12:01", None)]
    finding = only(find("urged_no_reply", STILL | {"urge_count": count}, DONE, log=log))
    said = f"已催办2次（达到2次即列入），最近一次在2025-06-06 09:00，截至{AS_OF}仍未回复"
    assert (finding["measure"], finding["evidence"]) == (2, said)
    assert finding["since"] == pd.Timestamp("2025-06-05 09:00")


@pytest.mark.parametrize(
    "columns",
    [
        {"urge_count": 1},
        {"urge_count": None},
        {"urge_count": 2, "replied_at": AS_OF},
        {"urge_count": 2, "closed_at": AS_OF},
        {"urge_count": 2, "status": "撤单"},
    ],
)
def test_urged_once_or_answered_or_closed_or_void_is_no_finding(columns):
    assert find("urged_no_reply", STILL | columns, DONE).empty


def test_an_answer_after_as_of_has_not_come_and_the_number_is_the_policy_s():
    ticket = STILL | {"urge_count": 2, "replied_at": "2025-06-10 12:01"}
    assert len(find("urged_no_reply", ticket, DONE)) == 1
    assert find("urged_no_reply", ticket, DONE, urged_count=3).empty


# --- all -------------------------------------------------------------------------------------------


def test_an_empty_table_and_a_log_of_other_tickets_have_no_findings():
    log = make_log(URGED)
    assert flag(clock(schema.make_tickets({}), POLICY, AS_OF, log), POLICY, log).empty
