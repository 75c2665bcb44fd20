"""The blocks about people, places and the year: every figure opens as many tickets as it says, text is escaped."""

import json
import re
from html import unescape
from urllib.parse import unquote

import pandas as pd
import pytest

import toolkit
from toolkit.assessing.targets import next_targets
from toolkit.assessing.year import score_year, stand_by_month
from toolkit.comparing.peers import read_peers
from toolkit.people.roster import read_roster
from toolkit.preparing.prepare import prepare
from toolkit.preparing.report import cut_report
from toolkit.presenting.blocks.counties import peers_table
from toolkit.presenting.blocks.people import load_chart, load_table, roster_table
from toolkit.presenting.blocks.sources import shares_table
from toolkit.presenting.blocks.villages import villages_table
from toolkit.presenting.blocks.year import annual_table
from toolkit.presenting.listing import describe_tickets

AS_OF = "2025-12-31 18:00"
NAMES = ["受理件数", "按期回复率（÷受理）", "满意率（÷评价）"]
FIGURE = re.compile(r'<a class="figure" href="([^"]*)">([^<]*)</a>')


@pytest.fixture(scope="module")
def county():
    """Twenty tickets of two units, one day with eight, two villages, and some answered late."""
    rows = [
        {
            "工单编号": f"2025{n:06d}",
            "承办单位": "甲乡" if n < 14 else "乙<i>局",
            "单位类别": "乡镇" if n < 14 else "县直部门",
            "三级单位": "东村" if n % 3 == 0 and n < 14 else None,
            "经办人": "钱某" if n == 1 else None,
            "派发层级": "市级派发" if n % 4 == 0 else "县本级",
            "协办单位": "乙<i>局" if n == 2 else None,
            "问题分类": "修路/硬化" if n % 2 else "教育/收费",
            "受理时间": f"2025-03-0{3 if n < 8 else 4} {9 + n % 8:02d}:00",
            "转办时间": f"2025-03-0{3 if n < 8 else 4} {9 + n % 8:02d}:30",
            "回复时间": "2025-05-06 10:00" if n % 5 == 0 else "2025-03-05 10:00",
            "回访时间": "2025-05-07 10:00",
            "满意度": "满意" if n % 3 else "不满意",
            "是否解决": "已解决" if n % 3 else "未解决",
        }
        for n in range(20)
    ]
    loaded = toolkit.load(pd.DataFrame(rows), AS_OF, key=b"k" * 32)
    return prepare(loaded, "county_default", AS_OF, "2025")


@pytest.fixture(scope="module")
def roster():
    staff = {"第一责任人": "王某", "分管领导": "", "专职/兼职": "兼职"}
    people = [
        {"单位": "甲乡", **staff, "承办人": "<b>张某、李某", "条线": "修路、教育", "上级单位": ""},
        {"单位": "东村", "承办人": "赵某", "上级单位": "甲乡"},
        {"单位": "丙局", **staff, "承办人": "孙某", "上级单位": ""},
    ]
    return read_roster(pd.DataFrame(people))


def open_figures(block, prepared):
    """Each figure's text with the tickets it opens, as the page's script finds them."""
    table = describe_tickets(prepared)
    found = []
    for address, text in FIGURE.findall(block.data):
        where = json.loads(unquote(unescape(address).split("#where=")[1]))
        chosen = pd.Series(True, table.index)
        for column, wanted in where.items():
            chosen &= table[column].isin(wanted)
        found.append((unescape(text), table.loc[chosen, "ticket_id"].tolist()))
    return found


def assert_figures_open_what_they_say(block, prepared):
    figures = open_figures(block, prepared)
    assert figures
    for text, ids in figures:
        if not text.endswith("%"):
            assert len(ids) == int(text), (text, ids)


BLOCKS = {
    "roster": lambda prepared, roster, report: roster_table(prepared, roster, report),
    "load": lambda prepared, roster, report: load_table(prepared, roster, report),
    "shares": lambda prepared, roster, report: shares_table(prepared, report),
    "places": lambda prepared, roster, report: villages_table(prepared, NAMES, roster, report),
}


@pytest.mark.parametrize("name", BLOCKS)
def test_every_figure_of_the_county_opens_as_many_tickets_as_it_says(county, roster, name):
    assert_figures_open_what_they_say(BLOCKS[name](county, roster, None), county)


@pytest.mark.parametrize("name", BLOCKS)
def test_every_figure_of_a_unit_opens_tickets_of_its_own(county, roster, name):
    own = cut_report(county, "甲乡")
    block = BLOCKS[name](own, roster, "甲乡")
    assert_figures_open_what_they_say(block, own)
    assert "丙局" not in block.data


@pytest.mark.parametrize("name", BLOCKS)
def test_names_from_tickets_and_roster_are_escaped(county, roster, name):
    shown = BLOCKS[name](county, roster, None).data
    assert "乙<i>局" not in shown and "<b>张某" not in shown


def test_the_roster_shows_missing_posts_and_gaps(county, roster):
    shown = roster_table(county, roster).data
    assert "<strong>未明确</strong>" in shown
    assert "甲乡未明确分管领导，涉及工单14件。" in shown
    assert "丙局列入名册，统计范围内无工单。" in shown
    assert "甲乡有工单1件由钱某经办，名册中该单位无此人。" in shown
    assert "乙&lt;i&gt;局有工单6件，名册未列。" in shown


def test_the_load_names_busy_days_and_says_when_units_are_too_few(county, roster):
    shown = load_table(county, roster).data
    assert "8件（3月3日）" in shown and "可比单位仅1个（不足10个），样本太少" in shown
    own = load_table(cut_report(county, "甲乡"), roster, "甲乡").data
    assert "钱某" in own and "&lt;b&gt;张某" in own


def test_each_point_of_the_chart_opens_the_tickets_of_its_unit(county, roster):
    spec = load_chart(county, roster).to_dict()
    (points,) = spec["datasets"].values()
    assert [(p["unit"], p["per_handler"], p["counts"]) for p in points] == [("甲乡", 7.0, "78.6%（11/14）")]
    assert json.loads(points[0]["where"]) == {"unit": ["甲乡"], "scope": ["本期"]}
    assert "没有承办单位名册" in load_chart(county).data


def test_a_units_villages_stand_under_it(county, roster):
    own = cut_report(county, "甲乡")
    figures = open_figures(villages_table(own, NAMES[:1], roster, "甲乡"), own)
    assert [text for text, _ in figures] == ["14", "5"]


def test_without_roster_peers_or_months_the_blocks_say_so(county):
    assert "没有承办单位名册" in roster_table(county).data and "没有承办单位名册" in load_table(county).data
    assert "没有外县公布数字" in peers_table(county, NAMES).data
    assert "没有逐月得分" in annual_table().data


def test_a_unit_the_roster_lacks_is_said_to_be(county, roster):
    own = cut_report(county, "乙<i>局")
    assert "名册未列乙&lt;i&gt;局。" in roster_table(own, roster, "乙<i>局").data


def test_the_years_next_steps_open_the_tickets_they_could_come_from(county):
    now = county.tickets
    years = score_year(stand_by_month(now, "county_default"), "county_default")
    targets = next_targets(county.scorecard, county.about["reports"], "county_default")
    block = annual_table(years, targets)
    assert_figures_open_what_they_say(block, county)
    assert "甲乡" in block.data and "乙<i>局" not in block.data
    own = annual_table(years, targets, "甲乡").data
    assert "下一步，将" in own and "年度得分" in own and "乙" not in own


def test_our_place_among_the_counties_stands_over_the_published_rates(county, tmp_path):
    path = tmp_path / "peers.yml"
    rates = "{甲<县>: 99.0%, 乙县: 10.0%}"
    path.write_text(f"bulletins: [{{metric: 按期回复率, period: 2025, rates: {rates}}}]", encoding="utf-8")
    block = peers_table(county, NAMES, read_peers(str(path)), "青禾县")
    assert_figures_open_what_they_say(block, county)
    assert "列各县（市、区）第二（共3个）" in block.data and "通报未说明" in block.data
    assert block.data.index("甲&lt;县&gt;") < block.data.index("<strong>青禾县") < block.data.index("乙县")


def test_peers_of_another_period_give_no_rank(county, tmp_path):
    path = tmp_path / "peers.yml"
    path.write_text("bulletins: [{metric: 满意率, period: 2024, rates: {乙县: 10.0%}}]", encoding="utf-8")
    assert "没有2025年外县同一指标的公布数字" in peers_table(county, NAMES, read_peers(str(path))).data
