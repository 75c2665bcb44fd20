"""What a leader sees first: four figures, three troubles, the funnel, the map, the matter that recurs."""

import re

import pandas as pd
import pytest
from cases.reports import conditions, open_figures, open_marks, report_of, say, with_frames
from cases.schemes import make_item, make_scheme

from toolkit import schema
from toolkit.checking.opening import list_marks
from toolkit.presenting import blocks as b
from toolkit.presenting.blocks.rates import FAR_WORSE
from toolkit.presenting.leading import find_lead, find_target

AS_OF = "2025-06-30 18:00"
POLICY = {"name": "试行", "source": "测试"}
TIMELY, DISPATCHED = "按期回复率（÷受理）", "按期回复率（÷转办）"
COUNTS = {
    "甲乡": (30, 3),
    "乙镇": (30, 30),
    "丙<b>镇": (30, 30),
    "丁镇": (30, 30),
}  # tickets, answered in time


def make(**columns):
    rows = [
        {"unit": unit, "replied_at": "2025-05-07 09:00" if n < kept else None, "n": n}
        for unit, (count, kept) in COUNTS.items()
        for n in range(count)
    ]
    made = pd.DataFrame(rows)
    months = made.pop("n").mod(3).map({0: "2025-04-06", 1: "2025-05-06", 2: "2025-05-05"})
    received = months + " 09:00"
    tickets = {
        "ticket_id": [f"t{n}" for n in range(len(made))],
        "unit_group": "乡镇",
        "received_at": received,
    }
    tickets |= {
        "platform_due_at": "2025-05-20 17:30",
        "category": "供水/停水",
        "township": "甲乡",
        "address": "东村",
    }
    return schema.make_tickets(made.to_dict("list") | tickets | columns)


def report(name=None, **run):
    return report_of(make(), AS_OF, "2025", name, policy=POLICY, **run)


@pytest.fixture(scope="module")
def county():
    return report()


def tile_names(block):
    return re.findall(r'<div class="tile"><h3>([^<]*)', block.data)


def test_the_tiles_are_the_first_four_families_that_are_known(county):
    assert tile_names(b.tiles(county)) == [TIMELY, "受理件数"]
    rated = report_of(
        make(
            satisfaction="满意",
            resolved="已解决",
            signed_at="2025-05-06 10:00",
            dispatched_at="2025-05-06 09:30",
        ),
        AS_OF,
        "2025",
        policy=POLICY,
    )
    names = tile_names(b.tiles(rated))
    assert len(names) == 4 and names[0].startswith("按期回复率") and names[1] == "受理件数"
    assert names[2].startswith("满意率") and names[3].startswith("解决率")


def test_the_months_of_a_tile_open_the_tickets_of_their_month(county):
    marks = [told for told, ids in open_marks(b.tiles(county), county) if told.startswith("2025-04")]
    assert "2025-04受理40件" in marks and any(told.endswith("/40）") for told in marks)


def test_a_month_without_a_ticket_stands_as_zero_between_its_neighbours():
    received = ["2025-03-05 09:00", "2025-03-06 09:00", "2025-05-06 09:00"] * 40
    tickets = make(received_at=received, unit=["甲乡"] * 119 + ["乙镇"])
    tickets.loc[tickets["unit"].eq("乙镇"), "received_at"] = pd.Timestamp("2025-04-07 09:00")
    own = report_of(tickets, AS_OF, "2025", "甲乡", policy=POLICY)
    said = b.tiles(own).data
    assert "2025-03受理80件；2025-04受理0件；2025-05受理39件" in said
    assert "2025-04受理0件" not in [told for told, ids in open_marks(b.tiles(own), own)]


def test_a_run_of_one_month_shows_the_months_before_and_opens_them():
    own = report_of(make(), AS_OF, "2025-05", "甲乡", policy=POLICY)
    marks = dict(open_marks(b.tiles(own), own))
    assert len(marks["2025-04受理10件"]) == 10 and len(marks["2025-05受理20件"]) == 20
    assert "工单不在本次运行" not in b.tiles(own).data


def test_a_run_by_month_says_why_other_months_open_nothing_and_where_they_do():
    received = ["2025-02-06 09:00", "2025-03-06 09:00", "2025-05-06 09:00"] * 40
    own = report_of(make(received_at=received), AS_OF, "2025-05", policy=POLICY, by="month")
    assert "2025-02至2025-03的工单不在本次运行，件数仅供对照；以该月为期间的运行可点开。" in b.tiles(own).data
    opened = [told for told, ids in open_marks(b.tiles(own), own)]
    assert not [told for told in opened if told < "2025-04"]


def test_the_grey_dots_are_counted_in_words_and_leave_the_unit_itself_out():
    assert "灰点为4个单位，" in b.tiles(report()).answer
    assert "灰点为同组其他3个单位，" in b.tiles(report("甲乡")).answer
    assert "灰点为其他1个月，" in b.tiles(report("2025年05月", by="month")).answer


def test_a_month_is_compared_with_no_earlier_period_and_has_no_group():
    tickets = make(received_at=["2024-05-02 09:00", "2025-05-06 09:00", "2025-05-07 09:00"] * 40)
    whole, own = (
        report_of(tickets, AS_OF, "2025-05", name, policy=POLICY, by="month") for name in (None, "2025年05月")
    )
    said = say(b.metrics_table(own))
    assert "各月的报告不与往期相比" in said and "全县" in said and "本组" not in said
    assert "同比上升40件" in say(b.summary(whole)) and "同比" not in say(b.summary(own))
    assert b.next_steps(own).answer == "按月出的报告不计分，没有目标可比"


def test_where_no_trouble_stands_clearly_above_the_county_it_is_said(county):
    assert b.troubles(report("甲乡")).answer.startswith("按轻重和超出全县的程度排列")
    assert b.troubles(report("乙镇")).answer.startswith("没有")


def test_a_change_is_red_only_where_a_rate_falls(county):
    row = {"unit": schema.COUNTY, "against": "同比", "change": -5.0, "word": "下降", "unit_word": "个百分点"}
    moves = county.compared.movements
    for change, metric, is_red in ((-5.0, TIMELY, True), (5.0, TIMELY, False), (-5.0, "受理件数", False)):
        before = {"numerator_before": 1, "denominator_before": 2, "rate_before": 0.5}
        made = pd.DataFrame([row | before | {"metric": metric, "change": change}])
        shown = b.tiles(
            with_frames(
                county,
                movements=made.reindex(columns=[*moves, *made]).loc[:, lambda t: ~t.columns.duplicated()],
            )
        )
        words = re.findall(r'<p class="words">(.*?上年同期)', shown.data)
        assert words and ('class="bad"' in words[0]) == is_red, (metric, change)


SCHEME = make_scheme(make_item("按期", DISPATCHED, target=90), groups=["乡镇"])


def test_the_variant_that_the_scheme_scores_leads():
    tickets = make(dispatched_at="2025-05-06 09:30")
    assert (
        find_lead(report_of(tickets, AS_OF, "2025", policy=POLICY, scheme=SCHEME), "按期回复率") == DISPATCHED
    )


def test_without_a_scored_variant_the_first_known_leads_and_an_unknown_family_has_none(county):
    assert find_lead(county, "按期回复率") == TIMELY
    assert find_lead(county, "满意率") is None


def test_the_target_is_the_scheme_s_as_a_share_and_none_where_it_sets_none():
    own = report("甲乡", scheme=SCHEME)
    assert find_target(own, DISPATCHED) == (0.9, "higher")
    assert find_target(own, "满意率（÷评价）") == (None, "higher")


def test_the_funnel_names_the_unit_beyond_its_limits_and_links_its_report(county):
    block = b.rates_chart(county)
    assert "差于界限：甲乡10.0%（3/30）。" in say(block)
    marks = list_marks(block.charts[0])
    assert {row["unit"]: row["place"] for row in marks}["甲乡"] == FAR_WORSE
    assert all(row["href"].startswith("#report=") for row in marks) and len(marks) == 4
    assert "丙<b>镇" not in block.data


def test_a_cell_of_the_map_opens_the_unit_s_tickets_of_the_group_of_findings(county):
    block = b.findings_map(county)
    figures = [(what, int(text), len(ids)) for what, text, ids in open_figures(block, county)]
    assert figures and all(count == opened for _, count, opened in figures)
    assert all({"report", "rules"} == set(where) for where in conditions(block))
    assert 'class="h10"' in block.data  # half of a unit's tickets or more


def test_the_gravest_trouble_opens_its_tickets_and_one_as_evidence():
    own = report("甲乡")
    block = b.troubles(own)
    first, evidence = conditions(block)[:2]
    assert list(first) == ["rules"] and list(evidence) == ["ticket_id"]
    assert len(re.findall('<div class="trouble', block.data)) <= 3
    for _, text, ids in open_figures(block, own):
        assert len(ids) == (int(text) if text.isdigit() else 1)


def test_the_matter_that_recurs_after_closing_opens_its_tickets():
    received = [f"2025-0{n % 3 + 3}-06 09:00" for n in range(120)]
    closed = [time.replace("09:00", "17:00") for time in received]
    again = report_of(make(received_at=received, closed_at=closed), AS_OF, "2025", policy=POLICY)
    block = b.recurring_matters(again)
    assert "供水/停水" in block.data
    for _, text, ids in open_figures(block, again):
        assert len(ids) == int(text) > 0


def test_where_nothing_is_found_each_says_so_in_one_line(county):
    empty = {name: getattr(county.compared, name).head(0) for name in ("troubles", "funnel", "recurring")}
    bare = with_frames(county, findings=county.findings.head(0), **empty)
    for name in ("troubles", "rates_chart", "recurring_matters", "findings_map"):
        block = getattr(b, name)(bare)
        assert block.kind == "fold" and not block.parts and block.answer.startswith("没有"), name
