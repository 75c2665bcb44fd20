"""Rules about passing tickets on, by ticket, topic and dispatching."""

import pandas as pd
import pytest
from cases.rules import AS_OF, POLICY, find, make_log, only, send
from oracles.passing import ORACLE

from toolkit import clock, flag, rules, schema

FOUNDED = "根据《某县权责清单》，属乙镇职责"


# --- many_units ------------------------------------------------------------------------------------


def test_a_ticket_sent_to_three_units_in_turn_is_red_while_open_and_orange_once_answered_or_closed():
    log = send("甲乡", "乙镇", "丙局")
    finding = only(find("many_units", {}, log=log))
    said = "先后3次派给不同单位：甲乡、乙镇、丙局（达到3家即列入）"
    assert (finding["severity"], finding["measure"]) == ("红", 3)
    assert finding["evidence"] == f"{said}，截至{AS_OF}仍未办结"
    assert finding["since"] == pd.Timestamp("2025-06-04 09:00")
    answered = only(find("many_units", {"replied_at": "2025-06-05 10:00"}, log=log))
    assert (answered["severity"], answered["evidence"]) == ("橙", f"{said}，2025-06-05 10:00回复")
    closed = only(find("many_units", {"closed_at": "2025-06-05 10:00"}, {"replied_at": AS_OF}, log=log))
    assert (closed["severity"], closed["evidence"]) == ("橙", f"{said}，2025-06-05 10:00办结")


@pytest.mark.parametrize(
    "log",
    [
        send("甲乡", "乙镇"),
        send("甲乡", "乙镇", "甲乡", "乙镇"),
        send("甲乡", "乙镇", None),
        [("t0", "dispatched", "06-02 09:00", unit) for unit in ("甲乡", "乙镇", "丙局")],
        [*send("甲乡", "乙镇"), ("t0", "redispatched", "06-10 12:01", "丙局")],
        [*send("甲乡", "乙镇"), ("t0", "signed", "06-05 09:00", "丙局")],
        [*send("甲乡", "乙镇"), ("elsewhere", "redispatched", "06-05 09:00", "丙局")],
    ],
)
def test_two_units_or_several_at_one_moment_or_an_unnamed_or_later_one_are_not_many(log):
    assert find("many_units", {}, log=log).empty


def test_a_void_ticket_is_not_said_to_wander_and_the_number_of_units_is_the_policy_s():
    assert find("many_units", {"status": "作废"}, {}, log=send("甲乡", "乙镇", "丙局")).empty
    assert len(find("many_units", {}, log=send("甲乡", "乙镇"), many_units_count=2)) == 1


def test_a_log_in_disorder_is_read_in_the_order_of_time():
    log = [*send("甲乡", "乙镇", "丙局", ticket="t1"), *send("乙镇", "丙局", "甲乡")][::-1]
    findings = find("many_units", {}, {}, log=log).sort_values("ticket_id")
    assert findings["evidence"].str[10:18].tolist() == ["：乙镇、丙局、甲", "：甲乡、乙镇、丙"]


# --- ping_pong -------------------------------------------------------------------------------------


def test_a_ticket_sent_back_to_where_it_came_from_is_orange_and_says_when_it_was_where():
    finding = only(find("ping_pong", {}, log=send("甲乡", "乙镇", "甲乡")))
    said = "2025-06-02 09:00派给甲乡，2025-06-03 09:00改派乙镇，2025-06-04 09:00又派回甲乡"
    assert (finding["severity"], finding["measure"], finding["evidence"]) == ("橙", 1, said)
    again = only(find("ping_pong", {}, log=send("甲乡", "乙镇", "甲乡", "乙镇")))
    assert again["evidence"] == f"{said}，前后共来回2次"


@pytest.mark.parametrize(
    "log",
    [
        send("甲乡", "乙镇", "丙局"),
        send("甲乡", "甲乡", "甲乡"),
        send("甲乡", None, "甲乡"),
        send("甲乡", "乙镇", "丙局", "甲乡"),
        [*send("甲乡", "乙镇"), ("t0", "redispatched", "06-03 09:00", "甲乡")],
        [*send("甲乡", "乙镇"), ("t0", "redispatched", "06-10 12:01", "甲乡")],
        [*send("甲乡", "乙镇"), *send("甲乡", ticket="t1", day=5)],
    ],
)
def test_sent_on_or_again_or_to_an_unnamed_unit_or_at_one_moment_is_not_to_and_fro(log):
    assert find("ping_pong", {}, {}, log=log).empty


# --- returned_late ---------------------------------------------------------------------------------

SENT = {
    "dispatched_at": "2025-06-03 10:00",
    "platform_due_at": "2025-06-09 10:30",
}  # to return by 06-04 17:30


@pytest.mark.parametrize(
    ("at", "severity", "days", "words"),
    [
        ("06-04 17:31", "黄", 0, "，超过退回截止时间2025-06-04 17:30"),
        ("06-06 09:00", "黄", 2, "，超过退回截止时间2025-06-04 17:30"),
        ("06-09 00:00", "橙", 3, "，超过退回截止时间2025-06-04 17:30，在答复截止（2025-06-09 10:30）当日"),
        ("06-10 09:00", "橙", 4, "，超过退回截止时间2025-06-04 17:30，已过答复截止时间2025-06-09 10:30"),
    ],
)
def test_a_return_after_its_time_is_yellow_and_on_the_day_the_reply_is_due_orange(at, severity, days, words):
    finding = only(find("returned_late", SENT, log=[("t0", "returned", at, "甲乡")]))
    assert (finding["severity"], finding["measure"]) == (severity, days)
    assert finding["evidence"] == f"甲乡于2025-{at}退回{words}"


@pytest.mark.parametrize(
    ("ticket", "event"),
    [
        (SENT, ("t0", "returned", "06-04 17:30", "甲乡")),
        (SENT, ("t0", "returned", "06-10 12:01", "甲乡")),
        (SENT, ("t0", "replied", "06-06 09:00", "甲乡")),
        (SENT, ("t0", "returned", "06-06 09:00", "乙镇")),
        (SENT | {"replied_at": "2025-06-05 09:00"}, ("t0", "returned", "06-06 09:00", "甲乡")),
        (SENT | {"status": "撤单"}, ("t0", "returned", "06-06 09:00", "甲乡")),
        ({"platform_due_at": "2025-06-09 10:30"}, ("t0", "returned", "06-06 09:00", "甲乡")),
    ],
)
def test_a_return_in_time_or_by_another_unit_or_after_the_answer_or_without_a_known_time_is_not_late(
    ticket, event
):
    assert find("returned_late", ticket, {"replied_at": "2025-06-03 09:00"}, log=[event]).empty


def test_a_last_day_return_needs_no_time_for_returning_and_an_unnamed_return_only_one_unit():
    ticket = {"platform_due_at": "2025-06-09 10:30"}
    event = ("t0", "returned", "06-09 09:00", None)
    finding = only(find("returned_late", ticket, log=[event]))
    assert finding["evidence"] == "2025-06-09 09:00退回，在答复截止（2025-06-09 10:30）当日"
    assert pd.isna(finding["measure"])
    assert find("returned_late", ticket, log=[*send("甲乡", "乙镇"), event]).empty


def test_a_unit_that_got_the_ticket_later_is_measured_by_its_own_time_for_returning():
    log = [*send("乙镇", "甲乡", day=3), ("t0", "returned", "06-05 17:00", "甲乡")]
    assert find("returned_late", SENT, log=log).empty


# --- returned_unfounded ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "severity", "words"),
    [
        (None, "黄", "没有原因"),
        ("不属于本单位职责", "蓝", "没有依据，没有写明已与哪家单位沟通；退回原因：不属于本单位职责"),
    ],
)
def test_a_return_without_a_reason_is_yellow_and_without_basis_and_receiver_blue(reason, severity, words):
    tickets = [{"return_count": 1, "return_reason": reason}, {"return_count": 1, "return_reason": FOUNDED}]
    finding = only(find("returned_unfounded", *tickets))
    assert (finding["severity"], finding["evidence"]) == (severity, f"已退回1次，{words}")


@pytest.mark.parametrize(
    ("reason", "count"),
    [
        *[
            (reason, 1)
            for reason in (
                "非我局职责范围，请转乙镇",
                "建议与乙镇沟通",
                "未与乙镇沟通，请改派",
                "已与来电人沟通，不归我局管",
                "乙镇不同意接收，退回",
                "派错了",
            )
        ],
        *[
            (reason, 0)
            for reason in (
                FOUNDED,
                "按三定方案属乙镇职责",
                "不属于本单位职责，属乙镇职责",
                "不在权责清单规定的我局职责内",
                "不归我局管，已与乙镇沟通一致",
                "经与乙镇协商，由乙镇办理",
                "派错了，乙镇同意接收",
                "见附件",
            )
        ],
    ],
)
def test_a_basis_is_a_document_or_whose_duty_it_is_and_a_receiver_is_one_already_spoken_with(reason, count):
    assert len(find("returned_unfounded", {"return_count": 1, "return_reason": reason})) == count


@pytest.mark.parametrize(
    "ticket",
    [
        {"return_count": 0, "return_reason": "不属于本单位职责"},
        {"return_count": None, "return_reason": "不属于本单位职责"},
        {"return_count": 1, "return_reason": "派错了", "status": "并单"},
        {"return_count": 1, "return_reason": None, "source_file": "2023.xlsx"},
    ],
)
def test_no_known_return_or_a_void_one_or_a_file_that_tells_no_reasons_is_no_finding(ticket):
    told = {"return_count": 1, "return_reason": FOUNDED, "source_file": "2024.xlsx"}
    assert find("returned_unfounded", ticket, told).empty


def test_an_export_without_reasons_leaves_the_rule_unevaluated_and_it_asks_for_review():
    tickets = schema.make_tickets({"ticket_id": ["a"], "return_count": [1]})
    entry = rules(clock(tickets, POLICY, AS_OF)).set_index("rule").loc["returned_unfounded"]
    assert (entry["evaluated"], entry["missing"], entry["asks_review"]) == (False, "退回原因", True)


# --- contested_topic -------------------------------------------------------------------------------

WATER = {"category": "城乡建设/供水"}


def give_back(*units):
    """Each ticket returned by one unit."""
    return [(f"t{number}", "returned", f"06-03 09:0{number}", unit) for number, unit in enumerate(units)]


def test_a_topic_that_three_units_returned_is_contested_and_rests_on_the_returned_tickets():
    log = give_back("甲乡", "乙镇", "甲乡", "丙局", "甲乡")
    finding = only(find("contested_topic", *([WATER] * 6), log=log))
    assert (finding["unit"], finding["severity"], finding["measure"]) == ("专题：城乡建设/供水", "黄", 3)
    assert finding["evidence"] == "本类问题有5件被退回，退回的有3家单位：甲乡3件、丙局1件、乙镇1件"
    assert finding["rests_on"] == ["t0", "t1", "t2", "t3", "t4"]
    assert finding["since"] == pd.Timestamp("2025-06-03 09:00") and pd.isna(finding["ticket_id"])


@pytest.mark.parametrize(
    ("tickets", "log"),
    [
        ([WATER] * 5, give_back("甲乡", "乙镇", "丙局", "甲乡")),
        ([WATER] * 5, give_back("甲乡", "乙镇", "甲乡", "甲乡", "乙镇")),
        ([WATER] * 5, give_back("甲乡", "乙镇", None, "甲乡", "丙局")),
        ([{"category": None}] * 5 + [WATER], give_back("甲乡", "乙镇", "丙局", "甲乡", "甲乡")),
        ([WATER] * 4 + [WATER | {"status": "作废"}], give_back("甲乡", "乙镇", "丙局", "甲乡", "甲乡")),
        (
            [WATER] * 5,
            [*give_back("甲乡", "乙镇", "丙局", "甲乡"), ("t4", "returned", "06-10 12:01", "甲乡")],
        ),
        (
            [WATER] * 5,
            [*give_back("甲乡", "乙镇", "丙局", "甲乡"), ("t3", "returned", "06-04 09:00", "乙镇")],
        ),
    ],
)
def test_too_few_tickets_or_units_or_none_named_is_not_contested(tickets, log):
    assert find("contested_topic", *tickets, log=log).empty


# --- no_owner --------------------------------------------------------------------------------------


def send_all(wandering, count):
    """As many tickets sent out, the first of them to two units in turn."""
    stays = [("甲乡", "乙镇") if number < wandering else ("甲乡",) for number in range(count)]
    return [event for number, units in enumerate(stays) for event in send(*units, ticket=f"t{number}")]


def test_a_topic_three_tenths_of_which_go_from_unit_to_unit_has_no_owner():
    finding = only(find("no_owner", *([WATER] * 10), log=send_all(3, 10)))
    assert (finding["unit"], finding["severity"], finding["measure"]) == ("专题：城乡建设/供水", "橙", 0.3)
    said = "本类问题派出10件，3件先后派给两家以上单位，占30.0%（3/10），涉及2家单位"
    assert (finding["evidence"], finding["rests_on"]) == (said, ["t0", "t1", "t2"])
    assert finding["since"] == pd.Timestamp("2025-06-03 09:00")


@pytest.mark.parametrize(
    ("tickets", "log"),
    [
        ([WATER] * 10, send_all(2, 10)),
        ([WATER] * 4, send_all(4, 4)),
        ([WATER] * 5, send_all(4, 4)),
        ([{"category": None}] * 5 + [WATER], send_all(5, 5)),
        ([WATER | {"status": "作废"}] * 5, send_all(5, 5)),
        (
            [WATER] * 5,
            [
                (f"t{number}", "dispatched", "06-02 09:00", unit)
                for number in range(5)
                for unit in ("甲乡", "乙镇")
            ],
        ),
    ],
)
def test_a_topic_with_few_tickets_sent_or_few_of_them_sent_on_has_an_owner(tickets, log):
    assert find("no_owner", *tickets, log=log).empty


# --- misdirected -----------------------------------------------------------------------------------


def return_all(accepted, count, unit="甲乡"):
    """As many tickets returned, the first of them sent to another unit, the others to the same again."""
    for number in range(count):
        ticket = f"t{number}"
        yield from send(unit, ticket=ticket)
        yield ticket, "returned", "06-03 08:00", unit
        yield ticket, "redispatched", "06-03 10:00", "丙局" if number < accepted else unit


def test_returns_that_were_mostly_accepted_point_to_the_dispatching_not_to_the_unit():
    finding = only(find("misdirected", *([{}] * 10), log=[*return_all(8, 10)]))
    assert (finding["unit"], finding["severity"], finding["measure"]) == ("派单：甲乡", "蓝", 0.8)
    assert finding["evidence"] == (
        "退回10次，8次随后改派他家，占80.0%（8/10），全县为80.0%；多系派单不准，宜核对派单，不宜计入该单位退单"
    )
    assert finding["rests_on"] == [f"t{number}" for number in range(8)]


@pytest.mark.parametrize(
    ("tickets", "log"),
    [
        ([{}] * 10, [*return_all(7, 10)]),
        ([{}] * 9, [*return_all(9, 9)]),
        ([{"status": "作废"}] * 10, [*return_all(10, 10)]),
        ([{}] * 9, [*return_all(9, 9), *[("t0", "returned", "06-03 08:30", "甲乡")]]),
        ([{}] * 10, [row if row[1] != "returned" else (*row[:3], None) for row in return_all(10, 10)]),
        ([{}] * 10, [row for row in return_all(10, 10) if row[2] != "06-03 10:00"]),
    ],
)
def test_few_returns_or_few_accepted_or_asked_and_granted_as_two_do_not_point_to_the_dispatching(
    tickets, log
):
    assert find("misdirected", *tickets, log=log).empty


# --- all -------------------------------------------------------------------------------------------


def test_an_empty_table_and_a_log_of_other_tickets_have_no_findings():
    log = make_log(*return_all(10, 10))
    clocked = clock(schema.make_tickets({}), POLICY, AS_OF, log)
    assert flag(clocked, POLICY, log).empty


def test_without_a_log_the_rules_that_rest_on_it_are_named_as_not_evaluated():
    tickets = schema.make_tickets({"ticket_id": ["a"], "platform_due_at": [AS_OF], "category": ["供水"]})
    table = rules(clock(tickets, POLICY, AS_OF)).set_index("rule")
    for code in ORACLE.keys() - {"returned_unfounded"}:
        assert table.loc[code, "missing"] == "流转记录"
