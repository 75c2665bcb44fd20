"""The table that is the forecast: of each kind, how many were still open at each mark, and how many of them ran out."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from toolkit.forecasting.cases import NARROWER, TENTHS

LEVELS = range(len(NARROWER) + 1)


class Table(NamedTuple):
    """Level by level, by kind and number of marks passed (0: all of them): how many cases, and of how many it came true."""

    still_open: list
    ran_out: list


def count_table(cases, sizes):
    """The table of some cases; sizes: how many kinds each level has."""
    came = cases[cases["ran_out"]]
    return Table(*([_count_level(own, level, sizes[level]) for level in LEVELS] for own in (cases, came)))


def _count_level(cases, level, size):
    """How many cases of each kind had passed each number of marks, or more."""
    kinds, marks = cases[f"kind_{level}"].to_numpy(), cases["marks"].to_numpy()
    own = kinds >= 0
    places = kinds[own] * (TENTHS + 1) + marks[own]
    passed = np.bincount(places, minlength=size * (TENTHS + 1)).reshape(size, TENTHS + 1)
    return passed[:, ::-1].cumsum(axis=1)[:, ::-1]


def count_kinds(cases):
    """How many kinds each level has; room for one where it has none."""
    return [int(cases[f"kind_{level}"].to_numpy().max(initial=0)) + 1 for level in LEVELS]


def read_table(table, cases, marks, settings):
    """For each case the narrowest kind that has tickets enough: level, alike, ran_out, chance, is_weak.

    marks: how many marks its fellows must have passed while open (0: all of them count). `chance` leans on the wider
    kind's: as if `prior_strength` tickets with that chance stood beside its own; all tickets together lean on one half.
    Where even all of them are fewer than `least_alike`, it is weak.
    """
    size, strength = len(cases), settings.prior_strength
    found = {"level": np.zeros(size, "int64"), "alike": np.zeros(size, "int64")}
    found |= {"ran_out": np.zeros(size, "int64"), "chance": np.full(size, 0.5)}
    for level in LEVELS:
        kinds = cases[f"kind_{level}"].to_numpy()
        own = np.maximum(kinds, 0)
        alike, ran_out = table.still_open[level][own, marks], table.ran_out[level][own, marks]
        takes = (kinds >= 0) & ((alike >= settings.least_alike) | (level == 0))
        chance = (ran_out + strength * found["chance"]) / (alike + strength)
        values = {"level": level, "alike": alike, "ran_out": ran_out, "chance": chance}
        found = {name: np.where(takes, values[name], found[name]) for name in found}
    frame = pd.DataFrame(found, index=cases.index)
    return frame.assign(is_weak=frame["alike"] < settings.least_alike)
