"""Finding phrases in what people wrote, with what speaks against them: sentence by sentence, in Arrow.

Patterns are for RE2, which needs time in proportion to the text, whatever the text: no look-around.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

SENTENCE = r"[。！？!?；;\n]+"
CLAUSE = r"[，,。！？!?；;：:\s]+"
MOST = 20  # characters quoted


class Pieces(NamedTuple):
    """Sentences or clauses of texts: the words, and the place of the text each is from."""

    words: pa.Array
    text: np.ndarray

    def holding(self, pattern):
        """The pieces in which the pattern is found."""
        return self._take(matches(self.words, pattern))

    def without(self, pattern):
        """The pieces in which the pattern is not found."""
        return self._take(~matches(self.words, pattern))

    def where(self, chosen):
        """The pieces chosen by a numpy array."""
        return self._take(chosen)

    def _take(self, chosen):
        at = np.flatnonzero(chosen)
        return Pieces(self.words.take(pa.array(at)), self.text[at])


def join_texts(tickets, rows):
    """Title and content of the rows of a table as one Arrow array; what is missing says nothing."""
    parts = [
        pa.array(tickets[column].iloc[rows].astype("str"), pa.large_string(), from_pandas=True)
        for column in ("title", "content")
    ]
    parts = [pc.fill_null(_whole(part), "") for part in parts]
    return _whole(pc.binary_join_element_wise(*parts, pa.scalar("。", pa.large_string())))


def matches(words, pattern):
    """Which of the words hold the pattern, as a numpy array."""
    return np.asarray(pc.match_substring_regex(words, pattern))


def split(texts, pattern):
    """The pieces of texts between what the pattern matches."""
    lists = _whole(pc.split_pattern_regex(texts, pattern))
    return Pieces(lists.flatten(), np.asarray(pc.list_parent_indices(lists)))


def quote(pieces, pattern, size):
    """For each of `size` texts the first words found, with little around them; missing where nothing is."""
    around = r"[^，,。]{0,3}"
    found = pc.extract_regex(pieces.words, f"(?P<said>{around}(?:{pattern}){around})")
    said = pd.Series(pc.struct_field(found, "said").to_pandas()).str.slice(0, MOST)
    first = said.groupby(pieces.text).first()
    return first.reindex(range(size)).astype("str")


def _whole(array):
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def without_subject(pieces, pattern, firms, offices, needs_office=False, only_before=False):
    """The pieces in which the pattern is not said of a firm: an office stands near it too, or no firm.

    needs_office: only where an office stands near it and no firm. only_before: a firm counts only before the words.
    """
    found = pc.extract_regex(pieces.words, f"(?P<before>[^。]{{0,20}})(?P<said>{pattern})")
    near = pc.binary_join_element_wise(
        pc.struct_field(found, "before"), pc.struct_field(found, "said"), pa.scalar("", pa.large_string())
    )
    near = pc.fill_null(near, "")
    before = pc.fill_null(pc.struct_field(found, "before"), "")
    is_office, is_firm = matches(near, offices), matches(before if only_before else near, firms)
    chosen = is_office & ~is_firm if needs_office else is_office | ~is_firm
    return pieces._take(chosen)
