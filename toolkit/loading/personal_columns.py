"""What kind of personal data the values of a column are, told by the values where the header does not tell."""

import re

import pandas as pd

from toolkit.loading.folding import fold
from toolkit.words.names import ALL_SURNAMES, COMPOUND, RARER, SURNAMES, TITLES, WORDS

NAME, PHONE, CARD = "caller_name", "caller_phone", "caller_id_card"
# How places, offices and words end.
_NO_ENDING = "村镇乡局店厂社区所院校县市队处办户主众人员会路街楼号科股室站园件级类度性量型式费款"
_GIVEN = "[\u4e00-\u9fff]{1,2}"
_MASKED = "[*某＊×xX]{1,2}"
SHAPES = {
    PHONE: (
        r"(?:tel[:：]?)?(?:(?:\+|00)?86[ -]?)?1[3-9](?:[ .*×xX-]{0,2}[0-9*×xX]){9}"
        r"|\(?0[0-9]{2,3}\)?[ -]{0,2}[2-9][0-9]{6,7}(?:(?:-|转)[0-9]{1,5})?"
    ),
    CARD: r"[1-9][0-9]{5}(?:18|19|20)[0-9*]{9}[0-9Xx*]|[1-9][0-9]{5}[ *]{4,}[0-9*]{3,4}[0-9Xx*]",
    NAME: (
        rf"(?:{COMPOUND}|[{ALL_SURNAMES}])(?:{_GIVEN}|{_MASKED})"
        rf"|(?:{COMPOUND}|[{ALL_SURNAMES}]){_GIVEN}?(?:{TITLES})"
    ),
}
# In the place of a heading: there the rarest surnames begin words such as 来源, and only a word as a whole is none.
PERSON_IN_HEADING = (
    rf"{SHAPES[PHONE]}|{SHAPES[CARD]}"
    rf"|(?!(?:{WORDS})$)(?:{COMPOUND}|[{SURNAMES}{RARER}])(?:{_GIVEN}|{_MASKED}|(?:{TITLES}))"
)
_SEVERAL = r"[、,，;；/／\s|]+"  # between several persons or numbers of one cell
ENOUGH = 0.5  # of the distinct values
LOOKED_AT = 1000  # filled cells of a column
_CELL = re.compile("|".join(SHAPES.values()))


def tell_kind(values):
    """What persons' data a column of values holds: caller_name, caller_phone, caller_id_card, or "" for none.

    values: the cells as they stand, blanks missing. Half of the distinct values must look so, numbers before names:
    a column of categories has few words and hardly one in ten begins with a surname and ends like no place.
    """
    distinct = pd.Series(pd.unique(_as_text(values).dropna()), dtype="str")
    return next((kind for kind in SHAPES if len(distinct) and look_like(distinct, kind).mean() >= ENOUGH), "")


def look_like(texts, kind):
    """Whether each text, or the first of several in it, is a number or name of that kind as a whole."""
    firsts = texts.str.strip().str.split(_SEVERAL, n=1, regex=True).str[0]
    whole = (texts.str.fullmatch(SHAPES[kind]) | firsts.str.fullmatch(SHAPES[kind])).fillna(False)
    if kind != NAME:
        return whole.astype(bool)
    is_word = firsts.str.match(WORDS) | firsts.str.contains(f"[{_NO_ENDING}]$")
    return (whole & ~is_word.fillna(False)).astype(bool)


def is_personal(text):
    """Whether a text is, as a whole, a number or name of a person."""
    half = fold(text)[0].strip()
    return bool(_CELL.fullmatch(half)) and not re.match(WORDS, half) and half[-1] not in _NO_ENDING


def tell_kinds(rows, positions):
    """The kind of each of these columns of a sheet's rows; only the first thousand filled cells are looked at."""
    columns = (rows.column(at) for at in positions)
    return [tell_kind(cells[cells.notna() & cells.ne("")].head(LOOKED_AT).tolist()) for cells in columns]


def _as_text(values):
    """The cells as folded text, whole numbers without their .0; blank is missing."""
    texts = pd.Series(values, dtype="object").map(_text, na_action="ignore").astype("str").str.strip()
    return texts.mask(texts == "")


def _text(cell):
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return fold(str(cell))[0]
