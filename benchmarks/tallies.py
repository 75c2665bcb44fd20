"""How long tallies and rates of a million tickets by unit and month take, against reading the same file.

The file (`city.py`) is read in full by pandas.read_parquet. Both sides in one run, each the best of three; the
tallies are made of clocked tickets, by unit and month of receipt, every metric counted; rates are the rates with
their intervals, and the times with their medians. `python benchmarks/tallies.py [tickets]`
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
from city import AS_OF, best_of, make_tickets

from toolkit import clock
from toolkit.scoring.catalogue import METRICS
from toolkit.scoring.tally import rates, sum_tallies, tally, times


def main(count=1_000_000):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "tickets.parquet"
        make_tickets(count).to_parquet(path, index=False)
        reading, tickets = best_of(lambda: pd.read_parquet(path))
    clocked = clock(tickets, "county_default", AS_OF)
    tallying, tallies = best_of(lambda: tally(clocked, ["unit", "month"]))
    rating, found = best_of(lambda: rates(tallies))
    timing, taken = best_of(lambda: times(tallies))
    summing, _ = best_of(lambda: sum_tallies(tallies, ["unit"]))
    print(
        f"{count:,} tickets, {len(METRICS)} metrics, {len(taken):,} units and months: {len(tallies):,} rows"
    )
    print(
        f"reading {reading:.2f} s; tallies {tallying:.2f} s, {len(found):,} rates {rating:.2f} s, times {timing:.2f} s"
    )
    print(f"summing the months of each unit {summing:.2f} s")
    print(
        f"tallies, rates and times take {(tallying + rating + timing) / reading:.1f} times as long as reading the file"
    )


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
