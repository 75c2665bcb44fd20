"""The blocks about points: figures that open their tickets, groups apart, text escaped, others as numbers only."""

import re
from dataclasses import replace
from html import unescape

import pandas as pd
from cases.reports import NOTHING, conditions, read_html, with_frames
from cases.schemes import (
    RECEIVED,
    SATISFIED,
    TIMELY,
    make_item,
    make_rate,
    make_scheme,
    make_scorecard,
    score_units,
)

from toolkit import prepare
from toolkit.assessing.scheme import read_scheme
from toolkit.assessing.standings import stand
from toolkit.presenting.blocks.scores import scheme_terms, score_table, standings_table

UNITS = {
    "甲乡": {RECEIVED: 30, TIMELY: (6, 7), SATISFIED: (1, 2)},
    "乙镇": {RECEIVED: 20, TIMELY: (7, 7), SATISFIED: (0, 0)},
    "丙局": {RECEIVED: 9, TIMELY: (5, 5), SATISFIED: (2, 2)},
    "丁<b>局": {RECEIVED: 12, TIMELY: (4, 5), SATISFIED: (2, 2)},
}
GROUPS = {"甲乡": "乡镇", "乙镇": "乡镇", "丙局": "县直部门", "丁<b>局": "县直部门"}
GRADES = {
    "kind": "grades",
    "why": "只分档",
    "grades": [{"grade": "A", "at_least": 40}, {"grade": "B", "at_least": 0}],
}
SCHEME = make_scheme(
    make_item(missed="超时办结"),
    make_rate("满意", SATISFIED, 25),
    groups=["乡镇", "县直部门"],
    min_tickets=10,
    presentation=GRADES,
)


EMPTY = prepare(NOTHING, {"as_of": "2025-12-31", "period": "2025"})
NOW, KEPT = {"against": ["本期"]}, {"is_excluded": [False]}


def block_of(block, scheme=SCHEME, unit=None, frames=None):
    items = score_units(scheme, UNITS, GROUPS)
    standings = stand(items, scheme, make_scorecard(UNITS))
    report = with_frames(EMPTY, **(frames or {"items": items, "standings": standings}))
    about = report.about | {"scheme": read_scheme(scheme).model_dump(mode="json")}
    return block(replace(report, name=unit, about=about))


def show(block, scheme=SCHEME, unit=None):
    return read_html(block_of(block, scheme, unit))


def rows_of(html):
    """The table's rows as lists of plain cells."""
    rows = re.findall(r"<tr>(.*?)</tr>", html)
    cells = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row) for row in rows]
    return [[unescape(re.sub(r"<[^>]+>", "", cell)) for cell in row] for row in cells]


def test_units_stand_group_by_group_by_name_with_points_and_grade():
    html = show(standings_table)
    assert re.findall(r"<h3>(.*?)</h3>", html.split("<details>")[0]) == ["乡镇", "县直部门"]
    assert rows_of(html)[:3] == [
        ["单位", "工单", "按时办结", "满意", "得分", "等次", "说明"],
        ["乙镇", "20", "50", "—", "50／50", "A", ""],
        ["甲乡", "30", "10.71", "12.5", "23.21／50", "B", ""],
    ]


def test_who_has_too_few_tickets_stands_below_with_the_reason():
    assert rows_of(show(standings_table))[-1] == [
        "丙局",
        "9",
        "25",
        "25",
        "50／50",
        "—",
        "件数不足；9件，不足10件",
    ]


def test_a_units_count_opens_its_tickets_and_its_name_its_report():
    html = show(standings_table)
    assert {"report": ["甲乡"], RECEIVED: [1]} | NOW in conditions(block_of(standings_table))
    assert '<a class="report" data-report="甲乡">甲乡</a>' in html


def test_names_are_escaped():
    for html in (show(standings_table), show(score_table, unit="丁<b>局")):
        assert "<b>" not in html


def test_units_stand_by_rank_only_where_the_scheme_ranks():
    ranked = SCHEME | {"presentation": {"kind": "ranks", "why": "测试"}, "groups_apart": False}
    assert [row[5] for row in rows_of(show(standings_table, ranked))[1:3]] == ["第1名", "第3名"]
    plain = SCHEME | {"presentation": {"kind": "none", "why": "测试"}}
    html = show(standings_table, plain)
    assert "名次" not in html.split("<details>")[0] and "等次" not in rows_of(html)[0]


def test_the_scheme_its_source_and_why_it_is_shown_so_stand_below():
    assert "计分办法：试行。来源：测试。只分档。" in show(standings_table)


def test_a_partial_scheme_says_so_on_the_page():
    assert "不完整：只有两项。" in show(standings_table, SCHEME | {"partial": "只有两项"})


def test_a_units_points_stand_with_arithmetic_and_open_the_tickets_that_cost_them():
    html = show(score_table, unit="甲乡")
    row = rows_of(html)[1]
    assert row[:6] == ["按时办结", "25", "10.71", "14.29", "85.7%（6/7）", "1"]
    assert row[6].startswith(
        "7件工单中1件超时办结，按时办结率（÷应办结）85.71%（6/7），比目标100%低14.29个百分点"
    )
    assert row[7:] == ["30.36（2个单位）", "口径"]
    opened = [where[TIMELY] for where in conditions(block_of(score_table, unit="甲乡"))[:4]]
    assert opened == [[1], [1], [0, 1], [0]]


def test_where_groups_are_not_apart_the_average_is_of_all_assessed_units():
    assert rows_of(show(score_table, SCHEME | {"groups_apart": False}, "甲乡"))[1][7].endswith("（3个单位）")


def test_a_units_page_says_how_it_stands():
    assert "乡镇，得分23.21分（满分50分），等次为B。" in show(score_table, unit="甲乡")
    assert "件数不足：9件，不足10件" in show(score_table, unit="丙局")
    assert "没有计分" in show(score_table, unit="戊局")


def test_a_unit_not_assessed_is_told_why():
    scheme = SCHEME | {"not_assessed": [{"unit": "甲乡", "reason": "新组建"}]}
    assert "不参评：新组建。" in show(score_table, scheme, unit="甲乡")


def test_where_a_low_rate_is_good_the_numerator_opens_as_what_cost_points():
    scheme = make_scheme(make_rate("满意", SATISFIED, 25, better="lower"))
    assert conditions(block_of(score_table, scheme, "甲乡"))[-1] == {SATISFIED: [1]} | NOW | KEPT


def test_the_tickets_of_others_behind_a_share_do_not_open():
    scheme = make_scheme(make_rate("受理量", RECEIVED, 5, scoring="share_in_group"), make_item())
    html = show(score_table, scheme, unit="甲乡")
    assert rows_of(html)[1][4:6] == ["60%", "—"]
    assert not [where for where in conditions(block_of(score_table, scheme, "甲乡")) if RECEIVED in where]


def test_the_blocks_are_the_same_after_parquet(tmp_path):
    items = score_units(SCHEME, UNITS, GROUPS)
    standings = stand(items, SCHEME, make_scorecard(UNITS))
    for name, frame in (("items", items), ("standings", standings)):
        frame.to_parquet(tmp_path / f"{name}.parquet", index=False)
    items, standings = (pd.read_parquet(tmp_path / f"{name}.parquet") for name in ("items", "standings"))
    frames = {"items": items, "standings": standings}
    assert block_of(standings_table, frames=frames).data == show(standings_table)
    assert block_of(score_table, unit="乙镇", frames=frames).data == show(score_table, unit="乙镇")


def test_the_whole_scheme_can_be_read_on_the_page_with_its_text_escaped():
    html = show(standings_table, SCHEME | {"name": "试行<i>办法"})
    folded = html[html.index("<details>") :]
    assert folded.startswith(
        "<details><summary>计分办法全文：试行&lt;i&gt;办法</summary><h3>一、考核对象和分组</h3>"
    )
    assert show(scheme_terms) in show(standings_table)
    assert "<h4>（一）按时办结（25分）</h4><p>1．指标：" in html
