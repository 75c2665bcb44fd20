"""How a limit is counted, in words: the days it takes, holidays and pauses among them, extensions after it."""

from datetime import timedelta

import numpy as np
import pandas as pd

from toolkit.clocking import limits, workdays
from toolkit.clocking.policy import DAY_UNITS
from toolkit.clocking.workdays import FIRST_DAY
from toolkit.rounding import numeral, round_half_up

WEEKDAYS = "一二三四五六日"
HOUR_WORDS = {"working_hours": "个工作小时", "hours": "小时", "minutes": "分钟"}
LISTED_DAYS = 31  # more days than these are told month by month


def say_limit(begun, limit, policy, paused):
    """'自次日起五个工作日：1月27日、2月5日…；春节1月28日至2月4日放假八天', or the hours."""
    if limit.unit in DAY_UNITS:
        if limit.amount == 0:
            return "当日为限"
        days = _counted_days(begun, limit, policy, paused)
        since = "当日" if limit.first_day_counts else "次日"
        counted = (
            f"自{since}起{numeral(limit.amount)}{'个工作日' if limit.unit == 'working_days' else '天'}："
        )
        listed = _list_days(days, policy.workdays, limit.unit)
        parts = [counted + listed, *_say_holidays(begun.date(), days[-1], limit.unit, policy.workdays)]
        return "；".join([*parts, *_say_paused_days(paused, days, begun, limit, policy)])
    length = f"{limit.amount:g}{HOUR_WORDS[limit.unit]}"
    if limit.unit != "working_hours":
        return "；".join([f"{length}（不分昼夜、不分假日）", *_say_paused_hours(paused)])
    due = limits.add_limit(np.array([begun], dtype="datetime64[us]"), limit, policy, paused)[0]
    office = "、".join(f"{_clock(start)}至{_clock(end)}" for start, end in policy.workdays.spans)
    parts = [f"{length}（办公时间{office}）"]
    if paused is None:
        parts[0] += f"：{_list_hours(pd.Timestamp(begun), pd.Timestamp(due), policy.workdays)}"
    parts += _say_holidays(begun.date(), pd.Timestamp(due).date(), limit.unit, policy.workdays)
    return "；".join([*parts, *_say_paused_hours(paused, policy.workdays)])


def _list_hours(begun, due, calendar):
    """'6月3日1小时、4日3小时': how much of the limit each day takes."""
    days = pd.Series(pd.date_range(begun.normalize(), due.normalize()))
    starts = days.clip(lower=begun)
    ends = (days + pd.Timedelta(days=1)).clip(upper=due)
    hours = workdays.count_office_hours(starts, ends, calendar)
    taken = [(day.date(), hour) for day, hour in zip(days, hours, strict=True) if hour > 0]
    return "、".join(f"{say_day(day)}{remark_on(day, calendar)}{_hours(hour)}" for day, hour in taken)


def _hours(hours):
    """3小时, 1小时30分."""
    minutes = int(round_half_up(hours * 60, 0))
    return f"{minutes // 60}小时" * (minutes >= 60) + f"{minutes % 60}分" * (minutes % 60 > 0)


def _counted_days(begun, limit, policy, paused):
    """The days of a limit: the last days of limits of one day, two days, and so on."""
    shorter = [limit.model_copy(update={limit.unit: count}) for count in range(1, limit.amount + 1)]
    moment = np.array([begun], dtype="datetime64[us]")
    return [pd.Timestamp(limits.add_limit(moment, one, policy, paused)[0]).date() for one in shorter]


def _list_days(days, calendar, unit):
    if unit == "calendar_days" and len(days) > 1 and (days[-1] - days[0]).days == len(days) - 1:
        return f"{say_day(days[0])}至{say_day(days[-1])}"
    if len(days) > LISTED_DAYS:
        months = pd.Series(1, index=pd.PeriodIndex(days, freq="M")).groupby(level=0).sum()
        return "、".join(f"{month.year}年{month.month}月{count}个" for month, count in months.items())
    said, month = [], None
    for day in days:
        said.append((say_day(day) if day.month != month else f"{day.day}日") + remark_on(day, calendar))
        month = day.month
    return "、".join(said)


def _say_holidays(first, last, unit, calendar):
    """The named days off between two days, stretch by stretch; calendar days do not skip them."""
    if unit == "calendar_days":
        return []
    start, said = (np.datetime64(first) - FIRST_DAY).astype(int), []
    working = calendar.is_working[start : start + (last - first).days + 1]
    stretches = [[]]  # unbroken runs of days off that have a name
    for number in np.flatnonzero(~working).tolist():
        day = first + timedelta(days=number)
        name = workdays.name_of_day(calendar, day)
        if stretches[-1] and (not name or stretches[-1][-1][0] != day - timedelta(days=1)):
            stretches.append([])
        if name:
            stretches[-1].append((day, name))
    for off in filter(None, stretches):
        (begins, _), (ends, _) = off[0], off[-1]
        name = "、".join(dict.fromkeys(name for _, name in off))
        until = f"至{say_day(ends)}" if len(off) > 1 else ""
        said.append(f"{name}{say_day(begins)}{until}放假{numeral(len(off))}天")
    return said


def _say_paused_days(paused, days, begun, limit, policy):
    """'6月4日15:00至6月6日10:00挂账，不计一个工作日（6月5日）'."""
    if paused is None:
        return []
    span = pd.date_range(days[0] if limit.first_day_counts else begun.date(), days[-1])
    if not limit.first_day_counts:
        span = span[1:]
    number = (span.to_numpy().astype("datetime64[D]") - FIRST_DAY).astype(int)
    counting = span if limit.unit == "calendar_days" else span[policy.workdays.is_working[number]]
    skipped = [day.date() for day in counting if day.date() not in days]
    listed = f"（{_list_days(skipped, policy.workdays, 'working_days')}）" if skipped else ""
    unit = "个工作日" if limit.unit == "working_days" else "天"
    return [f"{_list_pauses(paused)}挂账，不计{numeral(len(skipped))}{unit}{listed}"]


def _say_paused_hours(paused, calendar=None):
    """'6月4日15:00至6月6日10:00挂账，不计43小时', in office hours where a calendar is given."""
    if paused is None:
        return []
    if calendar:
        hours = workdays.count_office_hours(paused["paused_at"], paused["resumed_at"], calendar).sum()
    else:
        hours = (paused["resumed_at"] - paused["paused_at"]).sum() / pd.Timedelta(hours=1)
    return [f"{_list_pauses(paused)}挂账，不计{'办公时间' if calendar else ''}{_hours(hours)}"]


def _list_pauses(paused):
    return "、".join(
        f"{say_moment(turn.paused_at)}至{say_moment(turn.resumed_at)}" for turn in paused.itertuples()
    )


def say_extensions(due, times, limit, policy, paused):
    """'延期一次，加三个工作日：6月11日、12日、13日'."""
    parts = []
    for _ in range(times):
        parts.append(say_limit(due.item(), limit, policy, None).removeprefix("自次日起"))
        due = limits.add_limit(np.array([due], dtype="datetime64[us]"), limit, policy, paused)[0]
    return f"延期{numeral(times)}次，加" + "，再加".join(parts)


# --- words -----------------------------------------------------------------------------------------


def say_moment(moment, with_year=False):
    """'6月4日15:00', with the year before it where asked."""
    return f"{moment.year}年" * with_year + f"{say_day(moment)}{moment.hour}:{moment.minute:02d}"


def say_day(day):
    """'6月4日'."""
    return f"{day.month}月{day.day}日"


def _clock(microseconds):
    minutes = microseconds // 60_000_000
    return f"{minutes // 60}:{minutes % 60:02d}"


def remark_on(day, calendar):
    """（周六，调休上班）for a day that is not what its weekday would have it; '' for a plain working day."""
    name = workdays.name_of_day(calendar, day)
    if name or day.weekday() >= 5:
        return f"（周{WEEKDAYS[day.weekday()]}{'，' if name else ''}{name}）"
    return ""
