"""Inspecting an export before loading it, and the mapping file that comes of it."""

import pandas as pd
import pytest
import yaml
from typer.testing import CliRunner

import toolkit
from toolkit.cli import app
from toolkit.errors import ToolkitError
from toolkit.loading.mapping import write_mapping
from toolkit.loading.places import find_typed
from toolkit.loading.preview import list_absent, list_not_loaded
from toolkit.settings import PROJECT

ROWS = {
    "工单编号": ["A1", None, "A3"],
    "分管科室": ["信访科", "信访科", None],
    "办结日时间": ["2025-03-04", None, None],
    "受理时间": ["上周", "2025-03-04", "2025-03-05"],
    "满意度": ["满意", "还行吧", "还行吧"],
    "联系电话": ["13912345678"] * 3,
}


def test_each_column_tells_what_it_is_read_as_how_full_it_is_and_what_cannot_be_read():
    columns = toolkit.inspect(pd.DataFrame(ROWS)).columns.set_index("header")
    assert columns["column"].to_dict() == {
        "工单编号": "ticket_id",
        "分管科室": "",
        "办结日时间": "",
        "受理时间": "received_at",
        "满意度": "satisfaction",
        "联系电话": "caller_phone",
    }
    assert columns["filled"].tolist() == [2, 2, 1, 3, 3, 3]
    assert columns.loc["受理时间", "unreadable"] == 1
    assert "办结时间" in columns.loc["办结日时间", "hint"]


def test_examples_are_masked_and_unknown_words_are_counted():
    columns = toolkit.inspect(pd.DataFrame(ROWS)).columns.set_index("header")
    assert columns.loc["联系电话", "example"] == "（已遮盖）"
    assert columns.loc["满意度", "unknown_words"] == "还行吧×1"


def test_what_would_be_refused_is_told_before_anything_is_loaded():
    found = toolkit.inspect(pd.DataFrame(ROWS))
    assert found.account[["read", "tickets", "refused"]].values.tolist() == [[3, 2, 1]]
    assert found.issues.query("kind == 'refused'")["check"].tolist() == ["无工单编号"]


def test_the_mapping_file_is_taken_back_as_headers(tmp_path):
    path = write_mapping(toolkit.inspect(pd.DataFrame(ROWS)), tmp_path / "mapping.yml")
    text = path.read_text(encoding="utf-8")
    assert "#   分管科室" in text
    mapping = yaml.safe_load(text)
    mapping["columns"]["sub_unit"] = ["分管科室"]
    path.write_text(yaml.safe_dump(mapping, allow_unicode=True), encoding="utf-8")
    loaded = toolkit.load(pd.DataFrame(ROWS), "2025-12-31", headers=path, key=b"k")
    assert loaded.tickets["sub_unit"].tolist()[0] == "信访科"


UNNUMBERED = {
    "流水": ["2025030400012", "2025030400013", "2025030400014"],
    "办结日时间": ["2025-03-09", "2025-03-10", None],
    "来信的人": ["张建国", "李建国", "王建军"],
    "号": ["13812345678", "13912345678", "13712345678"],
    "科局": ["县教育局", "县公安局", "甲镇"],
    "说法": ["家门口的路灯坏了三个月没有人修理，请尽快处理"] * 3,
    "发生时点": ["2025-03-04 09:00", "2025-03-05 10:00", "2025-03-06 11:00"],
}


def test_without_a_column_of_numbers_every_column_is_shown_with_what_it_could_be_and_why():
    found = toolkit.inspect(pd.DataFrame(UNNUMBERED))
    columns = found.columns.set_index("header")
    assert columns.index.tolist() == list(UNNUMBERED)
    assert columns["column"].eq("").all()
    assert columns["proposed"].to_dict() == {
        "流水": "ticket_id",
        "办结日时间": "closed_at",
        "来信的人": "caller_name",
        "号": "caller_phone",
        "科局": "unit",
        "说法": "",
        "发生时点": "",
    }
    assert columns.loc["办结日时间", "why"] == "与“办结时间”相近；取值像时间"
    assert columns.loc["号", "why"] == "取值像电话号码"
    assert columns.loc["发生时点", "why"] == "取值像时间，请指明是哪一环节"
    assert found.account[["read", "tickets", "left_out"]].values.tolist() == [[4, 0, 4]]


def test_known_headers_are_told_though_the_number_is_not_named_yet():
    rows = {
        "流水单": ["2025030400012", "2025030400013"],
        "标题": ["路灯不亮", "道路积水"],
        "办结时间": ["2025-03-09"] * 2,
    }
    columns = toolkit.inspect(pd.DataFrame(rows)).columns.set_index("header")
    assert columns["column"].to_dict() == {"流水单": "", "标题": "title", "办结时间": "closed_at"}
    assert columns.loc["流水单", "proposed"] == "ticket_id"


def test_rows_that_become_no_ticket_stand_on_one_line_a_reason():
    rows = {"工单编号": ["A1", None, None, None, "A2", None], "标题": ["路灯不亮"] * 6}
    refused = list_not_loaded(toolkit.inspect(pd.DataFrame(rows)).issues)
    assert refused[["check", "count", "rows"]].values.tolist() == [["无工单编号", 4, "第3、4、5、7行"]]
    middle = list_not_loaded(toolkit.inspect(pd.DataFrame(rows).head(5)).issues)
    assert middle["rows"].tolist() == ["第3—5行"]
    assert list_not_loaded(toolkit.inspect(pd.DataFrame(rows).head(1)).issues).empty


def test_a_header_that_only_the_mapping_file_has_is_named(tmp_path):
    mapping = tmp_path / "列名.yml"
    mapping.write_text("columns:\n  ticket_id: [单号]\n  township: [乡镇名]\n", encoding="utf-8")
    found = toolkit.inspect(pd.DataFrame({"单号": ["A1"], "镇域": ["甲镇"]}), mapping)
    assert list_absent(found, mapping) == ["township：乡镇名"]


def test_the_mapping_file_names_the_columns_an_unread_header_may_be_given_to(tmp_path):
    rows = {"工单编号": ["A1"], "甲": ["2025-03-04"], "标题": ["路灯不亮"]}
    text = write_mapping(toolkit.inspect(pd.DataFrame(rows)), tmp_path / "a.yml").read_text(encoding="utf-8")
    assert "dispatched_at 转办时间" in text
    assert "title 标题" not in text
    known = write_mapping(toolkit.inspect(pd.DataFrame({"工单编号": ["A1"]})), tmp_path / "b.yml")
    assert "dispatched_at" not in known.read_text(encoding="utf-8")


def test_what_looks_personal_is_hidden_under_whatever_header():
    columns = toolkit.inspect(pd.DataFrame(UNNUMBERED)).columns.set_index("header")
    assert columns.loc[["来信的人", "号"], "example"].eq("（已遮盖）").all()


def test_a_sheet_without_any_header_row_shows_numbered_columns_and_no_value_as_a_header():
    rows = pd.DataFrame(
        [["13812345679", "李建国", "2025-03-05"]] * 2, columns=["13812345678", "张建国", "2025-03-04"]
    )
    found = toolkit.inspect(rows).columns
    assert found["header"].tolist() == ["第1列", "第2列", "第3列"]
    assert found["proposed"].eq("").all()
    assert found["hint"].str.startswith("没有表头行").all()
    assert not found.to_csv().count("建国")


def test_a_header_near_a_known_one_with_other_values_is_not_proposed():
    rows = {"工单编号": ["A1"], "办结日时间": ["已办结"], "承办单位联系电话": ["13812345678"]}
    columns = toolkit.inspect(pd.DataFrame(rows)).columns.set_index("header")
    assert columns.loc["办结日时间", "proposed"] == "status"  # by its values alone
    assert columns.loc["承办单位联系电话", "proposed"] == ""


def test_a_path_is_looked_for_where_the_user_stands_and_then_in_the_project(tmp_path, monkeypatch):
    (tmp_path / "导出.csv").write_text("工单编号,科局\nA1,县教育局\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    said = runner.invoke(app, ["inspect", "导出.csv", "--mapping", "我的.yml"])
    assert said.exit_code == 0, said.output
    assert "ticket_id: [工单编号]" in (tmp_path / "我的.yml").read_text(encoding="utf-8")
    assert find_typed("parameters/headers.yml") == PROJECT / "parameters" / "headers.yml"
    assert find_typed("*.csv") == tmp_path / "*.csv"


@pytest.mark.parametrize("command", [["inspect", "没有.xls"], ["proofread", "没有.docx"]])
def test_a_path_that_is_nowhere_says_where_it_was_looked_for(tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    error = CliRunner().invoke(app, command).exception
    assert isinstance(error, ToolkitError)
    assert f"looked at {tmp_path / command[1]}" in str(error)
    assert f"looked at {PROJECT / command[1]}" in str(error)
