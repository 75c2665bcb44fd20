"""How long all rules but those that read texts take on a million tickets, against reading the same file.

The file (`city.py`) is read in full. Both sides in one run, each the best of so many times; the sentences
of evidence are in our time. `python benchmarks/rules.py [tickets]`
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
from city import AS_OF, best_of, make_tickets

from toolkit import clock, flag, rules


def main(count=1_000_000):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "tickets.parquet"
        made = make_tickets(count)
        for name in ("content", "reply"):
            print(f"{name}: {made[name].duplicated().mean():.0%} identical to an earlier one")
        made.to_parquet(path, index=False)
        del made
        reading, tickets = best_of(lambda: pd.read_parquet(path))
    clocking, clocked = best_of(lambda: clock(tickets, "county_default", AS_OF), times=1)
    flagging, findings = best_of(lambda: flag(clocked, "county_default", texts=False))
    evaluated = rules(clocked, texts=False)["evaluated"].sum()
    print(f"{count:,} tickets, {evaluated} rules, {len(findings):,} findings: reading {reading:.1f} s,")
    print(f"clock {clocking:.1f} s, rules {flagging:.1f} s with their sentences")
    print(f"the rules take {flagging / reading:.1f} times as long as reading the file")
    by_rule = findings["rule"].value_counts()
    print("  ".join(f"{code} {number:,}" for code, number in by_rule.items()))


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
