"""线索：压单。Nothing done while the time runs, done only when urged, urged and still not answered."""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.clocking.flow_log import HANDED_OVER
from toolkit.clocking.workdays import at_office_time, office_time
from toolkit.flagging.facts import is_open
from toolkit.flagging.rule import fill, findings_on, rule

GROUP = "压单"
# What a unit does with a ticket, as the log's events and as the ticket's own times.
ACTS = {
    "signed": "签收",
    "first_contact": "联系诉求人",
    "returned": "退回",
    "replied": "回复",
    "fed_back": "反馈",
    "extension_requested": "申请延期",
    "extension_approved": "延期",
    "paused": "挂账",
    "closed": "办结",
}
ACT_TIMES = {column: event for column, event in schema.EVENT_OF.items() if event in ACTS}
NO_ACTS = [
    "received",
    *HANDED_OVER,
    "urged",
    "supervised",
]  # events of the log in which the unit does nothing


@rule(
    "一直未动",
    GROUP,
    needs=["due_at", "dispatched_at", ("signed_at", "first_contact_at")],
    heeds_log=True,
    ladder="截止时间已过为橙，其余为黄",
    source="县热线办总结：压着单子不办理；常用查法（时限过半无动作），待本县核定",
    guard="已办结的、导出表另记“已联系”的、有环节时间无法识别的、派给现承办单位后流转记录有任何动作（含退回、申请延期、挂账）的不算；作废件不计",
    thresholds=["idle_share"],
)
def idle_half(watch):
    """尚未回复，时限内的办公时间已过去超过{idle_share}，转办后没有任何签收、联系、回复、反馈记录。"""
    tickets = watch.tickets
    acted = np.logical_or.reduce([watch.reached(column) for column in ACT_TIMES])
    waits = tickets["due_state"].isin([schema.PENDING, schema.OVERDUE]) & watch.known("dispatched_at").notna()
    waits &= ~acted & tickets["contacted"].ne("是")
    since_sent = _since_sent(watch)
    done = since_sent.loc[~since_sent["event"].isin(NO_ACTS), "row"]
    waits &= ~np.isin(np.arange(len(tickets)), done)
    hits = tickets[waits]
    calendar = watch.policy.workdays
    (begun, known), (over, over_known) = (
        office_time(hits[name], calendar) for name in ("clock_from", "due_at")
    )
    now, _ = office_time(watch.as_of, calendar)
    whole, limit = over - begun, watch.limits.idle_share
    is_half = known & over_known & (whole > 0) & (now - begun > limit * whole)
    half = at_office_time(begun + limit * whole, known & over_known, calendar)[is_half]
    gone = ((now - begun) / np.maximum(whole, 1) * 100)[is_half]
    hits = hits[is_half]
    is_over = hits["due_state"].eq(schema.OVERDUE)
    gone = pd.Series(gone, index=hits.index)
    how = fill("时限已过{gone}%", hits, gone=gone).mask(is_over, "已超期")
    evidence = fill(
        "{dispatched_at}转办，应于{due_at}前{answer}，截至{as_of}{how}，没有签收、联系、回复、反馈记录",
        hits,
        answer=hits["answered_by"].map(schema.ANSWERS),
        as_of=watch.as_of,
        how=how,
    )
    since = pd.Series(half, index=hits.index)
    return findings_on(hits, is_over.map({True: "橙", False: "黄"}), since, gone.mask(is_over), evidence)


@rule(
    "不催不办",
    GROUP,
    needs_log=True,
    ladder="催办后至今仍无动作为橙，催办后才有动作为黄",
    source="县热线办总结：压着单子不办理；常用查法（催办前没有动作），待本县核定",
    guard="签收时限之内已有动作或时限未到的、导出表另记“已联系”而没有时间的、有环节时间无法识别的、作废的不算；改派的只看派给现承办单位以后",
)
def moved_by_urging(watch):
    """首次催办之后才有第一个动作（签收、联系、退回、回复、反馈、延期、挂账、办结），或至今没有动作。"""
    tickets, log = watch.tickets, _since_sent(watch, to_another=True)
    urged = log[log["event"].eq("urged")]
    urges = urged.groupby("row")["at"].agg(["min", "size"])
    rows = urges.index.to_numpy()
    hits, acts, urges = (
        tickets.iloc[rows],
        _find_first_acts(watch, log, rows),
        urges.set_axis(tickets.index[rows]),
    )
    is_after = acts["at"].isna() | (acts["at"] > urges["min"])
    found = is_after & ~_is_settled(watch, hits, acts["at"])
    hits, first, urged_at, count = hits[found], acts["at"][found], urges["min"][found], urges["size"][found]
    act = acts["event"][found].map(ACTS).astype("str")
    how = fill("{first}才{act}，此前没有动作", hits, first=first, act=act)
    how = how.mask(first.isna(), fill("截至{as_of}仍无动作", hits, as_of=watch.as_of))
    evidence = fill(
        "{sent}{urged_at}首次催办（共催办{count}次），{how}",
        hits,
        sent=fill("{dispatched_at}转办，", hits).mask(hits["dispatched_at"].isna(), ""),
        urged_at=urged_at,
        count=count,
        how=how,
    )
    return findings_on(hits, first.isna().map({True: "橙", False: "黄"}), urged_at, count, evidence)


def _find_first_acts(watch, log, rows):
    """The first act on each of the tickets, by the log or by their own times: at, event; missing where there is none."""
    is_asked = np.bincount(rows, minlength=len(watch.tickets)).astype(bool)
    logged = log.loc[log["event"].isin(ACTS) & is_asked[log["row"]], ["row", "at", "event"]]
    stages = [
        pd.DataFrame({"row": rows, "at": watch.known(column).iloc[rows].array, "event": event})
        for column, event in ACT_TIMES.items()
    ]
    acts = pd.concat([logged.astype({"event": "str"}), *stages]).dropna(subset="at")
    acts = acts.sort_values(["row", "at"], kind="stable").drop_duplicates("row").set_index("row")
    return acts.reindex(rows).set_axis(watch.tickets.index[rows])


def _is_settled(watch, hits, first):
    """Of whom nothing can be said: not judged, acted or still free to act within the time to sign, or no act's time known."""
    settled = hits["due_state"].isin(schema.NOT_JUDGED)
    settled |= first.fillna(watch.as_of) <= hits["sign_due_at"]
    settled |= first.isna() & ~is_open(watch)[hits.index]  # it was answered, and nothing tells when
    settled |= _acted_untimed(hits)  # it may have been before the urging
    return settled | (hits["contacted"].eq(schema.YES) & hits["first_contact_at"].isna())


@rule(
    "催而不复",
    GROUP,
    needs=["urge_count"],
    heeds_log=True,
    ladder="一律为红",
    source="县热线办总结：一再督促不回复；常用查法（催办两次以上仍不回复），待本县核定",
    guard="已办结的、作废的不算；催办次数以导出表和流转记录中较多的为准",
    thresholds=["urged_count"],
)
def urged_no_reply(watch):
    """催办{urged_count}次及以上，至今仍未回复。"""
    tickets, limit = watch.tickets, watch.limits.urged_count
    urged = watch.log[watch.log["event"].eq("urged")]
    logged = pd.Series(np.bincount(urged["row"], minlength=len(tickets)), index=tickets.index)
    count = tickets["urge_count"].fillna(0).clip(lower=logged)
    found = count.ge(limit) & is_open(watch) & watch.known("closed_at").isna()
    hits = watch.choose(found)
    times = urged.groupby("row")["at"].agg(["min", "max"]).reindex(np.flatnonzero(found))
    first, last = (times[name].set_axis(hits.index) for name in ("min", "max"))
    answer = hits["answered_by"].map(schema.ANSWERS)
    evidence = fill(
        "已催办{count}次（达到{limit}次即列入）{last}，{due}截至{as_of}仍未{answer}",
        hits,
        count=count[hits.index],
        limit=limit,
        last=fill("，最近一次在{last}", hits, last=last).mask(last.isna(), ""),
        due=fill("应于{due_at}前{answer}，", hits, answer=answer).mask(hits["due_at"].isna(), ""),
        as_of=watch.as_of,
        answer=answer,
    )
    return findings_on(hits, "红", first.fillna(hits["dispatched_at"]), count[hits.index], evidence)


def _acted_untimed(tickets):
    """Whether the unit did something with a ticket and its time cannot be read."""
    return np.logical_or.reduce([schema.is_untimed(tickets, column) for column in ACT_TIMES])


def _since_sent(watch, to_another=False):
    """The log of each ticket after it was last sent (to another unit than before); the whole where it never was."""
    log = watch.log
    sent = log[log["event"].isin(HANDED_OVER)]
    if to_another:
        sent = sent[sent["unit"].notna()]
        code = sent["unit"].cat.codes
        sent = sent[sent["row"].eq(sent["row"].shift()) & code.ne(code.shift())]
    begins = np.zeros(len(watch.tickets), dtype="int64")
    begins[sent["row"]] = sent.index  # the last of a ticket stays
    return log[log.index >= begins[log["row"]]]
