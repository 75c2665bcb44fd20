"""Personal data: masked when loaded, so that nothing later can let it out.

A caller becomes a keyed hash: the same caller can be found again, the name cannot. In free text, numbers are
known by their form and check digits (`masking_numbers`), names by what stands beside them (`masking_names`).
Not caught: a name in mid-sentence with nothing beside it that tells a name from a word (unless it is the row's own
caller's), a given name alone, most rare surnames, names written with a dot, a local number without a word such as
电话 before it, a number inside a longer run of letters and digits, a village's house number, an address without
building or unit. `python tests/loading/test_masking.py` says how much is caught and how much is masked in vain.
"""

import re
from itertools import pairwise

import numpy as np
import pandas as pd

from toolkit.loading.folding import BLANKS, fold, replace_spans
from toolkit.loading.masking_names import HAN, NAME_LIKE, NOT_TITLE, hide_names, hide_word, veil
from toolkit.loading.masking_numbers import NUMBER_LIKE, hide_numbers
from toolkit.loading.personal_columns import is_personal
from toolkit.loading.rows import tell_distinct
from toolkit.words.names import ALL_SURNAMES, COMPOUND, SURNAMES, TITLES, WORDS


def mask_text(text):
    """The text without the numbers and names of persons; masking again changes nothing more."""
    masked = hide_names(hide_numbers(text))
    return masked if masked == text else mask_text(masked)


_NO_NAME = tuple("村镇乡局店厂社区所院校县市队处办户主众人员会路街楼号")  # how places and offices end
_WHOLE_NAME = re.compile(
    rf"(?<!{HAN})(?!{WORDS})(?:{COMPOUND}|[{SURNAMES}]){NOT_TITLE}{HAN}{{1,2}}(?<![{''.join(_NO_NAME)}])(?!{HAN})"
)
FEW = 50  # texts that are masked one by one sooner than a pattern is made ready that finds the suspect ones
LONGEST_MESSAGE = 500  # characters of an error that go into a table


def mask_message(text):
    """The text of an error as one line, short, without the numbers and names of persons; a name that stands alone too."""
    line = re.sub(r"\s+", " ", text).strip()[: 2 * LONGEST_MESSAGE]
    masked = _WHOLE_NAME.sub(lambda name: veil(name[0]), mask_text(line))
    return masked[:LONGEST_MESSAGE]


def mask_texts(texts):
    """`mask_text` on a column; only texts that could hold something personal are touched, equal ones once."""
    masked = _mask_where(NAME_LIKE, hide_names, _mask_where([NUMBER_LIKE], hide_numbers, texts))
    changed = masked.notna() & (masked != texts)
    if changed.any():
        masked = masked.copy()
        masked[changed] = mask_texts(masked[changed])
    return masked


def mask_whole(texts, where):
    """The column with each of the named rows' texts that is a person's name as a whole masked: 王某某."""
    whole = where & np.array([isinstance(text, str) and is_personal(text) for text in texts], dtype=bool)
    return texts.mask(whole, texts[whole].map(veil)) if whole.any() else texts


def mask_numbers(texts):
    """A column of recurring words (a unit, a clerk) without numbers of persons; its names are its purpose."""
    words = pd.Series(texts.dropna().unique(), dtype="str")
    masked = _mask_where([NUMBER_LIKE], hide_numbers, words)
    known = dict(zip(words, masked, strict=True))
    return texts if masked.equals(words) else tell_distinct(texts, known.get)


def _mask_where(patterns, mask, texts):
    if texts.isna().all():
        return texts
    suspect = texts.notna()
    if len(texts) > FEW:
        suspect &= np.any([texts.str.contains(pattern, na=False) for pattern in patterns], axis=0)
    if not suspect.any():
        return texts
    places, (codes, distinct) = np.flatnonzero(suspect), pd.factorize(texts[suspect])
    changed = {code: masked for code, text in enumerate(distinct) if (masked := mask(text)) != text}
    touched = np.isin(codes, list(changed))
    if not touched.any():
        return texts
    masked = texts.copy()
    masked.iloc[places[touched]] = [changed[code] for code in codes[touched]]
    return masked


# A caller's column also holds words and offices.
_OWN_NAME = rf"(?!(?:{WORDS})$)(?:{COMPOUND}|[{ALL_SURNAMES}时全边]){NOT_TITLE}{HAN}{{1,2}}"
_PHONE_LIKE = rf"[0-9](?:[ .)-]{{0,3}}[0-9]){{6}}|[０-９]|[0-9][{BLANKS}．）·•‐‑–—−－]"


def mask_own(texts, names, phones):
    """The column without each row's own caller: the name and the phones that stand in the same row.

    names, phones: columns of the same index, missing where not known. A name is believed if it has two to four
    characters and begins with a surname; a phone is found with other separators and without its area code.
    """
    names = names.str.replace(rf"[\s{BLANKS}]|(?:{TITLES})$", "", regex=True)
    both = np.flatnonzero(names.notna() & texts.notna())
    pairs = zip(texts.iloc[both], names.iloc[both], strict=True)
    named = np.zeros(len(texts), dtype=bool)
    named[both] = [name in text for text, name in pairs]
    phoned = texts.str.contains(_PHONE_LIKE, na=False) & phones.notna()
    touched = phoned | named
    if not touched.any():
        return texts
    rows = zip(texts[touched], names[touched], phones[touched], strict=True)
    masked = texts.copy()
    masked[touched] = [_mask_own(*row) for row in rows]
    return masked


def _mask_own(text, name, phone):
    half, places = fold(text)
    if isinstance(name, str) and re.fullmatch(_OWN_NAME, name) and not name.endswith(_NO_NAME):
        text = hide_word(text, half, places, name)
    for number in _phone_forms(phone) if isinstance(phone, str) else ():
        half, places = fold(text)
        if number in re.sub("[ .)-]", "", half):
            mask = number[:3] * (len(number) > 8) + "****"
            text = replace_spans(text, places, [(*span, mask) for span in _find_spread(number, half)])
    return text


def _find_spread(number, text):
    """Where a number stands by itself, with up to three separators between its digits: (start, end) of each place."""
    places = [at for at, character in enumerate(text) if character not in " .)-"]
    bare, start = "".join(text[at] for at in places), 0
    while (start := bare.find(number, start)) >= 0:
        own = places[start : start + len(number)]
        around = text[max(own[0] - 1, 0) : own[0]], text[own[-1] + 1 : own[-1] + 2]
        is_whole = not any(map(str.isdecimal, around))
        if is_whole and all(later - at <= 4 for at, later in pairwise(own)):
            yield own[0], own[-1] + 1
            start += len(number)
        else:
            start += 1


def _phone_forms(phones):
    """The numbers of a cell as digits, longest first: each one, and without its area code."""
    runs = [re.sub(r"\D", "", run) for run in re.findall(r"\d(?:[ .-]{0,3}\d){6,}", fold(phones)[0])]
    runs = [run.removeprefix("86") if len(run) == 13 else run for run in runs]
    local = [run[3 if run[1] in "12" else 4 :] for run in runs if run.startswith("0") and len(run) > 9]
    return sorted({*runs, *local}, key=lambda run: (-len(run), run))
