"""线索：无主工单。No unit, no handler, a status its times speak against, not reported back to the centre."""

import pandas as pd

from toolkit import schema
from toolkit.clocking.workdays import count_working_days
from toolkit.flagging.facts import (
    compare_units,
    has_come,
    is_closed,
    is_open,
    may_be_closed,
    was_passed_on,
    was_reworked,
)
from toolkit.flagging.rule import fill, findings_on, rule, share

GROUP = "无主工单"
TO_SIGN, OPEN = "待签收", ["待签收", "办理中", "已退回"]
DAY = pd.Timedelta(days=1)


@rule(
    "没有承办单位",
    GROUP,
    needs=["unit"],
    ladder="一律为橙",
    source="县热线办总结：有人负责、一抓到底；国办函〔2025〕66号：难以确定的协商明确主办单位",
    guard="转办时限以内尚未转办的、没有转办记录而已直接答复的、作废的不算",
)
def no_unit(watch):
    """工单没有承办单位，不论是否已经答复。"""
    tickets = watch.tickets
    not_sent = watch.known("dispatched_at").isna()
    send_by = tickets["dispatch_due_at"].fillna(tickets["received_at"] + DAY)
    answered_by_desk = tickets["answered"].eq(schema.YES) & not_sent & tickets["dispatched_at"].notna().any()
    is_new = not_sent & (send_by >= watch.as_of)
    hits = watch.choose(has_come(watch) & tickets["unit"].isna() & ~answered_by_desk & ~is_new)
    received = fill("{received_at}受理", hits).mask(hits["received_at"].isna(), "受理时间不详")
    how = fill("{answered_at}已答复", hits)
    how = how.mask(hits["answered_at"].isna(), "已答复，时间不明")
    how = how.mask(hits["answered"].eq(schema.NO), fill("截至{as_of}未答复", hits, as_of=watch.as_of))
    evidence = fill("{received}，没有承办单位，{how}", hits, received=received, how=how)
    return findings_on(hits, "橙", hits["received_at"], pd.NA, evidence)


@rule(
    "没有经办人",
    GROUP,
    needs=["unit", "handler"],
    ladder="一律为蓝",
    source="县热线办总结：每个工作环节都做到了专人负责",
    guard="本单位{handler_share}及以上工单填了经办人才看；只看未答复、未办结的；签收时限以内尚未签收的、作废的不算",
    thresholds=["handler_share"],
)
def no_handler(watch):
    """尚未答复的工单没有经办人，而本单位{handler_share}及以上的工单填了经办人。"""
    tickets = watch.tickets
    come = has_come(watch)
    units = compare_units(watch, come, tickets["handler"].notna())
    usual = units["part"] / units["whole"].clip(lower=1) >= watch.limits.handler_share
    units = units[usual & (units["part"] > 0)]
    waits = come & is_open(watch) & ~is_closed(watch)
    is_new = watch.known("signed_at").isna() & (tickets["sign_due_at"] >= watch.as_of)
    missing = tickets["handler"].isna() & tickets["unit"].isin(units.index)
    hits = watch.choose(waits & ~is_new & missing)
    said = pd.Series([share(u.part, u.whole) for u in units.itertuples()], units.index, dtype="str")
    evidence = fill(
        "没有经办人，截至{as_of}未答复；本单位工单填了经办人的占{share}",
        hits,
        as_of=watch.as_of,
        share=pd.Series(said.reindex(hits["unit"]).to_numpy(), hits.index, dtype="str"),
    )
    return findings_on(hits, "蓝", hits["received_at"], pd.NA, evidence)


@rule(
    "状态与时间不符",
    GROUP,
    needs=["status"],
    heeds_log=True,
    ladder="一律为黄",
    source="状态与各环节时间互相核对的常用查法，待本县核定",
    guard="导出表填有办结时间的，才查没有办结时间的；办结、答复时间无法识别的不算没有；退回、改派、重办过的待签收件，重办过的件不算；作废件不计",
)
def status_at_odds(watch):
    """状态为已办结而没有办结和答复时间，状态为已关闭而没有答复记录，或状态尚在签收、办理、退回而已有后面环节的时间。"""
    tickets = watch.tickets
    status, come, reworked = tickets["status"], has_come(watch), was_reworked(watch)
    signed, closed = watch.known("signed_at"), watch.known("closed_at")
    has_closings = closed.notna().any()
    blank = tickets["closed_at"].isna() & tickets["replied_at"].isna() & has_closings
    blank &= ~(watch.reached("closed_at") | watch.reached("replied_at"))
    never_closed = come & status.isin(schema.CLOSED_STATUSES) & blank
    to_sign = come & status.eq(TO_SIGN) & ~reworked & ~was_passed_on(watch)
    was_signed, was_answered = to_sign & signed.notna(), to_sign & tickets["answered_at"].notna()
    was_closed = come & status.isin(OPEN) & ~reworked & closed.notna()

    is_shut = tickets["due_state"].eq(schema.SHUT)
    hits = watch.choose(never_closed | was_signed | was_answered | was_closed | is_shut)
    kinds = [
        (is_shut, "，没有答复记录，请核实关闭的原因"),
        (never_closed, "，没有办结时间，也没有答复时间"),
        (was_signed, "，已于{signed_at}签收"),
        (was_answered & tickets["answered_by"].ne("closed_at"), "，已于{answered_at}答复"),
        (was_closed | (was_answered & closed.notna()), "，已于{closed_at}办结"),
    ]
    said = pd.Series("", index=hits.index, dtype="str")
    for holds, words in kinds:
        said = said + fill(words, hits).where(holds[hits.index], "")
    since = signed.where(was_signed, tickets["answered_at"].where(was_answered, closed.where(was_closed)))
    evidence = fill("状态为“{status}”{said}", hits, said=said)
    return findings_on(hits, "黄", since[hits.index].fillna(hits["received_at"]), pd.NA, evidence)


@rule(
    "未反馈中心",
    GROUP,
    needs=["replied_at", "fed_back_at"],
    ladder="一律为黄",
    source="县热线办总结：及时将办理结果回复来电人并反馈县平台中心",
    guard="反馈时间无法识别的不算未反馈；中心已回访、已办结的，说明已知结果，不算；日历以外的、作废的不计",
    thresholds=["feedback_days"],
)
def not_fed_back(watch):
    """已回复来电人，超过{feedback_days}个工作日仍未反馈县平台中心。"""
    replied = watch.known("replied_at")
    is_known = watch.reached("visited_at") | may_be_closed(watch)
    waits = has_come(watch) & replied.notna() & ~watch.reached("fed_back_at") & ~is_known
    days = count_working_days(replied, watch.as_of, watch.policy.workdays)
    late = waits & days.gt(watch.limits.feedback_days).fillna(False)
    hits, days = watch.choose(late), days[late]
    evidence = fill(
        "{replied_at}已回复来电人，应在{limit}个工作日内反馈县平台中心，截至{as_of}已过{days}个工作日仍未反馈",
        hits,
        limit=watch.limits.feedback_days,
        as_of=watch.as_of,
        days=days,
    )
    return findings_on(hits, "黄", hits["replied_at"], days, evidence)
