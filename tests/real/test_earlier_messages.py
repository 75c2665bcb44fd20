"""Thousands of real messages: what one person sent twice, and hand-written matters told twice, are found among them."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
import yaml

from toolkit import schema
from toolkit.settings import PROJECT
from toolkit.texts.earlier import find_similar_earlier


def read_messages(data):
    messages = pd.read_excel(data / "messages_replied.xlsx", engine="calamine")
    return pd.DataFrame({
        "ticket_id": messages["留言编号"].astype("str"),
        "content": messages["留言详情"].str.replace(r"\s+", " ", regex=True).str.strip(),
        "who": messages["留言用户"],
    })  # fmt: skip


def spread(rows):
    """The rows as tickets an hour apart."""
    received = pd.Timestamp("2025-01-01") + pd.to_timedelta(np.arange(len(rows)), unit="h")
    return schema.make_tickets(rows[["ticket_id", "content"]].assign(received_at=received))


def test_what_one_person_sent_again_stands_first_among_the_ten(data):
    messages = read_messages(data).drop_duplicates("ticket_id")
    again = messages[messages.duplicated(["who", "content"]) & messages["content"].str.len().gt(8)]
    found = find_similar_earlier(spread(messages))
    best = found[found["rank"].eq(1)].set_index("ticket_id")["similarity"]
    assert len(again) > 20
    assert best.reindex(again["ticket_id"]).ge(0.999).all()


@pytest.fixture
def matters():
    cases = yaml.safe_load((PROJECT / "tests" / "cases" / "texts.yml").read_text(encoding="utf-8"))
    return pd.DataFrame([case for case in cases if case["rule"] == "repeated_matter"])


def test_matters_told_twice_in_other_words_are_among_the_ten_of_all(data, matters):
    told = matters.rename(columns={"id": "ticket_id"})[["ticket_id", "content"]]
    mixed = pd.concat([read_messages(data).drop_duplicates("ticket_id"), told])
    found = find_similar_earlier(spread(mixed.sample(frac=1, random_state=1)))
    pairs = {frozenset(pair) for pair in zip(found["ticket_id"], found["earlier_id"], strict=True)}
    same = [frozenset(pair) for _, ids in matters.groupby("group")["id"] for pair in combinations(ids, 2)]
    assert len(same) == 24
    assert sum(pair in pairs for pair in same) >= 23
