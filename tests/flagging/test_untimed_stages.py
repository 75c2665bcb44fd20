"""A stage that has come at a time that cannot be read has come: no rule says that it has not."""

import pandas as pd
import pytest
from cases.rules import AS_OF, POLICY, make_log

from toolkit import clock, flag, schema
from toolkit.presenting.exploring.stages import find_stage

SENT = {
    "received_at": "2025-05-26 09:00",
    "dispatched_at": "2025-05-26 10:00",
    "platform_due_at": "2025-06-06 17:30",
}
ALL_DONE = SENT | {  # beside the others, so that the export fills its columns
    **{"signed_at": "2025-05-26 10:30", "first_contact_at": "2025-05-26 11:00", "contacted": "是"},
    **{"replied_at": "2025-05-27 09:00", "fed_back_at": "2025-05-27 10:00"},
    **{"closed_at": "2025-05-28 09:00", "visited_at": "2025-05-29 09:00", "visit_connected": "是"},
}
REPLIED = SENT | {"replied_at": "2025-05-29 09:00"}
URGED = [("t0", "urged", "06-05 09:00", None)]
CASES = {  # a rule, a ticket it finds, and the stages of which any excuses the ticket, were its time unreadable
    "signed_late": (REPLIED, ["signed_at"]),
    "contact_missed": (REPLIED, ["first_contact_at"]),
    "idle_half": (SENT, ["signed_at", "first_contact_at", "replied_at", "fed_back_at", "closed_at"]),
    "moved_by_urging": (SENT, ["signed_at", "first_contact_at", "replied_at", "fed_back_at", "closed_at"]),
    "urged_no_reply": (SENT | {"urge_count": 2}, ["replied_at", "fed_back_at", "visited_at", "closed_at"]),
    "overdue_open": (SENT, ["replied_at", "fed_back_at", "visited_at", "closed_at"]),
    "status_at_odds": (SENT | {"status": "已办结"}, ["closed_at", "replied_at"]),
    "not_fed_back": (REPLIED, ["fed_back_at", "visited_at", "closed_at"]),
    "satisfied_without_call": (REPLIED | {"satisfaction": "满意"}, ["visited_at"]),
    "callback_too_early": (
        SENT | {"visited_at": "2025-05-29 09:00"},
        ["replied_at", "fed_back_at", "closed_at"],
    ),
    "not_contacted": (REPLIED | {"contacted": "否"}, ["first_contact_at"]),
}
CONTACTS = POLICY | {"contact_limits": [{"working_days": 1}]}
PAIRS = [(rule, stage) for rule, (_, stages) in CASES.items() for stage in stages]


def find_of_first(rule, ticket):
    """The findings about the ticket, beside one of which every stage is known."""
    rows = [
        {"ticket_id": f"t{number}", "unit": "甲乡"} | row for number, row in enumerate([ticket, ALL_DONE])
    ]
    log, tickets = make_log(*URGED), schema.make_tickets(pd.DataFrame(rows))
    found = flag(clock(tickets, CONTACTS, AS_OF, log), CONTACTS, log, only=[rule])
    return found[found["ticket_id"].eq("t0")]


@pytest.mark.parametrize("rule", CASES)
def test_where_nothing_stands_under_the_stage_the_rule_finds_the_ticket(rule):
    assert len(find_of_first(rule, CASES[rule][0])) == 1


@pytest.mark.parametrize(("rule", "stage"), PAIRS)
def test_where_the_stage_has_come_at_a_time_that_cannot_be_read_the_rule_finds_nothing(rule, stage):
    assert find_of_first(rule, CASES[rule][0] | {"untimed": schema.label(stage)}).empty


@pytest.mark.parametrize(
    ("untimed", "said"), [(None, "没有回访时间"), ("先行联系时间、回访时间", "回访时间无法识别")]
)
def test_a_refused_call_back_says_whether_its_time_is_missing_or_cannot_be_read(untimed, said):
    ticket = REPLIED | {"satisfaction": "满意", "visit_connected": "否", "untimed": untimed}
    assert (
        find_of_first("satisfied_without_call", ticket)
        .iloc[0]["evidence"]
        .endswith(f"{said}，回访接通记为“否”")
    )
    by_default = find_of_first("default_satisfied", ticket | {"satisfaction": "默认满意"}).iloc[0]
    assert by_default["evidence"].endswith(said)


def test_an_unreadable_closing_is_not_held_against_a_ticket_that_is_not_solved():
    ticket = REPLIED | {"resolved": "未解决", "untimed": "办结时间"}
    assert find_of_first("closed_unresolved", ticket).empty
    assert len(find_of_first("closed_unresolved", ticket | {"status": "已办结"})) == 1


@pytest.mark.parametrize(
    ("stage", "word"),
    [
        *[("signed_at", "待联系或办理中"), ("first_contact_at", "待联系或办理中"), ("replied_at", "已回复")],
        *[("fed_back_at", "已回复"), ("visited_at", "已回访"), ("closed_at", "已办结"), (None, "待签收")],
    ],
)
def test_the_stage_shown_counts_what_has_come_at_a_time_that_cannot_be_read(stage, word):
    rows = [SENT | {"untimed": stage and schema.label(stage)}, ALL_DONE]
    rows = pd.DataFrame([{"ticket_id": f"t{number}"} | row for number, row in enumerate(rows)])
    clocked = clock(schema.make_tickets(rows), "county_default", "2025-06-10 12:00")
    assert find_stage(clocked).iloc[0] == word
