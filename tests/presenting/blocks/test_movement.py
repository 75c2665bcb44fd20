"""Movement, contributions, stages, fair comparison, what-if: what they say and exactly which tickets they open."""

import re

import pandas as pd
import pytest
from cases.reports import (
    assert_figures_open_what_they_say,
    conditions,
    read_html,
    report_of,
    say,
    with_frames,
)

from toolkit import schema
from toolkit.comparing.fairness import rank_certainty
from toolkit.presenting import blocks as b
from toolkit.presenting.blocks.villages import villages_table
from toolkit.presenting.blocks.what_if import what_if_table

TIMELY, COUNT = "按期回复率（÷受理）", "受理件数"
POLICY = {"name": "试行办法", "source": "测试"}
AS_OF = "2025-06-30 18:00"
NOW, KEPT = {"against": ["本期"]}, {"is_excluded": [False]}


def make(**columns):
    made = {
        "ticket_id": [str(n) for n in range(6)],
        "unit": ["甲乡", "甲乡", "甲乡", "乙镇", "乙镇", "<b>丙</b>"],
        "unit_group": "乡镇",
        "received_at": ["2025-06-03 09:00"] * 3
        + ["2025-05-06 09:00", "2025-06-03 09:00", "2025-06-03 09:00"],
        "replied_at": ["2025-06-04"] * 2 + [None, "2025-05-07", "2025-06-05", None],
    }
    return schema.make_tickets(made | columns)


def report(name=None, period="2025-06", tickets=None, **run):
    return report_of(make() if tickets is None else tickets, AS_OF, period, name, policy=POLICY, **run)


@pytest.fixture(scope="module")
def june():
    return report()


def test_this_period_and_the_period_before_both_open_their_tickets(june):
    block = b.metrics_table(june)
    assert {TIMELY: [1]} | NOW | KEPT in conditions(block)
    assert {TIMELY: [0, 1], "against": ["上期"]} | KEPT in conditions(block)
    assert "同比：导出表自2025-05-06起，不含整个2024-06-01至2024-06-30，不作比较。" in say(block)
    assert "100.0%（1/1）" in say(block) and "环比下降40.0个百分点" in say(block)
    assert "上期为2025-05-01至2025-05-31（31天，本期30天）" in say(block)
    assert_figures_open_what_they_say(block, june)


def test_a_unit_s_page_tells_its_own_movement_only():
    own = report("甲乡")
    text = say(b.metrics_table(own))
    assert "66.7%（2/3）" in text and "环比下降" not in text
    assert {"60.0%", "5"}.isdisjoint(
        shown for _, shown, _ in assert_figures_open_what_they_say(b.metrics_table(own), own)
    )  # the county's figures stand beside it as words


def test_no_period_to_compare_with_is_said(june):
    alone = with_frames(june, movements=june.compared.movements.head(0))
    assert "没有可比的期间。同比：导出表自2025-05-06起" in say(b.metrics_table(alone))


def test_the_contributions_add_up_in_print_and_open_the_tickets_of_both_periods():
    year = report(period="2025", tickets=make(received_at=["2025-06-03 09:00"] * 5 + ["2024-01-03 09:00"]))
    block = b.contributions_section(year)
    units = block.parts[0]
    printed = [float(re.split("<td[^>]*>", row)[-1]) for row in re.findall(r"<tr>(<td.*?)</td></tr>", units)]
    assert round(sum(printed[:-1]), 2) == printed[-1]
    assert {TIMELY: [1], "report": ["甲乡"]} | NOW | KEPT in conditions(block)
    assert {TIMELY: [0, 1], "report": ["<b>丙</b>"], "against": ["上年同期"]} | KEPT in conditions(block)
    assert "全县按期回复率（÷受理）同比上升" in say(block)
    assert_figures_open_what_they_say(block, year)


def test_contributions_to_a_count_are_points_of_the_earlier_count_and_a_missing_category_opens_its_tickets():
    tickets = make(
        received_at=["2025-06-03 09:00"] * 5 + ["2024-01-03 09:00"],
        category=["供水/停水", "供水/停水", None, None, "供水", "供水"],
    )
    year = report(period="2025", tickets=tickets)
    block = b.contributions_section(year)
    assert "全县受理件数同比上升400.00%；拉动上升：供水200.00个百分点、（未填）200.00个百分点" in say(block)
    figures = assert_figures_open_what_they_say(block, year)
    opened = {what: set(ids) for what, _, ids in figures}
    assert opened["（未填）　本期　受理件数"] == {"2", "3"}


def test_without_categories_or_earlier_tickets_the_contributions_say_so(june):
    why = "导出表自2025-05-06起，不含整个2024-06-01至2024-06-30，不作比较。"
    assert say(b.contributions_section(june)) == (
        f"按期回复率（÷受理）同比无可比工单，各单位的影响未计：{why}"
        f"受理件数同比无可比工单，各问题大类的影响未计：{why}"
    )


def test_stages_open_the_tickets_timed_and_those_still_there():
    own = report("甲乡", tickets=make(dispatched_at="2025-06-03 10:00"))
    block = b.stages_table(own)
    assert {"环节：督办": [1]} | NOW in conditions(block) and {"环节：督办": [0]} | NOW in conditions(block)
    assert block.answer.startswith("督办最长，占") and "全县中位数" in say(block)
    assert_figures_open_what_they_say(block, own)


def test_no_stage_to_time_is_said(june):
    nothing = with_frames(june, stages=june.counted.stages.head(0))
    assert say(b.stages_table(nothing)) == "没有可计环节用时的工单"


def test_a_rank_stands_only_with_its_range(june):
    text = say(b.fair_table(june))
    assert re.search(r"第\d—\d名（共3个单位）", text)
    assert "位次只给出九成把握的范围" in text and "66.7%（2/3）" in text


def test_the_county_s_page_opens_each_unit_and_a_unit_s_page_only_itself(june):
    assert {TIMELY: [1], "report": ["乙镇"]} | NOW | KEPT in conditions(b.fair_table(june))
    own = report("甲乡")
    assert "乙镇" not in b.fair_table(own).data
    assert_figures_open_what_they_say(b.fair_table(own), own)


def test_a_unit_named_last_is_told_how_many_the_last_are(june):
    counts = {f"{n:02d}": (85 + n, 100) for n in range(8)} | {"差": (150, 400)}
    rows = [(unit, TIMELY, *pair) for unit, pair in counts.items()]
    made = pd.DataFrame(rows, columns=["unit", "metric", "numerator", "denominator"])
    ranks = rank_certainty(made.assign(definition="定义"), TIMELY, draws=100, seed=1)
    shown = with_frames(june, ranks=ranks, mix=pd.DataFrame(columns=["unit", "metric"]))
    text = say(b.fair_table(shown))
    assert "第9名（共9个单位）居后（后3名）" in text and "（共9个单位）不分先后" in text


@pytest.mark.parametrize("block", [b.fair_table, villages_table, b.units_table, b.heading])
def test_a_unit_s_name_cannot_become_markup(block):
    shown = read_html(block(report("<b>丙</b>") if block is b.heading else report()))
    assert "<b>" not in shown and "&lt;b&gt;丙" in shown


def test_nothing_to_compare_is_said(june):
    assert say(b.fair_table(with_frames(june, ranks=june.compared.ranks.head(0)))) == "没有可比的工单"


WHAT_IF = {
    "name": "测试办法",
    "source": "测试",
    "items": [{"name": "按期", "metric": TIMELY, "weight": 100, "scoring": "proportional"}],
    "presentation": {
        "kind": "grades",
        "why": "测试",
        "grades": [{"grade": "A", "at_least": 60}, {"grade": "<i>", "at_least": 0}],
    },
}


def test_the_tickets_that_would_bring_a_better_grade_open_by_their_numbers():
    pending = make(
        replied_at=["2025-06-04"] + [None] * 5,
        platform_due_at="2025-07-09 17:30",
        received_at="2025-06-03 09:00",
    )
    own = report("甲乡", tickets=pending, scheme=WHAT_IF)
    block = what_if_table(own)
    assert conditions(block) == [{"ticket_id": ["1"]}]
    assert "甲乡33.33分（<i>）2件（未到期2件，超期0件）100分（A）" in say(block)
    assert "1件，可至66.67分（A）" in say(block) and "<i>" not in block
    assert "乙镇" not in block
    assert "乙镇" in what_if_table(report(tickets=pending, scheme=WHAT_IF))


def test_without_open_tickets_there_is_nothing_to_answer():
    answered = report(tickets=make(replied_at="2025-06-04"), scheme=WHAT_IF)
    assert say(what_if_table(answered)) == "没有未回复的工单。"
