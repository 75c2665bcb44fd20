"""Every header of a sheet: the column it is read as, or why it is not read and what is near."""

import pandas as pd

from toolkit import schema
from toolkit.errors import nearest
from toolkit.loading import masking
from toolkit.loading.header_rows import folded
from toolkit.loading.personal_columns import tell_kinds

HEADERS = ["file", "sheet", "header", "column", "hint", "person"]  # person: whose data, where no column tells


def tell_headers(sheet, names, assigned, settings, rows):
    """Every header of the sheet: the column it is read as, or why it is not and what is near.

    A column that is not read holds persons' data where its header or its values say so.
    """
    columns = {position: column for column, positions in assigned.items() for position in positions}
    hints = _hint_headers(names, columns, assigned, settings)
    persons = {folded(word): c.name for c in schema.PERSONAL for word in settings.columns.get(c.name, [])}
    unread = [at for at, name in enumerate(names) if at not in columns and folded(name) not in persons]
    kinds = dict(zip(unread, tell_kinds(rows, unread), strict=True))
    shown = masking.mask_texts(pd.Series(names, dtype="str"))
    found = []
    for at, name in enumerate(names):
        person = "" if at in columns else persons.get(folded(name)) or kinds[at]
        if person and folded(name) not in persons:
            hints[at] = f"内容像{schema.label(person)}，已遮盖。{hints[at]}"
        header = name if at in columns else shown[at]
        found.append((sheet.file, sheet.name, header, columns.get(at, ""), hints[at], person))
    return pd.DataFrame(found, columns=HEADERS)


def _hint_headers(names, columns, assigned, settings):
    """What is to be said of each header; columns: position → the column it is read as."""
    variants = {folded(word): word for words in settings.columns.values() for word in words}
    words, hints = [folded(name) for name in names], []
    for at, word in enumerate(words):
        if at in columns:
            may_be = [name for name, known in settings.columns.items() if word in map(folded, known)]
            hints.append(_other_reading(columns[at], may_be, assigned))
        elif word in words[:at]:
            hints.append("列名重复，只取第一列")
        else:
            hints.append(_hint(names[at], variants, settings.undecided) if word else "")
    return hints


def _other_reading(column, may_be, assigned):
    """What else a header can be that was read as a column only because no other header is."""
    others = [name for name in may_be if name != column and name not in assigned and column in may_be]
    return f"也可能是{'、'.join(map(schema.label, others))}，请核对" if others else ""


def _hint(name, variants, undecided):
    """Why a header is not read: two things in one word, a second of its kind, or only near to a known one."""
    reason = {folded(word): why for word, why in undecided.items()}.get(folded(name))
    if reason:
        return f"{reason}，未采用"
    return "同义列已取另一列" if folded(name) in variants else nearest(name, list(variants.values())).strip()
