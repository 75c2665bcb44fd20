"""线索：群众诉求。Places with many tickets, days with far more receipts than such days have, townships with full days."""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.clocking.workdays import FIRST_DAY
from toolkit.flagging.facts import is_demand, is_heard, matter_codes, name_places
from toolkit.flagging.rule import findings_about, rule
from toolkit.flagging.rules.callers import GROUP
from toolkit.flagging.watch import join_codes
from toolkit.flagging.windows import roll
from toolkit.rounding import round_half_up

WEEKS_BEFORE = 8
LEAST_DAYS = 10  # days of the same kind that make a baseline
BEFORE_NEW_YEAR, AFTER_NEW_YEAR = 14, 8
NEW_YEARS = np.array(  # 春节初一; a year not listed has no 春节前后 of its own
    [
        *["2004-01-22", "2005-02-09", "2006-01-29", "2007-02-18", "2008-02-07", "2009-01-26", "2010-02-14"],
        *["2011-02-03", "2012-01-23", "2013-02-10", "2014-01-31", "2015-02-19", "2016-02-08", "2017-01-28"],
        *["2018-02-16", "2019-02-05", "2020-01-25", "2021-02-12", "2022-02-01", "2023-01-22", "2024-02-10"],
        *["2025-01-29", "2026-02-17", "2027-02-06", "2028-01-26", "2029-02-13", "2030-02-03", "2031-01-23"],
        *["2032-02-11", "2033-01-31", "2034-02-19", "2035-02-08"],
    ],
    dtype="datetime64[D]",
)
KINDS = {0: "休息日", 1: "工作日", 2: "春节前后"}


@rule(
    "热点地点",
    GROUP,
    needs=["township", "category", "received_at"],
    ladder="一律为黄",
    source="县乡报告“加强信息排查”；件数、日数为常用查法，待本县核定",
    guard="按属地和地址，未填地址的按属地另计；咨询、表扬，作废、撤单的不计",
    thresholds=["hot_spot_count", "hot_spot_days"],
    about="unit",
    asks_review=True,
    tells=["address"],
)
def hot_spot(watch):
    """同一地点（属地和地址，未填地址的按属地）同一分类{hot_spot_days}日内有{hot_spot_count}件及以上诉求，每处列最多的一段。"""
    tickets, limits = watch.tickets, watch.limits
    spots = np.where(is_demand(watch), matter_codes(watch), -1)
    windows = roll(spots, tickets["received_at"], limits.hot_spot_days, limits.hot_spot_count)
    fullest = pd.Series(windows.count).groupby(windows.group).idxmax().to_numpy(dtype="int64")
    fullest = fullest[windows.count[fullest] >= limits.hot_spot_count]
    begin = windows.first[fullest]
    count = windows.count[fullest]
    shown = tickets.iloc[windows.rows[begin]]
    matter = shown["category"].str.split("/").str[-1]
    times = tickets["received_at"].to_numpy()[windows.rows]
    said = [
        f"{place}{pd.Timestamp(times[a]):%Y-%m-%d}至{pd.Timestamp(times[b]):%Y-%m-%d}有“{category}”诉求{n}件"
        for place, category, a, b, n in zip(
            name_places(shown), shown["category"], begin, fullest, count, strict=True
        )
    ]
    ids = tickets["ticket_id"].iloc[windows.rows].to_numpy()
    rests_on = [ids[a : b + 1] for a, b in zip(begin, fullest, strict=True)]
    names = [f"热点：{place} {last}" for place, last in zip(name_places(shown), matter, strict=True)]
    return findings_about(names, "黄", times[begin], count, said, rests_on)


@rule(
    "诉求激增",
    GROUP,
    looks_back=True,
    needs=["received_at"],
    ladder="一律为黄",
    source="县热线办报告“春节前后，在日受理量不断攀升”；标准差、件数为常用查法，待本县核定",
    guard="工作日、休息日、春节前后（初一前14日至后8日）各与同类日子比；此前八周同类日子不足10日的不判断；全县一件也没有的日子视为缺数，不作常态；作废、撤单的不计",
    thresholds=["surge_sigmas", "surge_min_count"],
    about="unit",
    asks_review=True,
)
def surge(watch):
    """属地或全县某日受理量不少于{surge_min_count}件，且高出此前八周同类日子平均数超过{surge_sigmas}个标准差（平均数的平方根），各列最突出的一日。"""
    tickets, limits = watch.tickets, watch.limits
    counts, begin, names, heard, days = _count_days(watch)
    if not len(counts):
        return findings_about([], "黄", watch.as_of, [], [], [])
    kinds = _kinds_of_days(begin + np.arange(len(counts)), watch.policy.workdays)
    baseline, known = _find_baselines(counts, kinds)
    excess = (counts - baseline) / np.sqrt(np.maximum(baseline, 1))
    is_surge = (
        (excess > limits.surge_sigmas) & (counts >= limits.surge_min_count) & (known >= LEAST_DAYS)[:, None]
    )
    if watch.among is not None:  # the strongest day of those asked about, not of those looked back on
        is_surge[days[~watch.among.to_numpy()[heard]]] = False
    places = np.flatnonzero(is_surge.any(axis=0))
    strongest = np.where(is_surge, excess, -np.inf)[:, places].argmax(axis=0)
    townships, ids = watch.codes("township"), tickets["ticket_id"]
    said, rests_on = [], []
    for place, day in zip(places, strongest, strict=True):
        more = int(is_surge[:, place].sum()) - 1
        said.append(
            f"{begin + day}受理{counts[day, place]}件，此前八周同类日子（{KINDS[kinds[day]]}，{known[day]}天）"
            f"日均{round_half_up(baseline[day, place], 1)}件" + (f"；另有{more}日激增" if more else "")
        )
        own = heard[days == day]
        if place < len(names) - 1:  # the last is the county
            own = own[townships[own] == place]
        rests_on.append(ids.iloc[own])
    since = (begin + strongest).astype("datetime64[us]")
    units = [f"激增：{names[place]}" for place in places]
    return findings_about(units, "黄", since, counts[strongest, places], said, rests_on)


def _count_days(watch):
    """Receipts by day and township, the whole county last; the first day, the names, and of what is heard the day."""
    heard = np.flatnonzero(is_heard(watch))
    townships = watch.codes("township")
    names = [*watch.tickets["township"].dropna().unique(), schema.COUNTY]
    if not len(heard):
        return np.empty((0, len(names))), None, names, heard, heard
    received = watch.tickets["received_at"].to_numpy(dtype="datetime64[us]")[heard].astype("datetime64[D]")
    begin = received.min()
    days = (received - begin).astype("int64")
    shape = (
        int((watch.as_of.to_datetime64().astype("datetime64[D]") - begin).astype("int64")) + 1,
        len(names),
    )
    counts = np.zeros(shape, dtype="int64")
    named = townships[heard] >= 0
    cells = days[named] * shape[1] + townships[heard][named]
    counts += np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)
    counts[:, -1] = np.bincount(days, minlength=shape[0])
    return counts, begin, names, heard, days


def _kinds_of_days(days, calendar):
    """0 a day off, 1 a working day, 2 about 春节; -1 outside the calendar."""
    number = (days - FIRST_DAY).astype("int64")
    covered = (number >= 0) & (number < len(calendar.is_working))
    kinds = np.where(covered, calendar.is_working[np.where(covered, number, 0)].astype("int64"), -1)
    for new_year in NEW_YEARS:
        kinds[(days >= new_year - BEFORE_NEW_YEAR) & (days <= new_year + AFTER_NEW_YEAR)] = 2
    return kinds


def _find_baselines(counts, kinds):
    """The mean of the days of the same kind in the weeks before each day, and how many days that are."""
    baseline = np.zeros(counts.shape)
    known = np.zeros(len(counts), dtype="int64")
    told = counts[:, -1] > 0
    ends = np.arange(len(counts))
    starts = np.maximum(ends - WEEKS_BEFORE * 7, 0)
    for kind in KINDS:
        same = (kinds == kind) & told
        days = np.concatenate([[0], np.cumsum(same)])
        sums = np.vstack([np.zeros((1, counts.shape[1]), "int64"), np.cumsum(counts * same[:, None], axis=0)])
        number = days[ends] - days[starts]
        mean = (sums[ends] - sums[starts]) / np.maximum(number, 1)[:, None]
        baseline[kinds == kind], known[kinds == kind] = mean[kinds == kind], number[kinds == kind]
    return baseline, known


@rule(
    "日受理量偏高",
    GROUP,
    needs=["unit_group", "received_at"],
    ladder="一律为蓝",
    source="县热线办报告：个别乡镇日受理量高达八个以上",
    guard="只说明承办压力，不指承办单位有问题；作废、撤单的不计",
    thresholds=["busy_day_count"],
    about="unit",
    asks_review=True,
)
def busy_day(watch):
    """承办单位为乡镇的，一日受理达到{busy_day_count}件的列出，写明日数和最多的一日。"""
    tickets, limits = watch.tickets, watch.limits
    rows = np.flatnonzero(is_heard(watch) & tickets["unit_group"].eq("乡镇") & tickets["unit"].notna())
    unit = watch.codes("unit")[rows]
    day = tickets["received_at"].to_numpy()[rows].astype("datetime64[D]").astype("int64")
    keys = join_codes(unit, pd.factorize(day)[0])  # a day before 1970 has a negative number
    size = np.bincount(keys)[keys]
    full = pd.DataFrame({"unit": unit, "day": day, "row": rows})[size >= limits.busy_day_count]
    full = full.sort_values("unit", kind="stable")
    days = full.groupby(["unit", "day"], as_index=False).size()
    units = days.groupby("unit").agg(days=("day", "size"), first=("day", "min"))
    highest = days.sort_values(["unit", "size", "day"], ascending=[True, False, True]).drop_duplicates("unit")
    ids = tickets["ticket_id"].iloc[full["row"]].to_numpy()
    places = full.groupby("unit").indices
    rests_on = [ids[places[unit]].tolist() for unit in units.index]
    names = tickets["unit"].iloc[full.drop_duplicates("unit")["row"]].to_numpy()
    said = [
        f"日受理{limits.busy_day_count}件以上的有{count}日，最多的是{np.datetime64(int(day), 'D')}，受理{most}件"
        for count, day, most in zip(units["days"], highest["day"], highest["size"], strict=True)
    ]
    since = units["first"].to_numpy().astype("datetime64[D]").astype("datetime64[us]")
    return findings_about(names, "蓝", since, units["days"], said, rests_on)
