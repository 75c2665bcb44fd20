"""Whether an answer speaks of what was asked: words both share, without a dictionary.

Chinese words are mostly of two characters, so pairs of neighbouring characters stand for them. A pair weighs more
the fewer tickets hold it; pairs of stock phrases, which any answer holds, weigh nothing. Matters that go by several
names count as shared where both texts hold one of their names.
"""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from toolkit.texts.reply_words import arrow, plain
from toolkit.texts.wording import AREAS
from toolkit.words.matters import ESTATES, MATTERS, OFFICES, PASSED_ON, STOCK
from toolkit.words.replies import CLAUSE

BUCKETS = 1 << 16  # a pair of characters is counted under one of so many numbers
ROWS = 500  # tickets at a time, which bounds the memory
SAMPLE = 10_000  # tickets from which the rarity of pairs is learnt
RARE, COMMON, FEWEST = (
    0.02,
    0.3,
    200,
)  # shares of tickets at which a pair weighs 1 and 0; counted in no fewer tickets
# The weight shared from which an answer speaks of the matter: one word, and more in longer texts, where some words
# meet by chance.
ENOUGH, CHANCE = 0.5, 0.01
MATTER_CHARACTERS, REPLY_CHARACTERS = 8, 14  # fewer are not judged
MATTER_PAIRS, REPLY_PAIRS = 4, 9  # likewise of pairs that weigh something
NAMED = 2  # names of another matter in the reply from which it is about that one
LONG_PAIRS = 24  # pairs of a reply that shares nothing at all, from which one name is enough


def off_the_matter(matters, replies, bares, townships=()):
    """Whether each reply shares no weighty word and no name of a matter with what was said, and names another matter.

    Reads what was said (title, content, category), the replies, and the bare replies, of the same index. The names of townships
    are no sign of the matter.
    """
    off = pd.Series(False, index=matters.index)
    said, told = arrow(matters), arrow(replies)
    long = (pc.utf8_length(said).to_numpy() >= MATTER_CHARACTERS) & (
        pc.utf8_length(told).to_numpy() >= REPLY_CHARACTERS
    )
    if not long.any():
        return off
    weights = _weigh(said, told, townships)
    at = np.flatnonzero(long)
    shared = _shared(said.filter(pa.array(long)), told.filter(pa.array(long)), weights)
    rows = at[shared < 4]
    # Villages and streets that both name are no matter, nor is passing it on an answer: both taken out here only,
    # because that takes longer.
    said, told = _without_places(plain(matters.iloc[rows])), _without_places(plain(replies.iloc[rows]))
    own = pc.replace_substring_regex(arrow(bares.iloc[rows]), rf"{CLAUSE}*(?:{PASSED_ON}){CLAUSE}*", "")
    own = pc.replace_substring_regex(_without_places(own), OFFICES, " ")
    size, length = _weight(said, weights), _weight(own, weights)
    enough = ENOUGH + CHANCE * np.sqrt(size * length)
    shared = _shared(said, told, weights)
    found = (shared < enough) & (size >= MATTER_PAIRS) & (length >= REPLY_PAIRS)
    least = np.where((shared == 0) & (length >= LONG_PAIRS), 1, NAMED)[found]
    words = (words.filter(pa.array(found)) for words in (said, told, own))
    off.iloc[rows[found][_names_another(*words, least)]] = True
    return off


def _names_another(said, told, own, least):
    """Whether a reply's own words name a matter often enough, and matter and reply have no matter in common."""
    same, known, often = np.zeros(len(said), dtype=bool), np.zeros(len(said), dtype=bool), np.zeros(len(said))
    for names in MATTERS:
        of_matter = pc.match_substring_regex(said, names).to_numpy(zero_copy_only=False)
        same |= of_matter & pc.match_substring_regex(told, names).to_numpy(zero_copy_only=False)
        known |= of_matter
        often = np.maximum(often, pc.count_substring_regex(own, names).to_numpy())
    return known & ~same & (often >= least)


def _without_places(words):
    for pattern in (*AREAS, ESTATES):
        words = pc.replace_substring_regex(words, pattern, r" \2")
    return words


def _pairs(words):
    """The pairs of neighbouring Chinese characters of some texts, as bucket numbers, and the row of each."""
    signs = np.frombuffer("".join(words.to_pylist()).encode("utf-32-le"), dtype=np.uint32)
    rows = np.repeat(np.arange(len(words)), pc.utf8_length(words).to_numpy())
    is_han = (signs >= 0x4E00) & (signs <= 0x9FFF)
    is_pair = is_han[:-1] & is_han[1:] & (rows[:-1] == rows[1:])
    first, second = signs[:-1][is_pair].astype(np.uint64), signs[1:][is_pair].astype(np.uint64)
    pairs = ((first << np.uint64(21)) + second) * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(48)
    return pairs.astype(np.int64), rows[:-1][is_pair]


def _weigh(said, told, townships):
    """How much each pair weighs, by its rarity among a sample of the tickets."""
    chosen = pa.array(np.arange(0, len(said), max(1, len(said) // SAMPLE)))
    held = []
    for words in (said, told):
        pairs, rows = _pairs(words.take(chosen))
        held.append(rows * BUCKETS + pairs)
    held = np.sort(np.concatenate(held))  # np.unique would hash, which takes far longer
    held = held[np.r_[True, held[1:] != held[:-1]]] if len(held) else held
    count = np.bincount(held % BUCKETS, minlength=BUCKETS)
    share = np.maximum(count, 1) / max(len(chosen), FEWEST)
    weights = np.clip(np.log(COMMON / share) / np.log(COMMON / RARE), 0, 1)
    pairs, _ = _pairs(pa.array([*STOCK.split("|"), *townships], pa.large_string()))
    weights[pairs] = 0
    return weights


def _shared(said, told, weights):
    """The weight of the pairs of each reply that its matter holds too."""
    shared = np.zeros(len(said))
    held = np.zeros(ROWS * BUCKETS, dtype=bool)
    for at in range(0, len(said), ROWS):
        pairs, rows = _pairs(said.slice(at, ROWS))
        both = rows * BUCKETS + pairs
        held[both] = True
        pairs, rows = _pairs(told.slice(at, ROWS))
        hit = held[rows * BUCKETS + pairs]
        sums = np.bincount(rows[hit], weights=weights[pairs[hit]], minlength=len(said.slice(at, ROWS)))
        shared[at : at + ROWS] = sums
        held[both] = False
    return shared


def _weight(words, weights):
    """How many pairs of some weight each text has."""
    found = np.zeros(len(words))
    for at in range(0, len(words), ROWS):
        pairs, rows = _pairs(words.slice(at, ROWS))
        found[at : at + ROWS] = np.bincount(rows[weights[pairs] > 0.3], minlength=len(words.slice(at, ROWS)))
    return found
