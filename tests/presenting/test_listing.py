"""What an opened ticket shows beside its own columns."""

import pandas as pd
import pytest
from cases.drill import read_buffer
from cases.reports import report_of, with_frames

from toolkit import schema
from toolkit.presenting import listing
from toolkit.presenting.listing import TEXTS, describe_tickets, order_by_urgency, pack_tickets


def test_related_tickets_of_other_units_are_counted_and_not_named():
    tickets = schema.make_tickets(
        {"ticket_id": ["1", "2"], "unit": "甲乡", "received_at": ["2025-06-03 09:00"] * 2}
    )
    related = pd.DataFrame(
        {
            "report": "甲乡",
            "ticket_id": ["1", "1", "1", "1"],
            "other": ["2", None, None, None],
            "other_report": ["甲乡", None, None, None],
            "kind": ["相似前件", "相似前件", "相似前件", "引用"],
            "likeness": [0.86, 0.5, 0.4, None],
        }
    )
    report = with_frames(report_of(tickets, "2025-06-30", "2025-06", "甲乡"), related=related)
    shown = describe_tickets(report).set_index("ticket_id")["related"]
    assert shown["1"] == ["2 相似前件 86%", "另有2件 相似前件属其他单位", "另有1件 引用属其他单位"]
    assert pd.isna(shown["2"])


def test_what_is_past_due_and_unanswered_comes_first_the_longest_so_at_the_head_and_the_rest_stands_as_it_stood():
    late, on_time = schema.OVERDUE, schema.ON_TIME
    rows = {
        "done": (on_time, "2025-06-05", None, None),
        "late": (late, "2025-06-12", None, None),
        "soon": (schema.PENDING, "2025-07-04", None, None),
        "longest late": (late, "2025-06-09", None, None),
        "unknown": (schema.UNTIMED, None, None, None),
        "no due time": (schema.NO_DUE, None, None, None),
        "late again": (on_time, "2025-06-05", late, "2025-06-11"),
    }
    columns = ["due_state", "due_at", "rework_state", "rework_due_at"]
    tickets = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    tickets = tickets.astype({"due_at": "datetime64[s]", "rework_due_at": "datetime64[s]"})
    ordered = ["longest late", "late again", "late", "soon", "no due time", "done", "unknown"]
    assert list(tickets.index[order_by_urgency(tickets)]) == ordered


@pytest.fixture
def county():
    columns = {
        "ticket_id": ["1", "2"],
        "unit": ["甲乡", "乙局"],
        "received_at": ["2025-06-03 09:05", "2025-06-03 14:00"],
        "title": "路灯不亮",
        "content": "村口路灯不亮",
        "handler": "王某",
    }
    return report_of(schema.make_tickets(columns), "2025-06-30", "2025-06")


def read_about(report):
    return read_buffer(pack_tickets(describe_tickets(report), report))[0]


def test_a_ticket_of_the_countys_page_shows_all_but_its_texts_and_says_so(county):
    told = read_about(county)
    shown = {column["name"] for column in told["columns"]}
    assert {"due_explained", "evidence", "held", "handler", "source_row", "signed_at"} <= shown
    assert not shown.intersection(TEXTS)
    assert told["elsewhere"] == ["诉求内容"]  # of texts that no ticket has nothing is said


def test_of_many_tickets_the_countys_page_says_what_else_it_leaves_to_the_units_pages(county, monkeypatch):
    monkeypatch.setattr(listing, "DETAILED", 1)
    told = read_about(county)
    shown = {column["name"] for column in told["columns"]}
    assert not shown.intersection({"evidence", "held", "handler", "signed_at", *TEXTS})
    assert told["elsewhere"] == ["诉求内容", "各环节时间", "线索依据", "经手起止", "关联工单"]
    assert told["rule_names"]["overdue_open"] == "超期未回复"
    said = set(describe_tickets(county)["due_explained"].str.partition("受理")[0])
    assert said == {"6月3日"}  # when on that day stands beside it; told without it, few are distinct
    monkeypatch.setattr(listing, "TITLED", 1)
    assert read_about(county)["elsewhere"][:3] == ["标题", "时限说明", "诉求内容"]  # nobody answered


def test_the_report_a_ticket_stands_in_is_no_part_of_the_patterns_of_metrics(county):
    header, read = read_buffer(pack_tickets(describe_tickets(county), county))
    columns = {column["name"]: column for column in header["columns"]}
    assert columns["report"]["follows"] == "unit" and columns["received_at"]["follows"] == "ticket_id"
    assert set(read(columns["(together)"]["arrays"]["codes"])) == {0}  # two units, one pattern
