import numpy as np
import pandas as pd
import pytest
from cases.months import RATE, as_months, draw_units, stepping
from scipy import stats

from toolkit.comparing.chance import find_high_limit, find_low_limit, tail_above, tail_below
from toolkit.comparing.trend import (
    DOWN,
    HIT,
    MISSED,
    MIXED,
    SAME,
    TAIL,
    TOO_FEW,
    UP,
    estimate_spread,
    find_trends,
)

LATE = "超期率（÷受理）"


def one(counted, among, metric=RATE, target=None, settled=True):
    months = as_months(counted, among, metric, settled)
    return find_trends(months, {(months["unit"][0], metric): target} if target else None).iloc[0]


# --- chance ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [0.02, 0.5, 0.97])
def test_tails_are_the_binomial_ones(rate):
    counted, among = np.arange(13.0), np.full(13, 12.0)
    exact = stats.binom(12, rate)
    np.testing.assert_allclose(tail_below(counted, among, rate), exact.cdf(counted), atol=1e-12)
    np.testing.assert_allclose(tail_above(counted, among, rate), exact.sf(counted - 1), atol=1e-12)


@pytest.mark.parametrize(("rate", "side"), [(0.0, 0.0), (1.0, 1.0)])
def test_a_rate_of_nought_or_one_leaves_no_room(rate, side):
    assert find_low_limit(np.array([5.0]), rate, TAIL) == pytest.approx(side, abs=0.3)
    assert tail_below(np.array([5.0 * side]), np.array([5.0]), rate) == pytest.approx(1)
    assert tail_above(np.array([5.0 * side]), np.array([5.0]), rate) == pytest.approx(1)


def test_what_lies_beyond_a_limit_is_rarer_than_its_tail_and_what_lies_within_is_not():
    counted, among = np.arange(61.0), np.full(61, 60.0)
    low, high = (find(among, 0.9, TAIL)[0] for find in (find_low_limit, find_high_limit))
    assert ((counted / 60 < low) == (tail_below(counted, among, 0.9) < TAIL)).all()
    assert ((counted / 60 > high) == (tail_above(counted, among, 0.9) < TAIL)).all()
    assert 0 < low < 0.9 and high == 1


def test_the_spread_is_laney_s_and_never_under_the_binomial_one():
    steady = np.full((1, 12), 90.0)
    assert estimate_spread(steady, np.full((1, 12), 100.0)) == 1
    waving = np.tile([80.0, 100.0], (1, 6))
    rate = 1080.5 / 1201
    sigma = 20 / np.sqrt(100 * rate * (1 - rate)) / 1.128
    assert estimate_spread(waving, np.full((1, 12), 100.0))[0] == pytest.approx(sigma**2)


# --- 走势 -------------------------------------------------------------------------------------------


def test_fewer_than_twelve_months_with_tickets_say_nothing():
    told = one([9] * 11 + [1], [10] * 11 + [0])
    assert told["trend"] == TOO_FEW and "11个" in told["sentence"]
    assert pd.isna(told["is_better"])


def test_months_not_settled_do_not_count():
    assert one([90] * 14, [100] * 14, settled=[True] * 11 + [False] * 3)["trend"] == TOO_FEW


def test_old_months_say_nothing_of_today():
    assert one([90] * 12 + [0] * 3, [100] * 12 + [0] * 3)["trend"] == TOO_FEW
    assert one([90] * 12 + [0] * 2, [100] * 12 + [0] * 2)["trend"] == SAME


def test_a_latest_month_far_below_the_months_before_is_a_fall_and_says_so_with_its_counts():
    told = one([93, 95] * 9 + [60], [100] * 19)
    assert (told["trend"], told["is_better"], told["window"]) == (DOWN, False, 1)
    assert (
        told["sentence"] == "2025-12为60.0%（60/100），低于此前18个月合计94.0%（1692/1800），超出自身正常波动"
    )
    assert told["rate"] < told["low"]


def test_a_rise_of_what_should_be_low_is_for_the_worse():
    told = one([6, 4] * 9 + [40], [100] * 19, LATE)
    assert (told["trend"], told["is_better"]) == (UP, False)
    assert one([40, 42] * 9 + [6], [100] * 19, LATE)["is_better"]


def test_three_months_that_no_one_of_which_would_show_it_are_a_fall_together():
    told = one([90] * 21 + [81] * 3, [100] * 24)
    assert (told["trend"], told["window"], told["since"], told["until"]) == (DOWN, 3, "2025-10", "2025-12")
    assert (told["numerator"], told["denominator"], told["months_before"]) == (243, 300, 21)


def test_a_single_bad_month_ten_months_ago_is_no_change_of_today():
    assert one([90] * 13 + [50] + [90] * 10, [100] * 24)["trend"] == SAME


def test_a_bad_month_that_is_over_is_no_change_of_today_though_it_drags_the_three_and_the_seven_down():
    assert one([90, 92] * 10 + [92, 40, 92, 92], [100] * 24)["trend"] == SAME


def test_a_step_that_has_lasted_seven_months_is_told_from_its_first():
    told = one([90] * 17 + [80] * 7, [100] * 24)
    assert (told["trend"], told["window"], told["since"]) == (DOWN, 7, "2025-06")


def test_five_of_five_late_in_a_unit_that_was_always_in_time_is_a_fall_and_one_of_five_is_not():
    assert one([5] * 23 + [0], [5] * 24)["trend"] == DOWN
    assert one([5] * 23 + [4], [5] * 24)["trend"] == SAME


def test_the_same_verdicts_come_for_the_tickets_outside_the_rate():
    rng = np.random.default_rng(3)
    counted, among = draw_units(rng, stepping(0.8, 0.6, 24, 3), 60, 80)
    own = find_trends(as_months(counted, among))["trend"]
    other = find_trends(as_months(among - counted, among))["trend"]
    assert own.map({UP: DOWN, DOWN: UP, SAME: SAME}).tolist() == other.tolist()
    assert own.eq(DOWN).sum() > 20


def test_no_month_gives_an_empty_table():
    assert find_trends(as_months([[1]], [[1]]).head(0)).empty


@pytest.mark.parametrize(
    ("size", "sigma", "most"), [(5, 1, 0.005), (30, 1, 0.008), (300, 2, 0.02), (3000, 3, 0.012)]
)
def test_units_that_never_change_are_seldom_said_to(size, sigma, most):
    rng = np.random.default_rng(12345)
    for months in (12, 24):
        counted, among = draw_units(rng, np.full(months, 0.9), size, 1_500, sigma)
        assert find_trends(as_months(counted, among))["trend"].isin([UP, DOWN]).mean() < most


def test_a_step_is_seen_the_sooner_the_more_tickets_there_are():
    rng = np.random.default_rng(12345)
    for size, later, least in ((5, 0.6, 0.45), (30, 0.8, 0.33), (300, 0.85, 0.8), (3000, 0.88, 0.95)):
        units = as_months(*draw_units(rng, stepping(0.9, later, 24, 7), size, 500))
        trends = find_trends(units)["trend"]
        assert trends.eq(DOWN).mean() > least, size
        assert not trends.eq(UP).any()


# --- 达标 -------------------------------------------------------------------------------------------


def test_a_target_out_of_reach_is_missed_and_one_far_below_is_met():
    assert one([85, 86] * 6, [100] * 12, target=0.99)["assurance"] == MISSED
    assert one([85, 86] * 6, [100] * 12, target=0.6)["assurance"] == HIT


def test_a_target_within_the_usual_wavering_is_met_now_and_then():
    told = one([94, 96] * 6, [100] * 12, target=0.95)
    assert (told["assurance"], told["months_met"]) == (MIXED, 6)
    assert told["assurance_sentence"] == "最近12个月中6个月按期回复率达到目标95%"


def test_exactly_the_target_meets_it():
    assert one([95] * 12, [100] * 12, target=0.95)["months_met"] == 12
    assert one([5] * 12, [100] * 12, LATE, target=0.05)["months_met"] == 12


def test_few_tickets_that_all_were_in_time_met_their_target():
    assert one([3] * 12, [3] * 12, target=0.95)["assurance"] == HIT
    assert one([3] * 11 + [2], [3] * 12, target=0.95)["assurance"] == MIXED


def test_of_a_rate_of_which_less_is_better_the_target_is_not_to_be_passed():
    assert one([1] * 12, [100] * 12, LATE, target=0.2)["assurance"] == HIT
    assert one([40] * 12, [100] * 12, LATE, target=0.2)["assurance"] == MISSED


def test_only_the_last_twelve_months_are_held_to_the_target():
    assert one([10] * 12 + [99] * 12, [100] * 24, target=0.9)["assurance"] == HIT


def test_without_a_target_or_with_too_few_months_there_is_no_assurance():
    assert pd.isna(one([90] * 12, [100] * 12)["assurance"])
    assert one([90] * 11, [100] * 11, target=0.9)["assurance"] == TOO_FEW
