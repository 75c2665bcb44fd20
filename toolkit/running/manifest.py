"""What a run made of what: a fingerprint a report, so that the next run makes only what would be different, or failed.

A report rests on its own tickets, on every unit's counts (it stands beside its group and the county), on the run's
settings, its notebook and the code. Where all of that is as it was, its files are kept.
"""

import contextlib
import hashlib
import importlib.metadata
import json
import platform
import time
from functools import cache
from pathlib import Path

import pyarrow as pa

from toolkit.clocking.in_force import read_policies
from toolkit.preparing.redaction import hides
from toolkit.preparing.relate import hide_others
from toolkit.preparing.report import CUT, OWN, PARTS
from toolkit.running.whole import write_file
from toolkit.settings import PROJECT, project_path

MANIFEST = "manifest.json"
EVERY = 1  # seconds between two writings: what a run that is killed makes once more
MACHINE_OWN = {
    "source",
    "output",
    "shared",
    "caller_key",
    "workers",
}  # paths, passwords, what changes no figure
SHARED = [
    "calendar",
    "headers",
    "metrics",
    "redaction",
    "supervision",
]  # files of parameters/ that settle figures
NAMED = ["roster", "peers", "dispatch_catalogue", "manual", "corrections"]
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
        "rooms": hash_rooms(),
        "policies": [policy.model_dump(mode="json") for policy in read_policies(run.policy)],
        "parameters": hash_parameters(run),
        "inputs": sorted(hash_inputs(run).values()) if hides(report, "source_file") else hash_inputs(run),
        "account": json.loads(report.basis.account.to_json(orient="records", force_ascii=False)),
        "rows": {name: len(getattr(report, name)) for name in OWN},
    }


def hash_inputs(run):
    """File → SHA-256 of every file of the export; nothing where it is read from a database."""
    if isinstance(run.source, dict):
        return {}
    from toolkit.loading.files import find_files

    return {Path(file).name: _hash(Path(file).read_bytes()) for file in find_files(run.source)}


def hash_parameters(run):
    """Setting → SHA-256 of its file: those of parameters/ that every run reads, and those this run names."""
    files = {name: PROJECT / "parameters" / f"{name}.yml" for name in SHARED}
    files |= {name: project_path(file) for name in NAMED if (file := getattr(run, name))}
    return {name: _hash(file.read_bytes()) for name, file in files.items() if file.is_file()}


def hash_rooms():
    """Room of the toolkit → one hash of its files: which part of the program two runs do not share."""
    rooms = {}
    for file, digest in _hash_files():
        rooms.setdefault(Path(file).parts[1].removesuffix(".py"), []).append([file, digest])
    return {room: _hash(json.dumps(files).encode()) for room, files in rooms.items()}


@cache
def hash_code():
    """One hash of the toolkit's files, the templates of sentences, and the versions it runs with."""
    parts = _hash_files()
    versions = [importlib.metadata.version(name) for name in PACKAGES]
    return _hash(json.dumps([parts, versions, platform.python_version()]).encode())


@cache
def _hash_files():
    """Every file of the toolkit and every template of sentences, each with its hash."""
    files = [file for kind in CODE for file in (PROJECT / "toolkit").rglob(kind)]
    files += (PROJECT / "parameters" / "templates").rglob("*.*")
    return [[file.relative_to(PROJECT).as_posix(), _hash(file.read_bytes())] for file in sorted(files)]


def fingerprint_jobs(jobs, report):
    """Report → its fingerprint; the county's rests on all tickets."""
    shared = hashlib.sha256(json.dumps(report.about, sort_keys=True, ensure_ascii=False).encode())
    counts = {name: frame for part in PARTS for name, frame in getattr(report, part)._asdict().items()}
    for name in sorted(set(counts) - set(CUT)):
        shared.update(_serialise(counts[name]))
    frames = {name: getattr(report, name) for name in OWN} | {name: counts[name] for name in CUT}
    own = {name: _by_report(frame) for name, frame in frames.items()}
    # What a unit's page tells of related tickets: of other units' only that there are some.
    unit = own | {"related": _by_report(hide_others(report.related, report.related["report"]))}
    return {job.report: _fingerprint(job, unit if _is_unit(job) else own, shared.hexdigest()) for job in jobs}


def _is_unit(job):
    return "unit" in job.parameters


def _fingerprint(job, own, shared):
    found = hashlib.sha256(f"{hash_code()} {shared} {_hash(job.template.read_bytes())}".encode())
    found.update(json.dumps([job.parameters, job.title], sort_keys=True, ensure_ascii=False).encode())
    for frames in own.values():
        names = [job.report] if _is_unit(job) else sorted(frames)
        for name in names:
            found.update(frames.get(name, b""))
    return found.hexdigest()


def _by_report(frame):
    """Report → the hash of its rows."""
    table = pa.Table.from_pandas(frame, preserve_index=False).combine_chunks()  # else slow to take rows from
    places = frame.groupby("report", sort=False).indices
    return {name: _hash(_write_table(table.take(rows))).encode() for name, rows in places.items()}


def _serialise(frame):
    return _write_table(pa.Table.from_pandas(frame, preserve_index=False))


def _write_table(table):
    """Its bytes, the same for the same values however they lie in memory."""
    table = table.combine_chunks().replace_schema_metadata(None)
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


@contextlib.contextmanager
def keep_manifest(folder, about, made):
    """The manifest written before, and after the block however that ends; the block calls what it is given after each report.

    Then it is written again if it is a second old: written whole each time, it would take longest in a run of thousands.
    """
    write_manifest(folder, about, made)
    written = time.monotonic()

    def keep():
        nonlocal written
        if time.monotonic() - written >= EVERY:
            write_manifest(folder, about, made)
            written = time.monotonic()

    try:
        yield keep
    finally:
        write_manifest(folder, about, made)


def write_manifest(folder, about, made):
    write_file(
        folder / MANIFEST, json.dumps(about | {"reports": made}, ensure_ascii=False, indent=1, sort_keys=True)
    )
