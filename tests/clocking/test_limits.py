"""Limits, pauses and extensions: by hand, by their properties, and against the slow reference."""

import random
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from cases.log import EXTENSION, list_events
from examples import examples
from hypothesis import example, given
from hypothesis import strategies as st
from oracles.slow_clock import slow_due

from toolkit import clock, schema
from toolkit.clocking.limits import add_limit
from toolkit.clocking.policy import Limit, read_policy
from toolkit.clocking.workdays import count_office_hours, office_time
from toolkit.errors import PolicyError

AS_OF = "2026-10-30"


def set_policy(**given):
    return {"name": "试行办法", "source": "测试", "due_from": "policy_only"} | given


def due_of(received, limit, events=(), **settings):
    """When a ticket received then is due by one limit; events: (event, at) or (event, at, unit)."""
    columns = {"ticket_id": ["a"], "received_at": [received], "unit": ["甲乡"]}
    policy = set_policy(reply_limits=[limit], **settings)
    return clock(schema.make_tickets(columns), policy, AS_OF, list_events("a", events)).loc[
        0, "policy_due_at"
    ]


# --- one limit, worked by hand ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "limit", "due"),
    [
        # calendar days: the day of receipt does not count, holidays do
        ("2025-09-28 10:00", {"calendar_days": 7}, "2025-10-05 17:30"),
        ("2025-01-26 23:59", {"calendar_days": 15}, "2025-02-10 17:30"),
        ("2024-02-28 08:00", {"calendar_days": 1}, "2024-02-29 17:30"),
        ("2025-06-06 10:00", {"calendar_days": 0}, "2025-06-06 17:30"),
        # the first day counts
        ("2025-06-03 09:00", {"working_days": 1, "first_day_counts": True}, "2025-06-03 17:30"),
        ("2025-06-03 09:00", {"working_days": 5, "first_day_counts": True}, "2025-06-09 17:30"),
        ("2025-06-07 09:00", {"working_days": 1, "first_day_counts": True}, "2025-06-09 17:30"),
        ("2025-06-03 09:00", {"calendar_days": 7, "first_day_counts": True}, "2025-06-09 17:30"),
        # after the cut-off an arrival is the next working day's; at the cut-off it is not
        ("2025-06-03 17:30", {"working_days": 1, "rolls_over": True}, "2025-06-04 17:30"),
        ("2025-06-03 17:31", {"working_days": 1, "rolls_over": True}, "2025-06-05 17:30"),
        ("2025-06-03 17:31", {"working_days": 1}, "2025-06-04 17:30"),
        ("2025-06-07 10:00", {"working_days": 1, "rolls_over": True}, "2025-06-10 17:30"),
        ("2025-09-30 18:00", {"calendar_days": 1, "rolls_over": True}, "2025-10-10 17:30"),
        # from the next working day
        ("2025-06-06 10:00", {"calendar_days": 3, "counts_from": "next_working_day"}, "2025-06-12 17:30"),
        ("2025-06-06 10:00", {"hours": 4, "counts_from": "next_working_day"}, "2025-06-09 12:30"),
        (
            "2025-06-06 10:00",
            {"working_days": 3, "counts_from": "next_working_day", "first_day_counts": True},
            "2025-06-11 17:30",
        ),
        # hours and minutes run round the clock, from the event itself
        ("2025-06-06 16:45", {"hours": 24}, "2025-06-07 16:45"),
        ("2025-12-31 23:59", {"minutes": 30}, "2026-01-01 00:29"),
        ("2025-06-07 10:00", {"minutes": 30, "rolls_over": True}, "2025-06-09 09:00"),
        ("2025-06-09 07:00", {"minutes": 30, "rolls_over": True}, "2025-06-09 09:00"),
        # working hours stand still at lunch, at night, on days off
        ("2025-06-03 10:00", {"working_hours": 1}, "2025-06-03 11:00"),
        ("2025-06-03 11:00", {"working_hours": 1}, "2025-06-03 12:00"),
        ("2025-06-03 11:00", {"working_hours": 1.5}, "2025-06-03 14:30"),
        ("2025-06-03 12:30", {"working_hours": 1}, "2025-06-03 15:00"),
        ("2025-06-03 16:30", {"working_hours": 4}, "2025-06-04 11:30"),
        ("2025-06-03 23:59", {"working_hours": 7}, "2025-06-04 17:30"),
        ("2025-06-06 17:00", {"working_hours": 1}, "2025-06-09 09:00"),
        ("2025-01-27 17:00", {"working_hours": 1}, "2025-02-05 09:00"),
        ("2025-01-26 16:30", {"working_hours": 2}, "2025-01-27 09:30"),  # a make-up Sunday
    ],
)
def test_each_kind_of_limit_runs_out_when_a_hand_counts_it(received, limit, due):
    assert due_of(received, limit) == pd.Timestamp(due)


def test_the_cut_off_of_the_calendar_may_lie_before_the_office_closes():
    limit, calendar = {"working_days": 1, "rolls_over": True}, {"cut_off_at": "17:00"}
    assert due_of("2025-06-03 17:00", limit, calendar=calendar) == pd.Timestamp("2025-06-04 17:30")
    assert due_of("2025-06-03 17:01", limit, calendar=calendar) == pd.Timestamp("2025-06-05 17:30")


def test_an_office_without_lunch_break_counts_through_noon():
    calendar = {"lunch_from": None, "lunch_to": None, "opens_at": "09:00", "closes_at": "17:00"}
    due = due_of("2025-06-03 11:00", {"working_hours": 3}, calendar=calendar)
    assert due == pd.Timestamp("2025-06-03 14:00")


def test_a_day_ends_when_the_office_closes_unless_the_policy_names_an_hour():
    limit, calendar = {"working_days": 1}, {"closes_at": "18:00"}
    assert due_of("2025-06-03 09:00", limit, calendar=calendar) == pd.Timestamp("2025-06-04 18:00")
    due = due_of("2025-06-03 09:00", limit, calendar=calendar, day_ends_at="23:59")
    assert due == pd.Timestamp("2025-06-04 23:59")


@pytest.mark.parametrize(
    ("columns", "day"),
    [
        ({"category": "城乡建设/征地拆迁/补偿"}, 10),
        ({"category": "征地拆迁"}, 10),
        ({"category": "城乡建设/征地拆迁补偿"}, 4),  # a level is a whole word
        ({"source_level": "省级"}, 5),
        ({"channel": "网络"}, 6),
        ({}, 4),
    ],
)
def test_a_limit_may_ask_for_category_source_level_or_channel(columns, day):
    limits = [
        {"category": ["征地拆迁"], "working_days": 5},
        {"source_level": ["省级"], "working_days": 2},
        {"channel": ["网络"], "working_days": 3},
        {"working_days": 1},
    ]
    rows = {"ticket_id": ["a"], "received_at": ["2025-06-03 09:00"]} | {k: [v] for k, v in columns.items()}
    clocked = clock(schema.make_tickets(rows), set_policy(reply_limits=limits), AS_OF)
    assert clocked.loc[0, "due_at"].day == day


# --- what a policy file may not say ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ({}, "give exactly one of working_days, calendar_days, working_hours, hours, minutes, found none"),
        ({"hours": 2, "minutes": 5}, "found hours, minutes"),
        ({"hours": 2, "first_day_counts": True}, "first_day_counts is for days: hours run from the event"),
        ({"working_days": 0, "first_day_counts": True}, "a limit whose first day counts is one day at least"),
        ({"hours": 0}, "greater than 0"),
    ],
)
def test_a_limit_that_says_too_little_or_too_much_is_named(limit, words):
    with pytest.raises(PolicyError, match=words):
        read_policy(set_policy(reply_limits=[limit]))


# --- pauses ----------------------------------------------------------------------------------------

PAUSED = [("paused", "2025-06-04 15:00"), ("resumed", "2025-06-06 10:00")]


@pytest.mark.parametrize(
    ("limit", "counted", "due"),
    [
        ({"working_days": 5}, "whole", "2025-06-11 17:30"),  # the 5th
        ({"working_days": 5}, "touched", "2025-06-13 17:30"),  # the 4th, 5th and 6th
        ({"calendar_days": 5}, "whole", "2025-06-09 17:30"),
        ({"calendar_days": 5}, "touched", "2025-06-11 17:30"),
        ({"working_hours": 14}, "whole", "2025-06-06 15:00"),  # 11 hours before the pause, 3 after
        ({"hours": 48}, "whole", "2025-06-07 04:00"),  # 48 hours and the 43 of the pause
    ],
)
def test_a_pause_moves_the_due_time_by_what_the_limit_counts_in(limit, counted, due):
    assert due_of("2025-06-03 09:00", limit, PAUSED, paused_days=counted) == pd.Timestamp(due)


def test_a_pause_within_the_lunch_break_touches_no_working_day():
    events = [("paused", "2025-06-04 12:58"), ("resumed", "2025-06-04 13:34")]
    due = due_of("2025-06-03 09:00", {"working_days": 5}, events, paused_days="touched")
    assert due == pd.Timestamp("2025-06-10 17:30")


def test_a_pause_after_the_due_time_or_before_the_start_changes_nothing():
    late = [("paused", "2025-06-20 09:00"), ("resumed", "2025-06-25 09:00")]
    early = [("paused", "2025-05-20 09:00"), ("resumed", "2025-05-28 09:00")]
    for limit in ({"working_days": 5}, {"working_hours": 10}, {"hours": 24}):
        plain = due_of("2025-06-03 09:00", limit)
        assert due_of("2025-06-03 09:00", limit, late) == plain == due_of("2025-06-03 09:00", limit, early)


@pytest.mark.parametrize("as_of", ["2026-10-15 12:00", "2026-10-26 12:00", "2026-12-31"])
def test_a_pause_that_is_still_open_stops_the_clock_and_moves_no_due_time(as_of):
    columns = {"ticket_id": ["a"], "received_at": ["2026-10-12 09:00"]}
    policy = set_policy(reply_limits=[{"working_days": 5}])
    events = list_events("a", [("paused", "2026-10-14 08:00")])
    clocked = clock(schema.make_tickets(columns), policy, as_of, events).loc[0]
    assert clocked["due_at"] == pd.Timestamp("2026-10-19 17:30")
    assert (clocked["due_state"], clocked["left_days"]) == (schema.PENDING, 3)
    assert clocked["due_note"] == "挂账中，时限暂停"


def test_a_second_pause_within_a_pause_and_a_stray_resumption_change_nothing():
    events = [("resumed", "2025-06-03 12:00"), PAUSED[0], ("paused", "2025-06-05 09:00"), PAUSED[1]]
    assert due_of("2025-06-03 09:00", {"hours": 48}, events) == pd.Timestamp("2025-06-07 04:00")


# --- extensions ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("approved", "day"),
    [
        ([], "06-10"),
        (["2025-06-10 17:30"], "06-13"),  # at the due time itself
        (["2025-06-10 17:31"], "06-10"),  # too late
        (["2025-06-09 09:00", "2025-06-09 10:00"], "06-18"),
        (["2025-06-09 09:00", "2025-06-12 10:00"], "06-18"),
        (["2025-06-09 09:00", "2025-06-14 10:00"], "06-13"),
        (["2025-06-09 09:00", "2025-06-09 10:00", "2025-06-09 11:00"], "06-18"),  # two at most
    ],
)
def test_an_extension_counts_when_approved_before_expiry_and_only_so_often(approved, day):
    events = [("extension_approved", at) for at in approved]
    due = due_of("2025-06-03 09:00", {"working_days": 5}, events, **EXTENSION)
    assert due == pd.Timestamp(f"2025-{day} 17:30")


def test_on_the_last_day_an_extension_may_have_to_be_approved_by_a_cut_off():
    for at, day in (("17:00", 13), ("17:01", 10)):
        events = [("extension_approved", f"2025-06-10 {at}")]
        due = due_of(
            "2025-06-03 09:00", {"working_days": 5}, events, extension_cut_off_at="17:00", **EXTENSION
        )
        assert due.day == day


def test_without_extensions_in_the_policy_none_counts():
    events = [("extension_approved", "2025-06-09 09:00")]
    assert due_of("2025-06-03 09:00", {"working_days": 5}, events).day == 10


def clock_extended(extended, approved=(), policy=None):
    rows = {"ticket_id": ["a"], "received_at": ["2025-06-03 09:00"], "unit": ["甲乡"]}
    rows |= {"platform_due_at": ["2025-06-10 17:30"], "extended_due_at": [extended]}
    events = list_events("a", [("extension_approved", at) for at in approved])
    policy = set_policy(due_from="platform_first", **(EXTENSION if policy is None else policy))
    return clock(schema.make_tickets(rows), policy, "2025-07-30", events).loc[0]


@pytest.mark.parametrize(
    ("extended", "approved", "due", "source", "note"),
    [
        ("2025-06-13 17:30", [], "2025-06-13 17:30", "延期", None),
        ("2025-06-18 17:30", [], "2025-06-18 17:30", "延期", None),
        ("2025-06-19 17:30", [], "2025-06-18 17:30", "延期", "延期超过规定上限，按上限计算"),
        ("2025-06-13 17:30", ["2025-06-10 12:00"], "2025-06-13 17:30", "延期", None),
        (
            "2025-06-13 17:30",
            ["2025-06-11 12:00"],
            "2025-06-10 17:30",
            "平台",
            "延期批准晚于截止时间，不予计算",
        ),
        (None, ["2025-06-10 12:00"], "2025-06-13 17:30", "延期", None),
        (None, [], "2025-06-10 17:30", "平台", None),
    ],
)
def test_the_platforms_extension_counts_up_to_the_cap_and_unless_it_was_approved_too_late(
    extended, approved, due, source, note
):
    ticket = clock_extended(extended, approved)
    assert (ticket["due_at"], ticket["due_source"]) == (pd.Timestamp(due), source)
    assert ticket["due_note"] == note if note else pd.isna(ticket["due_note"])


def test_without_a_cap_in_the_policy_the_platforms_extension_stands_as_it_is():
    ticket = clock_extended("2025-07-25 17:30", policy={})
    assert (ticket["due_at"], ticket["due_source"]) == (pd.Timestamp("2025-07-25 17:30"), "延期")


# --- passing a ticket on ---------------------------------------------------------------------------

PASSED_ON = [
    ("dispatched", "2025-06-03 09:30", "乙局"),
    ("returned", "2025-06-04 09:00", "乙局"),
    ("redispatched", "2025-06-05 09:00", "甲乡"),
]


def test_a_ticket_passed_on_starts_the_new_units_clock_unless_the_policy_keeps_the_old_one():
    limit = {"working_days": 5}
    assert due_of("2025-06-03 09:00", limit, PASSED_ON) == pd.Timestamp("2025-06-12 17:30")
    due = due_of("2025-06-03 09:00", limit, PASSED_ON, reassignment="same_clock")
    assert due == pd.Timestamp("2025-06-10 17:30")


def test_sent_again_to_the_same_unit_the_clock_goes_on():
    events = [("dispatched", "2025-06-03 09:30", "甲乡"), ("redispatched", "2025-06-05 09:00", "甲乡")]
    assert due_of("2025-06-03 09:00", {"working_days": 5}, events) == pd.Timestamp("2025-06-10 17:30")


def test_the_clocks_of_the_stages_start_where_each_stage_does():
    rows = {
        "ticket_id": ["a"],
        "received_at": ["2025-06-03 09:00"],
        "dispatched_at": ["2025-06-04 10:00"],
        "replied_at": ["2025-06-05 16:00"],
        "urgency": ["紧急"],
    }
    policy = set_policy(
        dispatch_limits=[{"working_hours": 3.5}],
        sign_limits=[{"working_days": 1}],
        contact_limits=[{"urgency": ["紧急"], "minutes": 30}, {"hours": 24}],
        return_limits=[{"working_days": 2}],
        close_limits=[{"working_days": 10}],
        visit_limits=[{"working_days": 3}],
    )
    clocked = clock(schema.make_tickets(rows), policy, AS_OF).loc[0]
    expected = {
        "dispatch_due_at": "2025-06-03 14:30",
        "sign_due_at": "2025-06-05 17:30",
        "contact_due_at": "2025-06-04 10:30",
        "return_due_at": "2025-06-06 17:30",
        "due_at": "2025-06-10 17:30",
        "lead_due_at": "2025-06-06 17:30",
        "close_due_at": "2025-06-17 17:30",
        "visit_due_at": "2025-06-10 17:30",
    }
    assert {name: str(clocked[name])[:16] for name in expected} == expected


# --- properties ------------------------------------------------------------------------------------

POLICY = read_policy(set_policy())
moments = st.datetimes(datetime(2004, 1, 5), datetime(2026, 6, 30)).map(lambda m: m.replace(microsecond=0))
amounts = {
    "working_days": st.integers(1, 40),
    "calendar_days": st.integers(1, 60),
    "working_hours": st.integers(1, 80),
    "hours": st.integers(1, 400),
    "minutes": st.integers(1, 5_000),
}
units = st.sampled_from(list(amounts))
quick = examples(100)


def over(moment, limit, policy=POLICY, pauses=None):
    return pd.Timestamp(add_limit(np.array([moment], dtype="datetime64[us]"), limit, policy, pauses)[0])


def one_pause(paused, resumed):
    return pd.DataFrame({"row": [0], "paused_at": pd.to_datetime([paused]), "resumed_at": [resumed]}).astype(
        {"paused_at": "datetime64[us]", "resumed_at": "datetime64[us]"}
    )


@quick
@given(moments, units, st.data())
def test_a_longer_limit_never_gives_an_earlier_due_time(moment, unit, data):
    first, second = sorted(data.draw(st.tuples(amounts[unit], amounts[unit])))
    assert over(moment, Limit(**{unit: first})) <= over(moment, Limit(**{unit: second}))


@quick
@given(moments, units, st.booleans(), st.integers(0, 60), st.data())
def test_another_day_off_never_makes_a_due_time_earlier(moment, unit, rolls_over, days, data):
    limit = Limit(**{unit: data.draw(amounts[unit])}, rolls_over=rolls_over)
    day = (moment + timedelta(days=days)).date()
    more_off = read_policy(set_policy(calendar={"days_off": {day: "测试"}}))
    assert over(moment, limit, more_off) >= over(moment, limit)


@quick
@given(moments, st.sampled_from(["working_hours", "hours", "minutes"]), st.floats(0, 1), st.integers(0, 9000))
def test_a_pause_moves_a_limit_in_hours_by_exactly_the_time_paused(moment, unit, share, minutes):
    limit = Limit(**{unit: 50})
    plain = over(moment, limit)
    paused = pd.Timestamp(moment) + (plain - moment) * share
    paused = min(paused.floor("s"), plain - pd.Timedelta(seconds=1))
    resumed = paused + pd.Timedelta(minutes=minutes)
    moved = over(moment, limit, pauses=one_pause(paused, resumed))
    if unit == "working_hours":
        times = pd.Series([plain, moved, paused, resumed])
        spent, _ = office_time(times, POLICY.workdays)
        reaches = spent[2] < spent[0]  # a pause that begins after office hours on the last day comes too late
        assert spent[1] - spent[0] == (spent[3] - spent[2] if reaches else 0)
    else:
        assert moved - plain == resumed - paused


@quick
@example(datetime(2004, 1, 5, 0, 0, 1), "calendar_days", "touched", 1, 0)  # a pause of no time
@given(
    moments,
    st.sampled_from(["working_days", "calendar_days"]),
    st.sampled_from(["whole", "touched"]),
    st.integers(0, 20),
    st.integers(0, 20_000),
)
def test_a_pause_moves_a_limit_in_days_by_the_days_that_count_as_paused(moment, unit, counted, day, minutes):
    policy = read_policy(set_policy(paused_days=counted))
    limit = Limit(**{unit: 10})
    paused = pd.Timestamp(moment) + pd.Timedelta(days=day)
    resumed = paused + pd.Timedelta(minutes=minutes)
    plain, moved = (over(moment, limit, policy, pauses) for pauses in (None, one_pause(paused, resumed)))
    days = pd.date_range(pd.Timestamp(moment).normalize() + pd.Timedelta(days=1), moved.normalize())
    working = policy.workdays.is_working[(days - pd.Timestamp("2004-01-01")).days]
    counting = days[working] if unit == "working_days" else days
    sessions = {"working_days": ["8:30", "12:00", "14:00", "17:30"], "calendar_days": ["0:00", "24:00"]}[unit]
    opens, *_, closes = times = [counting + pd.Timedelta(f"{clock_time}:00") for clock_time in sessions]
    if counted == "whole":
        is_paused = (opens >= paused) & (closes <= resumed)
    else:  # the lunch break belongs to no session: a pause within it touches nothing
        is_paused = np.zeros(len(counting), dtype=bool)
        for begins, ends in zip(times[::2], times[1::2], strict=True):
            is_paused |= (begins < resumed) & (ends > paused) & (resumed > paused)
    assert (~is_paused).sum() == 10
    assert moved.normalize() == counting[~is_paused][-1] >= plain.normalize()


@quick
@given(moments, amounts["working_hours"])
def test_a_limit_in_working_hours_holds_just_so_many_office_hours(moment, hours):
    due = over(moment, Limit(working_hours=hours))
    counted = count_office_hours(pd.Series([pd.Timestamp(moment)]), pd.Series([due]))
    assert counted[0] == pytest.approx(hours, abs=1e-9)


# --- against the slow reference --------------------------------------------------------------------

TYPES = ["咨询", "求助", "投诉"]
REFERENCE_AS_OF = datetime(2026, 10, 30, 12)
CALENDARS = [
    {},
    {"lunch_from": None, "lunch_to": None},
    {"opens_at": "09:00", "closes_at": "17:00", "cut_off_at": "16:00"},
    {"days_off": ["2025-06-04", "2010-10-11"], "working_days": ["2025-06-07", "2010-10-16"]},
]


def draw_limit(rng, **conditions):
    unit = rng.choice(list(amounts))
    largest = {"working_days": 15, "calendar_days": 20, "working_hours": 30, "hours": 100, "minutes": 900}
    limit = {unit: rng.randint(1, largest[unit]), "rolls_over": rng.random() < 0.3}
    if unit in ("working_days", "calendar_days"):
        limit["first_day_counts"] = rng.random() < 0.3
    if rng.random() < 0.3:
        limit["counts_from"] = "next_working_day"
    return limit | conditions


def draw_policy(rng):
    fits_some = {"type": rng.sample(TYPES, 1), "unit_group": ["乡镇"]}
    return set_policy(
        reply_limits=[
            draw_limit(rng, **fits_some),
            draw_limit(rng, category=["道路"]),
            draw_limit(rng, channel=["网络"], urgency=["紧急", "特急"]),
            draw_limit(rng),
        ],
        extension_limits=[draw_limit(rng, type=["投诉"]), draw_limit(rng, source_level=["省级", "市级"])],
        extension_times=rng.randint(1, 3),
        paused_days=rng.choice(["whole", "touched"]),
        reassignment=rng.choice(["new_clock", "same_clock"]),
        starts_from=rng.choice(["received_at", "dispatched_at"]),
        calendar=rng.choice(CALENDARS),
    ) | ({"extension_cut_off_at": "16:30"} if rng.random() < 0.3 else {})


def draw_ticket(rng, number):
    is_recent = rng.random() < 0.1
    received = REFERENCE_AS_OF - timedelta(minutes=rng.randrange(30 * 24 * 60 if is_recent else 22 * 525_600))
    ticket = {
        "ticket_id": f"t{number}",
        "unit": rng.choice(["甲乡", "乙局"]),
        "received_at": received,
        "dispatched_at": received + timedelta(minutes=rng.randrange(2_000)),
        "type": rng.choice([*TYPES, None]),
        "unit_group": rng.choice(["乡镇", "县直部门", None]),
        "category": rng.choice(["交通/道路", "道路", "交通/道路照明", None]),
        "channel": rng.choice(["网络", "电话"]),
        "urgency": rng.choice(["普通", "紧急", "特急"]),
        "source_level": rng.choice(["省级", "市级", "县级"]),
        "replied_at": rng.choice([None, received + timedelta(minutes=rng.randrange(20_000))]),
    }
    if ticket["replied_at"] and ticket["replied_at"] > REFERENCE_AS_OF:
        ticket["replied_at"] = None
    kinds = ["paused", "resumed", "paused", "resumed", "extension_approved", "dispatched", "redispatched"]
    count = rng.choice([0, 0, 2, 4, 6])
    minutes = sorted(rng.sample(range(20_000), count))
    events = [
        (rng.choice(kinds), received + timedelta(minutes=minute), rng.choice(["甲乡", "乙局"]))
        for minute in minutes
    ]
    if not is_recent:  # a pause left open for years would be walked through minute by minute
        events.append(("resumed", received + timedelta(minutes=20_000), "甲乡"))
    return ticket, [event for event in events if event[1] <= REFERENCE_AS_OF]


def compare_with_reference(policies, tickets_each):
    """How many due times were compared, and those that differ: ticket, limit list, ours, the slow one."""
    rng = random.Random(20260101)
    compared, differing = 0, []
    for _ in range(policies):
        policy = draw_policy(rng)
        drawn = [draw_ticket(rng, number) for number in range(tickets_each)]
        tickets = schema.make_tickets([ticket for ticket, _ in drawn])
        events = pd.concat([list_events(ticket["ticket_id"], events) for ticket, events in drawn])
        ours = clock(tickets, policy, REFERENCE_AS_OF, events)["policy_due_at"]
        for due, (ticket, events) in zip(ours, drawn, strict=True):
            slow = slow_due(ticket, policy | {"as_of": REFERENCE_AS_OF}, events)
            compared += 1
            if due != pd.Timestamp(slow):
                differing.append((ticket, events, policy, due, slow))
    return compared, differing


def test_a_minute_by_minute_reference_agrees():
    compared, differing = compare_with_reference(policies=20, tickets_each=15)
    assert differing == []
    assert compared == 300


@pytest.mark.long
def test_a_minute_by_minute_reference_agrees_on_20_000_cases():
    compared, differing = compare_with_reference(policies=200, tickets_each=100)
    assert differing == []
    assert compared == 20_000
