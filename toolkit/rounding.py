"""Numbers as the office prints them: percentages, counts, Chinese numerals, halves rounded up."""

from decimal import ROUND_HALF_UP, Decimal

import pandas as pd


def numeral(count):
    """A number up to 99 in Chinese numerals, digits beyond."""
    digits = "零一二三四五六七八九十"
    if count == 2:
        return "两"  # as before 个, 天 and 次
    if count <= 10:
        return digits[count]
    if count > 99:
        return str(count)
    tens, ones = divmod(count, 10)
    return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")


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


def round_half_up(value, decimals):
    """Decimal rounding with halves away from zero, as published bulletins do."""
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def is_missing(value):
    """Whether a single value is not known."""
    return value is None or value is pd.NA or value != value


def decimal_text(number):
    """A Decimal without trailing zeros: 12.80 → 12.8, 100 → 100."""
    return format(number.normalize(), "f")


def short_percent(rate):
    """A target as a person writes it: 95%, not 95.0%."""
    return percent(rate).replace(".0%", "%")
