"""Times in every shape an export has: dates, spreadsheet serials, and text in a dozen spellings."""

import datetime as dt
import re
import unicodedata

import pandas as pd

from toolkit import schema
from toolkit.loading.slashed_times import turn_slashed
from toolkit.words.replies import NO_REPLY, NOT_YET

USUAL = "%Y-%m-%d %H:%M:%S"  # most exports; read first, and all at once
TIME = re.compile(
    r"\s*(?P<year>[0-9]{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?"
    r"(?:[T\s]*(?P<hour>\d{1,2})\s*[:时点]\s*(?P<minute>\d{1,2})?\s*分?(?:\s*:?\s*(?P<second>\d{1,2}(?:\.\d+)?)\s*秒?)?)?\s*"
)
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?", re.ASCII)
HALF_DAY = re.compile(r"(上午|下午|晚上|中午|凌晨|[AaPp][Mm])\s*(\d{1,2})")
WEEKDAY = re.compile(r"[(（]?(?:星期|周|礼拜)[一二三四五六日天][)）]?")
OFFSET = r":.*(?:Z|[+-]\d{2}:?\d{2})$"
LOCAL_TIME = "Asia/Shanghai"
LONGEST = 60  # characters a time can take
EXCEL_ZERO = pd.Timestamp("1899-12-30")
EXCEL_DAYS = (20_000, 80_000)  # 1954 to 2119: a bare number outside is no date
# Outside stands no time of a ticket, but what a platform writes where there is none: 1899-12-30, 1900-01-01,
# 1970-01-01, 0001-01-01, 9999-12-31, or a slip such as 3020. The first 12345 lines are of 1999; a due date decades
# ahead may be meant.
EARLIEST, LATEST = pd.Timestamp("2000-01-01"), pd.Timestamp("2100-01-01")
NULL_DATE = r"0000[-/.年]"  # a database's zero date
SYSTEM_ZERO = (
    r"(?:0000|0001|1899|1900|1970|9999)\D"  # the years of such dates, in text that is none: 1900-01-00
)
DAY_END = pd.Timedelta(hours=23, minutes=59, seconds=59)


def to_time(values, day_end=False):
    """Local times from dates, spreadsheet serials and text; what cannot be read is missing.

    day_end: a bare date means the end of that day, as a due date does, instead of its start.
    """
    if pd.api.types.is_datetime64_any_dtype(values):
        return values.astype("datetime64[us]")
    text = values if values.dtype == "str" else values.map(_time_text, na_action="ignore").astype("str")
    times = pd.to_datetime(text, format=USUAL, errors="coerce").astype("datetime64[us]")
    rest = times.isna() & text.notna()
    if rest.any():
        text = text.mask(rest, turn_slashed(text[rest]))
        spelt = {word: _plain_time(word) for word in text[rest].unique()}
        times[rest] = _parse_text(text[rest].map(spelt).astype("str"), day_end)
    return times.astype("datetime64[us]")


def drop_impossible(times):
    """The times with those missing that stand for no time."""
    return times.where(times.ge(EARLIEST) & times.lt(LATEST))


def stands_untimed(found, times):
    """Which cells hold something that is no time and no word for nothing: it has happened, when is not known.

    found: the cells as text; times: what was read of them. A year beyond 2100 is a slip, unless it is the first or the
    last day of one, as a system writes where there is none.
    """
    unread = found.notna() & times.isna() & ~found.str.match(SYSTEM_ZERO, na=False)
    words = found[unread].str.replace(r"[^\w√✓✔]+|_", "", regex=True).str.lower()
    is_nothing = words.isin([*NO_REPLY, ""]) | words.str.match(NOT_YET) | words.str.fullmatch("0+")
    is_nothing &= ~found[unread].str.startswith("#")  # an error value stands for something
    ends_year = times.dt.month.eq(1) & times.dt.day.eq(1) | times.dt.month.eq(12) & times.dt.day.eq(31)
    slip = times.ge(LATEST) & ~ends_year
    return slip | (unread & ~is_nothing.reindex(found.index, fill_value=False))


def join_untimed(untimed, index):
    """The labels of the stages that hold no time but something, joined by 、; missing where none does."""
    said = pd.Series("", index=index, dtype="str")
    for name, stands in untimed.items():
        said = said.mask(stands, said + "、" + schema.label(name))
    said = said.str.removeprefix("、")
    return said.mask(said.eq(""))


def _time_text(value):
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, float) and EXCEL_DAYS[0] <= value <= EXCEL_DAYS[1]:
        return repr(value)
    return plain_number(value)


def plain_number(value):
    """A cell as text, a whole number without its .0."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _plain_time(text):
    """Text of a time in half-width characters, without weekday, in 24 hours, its parts apart."""
    text = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text))
    if len(text) > LONGEST or (
        not text.isascii() and re.search(r"[^\x00-\x7f]", re.sub(r"[\u4e00-\u9fff]", "", text))
    ):
        return ""  # no time is written so
    text = WEEKDAY.sub(" ", text).strip().removeprefix("'")
    if re.fullmatch(r"[0-9]{5}(?:\.[0-9]+)?", text):
        return _serial_text(float(text)) or text
    if parts := COMPACT.fullmatch(text):
        year, month, day, *clock = parts.groups()
        return f"{year}-{month}-{day}" + (f" {clock[0]}:{clock[1]}:{clock[2] or '00'}" if clock[0] else "")
    return HALF_DAY.sub(_full_day, text)


def _serial_text(days):
    """A spreadsheet's day number as a date; whole days are bare dates."""
    if not EXCEL_DAYS[0] <= days <= EXCEL_DAYS[1]:
        return None
    moment = EXCEL_ZERO + pd.Timedelta(seconds=round(days * 86_400))
    return f"{moment:%Y-%m-%d}" if days.is_integer() else str(moment)


def _full_day(match):
    half, hour = match.group(1).lower(), int(match.group(2))
    is_late = half in ("下午", "晚上", "pm") or (half == "中午" and hour < 11)
    return str(hour % 12 + 12) if is_late else str(hour % 12 if half == "am" else hour)


def _parse_text(text, day_end):
    zoned = text.str.contains(OFFSET, regex=True, na=False)
    parts = text.mask(zoned).str.extract(f"^{TIME.pattern}$").apply(pd.to_numeric)
    clock = parts[["hour", "minute", "second"]].fillna(0)
    midnight = clock["hour"].eq(24) & clock[["minute", "second"]].eq(0).all(axis=1)
    possible = midnight | (clock["hour"].le(23) & clock["minute"].le(59) & clock["second"].lt(60))
    days = pd.to_datetime(parts[["year", "month", "day"]], errors="coerce").where(possible)
    moment = pd.to_timedelta(clock["hour"] * 3600 + clock["minute"] * 60 + clock["second"], unit="s")
    times = days + moment.dt.round("us")  # 9:03:07.688 as it stands
    if day_end:
        times = times.mask(parts["hour"].isna() & days.notna(), days + DAY_END)
    if zoned.any():
        times = times.astype("datetime64[us]")
        moments = pd.to_datetime(text[zoned], utc=True, errors="coerce", format="ISO8601")
        moments = moments.astype("datetime64[us, UTC]")
        times[zoned] = moments.dt.tz_convert(LOCAL_TIME).dt.tz_localize(None)
    return times
