"""The same reports on one, two and four Dask workers of this machine: what the cluster costs, and how it scales.

    python benchmarks/cluster.py [units] [tickets] [reports]

A county of so many units and tickets is read and prepared once (240 units, 24,000 tickets where they are not given); then
the first so many reports (96) are made on this machine alone and on clusters of 1, 2 and 4 workers, each a scheduler and
worker processes of `LocalCluster`, every time anew. Prints seconds and reports a minute, and the cores there are.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

from city import AS_OF
from distributed import LocalCluster
from growth import write_export

from toolkit.preparing.run_file import Run
from toolkit.running import batch
from toolkit.settings import project_path

WORKERS = [1, 2, 4]


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
        print(f"{units} units, {tickets:,} tickets")
        compare_clusters(jobs, run, report, folder / "reports")


def compare_clusters(jobs, run, report, folder):
    """Make the reports of what is prepared on this machine alone and on each cluster, and print how fast."""
    print(f"{len(jobs)} units' reports, {os.cpu_count()} cores")
    say("this machine alone", len(jobs), make_all(jobs, run, report, folder))
    for count in WORKERS:
        with LocalCluster(count, threads_per_worker=1, dashboard_address=None) as cluster:
            seconds = make_all(jobs, run, report, folder, cluster.scheduler_address)
        say(f"{count} Dask workers", len(jobs), seconds)


def say(name, count, seconds):
    print(f"{name}: {seconds:.1f} s, {60 * count / seconds:.0f} a minute", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
