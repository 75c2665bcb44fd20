"""Where a ticket stands: its stage, the day it falls due, how long it has been open, how urgent it is."""

import pandas as pd
import pytest

import toolkit
from toolkit import schema
from toolkit.presenting.exploring.stages import (
    AGAIN_PENDING,
    DUE_UNKNOWN,
    LATER,
    TODAY,
    find_due_day,
    find_open_age,
    find_stage,
    mean_due_days,
    name_due_days,
)

ABOUT = {
    "days_ahead": [],
    "week_ahead": ["2026-01-04", "2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08"],
}


def judged(**columns):
    """Tickets as `clock` leaves them, of which only what is asked is said."""
    count = len(next(iter(columns.values())))
    lacking = {"due_state": schema.PENDING, "rework_state": None, "answered": schema.NO}
    given = pd.DataFrame({name: columns.get(name, [value] * count) for name, value in lacking.items()})
    days = {
        name: pd.array(columns.get(name, [None] * count), dtype="Int64")
        for name in ("left_days", "handling_days")
    }
    times = {
        name: pd.to_datetime(pd.Series(columns.get(name, [None] * count)))
        for name in ("due_at", "rework_due_at")
    }
    return given.assign(**days, **times)


@pytest.mark.parametrize(
    ("left", "day"),
    [(0, TODAY), (1, "1月4日 周日·上班"), (2, "1月5日"), (5, "1月8日"), (6, LATER), (None, DUE_UNKNOWN)],
)
def test_an_open_ticket_falls_due_on_a_named_day_and_a_make_up_day_is_named_as_one(left, day):
    assert list(find_due_day(judged(left_days=[left]), ABOUT)) == [day]


def test_every_day_has_a_meaning():
    meanings = mean_due_days(ABOUT)
    assert list(meanings) == list(name_due_days(ABOUT).values())
    assert meanings["1月5日"] == "未答复，统计截止后第2个工作日到期"
    assert meanings["已超期"].startswith("截止时间已过")


def test_the_second_round_has_its_own_days_and_what_is_answered_has_none():
    states = [
        schema.OVERDUE,
        schema.NO_DUE,
        schema.ON_TIME,
        schema.ON_TIME,
        schema.ON_TIME,
        schema.LATE,
        schema.VOID,
    ]
    rework = [None, None, schema.OVERDUE, schema.PENDING, schema.NO_DUE, schema.ON_TIME, None]
    found = find_due_day(judged(due_state=states, rework_state=rework), ABOUT)
    assert list(found[:5]) == ["已超期", DUE_UNKNOWN, "重办超期", AGAIN_PENDING, DUE_UNKNOWN]
    assert found[5:].isna().all()


def test_an_open_ticket_has_an_age_and_one_of_unknown_age_is_said_to_be_so():
    days = [0, 5, 6, 20, 21, 61, None, 3]
    ages = find_open_age(judged(handling_days=days, answered=[schema.NO] * 7 + [schema.YES]))
    assert list(ages[:7]) == [
        *["5个工作日内", "5个工作日内", "6至10个工作日", "11至20个工作日", "21至60个工作日"],
        *["60个工作日以上", "时长不明"],
    ]
    assert pd.isna(ages[7])


def test_an_export_without_signing_times_says_of_no_ticket_that_it_is_unsigned():
    rows = {"ticket_id": ["A"], "received_at": ["2025-03-03"]}
    tickets = toolkit.clock(schema.make_tickets(rows), "county_default", "2025-03-31 18:00")
    assert list(find_stage(tickets)) == ["待联系或办理中"]


def test_a_void_ticket_is_at_no_other_stage():
    rows = {"ticket_id": ["A"], "status": ["作废"], "closed_at": ["2025-03-03"]}
    tickets = toolkit.clock(schema.make_tickets(rows), "county_default", "2025-03-31 18:00")
    assert list(find_stage(tickets)) == [schema.VOID]
