"""The days a report covers, and the moment it is drawn up: `period` and `as_of`."""

import re
from datetime import date, datetime, time

import numpy as np
import pandas as pd
from pydantic import model_validator

from toolkit.errors import ParameterError
from toolkit.settings import SHOWN, Day, Settings

# How one span of days is written; the named parts say which.
YEAR = r"(?P<year>20\d\d)"
SPANS = [
    rf"{YEAR}年?",
    rf"{YEAR}(?:[-/.年](?P<month>\d{{1,2}})月?|(?P<month_>\d\d))",
    rf"{YEAR}(?:[-/.年](?P<month>\d{{1,2}})[-/.月](?P<day>\d{{1,2}})[日号]?|(?P<month_>\d\d)(?P<day_>\d\d))",
    rf"{YEAR}[-年]?(?:[Qq](?P<quarter>[1-4])|第?(?P<quarter_>[1-4一二三四])季度)",
    rf"{YEAR}[-年]?(?:[Hh](?P<half>[12])|(?P<half_>[上下])半年)",
]
BETWEEN = r"\.\.|至|到|~|～|—+|\bto\b"
ONE_DAY = r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d\d)(\d\d))"
CLOCK = r"(?:[T\s]+(\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?))?"


class Period(Settings):
    """From a day to a day, both included."""

    start: Day
    end: Day

    @model_validator(mode="after")
    def _in_order(self):
        if self.end < self.start:
            raise ValueError(f"the period ends ({self.end}) before it starts ({self.start})")
        return self

    def holds(self, times):
        """Which of the times fall into the period; a missing time does not."""
        end = pd.Timestamp(self.end) + pd.Timedelta(days=1)
        return times.ge(pd.Timestamp(self.start)) & times.lt(end)

    @property
    def months(self):
        """How many whole calendar months the period is; 0 when it is not made of whole months."""
        start, end = pd.Timestamp(self.start), pd.Timestamp(self.end)
        whole = start.is_month_start and end.is_month_end
        return (end.year - start.year) * 12 + end.month - start.month + 1 if whole else 0

    def before(self):
        """The period of the same kind just before: a month before a month, a quarter before a quarter, else as many days."""
        start = pd.Timestamp(self.start)
        last = start - pd.Timedelta(days=1)
        back = pd.DateOffset(months=self.months) if self.months else pd.Timedelta(days=self.days)
        return Period(start=(start - back).date(), end=last.date())

    def all_days(self):
        """Every day from first to last."""
        return pd.date_range(self.start, self.end)

    @property
    def days(self):
        """How many days the period has, both ends included."""
        return (self.end - self.start).days + 1

    def year_before(self):
        """The same days of the year before; whole months stay whole, whether February has 28 or 29 days."""
        back = pd.DateOffset(years=1)
        start, end = pd.Timestamp(self.start) - back, pd.Timestamp(self.end) - back
        if self.months:
            end += pd.offsets.MonthEnd(0)
        return Period(start=start.date(), end=end.date())

    def __str__(self):
        return f"{self.start}..{self.end}"


def parse_period(text):
    """A period from '2025', '2025-03', '2025Q1', '2025上半年', a day, or 'from..to' of two of these; or as it is.

    ParameterError for what cannot be read, and for words such as today: nothing reads the system's time.
    """
    if isinstance(text, Period):
        return text
    if isinstance(text, datetime) and text.time() == time():
        text = text.date()
    spans = [_read_span(part) for part in re.split(BETWEEN, str(text).strip(), maxsplit=1)]
    if isinstance(text, (str, int, date)) and not isinstance(text, bool) and None not in spans:
        start, end = spans[0][0], spans[-1][1]
        if start <= end:
            return Period(start=start, end=end)
        why = f"it ends ({end}) before it starts ({start})"
    else:
        why = "it is no span of days from 2000 to 2099"
    raise ParameterError(
        f"period {SHOWN.repr(text)} cannot be read ({why}): write a year 2025, a month 2025-03, "
        "a quarter 2025Q1, a half 2025上半年, a day 2025-03-01, or two days 2025-01-01..2025-06-30"
    )


def _read_span(text):
    """The first and the last day of a year, half, quarter, month or day; None where it is none of these."""
    found = next(filter(None, (re.fullmatch(span, text.strip(), re.ASCII) for span in SPANS)), None)
    if found is None:
        return None
    said = {name.rstrip("_"): value for name, value in found.groupdict().items() if value}
    year, month, months = int(said["year"]), int(said.get("month", 1)), 1 if "month" in said else 12
    if "quarter" in said:
        month, months = 3 * ("一二三四1234".index(said["quarter"]) % 4) + 1, 3
    if "half" in said:
        month, months = 6 * ("上下12".index(said["half"]) % 2) + 1, 6
    try:
        start = pd.Timestamp(year, month, int(said.get("day", 1)))
    except ValueError:  # the 13th month, the 30th of February
        return None
    return start.date(), (start if "day" in said else start + pd.offsets.MonthEnd(months)).date()


def parse_as_of(value):
    """The cut-off time of a run; a bare day such as 2025-06-30 means the end of that day.

    ParameterError for what is no day, with or without a time: a month or a number is none, nor are words such as now.
    """
    moment, is_bare_day = pd.NaT, type(value) is date
    if isinstance(value, (date, np.datetime64)):
        moment = pd.Timestamp(value)
    elif isinstance(value, str) and (found := re.fullmatch(ONE_DAY + CLOCK, value.strip(), re.ASCII)):
        *day, clock = found.groups()
        moment, is_bare_day = _read_moment(*filter(None, day), clock or "00:00"), clock is None
    if moment is pd.NaT or moment.tzinfo is not None:
        raise ParameterError(
            f"as_of {SHOWN.repr(value)} is not a local time: write 2025-06-30 or 2025-06-30 17:30"
        )
    return moment + pd.Timedelta(hours=23, minutes=59, seconds=59) if is_bare_day else moment


def _read_moment(year, month, day, clock):
    try:
        return pd.Timestamp(f"{year}-{month:0>2}-{day:0>2} {clock:0>5}")
    except ValueError:  # the 30th of February, 25 o'clock
        return pd.NaT


def say_period(period):
    """A period in words: 2025年, 2025年3月, or the two days."""
    start, end = (pd.Timestamp(day) for day in period.split(".."))
    if (start, end) == (start.replace(month=1, day=1), start.replace(month=12, day=31)):
        return f"{start.year}年"
    if (start, end) == (start.replace(day=1), start + pd.offsets.MonthEnd(0)):
        return f"{start.year}年{start.month}月"
    return f"{start:%Y-%m-%d}至{end:%Y-%m-%d}"


def say_day(moment):
    """2025年12月31日."""
    return f"{moment.year}年{moment.month}月{moment.day}日"
