"""Something that is no time under a stage's time: the stage has come, when is not known."""

import pandas as pd
import pytest
import xlsxwriter

from toolkit import clock, load, schema
from toolkit.scoring.score import score

AS_OF = "2025-06-30"
COLUMNS = ["工单编号", "承办单位", "受理时间", "转办时间", "回复时间", "办结时间"]


def judge(replied, closed=None, **changes):
    """The verdict on a ticket long overdue unless it was answered; a second one was answered at a known time."""
    rows = [
        ("1", "甲乡", "2025-06-02 09:00", "2025-06-02 10:00", replied, closed),
        ("2", "甲乡", "2025-06-02 09:00", "2025-06-02 10:00", "2025-06-03 09:00", "2025-06-04 09:00"),
    ]
    loaded = load(pd.DataFrame(rows, columns=COLUMNS, dtype="object"), AS_OF, key=b"k")
    return loaded, clock(loaded.tickets, "county_default", AS_OF)


@pytest.mark.parametrize(
    "found", ["已回复", "见附件", "2025年3月", "2025-06", "√", "6月5日", "#VALUE!", "3020-06-05"]
)
def test_what_stands_there_and_is_no_time_says_that_it_was_answered_but_not_when(found):
    loaded, clocked = judge(found)
    assert loaded.tickets["untimed"].fillna("").tolist() == ["回复时间", ""]
    assert clocked.loc[0, ["answered", "due_state"]].tolist() == ["是", schema.UNTIMED]
    assert clocked.loc[0, ["answered_at", "overdue_days"]].isna().all()


@pytest.mark.parametrize(
    "found",
    [
        None,
        "",
        "无",
        "-",
        "/",
        "未回复",
        "尚未办理",
        "0000-00-00",
        "1900-01-00",
        "1970-01-01",
        "9999-12-31",
        "0",
        "N/A",
    ],
)
def test_a_blank_a_word_for_nothing_and_a_system_s_zero_say_nothing(found):
    loaded, clocked = judge(found)
    assert loaded.tickets["untimed"].isna().all()
    assert clocked.loc[0, ["answered", "due_state"]].tolist() == ["否", schema.OVERDUE]


def test_a_closing_that_is_no_time_says_that_it_was_answered_before():
    assert judge(None, "已办结")[1].loc[0, "due_state"] == schema.UNTIMED


def test_a_column_of_nothing_but_unreadable_replies_is_still_the_one_that_answers():
    rows = [("1", "甲乡", "2025-06-02 09:00", "2025-06-02 10:00", "已回复", None)]
    tickets = load(pd.DataFrame(rows, columns=COLUMNS, dtype="object"), AS_OF, key=b"k").tickets
    clocked = clock(tickets, "county_default", AS_OF)
    assert clocked.loc[0, ["answered_by", "due_state"]].tolist() == ["replied_at", schema.UNTIMED]


@pytest.mark.parametrize("cell", ["error", "formula"])
def test_an_error_value_and_a_formula_without_result_in_a_workbook_were_an_answer(tmp_path, cell):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, COLUMNS)
        sheet.write_row(1, 0, ["1", "甲乡", "2025-06-02 09:00", "2025-06-02 10:00"])
        sheet.write_row(2, 0, ["2", "甲乡", "2025-06-02 09:00", "2025-06-02 10:00", "2025-06-03 09:00"])
        sheet.write_formula(1, 4, "=A9+1", None, "#VALUE!" if cell == "error" else "")
    loaded = load(str(tmp_path / "a.xlsx"), AS_OF, key=b"k")
    clocked = clock(loaded.tickets, "county_default", AS_OF)
    assert clocked["due_state"].tolist() == [schema.UNTIMED, schema.ON_TIME]
    told = loaded.issues[loaded.issues["column"].eq("replied_at")]
    assert len(told) == 1 and told["ticket_id"].tolist() == ["1"]  # named once


def test_a_ticket_closed_at_an_unreadable_time_is_closed_but_neither_in_time_nor_late():
    clocked = judge("2025-06-03 09:00", "见附件")[1]
    counts = score(clocked).query("unit == '甲乡'").set_index("metric")[["numerator", "denominator"]]
    assert counts.loc["办结率（÷受理）"].tolist() == [2, 2]
    assert counts.loc["按时办结率（÷应办结）"].tolist() == [1, 1]
    assert counts.loc["按时办结率（÷已办结）"].tolist() == [1, 1]


@pytest.mark.parametrize(
    ("header", "cell", "said"),
    [
        ("回复时间", "#VALUE!", "单元格是公式错误值，按时间不明处理，不作未办，也不作按期"),
        (
            "回复时间",
            "#N/A",
            "查找公式没有找到值（#N/A），不能说明是否办理，按时间不明处理，不作未办，也不作按期，请核对原表",
        ),
        ("截止时间", "#N/A", "单元格是公式错误值，按空白处理"),
        ("受理时间", "#N/A", "单元格是公式错误值，按空白处理"),
        ("承办单位", "#N/A", "单元格是公式错误值，按空白处理"),
    ],
)
def test_an_error_value_is_said_to_be_what_it_is_taken_for(tmp_path, header, cell, said):
    (tmp_path / "a.csv").write_text(f"工单编号,{header}\nA1,{cell}\nA2,\n", encoding="utf-8")
    loaded = load(tmp_path / "a.csv", AS_OF, key=b"k")
    assert loaded.issues.loc[loaded.issues["value"].eq(cell), "check"].tolist() == [said]
    is_stage = header == "回复时间"
    assert schema.is_untimed(loaded.tickets, "replied_at").tolist() == [is_stage, False]
