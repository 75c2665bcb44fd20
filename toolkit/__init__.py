"""Supervision of a 12345 hotline, step by step; every step takes a frame and gives a new one.

    export → load → tickets → clock → tickets with due_at, due_source, answered_at, due_state
                                        ├→ flag  → findings ─┐
                                        │                    ├→ notebook → page
                                        └→ score → scorecard ┘

`proofread` puts the figures of a written report beside each other and beside the scorecard.
`as_of` is always passed in: nothing here reads the system's time.
"""

from toolkit.assessing.explain_score import explain_score
from toolkit.assessing.points import apply_scheme
from toolkit.assessing.scheme import read_scheme
from toolkit.assessing.scheme_text import print_scheme
from toolkit.assessing.standings import stand
from toolkit.assessing.targets import next_targets
from toolkit.assessing.year import score_year, stand_by_month
from toolkit.clocking.clock import clock, falling_due
from toolkit.clocking.explain import explain_due, explain_dues
from toolkit.clocking.flow_log import hold_legs
from toolkit.comparing.peer_ranks import rank_among_peers
from toolkit.comparing.peers import read_peers
from toolkit.flagging.flag import flag, flagged, rules
from toolkit.loading.load import load
from toolkit.loading.mapping import write_mapping
from toolkit.loading.preview import inspect
from toolkit.loading.store import read_states, read_store, update_store
from toolkit.people.roster import read_roster
from toolkit.people.roster_gaps import check_roster
from toolkit.preparing.prepare import open_report, prepare
from toolkit.preparing.report import read_prepared
from toolkit.proofreading.proofread import proofread
from toolkit.rounding import compare_counts, percent
from toolkit.scoring.marks import mark_tickets
from toolkit.scoring.score import compare_definitions, per_ten_thousand, score
from toolkit.scoring.tally import rates, sum_tallies, tally, times

__all__ = [
    "apply_scheme",
    "check_roster",
    "clock",
    "compare_counts",
    "compare_definitions",
    "explain_due",
    "explain_dues",
    "explain_score",
    "falling_due",
    "flag",
    "flagged",
    "hold_legs",
    "inspect",
    "load",
    "mark_tickets",
    "next_targets",
    "open_report",
    "per_ten_thousand",
    "percent",
    "prepare",
    "print_scheme",
    "proofread",
    "rank_among_peers",
    "rates",
    "read_peers",
    "read_prepared",
    "read_roster",
    "read_scheme",
    "read_states",
    "read_store",
    "rules",
    "score",
    "score_year",
    "stand",
    "stand_by_month",
    "sum_tallies",
    "tally",
    "times",
    "update_store",
    "write_mapping",
]
