import numpy as np
import pandas as pd
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from toolkit import schema
from toolkit.comparing import fairness
from toolkit.comparing.fairness import (
    adjust_case_mix,
    beta_interval,
    find_prior,
    rank_certainty,
    shrink_rates,
)
from toolkit.scoring.catalogue import METRICS

METRIC = "按期回复率（÷受理）"
PAIR = st.integers(0, 50).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def scorecard(counts, metric=METRIC):
    """unit → (numerator, denominator), the county first."""
    total = tuple(map(sum, zip(*counts.values(), strict=True))) if counts else (0, 0)
    rows = [(unit, metric, *pair) for unit, pair in {schema.COUNTY: total, **counts}.items()]
    made = pd.DataFrame(rows, columns=["unit", "metric", "numerator", "denominator"])
    return made.astype({"numerator": "Int64", "denominator": "Int64"}).assign(definition="定义")


def of(table, unit):
    rows = table[table["unit"].eq(unit)]
    assert len(rows) == 1
    return rows.iloc[0]


# --- the shrunken rate -----------------------------------------------------------------------------


def test_the_shrunken_rate_follows_its_formula():
    table = shrink_rates(scorecard({"甲": (2, 3), "乙": (95, 100), "丙": (60, 100)}), METRIC)
    one = of(table, "甲")
    assert one["prior_rate"] == pytest.approx(157.5 / 204)
    assert one["shrunken"] == pytest.approx(
        (2 + one["prior_count"] * one["prior_rate"]) / (3 + one["prior_count"])
    )
    assert one["shrunken_low"] < one["shrunken"] < one["shrunken_high"]
    assert (one["numerator"], one["denominator"], one["rate"]) == (2, 3, 2 / 3)


def test_few_tickets_are_drawn_to_the_group_and_many_stay_where_they_are():
    counts = {f"大{n}": (40 + 12 * n, 100) for n in range(5)} | {"小": (3, 3), "巨": (950, 1000)}
    table = shrink_rates(scorecard(counts), METRIC)
    small, huge = of(table, "小"), of(table, "巨")
    assert small["rate"] == 1 and small["shrunken"] < 0.96
    assert abs(huge["shrunken"] - 0.95) < 0.01


def test_units_that_differ_no_more_than_chance_are_all_drawn_to_one_rate():
    table = shrink_rates(scorecard({"甲": (90, 100), "乙": (90, 100), "丙": (9, 10)}), METRIC)
    assert (table["prior_count"] == 210).all()
    assert table["shrunken"].max() - table["shrunken"].min() < 0.001


def test_each_group_has_its_own_rate():
    counts = {"甲乡": (90, 100), "乙乡": (92, 100), "丙局": (40, 100), "丁局": (42, 100)}
    table = shrink_rates(
        scorecard(counts), METRIC, {"甲乡": "乡镇", "乙乡": "乡镇", "丙局": "县直部门", "丁局": "县直部门"}
    )
    assert of(table, "甲乡")["prior_rate"] == pytest.approx(182.5 / 201)
    assert of(table, "丙局")["prior_rate"] == pytest.approx(82.5 / 201)


def test_a_unit_without_tickets_has_no_rate_and_the_group_s_shrunken_one():
    one = of(shrink_rates(scorecard({"甲": (0, 0), "乙": (9, 10)}), METRIC), "甲")
    assert pd.isna([one["rate"], one["low"], one["high"]]).all()
    assert one["shrunken"] == pytest.approx(one["prior_rate"])


def test_a_unit_whose_group_is_not_known_stands_in_a_group_of_its_own():
    table = shrink_rates(scorecard({"甲": (1, 2), "乙": (2, 2)}), METRIC, {"甲": "乡镇"})
    assert table.set_index("unit")["group"].to_dict() == {"甲": "乡镇", "乙": "（未填）"}


@pytest.mark.parametrize(
    "counts", [{"甲": (5, 5), "乙": (7, 7)}, {"甲": (0, 5), "乙": (0, 7)}, {"甲": (2, 4)}]
)
def test_all_or_none_in_time_and_a_single_unit_are_no_trouble(counts):
    table = shrink_rates(scorecard(counts), METRIC)
    columns = ["shrunken", "shrunken_low", "shrunken_high"]
    assert table[columns].notna().all(axis=None)
    assert table["shrunken"].between(table["shrunken_low"], table["shrunken_high"]).all()


def test_no_unit_gives_an_empty_table_with_its_columns():
    assert shrink_rates(scorecard({}), METRIC).columns.tolist() == fairness.SHRUNKEN
    assert len(rank_certainty(scorecard({}), METRIC, draws=10, seed=1)) == 0


def test_a_plain_count_cannot_be_shrunken():
    counts = scorecard({"甲": (1, 2)}).assign(denominator=pd.NA)
    with pytest.raises(ValueError, match="plain count: a rate is needed"):
        shrink_rates(counts, METRIC)


def test_the_prior_s_strength_is_found_again_in_many_units():
    rng = np.random.default_rng(3)
    among = rng.integers(30, 300, 2000)
    counted = rng.binomial(among, rng.beta(0.8 * 25, 0.2 * 25, 2000))
    rate, count = find_prior(counted.astype("float64"), among.astype("float64"))
    assert rate == pytest.approx(0.8, abs=0.01)
    assert count == pytest.approx(25, rel=0.15)


SHAPE = st.floats(0.01, 20_000)


@given(hits=SHAPE, misses=SHAPE, share=st.sampled_from([0.5, 0.9, 0.95, 0.99]))
@examples(100)
def test_the_interval_is_that_of_the_beta_distribution(hits, misses, share):
    found = np.array(beta_interval(np.array([hits]), np.array([misses]), share)).ravel()
    assert found == pytest.approx(stats.beta.interval(share, hits, misses), rel=1e-9)


@pytest.mark.parametrize("count", [0.02, 1, 14, 300])
def test_the_interval_next_to_one_and_to_zero_is_what_one_can_reckon_by_hand(count):
    ends = np.array([0.025, 0.975]) ** (
        1 / count
    )  # of Beta(count, 1) the share below x is x to the power count
    low, high = beta_interval(np.array([count, 1.0]), np.array([1.0, count]), 0.95)
    assert [low[0], high[0]] == pytest.approx(ends)
    assert [low[1], high[1]] == pytest.approx(1 - ends[::-1])


def test_one_ticket_in_time_among_units_nearly_always_in_time_keeps_what_lies_next_to_one():
    low, high = beta_interval(np.array([1.98]), np.array([0.02]), 0.95)
    assert (round(low[0], 3), round(high[0], 3)) == (0.881, 1)


@given(counts=st.lists(PAIR, min_size=1, max_size=9))
@examples(60)
def test_every_interval_of_a_county_is_the_beta_distribution_s_and_holds_its_rate(counts):
    table = shrink_rates(scorecard({f"u{n}": pair for n, pair in enumerate(counts)}), METRIC)
    strength = table["prior_count"]
    hits = table["numerator"].astype("float64") + strength * table["prior_rate"]
    among = table["denominator"].astype("float64") + strength
    low, high = stats.beta.interval(0.95, hits, among - hits)
    # A distribution all but wholly at one end leaves its own mean out; the interval then reaches to it.
    assert table["shrunken_low"].to_numpy() == pytest.approx(np.minimum(low, table["shrunken"]))
    assert table["shrunken_high"].to_numpy() == pytest.approx(np.maximum(high, table["shrunken"]))


def test_an_interval_holds_its_rate_where_the_distribution_lies_all_but_wholly_at_one():
    counts = {"一": (1, 1), "大": (3000, 3000), "差": (0, 2)}
    one = of(shrink_rates(scorecard(counts), METRIC), "一")
    assert one["prior_count"] == 1 and one["shrunken_low"] == one["shrunken"] < one["shrunken_high"]


def test_the_raw_rate_keeps_its_interval():
    one = of(shrink_rates(scorecard({"甲": (456, 498), "乙": (9, 10)}), METRIC), "甲")
    assert (round(one["low"], 4), round(one["high"], 4)) == (0.888, 0.937)


# --- how sure a rank is ----------------------------------------------------------------------------


def simulate_county(seed, mean, strength, units=30):
    """Units whose true rates are spread by chance; unit 00 has three tickets."""
    rng = np.random.default_rng(seed)
    among = np.r_[3, rng.integers(40, 400, units - 1)]
    counted = rng.binomial(among, rng.beta(mean * strength, (1 - mean) * strength, units))
    return scorecard({f"{n:02d}": pair for n, pair in enumerate(zip(counted, among, strict=True))})


@pytest.mark.parametrize(
    ("mean", "strength", "raw_share"),
    [
        (0.85, 30, 0.8),
        pytest.param(0.5, 30, 0.4, marks=pytest.mark.long),
        pytest.param(0.8, 10, 0.5, marks=pytest.mark.long),
        (0.95, 200, 0.9),
    ],
)
def test_a_unit_of_three_tickets_is_never_named_first_or_last_though_raw_rates_often_put_it_there(
    mean, strength, raw_share
):
    by_raw_rate, by_shrunken, named = 0, 0, 0
    for seed in range(60):
        table = rank_certainty(simulate_county(seed, mean, strength), METRIC, draws=200, seed=1)
        small = of(table, "00")
        by_raw_rate += small["rate"] in (table["rate"].min(), table["rate"].max())
        by_shrunken += small["rank"] in (1, len(table))
        named += small["place"] != fairness.UNSURE
    assert (by_shrunken, named) == (0, 0)
    assert by_raw_rate / 60 >= raw_share


@pytest.mark.parametrize("counted", [0, 1, 2, 3])
def test_whatever_three_tickets_say_they_name_nobody(counted):
    counts = {f"{n:02d}": (80 + n, 100) for n in range(12)} | {"小": (counted, 3)}
    assert of(rank_certainty(scorecard(counts), METRIC, 500, 1), "小")["place"] == fairness.UNSURE


def test_a_unit_that_is_far_behind_with_many_tickets_is_named():
    counts = {f"{n:02d}": (85 + n, 100) for n in range(10)} | {"差": (150, 400), "好": (399, 400)}
    table = rank_certainty(scorecard(counts), METRIC, 500, 1)
    last, first = of(table, "差"), of(table, "好")
    assert (last["place"], last["rank"], last["rank_low"], last["rank_high"]) == (fairness.LAST, 12, 12, 12)
    assert last["last_share"] == 1 and last["first_share"] == 0
    assert (first["place"], first["rank"], first["ends"]) == (fairness.FIRST, 1, 3)


def test_where_less_is_better_the_lowest_rate_is_first():
    counts = {f"{n:02d}": (15 + n, 100) for n in range(8)} | {"差": (300, 400)}
    table = rank_certainty(scorecard(counts), METRIC, 200, 1, lowest_first=True)
    assert (of(table, "差")["place"], of(table, "差")["rank"]) == (fairness.LAST, 9)


def test_ranks_are_shared_and_counted_within_groups():
    counts = {"甲": (9, 10), "乙": (9, 10), "丙": (5, 10), "丁": (1, 10)}
    groups = {"甲": "乡镇", "乙": "乡镇", "丙": "乡镇", "丁": "县直部门"}
    table = rank_certainty(scorecard(counts), METRIC, 100, 1, groups).set_index("unit")
    assert table["rank"].to_dict() == {"甲": 1, "乙": 1, "丙": 3, "丁": 1}
    assert table["units"].to_dict() == {"甲": 3, "乙": 3, "丙": 3, "丁": 1}
    assert table.loc["丁", "place"] == fairness.UNSURE  # alone in its group it is neither first nor last


def test_a_unit_without_tickets_is_not_ranked():
    table = rank_certainty(scorecard({"甲": (0, 0), "乙": (9, 10), "丙": (1, 10)}), METRIC, 100, 1)
    assert pd.isna(of(table, "甲")["rank"]) and pd.isna(of(table, "甲")["place"])


def test_the_same_seed_gives_the_same_table():
    county = simulate_county(5, 0.85, 30)
    first, second = (rank_certainty(county, METRIC, 100, seed=9) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)
    assert not first["first_share"].equals(rank_certainty(county, METRIC, 100, seed=10)["first_share"])


@given(counts=st.lists(PAIR, min_size=1, max_size=9))
@settings(deadline=None, max_examples=30)
def test_a_shrunken_rate_lies_between_the_unit_s_own_and_the_group_s(counts):
    table = shrink_rates(scorecard({f"u{n}": pair for n, pair in enumerate(counts)}), METRIC)
    known = table[table["rate"].notna()]
    ends = known[["rate", "prior_rate"]]
    assert (known["shrunken"] >= ends.min(axis=1) - 1e-12).all()
    assert (known["shrunken"] <= ends.max(axis=1) + 1e-12).all()


# --- case mix --------------------------------------------------------------------------------------


def case_mix(rows, **options):
    """rows: (unit, category, 1, 0 or None)."""
    tickets = pd.DataFrame(rows, columns=["unit", "category_top", "counted"])
    marks = pd.DataFrame({METRIC: tickets["counted"].astype("Int8")})
    return adjust_case_mix(tickets, marks, METRIC, **options)


def test_a_unit_is_measured_by_what_the_county_achieves_on_the_same_kinds():
    # 供水 3 of 4 in the county, 道路 1 of 4. 甲: three 供水 (2 in time), one 道路 (0): 2 against 2.5 expected.
    rows = [("甲", "供水", 1), ("甲", "供水", 1), ("甲", "供水", 0), ("甲", "道路", 0)]
    rows += [("乙", "供水", 1), ("乙", "道路", 1), ("乙", "道路", 0), ("乙", "道路", 0)]
    one = of(case_mix(rows), "甲")
    assert (one["numerator"], one["denominator"], one["expected"]) == (2, 4, 2.5)
    assert (one["rate"], one["expected_rate"], one["ratio"]) == (0.5, 0.625, 0.8)
    assert one["difference"] == -12.5 and one["difference_low"] < -12.5 < one["difference_high"]
    assert one["comparable"] == 4


def test_expected_tickets_sum_to_the_county_s_numerator():
    rng = np.random.default_rng(1)
    rows = [("甲乙丙"[a], f"类{b}", int(c)) for a, b, c in rng.integers(0, [3, 4, 2], (200, 3))]
    table = case_mix(rows)
    assert table["expected"].sum() == pytest.approx(table["numerator"].sum())


def test_a_kind_that_one_unit_alone_handles_compares_with_nothing():
    table = case_mix([("甲", "驾校", 0), ("甲", "驾校", 1), ("乙", "供水", 1), ("丙", "供水", 0)])
    one = of(table, "甲")
    assert (one["comparable"], one["expected"]) == (0, 1)
    assert pd.isna(one[["ratio", "difference", "difference_low"]]).all()
    assert of(table, "乙")["difference"] == 50


def test_tickets_outside_the_denominator_are_left_out_and_a_missing_kind_is_a_kind():
    table = case_mix([("甲", None, 1), ("乙", None, 0), ("乙", "供水", None), (None, None, 1)])
    assert table.set_index("unit")["denominator"].to_dict() == {schema.NO_UNIT: 1, "乙": 1, "甲": 1}
    assert of(table, "甲")["expected_rate"] == pytest.approx(2 / 3)


def test_kinds_may_be_made_of_several_columns():
    rows = [("甲", "供水", 1), ("乙", "供水", 0)]
    tickets = pd.DataFrame(rows, columns=["unit", "category_top", "counted"]).assign(type=["投诉", "咨询"])
    marks = pd.DataFrame({METRIC: [1, 0]}, dtype="Int8")
    table = adjust_case_mix(tickets, marks, METRIC, by=["category_top", "type"])
    assert table["comparable"].tolist() == [0, 0]


def test_a_weighted_metric_counts_hundredths_of_a_ticket():
    metric = next(metric.name for metric in METRICS if metric.weighted)
    tickets = pd.DataFrame({"unit": ["甲", "乙"], "category_top": "供水"})
    table = adjust_case_mix(tickets, pd.DataFrame({metric: [60, 100]}, dtype="Int8"), metric)
    assert table["numerator"].tolist() == [1, 0.6]
    assert table["expected"].tolist() == [0.8, 0.8]


def test_no_ticket_gives_an_empty_table():
    assert len(case_mix([])) == 0
