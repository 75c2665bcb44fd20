"""The mapping file: every header survives it, proposals are comments, hand edits are never lost."""

import pandas as pd
import pytest
import yaml
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

import toolkit
from toolkit.errors import ParameterError
from toolkit.loading.cleaning import clean_text
from toolkit.loading.header_rows import folded
from toolkit.loading.headers import read_headers
from toolkit.loading.mapping import write_mapping
from toolkit.schema import BY_NAME

NASTY = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    [
        "办结\u2028时间日",
        "办\x85结",
        "办\r\n结",
        '"引号": #号',
        "*星",
        "&锚",
        "- 项",
        "{a: b}",
        "\ufeff头",
        "a: b",
        "😀",
    ]
)


def write(rows, path):
    return write_mapping(toolkit.inspect(pd.DataFrame(rows)), path)


@examples(10)
@given(header=NASTY, mark=st.sampled_from(["", "*", "\u2028", "\x85", "\r\n", " "]))
def test_no_header_writes_anything_but_itself(tmp_path_factory, header, mark):
    path = tmp_path_factory.mktemp("mapping") / "mapping.yml"
    named = f"{mark}工单编号{mark}"
    known, _ = clean_text(named)  # as every cell is read
    rows = {named: ["A1", "A2"], header: ["甲\u2028乙: #", "*x"]}
    text = write(rows, path).read_text(encoding="utf-8")
    said = yaml.safe_load(text)
    assert set(said) == {"columns"}
    assert known in said["columns"]["ticket_id"]
    given_headers = {word for words in said["columns"].values() for word in words}
    assert given_headers <= {known, clean_text(header)[0]}
    assert read_headers(str(path)).columns["ticket_id"][0] == known


def test_proposals_say_why_and_are_not_in_force_until_a_person_takes_their_mark_away(tmp_path):
    rows = {"工单编号": ["A1"], "办结日时间": ["2025-03-04"], "科局": ["县教育局"]}
    path = write(rows, tmp_path / "mapping.yml")
    text = path.read_text(encoding="utf-8")
    assert "  # closed_at: [办结日时间]  # 与“办结时间”相近；取值像时间" in text
    assert yaml.safe_load(text) == {"columns": {"ticket_id": ["工单编号"]}}
    edited = text.replace("  # closed_at", "  closed_at").replace("  # unit", "  unit")
    path.write_text(edited, encoding="utf-8")
    ticket = toolkit.load(pd.DataFrame(rows), "2025-12-31", headers=path, key=b"k").tickets.iloc[0]
    assert (str(ticket["closed_at"]), ticket["unit"]) == ("2025-03-04 00:00:00", "县教育局")


def test_an_edited_file_keeps_every_byte_and_gets_new_headers_as_comments_once(tmp_path):
    path = tmp_path / "mine.yml"
    edited = (
        "# 我的改动\ncolumns:\n  ticket_id: [号码]\n  unit: [科局]   # 已核对\nunit_aliases: {甲: 甲镇}\n"
    )
    path.write_text(edited, encoding="utf-8")
    rows = pd.DataFrame({"号码": ["A1"], "科局": ["甲"], "办结日时间": ["2025-03-04"]})
    write_mapping(toolkit.inspect(rows, path), path)
    text = path.read_text(encoding="utf-8")
    assert text.startswith(edited)
    assert "#   closed_at: [办结日时间]" in text
    assert yaml.safe_load(text) == yaml.safe_load(edited)
    write_mapping(toolkit.inspect(rows, path), path)
    assert path.read_text(encoding="utf-8") == text


def test_a_file_that_cannot_be_read_is_named_and_left_alone(tmp_path):
    path = tmp_path / "mine.yml"
    path.write_text("columns: [\n", encoding="utf-8")
    with pytest.raises(ParameterError, match=r"mine\.yml"):
        write({"工单编号": ["A1"]}, path)
    assert path.read_text(encoding="utf-8") == "columns: [\n"


def test_the_mapping_of_a_flow_log_stands_under_events_and_names_no_person(tmp_path):
    columns = ["工单编号", "操作", "操作时间", "操作单位", "诉求人", "分管领导"]
    rows = pd.DataFrame([["A1", "神秘操作", "2025-03-03", "甲镇", "张建国", "李建国"]] * 2, columns=columns)
    text = write(rows, tmp_path / "mapping.yml").read_text(encoding="utf-8")
    said = yaml.safe_load(text)
    assert said["events"] == {
        "ticket_id": ["工单编号"],
        "event": ["操作"],
        "at": ["操作时间"],
        "unit": ["操作单位"],
    }
    assert said["columns"] == {"caller_name": ["诉求人"]}
    assert "李建国" not in text
    assert "event: 神秘操作×2" in text


def test_every_proposal_is_a_column_of_the_ticket_table():
    rows = {name: ["x1234", "y5678"] for name in ["工单编号码", "办结日时间", "乱七八糟", "满意程度如何"]}
    proposed = toolkit.inspect(pd.DataFrame(rows)).columns["proposed"]
    assert set(proposed) <= {"", *BY_NAME}
    assert folded("工单编号码") not in {folded(word) for word in read_headers().columns["ticket_id"]}


def test_what_an_inspection_shows_and_writes_holds_no_number_of_a_person(tmp_path):
    phone, card = "13912345678", "110101199003078515"
    rows = {
        "工单编号": ["1", None],
        "受理时间": [f"来电{phone}", card],
        "诉求内容": [f"电话{phone}", f"身份证{card}"],
        "满意度": [f"王先生{phone}", card],
        "退回次数": [phone, card],
        f"备注{phone}": [phone, card],
        "怪列": [f"{phone}/{card}", "无"],
        "承办单位": [f"甲镇{phone}", f"甲镇{card}"],
    }
    inspection = toolkit.inspect(pd.DataFrame(rows))
    said = " ".join(frame.map(str).to_csv() for frame in (inspection.columns, inspection.issues))
    written = write_mapping(inspection, tmp_path / "mapping.yml").read_text(encoding="utf-8")
    assert "139****78" in said
    assert "满意度" in written
    assert not any(number in text for number in (phone, card) for text in (said, written))
