"""What the office did in the workbook, brought into the register: its own cells are taken, all else is told and undone."""

import pandas as pd

from toolkit.loading.time_cells import to_time
from toolkit.supervising.books import CHANGES, TIME_CELLS, no_changes, say_time, say_times
from toolkit.supervising.entries import COLUMNS, FOUND, OFFICE_CELLS, TOLD, type_entries

NO_NUMBER, STRANGE, TWICE = "没有编号的行，未登记", "编号不在台账，未登记", "编号重复"
DELETED, NO_COLUMN, CLEARED = "行已被删除，已恢复", "栏目已被删除或改名，已按原内容恢复", "内容已清空"
REPLACED, DIFFERS, OVERRULED = "内容已改", "两处填写不一", "本栏由程序填写，改动不生效"
OTHERS = "自加的工作表不随新台账写出，原文件另存"
OLD = "旧文件中的改动，未采用"
SHOWN = 2_000  # characters of a cell that are told


def merge_books(entries, books, edition, is_beside, found_on):
    """The entries with what the office wrote in the books, and what it changed that is not taken or must be told.

    entries: as they were last written, which is what each book showed then. books: the workbook, and the one written
    beside it while it was open; where none was (`is_beside`), a second one is left over, and nothing in it is taken.
    A cell that differs in both, or in two rows of one number, keeps the first that is filled.
    """
    found, rows = [], []
    for place, book in enumerate(books):
        own, told = _sort_rows(book, entries)
        found += [told, _find_overruled(own, entries, book, edition)]
        rows.append(own.assign(file=book.file, is_old=bool(place) and not is_beside))
    if books and not entries.empty:
        found.append(_find_deleted(entries, books, rows))
    found += [_tell_others(book) for book in books if book.others]
    edits = _list_edits(entries, rows)
    merged = _apply(entries, edits[~edits["is_old"]])
    is_behind = bool(books) and not is_beside and books[0].edition not in (None, edition)
    found.append(_tell_edits(edits, is_behind))
    changes = pd.concat([no_changes(), *found]).assign(found_on=found_on)
    return type_entries(merged), changes[CHANGES].astype("str").drop_duplicates(ignore_index=True)


def _change(rows, kind, said, column=""):
    """One change a row; rows have number and file."""
    return pd.DataFrame(
        {"file": rows["file"], "number": rows["number"], "column": column, "kind": kind, "said": said}
    )


# --- rows ------------------------------------------------------------------------------------------


def _sort_rows(book, entries):
    """The rows of a book that belong to an entry; and those that do not, with all they hold, and those told twice."""
    rows = book.rows.assign(file=book.file)
    rows = rows.assign(number=rows["number"].str.strip())
    is_known = rows["number"].isin(entries["number"])
    said = (
        rows.drop(columns=["number", "file", "sheet"]).apply(_say_row, axis=1)
        if len(rows)
        else pd.Series(dtype="str")
    )
    strange = rows[~is_known]
    kinds = strange["number"].isna().map({True: NO_NUMBER, False: STRANGE})
    twice = rows[is_known & rows.duplicated(["number", "sheet"], keep="first")]
    told = [_change(strange, kinds, said[~is_known]), _change(twice, TWICE, said[twice.index])]
    if len(rows):
        told.append(_find_missing_columns(rows, entries, book))
    return rows[is_known], pd.concat(told)


def _find_missing_columns(rows, entries, book):
    """The register's columns that the book no longer has, with the office's new ones, where their cells may now stand."""
    new = [name for name in rows if name not in [*COLUMNS, *entries, "file", "sheet"]]
    said = f"表内新加的栏“{'”、“'.join(new)}”照留；填在其中的不作本栏内容，请移到本栏" if new else ""
    missing = [column.label for name, column in COLUMNS.items() if name not in rows]
    return pd.DataFrame(
        {"file": book.file, "number": "", "column": missing, "kind": NO_COLUMN, "said": said}, dtype="str"
    )


def _say_row(row):
    return "；".join(
        f"{_label(name)}：{str(value)[:SHOWN]}" for name, value in row.items() if isinstance(value, str)
    )


def _label(name):
    return COLUMNS[name].label if name in COLUMNS else name


def _tell_others(book):
    said = {"file": book.file, "number": "", "column": "", "kind": OTHERS, "said": "、".join(book.others)}
    return pd.DataFrame([said])


def _find_deleted(entries, books, rows):
    """Entries that a book held when it was written, and that stand in none now."""
    editions = [book.edition for book in books]
    newest = None if None in editions else max(editions)
    held = entries["entered"].le(newest).fillna(True) if newest is not None else True
    gone = entries[~entries["number"].isin(pd.concat(rows)["number"]) & held]
    return _change(gone.assign(file=books[0].file), DELETED, gone["title"].fillna(""))


def _find_overruled(rows, entries, book, edition):
    """Cells of the register's own columns that differ from what was written."""
    kept = entries.drop_duplicates("number").set_index("number").reindex(rows["number"])
    names = [column.name for column in [*TOLD[1:], *(FOUND if book.edition == edition else [])]]
    parts = []
    for name in names:
        if name not in rows:
            continue
        given, own = _as_written(rows[name], name), _as_written(kept[name].set_axis(rows.index), name)
        differs = given.fillna("").ne(own.fillna(""))
        if not differs.any():
            continue
        said = "表内为“" + rows[name].fillna("").str[:SHOWN] + "”，台账为“" + own.fillna("").str[:SHOWN] + "”"
        parts.append(_change(rows[differs], OVERRULED, said[differs], _label(name)))
    return pd.concat(parts) if parts else no_changes()


def _as_written(values, name):
    """Cells as they are compared: times by their day or minute, texts without their line breaks."""
    if COLUMNS[name].kind != "time":
        return values.str.replace(r"\s+", " ", regex=True).str.strip()
    step = "D" if name in ("issued_on", "answer_by") else "min"
    return to_time(values).dt.floor(step).map(say_time, na_action="ignore").astype("str")


# --- cells -----------------------------------------------------------------------------------------


def _list_edits(entries, rows):
    """Every cell of the office's columns that differs from what was last written: number, column, value, before."""
    parts = []
    kept = entries.set_index("number")
    for own in rows:
        extra = [name for name in own if name not in [*COLUMNS, "file", "sheet", "is_old"]]
        for name in [*(name for name in OFFICE_CELLS if name in own), *extra]:
            before = kept[name].reindex(own["number"]).set_axis(own.index) if name in kept else None
            before = pd.Series(None, index=own.index, dtype="str") if before is None else before
            value = own[name].str.strip()
            if name in TIME_CELLS:
                value = say_times(value, kept["issued_on"].reindex(own["number"]).set_axis(own.index))
            cells = own[["file", "number", "is_old"]].assign(column=name, value=value, before=before)
            parts.append(cells[value.fillna("").ne(before.fillna(""))])
    columns = ["file", "number", "is_old", "column", "value", "before"]
    edits = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return edits.astype({"is_old": "bool"})


def _apply(entries, edits):
    """The entries with the edited cells; of several for one cell the first that is filled."""
    ordered = edits.assign(is_blank=edits["value"].isna()).sort_values("is_blank", kind="stable")
    wide = ordered.drop_duplicates(["number", "column"])
    merged = entries.set_index("number")
    for name, own in wide.groupby("column", sort=False):
        before = merged[name] if name in merged else pd.Series(None, index=merged.index, dtype="str")
        values = own.set_index("number")["value"].reindex(merged.index)
        merged = merged.assign(**{name: before.mask(merged.index.isin(own["number"]), values)})
    extra = [name for name in edits["column"].unique() if name not in merged]
    return merged.assign(**{name: None for name in extra}).reset_index()


def _tell_edits(edits, is_behind):
    """Of the edits those that must be told: what was cleared, what stands twice and differs, what is not taken."""
    taken = edits[~edits["is_old"]]
    choices = taken.assign(value=taken["value"].fillna("")).drop_duplicates(["number", "column", "value"])
    several = choices[choices.duplicated(["number", "column"], keep=False)]
    single = taken[
        ~taken.set_index(["number", "column"]).index.isin(several.set_index(["number", "column"]).index)
    ]
    replaced = single[single["before"].notna() & (single["value"].isna() | is_behind)]
    kinds = replaced["value"].isna().map({True: CLEARED, False: REPLACED})
    old = edits[edits["is_old"]]
    parts = [
        _change(
            several, DIFFERS, "此处为“" + several["value"].str[:SHOWN] + "”", several["column"].map(_label)
        ),
        _change(
            replaced, kinds, "原为“" + replaced["before"].str[:SHOWN] + "”", replaced["column"].map(_label)
        ),
        _change(old, OLD, "写的是“" + old["value"].fillna("").str[:SHOWN] + "”", old["column"].map(_label)),
    ]
    return pd.concat(parts)
