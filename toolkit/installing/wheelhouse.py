"""`make wheelhouse`: the kit, a folder that holds all a machine without internet needs but Python itself.

Wheels of what requirements.lock names, for each system and Python; the project's own files; the scripts that install them;
the checksum of every file. Needs a package index; what is downloaded must have the lock's hashes.
"""

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path, PurePosixPath

from toolkit.installing.install import LONGEST_PATH
from toolkit.installing.lock import LOCK, list_needed, read_lock
from toolkit.settings import PROJECT

KIT = PROJECT / "dist" / "kit"
PYTHONS = ["3.11", "3.12"]
MANYLINUX = [f"manylinux_2_{minor}" for minor in range(28, 4, -1)] + ["manylinux2014", "manylinux2010"]
SYSTEMS = {  # as sysconfig.get_platform names them: their wheels, and their markers
    "linux-x86_64": (
        [f"{tag}_x86_64" for tag in MANYLINUX],
        {
            "os_name": "posix",
            "sys_platform": "linux",
            "platform_system": "Linux",
            "platform_machine": "x86_64",
        },
    ),
    "win-amd64": (
        ["win_amd64"],
        {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64"},
    ),
}
SYSTEM_NAMES = {"linux-x86_64": "Linux x86_64（glibc 2.28以上）", "win-amd64": "Windows 64位"}
PATCHES = ["0", "99"]  # some packages differ by Python's last number: the kit serves all of them
PARTS = ["toolkit", "notebooks", "parameters", "docs", "outputs", "pyproject.toml", "LICENSE", "*.md"]
SCRIPTS = Path(__file__).parent / "kit"
INSTALLER = Path(__file__).parent / "install.py"
SUMS = "SHA256SUMS"
OWN_PATHS = 20  # what of a path the environment itself adds at most, as in .venv/Lib/site-packages
PACKED_AT = (1980, 1, 1, 0, 0, 0)  # so that the same files give the same archive


def build_kit(folder, pythons, systems):
    """Pack the kit for these Pythons and systems into a folder, which is made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "wheels").mkdir(parents=True)
    locked = list(read_lock(LOCK.read_text(encoding="utf-8")))
    for system in systems:
        for python in pythons:
            download_wheels(locked, folder / "wheels", python, system)
    pack_project(folder / "project.zip", list_files())
    shutil.copyfile(LOCK, folder / LOCK.name)
    write_scripts(folder, pythons, systems)
    write_sums(folder)
    return folder


def download_wheels(locked, folder, python, system):
    """The wheels that one Python on one system needs; each must have a hash of the lock."""
    tags, markers = SYSTEMS[system]
    done = set()
    for patch in PATCHES:
        needed = [line for line in list_needed(locked, mark(python, patch, markers)) if line not in done]
        done.update(needed)
        with tempfile.TemporaryDirectory() as passing:
            asked = Path(passing) / "needed.txt"
            asked.write_text("\n".join(needed), encoding="utf-8")
            kind = ["--only-binary=:all:", "--implementation=cp", f"--python-version={python}.{patch}"]
            kind += [f"--platform={tag}" for tag in tags]
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
            subprocess.run([*command, *kind, "--dest", folder, "-r", asked], cwd=passing, check=True)


def mark(python, patch, markers):
    """The markers of a Python on a system, as packaging names them."""
    version = {"python_version": python, "python_full_version": f"{python}.{patch}"}
    named = {"implementation_name": "cpython", "platform_python_implementation": "CPython", "extra": ""}
    return version | named | {"implementation_version": f"{python}.{patch}"} | markers


def list_files():
    """The project's files that go into the kit: those git knows, so that an office's own parameters stay at home."""
    command = ["git", "ls-files", "-z", "--", *PARTS]
    listed = subprocess.run(command, cwd=PROJECT, capture_output=True, check=True)
    return [name for name in listed.stdout.decode("utf-8").split("\0") if name]


def pack_project(archive, names):
    """The same files give the same archive."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in sorted(names):
            packed.writestr(
                zipfile.ZipInfo(name, PACKED_AT), (PROJECT / name).read_bytes(), zipfile.ZIP_DEFLATED
            )


def write_scripts(folder, pythons, systems):
    """What installs, what it says, and for which machines it is."""
    longest = measure_paths(folder)
    words = list_words(pythons, systems, longest)
    for script in sorted(SCRIPTS.iterdir()):
        write_script(folder / script.name, script.read_text(encoding="utf-8"), words)
    (folder / "install.sh").chmod(0o755)
    shutil.copyfile(INSTALLER, folder / INSTALLER.name)
    about = {"pythons": pythons, "systems": systems, "longest": longest}
    (folder / "kit.json").write_text(json.dumps(about), encoding="utf-8")


def list_words(pythons, systems, longest):
    """What the scripts leave open. pythons: as in "3.11"."""
    ascending = sorted(pythons, key=lambda python: int(python.split(".")[1]))
    return {
        "@PYTHON_PROGRAMS@": " ".join(f"python{python}" for python in reversed(ascending)),
        "@PYTHONS@": " ".join(ascending),
        "@PYTHONS_ZH@": "或".join(ascending),
        "@SYSTEMS@": "、".join(SYSTEM_NAMES[system] for system in systems),
        "@ROOM@": str(LONGEST_PATH - longest),
    }


def write_script(path, text, words):
    """A script with its words filled in; what is for Windows has its line ends, what people read a mark of UTF-8."""
    for word, value in words.items():
        text = text.replace(word, value)
    encoding = "utf-8-sig" if path.suffix == ".txt" else "ascii"
    path.write_text(text, encoding=encoding, newline="\n" if path.suffix == ".sh" else "\r\n")


def measure_paths(folder):
    """How many characters an installed file's path takes at most beyond the folder that is installed to."""
    names = [name for wheel in (folder / "wheels").iterdir() for name in zipfile.ZipFile(wheel).namelist()]
    return OWN_PATHS + max((len(shorten(name)) for name in names), default=0)


def shorten(name):
    """A wheel's file as it lies in the environment: its data files stand at the root, not under NAME.data/data."""
    parts = PurePosixPath(name).parts
    return "/".join(parts[2:] if parts[0].endswith(".data") else parts)


def write_sums(folder):
    """The checksum of every file, as sha256sum writes and checks them."""
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    lines = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in files]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8", newline="\n")


def main():
    """Build the kit and say how large it is."""
    parser = argparse.ArgumentParser(description=build_kit.__doc__)
    parser.add_argument("--python", nargs="+", default=PYTHONS)
    parser.add_argument("--system", nargs="+", default=list(SYSTEMS), choices=SYSTEMS)
    parser.add_argument("--folder", type=Path, default=KIT)
    asked = parser.parse_args()
    folder = build_kit(asked.folder.resolve(), asked.python, asked.system)
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    print(f"{folder.name}: {len(sizes)} files, {sum(sizes) / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
