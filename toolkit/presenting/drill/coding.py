"""The ticket table → one text the drill-down reads: codes in typed arrays behind a JSON header, deflated, as base64.

The buffer: four bytes that say how long the header is, the header, then the arrays it places, each beginning at a
multiple of four bytes. A column is its distinct values in their order, and for each ticket which of them: 1 is the
first, 0 is missing. A column of lists has the lengths of the lists, then their codes one after another. What packs
smaller otherwise is written otherwise: distinct times as minutes, distinct numbers of tickets as stems and tails, and
a column that another one settles as what it is for each code of the other.
"""

import base64
import json
import zlib
from itertools import chain

import numpy as np
import pandas as pd

ALIGNED = 4
LEVEL = 6  # of a million tickets 11.3 MB in 4 s; 9 takes 20 s for 11.1 MB
TAIL = 6  # digits a ticket's number ends in
FEW = 255  # distinct values that are always written out
TOGETHER = "(together)"


def pack_table(table, about, lists=(), orders=None, follows=None, together=(), pairs=None):
    """The table as text that stands in a page, the same for the same table; see `write_table`."""
    return pack_bytes(write_table(table, about, lists, orders, follows, together, pairs))


def write_table(table, about, lists=(), orders=None, follows=None, together=(), pairs=None, sequence=None):
    """The table as bytes, the same for the same table.

    about: what else the drill-down must know; it joins the header. lists: columns whose cells are lists, or missing
    where empty. orders: column → its words in the order that sorts them; other values sort by themselves. follows:
    column → the column before it that is likely to settle it. together: columns of few values each, written as
    patterns: most are metrics, and tickets share few patterns of them. pairs: further columns of lists, each as
    two arrays of one length: the places of tickets in the table, and a value of each. sequence: the places in the order
    in which the tickets are written, where it is another than the table's; only columns of one value and pairs can.
    """
    orders = orders or {}
    pairs = pairs or {}
    single = (_code_column(table[name], name in lists, orders.get(name)) for name in table)
    several = (_code_pairs(*both, len(table), orders.get(name)) for name, both in pairs.items())
    columns = {  # one after another, so that none stands twice
        name: _put_in_sequence(column, sequence)
        for name, column in zip([*table, *pairs], chain(single, several), strict=True)
    }
    together = [name for name in table if name in set(together)]
    if together:
        columns = {TOGETHER: _join_codes([columns[name] for name in together])} | columns
    leaders = dict.fromkeys(together, TOGETHER) | (follows or {})
    columns |= {name: _follow(columns[name], columns[leader], leader) for name, leader in leaders.items()}
    return _write_buffer(columns, about | {"count": len(table)})


def pack_bytes(content):
    """Bytes as text that stands in a page: deflated, in base64."""
    return base64.b64encode(zlib.compress(content, LEVEL)).decode("ascii")


# --- one column: how the header describes it, and its arrays ----------------------------------------


def _code_column(values, is_list, order):
    """A column's description for the header, and its arrays by name."""
    if not is_list:
        described, arrays, codes = _code(values, order)
        return described, arrays | {"codes": codes}
    described, arrays, codes = _code(values.explode().dropna(), order)
    lengths = np.zeros(len(values), dtype="int64")
    held = values.notna().to_numpy()
    lengths[held] = values[held].map(len)
    return described, arrays | {"lengths": lengths, "codes": codes}


def _code_pairs(places, values, count, order):
    """A column of lists from places and values, without a list of Python's for each ticket."""
    described, arrays, codes = _code(values.reset_index(drop=True), order)
    lengths = np.bincount(places, minlength=count)
    return described, arrays | {"lengths": lengths, "codes": codes[np.argsort(places, kind="stable")]}


def _put_in_sequence(column, sequence):
    """A column's codes in another order of tickets, where one is given; a list goes where its ticket goes."""
    described, arrays, *_ = column
    if sequence is None:
        return described, arrays
    if "lengths" not in arrays:
        return described, arrays | {"codes": arrays["codes"][sequence]}
    starts, lengths = np.cumsum(arrays["lengths"]) - arrays["lengths"], arrays["lengths"][sequence]
    shift = np.repeat(starts[sequence] - (np.cumsum(lengths) - lengths), lengths)
    return described, {**arrays, "lengths": lengths, "codes": arrays["codes"][shift + np.arange(len(shift))]}


def _code(values, order=None):
    """The distinct values, described; and each value's place among them, from 1, 0 where missing."""
    if pd.api.types.is_datetime64_any_dtype(values):
        values = values.to_numpy().astype("datetime64[m]")
    codes, distinct = _rank_marks(values) if values.dtype == "Int8" else pd.factorize(values, sort=True)
    if order:
        known = {word: rank for rank, word in enumerate(order)}
        sequence = np.argsort([known.get(word, len(known)) for word in distinct], kind="stable")
        place = np.append(np.argsort(sequence), -1)
        codes, distinct = place[codes], distinct[sequence]
    return *_describe(distinct), codes.astype("int32") + 1


def _rank_marks(values):
    """As `pd.factorize`, sorted; of metrics' marks, which are most of the columns, in a sixth of the time."""
    held, numbers = values.notna().to_numpy(), values.to_numpy("int8", na_value=0)
    distinct = np.unique(numbers[held])
    return np.where(held, np.searchsorted(distinct, numbers), -1), distinct


def _describe(distinct):
    """Distinct values for the header, or arrays that tell them where there are many."""
    if pd.api.types.is_datetime64_any_dtype(distinct):
        minutes = np.asarray(distinct).astype("datetime64[m]").astype("int64")
        first = int(minutes[0]) if len(minutes) else 0
        return {"kind": "times", "first": first}, {"minutes": minutes - first}
    if len(distinct) > FEW and _end_in_digits(distinct := pd.Series(distinct)):
        stems, tails = distinct.str[:-TAIL], distinct.str[-TAIL:].astype("int64")
        codes, words = pd.factorize(stems)
        return {"kind": "numbered", "stems": list(words), "tail": TAIL}, {
            "stemsOf": codes,
            "tails": tails.to_numpy(),
        }
    return {"kind": "words", "words": distinct.tolist()}, {}


def _end_in_digits(distinct):
    """Whether all are texts of one length that end in digits, as tickets' numbers are."""
    if not pd.api.types.is_string_dtype(distinct):
        return False
    return distinct.str.len().nunique() == 1 and distinct.str.fullmatch(rf"[^\n]*[0-9]{{{TAIL}}}").all()


# --- columns that others settle ----------------------------------------------------------------------


def _join_codes(columns):
    """The patterns that columns make together, as a column of its own that stands for nothing else."""
    joined = np.zeros(len(columns[0][1]["codes"]), dtype="int64")
    for _, arrays in columns:
        codes = arrays["codes"]
        joined = pd.factorize(joined * (codes.max(initial=0) + 1) + codes)[0]
    return {"kind": "words", "words": [], "hidden": True}, {"codes": joined}


def _follow(column, leader, name):
    """A column as what it is for each code of its leader; unchanged where the leader does not settle it."""
    (described, arrays), leading = column, leader[1]
    if len(arrays["codes"]) != len(leading["codes"]) or not np.array_equal(
        arrays.get("lengths"), leading.get("lengths")
    ):
        return column
    settled = np.zeros(leading["codes"].max(initial=0) + 1, dtype="int64")
    settled[leading["codes"]] = arrays["codes"]
    if not np.array_equal(settled[leading["codes"]], arrays["codes"]):
        return column
    own = {part: array for part, array in arrays.items() if part not in ("codes", "lengths")}
    return described | {"follows": name}, own | {"settled": settled}


# --- the buffer --------------------------------------------------------------------------------------


def _write_buffer(columns, about):
    """The header and all arrays, one after another."""
    listed, written, at = [], [], 0
    for name, (described, arrays) in columns.items():
        places = {}
        for part, array in arrays.items():
            narrow = _shrink(array)
            places[part] = [at, len(narrow), narrow.dtype.itemsize]
            written.append(_lay_out(narrow))
            at += len(written[-1])
        listed.append(described | {"name": name, "arrays": places})
    header = json.dumps(
        about | {"columns": listed},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
        allow_nan=False,
    )
    text = _pad(header.encode("utf-8"), b" ")
    return b"".join([len(text).to_bytes(4, "little"), text, *written])


def _shrink(array):
    """In the narrowest of one, two and four bytes."""
    most = array.max(initial=0)
    return array.astype(next(kind for kind in ("uint8", "uint16", "uint32") if most <= np.iinfo(kind).max))


def _lay_out(array):
    """An array's bytes. Of wide ones each number less the one before, all their first bytes, then all second
    ones: it packs smaller."""
    if array.dtype.itemsize > 1:
        steps = np.diff(array, prepend=array.dtype.type(0)).astype(array.dtype.newbyteorder("<"))
        array = steps.view("uint8").reshape(len(array), array.dtype.itemsize).T
    return _pad(array.tobytes(), b"\0")


def _pad(content, filler):
    return content + filler * (-len(content) % ALIGNED)
