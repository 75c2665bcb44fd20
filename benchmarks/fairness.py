"""How long fair comparison and what-if take on a million tickets of 1,500 units, against reading the same file.

The file is that of `city.py` with more units, read in full. What each step rests on (clocking, members,
scorecard) is timed apart. Both sides in one run, each the best of three times, but for what is timed apart
and what-if. `python benchmarks/fairness.py [tickets]`
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from city import AS_OF, best_of, make_tickets

from toolkit import clock, score
from toolkit.assessing.what_if import what_if
from toolkit.comparing.contributions import contributions
from toolkit.comparing.fairness import adjust_case_mix, rank_certainty, shrink_rates
from toolkit.scoring.marks import mark_tickets
from toolkit.scoring.stage_times import time_stages

UNITS, DRAWS = 1_500, 1_000
METRIC = "按期回复率（÷受理）"
SCHEME = "county_default"


def spread_over_units(tickets):
    """The same tickets over more units, some with very few."""
    rng = np.random.default_rng(7)
    weight = rng.lognormal(0, 1.5, UNITS)
    unit = rng.choice(UNITS, len(tickets), p=weight / weight.sum())
    names = pd.Series([f"第{n}单位" for n in range(UNITS)])
    groups = pd.Series(np.where(unit < UNITS // 2, "乡镇", "县直部门"), dtype="str")
    return tickets.assign(unit=names.iloc[unit].reset_index(drop=True).astype("str"), unit_group=groups)


def main(count=1_000_000):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "tickets.parquet"
        spread_over_units(make_tickets(count)).to_parquet(path, index=False)
        reading, tickets = best_of(lambda: pd.read_parquet(path))
    clocking, clocked = best_of(lambda: clock(tickets, "county_default", AS_OF), times=1)
    clocked = clocked.assign(category_top=clocked["category"].str.extract(r"^([^/]+)", expand=False))
    counting, members = best_of(lambda: mark_tickets(clocked), times=1)
    scoring, scorecard = best_of(lambda: score(clocked), times=1)
    groups = clocked.groupby("unit")["unit_group"].first()
    earlier = clocked["received_at"].lt("2025-07-01")
    halves = [score(clocked[half]) for half in (~earlier, earlier)]
    print(f"{count:,} tickets, {clocked['unit'].nunique():,} units: reading {reading:.2f} s")
    print(f"before: clock {clocking:.2f} s, members {counting:.2f} s, scorecard {scoring:.2f} s")
    steps = {
        "shrunken rates": lambda: shrink_rates(scorecard, METRIC, groups),
        f"certainty of ranks, {DRAWS:,} draws": lambda: rank_certainty(scorecard, METRIC, DRAWS, 7, groups),
        "case mix": lambda: adjust_case_mix(clocked, members, METRIC),
        "contributions": lambda: contributions(*halves, METRIC),
        "stages": lambda: time_stages(clocked),
        "what-if": lambda: what_if(clocked, SCHEME),
    }
    for name, step in steps.items():
        taken, _ = best_of(step, times=1 if name == "what-if" else 3)
        print(f"{name}: {taken:.2f} s, {taken / reading:.2f} times reading the file")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
