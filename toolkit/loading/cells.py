"""Cells as found → typed columns: text, counts, words of a vocabulary, units, categories, ticket numbers."""

import re
import unicodedata
from functools import partial

import pandas as pd

from toolkit import schema
from toolkit.loading.issues import KEPT, REPAIRED, list_issues, with_place
from toolkit.loading.rows import contains, tell_distinct, without_blanks
from toolkit.loading.sheet import ERROR_VALUES, FORMULA
from toolkit.loading.time_cells import (
    DAY_END,
    EARLIEST,
    LATEST,
    NULL_DATE,
    drop_impossible,
    join_untimed,
    plain_number,
    stands_untimed,
    to_time,
)
from toolkit.loading.unit_names import name_units

NUMBERS = ["related_id", "caller_phone", "caller_id_card"]  # as ticket numbers, text and never a quantity
DUE = ["platform_due_at", "extended_due_at"]
YES, NO = {"是", "有", "√", "true", "y"}, {"否", "无", "false", "n"}


def type_columns(rows, settings):
    """Every column under its type; the issues of cells that could not be read, and of those repaired."""
    typed, issues, untimed = {name: rows[name] for name in schema.ORIGIN}, [], {}
    place = with_place(rows)
    for name in rows.columns.difference(schema.ORIGIN, sort=False):
        kind = schema.BY_NAME[name].kind
        read = _to_kind(rows[name], name, kind)
        typed[name] = drop_impossible(read) if kind == "time" else read
        if kind in ("time", "count"):
            found = to_text(rows[name])
            issues.append(_list_unreadable(place, name, found, read, kind))
            issues.append(_list_retyped(place, name, found, typed[name], kind))
        if kind == "time":
            untimed[name] = stands_untimed(found, read)
            impossible = read.notna() & typed[name].isna()
            issues.append(_list_impossible(place, name, found, impossible, untimed[name]))
    typed["untimed"] = join_untimed(untimed, rows.index)
    worded = use_vocabulary(pd.DataFrame(typed, index=rows.index), settings.values)
    named = name_units(worded, settings)
    if "unit" in rows:
        issues.append(list_repairs(place, "unit", worded["unit"], named["unit"], "单位名称归一"))
    return unify_categories(link_parts(named)), issues


def _to_kind(values, name, kind):
    if kind == "time":
        return to_time(values, day_end=name in DUE)
    if kind == "count":
        return to_count(values)
    return to_id(values) if name in NUMBERS else to_text(values)


def _list_impossible(rows, name, found, impossible, untimed):
    """Times that stand for no time: one issue for each value of a sheet, with how often it stands there.

    They are blank; a slip under a stage's time tells that the stage has come, when is not known.
    """
    chosen = impossible | found.str.match(NULL_DATE, na=False)
    if not chosen.any():
        return None
    place = ["source_file", "source_sheet", "found"]
    at = rows[chosen].assign(found=found[chosen])
    firsts = at.drop_duplicates(place)
    counts = at.groupby(place, sort=False, dropna=False)["source_row"].size().to_numpy()
    said = [
        f"{value}（共{count}处）" if count > 1 else value
        for value, count in zip(firsts["found"], counts, strict=True)
    ]
    firsts = firsts.assign(ticket_id=firsts["ticket_id"].where(counts == 1))
    is_stage = untimed[firsts.index] & (name in schema.STAGES[1:])
    check = "年份可疑，" + is_stage.map({True: "按时间不明计", False: "按空白计"}).astype("str")
    expected = f"{EARLIEST.year}年至{LATEST.year - 1}年"
    return list_issues(firsts, name, said, check, expected, REPAIRED)


def _list_unreadable(rows, name, found, typed, kind):
    told = found.isin([*ERROR_VALUES, FORMULA])  # of these the reader has told
    lost = typed.isna() & found.notna() & ~found.str.match(NULL_DATE, na=False) & ~told
    expected = "2025-03-04 09:30" if kind == "time" else "整数"
    return list_issues(rows[lost], name, found[lost], "无法识别", expected, KEPT)


def _list_retyped(rows, name, found, typed, kind):
    """A count that was written otherwise; a due date that stands for the end of its day."""
    if kind == "count":
        return list_repairs(rows, name, found, typed.astype("str"), "次数写法归一")
    if name not in DUE:
        return None
    bare = (
        typed.notna() & found.str.len().le(len("2025年03月04日")) & (typed - typed.dt.normalize()).ge(DAY_END)
    )
    return list_repairs(rows[bare], name, found[bare], typed[bare].astype("str"), "截止日期按当日结束计")


def list_repairs(rows, name, found, now, why):
    """An issue for each value that was changed: `value` is what was found, `expected` what stands there now."""
    found, now = found.loc[rows.index], now.loc[rows.index]
    changed = found.notna() & now.notna() & (found != now)
    return list_issues(rows[changed], name, found[changed], why, now[changed], REPAIRED)


def to_text(values):
    """Text without outer white space; whole numbers without their .0; blank is missing."""
    if values.dtype == "object":
        values = values.map(plain_number, na_action="ignore")
    text = without_blanks(values.astype("str"))
    bare = text.str.strip()
    return (
        text if bare.equals(text) else without_blanks(bare)
    )  # nearly always alike: then the cells are held once


NO_NUMBER = {"", "无", "-", "--", "/", "#N/A", "N/A", "NULL", "NONE", "NAN", "TRUE", "FALSE"}


def to_id(values):
    """Ticket numbers as text, half-width, no white space, no .0; a float too long to be exact shows as destroyed.

    A placeholder (无, -, #N/A, a truth value) is no number.
    """
    text = values.map(_id_text, na_action="ignore").astype("str")
    return text.mask(text.str.upper().isin(NO_NUMBER))


def _id_text(value):
    if isinstance(value, float) and abs(value) >= 1e15:
        return f"{value:E}"
    text = unicodedata.normalize("NFKC", plain_number(value))
    text = "".join(c for c in text if not c.isspace() and unicodedata.category(c) != "Cf").removeprefix("'")
    whole, point, zeros = text.partition(".")
    return whole if point and whole.isdecimal() and not zeros.strip("0") else text


def to_count(values):
    """Whole numbers; 是 counts as 1, 否 as 0; full-width digits and a unit such as 次 are understood."""
    text = to_text(values)
    text = text.map(lambda t: unicodedata.normalize("NFKC", t).lower(), na_action="ignore").astype("str")
    text = text.mask(text.isin(YES), "1").mask(text.isin(NO), "0")
    digits = text.str.extract(r"^([0-9]{1,9})(?:\.0+)?次?$", expand=False)
    return pd.to_numeric(digits).astype("Int64")


def join_levels(columns):
    """Columns of category levels as one path; a missing level is skipped."""
    levels = [to_text(column) for column in columns]
    paths = ["/".join(part for part in row if isinstance(part, str)) for row in zip(*levels, strict=True)]
    return pd.Series(paths, index=levels[0].index, dtype="object")


def use_vocabulary(typed, values):
    """The words of a column brought to the one that stands for them; an unknown word stays as found."""
    normal = {}
    for name, vocabulary in values.items():
        if name in typed:
            words = {w: word for word, variants in vocabulary.items() for w in [word, *variants]}
            words = {unicodedata.normalize("NFKC", w): word for w, word in words.items()}
            normal[name] = tell_distinct(typed[name], partial(_bring_to, words))
    return typed.assign(**normal)


def _bring_to(words, found):
    return words.get(unicodedata.normalize("NFKC", found).strip("。 "), found)


def link_parts(typed):
    """A sub-ticket such as 250101000020109-01 names the ticket it is part of."""
    parts = typed.loc[contains(typed["ticket_id"], r"-\pN{1,2}\n?$"), "ticket_id"]
    whole = parts.str.extract(r"^(\w{6,})-\d{1,2}$", expand=False).reindex(typed.index)
    related = (
        typed["related_id"] if "related_id" in typed else pd.Series(None, index=typed.index, dtype="str")
    )
    return typed.assign(related_id=related.fillna(whole))


def unify_categories(typed):
    """Category paths with / between their levels, however the export writes them."""
    if "category" not in typed:
        return typed
    return typed.assign(category=tell_distinct(typed["category"], _unify_path))


def _unify_path(path):
    return re.sub(r"\s*(?:[-—=]*[>＞→»]+|[/／\\|｜])\s*", "/", path).strip("/ ") or None


def as_series(values, index):
    """A text column, missing throughout where the export has none."""
    return pd.Series(pd.NA, index=index, dtype="str") if values is None else values


def split_names(text):
    """The names or words of a cell that holds several."""
    return [part for part in re.split(r"\s*[、,，;；\n]\s*", text) if part] if isinstance(text, str) else []
