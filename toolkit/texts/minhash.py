"""Which text is like an earlier one, found without comparing each with each.

The texts are sorted so that alike ones come to stand close together, each is compared with the next few, and those
found like an earlier one leave. Where few of a group are left then, they are compared all with all; where many are, they
are sorted in another way, and so on. Each way shuffles all pairs of
neighbouring characters, rare ones rather to the front, and a text's sign is the foremost pair it holds: the more
pairs two texts share, the likelier they have the same sign (min-wise hashing). A few signs one after the other are
what the texts are sorted by. So time and memory grow with the number of texts; sorting has no say in what is alike:
whatever is joined was compared letter by letter. What is missed: some pairs just at the threshold, above all among
very many texts that differ only in words nobody else uses, or that hold but two or three different characters.
"""

from functools import partial

import numpy as np

from toolkit.texts.in_threads import do_in_threads

WAYS = 24  # of sorting: each finds most of what the ones before missed
SIGNS = 4  # that one way sorts by, 16 bits each
NEAR = 16  # next texts each is compared with, at least
WHOLE = 1_000  # texts of one group that are compared all with all, once the first way of sorting has found most that are alike
ROOM = 4_000_000  # pairs that may always be compared: among few texts all with all, in one way of sorting
BATCH = 10_000  # texts at a time, which bounds the memory

_ODD = np.array([0x9E3779B1, 0x85EBCA6B], dtype=np.uint32)
_KINDS = 1 << 16  # of pairs of characters, told apart by 16 bits of their hash


def follow_firsts(texts, groups, threshold):
    """For each of the different texts, the first text of its group, by position; its own if it is the first.

    Only texts of the same number in `groups` are compared. Nothing is missed where all of them are compared with all: among
    texts of a number that comes no more than NEAR times, or whose count times all texts is within ROOM; and, among those
    that the first way of sorting leaves, up to WHOLE of a number.
    """
    words, leaders = np.array(texts, dtype=object), np.arange(len(texts))
    # In whole numbers, for 1 - 6 / 30 is not quite 0.8.
    edits = (np.fromiter(map(len, texts), np.int64, len(texts)) * (1 - threshold) + 1e-9).astype(np.int64)
    signs, sketches = _read(words, 1)
    near = max(NEAR, ROOM // len(texts))
    find = partial(_find_alike, words, groups, edits, sketches)
    _settle(leaders, *find(near, leaders.copy(), signs[0]), words, edits)
    left = np.flatnonzero((leaders == np.arange(len(texts))) & (_count_of(groups) > near))
    many = _count_of(groups[left]) > WHOLE
    for pairs in do_in_threads(partial(find, WHOLE), _split(left[~many], groups)):
        _settle(leaders, *pairs, words, edits)
    left = left[many]
    for signs in _read(words[left], WAYS)[0] if len(left) else []:
        first = leaders[left] == left
        near = max(NEAR, ROOM // WAYS // max(first.sum(), 1))
        _settle(leaders, *find(near, left[first], signs[:, first]), words, edits)
    return leaders


def _find_alike(words, groups, edits, sketches, near, rows, signs=()):
    """The rows, sorted by their signs within their group, that are like one of the next few: the later and the earlier."""
    order = rows[np.lexsort((_join_signs(signs, len(rows)), groups[rows]))]
    one, other = _pair(order, near, groups, edits, sketches)
    alike = _compare(words, one, other, edits)
    return one[alike], other[alike]


def _count_of(groups):
    """How often each one's number comes."""
    return np.bincount(groups)[groups] if len(groups) else groups


def _split(rows, groups):
    """The rows in parts of whole groups, of BATCH rows or little more: what bounds the pairs that are held."""
    rows = rows[np.argsort(groups[rows], kind="stable")]
    ends = np.flatnonzero(np.r_[np.diff(groups[rows]) != 0, True][: len(rows)]) + 1
    cuts = ends[np.searchsorted(ends, np.arange(BATCH, len(rows), BATCH))]
    return np.split(rows, np.unique(cuts)) if len(rows) else []


def _read(texts, ways):
    """The signs of each text in each way of sorting, and its sketch: 256 bits, set for the kinds of characters it holds.

    A pair of characters that comes once in all texts says nothing of likeness: it goes to the back.
    """
    counts = np.zeros(_KINDS, dtype=np.int64)
    for start in range(0, len(texts), BATCH):
        counts += np.bincount(_encode(texts[start : start + BATCH])[1], minlength=_KINDS)
    found = np.flatnonzero(counts)
    weights = np.where(counts[found] > 1, np.log1p(len(texts) / counts[found]), 1e-9)
    random, places = np.random.default_rng(12345), np.zeros((ways, SIGNS, _KINDS), dtype=np.uint16)
    for place in places.reshape(-1, _KINDS):
        place[found[np.argsort(random.exponential(size=len(found)) / weights)]] = np.arange(len(found))
    signs = np.empty((ways, SIGNS, len(texts)), dtype=np.uint16)
    sketches = np.empty((4, len(texts)), dtype=np.uint64)

    def read(start):
        batch = slice(start, start + BATCH)
        codes, pairs, begins = _encode(texts[batch])
        for way in range(ways):
            for sign in range(SIGNS):
                signs[way, sign, batch] = np.minimum.reduceat(places[way, sign][pairs], begins)
        kinds = codes * _ODD[0] >> np.uint32(24)
        bits = np.uint64(1) << (kinds & np.uint32(63)).astype(np.uint64)
        for word in range(4):
            sketches[word, batch] = np.bitwise_or.reduceat(np.where(kinds >> 6 == word, bits, 0), begins)

    do_in_threads(read, range(0, len(texts), BATCH))
    return signs, sketches


def _encode(texts):
    """All characters one after the other, a stop after each text, their pairs' kinds, and where each text begins."""
    codes = np.frombuffer(("\0".join(texts) + "\0").encode("utf-32-le"), dtype=np.uint32)
    pairs = codes * _ODD[0] ^ np.roll(codes, -1) * _ODD[1]
    lengths = np.fromiter(map(len, texts), np.int64, len(texts)) + 1
    return codes, (pairs * _ODD[0] >> np.uint32(16)).astype(np.uint16), np.cumsum(lengths) - lengths


def _join_signs(signs, count):
    joined = np.zeros(count, dtype=np.uint64)
    for sign in signs:
        joined = joined << np.uint64(16) | sign
    return joined


def _pair(order, near, groups, edits, sketches):
    """Each text with those of the next `near` in the order that it may be like; the later rows, the earlier rows.

    One edit brings in at most one kind of character and takes out at most one, so their sketches tell what cannot be.
    """
    found = [(np.empty(0, dtype=np.int64),) * 2]
    for start in range(0, len(order), BATCH):
        rows = order[start : start + BATCH + near]
        group, most, sketch = groups[rows], edits[rows], sketches[:, rows]
        for gap in range(1, min(near + 1, len(rows))):
            size = min(BATCH, len(rows) - gap)
            here, there = slice(size), slice(gap, gap + size)
            same = group[here] == group[there]
            if not same.any():
                break
            allowed = np.maximum(most[here], most[there])
            gone = np.bitwise_count(sketch[:, here] & ~sketch[:, there]).sum(axis=0, dtype=np.uint8)
            come = np.bitwise_count(sketch[:, there] & ~sketch[:, here]).sum(axis=0, dtype=np.uint8)
            at = np.flatnonzero(same & (gone <= allowed) & (come <= allowed))
            found.append((rows[at], rows[at + gap]))
    one, other = (np.concatenate(side) for side in zip(*found, strict=True))
    return np.maximum(one, other), np.minimum(one, other)


def _compare(words, one, other, edits):
    """Whether the texts of each pair of rows differ in no more edits than the longer one's length allows."""
    from rapidfuzz import process
    from rapidfuzz.distance import Levenshtein

    alike, allowed = np.zeros(len(one), dtype=bool), np.maximum(edits[one], edits[other])
    order = np.argsort(allowed, kind="stable")
    for same in np.split(order, np.flatnonzero(np.diff(allowed[order])) + 1):
        for at in np.split(same, range(BATCH, len(same), BATCH)):
            most = int(allowed[at[0]]) if len(at) else 0
            differ = process.cpdist(
                words[one[at]], words[other[at]], scorer=Levenshtein.distance, score_cutoff=most
            )
            alike[at] = differ <= most
    return alike


def _settle(leaders, later, earlier, words, edits):
    """Takes in which first texts are alike: in their order, each joins the earliest that stays a first text itself."""
    joins = {}
    order = np.lexsort((earlier, later))
    for text, first in zip(later[order].tolist(), earlier[order].tolist(), strict=True):
        if text not in joins and first not in joins:
            joins[text] = first
    leaders[list(joins)] = list(joins.values())
    # Whoever followed one that joined goes along if it is like the new first text too.
    follow = np.flatnonzero(leaders[leaders] != leaders)
    former, new = leaders[follow], leaders[leaders[follow]]
    alike = _compare(words, follow, new, edits)
    leaders[follow] = new
    # Of those left behind the first may lead the others, if they are like it.
    left, former = follow[~alike], former[~alike]
    _, begins, member = np.unique(former, return_index=True, return_inverse=True)
    head = left[begins][member] if len(left) else left
    leaders[left] = np.where(_compare(words, left, head, edits), head, left)
