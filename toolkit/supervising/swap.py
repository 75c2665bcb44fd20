"""Files replaced whole: written under another name first; what a spreadsheet program has open is left alone."""

from pathlib import Path

from toolkit.loading.generations import write_whole

NEW = "（新）"
PART = ".part"


def beside(path):
    """督办台账（新）.xlsx: what is written while the workbook itself is open."""
    path = Path(path)
    return path.with_name(f"{path.stem}{NEW}{path.suffix}")


def is_open_elsewhere(path):
    """Whether a spreadsheet program has the file open: its lock file stands beside, or the system refuses to write."""
    path = Path(path)
    locks = [path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#")]
    if any(lock.exists() for lock in locks):
        return True
    try:
        with path.open("r+b"):
            return False
    except FileNotFoundError:
        return False
    except PermissionError:
        return True


def swap_in(path, target, copy, write):
    """Put the copy and then the workbook in their places, each whole; gives the workbook's.

    path: the register's workbook; target: where the new one goes; write: writes it to a path. One that stood beside
    is removed once its content is in the register's own.
    """
    part = target.with_name(target.stem + PART + target.suffix)
    write(part)
    content = part.read_bytes()
    part.unlink()
    write_whole(path.with_suffix(".json"), copy)
    write_whole(target, content)
    if target == path:
        beside(path).unlink(missing_ok=True)
    return target
