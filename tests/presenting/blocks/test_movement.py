import json
import re
from html import unescape
from urllib.parse import unquote

import pandas as pd
import pytest

from toolkit import clock, schema, score
from toolkit.assessing.what_if import what_if
from toolkit.comparing.contributions import contributions
from toolkit.comparing.fairness import adjust_case_mix, rank_certainty
from toolkit.comparing.movement import compare_periods, move_scores
from toolkit.presenting.blocks import fairness, movement, stages
from toolkit.presenting.blocks.contributions import contributions_table
from toolkit.presenting.blocks.what_if import what_if_table
from toolkit.scoring.marks import mark_tickets
from toolkit.scoring.stage_times import mark_stages, time_stages

TIMELY, COUNT = "按期回复率（÷受理）", "受理件数"
POLICY = {"name": "试行办法", "source": "测试"}
AS_OF = "2025-06-30 18:00"


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


def said(block):
    return unescape(re.sub("<[^>]+>", "", block.data))


def conditions(block):
    return [json.loads(unquote(where)) for where in re.findall(r'#where=([^"]+)"', block.data)]


@pytest.fixture(scope="module")
def movements():
    return move_scores(make(), POLICY, AS_OF, "2025-06")


def test_the_sentence_gives_rate_counts_and_change(movements):
    sentence = said(movement.say_movements(movements, [COUNT, TIMELY]))
    assert sentence == (
        "受理5件，环比上升4件（400.0%），同比上升5件；"
        "按期回复率（÷受理）60.0%（3/5），环比下降40.0个百分点，同比无可比工单。"
    )


def test_what_this_period_counts_opens_and_the_period_before_is_plain_text(movements):
    block = movement.movement_table(movements)
    assert {TIMELY: [1]} in conditions(block) and {TIMELY: [0, 1]} in conditions(block)
    assert {"上年同期：" + COUNT: [1]} in conditions(block)
    assert "100.0%（1/1）" in said(block) and "环比下降40.0个百分点" in said(block)
    assert "上期为2025-05-01至2025-05-31（31天，本期30天）" in said(block)
    assert not [where for where in conditions(block) if "report" in where]


def test_a_unit_s_page_tells_its_own_movement_only(movements):
    text = said(movement.movement_table(movements, "甲乡"))
    assert "66.7%（2/3）" in text and "60.0%（3/5）" not in text


def test_no_period_to_compare_with_is_said(movements):
    assert said(movement.movement_table(movements.head(0))) == "没有可比的期间。"


def both_months():
    tickets = clock(make(), POLICY, AS_OF)
    june = tickets["received_at"].ge("2025-06-01")
    return score(tickets[june]), score(tickets[~june])


def parts_of(now, before, metric, against, column="report"):
    return contributions(now, before, metric).assign(metric=metric, against=against, column=column)


def test_the_contributions_add_up_in_print_and_open_this_period_s_tickets():
    block = contributions_table(parts_of(*both_months(), TIMELY, "环比"), TIMELY, "环比")
    printed = [float(row.split("<td>")[-1]) for row in re.findall(r"<tr>(<td>.*?)</td></tr>", block.data)]
    assert round(sum(printed[:-1]), 2) == printed[-1] == -40
    assert {TIMELY: [1], "report": ["甲乡"]} in conditions(block)
    assert "全县按期回复率（÷受理）环比下降40.00个百分点；拉低：" in said(block)


def test_contributions_to_a_count_are_points_of_the_earlier_count():
    block = contributions_table(
        parts_of(*both_months(), COUNT, "环比", "category_top"), COUNT, "环比", "category_top", "类别"
    )
    assert "全县受理件数环比上升400.00%；拉动上升：甲乡300.00个百分点" in said(block)


def test_without_earlier_tickets_the_contributions_say_so():
    now, before = both_months()
    block = contributions_table(parts_of(now, before.head(0), TIMELY, "同比"), TIMELY, "同比")
    assert said(block) == "按期回复率（÷受理）同比无可比工单，各单位的影响未计。"


def test_stages_open_the_tickets_timed_and_those_still_there():
    tickets = clock(make(dispatched_at="2025-06-03 10:00"), POLICY, AS_OF)
    block = stages.stages_table(time_stages(tickets), "甲乡")
    text = said(block)
    assert {"环节：督办": [1]} in conditions(block) and {"环节：督办": [0]} in conditions(block)
    assert "用时最长的环节：督办" in text and "全县中位数" in text
    opened = mark_stages(tickets)["督办"][tickets["unit"].eq("甲乡")]
    assert f"{opened.eq(1).sum()}件{opened.eq(0).sum()}件" in text


def test_no_stage_to_time_is_said():
    assert (
        said(stages.stages_table(time_stages(clock(make(), POLICY, AS_OF)), "没有的单位"))
        == "没有可计环节用时的工单。"
    )


@pytest.fixture(scope="module")
def fair_frames():
    tickets = clock(make(category="供水"), POLICY, AS_OF).assign(category_top="供水")
    ranks = rank_certainty(score(tickets), TIMELY, draws=100, seed=1)
    return ranks, adjust_case_mix(tickets, mark_tickets(tickets), TIMELY)


def test_a_rank_stands_only_with_its_range(fair_frames):
    text = said(fairness.fair_table(*fair_frames))
    assert re.search(r"第\d—\d名（共3个单位）", text)
    assert "位次只给出九成把握的范围" in text and "66.7%（2/3）" in text


def test_the_county_s_page_opens_each_unit_and_a_unit_s_page_only_itself(fair_frames):
    assert {TIMELY: [1], "report": ["乙镇"]} in conditions(fairness.fair_table(*fair_frames))
    own = fairness.fair_table(*fair_frames, report="甲乡")
    assert conditions(own) == [{TIMELY: [1]}, {TIMELY: [1]}, {TIMELY: [0, 1]}]
    assert "乙镇" not in own.data


def test_a_unit_named_last_is_told_how_many_the_last_are():
    counts = {f"{n:02d}": (85 + n, 100) for n in range(8)} | {"差": (150, 400)}
    rows = [(unit, TIMELY, *pair) for unit, pair in counts.items()]
    made = pd.DataFrame(rows, columns=["unit", "metric", "numerator", "denominator"])
    ranks = rank_certainty(made.assign(definition="定义"), TIMELY, draws=100, seed=1)
    text = said(fairness.fair_table(ranks, pd.DataFrame(columns=["unit", "metric"])))
    assert "第9名（共9个单位）居后（后3名）" in text and "（共9个单位）不分先后" in text


@pytest.mark.parametrize("frames", ["fair", "contributions"])
def test_a_unit_s_name_cannot_become_markup(fair_frames, frames):
    parts = parts_of(*both_months(), TIMELY, "环比")
    block = (
        fairness.fair_table(*fair_frames) if frames == "fair" else contributions_table(parts, TIMELY, "环比")
    )
    assert "<b>" not in block.data and "&lt;b&gt;丙" in block.data


def test_nothing_to_compare_is_said(fair_frames):
    assert said(fairness.fair_table(fair_frames[0].head(0), fair_frames[1])) == "没有可比的工单。"


def test_an_empty_scorecard_has_no_movement():
    empty = pd.DataFrame(columns=["against", "unit", "metric"])
    assert said(movement.movement_table(empty)) == "没有可比的期间。"
    assert len(compare_periods(*(score(clock(make().head(0), POLICY, AS_OF)) for _ in range(2)))) == 0


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
    pending = make(replied_at=["2025-06-04"] + [None] * 5, platform_due_at="2025-07-09 17:30")
    found = what_if(clock(pending, POLICY, AS_OF), WHAT_IF)
    block = what_if_table(found, "甲乡")
    assert conditions(block) == [{"ticket_id": ["1"]}]
    assert "甲乡33.33分（<i>）2件（未到期2件，超期0件）100分（A）" in said(block)
    assert "1件，可至66.67分（A）" in said(block) and "<i>" not in block.data
    assert "乙镇" not in block.data and "乙镇" in what_if_table(found).data


def test_without_open_tickets_there_is_nothing_to_answer():
    found = what_if(clock(make(replied_at="2025-06-04"), POLICY, AS_OF), WHAT_IF)
    assert said(what_if_table(found)) == "没有未回复的工单。"
