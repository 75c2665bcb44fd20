"""Cells: the less usual shapes of times, units, categories and numbers, and what is said of each repair."""

import pandas as pd
import pytest

import toolkit

AS_OF = "2025-12-31"


def load(rows, **options):
    return toolkit.load(pd.DataFrame(rows), AS_OF, key=b"k", **options)


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("20250304", "2025-03-04 00:00:00"),
        ("202503040912", "2025-03-04 09:12:00"),
        ("20250304091233", "2025-03-04 09:12:33"),
        ("2025-3-4 下午3:05", "2025-03-04 15:05:00"),
        ("2025/3/4 上午 9:12:00", "2025-03-04 09:12:00"),
        ("2025-03-04 星期二 09:12", "2025-03-04 09:12:00"),
        ("2025年3月4日（周二）9时12分", "2025-03-04 09:12:00"),
        ("2025-03-04 24:00", "2025-03-05 00:00:00"),
        ("2025-03-04 09:12:33.250", "2025-03-04 09:12:33.250000"),
        ("45720", "2025-03-04 00:00:00"),
        ("45720.5", "2025-03-04 12:00:00"),
        ("2025-03-04 09:12 PM", None),
        ("2025-02-30", None),
        ("2025-03-04 25:00", None),
        ("12", None),
    ],
)
def test_a_time_is_read_as_what_it_says_or_not_at_all(cell, moment):
    found = load({"工单编号": ["A1"], "受理时间": [cell]}).tickets["received_at"][0]
    assert (str(found) if pd.notna(found) else None) == moment


@pytest.mark.parametrize(
    ("cell", "unit", "co_units"),
    [
        ("甲镇；县教育局", "甲镇", "县教育局"),
        ("甲镇;县教育局|县公安局", "甲镇", "县教育局；县公安局"),
        ("县教育局（协办）；甲镇（主办）", "甲镇", "县教育局"),
        ("主办：甲镇；协办：县教育局", "甲镇", "县教育局"),
        ("甲镇、县教育局", "甲镇", "县教育局"),
        ("甲镇\n县教育局", "甲镇", "县教育局"),
        ("县发展改革、科技局", "县发展改革、科技局", None),
        ("甲镇；甲镇", "甲镇", None),
        ("甲镇（主办）", "甲镇", None),
    ],
)
def test_of_several_units_in_a_cell_the_leading_one_is_the_unit(cell, unit, co_units):
    ticket = load({"工单编号": ["A1"], "承办单位": [cell]}).tickets.iloc[0]
    assert ticket["unit"] == unit
    assert ticket["co_units"] == co_units or (co_units is None and pd.isna(ticket["co_units"]))


def test_units_of_both_columns_are_named_once():
    ticket = load(
        {"工单编号": ["A1"], "承办单位": ["甲镇；县教育局"], "协办单位": ["县教育局；县公安局"]}
    ).tickets.iloc[0]
    assert ticket["co_units"] == "县教育局；县公安局"


@pytest.mark.parametrize(
    "path", ["交通->修路->破损", "交通/修路/破损", "交通 > 修路 > 破损", "交通→修路→破损", r"交通\修路\破损"]
)
def test_a_category_path_is_one_however_it_is_written(path):
    assert load({"工单编号": ["A1"], "问题分类": [path]}).tickets["category"][0] == "交通/修路/破损"


def test_a_sub_ticket_stays_a_ticket_and_names_its_whole():
    tickets = load(
        {"工单编号": ["250101000020109-01", "250101000020109-02"], "承办单位": ["甲镇", "乙镇"]}
    ).tickets
    assert tickets["unit"].tolist() == ["甲镇", "乙镇"]
    assert tickets["related_id"].tolist() == ["250101000020109"] * 2


def test_a_changed_value_is_said_with_what_it_was_and_is():
    rows = {"工单编号": [" Ａ１"], "承办单位": ["甲 镇"], "退单次数": ["２次"], "截止时间": ["2025-03-04"]}
    repaired = load(rows).issues.query("kind == 'repaired'").set_index("column")
    assert repaired.loc["ticket_id", ["value", "expected"]].tolist() == ["Ａ１", "A1"]
    assert repaired.loc["unit", ["value", "expected"]].tolist() == ["甲 镇", "甲镇"]
    assert repaired.loc["return_count", ["value", "expected"]].tolist() == ["２次", "2"]
    assert repaired.loc["platform_due_at", ["value", "expected"]].tolist() == [
        "2025-03-04",
        "2025-03-04 23:59:59",
    ]


@pytest.mark.parametrize(
    ("rows", "column", "check"),
    [
        ({"受理时间": ["2025-03-04"], "截止时间": ["2025-03-01"]}, "platform_due_at", "截止早于受理"),
        ({"受理时间": ["2026-03-04"]}, "received_at", "晚于统计截止"),
        ({"承办单位": [None], "受理时间": ["2025-03-04"]}, "unit", "无承办单位"),
        ({"受理时间": [None], "承办单位": ["甲镇"]}, "received_at", "无受理时间"),
        ({"满意度": ["满意"], "是否接通": ["否"]}, "satisfaction", "未回访而有评价"),
        ({"回复时间": ["2025-03-05"], "回访时间": ["2025-03-04"]}, "visited_at", "时间顺序矛盾"),
        ({"受理时间": ["2025-03-05"], "办结时间": ["2025-03-04"]}, "closed_at", "时间顺序矛盾"),
    ],
)
def test_a_doubtful_value_stays_and_is_named(rows, column, check):
    issues = load({"工单编号": ["A1"]} | rows).issues
    found = issues[issues["check"].eq(check)]
    assert found["column"].tolist() == [column]
    assert found["kind"].tolist() == ["kept"]


def test_closed_without_reply_is_named_where_the_export_has_replies():
    rows = {
        "工单编号": ["A1", "A2"],
        "回复时间": ["2025-03-05", None],
        "办结时间": ["2025-03-06", "2025-03-06"],
    }
    found = load(rows).issues.query("check == '未回复而办结'")
    assert found["ticket_id"].tolist() == ["A2"]


def test_closed_without_reply_is_not_said_of_an_export_without_replies():
    assert (
        load({"工单编号": ["A1"], "办结时间": ["2025-03-06"]}).issues.query("check == '未回复而办结'").empty
    )


def test_a_unit_outside_the_roster_is_named_only_when_there_is_a_roster():
    rows = {"工单编号": ["A1", "A2"], "承办单位": ["甲镇", "丙镇"]}
    named = load(rows, headers={"units": ["甲镇"]}).issues.query("check == '不在单位名册'")
    assert named["value"].tolist() == ["丙镇"]
    assert load(rows).issues.query("check == '不在单位名册'").empty


@pytest.mark.parametrize(
    "cell",
    [
        "1900-01-01 00:00:00",
        "1899-12-30",
        "1970-01-01 08:00:00",
        "0001-01-01",
        "0000-00-00 00:00:00",
        "1999-12-31 23:59:59",
        "2100-01-01",
        "3020-03-04",
        "9999-12-31 00:00:00",
    ],
)
@pytest.mark.parametrize("header", ["受理时间", "回复时间", "截止时间"])
def test_a_time_that_stands_for_none_is_blank_and_said(cell, header):
    loaded = load({"工单编号": ["A1"], header: [cell]})
    assert loaded.tickets[["received_at", "replied_at", "platform_due_at"]].isna().all(axis=None)
    is_slip = (cell, header) == ("3020-03-04", "回复时间")  # somebody meant a time
    check = "年份可疑，按时间不明计" if is_slip else "年份可疑，按空白计"
    told = loaded.issues[loaded.issues["check"].eq(check)]
    assert told[["ticket_id", "value", "expected", "kind"]].values.tolist() == [
        ["A1", cell, "2000年至2099年", "repaired"]
    ]


@pytest.mark.parametrize("cell", ["2000-01-01 00:00:00", "2059-12-31 23:59:59", "2099-12-31 23:59:59"])
def test_a_far_time_that_may_be_meant_stays(cell):
    loaded = load({"工单编号": ["A1"], "截止时间": [cell]})
    assert str(loaded.tickets["platform_due_at"][0]) == cell
    assert "年份可疑，按空白计" not in loaded.issues["check"].tolist()


def test_a_default_date_in_every_row_is_said_once_with_its_count():
    rows = {
        "工单编号": [f"A{number}" for number in range(4)],
        "回复时间": ["1900-01-01"] * 3 + ["2025-03-04"],
    }
    loaded = load(rows)
    assert loaded.tickets["replied_at"].notna().tolist() == [False, False, False, True]
    told = loaded.issues.query("check == '年份可疑，按空白计'")
    assert told[["row", "value"]].values.tolist() == [[2, "1900-01-01（共3处）"]]


@pytest.mark.parametrize("spelling", ["ＡＢＣ局", "ABC 局", "A\u200bBC局", " ABC局\u3000"])
def test_a_unit_is_one_however_wide_its_letters_are(spelling):
    rows = {"工单编号": ["A1", "A2", "A3"], "承办单位": [spelling, "ABC局", spelling]}
    assert load(rows).tickets["unit"].tolist() == ["ABC局"] * 3


def test_names_alike_but_for_their_brackets_are_one_in_the_spelling_used_most():
    rows = {"工单编号": ["A1", "A2", "A3"], "承办单位": ["甲镇(城区)", "甲镇（城区）", "甲镇(城区)"]}
    assert load(rows).tickets["unit"].tolist() == ["甲镇(城区)"] * 3
    assert load(rows, headers={"units": ["甲镇（城区）"]}).tickets["unit"].tolist() == ["甲镇（城区）"] * 3


def test_an_english_name_keeps_one_space_between_its_words():
    rows = {"工单编号": ["A1", "A2"], "承办单位": ["Public Works Department", " Public  Works\xa0Department"]}
    assert load(rows).tickets["unit"].tolist() == ["Public Works Department"] * 2


def test_numbers_as_text_lose_the_point_that_a_table_of_numbers_adds():
    rows = {"工单编号": ["202503040001.0", "A1.0", "1.5"], "关联工单": ["202503040002.0", None, None]}
    tickets = load(rows).tickets
    assert tickets["ticket_id"].tolist() == ["202503040001", "A1.0", "1.5"]
    assert tickets["related_id"][0] == "202503040002"
