"""The same reports on one, two and four Dask workers of this machine: what the cluster costs, and how it scales.

    python benchmarks/cluster.py [units] [tickets] [reports]

A county of so many units and tickets is read and prepared once (240 units, 24,000 tickets where they are not given); then
the first so many reports (96) are made on this machine alone and on clusters of 1, 2 and 4 workers, each a scheduler and
worker processes on loopback, every time anew. Prints seconds and reports a minute, and the cores there are.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from city import AS_OF
from distributed import Client
from growth import write_export

from toolkit.preparing.run_file import Run
from toolkit.running import batch
from toolkit.running.kernels import WARM
from toolkit.settings import project_path

WORKERS = [1, 2, 4]


@contextlib.contextmanager
def cluster(folder, workers):
    """The address of a scheduler with so many workers of one thread."""
    env = {name: value for name, value in os.environ.items() if name != WARM}
    at = ["--scheduler-file", str(folder / "scheduler.json"), "--host", "127.0.0.1", "--no-dashboard"]
    command, quiet = [sys.executable, "-m"], {"env": env, "stderr": subprocess.DEVNULL, "cwd": folder}
    crew = [subprocess.Popen([*command, "distributed.cli.dask_scheduler", "--port", "0", *at], **quiet)]
    worker = [*command, "distributed.cli.dask_worker", "--nthreads", "1", "--no-nanny", *at]
    crew += [subprocess.Popen(worker, **quiet) for _ in range(workers)]
    try:
        while not (folder / "scheduler.json").exists():
            time.sleep(0.05)
        with Client(scheduler_file=str(folder / "scheduler.json"), set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=60)
        yield json.loads((folder / "scheduler.json").read_text(encoding="utf-8"))["address"]
    finally:
        for process in reversed(crew):
            process.kill()
            process.wait()


def make_all(jobs, run, report, folder, address=""):
    """The seconds in which the reports are made, here or on a cluster."""
    started = time.perf_counter()
    if address:
        made = batch._make_reports(jobs, run, report, folder, True, address)
    else:
        with batch._get_ready(run):
            made = batch._make_reports(jobs, run, report, folder, True, "")
    assert all(one["row"]["state"] == "written" for one in made.values())
    return time.perf_counter() - started


def main(units=240, tickets=24_000, reports=96):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "export").mkdir()
        write_export(folder / "export", units, tickets)
        given = {"source": str(folder / "export"), "as_of": str(AS_OF), "period": "2025"}
        run = Run(title="热线办理情况督查", output=str(folder / "reports"), **given)
        loaded, report, jobs, _ = batch.plan_run(run, project_path(run.output))
        (folder / "reports").mkdir()
        batch._write_data(report, loaded, folder / "reports", "")
        jobs = jobs[1 : reports + 1]
        print(f"{units} units, {tickets:,} tickets, {len(jobs)} units' reports, {os.cpu_count()} cores")
        say("this machine alone", len(jobs), make_all(jobs, run, report, folder / "reports"))
        for count in WORKERS:
            (place := folder / f"cluster{count}").mkdir()
            with cluster(place, count) as address:
                seconds = make_all(jobs, run, report, folder / "reports", address)
            say(f"{count} Dask workers", len(jobs), seconds)


def say(name, count, seconds):
    print(f"{name}: {seconds:.1f} s, {60 * count / seconds:.0f} a minute", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
