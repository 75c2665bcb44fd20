"""The metrics of time: received, answered, closed, signed for and contacted, and whether in time."""

from toolkit import schema
from toolkit.scoring.metric import (
    LEFT,
    Metric,
    both,
    either,
    everyone,
    has,
    has_fallen_due,
    has_time,
    in_time,
    is_answered,
    is_word,
)

_closed = either(has("closed_at"), is_word("status", *schema.CLOSED_STATUSES))
_closed_in_time = in_time("closed_at", "due_at")
_has_due_closing = has_fallen_due("closed_at", "due_at")
_closed_under_limit = both(has_time("closed_at"), has("due_at"))
_closed_late = lambda tickets: tickets["closed_at"].gt(tickets["due_at"])  # noqa: E731 - one question more
_was_contacted = either(has("first_contact_at"), is_word("contacted", schema.YES))
_ROUND = "重办过的件按首轮计"
_UNTIMED = f"{schema.UNTIMED}的在分母、不在分子"
_FLOOR = "有时间不明的件时只是下限，见“时间不明率”"
CONTACT = ("first_contact_at", "contacted")


def _responded(tickets):
    """Signed in time, and spoken with by the time for it where there is one."""
    late = tickets["first_contact_at"].gt(tickets["contact_due_at"])
    return in_time("signed_at", "sign_due_at")(tickets) & _was_contacted(tickets) & ~late


METRICS = [
    Metric(
        "受理件数",
        "受理件数",
        ("received_at",),
        everyone,
        "本期受理的全部工单，含已剔除和作废的",
        "县热线办报告口径",
    ),
    Metric(
        "按期回复率（÷受理）",
        "按期回复率",
        ("due_at", "answered_at"),
        is_word("due_state", schema.ON_TIME),
        f"截止时间前{{answer}}的件 ÷ 受理件；{_ROUND}，未到期未{{answer}}的、{_UNTIMED}，{LEFT}",
        "县热线办报告：456/498=91.6%",
        among=everyone,
        caution=_FLOOR,
    ),
    Metric(
        "按期回复率（÷转办）",
        "按期回复率",
        ("due_at", "answered_at", "dispatched_at"),
        is_word("due_state", schema.ON_TIME),
        f"截止时间前{{answer}}的件 ÷ 有转办时间的件；{_ROUND}，{_UNTIMED}，{LEFT}",
        "德州通报：17,529/18,190=96.37%",
        among=has("dispatched_at"),
        caution=f"没有转办时间的件不在分母；{_FLOOR}",
    ),
    Metric(
        "按期回复率（÷能判定）",
        "按期回复率",
        ("due_at", "answered_at"),
        is_word("due_state", schema.ON_TIME),
        f"截止时间前{{answer}}的件 ÷（按期{{answer}}件＋超期{{answer}}件＋超期未{{answer}}件）；"
        f"{_ROUND}，未到期的、已{{answer}}而时间不明的不计，{LEFT}",
        "同上，只计能够判定的件",
        among=is_word("due_state", schema.ON_TIME, schema.LATE, schema.OVERDUE),
        caution="时间不明的件不在分母，见“时间不明率”",
    ),
    Metric(
        "时间不明率（÷受理）",
        "时间不明率",
        ("due_at",),
        is_word("due_state", schema.UNTIMED),
        f"已{{answer}}而不能判定是否按期的件（时间未填、早于受理，或重办过而首轮时间不明）÷ 受理件；{LEFT}",
        "数据质量的常用查法",
        among=everyone,
        caution="不是超期件；占比高时，按期、超期各率都只是下限",
    ),
    Metric(
        "回复率（÷受理）",
        "回复率",
        ("answered_at",),
        is_answered,
        f"已{{answer}}的件（不论是否按期，时间不明的也计）÷ 受理件；{LEFT}",
        "乡镇总结：回复率100%",
        among=everyone,
    ),
    Metric(
        "回复率（÷转办）",
        "回复率",
        ("answered_at", "dispatched_at"),
        is_answered,
        f"已{{answer}}的件（不论是否按期，时间不明的也计）÷ 有转办时间的件；{LEFT}",
        "大英通报下限：回复率≥92%",
        among=has("dispatched_at"),
        caution="没有转办时间的件不在分母",
    ),
    Metric(
        "办理率（÷受理）",
        "办理率",
        ("answered_at",),
        either(is_answered, _closed),
        f"已{{answer}}或已办结的件 ÷ 受理件；{LEFT}",
        "某局总结：办理率100%，原文未写口径",
        among=everyone,
        caution="待确认",
    ),
    Metric(
        "按时办结率（÷应办结）",
        "按时办结率",
        ("due_at", "closed_at"),
        _closed_in_time,
        "截止时间前办结的件 ÷ 应办结件（已到期的和提前办结的，超期未办结的、未填办结时间的也在分母，"
        f"办结时间无法识别的不计）；{LEFT}",
        "连云港2019年6月通报：24,165/29,186=82.8%；2017年4月：22,345/24,932=89.62%",
        among=_has_due_closing,
    ),
    Metric(
        "按时办结率（÷已办结）",
        "按时办结率",
        ("due_at", "closed_at"),
        _closed_in_time,
        f"截止时间前办结的件 ÷（按时办结件＋超时办结件）；{LEFT}",
        "某地市平台统计程序；连云港2019年6月数据按此算为93.7%，高出10.9个百分点",
        among=_closed_under_limit,
        caution="超期未办结的件不在分母",
    ),
    Metric(
        "办结率（÷受理）",
        "办结率",
        ("closed_at",),
        _closed,
        f"已办结的件（有办结时间，或状态为已办结）÷ 受理件，含未到期的；{LEFT}",
        "连平通报：2,477/3,136=78.98%",
        among=everyone,
    ),
    Metric(
        "办结率（÷应办结）",
        "办结率",
        ("closed_at", "due_at"),
        _closed,
        f"已办结的件（不论是否按时，有办结时间或状态为已办结）÷ 应办结件（已到期的和提前办结的）；{LEFT}",
        "连云港2019年6月通报（结案率）：25,783/29,186=88.34%",
        among=either(_has_due_closing, both(_closed, has("due_at"))),
        caution="未到期未办结的件不在分母",
    ),
    Metric(
        "办结率（含直接答复）",
        "办结率",
        ("closed_at", "handling"),
        either(_closed, is_word("handling", schema.DIRECT)),
        f"已办结的件和热线直接答复的件 ÷ 受理件；{LEFT}",
        "衡东2020年9月通报（综合办结率）：3,285/3,338=98.41%",
        among=everyone,
        caution="含热线直接答复的件，不全是承办单位办结",
    ),
    Metric(
        "超期率（÷受理）",
        "超期率",
        ("due_at", "answered_at"),
        is_word("due_state", schema.LATE, schema.OVERDUE),
        f"超期{{answer}}的件和超期未{{answer}}的件 ÷ 受理件；{_ROUND}，{_UNTIMED}，{LEFT}",
        "衡东通报表头“超期率”",
        among=everyone,
        caution=_FLOOR,
    ),
    Metric(
        "超期办结率（÷受理）",
        "超期率",
        ("due_at", "closed_at"),
        _closed_late,
        f"截止时间后办结的件 ÷ 受理件；{LEFT}",
        "衡东通报表头“超期结案”",
        among=everyone,
        caution="超期未办结的件不计为超期",
    ),
    Metric(
        "超期办结率（÷已办结）",
        "超期率",
        ("due_at", "closed_at"),
        _closed_late,
        f"截止时间后办结的件 ÷ 有截止时间的办结件；{LEFT}",
        "衡东通报表头“超期结案率”",
        among=_closed_under_limit,
        caution="超期未办结的件不在分母",
    ),
    Metric(
        "及时签收率（÷应签收）",
        "及时签收率",
        ("signed_at", "sign_due_at"),
        in_time("signed_at", "sign_due_at"),
        f"签收截止时间前签收的件 ÷ 应签收件（已到签收时限的和提前签收的，未签收的也在分母，时间无法识别的不计）；{LEFT}",
        "连云港通报“签收率”",
        among=has_fallen_due("signed_at", "sign_due_at"),
    ),
    Metric(
        "先行联系率（÷转办）",
        "先行联系率",
        ("dispatched_at", CONTACT),
        _was_contacted,
        f"有先行联系时间或登记已联系的件 ÷ 有转办时间的件；{LEFT}",
        "准格尔旗考核办法“联系反馈”",
        among=has("dispatched_at"),
    ),
    Metric(
        "先行联系率（÷已登记）",
        "先行联系率",
        ("contacted",),
        is_word("contacted", schema.YES),
        f"登记已联系的件 ÷（已联系件＋未联系件）；{LEFT}",
        "上海赵巷镇考核程序：已先行联系÷（已联系＋未联系）",
        among=is_word("contacted", schema.YES, schema.NO),
        caution="未登记是否联系的件不在分母",
    ),
    Metric(
        "响应率（÷应签收）",
        "响应率",
        ("signed_at", "sign_due_at", CONTACT),
        _responded,
        f"按时签收并按时先行联系的件 ÷ 应签收件（已到签收时限的和提前签收的）；{LEFT}",
        "准格尔旗考核办法：签收时效＋联系反馈＋影像证明",
        among=has_fallen_due("signed_at", "sign_due_at"),
        caution="影像证明不在导出表内，未计",
    ),
]

# Not a share but how long it took: `tally` counts its days.
HANDLING = Metric(
    "办理用时",
    "办理用时",
    ("answered_at",),
    has("answered_at"),
    "起算次日至{answer}当日的工作日数，当日{answer}为0；未{answer}的按至统计截止仍未{answer}参与估计"
    f"（Kaplan–Meier），挂账时间不扣除，时间不明的不计；{LEFT}",
    "县热线办报告“逐步提高办理时效”；Kaplan与Meier，1958",
    among=lambda tickets: tickets["handling_days"].ge(0).fillna(False).astype(bool),
)
