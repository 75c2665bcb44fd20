"""Personal data: masked when loaded, so that nothing later can let it out.

A caller becomes a keyed hash: the same caller can be found again, the name cannot.
"""

import hashlib
import os
import re
import secrets

import pandas as pd

from toolkit.policy import PROJECT

KEY_FILE = PROJECT / ".keys" / "caller.key"

# A digit run next to letters or digits is a ticket or serial number, not a phone.
_BEFORE, _AFTER = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
ID_CARD = rf"{_BEFORE}[1-9]\d{{5}}(?:19|20)\d{{2}}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{{3}}[0-9Xx]{_AFTER}"
MOBILE = rf"{_BEFORE}(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{{4}}[- ]?\d{{4}}{_AFTER}"
LANDLINE = rf"{_BEFORE}0\d{{2,3}}[-— ]?\d{{7,8}}{_AFTER}"
NAME = r"(?:我叫|姓名[:：]?|联系人[:：]?|本人叫)\s?(?P<name>[\u4e00-\u9fa5]{2,3})(?=[，,。；;、\s（(]|$)"

_NUMBERS = re.compile("|".join([ID_CARD, MOBILE, LANDLINE]))
_NAMES = re.compile(NAME)
_SUSPECT = r"\d[\d\- —]{6,}|我叫|姓名|联系人|本人叫"


def mask_text(text):
    """The text without phone numbers, identity numbers and names that introduce themselves."""
    text = _NUMBERS.sub(_mask_number, text)
    return _NAMES.sub(_mask_name, text)


def mask_texts(texts):
    """`mask_text` on a column; only texts that could hold something personal are touched."""
    suspect = texts.str.contains(_SUSPECT, regex=True, na=False)
    if not suspect.any():
        return texts
    masked = texts.copy()
    masked[suspect] = [mask_text(text) for text in texts[suspect]]
    return masked


def _mask_number(match):
    digits = match.group()
    return f"{digits[:3]}****{digits[-2:]}"


def _mask_name(match):
    name = match.group("name")
    return match.group().replace(name, name[0] + "某" * (len(name) - 1))


def hash_callers(names, phones, id_cards, key):
    """A keyed hash for each caller, from the identity number, else the phone, else the name.

    Missing where the export names no caller. Phones are compared by their digits alone.
    """
    digits = phones.str.replace(r"\D", "", regex=True).str.removeprefix("86")
    known = id_cards.str.upper().where(id_cards.notna(), digits.where(digits.str.len() >= 7))
    known = known.where(known.notna(), names)
    callers = {who: _keyed_hash(who, key) for who in known.dropna().unique()}
    return known.map(callers).astype("str")


def _keyed_hash(text, key):
    return hashlib.blake2b(text.encode(), key=key, digest_size=8).hexdigest()


def caller_key(path=None):
    """The key of the callers' hashes: read from its file, made there at first use.

    The file belongs outside `outputs/` and is readable by its owner only; without it the same caller
    cannot be found across exports.
    """
    path = KEY_FILE if path is None else path
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(32))
    return path.read_bytes()


def as_series(values, index):
    """A text column, missing throughout where the export has none."""
    return pd.Series(pd.NA, index=index, dtype="str") if values is None else values
