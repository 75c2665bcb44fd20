"""How an order stands: by the office's cell or the platform's answer, whichever came first; unknown is said to be unknown."""

import pandas as pd
import pytest
from cases.supervising import enter, judge

from toolkit.supervising.states import STATES, count_register, read_office_times

LATER = "2025-06-20 12:00"  # three days after the time to answer


def state(*tickets, as_of=LATER, entry=None, **cells):
    """State and note of the one order, later, beside these tickets."""
    register = enter(None, entry or {}).assign(**cells)
    return tuple(judge(register, *tickets, as_of=as_of)[["state", "note"]].iloc[0])


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (None, "逾期未反馈"),
        ("2025-06-17", "已反馈（按时）"),
        ("2025-06-17 18:30", "已反馈（按时）"),  # to the end of that day
        ("2025年6月18日", "已反馈（逾期）"),
        ("6月16日", "已反馈（按时）"),
        ("6月18日 9:00", "已反馈（逾期）"),
        ("45825", "已反馈（按时）"),  # 17 June, as a spreadsheet counts
        ("已办结", "时间不明"),
        ("见附件", "时间不明"),
        ("无", "逾期未反馈"),
        ("未反馈", "逾期未反馈"),
        ("2025-06-01", "时间不明"),  # before it was issued
        ("2025-07-01", "逾期未反馈"),  # has not happened yet
    ],
)
def test_what_the_office_writes_decides_by_the_day(cell, found):
    assert state(fed_back=cell)[0] == found


def test_a_doubtful_cell_says_what_is_doubtful():
    assert state(fed_back="已办结")[1] == "反馈时间一栏写的不是时间"
    assert state(fed_back="2025-06-01")[1] == "所填反馈时间早于签发"
    assert state(fed_back="2025-07-01")[1] == "所填反馈时间晚于统计截止，暂不计"


@pytest.mark.parametrize(
    ("ticket", "found", "said"),
    [
        ({"replied_at": "2025-06-16 09:00"}, "已反馈（按时）", "平台2025-06-16 09:00答复"),
        ({"replied_at": "2025-06-18 09:00"}, "已反馈（逾期）", "平台2025-06-18 09:00答复"),
        ({"replied_at": "2025-06-09 09:00"}, "已反馈（按时）", "平台2025-06-09 09:00答复，早于签发"),
        ({"status": "已回复"}, "时间不明", "已答复，时间不明"),
        ({"status": "作废"}, "不再催办", "工单不予评判"),
        ({"exclusion": "通过"}, "不再催办", "工单已批准剔除"),
        ({"unit": "乙镇"}, "不再催办", "工单已改由他单位承办"),
        ({"ticket_id": "another"}, "情况不明", "本次导出未见此工单"),
    ],
)
def test_what_the_platform_knows_counts_too(ticket, found, said):
    assert state(ticket) == (found, said)


def test_before_the_day_nothing_is_late():
    assert state({"ticket_id": "another"}, as_of="2025-06-17 20:00")[0] == "待反馈"


def test_the_earlier_of_both_counts_and_what_the_platform_told_once_stays_known():
    answered = {"replied_at": "2025-06-16 09:00"}
    assert state(answered, fed_back="2025-06-18")[0] == "已反馈（按时）"
    register = judge(enter(None, {}), answered, as_of=LATER)
    later = judge(register, {"ticket_id": "another"}, as_of="2025-06-25")
    assert later["state"].tolist() == ["已反馈（按时）"]


def test_a_late_answer_beside_one_of_unknown_time_is_not_called_late():
    assert state({"replied_at": "2025-06-18 09:00"}, fed_back="已报送")[0] == "时间不明"
    assert state({"status": "已回复"}, fed_back="2025-06-18")[0] == "时间不明"
    assert state({"replied_at": "2025-06-16 09:00"}, fed_back="已报送")[0] == "已反馈（按时）"


def test_an_order_about_the_second_round_is_not_answered_by_the_first():
    answered = {"replied_at": "2025-05-20 09:00"}
    assert state(answered, entry={"round": "重办"})[0] == "逾期未反馈"
    assert state(answered, entry={"round": "其他"})[0] == "逾期未反馈"


def test_without_a_day_to_answer_by_nobody_is_late():
    assert state(entry={"answer_by": pd.NaT})[0] == "待反馈"
    assert state(entry={"answer_by": pd.NaT}, fed_back="2025-06-12")[0] == "时间不明"


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("12月30日", "2025-12-30 00:00"),
        ("1月3日", "2026-01-03 00:00"),
        ("1.3", "2026-01-03 00:00"),
        ("1/3 9:30", "2026-01-03 09:30"),
        ("2025-12-30", "2025-12-30 00:00"),
        ("2月30日", "NaT"),
        ("下周", "NaT"),
    ],
)
def test_a_day_without_a_year_is_the_first_one_after_the_issue(cell, read):
    issued = pd.Series([pd.Timestamp("2025-12-20")])
    found = read_office_times(pd.Series([cell], dtype="str"), issued)[0]
    assert str(found)[:16] == read


def test_every_order_is_counted_once_by_unit_and_in_the_county():
    register = enter(None, {}, {"unit": "乙镇"}, {"ticket_id": "t1"}).assign(
        fed_back=["2025-06-12", None, None]
    )
    counts = count_register(judge(register, as_of=LATER)).set_index("unit")
    assert counts["orders"].to_dict() == {"全县": 3, "乙镇": 1, "甲乡": 2}
    assert counts.loc["全县", STATES].sum() == 3
    assert counts.loc["甲乡", ["已反馈（按时）", "情况不明"]].tolist() == [1, 1]
