"""What the values of a column look like: times, ticket numbers, units, phones, persons, words, texts."""

import re

import pandas as pd

from toolkit import schema
from toolkit.loading import cells
from toolkit.loading.personal_columns import PERSON_IN_HEADING, tell_kind
from toolkit.loading.time_cells import to_time

TIME, CARD, PHONE, ID, UNIT, PERSON, WORD, NUMBER, TEXT, OTHER, NOTHING = (
    *("时间", "证件号码", "电话号码", "编号", "单位名称", "人名", "固定用词", "数字", "成段文字"),
    *("短语", ""),
)
OF_PERSONS = {"caller_id_card": CARD, "caller_phone": PHONE, "caller_name": PERSON}
PERSONAL = list(OF_PERSONS.values())
READ, MOST = 500, 0.7  # cells looked at; the share of them that must look alike
SEPARATED = r"[-/.年:]|^[0-9]{8}$"  # a bare run of digits of another length is a number rather than a time
ID_LIKE = r"(?=.*[0-9])[A-Za-z0-9_-]{4,40}"
TIMES, COUNTS = schema.names("time"), schema.names("count")
FITS = {  # the columns that values of a kind can be
    TIME: TIMES,
    CARD: ["caller_id_card"],
    PHONE: ["caller_phone"],
    ID: ["ticket_id", "related_id"],
    UNIT: ["unit", "sub_unit", "co_units", "township"],
    PERSON: ["caller_name", "handler"],
    NUMBER: [*COUNTS, "ticket_id", "related_id"],
    TEXT: [*schema.names("free"), "category"],
}
SHORT = [name for name in schema.names() if name not in [*TIMES, *COUNTS, *schema.ORIGIN, "caller"]]


def kind_of_values(values, settings):
    """The kind the cells of a column are of, and the columns of the ticket table that such values can be.

    values: cells as found; the first 500 filled ones count. A kind is told where at least 0.7 of them look
    like it; words are told by the vocabulary that knows them, persons' data by what masks them (`tell_kind`).
    No value: kind '' and any column.
    """
    found = pd.Series(values, dtype="object")
    texts = cells.to_text(found).dropna().head(READ)
    if texts.empty:
        return NOTHING, [*schema.names(), *(column.name for column in schema.PERSONAL)]
    kind = next((kind for kind, looks in _looks(found[texts.index], texts, settings) if looks), OTHER)
    if kind == WORD:
        return kind, _worded_columns(texts, settings)
    return kind, FITS.get(kind, SHORT)


def _looks(found, texts, settings):
    """Each kind, and whether the values look like it; what is told first counts."""
    bare = texts.str.replace(r"[\s()（）-]", "", regex=True)
    ends = tuple(end for group in settings.unit_groups.values() for end in group)
    timed = to_time(found).notna() & (
        texts.str.contains(SEPARATED) | ~found.map(lambda cell: isinstance(cell, str))
    )
    numeric = bare.str.fullmatch(r"[0-9.]+")
    personal = OF_PERSONS.get(tell_kind(found))
    is_real = found.map(lambda cell: isinstance(cell, (int, float)))
    yield TIME, _mostly(timed & ~is_real)
    yield CARD, personal == CARD
    yield PHONE, personal == PHONE
    yield ID, _mostly(texts.str.fullmatch(ID_LIKE)) and texts.nunique() >= 0.9 * len(texts)
    yield WORD, bool(_worded_columns(texts, settings))
    yield NUMBER, _mostly(numeric)
    yield UNIT, _mostly(texts.str.endswith(ends) & texts.str.len().le(25))
    yield PERSON, personal == PERSON
    yield TEXT, texts.str.len().median() >= 15


def _worded_columns(texts, settings):
    """The columns whose vocabulary knows most of the values, and more of them than any other."""
    known = {
        name: texts.isin({word for kept, variants in words.items() for word in [kept, *variants]}).mean()
        for name, words in settings.values.items()
    }
    best = max(known.values(), default=0)
    return [name for name, share in known.items() if share == best >= MOST]


def _mostly(looks):
    return looks.fillna(False).astype(bool).mean() >= MOST


def looks_like_data(cell):
    """Whether a cell of a first row is a value and no heading: a time, a phone, a person, a number."""
    text = str(cell).strip()
    bare = re.sub(r"[\s()（）-]", "", text)
    if not isinstance(cell, str) or re.fullmatch(rf"{PERSON_IN_HEADING}|[0-9.]+", bare):
        return True
    return bool(re.match(r"[12][0-9]{3}\s*[-/.年]", text)) or bool(
        re.fullmatch(r"(?=.*[0-9]{4})[\w-]+", text)
    )
