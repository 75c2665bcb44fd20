"""What a reply says once its courtesies are gone: how much, which elements it names, whether it only promises.

Patterns are for RE2 (no look-around) on texts in NFKC, so that Chinese commas, colons and brackets are ASCII there.
"""

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from toolkit.texts.in_threads import do_in_threads, split_texts
from toolkit.words.replies import (
    AMOUNT,
    CLAUSE,
    COMING,
    CONTACT,
    DECLINED,
    ENDED,
    FACTS,
    FIXED_DAY,
    GENERAL,
    HOMILY,
    MEASURE,
    NOTHING,
    ON_SPOT,
    OUTCOMES,
    PLANNED,
    PLEASANTRIES,
    PROMISE,
    RESPONSIBLE,
    RESULT,
    STAGED,
    TIME,
)

LONGEST_NOTHING = 80


def plain(texts):
    """The texts as Arrow in NFKC lower case, '' where missing."""
    words = pa.array(texts.astype("str"), pa.large_string(), from_pandas=True)
    words = words.combine_chunks() if isinstance(words, pa.ChunkedArray) else words
    return pc.utf8_lower(pc.utf8_normalize(pc.fill_null(words, ""), "NFKC"))


def bare(texts):
    """The texts without greeting, thanks, signature and telephone numbers to ask at; '' where nothing is left."""
    parts = do_in_threads(_bare, split_texts(texts))
    kept = pa.chunked_array(parts, pa.large_string()).to_pandas()
    return pd.Series(kept.array, index=texts.index, dtype="str")


def _bare(texts):
    words = pc.utf8_trim_whitespace(plain(texts))
    for pattern in PLEASANTRIES:
        words = pc.replace_substring_regex(words, pattern, "。")
    return words


def count_characters(bares):
    """How many letters, digits and Chinese characters a bare text has."""
    return _count(arrow(bares), bares.index)


def tells_nothing(bares):
    """Whether a bare text only says that it was received, passed on, or that someone else should be asked."""
    nothing = bares.str.len().le(LONGEST_NOTHING)
    words = arrow(bares[nothing])
    for pattern in NOTHING:
        words = pc.replace_substring_regex(words, pattern, "")
    left = _count(words, bares.index[nothing])
    removed = left.lt(count_characters(bares[nothing])) | left.eq(0)
    nothing[nothing] = (left.lt(6) & removed).to_numpy()
    return nothing


def tells_briefly(bares):
    """Whether a bare text, however short, is complete: a result, and two of when, where seen, to whom told, how much."""
    told = count_characters(bares).ge(BRIEF) & pd.concat(
        [has(bares, p) for p in [*RESULT, ENDED]], axis=1
    ).any(axis=1)
    kinds = sum(
        has(bares, pattern).astype(int)
        for pattern in (TIME + "|今早|今晨", ON_SPOT, CONTACT, FACTS, OUTCOMES)
    )
    return told & kinds.ge(2)


def answers_exactly(bares):
    """Whether a bare text, however short, settles a question: a figure, yes or no, a means or a place."""
    return has(
        bares,
        r"\d|[一二两三四五六七八九十百千]+[元年月天岁]|可以|不可|不能|不得|无需|不用|不需|需[要带]|免费|符合|不收|没有|凭|持|能|是|否|暂停|取消|到[^,。;]+(?:办理|申请|申领|领取)",
    )


def lacks_elements(bares):
    """Whether a bare text, its exhortations apart, names no element and tells no fact, ground or figure either."""
    words = pc.replace_substring_regex(arrow(bares), rf"{CLAUSE}*(?:{HOMILY}){CLAUSE}*", "")
    bares = pd.Series(words.to_pandas().array, index=bares.index, dtype="str")
    lacking = pd.Series(True, index=bares.index)
    for pattern in [FACTS, TIME, MEASURE, ON_SPOT, RESPONSIBLE, CONTACT]:
        left = bares[lacking]
        lacking[left.index[has(left, pattern)]] = False
    left = bares[lacking]
    rest = pc.replace_substring_regex(arrow(left), rf"{CLAUSE}*(?:{GENERAL}){CLAUSE}*", "")
    rest = pd.Series(rest.to_pandas().array, index=left.index, dtype="str")
    enough = has(rest, ENDED).map({True: TOLD_AS_DONE, False: EXPLAINED}).astype("int64")
    lacking[left.index[count_characters(rest).ge(enough)]] = False
    return lacking


def promises_only(bares, asked):
    """Whether a bare text promises or tells of process, and no clause of it tells a result.

    Who only asked (`asked`) is answered by being told how things stand, so little beside the promise is enough.
    """
    only = has(bares, PROMISE)
    left = bares[only]
    planned = (has(left, PLANNED) & has(left, AMOUNT)) | has(left, FIXED_DAY) | has(left, DECLINED)
    left = left[~planned]
    words = pc.replace_substring_regex(arrow(left), r"调查(?:核实)?处理|调查处置", "办理")  # no 查处 in it
    words = pc.replace_substring_regex(words, r"现?将[^,。;:]*如下[:]?", "")  # nothing to come
    words = pc.replace_substring_regex(words, r"(已[^,。;]*|请(?:您|你)?)将", r"\1把")
    words = pc.replace_substring_regex(words, COMING, "")
    said = pd.Series(words.to_pandas().array, index=left.index, dtype="str")
    rest = pc.replace_substring_regex(words, rf"{CLAUSE}*(?:{PROMISE}|{STAGED}){CLAUSE}*", "")
    enough = asked[left.index].map({True: TOLD, False: EXPLAINED_BESIDE}).astype("int64")
    little = _count(rest, left.index).lt(enough)
    found = little & ~pd.concat([has(said, pattern) for pattern in RESULT], axis=1).any(axis=1)
    return pd.Series(bares.index.isin(found.index[found]), index=bares.index)


# Characters beside such clauses, or beside promises, from which on a reply explains something.
EXPLAINED, EXPLAINED_BESIDE, TOLD = 40, 45, 20
TOLD_AS_DONE = 10  # likewise where it tells what was done, in whatever words
BRIEF = 12  # characters from which a reply may be brief and complete


def has(texts, pattern):
    """Whether each text holds the pattern, as plain booleans."""
    found = pc.match_substring_regex(arrow(texts), pattern)
    return pd.Series(pc.fill_null(found, False).to_numpy(zero_copy_only=False), index=texts.index)


def arrow(texts):
    """A text column as one Arrow array."""
    words = pa.array(texts, pa.large_string(), from_pandas=True)
    return words.combine_chunks() if isinstance(words, pa.ChunkedArray) else words


def _count(words, index):
    letters = pc.replace_substring_regex(words, r"[^\p{L}\p{N}]+", "")
    return (
        pd.Series(pc.utf8_length(letters).to_numpy(zero_copy_only=False), index=index).fillna(0).astype(int)
    )
