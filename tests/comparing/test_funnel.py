import numpy as np
import pandas as pd
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from toolkit import schema
from toolkit.comparing.funnel import (
    BEYOND,
    BEYOND_ALL,
    LIMITS,
    TOO_FEW,
    WITHIN,
    draw_curve,
    draw_limits,
    find_funnel,
    say_funnel,
)

METRIC, LATE = "按期回复率（÷受理）", "超期率（÷受理）"


def scorecard(counts, metric=METRIC):
    """unit → (numerator, denominator), and the county's row."""
    whole = tuple(map(sum, zip(*counts.values(), strict=True)))
    rows = [(unit, metric, *pair) for unit, pair in {schema.COUNTY: whole, **counts}.items()]
    table = pd.DataFrame(rows, columns=["unit", "metric", "numerator", "denominator"])
    return table.assign(rate=table["numerator"] / table["denominator"].where(table["denominator"] > 0))


def of(table, unit):
    return table.set_index("unit").loc[unit]


def test_a_unit_far_below_the_county_is_beyond_both_limits_and_worse():
    table = find_funnel(scorecard({"甲": (60, 100), "乙": (900, 1000), "丙": (880, 1000)}), METRIC)
    assert (of(table, "甲")["position"], of(table, "甲")["is_better"]) == (BEYOND_ALL, False)
    assert of(table, "丙")["position"] == WITHIN and pd.isna(of(table, "丙")["is_better"])


def test_where_less_is_better_a_low_rate_is_better():
    table = find_funnel(scorecard({"甲": (40, 100), "乙": (100, 1000), "丙": (0, 100)}, LATE), LATE)
    assert [of(table, unit)["is_better"] for unit in ("甲", "丙")] == [False, True]


@pytest.mark.parametrize("among", [7, 30, 400])
def test_beyond_a_limit_lies_exactly_what_is_rarer_than_its_tail(among):
    counted, rate = np.arange(among + 1), 0.9
    limits = {name: values[0] for name, values in draw_limits(np.array([among]), rate).items()}
    for name, tail in (("95", 0.025), ("998", 0.001)):
        assert ((counted / among < limits[f"low{name}"]) == (binom.cdf(counted, among, rate) < tail)).all()
        assert (
            (counted / among > limits[f"high{name}"]) == (binom.sf(counted - 1, among, rate) < tail)
        ).all()


def test_exactly_on_the_limit_is_within():
    [low] = draw_limits(np.array([100.0]), 0.9)["low95"]
    counts = scorecard({"甲": (low * 100, 100), "乙": (900 - low * 100, 900)})
    counts.loc[counts["unit"].eq(schema.COUNTY), "rate"] = 0.9
    assert of(find_funnel(counts, METRIC), "甲")["position"] == WITHIN
    counts.loc[counts["unit"].eq("甲"), "rate"] -= 1e-6
    assert of(find_funnel(counts, METRIC), "甲")["position"] == BEYOND


def test_one_ticket_out_of_one_is_never_beyond_and_none_has_no_place():
    table = find_funnel(scorecard({"甲": (0, 1), "乙": (1, 1), "丙": (0, 0), "丁": (900, 1000)}), METRIC)
    assert [of(table, unit)["position"] for unit in ("甲", "乙", "丙")] == [WITHIN, WITHIN, TOO_FEW]


@pytest.mark.parametrize("share", [0, 1])
def test_where_all_or_none_are_counted_nobody_is_beyond(share):
    counts = {f"第{n}": (share * n, n) for n in range(1, 30)}
    table = find_funnel(scorecard(counts), METRIC)
    assert set(table["position"]) == {WITHIN}
    assert (table[LIMITS] == share).all(axis=None)
    assert say_funnel(table) == f"全县{METRIC}{100.0 * share}%，29个单位都在偶然波动的界限以内。"


def test_units_that_differ_by_chance_alone_leave_the_limits_as_they_are_and_few_are_beyond():
    rng = np.random.default_rng(1)
    among = rng.integers(20, 400, 2_000)
    table = find_funnel(
        scorecard({f"{n}": pair for n, pair in enumerate(zip(rng.binomial(among, 0.9), among, strict=True))}),
        METRIC,
    )
    assert not table["is_widened"].any()
    assert table["position"].isin([BEYOND, BEYOND_ALL]).mean() < 0.05
    assert table["position"].eq(BEYOND_ALL).mean() < 0.005


def test_units_that_all_differ_widen_the_limits_and_it_is_said():
    rng = np.random.default_rng(1)
    rates = rng.beta(18, 2, 300)
    counts = {f"{n}": (count, 300) for n, count in enumerate(rng.binomial(300, rates))}
    table = find_funnel(scorecard(counts), METRIC)
    assert table["is_widened"].all() and table["spread"].iloc[0] > 5
    assert table["position"].eq(BEYOND_ALL).mean() < 0.03
    assert "各单位差异普遍大于偶然（φ=" in say_funnel(table)


def test_one_unit_alone_that_is_far_off_does_not_widen_the_limits_of_all():
    counts = {f"第{n}": (90, 100) for n in range(30)} | {"甲": (20, 100)}
    table = find_funnel(scorecard(counts), METRIC)
    assert not table["is_widened"].any() and of(table, "甲")["position"] == BEYOND_ALL
    assert say_funnel(table) == (
        f"全县{METRIC}87.7%，31个单位中，超出95%界限、差于全县的1个（其中1个超出99.8%界限）。"
    )


@examples(30)
@given(
    st.lists(
        st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
        min_size=1,
        max_size=15,
    )
)
def test_limits_stand_in_order_around_the_county_and_the_other_side_is_their_mirror(pairs):
    counts = {f"{n}": pair for n, pair in enumerate(pairs)}
    table = find_funnel(scorecard(counts), METRIC)
    inside = table[["low998", "low95", "county_rate", "high95", "high998"]].to_numpy()
    assert (np.diff(inside, axis=1) >= -1e-9).all()
    mirror = find_funnel(scorecard({unit: (n - x, n) for unit, (x, n) in counts.items()}), METRIC)
    assert mirror["position"].tolist() == table["position"].tolist()


def test_the_curve_holds_the_limits_of_each_number_of_tickets():
    curve = draw_curve(0.9, 1.0, 500)
    assert curve["denominator"].iloc[[0, -1]].tolist() == [1, 500]
    assert curve["denominator"].is_unique
    assert curve["low95"].iloc[-1] > curve["low95"].iloc[len(curve) // 2]
    assert draw_curve(0.9, 4.0, 500)["low95"].iloc[-1] < curve["low95"].iloc[-1]


def test_without_the_metric_there_is_no_funnel():
    assert find_funnel(scorecard({"甲": (1, 2)}), LATE).empty
    assert say_funnel(find_funnel(scorecard({"甲": (1, 2)}), LATE)) == "没有可比的单位。"


def test_tickets_without_a_unit_are_no_unit_to_be_named():
    table = find_funnel(scorecard({"甲": (90, 100), schema.NO_UNIT: (0, 100)}), METRIC)
    assert table["unit"].tolist() == ["甲"]
