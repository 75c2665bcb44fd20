"""线索：推诿。Sent on and on, to and fro, returned too often, too late, or without a reason that holds."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from toolkit import schema
from toolkit.clocking.workdays import count_working_days
from toolkit.flagging.dispatches import find_sent, first_sent, handled, is_before
from toolkit.flagging.rule import fill, findings_on, grade, rule

GROUP = "推诿"

# What names whose duty it is; that it is not one's own is a claim and no basis.
BASIS = r"《[^》]+》|清单|规定|文件|条例|三定|办法|法律|法规|纪要|依据|附件|[〔\[（(]20\d\d[〕\]）)]"
DUTY = r"职责|职能|职权"
NOT_OURS = rf"(?:不|非|未|无|没有|超出)[^,，。；;《]{{0,15}}?(?:{DUTY})"
# A word with another unit, not with the citizen, and not one that failed or is only asked for.
_TALK = r"(?:沟通|协商|对接|商议|商定|协调|联系)"
NO_TALK = (
    rf"(?:未|没有?|无法|不能|难以|请|建议)[^,，。；;]{{0,6}}[与同和跟向][^,，。；;]{{1,20}}?{_TALK}"
    rf"|[与同和跟向](?:群众|市民|来电人|诉求人|反映人|当事人|投诉人|举报人)[^,，。；;]{{0,6}}{_TALK}|[不未]同意[接受承办转]"
)
RECEIVER = (
    rf"[已经][^,，。；;]{{0,4}}[与同和跟向][^,，。；;]{{1,20}}?{_TALK}|{_TALK}[^,，。；;]{{0,4}}一致"
    r"|同意[^,，。；;]{0,4}(?:接收|接单|接办|承接|受理|办理|转交|转办)"
)


@rule(
    "多次退回",
    GROUP,
    needs=["return_count"],
    ladder="超过{returned_count}次为橙，{returned_count}次为黄",
    source="国办函〔2025〕66号：优化退单、改派流程；榆林考核回退率",
    guard="退回多因派错的，见“派单不准”",
    thresholds=["returned_count"],
    tells=["return_reason"],
)
def returned_often(watch):
    """被承办单位退回{returned_count}次及以上。"""
    limit = watch.limits.returned_count
    hits = watch.choose(watch.tickets["return_count"].ge(limit))
    reason = ("，退回原因：" + hits["return_reason"]).fillna("")
    evidence = fill(
        "已被退回{return_count}次（达到{limit}次即列入）{reason}", hits, limit=limit, reason=reason
    )
    severity = grade(hits["return_count"], (limit + 1, "橙"), (0, "黄"))
    return findings_on(hits, severity, hits["dispatched_at"], hits["return_count"], evidence)


@rule(
    "多家流转",
    GROUP,
    needs_log=True,
    ladder="至今未答复也未办结为红，其余为橙",
    source="巴彦淖尔：转办三个以上部门无人牵头的列为问题工单，提级督办",
    guard="同一时刻一并派给几家的是会办，按一家计；作废件不计；只说工单流转，不认定是哪一家的责任",
    thresholds=["many_units_count"],
)
def many_units(watch):
    """先后派给{many_units_count}家及以上单位（同一时刻派给几家的按一家计）。"""
    limit = watch.limits.many_units_count
    first, turns = watch.once(first_sent)
    counts = np.bincount(turns["row"], minlength=len(watch.tickets))
    rows = np.flatnonzero(counts >= limit)
    hits = watch.choose(rows)
    reached = turns[turns.groupby("row").cumcount().eq(limit - 1)]
    closed = watch.known("closed_at").iloc[rows]
    answer = hits["answered_by"].map(schema.ANSWERS)
    how = fill("截至{as_of}仍未{answer}", hits, as_of=watch.as_of, answer=answer)
    how = how.mask(hits["answered"].eq(schema.YES), fill("已{answer}，时间不明", hits, answer=answer))
    how = how.mask(closed.notna(), fill("{closed}办结", hits, closed=closed))
    how = how.mask(hits["answered_at"].notna(), fill("{answered_at}{answer}", hits, answer=answer))
    count = pd.Series(counts[rows], index=hits.index)
    evidence = fill(
        "先后{count}次派给不同单位：{units}（达到{limit}家即列入），{how}",
        hits,
        count=count,
        units=_join(first[first["row"].isin(rows)], hits.index),
        limit=limit,
        how=how,
    )
    waits = schema.is_open(hits) & closed.isna()
    since = reached["at"].set_axis(hits.index)
    return findings_on(hits, waits.map({True: "红", False: "橙"}), since, count, evidence)


@rule(
    "来回退单",
    GROUP,
    needs_log=True,
    ladder="一律为橙",
    source="县热线办总结：相互推诿不接收；国办函〔2025〕66号：推诿扯皮的提级办理",
    guard="三次派单时间先后分明才算；作废件不计；只说工单流转，不认定是哪一家的责任",
)
def ping_pong(watch):
    """派给一家，改派另一家，又派回原来那一家。"""
    sent = watch.once(find_sent)
    sent = sent[~(is_before(sent, "row", 1) & is_before(sent, "unit", 1))]
    back = is_before(sent, "row", 2) & is_before(sent, "unit", 2)
    is_tied = is_before(sent, "at", 1)
    back &= ~is_tied & ~is_tied.shift(fill_value=False)
    ends = np.flatnonzero(back)
    rows, starts, counts = np.unique(sent["row"].to_numpy()[ends], return_index=True, return_counts=True)
    hits = watch.choose(rows)
    away, gone, home = (
        sent.iloc[ends[starts] - step].set_axis(hits.index).astype({"unit": "str"}) for step in (2, 1, 0)
    )
    count = pd.Series(counts, index=hits.index)
    evidence = fill(
        "{at_1}派给{unit_1}，{at_2}改派{unit_2}，{at_3}又派回{unit_1}{more}",
        hits,
        at_1=away["at"],
        unit_1=away["unit"],
        at_2=gone["at"],
        unit_2=gone["unit"],
        at_3=home["at"],
        more=fill("，前后共来回{count}次", hits, count=count).mask(count.eq(1), ""),
    )
    return findings_on(hits, "橙", home["at"], count, evidence)


@rule(
    "逾期退单",
    GROUP,
    needs=["due_at"],
    needs_log=True,
    ladder="到答复截止当日或以后才退回为橙，其余为黄",
    source="吕梁2024：1个工作日内退单，逾期未退的为首办责任单位；临期退单的常见查法",
    guard="只看现承办单位的退回，前一家的退回另有时限；退回时已经答复的、作废的不算",
)
def returned_late(watch):
    """现承办单位在退回截止时间之后，或到答复截止当日及以后才退回。"""
    tickets = watch.tickets
    back = handled(watch, watch.log[watch.log["event"].eq("returned")])
    known = ["unit", "return_due_at", "due_at", "answered_at"]
    own = tickets[known].iloc[back["row"]].set_axis(back.index)
    units = np.bincount(watch.once(first_sent)[0]["row"], minlength=len(tickets))
    is_unnamed = (back["unit"].isna() | own["unit"].isna()) & (units[back["row"]] <= 1)
    is_own = back["unit"].astype("str").eq(own["unit"]).fillna(False) | is_unnamed
    is_last_day = back["at"] >= own["due_at"].dt.normalize()
    is_late = (back["at"] > own["return_due_at"]) | is_last_day
    found = back.assign(is_early=~is_last_day)[is_own & is_late & ~(back["at"] > own["answered_at"])]
    found = found.sort_values(["row", "is_early"], kind="stable").drop_duplicates("row")
    hits = watch.choose(found["row"].to_numpy())
    at, unit = found["at"].set_axis(hits.index), found["unit"].astype("str").set_axis(hits.index)
    is_last_day = ~found["is_early"].set_axis(hits.index)
    days = count_working_days(hits["return_due_at"], at, watch.policy.workdays)
    is_past = at > hits["return_due_at"]
    past = fill("，超过退回截止时间{return_due_at}", hits).mask(~is_past, "")
    when = fill("，在答复截止（{due_at}）当日", hits).mask(
        at > hits["due_at"], fill("，已过答复截止时间{due_at}", hits)
    )
    evidence = fill(
        "{by}{at}退回{past}{when}",
        hits,
        by=(unit + "于").fillna(""),
        at=at,
        past=past,
        when=when.mask(~is_last_day, ""),
    )
    return findings_on(hits, is_last_day.map({True: "橙", False: "黄"}), at, days.where(is_past), evidence)


@rule(
    "退单理由不充分",
    GROUP,
    needs=["return_count", "return_reason"],
    reads_texts=True,
    ladder="没有原因为黄，有原因而没有依据也没有写明沟通的为蓝",
    source="某局制度：先与有关部门沟通后再在平台回复转交；吕梁2024：退单附依据",
    guard="导出文件全无退回原因的不查；写了依据、沟通之一的不列；作废件不计；理由是否成立由人判断",
    asks_review=True,
    tells=["return_reason"],
)
def returned_unfounded(watch):
    """退回没有写原因，或原因中既没有依据，也没有写明已与哪家单位沟通一致。"""
    tickets = watch.tickets
    returned = tickets["return_count"].ge(1).fillna(False) & tickets["due_state"].ne(schema.VOID)
    reason = tickets["return_reason"]
    given = reason.notna().groupby(watch.codes("source_file")).transform("any")
    bare = reason[returned & reason.notna()]
    bare = bare[~bare.str.contains(BASIS)]
    bare = bare[~bare.str.replace(NOT_OURS, "", regex=True).str.contains(DUTY)]
    bare = bare[~bare.str.replace(NO_TALK, "", regex=True).str.contains(RECEIVER)]
    hits = watch.choose(returned & (reason.isna() & given | tickets.index.isin(bare.index)))
    none = hits["return_reason"].isna()
    lacks = fill("没有依据，没有写明已与哪家单位沟通；退回原因：{return_reason}", hits).mask(none, "没有原因")
    evidence = fill("已退回{return_count}次，{lacks}", hits, lacks=lacks)
    severity = none.map({True: "黄", False: "蓝"})
    return findings_on(hits, severity, hits["dispatched_at"], hits["return_count"], evidence)


def _join(log, index):
    """The units of each ticket in one string; `log` in order, `index` of the tickets in that order."""
    starts = np.flatnonzero(log["row"].ne(log["row"].shift()))
    units = pa.array(log["unit"].astype("str"), pa.string())
    lists = pa.ListArray.from_arrays(np.append(starts, len(log)).astype("int32"), units)
    return pd.Series(pc.binary_join(lists, "、").to_pandas().to_numpy(), index=index, dtype="str")
