"""Numbers as the office prints them: percentages, counts, Chinese numerals, halves rounded up."""

from decimal import Decimal
from fractions import Fraction

import pandas as pd

DIGITS = "零一二三四五六七八九"


def ordinal(place):
    """A place or a heading's number up to 99 in Chinese numerals, digits beyond: 2 → 二, 12 → 十二, 40 → 四十."""
    tens, ones = divmod(int(place), 10)
    if tens > 9:
        return str(place)
    if not tens:
        return DIGITS[ones]
    return ("" if tens == 1 else DIGITS[tens]) + "十" + (DIGITS[ones] if ones else "")


def numeral(count):
    """A count as it stands before 个, 天 and 次: 2 → 两, else as `ordinal`."""
    return "两" if count == 2 else ordinal(count)


def compare_counts(now, before):
    """Change against an earlier number: difference, relative change, and the word the office uses.

    (+2, 0.095…, '上升') for 23 against 21; the relative change is missing when there was nothing before.
    """
    change = now - before
    word = "上升" if change > 0 else "下降" if change < 0 else "持平"
    return change, (change / before if before else None), word


def percent(rate, decimals=1):
    """A rate as the office prints it, rounded half up: 0.9157 → 91.6%; '—' when there is none."""
    if rate is None or pd.isna(rate):
        return "—"
    return f"{round_half_up(rate, decimals + 2).scaleb(2)}%"


def count_text(number):
    """A number of tickets as printed: 456; a weighted one with its decimals: 455.6."""
    return f"{float(number):.2f}".rstrip("0").rstrip(".")


def one_decimal(number):
    """A mean or hours as printed, to one decimal, halves up: 12.25 → 12.3; — where it is not known."""
    return "—" if is_missing(number) else str(round_half_up(float(number), 1))


def round_half_up(value, decimals):
    """A number as a Decimal of so many decimals, halves away from zero, as published bulletins do.

    Whole numbers, fractions and decimals are taken exactly, a float as the shortest decimal that means it: 17.665
    gives 17.67, −2.5 gives −3. What rounds to zero has no sign.
    """
    exact = value if isinstance(value, int | Fraction | Decimal) else Decimal(str(value))
    above, below = exact.as_integer_ratio()  # in whole numbers: a table of units is rounded a million times
    above, below = abs(above) * 10 ** max(decimals, 0), below * 10 ** max(-decimals, 0)
    whole = (2 * above + below) // (2 * below)
    return Decimal(f"{-whole if exact < 0 else whole}E{-decimals}")


def is_missing(value):
    """Whether a single value is not known."""
    return value is None or value is pd.NA or value != value


def decimal_text(number):
    """A Decimal without trailing zeros: 12.80 → 12.8, 100 → 100."""
    return format(number.normalize(), "f")


def short_percent(rate):
    """A target as a person writes it: 95%, not 95.0%."""
    return percent(rate).replace(".0%", "%")
