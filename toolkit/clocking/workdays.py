"""Working days and office hours: the official calendar, the county's own changes to it, and counting in it.

A calendar is an array of days, so that counting for a million tickets is looking up. Times are cut to
days and back with whole-number arithmetic on microseconds.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import chinese_calendar
import numpy as np
import pandas as pd

from toolkit.clocking.calendar_file import CALENDAR_FILE, FIRST_DAY, CalendarFile, read_calendar_file
from toolkit.errors import PolicyError
from toolkit.settings import typed_settings

GUESSED_YEARS = 20  # how far Monday to Friday is carried on where a policy asks for it by name
DAY = np.timedelta64(1, "D") // np.timedelta64(1, "us")  # a day in microseconds
MISSING = np.datetime64("NaT", "us")
HOLIDAY_NAMES = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}
WARN_DAYS = 60  # before the calendar ends


@dataclass(frozen=True, eq=False)
class Calendar:
    """Working days from FIRST_DAY on, and the office hours of a working day.

    `upto` counts working days up to and including each day; `working` is the day number of the n-th
    one; from day number `published` on, days are guessed. `spans` are the office hours in microseconds.
    """

    file: CalendarFile
    is_working: np.ndarray
    upto: np.ndarray
    working: np.ndarray
    published: int
    spans: tuple

    @property
    def last_day(self):
        """The last day that is not guessed."""
        return FIRST_DAY + self.published - 1

    @property
    def hours_a_day(self):
        """Office hours of a working day, in microseconds."""
        return sum(end - start for start, end in self.spans)

    @property
    def cut_off(self):
        """From when on an arrival counts as the next working day's, in microseconds of the day."""
        return of_day(self.file.cut_off_at or self.file.closes_at)


def of_day(clock_time):
    """A time of day in microseconds since midnight."""
    return (clock_time.hour * 3600 + clock_time.minute * 60 + clock_time.second) * 1_000_000


def read_calendar(calendar=CALENDAR_FILE, beyond="stop"):
    """The calendar of a file, of a dict, or of CalendarFile settings.

    beyond: "stop" where the published years end the calendar; "weekdays" carries Monday to Friday on,
    and what rests on it is marked. Raises PolicyError naming every mistake.
    """
    if isinstance(calendar, (str, Path)):
        calendar = read_calendar_file(calendar)
    elif not isinstance(calendar, CalendarFile):
        calendar = typed_settings(CalendarFile, calendar, "the calendar", PolicyError)
    return _build_calendar(calendar.model_dump_json(by_alias=True), beyond)


@cache
def _build_calendar(settings, beyond: Literal["stop", "weekdays"]):
    """Kept, because every policy read asks for it; the settings as text, because a dict is no key."""
    file = CalendarFile.model_validate_json(settings)
    end = np.datetime64(f"{file.last_year + (GUESSED_YEARS if beyond == 'weekdays' else 0)}-12-31")
    days = np.arange(FIRST_DAY, end + 1)
    is_working = np.is_busday(days)
    published = chinese_calendar.constants
    for changed, works in (
        (published.holidays, False),
        (published.workdays, True),
        (file.noticed_off, False),
        (file.noticed_works, True),
        (file.days_off, False),
        (file.working_days, True),
    ):
        is_working[np.isin(days, np.array(list(changed), dtype="datetime64[D]"))] = works
    hours = [file.opens_at, file.lunch_from, file.lunch_to, file.closes_at]
    edges = [of_day(hour) for hour in hours if hour is not None]
    return Calendar(
        file=file,
        is_working=is_working,
        upto=is_working.cumsum(dtype="int32"),
        working=np.flatnonzero(is_working).astype("int32"),
        published=int((np.datetime64(f"{file.last_year}-12-31") - FIRST_DAY).astype(int)) + 1,
        spans=tuple(zip(edges[::2], edges[1::2], strict=True)),
    )


def warn_calendar_end(as_of, calendar):
    """A sentence where the calendar ends within 60 days of `as_of`, or has ended; '' where it reaches further."""
    left = int((calendar.last_day - np.datetime64(as_of, "D")).astype(int))
    if left > WARN_DAYS:
        return ""
    end, year = calendar.last_day.astype(object), calendar.last_day.astype(object).year + 1
    ends = f"距统计截止{left}天" if left >= 0 else "早于统计截止"
    return (
        f"工作日历只到{end.year}年{end.month}月{end.day}日，{ends}；{year}年放假安排公布后，请按通知填入 "
        f"parameters/calendar.yml 的 notices。此前凡时限跨入{year}年的，按工作日计的截止时间不作推算，时限办法写明推算的除外。"
    )


def name_of_day(calendar, day):
    """What a day that is not as its weekday would have it is called: 春节, 调休上班, 周六; '' on a plain one."""
    file, constants = calendar.file, chinese_calendar.constants
    if day in file.working_days:
        return file.working_days[day] or "本地上班"
    if day in file.days_off:
        return file.days_off[day] or "本地放假"
    if day in constants.workdays or day in file.noticed_works:
        return "调休上班"
    if day in file.noticed_off:
        return file.noticed_off[day]
    return HOLIDAY_NAMES[constants.holidays[day]] if day in constants.holidays else ""


# --- days and moments ------------------------------------------------------------------------------


def split_days(times, calendar):
    """Each time as its day's number and the microseconds since its midnight; and which the calendar covers.

    A single time is a column of one. What is missing or outside gets day 0 and is not covered.
    """
    moments = np.atleast_1d(np.asarray(times, dtype="datetime64[us]"))
    since = (moments - FIRST_DAY.astype("datetime64[us]")).view("int64")
    days = since // DAY
    covered = (days >= 0) & (days < len(calendar.is_working))  # NaT is the smallest number there is
    if not covered.all():
        days, since = np.where(covered, days, 0), np.where(covered, since, 0)
    return days, since - days * DAY, covered


def to_moments(days, of_day_us, covered):
    """The moments again, missing where not covered."""
    moments = FIRST_DAY.astype("datetime64[us]") + (days.astype("int64") * DAY + of_day_us)
    return moments if covered.all() else np.where(covered, moments, MISSING)


def day_of_nth_working(calendar, at):
    """The day number of the working days at those places of the calendar, and which of them it holds."""
    held = (at >= 0) & (at < len(calendar.working))
    return calendar.working[np.where(held, at, 0)], held


def next_working_day(calendar, days):
    """The first working day on or after each day, and which of them the calendar holds."""
    return day_of_nth_working(calendar, calendar.upto[days] - calendar.is_working[days])


def count_working_days(start, end, calendar=None):
    """Working days after the day of `start` up to the day of `end`; missing where either is unknown.

    The same day counts 0; an end before the start counts 0 or less.
    """
    calendar = calendar or read_calendar()
    (first, _, first_known), (last, _, last_known) = (split_days(side, calendar) for side in (start, end))
    index = next(side.index for side in (start, end) if isinstance(side, pd.Series))
    days = pd.Series(calendar.upto[last] - calendar.upto[first], index=index)
    return days.where(first_known & last_known).astype("Int64")


# --- office time -----------------------------------------------------------------------------------


def office_time(times, calendar):
    """Office hours passed since FIRST_DAY, in microseconds, and which times the calendar covers."""
    days, moment, covered = split_days(times, calendar)
    passed = sum(np.clip(moment - start, 0, end - start) for start, end in calendar.spans)
    is_working = calendar.is_working[days]
    full_days = (calendar.upto[days] - is_working).astype("int64")
    return full_days * calendar.hours_a_day + passed * is_working, covered


def at_office_time(passed, covered, calendar):
    """The first moment at which so much office time has passed: the end of a day rather than the next morning."""
    passed = np.asarray(passed, dtype="int64")
    place = np.maximum(passed - 1, 0) // calendar.hours_a_day
    rest = passed - place * calendar.hours_a_day
    days, held = day_of_nth_working(calendar, place)
    (opens, first_end), *more = calendar.spans
    moment = opens + rest
    gone = first_end - opens
    for start, end in more:
        moment = np.where(rest > gone, start + rest - gone, moment)
        gone += end - start
    return to_moments(days, moment, covered & held)


def count_office_hours(start, end, calendar=None):
    """Office hours between two times, as a number; missing where either is unknown or outside the calendar."""
    calendar = calendar or read_calendar()
    (begun, begun_known), (done, done_known) = (office_time(side, calendar) for side in (start, end))
    index = next(side.index for side in (start, end) if isinstance(side, pd.Series))
    hours = pd.Series((done - begun) / 3_600_000_000, index=index, dtype="Float64")
    return hours.where(begun_known & done_known)
