"""Supervision of a 12345 hotline, step by step; every step takes a frame and gives a new one.

    export → load → tickets → clock → tickets with due_at, due_source, answered_at, due_state
                                        ├→ flag  → findings ─┐
                                        │                    ├→ notebook → page
                                        └→ score → scorecard ┘

`proofread` puts the figures of a written report beside each other and beside the scorecard.
`as_of` is always passed in: nothing here reads the system's time.
"""

from toolkit.annual import next_targets, score_year, stand_by_month
from toolkit.clock import clock, falling_due
from toolkit.explain import explain_due, explain_dues
from toolkit.flag import flag, flagged, rules
from toolkit.gaps import check_roster
from toolkit.history import hold_legs
from toolkit.inspect import inspect, write_mapping
from toolkit.load import load
from toolkit.metrics import count_members
from toolkit.peer_ranks import rank_among_peers
from toolkit.peers import read_peers
from toolkit.points import apply_scheme
from toolkit.prepare import open_report, prepare
from toolkit.prepared import read_prepared
from toolkit.proofread import proofread
from toolkit.roster import read_roster
from toolkit.scheme import read_scheme
from toolkit.scheme_text import print_scheme
from toolkit.score import compare_counts, compare_definitions, per_ten_thousand, percent, score
from toolkit.standings import explain_score, stand
from toolkit.store import read_states, read_store, update_store
from toolkit.tally import rates, sum_tallies, tally, times

__all__ = [
    "apply_scheme",
    "check_roster",
    "clock",
    "compare_counts",
    "compare_definitions",
    "count_members",
    "explain_due",
    "explain_dues",
    "explain_score",
    "falling_due",
    "flag",
    "flagged",
    "hold_legs",
    "inspect",
    "load",
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
