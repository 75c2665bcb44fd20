"""What was ticked becomes orders: numbered in the register, with a notice in Word; nothing is numbered twice."""

from dataclasses import replace

import docx
import pandas as pd
import pytest
from cases.explorer import prepare_export

from toolkit.errors import ToolkitError
from toolkit.presenting.exploring.orders import BY_HAND, issue_orders, list_levels
from toolkit.supervising.ledger import read_register

LIGHTEST, GRAVER = list_levels()[0][:2]


@pytest.fixture(scope="module")
def prepared():
    return prepare_export()


@pytest.fixture
def report(prepared, tmp_path):
    """The report of a run that keeps a register."""
    return replace(prepared, about=prepared.about | {"register": str(tmp_path / "督办台账.xlsx")})


def tick(*numbers, level=LIGHTEST, days=5, note=""):
    return {number: {"level": level, "days": days, "note": note} for number in numbers}


def entries_of(report, tmp_path):
    entries = read_register(tmp_path / "督办台账.xlsx", pd.Timestamp(report.about["as_of"])).entries
    return entries.set_index("ticket_id")


def read_words(path):
    document = docx.Document(path)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_ticked_tickets_stand_in_the_register_and_in_one_notice_a_unit(report, tmp_path):
    said = issue_orders(report, tick("A", "C", note="请核实现场"), tmp_path / "desk")
    entries = entries_of(report, tmp_path)
    year = pd.Timestamp(report.about["as_of"]).year
    assert entries["notice"].tolist() == [f"督办〔{year}〕1号", f"督办〔{year}〕2号"]
    assert all(reason.endswith("；请核实现场") for reason in entries["reason"])
    assert "已写入督办台账.xlsx" in said and "2份督办单" in said
    files = sorted((tmp_path / "desk" / "督办单").iterdir())
    assert len(files) == 2
    told = read_words(files[0]) + read_words(files[1])
    assert "请核实现场" in told and f"督办〔{year}〕1号" in told


def test_a_ticket_that_no_ground_calls_for_is_ordered_by_hand_and_accused_of_nothing(report, tmp_path):
    issue_orders(report, tick("A"), tmp_path / "desk")
    assert entries_of(report, tmp_path).loc["A", "reason"] == BY_HAND


def test_the_days_chosen_are_working_days_to_the_end_of_the_last(report, tmp_path):
    issue_orders(report, tick("A", days=1), tmp_path / "desk", with_notices=False)
    due = entries_of(report, tmp_path).loc["A", "answer_by"]
    assert due > pd.Timestamp(report.about["as_of"]) and f"{due:%H:%M:%S}" == "23:59:59"
    assert not (tmp_path / "desk").exists()


def test_a_ticket_under_an_order_is_numbered_again_only_at_a_higher_level(report, tmp_path):
    issue_orders(report, tick("A"), tmp_path / "desk")
    said = issue_orders(report, tick("A"), tmp_path / "desk")
    assert said.startswith("1件已在督办中，沿用原号")
    assert len(entries_of(report, tmp_path)) == 1
    said = issue_orders(report, tick("A", level=GRAVER), tmp_path / "desk")
    assert "2号" in said
    assert len(entries_of(report, tmp_path)) == 2


def test_what_is_not_in_the_data_is_said_and_nothing_is_written_for_it_alone(report, tmp_path):
    assert "1件不在本次数据中或没有承办单位，没有督办" in issue_orders(
        report, tick("A", "nowhere"), tmp_path / "desk"
    )
    with pytest.raises(ToolkitError, match="勾选的工单都不在本次数据中"):
        issue_orders(report, tick("nowhere"), tmp_path / "desk")


def test_without_a_register_the_notice_is_a_draft_without_a_number(prepared, tmp_path):
    said = issue_orders(prepared, tick("A"), tmp_path / "desk")
    assert said.startswith("本次运行没有写明台账（register），号待编")
    (file,) = (tmp_path / "desk" / "督办单").iterdir()
    assert "待补：督办文号" in read_words(file)


def test_an_earlier_run_and_a_version_for_others_issue_nothing(report, tmp_path):
    issue_orders(report, tick("A"), tmp_path / "desk")
    early = pd.Timestamp(report.about["as_of"]) - pd.Timedelta(days=2)
    with pytest.raises(ToolkitError, match="更早，不能补记"):
        issue_orders(
            replace(report, about=report.about | {"as_of": str(early)}), tick("C"), tmp_path / "desk"
        )
    with pytest.raises(ToolkitError, match="隐去了部分内容"):
        issue_orders(
            replace(report, about=report.about | {"redaction": "公开版"}), tick("C"), tmp_path / "desk"
        )


@pytest.mark.parametrize(("outside", "state"), [(1, "逾期未反馈"), (0, "情况不明")])
def test_an_order_on_a_ticket_outside_the_run_stays_as_it_was_judged(report, tmp_path, outside, state):
    later = replace(report, about=report.about | {"as_of": "2025-04-10 18:00:00", "outside": outside})
    issue_orders(report, tick("C", days=1), tmp_path / "desk", with_notices=False)
    issue_orders(later, tick("A"), tmp_path / "desk", with_notices=False)
    assert entries_of(later, tmp_path).loc["C", "state"] == "逾期未反馈"
    others = replace(later, tickets=later.tickets[later.tickets["ticket_id"].ne("C")])
    issue_orders(others, tick("D"), tmp_path / "desk", with_notices=False)
    assert entries_of(later, tmp_path).loc["C", "state"] == state
