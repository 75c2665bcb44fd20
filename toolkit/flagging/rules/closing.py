"""线索：虚假办结。Called again after closing, closed though unresolved, done again."""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.flagging.facts import has_come, is_closed, is_told
from toolkit.flagging.rule import LOG, fill, findings_on, grade, rule

GROUP = "虚假办结"
WEEK = 7 * 24  # hours


@rule(
    "办结后再次来电",
    GROUP,
    looks_back=True,
    needs=["closed_at", "received_at", "category"],
    ladder="{called_again_hours}小时以内为红，七日以内为橙，{called_again_days}日以内为黄",
    source="顺德：72小时内再次来电列假性办结；象州：重复投诉五成源于“假性整改”",
    guard="咨询件、作废件不计；问题分类须逐级相同；再次来电已作废、撤单的不算；办结早于受理的不看",
    thresholds=["called_again_hours", "called_again_days"],
    tells=["ticket_id"],
)
def called_again(watch):
    """办结后{called_again_days}日内，同一来电人就同一类问题又来电；一方缺来电人的，看事发地址和属地是否相同。"""
    tickets, limits = watch.tickets, watch.limits
    closed, received = watch.known("closed_at"), watch.known("received_at")
    asked = has_come(watch) & closed.notna() & ~(closed < received) & tickets["type"].ne(schema.INQUIRY)
    again, is_caller = _find_next_calls(watch, asked.to_numpy(), closed, received)
    hours = pd.Series(received.to_numpy()[again] - closed.to_numpy(), tickets.index) / pd.Timedelta(hours=1)
    near = pd.Series(again >= 0, tickets.index) & hours.le(limits.called_again_days * 24)
    hits, hours, rows = watch.choose(near), hours[near], again[near.to_numpy()]
    later = tickets[["ticket_id", "unit", "received_at"]].iloc[rows].set_index(hits.index)
    number = ("（工单" + later["ticket_id"] + "）").where(later["unit"].eq(hits["unit"]), "")
    soon = fill("{hours}小时", hits, hours=hours)
    evidence = fill(
        "{closed_at}办结，{again}{who}又就“{category}”来电{number}，相隔{apart}",
        hits,
        again=later["received_at"],
        who=pd.Series(np.where(is_caller[near.to_numpy()], "同一来电人", "同一地点"), hits.index),
        number=number.fillna(""),
        apart=soon.where(hours.le(limits.called_again_hours), fill("{days}天", hits, days=hours / 24)),
    )
    severity = grade(-hours, (-limits.called_again_hours, "红"), (-WEEK, "橙"), (0, "黄"))
    return findings_on(hits, severity, hits["closed_at"], hours, evidence)


def _find_next_calls(watch, asked, closed, received):
    """The row of the first call after each closing (-1: none), and whether it is known to be the same caller."""
    moments = np.sort(received.dropna().to_numpy())
    came = np.searchsorted(moments, received.to_numpy())
    calls = (received.notna() & ~watch.tickets["status"].isin(schema.WITHDRAWN_STATUSES)).to_numpy()
    nameless = watch.tickets["caller"].isna().to_numpy()

    def first_after(codes, calls, asked):
        """Keys are code and moment in one number, so that one search finds the next moment of the same code."""
        found = np.full(len(codes), -1)
        several = np.bincount(codes + 1, minlength=1) > 1  # most calls are the only ones of their code
        several[0] = False
        rows, askers = (np.flatnonzero(chosen & several[codes + 1]) for chosen in (calls, asked))
        if not len(rows):
            return found
        keys = codes[rows].astype("int64") * (len(moments) + 1) + came[rows]
        order = np.argsort(keys, kind="stable")
        after = np.searchsorted(moments, closed.to_numpy()[askers], side="right")
        wanted = codes[askers].astype("int64") * (len(moments) + 1) + after
        at = np.searchsorted(keys[order], wanted)
        following = rows[order[np.minimum(at, len(rows) - 1)]]
        is_same = (at < len(rows)) & (codes[following] == codes[askers])
        found[askers[is_same]] = following[is_same]
        return found

    place = watch.codes("township", "address", "category")
    by_caller = first_after(watch.codes("caller", "category"), calls, asked)
    by_place = np.where(
        nameless,
        first_after(place, calls, asked & nameless),
        first_after(place, calls & nameless, asked & ~nameless),
    )
    is_caller = (by_caller >= 0) & ((by_place < 0) | (came[by_caller] <= came[by_place]))
    return np.where(is_caller, by_caller, by_place), is_caller


@rule(
    "未解决即办结",
    GROUP,
    needs=["resolved"],
    ladder="群众评价又不满意的为红，其余为橙",
    source="顺德：是否解决为“否”而状态已办结列假性办结；国办函〔2025〕66号：办结标准",
    guard="未表态的不算；截止时点以后回访的不算；已批准剔除的、作废的不计",
)
def closed_unresolved(watch):
    """已经办结，“是否解决”却记为未解决。"""
    tickets = watch.tickets
    unresolved = is_told(watch) & tickets["resolved"].eq(schema.UNRESOLVED)
    hits = watch.choose(is_closed(watch) & unresolved & tickets["exclusion"].ne(schema.EXCLUDED))
    closed = fill("{closed_at}办结", hits)
    closed = closed.where(hits["closed_at"].notna(), fill("状态为“{status}”", hits))
    angry = hits["satisfaction"].isin(schema.DISSATISFIED)
    verdict = fill("，群众评价“{satisfaction}”", hits).where(angry, "")
    evidence = fill("{closed}，“是否解决”记为{resolved}{verdict}", hits, closed=closed, verdict=verdict)
    return findings_on(hits, angry.map({True: "红", False: "橙"}), hits["closed_at"], pd.NA, evidence)


@rule(
    "重办",
    GROUP,
    needs=[("rework_count", LOG)],
    heeds_log=True,
    ladder="{reopened_red_count}次及以上为红，不足的两次以上为橙，一次为黄",
    source="巴彦淖尔：重办三次未解决的列问题工单、提级督办；衡东、湘阴通报返工率",
    guard="重办次数与流转记录不一的，取多的；截止时点以后的重办不计；作废件不计",
    thresholds=["reopened_red_count"],
)
def reopened(watch):
    """办理后被发回重办。"""
    tickets = watch.tickets
    log = watch.log[watch.log["event"].eq("reworked")]
    times = log.groupby("row")["at"].agg(["size", "min", "max"])
    times = times.reindex(range(len(tickets))).set_axis(tickets.index)
    logged = times["size"].fillna(0).astype("Int64")
    count = logged.where(logged.ge(tickets["rework_count"].fillna(0)), tickets["rework_count"])
    hits = watch.choose(has_come(watch) & count.gt(0))
    count, logged = count[hits.index], logged[hits.index]
    first, last = times.loc[hits.index, "min"], times.loc[hits.index, "max"]
    when = fill("（流转记录{first}）", hits, first=first).mask(logged.eq(0), "")
    when = when.mask(logged.gt(1), fill("（流转记录{first}至{last}）", hits, first=first, last=last))
    evidence = fill("已发回重办{count}次{when}", hits, count=count, when=when)
    severity = grade(count, (watch.limits.reopened_red_count, "红"), (2, "橙"), (0, "黄"))
    return findings_on(hits, severity, first, count, evidence)
