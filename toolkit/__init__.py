"""Supervision of a 12345 hotline, step by step; every step takes a frame and gives a new one.

    export → load → tickets → clock → tickets with due_at, due_source, answered_at, due_state
                                        ├→ flag  → findings ─┐
                                        │                    ├→ notebook → page
                                        └→ score → scorecard ┘

`proofread` puts the figures of a written report beside each other and beside the scorecard.
`as_of` is always passed in: nothing here reads the system's time.
"""

from toolkit.clock import clock, falling_due
from toolkit.explain import explain_due, explain_dues
from toolkit.flag import flag, flagged, rules
from toolkit.history import hold_legs
from toolkit.inspect import inspect, write_mapping
from toolkit.load import load
from toolkit.metrics import count_members
from toolkit.prepare import open_report, prepare, read_prepared
from toolkit.proofread import proofread
from toolkit.score import compare_counts, percent, score
from toolkit.store import read_states, read_store, update_store

__all__ = [
    "clock",
    "compare_counts",
    "count_members",
    "explain_due",
    "explain_dues",
    "falling_due",
    "flag",
    "flagged",
    "hold_legs",
    "inspect",
    "load",
    "open_report",
    "percent",
    "prepare",
    "proofread",
    "read_prepared",
    "read_states",
    "read_store",
    "rules",
    "score",
    "update_store",
    "write_mapping",
]
