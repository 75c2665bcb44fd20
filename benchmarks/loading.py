"""What loading an export takes: seconds, rows a second, and the largest memory beside the tickets it gives.

    python benchmarks/loading.py [csv 100000] [xlsx 100000] [csv 1000000]

Each export is invented (`benchmarks/city.py`: 47 columns, contents of 80 characters and more, replies of 100 and more,
a caller's phone, one row in ten with a phone inside its content, one in a thousand that comes again, a total at the end), and
loaded in a process of its own. Memory is what the process took at its largest beyond what it held before, over what the
tickets alone take; the events that are built from their times are beside. Linux only: the memory is read from /proc.
"""

import csv
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import xlsxwriter
from city import AS_OF, make_tickets

from toolkit.schema import labelled

ASKED = [("csv", 100_000), ("xlsx", 100_000), ("csv", 1_000_000)]
AT_ONCE = 100_000
OURS = ["source_file", "source_sheet", "source_row", "caller", "untimed"]


def make_rows(count):
    """The cells of an export, its header first, made a part at a time."""
    for first in range(0, count, AT_ONCE):
        tickets = make_tickets(min(AT_ONCE, count - first), first=first)
        rng = np.random.default_rng(first)
        phones = 13_800_000_000 + rng.integers(count * 3 // 4, size=len(tickets)) * 97 % 99_999_999
        told = "联系电话" + phones.astype("str").astype("object") + "。"
        content = tickets["content"] + np.where(rng.random(len(tickets)) < 0.1, told, "")
        shown = labelled(tickets.drop(columns=OURS).assign(content=content)).assign(来电号码=phones)
        cells = shown.astype("str").astype("object").where(shown.notna(), None)
        if first == 0:
            yield list(cells.columns)
        yield from cells.itertuples(index=False, name=None)
        yield from cells[::1_000].itertuples(index=False, name=None)  # rows that come again
    yield ["合计", str(count)]


def write_csv(path, rows):
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)


def write_xlsx(path, rows):
    with xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_numbers": False}) as book:
        page = book.add_worksheet("工单")
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell is not None:
                    page.write_string(number, column, cell)


def measure(path):
    """Load the export here and say what it took."""
    from toolkit.loading.load import load

    before, start, spent = _memory("VmRSS"), time.perf_counter(), time.process_time()
    loaded = load(path, AS_OF, key=b"of a benchmark only")
    wall, cpu = time.perf_counter() - start, time.process_time() - spent
    peak = _memory("VmHWM") - before
    tickets, events = (
        frame.memory_usage(deep=True).sum() / 2**20 for frame in (loaded.tickets, loaded.events)
    )
    read = loaded.account["read"].sum()
    print(
        f"{Path(path).suffix[1:]} of {read:,} rows: {wall:.1f} s, {cpu:.1f} s of processor, {read / wall:,.0f} rows a second; "
        f"largest {peak:,.0f} MB, tickets {tickets:,.0f} MB: {peak / tickets:.2f} times; events {events:,.0f} MB",
        flush=True,
    )


def _memory(name):
    """A figure of this process's memory in MB, as Linux tells it."""
    line = next(
        line
        for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
        if line.startswith(name)
    )
    return int(line.split()[1]) / 1024


def main(asked):
    for kind, count in asked or ASKED:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"export.{kind}"
            {"csv": write_csv, "xlsx": write_xlsx}[kind](path, make_rows(count))
            subprocess.run([sys.executable, __file__, "load", str(path)], check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["load"]:
        measure(sys.argv[2])
    else:
        main([(kind, int(count)) for kind, count in zip(sys.argv[1::2], sys.argv[2::2], strict=True)])
