"""Which text is like an earlier one, found without comparing each with each.

A text of which the first of a group differs in e edits still holds one of any e + 1 separate pieces of it. So a
first text is entered under as many pieces as edits are allowed and one more, the least used ones, and every text
looks up whatever pieces it has. Pieces that stand in one text only need neither entering nor looking up.
"""

import numpy as np

BATCH = 5_000  # texts at a time, which bounds the memory
# The lengths of pieces, and how many first texts at most are entered under one: more under long ones, which are rarer.
# Among few texts there is time for more. Where all is stock sentences pieces run out, and then matches that differ in
# many places are missed: so time grows with the number of texts, not with its square.
PIECES = {3: 2, 6: 3, 12: 6, 24: 30}
ROOM = 200_000

_ODD = np.array([0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93, 0xC2B2AE3D27D4EB4F], dtype=np.uint64)


def follow_firsts(texts, groups, threshold):
    """For each of the different texts, the first text of its group, by position; its own if it is the first."""
    from rapidfuzz.distance import Levenshtein

    leaders, posted = np.arange(len(texts)), {}
    limits = [max(most, ROOM // len(texts)) for most in PIECES.values()]
    seen, sketches = _count_pieces(texts, groups)
    for start in range(0, len(texts), BATCH):
        batch = slice(start, start + BATCH)
        keys, shared, ends = _read_pieces(texts[batch], groups[batch], seen)
        probes, cuts = _gather(keys, shared, ends)
        for at, text in enumerate(texts[batch]):
            here, pieces = start + at, probes[cuts[at] : cuts[at + 1]]
            near = {first for key in pieces for first in posted.get(key, ())}
            for first in sorted(_narrow(near, here, sketches, threshold)):
                edits = _allow(max(len(text), len(texts[first])), threshold)
                if Levenshtein.distance(text, texts[first], score_cutoff=edits) <= edits:
                    leaders[here] = first
                    break
            else:
                whole = slice(ends[at] - len(text), ends[at])
                chosen = (
                    _choose(keys[:, whole], shared[:, whole], threshold, posted, limits) if pieces else ()
                )
                for key in chosen:
                    posted.setdefault(key, []).append(here)
    return leaders


def _allow(length, threshold):
    """How many edits a text of this length may have. In whole numbers, for 1 - 6 / 30 is not quite 0.8."""
    return int(length * (1 - threshold) + 1e-9)


def _narrow(near, here, sketches, threshold):
    """Those near that may be alike: each edit brings in or takes out one kind of character at most."""
    if len(near) < 10:  # quicker compared than narrowed
        return near
    near = np.fromiter(near, dtype=np.int64, count=len(near))
    others, own = sketches[near], sketches[here]
    edits = np.maximum(others[:, -1], own[-1]) * (1 - threshold) + 1e-9
    gone = np.bitwise_count(own[:-1] & ~others[:, :-1]).sum(axis=1)
    come = np.bitwise_count(others[:, :-1] & ~own[:-1]).sum(axis=1)
    return near[(gone <= edits) & (come <= edits)].tolist()


def _choose(keys, shared, threshold, posted, limits):
    """The pieces under which a first text is entered: of one length where enough are free, else all that are free."""
    # A text that is longer than this one may differ from it in more edits than its own length allows.
    needed = _allow(keys.shape[1] / threshold, threshold) + 1
    everything = []
    for level, length in reversed([*enumerate(PIECES)]):
        apart = slice(0, max(0, keys.shape[1] - length + 1), length)
        known = shared[level, apart]
        own = int((~known).sum())
        used = sorted((len(posted.get(key, ())), key) for key in keys[level, apart][known].tolist())
        free = [key for times, key in used if times < limits[level]][: max(0, needed - own)]
        if own + len(free) >= needed:
            return set(free)
        everything += free
    return set(everything)


def _count_pieces(texts, groups):
    """A table of small counts by the pieces' hashes (two bits a length: come once, come again), and the sketches.

    A text's sketch is 256 bits, one set for each kind of character it holds, and its length.
    """
    size = 4 * sum(map(len, texts))
    seen = np.zeros(1 << min(max(size.bit_length(), 10), 28), dtype=np.uint8)
    sketches = np.empty((len(texts), 5), dtype=np.uint64)
    for start in range(0, len(texts), BATCH):
        batch = slice(start, start + BATCH)
        keys, whole, ends = _hash_pieces(texts[batch], groups[batch])
        sketches[batch] = _sketch(texts[batch], ends)
        for level in range(len(PIECES)):
            slots = np.sort(_slots(keys[level][whole[level]], seen))
            is_new = np.append(True, slots[1:] != slots[:-1])[: len(slots)]
            once, again = np.uint8(1 << 2 * level), np.uint8(2 << 2 * level)
            first = slots[is_new]
            seen[first] |= once | ((seen[first] & once) << 1)
            seen[slots[~is_new]] |= again
    return seen, sketches


def _sketch(texts, ends):
    bits = _encode(texts) * _ODD[0] >> np.uint64(56)
    begins = np.append(0, ends[:-1])
    words = [
        np.where(bits >> np.uint64(6) == word, np.uint64(1) << (bits & np.uint64(63)), 0) for word in range(4)
    ]
    return np.column_stack([*(np.bitwise_or.reduceat(word, begins) for word in words), ends - begins])


def _encode(texts):
    return np.frombuffer("".join(texts).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)


def _read_pieces(texts, groups, seen):
    """The hashes of all pieces that begin at each character, which of them come again, where each text ends."""
    keys, whole, ends = _hash_pieces(texts, groups)
    bits = np.array([[2 << 2 * level] for level in range(len(PIECES))], dtype=np.uint8)
    return keys, whole & (seen[_slots(keys, seen)] & bits > 0), ends


def _slots(keys, seen):
    return (keys >> np.uint64(65 - len(seen).bit_length())).astype(np.uint32)


def _hash_pieces(texts, groups):
    codes = _encode(texts)
    lengths = np.array([len(text) for text in texts])
    ends = np.cumsum(lengths)
    left = np.repeat(ends, lengths) - np.arange(len(codes))
    # Pieces of other groups are other pieces.
    own = np.repeat((groups + 1).astype(np.uint64) * _ODD[2], lengths)
    one = (codes + 1) * _ODD[0]
    one ^= one >> np.uint64(29)
    rolled, length = _append(_append(one, one, 1), one, 2), min(PIECES)
    keys = np.empty((len(PIECES), len(codes)), dtype=np.uint64)
    for level in range(len(PIECES)):
        if level:
            rolled, length = _append(rolled, rolled, length), 2 * length
        keys[level] = (rolled ^ own) * _ODD[2]
        keys[level] ^= keys[level] >> np.uint64(32)
        keys[level] *= _ODD[0]
    return keys, left >= np.array([*PIECES])[:, None], ends


def _append(front, back, length):
    """The hash of the piece whose front and back, which begins `length` later, have these hashes."""
    joined = front * np.uint64(pow(int(_ODD[1]), length, 2**64))
    joined[: max(0, len(joined) - length)] += back[length:]
    return joined


def _gather(keys, shared, ends):
    """The hashes of each text's shared pieces one after another, and where each text's begin."""
    level, place = np.nonzero(shared)
    owner = np.searchsorted(ends, place, side="right").astype(np.uint16)
    order = np.argsort(owner, kind="stable")
    cuts = np.searchsorted(owner[order], np.arange(len(ends) + 1))
    return keys[level[order], place[order]].tolist(), cuts.tolist()
