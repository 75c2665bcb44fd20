"""Inspecting an export before loading it, and the mapping file that comes of it."""

import pandas as pd
import yaml

import toolkit
from toolkit.loading.preview import write_mapping

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
