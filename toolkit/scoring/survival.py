"""How long until it is done, what is not done yet counted in: Kaplan and Meier's curve, of many groups at once.

A test holds it to scipy's, which takes one group at a time. Source: Kaplan and Meier, JASA 53 (1958).
"""

import numpy as np
import pandas as pd

NEARLY = 1e-9  # products of fractions miss a half by less


def share_open(groups, done, gone):
    """The share of each row's group that is still open after it.

    groups: numbers that do not fall, a group's rows in order of time, of one time those done before those still
    open. done: how many were done then; gone: how many left observation, done or still open; arrays.
    """
    ends = np.cumsum(np.bincount(groups, weights=gone))
    watched = ends[groups] - np.cumsum(gone) + gone
    return pd.Series((watched - done) / watched).groupby(groups).cumprod().to_numpy()


def first_time(groups, size, times, left, share):
    """Each group's first time by which that share is done; missing where those still open leave it unknown.

    groups, times: as for `share_open`, whose result is `left`; size: how many groups there are.
    """
    reached = np.flatnonzero(left <= 1 - share + NEARLY)
    named, first = np.unique(groups[reached], return_index=True)
    found = np.full(size, np.nan)
    found[named] = times[reached[first]]
    return found
