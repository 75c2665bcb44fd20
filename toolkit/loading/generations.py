"""The files of a store: a pointer, generations of states, one writer at a time."""

import hashlib
import json
import os
import time
from contextlib import contextmanager, suppress

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from toolkit import schema
from toolkit.errors import StoreError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None
    import msvcrt


POINTER, LOCK, PART = "current.json", "writer.lock", ".part"
LOCKED_BYTE = 1 << 20  # beyond the text: Windows keeps others from reading a byte that is locked


# --- reading ---------------------------------------------------------------------------------------


def read_current(folder):
    """The pointer and the states it names; None and no states where nothing is stored."""
    pointer = _read_pointer(folder)
    if pointer is None:
        return None, _typed(schema.make_tickets({}).assign(exported_at=pd.NaT, is_gone=False))
    try:
        return pointer, _read_generation(folder, pointer)
    except StoreError:
        if _read_pointer(folder) == pointer:
            raise
    return read_current(folder)  # two writes have passed since the pointer was read: read the new one


def _read_pointer(folder):
    path = folder / POINTER
    if not path.is_file():
        # A first write that was killed leaves no more than the first generation.
        if any(file.name > _name_generation(1) for file in folder.glob("states-*.parquet")):
            raise _damaged(folder, f"{POINTER} is missing")
        return None
    try:
        pointer = json.loads(_patiently(path.read_bytes))
        return {name: pointer[name] for name in ("generation", "states", "sha256", "exported_at")}
    except (ValueError, KeyError, TypeError):
        raise _damaged(folder, f"{POINTER} cannot be read") from None


def _read_generation(folder, pointer):
    name = _name_generation(pointer["generation"])
    try:
        content = (folder / name).read_bytes()
    except FileNotFoundError:
        raise _damaged(folder, f"{name} is missing") from None
    if hashlib.sha256(content).hexdigest() != pointer["sha256"]:
        raise _damaged(folder, f"{name} is cut off or altered ({len(content)} bytes)")
    return _typed(pq.read_table(pa.BufferReader(content)).to_pandas())


def _typed(states):
    """States as this version of the schema has them: a column that came later is missing throughout."""
    tickets = schema.make_tickets(states[[name for name in schema.names() if name in states]])
    moments = states["exported_at"].astype(schema.DTYPES["time"])
    return tickets.assign(exported_at=moments, is_gone=states["is_gone"].astype(bool))


def _damaged(folder, what):
    return StoreError(
        f"the store in '{folder.name}' is damaged: {what}. Put the folder back from a backup; without one, "
        "move it away and load the exports again, the oldest first"
    )


# --- writing ---------------------------------------------------------------------------------------


def _name_generation(number):
    return f"states-{number:06d}.parquet"


def write_generation(folder, pointer, states, added):
    """Write the states with those added as the next generation; gives its entries of the pointer."""
    number = pointer["generation"] + 1 if pointer else 1
    parts = [pa.Table.from_pandas(part[states.columns], preserve_index=False) for part in (states, added)]
    table = pa.concat_tables(parts).sort_by([("ticket_id", "ascending"), ("exported_at", "ascending")])
    sink = pa.BufferOutputStream()
    pq.write_table(table.combine_chunks(), sink, compression="zstd")  # the bytes would show the chunks
    content = sink.getvalue()
    write_whole(folder / _name_generation(number), content)
    sha256 = hashlib.sha256(content).hexdigest()
    return {"generation": number, "states": table.num_rows, "sha256": sha256}


def commit(folder, pointer):
    """Let the pointer name the generation: from here on readers see it. Then clear what is not needed."""
    write_whole(folder / POINTER, json.dumps(pointer, indent=1).encode())
    kept = [_name_generation(pointer["generation"] - back) for back in (0, 1)]
    for path in [*folder.glob("states-*.parquet"), *folder.glob(f"*{PART}")]:
        if path.name not in kept:
            with suppress(PermissionError):  # Windows keeps what a reader has open; the next write removes it
                path.unlink()


def write_whole(path, content):
    """Write a file under another name, see it onto the disk, and only then give it its name."""
    part = path.with_name(path.name + PART)
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    _patiently(part.replace, path)
    if os.name == "posix":  # the new name itself is on the disk only when its folder is
        entry = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(entry)
        finally:
            os.close(entry)


def _patiently(action, *arguments):
    """Windows refuses for a moment what another process has open: try for a second, then let it fail."""
    for _ in range(50):
        try:
            return action(*arguments)
        except PermissionError:
            time.sleep(0.02)
    return action(*arguments)


@contextmanager
def sole_writer(folder):
    """Hold the folder's lock. The file stays; the lock on it ends with the process, however that ends.

    So a lock is never stale, and no number of a dead process, given out anew, is taken for a writer.
    """
    (folder / LOCK).touch()
    with (folder / LOCK).open("r+b", buffering=0) as lock:
        try:
            _lock(lock)
        except (BlockingIOError, PermissionError):
            lock.seek(0)
            holder = lock.read(20).decode(errors="replace").strip() or "unknown"
            raise StoreError(
                f"the store in '{folder.name}' is being written by another process ({holder}): "
                "wait until it has finished, then try again"
            ) from None
        lock.seek(0)
        lock.write(f"{os.getpid():<20}".encode())
        yield


def _lock(file):
    if fcntl:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    else:
        file.seek(LOCKED_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
