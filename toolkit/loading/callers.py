"""The caller's keyed hash: the same caller, no name."""

import hashlib
import os
import secrets

from toolkit.errors import ParameterError
from toolkit.settings import PROJECT

KEY_FILE = PROJECT / ".keys" / "caller.key"


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
    return read_key(path)


def read_key(path):
    """The key in a file; ParameterError where there is none that can be used."""
    try:
        key = path.read_bytes()
    except OSError as error:
        raise ParameterError(
            f"the callers' key '{path.name}' cannot be read ({error.strerror}): expected the file with the key; "
            "without caller_key in the run's file one is made at first use"
        ) from None
    if not 0 < len(key) <= hashlib.blake2b.MAX_KEY_SIZE:
        raise ParameterError(
            f"the callers' key '{path.name}' holds {len(key)} bytes: expected 1 to {hashlib.blake2b.MAX_KEY_SIZE}"
        )
    return key
