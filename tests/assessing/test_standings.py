"""Standings: who is assessed and who is not, grades, boards, shared ranks; and every point explained with its tickets."""

from decimal import Decimal

import pandas as pd
import pytest
from cases.schemes import (
    RECEIVED,
    REPLIED,
    SATISFIED,
    SOLVED,
    TIMELY,
    make_item,
    make_rate,
    make_scheme,
    make_scorecard,
    score_units,
    stand_units,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit import clock, explain_score, schema
from toolkit.assessing.standings import STANDINGS, stand
from toolkit.errors import ParameterError

AS_OF = "2025-06-30"


def with_points(points, tickets=50):
    """Units whose 按时办结率 is the points wanted, of 100."""
    return {unit: {RECEIVED: tickets, TIMELY: (own, 100)} for unit, own in points.items()}


def make_ranked(**more):
    return make_scheme(make_rate("按时办结", TIMELY, 100), **more)


RANKS = {"kind": "ranks", "why": "测试"}
FIVE = {"甲": 90, "乙": 90, "丙": 80, "丁": 70, "戊": 70}

# --- ranks and ties --------------------------------------------------------------------------------


def test_equal_points_share_the_rank_and_the_next_one_is_left_out():
    standings = stand_units(make_ranked(presentation=RANKS), with_points(FIVE))
    assert standings["rank"].to_dict() == {"甲": 1, "乙": 1, "丙": 3, "丁": 4, "戊": 4}
    assert standings["grade"].isna().all()


def test_groups_are_ranked_apart_unless_the_scheme_puts_them_together():
    groups = {"甲": "乡镇", "丙": "乡镇", "乙": "县直部门", "丁": "县直部门", "戊": "县直部门"}
    apart = stand_units(make_ranked(presentation=RANKS), with_points(FIVE), groups)
    assert apart["rank"].to_dict() == {"甲": 1, "丙": 2, "乙": 1, "丁": 2, "戊": 2}
    together = stand_units(make_ranked(presentation=RANKS, groups_apart=False), with_points(FIVE), groups)
    assert together["rank"].to_dict() == {"甲": 1, "乙": 1, "丙": 3, "丁": 4, "戊": 4}


def test_groups_stand_in_the_order_of_the_scheme_and_units_by_name():
    groups = {"甲": "企业", "丙": "乡镇", "乙": "乡镇"}
    standings = stand_units(
        make_ranked(groups=["乡镇", "企业"]), with_points({"甲": 1, "丙": 2, "乙": 3}), groups
    )
    assert standings.index.tolist() == [*sorted(["乙", "丙"]), "甲"]


def test_no_ranking_at_all_leaves_points_alone():
    standings = stand_units(make_ranked(), with_points(FIVE))
    assert standings["rank"].isna().all() and standings["grade"].isna().all()
    assert standings.loc["丙", "points"] == 80


def test_only_the_first_are_named_and_ties_with_them():
    presentation = {"kind": "top", "top": 1, "why": "测试"}
    standings = stand_units(make_ranked(presentation=presentation), with_points(FIVE))
    assert standings["rank"].dropna().to_dict() == {"甲": 1, "乙": 1}


# 榆林: red board of the first five, black board of the last five, equal points in no order. Weights invented.
YULIN = make_scheme(
    make_rate("满意度", SATISFIED, 50),
    make_rate("按时办结", TIMELY, 50),
    presentation={"kind": "board", "top": 5, "bottom": 5, "bottom_name": "黑榜", "why": "测试"},
)


def test_the_boards_of_yulin_hold_the_first_and_last_five_and_no_rank():
    points = {f"{n:02}": 100 - n for n in range(12)}
    units = {u: {RECEIVED: 50, TIMELY: (p, 100), SATISFIED: (p, 100)} for u, p in points.items()}
    standings = stand_units(YULIN, units)
    assert standings.index[standings["grade"].eq("红榜")].tolist() == ["00", "01", "02", "03", "04"]
    assert standings.index[standings["grade"].eq("黑榜")].tolist() == ["07", "08", "09", "10", "11"]
    assert standings["rank"].isna().all()


def test_who_ties_with_the_fifth_is_on_the_board_too_and_nobody_is_on_both():
    units = {f"{n}": {RECEIVED: 50, TIMELY: (80, 100), SATISFIED: (80, 100)} for n in range(7)}
    assert stand_units(YULIN, units)["grade"].tolist() == ["红榜"] * 7


# 临沂: first three and last three, rates below 70 % named. Weights invented.
LINYI = make_scheme(
    make_rate("响应", REPLIED, 40, named_beyond=70),
    make_rate("解决", SOLVED, 30, named_beyond=70),
    make_rate("满意", SATISFIED, 30, named_beyond=70),
    presentation={"kind": "board", "top": 3, "bottom": 3, "why": "测试"},
)


def test_linyi_names_the_rates_below_seventy_percent_with_the_figure():
    full = {RECEIVED: 50, REPLIED: (90, 100), SOLVED: (70, 100), SATISFIED: (2, 3)}
    named = stand_units(LINYI, {"甲": full, "乙": full | {SATISFIED: (7, 10), REPLIED: (0, 0)}})["named"]
    assert named["甲"] == "满意率（÷评价）66.67%，低于70%"
    assert named["乙"] == ""


def test_a_high_rate_that_is_bad_is_named_above_its_limit():
    scheme = make_scheme(make_rate("不满意", SATISFIED, 30, better="lower", named_beyond=30))
    named = stand_units(
        scheme, {u: {RECEIVED: 9, SATISFIED: (n, 10)} for u, n in {"甲": 3, "乙": 4}.items()}
    )["named"]
    assert named.to_dict() == {"甲": "", "乙": "满意率（÷评价）40%，高于30%"}


# --- grades ----------------------------------------------------------------------------------------

# 蚌埠 2011: 90 and more 优秀, 80–89 良好, 60–79 合格, below 60 不合格.
BENGBU = {
    "kind": "grades",
    "why": "测试",
    "grades": [
        {"grade": "优秀", "at_least": 90},
        {"grade": "良好", "at_least": 80},
        {"grade": "合格", "at_least": 60},
        {"grade": "不合格", "at_least": 0},
    ],
}


def test_a_grade_by_points_is_reached_exactly_on_its_limit():
    points = {"甲": 100, "乙": 90, "丙": 89, "丁": 80, "戊": 60, "己": 59, "庚": 0}
    standings = stand_units(make_ranked(presentation=BENGBU), with_points(points))
    assert standings["grade"].to_dict() == {
        "甲": "优秀", "乙": "优秀", "丙": "良好", "丁": "良好", "戊": "合格", "己": "不合格", "庚": "不合格",
    }  # fmt: skip
    assert standings["rank"].isna().all()


def test_a_unit_with_an_item_not_scored_is_graded_by_what_it_made_of_the_others():
    scheme = make_scheme(
        make_rate("按时办结", TIMELY, 50), make_rate("满意", SATISFIED, 50),
        no_tickets="not_scored", presentation=BENGBU,
    )  # fmt: skip
    row = stand_units(scheme, {"甲": {RECEIVED: 20, TIMELY: (18, 20), SATISFIED: (0, 0)}}).loc["甲"]
    assert (row["points"], row["full"], row["grade"]) == (45, 50, "优秀")


# 湘阴: A/B/C/D, townships apart, departments of the county from 10 (2023-01) or 20 (2024-08) tickets on.
# The shares of the grades are invented.
def make_xiangyin(least):
    letters = [("A", 30), ("B", 70), ("C", 90), ("D", 100)]
    grades = [{"grade": letter, "best_percent": share} for letter, share in letters]
    return make_ranked(
        groups=["乡镇", "县直部门"],
        min_tickets_by_group={"县直部门": least},
        presentation={"kind": "grades", "why": "测试", "grades": grades},
    )


def test_grades_by_share_count_within_the_group():
    points = {f"{n}": 100 - n for n in range(10)}
    standings = stand_units(make_xiangyin(10), with_points(points))
    assert "".join(standings["grade"]) == "AAABBBBCCD"


def test_who_ties_has_the_same_grade():
    assert (
        stand_units(make_xiangyin(10), with_points(dict.fromkeys("甲乙丙丁戊", 80)))["grade"].tolist()
        == ["A"] * 5
    )


@pytest.mark.parametrize(
    ("least", "tickets", "state"), [(10, 9, "件数不足"), (10, 10, "参评"), (20, 10, "件数不足")]
)
def test_departments_with_few_tickets_are_not_graded_townships_are(least, tickets, state):
    units = with_points({"甲局": 90}, tickets) | with_points({"乙乡": 80}, 3)
    standings = stand_units(make_xiangyin(least), units, {"甲局": "县直部门", "乙乡": "乡镇"})
    assert standings.loc["甲局", "state"] == state
    assert pd.isna(standings.loc["甲局", "grade"]) == (state == "件数不足")
    assert standings.loc["甲局", "points"] == 90
    assert standings.loc["乙乡", ["state", "grade"]].tolist() == ["参评", "B"]  # 30 % of one unit is none


# --- not assessed ----------------------------------------------------------------------------------


def test_who_is_not_assessed_is_said_with_the_reason_and_takes_no_place():
    scheme = make_ranked(
        presentation=RANKS, min_tickets=10, not_assessed=[{"unit": "甲", "reason": "新组建，未满半年"}]
    )
    units = with_points({"甲": 99, "乙": 80, schema.NO_UNIT: 100}) | with_points({"丙": 95}, 9)
    units |= {"丁": {RECEIVED: 12, TIMELY: (0, 0)}}
    standings = stand_units(scheme, units, dict.fromkeys([*units, "戊"], "乡镇"))
    assert standings[["state", "reason"]].T.to_dict("list") == {
        "甲": ["不参评", "新组建，未满半年"],
        "乙": ["参评", ""],
        schema.NO_UNIT: ["不参评", "工单未填承办单位"],
        "丙": ["件数不足", "9件，不足10件"],
        "丁": ["不参评", "各项均无相应工单"],
        "戊": ["不参评", "本期无工单"],
    }
    assert standings["rank"].dropna().to_dict() == {"乙": 1}
    assert [standings.loc[unit, "points"] for unit in ("甲", "丁", "戊")] == [None, None, None]


def test_full_points_for_items_without_tickets_are_not_given_to_a_unit_without_any():
    scheme = make_ranked(no_tickets="full")
    assert stand_units(scheme, {"丁": {RECEIVED: 12, TIMELY: (0, 0)}}).loc["丁", "state"] == "不参评"


def test_no_unit_gives_an_empty_table_with_its_columns():
    items = score_units(make_ranked(), {})
    standings = stand(items, make_ranked(), make_scorecard({}))
    assert (len(standings), standings.columns.tolist()) == (0, STANDINGS)


# --- properties ------------------------------------------------------------------------------------

quick = settings(deadline=None, max_examples=40)
UNITS = st.dictionaries(st.sampled_from("甲乙丙丁戊己庚辛"), st.integers(0, 12), min_size=1)
SHOWN = st.sampled_from(
    [
        RANKS,
        BENGBU,
        YULIN["presentation"],
        make_xiangyin(10)["presentation"],
        {"kind": "top", "top": 2, "why": "x"},
    ]
)


@quick
@given(UNITS, SHOWN)
def test_equal_points_have_equal_places_and_more_points_never_a_worse_rank(points, presentation):
    units = {unit: {RECEIVED: 30, TIMELY: (own, 12)} for unit, own in points.items()}
    standings = stand_units(make_ranked(presentation=presentation), units)
    for _, tied in standings.groupby(standings["points"].astype("str")):
        assert tied["rank"].nunique(dropna=False) == tied["grade"].nunique(dropna=False) == 1
    ranked = standings[standings["rank"].notna()]
    expected = [1 + (standings["points"] > own).sum() for own in ranked["points"]]
    assert ranked["rank"].tolist() == expected


@quick
@given(UNITS, SHOWN, st.randoms(use_true_random=False))
def test_the_order_of_the_units_changes_no_standing(points, presentation, random):
    units = {unit: {RECEIVED: own * 3, TIMELY: (own, 12)} for unit, own in points.items()}
    scheme = make_ranked(presentation=presentation, min_tickets=5)
    shuffled = dict(random.sample(list(units.items()), len(units)))
    pd.testing.assert_frame_equal(stand_units(scheme, units), stand_units(scheme, shuffled))


@quick
@given(UNITS)
def test_the_points_of_a_unit_are_the_sum_of_its_items(points):
    units = {u: {RECEIVED: 30, TIMELY: (n, 12), SATISFIED: (n // 2, n)} for u, n in points.items()}
    scheme = make_scheme(make_rate("按时办结", TIMELY, 70), make_rate("满意", SATISFIED, 30))
    items = score_units(scheme, units)
    for row in stand(items, scheme, make_scorecard(units)).itertuples():
        own = items.loc[items["unit"].eq(row.unit), "points"].dropna()
        assert row.points == sum(own) and row.full == 100


# --- every point explained -------------------------------------------------------------------------

TICKETS = {
    "ticket_id": list("abcdefgh"),
    "unit": ["甲乡"] * 7 + ["乙镇"],
    "unit_group": "乡镇",
    "received_at": "2025-06-03 09:00",
    "replied_at": [*["2025-06-04"] * 6, "2025-06-20", "2025-06-20"],
    "satisfaction": ["满意", "不满意", "未评价", None, None, None, "满意", "不满意"],
}
EXPLAINED = make_scheme(
    make_item("回复", REPLIED, missed="超时回复"),
    make_rate("满意", SATISFIED, 25),
    make_rate("受理量", RECEIVED, 5, scoring="share_in_group"),
)


def explain(unit, scheme=EXPLAINED, **columns):
    tickets = clock(schema.make_tickets(TICKETS | columns), "county_default", AS_OF)
    return explain_score(unit, tickets, scheme).set_index("item")


def test_a_score_is_explained_with_its_arithmetic_and_the_tickets_that_cost_it():
    explained = explain("甲乡")
    assert explained.loc["回复", "how"] == (
        "7件工单中1件超时回复，按期回复率（÷受理）85.71%（6/7），比目标100%低14.29个百分点，"
        "每低1个百分点扣1分，扣14.29分，得10.71分（满分25分）"
    )
    assert explained.loc["回复", "points"] == Decimal("10.71")
    assert explained["tickets"].tolist() == [["g"], ["b"], []]
    assert explained.loc["受理量", "how"].startswith("受理件数7件，占乡镇8件的87.5%")


def test_where_a_low_rate_is_good_the_tickets_in_the_numerator_cost_points():
    scheme = make_scheme(make_rate("满意", SATISFIED, 25, better="lower"))
    assert explain("甲乡", scheme).loc["满意", "tickets"] == ["a", "g"]


def test_without_more_said_the_default_scheme_explains_as_of_the_moment_of_judging():
    tickets = clock(schema.make_tickets(TICKETS), "county_default", AS_OF)
    said = explain_score("甲乡", tickets)
    pd.testing.assert_frame_equal(said, explain_score("甲乡", tickets, "county_default"))
    assert said.set_index("item").loc["按期回复", "tickets"] == ["g"]


def test_only_the_units_own_tickets_are_named():
    assert explain("乙镇")["tickets"].tolist() == [["h"], ["h"], []]


def test_a_column_empty_in_one_unit_alone_costs_it_its_tickets():
    scheme = make_scheme(make_rate("办结", TIMELY, 25))
    explained = explain("乙镇", scheme, closed_at=["2025-06-04"] * 7 + [None])
    assert explained.loc["办结", ["points", "tickets"]].tolist() == [0, ["h"]]


def test_in_a_weighted_rate_the_tickets_short_of_full_weight_cost_points():
    scheme = make_scheme(make_rate("满意", "满意率（加权）", 25))
    verdicts = ["满意", "不满意", "基本满意", None, None, None, "满意", "不满意"]
    row = explain("甲乡", scheme, satisfaction=verdicts).loc["满意"]
    assert row["how"] == "满意率（加权）65%（2.6/4），25分×65%，得16.25分（满分25分）"
    assert row["tickets"] == ["b", "c"]


def test_a_unit_without_a_rated_ticket_is_told_so():
    assert "无相应工单" in explain("乙镇", satisfaction=["满意"] * 7 + [None]).loc["满意", "how"]


def test_a_misspelt_unit_is_told_the_nearest():
    with pytest.raises(ParameterError, match=r"'甲县' has no ticket here. Did you mean '甲乡'"):
        explain("甲县")


# --- too little to grade by ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("least", "state", "points", "full"), [(80, "项目不足", 18, 20), (20, "参评", 90, 100)]
)
def test_one_item_of_two_makes_no_grade_unless_the_scheme_is_content_with_it(least, state, points, full):
    scheme = make_scheme(
        make_rate("按时办结", TIMELY, 20), make_rate("满意", SATISFIED, 80),
        least_evaluable=least, presentation=BENGBU,
    )  # fmt: skip
    units = {"甲": {RECEIVED: 20, TIMELY: (18, 20), SATISFIED: (0, 0)}}
    row = stand_units(scheme, units).loc["甲"]
    assert (row["state"], row["points"], row["full"]) == (state, points, full)
    assert pd.isna(row["grade"]) == (state == "项目不足")
    if state == "项目不足":
        assert row["reason"] == "有数据的只有按时办结（20分），不足总分100分的80%，只列各项得分"
        how = score_units(scheme, units).set_index("item").loc["满意", "how"]
        assert how == "满意率（÷评价）无相应工单，本项不计；有数据的项目不足总分的80%，不分摊"


def test_four_fifths_of_the_weight_are_enough():
    scheme = make_scheme(
        make_rate("按时办结", TIMELY, 80), make_rate("满意", SATISFIED, 20),
        least_evaluable=80, presentation=BENGBU,
    )  # fmt: skip
    row = stand_units(scheme, {"甲": {RECEIVED: 20, TIMELY: (18, 20), SATISFIED: (0, 0)}}).loc["甲"]
    assert (row["state"], row["points"]) == ("参评", 90)
