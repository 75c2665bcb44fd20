"""calendar.yml: office hours, the county's own days, and years entered by hand from the State Council's notice."""

from datetime import date, time
from functools import cached_property
from itertools import pairwise
from typing import Annotated

import chinese_calendar
import numpy as np
from pydantic import BeforeValidator, Field, model_validator

from toolkit.errors import PolicyError, nearest
from toolkit.period import Period, parse_period
from toolkit.settings import PROJECT, ClockTime, Day, Settings, project_path, read_settings
from toolkit.words.holidays import FIXED, NOTICED, SHORT

CALENDAR_FILE = PROJECT / "parameters" / "calendar.yml"
FIRST_DAY = np.datetime64("2004-01-01")
LONGEST = 15  # days a holiday lasts at most: more is a slip of the pen
EARLIEST = (12, 25)  # 元旦 may begin, and be worked for, in the last days of the year before


def _named_days(values):
    """Day → name, from a mapping or from a bare list of days."""
    if isinstance(values, dict):
        return {day: "" if name is None else name for day, name in values.items()}
    return {str(day): "" for day in values} if isinstance(values, list) else values


def _span(value):
    return value if isinstance(value, dict) else parse_period(value)


def _listed(value):
    return [value] if isinstance(value, (str, date)) else value


def _under_full_names(lines):
    return {SHORT.get(name, name): line for name, line in lines.items()} if isinstance(lines, dict) else lines


NamedDays = Annotated[dict[Day, str], BeforeValidator(_named_days)]
Year = Annotated[int, Field(ge=2004, le=2099)]


class Holiday(Settings):
    """One line of a notice: 放假 from..to and the make-up working days 上班, or 说明 why it has no days of its own."""

    off: Annotated[Period, BeforeValidator(_span)] | None = Field(None, alias="放假")
    works: Annotated[list[Day], BeforeValidator(_listed)] = Field([], alias="上班")
    why: str = Field("", alias="说明")

    def days_off(self):
        """The days from first to last."""
        return [day.date() for day in self.off.all_days()] if self.off else []


Notice = Annotated[dict[str, Holiday], BeforeValidator(_under_full_names)]


class CalendarFile(Settings):
    """calendar.yml: office hours, what the county adds to the published calendar, and years entered by hand."""

    opens_at: ClockTime = time(8, 30)
    lunch_from: ClockTime | None = time(12, 0)
    lunch_to: ClockTime | None = time(14, 0)
    closes_at: ClockTime = time(17, 30)
    cut_off_at: ClockTime | None = None
    years: list[Year] = []
    days_off: NamedDays = {}
    working_days: NamedDays = {}
    notices: dict[Year, Notice] = {}

    @model_validator(mode="after")
    def _fits_together(self):
        mistakes = [*self._list_hour_mistakes(), *self._list_year_mistakes()]
        both = sorted(set(self.days_off) & set(self.working_days))
        mistakes += [f"{day} is both a day off and a working day: keep one" for day in both]
        for year, lines in self.notices.items():
            mistakes += [f"notices.{year}: {wrong}" for wrong in list_notice_mistakes(year, lines)]
        if mistakes:
            raise ValueError("; ".join(mistakes))
        return self

    def _list_hour_mistakes(self):
        if (self.lunch_from is None) != (self.lunch_to is None):
            yield "give both lunch_from and lunch_to, or neither"
        hours = [self.opens_at, self.lunch_from, self.lunch_to, self.closes_at]
        given = [hour for hour in hours if hour is not None]
        if any(later <= earlier for earlier, later in pairwise(given)):
            yield "office hours must follow each other: opens_at, lunch_from, lunch_to, closes_at"
        if self.cut_off_at and not self.opens_at < self.cut_off_at <= self.closes_at:
            yield "cut_off_at must lie within office hours"

    def _list_year_mistakes(self):
        last = last_published_year()
        entered = {*self.years, *self.notices}
        for year in sorted(set(range(last + 1, self.last_year + 1)) - entered):
            yield f"years: {year} is missing before {self.last_year}: add it"
        for year in self.years:
            if year > last and year not in self.notices and year not in {day.year for day in self.days_off}:
                yield f"years: {year} is listed, but days_off names no holiday of {year}: list them all first"
        first = FIRST_DAY.astype(object).year
        for day in sorted({*self.days_off, *self.working_days}):
            if not first <= day.year <= self.last_year:
                yield (
                    f"{day} lies outside the years {first} to {self.last_year}: add {day.year} to years "
                    f"once all its days off and working days are listed, or update chinesecalendar"
                )

    @property
    def last_year(self):
        """The last year whose holidays are known: published, or entered by hand."""
        return max([last_published_year(), *self.years, *self.notices])

    @cached_property
    def noticed_off(self) -> dict:
        """Day off → holiday, of the notices entered by hand."""
        lines = [line for lines in self.notices.values() for line in lines.items()]
        return {day: name for name, holiday in lines for day in holiday.days_off()}

    @cached_property
    def noticed_works(self) -> list:
        """The make-up working days of the notices entered by hand."""
        return [day for lines in self.notices.values() for holiday in lines.values() for day in holiday.works]


def list_notice_mistakes(year, lines):
    """What cannot be right about a year's notice as it was entered: holiday → Holiday."""
    for name in lines:
        if name not in NOTICED:
            yield f"'{name}' is none of {'、'.join(NOTICED)}.{nearest(name, NOTICED)}"
    for name in NOTICED:
        if name not in lines or not (lines[name].off or lines[name].why):
            yield f"{name} is missing: give its days off (放假), or say why it has none of its own (说明)"
    off = {day for holiday in lines.values() if _is_short(holiday) for day in holiday.days_off()}
    works = [day for holiday in lines.values() for day in holiday.works]
    for name, holiday in lines.items():
        yield from _list_line_mistakes(year, name, holiday)
    for name, day in FIXED.items():
        if name in lines and lines[name].off and date(year, *day) not in off:
            yield f"{name} leaves out {date(year, *day)}: look its days up again"
    for day in sorted(off & set(works)):
        yield f"{day} is both a day off and a working day: keep one"
    for day in sorted({day for day in works if works.count(day) > 1}):
        yield f"{day} is worked twice: keep one"
    if year <= last_published_year() and not list(lines.keys() - set(NOTICED)):
        yield from _list_differences(year, off, works)


def _is_short(holiday):
    return bool(holiday.off) and holiday.off.days <= LONGEST


def _list_line_mistakes(year, name, holiday):
    if holiday.off and not _is_short(holiday):
        yield f"{name} 放假 {holiday.off} is {holiday.off.days} days: expected {LONGEST} at most"
    first = date(year - 1, *EARLIEST) if name == NOTICED[0] else date(year, 1, 1)
    days = [*holiday.works, *([holiday.off.start, holiday.off.end] if holiday.off else [])]
    for day in sorted(set(days)):
        if not first <= day <= date(year, 12, 31):
            yield f"{name} {day} is no day of {year}"
    for day in holiday.works:
        if day.weekday() < 5:
            yield f"{name} 上班 {day} is no Saturday or Sunday: only these are made up for"


def _list_differences(year, off, works):
    """Where a notice entered by hand is not what has been published since."""
    published = chinese_calendar.constants
    for own, theirs, what in ((off, published.holidays, "off"), (works, published.workdays, "worked")):
        for day in sorted(_days_of(year, own) ^ _days_of(year, theirs)):
            where = "here" if day in own else "in chinesecalendar"
            yield f"{day} is {what} {where} alone: look it up in the notice"


def _days_of(year, days):
    """The days a year's own notice speaks of: its last ones may belong to the next year's 元旦."""
    return {day for day in days if day.year == year and (day.month, day.day) < EARLIEST}


def last_published_year():
    """The last year whose holidays chinesecalendar holds."""
    return max(day.year for day in chinese_calendar.constants.holidays)


def read_calendar_file(path):
    """The settings of a calendar's file; PolicyError names every mistake."""
    return read_settings(CalendarFile, project_path(path), PolicyError)
