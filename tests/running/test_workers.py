"""Processes side by side: one that dies or hangs costs its own piece of work alone."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from cases.work import work
from nbclient.exceptions import DeadKernelError

from toolkit.running.workers import Lost, do_side_by_side, say_problem, start_ahead
from toolkit.settings import PROJECT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")


def is_alive(pid):
    """Whether a process runs; one that has ended and was not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_gone(pids, seconds=20):
    until = time.monotonic() + seconds
    while (left := [pid for pid in pids if is_alive(pid)]) and time.monotonic() < until:
        time.sleep(0.05)
    return left == []


def children(pid):
    """All processes below one."""
    told = subprocess.run(["ps", "-eo", "pid,ppid"], capture_output=True, text=True).stdout.split()[2:]
    pairs = list(zip(map(int, told[::2]), map(int, told[1::2]), strict=True))
    found, below = [], [pid]
    while below:
        below = [child for child, parent in pairs if parent in below]
        found += below
    return found


def test_what_dies_is_tried_once_more_and_then_lost_alone(tmp_path, capfd):
    pieces = [1, "die", 2, tmp_path / "made at the first try", 3, "raise"]
    told = {str(piece): result for piece, result in do_side_by_side(work, pieces, 2, seconds=120)}
    assert [told[str(number)] for number in (1, 2, 3)] == [2, 4, 6]
    assert told["die"] == Lost("its process died (SIGKILL)")
    assert told[str(pieces[3])] == "second try"
    assert told["raise"] == Lost("ValueError: no such thing")
    assert "Traceback" not in capfd.readouterr().err


def test_what_hangs_is_stopped_after_its_time():
    assert list(do_side_by_side(work, ["hang"], 1, seconds=1)) == [("hang", Lost("took longer than 1 s"))]


def test_a_dead_kernel_is_told_as_what_it_is():
    assert say_problem(DeadKernelError("Kernel died")) == "its kernel died: killed, or out of memory"


def test_a_worker_has_the_environment_of_the_moment_it_is_started(monkeypatch):
    start_ahead("cases.work")
    monkeypatch.setenv("SAID_TO_WORKERS", "later")
    assert list(do_side_by_side(work, ["SAID_TO_WORKERS"], 1, 60)) == [("SAID_TO_WORKERS", "later")]


def test_no_pieces_need_no_process():
    assert list(do_side_by_side(work, [], 2, seconds=1)) == []


STARTER = textwrap.dedent("""
    from cases.work import work
    from toolkit.running.workers import do_side_by_side
    if __name__ == "__main__":
        print("started", flush=True)
        list(do_side_by_side(work, ["hang", "hang"], 2, seconds=600))
""")


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_no_process_outlives_the_one_who_started_it(tmp_path, ending):
    script = tmp_path / "starter.py"
    script.write_text(STARTER)
    env = os.environ | {"PYTHONPATH": f"{PROJECT}{os.pathsep}{PROJECT / 'tests'}"}
    starter = subprocess.Popen([sys.executable, str(script)], env=env, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 30
    while (
        len(below := children(starter.pid)) < 3 and time.monotonic() < until
    ):  # two, and multiprocessing's tracker
        time.sleep(0.05)
    starter.send_signal(ending)
    starter.wait(20)
    assert len(below) >= 2
    assert wait_gone(below)
