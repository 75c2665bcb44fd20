"""What a report is proofread against: the period's tickets, and the year before as it stood then."""

import pytest

from toolkit.proofreading.source import read_data

ANSWERED = "回复率（÷受理）"
ROWS = """工单编号,承办单位,受理时间,回复时间,转办时间,状态,诉求内容
20240301000001,甲乡,2024-03-05 09:00,2024-03-06 09:00,2024-03-05 10:00,已办结,路灯不亮
20240301000002,甲乡,2024-03-20 09:00,2024-06-01 09:00,2024-03-20 10:00,已办结,水管漏水
20240301000003,甲乡,2024-03-28 09:00,2024-03-29 09:00,2024-03-28 10:00,已办结,垃圾未清
20250301000001,甲乡,2025-03-05 09:00,2025-03-06 09:00,2025-03-05 10:00,已办结,道路破损
"""


@pytest.fixture
def export(tmp_path):
    (tmp_path / "导出.csv").write_text(ROWS, encoding="utf-8")
    return str(tmp_path / "导出.csv")


def county(scorecard, metric):
    [row] = scorecard[scorecard["unit"].eq("全县") & scorecard["metric"].eq(metric)].to_dict("records")
    return row["numerator"], row["denominator"]


def test_the_year_before_is_judged_as_long_after_its_end_as_this_one(export):
    data = read_data(export, "2025-04-03 18:00", "2025-03")
    assert county(data.scorecard_before, ANSWERED) == (2, 3)  # the reply of June 2024 was not known in April
    assert data.about["上年同期"] == "2024-03-01 至 2024-03-31，受理3件，按2024-04-03 18:00的情形判定"


def test_a_period_that_is_cut_stands_beside_the_same_days_of_the_year_before(export):
    data = read_data(export, "2025-03-20 18:00", "2025-03")
    assert county(data.scorecard_before, ANSWERED) == (1, 2)
    assert county(data.scorecard_before, "受理件数")[0] == 2


def test_a_year_before_without_tickets_is_said_and_not_scored(export):
    data = read_data(export, "2024-04-03 18:00", "2024-03")
    assert data.scorecard_before is None
    assert data.about["上年同期"] == "2023-03-01 至 2023-03-31，没有工单"


def test_without_a_period_there_is_no_year_before(export):
    data = read_data(export, "2025-12-31")
    assert data.scorecard_before is None and "上年同期" not in data.about and len(data.tickets) == 4
