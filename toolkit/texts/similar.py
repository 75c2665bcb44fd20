"""Near-identical texts at scale: the same reply given to many, the same matter raised again.

Two texts are compared without what is only courtesy or detail (`normalise`). Their similarity is the share of
the longer one's characters that can stay as they are when one is turned into the other: 1 - edit distance / length.
It is 0.95 when five characters in a hundred must be changed, which anyone can check by hand; overlap of word or
letter groups is not like that, and punishes one change in a short text several times over.
"""

import numpy as np
import pandas as pd

from toolkit.errors import ParameterError
from toolkit.texts.minhash import follow_firsts
from toolkit.texts.wording import SHORTEST, find_places, normalise


def similarity(first, second):
    """How alike two texts are, from 0 to 1: the share of characters that need not be changed.

    Reads two Series of the same index; gives Float64. Missing where a text is missing or holds no word.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import Levenshtein

    _check_index(first, second)
    left, right = normalise(first), normalise(second)
    known = (left.fillna("").ne("") & right.fillna("").ne("")).to_numpy()
    alike = pd.array([pd.NA] * len(left), dtype="Float64")
    alike[known] = process.cpdist(
        left[known].tolist(),
        right[known].tolist(),
        scorer=Levenshtein.normalized_similarity,
        dtype=np.float64,
    )
    return pd.Series(alike, index=first.index)


def cluster(texts, within=None, threshold=0.9):
    """Which texts are near-identical: the number of the group of equal or almost equal texts each belongs to.

    Reads texts and, where given, the unit or other value `within` which alone they are compared. Gives Int64,
    numbered from 1 as groups first appear. In the order of the rows, a text joins the earliest first text of a
    group that it is like (similarity >= threshold), else it may be the first of a group itself: so no group drifts
    away from its first text. Missing: a text that is alone, missing, shorter than SHORTEST when normalised, or
    whose `within` is missing. Up to 2,000 different texts nothing is missed, nor among any number where up to 1,000 have the
    same `within`; else few matches are (see `minhash`). Above 2,000 a text may have joined a later first text than the
    earliest it is like.
    ParameterError if the threshold is not from 0.5 to 1 or the indexes differ.
    """
    if not 0.5 <= threshold <= 1:
        raise ParameterError(
            f"The threshold must be from 0.5 to 1, found {threshold}: 0.9 is near-identical."
        )
    groups = np.zeros(len(texts), dtype=np.int64)
    if within is not None:
        _check_index(texts, within)
        groups = pd.factorize(within)[0]
    normal = normalise(texts)
    judged = (normal.str.len().ge(SHORTEST).fillna(False) & (groups >= 0)).to_numpy(dtype=bool)
    numbers = pd.array([pd.NA] * len(texts), dtype="Int64")
    if judged.any():
        numbers[judged] = _number(normal.array[judged], groups[judged], threshold)
    return pd.Series(numbers, index=texts.index)


def cluster_matters(contents, places=None, within=None, threshold=0.8):
    """Which matters are the same: almost equal words about the same place.

    Reads what citizens said, where known the township or address of each, and `within` as for `cluster`. The place
    of a matter is every place and building named in its address and its words; two matters that name different
    places are different, however alike their words. A matter without any place is compared with others without.
    """
    told, unending = contents.astype("str"), ""
    if places is not None:
        _check_index(contents, places)
        told = (places.astype("str") + "，").fillna("") + told
        unending = places.astype("str").where(find_places(places).isna(), "").fillna("")
    place = find_places(told).fillna("") + "\n" + unending
    if within is not None:
        _check_index(contents, within)
        place = (within.astype("str") + "\n" + place).where(within.notna())
    return cluster(contents, place, threshold)


def _number(normal, groups, threshold):
    """The number of each text's group, missing where it is alone."""
    codes, _ = pd.factorize(normal)
    codes, _ = pd.factorize(codes * (groups.max() + 1) + groups)
    rows = pd.Series(np.arange(len(codes))).groupby(codes).first().to_numpy()
    leaders = follow_firsts(normal[rows].tolist(), groups[rows], threshold)[codes]
    shared = np.bincount(leaders, minlength=len(rows)) > 1
    return pd.arrays.IntegerArray(np.cumsum(shared)[leaders], mask=~shared[leaders])


def _check_index(one, other):
    if not one.index.equals(other.index):
        raise ParameterError(
            f"Both columns must have the same rows: found {len(one)} and {len(other)}, or other labels. "
            "Take both from the same table."
        )
