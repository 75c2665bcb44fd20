"""03/14/2025 or 14/03/2025: which part is the month is told by the whole column, or not at all."""

import pandas as pd

SLASHED = (
    r"^\s*(?P<one>[0-9]{1,2})/(?P<other>[0-9]{1,2})/(?P<year>[0-9]{4})"
    r"(?:,?\s+(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?\s*(?P<half>[AaPp][Mm])?)?\s*$"
)


def turn_slashed(text):
    """Texts such as 03/14/2025 01:02:03 PM as 2025-03-14 13:02:03, all of a column in one order.

    text: what a column holds and nothing else could read. The part that is ever above twelve is the day;
    where none is, or both are, the texts stay as found: no one can tell 03/04/2025.
    """
    parts = text.str.extract(SLASHED)
    found = parts["year"].notna()
    one, other = (pd.to_numeric(parts[name]) for name in ("one", "other"))
    is_day_first, is_month_first = one.gt(12).any(), other.gt(12).any()
    if is_day_first == is_month_first:
        return text
    month, day = (other, one) if is_day_first else (one, other)
    times = parts["year"] + "-" + _two(month) + "-" + _two(day) + _clock(parts)
    return text.mask(found, times)


def _clock(parts):
    """' 13:02:03' for 01:02:03 PM; nothing for a bare date. An hour above twelve with PM stays as it is."""
    hour, half = pd.to_numeric(parts["hour"]), parts["half"].str.lower()
    hour = hour.mask(half.eq("pm") & hour.lt(12), hour + 12).mask(half.eq("am") & hour.eq(12), 0)
    clock = " " + _two(hour) + ":" + parts["minute"] + ":" + parts["second"].fillna("00")
    return clock.fillna("")


def _two(numbers):
    return numbers.astype("Int64").astype("str").str.zfill(2)
