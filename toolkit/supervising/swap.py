"""Files replaced whole: written under another name first; what a spreadsheet program has open is left alone."""

import hashlib
import re
import shutil
from pathlib import Path

from toolkit.loading.generations import write_whole

NEW = "（新）"
BOOKS = [".xlsx", ".xls", ".et", ".xlsm", ".xlsb", ".ods"]  # what a spreadsheet program saves as


def beside(path):
    """督办台账（新）.xlsx: what is written while the workbook itself is open."""
    path = Path(path)
    return path.with_name(f"{path.stem}{NEW}{path.suffix}")


def find_copy(path):
    """督办台账.json: the copy of what was written last."""
    return Path(path).with_suffix(".json")


def list_strays(path):
    """Workbooks beside the register that bear its name and are not read: a copy, or one saved as .xls or .et."""
    path = Path(path)
    own = re.compile(rf"{re.escape(path.stem)}(?:{NEW}|（原表第\d+版）)?{re.escape(path.suffix)}")
    beside = path.parent.glob("*") if path.parent.is_dir() else []
    named = [file.name for file in beside if file.name.startswith(path.stem) and file.suffix.lower() in BOOKS]
    return sorted(name for name in named if not own.fullmatch(name))


def find_digest(path):
    """What tells whether a file is still the one that was read; '' where there is none."""
    path = Path(path)
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


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


def keep_former(path, edition):
    """Save a workbook as it is under a name of its own: 督办台账（原表第3版）.xlsx."""
    path = Path(path)
    shutil.copyfile(path, path.with_name(f"{path.stem}（原表第{edition}版）{path.suffix}"))


def swap_in(path, content, say_copy, is_edited):
    """Put the copy and then the workbook in their places, each whole; gives the workbook's.

    path: the register's workbook, left alone where is_edited or open; content: the new one's bytes; say_copy: what
    the copy says, told whether the workbook stands beside. One that stood beside is removed once its content is in
    the register's own.
    """
    if not is_edited and not is_open_elsewhere(path):
        write_whole(find_copy(path), say_copy(False))
        try:
            write_whole(path, content)
            beside(path).unlink(missing_ok=True)
            return path
        except PermissionError:  # it was opened just now
            pass
    write_whole(find_copy(path), say_copy(True))
    write_whole(beside(path), content)
    return beside(path)
