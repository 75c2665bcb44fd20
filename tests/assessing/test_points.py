"""Points: the published scores come out to the hundredth, every rule on its limit, and what must always hold."""

from decimal import Decimal
from fractions import Fraction

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
    only,
    score_units,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit import schema
from toolkit.assessing.points import ITEMS, apply_scheme


def score_one(item, numerator, denominator, group="乡镇", **scheme):
    units = {"甲乡": {item["metric"]: (numerator, denominator)}}
    return only(score_units(make_scheme(item, **scheme), units, {"甲乡": group}))


# --- 连云港: the ten item scores of its bulletins --------------------------------------------------

TEN = [
    ("按时办结", TIMELY, (150, 167), "89.82", "市直单位", "14.82"),
    ("按时办结", TIMELY, (4, 5), "80.00", "市直单位", "5"),
    ("按时办结", TIMELY, (2, 3), "66.67", "市直单位", "0"),
    ("满意率", SATISFIED, (12, 17), "70.59", "市直单位", "12.8"),
    ("满意率", SATISFIED, (7, 8), "87.50", "省派工单", "19.75"),
    ("满意率", SATISFIED, (5, 6), "83.33", "省派工单", "17.67"),
    ("满意率", SATISFIED, (3, 4), "75.00", "省派工单", "13.5"),
    ("满意率", SATISFIED, (5, 7), "71.43", "省派工单", "12.5"),
    ("满意率", SATISFIED, (2, 3), "66.67", "市直单位", "12.5"),
    ("满意率", SATISFIED, (2, 3), "66.67", "省派工单", "12.5"),
    ("满意率", SATISFIED, (1, 2), "50.00", "市直单位", "12.5"),
    ("满意率", SATISFIED, (1, 2), "50.00", "省派工单", "12.5"),
]


@pytest.mark.parametrize(("item", "metric", "counts", "percent", "group", "points"), TEN)
def test_a_published_score_of_lianyungang_comes_out_exactly(item, metric, counts, percent, group, points):
    items = score_units("lianyungang", {"某局": {metric: counts}}, {"某局": group})
    row = items.set_index("item").loc[item]
    assert row["percent"] == Decimal(percent)
    assert row["points"] == Decimal(points)


def test_the_arithmetic_reads_as_one_would_write_it():
    items = score_units(
        "lianyungang", {"某局": {TIMELY: (150, 167), SATISFIED: (5, 6)}}, {"某局": "省派工单"}
    )
    assert items["how"].tolist() == [
        "167件工单中17件未按时办结，按时办结率（÷应办结）89.82%（150/167），比目标100%低10.18个百分点，"
        "每低1个百分点扣1分，扣10.18分，得14.82分（满分25分）",
        "6件工单中1件不满意或一般，满意率（÷评价）83.33%（5/6），比目标98%低14.67个百分点，"
        "每低1个百分点扣0.5分，扣7.335分，得17.67分（满分25分）",
    ]


@pytest.mark.parametrize(
    ("rate_decimals", "points_decimals", "points"),
    [(0, 2, "22"), (1, 2, "22.90"), (2, 2, "22.99"), (2, 1, "23.0"), (4, 4, "22.9999"), (4, 2, "23.00")],
)
def test_the_scheme_says_how_rate_and_points_are_rounded(rate_decimals, points_decimals, points):
    places = {
        "rate_decimals": rate_decimals,
        "points_decimals": points_decimals,
    }  # 1/3: 33%, 33.3%, 33.33%, 33.3333%
    assert score_one(make_item(target=34, per_point=3), 1, 3, **places)["points"] == Decimal(points)


def test_zhungeer_gives_its_three_weights_in_proportion():
    units = {"某局": {"响应率（÷应签收）": (9, 10), SOLVED: (5, 6), SATISFIED: (7, 7)}}
    items = score_units("zhungeer", units).set_index("item")["points"]
    assert items.to_dict() == {"响应": 27, "解决": Decimal("29.17"), "满意": 35}


# --- deductions: yes, no, on the limit -------------------------------------------------------------


@pytest.mark.parametrize(
    ("numerator", "points", "said"),
    [
        (95, "25", "达到目标95%，得满分25分"),
        (100, "25", "达到目标95%，得满分25分"),
        (94, "24", "比目标95%低1个百分点，每低1个百分点扣1分，扣1分，得24分（满分25分）"),
        (75, "5", "扣20分，得5分"),
        (74, "5", "扣21分，低于保底分，按保底5分计（满分25分）"),
        (0, "5", "按保底5分计"),
    ],
)
def test_points_fall_below_the_target_and_stop_at_the_floor(numerator, points, said):
    row = score_one(make_item(target=95, floor=5), numerator, 100)
    assert row["points"] == Decimal(points) and said in row["how"]
    assert row["lost"] == 25 - row["points"]


@pytest.mark.parametrize(
    ("numerator", "points", "said"),
    [(90, "25", "达到目标90%"), (95, "26", "比目标90%高5个百分点，每高1个百分点加0.2分，加1分，得26分"),
     (100, "26.5", "超过上限，按上限26.5分计")],
)  # fmt: skip
def test_points_beyond_the_target_are_gained_up_to_the_cap(numerator, points, said):
    row = score_one(make_item(target=90, gain="0.2", cap="26.5"), numerator, 100)
    assert row["points"] == Decimal(points) and said in row["how"]
    assert row["lost"] == 0


def test_where_nothing_is_left_the_arithmetic_says_so():
    assert score_one(make_item(), 2, 3)["how"].endswith("扣33.33分，扣完为止，得0分（满分25分）")


def test_a_cap_below_the_weight_holds_at_the_target_too():
    assert score_one(make_item(target=90, cap=20), 100, 100)["points"] == 20


@pytest.mark.parametrize(("numerator", "points"), [(0, "25"), (5, "25"), (6, "24"), (30, "0"), (100, "0")])
def test_where_a_low_rate_is_good_points_fall_above_the_target(numerator, points):
    row = score_one(make_item(target=5, better="lower", missed="不满意"), numerator, 100)
    assert row["points"] == Decimal(points)
    assert row["missed"] == numerator
    assert numerator != 6 or row["how"].startswith("100件工单中6件不满意，")
    assert numerator != 6 or "比目标5%高1个百分点，每高1个百分点扣1分" in row["how"]


def test_the_first_target_that_names_the_unit_or_its_group_holds():
    targets = [{"target": 80, "units": ["甲乡"]}, {"target": 60, "groups": ["乡镇"]}]
    scheme = make_scheme(make_item(targets=targets), groups=["乡镇", "县直部门"])
    units = {unit: {TIMELY: (50, 100)} for unit in ("甲乡", "乙镇", "丙局")}
    items = score_units(scheme, units, {"甲乡": "乡镇", "乙镇": "乡镇", "丙局": "县直部门"})
    assert dict(zip(items["unit"], items["points"], strict=True)) == {"甲乡": 0, "乙镇": 15, "丙局": 0}
    assert "比目标60%低10个百分点" in items.set_index("unit").loc["乙镇", "how"]


# --- proportional, share, bonus --------------------------------------------------------------------


def test_a_proportional_item_is_full_points_times_rate():
    row = score_one(make_rate("响应", REPLIED, 30), 456, 498)
    assert row["points"] == Decimal("27.47")
    assert row["how"] == "按期回复率（÷受理）91.57%（456/498），30分×91.57%，得27.47分（满分30分）"


def test_a_proportional_item_of_a_bad_rate_is_what_is_left_of_it():
    row = score_one(make_rate("少不满意", SATISFIED, 30, better="lower"), 1, 10)
    assert row["points"] == 27 and "30分×（100%−10%）" in row["how"]


# 赵巷: 受理量5 (share within the group) + 先行联系30 + 诉求解决20 + 市民满意40; 95 points are named. The way a
# rate becomes points is invented here: the published text names the weights alone.
ZHAOXIANG = make_scheme(
    make_rate("受理量", RECEIVED, 5, scoring="share_in_group"),
    make_rate("先行联系", REPLIED, 30),
    make_rate("诉求解决", SOLVED, 20),
    make_rate("市民满意", SATISFIED, 40),
    groups=["村居", "职能部门"],
)


def test_the_volume_item_of_zhaoxiang_is_the_share_within_the_units_own_group():
    units = {"东村": {RECEIVED: 30}, "西村": {RECEIVED: 10}, "城管": {RECEIVED: 60}}
    groups = {"东村": "村居", "西村": "村居", "城管": "职能部门"}
    items = score_units(ZHAOXIANG, units, groups)
    shares = items[items["item"].eq("受理量")].set_index("unit")
    assert shares["points"].to_dict() == {"东村": Decimal("3.75"), "西村": Decimal("1.25"), "城管": 5}
    assert shares.loc["东村", "how"] == "受理件数30件，占村居40件的75%，5分×75%，得3.75分（满分5分）"
    together = score_units(ZHAOXIANG | {"groups_apart": False}, units, groups)
    east = together[together["item"].eq("受理量")].set_index("unit").loc["东村"]
    assert east["points"] == Decimal("1.5") and east["how"].startswith("受理件数30件，占全县100件的30%")


def test_zhaoxiang_adds_up_to_its_95_points():
    full = {RECEIVED: 10, REPLIED: (10, 10), SOLVED: (5, 5), SATISFIED: (5, 5)}
    items = score_units(ZHAOXIANG, {"东村": full}, {"东村": "村居"})
    assert sum(items["points"]) == sum(items["full"]) == 95


BONUS = {
    "name": "办理量",
    "metric": SATISFIED,
    "from_tickets": 300,
    "per_tickets": 300,
    "steps": [{"rate": 80, "points": "0.5"}, {"rate": 90, "points": 1}, {"rate": 95, "points": "1.5"}],
    "cap": 8,
}


@pytest.mark.parametrize(
    ("tickets", "satisfied", "points", "said"),
    [
        (299, 100, "0", "受理件数299件，不足300件，不加分"),
        (300, 79, "0", "满意率（÷评价）79%，未达到80%，不加分"),
        (300, 80, "0.5", "达到80%，每满300件加0.5分，计1次，加0.5分（上限8分）"),
        (620, 90, "2", "满意率（÷评价）90%（90/100），达到90%，每满300件加1分，计2次，加2分"),
        (620, 95, "3", "达到95%"),
        (1799, 95, "7.5", "计5次"),
        (1800, 95, "8", "计6次，加8分（上限8分）"),
    ],
)
def test_volume_handled_well_earns_a_bonus_up_to_its_cap(tickets, satisfied, points, said):
    units = {"甲乡": {RECEIVED: tickets, TIMELY: (1, 1), SATISFIED: (satisfied, 100)}}
    items = score_units(make_scheme(make_item(), bonuses=[BONUS]), units)
    bonus = items.set_index("item").loc["办理量"]
    assert bonus["points"] == Decimal(points) and said in bonus["how"]
    assert (bonus["full"], bonus["lost"]) == (0, 0)


def test_without_a_rated_ticket_there_is_no_bonus():
    items = score_units(make_scheme(make_item(), bonuses=[BONUS]), {"甲乡": {RECEIVED: 900, TIMELY: (1, 1)}})
    assert "无相应工单，未达到80%，不加分" in items["how"].iloc[1]


# --- nothing to score ------------------------------------------------------------------------------

TWO = [make_rate("按期", REPLIED, 30), make_rate("解决", SOLVED, 35), make_rate("满意", SATISFIED, 35)]
UNRATED = {"甲乡": {REPLIED: (9, 10), SOLVED: (1, 2), SATISFIED: (0, 0)}}


def test_no_tickets_no_points_lost_the_weight_goes_to_the_other_items():
    items = score_units(make_scheme(*TWO), UNRATED).set_index("item")
    assert items["full"].tolist() == [Decimal("46.15"), Decimal("53.85"), None]
    assert items.loc["按期", "points"] == Decimal("41.54")
    assert items.loc["按期", "how"].endswith(
        "得27分（满分30分）；分摊后满分46.15分，27分÷30分×46.15分，得41.54分"
    )
    assert items.loc["满意", "how"] == "满意率（÷评价）无相应工单，本项不计，满分35分分摊到其余各项"


def test_the_scheme_may_count_an_item_without_tickets_as_full():
    row = score_units(make_scheme(*TWO, no_tickets="full"), UNRATED).set_index("item").loc["满意"]
    assert (row["points"], row["lost"]) == (35, 0) and row["how"].endswith("按满分35分计")


def test_the_scheme_may_leave_an_item_without_tickets_out():
    items = score_units(make_scheme(*TWO, no_tickets="not_scored"), UNRATED).set_index("item")
    assert items["full"].tolist() == [30, 35, None] and items.loc["满意", "how"].endswith("本项不计分")


def test_an_item_whose_columns_the_export_lacks_is_said_to_be_not_computed():
    units = {"甲乡": {REPLIED: (9, 10), SOLVED: (1, 2)}}
    how = score_units(make_scheme(*TWO), units).set_index("item").loc["满意", "how"]
    assert how.startswith("导出表缺少所需的列，满意率（÷评价）未计算")


def test_a_share_of_volume_takes_no_weight_from_items_without_tickets():
    units = {"东村": {RECEIVED: 30, REPLIED: (10, 10), SOLVED: (0, 0), SATISFIED: (0, 0)}}
    items = score_units(ZHAOXIANG, units, {"东村": "村居"}).set_index("item")
    assert items["full"].tolist() == [5, 90, None, None]


def test_a_unit_of_the_roster_without_a_ticket_is_listed():
    items = score_units(make_scheme(*TWO), UNRATED, {"甲乡": "乡镇", "丁局": "县直部门"})
    assert items.loc[items["unit"].eq("丁局"), "points"].isna().all()


def test_an_empty_scorecard_gives_an_empty_table_with_its_columns():
    items = apply_scheme(make_scorecard({}), make_scheme(*TWO), {})
    assert (len(items), items.columns.tolist()) == (0, ITEMS)


def test_the_county_as_a_whole_gets_no_points_and_a_unit_without_group_stands_apart():
    units = {schema.COUNTY: {REPLIED: (1, 1)}, "甲乡": {REPLIED: (1, 1)}}
    items = score_units(make_scheme(*TWO), units, {"甲乡": ""})
    assert items["unit"].unique().tolist() == ["甲乡"]
    assert items["group"].unique().tolist() == ["（未分类）"]


# --- properties ------------------------------------------------------------------------------------

quick = settings(deadline=None, max_examples=40)
SCHEMES = st.builds(
    lambda weight, target, per_point, floor, gain, better, scoring: make_scheme(
        make_rate("一项", TIMELY, weight, better=better)
        if scoring
        else make_item(
            "一项", weight=weight, target=target, per_point=per_point, floor=min(floor, weight), better=better,
            gain=gain, cap=weight + 2,
        )
    ),
    st.integers(1, 50), st.integers(0, 100), st.decimals(0, 3, places=2), st.integers(0, 20),
    st.decimals(0, 1, places=2), st.sampled_from(["higher", "lower"]), st.booleans(),
)  # fmt: skip


@quick
@given(SCHEMES, st.integers(1, 60))
def test_points_never_rise_when_the_rate_gets_worse_and_stay_between_floor_and_cap(scheme, size):
    units = {f"{n:03}": {TIMELY: (n, size)} for n in range(size + 1)}
    items = score_units(scheme, units)
    points = items["points"].tolist()
    item = scheme["items"][0]
    worse_last = points if item["better"] == "lower" else points[::-1]
    assert worse_last == sorted(points, reverse=True)
    assert min(points) >= item.get("floor", 0) and max(points) <= item.get("cap", item["weight"])
    assert (
        items["lost"] == [max(full - own, 0) for full, own in zip(items["full"], points, strict=True)]
    ).all()


COUNTS = st.integers(0, 40).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d)))
UNITS = st.dictionaries(
    st.sampled_from("甲乙丙丁戊己"),
    st.fixed_dictionaries(
        {RECEIVED: st.integers(0, 50), **dict.fromkeys([REPLIED, SOLVED, SATISFIED], COUNTS)}
    ),
    min_size=1,
)
RULES = st.sampled_from(["spread", "full", "not_scored"])


@quick
@given(UNITS, st.randoms(use_true_random=False), RULES)
def test_the_order_of_the_units_changes_nothing(units, random, no_tickets):
    groups = {unit: random.choice(["村居", "职能部门", ""]) for unit in units}
    scorecard = make_scorecard(units)
    shuffled = scorecard.sample(frac=1, random_state=random.randint(0, 1000))
    scheme = ZHAOXIANG | {"no_tickets": no_tickets}
    again = apply_scheme(shuffled, scheme, dict(reversed(groups.items())))
    pd.testing.assert_frame_equal(apply_scheme(scorecard, scheme, groups), again)


@quick
@given(UNITS)
def test_spreading_keeps_the_full_points_of_the_scheme_whatever_has_no_tickets(units):
    items = score_units(make_scheme(*TWO), units)
    for _, own in items.groupby("unit"):
        scored = own[own["points"].notna()]
        assert sum(scored["full"]) == (100 if len(scored) else 0)
        assert all(0 <= p <= f for p, f in zip(scored["points"], scored["full"], strict=True))


@quick
@given(COUNTS.filter(lambda counts: counts[1]), st.integers(0, 6))
def test_the_rate_is_taken_from_the_counts_and_no_binary_fraction(counts, places):
    row = score_one(make_rate("满意", SATISFIED, 35), *counts, rate_decimals=places)
    exact = Fraction(*counts) * 100
    assert abs(Fraction(row["percent"]) - exact) <= Fraction(1, 2 * 10**places)
    assert row["percent"] == row["percent"].quantize(Decimal(1).scaleb(-places))
