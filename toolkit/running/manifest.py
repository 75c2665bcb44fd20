"""What a run made of what: a fingerprint a report, so that the next run makes only what would be different, or failed.

A report rests on its own tickets, on every unit's counts (it stands beside its group and the county), on the run's
settings, its notebook and the code. Where all of that is as it was, its files are kept.
"""

import hashlib
import importlib.metadata
import json
import platform
from functools import cache
from pathlib import Path

import pyarrow as pa

from toolkit.preparing.report import OWN, PARTS
from toolkit.running.whole import write_whole
from toolkit.settings import PROJECT

MANIFEST = "manifest.json"
MACHINE_OWN = {"source", "output", "caller_key", "workers"}  # paths, passwords, what changes no figure
CODE = ("*.py", "*.js", "*.css", "*.html")
PACKAGES = [
    "altair",
    "ipykernel",
    "jinja2",
    "nbconvert",
    "pandas",
    "papermill",
    "pyarrow",
    "vl-convert-python",
]


def describe_run(run, report):
    """What the run was made with: settings, versions, the code's hash, and how many rows of what."""
    return {
        "settings": run.model_dump(mode="json", exclude=MACHINE_OWN),
        "policy": report.about["policy"],
        "scheme": report.about["scheme"]["name"],
        "calendar": report.about["calendar_warning"],
        "python": platform.python_version(),
        "versions": {name: importlib.metadata.version(name) for name in PACKAGES},
        "code": hash_code(),
        "inputs": hash_inputs(run),
        "account": json.loads(report.basis.account.to_json(orient="records", force_ascii=False)),
        "rows": {name: len(getattr(report, name)) for name in OWN},
    }


def hash_inputs(run):
    """File → SHA-256 of every file of the export; nothing where it is read from a database."""
    if isinstance(run.source, dict):
        return {}
    from toolkit.loading.files import find_files

    return {Path(file).name: _hash(Path(file).read_bytes()) for file in find_files(run.source)}


@cache
def hash_code():
    """One hash of the toolkit's files, the templates of sentences, and the versions it runs with."""
    files = [file for kind in CODE for file in (PROJECT / "toolkit").rglob(kind)]
    files += (PROJECT / "parameters" / "templates").rglob("*.*")
    parts = [[file.relative_to(PROJECT).as_posix(), _hash(file.read_bytes())] for file in sorted(files)]
    versions = [importlib.metadata.version(name) for name in PACKAGES]
    return _hash(json.dumps([parts, versions, platform.python_version()]).encode())


def fingerprint_jobs(jobs, report):
    """Report → its fingerprint; the county's rests on all tickets."""
    shared = hashlib.sha256(json.dumps(report.about, sort_keys=True, ensure_ascii=False).encode())
    for part in PARTS:
        for frame in getattr(report, part):
            shared.update(_serialise(frame))
    own = {name: _by_report(getattr(report, name)) for name in OWN}
    return {job.report: _fingerprint(job, own, shared.hexdigest()) for job in jobs}


def _fingerprint(job, own, shared):
    found = hashlib.sha256(f"{hash_code()} {shared} {_hash(job.template.read_bytes())}".encode())
    found.update(json.dumps([job.parameters, job.title], sort_keys=True, ensure_ascii=False).encode())
    for frames in own.values():
        names = [job.report] if "unit" in job.parameters else sorted(frames)
        for name in names:
            found.update(frames.get(name, b""))
    return found.hexdigest()


def _by_report(frame):
    """Report → the hash of its rows."""
    return {name: _hash(_serialise(rows)).encode() for name, rows in frame.groupby("report", sort=False)}


def _serialise(frame):
    table = pa.Table.from_pandas(frame.reset_index(drop=True), preserve_index=False).combine_chunks()
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


def _hash(content):
    return hashlib.sha256(content).hexdigest()


# --- what was made ---------------------------------------------------------------------------------


def read_made(folder):
    """Report → what an earlier run wrote down of it: fingerprint, its row of `runs.csv`, its files' hashes."""
    try:
        return json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["reports"]
    except (OSError, ValueError, KeyError):
        return {}


def is_kept(made, fingerprint, folder):
    """Whether a report's files still are what they were made as, of the same."""
    if not made or made["fingerprint"] != fingerprint:
        return False
    return all(
        (folder / file).is_file() and hash_file(folder / file) == said for file, said in made["files"].items()
    )


def hash_file(path):
    return _hash(Path(path).read_bytes())


def write_manifest(folder, about, made):
    write_whole(
        folder / MANIFEST, json.dumps(about | {"reports": made}, ensure_ascii=False, indent=1, sort_keys=True)
    )
