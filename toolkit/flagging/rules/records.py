"""线索：记录可疑、剔除。Times in impossible order, exactly due, in round numbers; other verdicts; exclusions in favour."""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.clocking.answers import comes_before
from toolkit.flagging.facts import (
    compare_units,
    has_come,
    has_hour,
    is_told,
    list_by_unit,
    was_passed_on,
    was_reworked,
)
from toolkit.flagging.rule import fill, findings_about, findings_on, rule, share

GROUP = "记录可疑"
STAGE_NAMES = {name: schema.label(name).removesuffix("时间") for name in schema.STAGES}
# (what came too early, what it should have followed)
FROM_RECEIPT = [
    ("dispatched_at", "received_at"),
    ("replied_at", "received_at"),
    ("visited_at", "received_at"),
    ("closed_at", "received_at"),
]
OF_ONE_ROUND = [
    ("signed_at", "dispatched_at"),
    ("first_contact_at", "dispatched_at"),
    ("replied_at", "dispatched_at"),
    ("replied_at", "signed_at"),
    ("fed_back_at", "dispatched_at"),
    ("closed_at", "dispatched_at"),
]
BY_FLOW = [("visited_at", "replied_at"), ("closed_at", "replied_at")]  # where the county's flow has it so


@rule(
    "时间先后矛盾",
    GROUP,
    needs=["received_at"],
    heeds_log=True,
    ladder="一律为黄",
    source="时间造假的常见查法：签收早于转办、回复早于签收；待本县核定",
    guard="同一分钟的、只记日期而在同一天的不算；退回、改派过的不比转办、签收，重办过的只比受理；"
    "全县先回复后回访（办结）的占{order_share}及以上，才认相反的先后；作废件不计",
    thresholds=["order_share"],
)
def impossible_times(watch):
    """后一环节的时间早于前一环节，如签收早于转办、回复早于签收。"""
    tickets = watch.tickets
    times = pd.DataFrame({name: watch.known(name) for name in STAGE_NAMES})
    stands = has_come(watch)
    final = stands & ~was_reworked(watch)
    one_round = final & ~was_passed_on(watch)
    pairs = [(pair, stands) for pair in FROM_RECEIPT] + [(pair, one_round) for pair in OF_ONE_ROUND]
    pairs += [(pair, final) for pair in BY_FLOW if _is_usual(*pair, times, stands, watch.limits)]
    said = np.full(len(tickets), "", dtype="object")
    count, since = np.zeros(len(tickets), dtype="int64"), np.full(len(tickets), np.datetime64("NaT", "us"))
    for (early, late), among in pairs:
        rows = np.flatnonzero(among & comes_before(times[early], times[late]))
        hits = times[[early, late]].iloc[rows].set_axis(["early", "late"], axis=1)
        told = fill(f"；{STAGE_NAMES[early]}（{{early}}）早于{STAGE_NAMES[late]}（{{late}}）", hits)
        said[rows] += told.to_numpy(dtype="object")
        count[rows] += 1
        since[rows] = np.fmin(since[rows], hits["early"].to_numpy())
    found = np.flatnonzero(count)
    hits = watch.choose(found)
    evidence = pd.Series(said[found], hits.index, dtype="str").str.removeprefix("；")
    return findings_on(hits, "黄", since[found], count[found], evidence)


def _is_usual(late, early, times, stands, limits):
    """Whether most of the county has these two stages in this order."""
    both = stands & times[late].notna() & times[early].notna()
    return both.any() and (times[late] >= times[early])[both].mean() >= limits.order_share


@rule(
    "卡点办结",
    GROUP,
    needs=["due_at", "answered_at"],
    ladder="一律为蓝",
    source="时间造假的常见查法：办结时间与截止时间分秒不差；待本县核定",
    guard="答复时间多数记到秒才看；只看平台、延期给出的截止时间；只记日期的不算；可能是系统自动填写，只请复核；作废件不计",
    asks_review=True,
)
def exactly_due(watch):
    """答复时间与平台截止时间分秒不差。"""
    tickets = watch.tickets
    answered, due = tickets["answered_at"], tickets["due_at"]
    told = answered.dropna()
    has_seconds = len(told) and told.dt.second.ne(0).mean() > 0.5
    by_platform = tickets["due_source"].isin(["平台", "延期"])
    hits = watch.choose(has_come(watch) & answered.eq(due) & has_hour(due) & by_platform & bool(has_seconds))
    evidence = fill(
        "{answered_at}:{second}{stage}，与{due_source}截止时间分秒不差，请核对是否系统自动填写",
        hits,
        second=hits["answered_at"].dt.second.astype("str").str.zfill(2),
        stage=hits["answered_by"].map(STAGE_NAMES),
    )
    return findings_on(hits, "蓝", hits["answered_at"], pd.NA, evidence)


@rule(
    "平台标识不一",
    GROUP,
    needs=["platform_overdue", "due_at"],
    heeds_log=True,
    ladder="一律为蓝",
    source="平台超期标识与各环节时间互相核对的常用查法，待本县核定",
    guard="只看已答复而答复时间明确的；平台标识为空的、重办过的（平台可能按末轮标识）、作废的不看；"
    "平台可能按其他环节或时限标识，不说明承办单位有问题，只请核对",
    asks_review=True,
)
def platform_disagrees(watch):
    """平台标识为超期而核算为按期，或平台标识为未超期而核算为超期，请核对以何者为准。"""
    tickets = watch.tickets
    says_late = tickets["platform_overdue"].eq(schema.YES)
    says_in_time = tickets["platform_overdue"].eq(schema.NO)
    state = tickets["due_state"]
    differs = (says_late & state.eq(schema.ON_TIME)) | (says_in_time & state.eq(schema.LATE))
    hits = watch.choose(differs & has_come(watch) & ~was_reworked(watch))
    is_late = hits["due_state"].eq(schema.LATE)
    other = hits["platform_due_at"].notna() & hits["platform_due_at"].ne(hits["due_at"])
    evidence = fill(
        "平台标识为{marked}；应于{due_at}前{answer}（{due_source}时限），实际于{answered_at}{answer}，核算为{judged}{other}，"
        "请核对以何者为准",
        hits,
        marked=is_late.map({True: "未超期", False: "超期"}),
        answer=hits["answered_by"].map(schema.ANSWERS),
        judged=is_late.map({True: "超期", False: "按期"}),
        other=fill("；平台截止时间为{platform_due_at}", hits).where(other, ""),
    )
    return findings_on(hits, "蓝", hits["due_at"], hits["overdue_days"], evidence)


@rule(
    "时间凑整",
    GROUP,
    needs=["unit", "replied_at"],
    ladder="一律为蓝",
    source="时间造假的常见查法：时间集中在整分；待本县核定",
    guard="回复满{heaped_min_count}件才看；须显著高于全县其他单位；只记日期的不算；作废件不计；只请复核",
    thresholds=["heaped_share", "heaped_min_count", "heaped_sigmas"],
    about="unit",
    asks_review=True,
)
def heaped_times(watch):
    """回复时间{heaped_share}及以上为整十分钟（秒数为零），且高出全县其他单位超过{heaped_sigmas}个标准差。"""
    limits, replied = watch.limits, watch.known("replied_at")
    among = has_come(watch) & has_hour(replied)
    heaped = among & replied.eq(replied.dt.floor("10min"))
    units = compare_units(watch, among, heaped)
    units = units[(units["whole"] >= limits.heaped_min_count) & (units["rest_whole"] > 0)]
    share_of, base = units["part"] / units["whole"], units["rest_part"] / units["rest_whole"]
    high = share_of > base + limits.heaped_sigmas * np.sqrt(base * (1 - base) / units["whole"])
    units = units[high & (share_of >= limits.heaped_share)]
    said = [
        f"回复时间为整十分钟的占{share(u.part, u.whole)}，全县其他单位{share(u.rest_part, u.rest_whole)}"
        for u in units.itertuples()
    ]
    rests_on = list_by_unit(watch, heaped, units.index)
    return findings_about(units.index, "蓝", watch.as_of, units["part"] / units["whole"], said, rests_on)


@rule(
    "剔除偏向",
    "剔除",
    needs=["unit", "satisfaction", "exclusion"],
    ladder="一律为橙",
    source="临沂：八类不予考核；剔除滥用的常用查法：不满意件与满意件的剔除比值比，待本县核定",
    guard="只看已批准的剔除；不满意件剔除满{exclusion_min_count}件才看；区间下限大于1才报；作废件不计；只请复核",
    thresholds=["exclusion_min_count"],
    about="unit",
    asks_review=True,
)
def exclusion_biased(watch):
    """不满意件被剔除的明显多于满意件（比值比的95%区间下限大于1）；全县合计也看。"""
    told, tickets = is_told(watch), watch.tickets
    bad, good = (told & tickets["satisfaction"].isin(w) for w in (schema.DISSATISFIED, schema.SATISFIED))
    gone = tickets["exclusion"].eq(schema.EXCLUDED)
    of_bad, of_good = (compare_units(watch, among, gone) for among in (bad, good))
    units = pd.concat({"bad": of_bad, "good": of_good}, axis=1)
    units.columns = ["_".join(names) for names in units.columns]
    county = [int(mask.sum()) for mask in (bad & gone, bad, good & gone, good)]
    columns = ["bad_part", "bad_whole", "good_part", "good_whole"]
    counts = pd.concat([units[columns], pd.DataFrame([county], index=[schema.COUNTY], columns=columns)])
    a, b, c, d = (counts[name].astype("float64") for name in columns)
    odds, low, high = compare_odds(a, b, c, d)
    fires = (low > 1) & (a >= watch.limits.exclusion_min_count) & (d > 0)
    found = counts.assign(odds=odds, low=low, high=high)[fires]
    said = [
        f"不满意件剔除{share(u.bad_part, u.bad_whole)}，满意件剔除{share(u.good_part, u.good_whole)}，"
        f"比值比{u.odds:.1f}（95%区间{u.low:.1f}—{u.high:.1f}）"
        for u in found.itertuples()
    ]
    own = found.index.drop(schema.COUNTY, errors="ignore")
    rests_on = dict(zip(own, list_by_unit(watch, bad & gone, own), strict=True))
    everyone = tickets.loc[bad & gone, "ticket_id"].tolist()
    lists = [rests_on.get(unit, everyone) for unit in found.index]
    return findings_about(found.index, "橙", watch.as_of, found["odds"], said, lists)


def compare_odds(part, whole, other_part, other_whole):
    """The odds of one share over those of another, with their 95 % interval.

    Half a ticket is added to each of the four counts, so that none is zero (Haldane and Anscombe); the interval is
    Woolf's, of the logarithm.
    """
    from scipy.special import ndtri

    cells = [count + 0.5 for count in (part, whole - part, other_part, other_whole - other_part)]
    odds = cells[0] * cells[3] / (cells[1] * cells[2])
    reach = np.exp(ndtri(0.975) * np.sqrt(sum(1 / cell for cell in cells)))
    return odds, odds / reach, odds * reach
