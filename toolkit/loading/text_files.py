"""Text with separators (csv, tsv, a web export's .xls that is none) → rows."""

import csv
import io
from itertools import islice

from toolkit.errors import SourceError
from toolkit.loading.rows import contains, gather_rows
from toolkit.loading.sniffing import decode, find_encoding


def read_text(content):
    """The rows of a text file; a quotation mark that swallows rows is refused, nothing is guessed."""
    csv.field_size_limit(10_000_000)  # a reply pasted whole can be long
    encoding = find_encoding(content) or "utf-8"
    try:
        start = "".join(islice(_read_lines(content, encoding), 10_000))[:10_000]
        lines, delimiter = _read_lines(content, encoding), _find_delimiter(start)
        if (
            start[:4].lower() == "sep=" and start[4:5]
        ):  # a line for the spreadsheet program, which it does not show
            delimiter = start[4]
            next((line for line in lines if line.endswith("\n")), "")
        rows = gather_rows(csv.reader(lines, delimiter=delimiter))
    except UnicodeDecodeError:
        decode(content)  # says where
        raise
    _require_closed_quotes(rows, delimiter)
    return rows


def _read_lines(content, encoding):
    """The lines of a text file, decoded as they are read, with their ends."""
    text = io.TextIOWrapper(io.BytesIO(content), encoding, newline="")
    for number, line in enumerate(text):
        line = line.replace("\0", "")
        yield line if number else line.lstrip("\ufeff")


def _find_delimiter(text):
    """The mark that most lines hold; a comma in one long reply does not outweigh it."""
    lines = [line for line in text.splitlines() if line.strip()][:20]
    return max(",;\t", key=lambda mark: (sum(mark in line for line in lines), text.count(mark)))


def _require_closed_quotes(rows, delimiter):
    """A quotation mark that is not closed swallows whole rows: the file is refused, nothing is guessed."""
    enough = max(max(rows.widths[:20], default=0) - 2, 1)
    broken = (column[contains(column, "\n")] for column in rows.columns)
    swallowed = [
        at
        for cells in broken
        for at, cell in cells.items()
        if any(line.count(delimiter) >= enough for line in cell.split("\n")[1:])
    ]
    if swallowed:
        raise SourceError(
            f"row {min(swallowed) + 1}: a cell holds what looks like whole rows; a quotation mark is not closed there: "
            "correct it, or export the file again"
        )
