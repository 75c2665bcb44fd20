"""One ticket in several rows becomes one ticket; contradictions are refused."""

import pandas as pd
import pytest

import toolkit

AS_OF = "2025-12-31"


@pytest.fixture
def load_files(tmp_path):
    def write(*tables):
        for number, table in enumerate(tables, 1):
            pd.DataFrame(table).to_csv(tmp_path / f"{number}.csv", index=False)
        return toolkit.load(tmp_path, AS_OF, key=b"k")

    return write


def test_a_row_per_unit_is_one_ticket_under_its_leading_unit(load_files):
    loaded = load_files(
        {
            "工单编号": ["A1", "A1", "A1"],
            "承办单位": ["县教育局", "甲镇", "县公安局"],
            "责任归属": ["协办", "主办", "协办"],
            "回复时间": ["2025-03-09", "2025-03-05", None],
        }
    )
    ticket = loaded.tickets.iloc[0]
    assert (ticket["unit"], ticket["co_units"]) == ("甲镇", "县教育局；县公安局")
    assert str(ticket["replied_at"]) == "2025-03-05 00:00:00"
    assert loaded.account[["read", "tickets", "merged"]].values.tolist() == [[3, 1, 2]]


def test_without_roles_the_first_row_leads(load_files):
    ticket = load_files({"工单编号": ["A1", "A1"], "承办单位": ["乙镇", "甲镇"]}).tickets.iloc[0]
    assert (ticket["unit"], ticket["co_units"]) == ("乙镇", "甲镇")


def test_a_row_per_callback_keeps_the_latest_verdict(load_files):
    loaded = load_files(
        {
            "工单编号": ["A1", "A1"],
            "回访时间": ["2025-03-09", "2025-03-07"],
            "满意度": ["满意", "不满意"],
            "是否接通": ["是", "是"],
        }
    )
    assert loaded.tickets[["visited_at", "satisfaction"]].astype("str").values.tolist() == [
        ["2025-03-09", "满意"]
    ]


def test_of_two_months_exports_the_newer_state_counts(load_files):
    old = {
        "工单编号": ["A1", "A2"],
        "工单状态": ["办理中", "办理中"],
        "受理时间": ["2025-03-30", "2025-03-31"],
    }
    new = {
        "工单编号": ["A1", "B1"],
        "工单状态": ["已办结", "办理中"],
        "受理时间": ["2025-03-30", "2025-04-20"],
    }
    loaded = load_files(old, new)
    assert loaded.tickets.set_index("ticket_id")["status"].to_dict() == {
        "A1": "已办结",
        "A2": "办理中",
        "B1": "办理中",
    }


def test_a_reopened_ticket_is_not_closed_again_by_the_older_export(load_files):
    old = {"工单编号": ["A1"], "受理时间": ["2025-03-01"], "办结时间": ["2025-03-20"]}
    new = {
        "工单编号": ["A1", "B1"],
        "受理时间": ["2025-03-01", "2025-04-20"],
        "办结时间": [None, "2025-04-21"],
    }
    tickets = load_files(old, new).tickets.set_index("ticket_id")
    assert pd.isna(tickets.loc["A1", "closed_at"])


def test_a_column_the_newer_export_does_not_have_is_filled_from_the_older(load_files):
    old = {"工单编号": ["A1"], "受理时间": ["2025-03-01"], "诉求类型": ["投诉"]}
    new = {"工单编号": ["A1"], "受理时间": ["2025-03-01"], "回复时间": ["2025-03-20"]}
    ticket = load_files(old, new).tickets.iloc[0]
    assert (ticket["type"], str(ticket["replied_at"])) == ("投诉", "2025-03-20 00:00:00")


@pytest.mark.parametrize(
    "differing",
    [
        {"受理时间": ["2025-03-01", "2025-03-02"]},
        {"诉求内容": ["停水", "停电"]},
    ],
)
def test_one_number_for_two_matters_is_refused_whole(load_files, differing):
    loaded = load_files({"工单编号": ["A1", "A1"]} | differing)
    assert loaded.tickets.empty
    assert loaded.account[["read", "refused"]].values.tolist() == [[2, 2]]


def test_white_space_makes_no_contradiction(load_files):
    loaded = load_files({"工单编号": ["A1", "A1"], "诉求内容": ["村里 停水", "村里停水 "]})
    assert len(loaded.tickets) == 1


def test_merged_rows_are_listed_with_their_place(load_files):
    issues = load_files({"工单编号": ["A1", "A1"], "标题": ["停水", "停水"]}).issues.query("kind == 'merged'")
    assert issues[["file", "row", "ticket_id", "check"]].values.tolist() == [
        ["1.csv", 3, "A1", "同一工单重复出现"]
    ]
