"""The register (督办台账): what stands in it, and how orders are entered and numbered, over all runs."""

import re

import pandas as pd

from toolkit import schema
from toolkit.preparing.report import ORDERS, no_orders
from toolkit.schema import Column
from toolkit.supervising.levels import read_supervision
from toolkit.supervising.orders import NO_ROUND, say_end
from toolkit.supervising.states import ANSWERED, MOOT, UNTIMED

NUMBER = Column("number", "text", "编号", "督办单号和单内序号，一经编出不再改变，也不再使用")
TOLD = [  # settled when an order is entered
    NUMBER,
    Column("notice", "text", "督办单号", "一次运行中一个单位一张督办单，年内连续编号"),
    Column("level", "text", "等级", "所符合的最高一级，条件见下"),
    Column("unit", "text", "承办单位", "签发时的承办单位"),
    Column("ticket_id", "text", "工单编号", "平台的工单编号"),
    Column("title", "text", "标题", "工单标题，已遮盖个人信息"),
    Column("reason", "text", "督办原因", "签发时已经认定的事实"),
    Column("demand", "text", "督办要求", "要求单位做什么"),
    Column("issued_on", "time", "签发日期", "列入督办的那次运行的统计截止日期"),
    Column(
        "answer_by", "time", "反馈期限", "自签发次日起按工作日数，到当日结束；空白为工作日历未收录，不判逾期"
    ),
    Column("due_explained", "text", "时限说明", "工单的截止时间怎样数出来"),
]
OFFICE = [  # filled in by the office, in Excel
    Column("signed", "time", "签收时间", "由督查室填写"),
    Column("fed_back", "time", "反馈时间", "由督查室填写；写了字而不是时间的，算已反馈、时间不明"),
    Column("handling", "text", "办理情况", "由督查室填写"),
    Column("remark", "text", "备注", "由督查室填写；以“撤销”开头的不再催办"),
]
FOUND = [  # found anew by each run
    Column("state", "text", "状态", "截至统计截止，见下"),
    Column("answered_at", "time", "最早反馈", "反馈时间和平台答复时间中较早的一个"),
    Column(
        "platform_at",
        "time",
        "平台答复时间",
        "导出表中本次督办所等的答复；平台后来的数据不再有的，保留已知的",
    ),
    Column("note", "text", "状态说明", "状态从何而来"),
    Column(
        "forecast",
        "text",
        "到期预测",
        "工单首轮尚未到期的：同类件办到此时仍未答复的多少件，其中多少件后来逾期",
    ),
]
KEPT = ["round", "issued_at", "entered"]  # not shown; entered: the edition of the workbook that first held it
EDITION = Column("edition", "count", "版次", "台账每写一次加一，供程序核对")
COLUMNS = {column.name: column for column in [*TOLD, *OFFICE, *FOUND]}
OFFICE_CELLS = [column.name for column in OFFICE]
ENTRIES = [*COLUMNS, *KEPT]
# The office's times stand as it wrote them: as text.
KINDS = {name: column.kind for name, column in COLUMNS.items()} | {"issued_at": "time"}
KINDS |= dict.fromkeys(OFFICE_CELLS, "text") | {"entered": "count"}


def no_entries():
    """An empty register, typed."""
    kinds = {name: schema.DTYPES[KINDS.get(name, "text")] for name in ENTRIES}
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})


def type_entries(entries):
    """The entries under the register's columns and types; further columns are the office's own and stay, as text."""
    known = no_entries()
    extra = {name: "str" for name in entries if name not in known}
    columns = [*known, *extra]
    return entries.reindex(columns=columns).astype(known.dtypes.to_dict() | extra).reset_index(drop=True)


def enter_orders(register, orders, supervision=None):
    """The register with those orders entered that are new, each with its notice and number.

    register: as `judge_entries` gives it, judged at the orders' moment; orders: of `choose_orders`. A ticket that
    stands under an order to the same unit is entered again only at a higher level, or on a later day when the time
    to answer has passed; an answered order is entered again only at a higher level, or when the ticket itself still
    waits. Entered twice, the same input adds nothing. Numbers go on within the year of issue.
    """
    supervision = supervision or read_supervision()
    entered = _find_new(register, orders, supervision.names)
    numbered = _number(entered, register, supervision.notice)
    return type_entries(pd.concat([register, numbered]) if len(numbered) else register)


def _find_new(register, orders, levels):
    """The orders that are to be entered, with what came before in their reason."""
    before = register.drop_duplicates(["ticket_id", "unit"], keep="last")
    before = before[["ticket_id", "unit", *BEFORE]].rename(columns=BEFORE)
    both = orders.merge(before, on=["ticket_id", "unit"], how="left")
    is_first = both["former"].isna()
    rank = {level: place for place, level in enumerate(levels)}
    former = both["former_level"].map(rank).fillna(len(levels))  # a level of former days is not outdone
    is_pressed = both["former_state"].ne(MOOT)  # what the office has revoked is not raised either
    is_higher = (both["level"].map(rank) > former) & is_pressed
    has_passed = both["issued_at"].gt(both["former_due"]) & both["issued_on"].gt(both["former_day"])
    is_settled = both["former_state"].isin([*ANSWERED, UNTIMED])
    again = has_passed & is_pressed & (~is_settled | both["round"].ne(NO_ROUND))
    how = pd.Series("", index=both.index, dtype="str")
    for row in both[(is_higher | again) & ~is_first].itertuples():
        how[row.Index] = _say_former(row, is_higher[row.Index], is_settled[row.Index])
    both = both.assign(reason=both["reason"] + how)
    return both.loc[is_first | is_higher | again, orders.columns]


BEFORE = {
    "number": "former",
    "level": "former_level",
    "answer_by": "former_due",
    "issued_on": "former_day",
    "state": "former_state",
}


def _say_former(row, is_higher, is_settled):
    if is_higher:
        said = f"为{row.former_level}{'，已反馈' if is_settled else ''}，现升级"
    elif is_settled:
        said = "已反馈，工单仍待答复"
    else:
        said = f"至{say_end(row.former_due)}未见反馈，再次督办"
    return f"；前次{row.former}{said}"


def _number(orders, register, notice):
    """The orders with notice and number: one notice a unit, in the order of the orders, on from the year's last."""
    if orders.empty:
        return orders
    year = orders["issued_on"].iloc[0].year
    first = last_notice(register["notice"], notice, year) + 1
    units = list(dict.fromkeys(orders["unit"]))
    notices = {unit: notice.format(year=year, number=first + place) for place, unit in enumerate(units)}
    named = orders["unit"].map(notices)
    places = orders.groupby("unit", sort=False).cumcount() + 1
    return orders.assign(notice=named, number=named + "-" + places.astype("str"))


def last_notice(notices, template, year):
    """The largest number a year's notices bear; 0 where there is none."""
    start, end = (re.escape(part) for part in template.format(year=year, number="\0").split("\0"))
    numbers = notices.str.extract(f"^{start}(\\d+){end}$", expand=False).dropna()
    return int(numbers.astype("int64").max()) if len(numbers) else 0


def show_orders(register, report):
    """The order that each ticket of a report stands under, the latest, with the report it stands in.

    register: judged, or orders without numbers. An order to a unit that no longer holds the ticket, and one issued
    after as_of, is not shown.
    """
    as_of = pd.Timestamp(report.about["as_of"])
    known = register[register["issued_at"].le(as_of)].drop_duplicates(["ticket_id", "unit"], keep="last")
    own = report.tickets[["ticket_id", "unit", "report"]].drop_duplicates("ticket_id")
    shown = known.merge(own, on=["ticket_id", "unit"])
    return shown.reindex(columns=list(ORDERS)).astype(no_orders().dtypes)
