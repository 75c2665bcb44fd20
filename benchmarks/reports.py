"""Reports a minute: the batch beside a plain loop of papermill and nbconvert over the same notebook and the same units.

    python benchmarks/reports.py [units of the loops]

For the demo (24 units, 5,000 tickets) and for a county of 120 units and 24,000 tickets (`city.py` invents them), one after
the other in one run: ours; (a) the plain loop: for each unit papermill with a kernel of its own, then nbconvert to HTML,
from the prepared data; (b) the same loop, in which every notebook reads the Excel export itself; (c) an in-process runner,
ploomber-engine, where it is installed. Ours makes the page with its drill-down, they make nbconvert's HTML. Ours is on
all cores, the loops on one, as they are written. Last, the demo where nothing forks, as on Windows: spare kernels instead
of forked ones, on this system. Prints reports a minute and ratios.
"""

import os
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

import nbformat
import papermill
from city import AS_OF, make_tickets
from growth import OURS, take_times
from nbconvert import HTMLExporter

import toolkit.presenting  # noqa: F401  # before nbformat is imported
from toolkit.preparing.run_file import Run, read_run
from toolkit.running import batch, kernels, workers
from toolkit.schema import labelled
from toolkit.settings import PROJECT

NOTEBOOK = PROJECT / "notebooks" / "unit_report.ipynb"
DEMO = PROJECT / "parameters" / "demo.yml"
UNITS, TICKETS = 120, 24_000


def read_demo(folder):
    return read_run(DEMO).model_copy(update={"output": str(folder / "reports"), "register": ""})


def write_county(folder):
    """The run of a county whose export, one workbook, is written here."""
    tickets = make_tickets(TICKETS, UNITS, 0).drop(columns=OURS)
    path = folder / "export.xlsx"
    labelled(tickets).to_excel(path, index=False, engine="xlsxwriter")
    given = {"source": str(path), "as_of": str(AS_OF), "period": "2025"}
    return Run(title="热线办理情况督查", output=str(folder / "reports"), **given)


def run_ours(run, times):
    """Every report of a run: how many, the seconds in all and for the reports alone, the units."""
    started = time.perf_counter()
    runs = batch.run_batch(run, force=True)
    seconds = time.perf_counter() - started
    assert runs["state"].eq("written").all()
    return len(runs), seconds, times["_make_reports"][0], runs["report"].tolist()[1:]


def run_loop(units, folder, execute, **parameters):
    """papermill, then nbconvert, one unit after the other."""
    started = time.perf_counter()
    for number, unit in enumerate(units):
        done = folder / f"{number}.ipynb"
        execute(str(NOTEBOOK), str(done), {"unit": unit, **parameters})
        html, _ = HTMLExporter().from_notebook_node(nbformat.read(done, as_version=4))
        done.with_suffix(".html").write_text(html, encoding="utf-8")
    return len(units), time.perf_counter() - started


def execute_plainly(source, target, parameters):
    papermill.execute_notebook(source, target, parameters, progress_bar=False, cwd=str(PROJECT))


def find_in_process_runner():
    try:
        from ploomber_engine import execute_notebook
    except ImportError:
        return None
    return lambda source, target, parameters: execute_notebook(source, target, parameters=parameters)


def say(name, count, seconds, ours=None):
    pace = 60 * count / seconds
    beside = f"; ours is {ours / pace:.1f} times as fast" if ours else ""
    print(f"{name}: {count} reports in {seconds:.1f} s, {pace:.1f} a minute{beside}", flush=True)
    return pace


def compare(run, most, times):
    """Ours beside the loops, for one county."""
    folder, prepared = Path(run.output).parent, str(Path(run.output) / "prepared")
    count, seconds, alone, units = run_ours(run, times)
    ours = say("ours, reading and preparing included", count, seconds)
    print(f"   the reports alone in {alone:.1f} s, {60 * count / alone:.1f} a minute")
    given = {"period": str(run.period), "as_of": str(run.as_of)}
    say("(a) plain loop", *run_loop(units[:most], folder, execute_plainly, prepared=prepared), ours)
    reading = run_loop(units[: most // 3], folder, execute_plainly, source=run.source, **given)
    say("(b) reading the export each time", *reading, ours)
    if runner := find_in_process_runner():
        say("(c) in one process", *run_loop(units[:most], folder, runner, prepared=prepared), ours)
    else:
        print("(c) ploomber-engine is not installed: not measured")


def stop_forking():
    """Kernels and workers from here on as where no process forks."""
    kernels.CAN_FORK = workers.FORKS = False
    workers.CONTEXT = get_context("spawn")


def main(most=6):
    os.chdir(PROJECT)
    times = take_times(["_make_reports"])
    for name, write in {"the demo": read_demo, f"{UNITS} units, {TICKETS:,} tickets": write_county}.items():
        with tempfile.TemporaryDirectory() as folder:
            print(f"{name}:")
            compare(write(Path(folder)), most, times)
    stop_forking()
    with tempfile.TemporaryDirectory() as folder:
        count, seconds, alone, _ = run_ours(read_demo(Path(folder)), times)
        say("the demo, ours where nothing forks", count, seconds)
        print(f"   the reports alone in {alone:.1f} s, {60 * count / alone:.1f} a minute")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
