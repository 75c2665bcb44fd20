"""Every rule against the oracle written from its sentence, on made-up counties."""

from functools import cache

import pandas as pd
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from oracles import citizens as oracle_citizens
from oracles import closure as oracle_closure
from oracles import passing as oracle_passing
from oracles import raised as oracle_raised
from oracles import sitting as oracle_sitting
from oracles import texts as oracle_texts
from oracles import time as oracle_time
from oracles import words as oracle_words
from oracles.made_tickets import SIZE, make_county

from toolkit import flag


@cache  # one county serves all oracles
def make_plain(seed):
    """The made-up county of a seed."""
    return make_county(seed)


def make_texts(seed):
    """A county of whole texts, a third of its tickets closed at one moment or minutes later."""
    tickets, *rest = make_county(seed, **oracle_texts.TEXTS)
    for turn, minutes in enumerate([0, 1, 2, 4, 9]):
        closed_at = pd.Timestamp("2025-03-10 09:00") + pd.Timedelta(minutes=minutes)
        tickets.loc[tickets.index % 15 == turn * 3, "closed_at"] = closed_at
    return tickets, *rest


def make_raised(seed):
    """A county whose contents and replies name other tickets or tell of one matter in other words."""
    tickets, *rest = make_county(seed, content=oracle_raised.CONTENTS, reply=oracle_raised.REPLIES)
    return tickets, *rest


def name_places(findings):
    """The tickets or units found."""
    return findings["ticket_id"].fillna(findings["unit"])


def measure_places(findings):
    """The tickets or units found, how much, and the tickets that a finding rests on."""
    resting = findings["rests_on"].map(lambda ids: [tuple(sorted(ids))] if ids else [])
    found = zip(name_places(findings), findings["measure"], resting, strict=True)
    return [(place, measure, *ids) for place, measure, ids in found]


# Each oracle, its counties, and how it tells a finding.
ORACLES = {
    "time": (oracle_time.ORACLE, make_plain, name_places),
    "passing": (oracle_passing.ORACLE, make_plain, name_places),
    "sitting": (oracle_sitting.ORACLE, make_plain, name_places),
    "closure": (oracle_closure.ORACLE, make_plain, name_places),
    "words": (oracle_words.ORACLE, make_plain, name_places),
    "citizens": (oracle_citizens.ORACLE, make_plain, measure_places),
    "raised": (oracle_raised.ORACLE, make_raised, name_places),
    "texts": (oracle_texts.ORACLE, make_texts, name_places),
}


def compare_with_oracle(seed, oracle, make, tell):
    """What each rule finds in a made-up county, by our rules and by the oracle."""
    tickets, events, policy, as_of = make(seed)
    findings = flag(tickets, policy, events, only=list(oracle))
    ours = {code: sorted(tell(findings[findings["rule"].eq(code)])) for code in oracle}
    rows = [{k: None if pd.isna(v) else v for k, v in row.items()} for row in tickets.to_dict("records")]
    log = events.sort_values("at", kind="stable").to_dict("records")
    return ours, {code: sorted(find(rows, log, policy, as_of)) for code, find in oracle.items()}


@pytest.mark.parametrize("about", ORACLES)
@examples(10)
@given(seed=st.integers(0, 2**32))
def test_rules_find_what_their_sentences_say(about, seed):
    ours, theirs = compare_with_oracle(seed, *ORACLES[about])
    assert ours == theirs


@pytest.mark.long
@pytest.mark.parametrize("about", ORACLES)
def test_rules_find_what_their_sentences_say_on_5_000_tickets_and_each_rule_finds_something(about):
    oracle, *county = ORACLES[about]
    pairs = [compare_with_oracle(seed, oracle, *county) for seed in range(5_000 // SIZE)]
    assert [seed for seed, (ours, theirs) in enumerate(pairs) if ours != theirs] == []
    assert [code for code in oracle if not any(ours[code] for ours, _ in pairs)] == []
