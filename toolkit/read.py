"""Files → sheets: rows of cells exactly as they stand, with the row numbers a spreadsheet shows."""

import csv
import gzip
import io
import zipfile
from dataclasses import dataclass
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


def read_sheets(source):
    """Every sheet of a file, a folder, a glob or a frame; a file that cannot be read names itself."""
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
    files = sorted(file for file in found if file.suffix.lower() in READABLE and not _is_scratch(file))
    if not files:
        raise SourceError(
            f"no export at '{source}': expected a file, folder or pattern of {', '.join(sorted(READABLE))}"
        )
    return files


def _is_scratch(path):
    return path.name.startswith(("~$", "."))


def _read_file(name, content):
    suffix = Path(name).suffix.lower()
    if suffix in WORKBOOKS:
        return _read_workbook(name, content)
    if suffix == ".parquet":
        return [_frame_sheet(name, pd.read_parquet(io.BytesIO(content)))]
    if suffix == ".gz":
        return _read_file(Path(name).stem, gzip.decompress(content))
    if suffix == ".zip":
        return _read_zip(content)
    if suffix in TEXTS:
        return [Sheet(name, "", _read_text(content))]
    raise SourceError(f"'{suffix}' files are not read; expected {', '.join(sorted(READABLE))}")


def _read_workbook(name, content):
    if not content:
        raise SourceError("the file is empty")
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [
        Sheet(name, sheet, book.get_sheet_by_name(sheet).to_python(skip_empty_area=False))
        for sheet in book.sheet_names
    ]


def _read_zip(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = [m for m in archive.namelist() if Path(m).suffix.lower() in READABLE - PACKED]
        return [sheet for m in members for sheet in _read_file(Path(m).name, archive.read(m))]


def _read_text(content):
    text = _decode(content)
    head = text[:10_000]
    delimiter = max(",;\t", key=head.count)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


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
