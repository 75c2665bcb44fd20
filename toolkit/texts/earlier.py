"""Which earlier tickets tell of most alike matters: groups of two and three characters, weighed by how rare they are.

Edit distance finds what was copied; two calls about one matter are worded anew and share its names and things. Groups
that many tickets hold say little and cost most, so they are left out.
"""

from functools import partial

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from toolkit.texts.in_threads import do_in_threads, split_texts
from toolkit.texts.reply_words import plain

KINDS = 1 << 20  # groups of characters are counted under so many numbers, which bounds the memory
SHIFT, MIX = (
    12,
    np.uint32(2_654_435_761),
)  # 32 bits to KINDS; Knuth's multiplier, 2**32 times the golden ratio
COMMON = 400  # tickets that hold a group of characters from which it is left out
LEAST = 0.1  # similarity below which two texts are not named as alike at all
SHORTEST = 8  # characters of title and content; shorter ones say too little
ROUNDED = 0.001
AT_ONCE = 500  # tickets compared at a time, which bounds the memory
BLOCK = 20_000  # tickets they are compared with at a time: of a year's only those are looked at that came within the days
NONE = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0)  # later, earlier, similarity
COLUMNS = ["ticket_id", "earlier_id", "similarity", "rank"]


def find_similar_earlier(tickets, most=10, within_days=365, among=None, least=LEAST):
    """For each ticket up to `most` earlier ones that it is most like, the most alike first.

    Reads ticket_id, title, content, received_at. One row for each ticket_id and earlier_id: similarity from 0 to 1 (the cosine of
    weighed groups of characters, to three decimals), rank from 1. Earlier: received at most `within_days` calendar days
    before; of the same moment, further up in the table. Of equally alike ones the later leads. A ticket without a time or
    with fewer than SHORTEST characters has no rows and stands in none. among: which tickets are asked about (true or
    false for each), where the others are only there to be like. least: what is less alike is not asked for, and may be missing.
    """
    told = _read(tickets)
    times = tickets["received_at"].to_numpy(dtype="datetime64[s]")
    rows = np.flatnonzero(~np.isnat(times) & (told.str.len() > SHORTEST).to_numpy())
    rows = rows[np.argsort(times[rows], kind="stable")]
    asked = np.arange(len(rows)) if among is None else np.flatnonzero(np.asarray(among, dtype=bool)[rows])
    within = np.timedelta64(within_days, "D")
    later, earlier, similarity = _compare(told.iloc[rows], times[rows], asked, most, within, least)
    ids = tickets["ticket_id"].to_numpy()[rows]
    found = pd.DataFrame({"ticket_id": ids[later], "earlier_id": ids[earlier], "similarity": similarity})
    found["rank"] = found.groupby("ticket_id", sort=False).cumcount() + 1
    kinds = {"ticket_id": "str", "earlier_id": "str", "similarity": "float64", "rank": "int64"}
    return found[COLUMNS].astype(kinds)


def _read(tickets):
    """Title and content of each ticket as words and single blanks."""
    parts = do_in_threads(_read_part, split_texts(tickets[["title", "content"]]))
    return pa.chunked_array(parts, pa.large_string()).to_pandas()


def _read_part(tickets):
    words = [plain(tickets[column]) for column in ("title", "content")]
    told = pc.binary_join_element_wise(*words, pa.scalar("。", pa.large_string()))
    return pc.replace_substring_regex(told, r"[^\p{L}\p{N}]+", " ")


def _compare(told, times, asked, most, within, least):
    """Places of the later (asked) and the earlier text of each pair among texts in the order of time, and how alike they are."""
    firsts, blocks = np.searchsorted(times, times - within), _weigh(told)
    least = max(LEAST, least - ROUNDED)  # what rounds up to it is asked for
    compare = partial(_compare_block, blocks=blocks, asked=asked, firsts=firsts, most=most, least=least)
    return _join([NONE, *do_in_threads(compare, range(len(blocks)))])


def _compare_block(number, blocks, asked, firsts, most, least):
    """The pairs whose later text is of one block: its asked texts are looked up in every block within the days."""
    start, found = number * BLOCK, [NONE]
    own, texts = asked[(asked >= start) & (asked < start + BLOCK)], blocks[number].T.tocsr()
    for at in range(0, len(own), AT_ONCE):
        part = own[at : at + AT_ONCE]
        rows = texts[part - start]
        near = [
            _find_near(rows @ blocks[place], part, place * BLOCK, firsts, least)
            for place in range(firsts[part[0]] // BLOCK, number + 1)
        ]
        found.append(_take_most(*_join(near), most))
    return _join(found)


def _find_near(alike, part, start, firsts, least):
    """The pairs alike enough among the asked texts of a part and the texts of a block that came before them in time."""
    alike = alike.tocoo()
    near = alike.data >= least
    later, earlier, value = part[alike.row[near]], alike.col[near] + start, alike.data[near]
    before = (earlier < later) & (earlier >= firsts[later])
    return later[before], earlier[before], value[before]


def _join(parts):
    return tuple(np.concatenate(column) for column in zip(*parts, strict=True))


def _take_most(later, earlier, value, most):
    value = np.round(value.astype("float64"), 3)  # so that the order of adding up decides nothing
    order = np.lexsort((-earlier, -value, later))
    later, earlier, value = later[order], earlier[order], value[order]
    starts = np.flatnonzero(np.r_[True, later[1:] != later[:-1]]) if len(later) else later
    place = np.arange(len(later)) - np.repeat(starts, np.diff(np.r_[starts, len(later)]))
    chosen = place < most
    return later[chosen], earlier[chosen], value[chosen]


def _weigh(told):
    """Block by block, a row for each group of two and three characters: what it weighs in each text of the block.

    Groups that more than COMMON of the texts hold are left out, the others weighed by rarity, each text of length one. A group
    that has turned out common is not counted any more in the texts that follow: among many, that is most of them.
    """
    from sklearn.feature_extraction.text import TfidfTransformer

    held, blocks = np.zeros(KINDS, dtype=np.int64), []
    for start in range(0, len(told), BLOCK):
        blocks.append(_count_groups(told.iloc[start : start + BLOCK], held <= COMMON))
        held += np.bincount(blocks[-1].indices, minlength=KINDS)
    weigh = TfidfTransformer(sublinear_tf=True)
    weigh.idf_ = np.log(np.float32(len(told) + 1) / (held + 1).astype("float32")) + np.float32(1)
    for place, counts in enumerate(blocks):
        counts.data[held[counts.indices] > COMMON] = 0
        counts.eliminate_zeros()
        blocks[place] = weigh.transform(counts, copy=False).T.tocsr()
    return blocks


def _count_groups(told, kept):
    """How often each text holds each group of characters kept, as a sparse matrix; in a fifth of a vectorizer's time."""
    from scipy.sparse import coo_matrix

    lengths = told.str.len().to_numpy(dtype="int64")
    letters = np.frombuffer("".join(told).encode("utf-32-le"), dtype="<u4")
    texts = np.repeat(np.arange(len(told), dtype="int32"), lengths)
    pairs = _number_groups(letters[:-1], letters[1:])
    triples = _number_groups(pairs[:-1], letters[2:])
    within = [texts[size:] == texts[:-size] for size in (1, 2)]  # no group reaches into the next text
    rows = np.concatenate([texts[:-size][inside] for size, inside in zip((1, 2), within, strict=True)])
    groups = np.concatenate([pairs[within[0]], triples[within[1]]]) >> SHIFT
    rows, groups = rows[kept[groups]], groups[kept[groups]]
    counts = coo_matrix((np.ones(len(rows), dtype="float32"), (rows, groups)), shape=(len(told), KINDS))
    return counts.tocsr()


def _number_groups(numbers, letters):
    """A number of 32 bits for each group and the letter that follows it, its high bits well mixed."""
    return (numbers * MIX + letters) * MIX
