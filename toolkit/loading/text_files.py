"""Text with separators (csv, tsv, a web export's .xls that is none) → rows."""

import csv
import io

from toolkit.errors import SourceError
from toolkit.loading.sniffing import decode


def read_text(content):
    """The rows of a text file; a quotation mark that swallows rows is refused, nothing is guessed."""
    text = decode(content).replace("\0", "")
    delimiter = _find_delimiter(text[:10_000])
    if text[:4].lower() == "sep=" and text[4:5]:  # a line for the spreadsheet program, which it does not show
        delimiter, text = text[4], text.partition("\n")[2]
    csv.field_size_limit(10_000_000)  # a reply pasted whole can be long
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
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
