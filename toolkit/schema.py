"""The ticket table: every column, its type, its Chinese label and what it means.

This is the only place that lists columns. `load` fills them from an export, `clock` adds the
columns of `CLOCK`, `prepare` those of `REPORTS`, and everything that is shown takes its label from here.
"""

from dataclasses import dataclass

import pandas as pd

from toolkit.errors import ParameterError


@dataclass(frozen=True)
class Column:
    """One column of the ticket table. A missing value is NaT, NaN or <NA>: not known, never zero."""

    name: str
    kind: str  # text, time, count; "free" is text a citizen or clerk wrote, masked when loaded
    label: str
    meaning: str


TICKETS = [
    Column("ticket_id", "text", "工单编号", "the platform's number, one per ticket"),
    Column("related_id", "text", "关联工单", "an earlier or parent ticket the platform names"),
    Column("title", "free", "标题", "what it is about, in a line"),
    Column("content", "free", "诉求内容", "what the citizen said"),
    Column("type", "text", "诉求类型", "咨询, 求助, 投诉, 举报, 建议 …"),
    Column("category", "text", "问题分类", "the category path, levels joined by /"),
    Column("channel", "text", "受理渠道", "how it came in"),
    Column("source_level", "text", "派发层级", "which level passed it down"),
    Column("urgency", "text", "紧急程度", "普通, 紧急, 特急"),
    Column("township", "text", "属地", "where it happened: township or street"),
    Column("address", "free", "事发地址", "where it happened, in words"),
    Column("caller", "text", "诉求人标识", "keyed hash of the caller: the same caller, no name"),
    Column("unit", "text", "承办单位", "the township or department that answers for it"),
    Column("unit_group", "text", "单位类别", "乡镇, 县直部门, 公共服务企业"),
    Column("sub_unit", "text", "三级单位", "the office or village inside the unit"),
    Column("co_units", "text", "协办单位", "the other units named, joined by ；"),
    Column("handler", "text", "经办人", "the clerk who handles it in the unit"),
    Column("status", "text", "工单状态", "the platform's word for where it stands"),
    Column("received_at", "time", "受理时间", "the hotline took it"),
    Column("dispatched_at", "time", "转办时间", "it was passed to the unit"),
    Column("signed_at", "time", "签收时间", "the unit signed for it"),
    Column("first_contact_at", "time", "先行联系时间", "the unit first spoke with the caller"),
    Column("replied_at", "time", "回复时间", "the unit answered"),
    Column("fed_back_at", "time", "反馈时间", "the unit reported back to the centre"),
    Column("visited_at", "time", "回访时间", "the centre called the citizen back"),
    Column("closed_at", "time", "办结时间", "the platform closed it"),
    Column("platform_due_at", "time", "平台截止时间", "the due time the platform set"),
    Column("extended_due_at", "time", "延期后截止时间", "the due time after an extension"),
    Column("platform_overdue", "text", "平台超期标识", "the platform's own verdict: 是 late, 否 in time"),
    Column("return_count", "count", "退回次数", "how often a unit sent it back"),
    Column("return_reason", "free", "退回原因", "why it was sent back"),
    Column(
        "return_review", "text", "退单审核结果", "同意, 不同意 or 审核中: whether the return was accepted"
    ),
    Column("extension_count", "count", "延期次数", "how often the due time was moved"),
    Column("urge_count", "count", "催办次数", "how often the centre urged"),
    Column("rework_count", "count", "重办次数", "how often it was done again"),
    Column("reply", "free", "回复内容", "what the unit answered"),
    Column("handling", "text", "办理方式", "直接答复 by the hotline itself, or 转办 to a unit"),
    Column("reply_standard", "text", "答复规范", "规范 or 不规范: whether the reply keeps to the form"),
    Column("reply_fit", "text", "契合度", "契合 or 不契合: whether the reply answers what was asked"),
    Column("outcome", "text", "办理结果分类", "已解决, 暂不具备条件 or 解释说明: how the matter ended"),
    Column("visit_wanted", "text", "是否需要回访", "是 where the citizen is to be called back, else 否"),
    Column("visit_connected", "text", "回访接通", "是 where the call-back reached the citizen, else 否"),
    Column("satisfaction", "text", "满意度", "the citizen's verdict; 未评价 where none was given"),
    Column(
        "attitude", "text", "服务态度满意度", "the citizen's verdict on the unit's manner, as satisfaction"
    ),
    Column("resolved", "text", "是否解决", "已解决, 未解决, 未表态"),
    Column("contacted", "text", "是否联系", "是 where the unit spoke with the caller, else 否"),
    Column(
        "untimed",
        "text",
        "时间无法识别",
        "the stages of which something stands there that is no time, joined by 、",
    ),
    Column("exclusion", "text", "剔除状态", "申请, 通过, 驳回: whether it leaves the assessment"),
    Column("source_file", "text", "来源文件", "the file the ticket was read from"),
    Column("source_sheet", "text", "来源工作表", "the sheet of that file"),
    Column("source_row", "count", "来源行号", "the row of that sheet, as the spreadsheet counts"),
]

# Read to make the caller's hash, and never part of a ticket.
PERSONAL = [
    Column("caller_name", "text", "诉求人", "the caller's name"),
    Column("caller_phone", "text", "联系电话", "the caller's number"),
    Column("caller_id_card", "text", "证件号码", "the caller's identity number"),
]

# Read to tell which row of a ticket leads, and never part of a ticket.
ROLES = [Column("unit_role", "text", "责任归属", "主办, 协办 or 转办: the part the row's unit has")]

CLOCK = [
    Column("due_at", "time", "截止时间", "the due time that judges the ticket"),
    Column("due_source", "text", "时限来源", "延期, 平台 or 本办法: whose due time that is"),
    Column("due_note", "text", "时限备注", "what to know about the due time: pauses, extensions not counted"),
    Column("policy_due_at", "time", "本办法截止时间", "the due time by the policy, whoever judges"),
    Column("due_compared", "text", "平台与本办法", "whether the platform's due time is 一致, 偏早 or 偏晚"),
    Column("clock_from", "time", "起算时间", "the moment from which the policy counts"),
    Column("answered_at", "time", "答复时间", "the stage that counts as the answer, if it came by as_of"),
    Column("answered_by", "text", "答复环节", "which column that stage is"),
    Column(
        "answered_until",
        "time",
        "最晚答复时间",
        "when it had been answered at the latest: answered_at, without it the next stage that is known",
    ),
    Column(
        "answered",
        "text",
        "是否答复",
        "是 where a time, a later stage, the status or the reply says so, else 否",
    ),
    Column("due_state", "text", "时限状态", "the verdict at as_of, a word of DUE_STATES"),
    Column("judged_at", "time", "判定时点", "the as_of of the verdict"),
    Column("handling_days", "count", "办理工作日", "working days from clock_from until answered, or as_of"),
    Column("overdue_days", "count", "超期工作日", "working days past the due time, until answered or as_of"),
    Column("left_days", "count", "剩余工作日", "working days from as_of to the due time of an open ticket"),
    Column(
        "warning",
        "text",
        "预警",
        "红, 橙, 黄 or 蓝: the step of the policy's ladder an open ticket stands on",
    ),
    Column("lead_due_at", "time", "内部办理期限", "the unit's own date: working days before the due time"),
    Column("dispatch_due_at", "time", "转办截止时间", "when the hotline should have passed it on"),
    Column("sign_due_at", "time", "签收截止时间", "when the unit should have signed for it"),
    Column("contact_due_at", "time", "联系截止时间", "when the unit should have spoken with the caller"),
    Column("return_due_at", "time", "退回截止时间", "until when the unit could send it back"),
    Column("close_due_at", "time", "办结截止时间", "when it should have been closed"),
    Column("visit_due_at", "time", "回访截止时间", "when the citizen should have been called back"),
    Column("reworked_at", "time", "重办时间", "when it was last sent back to be done again, by the flow log"),
    Column(
        "rework_due_at", "time", "重办截止时间", "the due time of that round, by the policy's rework_limits"
    ),
    Column("rework_answered_at", "time", "重办答复时间", "the answer of that round, if it came by as_of"),
    Column(
        "rework_state",
        "text",
        "重办时限状态",
        "the verdict on that round; missing where there is none to give",
    ),
    Column("rework_overdue_days", "count", "重办超期工作日", "working days past the due time of that round"),
]

REPORTS = [
    Column("report", "text", "报告", "the report a ticket stands in: its unit, or its month"),
    Column("scope", "text", "范围", "本期, 上年同期, 往期未回复 or 期外"),
    Column("category_top", "text", "问题大类", "the first level of the category path"),
    Column("due_explained", "text", "时限说明", "how the due time comes about, to be checked by hand"),
    Column(
        "marks_passed",
        "count",
        "未答复时已过的时限刻度",
        "how many of the ten marks of its limit (5%, 15% … 95% gone) a ticket had passed unanswered, 10 if it ran out; "
        "missing where it is not due yet or nothing tells",
    ),
    Column(
        "run_out_percent",
        "count",
        "逾期可能（%）",
        "the forecast's chance of an open ticket not overdue, in percent; missing where there is none or it is weak",
    ),
    Column(
        "forecast",
        "text",
        "到期预测",
        "the tickets alike that were open as long, and how many of them ran out",
    ),
    Column("dispatch_check", "text", "派单核对", "by the run's catalogue, a word of DISPATCH_CHECKS"),
    Column(
        "dispatch_reason", "text", "派单核对说明", "who is in charge of the category, and who got the ticket"
    ),
]

# The verdicts. UNTIMED: answered, and nothing tells whether in time. SHUT: closed, and nothing tells that it was
# answered. VOID: merged, repeated, rejected, withdrawn or void. SHUT and VOID are in no rate.
ON_TIME, LATE, OVERDUE, PENDING, UNTIMED, NO_DUE, SHUT, VOID = (
    "按期回复",
    "超期回复",
    "超期未回复",
    "未到期",
    "已答复、时间不明",
    "无截止时间",
    "已关闭、未见答复",
    "不予评判",
)
DUE_STATES = [ON_TIME, LATE, OVERDUE, PENDING, UNTIMED, NO_DUE, SHUT, VOID]
NOT_JUDGED = [SHUT, VOID]
STATE_MEANINGS = {
    ON_TIME: "在截止时间之前答复；已批准的延期、挂账计入截止时间",
    LATE: "已答复，晚于截止时间；已批准的延期、挂账计入截止时间",
    OVERDUE: "截止时间已过，截至统计截止仍未答复；已批准的延期、挂账计入截止时间，作废件不计",
    PENDING: "截至统计截止未答复，截止时间未到",
    UNTIMED: "状态或回复内容表明已答复，没有可信的答复时间，不作按期，也不作超期",
    NO_DUE: "未答复，时限办法和平台都没有给出截止时间",
    SHUT: "已关闭而未见答复，不评判是否按期",
    VOID: "作废、撤单、合并、不予受理等，不评判是否按期",
}

# Whether a ticket was sent to whom the catalogue names; not listed and not to be judged count in no rate.
SENT_RIGHT, SENT_WRONG, NOT_LISTED, UNJUDGED = "准确", "不符", "目录未列", "无法判断"
DISPATCH_CHECKS = [SENT_RIGHT, SENT_WRONG, NOT_LISTED, UNJUDGED]

SAME_DUE, EARLIER_DUE, LATER_DUE = "一致", "平台偏早", "平台偏晚"

# The eight times of a ticket in the order of the work, and what each is as an event.
EVENT_OF = {
    "received_at": "received",
    "dispatched_at": "dispatched",
    "signed_at": "signed",
    "first_contact_at": "first_contact",
    "replied_at": "replied",
    "fed_back_at": "fed_back",
    "visited_at": "visited",
    "closed_at": "closed",
}
STAGES = list(EVENT_OF)

# The words of `scope`: where a ticket stands to the period of a run.
NOW, BEFORE, CARRIED, OUTSIDE = "本期", "上年同期", "往期未回复", "期外"
PREVIOUS = "上期"  # the period before, where it is not the year before
RECENT = "近12个月"  # received in a month that a rate is followed by, and in none of the above
CITED, ALIKE = (
    "引用",
    "相似前件",
)  # how a ticket is related to another: names its number, or tells of a like matter

ORIGIN = ["source_file", "source_sheet", "source_row"]
NO_UNIT = "（未填单位）"
BLANK = "（未填）"  # any other value that is not there
HIDDEN = "〔不公开〕"  # a value that is there and that a version of the report does not show
COUNTY = "全县"
COUNTY_AS_UNIT = f"{COUNTY}（填作单位）"  # an export that names a unit like the county's own rows

# Which words of a column count as what. The words themselves are normalised by headers.yml.
DEFAULT_SATISFIED = "默认满意"
SATISFIED = ["非常满意", "满意", "基本满意"]
DISSATISFIED = ["不满意", "非常不满意"]
RATED = [*SATISFIED, "一般", *DISSATISFIED]
RESOLVED, UNRESOLVED, UNSAID = "已解决", "未解决", "未表态"
UNRATED = "未评价"
PUT_OFF, EXPLAINED = "暂不具备条件", "解释说明"
DIRECT, PASSED_ON = "直接答复", "转办"
YES, NO = "是", "否"
EXCLUDED = "通过"
URGENT = ["紧急", "特急"]
INQUIRY, PRAISE = "咨询", "表扬"
NO_DEMAND = [INQUIRY, PRAISE]  # they want nothing done
# What the stage that counts as the answer (`answered_by`) is called.
ANSWERS = {"replied_at": "回复", "closed_at": "办结"}
# What a status means for the verdict.
WITHDRAWN_STATUSES, MERGED = ["作废", "撤单"], "并单"
# Void ones that were not withdrawn were a call all the same.
VOID_STATUSES = [*WITHDRAWN_STATUSES, MERGED, "重复件", "不予受理"]
SHUT_STATUSES = ["已关闭"]
CLOSED_STATUSES = ["已办结", "已结案", "归档", "已归档"]
ANSWERED_STATUSES = ["已回复", "已答复", "已反馈", "已回访", *CLOSED_STATUSES]
REWORK_STATUS, PAUSED_STATUS = "重办", "挂账"
BACK_STATUSES = ["待签收", "已退回", REWORK_STATUS]  # a reply beside one of these may be of an earlier round

BY_NAME = {column.name: column for column in [*TICKETS, *PERSONAL, *ROLES, *CLOCK, *REPORTS]}
DTYPES = {"text": "str", "free": "str", "time": "datetime64[us]", "count": "Int64"}


def label(name):
    """The Chinese label of a column."""
    return BY_NAME[name].label


def names(kind=None):
    """The columns `load` gives, in order; only those of one kind when it is named."""
    return [column.name for column in TICKETS if kind in (None, column.kind)]


def missing_columns(tickets, needs):
    """Which of the needed columns are not there or empty throughout; of several in a tuple one will do.

    Nothing is missing from an empty table.
    """
    return [need for need in needs if len(tickets) and not _is_filled(tickets, need)]


def _is_filled(tickets, need):
    return any(name in tickets and tickets[name].notna().any() for name in choices(need))


def choices(need):
    """A need as the names of which one will do."""
    return need if isinstance(need, tuple) else (need,)


def label_need(need):
    """The Chinese label of a need: 先行联系时间或是否联系."""
    return "或".join(map(label, choices(need)))


def judged_at(tickets):
    """The cut-off time that clocked tickets were judged at; the end of time for an empty table, which has none."""
    if "judged_at" not in tickets:
        raise ParameterError(
            "these tickets were not clocked: give toolkit.clock(tickets, policy, as_of) instead"
        )
    return tickets["judged_at"].iloc[0] if len(tickets) else pd.Timestamp("2262-01-01")


def is_untimed(tickets, stage):
    """Which tickets hold something under a stage's time that is no time: it has happened, when is not known."""
    return tickets["untimed"].str.contains(label(stage), regex=False).fillna(False).astype(bool)


def has_reached(tickets, stage, as_of):
    """Which tickets have come to a stage by as_of: at a time that is known, or at one that cannot be read.

    That a ticket was never signed, called back or closed is said only where this says no.
    """
    return tickets[stage].le(as_of) | is_untimed(tickets, stage)


def is_open(tickets):
    """Which clocked tickets wait for their first answer, with or without a due time."""
    return tickets["answered"].eq(NO) & ~tickets["due_state"].isin(NOT_JUDGED)


def is_open_again(tickets):
    """Which clocked tickets were sent back to be done again and wait for that answer."""
    return tickets["rework_state"].isin([PENDING, OVERDUE, NO_DUE])


def choose(tickets, chosen):
    """The tickets chosen by a true or false for each; the table itself where that is all of it.

    Most of a table is text, and choosing rows copies it.
    """
    return tickets if chosen.all() else tickets[chosen]


def labelled(frame):
    """The same frame under Chinese headings, for people."""
    return frame.rename(columns={name: column.label for name, column in BY_NAME.items()})


def make_tickets(rows):
    """A ticket table from a dict of columns or a frame: every column of the schema, typed.

    Columns that are not given are missing throughout. Meant for small tables typed by hand and for
    sources that are clean already; an export goes through `load`.
    """
    given = pd.DataFrame(rows)
    unknown = sorted(set(given.columns) - set(BY_NAME))
    if unknown:
        raise KeyError(f"not columns of the ticket table: {', '.join(unknown)}")
    blank = {kind: pd.Series(index=given.index, dtype=dtype) for kind, dtype in DTYPES.items()}
    typed = {
        column.name: _typed(given[column.name], column.kind) if column.name in given else blank[column.kind]
        for column in TICKETS
    }
    return pd.DataFrame(typed, index=given.index)


def _typed(values, kind):
    if kind == "time":
        return pd.to_datetime(values, format="ISO8601").astype(DTYPES[kind])
    return values.astype(DTYPES[kind])
