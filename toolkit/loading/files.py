"""Files → sheets: rows of cells exactly as they stand, with the row numbers a spreadsheet shows.

A file is read by what its bytes are, not by its name; what is not read is named in the account.
"""

import csv
import hashlib
import io
import os
import re
import zipfile
import zlib
from collections import Counter
from dataclasses import replace
from pathlib import Path, PurePosixPath

import numpy as np
import pandas as pd

from toolkit.errors import SourceError, list_mistakes
from toolkit.loading.masking import mask_text
from toolkit.loading.packed import list_members, read_member, require_modest_zip, unpack_gz
from toolkit.loading.rows import TEXT, Rows, head_column
from toolkit.loading.sheet import FAR_AWAY, Sheet, blank_cells, passed_over, tell_errors
from toolkit.loading.sniffing import TABLES, sniff
from toolkit.loading.text_files import read_text
from toolkit.loading.web_tables import NoTableError, read_archived_page, read_page
from toolkit.loading.workbook import read_workbook
from toolkit.loading.xml_workbook import read_xml_workbook
from toolkit.settings import project_path

# Whether a file of a folder is read depends on its name; how it is read, on its bytes.
PAGES = {".htm", ".html", ".mht", ".mhtml"}  # beside an export they may be a page to read, without a table
READABLE = {
    ".xlsx",
    ".xls",
    ".xlsm",
    ".xlsb",
    ".et",
    ".ods",
    ".csv",
    ".tsv",
    ".txt",
    ".parquet",
    ".zip",
    ".gz",
}
PASSED_OVER = {".rar": "压缩包，请解压后再放入", ".7z": "压缩包，请解压后再放入"}
SYSTEM = {"thumbs.db", "desktop.ini"}
UNREADABLE = (
    *(SourceError, zipfile.BadZipFile, zlib.error, csv.Error, MemoryError),
    *(OSError, EOFError, ValueError, RuntimeError, NotImplementedError),
)
DEEPEST = 2  # a zip in a zip is opened, one inside that is not


def read_sheets(source):
    """Every sheet of a file, a folder, a pattern or a frame; each unreadable file is named.

    A file of a folder or zip that is not read is a sheet without rows, whose note says why.
    """
    if isinstance(source, pd.DataFrame):
        return [_finish(_frame_sheet("（数据框）", source))]
    files = _name_files(find_files(source))
    if len(files) == 1 and project_path(source).is_file():  # named by the user: read whatever it is called
        sheets, mistakes = _read_each(files, Path.read_bytes, lambda name: "")
    else:
        sheets, mistakes = _read_each(files, Path.read_bytes, _why_passed_over)
    if mistakes:
        raise SourceError(list_mistakes("the export cannot be read", mistakes))
    return _name_apart([_hide_names(sheet) for sheet in sheets])


def _hide_names(sheet):
    """The sheet under names that may go out: a caller's number in a file's name goes no further."""
    return replace(sheet, file=mask_text(sheet.file), name=mask_text(sheet.name))


def _name_files(paths):
    """Each file under its name, or under its folders too where two files have the same name."""
    names = Counter(path.name for path in paths)
    root = Path(os.path.commonpath([path.parent for path in paths]))
    return {path.name if names[path.name] == 1 else path.relative_to(root).as_posix(): path for path in paths}


def _name_apart(sheets):
    """Sheets that still share file and sheet name are numbered: a row's origin must be one place."""
    seen, apart = Counter(), []
    for sheet in sheets:
        seen[sheet.file, sheet.name] += 1
        again = seen[sheet.file, sheet.name]
        apart.append(sheet if again == 1 else replace(sheet, name=f"{sheet.name}（{again}）"))
    return apart


# --- which files ------------------------------------------------------------------------------------


def find_files(source):
    """The files a source names, in order of their names, those that will be passed over too."""
    try:
        files = _list_files(project_path(source))
    except (OSError, ValueError, RuntimeError, TypeError, IndexError) as error:
        raise SourceError(f"'{source}' cannot be looked up ({error}): expected a path or a pattern") from None
    files = sorted(files, key=lambda file: (str(file.parent), _in_order(file.name)))
    if not files or (
        (len(files) > 1 or project_path(source) != files[0])
        and all(map(_why_passed_over, [f.name for f in files]))
    ):
        there = f"; there are only {', '.join(file.name for file in files[:8])}" if files else ""
        raise SourceError(
            f"no export at '{source}': expected a file, folder or pattern of {', '.join(sorted(READABLE))}{there}"
        )
    return files


def _list_files(path):
    if path.is_file():
        return [path]
    if path.is_dir():
        found = path.rglob("*")
    elif path.parent.is_dir():
        found = path.parent.glob(path.name)
    else:
        found = Path(path.anchor).glob(str(path.relative_to(path.anchor)))
    return [file for file in found if file.is_file() or (file.is_symlink() and not file.is_dir())]


def _in_order(name):
    """Names as a person orders them: 2月 before 10月."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"([0-9]+)", name)]


def _why_passed_over(name):
    """Why a file of a folder or zip is not read, by its name; empty for one that is."""
    path = PurePosixPath(name)
    if path.name.startswith("~$"):
        return "表格软件的临时文件"
    if path.name.startswith(".") or path.name.lower() in SYSTEM:
        return "系统文件"
    suffix = path.suffix.lower()
    if suffix in READABLE | PAGES:
        return ""
    return PASSED_OVER.get(suffix, f"不是可读取的表格文件（{suffix or '无扩展名'}）")


# --- their bytes -------------------------------------------------------------------------------------


def _read_each(files, read, why_passed_over, depth=0):
    """The sheets of all files, and what is wrong with those that cannot be read."""
    sheets, mistakes = [], []
    for name, file in files.items():
        if why := why_passed_over(name):
            sheets.append(passed_over(name, why))
            continue
        try:
            sheets += _read_file(name, read(file), depth)
        except NoTableError as error:
            if PurePosixPath(name).suffix.lower() in PAGES and len(files) > 1:
                sheets.append(passed_over(name, "网页，没有表格"))
            else:
                mistakes.append(f"{mask_text(name)}: {error}")
        except UNREADABLE as error:
            mistakes.append(f"{mask_text(name)}: {error or type(error).__name__}")
    return sheets, mistakes


def _read_file(name, content, depth):
    """The sheets of one file, each with the digest of its bytes."""
    if not content:
        raise SourceError("the file is empty")
    kind = sniff(content)
    if kind not in TABLES:
        raise SourceError(f"it is no table but {kind}; expected {', '.join(sorted(READABLE))}")
    if kind in ("xlsx", "xlsb", "ods", "zip"):
        require_modest_zip(content)
    if kind == "gz":
        return _read_file(PurePosixPath(name).stem, unpack_gz(content), depth)
    if kind == "zip":
        return _read_zip(content, depth + 1)
    digest = hashlib.sha256(content).hexdigest()[:16]
    return [_finish(sheet, digest) for sheet in _read_table(name, content, kind)]


def _read_table(name, content, kind):
    if kind == "parquet":
        return [_frame_sheet(name, pd.read_parquet(io.BytesIO(content)))]
    if kind == "text":
        return [Sheet(name, "", read_text(content))]
    readers = {"html": read_page, "mhtml": read_archived_page, "xml": read_xml_workbook}
    return readers[kind](name, content) if kind in readers else read_workbook(name, content, kind)


def _read_zip(content, depth):
    if depth > DEEPEST:
        raise SourceError("a zip in a zip in a zip is not opened: unpack it")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = dict(sorted(list_members(archive).items()))
        names = Counter(PurePosixPath(member).name for member in members)
        files = {
            PurePosixPath(member).name if names[PurePosixPath(member).name] == 1 else member: info
            for member, info in members.items()
        }
        sheets, mistakes = _read_each(files, lambda info: read_member(archive, info), _why_passed_over, depth)
    if mistakes:
        raise SourceError("; ".join(mistakes))
    return sheets


def _finish(sheet, digest=""):
    """The sheet with its file's digest, and without error values that stand in cells as text."""
    errors = tell_errors(sheet.rows)
    rows = blank_cells(sheet.rows, errors) if errors else sheet.rows
    last = max((one.row for one in sheet.told if one.check != FAR_AWAY), default=0)
    rows = rows.with_blank_rows(last - len(rows)) if last > len(rows) else rows  # a last row of lost formulas
    return replace(sheet, digest=digest, rows=rows, told=(*sheet.told, *errors))


def _frame_sheet(name, frame):
    if any(name is not None for name in frame.index.names):
        frame = frame.reset_index()
    columns = ["".join(map(str, c)) if isinstance(c, tuple) else c for c in frame.columns]
    headed = [head_column(heading, _as_cells(frame.iloc[:, at])) for at, heading in enumerate(columns)]
    return Sheet(name, "", Rows(headed, np.full(len(frame) + 1, len(columns), dtype="int32")))


def _as_cells(column):
    """A column of text as it is, any other as the cells that stand in it."""
    if column.dtype == TEXT:
        return column
    cells = column.astype(object).where(column.notna(), None)
    return cells.map(_plain_value, na_action="ignore")


def _plain_value(cell):
    """A list in a Parquet cell as the office writes one."""
    return (
        "；".join(map(str, cell)) if hasattr(cell, "__len__") and not isinstance(cell, (str, bytes)) else cell
    )
