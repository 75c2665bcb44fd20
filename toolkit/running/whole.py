"""Files and folders that are whole or not at all: written beside, then swapped; and one run at a time in a folder."""

import contextlib
import os
import shutil
from pathlib import Path

from filelock import FileLock, Timeout

from toolkit.errors import RunError

NEW, OLD, LOCK = ".new-", ".old-", ".lock"  # before a name: what is being written, what was


@contextlib.contextmanager
def held(folder):
    """The folder for one run alone. The lock goes with its process, however that ends."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise RunError(
            f"another run is writing to '{folder.name}' at this moment: wait until it has ended, or name another output"
        ) from None
    try:
        yield
    finally:
        lock.release()


def write_whole(path, content):
    """A text (as UTF-8) or bytes; a reader sees the old file or the new one."""
    content = content.encode("utf-8") if isinstance(content, str) else content
    beside = path.with_name(NEW + path.name)
    beside.parent.mkdir(parents=True, exist_ok=True)
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def swap_folder(new, place):
    """Put a folder written beside in the place of the old one; what stops between leaves one of them whole."""
    old = place.with_name(OLD + place.name)
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    new.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def remove(path):
    """A file or a folder, where there is one."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        Path(path).unlink(missing_ok=True)
