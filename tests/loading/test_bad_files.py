"""Files that went wrong on their way: each is read whole, or refused by name; nothing is lost silently."""

import zipfile

import pandas as pd
import pytest
import xlsxwriter

import toolkit
from toolkit.errors import ParameterError, SourceError

AS_OF = "2025-12-31"


def load(source, **options):
    return toolkit.load(source, AS_OF, key=b"k", **options)


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_two_files_of_one_name_in_two_folders_are_kept_apart(tmp_path):
    for month in ("01", "02"):
        write(tmp_path / month / "导出.csv", f"工单编号\n{month}0001\n无编号吗？\n,")
    account = load(tmp_path).account
    assert account["file"].tolist() == ["01/导出.csv", "02/导出.csv"]
    assert account["tickets"].tolist() == [1, 1]


def test_a_quotation_mark_that_swallows_rows_is_told(tmp_path):
    path = write(tmp_path / "a.csv", '工单编号,标题,承办单位\n1,a,甲镇\n2,"b,甲镇\n3,c,甲镇\n4,d,甲镇\n')
    with pytest.raises(SourceError, match=r"a\.csv: row 3: a cell holds what looks like whole rows"):
        load(path)


def test_a_line_break_inside_a_quoted_cell_is_no_trouble(tmp_path):
    path = write(tmp_path / "a.csv", '工单编号,诉求内容,承办单位\n1,"停水，\n请速处理",甲镇\n')
    assert load(path).tickets["content"].tolist() == ["停水，\n请速处理"]


def test_a_header_without_rows_gives_an_empty_table(tmp_path):
    loaded = load(write(tmp_path / "a.csv", "工单编号,一级分类,二级分类\n"))
    assert loaded.tickets.empty
    assert loaded.account["read"].tolist() == [0]


@pytest.mark.parametrize(
    "header", ["工单编号(必填)", "工单编号（必填）", "\ufeff工单编号", "工单\u200b编号*"]
)
def test_a_hint_or_an_invisible_mark_does_not_hide_a_header(header):
    assert load(pd.DataFrame({header: ["A1"]})).tickets["ticket_id"].tolist() == ["A1"]


@pytest.mark.parametrize("word", ["无", "-", "#N/A", True, "NULL"])
def test_a_placeholder_is_no_ticket_number(word):
    loaded = load(pd.DataFrame({"工单编号": ["A1", word], "承办单位": ["甲镇", "乙镇"]}, dtype=object))
    assert loaded.account[["tickets", "refused"]].values.tolist() == [[1, 1]]


def test_the_same_caller_named_and_numbered_differently_is_no_contradiction(tmp_path):
    write(tmp_path / "1.csv", "工单编号,诉求人\nA1,张三\n")
    write(tmp_path / "2.csv", "工单编号,诉求人,联系电话\nA1,张三,13912345678\n")
    assert len(load(tmp_path).tickets) == 1


def test_one_moment_with_and_without_seconds_is_no_contradiction(tmp_path):
    write(tmp_path / "1.csv", "工单编号,受理时间\nA1,2025-03-04 09:00\n")
    write(tmp_path / "2.csv", "工单编号,受理时间\nA1,2025-03-04 09:00:31\n")
    write(tmp_path / "3.csv", "工单编号,受理日期\nA1,2025-03-04\n")
    assert len(load(tmp_path).tickets) == 1


def test_a_repeated_header_is_known_also_with_marks():
    rows = pd.DataFrame({"工单ID": ["A1", "工单ID"], "*标题": ["停水", "*标题"]})
    assert load(rows).account[["tickets", "left_out"]].values.tolist() == [[1, 1]]


@pytest.mark.parametrize("name", ["a.zip", "a.csv.gz", "a.xlsx", "a.xls", "a.parquet"])
def test_a_damaged_file_is_named(tmp_path, name):
    (tmp_path / name).write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(SourceError, match=name.replace(".", r"\.")):
        load(tmp_path / name)


def test_scratch_files_in_a_zip_are_passed_over(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("__MACOSX/._x.csv", b"\x00\x05")
        archive.writestr("x.csv", "工单编号\nA1\n")
        archive.writestr("2/x.csv", "工单编号\nA2\n")
    loaded = load(tmp_path / "a.zip")
    assert loaded.tickets["ticket_id"].tolist() == ["A2", "A1"]


def test_a_merged_blank_beside_the_data_is_no_trouble(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        page = book.add_worksheet()
        page.write_column(0, 0, ["工单编号", "A1", "A2"])
        page.merge_range(1, 4, 2, 4, "")
    assert load(tmp_path / "a.xlsx").tickets["ticket_id"].tolist() == ["A1", "A2"]


@pytest.mark.parametrize("cell", ["2025-03-04T01:12:00.123456789Z", "2025-03-04T09:12:00.1234567+08:00"])
def test_fractions_of_a_second_are_no_trouble(cell):
    received = load(pd.DataFrame({"工单编号": ["A1"], "受理时间": [cell]})).tickets["received_at"][0]
    assert str(received)[:16] == "2025-03-04 09:12"


@pytest.mark.parametrize("cell", ["٢٠٢٥-٠١-٠٢", "2025-01-01" + " " * 30_000 + "x"])
def test_a_cell_no_time_is_written_like_is_unreadable_and_quick(cell):
    loaded = load(pd.DataFrame({"工单编号": ["A1"], "受理时间": [cell]}))
    assert loaded.issues["check"].tolist()[0] == "无法识别"


def test_a_phone_that_slipped_into_another_column_is_masked_there():
    loaded = load(
        pd.DataFrame({"工单编号": ["A1"], "工单状态": ["13912345678"], "承办单位": ["甲镇13912345678"]})
    )
    assert "13912345678" not in loaded.tickets.to_csv()


def test_a_second_column_of_persons_is_hidden_where_refused_rows_are_shown():
    rows = pd.DataFrame(
        {"工单编号": [None], "诉求人": ["彭媿姝"], "联系人": ["闫彧婠"], "承办单位": ["甲镇"]}
    )
    assert "闫彧婠" not in str(load(rows).refused["cells"].tolist())
    assert "闫彧婠" not in toolkit.inspect(rows).columns.to_csv()


def test_what_is_left_out_names_no_person():
    rows = pd.DataFrame({"工单编号": ["A1", "合计"], "诉求人": ["王五", "彭媿姝"]})
    assert "彭媿姝" not in load(rows).issues.to_csv()


@pytest.mark.parametrize("source", ["a\0b.csv", "x" * 300, "../**x/*.csv"])
def test_a_source_that_cannot_be_looked_up_is_told(source):
    with pytest.raises(SourceError):
        load(source)


def test_words_are_set_only_for_columns_of_words():
    with pytest.raises(ParameterError, match="'return_count' is no column"):
        load(pd.DataFrame({"工单编号": ["A1"]}), headers={"values": {"return_count": {"1": ["一次"]}}})


def test_lists_and_indexes_of_a_frame_are_read_as_the_office_writes_them():
    frame = pd.DataFrame({"承办单位": [["甲镇", "县教育局"]]}, index=pd.Index(["A1"], name="工单编号"))
    ticket = load(frame).tickets.iloc[0]
    assert (ticket["ticket_id"], ticket["unit"], ticket["co_units"]) == ("A1", "甲镇", "县教育局")


def test_semicolons_inside_texts_do_not_outweigh_the_comma(tmp_path):
    path = write(tmp_path / "a.csv", "工单编号,诉求内容\n1,停水;停电;断网;漏气\n2,路灯不亮\n")
    assert load(path).tickets["content"].tolist() == ["停水;停电;断网;漏气", "路灯不亮"]


def test_cells_beyond_the_header_are_told(tmp_path):
    issues = load(write(tmp_path / "a.csv", "工单编号,标题\nA1,停水,又停电\nA2,停水\n")).issues
    beyond = issues.query("check == '超出表头的单元格未读'")
    assert beyond[["row", "value", "kind"]].values.tolist() == [[2, "1格", "kept"]]
