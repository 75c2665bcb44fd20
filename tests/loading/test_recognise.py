"""Finding the header and what is no ticket, in the shapes platforms export."""

import pandas as pd
import pytest
import xlsxwriter

import toolkit

AS_OF = "2025-12-31"


def read_rows(tmp_path, rows, merges=()):
    """Load a sheet made of these rows; merges are (top, left, bottom, right, text)."""
    with xlsxwriter.Workbook(tmp_path / "export.xlsx") as book:
        page = book.add_worksheet("明细")
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
        for *place, text in merges:
            page.merge_range(*place, text)
    return toolkit.load(tmp_path / "export.xlsx", AS_OF, key=b"k")


def test_titles_above_the_header_are_passed_over(tmp_path):
    rows = [
        ["某县12345工单明细（2025年）"],
        ["导出日期：2025-12-31"],
        [],
        ["工单编号", "承办单位"],
        ["A1", "甲镇"],
    ]
    loaded = read_rows(tmp_path, rows)
    assert loaded.tickets[["ticket_id", "unit", "source_row"]].values.tolist() == [["A1", "甲镇", 5]]


def test_a_merged_two_row_header_is_read_by_its_lower_names(tmp_path):
    rows = [
        [""] * 4,
        ["", "受理时间", "办结时间", ""],
        ["A1", "2025-03-04 09:00", "2025-03-05 09:00", "甲镇"],
    ]
    merges = [(0, 0, 1, 0, "工单编号"), (0, 1, 0, 2, "时间"), (0, 3, 1, 3, "承办单位")]
    ticket = read_rows(tmp_path, rows, merges).tickets.iloc[0]
    assert (ticket["ticket_id"], ticket["unit"]) == ("A1", "甲镇")
    assert str(ticket["closed_at"]) == "2025-03-05 09:00:00"


def test_a_lower_name_that_says_nothing_alone_is_read_with_its_heading(tmp_path):
    rows = [[""] * 3, ["", "时间", "次数"], ["A1", "2025-03-04 09:00", "2"]]
    ticket = read_rows(tmp_path, rows, [(0, 0, 1, 0, "工单编号"), (0, 1, 0, 2, "催办")]).tickets.iloc[0]
    assert ticket["urge_count"] == 2


def test_a_number_merged_over_several_rows_stands_in_each_of_them(tmp_path):
    rows = [["工单编号", "承办单位", "工单性质"], ["", "甲镇", "协办"], ["", "县教育局", "主办"]]
    loaded = read_rows(tmp_path, rows, [(1, 0, 2, 0, "A1")])
    ticket = loaded.tickets.iloc[0]
    assert (ticket["ticket_id"], ticket["unit"], ticket["co_units"]) == ("A1", "县教育局", "甲镇")
    assert loaded.account["merged"].tolist() == [1]


def test_a_sheet_of_notes_is_left_out_and_listed(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "export.xlsx") as book:
        book.add_worksheet("说明").write_column(0, 0, ["本表每日更新", "口径见附件"])
        book.add_worksheet("明细").write_column(0, 0, ["工单编号", "A1"])
    loaded = toolkit.load(tmp_path / "export.xlsx", AS_OF, key=b"k")
    assert loaded.account[["sheet", "read", "tickets", "left_out"]].values.tolist() == [
        ["说明", 2, 0, 2],
        ["明细", 1, 1, 0],
    ]
    assert set(loaded.issues.query("kind == 'left_out'")["check"]) == {"说明页"}


def test_of_two_columns_with_one_name_the_first_counts_and_the_other_is_told():
    rows = pd.DataFrame([["A1", "甲镇", "乙局"]], columns=["工单编号", "承办单位", "承办单位"])
    loaded = toolkit.load(rows, AS_OF, key=b"k")
    assert loaded.tickets["unit"].tolist() == ["甲镇"]
    assert loaded.headers["hint"].tolist() == ["", "", "列名重复，只取第一列"]


@pytest.mark.parametrize("word", ["合计", "小 计", "总计：", "本页合计"])
def test_every_word_for_a_total_is_one(word):
    loaded = toolkit.load(pd.DataFrame({"工单编号": ["A1", word], "退单次数": [1, 1]}), AS_OF, key=b"k")
    assert loaded.account[["tickets", "left_out"]].values.tolist() == [[1, 1]]


def test_a_row_with_nothing_but_a_unit_is_a_ticket_without_number_not_a_note():
    loaded = toolkit.load(pd.DataFrame({"工单编号": [None], "承办单位": ["甲镇"]}), AS_OF, key=b"k")
    assert loaded.account[["refused", "left_out"]].values.tolist() == [[1, 0]]


def test_files_of_a_folder_are_read_in_the_order_a_person_sees(tmp_path):
    for month in (10, 2, 1):
        pd.DataFrame({"工单编号": [f"A{month}"]}).to_csv(tmp_path / f"{month}月.csv", index=False)
    assert toolkit.load(tmp_path, AS_OF, key=b"k").account["file"].tolist() == [
        "1月.csv",
        "2月.csv",
        "10月.csv",
    ]


def test_a_flow_log_beside_the_tickets_becomes_events(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "export.xlsx") as book:
        for name, rows in {
            "工单": [["工单编号", "受理时间"], ["A1", "2025-03-04 09:00"], ["A2", "2025-03-05 09:00"]],
            "流转记录": [
                ["工单编号", "操作", "操作时间", "操作单位"],
                ["A1", "派单", "2025-03-04 10:00", "热线办"],
                ["A1", "退单", "2025-03-04 15:00", "甲镇"],
                ["A1", "神秘操作", "2025-03-05 15:00", "甲镇"],
                ["", "催办", "2025-03-05 16:00", "热线办"],
            ],
        }.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    loaded = toolkit.load(tmp_path / "export.xlsx", AS_OF, key=b"k")
    logged = loaded.events[loaded.events["ticket_id"].eq("A1")]
    assert logged["event"].tolist() == ["dispatched", "returned", "神秘操作"]
    assert not logged["is_built"].any()
    built = loaded.events[loaded.events["ticket_id"].eq("A2")]
    assert built[["event", "is_built"]].values.tolist() == [["received", True]]
    assert loaded.account[["read", "tickets", "events", "refused"]].values.tolist() == [
        [2, 2, 0, 0],
        [4, 0, 3, 1],
    ]


def test_without_a_log_events_are_built_from_the_times_and_marked():
    rows = {"工单编号": ["A1"], "受理时间": ["2025-03-04"], "回复时间": ["2025-03-06"], "承办单位": ["甲镇"]}
    events = toolkit.load(pd.DataFrame(rows), AS_OF, key=b"k").events
    assert events[["event", "unit", "is_built"]].values.tolist() == [
        ["received", "甲镇", True],
        ["replied", "甲镇", True],
    ]


def load_sheets(tmp_path, sheets):
    with xlsxwriter.Workbook(tmp_path / "export.xlsx") as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    return toolkit.load(tmp_path / "export.xlsx", AS_OF, key=b"k")


def test_tables_one_under_another_are_each_read_under_their_own_header(tmp_path):
    plain = [["工单编号", "承办单位"], *[[f"A{number}", "甲镇"] for number in range(6)]]
    richer = [
        ["承办单位", "工单编号", "受理时间", "回复时间"],
        *[["乙镇", f"B{number}", "2025-03-04", "2025-03-05"] for number in range(4)],
    ]
    loaded = read_rows(tmp_path, [*plain, *richer])
    assert loaded.account[["read", "tickets", "left_out"]].values.tolist() == [[11, 10, 1]]
    assert loaded.tickets["unit"].tolist() == ["甲镇"] * 6 + ["乙镇"] * 4
    assert loaded.tickets["replied_at"].notna().sum() == 4
    left_out = loaded.issues.query("kind == 'left_out'")
    assert left_out[["row", "check"]].values.tolist() == [[8, "另一张表的表头"]]


def test_a_table_far_below_the_first_is_found_by_its_header(tmp_path):
    upper = [["工单编号", "承办单位"], *[[f"A{number}", "甲镇"] for number in range(60)]]
    lower = [["二、退回工单"], ["承办单位", "工单编号", "退回次数"], ["乙镇", "B1", 2]]
    loaded = read_rows(tmp_path, [*upper, *lower])
    assert loaded.account[["read", "tickets", "left_out"]].values.tolist() == [[63, 61, 2]]
    assert loaded.tickets.iloc[-1][["ticket_id", "unit", "return_count"]].tolist() == ["B1", "乙镇", 2]


def test_a_flow_log_under_the_tickets_becomes_events(tmp_path):
    rows = [
        ["工单编号", "承办单位", "受理时间"],
        ["A1", "甲镇", "2025-03-04 09:00"],
        [],
        ["工单编号", "操作", "操作时间"],
        ["A1", "派单", "2025-03-04 10:00"],
        ["A1", "退单", ""],
    ]
    loaded = read_rows(tmp_path, rows)
    assert loaded.account[["read", "tickets", "events", "refused", "left_out"]].values.tolist() == [
        [4, 1, 1, 1, 1]
    ]
    assert loaded.events["event"].tolist() == ["dispatched"]


def test_query_conditions_above_the_header_are_no_table(tmp_path):
    rows = [
        ["工单编号", "全部", "承办单位", "全部"],
        ["导出人", "值班员"],
        ["工单编号", "承办单位", "受理时间"],
        ["A1", "甲镇", "2025-03-04"],
    ]
    loaded = read_rows(tmp_path, rows)
    assert loaded.tickets["ticket_id"].tolist() == ["A1"]
    left_out = loaded.issues.query("kind == 'left_out'")
    assert left_out[["row", "check"]].values.tolist() == [[1, "表头上方的行"], [2, "表头上方的行"]]


FIRST = [
    ["工单编号", "受理时间", "承办单位"],
    ["202503040001", "2025-03-04 09:00", "甲镇"],
    ["202503040002", "2025-03-04 10:00", "甲镇"],
]


def test_a_sheet_that_goes_on_without_a_header_is_read_under_the_one_before(tmp_path):
    more = [["202503050001", "2025-03-05 09:00", "乙局"], ["202503050002", "2025-03-05 10:00", "乙局"]]
    loaded = load_sheets(tmp_path, {"一": FIRST, "二": more})
    assert loaded.tickets["ticket_id"].tolist()[2:] == ["202503050001", "202503050002"]
    assert loaded.tickets["source_row"].tolist() == [2, 3, 1, 2]
    told = loaded.issues.query("check == '无表头，沿用上一张表的表头'")
    assert told[["sheet", "value", "kind"]].values.tolist() == [["二", "export.xlsx 一", "repaired"]]


@pytest.mark.parametrize(
    "other",
    [
        [["甲镇", "2025-03-05 09:00", "12"]],  # other kinds of values
        [["202503050001", "三月五日", "乙局"]],  # no such time
        [["1", "2025-03-05 09:00", "乙局"]],  # a serial number, no ticket number
        [["202503050001", "2025-03-05 09:00", "乙局", "又一列"]],  # wider
        [["202503050001", "2025-03-05 09:00"]],  # narrower
    ],
)
def test_rows_without_a_header_that_do_not_fit_the_one_before_are_named(tmp_path, other):
    loaded = load_sheets(tmp_path, {"一": FIRST, "二": other})
    assert loaded.account[["read", "tickets", "left_out"]].values.tolist() == [[2, 2, 0], [1, 0, 1]]
    assert loaded.issues.query("sheet == '二'")["check"].tolist() == ["没有工单编号表头的行"]
