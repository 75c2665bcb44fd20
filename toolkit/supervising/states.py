"""How every order of the register stands at a run's cut-off: answered in time, late, not yet, or not to be known."""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.loading.time_cells import stands_untimed, to_time
from toolkit.supervising.orders import FIRST_ROUND, SECOND_ROUND

WAITS, IN_TIME, LATE, OVERDUE = "待反馈", "已反馈（按时）", "已反馈（逾期）", "逾期未反馈"
UNTIMED, MOOT, UNKNOWN = "时间不明", "不再催办", "情况不明"
DRAFT = "号待编"  # not entered: the run keeps no register
MEANINGS = {
    WAITS: "反馈期限未到，尚未反馈；没有反馈期限的也列此",
    IN_TIME: "在反馈期限当日结束前反馈，或平台已见答复",
    LATE: "已反馈，晚于反馈期限",
    OVERDUE: "反馈期限已过，台账和平台均未见反馈",
    UNTIMED: "已反馈，时间无法识别或早于签发，不作按时，也不作逾期",
    MOOT: "工单已作废、合并、关闭、批准剔除或改由他单位承办，或备注写明撤销；不作逾期",
    UNKNOWN: "反馈期限已过，台账未见反馈，本次导出又没有这件工单，平台是否已答复不明；不作逾期",
}
STATES = list(MEANINGS)
ANSWERED = [IN_TIME, LATE]
REVOKED = "撤销"
MONTH_DAY = r"^\d{1,2}\s*[月/.-]\s*\d{1,2}(?!\d|\s*[./年-]\s*\d)"


def judge_entries(register, tickets, as_of):
    """The register with state, answered_at, platform_at, note and forecast as of a moment; entries issued later stay as they are.

    tickets: clocked at as_of, all that the export holds. The platform's answer counts beside what the office wrote
    under 反馈时间; what was known of it before stays known. What came after as_of has not happened.
    """
    as_of = pd.Timestamp(as_of)
    is_shown = register["issued_at"].le(as_of)
    own = register[is_shown]
    told = _look_up(own, tickets)
    seen = find_platform_answers(own, told)
    platform = seen["at"].fillna(own["platform_at"])
    office = read_office_times(own["fed_back"], own["issued_on"])
    is_early = office.lt(own["issued_on"])
    at = _earliest(office.mask(is_early | office.gt(as_of)), platform.where(platform.le(as_of)))
    is_untimed = stands_untimed(own["fed_back"], office) | is_early | seen["untimed"]
    state = _find_state(own, told, at, is_untimed, as_of)
    judged = own.assign(
        state=state,
        answered_at=at,
        platform_at=platform,
        note=_say_why(own, told, office, platform, state, as_of),
        forecast=told["forecast"].astype("str"),
    )
    return pd.concat([judged, register[~is_shown]]).loc[register.index] if len(register) else register


def read_office_times(cells, issued_on):
    """What the office wrote as times; 12月30日 without a year is the first such day not before the issue."""
    told = cells.str.strip()
    bare = told.str.contains(MONTH_DAY, na=False)
    if not bare.any():
        return to_time(told)
    month_day = told.str.replace(r"^(\d{1,2})\s*[/.-]\s*(\d{1,2})", r"\1月\2日", regex=True)
    years = issued_on.dt.year.astype("Int64")
    this_year, next_year = (
        to_time(((years + later).astype("str") + "年" + month_day).where(bare)) for later in (0, 1)
    )
    return to_time(told.mask(bare)).fillna(this_year.where(this_year.ge(issued_on), next_year))


# --- what the platform knows -----------------------------------------------------------------------

ASKED = [
    *["unit", "answered", "answered_at", "answered_until", "due_state", "exclusion"],
    *["rework_state", "reworked_at", "rework_answered_at"],
]


def _look_up(entries, tickets):
    """What the export says now of each entry's ticket; all missing, and `known` false, where it is not in it."""
    found = (
        tickets.set_index("ticket_id")
        .reindex(columns=[*ASKED, "forecast"])
        .reindex(entries["ticket_id"])
        .set_axis(entries.index)
    )
    return found.assign(known=entries["ticket_id"].isin(tickets["ticket_id"]))


def find_platform_answers(entries, told):
    """at: when the answer that each entry waits for came, as far as known; untimed: it came, and nothing tells when.

    The answer of the round that was open at the issue counts, also one that turns out to be older than the order.
    """
    issued = entries["issued_at"]
    until = told["answered_until"].where(told["answered_until"].le(entries["answer_by"]))
    first = told["answered_at"].fillna(until)
    is_later_round = told["reworked_at"].gt(issued)
    second = told["rework_answered_at"].mask(is_later_round)
    other = told["rework_answered_at"].where(told["rework_answered_at"].gt(issued))
    other = other.fillna(told["answered_at"].where(told["answered_at"].gt(issued)))
    is_first, is_second = entries["round"].eq(FIRST_ROUND), entries["round"].eq(SECOND_ROUND)
    at = other.mask(is_second, second).mask(is_first, first)
    untimed = is_first & told["answered"].eq(schema.YES) & first.isna()
    untimed |= is_second & (is_later_round | told["rework_state"].eq(schema.UNTIMED)) & second.isna()
    return pd.DataFrame({"at": at, "untimed": untimed})


def _earliest(office, platform):
    return pd.concat([office, platform], axis=1).min(axis=1).astype(schema.DTYPES["time"])


# --- the state and the words for it ----------------------------------------------------------------


def _find_moot(entries, told):
    """Why an order is no longer pressed, in words; '' where it is."""
    why = pd.Series("", index=entries.index, dtype="str")
    moved = told["unit"].notna() & told["unit"].ne(entries["unit"])
    why = why.mask(moved, "工单已改由他单位承办").mask(
        told["exclusion"].eq(schema.EXCLUDED), "工单已批准剔除"
    )
    shut = told["due_state"].isin(schema.NOT_JUDGED)
    why = why.mask(shut, ("工单" + told["due_state"].astype("str")).fillna(""))
    return why.mask(entries["remark"].str.strip().str.startswith(REVOKED).fillna(False), "备注写明撤销")


def _find_state(entries, told, at, is_untimed, as_of):
    """The first that holds, from top to bottom: what came at an unknown time may have come before what is known to be late."""
    due, is_over = entries["answer_by"], entries["answer_by"].lt(as_of)
    why = _find_moot(entries, told)
    cases = {
        MOOT: why.eq("备注写明撤销"),
        IN_TIME: at.le(due),
        UNTIMED: is_untimed | (at.notna() & due.isna()),
        LATE: at.gt(due),
    }
    rest = {MOOT: why.ne(""), UNKNOWN: is_over & ~told["known"], OVERDUE: is_over}
    holds = [*cases.values(), *rest.values()]
    return pd.Series(np.select(holds, [*cases, *rest], WAITS), index=entries.index, dtype="str")


def _say_why(entries, told, office, platform, state, as_of):
    """From where the state is known, in a few words."""
    minute = "%Y-%m-%d %H:%M"
    said = pd.Series("", index=entries.index, dtype="str")
    seen = platform.where(platform.le(as_of))
    by_platform = seen.notna() & ~office.lt(seen)
    said = said.mask(state.isin(ANSWERED) & office.notna(), "督查室登记")
    said = said.mask(state.isin(ANSWERED) & by_platform, "平台" + seen.dt.strftime(minute) + "答复")
    said = said.mask(state.isin(ANSWERED) & seen.le(entries["issued_at"]), said + "，早于签发")
    said = said.mask(state.eq(MOOT), _find_moot(entries, told))
    said = said.mask(state.eq(UNTIMED), "已答复，时间不明")
    written = stands_untimed(entries["fed_back"], office)
    said = said.mask(state.eq(UNTIMED) & written, "反馈时间一栏写的不是时间")
    said = said.mask(state.eq(UNTIMED) & office.lt(entries["issued_on"]), "所填反馈时间早于签发")
    said = said.mask(state.eq(UNKNOWN), "本次导出未见此工单")
    return said.mask(office.gt(as_of), (said + "；所填反馈时间晚于统计截止，暂不计").str.removeprefix("；"))


def count_register(register):
    """How many orders each unit has, and how many stand in each state; a row a unit, 全县 first.

    Reads unit and state; entries that were not judged yet (issued later than as_of) are not counted.
    """
    judged = register[register["state"].isin(STATES)]
    counts = pd.crosstab(judged["unit"], judged["state"]).reindex(columns=STATES, fill_value=0)
    counts = pd.concat([counts.sum().to_frame(schema.COUNTY).T, counts]).astype("int64")
    return counts.assign(orders=counts.sum(axis=1)).rename_axis("unit").reset_index()
