"""The blocks about people, villages and the year: every figure opens as many tickets as it says, text is escaped."""

import pandas as pd
import pytest
from cases.reports import assert_figures_open_what_they_say, open_figures, read_html, with_frames

import toolkit
from toolkit import schema
from toolkit.checking.opening import list_marks, open_condition, read_mark
from toolkit.comparing.peers import read_peers
from toolkit.people.roster import read_roster
from toolkit.people.roster_gaps import check_roster
from toolkit.people.workload import load_per_handler, load_per_unit
from toolkit.preparing.prepare import prepare
from toolkit.preparing.redact import redact
from toolkit.preparing.redaction import read_profile
from toolkit.preparing.report import cut_report
from toolkit.presenting import blocks as b
from toolkit.presenting.blocks.charts import load_chart
from toolkit.presenting.blocks.people import handlers_table, load_table, own_roster, roster_table
from toolkit.presenting.blocks.villages import villages_table

AS_OF = "2025-12-31 18:00"


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
    return prepare(loaded, {"as_of": AS_OF, "period": "2025"})


@pytest.fixture(scope="module")
def roster():
    staff = {"第一责任人": "王某", "分管领导": "", "专职/兼职": "兼职"}
    people = [
        {"单位": "甲乡", **staff, "承办人": "<b>张某、李某", "条线": "修路、教育", "上级单位": ""},
        {"单位": "东村", "承办人": "赵某", "上级单位": "甲乡"},
        {"单位": "丙局", **staff, "承办人": "孙某", "上级单位": ""},
    ]
    return read_roster(pd.DataFrame(people))


@pytest.fixture(scope="module")
def staffed(county, roster):
    return with_frames(county, roster=roster)


BUSY_FROM = 8


def show_roster(report):
    return roster_table(report, check_roster(own_roster(report), report.now))


def show_load(report):
    listed = own_roster(report)
    if report.name:
        return handlers_table(load_per_handler(listed, report.now, BUSY_FROM))
    return load_table(report, load_per_unit(listed, report.now, BUSY_FROM))


BLOCKS = [show_roster, show_load, b.shares_table, villages_table]


@pytest.mark.parametrize("block", BLOCKS)
def test_every_figure_of_the_county_opens_as_many_tickets_as_it_says(staffed, block):
    assert_figures_open_what_they_say(block(staffed), staffed)


@pytest.mark.parametrize("block", BLOCKS)
def test_every_figure_of_a_unit_opens_tickets_of_its_own(staffed, block):
    own = cut_report(staffed, "甲乡")
    assert_figures_open_what_they_say(block(own), own)
    assert "丙局" not in read_html(block(own))


@pytest.mark.parametrize("block", BLOCKS)
def test_names_from_tickets_and_roster_are_escaped(staffed, block):
    shown = read_html(block(staffed))
    assert "乙<i>局" not in shown and "<b>张某" not in shown


def test_the_roster_shows_missing_posts_and_gaps(staffed):
    shown = show_roster(staffed)
    assert "<strong>未明确</strong>" in shown
    assert "甲乡未明确分管领导，涉及工单14件。" in shown
    assert "丙局列入名册，统计范围内无工单。" in shown
    assert "甲乡有工单1件由钱某经办，名册中该单位无此人。" in shown
    assert "乙&lt;i&gt;局有工单6件，名册未列。" in shown


def test_a_version_without_names_shows_the_load_of_units_and_says_nothing_of_gaps(staffed):
    public = redact(staffed, read_profile("public"))
    county, unit = (read_html(b.people_section(report)) for report in (public, cut_report(public, "甲乡")))
    for shown in (county, unit):
        assert "本版不列姓名，名册核对结果也不列" in shown
        assert not any(
            word in shown for word in ("未明确", "无此人", "名册未列。", "岗位齐全", "张某", "王某", "钱某")
        )
    loads = [load_per_unit(own_roster(report), report.now, BUSY_FROM) for report in (staffed, public)]
    pd.testing.assert_frame_equal(*(load[["unit", "handlers", "per_handler"]] for load in loads))


def test_the_load_names_busy_days_and_says_when_units_are_too_few(staffed):
    shown = show_load(staffed)
    assert "8件（3月3日）" in shown and "可比单位仅1个（不足10个），样本太少" in shown
    assert "繁忙日指一日受理8件以上。" in shown
    own = show_load(cut_report(staffed, "甲乡"))
    assert "钱某" in own and "&lt;b&gt;张某" in own


def test_each_point_of_the_chart_opens_the_tickets_of_its_unit(staffed, county):
    (point,) = list_marks(load_chart(staffed, load_per_unit(own_roster(staffed), staffed.now, BUSY_FROM)))
    assert point["told"] == "甲乡：人均7件，按期回复率（÷受理）78.6%（11/14）"
    assert read_mark(point) == {"unit": ["甲乡"], "scope": ["本期"]}
    assert len(open_condition(staffed, read_mark(point))) == 14
    assert len(b.people_section(staffed).charts) == 1 and not b.people_section(county).charts


def test_a_units_villages_stand_under_it(staffed):
    own = cut_report(staffed, "甲乡")
    opened = [(what, len(ids)) for what, _, ids in open_figures(villages_table(own), own)]
    assert ("甲乡　按期回复率（÷受理）：分母", 14) in opened and (
        "东村　按期回复率（÷受理）：分母",
        5,
    ) in opened


def test_a_village_whose_only_tickets_are_left_out_of_every_rate_still_stands_there(staffed):
    own = cut_report(staffed, "甲乡")
    first = own.tickets["ticket_id"].eq("2025000001")
    told = own.tickets.assign(
        sub_unit=own.tickets["sub_unit"].mask(first, "西村"),
        exclusion=own.tickets["exclusion"].mask(first, schema.EXCLUDED),
    )
    assert "<td>西村</td>" in villages_table(with_frames(own, tickets=told))


def test_without_roster_peers_or_months_the_blocks_say_so(county):
    assert "没有承办单位名册" in b.people_section(county).answer
    assert "没有外县公布数字" in b.peers_table(county).data
    assert "没有逐月得分" in b.next_steps(county).data


def test_a_unit_the_roster_lacks_is_said_to_be(staffed):
    assert "名册未列乙&lt;i&gt;局。" in show_roster(cut_report(staffed, "乙<i>局"))


def test_the_years_next_steps_open_the_tickets_they_could_come_from(county):
    block = b.next_steps(county)
    assert_figures_open_what_they_say(block, county)
    assert "甲乡" in block.data and "乙<i>局" not in block.data
    own = b.next_steps(cut_report(county, "甲乡")).data
    assert "下一步，将" in own and "乙" not in own


PEERS = "bulletins: [{metric: %s, period: %s, rates: %s}]"


def beside(county, tmp_path, metric, period, rates):
    path = tmp_path / "peers.yml"
    path.write_text(PEERS % (metric, period, rates), encoding="utf-8")
    return with_frames(county, peers=read_peers(str(path)))


def test_our_place_among_the_counties_stands_over_the_published_rates(county, tmp_path):
    shown = beside(county, tmp_path, "按期回复率", 2025, "{甲<县>: 99.0%, 乙县: 10.0%}")
    block = b.peers_table(shown)
    assert_figures_open_what_they_say(block, county)
    assert "列各县（市、区）第二（共3个）" in block.data and "通报未说明" in block.data
    assert block.data.index("甲&lt;县&gt;") < block.data.index("<strong>本县") < block.data.index("乙县")


def test_peers_of_another_period_give_no_rank(county, tmp_path):
    shown = beside(county, tmp_path, "满意率", 2024, "{乙县: 10.0%}")
    assert "没有2025年外县同一指标的公布数字" in b.peers_table(shown).data
