"""The lock: exact versions with hashes for every Python and system at once, and what of it one machine needs.

`make lock` writes requirements.lock anew from pyproject.toml, with the newest versions; it needs a package index, and uv,
which alone resolves for systems other than its own.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from toolkit.settings import PROJECT

LOCK = PROJECT / "requirements.lock"
HEAD = """\
# Exact versions and hashes of what `make wheelhouse` packs, for Linux and Windows. Made by `make lock`; do not edit.
"""
FOR_DEVELOPERS = "dev"  # the one extra that an office's machine does not need
INSTALLERS = ["pip", "setuptools"]  # a machine without internet builds its environment with the kit's own
DASH = " --hash="


class Locked(NamedTuple):
    """A package of the lock: its requirement, such as "scipy==1.17.1 ; python_version < '3.12'", and its hashes."""

    asked: Requirement
    hashes: str

    def holds_on(self, machine):
        return self.asked.marker is None or self.asked.marker.evaluate(machine)


def read_lock(text):
    """The packages of a lock."""
    lines = text.replace("\\\n", " ").splitlines()
    for line in lines:
        asked, dash, hashes = line.partition("--hash=")
        if asked.strip() and not line.startswith("#"):
            yield Locked(Requirement(asked.strip()), dash + hashes)


def list_needed(locked, machine):
    """The lines of a requirements file for one machine. machine: its markers, as packaging names them."""
    return [
        f"{one.asked.name}=={_version(one)} {' '.join(one.hashes.split())}"
        for one in locked
        if one.holds_on(machine)
    ]


def _version(one):
    return next(iter(one.asked.specifier)).version


def list_asked():
    """What the kit holds: all that pyproject.toml asks for, except for developers."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    optional = [asked for name, extra in extras.items() if name != FOR_DEVELOPERS for asked in extra]
    return [*project["dependencies"], *optional, *INSTALLERS]


def list_disagreements(locked, asked):
    """Where a lock is not of these requirements: what it lacks, or holds in a version they do not allow."""
    found = {}
    for one in locked:
        found.setdefault(canonicalize_name(one.asked.name), []).append(_version(one))
    for requirement in map(Requirement, asked):
        versions = found.get(canonicalize_name(requirement.name), [])
        if not versions:
            yield f"{requirement.name} is not locked"
        yield from (
            f"{requirement.name} is locked at {version}, asked for is {requirement.specifier}"
            for version in versions
            if not requirement.specifier.contains(version, prereleases=True)
        )


def write_lock(place=LOCK):
    """Resolve what the kit holds, for every system and each Python from the lowest on."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lowest = project["requires-python"].removeprefix(">=")
    with tempfile.TemporaryDirectory() as folder:
        asked, made = Path(folder) / "asked.in", Path(folder) / "made.txt"
        asked.write_text("\n".join(list_asked()), encoding="utf-8")
        options = ["--universal", f"--python-version={lowest}", "--generate-hashes"]
        quiet = ["--quiet", "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
        subprocess.run(
            [find_uv(), "pip", "compile", *options, *quiet, str(asked), "-o", str(made)], check=True
        )
        place.write_text(HEAD + made.read_text(encoding="utf-8"), encoding="utf-8", newline="\n")


def find_uv():
    """uv, beside this Python or on PATH."""
    folders = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    found = shutil.which("uv", path=folders)
    if found is None:
        sys.exit('uv is not installed: pip install uv, or pip install -e ".[dev]", then again')
    return found


if __name__ == "__main__":
    write_lock()
