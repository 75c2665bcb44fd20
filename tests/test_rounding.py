from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from toolkit.proofreading.figures import read_chinese, rounded
from toolkit.rounding import numeral, ordinal, percent, round_half_up

# --- halves ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "decimals", "printed"),
    [
        ("17.665", 2, "17.67"),
        ("2.5", 0, "3"),
        ("0.125", 2, "0.13"),
        ("0.1249", 2, "0.12"),
        ("0", 2, "0.00"),
        ("-2.5", 0, "-3"),
        ("-2.4", 0, "-2"),
        ("-0.125", 2, "-0.13"),
        ("-0.04", 1, "0.0"),
        ("1000", 1, "1000.0"),
    ],
)
@pytest.mark.parametrize("kind", [Decimal, Fraction, float, np.float64])
def test_halves_are_rounded_away_from_zero_and_nothing_has_no_sign(value, decimals, printed, kind):
    assert str(round_half_up(kind(value), decimals)) == printed


@pytest.mark.parametrize("number", [5, np.int64(5), pd.Series([5], dtype="Int64")[0], np.float32(5)])
def test_whole_numbers_of_any_kind_are_taken(number):
    assert str(round_half_up(number, 2)) == "5.00"


def test_a_float_is_what_it_prints_and_a_fraction_is_exact():
    assert round_half_up(1.005, 2) == Decimal("1.01")  # 1.00499999999999989… in the machine
    assert round_half_up(np.float32(0.15), 1) == Decimal("0.2")
    assert round_half_up(Fraction(1, 3), 40) == Decimal("0." + "3" * 40)
    assert round_half_up(10**40 + Fraction(1, 2), 0) == 10**40 + 1


@given(st.decimals(-10_000, 10_000, places=6), st.integers(0, 5))
@examples(100)
def test_a_decimal_is_rounded_as_python_s_own_half_up_does(value, decimals):
    assert round_half_up(value, decimals) == value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


@given(st.fractions(-1000, 1000, max_denominator=999), st.integers(0, 5))
@examples(100)
def test_rounding_moves_by_half_a_step_at_most_and_alike_below_zero(value, decimals):
    found = round_half_up(value, decimals)
    assert abs(Fraction(found) - value) <= Fraction(1, 2 * 10**decimals)
    assert round_half_up(-value, decimals) == -found


def test_a_figure_of_a_written_report_is_rounded_alike():
    assert rounded(Fraction(-5, 2), Fraction(1)) == -3
    assert rounded(Fraction(5, 2), Fraction(1)) == 3
    assert rounded(Fraction(-13_449), Fraction(100)) == -13_400
    assert rounded(Fraction(7, 3), Fraction(0)) == Fraction(7, 3)


@pytest.mark.parametrize(
    ("rate", "printed"), [(0.91565, "91.6%"), (0.9125, "91.3%"), (-0.0004, "0.0%"), (-0.0125, "-1.3%")]
)
def test_a_rate_is_printed_half_up(rate, printed):
    assert percent(rate) == printed


# --- numerals --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "word"),
    [
        *[(0, "零"), (1, "一"), (2, "二"), (4, "四"), (10, "十"), (11, "十一"), (20, "二十"), (35, "三十五")],
        *[(99, "九十九"), (100, "100")],
    ],
)
def test_places_are_told_in_chinese_and_two_counted_things_by_their_own_word(number, word):
    assert ordinal(number) == word
    assert numeral(number) == ("两" if number == 2 else word)


def test_a_numeral_is_read_again_as_the_number_it_says():
    assert [read_chinese(ordinal(number)) for number in range(100)] == list(range(100))
