"""Supervision of a 12345 hotline, step by step; every step takes a frame and gives a new one.

    export → load → tickets → clock → tickets with due_at, due_source, answered_at, due_state
                                        ├→ flag  → findings ─┐
                                        │                    ├→ notebook → page
                                        └→ score → scorecard ┘

`as_of` is always passed in: nothing here reads the system's time.
"""

from toolkit.clock import clock, falling_due
from toolkit.explain import explain_due, explain_dues
from toolkit.flag import flag, flagged, rules
from toolkit.history import hold_legs
from toolkit.inspect import inspect, write_mapping
from toolkit.load import load
from toolkit.metrics import count_members
from toolkit.points import apply_scheme
from toolkit.prepare import open_report, prepare, read_prepared
from toolkit.scheme import read_scheme
from toolkit.scheme_text import print_scheme
from toolkit.score import compare_counts, compare_definitions, per_ten_thousand, percent, score
from toolkit.standings import explain_score, stand
from toolkit.store import read_states, read_store, update_store
from toolkit.tally import rates, sum_tallies, tally, times

__all__ = [
    "apply_scheme",
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
    "open_report",
    "per_ten_thousand",
    "percent",
    "prepare",
    "print_scheme",
    "rates",
    "read_prepared",
    "read_scheme",
    "read_states",
    "read_store",
    "rules",
    "score",
    "stand",
    "sum_tallies",
    "tally",
    "times",
    "update_store",
    "write_mapping",
]
