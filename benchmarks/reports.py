"""Reports a minute: the batch beside a plain loop of papermill and nbconvert over the same notebook and the same units.

    python benchmarks/reports.py [units]

(a) the plain loop: for each unit papermill with a kernel of its own, then nbconvert to HTML, from the prepared data;
(b) the same loop, in which every notebook reads the Excel export itself; (c) an in-process runner, ploomber-engine,
where it is installed. Ours makes the page with its drill-down, they make nbconvert's HTML. One after the other, on
as many cores as each uses: ours on all, the loops on one, as they are written. Prints reports a minute and ratios.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import papermill
from nbconvert import HTMLExporter

import toolkit.presenting  # noqa: F401  # before nbformat is imported
from toolkit.preparing.run_file import read_run
from toolkit.running.batch import run_batch
from toolkit.settings import PROJECT

NOTEBOOK = PROJECT / "notebooks" / "unit_report.ipynb"
SOURCE = "outputs/demo_county/export"


def run_ours(folder):
    """Every report of the demo; the units' prepared data are left in the folder for the loops."""
    run = read_run(PROJECT / "parameters" / "demo.yml").model_copy(
        update={"output": str(folder), "register": ""}
    )
    started = time.perf_counter()
    runs = run_batch(run, force=True)
    seconds = time.perf_counter() - started
    assert runs["state"].eq("written").all()
    return len(runs), seconds, runs["report"].tolist()[1:]


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


def main(most=6):
    os.chdir(PROJECT)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        count, seconds, units = run_ours(folder / "ours")
        ours = say("ours, reading and preparing included", count, seconds)
        prepared = str(folder / "ours" / "prepared")
        say("(a) plain loop", *run_loop(units[:most], folder, execute_plainly, prepared=prepared), ours)
        say(
            "(b) reading the export each time",
            *run_loop(units[: most // 3], folder, execute_plainly, source=SOURCE),
            ours,
        )
        if runner := find_in_process_runner():
            say("(c) in one process", *run_loop(units[:most], folder, runner, prepared=prepared), ours)
        else:
            print("(c) ploomber-engine is not installed: not measured")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
