"""Files → sheets: rows of cells exactly as they stand, with the row numbers a spreadsheet shows."""

import csv
import gzip
import hashlib
import io
import os
import re
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from toolkit.errors import SourceError, list_mistakes
from toolkit.loading.masking import mask_text
from toolkit.settings import project_path

WORKBOOKS = {".xlsx", ".xls", ".xlsm", ".xlsb"}
TEXTS = {".csv", ".tsv", ".txt"}
PACKED = {".zip", ".gz"}
UNREADABLE = (
    *(SourceError, CalamineError, zipfile.BadZipFile, zlib.error, csv.Error),
    *(OSError, EOFError, ValueError, RuntimeError, NotImplementedError),
)
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
    for name, path in _name_files(find_files(source)).items():
        try:
            sheets.extend(_read_file(name, path.read_bytes()))
        except UNREADABLE as error:
            mistakes.append(f"{mask_text(name)}: {error}")
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


def find_files(source):
    """The files a source names, in order of their names."""
    try:
        files = _list_files(project_path(source))
    except (OSError, ValueError, RuntimeError, TypeError, IndexError) as error:
        raise SourceError(f"'{source}' cannot be looked up ({error}): expected a path or a pattern") from None
    files = sorted(files, key=lambda file: (str(file.parent), _in_order(file.name)))
    if not files:
        raise SourceError(
            f"no export at '{source}': expected a file, folder or pattern of {', '.join(sorted(READABLE))}"
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
    return [
        file
        for file in found
        if file.suffix.lower() in READABLE and not _is_scratch(file) and not file.is_dir()
    ]


def _in_order(name):
    """Names as a person orders them: 2月 before 10月."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"([0-9]+)", name)]


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
            if left < min(len(rows[top]), len(below)):  # a merged blank may lie beyond the last filled cell
                below[left] = rows[top][left]
    return rows


def _read_zip(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = sorted(info.filename for info in archive.infolist() if not info.is_dir())
        members = [m for m in members if Path(m).suffix.lower() in READABLE and not _is_scratch(Path(m))]
        names = Counter(Path(m).name for m in members)
        sheets, mistakes = [], []
        for member in members:
            name = Path(member).name if names[Path(member).name] == 1 else member
            try:
                sheets += _read_file(name, archive.read(member))
            except UNREADABLE as error:
                mistakes.append(f"{member}: {error}")
    if mistakes:
        raise SourceError("; ".join(mistakes))
    return sheets


def _read_text(content):
    text = _decode(content)
    delimiter = _find_delimiter(text[:10_000])
    csv.field_size_limit(10_000_000)  # a reply pasted whole can be long
    rows = list(csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter))
    _require_closed_quotes(rows, delimiter)
    return rows


def _find_delimiter(text):
    """The mark that most lines hold; a comma in one long reply does not outweigh it."""
    lines = [line for line in text.splitlines() if line.strip()][:20]
    return max(",;\t", key=lambda mark: (sum(mark in line for line in lines), text.count(mark)))


def _require_closed_quotes(rows, delimiter):
    """A quotation mark that is not closed swallows whole rows: the file is refused, nothing is guessed."""
    width = max((len(row) for row in rows[:20]), default=0)
    for number, row in enumerate(rows, 1):
        for cell in row:
            swallowed = [line for line in cell.split("\n")[1:] if line.count(delimiter) >= max(width - 2, 1)]
            if swallowed:
                raise SourceError(
                    f"row {number}: a cell holds what looks like whole rows; a quotation mark is not closed there: "
                    "correct it, or export the file again"
                )


def _decode(content):
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding).lstrip("\ufeff")
        except UnicodeDecodeError:
            continue
    raise SourceError("the text is neither UTF-8 nor GB18030: save it again as UTF-8")


def _frame_sheet(name, frame):
    if any(name is not None for name in frame.index.names):
        frame = frame.reset_index()
    columns = ["".join(map(str, c)) if isinstance(c, tuple) else c for c in frame.columns]
    values = frame.astype(object).where(frame.notna(), None)
    rows = [[_plain_value(cell) for cell in row] for row in values.values.tolist()]
    return Sheet(name, "", [columns, *rows])


def _plain_value(cell):
    """A list in a Parquet cell as the office writes one."""
    return (
        "；".join(map(str, cell)) if hasattr(cell, "__len__") and not isinstance(cell, (str, bytes)) else cell
    )
