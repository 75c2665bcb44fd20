"""What chance alone does to a share: binomial tails for small counts too, wider where the shares spread more.

`spread` is by how many times the variance exceeds the binomial one: counts and tickets are divided by it, and the
tail is taken between whole counts by the incomplete beta function, which at spread 1 is the exact binomial.
"""

import numpy as np
import pandas as pd

CLEAR = 3  # standard errors of the difference of two rates beyond which chance is no explanation
HALVINGS = 26  # of the interval a limit lies in: closer than any printed digit


def tail_below(counted, among, rate, spread=1.0):
    """The chance of so many or fewer; arrays of one shape, rate within 0 to 1."""
    from scipy.special import betainc

    counted, among = counted / spread, among / spread
    over = betainc(counted + 1, np.maximum(among - counted, 1e-12), _inside(rate))
    return np.where(counted >= among, 1.0, 1 - over)


def tail_above(counted, among, rate, spread=1.0):
    """The chance of so many or more."""
    return tail_below(among - counted, among, 1 - rate, spread)


def find_low_limit(among, rate, tail, spread=1.0):
    """The share below which, for so many tickets, less than `tail` of chance lies; 0 where nothing is so rare."""
    low, high = np.zeros(np.shape(among)), np.asarray(among, dtype="float64")
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        is_rare = tail_below(middle, among, rate, spread) < tail
        low, high = np.where(is_rare, middle, low), np.where(is_rare, high, middle)
    return np.where(low > 0, low / np.maximum(among, 1), 0.0)


def find_high_limit(among, rate, tail, spread=1.0):
    """The share above which less than `tail` of chance lies; 1 where nothing is so rare."""
    return 1 - find_low_limit(among, 1 - rate, tail, spread)


def _inside(rate):
    return np.clip(rate, 1e-12, 1 - 1e-12)


def differs_clearly(row):
    """Whether two rates differ by more than CLEAR standard errors of their difference; reads a row of movements."""
    counts = [row[name] for name in ("numerator", "denominator", "numerator_before", "denominator_before")]
    if any(pd.isna(count) for count in counts) or not (counts[1] and counts[3]):
        return False
    counted, among, counted_before, among_before = map(float, counts)
    both = (counted + counted_before) / (among + among_before)
    error = (both * (1 - both) * (1 / among + 1 / among_before)) ** 0.5
    return bool(error and abs(counted / among - counted_before / among_before) > CLEAR * error)
