"""Files and folders that are whole or not at all: written beside, then swapped; and one run at a time in a folder."""

import contextlib
import shutil
from pathlib import Path

from filelock import FileLock, Timeout

from toolkit.errors import RunError
from toolkit.loading.generations import write_whole

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


def write_file(path, content):
    """A text (as UTF-8) or bytes, in a folder that may be new; a reader sees the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content.encode("utf-8") if isinstance(content, str) else content)


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
