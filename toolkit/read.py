"""Files → sheets: rows of cells exactly as they stand, with the row numbers a spreadsheet shows."""

import csv
import gzip
import hashlib
import io
import re
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from toolkit.errors import SourceError, list_mistakes
from toolkit.policy import project_path

WORKBOOKS = {".xlsx", ".xls", ".xlsm", ".xlsb"}
TEXTS = {".csv", ".tsv", ".txt"}
PACKED = {".zip", ".gz"}
READABLE = WORKBOOKS | TEXTS | PACKED | {".parquet"}


@dataclass(frozen=True)
class Sheet:
    """One sheet of one file; rows[0] is the spreadsheet's row 1."""

    file: str
    name: str
    rows: list
    digest: str = ""  # of the file's bytes: whether it is still the file a correction was made from


def read_sheets(source):
    """Every sheet of a file, a folder, a pattern or a frame; each unreadable file is named."""
    if isinstance(source, pd.DataFrame):
        return [_frame_sheet("（数据框）", source)]
    sheets, mistakes = [], []
    for path in find_files(source):
        try:
            sheets.extend(_read_file(path.name, path.read_bytes()))
        except (SourceError, CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
            mistakes.append(f"{path.name}: {error}")
    if mistakes:
        raise SourceError(list_mistakes("the export cannot be read", mistakes))
    return sheets


def find_files(source):
    """The files a source names, in order of their names."""
    path = project_path(source)
    if path.is_file():
        return [path]
    found = path.rglob("*") if path.is_dir() else Path(path.anchor).glob(str(path.relative_to(path.anchor)))
    files = [file for file in found if file.suffix.lower() in READABLE and not _is_scratch(file)]
    files = sorted(files, key=lambda file: (str(file.parent), _in_order(file.name)))
    if not files:
        raise SourceError(
            f"no export at '{source}': expected a file, folder or pattern of {', '.join(sorted(READABLE))}"
        )
    return files


def _in_order(name):
    """Names as a person orders them: 2月 before 10月."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]


def _is_scratch(path):
    return path.name.startswith(("~$", "."))


def _read_file(name, content):
    suffix = Path(name).suffix.lower()
    if not content:
        raise SourceError("the file is empty")
    if suffix in WORKBOOKS:
        sheets = _read_workbook(name, content)
    elif suffix == ".parquet":
        sheets = [_frame_sheet(name, pd.read_parquet(io.BytesIO(content)))]
    elif suffix == ".gz":
        return _read_file(Path(name).stem, gzip.decompress(content))
    elif suffix == ".zip":
        return _read_zip(content)
    elif suffix in TEXTS:
        sheets = [Sheet(name, "", _read_text(content))]
    else:
        raise SourceError(f"'{suffix}' files are not read; expected {', '.join(sorted(READABLE))}")
    digest = hashlib.sha256(content).hexdigest()[:16]
    return [replace(sheet, digest=digest) for sheet in sheets]


def _read_workbook(name, content):
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [Sheet(name, sheet, _read_cells(book.get_sheet_by_name(sheet))) for sheet in book.sheet_names]


def _read_cells(page):
    """A sheet's cells; a cell merged over several rows stands in each of them, as a reader sees it."""
    rows = page.to_python(skip_empty_area=False)
    for (top, left), (bottom, _) in page.merged_cell_ranges or []:
        for below in rows[top + 1 : bottom + 1]:
            below[left] = rows[top][left]
    return rows


def _read_zip(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = sorted(m for m in archive.namelist() if Path(m).suffix.lower() in READABLE - PACKED)
        return [sheet for m in members for sheet in _read_file(Path(m).name, archive.read(m))]


def _read_text(content):
    text = _decode(content)
    head = text[:10_000]
    delimiter = max(",;\t", key=head.count)
    csv.field_size_limit(10_000_000)  # a reply pasted whole can be long
    return list(csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter))


def _decode(content):
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SourceError("the text is neither UTF-8 nor GB18030: save it again as UTF-8")


def _frame_sheet(name, frame):
    values = frame.astype(object).where(frame.notna(), None)
    return Sheet(name, "", [list(frame.columns), *values.values.tolist()])
