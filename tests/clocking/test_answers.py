"""What a record says about the answer to a ticket, and what it does not say: nobody is late for want of a time."""

import pandas as pd
import pytest
from cases.log import list_events
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from toolkit import clock, flag, schema, score
from toolkit.clocking.due_notes import list_doubts
from toolkit.clocking.explain import explain_due
from toolkit.errors import ParameterError
from toolkit.scoring.stage_times import mark_stages, time_stages
from toolkit.scoring.tally import tally

AS_OF = "2025-12-31"
RECEIVED = {"received_at": "2025-03-03 09:00", "unit": "甲镇"}  # due 2025-03-10 17:30
KNOWN = {
    "ticket_id": "b",
    "received_at": "2025-03-03 09:00",
    "unit": "甲镇",
    "replied_at": "2025-03-04 09:00",
}
POLICY = {"name": "试行办法", "source": "测试", "rework_limits": [{"working_days": 5}]}


def clock_one(log=None, as_of=AS_OF, policy=POLICY, **columns):
    """The first ticket of a table whose other ticket has a reply time, clocked."""
    return clock_two(log, as_of, policy, **columns).iloc[0]


def clock_two(log=None, as_of=AS_OF, policy=POLICY, **columns):
    tickets = schema.make_tickets(pd.DataFrame([{"ticket_id": "a"} | RECEIVED | columns, KNOWN]))
    return clock(tickets, policy, as_of, None if log is None else list_events("a", log))


# --- answered, and no time says when ---------------------------------------------------------------


@pytest.mark.parametrize(
    "columns",
    [
        {"reply": "路灯已于3月6日修好，并电话告知来电人"},
        *({"status": status} for status in schema.ANSWERED_STATUSES),
        {"closed_at": "2025-03-20 09:00"},
        {"fed_back_at": "2025-03-20 09:00"},
        {"visited_at": "2025-03-20 09:00"},
        {"replied_at": "2025-03-02 10:00"},  # before receipt
        {"replied_at": "2024-03-06 10:00"},
    ],
)
def test_what_was_answered_at_an_unknown_time_is_neither_in_time_nor_late_nor_waiting(columns):
    clocked = clock_two(**columns)
    one = clocked.iloc[0]
    assert (one["due_state"], one["answered"]) == (schema.UNTIMED, "是")
    assert one[["answered_at", "overdue_days", "left_days", "warning", "handling_days"]].isna().all()
    assert not schema.is_open(clocked).any()
    assert (
        set(flag(clocked, POLICY)["rule"]) & {"overdue_open", "replied_late", "due_soon", "idle_half"}
        == set()
    )
    assert list_doubts(clocked, POLICY)["check"].tolist() == ["已答复、时间不明"]


@pytest.mark.parametrize(
    ("columns", "note"),
    [
        ({"closed_at": "2025-03-10 17:30"}, "回复时间未填；回复不晚于办结时间"),
        ({"fed_back_at": "2025-03-06 09:00", "closed_at": "2025-04-01"}, "回复时间未填；回复不晚于反馈时间"),
        (
            {"replied_at": "2025-03-02 10:00", "closed_at": "2025-03-06 09:00"},
            "回复时间早于受理，不采用；回复不晚于办结时间",
        ),
    ],
)
def test_what_a_later_stage_shows_to_have_come_before_the_due_time_is_in_time_and_the_note_says_why(
    columns, note
):
    one = clock_one(**columns)
    assert (one["due_state"], one["due_note"]) == (schema.ON_TIME, note)
    assert pd.isna(one["answered_at"]) and one["answered_until"] <= one["due_at"]


@pytest.mark.parametrize(
    "columns",
    [
        {},
        {"status": "办理中"},
        {"reply": "无"},
        {"reply": " 正在办理。"},
        {"status": "已退回", "reply": "不属我单位"},
        {"replied_at": "1900-01-01"},
        {"replied_at": "1970-01-01 08:00"},
        {"closed_at": "2025-03-02"},  # before receipt, and it says nothing
    ],
)
def test_where_nothing_says_that_it_was_answered_it_is_overdue(columns):
    assert clock_one(**columns)["due_state"] == schema.OVERDUE


def test_a_reply_after_as_of_has_not_come_whatever_the_texts_of_today_say():
    one = clock_one(as_of="2025-03-20", replied_at="2025-03-25", reply="已修好", status="已办结")
    assert (one["due_state"], one["answered"]) == (schema.OVERDUE, "否")


def test_the_logs_own_reply_will_do_where_the_export_has_no_time():
    one = clock_one([("replied", "2025-03-05 09:00")], status="已办结")
    assert (one["due_state"], one["answered_at"]) == (schema.ON_TIME, pd.Timestamp("2025-03-05 09:00"))


def test_a_bare_date_on_the_day_of_receipt_is_not_before_it():
    assert clock_one(replied_at="2025-03-03")["due_state"] == schema.ON_TIME


def test_the_unknown_is_in_no_numerator_and_has_a_rate_of_its_own():
    rates = score(clock_two(status="已办结")).set_index(["unit", "metric"])
    counts = rates.loc["甲镇", ["numerator", "denominator"]].astype(float)
    assert counts.loc["按期回复率（÷受理）"].tolist() == [1, 2]
    assert counts.loc["按期回复率（÷能判定）"].tolist() == [1, 1]
    assert counts.loc["时间不明率（÷受理）"].tolist() == [1, 2]
    assert counts.loc["超期率（÷受理）"].tolist() == [0, 2]
    assert counts.loc["回复率（÷受理）"].tolist() == [2, 2]


# --- closed, merged, rejected ----------------------------------------------------------------------


@pytest.mark.parametrize("status", schema.VOID_STATUSES)
def test_what_was_merged_repeated_rejected_or_void_is_not_judged_and_the_note_says_by_which_word(status):
    one = clock_one(status=status)
    assert (one["due_state"], one["due_note"]) == (schema.VOID, f"状态为{status}，不予评判")


def test_what_was_shut_with_no_sign_of_an_answer_is_not_judged_and_listed_for_a_look():
    clocked = clock_two(status="已关闭")
    assert clocked.loc[0, "due_state"] == schema.SHUT
    found = flag(clocked, POLICY, only=["status_at_odds", "overdue_open"])
    assert found["evidence"].tolist() == ["状态为“已关闭”，没有答复记录，请核实关闭的原因"]
    assert clock_one(status="已关闭", reply="已修好")["due_state"] == schema.UNTIMED
    assert clock_one(status="已关闭", replied_at="2025-03-05")["due_state"] == schema.ON_TIME


# --- pauses ----------------------------------------------------------------------------------------


def test_a_pause_ends_with_the_reply_at_the_latest_and_the_note_says_that_nobody_ended_it():
    log = [
        ("dispatched", "2025-03-03 10:00"),
        ("paused", "2025-03-05 08:00"),
        ("replied", "2025-06-20 10:00"),
    ]
    one = [clock_one(log, as_of, replied_at="2025-06-20 10:00") for as_of in ("2025-06-20 10:00", AS_OF)]
    assert {row["due_at"] for row in one} == {pd.Timestamp("2025-06-25 17:30")}
    assert {row["due_note"] for row in one} == {"挂账未见恢复，计至答复、办结或改派"}


def test_passing_on_ends_a_pause():
    log = [("dispatched", "2025-03-03 10:00", "乙局"), ("paused", "2025-03-04 08:00", "乙局")]
    ends = [("resumed", "2025-03-10 18:00", "乙局")], []
    passed = [[*log, *end, ("redispatched", "2025-03-11 09:00", "甲镇")] for end in ends]
    resumed, unseen = (clock_one(log) for log in passed)
    assert resumed["due_at"] == unseen["due_at"] == pd.Timestamp("2025-03-18 17:30")
    assert resumed["due_state"] == unseen["due_state"] == schema.OVERDUE
    assert pd.isna(resumed["due_note"]) and "挂账未见恢复" in unseen["due_note"]


@pytest.mark.parametrize(
    ("log", "replied", "state", "days"),
    [
        ([("paused", "2025-03-14 08:00")], None, schema.OVERDUE, 3),
        (
            [("paused", "2025-03-14 08:00"), ("resumed", "2025-03-27 18:00")],
            "2025-03-28 09:00",
            schema.LATE,
            4,
        ),
    ],
)
def test_after_the_due_time_lateness_stands_still_in_a_pause_and_all_say_the_same(log, replied, state, days):
    clocked = clock_two(log, replied_at=replied)
    one, events = clocked.iloc[0], list_events("a", log)
    assert (one["due_state"], one["overdue_days"]) == (state, days)
    finding = flag(clocked, POLICY, events, only=["overdue_open", "replied_late"]).iloc[0]
    assert f"超期{days}个工作日（" in finding["evidence"] and finding["measure"] == days
    assert "截止后挂账" in one["due_note"] and f"超期{days}个工作日" in explain_due(one, POLICY, events)


# --- the second round ------------------------------------------------------------------------------

ROUNDS = [
    ("dispatched", "2025-03-03 10:00"),
    ("replied", "2025-03-06 10:00"),
    ("reworked", "2025-03-14 09:00"),
]


@pytest.mark.parametrize(
    ("replied", "state", "days"),
    [
        ("2025-03-20 10:00", schema.ON_TIME, None),
        ("2025-03-25 10:00", schema.LATE, 2),
        (None, schema.OVERDUE, 195),
    ],
)
def test_both_rounds_are_judged_the_second_from_its_rework_on(replied, state, days):
    log = ROUNDS + ([("replied", replied)] if replied else [])
    one = clock_one(
        log, replied_at=replied or "2025-03-06 10:00", rework_count=1, status=None if replied else "重办"
    )
    assert (one["due_state"], one["answered_at"]) == (schema.ON_TIME, pd.Timestamp("2025-03-06 10:00"))
    assert (one["rework_due_at"], one["rework_state"]) == (pd.Timestamp("2025-03-21 17:30"), state)
    assert pd.isna(one["rework_overdue_days"]) if days is None else one["rework_overdue_days"] == days


def test_who_waits_in_the_second_round_is_listed_and_is_not_called_unanswered_in_the_first():
    clocked = clock_two(ROUNDS, replied_at="2025-03-06 10:00", status="重办")
    events = list_events("a", ROUNDS)
    found = flag(clocked, POLICY, events, only=["rework_open", "overdue_open"])
    said = (
        "2025-03-14 09:00发回重办，应于2025-03-21 17:30前回复，截至2025-12-31 23:59未回复，已超期195个工作日"
    )
    assert found[["rule", "evidence"]].to_numpy().tolist() == [["rework_open", said]]
    assert schema.is_open_again(clocked).tolist() == [True, False]


def test_without_a_limit_for_the_second_round_who_waits_is_listed_and_nobody_is_late():
    policy = {"name": "试行办法", "source": "测试"}
    clocked = clock_two(ROUNDS, policy=policy, replied_at="2025-03-06 10:00", status="重办")
    assert clocked.loc[0, "rework_state"] == schema.NO_DUE
    assert flag(clocked, policy, list_events("a", ROUNDS), only=["rework_open"])["severity"].tolist() == [
        "蓝"
    ]


def test_a_late_reply_of_a_ticket_done_again_without_a_log_may_be_of_either_round():
    assert clock_one(replied_at="2025-03-20", rework_count=1)["due_state"] == schema.UNTIMED
    assert clock_one(replied_at="2025-03-05", rework_count=1)["due_state"] == schema.ON_TIME


# --- whose rule it was -----------------------------------------------------------------------------


def test_a_ticket_older_than_the_policy_is_marked_and_counted():
    policy = POLICY | {"valid_from": "2025-07-01"}
    clocked = clock_two(policy=policy)
    assert clocked["due_note"].tolist() == ["受理早于本办法施行日期"] * 2
    assert list_doubts(clocked, policy)["check"].tolist() == ["受理早于本办法施行日期"] * 2
    evidence = flag(clocked, policy, only=["overdue_open"])["evidence"].item()
    assert evidence.endswith("（受理早于本办法施行日期）")


def test_of_several_policies_the_one_in_force_at_receipt_judges():
    old = POLICY | {"valid_from": "2020-01-01", "reply_limits": [{"working_days": 1}]}
    new = POLICY | {"valid_from": "2025-03-04", "reply_limits": [{"working_days": 10}]}
    received = ["2025-03-04 00:00", "2025-03-03 23:59", "2019-12-31 09:00", None]
    tickets = schema.make_tickets({"ticket_id": list("abcd"), "received_at": received}).set_axis([7, 5, 3, 1])
    clocked = clock(tickets, [new, old], AS_OF)
    due = clocked["due_at"].dt.strftime("%m-%d").fillna("").tolist()
    assert (due, clocked.index.tolist()) == (["03-18", "03-04", "01-02", ""], [7, 5, 3, 1])
    assert clocked["due_note"].fillna("").tolist() == ["", "", "受理早于本办法施行日期", ""]


@pytest.mark.parametrize(
    "step",
    [lambda t: flag(t, POLICY), score, tally, time_stages, mark_stages],
    ids=lambda step: step.__name__,
)
def test_tickets_that_were_not_clocked_are_refused_by_name(step):
    with pytest.raises(ParameterError, match=r"were not clocked: give toolkit\.clock"):
        step(schema.make_tickets(pd.DataFrame([KNOWN])))


# --- what holds for every ticket -------------------------------------------------------------------

STAGES = ["replied_at", "fed_back_at", "visited_at", "closed_at"]
HOURS = st.lists(st.one_of(st.none(), st.integers(0, 24 * 20)), min_size=4, max_size=4)


def orderly(hours):
    """The stages in their order, each so many hours after the one before; some missing."""
    at, times = pd.Timestamp("2025-03-03 09:00"), {}
    for stage, step in zip(STAGES, hours, strict=True):
        at += pd.Timedelta(hours=step or 0)
        times[stage] = None if step is None else at
    return times


@examples(16)
@given(HOURS, st.sampled_from(STAGES), st.sampled_from([None, "2025-03-02 09:00", "1970-01-01"]))
def test_no_verdict_moves_to_in_time_by_blanking_or_spoiling_a_time(hours, stage, spoilt):
    times = orderly(hours)
    before, after = (clock_one(**columns)["due_state"] for columns in (times, times | {stage: spoilt}))
    assert after != schema.ON_TIME or before == schema.ON_TIME


PAUSES = st.lists(st.tuples(st.sampled_from(["paused", "resumed"]), st.integers(0, 24 * 30)), max_size=5)


@examples(12)
@given(PAUSES, st.integers(0, 24 * 30), st.integers(0, 24 * 60))
def test_the_due_time_of_an_answered_ticket_does_not_depend_on_as_of(pauses, replied, later):
    received = pd.Timestamp("2025-03-03 09:00")
    log = sorted(
        ((event, received + pd.Timedelta(hours=hours)) for event, hours in pauses), key=lambda e: e[1]
    )
    replied = received + pd.Timedelta(hours=replied)
    found = [
        clock_one(log, as_of, replied_at=replied) for as_of in (replied, replied + pd.Timedelta(hours=later))
    ]
    assert len({row["due_at"] for row in found}) == 1
    assert len({row["due_state"] for row in found}) == 1


@examples(12)
@given(
    PAUSES, st.integers(1, 20), st.integers(0, 5), st.sampled_from(["working_days", "calendar_days", "hours"])
)
def test_a_due_time_never_moves_back_when_the_limit_grows(pauses, amount, more, unit):
    received = pd.Timestamp("2025-03-03 09:00")
    log = sorted(
        ((event, received + pd.Timedelta(hours=hours)) for event, hours in pauses), key=lambda e: e[1]
    )
    due = [
        clock_one(log, policy=POLICY | {"reply_limits": [{unit: n}]})["due_at"]
        for n in (amount, amount + more)
    ]
    assert due[0] <= due[1]
