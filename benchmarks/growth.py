"""How a batch grows: the same tickets a unit, from 24 units to 384.

    python benchmarks/growth.py [units …] [--tickets N]

For each number of units an export of N tickets a unit (60 where it is not given; `benchmarks/city.py` invents them) is
written as Parquet, and a whole batch is run on it: read, prepared, every report made. Prints the seconds of each step, the
milliseconds a report, both by the clock and of processor time, and the largest process.
"""

import resource
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from city import AS_OF, make_tickets

from toolkit.preparing.run_file import Run
from toolkit.running import batch
from toolkit.schema import labelled

UNITS, TICKETS, ROWS = [24, 96, 384], 60, 100_000
OURS = ["source_file", "source_sheet", "source_row"]


def write_export(folder, units, count, make=make_tickets):
    """An export of so many tickets, a file for every 100,000, so that making it takes little memory."""
    for number, tickets in enumerate(make_parts(units, count, make)):
        table = pa.Table.from_pandas(labelled(tickets.drop(columns=OURS)), preserve_index=False)
        pq.write_table(table, folder / f"{number:03d}.parquet")


def make_parts(units, count, make=make_tickets):
    return (make(min(ROWS, count - start), units, start) for start in range(0, count, ROWS))


def take_times(steps):
    """Note when the named functions of a batch begin and end: the clock's and the processor's seconds of all processes."""
    times = {}

    def timed(name, function):
        def run(*given):
            before = read_clocks()
            result = function(*given)
            times[name] = [after - start for after, start in zip(read_clocks(), before, strict=True)]
            return result

        return run

    for name in steps:
        setattr(batch, name, timed(name, getattr(batch, name)))
    return times


def read_clocks():
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return time.perf_counter(), sum(use.ru_utime + use.ru_stime for use in spent)


def run_growth(units, tickets, times):
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        (folder / "export").mkdir()
        write_export(folder / "export", units, units * tickets)
        run = Run(
            title="热线办理情况督查",
            source=str(folder / "export"),
            as_of=str(AS_OF),
            period="2025",
            output=str(folder / "reports"),
        )
        time_batch(run, units, units * tickets, times)


def time_batch(run, units, tickets, times):
    """Run the batch and print what it took; times: of `take_times`."""
    before = read_clocks()
    runs = batch.run_batch(run)
    wall, cpu = (after - start for after, start in zip(read_clocks(), before, strict=True))
    assert runs["state"].eq("written").all(), runs["error"].unique()
    say(units, tickets, len(runs), wall, cpu, times)


def say(units, tickets, reports, wall, cpu, times):
    own, others = (
        resource.getrusage(who).ru_maxrss / 2**20 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    before, made = times["plan_run"], times["_make_reports"]
    print(
        f"{units} units, {tickets:,} tickets: {wall:.0f} s ({cpu:.0f} of processor); read and prepared {before[0]:.0f} s; "
        f"reports {made[0]:.0f} s, {60 * reports / made[0]:.0f} a minute, {1000 * (cpu - before[1]) / reports:.0f} ms of "
        f"processor each; largest process {own:.1f} GB here, {others:.1f} GB beside",
        flush=True,
    )


def main(arguments):
    tickets = TICKETS
    if "--tickets" in arguments:
        place = arguments.index("--tickets")
        tickets = int(arguments[place + 1])
        arguments = arguments[:place] + arguments[place + 2 :]
    times = take_times(["plan_run", "_make_reports"])
    for units in [int(one) for one in arguments] or UNITS:
        run_growth(units, tickets, times)


if __name__ == "__main__":
    main(sys.argv[1:])
