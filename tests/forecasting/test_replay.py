import numpy as np
import pandas as pd
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from oracles.made_tickets import AS_OF as MADE_AS_OF
from oracles.made_tickets import make_county

from toolkit import clock, look_ahead, schema
from toolkit.clocking.workdays import read_calendar
from toolkit.forecasting.replay import list_fifths, list_mornings, replay, score_chances, score_order
from toolkit.forecasting.terms import LookAhead

FEW = LookAhead(source="测试", prior_strength=10, least_alike=3, push_a_day=5, push_from=0.25)
POLICY = {
    "name": "试行办法",
    "source": "测试",
    "reply_limits": [{"working_days": 5}],
    "extension_limits": [{"working_days": 5}],
}
MORNING = pd.Timestamp("2025-02-17 08:30")


def test_the_mornings_are_the_working_days_of_the_month_before_when_the_office_opens():
    mornings = list_mornings(pd.Timestamp("2025-03-31 18:00"), read_calendar())
    assert len(mornings) == 19  # 8 February is a make-up Saturday, 3 and 4 a holiday
    assert [str(mornings[0]), str(mornings[3])] == ["2025-02-05 08:30:00", "2025-02-08 08:30:00"]


def test_the_order_is_perfect_even_and_unknown():
    assert score_order([0.1, 0.2, 0.9], [False, False, True]) == 1
    assert score_order([0.5, 0.5], [False, True]) == 0.5
    assert np.isnan(score_order([0.5], [True]))


def test_chances_are_held_against_what_came():
    assert score_chances([1, 0.5], [True, False]) == 0.125
    assert np.isnan(score_chances([], []))


def test_fifths_hold_all_rows_and_tell_chance_beside_rate():
    rows = pd.DataFrame({"chance": np.arange(10) / 10, "ran_out": [False] * 5 + [True] * 5})
    fifths = list_fifths(rows)
    assert fifths["count"].tolist() == [2] * 5
    assert fifths["ran_out"].tolist() == [0, 0, 1, 2, 2]
    assert fifths["chance"].tolist() == pytest.approx([0.05, 0.25, 0.45, 0.65, 0.85])


def extend(extended, logged=None):
    """A ticket of 10 February, due on the 17th, extended to the 24th, as the morning of the 17th saw it."""
    row = {"ticket_id": ["x"], "received_at": ["2025-02-10 09:00"], "dispatched_at": ["2025-02-10 09:00"]}
    row |= {"replied_at": ["2025-02-20 09:00"], "extended_due_at": [extended], "unit": ["甲乡"]}
    events = pd.DataFrame({"ticket_id": ["x"], "event": ["extension_approved"], "at": [pd.Timestamp(logged)], "unit": ["甲乡"],
                           "detail": [None], "is_built": [False]}) if logged else None  # fmt: skip
    tickets = clock(schema.make_tickets(row), POLICY, "2025-03-31", events)
    return replay(tickets, [MORNING], POLICY, events, FEW).iloc[0]


@pytest.mark.parametrize(
    ("logged", "due"),
    [
        ("2025-02-14 10:00", "2025-02-24 17:30"),
        ("2025-02-17 10:00", "2025-02-17 17:30"),
        (None, "2025-02-17 17:30"),
    ],
)
def test_an_extension_counts_from_the_morning_after_it_was_granted_and_never_where_no_log_tells(logged, due):
    told = extend("2025-02-24 17:30", logged)
    assert told["due_at"] == pd.Timestamp(due)
    assert not told["ran_out"]


def forget_later(tickets, events, hours):
    """The county as it might have gone on after that morning: later stages at other times, later extensions unknown."""
    granted = events.loc[events["event"].eq("extension_approved") & events["at"].le(MORNING), "ticket_id"]
    later = {
        name: tickets[name].where(
            tickets[name].le(MORNING), (tickets[name] + pd.Timedelta(hours=hours)).clip(upper=MADE_AS_OF)
        )
        for name in schema.STAGES
    }
    extended = tickets["extended_due_at"].where(tickets["ticket_id"].isin(granted))
    return tickets[schema.names()].assign(extended_due_at=extended, **later), events[events["at"].le(MORNING)]


@examples(2)
@given(st.integers(0, 10_000), st.integers(1, 300))
def test_nothing_that_happened_after_the_morning_changes_a_forecast(seed, hours):
    tickets, events, policy, _ = make_county(seed)
    other, happened = forget_later(tickets, events, hours)
    told = [
        replay(clock(own, policy, MADE_AS_OF, log), [MORNING], policy, log, FEW).set_index("ticket_id")
        for own, log in [(tickets[schema.names()], events), (other, happened)]
    ]
    both = told[0].index.intersection(told[1].index)
    known = ["due_at", "tenth", "chance", "is_weak", "kind_rate"]
    pd.testing.assert_frame_equal(told[0].loc[both, known], told[1].loc[both, known])


@examples(2)
@given(st.integers(0, 10_000))
def test_a_morning_s_replay_says_what_a_forecast_of_that_morning_said(seed):
    tickets, _, policy, _ = make_county(seed)
    plain = tickets[schema.names()].assign(
        extended_due_at=pd.NaT, rework_count=pd.NA, status=None, reply=None, untimed=None
    )  # what no morning knows, for an export does not tell since when it stands there
    plain = plain.astype(tickets[schema.names()].dtypes)
    told = replay(clock(plain, policy, MADE_AS_OF), [MORNING], policy, settings=FEW).set_index("ticket_id")
    then = look_ahead(
        clock(plain[plain["received_at"].le(MORNING)], policy, MORNING), MORNING, settings=FEW
    ).set_index("ticket_id")
    both = told.index.intersection(then.index)
    assert len(both) == len(told)
    assert told["chance"].tolist() == pytest.approx(then.loc[told.index, "chance"].tolist())
