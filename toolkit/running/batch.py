"""One run file → every unit's report: plan, run the notebooks with papermill, build the pages, list the runs.

Everything that can be wrong with the input is found before the first file is written. After that one
failing report never stops the others: it stands in `runs.csv` and keeps its notebook, the bad cell marked.
"""

import os
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, replace
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
import pandas as pd
import papermill
from jupyter_client.manager import AsyncKernelManager
from tqdm import tqdm

from toolkit import schema
from toolkit.loading.corrections import write_refused
from toolkit.loading.masking import mask_message
from toolkit.loading.store import read_store
from toolkit.preparing.prepare import prepare
from toolkit.preparing.report import require_reports, write_report
from toolkit.preparing.run_file import require_files
from toolkit.presenting.index import build_index
from toolkit.presenting.page import build_page
from toolkit.presenting.writing.drafts import list_draft_mistakes, write_texts
from toolkit.running.jobs import (
    BANDS_FILE,
    REFUSED_FILE,
    check_parameters,
    clear_folder,
    list_missing_notebooks,
    list_strangers,
    plan,
)
from toolkit.running.registering import keep_register, register_orders
from toolkit.running.source import keep_tickets, load_run
from toolkit.settings import project_path
from toolkit.supervising.bands import write_bands

# What differs between two runs of the same input, and nowhere else: durations stand in runs.csv alone.
VOLATILE = ["seconds"]
VOLATILE_METADATA = ["papermill", "execution"]  # taken out of executed notebooks: times and machine paths
RUNS = ["report", "group", "state", "page", "notebook", "tickets", "flagged", *VOLATILE, "error"]
WRITTEN, FAILED = "written", "failed"


class LocalKernelManager(AsyncKernelManager):
    """Kernels on Unix sockets where there are any: nothing of a report passes over a network port."""

    def __init__(self, **options):
        super().__init__(**options)
        if os.name != "nt":
            self.transport = "ipc"
            self._sockets = TemporaryDirectory(prefix="kernel-")  # kernels side by side must not share a path
            self.ip = str(Path(self._sockets.name) / "ipc")


def run_batch(run):
    """Write every report of the run; gives the table of `runs.csv`, one row a report, county first.

    Raises ToolkitError, with nothing written, when the export, the policy, a unit or a notebook's
    parameters cannot be used.
    """
    folder = project_path(run.output)
    require_files(run, [*list_missing_notebooks(run), *list_strangers(folder), *list_draft_mistakes()])
    loaded = load_run(run)
    if run.store:
        keep_tickets(loaded, run)  # whole or not at all; the same export again changes nothing
        loaded = replace(loaded, tickets=read_store(run.store, run.as_of))
    report, register = register_orders(prepare(loaded, run), loaded, run)
    require_reports(run.units, report.about["reports"])
    jobs = plan(run, report, folder)
    check_parameters(jobs)
    texts = write_texts(report)

    keep_register(register, run)  # whole or not at all; the same orders again change nothing
    clear_folder(folder)
    write_report(report, folder / "prepared")
    for file, text in texts.items():
        (folder / file).write_bytes(text)
    write_refused(loaded, folder / REFUSED_FILE)
    write_bands(report, folder / BANDS_FILE)
    runs = _tell_sizes(_run_jobs(jobs, run.workers or os.cpu_count() or 1), report)
    _as_cells(runs).to_csv(folder / "runs.csv", index=False, encoding="utf-8-sig", columns=RUNS)
    _write_index(jobs[0], runs, list(texts))
    return runs


def _write_index(county, runs, texts):
    """The county's page is the run's first page; it comes last, for it links those that were written."""
    is_written = runs["state"].iloc[0] == WRITTEN
    notebook = nbformat.read(county.notebook, as_version=4) if is_written else None
    county.page.write_text(build_index(county.title, notebook, runs, texts), encoding="utf-8")


# --- running ---------------------------------------------------------------------------------------


def _run_jobs(jobs, workers):
    results = {}
    with ProcessPoolExecutor(min(workers, len(jobs)), mp_context=get_context("spawn")) as pool:
        running = {pool.submit(run_job, job): job for job in jobs}
        for future in tqdm(as_completed(running), total=len(jobs), desc="reports", unit="report"):
            job = running[future]
            results[job.report] = _result(job, future)
    return pd.DataFrame([results[job.report] for job in jobs])


def _result(job, future):
    try:
        return future.result()
    except Exception as error:  # a worker process that died takes its own report only
        return _run_row(job, FAILED, 0.0, _one_line(error))


def run_job(job):
    """Run one notebook and build its page; a failure is a row, its notebook keeps the bad cell marked."""
    started = time.perf_counter()
    try:
        papermill.execute_notebook(
            str(job.template),
            str(job.notebook),
            job.parameters,
            progress_bar=False,
            request_save_on_cell_execute=False,
            iopub_timeout=600,  # the ticket table of a whole county takes seconds to come from the kernel
            kernel_manager_class=f"{__name__}.{LocalKernelManager.__name__}",
            extra_arguments=[
                "--log-level=CRITICAL"
            ],  # a kernel that is told to stop says so, in the progress bar
        )
        notebook = _tidy_notebook(job.notebook)
        if job.report != schema.COUNTY:  # whose page links the others, and is made when they are
            job.page.write_text(build_page(notebook, job.title), encoding="utf-8")
        return _run_row(job, WRITTEN, time.perf_counter() - started, "")
    except Exception as error:
        if job.notebook.is_file():
            _tidy_notebook(job.notebook)
        return _run_row(job, FAILED, time.perf_counter() - started, _one_line(error))


def _tidy_notebook(path):
    """The executed notebook without what differs from run to run, so that equal input gives equal files."""
    notebook = nbformat.read(path, as_version=4)
    for part in [notebook, *notebook.cells]:
        for name in VOLATILE_METADATA:
            part.metadata.pop(name, None)
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number:02d}"
    nbformat.write(notebook, path)
    return notebook


def _one_line(error):
    name, value = getattr(error, "ename", type(error).__name__), getattr(error, "evalue", str(error))
    return mask_message(f"{name}: {value}")


def _run_row(job, state, seconds, error):
    folder = job.page.parent if job.report == schema.COUNTY else job.page.parent.parent
    files = asdict(job) | {"page": job.page if state == WRITTEN else None}
    paths = {
        name: files[name].relative_to(folder).as_posix() if files[name] else ""
        for name in ("page", "notebook")
    }
    return {
        "report": job.report,
        "group": job.group,
        "state": state,
        "seconds": round(seconds, 2),
        "error": error,
    } | paths


def _as_cells(runs):
    """The table with no cell that a spreadsheet would run as a formula."""
    texts = runs.select_dtypes("str").astype("str")
    return runs.assign(**texts.apply(lambda cells: cells.str.replace(r"^(?=[\s]*[=+\-@])", "'", regex=True)))


def _tell_sizes(runs, report):
    """How many tickets of the period each report holds, and how many tickets have a finding."""
    flagged = report.findings.dropna(subset="ticket_id").drop_duplicates("ticket_id")
    counts = {}
    for name, frame in (("tickets", report.now), ("flagged", flagged)):
        sizes = frame["report"].value_counts()
        sizes[schema.COUNTY] = len(frame)
        counts[name] = runs["report"].map(sizes).fillna(0).astype(int)
    return runs.assign(**counts)
