"""Which rows below a header are no tickets, and why; which cells stand beyond it."""

import re

import numpy as np
import pandas as pd

from toolkit.loading.header_rows import folded
from toolkit.loading.issues import KEPT, LEFT_OUT, list_issues


def find_left_out(rows, texts, body, header, repeated, totals):
    """The rows of a body, given by their places, that are no tickets: (row as the sheet counts, its texts, why).

    repeated: places of rows that repeat a header. Only rows that begin as one that is left out does are looked at,
    and those with a single cell.
    """
    totals = {folded(word) for word in totals}
    headers = [list(map(folded, texts[at])) for at in range(max(header.last - 1, 0), header.last + 1)]
    begins = totals | {header[0] for header in headers if header}
    suspect = np.union1d(
        body[np.isin(body, list(repeated)) | (texts.counts[body] == 1)],
        texts.having(lambda text: folded(text) in begins, body),
    )
    found = []
    for at in suspect.tolist():
        why = "重复表头" if at in repeated else say_why_left_out(rows[at], texts[at], headers, totals)
        found += [(at + 1, texts[at], why)] if why else []
    return found


def say_why_left_out(row, found, headers, totals):
    """Why a row is no ticket, '' for one that is; found: its filled cells, headers: the rows of the header, folded."""
    if found == [""]:  # there was something that cleaning took off: the row is told all the same
        return "只有不可见字符的行"
    if len(found[0]) < 10 and folded(found[0]) in totals:
        return "合计行"
    if _repeats_header(found, headers):
        return "重复表头"
    stands_first = row[0] is not None and bool(str(row[0]).strip())
    return "说明行" if len(found) == 1 and stands_first and not _is_number(found[0]) else ""


def _repeats_header(found, headers):
    """Whether a row says what a row of the header says; its first cell tells most rows apart at once."""
    alike = [header for header in headers if len(header) == len(found) and folded(found[0]) == header[0]]
    return bool(alike) and list(map(folded, found)) in alike


def _is_number(text):
    """Whether a lone cell could be a ticket's number: digits among few characters, no punctuation."""
    chinese = len(re.findall(r"[\u4e00-\u9fff]", text))
    return bool(re.fullmatch(r"[\w\-.+/']+", text)) and any(map(str.isdigit, text)) and chinese <= 4


def list_left_out(sheet, dropped):
    """One issue for each row that is no ticket: totals, repeated headers, notes."""
    rows = pd.DataFrame(
        {
            "source_file": sheet.file,
            "source_sheet": sheet.name,
            "source_row": [number for number, _, _ in dropped],
            "value": [_quote(found) for _, found, _ in dropped],
            "check": [reason for _, _, reason in dropped],
        }
    )
    return list_issues(rows, "", rows["value"], rows["check"], "一件工单", LEFT_OUT)


def list_beyond_header(sheet, texts, kept, header):
    """Rows with cells to the right of the last header: a separator too many, perhaps; those cells are not read."""
    counts = texts.is_filled[kept, header.width :].sum(axis=1)
    rows = pd.DataFrame({"source_row": kept[counts > 0] + 1, "count": counts[counts > 0]})
    rows = rows.assign(source_file=sheet.file, source_sheet=sheet.name)
    return list_issues(
        rows, "", rows["count"].astype("str") + "格", "超出表头的单元格未读", "与表头同宽", KEPT
    )


def _quote(cells_filled):
    """What a left-out row begins with; the rest may name persons that no column tells."""
    return cells_filled[0][:60] if len(cells_filled) == 1 or len(cells_filled[0]) <= 4 else "…"
