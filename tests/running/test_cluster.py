"""Reports made on a Dask cluster: a real scheduler and real workers, of which some are killed."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time

import nbformat
import pytest
from cases.work import work_in_time
from running.test_resume import read_outcome, start, write_run
from running.test_workers import children, wait_gone

from toolkit.errors import RunError
from toolkit.preparing.run_file import read_run
from toolkit.preparing.shared import SEAL
from toolkit.running.batch import list_plan, run_batch
from toolkit.running.cluster import do_on_cluster, require_workers, say_other_toolkit
from toolkit.running.jobs import Job
from toolkit.running.kernels import WARM
from toolkit.running.manifest import MANIFEST, hash_code
from toolkit.running.remote import Sent, make_apart, say_unsealed
from toolkit.running.workers import Lost
from toolkit.settings import PROJECT

pytest.importorskip("distributed")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
SIX = ["甲镇", "乙局", "丙局", "丁镇", "戊乡", "己局"]


@contextlib.contextmanager
def cluster(folder, workers, **settings):
    """A scheduler and worker processes on this machine alone: its address, and the workers."""
    from distributed import Client

    folder.mkdir(exist_ok=True)
    known = {name: value for name, value in os.environ.items() if name != WARM}
    env = known | {"PYTHONPATH": f"{PROJECT}{os.pathsep}{PROJECT / 'tests'}", **settings}
    file, options = folder / "scheduler.json", {"cwd": folder, "env": env, "stderr": subprocess.DEVNULL}
    alone = ["--host", "127.0.0.1", "--no-dashboard"]
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--port", "0"]
    at = ["--scheduler-file", str(file)]
    crew = [subprocess.Popen([*command, *alone, *at], **options)]
    command = [sys.executable, "-m", "distributed.cli.dask_worker", "--nthreads", "1", "--no-nanny"]
    crew += [subprocess.Popen([*command, *alone, *at], **options) for _ in range(workers)]
    try:
        until = time.monotonic() + 60
        while not file.exists() and time.monotonic() < until:
            time.sleep(0.05)
        with Client(scheduler_file=str(file), set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=60)
        yield json.loads(file.read_text())["address"], crew[1:]
    finally:
        below = [pid for process in crew for pid in children(process.pid)]
        for process in reversed(crew):
            process.kill()
            process.wait()
        assert wait_gone(below), "a process lived on"


def test_what_dies_with_its_worker_is_done_by_another_and_what_raises_or_kills_is_lost_alone(
    tmp_path, monkeypatch
):
    pieces = [1, tmp_path / "its worker dies at the first try", "raise", "seconds", 3]
    with cluster(tmp_path / "cluster", 3, DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="1") as (address, _):
        told = {str(piece): made for piece, made in do_on_cluster(work_in_time, pieces, address, seconds=9)}
        assert told == {
            "1": 2,
            "3": 6,
            "seconds": 9,
            str(pieces[1]): "second try",
            "raise": Lost("ValueError: no such thing"),
        }
        killing = list(do_on_cluster(work_in_time, ["die"], address, seconds=9))
        assert killing == [("die", Lost("every worker that had it died"))]
        monkeypatch.setattr("toolkit.running.cluster.WORKERLESS", 1)  # of the three none is left
        left = list(do_on_cluster(work_in_time, [1, 2], address, seconds=9))
        assert left == [(piece, Lost(f"no worker was left at {address} for 1 s")) for piece in (1, 2)]


def test_no_pieces_need_no_cluster():
    assert list(do_on_cluster(work_in_time, [], "tcp://127.0.0.1:1", seconds=1)) == []


@pytest.mark.parametrize("kind", ["nobody listens", "no scheduler", "no address"])
def test_a_cluster_that_cannot_be_reached_is_told_within_seconds_and_nothing_is_written(
    tmp_path, kind, monkeypatch
):
    monkeypatch.setattr("toolkit.running.cluster.REACHING", 1)
    run, started = read_run(write_run(tmp_path)), time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        if kind == "nobody listens":
            other.close()
        address = "scheduler of ours://" if kind == "no address" else f"tcp://127.0.0.1:{port}"
        said = f"no Dask scheduler answers at '{address}' within 1 s: expected an address such as tcp://"
        with pytest.raises(RunError, match=said):
            run_batch(run, cluster=address)
    assert time.monotonic() - started < 30 and not (tmp_path / "out").exists()


def test_a_worker_that_would_judge_otherwise_or_sees_another_run_s_tickets_is_told(tmp_path):
    (tmp_path / SEAL).write_text("of this run")
    told = [say_unsealed(str(tmp_path), "of this run"), say_unsealed(str(tmp_path), "of another")]
    assert told[0] == "" and told[1].startswith("it does not see what this run prepared")
    assert say_unsealed(str(tmp_path / "not shared"), "of this run") == told[1].replace(
        str(tmp_path), str(tmp_path / "not shared")
    )
    assert say_other_toolkit(hash_code()) == ""
    with cluster(tmp_path / "cluster", 1) as (address, _), pytest.raises(RunError) as found:
        require_workers(address, say_other_toolkit, "the hash of another toolkit")
    said = str(found.value).splitlines()
    assert said[0] == "the cluster's workers cannot make these reports; none was made" and len(said) == 2
    assert all(
        "its toolkit, templates or versions are not those of this machine" in line for line in said[1:]
    )


@pytest.mark.long
def test_workers_read_their_rows_at_an_address_and_send_what_they_made(tmp_path):
    file = write_run(tmp_path, ["甲镇"])
    shared = {"shared": f"file://{tmp_path / 'shared'}"}
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | shared), encoding="utf-8")
    (tmp_path / "shared").mkdir()
    with cluster(tmp_path / "cluster", 1) as (address, _):
        runs = run_batch(read_run(file), cluster=address)
        assert runs["state"].tolist() == ["written"] * 2, runs["error"].tolist()
        made = {path.name for path in (tmp_path / "out" / "units").iterdir()}
        assert made == {"甲镇.html", "甲镇.ipynb"}
        assert shared["shared"] in (tmp_path / "out" / "units" / "甲镇.ipynb").read_text(encoding="utf-8")
        assert (tmp_path / "shared" / SEAL).read_text() and not (tmp_path / "out/prepared" / SEAL).exists()
        assert list_plan(read_run(file))["todo"].tolist() == ["as it is"] * 2


@pytest.mark.long
def test_a_report_that_hangs_is_lost_in_time_and_its_worker_goes_on(tmp_path):
    sources = ["seconds: float = 0.0", "import time; time.sleep(seconds)"]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    cells[0].metadata["tags"] = ["parameters"]
    kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    template = nbformat.writes(nbformat.v4.new_notebook(cells=cells, metadata=kernel)).encode()
    (tmp_path / SEAL).write_text("of this run")
    pieces = []
    for name, seconds in (("甲镇", 600.0), ("乙局", 0.0)):
        parameters = {"seconds": seconds, "prepared": str(tmp_path)}
        files = [tmp_path / "out" / "units" / f"{name}.{kind}" for kind in ("ipynb", "html")]
        job = Job(name, "", tmp_path / "template.ipynb", parameters, *files, name)
        pieces.append(Sent(job, template, "of this run", 0))
    with cluster(tmp_path / "cluster", 1) as (address, _):
        told = {piece.job.report: made for piece, made in do_on_cluster(make_apart, pieces, address, 20)}
    assert told["甲镇"] == Lost("took longer than 20 s")
    row, files = told["乙局"]
    assert row["state"] == "written" and set(files) == {"乙局.html", "乙局.ipynb"}
    assert not (tmp_path / "out").exists(), "a worker writes nothing"


@pytest.mark.long
def test_two_of_three_workers_killed_in_mid_run_cost_no_report_and_none_stands_twice(tmp_path):
    file = write_run(tmp_path, SIX)
    manifest = tmp_path / "out" / MANIFEST
    with cluster(tmp_path / "cluster", 3) as (address, workers):
        run = start(tmp_path, "--cluster", address)
        while not manifest.exists() or not json.loads(manifest.read_text(encoding="utf-8"))["reports"]:
            assert run.poll() is None
            time.sleep(0.05)
        below = [pid for worker in workers[:2] for pid in children(worker.pid)]
        for worker in workers[:2]:
            worker.send_signal(signal.SIGKILL)
        said, errors = run.communicate(timeout=300)
        assert len(below) >= 2 and wait_gone(below), "a kernel outlived its worker"
    assert run.returncode == 0 and "7 reports written, 0 failed" in said, errors
    pairs = json.loads(manifest.read_text(encoding="utf-8"), object_pairs_hook=list)
    names = [name for name, _ in dict(pairs)["reports"]]
    assert sorted(names) == sorted([*SIX, "全县"])
    outcome = read_outcome(tmp_path / "out")
    assert run_batch(read_run(file), force=True)["state"].eq("written").all()
    assert read_outcome(tmp_path / "out") == outcome
    assert f"prepared/{SEAL}" not in outcome
