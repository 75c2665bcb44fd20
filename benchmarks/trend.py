"""How often 走势 and 达标 are wrong, on made units whose truth is known, and how soon a true change is seen.

Three tables: false alarms per unit-year (twelve monthly looks at a rate that never changes), power by months since
a change, and how 达标 fares in the twelve months that follow. Then how long a county of 240 units takes.
`python benchmarks/trend.py [units]`
"""

import sys
import time
from pathlib import Path

import numpy as np

from toolkit.comparing.trend import DOWN, HIT, MISSED, MIXED, UP, find_trends

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))  # the made units are those of the tests
from cases.months import RATE, as_months, draw_units, stepping

LOOKS = 12
SIZES = [(5, 1), (30, 1), (300, 1), (300, 2), (3000, 1), (3000, 3)]  # tickets a month, sigma
STEPS = [(5, 1, 0.6), (30, 1, 0.8), (300, 1, 0.85), (300, 2, 0.85), (3000, 1, 0.88), (3000, 3, 0.88)]


def count_false_alarms(rng, rate, size, sigma, months, units):
    """The share of unit-years with any alarm, and of looks with one."""
    counted, among = draw_units(rng, np.full(months + LOOKS - 1, rate), size, units, sigma)
    looks = [
        find_trends(as_months(counted[:, at : at + months], among[:, at : at + months]))["trend"]
        for at in range(LOOKS)
    ]
    alarms = np.array([look.isin([UP, DOWN]) for look in looks])
    return alarms.any(axis=0).mean(), alarms.mean()


def count_runs_of_seven(rng, rate, size, sigma, months, units):
    """What the usual rule would do: the share of unit-years in which the latest seven months stand on one side."""
    counted, among = draw_units(rng, np.full(months + LOOKS - 1, rate), size, units, sigma)
    ever = np.zeros(units, dtype=bool)
    for at in range(LOOKS):
        own, whole = counted[:, at : at + months], among[:, at : at + months]
        before = own[:, :-7].sum(axis=1) / whole[:, :-7].sum(axis=1)
        apart = own[:, -7:] / whole[:, -7:] - before[:, None]
        ever |= (apart > 0).all(axis=1) | (apart < 0).all(axis=1)
    return ever.mean()


def measure_power(rng, rates, size, sigma, units):
    """The share of units that fall and are said to, and of those that are said to rise."""
    trends = find_trends(as_months(*draw_units(rng, rates, size, units, sigma)))["trend"]
    return trends.eq(DOWN).mean(), trends.eq(UP).mean()


def follow_assurance(rng, rate, target, size, sigma, units):
    """The share of units of each word, and of the twelve months after those that miss the target."""
    counted, among = draw_units(rng, np.full(24, rate), size, units, sigma)
    told = as_months(counted[:, :12], among[:, :12])
    words = find_trends(told, {(unit, RATE): target for unit in told["unit"]})["assurance"]
    missed = (counted[:, 12:] < target * among[:, 12:] - 1e-9).mean(axis=1)
    return {word: (words.eq(word).mean(), missed[words.eq(word)].mean()) for word in (HIT, MIXED, MISSED)}


def main(units=2_000):
    rng = np.random.default_rng(12345)
    print(
        "false alarms: months, rate, tickets a month, sigma: unit-years, looks; unit-years by a run of seven"
    )
    for months in (12, 18, 24):
        for rate in (0.6, 0.9, 0.98):
            for size, sigma in SIZES:
                ever, each = count_false_alarms(rng, rate, size, sigma, months, units)
                runs = count_runs_of_seven(rng, rate, size, sigma, months, units)
                print(f"{months} {rate} {size} {sigma}: {ever:.1%}, {each:.2%}; {runs:.0%}")
    print(
        "power: months, tickets a month, sigma, 90 % falls to: by months since, then a drift over all months"
    )
    for months in (12, 24):
        for size, sigma, later in STEPS:
            paths = [stepping(0.9, later, months, since) for since in (1, 3, 7, 10)]
            paths.append(np.linspace(0.9, later, months))
            found = [measure_power(rng, path, size, sigma, units)[0] for path in paths]
            print(f"{months} {size} {sigma} {later}: " + ", ".join(f"{share:.0%}" for share in found))
    print(
        "target 95 %: rate, tickets a month, sigma: share of each word, and of its next 12 months that miss"
    )
    for rate in (0.85, 0.93, 0.97, 0.99, 0.999):
        for size, sigma in SIZES:
            words = follow_assurance(rng, rate, 0.95, size, sigma, units)
            said = [f"{word} {share:.0%} ({missed:.0%})" for word, (share, missed) in words.items() if share]
            print(f"{rate} {size} {sigma}: " + ", ".join(said))
    table = as_months(*draw_units(rng, np.full(24, 0.9), 30, 240 * 12))
    start = time.perf_counter()
    find_trends(table, {(unit, RATE): 0.95 for unit in table["unit"]})
    print(f"240 units, 12 rates, 24 months: {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
