"""What runs out next: each forecast opens the tickets it rests on, and a unit's page holds its own alone."""

from dataclasses import replace

import pandas as pd
import pytest
from cases.reports import open_figures, report_of, say

from toolkit import schema
from toolkit.forecasting.look_ahead import alike_then
from toolkit.preparing.report import cut_report
from toolkit.presenting import blocks as b

AS_OF = "2025-06-10 12:00"
PAST = 24


@pytest.fixture(scope="module")
def county():
    """Twenty-four tickets of the past, half of each unit's late, and an open one of each unit at two thirds of its limit."""
    units = ["甲乡", "乙镇"] * (PAST // 2)
    late = [number % 4 < 2 for number in range(PAST)]
    rows = {
        "ticket_id": [f"p{number}" for number in range(PAST)] + ["甲开", "乙开"],
        "unit": [*units, "甲乡", "乙镇"],
        "title": "路灯不亮<b>",
        "type": "投诉",
        "category": [*["路灯"] * PAST, "路灯", "供水"],
        "received_at": ["2025-05-12 08:30"] * PAST + ["2025-06-09 08:30"] * 2,
        "dispatched_at": ["2025-05-12 08:30"] * PAST + ["2025-06-09 08:30"] * 2,
        "platform_due_at": ["2025-05-13 17:30"] * PAST + ["2025-06-10 17:30"] * 2,
        "replied_at": ["2025-05-20 09:00" if is_late else "2025-05-13 17:00" for is_late in late]
        + [None] * 2,
    }
    return report_of(schema.make_tickets(rows), AS_OF, "2025", policy={"name": "试行", "source": "测试"})


def test_each_forecast_opens_the_tickets_it_counts_and_they_are_those_of_pandas(county):
    block = b.runs_out_next(county)
    opened = {what: (text, ids) for what, text, ids in open_figures(block, county)}
    assert [text for what, (text, _) in opened.items() if "同类件" in what] == ["24", "12", "12", "6"]
    for ticket, row in county.forecasts.set_index("ticket_id", drop=False).iterrows():
        alike = alike_then(county.tickets, row, AS_OF)
        assert set(opened[f"工单{ticket}的同类件：当时仍未答复"][1]) == set(alike["ticket_id"])
        assert set(opened[f"工单{ticket}的同类件：后来逾期"][1]) == set(
            alike.loc[alike["ran_out"], "ticket_id"]
        )
    assert "路灯不亮&lt;b&gt;" in block.data


def test_a_unit_s_page_opens_its_own_and_says_the_others_counts_in_words(county):
    own, other = (b.push_list(cut_report(county, name)) for name in ("甲乡", "乙镇"))
    assert "同类件（同单位、同类型、同分类）时限用去75%时仍未回复的12件，6件逾期（50.0%）" in say(own)
    assert (
        "同类件（同类型）时限用去75%时仍未回复的24件，12件逾期（50.0%）（含其他单位，在全县页点开）"
        in say(other)
    )
    report = cut_report(county, "甲乡")
    opened = {what: ids for what, _, ids in open_figures(own, report) if "同类件" in what}
    assert [len(ids) for ids in opened.values()] == [12, 6]
    assert not [what for what, *_ in open_figures(other, cut_report(county, "乙镇")) if "同类件" in what]


def test_what_the_trial_says_opens_its_tickets(county):
    tried = pd.DataFrame({"ticket_id": ["p0", "p1", "p2"], "is_listed": [True, True, False], "is_listed_by_due": True,
                          "ran_out": [True, False, False], "report": "甲乡"})  # fmt: skip
    told = county.about["tried"] | {
        "month": "2025-05",
        "mornings": 2,
        "looks": 3,
        "most": 2,
        "is_listed": [2, 1],
        "is_listed_by_due": [3, 1],
    }
    told["fifths"] = [{"fifth": 1, "count": 3, "ran_out": 1, "rate": 1 / 3, "chance": 0.5}]

    block = b.runs_out_next(replace(county, tried=tried, about=county.about | {"tried": told}))
    assert (
        "各列逾期可能最大的2件，共2件，后来逾期1件（50.0%）；照截止先后各列2件，共3件，后来逾期1件（33.3%）"
        in say(block)
    )
    assert "第1档预测平均50.0%，实际33.3%（1/3件次）" in say(block)
    opened = {
        what: ids for what, _, ids in open_figures(block, replace(county, tried=tried)) if "回放" in what
    }
    assert opened == {"回放：按逾期可能": ["p0", "p1"]} | opened
    assert sorted(len(ids) for ids in opened.values()) == [1, 1, 2, 3]


def test_where_nothing_is_likely_to_run_out_one_line_says_so(county):
    about = county.about | {"tried": county.about["tried"] | {"looks": 0}}
    block = b.runs_out_next(replace(county, forecasts=county.forecasts.head(0), about=about))
    assert block.answer == "没有逾期可能较大的未到期工单"
    assert "上月没有可以核对的早上" in say(block)
