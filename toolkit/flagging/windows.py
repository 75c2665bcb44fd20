"""Rolling windows over tickets in groups: how many in the days before each, and how many different callers.

Groups are whole numbers, -1 for none. A window ends at a ticket and holds what came at most so many days before it,
to the second; of tickets at the same moment the one further up in the table comes first.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd


class Windows(NamedTuple):
    """Tickets that have a group and a time, sorted by both; `first` is where the window of each begins.

    rows: their places in the table; group: their numbers; last: the last ticket whose window holds this one.
    """

    rows: np.ndarray
    group: np.ndarray
    first: np.ndarray
    last: np.ndarray

    @property
    def count(self):
        """How many tickets of the group the window of each holds, itself counted."""
        return np.arange(len(self.rows)) - self.first + 1


def roll(groups, times, days, least=1):
    """The windows of all tickets in groups of `least` or more; the tickets of smaller ones are left out."""
    times = times.to_numpy(dtype="datetime64[us]")
    groups = np.where(np.isnat(times), -1, groups)
    sizes = np.bincount(groups[groups >= 0])
    rows = np.flatnonzero(groups >= 0)
    rows = rows[sizes[groups[rows]] >= least]
    rows = rows[np.lexsort((times[rows], groups[rows]))]
    group, _ = pd.factorize(groups[rows])
    moments = np.sort(times[rows])
    most = len(rows) + 1
    begin = np.searchsorted(moments, times[rows] - np.timedelta64(days, "D"))
    keys = group * most + np.searchsorted(moments, times[rows])  # numbers that sort as group and time do
    first = np.searchsorted(keys, group * most + begin)
    last = np.searchsorted(first, np.arange(len(rows)), side="right") - 1
    return Windows(rows, group, first, last)


def count_different(windows, who):
    """How many different ones of `who` (numbers, by place in the table) the window of each ticket holds."""
    size = len(windows.rows)
    who = who[windows.rows]
    order = np.lexsort((np.arange(size), who, windows.group))
    following = np.full(size, size)
    again = (who[order][1:] == who[order][:-1]) & (windows.group[order][1:] == windows.group[order][:-1])
    following[order[:-1][again]] = order[1:][again]
    # Each ticket counts in the windows that hold it, until the same caller's next ticket counts instead.
    ends = np.minimum(windows.last, following - 1)
    steps = np.bincount(np.arange(size), minlength=size + 1) - np.bincount(ends + 1, minlength=size + 1)
    return np.cumsum(steps)[:size]


def most_of(windows, values):
    """The greatest value among the windows that hold each ticket."""
    return largest_between(values, np.arange(len(values)), windows.last)


def largest_between(values, first, last):
    """The largest of the values from place `first` to place `last`, for each pair of places, by doubling spans."""
    tables, size = [values], 1
    while size * 2 <= len(values):
        previous = tables[-1]
        tables.append(np.maximum(previous[: len(previous) - size], previous[size:]))
        size *= 2
    level = np.floor(np.log2(last - first + 1)).astype(int)
    largest = np.zeros(len(first), dtype=values.dtype)
    for power, table in enumerate(tables):
        here = level == power
        largest[here] = np.maximum(table[first[here]], table[last[here] - (1 << power) + 1])
    return largest
