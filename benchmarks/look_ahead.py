"""How long the forecasts of a million tickets take, and last month's mornings again, against reading the same file.

The file (`city.py`) is read in full. Both sides in one run, each the best of so many times; every sentence is in our
time. `python benchmarks/look_ahead.py [tickets]`
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
from city import AS_OF, best_of, make_tickets

from toolkit import clock, look_ahead
from toolkit.clocking.in_force import read_policies
from toolkit.forecasting.terms import read_look_ahead
from toolkit.forecasting.trial import try_last_month

POLICY = "county_default"


def main(count=1_000_000):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "tickets.parquet"
        make_tickets(count).to_parquet(path, index=False)
        reading, tickets = best_of(lambda: pd.read_parquet(path))
    clocked, policies, settings = clock(tickets, POLICY, AS_OF), read_policies(POLICY), read_look_ahead()
    looking, forecasts = best_of(lambda: look_ahead(clocked, AS_OF))
    trying, tried = best_of(lambda: try_last_month(clocked, AS_OF, policies, None, settings), times=1)
    mornings = tried["morning"].nunique()
    print(
        f"{count:,} tickets, {len(forecasts):,} forecasts: reading {reading:.1f} s, look_ahead {looking:.1f} s,"
    )
    print(f"{mornings} mornings of last month, {len(tried):,} looks, {trying:.1f} s")
    print(
        f"look_ahead takes {looking / reading:.1f} times as long as reading the file, the mornings {trying / reading:.1f}"
    )


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
