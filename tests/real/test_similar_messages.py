"""2,816 real replies and messages: the stock replies are found, and every pair that comparing all would find."""

import numpy as np
import pandas as pd
import pytest
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from toolkit.texts.similar import SHORTEST, cluster, cluster_matters, normalise


@pytest.fixture(scope="module")
def messages(data):
    return pd.read_excel(data / "messages_replied.xlsx", engine="calamine")


def test_stock_replies_are_found(messages):
    sizes = cluster(messages["答复意见"]).value_counts()
    assert (len(sizes), sizes.sum(), sizes.max()) == (85, 245, 32)


def test_no_message_is_missed_that_comparing_all_finds(messages):
    normal = normalise(messages["留言详情"])
    normal = normal[normal.str.len() >= SHORTEST]
    words = normal.tolist()
    scorer = Levenshtein.normalized_similarity
    alike = process.cdist(words, words, scorer=scorer, score_cutoff=0.85, dtype=np.float64) >= 0.9
    clusters = cluster(messages["留言详情"])[normal.index].fillna(0).to_numpy()
    one, other = np.nonzero(np.triu(alike, 1))
    assert len(one) > 50
    assert (clusters[one] == clusters[other]).all()
    assert (clusters[one] > 0).all()


def test_most_messages_said_twice_come_from_one_person(messages):
    matters = cluster_matters(messages["留言详情"])
    assert messages.groupby(matters)["留言用户"].nunique().eq(1).mean() > 0.7
