"""The caller's keyed hash: the same caller, no name."""

import hashlib
import os
import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import pandas as pd

from toolkit.errors import ParameterError
from toolkit.loading.folding import fold
from toolkit.loading.masking import mask_text
from toolkit.loading.rows import tell_distinct
from toolkit.loading.time_cells import plain_number
from toolkit.settings import PROJECT
from toolkit.words.names import NO_PERSON, TITLES

KEY_FILE = PROJECT / ".keys" / "caller.key"
SHORTEST_KEY = 16  # bytes
AT_ONCE = (
    500  # callers that a thread takes: each is no task of its own, which would take more room than its hash
)
COST = {"n": 128, "r": 8, "p": 1}  # of scrypt: 0.2 ms and 128 KB a caller

_MOBILE = re.compile(r"(?<!\d)(?:\+?(?:00)?86[ -]?)?(1[3-9](?:[ .()-]{0,2}\d){9})(?!\d)", re.ASCII)
_OTHER = re.compile(r"(?<![\dA-Za-z])(\d(?:[ .()-]{0,2}\d){6,11})(?!\d)", re.ASCII)
_MASKED = re.compile(r"\d{2,}[*xX×]{2,}\d{2,}", re.ASCII)
_PLACEHOLDER = re.compile(r".*(\d)\1{6,}|0?1?2?1234567\d*", re.ASCII)
_CARD = re.compile(r"[A-Z]{0,3}\d{6,17}[\dX]", re.ASCII)
_SERIES = 20  # so many numbers like phones, few beginnings among them: the platform's own numbers
_ACCOUNT = re.compile(r"(?=.*\d)[\w.@-]{4,}", re.ASCII)
_FULL_NAME = re.compile(rf"(?!.*(?:{TITLES}|{NO_PERSON}))[\u4e00-\u9fff]{{2,4}}")


def hash_callers(names, phones, id_cards, key):
    """A keyed hash for each caller, from the identity number, else the phone; missing where neither is known.

    names, phones, id_cards: text columns of the same index. A name alone never tells who called: 李先生 is many
    people, and so is 王伟. It counts only beside a number of which the platform shows a part (138****5678), both
    together; a user's account in place of a name (A00074795) identifies as a number does. A placeholder
    (00000000000) is no number. A caller that is not known is missing, and nothing is said about how often it called.

    The hash is scrypt with the key as salt, about 0.2 ms a caller and core. Who has the key and a hash tries all
    10^10 phone numbers in about 25 days of one core, and in hours on rented ones: the guard is that the key file
    stays secret; the cost only keeps a leaked key from opening every caller on the spot.
    """
    known = _identify(names, phones, id_cards)
    distinct = known.dropna().unique().tolist()
    parts = [distinct[at : at + AT_ONCE] for at in range(0, len(distinct), AT_ONCE)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # scrypt works outside Python's lock
        hashes = list(
            chain.from_iterable(pool.map(lambda part: [_keyed_hash(who, key) for who in part], parts))
        )
    return tell_distinct(known, dict(zip(distinct, hashes, strict=True)).get)


def _identify(names, phones, id_cards):
    """What tells each caller from all others: a number, or a full name with the part of a number that is shown."""
    numbers = _each(id_cards, _card_number)
    for column in (phones, names):
        numbers = numbers.fillna(_each(column, _phone_number))
    shown = _each(id_cards, _shown_part).fillna(_each(phones, _shown_part))
    return numbers.fillna(_each(names, _account)).fillna(_each(names, _full_name) + "|" + shown)


def _each(texts, tell):
    """What is told of each distinct text, folded and without outer blanks."""
    return tell_distinct(texts, lambda text: tell(fold(text)[0].strip()))


def _card_number(text):
    text = text.replace(" ", "").upper()
    return text if _CARD.fullmatch(text) and not _PLACEHOLDER.fullmatch(text) else None


def _phone_number(text):
    found = _MOBILE.search(text) or _OTHER.search(text)
    digits = re.sub(r"\D", "", found[1]) if found and not _MASKED.search(text) else ""
    return digits if digits and not _PLACEHOLDER.fullmatch(digits) else None


def _shown_part(text):
    found = _MASKED.search(text.replace(" ", ""))
    return re.sub("[xX×]", "*", found[0]) if found else None


def _account(text):
    return text if _ACCOUNT.fullmatch(text) and not _PLACEHOLDER.fullmatch(text) else None


def _full_name(text):
    text = re.sub(r"\s", "", text)
    return text if _FULL_NAME.fullmatch(text) else None


def hide_numbers_of_persons(rows, key):
    """The rows of a sheet with no phone or identity number as a ticket's number, and whether each row had one.

    Such a number was typed into the wrong cell: in its place stands what may be shown of it and a keyed hash
    (138****78·3fa9c1), the same in every table, so that rows of one number stay together. Numbers that most
    tickets have in the form of an identity number, or in few series in the form of a phone, are the platform's own.
    """
    shown, hidden = dict(rows), pd.Series(False, index=rows.index)
    for name in ("ticket_id", "related_id"):
        if name in rows and rows[name].notna().any():
            texts = rows[name].map(lambda cell: fold(plain_number(cell))[0].strip(), na_action="ignore")
            is_number = _are_persons_numbers(texts.astype("str"))
            if is_number.any():
                stand_ins = texts[is_number].map(lambda number: _stand_in(number, key))
                shown[name] = rows[name].astype("object").mask(is_number, stand_ins)
            hidden |= is_number
    return pd.DataFrame(shown, index=rows.index), hidden


def _are_persons_numbers(texts):
    phones = texts.str.fullmatch("1[3-9][0-9]{9}").fillna(False).astype(bool)
    is_series = phones.sum() >= _SERIES and texts[phones].str[:5].nunique() <= phones.sum() / _SERIES
    cards = texts.str.fullmatch("[1-9][0-9]{16}[0-9Xx]").fillna(False).astype(bool)
    is_form = cards.sum() > len(texts) / 2  # area, date and serial make eighteen digits as well
    cards &= texts.where(cards).map(lambda text: mask_text(text) != text, na_action="ignore").eq(True)
    return (phones & (not is_series)) | (cards & (not is_form))


def _stand_in(number, key):
    return f"{number[:3]}****{number[-2:]}·{_keyed_hash(number, key)[:6]}"


def tell_households_apart(addresses, masked, key):
    """The masked addresses, each that lost its door with a keyed mark of the whole: 7号楼*单元*室〔户3fa〕.

    Rules ask whether two tickets are about one place: the households of a building must stay different places.
    """
    hidden = masked.str.contains("*", regex=False, na=False) & (addresses != masked)
    marks = {
        text: hashlib.blake2b(text.encode(), key=key[:64], digest_size=2).hexdigest()[:3]
        for text in addresses[hidden].unique()
    }
    return masked.mask(hidden, masked[hidden] + "〔户" + addresses[hidden].map(marks) + "〕")


def _keyed_hash(text, key):
    return hashlib.scrypt(text.encode(), salt=key, dklen=8, **COST).hex()


def caller_key(path=None):
    """The machine's key of the callers' hashes: read from its file, made there at first use.

    The file belongs outside `outputs/` and is readable by its owner only; without it the same caller
    cannot be found across exports.
    """
    path = KEY_FILE if path is None else path
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(32))
    return read_key(path)


def read_key(path):
    """A key from its file. Raises ParameterError where there is none, or one too short to be a key."""
    try:
        key = path.read_bytes()
        fault = "" if len(key) >= SHORTEST_KEY else f"holds {len(key)} bytes, expected {SHORTEST_KEY} or more"
    except OSError as error:
        fault = f"cannot be read ({error.strerror})"
    if fault:
        raise ParameterError(
            f"caller_key: the key file '{path.name}' {fault}: put back the key of the earlier runs, or leave caller_key "
            "empty to use this machine's own, made at first use in .keys/"
        )
    return key
