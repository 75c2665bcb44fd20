"""线索：时限（重办）。Sent back to be done again: still waiting, or answered late in that round."""

from toolkit import schema
from toolkit.flagging.rule import fill, findings_on, grade, rule

GROUP = "时限"


@rule(
    "重办未回复",
    GROUP,
    needs=["answered_by"],
    ladder="重办超期为橙，未到期或期限不明为蓝",
    source="山东省级2017：回访不满意的重办；重办的时限未见公布，按时限办法，待本县核定",
    guard="重办以流转记录或状态“重办”为准；重办以后已经答复、办结的不算；首轮是否按期另行评判；作废、并单、不予受理的不计",
)
def rework_open(watch):
    """已发回重办，重办以后尚未回复。"""
    tickets = watch.tickets
    hits = watch.choose(schema.is_open_again(tickets))
    answer = hits["answered_by"].map(schema.ANSWERS)
    is_over, is_due = hits["rework_state"].eq(schema.OVERDUE), hits["rework_due_at"].notna()
    since = fill("{reworked_at}发回重办", hits).mask(
        hits["reworked_at"].isna(), "状态为重办，流转记录未见重办时间"
    )
    due = fill("，应于{rework_due_at}前{answer}", hits, answer=answer).where(is_due, "，没有适用的重办时限")
    days = hits["rework_overdue_days"]
    over = fill("，已超期{days}个工作日", hits, days=days).mask(
        days.eq(0).fillna(False), "，已超期不足1个工作日"
    )
    evidence = fill(
        "{since}{due}，截至{as_of}未{answer}{over}",
        hits,
        since=since,
        due=due,
        as_of=watch.as_of,
        answer=answer,
        over=over.where(is_over, ""),
    )
    severity = is_over.map({True: "橙", False: "蓝"})
    return findings_on(hits, severity, hits["rework_due_at"].fillna(hits["reworked_at"]), days, evidence)


@rule(
    "重办超期回复",
    GROUP,
    needs=["answered_by"],
    ladder="超过{late_orange_days}个工作日为橙，其余为黄",
    source="重办的时限未见公布，按时限办法，待本县核定",
    guard="只按流转记录中最后一次重办以后的答复评判，与首轮分开；时间不明的不算",
    thresholds=["late_orange_days"],
)
def rework_late(watch):
    """发回重办以后已回复，但晚于重办的截止时间。"""
    hits = watch.choose(watch.tickets["rework_state"].eq(schema.LATE))
    days = hits["rework_overdue_days"]
    evidence = fill(
        "{reworked_at}发回重办，应于{rework_due_at}前{answer}，实际于{rework_answered_at}{answer}，超期{days}",
        hits,
        answer=hits["answered_by"].map(schema.ANSWERS),
        days=(days.astype("str") + "个工作日").mask(days.eq(0).fillna(False), "不足1个工作日"),
    )
    severity = grade(days, (watch.limits.late_orange_days + 1, "橙"), (0, "黄"))
    return findings_on(hits, severity, hits["rework_due_at"], days, evidence)
