"""线索：时限。Overdue, late, due soon, signed late, not contacted, extensions."""

import pandas as pd

from toolkit import schema
from toolkit.clocking.workdays import count_working_days
from toolkit.flagging.facts import is_untimed
from toolkit.flagging.rule import fill, findings_on, grade, look_up, rule

GROUP = "时限"


@rule(
    "超期未回复",
    GROUP,
    needs=["due_at"],
    ladder="按时限办法的预警阶梯：{overdue_ladder}",
    source="各地督办规定：逾期首日列红牌，逾期2个工作日以上升级",
    guard="挂账、已批准的延期计入截止时间；状态、回复内容或后面环节说明已答复的不算；重办过的按首轮计；作废、并单、不予受理的不计",
)
def overdue_open(watch):
    """截止时间已过，仍未回复。"""
    hits = watch.choose(watch.tickets["due_state"].eq(schema.OVERDUE))
    evidence = fill(
        "应于{due_at}前{answer}（{due_source}时限），截至{as_of}仍未{answer}，已超期{days}{note}",
        hits,
        note=_note(hits),
        answer=_answer(hits),
        as_of=watch.as_of,
        days=_days(hits["overdue_days"]),
    )
    return findings_on(hits, hits["warning"].fillna("橙"), hits["due_at"], hits["overdue_days"], evidence)


@rule(
    "超期回复",
    GROUP,
    needs=["due_at"],
    ladder="超过{late_orange_days}个工作日为橙，其余为黄",
    source="各地考核办法：超期办结逐件扣分",
    thresholds=["late_orange_days"],
)
def replied_late(watch):
    """已回复，但晚于截止时间。"""
    hits = watch.choose(watch.tickets["due_state"].eq(schema.LATE))
    evidence = fill(
        "应于{due_at}前{answer}（{due_source}时限），实际于{answered_at}{answer}，超期{days}{note}",
        hits,
        note=_note(hits),
        answer=_answer(hits),
        days=_days(hits["overdue_days"]),
    )
    severity = grade(hits["overdue_days"], (watch.limits.late_orange_days + 1, "橙"), (0, "黄"))
    return findings_on(hits, severity, hits["due_at"], hits["overdue_days"], evidence)


@rule(
    "即将到期",
    GROUP,
    needs=["due_at"],
    ladder="按时限办法的预警阶梯：{left_ladder}",
    source="某局制度：办结日前两天完成工单回复；到期前1个工作日未回复列黄牌",
    thresholds=["due_soon_days"],
)
def due_soon(watch):
    """尚未回复，距截止时间不超过{due_soon_days}个工作日。"""
    tickets = watch.tickets
    near = tickets["left_days"].le(watch.limits.due_soon_days).fillna(False)
    hits = watch.choose(tickets["due_state"].eq(schema.PENDING) & near)
    left = hits["left_days"].astype("str") + "个工作日"
    evidence = fill(
        "应于{due_at}前{answer}，截至{as_of}未{answer}，{left}",
        hits,
        answer=_answer(hits),
        as_of=watch.as_of,
        left=("距截止还有" + left).mask(hits["left_days"].eq(0), "当日到期"),
    )
    return findings_on(hits, hits["warning"].fillna("蓝"), watch.as_of, hits["left_days"], evidence)


@rule(
    "过内部期限",
    GROUP,
    needs=["due_at"],
    ladder="一律为蓝",
    source="某局制度：办结日前两天完成工单回复",
    guard="只看截止时间以内的件；已超期的由“超期”两条规则列出",
    thresholds=["lead_working_days"],
    asks_review=True,
)
def lead_missed(watch):
    """过了内部办理期限（截止前{lead_working_days}个工作日）才回复，或至今未回复，但尚未超期。"""
    tickets = watch.tickets
    in_time = tickets["due_state"].isin([schema.ON_TIME, schema.PENDING]) & ~is_untimed(watch)
    hits = watch.choose(in_time & (tickets["answered_at"].fillna(watch.as_of) > tickets["lead_due_at"]))
    done = fill("实际于{answered_at}{answer}", hits, answer=_answer(hits))
    waits = fill("截至{as_of}未{answer}", hits, as_of=watch.as_of, answer=_answer(hits))
    evidence = fill(
        "内部期限为{lead_due_at}，{how}，截止时间为{due_at}",
        hits,
        how=done.where(hits["answered_at"].notna(), waits),
    )
    return findings_on(hits, "蓝", hits["lead_due_at"], pd.NA, evidence)


@rule(
    "未按时签收",
    GROUP,
    needs=["dispatched_at", "signed_at"],
    ladder="至今未签收也未答复为橙，其余为黄",
    source="蚌埠2019：1个工作日内签收；连云港考核及时签收率",
    guard="签收时限内已经答复的、没有签收而答复时间不明的、签收时间无法识别的、作废的不算",
)
def signed_late(watch):
    """转办后未在规定时间内签收，或至今没有签收；限期内已经回复的不算。"""
    tickets, signed = watch.tickets, watch.known("signed_at")
    expected = tickets["sign_due_at"]
    late = (signed > expected) | (~watch.reached("signed_at") & (expected < watch.as_of))
    is_settled = tickets["due_state"].isin(schema.NOT_JUDGED) | (tickets["answered_until"] <= expected)
    is_settled |= signed.isna() & is_untimed(watch)
    hits = watch.choose(late & ~is_settled)
    signed = signed[hits.index]
    days = count_working_days(hits["sign_due_at"], signed.fillna(watch.as_of), watch.policy.workdays)
    how = fill("截至{as_of}仍未签收，超过{days}", hits, as_of=watch.as_of, days=_days(days))
    how = how.mask(hits["answered_at"].notna(), fill("没有签收记录，{answered_at}直接答复", hits))
    how = how.mask(
        signed.notna(), fill("实际于{signed}签收，超过{days}", hits, signed=signed, days=_days(days))
    )
    evidence = fill("{dispatched_at}转办，应于{sign_due_at}前签收，{how}", hits, how=how)
    never = signed.isna() & hits["answered_at"].isna()
    return findings_on(hits, never.map({True: "橙", False: "黄"}), hits["sign_due_at"], days, evidence)


@rule(
    "未先行联系",
    GROUP,
    needs=["dispatched_at", "first_contact_at"],
    ladder="紧急件为橙，其余为黄",
    source="上海赵巷：先行联系计30分；国办发〔2020〕53号：及时联系诉求人",
    guard="导出表另记“已联系”的、时限内已经答复的、没有联系而答复时间不明的、联系时间无法识别的、作废的不算",
)
def contact_missed(watch):
    """转办后未在规定时间内联系诉求人，或至今没有联系。"""
    tickets, contact = watch.tickets, watch.known("first_contact_at")
    expected = tickets["contact_due_at"]
    never = ~watch.reached("first_contact_at") & tickets["contacted"].ne("是")
    late = (contact > expected) | (never & (expected < watch.as_of))
    is_settled = tickets["due_state"].isin(schema.NOT_JUDGED) | (tickets["answered_until"] <= expected)
    is_settled |= contact.isna() & is_untimed(watch)
    hits = watch.choose(late & ~is_settled)
    contact = contact[hits.index]
    how = fill("截至{as_of}没有联系记录", hits, as_of=watch.as_of)
    how = how.mask(contact.notna(), fill("实际于{contact}联系", hits, contact=contact))
    evidence = fill("{dispatched_at}转办，应于{contact_due_at}前联系诉求人，{how}", hits, how=how)
    urgent = hits["urgency"].isin(schema.URGENT)
    days = count_working_days(hits["contact_due_at"], contact.fillna(watch.as_of), watch.policy.workdays)
    return findings_on(hits, urgent.map({True: "橙", False: "黄"}), hits["contact_due_at"], days, evidence)


@rule(
    "延期不规范",
    GROUP,
    needs_log=True,
    ladder="两种以上为橙，一种为黄",
    source="吕梁2024：延期不超过3次、每次不超过3个工作日；延期须在时限内申请",
    guard="只凭流转记录中的延期批准；时限办法没有延期规定的，不查次数",
    thresholds=["extension_times"],
)
def extension_abused(watch):
    """延期在截止之后才批准，或次数超过规定（{extension_times}），或两次以上用同一理由，或超过规定上限。"""
    log = watch.events[watch.events["event"].eq("extension_approved")]
    asked = watch.events[watch.events["event"].isin(["extension_approved", "extension_requested"])]
    reasons = asked.dropna(subset="detail").groupby(["ticket_id", "event", "detail"]).size()
    repeated = reasons[reasons >= 2].reset_index()["ticket_id"].unique()
    counts = log["ticket_id"].value_counts()
    tickets = watch.tickets
    count = tickets["ticket_id"].map(counts).fillna(0).astype("Int64")
    note = tickets["due_note"].fillna("")
    most = watch.policy.extension_times if watch.policy.extension_limits else None
    how = {
        "在截止之后才批准": note.str.contains("延期批准晚于截止时间", regex=False),
        f"次数超过规定的{most}次": count.gt(most) if most else pd.Series(False, index=tickets.index),
        "两次以上理由相同": tickets["ticket_id"].isin(repeated),
        "超过规定上限": note.str.contains("延期超过规定上限", regex=False),
    }
    kinds = pd.concat([holds.astype(int) for holds in how.values()], axis=1).sum(axis=1)
    said = pd.Series("", index=tickets.index, dtype="str")
    for words, holds in how.items():
        said = said.mask(holds, (said + "，" + words).str.removeprefix("，"))
    hits = watch.choose(kinds > 0)
    first = look_up(hits["ticket_id"], log.groupby("ticket_id")["at"].min())
    evidence = fill("批准延期{count}次：{said}", hits, count=count[hits.index], said=said[hits.index])
    return findings_on(
        hits, grade(kinds[hits.index], (2, "橙"), (0, "黄")), first, count[hits.index], evidence
    )


def _note(hits):
    """What is to be known about the due time, in brackets."""
    return ("（" + hits["due_note"] + "）").fillna("")


def _answer(hits):
    return hits["answered_by"].map(schema.ANSWERS)


def _days(counts):
    """'3个工作日', or '不足1个工作日' for the same day; unknown where the calendar does not reach."""
    said = counts.astype("str") + "个工作日"
    return said.mask(counts.lt(1).fillna(False), "不足1个工作日").mask(
        counts.isna(), "（日历以外，天数未计）"
    )
