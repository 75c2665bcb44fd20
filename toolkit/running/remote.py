"""A report made on a worker of a cluster: it reads what was prepared and sends the files back; the caller alone writes.

So a worker that was given up and works on, or one that ends after its run was stopped, changes nothing.
"""

import atexit
import contextlib
import hashlib
import json
import threading
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from toolkit.errors import RunError, ToolkitError
from toolkit.preparing.shared import SEAL, locate, read_text, write_shared
from toolkit.running.cluster import do_on_cluster, require_workers, say_problem
from toolkit.running.jobs import Job
from toolkit.running.kernels import warm_process
from toolkit.running.making import make_report
from toolkit.running.whole import remove, write_file
from toolkit.running.workers import Lost

SEEING = 60  # seconds until a shared folder must show a worker what was just written


class Sent(NamedTuple):
    """What a worker needs to make a report."""

    job: Job
    template: bytes
    seal: str
    memory: int


def make_on_cluster(jobs, prints, run, folder, address):
    """Pairs of a job and its row of `runs.csv`, or `Lost`, as they come; the files of each are written before it is told.

    prints: report → its fingerprint; the seal is made of them, so that no worker reads what another run prepared.
    """
    if not jobs:
        return
    seal = hashlib.sha256(json.dumps(prints, sort_keys=True).encode()).hexdigest()
    prepared = folder / "prepared"
    write_file(prepared / SEAL, seal)
    if run.shared:
        write_shared(run.shared, SEAL, seal)
    pieces = [Sent(job, job.template.read_bytes(), seal, run.report_memory) for job in jobs]
    try:
        require_workers(address, say_unsealed, jobs[0].parameters["prepared"], seal, patience=SEEING)
        for piece, made in do_on_cluster(make_apart, pieces, address, run.report_seconds):
            yield piece.job, made if isinstance(made, Lost) else _keep(piece.job, *made)
    finally:
        remove(prepared / SEAL)


def _keep(job, row, files):
    for name, content in files.items():
        write_file(job.notebook.with_name(name), content)
    return row


# --- on the worker ---------------------------------------------------------------------------------


def make_apart(sent, seconds):
    """The row of a report and its files as bytes, made as anywhere else but in a folder of its own."""
    if wrong := say_unsealed(sent.job.parameters["prepared"], sent.seal):
        raise RunError(wrong)
    _warm_up(sent.memory)
    with TemporaryDirectory(prefix="report-") as folder:
        own = _move(sent.job, Path(folder))
        own.notebook.parent.mkdir()
        own.template.write_bytes(sent.template)
        row = make_report(own, seconds)
        files = [path for path in (own.page, own.notebook) if path.is_file()]
        return row, {path.name: path.read_bytes() for path in files}


def _move(job, folder):
    """The job with its files in another folder, under the names that its row tells."""
    own = folder / job.notebook.parent.name
    files = {"notebook": own / job.notebook.name, "page": own / job.page.name}
    return replace(job, template=folder / job.template.name, **files)


def say_unsealed(prepared, seal):
    """That this run's tickets are not there, or those of another run in a folder of the same name; nothing where they are."""
    try:
        is_own = read_text(locate(prepared), SEAL) == seal
    except (OSError, ToolkitError) as problem:
        return say_problem(problem)
    if is_own:
        return ""
    return f"it does not see what this run prepared: '{prepared}' must be one shared folder, under the same path on each"


_warming, _warm = threading.Lock(), contextlib.ExitStack()
atexit.register(_warm.close)


def _warm_up(memory):
    """One warm process for all reports of a worker, as long as it lives; none where one cannot be."""
    with _warming:
        _warm.enter_context(warm_process(memory))
