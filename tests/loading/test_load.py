"""An export → tickets: headers, dates, words, refusals, and the account that loses nothing."""

import io

import pandas as pd
import pytest
import xlsxwriter
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

import toolkit
from toolkit.errors import ParameterError, SourceError

AS_OF = "2025-12-31"


def load(rows, **options):
    return toolkit.load(pd.DataFrame(rows), AS_OF, key=b"k", **options)


def write_xlsx(path, rows, sheet="Sheet1"):
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return path


def test_headers_in_their_usual_variants_are_recognised():
    one = load({"工单编号": ["A1"], "受理时间": ["2025-03-04 09:12"], "承办单位": ["甲镇"]})
    other = load({"受理单号 ": ["A1"], "来电时间*": ["2025-03-04 09:12"], "主办 单位": ["甲镇"]})
    columns = ["ticket_id", "received_at", "unit"]
    pd.testing.assert_frame_equal(one.tickets[columns], other.tickets[columns])


def test_a_header_that_could_be_two_columns_goes_where_it_is_needed():
    rows = {"工单编号": ["A1"], "受理时间": ["2025-03-04 09:00"], "接收时间": ["2025-03-04 11:00"]}
    ticket = load(rows).tickets.iloc[0]
    assert (str(ticket["received_at"]), str(ticket["signed_at"])) == (
        "2025-03-04 09:00:00",
        "2025-03-04 11:00:00",
    )


def test_an_unknown_header_is_reported_with_the_nearest_known_one():
    headers = load({"工单编号": ["A1"], "办结日时间": ["2025-03-04"]}).headers.set_index("header")
    assert headers.loc["办结日时间", "column"] == ""
    assert "办结时间" in headers.loc["办结日时间", "hint"]


@pytest.mark.parametrize(
    "cell",
    [
        "2025-03-04 09:12",
        "2025/3/4 9:12",
        "2025.3.4 9:12:00",
        "2025年3月4日 9:12",
        "２０２５-03-04 09：12",
        "2025-03-04T09:12:00",
        "2025-03-04T01:12:00Z",
        "2025-03-04 09:12:00+08:00",
        45720.38333333333,
        pd.Timestamp("2025-03-04 09:12"),
    ],
)
def test_every_shape_of_time_is_read_as_the_same_moment(cell):
    assert load({"工单编号": ["A1"], "受理时间": [cell]}).tickets["received_at"][0] == pd.Timestamp(
        "2025-03-04 09:12"
    )


def test_a_due_date_without_a_time_means_the_end_of_that_day():
    ticket = load({"工单编号": ["A1"], "截止时间": ["2025-03-04"], "回复时间": ["2025-03-04"]}).tickets.iloc[
        0
    ]
    assert str(ticket["platform_due_at"]) == "2025-03-04 23:59:59"
    assert str(ticket["replied_at"]) == "2025-03-04 00:00:00"


def test_a_time_that_cannot_be_read_stays_in_issues_with_its_value():
    loaded = load({"工单编号": ["A1"], "受理时间": ["上周三"]})
    issue = loaded.issues.query("column == 'received_at'").iloc[0]
    assert pd.isna(loaded.tickets["received_at"][0])
    assert (issue["value"], issue["check"], issue["kind"], issue["row"]) == ("上周三", "无法识别", "kept", 2)


def test_words_are_brought_to_the_one_that_stands_for_them_and_unknown_words_stay():
    rows = {"工单编号": ["A1", "A2", "A3"], "满意度": ["600303", "满意（首次）", "还行吧"]}
    assert load(rows).tickets["satisfaction"].tolist() == ["不满意", "满意", "还行吧"]


def test_a_default_satisfaction_is_not_taken_for_a_given_one():
    assert load({"工单编号": ["A1"], "满意度": ["系统自动好评"]}).tickets["satisfaction"][0] == "默认满意"


def test_counts_understand_full_width_digits_and_yes_and_no():
    rows = {"工单编号": ["A1", "A2", "A3", "A4"], "退单次数": ["２", "3次", "否", None]}
    assert load(rows).tickets["return_count"].tolist() == [2, 3, 0, pd.NA]


def test_a_unit_is_known_under_its_alias_and_without_white_space():
    rows = {"工单编号": ["A1"], "承办单位": [" 赵巷\n城管中队"]}
    tickets = load(rows, headers={"unit_aliases": {"赵巷城管中队": "城管中队"}}).tickets
    assert tickets["unit"][0] == "城管中队"


@pytest.mark.parametrize(
    ("unit", "group"),
    [("甲镇", "乡镇"), ("县教育局", "县直部门"), ("县水务公司", "公共服务企业"), ("某单位", None)],
)
def test_a_units_group_is_told_from_its_name_where_the_export_has_none(unit, group):
    found = load({"工单编号": ["A1"], "承办单位": [unit]}).tickets["unit_group"][0]
    assert found == group or (group is None and pd.isna(found))


def test_category_levels_become_one_path():
    rows = {"工单编号": ["A1"], "一级问题分类": ["交通"], "二级问题分类": ["修路"], "三级问题分类": [None]}
    assert load(rows).tickets["category"][0] == "交通/修路"


def test_rows_without_a_number_or_with_a_destroyed_one_are_refused_with_the_reason():
    loaded = load({"工单编号": ["A1", None, "2.02503E+13", 1.23456e17], "承办单位": ["甲镇"] * 4})
    refused = loaded.issues.query("kind == 'refused'")
    assert loaded.tickets["ticket_id"].tolist() == ["A1"]
    assert refused["check"].tolist() == ["无工单编号", "工单编号已被表格软件损坏", "工单编号已被表格软件损坏"]
    assert refused["row"].tolist() == [3, 4, 5]


def test_a_repeated_row_is_merged_and_fills_the_gaps():
    rows = {"工单编号": ["A1", "A1"], "回复时间": ["2025-03-05", "2025-03-05"], "满意度": [None, "满意"]}
    loaded = load(rows)
    assert loaded.tickets["satisfaction"].tolist() == ["满意"]
    assert loaded.account[["read", "tickets", "merged"]].values.tolist() == [[2, 1, 1]]


def test_one_number_with_conflicting_content_is_refused_whole():
    loaded = load({"工单编号": ["A1", "A1"], "诉求内容": ["路灯不亮", "自来水停水"]})
    assert loaded.tickets.empty
    assert loaded.issues["check"].tolist() == ["同一编号内容矛盾"] * 2


def test_impossible_order_of_times_is_kept_and_named():
    loaded = load(
        {"工单编号": ["A1"], "受理时间": ["2025-03-04"], "回复时间": ["2025-03-01"], "承办单位": ["甲镇"]}
    )
    assert loaded.tickets["replied_at"].notna().all()
    issue = loaded.issues.iloc[0]
    assert (issue["column"], issue["check"], issue["kind"]) == ("replied_at", "时间顺序矛盾", "kept")


def test_totals_repeated_headers_and_notes_are_left_out_and_listed(tmp_path):
    header = ["工单编号", "承办单位", "受理时间"]
    rows = [
        ["某县工单明细表"],
        header,
        ["A1", "甲镇", "2025-03-04"],
        header,
        ["A2", "乙镇", "2025-03-05"],
        ["合计", "2件"],
        ["注：数据截至月底"],
    ]
    loaded = toolkit.load(write_xlsx(tmp_path / "export.xlsx", rows), AS_OF, key=b"k")
    account = loaded.account.iloc[0]
    assert (account["read"], account["tickets"], account["left_out"]) == (6, 2, 4)
    left_out = loaded.issues.query("kind == 'left_out'")
    assert left_out[["row", "check"]].values.tolist() == [
        [1, "表头上方的行"],
        [4, "重复表头"],
        [6, "合计行"],
        [7, "说明行"],
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_files_are_read_whatever_their_encoding_and_delimiter(tmp_path, encoding, delimiter):
    path = tmp_path / "export.csv"
    lines = ["工单编号", "承办单位"], ["20250304000123", "甲镇"]
    path.write_text("\n".join(delimiter.join(line) for line in lines), encoding=encoding)
    assert toolkit.load(path, AS_OF, key=b"k").tickets["unit"].tolist() == ["甲镇"]


def test_a_folder_of_exports_is_one_source(tmp_path):
    write_xlsx(tmp_path / "1月.xlsx", [["工单编号"], ["A1"]])
    write_xlsx(tmp_path / "2月.xlsx", [["受理编号"], ["A2"]])
    loaded = toolkit.load(tmp_path, AS_OF, key=b"k")
    assert loaded.tickets["ticket_id"].tolist() == ["A1", "A2"]
    assert loaded.account["file"].tolist() == ["1月.xlsx", "2月.xlsx"]


def test_the_frame_given_is_not_changed():
    rows = pd.DataFrame({"工单编号": ["A1 "], "承办单位": [" 甲镇"]})
    before = rows.copy()
    toolkit.load(rows, AS_OF, key=b"k")
    pd.testing.assert_frame_equal(rows, before)


def test_a_missing_file_names_what_is_expected():
    with pytest.raises(
        SourceError, match=r"no export at 'nowhere\.xlsx': expected a file, folder or pattern"
    ):
        toolkit.load("nowhere.xlsx", AS_OF, key=b"k")


def test_an_empty_sheet_is_told(tmp_path):
    with pytest.raises(SourceError, match=r"(?s)no sheet has a column of ticket numbers.*no filled cell"):
        toolkit.load(write_xlsx(tmp_path / "empty.xlsx", []), AS_OF, key=b"k")


def test_a_sheet_without_ticket_numbers_shows_the_headers_found(tmp_path):
    path = write_xlsx(tmp_path / "other.xlsx", [["姓名", "工资"], ["张", 1]])
    with pytest.raises(
        SourceError, match=r"(?s)expected one headed 工单编号.*other\.xlsx \[Sheet1\]: 姓名, 工资"
    ):
        toolkit.load(path, AS_OF, key=b"k")


def test_every_unreadable_file_of_a_folder_is_named(tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        (tmp_path / name).write_bytes(b"not a workbook")
    with pytest.raises(SourceError, match=r"(?s)a\.xlsx.*b\.xlsx"):
        toolkit.load(tmp_path, AS_OF, key=b"k")


def test_a_misspelt_column_in_the_headers_is_named_with_the_right_one():
    with pytest.raises(ParameterError, match=r"'recieved_at' is no column.*Did you mean 'received_at'"):
        load({"工单编号": ["A1"]}, headers={"columns": {"recieved_at": ["开始"]}})


cells = st.one_of(
    st.none(),
    st.sampled_from(["", " ", "A1", "A2", "合计", "工单编号", "1.2E+17", "注：说明"]),
    st.text(max_size=5),
)


@examples(12)
@given(st.lists(st.tuples(cells, cells, cells), max_size=12))
def test_rows_read_are_tickets_refused_merged_and_left_out(rows):
    loaded = toolkit.load(pd.DataFrame(rows, columns=["工单编号", "承办单位", "诉求内容"]), AS_OF, key=b"k")
    account = loaded.account.iloc[0]
    filled = sum(any(cell is not None and str(cell).strip() for cell in row) for row in rows)
    assert account["read"] == filled
    assert account["read"] == account[["tickets", "refused", "merged", "left_out"]].sum()
    assert account["tickets"] == len(loaded.tickets)
    assert loaded.tickets["ticket_id"].is_unique


def test_the_same_export_gives_the_same_parquet_bytes():
    written = []
    for _ in range(2):
        buffer = io.BytesIO()
        load({"工单编号": ["A1"], "诉求人": ["王五"], "联系电话": ["13912345678"]}).tickets.to_parquet(buffer)
        written.append(buffer.getvalue())
    assert written[0] == written[1]
