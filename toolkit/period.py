"""The days a report covers, and the moment it is drawn up: `period` and `as_of`."""

from datetime import date

import pandas as pd
from pydantic import model_validator

from toolkit.errors import ParameterError
from toolkit.settings import Settings, first_line


class Period(Settings):
    """From a day to a day, both included."""

    start: date
    end: date

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
    """A period from '2025', '2025-03' or '2025-01-01..2025-06-30', or as it is."""
    if isinstance(text, Period):
        return text
    first, _, last = str(text).partition("..")
    try:
        if pd.Period(first).year < 2000:
            raise ValueError("no year")
        return Period(start=pd.Period(first).start_time.date(), end=pd.Period(last or first).end_time.date())
    except ValueError as error:
        raise ParameterError(
            f"period '{text}' cannot be read ({first_line(error)}): "
            "write a year 2025, a month 2025-03, or two days 2025-01-01..2025-06-30"
        ) from None


def parse_as_of(value):
    """The cut-off time of a run; a bare day such as 2025-06-30 means the end of that day."""
    try:
        moment = pd.Timestamp(value)
    except ValueError:
        moment = pd.NaT
    if moment is pd.NaT or moment.tzinfo is not None:
        raise ParameterError(f"as_of '{value}' is not a local time: write 2025-06-30 or 2025-06-30 17:30")
    is_bare_day = type(value) is date or (isinstance(value, str) and len(value.strip()) <= len("2025-06-30"))
    return moment + pd.Timedelta(hours=23, minutes=59, seconds=59) if is_bare_day else moment


def say_period(period):
    """A period in words: 2025年, 2025年3月, or the two days."""
    start, end = (pd.Timestamp(day) for day in period.split(".."))
    if (start, end) == (start.replace(month=1, day=1), start.replace(month=12, day=31)):
        return f"{start.year}年"
    if (start, end) == (start.replace(day=1), start + pd.offsets.MonthEnd(0)):
        return f"{start.year}年{start.month}月"
    return f"{start:%Y-%m-%d}至{end:%Y-%m-%d}"
