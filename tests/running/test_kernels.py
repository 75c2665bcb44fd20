"""Warm kernels: each a process of its own, forked from one with a single thread, and none outlives who asked for it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import nbformat
import papermill
import pytest
from running.test_workers import is_alive, wait_gone

from toolkit.running import kernels
from toolkit.running.kernels import WARM, WarmKernel, is_possible, warm_process

pytestmark = pytest.mark.skipif(
    not is_possible(),
    reason="no fork on this system, or Jupyter was not told of the provisioner: install again",
)
MANAGER = "toolkit.running.making.LocalKernelManager"


@pytest.fixture(scope="module")
def warm():
    with warm_process():
        yield os.environ[WARM]


def run_cells(folder, *sources):
    """The texts that cells print, run by papermill in a warm kernel."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path = folder / "made.ipynb"
    nbformat.write(notebook, path)
    done = papermill.execute_notebook(
        str(path),
        str(folder / "done.ipynb"),
        kernel_manager_class=MANAGER,
        progress_bar=False,
    )
    return ["".join(output.get("text", "") for output in cell.outputs) for cell in done.cells]


def test_a_kernel_has_everything_imported_and_knows_nothing_of_the_one_before(warm, tmp_path):
    first = (
        "import os, sys, toolkit; toolkit.left = 1; os.environ['LEFT'] = 'x'; left = 1; print(os.getpid())"
    )
    second = (
        "print('left' in globals(), hasattr(toolkit, 'left'), 'LEFT' in os.environ, 'altair' in sys.modules)"
    )
    [one] = run_cells(tmp_path, first)
    [ready, two, told] = run_cells(
        tmp_path,
        "import sys; print('toolkit.presenting.blocks' in sys.modules)",
        "import os, toolkit; print(os.getpid())",
        second,
    )
    assert ready == "True\n"
    assert told == "False False False True\n"
    assert one != two and wait_gone([int(one), int(two)])


def test_the_warm_process_has_one_thread_so_that_it_can_be_forked(warm):
    kernel = WarmKernel(warm, ["-f", "nowhere"], dict(os.environ), Path.cwd())
    parent = int(Path(f"/proc/{kernel.pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[1])
    assert len(list(Path(f"/proc/{parent}/task").iterdir())) == 1
    kernel.kill()
    assert kernel.wait(10) == -signal.SIGKILL and kernel.poll() == -signal.SIGKILL


def test_a_kernel_dies_with_the_connection_of_the_one_who_asked(warm):
    kernel = WarmKernel(warm, ["-f", "nowhere"], dict(os.environ), Path.cwd())
    assert is_alive(kernel.pid)
    kernel._connection.close()
    assert wait_gone([kernel.pid])


def test_a_cell_that_takes_more_memory_than_it_may_fails_with_its_error(warm, tmp_path, monkeypatch):
    monkeypatch.setenv("SUPERVISION_MEMORY_MB", "1024")
    with pytest.raises(papermill.PapermillExecutionError, match="MemoryError"):
        run_cells(tmp_path, "taken = bytearray(2 * 10**9)")
    monkeypatch.delenv("SUPERVISION_MEMORY_MB")
    assert run_cells(tmp_path, "taken = bytearray(2 * 10**9); print(len(taken))") == ["2000000000\n"]


def test_when_the_warm_process_is_killed_its_kernels_end_and_who_waits_is_told(tmp_path):
    path = str(tmp_path / "socket")
    process = kernels._start(path)
    kernel = WarmKernel(path, ["-f", "nowhere"], dict(os.environ), Path.cwd())
    process.kill()
    process.wait()
    assert kernel.wait(10) == -signal.SIGKILL
    assert wait_gone([kernel.pid])


def test_a_starter_that_is_killed_leaves_no_warm_process_and_no_kernel(tmp_path):
    code = (
        "import os, time\nfrom pathlib import Path\nfrom toolkit.running.kernels import *\n"
        "with warm_process():\n"
        "    kernel = WarmKernel(os.environ[WARM], ['-f', 'nowhere'], dict(os.environ), Path.cwd())\n"
        "    print(kernel.pid, flush=True)\n    time.sleep(600)"
    )
    env = {name: value for name, value in os.environ.items() if name != WARM}
    starter = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=env)
    kernel = int(starter.stdout.readline())
    warm = int(Path(f"/proc/{kernel}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[1])
    starter.kill()
    starter.wait()
    assert wait_gone([kernel, warm])


def test_without_a_fork_a_kernel_stands_ready_ahead_and_serves_one_report(spare, tmp_path):
    """Each has everything imported and knows nothing of the one before; one that died while it waited is replaced."""
    first = "import os, sys, toolkit; toolkit.left = 1; print(os.getpid(), 'altair' in sys.modules)"
    second = "import os, sys, toolkit; print(os.getpid(), hasattr(toolkit, 'left'), 'altair' in sys.modules)"
    [one] = run_cells(tmp_path, first)
    [ahead] = [process.pid for process in kernels._spare]
    [two] = run_cells(tmp_path, second)
    assert one.split()[1] == "True" and two.split() == [str(ahead), "False", "True"]
    [waiting] = kernels._spare
    waiting.kill()
    waiting.wait()
    [three] = run_cells(tmp_path, second)
    assert int(three.split()[0]) not in (int(one.split()[0]), ahead, waiting.pid)
    kernels.end_spare()
    assert wait_gone([int(told.split()[0]) for told in (one, two, three)])


@pytest.fixture
def spare(monkeypatch):
    """As on a system where no process forks."""
    monkeypatch.setattr(kernels, "CAN_FORK", False)
    monkeypatch.delenv(WARM, raising=False)
    with warm_process():
        assert WARM not in os.environ
        yield
    assert not kernels._spare


@pytest.mark.long
def test_a_spare_kernel_ends_with_the_one_who_started_it(tmp_path):
    code = (
        "import os, time\nfrom toolkit.running import kernels\n"
        "kernels._spare.append(kernels._start_spare())\n"
        "print(kernels._spare[0].pid, flush=True)\ntime.sleep(600)"
    )
    starter = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    waiting = int(starter.stdout.readline())
    starter.kill()
    starter.wait()
    assert wait_gone([waiting])
