"""Units whose truth is known: months drawn from a rate that stands, steps or drifts, with or without overdispersion."""

import numpy as np
import pandas as pd

RATE = "按期回复率（÷受理）"


def as_months(counted, among, metric=RATE, settled=True):
    """Matrices of counts, a row a unit, a column a month, as `count_months` gives them."""
    counted, among = np.atleast_2d(counted), np.atleast_2d(among)
    units, months = counted.shape
    table = pd.DataFrame(
        {
            "unit": np.repeat([f"第{unit:04}单位" for unit in range(units)], months),
            "metric": metric,
            "month": np.tile(pd.period_range(end="2025-12", periods=months, freq="M").astype(str), units),
            "numerator": counted.ravel(),
            "denominator": among.ravel(),
            "pending": 0,
            "is_settled": settled,
        }
    )
    return table.assign(rate=table["numerator"] / table["denominator"].where(table["denominator"] > 0))


def draw_units(rng, rates, size, units, sigma=1.0):
    """Counts of so many units, month by month: Poisson many tickets of mean `size`, of which each month's rate holds.

    sigma: how many times the binomial standard deviation the months of mean size waver (beta-binomial).
    """
    rates = np.broadcast_to(rates, (units, len(rates)))
    among = np.maximum(rng.poisson(size, rates.shape), 1)
    if sigma > 1:
        prior = (size - 1) / (sigma**2 - 1) - 1
        rates = rng.beta(rates * prior, (1 - rates) * prior)
    return rng.binomial(among, rates), among


def stepping(rate, later, months, since):
    """A rate that has been another one for the latest `since` months."""
    return np.r_[np.full(months - since, rate), np.full(since, later)]
