"""Rules about closing, satisfaction, call-backs, records and ownerless tickets against an oracle."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_tickets import SIZE, make_county
from oracle_closure import ORACLE

from toolkit import flag


def compare_with_oracle(seed):
    """The tickets (or units) each rule finds in a made-up county, by our rules and by the oracle."""
    tickets, events, policy, as_of = make_county(seed)
    findings = flag(tickets, policy, as_of, events, only=list(ORACLE))
    keys = findings["ticket_id"].fillna(findings["unit"])
    ours = {code: sorted(keys[findings["rule"].eq(code)]) for code in ORACLE}
    rows = [{k: None if pd.isna(v) else v for k, v in row.items()} for row in tickets.to_dict("records")]
    log = events.sort_values("at", kind="stable").to_dict("records")
    return ours, {code: sorted(find(rows, log, policy, as_of)) for code, find in ORACLE.items()}


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 2**32))
def test_rules_about_closing_and_records_find_what_their_sentences_say(seed):
    ours, theirs = compare_with_oracle(seed)
    assert ours == theirs


@pytest.mark.long
def test_rules_about_closing_and_records_find_what_their_sentences_say_on_5_000_tickets():
    differing = [seed for seed in range(5_000 // SIZE) if (pair := compare_with_oracle(seed))[0] != pair[1]]
    assert differing == []


@pytest.mark.long
def test_every_rule_about_closing_and_records_finds_something_in_the_made_up_counties():
    found = set()
    for seed in range(5_000 // SIZE):
        found |= {code for code, keys in compare_with_oracle(seed)[0].items() if keys}
    assert found == set(ORACLE)
