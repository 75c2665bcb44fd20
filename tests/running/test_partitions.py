"""What is counted on a cluster, a unit a partition, is what one machine counts."""

import sys

import pandas as pd
import pytest
from cases.reports import report_of
from flagging.test_oracles import make_plain, make_texts
from oracles.made_tickets import AS_OF
from running.test_cluster import cluster

from toolkit import flag
from toolkit.errors import RunError
from toolkit.flagging.rule import RULES
from toolkit.preparing.report import write_report
from toolkit.running.partitions import ALONE, flag_on_cluster, tally_on_cluster
from toolkit.scoring.score import answer_stage, score, score_tally
from toolkit.scoring.tally import tally

pytest.importorskip("distributed")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with cluster(tmp_path_factory.mktemp("cluster"), 2) as (address, _):
        yield address


def test_the_rules_run_by_unit_look_at_single_tickets_and_not_back():
    known = {entry.code: entry for entry in RULES}
    assert [code for code in ALONE if known[code].about != "ticket" or known[code].looks_back] == []


@pytest.mark.long
@pytest.mark.parametrize("make", [make_plain, make_texts])
@pytest.mark.parametrize("seed", range(10))
def test_findings_of_units_together_are_those_of_the_whole(address, make, seed):
    tickets, events, policy, _ = make(seed)
    whole = flag(tickets, policy, events)
    assert len(set(whole["rule"]) & set(ALONE)) > 10 and len(set(whole["rule"]) - set(ALONE)) > 5
    pd.testing.assert_frame_equal(flag_on_cluster(tickets, policy, address, events), whole)


def test_findings_are_those_of_the_whole_also_where_one_unit_leaves_a_column_empty(address):
    tickets, events, policy, _ = make_texts(1)
    blank = tickets["unit"].eq("乙镇")
    tickets = tickets.assign(first_contact_at=tickets["first_contact_at"].mask(blank))
    whole = flag(tickets, policy, events)
    assert whole.loc[whole["rule"].eq("contact_missed"), "unit"].eq("乙镇").any()
    assert len(set(whole["rule"]) & set(ALONE)) > 10
    pd.testing.assert_frame_equal(flag_on_cluster(tickets, policy, address, events), whole)


def test_a_part_that_fails_is_told_and_no_sum_is_given_without_it(address):
    tickets, _, policy, _ = make_plain(1)
    with pytest.raises(RunError, match="4 of 4 parts were not counted"):
        flag_on_cluster(tickets.drop(columns="due_state"), policy, address)


def test_the_tallies_of_units_summed_are_the_tally_and_the_scorecard_of_the_whole(address, tmp_path):
    report = report_of(make_plain(1)[0], AS_OF, "2025-01-01..2025-03-31")
    prepared = write_report(report, tmp_path / "prepared")
    for by, with_excluded in ((["report"], False), ([], True), (["unit", "month"], False)):
        counted = tally_on_cluster(str(prepared), address, by, with_excluded)
        assert len(counted) > 20
        pd.testing.assert_frame_equal(counted, tally(report.now, by, with_excluded))
    scorecard = score_tally(tally_on_cluster(str(prepared), address, ["report"]), answer_stage(report.now))
    pd.testing.assert_frame_equal(scorecard, score(report.now, "report"))
