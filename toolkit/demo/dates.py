"""The demo county's calendar: its working days, office hours and due times, and until when its data go."""

from datetime import date

import chinese_calendar
import numpy as np
import pandas as pd

AS_OF = pd.Timestamp("2025-12-31 18:00")
LAST_DAYS = pd.Timestamp("2025-12-25")  # most of what came since is still open
REPLY_DAYS = {"咨询": 3, "求助": 5, "投诉": 5, "举报": 15, "建议": 5}
WORKDAYS = np.array(chinese_calendar.get_workdays(date(2023, 12, 1), date(2026, 2, 28)), "datetime64[D]")
OPENS, REOPENS, CLOSES, HALF_DAY = 510, 840, 1050, 210  # minutes: 8:30, 14:00, 17:30 and 3.5 hours


def minutes(count):
    """So many minutes as time spans."""
    return np.asarray(count).astype("int").astype("timedelta64[m]")


def day_end(times, days):
    """The end of office hours so many working days after each time's day."""
    last = np.searchsorted(WORKDAYS, times.to_numpy("datetime64[D]"), side="right") + days - 1
    return pd.Series(WORKDAYS[last] + minutes(CLOSES), times.index).astype("datetime64[us]")


def due_times(tickets):
    """When each ticket is to be answered, as the platform counts."""
    return day_end(tickets["received_at"], tickets["type"].map(REPLY_DAYS))


def office_clock(times):
    """The office minutes passed until each time."""
    days = times.to_numpy("datetime64[D]")
    minute = (times.to_numpy("datetime64[m]") - days).astype("int")
    passed = np.clip(minute - OPENS, 0, HALF_DAY) + np.clip(minute - REOPENS, 0, HALF_DAY)
    return np.searchsorted(WORKDAYS, days) * 2 * HALF_DAY + np.where(np.isin(days, WORKDAYS), passed, 0)


def office_time(clock):
    """The time at which so many office minutes have passed."""
    day, minute = np.divmod(np.asarray(clock).astype("int"), 2 * HALF_DAY)
    noon = np.where(minute < HALF_DAY, 0, REOPENS - OPENS - HALF_DAY)
    return (WORKDAYS[day] + minutes(OPENS + minute + noon)).astype("datetime64[us]")
