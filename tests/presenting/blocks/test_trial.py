"""What the look ahead's notebook shows beside the list: how good it was, what else may come, what orders did."""

from dataclasses import replace

import pandas as pd
import pytest
from cases.reports import open_figures, read_html, report_of, say

from toolkit import schema
from toolkit.presenting import blocks as b

AS_OF = "2025-06-10 12:00"
POLICY = "county_default"


@pytest.fixture(scope="module")
def county():
    """A ticket a working day of May, due two days later, every other one late; and one still open."""
    days = pd.bdate_range("2025-05-06", "2025-05-28").strftime("%Y-%m-%d").tolist()
    due = pd.bdate_range("2025-05-08", "2025-05-30").strftime("%Y-%m-%d 17:30").tolist()
    late = (pd.to_datetime(due) + pd.offsets.BDay(3)).strftime("%Y-%m-%d 10:00")
    replied = [f"{end[:10]} 17:00" if at % 2 else late[at] for at, end in enumerate(due)]
    rows = {
        "ticket_id": [f"p{day}" for day in days] + ["open"],
        "unit": "甲乡",
        "type": "投诉",
        "category": "路灯",
        "received_at": [f"{day} 08:30" for day in days] + ["2025-06-09 08:30"],
        "dispatched_at": [f"{day} 08:30" for day in days] + ["2025-06-09 08:30"],
        "platform_due_at": [*due, "2025-06-11 17:30"],
        "replied_at": [*replied, None],
    }
    return report_of(schema.make_tickets(rows), AS_OF, "2025", policy=POLICY)


def test_the_trial_tells_all_looks_in_five_parts_and_draws_them(county):
    block = b.trial_section(county)
    fifths = county.about["tried"]["fifths"]
    assert sum(fifth["count"] for fifth in fifths) == county.about["tried"]["looks"] == len(county.tried)
    assert [f"（{fifth['ran_out']}/{fifth['count']}）" in say(block) for fifth in fifths] == [True] * 5
    assert len(block.charts[0].to_dict()["datasets"]) == 2


def test_each_list_of_the_trial_opens_as_many_tickets_as_it_says(county):
    opened = [
        (text, len(ids))
        for what, text, ids in open_figures(b.runs_out_next(county), county)
        if "回放" in what
    ]
    assert len(opened) >= 2
    assert all(int(text) == count for text, count in opened)


def test_the_trial_counts_only_what_is_settled_and_lists_no_more_than_a_day_s(county):
    assert "open" not in set(county.tried["ticket_id"])
    assert county.tried.groupby("morning")["is_listed"].sum().max() <= county.about["tried"]["most"]


def test_a_result_no_column_tells_of_is_not_spoken_of(county):
    assert "导出表没有相应的列" in say(b.results_section(county))


def test_orders_are_held_against_tickets_without_one_and_each_number_opens_its_tickets(county):
    order = {
        "ticket_id": "p2025-05-06",
        "issued_on": pd.Timestamp("2025-05-12"),
        "answer_by": pd.Timestamp("2025-05-15"),
    }
    ordered = replace(county, orders=pd.DataFrame([order]).reindex(columns=list(county.orders)))
    block = b.pushed_section(ordered)
    counted, among = (len(ids) for what, _, ids in open_figures(block, county) if "同类件" in what)
    assert f"（{counted}/{among}）" in say(block)
    assert "不能当作督办的效果" in read_html(block)
    assert "无从比较" in say(b.pushed_section(county))


def test_without_a_policy_s_file_nothing_is_counted_by_another_calendar(county):
    unnamed = replace(county, about=county.about | {"policy_files": ""})
    assert "不作回放" in say(b.results_section(unnamed))
    assert "不作回放" in say(b.pushed_section(unnamed))
