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


@pytest.mark.parametrize(
    ("rows", "refused"),
    [
        ({"标题": ["路灯不亮", "幼儿园收费"]}, 2),
        ({"标题": ["路灯不亮", "【催办】路灯不亮"]}, 0),
        ({"标题": ["关于某小区路灯不亮", "关于某小区"]}, 0),
        ({"标题": ["路灯不亮", "幼儿园收费"], "诉求内容": ["路灯坏了", "路灯坏了"]}, 0),
        ({"标题": ["路灯不亮", "路灯不亮"], "诉求内容": ["路灯坏了", "收费太高"]}, 2),
        ({"联系电话": ["13812345678", "13912345678"]}, 2),
        ({"联系电话": ["13812345678", "13912345678"], "标题": ["路灯不亮", "路灯不亮"]}, 0),
        ({"诉求内容": ["<p>停水！</p>", "停水"]}, 0),
    ],
)
def test_one_number_is_refused_where_its_rows_tell_two_matters(load_files, rows, refused):
    loaded = load_files({"工单编号": ["A1", "A1"], "承办单位": ["城关镇", "教育局"]} | rows)
    assert loaded.account[["read", "refused"]].values.tolist() == [[2, refused]]


def test_what_one_file_leaves_blank_is_filled_from_the_other(load_files):
    detail = {
        "工单编号": ["A1", "A2"],
        "受理时间": ["2025-03-04 09:30"] * 2,
        "回复时间": ["2025-03-06", "2025-03-07"],
        "承办单位": [None, "城关镇"],
        "满意度": [None, "满意"],
        "工单状态": [None, "已办结"],
    }
    overview = {
        "工单编号": ["A1", "A2"],
        "受理时间": ["2025-03-04"] * 2,
        "承办单位": ["教育局", "城关镇"],
        "满意度": ["不满意", None],
        "工单状态": ["办理中", "办理中"],
    }
    tickets = load_files(detail, overview).tickets
    assert tickets[["unit", "unit_group", "satisfaction"]].values.tolist() == [
        ["教育局", "县直部门", "不满意"],
        ["城关镇", "乡镇", "满意"],
    ]
    assert pd.isna(tickets["status"][0])


def test_what_came_of_a_reopened_ticket_is_not_filled_and_the_lost_time_is_named(load_files):
    old = {"工单编号": ["A1"], "标题": ["停水"], "办结时间": ["2025-03-20"], "满意度": ["满意"]}
    new = {
        "工单编号": ["A1", "B1"],
        "标题": [None, "停电"],
        "办结时间": [None, "2025-04-21"],
        "满意度": [None, "满意"],
    }
    loaded = load_files(old, new)
    ticket = loaded.tickets.set_index("ticket_id").loc["A1"]
    assert ticket["title"] == "停水"
    assert ticket[["closed_at", "satisfaction"]].isna().all()
    told = loaded.issues.query("check == '较早的表有此时间，较新的表没有'")
    assert told[["ticket_id", "column", "value", "kind"]].values.tolist() == [
        ["A1", "closed_at", "2025-03-20", "kept"]
    ]


def test_the_clerk_of_another_unit_is_not_taken_over(load_files):
    old = {"工单编号": ["A1"], "承办单位": ["甲镇"], "经办人": ["王五"], "受理时间": ["2025-03-04"]}
    new = {"工单编号": ["A1"], "承办单位": ["乙镇"], "回复时间": ["2025-03-06"], "受理时间": ["2025-03-04"]}
    ticket = load_files(old, new).tickets.iloc[0]
    assert ticket["unit"] == "乙镇"
    assert pd.isna(ticket["handler"])


def test_numbers_that_a_spreadsheet_made_zeros_of_are_doubted_and_never_merged(load_files):
    loaded = load_files(
        {
            "工单编号": ["202503040001123000", "202503040001123000", "202503040001124000"],
            "承办单位": ["甲镇", "乙镇", "丙镇"],
        }
    )
    assert loaded.account[["tickets", "refused", "merged"]].values.tolist() == [[1, 2, 0]]
    told = loaded.issues[loaded.issues["check"].str.startswith("编号第15位以后全为零")]
    assert told[["row", "kind"]].values.tolist() == [[2, "refused"], [3, "refused"], [4, "kept"]]


@pytest.mark.parametrize(
    "numbers",
    [
        ["202503040001123000", "202503040001123000", "202503040001124017"],  # the column has other ends
        ["2025030400011230", "2025030400011230"],  # one zero comes by chance
        ["WX202503040001123000", "WX202503040001123000"],  # text to a spreadsheet
        ["202503040001000", "202503040001000"],  # fifteen digits are kept
    ],
)
def test_a_number_that_may_end_in_zeros_is_a_number(load_files, numbers):
    loaded = load_files({"工单编号": numbers, "承办单位": ["甲镇"] * len(numbers)})
    assert loaded.account[["refused", "merged"]].values.tolist() == [[0, 1]]
