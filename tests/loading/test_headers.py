"""Known headers: letters, boards, city management, English exports; and what can be two things."""

import pandas as pd
import pytest
import yaml

import toolkit
from toolkit import schema
from toolkit.loading.header_rows import folded
from toolkit.loading.headers import HEADERS_FILE, read_headers


def headers_of(rows):
    found = toolkit.load(pd.DataFrame(rows), "2025-12-31", key=b"k").headers
    return found.set_index("header")


def read_as(*names):
    return headers_of(pd.DataFrame([["x"] * len(names)], columns=names))["column"].to_dict()


@pytest.mark.parametrize(
    "names",
    [
        {
            "信件编号": "ticket_id",
            "来信人": "caller_name",
            "手机": "caller_phone",
            "来信时间": "received_at",
            "信件标题": "title",
            "来信内容": "content",
            "处理情况": "reply",
            "答复时间": "replied_at",
            "评价结果": "satisfaction",
        },
        {
            "受理编号": "ticket_id",
            "咨询时间": "received_at",
            "咨询人": "caller_name",
            "电话": "caller_phone",
            "转办单位": "unit",
            "交办时间": "dispatched_at",
            "回复情况": "reply",
            "满意程度": "satisfaction",
        },
        {
            "案件编号": "ticket_id",
            "立案时间": "received_at",
            "派遣时间": "dispatched_at",
            "处置部门": "unit",
            "处置时间": "replied_at",
            "处置截止时间": "platform_due_at",
            "结案时间": "closed_at",
        },
        {
            "CaseID": "ticket_id",
            "Opened": "received_at",
            "Closed": "closed_at",
            "Updated": "",
            "Status": "status",
            "Status Notes": "reply",
            "Responsible Agency": "unit",
            "Category": "category",
            "Request Type": "type",
            "Request Details": "content",
            "Street Address": "address",
            "Neighborhood": "township",
            "Source": "channel",
        },
        {
            "case_enquiry_id": "ticket_id",
            "open_dt": "received_at",
            "target_dt": "platform_due_at",
            "closed_dt": "closed_at",
            "ontime": "",
            "case_status": "status",
            "closure_reason": "reply",
            "case_title": "title",
            "reason": "category",
            "type": "type",
            "department": "unit",
            "neighborhood": "township",
            "source": "channel",
        },
    ],
)
def test_the_headers_of_other_platforms_are_known(names):
    assert read_as(*names) == names


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("时间", "可能是受理、回复或办结的时间"),
        ("上报时间", "可能是问题上报（受理）的时间，也可能是单位上报办理结果的时间"),
        ("交办单位", "可能是交出的单位，也可能是接办的单位"),
        ("是否按时办结", "含义相反"),
        ("话务员满意度", "评价的是话务员"),
    ],
)
def test_a_header_that_can_be_two_things_is_named_and_not_read(header, said):
    found = headers_of({"工单编号": ["A1"], header: ["x"]}).loc[header]
    assert found["column"] == ""
    assert said in found["hint"]
    assert "未采用" in found["hint"]


def test_a_run_decides_what_an_undecided_header_is():
    loaded = toolkit.load(
        pd.DataFrame({"工单编号": ["A1"], "时间": ["2025-03-04"]}),
        "2025-12-31",
        headers={"columns": {"received_at": ["时间"]}},
        key=b"k",
    )
    assert str(loaded.tickets["received_at"][0]) == "2025-03-04 00:00:00"


def test_a_header_read_only_for_want_of_another_says_what_else_it_can_be():
    alone = headers_of({"工单编号": ["A1"], "接收时间": ["2025-03-04"]})
    assert alone.loc["接收时间", ["column", "hint"]].tolist() == [
        "received_at",
        "也可能是签收时间，请核对",
    ]
    both = headers_of({"工单编号": ["A1"], "受理时间": ["2025-03-03"], "接收时间": ["2025-03-04"]})
    assert both["hint"].tolist() == ["", "", ""]


def test_a_heading_with_nothing_below_it_is_nothing():
    assert read_headers({"columns": None, "values": None}) == read_headers()


def test_no_known_header_is_undecided_and_each_word_stands_for_one_thing():
    given = yaml.safe_load(HEADERS_FILE.read_text(encoding="utf-8"))
    known = {folded(word) for words in given["columns"].values() for word in words}
    assert known & {folded(word) for word in given["undecided"]} == set()
    for name, vocabulary in given["values"].items():
        words = [str(word) for kept, variants in vocabulary.items() for word in [kept, *variants]]
        assert len(words) == len(set(words)), name


def test_every_degree_of_the_vocabulary_is_a_word_of_the_schema():
    degrees = {*schema.RATED, schema.DEFAULT_SATISFIED, schema.UNRATED}
    assert set(read_headers().values["satisfaction"]) == degrees
