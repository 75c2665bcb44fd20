"""Which policy judges a ticket: the one in force on the day it was received, or none."""

import pandas as pd
import pytest

from toolkit import clock, schema
from toolkit.clocking.due_notes import list_doubts
from toolkit.clocking.in_force import find_in_force, read_policies
from toolkit.clocking.policy import read_policy
from toolkit.errors import PolicyError


def policy(name, **dates):
    return {"name": name, "source": "测试"} | dates


def choose(policies, *received):
    times = pd.Series(pd.to_datetime(list(received), format="ISO8601")).astype("datetime64[us]")
    return find_in_force(times, read_policies(policies)).tolist()


def test_each_ticket_is_judged_by_the_policy_in_force_when_it_was_received():
    both = [policy("新", valid_from="2025-07-01"), policy("旧", valid_from="2025-01-01")]
    received = ["2024-12-31 23:59", "2025-01-01", "2025-06-30 23:59:59", "2025-07-01 00:00", None]
    assert [one.name for one in read_policies(both)] == ["旧", "新"]
    assert choose(both, *received) == [0, 0, 0, 1, 1]  # before all of them the first, said in the due note


@pytest.mark.parametrize(
    "text", ["shandong_2020, sichuan_2026", "sichuan_2026，shandong_2020", "shandong_2020、sichuan_2026"]
)
def test_several_policies_may_stand_in_one_text_as_in_a_notebook_s_parameter(text):
    assert read_policies(text) == read_policies(["shandong_2020", "sichuan_2026"])


def test_a_comma_in_the_name_of_a_file_is_no_second_policy(tmp_path):
    file = tmp_path / "办法（2025,修订）.yml"
    file.write_text("name: 修订\nsource: 测试\n", encoding="utf-8")
    assert [one.name for one in read_policies(str(file))] == ["修订"]


def test_a_misspelt_policy_of_several_in_one_text_is_named_with_its_nearest():
    with pytest.raises(PolicyError, match=r"no policy 'sichuan_2062'.*Did you mean 'sichuan_2026'"):
        read_policies("shandong_2020, sichuan_2062")


def test_a_ticket_received_outside_a_policy_s_days_is_judged_by_it_and_marked():
    tickets = schema.make_tickets(
        {"ticket_id": ["a", "b", "c"], "received_at": ["2024-12-31", "2025-03-03", "2026-01-05"]}
    )
    dated = policy("旧", valid_from="2025-01-01", valid_to="2025-12-31")
    clocked = clock(tickets, dated, "2026-02-02")
    assert clocked["due_note"].fillna("").tolist() == ["受理早于本办法施行日期", "", "受理晚于本办法有效期"]
    assert list_doubts(clocked, dated)["ticket_id"].tolist() == ["a", "c"]


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
