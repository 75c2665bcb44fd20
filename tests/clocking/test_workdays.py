"""The calendar: published days, the county's own days, office hours, and counting in them."""

from datetime import time

import chinese_calendar
import numpy as np
import pandas as pd
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from toolkit import clock, schema
from toolkit.clocking.due_notes import list_uncounted
from toolkit.clocking.limits import add_limit
from toolkit.clocking.policy import Limit, read_policy
from toolkit.clocking.workdays import (
    FIRST_DAY,
    at_office_time,
    count_office_hours,
    count_working_days,
    name_of_day,
    office_time,
    read_calendar,
)
from toolkit.errors import PolicyError

CALENDAR = read_calendar()
EVENING = time(17, 30)
POLICY = read_policy({"name": "试行办法", "source": "测试"})


def add_days(moment, days):
    moments = pd.Series([pd.Timestamp(moment)]).to_numpy()
    return pd.Timestamp(add_limit(moments, Limit(working_days=days), POLICY)[0])


# --- working days ----------------------------------------------------------------------------------

moments = st.datetimes(pd.Timestamp("2004-01-05"), pd.Timestamp("2026-01-31"))
limits = st.integers(1, 100)
quick = examples(60)


def test_a_working_day_is_one_the_state_council_published_day_by_day():
    days = (FIRST_DAY + np.arange(len(CALENDAR.is_working))).tolist()
    assert (days[0].year, days[-1].year) == (2004, int(str(CALENDAR.last_day)[:4]))
    assert CALENDAR.is_working.tolist() == [chinese_calendar.is_workday(day) for day in days]


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2025-06-03 09:00", "2025-06-03 23:59", 0),
        ("2025-06-03 23:59", "2025-06-04 00:00", 1),
        ("2025-06-06", "2025-06-08", 0),
        ("2025-01-26", "2025-02-08", 5),
        ("2025-09-30", "2025-10-08", 0),
        ("2025-06-05", "2025-06-03", -2),
        (None, "2025-06-03", None),
        ("2025-06-03", "2035-06-03", None),
    ],
)
def test_working_days_between_two_times_leave_out_the_first_day(start, end, days):
    counted = count_working_days(pd.Series(pd.to_datetime([start])), pd.Timestamp(end))
    assert counted.dtype == "Int64"
    assert counted.tolist() == [pd.NA if days is None else days]


@pytest.mark.parametrize("day", ["2025-06-07 10:00", "2025-10-01 10:00"])
def test_a_limit_of_no_days_is_not_over_before_it_began(day):
    assert add_days(day, 0) >= pd.Timestamp(day)


def test_a_limit_of_no_days_on_a_working_day_ends_that_evening():
    assert add_days("2025-06-06 10:00", 0) == pd.Timestamp("2025-06-06 17:30")


@quick
@given(moments, limits)
def test_a_due_day_is_a_working_day_after_the_start_at_the_hour_given(moment, days):
    due = add_days(moment, days)
    assert chinese_calendar.is_workday(due.date())
    assert due.date() > moment.date()
    assert due.time() == EVENING


@quick
@given(moments, limits, limits)
def test_a_due_time_never_moves_back_when_the_limit_grows(moment, days, more):
    assert add_days(moment, days) < add_days(moment, days + more)


@quick
@given(moments, moments, limits)
def test_what_came_later_is_never_due_earlier(one, other, days):
    first, second = sorted([one, other])
    assert add_days(first, days) <= add_days(second, days)


@quick
@given(moments, limits)
def test_counting_gives_back_the_days_that_were_added(moment, days):
    start = pd.Series([pd.Timestamp(moment)])
    assert count_working_days(start, add_days(moment, days)).tolist() == [days]


@quick
@given(st.lists(moments, min_size=3, max_size=3))
def test_working_days_add_up_over_a_day_between(times):
    first, middle, last = (pd.Series([moment]) for moment in sorted(times))
    parts = count_working_days(first, middle) + count_working_days(middle, last)
    assert parts.tolist() == count_working_days(first, last).tolist()


# --- the county's own calendar ---------------------------------------------------------------------


def own_policy(calendar, **settings):
    return {"name": "试行办法", "source": "测试", "calendar": calendar} | settings


def test_the_countys_own_days_come_before_the_published_ones():
    calendar = read_calendar(
        {"days_off": {"2025-06-05": "县庆"}, "working_days": ["2025-06-07", "2025-10-01"]}
    )
    days = pd.Series(pd.to_datetime(["2025-06-04", "2025-06-08"]))
    assert count_working_days(days[:1], days[1], calendar).tolist() == [2]  # the 6th and the 7th
    assert name_of_day(calendar, pd.Timestamp("2025-06-05").date()) == "县庆"
    assert name_of_day(calendar, pd.Timestamp("2025-10-01").date()) == "本地上班"
    assert name_of_day(CALENDAR, pd.Timestamp("2025-10-01").date()) == "国庆节"
    assert name_of_day(CALENDAR, pd.Timestamp("2025-06-05").date()) == ""


def test_a_year_that_is_not_published_yet_can_be_written_down():
    year = int(str(CALENDAR.last_day)[:4]) + 1
    calendar = read_calendar({"years": [year], "days_off": [f"{year}-01-01"]})
    assert str(calendar.last_day) == f"{year}-12-31"
    assert not calendar.is_working[calendar.published - 365]


@pytest.mark.parametrize(
    ("calendar", "words"),
    [
        (
            {"closes_at": "08:00"},
            "office hours must follow each other: opens_at, lunch_from, lunch_to, closes_at",
        ),
        ({"lunch_from": None}, "give both lunch_from and lunch_to, or neither"),
        ({"cut_off_at": "20:00"}, "cut_off_at must lie within office hours"),
        (
            {"days_off": ["2025-06-05"], "working_days": ["2025-06-05"]},
            "2025-06-05 is both a day off and a working",
        ),
        (
            {"days_off": ["2035-06-05"]},
            "2035-06-05 lies outside the years 2004 to 20.*add 2035 to years once all",
        ),
        ({"years": [2035]}, "is missing before 2035: add it"),
        ({"years": [2035]}, "2035 is listed, but days_off names no holiday of 2035: list them all first"),
        ({"opens": "08:00"}, "'opens' is not a setting. Did you mean 'opens_at'?"),
    ],
)
def test_a_calendar_file_names_every_mistake(calendar, words):
    with pytest.raises(PolicyError, match=words):
        read_calendar(calendar)


def test_a_policy_from_beyond_the_calendar_stops_with_what_to_add():
    with pytest.raises(
        PolicyError, match=r"valid_from 2040-01-01 lies after .*list the days off and make-up .* 2040"
    ):
        read_policy(own_policy({}, valid_from="2040-01-01"))


def test_only_a_policy_that_says_so_goes_on_with_monday_to_friday_and_marks_what_rests_on_it():
    last = pd.Timestamp(CALENDAR.last_day)
    tickets = schema.make_tickets(
        {"ticket_id": ["a", "b"], "received_at": [last, last - pd.Timedelta(days=60)]}
    )
    guessed = clock(tickets, own_policy({}, beyond_calendar="weekdays"), last + pd.Timedelta(days=30))
    assert guessed["due_at"].notna().all()
    assert guessed["due_note"].tolist()[0] == "时限按周一至周五推算，节假日安排尚未公布"
    assert pd.isna(guessed["due_note"].tolist()[1])
    stopped = clock(tickets, own_policy({}), last)
    assert stopped["due_at"].isna().tolist() == [True, False]


def test_a_ticket_beyond_the_calendar_keeps_the_platforms_due_time_and_has_a_row_among_the_issues():
    last = CALENDAR.last_day
    rows = {"ticket_id": ["a", "b"], "received_at": [f"{last} 09:00", "2025-06-03"], "source_row": [7, 8]}
    tickets = schema.make_tickets(rows | {"platform_due_at": [str(last + 5), None]})
    clocked = clock(tickets, own_policy({}), str(last))
    assert clocked.loc[0, "due_source"] == "平台"
    assert pd.isna(clocked.loc[0, "policy_due_at"])
    issues = list_uncounted(clocked, own_policy({}))
    assert issues[["ticket_id", "row", "check", "value"]].to_numpy().tolist() == [
        ["a", 7, "超出工作日历，本办法时限未计", f"{last} 09:00"]
    ]
    assert f"至 {last}，补充 parameters/calendar.yml" in issues["expected"].iloc[0]


# --- office hours ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2025-06-03 09:00", "2025-06-03 12:00", 3),
        ("2025-06-03 12:00", "2025-06-03 14:00", 0),
        ("2025-06-03 00:00", "2025-06-03 23:59", 7),
        ("2025-06-06 17:00", "2025-06-09 09:00", 1),
        ("2025-06-07 09:00", "2025-06-08 18:00", 0),
        ("2025-01-26 08:30", "2025-02-08 17:30", 42),
        ("2025-06-04 09:00", "2025-06-03 09:00", -7),
        (None, "2025-06-03 09:00", None),
    ],
)
def test_office_hours_between_two_times(start, end, hours):
    counted = count_office_hours(pd.Series(pd.to_datetime([start])), pd.Series(pd.to_datetime([end])))
    assert counted.tolist() == [pd.NA if hours is None else hours]


@quick
@given(moments)
def test_the_moment_at_which_office_time_has_passed_has_passed_that_much(moment):
    passed, covered = office_time(pd.Series([pd.Timestamp(moment)]), CALENDAR)
    back = pd.Series(at_office_time(passed, covered, CALENDAR))
    assert office_time(back, CALENDAR)[0].tolist() == passed.tolist()
    assert back[0] <= pd.Timestamp(moment)
