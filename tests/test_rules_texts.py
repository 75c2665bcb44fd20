"""Rules about replies and batches against an oracle on made-up counties."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_tickets import SIZE, make_county
from oracle_texts import ORACLE, TEXTS

from toolkit import flag

BATCH = pd.Timestamp("2025-03-10 09:00")  # a third of the tickets are closed then or minutes later


def compare_with_oracle(seed):
    """The tickets each rule finds in a made-up county, by our rules and by the oracle."""
    tickets, events, policy, as_of = make_county(seed, **TEXTS)
    for turn, minutes in enumerate([0, 1, 2, 4, 9]):
        tickets.loc[tickets.index % 15 == turn * 3, "closed_at"] = BATCH + pd.Timedelta(minutes=minutes)
    findings = flag(tickets, policy, as_of, events, only=list(ORACLE))
    ours = {code: sorted(findings["ticket_id"][findings["rule"].eq(code)]) for code in ORACLE}
    rows = [{k: None if pd.isna(v) else v for k, v in row.items()} for row in tickets.to_dict("records")]
    return ours, {code: sorted(find(rows, policy, as_of)) for code, find in ORACLE.items()}


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 2**32))
def test_rules_about_texts_find_what_their_sentences_say(seed):
    ours, theirs = compare_with_oracle(seed)
    assert ours == theirs


@pytest.mark.long
def test_rules_about_texts_find_what_their_sentences_say_on_5_000_tickets():
    pairs = {seed: compare_with_oracle(seed) for seed in range(5_000 // SIZE)}
    assert [seed for seed, (ours, theirs) in pairs.items() if ours != theirs] == []
    assert all(any(ours[code] for ours, _ in pairs.values()) for code in ORACLE)
