"""线索：满意度。Dissatisfied, satisfied without a call, by default, after dissatisfaction, or beyond all likelihood."""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.flagging.facts import compare_units, has_come, is_told, list_by_unit
from toolkit.flagging.rule import fill, findings_about, findings_on, grade, look_up, rule, share
from toolkit.rounding import percent

GROUP = "满意度"
NOT_A_VERDICT = r"满意[度率]|满意与否|是否满意|满意不满意|满不满意"
DISSATISFIED = r"不[^，。；、：！,.;:!\s]{0,3}满意"  # 不满意、不太满意、不是很满意
NEGATIVE, POSITIVE, HANDLED = 1, 2, 3


@rule(
    "回访不满意",
    GROUP,
    needs=["satisfaction"],
    ladder="重办后仍不满意为红，其余为橙",
    source="督办条件：回访不满意的重办，重办后仍不满意的升级督办",
)
def dissatisfied(watch):
    """回访时群众评价不满意；重办后仍不满意的列为红色。"""
    tickets = watch.tickets
    visited = ~(tickets["visited_at"] > watch.as_of)
    hits = watch.choose(tickets["satisfaction"].isin(schema.DISSATISFIED) & visited)
    again = hits["rework_count"].fillna(0)
    when = fill("{visited_at}", hits).mask(hits["visited_at"].isna(), "")
    still = fill("，已重办{again}次仍不满意", hits, again=again).mask(again.eq(0), "")
    evidence = fill("{when}回访评价“{satisfaction}”{still}", hits, when=when, still=still)
    return findings_on(hits, grade(again, (1, "红"), (0, "橙")), hits["visited_at"], again, evidence)


@rule(
    "未接通记满意",
    GROUP,
    needs=["satisfaction", ("visit_connected", "visited_at")],
    ladder="一律为橙",
    source="满意率口径：满意件须出自成功回访（岳阳）；“被满意”的常见查法",
    guard="默认满意另列；接通的不算；导出表没有回访时间的、回访时间无法识别的，只看是否接通；截止时点以后回访的、作废的不算",
)
def satisfied_without_call(watch):
    """评价为满意，回访却未接通，或没有回访时间也没有接通记录。"""
    tickets = watch.tickets
    refused = tickets["visit_connected"].eq("否")
    has_visits = watch.known("visited_at").notna().any()
    is_blank = tickets["visited_at"].isna() & ~watch.reached("visited_at")
    unrecorded = is_blank & tickets["visit_connected"].ne("是") & has_visits
    satisfied = is_told(watch) & tickets["satisfaction"].isin(schema.SATISFIED)
    hits = watch.choose(satisfied & (refused | unrecorded))
    how = fill("{visited_at}回访未接通", hits)
    how = how.mask(hits["visited_at"].isna(), _no_time(watch, hits) + "，回访接通记为“否”")
    how = how.mask(hits["visit_connected"].ne("否"), "没有回访时间，也没有接通记录")
    evidence = fill("满意度记为“{satisfaction}”，{how}", hits, how=how)
    return findings_on(hits, "橙", hits["visited_at"], pd.NA, evidence)


@rule(
    "默认满意",
    GROUP,
    needs=["satisfaction"],
    ladder="一律为蓝",
    source="问政四川：办结回复后10天内未评价的默认满意",
    guard="只提示复核，不计入满意率；截止时点以后回访的、作废的不算",
    asks_review=True,
)
def default_satisfied(watch):
    """满意度为默认满意，不是群众本人的评价。"""
    tickets = watch.tickets
    hits = watch.choose(is_told(watch) & tickets["satisfaction"].eq(schema.DEFAULT_SATISFIED))
    when = fill("{visited_at}有回访记录", hits)
    when = when.mask(hits["visited_at"].isna(), _no_time(watch, hits))
    evidence = fill("满意度记为“{satisfaction}”，没有群众本人评价，{when}", hits, when=when)
    return findings_on(hits, "蓝", hits["visited_at"], pd.NA, evidence)


def _no_time(watch, hits):
    """What is said of a call-back without a time: whether nothing stands there, or something that is none."""
    untimed = watch.reached("visited_at")[hits.index]
    return untimed.map({True: "回访时间无法识别", False: "没有回访时间"}).astype("str")


@rule(
    "不满意改满意",
    GROUP,
    needs_log=True,
    ladder="一律为橙",
    source="满意度由不满意改为满意而没有重办的常见查法，待本县核定",
    guard="其间重办过或又回复过的不算；“满意度”“是否满意”不作评价；截止时点以后的、作废的不算",
)
def satisfaction_flipped(watch):
    """回访记录为不满意，其后没有重办也没有再次回复，却记为满意。"""
    told = _read_verdicts(watch)
    start = told["row"].ne(told["row"].shift()).to_numpy()
    number = np.arange(len(told))
    begun = np.maximum.accumulate(np.where(start, number, 0))
    last = {
        kind: np.maximum.accumulate(np.where(told["kind"].eq(kind), number, -1))
        for kind in (NEGATIVE, HANDLED)
    }
    flips = told["kind"].eq(POSITIVE) & (last[NEGATIVE] >= begun) & (last[NEGATIVE] > last[HANDLED])
    flips = told.assign(from_at=told["at"].to_numpy()[last[NEGATIVE]])[flips].drop_duplicates("row")
    hits = watch.choose(flips["row"].to_numpy())
    from_at, to_at = (pd.Series(flips[name].to_numpy(), hits.index) for name in ("from_at", "at"))
    is_final = pd.Series(flips["is_final"].to_numpy(), hits.index)
    how = fill("{to_at}回访又记为满意", hits, to_at=to_at)
    how = how.mask(is_final, fill("现满意度为“{satisfaction}”", hits))
    evidence = fill("{from_at}回访记为不满意，{how}，其间没有重办或再次回复", hits, from_at=from_at, how=how)
    return findings_on(hits, "橙", from_at, pd.NA, evidence)


def _read_verdicts(watch):
    """What was said and done about tickets once called dissatisfied, in order: row, kind, at, is_final.

    The final satisfaction stands last; the ticket's own time of reply counts as a reply of the log.
    """
    tickets, log = watch.tickets, watch.events
    log = log[log["event"].isin(["visited", "replied", "reworked"])]
    visited = log["event"].eq("visited")
    said = log["detail"].where(visited, "").fillna("").str.replace(NOT_A_VERDICT, "", regex=True)
    kind = np.select(
        [~visited, said.str.contains(DISSATISFIED), said.str.contains("满意")], [HANDLED, NEGATIVE, POSITIVE]
    )
    once = log.loc[kind == NEGATIVE, "ticket_id"].unique()
    open_to_it = has_come(watch) & tickets["ticket_id"].isin(once)
    rows = pd.Series(np.flatnonzero(open_to_it), tickets.loc[open_to_it, "ticket_id"])
    known = log["ticket_id"].isin(rows.index) & (kind > 0)
    final_words = [*schema.SATISFIED, schema.DEFAULT_SATISFIED]
    final = tickets[open_to_it & is_told(watch) & tickets["satisfaction"].isin(final_words)]
    replied = watch.known("replied_at")[open_to_it].dropna()
    parts = [
        pd.DataFrame({"ticket_id": log["ticket_id"], "at": log["at"], "kind": kind, "is_final": False})[
            known
        ],
        pd.DataFrame({"ticket_id": tickets["ticket_id"][replied.index], "at": replied, "kind": HANDLED}),
        pd.DataFrame(
            {"ticket_id": final["ticket_id"], "at": watch.as_of, "kind": POSITIVE, "is_final": True}
        ),
    ]
    told = pd.concat(parts, ignore_index=True)
    told["is_final"] = told["is_final"].eq(True)
    told["row"] = look_up(told["ticket_id"], rows).astype("int64")
    return told.sort_values(["row", "at"], kind="stable", ignore_index=True)


@rule(
    "满意率过高",
    GROUP,
    needs=["unit", "satisfaction"],
    ladder="一律为蓝",
    source="雅安：36190件满意率99.99%，好得不合常理；二项检验为常用查法，待本县核定",
    guard="评价满{perfect_min_count}件才看；与全县其他单位相比；未评价、默认满意、作废的不计；只请复核",
    thresholds=["perfect_min_count", "perfect_chance"],
    about="unit",
    asks_review=True,
)
def too_perfect(watch):
    """满意件之多，按全县其他单位的满意率几乎不可能出现（机会低于{perfect_chance}）。"""
    told, words = is_told(watch), watch.tickets["satisfaction"]
    satisfied = told & words.isin(schema.SATISFIED)
    units = compare_units(watch, told & words.isin(schema.RATED), satisfied)
    units = units[(units["whole"] >= watch.limits.perfect_min_count) & (units["rest_whole"] > 0)]
    rates = units["rest_part"] / units["rest_whole"]
    units = units.assign(chance=chance_of_at_least(units["part"], units["whole"], rates))
    units = units[units["chance"] < watch.limits.perfect_chance]
    said = [
        f"评价满意{share(u.part, u.whole)}，全县其他单位{share(u.rest_part, u.rest_whole)}，"
        f"按此水平出现的机会{_say_chance(u.chance)}"
        for u in units.itertuples()
    ]
    rests_on = list_by_unit(watch, satisfied, units.index)
    return findings_about(units.index, "蓝", watch.as_of, units["part"] / units["whole"], said, rests_on)


def chance_of_at_least(counts, wholes, rates):
    """The chance of at least so many out of so many at a rate: the binomial tail."""
    from scipy.special import bdtrc

    return bdtrc(counts - 1, wholes, rates)


def _say_chance(chance):
    return "不足0.01%" if chance < 0.0001 else percent(chance, 2)
