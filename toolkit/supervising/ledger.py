"""The register's two files: the workbook the office edits, and the copy beside it from which nothing can be deleted.

督办台账.xlsx is written anew by each run; 督办台账.json is what was written last, and says which edition that was. The
copy is replaced first: a process that is killed in between leaves a workbook one edition older, which the next run
reads as it stands. While the workbook is open in Excel, 督办台账（新）.xlsx is written beside it, and read back with it.
"""

import json
import re
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from toolkit.errors import RegisterError
from toolkit.loading.time_cells import DAY_END, to_time
from toolkit.period import parse_as_of
from toolkit.supervising.books import no_changes, read_book
from toolkit.supervising.entries import ENTRIES, KINDS, no_entries, type_entries
from toolkit.supervising.merging import merge_books
from toolkit.supervising.sheets import say_workbook
from toolkit.supervising.swap import (
    beside,
    find_copy,
    find_digest,
    is_open_elsewhere,
    keep_former,
    list_strays,
    swap_in,
)

NO_COPY = "底稿缺失，按表中内容恢复"


class Ledger(NamedTuple):
    """The register as it was read: its entries, what was found changed in the workbook, its edition and moment."""

    entries: pd.DataFrame
    changes: pd.DataFrame
    edition: int = 0
    as_of: pd.Timestamp | None = None  # of the run that wrote it
    is_current: bool = False  # the workbook stands as it was written last, the office's cells apart
    digest: str = ""  # of the workbook's bytes when it was read
    others: tuple = ()  # the workbooks that hold sheets of the office's own


def read_register(path, as_of):
    """The register as the office left it: its cells by number, and told what else was changed; see `merging`.

    path: the workbook's; where there is none and no copy of it, an empty register. as_of dates what is told. Raises
    RegisterError where a file cannot be read, or two workbooks wait to be joined and one of them is still open.
    """
    path, day = Path(path), f"{parse_as_of(as_of):%Y-%m-%d}"
    kept, is_beside = _read_copy(path)
    _require_workbook(path)
    _require_closed(path)
    digest = find_digest(path)
    books = [read_book(file) for file in (path, beside(path)) if file.is_file()]
    newest = next((book for book in books if kept is not None and book.edition == kept.edition), None)
    if kept is None:
        kept, is_beside = _restore(books, day), len(books) > 1
    entries, changes = merge_books(kept.entries, books, kept.edition, is_beside, day)
    told = kept.changes if newest is None else newest.changes
    is_current = changes.empty and [book.edition for book in books] == [kept.edition] and not is_beside
    changes = pd.concat([told, changes]).fillna("").astype("str").drop_duplicates(ignore_index=True)
    others = tuple(book.file for book in books if book.others)
    return Ledger(entries, changes, kept.edition, kept.as_of, is_current, digest, others)


def _require_workbook(path):
    """The workbook was not saved under another name or as another kind of file, which would not be read."""
    saved = [name for name in list_strays(path) if Path(name).stem == path.stem]
    if saved and not path.is_file():
        raise RegisterError(
            f"没有 {path.name}，同一文件夹有 {'、'.join(saved)}：台账可能被另存成了别的格式。请用 Excel 或 WPS 打开它，"
            f"另存为 {path.name}，再运行；确实不用的，把它移开，下次运行按底稿重新写出"
        )


def _require_closed(path):
    """Two workbooks are joined only when nobody can be writing in either of them."""
    both = [path, beside(path)]
    open_ones = [file.name for file in both if is_open_elsewhere(file)]
    if all(file.is_file() for file in both) and open_ones:
        raise RegisterError(
            f"{'、'.join(open_ones)} 正在 Excel 或 WPS 中打开，上次写出的 {both[1].name} 尚未并入：请保存并关闭两个文件后再运行。"
            "本次没有登记，没有写出任何文件。若文件并未打开，请删去同一文件夹中以 ~$ 或 .~lock 开头的文件"
        )


def write_register(path, ledger, as_of):
    """Write the register, whole or not at all; gives the file: one beside where the workbook is open or was edited since.

    ledger: entries judged at as_of, and changes. Where nothing is new, nothing is written; the same input gives the
    same bytes. RegisterError where another run has written it since it was read.
    """
    path, as_of = Path(path), parse_as_of(as_of)
    if ledger.is_current and _stands_written(path, ledger._replace(as_of=as_of)):
        return path
    _require_untouched(path, ledger)
    edition = ledger.edition + 1
    entries = ledger.entries.assign(entered=ledger.entries["entered"].fillna(edition))
    written = Ledger(type_entries(entries), ledger.changes, edition, as_of)
    is_edited = find_digest(path) != ledger.digest  # by the office, while the run went on
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for name in ledger.others:
            keep_former(path.with_name(name), ledger.edition)
        return swap_in(path, say_workbook(written), partial(say_copy, written), is_edited)
    except OSError as error:
        raise RegisterError(
            f"督办台账写不出来：{path.name}（{error.strerror or type(error).__name__}）。请检查 {path.parent.name} "
            "文件夹能否写入、磁盘是否已满，再重新运行；编号不会重复"
        ) from None


def _require_untouched(path, ledger):
    """Nobody else has written the register since it was read; the office may have, where nothing waits beside."""
    kept, _ = _read_copy(path)
    is_edited = find_digest(path) != ledger.digest and beside(path).is_file()
    if is_edited or (kept is not None and kept.edition != ledger.edition):
        raise RegisterError(
            f"{path.name} 在本次运行期间被改写（另一次运行，或有人保存）：没有登记，请重新运行一次"
        )


def _stands_written(path, ledger):
    """Whether the copy says just this already."""
    file = find_copy(path)
    return file.is_file() and file.read_bytes() == say_copy(ledger, is_beside=False)


# --- the copy --------------------------------------------------------------------------------------


def say_copy(ledger, is_beside):
    """The copy as JSON: one line an entry."""
    head = {"edition": ledger.edition, "as_of": str(ledger.as_of), "is_beside": is_beside}
    lines = {name: _say_rows(getattr(ledger, name)) for name in ("entries", "changes")}
    parts = [json.dumps(head, ensure_ascii=False)[1:-1]]
    parts += [f'"{name}": [\n' + ",\n".join(rows) + "\n]" for name, rows in lines.items()]
    return ("{" + ",\n".join(parts) + "}\n").encode()


def _say_rows(frame):
    texts = frame.astype("str").astype("object").where(frame.notna(), None)
    return [json.dumps(row, ensure_ascii=False) for row in texts.to_dict("records")]


def _read_copy(path):
    """What was written last, and whether it stands beside the workbook; None where there is no copy."""
    file = find_copy(path)
    if not file.is_file():
        return None, False
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        entries = type_entries(
            _type_texts(pd.DataFrame(said["entries"], columns=_list_columns(said["entries"])))
        )
        changes = pd.concat([no_changes(), pd.DataFrame(said["changes"])]).astype("str")
        return Ledger(entries, changes, int(said["edition"]), pd.Timestamp(said["as_of"])), bool(
            said["is_beside"]
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RegisterError(
            f"督办台账的底稿 {file.name} 读不出来（{type(error).__name__}）：请从备份恢复；没有备份的，把它移开，"
            "下次运行按 督办台账.xlsx 中的内容恢复"
        ) from None


def _list_columns(rows):
    return list(dict.fromkeys([*ENTRIES, *(name for row in rows for name in row)]))


def _type_texts(texts):
    """The copy's texts as times and counts; what is missing stays missing."""
    times = {name: pd.to_datetime(texts[name]) for name, kind in KINDS.items() if kind == "time"}
    return texts.assign(**times, entered=pd.to_numeric(texts["entered"]))


def _restore(books, day):
    """The register from the workbook alone, where there is no copy: who moved only the workbook loses nothing."""
    if not books or books[0].rows.empty:
        return Ledger(no_entries(), no_changes())
    rows = books[0].rows.dropna(subset="number").drop_duplicates("number")
    rows = rows.reindex(columns=list(dict.fromkeys([*ENTRIES, *rows])))
    times = {name: to_time(rows[name]) for name, kind in KINDS.items() if kind == "time"}
    edition = books[0].edition or 1
    due, issued = times["answer_by"] + DAY_END, times["issued_on"]
    entries = rows.assign(**times | {"answer_by": due, "issued_at": issued, "entered": edition})
    order = entries["number"].map(lambda number: [int(part) for part in re.findall(r"\d+", number)])
    entries = entries.loc[sorted(entries.index, key=order.get)]  # as they were entered
    told = pd.DataFrame([{"found_on": day, "file": books[0].file, "kind": NO_COPY}])
    return Ledger(type_entries(entries), pd.concat([no_changes(), told]), edition)
