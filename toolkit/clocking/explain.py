"""How a due time comes about, in a sentence an official can check with a calendar and a pencil."""

from datetime import timedelta

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.clocking import limits, workdays
from toolkit.clocking.due import EXTENDED, PLATFORM, compare_due, find_starts
from toolkit.clocking.flow_log import clip_pauses, read_history
from toolkit.clocking.policy import DAY_UNITS, read_policy
from toolkit.clocking.reworks import of_first_round
from toolkit.clocking.workdays import FIRST_DAY
from toolkit.rounding import numeral, round_half_up

WEEKDAYS = "一二三四五六日"
STARTED = {"received_at": "受理", "dispatched_at": "转办"}
COMPARED = {"平台偏早": "早于", "平台偏晚": "晚于"}
HOUR_WORDS = {"working_hours": "个工作小时", "hours": "小时", "minutes": "分钟"}
LISTED_DAYS = 31  # more days than these are told month by month


def explain_due(ticket, policy, events=None):
    """The sentence that shows how the due time of one ticket was counted, day by day.

    ticket: a clocked ticket (a row, a dict or a table of one); events: its flow log, for pauses,
    extensions and re-assignments. A pause that is still open is named and moves nothing.
    """
    one = ticket if isinstance(ticket, pd.DataFrame) else pd.DataFrame([dict(ticket)])
    typed = schema.make_tickets(one[[name for name in schema.names() if name in one]])
    clocked = {name: one[name] for name in (column.name for column in schema.CLOCK) if name in one}
    return explain_dues(typed.assign(**clocked), policy, events).iloc[0]


def _until(tickets, events):
    """Until when a pause that is still open lasts: the verdict, or the end of the log for tickets not clocked."""
    if "judged_at" in tickets:
        return schema.judged_at(tickets)
    return pd.NaT if events is None else events["at"].max()


def explain_dues(tickets, policy, events=None):
    """The same for every ticket of a clocked table."""
    policy = read_policy(policy)
    history = read_history(events, tickets, _until(tickets, events))
    clipped = (
        clip_pauses(history.pauses, tickets["answered_until"]) if _is_clocked(tickets) else history.pauses
    )
    history = history._replace(
        pauses=clipped[clipped["resumed_at"].notna()],
        approvals=of_first_round(history.approvals, history),
    )
    starts = find_starts(tickets, policy, history)
    which = limits.fitting_limits(tickets, policy.reply_limits)
    base = limits.due_times(tickets, starts, policy.reply_limits, policy, history.pauses)
    due, used, _ = limits.extend(base, tickets, policy, history.approvals, history.pauses)
    more = limits.fitting_limits(tickets, policy.extension_limits)
    started = np.full(len(tickets), STARTED[policy.starts_from], dtype="object")
    if policy.reassignment == "new_clock":
        started[history.held_from.index] = "改派"
    pauses = {row: turn.assign(row=0) for row, turn in history.pauses.groupby("row")}

    begun_at = np.asarray(starts, dtype="datetime64[us]").copy()
    for number, limit in enumerate(policy.reply_limits):
        begun_at[which == number] = limits.begin(begun_at[which == number], limit, policy.workdays)
    moments = (np.asarray(times, dtype="datetime64[us]").tolist() for times in (starts, begun_at, due))

    known, said = {}, []
    for row, (start, begun, end) in enumerate(zip(*moments, strict=True)):
        number, word = which[row], started[row]
        if start is None or number < 0 or end is None:
            said.append(_say_why_not(start, number, word))
            continue
        limit, paused = policy.reply_limits[number], pauses.get(row)
        # Limits in days are told alike for all that came on the same day.
        key = (begun.date(), number) if limit.unit in DAY_UNITS and paused is None else (row,)
        if key not in known:
            known[key] = _say_limit(begun, limit, policy, paused)
        steps = [_say_start(start, begun, word, end, policy) + known[key]]
        if used[row]:
            extension = policy.extension_limits[more[row]]
            steps.append(_say_extensions(base[row], used[row], extension, policy, paused))
        said.append("；".join(steps) + f"；应于{_moment(end, with_year=True)}前")
    ends = tickets["answered_by"].map(schema.ANSWERS) if "answered_by" in tickets else "答复"
    told = pd.Series(said, index=tickets.index, dtype="str")
    has_due = told.str.endswith("前")
    return told.mask(has_due, told + ends) + _say_whose(tickets, due) + _say_stand(tickets, clipped) + "。"


def _is_clocked(tickets):
    return "answered_until" in tickets


def _say_stand(tickets, pauses):
    """'；3月14日8:00起挂账，未见恢复', and how late it is where a pause came after the due time."""
    said = pd.Series("", index=tickets.index, dtype="str")
    for row, begun in pauses.loc[pauses["resumed_at"].isna(), ["row", "paused_at"]].itertuples(index=False):
        said.iloc[row] = f"；{_moment(begun)}起挂账，未见恢复"
    if not _is_clocked(tickets):
        return said
    due = tickets["due_at"].iloc[pauses["row"]].set_axis(pauses.index)
    rows = pauses.loc[~(pauses["resumed_at"] <= due), "row"].unique()
    late = tickets["overdue_days"].iloc[rows].dropna()
    late = "；截止后挂账的工作日不计，超期" + late.astype("str") + "个工作日"
    return said + late.reindex(tickets.index).fillna("").astype("str")


def _say_why_not(start, number, started):
    if start is None:
        return f"没有{started}时间，本办法时限无从起算"
    return "本办法没有适用的时限" if number < 0 else f"{_moment(start, True)}{started}，时限超出工作日历"


def _say_start(start, begun, started, due, policy):
    same_year = start.year == due.year
    said = f"{_moment(start, not same_year)}{started}{_remark(start.date(), policy.workdays)}"
    if begun.date() != start.date():
        said += f"，视为{_day(begun.date())}到"
    elif begun != start:
        said += f"，自{begun.hour}:{begun:%M}上班起算"
    return said + "，"


# --- the limit itself ------------------------------------------------------------------------------


def _say_limit(begun, limit, policy, paused):
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
    return "、".join(f"{_day(day)}{_remark(day, calendar)}{_hours(hour)}" for day, hour in taken)


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
        return f"{_day(days[0])}至{_day(days[-1])}"
    if len(days) > LISTED_DAYS:
        months = pd.Series(1, index=pd.PeriodIndex(days, freq="M")).groupby(level=0).sum()
        return "、".join(f"{month.year}年{month.month}月{count}个" for month, count in months.items())
    said, month = [], None
    for day in days:
        said.append((_day(day) if day.month != month else f"{day.day}日") + _remark(day, calendar))
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
        until = f"至{_day(ends)}" if len(off) > 1 else ""
        said.append(f"{name}{_day(begins)}{until}放假{numeral(len(off))}天")
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
    return "、".join(f"{_moment(turn.paused_at)}至{_moment(turn.resumed_at)}" for turn in paused.itertuples())


def _say_extensions(due, times, limit, policy, paused):
    """'延期一次，加三个工作日：6月11日、12日、13日'."""
    parts = []
    for _ in range(times):
        parts.append(_say_limit(due.item(), limit, policy, None).removeprefix("自次日起"))
        due = limits.add_limit(np.array([due], dtype="datetime64[us]"), limit, policy, paused)[0]
    return f"延期{numeral(times)}次，加" + "，再加".join(parts)


def _say_whose(tickets, due):
    """Whether the platform's due time judges, and how it compares with ours."""
    ours = pd.Series(due, index=tickets.index, dtype="datetime64[us]")
    if "due_source" not in tickets:
        return pd.Series("", index=tickets.index)
    compared = compare_due(tickets["platform_due_at"], ours)
    said = []
    times = (tickets[name].to_numpy("datetime64[us]").tolist() for name in ("due_at", "platform_due_at"))
    for source, judged, platform, gap in zip(tickets["due_source"], *times, compared, strict=True):
        if source == PLATFORM and gap == schema.SAME_DUE:
            said.append("；平台截止时间相同")
        elif source == PLATFORM:
            differs = f"，{COMPARED[gap]}本办法" if gap in COMPARED else ""
            said.append(f"；平台截止时间为{_moment(platform, True)}{differs}，以平台为准")
        elif source == EXTENDED and platform is not None:
            said.append(
                f"；平台截止时间为{_moment(platform, True)}，延期至{_moment(judged, True)}，以延期为准"
            )
        else:
            said.append("")
    return pd.Series(said, index=tickets.index, dtype="str")


# --- words -----------------------------------------------------------------------------------------


def _moment(moment, with_year=False):
    return f"{moment.year}年" * with_year + f"{_day(moment)}{moment.hour}:{moment.minute:02d}"


def _day(day):
    return f"{day.month}月{day.day}日"


def _clock(microseconds):
    minutes = microseconds // 60_000_000
    return f"{minutes // 60}:{minutes % 60:02d}"


def _remark(day, calendar):
    """（周六，调休上班）for a day that is not what its weekday would have it; '' for a plain working day."""
    name = workdays.name_of_day(calendar, day)
    if name or day.weekday() >= 5:
        return f"（周{WEEKDAYS[day.weekday()]}{'，' if name else ''}{name}）"
    return ""
