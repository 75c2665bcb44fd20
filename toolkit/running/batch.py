"""One run file → every unit's report: plan, run the notebooks with papermill, build the pages, list the runs.

Everything that can be wrong with the input is found before the first file is written. After that one
failing report never stops the others: it stands in `runs.csv` and keeps its notebook, the bad cell marked.
"""

import hashlib
import os
import re
import shutil
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
import pandas as pd
import papermill
from jupyter_client.manager import AsyncKernelManager
from tqdm import tqdm

from toolkit import schema
from toolkit.demo.county import is_demo
from toolkit.errors import ParameterError, list_mistakes, nearest
from toolkit.loading.corrections import write_refused
from toolkit.loading.files import find_files
from toolkit.loading.load import load
from toolkit.loading.masking import mask_message
from toolkit.loading.store import read_store, update_store
from toolkit.preparing.prepare import prepare
from toolkit.preparing.report import require_reports, write_report
from toolkit.preparing.run_file import DEMO, read_run_key, require_files
from toolkit.presenting.index import build_index
from toolkit.presenting.page import build_page
from toolkit.presenting.writing.drafts import FILES, list_draft_mistakes, write_texts
from toolkit.settings import PROJECT, is_file, project_path

DEMO_KEY = b"a fixed key: the demo's callers are invented"
# What differs between two runs of the same input, and nowhere else: durations stand in runs.csv alone.
VOLATILE = ["seconds"]
VOLATILE_METADATA = ["papermill", "execution"]  # taken out of executed notebooks: times and machine paths
RUNS = ["report", "group", "state", "page", "notebook", "tickets", "flagged", *VOLATILE, "error"]
WRITTEN, FAILED = "written", "failed"


@dataclass(frozen=True)
class Job:
    """One report to make: which notebook with which parameters, and where its files go."""

    report: str
    group: str
    template: Path
    parameters: dict
    notebook: Path
    page: Path
    title: str


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
    require_files(run, [*_list_missing_notebooks(run), *_list_strangers(folder), *list_draft_mistakes()])
    loaded = load_run(run)
    if run.store:
        keep_tickets(loaded, run)  # whole or not at all; the same export again changes nothing
        loaded = replace(loaded, tickets=read_store(run.store, run.as_of))
    report = prepare(loaded, run)
    require_reports(run.units, report.about["reports"])
    jobs = plan(run, report, folder)
    check_parameters(jobs)
    texts = write_texts(report)

    _clear(folder)
    write_report(report, folder / "prepared")
    for file, text in texts.items():
        (folder / file).write_bytes(text)
    write_refused(loaded, folder / REFUSED_FILE)
    runs = _tell_sizes(_run_jobs(jobs, run.workers or os.cpu_count() or 1), report)
    _as_cells(runs).to_csv(folder / "runs.csv", index=False, encoding="utf-8-sig", columns=RUNS)
    _write_index(jobs[0], runs, list(texts))
    return runs


def _write_index(county, runs, texts):
    """The county's page is the run's first page; it comes last, for it links those that were written."""
    is_written = runs["state"].iloc[0] == WRITTEN
    notebook = nbformat.read(county.notebook, as_version=4) if is_written else None
    county.page.write_text(build_index(county.title, notebook, runs, texts), encoding="utf-8")


def load_run(run):
    """The export of a run, read as its file says."""
    return load(run.source, run.as_of, run.headers, _caller_key(run), run.corrections or None)


def keep_tickets(loaded, run):
    """Put the run's export into its store; gives what changed: new, changed and gone tickets."""
    refused = loaded.issues.loc[loaded.issues["kind"].eq("refused"), "ticket_id"].dropna()
    return update_store(loaded.tickets, run.as_of, run.store, refused=refused)


def _caller_key(run):
    """The run's own key; the published key of the demo opens every caller, and serves the demo's export alone."""
    if run.caller_key != DEMO:
        return read_run_key(run.caller_key)
    if isinstance(run.source, dict) or not is_demo(find_files(run.source)):
        raise ParameterError(
            "caller_key: 'demo' is a published key, and the source is not an export that `toolkit demo` wrote: "
            "leave caller_key empty (the key is made in .keys/ at first use), or name a key file of your own; "
            "for the demo, run `toolkit demo` again"
        )
    return DEMO_KEY


# --- plan ------------------------------------------------------------------------------------------


def plan(run, report, folder):
    """The jobs of a run: the county's overview, then one a unit."""
    reports = report.about["reports"]
    wanted = [name for name in reports if not run.units or name in run.units]
    files = name_files(wanted)
    policy = ", ".join(run.policy) if isinstance(run.policy, list) else run.policy
    settings = {"source": "", "period": str(run.period), "as_of": str(run.as_of), "policy": policy}
    settings["prepared"] = _as_parameter(folder / "prepared")
    county = Job(
        report=schema.COUNTY,
        group="",
        template=project_path(run.county_notebook),
        parameters=settings,
        notebook=folder / "county.ipynb",
        page=folder / INDEX,
        title=f"{schema.COUNTY}　{run.title}",
    )
    units = [
        Job(
            report=name,
            group=reports[name],
            template=project_path(run.unit_notebook),
            parameters=settings | {"unit": name},
            notebook=folder / "units" / f"{file}.ipynb",
            page=folder / "units" / f"{file}.html",
            title=f"{name}　{run.title}",
        )
        for name, file in files.items()
    ]
    return [county, *units]


def name_files(reports):
    """A file name for each report: its own name where every system allows it, else marked by a hash."""
    files, taken = {}, set()
    for report in reports:
        file = re.sub(r"[^\w（）()-]", "_", report)[:60]
        if (
            file != report
            or file.casefold() in taken
            or re.fullmatch(r"(?i)con|prn|aux|nul|com\d|lpt\d", file)
        ):
            file += "-" + hashlib.sha256(report.encode()).hexdigest()[:8]
        taken.add(file.casefold())
        files[report] = file
    return files


def _as_parameter(path):
    """A path as a notebook's parameter: relative to the project where it lies inside, so that it travels."""
    return path.relative_to(PROJECT).as_posix() if path.is_relative_to(PROJECT) else str(path)


def _list_missing_notebooks(run):
    for template in dict.fromkeys([project_path(run.county_notebook), project_path(run.unit_notebook)]):
        if not is_file(template):
            yield f"no notebook '{template.name}' in {template.parent.name}/"


def check_parameters(jobs):
    """Every parameter must be one the notebook declares, and of its type; all mistakes are named at once."""
    mistakes = []
    for template in dict.fromkeys(job.template for job in jobs):
        declared = papermill.inspect_notebook(str(template))
        given = next(job.parameters for job in jobs if job.template == template)
        mistakes += [f"{template.name}: {text}" for text in _parameter_mistakes(given, declared)]
    if mistakes:
        raise ParameterError(list_mistakes("the notebooks do not take these parameters", mistakes))


def _parameter_mistakes(given, declared):
    for name, value in given.items():
        if name not in declared:
            yield f"no parameter '{name}'.{nearest(name, declared)}"
        elif (kind := declared[name]["inferred_type_name"]) not in ("None", type(value).__name__):
            yield f"parameter '{name}' is {kind}, found {value!r}"


# --- the run's folder ------------------------------------------------------------------------------

REFUSED_FILE = "待修正.xlsx"
INDEX = "index.html"  # the county's page
FORMER = ["county.html"]  # the county's page in folders of earlier versions
OWN = ["prepared", "units", REFUSED_FILE, "county.ipynb", INDEX, "runs.csv", *FILES.values(), *FORMER]


def _list_strangers(folder):
    """A run replaces what an earlier run wrote, and touches no folder that holds anything else."""
    strange = [path.name for path in folder.glob("*") if path.name not in OWN] if folder.is_dir() else []
    if strange or (folder.exists() and not folder.is_dir()):
        yield (
            f"output '{folder.name}' holds what no run wrote ({', '.join(strange[:5]) or 'it is a file'}): "
            "name a folder of the run's own"
        )


def _clear(folder):
    for name in OWN:
        path = folder / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    (folder / "units").mkdir(parents=True, exist_ok=True)


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
