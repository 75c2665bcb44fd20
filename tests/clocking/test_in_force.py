"""Which policy judges a ticket: the one in force on the day it was received, or none."""

import pandas as pd
import pytest

from toolkit.clocking.in_force import NOT_IN_FORCE, choose_policies, read_policies
from toolkit.clocking.policy import read_policy
from toolkit.errors import PolicyError


def policy(name, **dates):
    return {"name": name, "source": "测试"} | dates


def choose(policies, *received):
    chosen = choose_policies(
        read_policies(policies), pd.Series(pd.to_datetime(list(received), format="ISO8601"))
    )
    return [None if pd.isna(place) else place for place in chosen]


def test_each_ticket_is_judged_by_the_policy_in_force_when_it_was_received():
    both = [policy("旧", valid_from="2025-01-01"), policy("新", valid_from="2025-07-01")]
    received = [
        "2024-12-31 23:59",
        "2025-01-01",
        "2025-06-30 23:59:59",
        "2025-07-01 00:00",
        "2026-03-01",
        None,
    ]
    assert choose(both, *received) == [NOT_IN_FORCE, 0, 0, 1, 1, None]
    assert choose(both[::-1], *received) == [NOT_IN_FORCE, 1, 1, 0, 0, None]


def test_before_its_valid_from_a_single_policy_judges_nothing():
    assert choose(policy("新", valid_from="2025-07-01"), "2025-03-03 09:00", "2025-07-07 09:00") == [
        NOT_IN_FORCE,
        0,
    ]


def test_after_its_valid_to_a_policy_judges_nothing_and_the_one_before_does_not_return():
    both = [
        policy("旧", valid_from="2025-01-01"),
        policy("新", valid_from="2025-07-01", valid_to="2025-12-31"),
    ]
    assert choose(both, "2025-12-31 23:59", "2026-01-01") == [1, NOT_IN_FORCE]


def test_between_two_policies_none_is_in_force():
    both = [
        policy("旧", valid_from="2025-01-01", valid_to="2025-03-31"),
        policy("新", valid_from="2025-07-01"),
    ]
    assert choose(both, "2025-03-31 12:00", "2025-04-01", "2025-07-01") == [0, NOT_IN_FORCE, 1]


def test_a_policy_without_dates_judges_every_ticket_whose_receipt_is_known():
    assert choose("county_default", "2003-01-01", None, "2090-01-01") == [0, None, 0]


def test_no_ticket_gives_an_empty_column():
    assert choose("county_default") == []


def test_the_mistakes_of_all_policies_are_named_together():
    with pytest.raises(PolicyError) as raised:
        read_policies(["county_defualt", policy("旧"), policy("新", valid_form="2025-07-01"), 3])
    said = str(raised.value)
    assert "the policies: 4 mistake(s)" in said
    assert "Did you mean 'county_default'?" in said and "Did you mean 'valid_from'?" in said
    assert "旧 has no valid_from: say when it came into force" in said
    assert "3 names no policy" in said


def test_two_policies_of_one_day_and_a_policy_that_ends_before_it_begins_are_mistakes():
    with pytest.raises(
        PolicyError, match="two policies are valid from 2025-07-01: a ticket is judged by one"
    ):
        read_policies([policy("旧", valid_from="2025-07-01"), policy("新", valid_from="2025-07-01")])
    with pytest.raises(PolicyError, match="valid_to 2025-01-01 lies before valid_from 2025-07-01"):
        read_policies(policy("新", valid_from="2025-07-01", valid_to="2025-01-01"))
    with pytest.raises(PolicyError, match="no policy is named"):
        read_policies([])


def test_where_one_policy_is_expected_several_are_refused_by_name_and_a_list_of_one_is_that_one():
    assert read_policy(["county_default"]).name == read_policy("county_default").name
    with pytest.raises(
        PolicyError, match="one policy is expected here, found 2: shandong_2020、sichuan_2026"
    ):
        read_policy(["shandong_2020", "sichuan_2026"])
