"""A year entered by hand from the State Council's notice: how it is written, checked and counted in."""

from datetime import date

import chinese_calendar
import pandas as pd
import pytest
import yaml
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from toolkit import clock, schema
from toolkit.clocking.calendar_file import CALENDAR_FILE, CalendarFile, last_published_year
from toolkit.clocking.workdays import count_working_days, name_of_day, read_calendar, warn_calendar_end
from toolkit.errors import PolicyError
from toolkit.words.holidays import NOTICED

YEAR = last_published_year() + 1
SATURDAY = next(day for day in pd.date_range(f"{YEAR}-02-01", periods=7) if day.weekday() == 5).date()


def notice(**changes):
    """A made-up notice, not the State Council's: one line a holiday, with the lines given in place of its own."""
    lines = {
        "元旦": {"放假": f"{YEAR}-01-01..{YEAR}-01-03"},
        "春节": {"放假": f"{YEAR}-02-15..{YEAR}-02-22", "上班": [SATURDAY]},
        "清明节": {"放假": f"{YEAR}-04-04 至 {YEAR}-04-06"},
        "劳动节": {"放假": f"{YEAR}-05-01..{YEAR}-05-05", "上班": []},
        "端午节": {"放假": date(YEAR, 6, 9)},
        "中秋节": {"说明": "与国庆节合并放假"},
        "国庆节": {"放假": f"{YEAR}-10-01..{YEAR}-10-08"},
    }
    return {name: line for name, line in (lines | changes).items() if line is not None}


def calendar(**changes):
    return {"notices": {YEAR: notice(**changes)}}


def mistakes_of(given):
    with pytest.raises(PolicyError) as raised:
        read_calendar(given)
    return str(raised.value)


def test_a_notice_entered_by_hand_is_counted_in_like_a_published_year():
    entered = read_calendar(calendar())
    assert str(entered.last_day) == f"{YEAR}-12-31"
    start, end = pd.Series(pd.to_datetime([f"{YEAR}-02-14"])), pd.Timestamp(f"{YEAR}-02-23")
    assert count_working_days(start, end, entered).tolist() == [1]
    assert name_of_day(entered, date(YEAR, 2, 15)) == "春节"
    assert name_of_day(entered, date(YEAR, 6, 9)) == "端午节"
    assert name_of_day(entered, SATURDAY) == "调休上班"
    assert entered.is_working[(pd.Timestamp(SATURDAY) - pd.Timestamp("2004-01-01")).days]


def test_with_the_year_entered_a_ticket_of_the_last_week_has_a_due_time_and_as_of_may_lie_in_it():
    tickets = schema.make_tickets({"ticket_id": ["a"], "received_at": [f"{YEAR - 1}-12-28 09:00"]})
    policy = {"name": "试行办法", "source": "测试", "calendar": calendar()}
    due = clock(tickets, policy, f"{YEAR}-03-01").loc[0, "due_at"]
    working = [day for day in pd.date_range(f"{YEAR - 1}-12-29", f"{YEAR}-01-15") if day.weekday() < 5]
    off = {pd.Timestamp(YEAR, 1, day) for day in (1, 2, 3)}
    assert due.normalize() == [day for day in working if day not in off][4]


def test_holidays_are_known_by_their_short_names_too():
    lines = notice()
    short = {"清明": lines.pop("清明节"), "端午": lines.pop("端午节"), "中秋": lines.pop("中秋节")}
    assert str(read_calendar({"notices": {YEAR: lines | short}}).last_day) == f"{YEAR}-12-31"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"端午节": None},
            "端午节 is missing: give its days off (放假), or say why it has none of its own (说明)",
        ),
        ({"端午节": {}}, "端午节 is missing: give its days off"),
        ({"国庄节": {"放假": f"{YEAR}-10-01..{YEAR}-10-02"}}, "'国庄节' is none of 元旦、春节、清明节"),
        ({"端午节": {"放假": f"{YEAR + 1}-06-09"}}, f"端午节 {YEAR + 1}-06-09 is no day of {YEAR}"),
        ({"春节": {"放假": f"{YEAR - 1}-12-30..{YEAR}-01-05"}}, f"春节 {YEAR - 1}-12-30 is no day of {YEAR}"),
        (
            {"春节": {"放假": f"{YEAR}-02-15..{YEAR}-02-22", "上班": f"{YEAR}-02-18"}},
            "only these are made up for",
        ),
        (
            {"春节": {"放假": f"{SATURDAY}", "上班": [SATURDAY]}},
            f"{SATURDAY} is both a day off and a working day",
        ),
        (
            {"元旦": {"放假": f"{YEAR}-01-02..{YEAR}-01-03"}},
            f"元旦 leaves out {YEAR}-01-01: look its days up",
        ),
        ({"劳动节": {"放假": f"{YEAR}-05-01..{YEAR}-06-05"}}, "is 36 days: expected 15 at most"),
        ({"端午节": {"放假": "六月九日"}}, "period '六月九日' cannot be read"),
        ({"端午节": {"放价": f"{YEAR}-06-09"}}, "放价' is not a setting"),
        (
            {"劳动节": {"放假": f"{YEAR}-05-01..{YEAR}-05-05", "上班": [SATURDAY]}},
            f"{SATURDAY} is worked twice",
        ),
    ],
)
def test_what_cannot_be_right_about_a_notice_is_named(changes, said):
    assert said in mistakes_of(calendar(**changes))


def test_all_mistakes_of_a_notice_are_named_at_once():
    said = mistakes_of(calendar(端午节=None, 元旦={"放假": f"{YEAR}-01-02"}, 国庆节={}))
    assert "端午节 is missing" in said and "元旦 leaves out" in said and "国庆节 is missing" in said


def test_the_new_years_holiday_may_begin_and_be_worked_for_in_the_year_before():
    last_saturday = max(
        day for day in pd.date_range(f"{YEAR - 1}-12-25", f"{YEAR - 1}-12-30") if day.weekday() > 4
    )
    line = {"放假": f"{YEAR - 1}-12-31..{YEAR}-01-02", "上班": [last_saturday.date()]}
    entered = read_calendar(calendar(元旦=line))
    assert name_of_day(entered, date(YEAR - 1, 12, 31)) == "元旦"
    assert name_of_day(entered, last_saturday.date()) == "调休上班"


def test_a_year_between_may_not_be_left_out():
    assert f"years: {YEAR} is missing before {YEAR + 1}: add it" in mistakes_of(
        {"notices": {YEAR + 1: notice()}}
    )


def published_notice(year):
    """The published days of a year, as a person would enter them."""
    constants = chinese_calendar.constants
    short = dict(zip(["元旦", "春节", "清明", "劳动节", "端午", "中秋", "国庆节"], NOTICED, strict=True))
    chinese = {holiday.value: short.get(holiday.chinese) for holiday in chinese_calendar.Holiday}
    lines = {name: {"说明": "与别的节日合并"} for name in NOTICED}
    for name in NOTICED:
        days = [
            day for day, value in constants.holidays.items() if day.year == year and chinese[value] == name
        ]
        if days:
            lines[name] = {"放假": f"{min(days)}..{max(days)}"}
    made_up = [day for day in constants.workdays if day.year == year]
    return lines | {"春节": lines["春节"] | {"上班": made_up}}


def test_a_year_published_since_may_stay_and_a_day_that_differs_from_it_is_named():
    lines = published_notice(2025)
    entered = read_calendar({"notices": {2025: lines}})
    assert entered.is_working.tolist() == read_calendar().is_working.tolist()
    said = mistakes_of({"notices": {2025: lines | {"端午节": {"放假": "2025-05-31..2025-06-03"}}}})
    assert "2025-06-03 is off here alone: look it up in the notice" in said


def test_the_template_of_the_shipped_calendar_names_the_seven_lines_and_holds_no_date():
    text = CALENDAR_FILE.read_text(encoding="utf-8")
    lines = [line[2:] for line in text[text.index("# notices:") :].splitlines()]
    assert all("__" in line for line in lines if "放假" in line)
    [template] = yaml.safe_load("\n".join(lines))["notices"].values()
    assert list(template) == NOTICED


def test_an_as_of_beyond_the_calendar_stops_with_the_file_and_the_lines_to_fill_in():
    tickets = schema.make_tickets({"ticket_id": ["a"], "received_at": ["2025-03-03"]})
    with pytest.raises(PolicyError) as raised:
        clock(tickets, "county_default", f"{YEAR}-01-05")
    said = str(raised.value)
    assert "in parameters/calendar.yml: at its end take away the #" in said
    assert f"`{YEAR}:` and its seven lines (元旦 to 国庆节)" in said


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        (f"{YEAR - 1}-10-31 23:59", ""),
        (f"{YEAR - 1}-11-01 00:00", "距统计截止60天"),
        (f"{YEAR - 1}-12-31 23:59", "距统计截止0天"),
        (f"{YEAR}-01-01", "早于统计截止"),
    ],
)
def test_sixty_days_before_it_ends_the_calendar_warns(as_of, said):
    found = warn_calendar_end(as_of, read_calendar())
    assert said in found and bool(said) == bool(found)
    assert not found or (
        f"工作日历只到{YEAR - 1}年12月31日" in found and "parameters/calendar.yml 的 notices" in found
    )


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6) | st.integers(), inner, max_size=3)
    ),
    max_leaves=6,
)


@examples(200)
@given(st.sampled_from(list(CalendarFile.model_fields)), values)
def test_whatever_stands_in_a_calendar_is_read_or_refused_by_name(name, value):
    try:
        read_calendar({name: value})
    except PolicyError as error:
        assert name in str(error) or "calendar" in str(error)


@examples(100)
@given(st.sampled_from(NOTICED), st.sampled_from(["放假", "上班", "说明", ""]), values)
def test_whatever_stands_in_a_notice_is_read_or_refused(holiday, part, value):
    try:
        read_calendar(calendar(**{holiday: {part: value} if part else value}))
    except PolicyError as error:
        assert "notices" in str(error)
