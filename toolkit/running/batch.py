"""One run file → every unit's report: plan, run the notebooks with papermill, build the pages, list the runs.

Everything that can be wrong with the input is found before the first file is written. After that one
failing report never stops the others: it stands in `runs.csv` and keeps its notebook, the bad cell marked.
Every file is written beside and swapped, so that a run that is stopped leaves whole reports, old or new; the next one
makes what is missing, failed or would be different (`manifest`).
"""

import os
from contextlib import nullcontext
from dataclasses import replace

import nbformat
import pandas as pd
from tqdm import tqdm

from toolkit import schema
from toolkit.loading.corrections import write_refused
from toolkit.loading.generations import PART
from toolkit.loading.store import read_store
from toolkit.preparing.prepare import prepare
from toolkit.preparing.redaction import REFUSED_ROWS, hides
from toolkit.preparing.report import require_reports, write_report
from toolkit.preparing.run_file import require_files
from toolkit.preparing.shared import share
from toolkit.presenting.index import build_index
from toolkit.presenting.word.notice import write_notices
from toolkit.presenting.writing.drafts import list_draft_mistakes, write_texts
from toolkit.running.cluster import require_cluster
from toolkit.running.jobs import (
    BANDS_FILE,
    INDEX,
    NOTICES,
    OWN,
    REFUSED_FILE,
    check_parameters,
    list_missing_notebooks,
    list_strangers,
    plan,
)
from toolkit.running.kernels import warm_process
from toolkit.running.making import FAILED, WRITTEN, describe_made, make_report
from toolkit.running.manifest import (
    MANIFEST,
    describe_run,
    fingerprint_jobs,
    hash_file,
    is_kept,
    keep_manifest,
    read_made,
)
from toolkit.running.registering import find_issued, keep_register, register_orders
from toolkit.running.remote import make_on_cluster
from toolkit.running.source import keep_tickets, load_run
from toolkit.running.whole import NEW, OLD, held, remove, swap_folder, write_file
from toolkit.running.workers import Lost, do_side_by_side, start_ahead
from toolkit.settings import project_path
from toolkit.supervising.bands import write_bands

# What differs between two runs of the same input, and nowhere else: durations, in runs.csv and the manifest alone.
VOLATILE = ["seconds"]
RUNS = ["report", "group", "state", "page", "notebook", "tickets", "flagged", *VOLATILE, "error"]


def run_batch(run, force=False, cluster=""):
    """Write every report of the run; gives the table of `runs.csv`, one row a report, county first.

    force: also those that would be as they are. cluster: the address of a Dask scheduler, whose workers make the
    reports. Raises ToolkitError, with nothing written, when the export, the policy, a unit, a notebook's parameters or
    the cluster cannot be used.
    """
    folder = project_path(run.output)
    if cluster:
        require_cluster(cluster)
    with nullcontext() if cluster else _get_ready(run):  # meanwhile, so that it is when the tickets are
        loaded, report, jobs, ledger = plan_run(run, folder)
        with held(folder):
            documents = write_texts(report) | _write_notices(report)
            keep_register(ledger, run)  # whole or not at all; the same orders again change nothing
            _write_data(report, loaded, folder, run.shared)
            return _write_run(run, report, jobs, documents, force, cluster)


def _get_ready(run):
    start_ahead(__name__)
    return warm_process(run.report_memory)


def _write_run(run, report, jobs, documents, force, cluster):
    folder = project_path(run.output)
    for file, content in documents.items():
        write_file(folder / file, content)
    made = _make_reports(jobs, run, report, folder, force, cluster)
    runs = _tell_sizes(pd.DataFrame([made[job.report]["row"] for job in jobs]), report)
    write_file(folder / "runs.csv", _as_csv(runs))
    _write_index(jobs[0], runs, _list_links(documents))
    _remove_left_over(folder, jobs, documents)
    return runs


def _write_notices(report):
    """A notice to each unit that the run issued an order to, as files; of a version for others none."""
    issued = find_issued(report)
    notices = {} if issued.empty else write_notices(issued, page=f"../{INDEX}")
    return {f"{NOTICES}/{file}": content for file, content in notices.items()}


def list_plan(run, force=False):
    """What a run would make: report, group, tickets, todo. Nothing is written, the store neither read nor filled."""
    folder = project_path(run.output)
    _, report, jobs, _ = plan_run(run.model_copy(update={"store": ""}), folder)
    kept = _find_kept(jobs, fingerprint_jobs(jobs, report), {} if force else read_made(folder), folder)
    rows = [(job.report, job.group, "as it is" if job.report in kept else "make") for job in jobs]
    plan = pd.DataFrame(rows, columns=["report", "group", "todo"])
    return _tell_sizes(plan, report)[["report", "group", "tickets", "todo"]]


def plan_run(run, folder):
    """The run's tickets, the county's report, the jobs and the register, checked, and nothing written but the store."""
    require_files(run, [*list_missing_notebooks(run), *list_strangers(folder), *list_draft_mistakes()])
    loaded = load_run(run)
    if run.store:
        keep_tickets(loaded, run)  # whole or not at all; the same export again changes nothing
        loaded = replace(loaded, tickets=read_store(run.store, run.as_of))
    report, ledger = register_orders(prepare(loaded, run), loaded, run)
    require_reports(run.units, report.about["reports"])
    jobs = plan(run, report, folder)
    check_parameters(jobs)
    return loaded, report, jobs, ledger


def _write_data(report, loaded, folder, shared):
    """What the notebooks read, also at the address where a cluster's workers do; and the refused rows for correction."""
    new = folder / f"{NEW}prepared"
    remove(new)
    write_report(report, new)
    swap_folder(new, folder / "prepared")
    if shared:
        share(folder / "prepared", shared)
    if hides(report, REFUSED_ROWS):
        remove(folder / REFUSED_FILE)
    else:
        write_refused(loaded, folder / REFUSED_FILE)
    write_bands(report, folder / BANDS_FILE)
    (folder / "units").mkdir(exist_ok=True)


# --- the reports -----------------------------------------------------------------------------------


def _make_reports(jobs, run, report, folder, force, cluster):
    """Report → its row and what it was made of, the manifest kept meanwhile; those that would be the same are kept."""
    prints, before = fingerprint_jobs(jobs, report), {} if force else read_made(folder)
    kept = _find_kept(jobs, prints, before, folder)
    made = {name: before[name] for name in kept}
    about, todo = describe_run(run, report), [job for job in jobs if job.report not in kept]
    if cluster:
        results = make_on_cluster(todo, prints, run, folder, cluster)
    else:
        results = do_side_by_side(
            make_report, todo, run.workers or (os.cpu_count() or 1) + 1, run.report_seconds
        )
    with keep_manifest(folder, about, made) as keep:
        for job, result in tqdm(results, total=len(todo), desc=_say_left(jobs, todo), unit="report"):
            made[job.report] = _describe(job, result, prints[job.report], folder)
            keep()
    return made


def _describe(job, result, fingerprint, folder):
    """A report's entry of the manifest."""
    row = describe_made(job, FAILED, 0.0, result.reason) if isinstance(result, Lost) else result
    files = {row["page"], row["notebook"]} - {"", INDEX}  # the county's page is made when all are
    hashes = {file: hash_file(folder / file) for file in sorted(files)}
    return {"fingerprint": fingerprint if row["state"] == WRITTEN else "", "row": row, "files": hashes}


def _find_kept(jobs, prints, before, folder):
    return {job.report for job in jobs if is_kept(before.get(job.report), prints[job.report], folder)}


def _say_left(jobs, todo):
    kept = len(jobs) - len(todo)
    return f"reports ({kept} as they are)" if kept else "reports"


# --- what lists them -------------------------------------------------------------------------------


def _list_links(documents):
    """What the first page links besides reports: texts and tables; notices as the folder they stand in."""
    beside = [file for file in documents if "/" not in file]
    return [*beside, BANDS_FILE, *([f"{NOTICES}/"] * (len(documents) > len(beside)))]


def _write_index(county, runs, texts):
    """The county's page is the run's first page; it comes last, for it links those that were written."""
    is_written = runs["state"].iloc[0] == WRITTEN
    notebook = nbformat.read(county.notebook, as_version=4) if is_written else None
    write_file(county.page, build_index(county.title, notebook, runs, texts))


def _remove_left_over(folder, jobs, documents):
    """What an earlier run wrote and this one did not."""
    written = {path for job in jobs for path in (job.page, job.notebook)} | {
        folder / file for file in documents
    }
    unfinished = [*folder.glob(f"{NEW}*"), *folder.glob(f"{OLD}*"), *folder.glob(f"*{PART}")]
    for path in [*unfinished, *folder.glob("units/*"), *folder.glob(f"{NOTICES}/*")]:
        if path not in written:
            remove(path)
    always = {"prepared", "units", REFUSED_FILE, BANDS_FILE, "runs.csv", MANIFEST}
    for name in set(OWN) - always - {path.relative_to(folder).parts[0] for path in written}:
        remove(folder / name)


def _as_csv(runs):
    """The table with no cell that a spreadsheet would run as a formula."""
    texts = runs.select_dtypes("str").astype("str")
    cells = runs.assign(**texts.apply(lambda cells: cells.str.replace(r"^(?=[\s]*[=+\-@])", "'", regex=True)))
    return cells.to_csv(index=False, columns=RUNS, lineterminator="\n").encode("utf-8-sig")


def _tell_sizes(runs, report):
    """How many tickets of the period each report holds, and how many tickets have a finding."""
    flagged = report.findings.dropna(subset="ticket_id").drop_duplicates("ticket_id")
    counts = {}
    for name, frame in (("tickets", report.now), ("flagged", flagged)):
        sizes = frame["report"].value_counts()
        sizes[schema.COUNTY] = len(frame)
        counts[name] = runs["report"].map(sizes).fillna(0).astype(int)
    return runs.assign(**counts)
