"""One report made in a process of its own: its notebook run, tidied, and turned into its page."""

import os
import time
from pathlib import Path
from queue import Empty
from tempfile import TemporaryDirectory

import nbformat
import papermill
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager

from toolkit import schema
from toolkit.loading.masking import mask_message
from toolkit.presenting.page import build_page
from toolkit.running.whole import NEW, write_file

VOLATILE_METADATA = ["papermill", "execution", "widgets"]  # times and machine paths
WRITTEN, FAILED = "written", "failed"
DIED = ("DeadKernelError", "CellTimeoutError")  # not the notebook's doing: worth a second try


class LocalKernelClient(AsyncKernelClient):
    """Takes a kernel for ready when it has said that it is idle again, not after a fifth of a second of silence."""

    async def wait_for_ready(self, timeout=60):
        until, asked = time.monotonic() + timeout, set()
        while time.monotonic() < until:
            asked.add(self.kernel_info())
            try:
                await self.get_shell_msg(timeout=1)
                while not _says_idle(await self.get_iopub_msg(timeout=0.02), asked):
                    pass
                return
            except Empty:  # not there yet, or there before its messages could be heard: ask again
                if not await self.is_alive():
                    raise RuntimeError("the kernel died before it answered") from None
        raise RuntimeError(f"the kernel did not answer within {timeout} s")


def _says_idle(message, asked):
    state = message["content"].get("execution_state")
    return state == "idle" and message["parent_header"].get("msg_id") in asked


class LocalKernelManager(AsyncKernelManager):
    """Kernels on Unix sockets where there are any: nothing of a report passes over a network port."""

    def __init__(self, **options):
        super().__init__(**options)
        if os.name != "nt":
            self.transport = "ipc"
            self._sockets = TemporaryDirectory(prefix="kernel-")  # kernels side by side must not share a path
            self.ip = str(Path(self._sockets.name) / "ipc")

    def client(self, **options):
        self.client_factory = LocalKernelClient  # nbclient has set its own
        return super().client(**options)


def make_report(job, seconds=None):
    """Run one notebook and build its page; gives its row of `runs.csv`. A failure is a row, its notebook keeps the bad cell.

    seconds: how long its cells may take together, where nobody outside stops it. Raises what a second try may help
    against: a kernel that died or hung.
    """
    started = time.perf_counter()
    beside = job.notebook.with_name(NEW + job.notebook.name)
    try:
        notebook = _tidy_notebook(_run_notebook(job, beside, seconds), beside)
        if job.report != schema.COUNTY:  # whose page links the others, and is made when they are
            write_file(job.page, build_page(notebook, job.title))
        state, error = WRITTEN, ""
    except Exception as problem:
        if type(problem).__name__ in DIED:
            raise
        if beside.is_file():
            _tidy_notebook(nbformat.read(beside, as_version=4), beside)
        state, error = FAILED, say_error(problem)
    if beside.is_file():
        beside.replace(job.notebook)
    return describe_made(job, state, time.perf_counter() - started, error)


def _run_notebook(job, place, seconds):
    until = time.monotonic() + (seconds or 0)
    budget = {"timeout_func": lambda cell: max(0.1, until - time.monotonic())} if seconds else {}
    return papermill.execute_notebook(
        str(job.template),
        str(place),
        job.parameters,
        progress_bar=False,
        request_save_on_cell_execute=False,
        iopub_timeout=600,  # the ticket table of a whole county takes seconds to come from the kernel
        kernel_manager_class=f"{__name__}.{LocalKernelManager.__name__}",
        extra_arguments=[
            "--log-level=CRITICAL"
        ],  # a kernel that is told to stop says so, in the progress bar
        shutdown_kernel="immediate",  # it holds nothing that has to be put away
        **budget,
    )


def _tidy_notebook(notebook, path):
    """The executed notebook without what differs from run to run, so that equal input gives equal files."""
    for part in [notebook, *notebook.cells]:
        for name in VOLATILE_METADATA:
            part.metadata.pop(name, None)
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number:02d}"
    nbformat.write(notebook, path)
    return notebook


def say_error(error):
    """An error in one line that names no person."""
    name, value = getattr(error, "ename", type(error).__name__), getattr(error, "evalue", str(error))
    return mask_message(f"{name}: {value}")


def describe_made(job, state, seconds, error):
    """A report's row of `runs.csv`; its notebook is named where there is one."""
    folder = job.page.parent if job.report == schema.COUNTY else job.page.parent.parent
    page = job.page.relative_to(folder).as_posix() if state == WRITTEN else ""
    notebook = job.notebook.relative_to(folder).as_posix() if job.notebook.is_file() else ""
    row = {"report": job.report, "group": job.group, "state": state, "page": page, "notebook": notebook}
    return row | {"seconds": round(seconds, 2), "error": error}
