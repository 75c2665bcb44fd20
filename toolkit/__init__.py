"""Supervision of a 12345 hotline, step by step; every step takes a frame and gives a new one.

    export → load → tickets → clock → tickets with due_at, due_source, answered_at, due_state
                                        ├→ flag  → findings ─┐
                                        │                    ├→ notebook → page
                                        └→ score → scorecard ┘

`look_ahead` says of each open ticket how many of its kind ran out from where it stands.
`proofread` puts the figures of a written report beside each other and beside the scorecard.
`as_of` is always passed in: nothing here reads the system's time.
"""

from toolkit.assessing.explain_score import explain_score
from toolkit.clocking.clock import clock
from toolkit.clocking.explain import explain_due
from toolkit.flagging.flag import flag, rules
from toolkit.forecasting.look_ahead import look_ahead
from toolkit.loading.load import load
from toolkit.loading.preview import inspect
from toolkit.preparing.prepare import open_report, prepare
from toolkit.proofreading.proofread import proofread
from toolkit.scoring.score import compare_definitions, score

__all__ = [
    "clock",
    "compare_definitions",
    "explain_due",
    "explain_score",
    "flag",
    "inspect",
    "load",
    "look_ahead",
    "open_report",
    "prepare",
    "proofread",
    "rules",
    "score",
]
