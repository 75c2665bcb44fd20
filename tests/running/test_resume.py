"""A run that is stopped, repeated or disturbed: reports are whole, what would be the same is kept, nothing is lost."""

import base64
import contextlib
import json
import random
import re
import signal
import subprocess
import sys
import time
import zlib

import pandas as pd
import pytest
from running.test_workers import children, wait_gone

from toolkit.errors import RunError
from toolkit.preparing.run_file import read_run
from toolkit.running.batch import VOLATILE, list_plan, run_batch
from toolkit.running.manifest import MANIFEST
from toolkit.running.whole import held
from toolkit.settings import PROJECT

UNITS = ["甲镇", "乙局", "丙局"]


def write_run(folder, units=UNITS, **changed):
    """A run of some units with three tickets each, of which each holds its own secret word; its parameter file."""
    folder.mkdir(exist_ok=True)
    rows = [
        (unit, f"{unit}{n}", f"{unit}的暗号是{units.index(unit)}号楼") for unit in units for n in range(3)
    ]
    export = pd.DataFrame(rows, columns=["承办单位", "工单编号", "诉求内容"]).assign(
        受理时间="2025-03-04 09:00", 承办人="张某"
    )
    for number, handler in changed.items():
        export.loc[export["工单编号"].eq(number), "承办人"] = handler
    export.to_csv(folder / "export.csv", index=False)
    (folder / "caller.key").write_bytes(b"a key of the tests alone")
    settings = {
        "title": "督查",
        "source": str(folder / "export.csv"),
        "as_of": "2025-03-31",
        "period": "2025-03",
    }
    settings |= {"caller_key": str(folder / "caller.key"), "output": str(folder / "out"), "workers": 2}
    (folder / "run.yml").write_text(json.dumps(settings), encoding="utf-8")
    return folder / "run.yml"


def read_outcome(folder):
    """Every file of a run with what differs between equal runs taken out."""
    files = {path.relative_to(folder): path for path in sorted(folder.rglob("*")) if path.is_file()}
    told = {str(name): path.read_bytes() for name, path in files.items() if path.name != ".lock"}
    told["runs.csv"] = pd.read_csv(folder / "runs.csv").drop(columns=VOLATILE).to_csv()
    manifest = json.loads(told[MANIFEST])
    for made in manifest["reports"].values():
        for name in VOLATILE:
            made["row"].pop(name)
    return told | {MANIFEST: json.dumps(manifest)}


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """The folder of a run that nothing disturbed, and its outcome."""
    folder = tmp_path_factory.mktemp("run")
    runs = run_batch(read_run(write_run(folder)))
    assert runs["state"].eq("written").all()
    return folder, read_outcome(folder / "out")


def say_todo(folder):
    return list_plan(read_run(folder / "run.yml")).set_index("report")["todo"].to_dict()


def test_a_second_run_makes_only_what_would_be_different_and_force_makes_all(finished):
    folder, outcome = finished
    assert set(say_todo(folder).values()) == {"as it is"}
    write_run(folder, 甲镇1="李某")
    todo = say_todo(folder)
    assert todo == {"全县": "make", "丙局": "as it is", "乙局": "as it is", "甲镇": "make"}
    assert set(list_plan(read_run(folder / "run.yml"), force=True)["todo"]) == {"make"}
    before = (folder / "out/units/乙局.html").stat().st_mtime_ns
    run_batch(read_run(folder / "run.yml"))
    assert (folder / "out/units/乙局.html").stat().st_mtime_ns == before
    changed = read_outcome(folder / "out")
    assert {name for name in outcome if changed[name] != outcome[name]} >= {
        "units/甲镇.html",
        "units/甲镇.ipynb",
    }
    write_run(folder)
    run_batch(read_run(folder / "run.yml"))
    assert read_outcome(folder / "out") == outcome


@pytest.mark.long
def test_a_page_that_was_edited_or_lost_is_made_again(finished):
    folder, outcome = finished
    (folder / "out/units/乙局.html").write_text("edited")
    (folder / "out/units/丙局.ipynb").unlink()
    todo = say_todo(folder)
    assert todo == {"全县": "as it is", "丙局": "make", "乙局": "make", "甲镇": "as it is"}
    run_batch(read_run(folder / "run.yml"))
    assert read_outcome(folder / "out") == outcome


def test_two_runs_at_once_on_one_folder_are_told_and_nothing_is_touched(finished):
    folder, outcome = finished
    with (
        held(folder / "out"),
        pytest.raises(RunError, match="another run is writing to 'out' at this moment"),
    ):
        run_batch(read_run(folder / "run.yml"))
    assert read_outcome(folder / "out") == outcome


def start(folder, *words, **options):
    command = [sys.executable, "-m", "toolkit", "batch", str(folder / "run.yml"), *words]
    return subprocess.Popen(
        command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
    )


def limit_files():
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (8000, 8000))


@pytest.mark.skipif(sys.platform == "win32", reason="limits of Unix")
def test_a_file_that_cannot_be_written_is_told_and_the_reports_of_before_stay(finished):
    folder, outcome = finished
    run = start(folder, "--force", preexec_fn=limit_files)
    _, errors = run.communicate(timeout=120)
    assert run.returncode == 2
    assert "cannot be read or written" in errors and "Traceback" not in errors
    pages = {name for name in outcome if name.endswith(".html")}
    assert {name: (folder / "out" / name).read_bytes() for name in pages} == {
        name: outcome[name] for name in pages
    }


def stop_after(run, seconds, ending):
    time.sleep(seconds)
    below = children(run.pid)
    run.send_signal(ending)
    run.communicate(timeout=60)
    assert wait_gone(below), "a process lived on"


@pytest.mark.long
def test_stopped_by_ctrl_c_it_says_how_to_go_on_and_leaves_no_process(finished):
    folder, outcome = finished
    run = start(folder, "--force")
    while not children(run.pid) or not (folder / "out/.lock").exists():
        time.sleep(0.05)
    time.sleep(4)
    below = children(run.pid)
    run.send_signal(signal.SIGINT)
    _, errors = run.communicate(timeout=60)
    assert wait_gone(below)
    assert run.returncode == 130 and "The same command goes on where it stopped" in errors
    run_batch(read_run(folder / "run.yml"))
    assert read_outcome(folder / "out") == outcome


@pytest.mark.long
def test_killed_at_random_the_next_run_completes_and_the_outcome_is_that_of_an_undisturbed_one(finished):
    folder, outcome = finished
    moments = random.Random(7)
    for _ in range(20):
        stop_after(start(folder, "--force"), moments.uniform(0.5, 12), signal.SIGKILL)
    run_batch(read_run(folder / "run.yml"))
    assert read_outcome(folder / "out") == outcome


@pytest.mark.parametrize("times", [1, pytest.param(20, marks=pytest.mark.long)])
def test_no_report_holds_what_is_another_s_however_many_are_made_at_once(finished, times):
    folder, _ = finished
    for _ in range(times):
        run_batch(read_run(folder / "run.yml").model_copy(update={"workers": 3}), force=True)
        for unit in UNITS:
            for kind in ("html", "ipynb"):
                text = (folder / f"out/units/{unit}.{kind}").read_text(encoding="utf-8")
                secrets = [f"{other}的暗号" for other in UNITS if other != unit]
                secrets += [f"{other}{number}" for other in UNITS if other != unit for number in range(3)]
                assert f"{unit}的暗号" in read_all(text)
                assert not [secret for secret in secrets if secret in read_all(text)]


def read_all(text):
    """A page or notebook with whatever is packed in it unpacked behind it; a unit's own name may stand in counts."""
    parts = [text]
    for packed in re.findall(r"[A-Za-z0-9+/]{80,}={0,2}", text):
        with contextlib.suppress(ValueError, zlib.error):
            parts.append(zlib.decompress(base64.b64decode(packed)).decode("utf-8", "ignore"))
    assert len(parts) > 1, "the table of tickets is packed"
    return "".join(parts)
