"""Where what a run prepared lies: a folder, or an address of shared storage that fsspec opens, such as s3://bucket/july."""

from pathlib import Path

from toolkit.errors import RunError, SourceError
from toolkit.settings import first_line, project_path

SEAL = ".seal"  # in what was prepared, while a cluster reads it: which run it belongs to


def locate(place):
    """A folder inside the project's or an absolute one as a Path; an address as it is, without a slash at its end."""
    return str(place).rstrip("/") if is_address(place) else project_path(place)


def is_address(place):
    return "://" in str(place)


def read_text(place, name):
    """A text of a located place; None where there is none. SourceError for storage that cannot be read at all."""
    try:
        if isinstance(place, Path):
            return (place / name).read_text(encoding="utf-8")
        with _open(place, name, "rt") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ImportError, ValueError) as error:  # no package for such storage, no such kind of it
        raise SourceError(f"'{place}' cannot be read: {first_line(error)}") from None


def open_bytes(place, name):
    """A file of a located place, to read any part of it."""
    return (place / name).open("rb") if isinstance(place, Path) else _open(place, name, "rb")


def share(folder, address):
    """Copy the files of a folder to an address; an older seal there is broken first. Nothing else there is touched.

    RunError where it cannot be written.
    """
    write_shared(address, SEAL, "")
    for path in sorted(path for path in folder.iterdir() if path.name != SEAL):
        write_shared(address, path.name, path.read_bytes())


def write_shared(address, name, content):
    """A text (as UTF-8) or bytes to a file at an address; RunError where it cannot be written."""
    content = content.encode("utf-8") if isinstance(content, str) else content
    try:
        with _open(address, name, "wb") as file:
            file.write(content)
    except Exception as error:  # each kind of storage has its own
        raise RunError(f"'{address}' cannot be written: {first_line(error)}") from None


def _open(address, name, mode):
    import fsspec

    return fsspec.open(f"{address}/{name}", mode, encoding="utf-8" if "t" in mode else None)
