"""What a flow log tells: which unit held a ticket how long."""

import pandas as pd
import pytest
from cases.log import list_events
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from toolkit import clock, schema
from toolkit.clocking.flow_log import LEGS, hold_legs
from toolkit.clocking.policy import read_policy

POLICY = read_policy({"name": "试行办法", "source": "测试"})
LOG = [
    ("dispatched", "2025-06-03 09:00", "乙局"),
    ("signed", "2025-06-03 10:00", "乙局"),
    ("returned", "2025-06-04 10:00", "乙局"),
    ("redispatched", "2025-06-04 11:00", "甲乡"),
    ("replied", "2025-06-09 09:00", "甲乡"),
]


def test_time_is_charged_to_the_unit_that_held_the_ticket_leg_by_leg():
    legs = hold_legs(list_events("a", LOG), POLICY)
    assert legs[["leg", "unit"]].to_numpy().tolist() == [[1, "乙局"], [2, "甲乡"]]
    assert legs["held"].tolist() == [pd.Timedelta(hours=26), pd.Timedelta(hours=118)]
    assert legs["held_hours"].tolist() == [9.0, 19.0]


def test_a_ticket_that_comes_back_has_a_leg_of_its_own_again():
    log = [("dispatched", "2025-06-03 09:00", unit) for unit in ("乙局", "甲乡", "乙局")]
    assert hold_legs(list_events("a", log), POLICY)["unit"].tolist() == ["乙局", "甲乡", "乙局"]


def test_the_last_leg_of_an_open_ticket_runs_on_to_as_of_and_no_event_after_it_counts():
    tickets = schema.make_tickets({"ticket_id": ["a"], "received_at": ["2025-06-03 09:00"]})
    clocked = clock(tickets, POLICY, "2025-06-05 12:00")
    legs = hold_legs(list_events("a", LOG), POLICY, clocked)
    assert legs["held_to"].tolist() == [pd.Timestamp("2025-06-04 11:00"), pd.Timestamp("2025-06-05 12:00")]


def test_an_event_without_a_unit_belongs_to_the_unit_before_it():
    events = list_events("a", LOG).assign(unit=[None, "乙局", None, "甲乡", None]).astype({"unit": "str"})
    assert hold_legs(events, POLICY)["unit"].tolist() == ["乙局", "甲乡"]


def test_events_built_from_a_tickets_times_are_no_history():
    assert hold_legs(list_events("a", LOG).assign(is_built=True), POLICY).empty


def test_without_a_log_there_are_no_legs_but_their_columns():
    legs = hold_legs(list_events("a", []), POLICY)
    assert (len(legs), list(legs)) == (0, LEGS)


moments = st.datetimes(pd.Timestamp("2024-01-01"), pd.Timestamp("2025-12-31"))
steps = st.tuples(st.sampled_from("abc"), moments, st.sampled_from(["甲乡", "乙局", "丙局"]))


@examples(50)
@given(st.lists(steps, min_size=1, max_size=12))
def test_the_legs_of_a_ticket_sum_exactly_to_its_last_event_less_its_first(steps):
    events = pd.concat([list_events(ticket, [("signed", at, unit)]) for ticket, at, unit in steps])
    held = hold_legs(events, POLICY).groupby("ticket_id")["held"].sum()
    span = events.groupby("ticket_id")["at"].agg(lambda at: at.max() - at.min())
    assert held.to_dict() == span.to_dict()


@pytest.mark.parametrize("event", ["dispatched", "redispatched"])
def test_only_a_unit_that_still_has_the_ticket_starts_a_new_clock(event):
    log = [(event, "2025-06-03 09:30", "乙局"), (event, "2025-06-05 09:00", "丙局")]
    tickets = schema.make_tickets({"ticket_id": ["a"], "unit": ["甲乡"], "received_at": ["2025-06-03 09:00"]})
    assert clock(tickets, POLICY, "2025-06-30", list_events("a", log)).loc[0, "due_at"].day == 10
