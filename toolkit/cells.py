"""Cells as found → typed columns: times in every shape, counts, words of a vocabulary, ticket numbers."""

import datetime as dt
import re
import unicodedata

import pandas as pd

from toolkit import schema

TIME = re.compile(
    r"\s*(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?"
    r"(?:[T\s]*(?P<hour>\d{1,2})\s*[:时点]\s*(?P<minute>\d{1,2})?\s*分?(?:\s*:?\s*(?P<second>\d{1,2})(?:\.\d+)?\s*秒?)?)?\s*"
)
OFFSET = r"(?:Z|[+-]\d{2}:?\d{2})$"
LOCAL_TIME = "Asia/Shanghai"
EXCEL_ZERO = pd.Timestamp("1899-12-30")
EXCEL_DAYS = (20_000, 80_000)  # 1954 to 2119: a bare number outside is no date
DUE = ["platform_due_at", "extended_due_at"]
YES, NO = {"是", "有", "√", "true", "y"}, {"否", "无", "false", "n"}


def type_columns(rows, settings):
    """Every column under its type, and the issues of cells that could not be read as such."""
    typed, doubts = {name: rows[name] for name in schema.ORIGIN}, []
    for name in rows.columns.difference(schema.ORIGIN, sort=False):
        kind = schema.BY_NAME[name].kind
        if kind == "time":
            typed[name] = to_time(rows[name], day_end=name in DUE)
        elif kind == "count":
            typed[name] = to_count(rows[name])
        else:
            typed[name] = to_text(rows[name])
        if kind in ("time", "count"):
            doubts.append(_unreadable(rows, name, typed[name], kind))
    typed = pd.DataFrame(typed, index=rows.index)
    return name_units(use_vocabulary(typed, settings.values), settings), pd.concat(doubts or [pd.DataFrame()])


def _unreadable(rows, name, typed, kind):
    lost = typed.isna() & to_text(rows[name]).notna()
    found = rows[lost]
    return pd.DataFrame(
        {
            "file": found["source_file"],
            "sheet": found["source_sheet"],
            "row": found["source_row"],
            "ticket_id": found["ticket_id"],
            "column": name,
            "value": found[name].astype("str"),
            "check": "无法识别",
            "expected": "2025-03-04 09:30" if kind == "time" else "a whole number",
            "kind": "kept",
        }
    )


def to_text(values):
    """Text without outer white space; whole numbers without their .0; blank is missing."""
    if values.dtype == "object":
        values = values.map(_plain_number, na_action="ignore")
    text = values.astype("str").str.strip()
    return text.mask(text == "")


def _plain_number(value):
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def to_id(values):
    """Ticket numbers as text, half-width, no white space; a float too long to be exact shows as destroyed."""
    exact = values.map(_id_text, na_action="ignore").astype("str")
    text = exact.map(lambda t: re.sub(r"\s+", "", unicodedata.normalize("NFKC", t)), na_action="ignore")
    text = text.astype("str").str.removeprefix("'")
    return text.mask(text == "")


def _id_text(value):
    if isinstance(value, float) and abs(value) >= 1e15:
        return f"{value:E}"
    return _plain_number(value)


def to_count(values):
    """Whole numbers; 是 counts as 1, 否 as 0; full-width digits and a unit such as 次 are understood."""
    text = to_text(values)
    text = text.map(lambda t: unicodedata.normalize("NFKC", t).lower(), na_action="ignore").astype("str")
    text = text.mask(text.isin(YES), "1").mask(text.isin(NO), "0")
    digits = text.str.extract(r"^(\d{1,9})(?:\.0+)?次?$", expand=False)
    return pd.to_numeric(digits).astype("Int64")


def to_time(values, day_end=False):
    """Local times from dates, spreadsheet serials and text; what cannot be read is missing.

    day_end: a bare date means the end of that day, as a due date does, instead of its start.
    """
    if pd.api.types.is_datetime64_any_dtype(values):
        return values.astype("datetime64[us]")
    numbers = pd.to_numeric(values.where(values.map(_is_number)), errors="coerce")
    serial = numbers.where(numbers.between(*EXCEL_DAYS))
    from_serial = EXCEL_ZERO + pd.to_timedelta((serial * 86_400).round(), unit="s")
    text = values.mask(numbers.notna()).map(_time_text, na_action="ignore").astype("str")
    text = text.map(lambda t: unicodedata.normalize("NFKC", t), na_action="ignore").astype("str")
    return from_serial.fillna(_parse_text(text, day_end)).astype("datetime64[us]")


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _time_text(value):
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat(sep=" ") if isinstance(value, dt.datetime) else value.isoformat()
    return str(value)


def _parse_text(text, day_end):
    has_offset = text.str.contains(OFFSET, regex=True, na=False) & text.str.contains(":", na=False)
    parts = text.mask(has_offset).str.extract(f"^{TIME.pattern}$")
    parts = parts.apply(pd.to_numeric)
    bare = parts["hour"].isna() & parts["day"].notna()
    times = pd.to_datetime(parts.fillna({"hour": 0, "minute": 0, "second": 0}), errors="coerce")
    if day_end:
        times = times.mask(bare, times + pd.Timedelta(days=1) - pd.Timedelta(seconds=1))
    if has_offset.any():
        zoned = pd.to_datetime(text[has_offset], utc=True, errors="coerce", format="ISO8601")
        times[has_offset] = zoned.dt.tz_convert(LOCAL_TIME).dt.tz_localize(None)
    return times


def join_levels(table, positions):
    """Columns of category levels as one path; a missing level is skipped."""
    levels = [to_text(table[position]) for position in positions]
    paths = ["/".join(part for part in row if isinstance(part, str)) for row in zip(*levels, strict=True)]
    return pd.Series(paths, index=table.index, dtype="object")


def use_vocabulary(typed, values):
    """The words of a column brought to the one that stands for them; an unknown word stays as found."""
    normal = {}
    for name, vocabulary in values.items():
        if name in typed:
            words = {w: word for word, variants in vocabulary.items() for w in [word, *variants]}
            found = typed[name].map(
                lambda w: unicodedata.normalize("NFKC", w).strip("。 "), na_action="ignore"
            )
            words = {unicodedata.normalize("NFKC", w): word for w, word in words.items()}
            normal[name] = found.map(words).astype("str").fillna(typed[name])
    return typed.assign(**normal)


def name_units(typed, settings):
    """Units under the name that counts, co-units apart, and their group where the export has none."""
    if "unit" not in typed:
        return typed
    unit = typed["unit"].str.replace(r"\s+", "", regex=True).replace(settings.unit_aliases)
    group = unit.map({name: _group_of(name, settings.unit_groups) for name in unit.dropna().unique()})
    given = typed["unit_group"] if "unit_group" in typed else pd.Series(None, index=typed.index, dtype="str")
    return typed.assign(unit=unit, unit_group=given.fillna(group.astype("str")))


def _group_of(unit, groups):
    return next((group for group, ends in groups.items() if unit.endswith(tuple(ends))), None)
