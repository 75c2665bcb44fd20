"""The rows of a sheet, held as columns: what stands in a million rows is looked at a column at a time.

As rows of Python objects a sheet takes several times the room of the tickets it holds.
"""

from collections.abc import Sequence
from itertools import chain, islice, zip_longest

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

AT_ONCE = 5_000  # rows that stand as Python objects while they are turned into columns
TEXT = pd.StringDtype(na_value=np.nan)


class Rows(Sequence):
    """The rows of a sheet from its first; each is a list of cells, as it was found.

    columns: a Series each, of text where all its cells are text or None, else of the cells as they stand.
    widths: how many cells each row has.
    """

    def __init__(self, columns, widths):
        self.columns, self.widths = columns, widths

    def __len__(self):
        return len(self.widths)

    def __getitem__(self, at):
        if isinstance(at, slice):
            return list(self._list(*at.indices(len(self))[:2]))
        at = range(len(self))[at]
        return next(self._list(at, at + 1))

    def __iter__(self):
        return chain.from_iterable(
            self._list(at, min(at + AT_ONCE, len(self))) for at in range(0, len(self), AT_ONCE)
        )

    def _list(self, start, stop):
        widths = self.widths[start:stop].tolist()
        cells = [to_cells(column.iloc[start:stop]) for column in self.columns[: max(widths, default=0)]]
        whole = zip(*cells, strict=True) if cells else [()] * len(widths)
        return (list(row[:width]) for row, width in zip(whole, widths, strict=True))

    def column(self, position):
        """The cells at a position, missing where no row reaches so far."""
        blank = pd.Series(None, index=range(len(self)), dtype=TEXT)
        return self.columns[position] if position < len(self.columns) else blank

    def take(self, kept):
        """Some of the rows, by their places; those that follow one another are not copied."""
        if len(kept) and kept[-1] - kept[0] == len(kept) - 1:
            kept = slice(kept[0], kept[-1] + 1)
        columns = [column.iloc[kept].reset_index(drop=True) for column in self.columns]
        return Rows(columns, self.widths[kept])

    def with_cells(self, cells):
        """The rows with some cells as given: (row, position) → cell."""
        changes = {}
        for (at, position), cell in cells.items():
            changes.setdefault(position, {})[at] = cell
        width = max([len(self.columns), *(position + 1 for position in changes)])
        columns, widths = [self.column(position) for position in range(width)], self.widths.copy()
        for position, changed in changes.items():
            places = list(changed)
            columns[position] = _change(columns[position], places, list(changed.values()))
            widths[places] = np.maximum(widths[places], position + 1)
        return Rows(columns, widths)

    def with_blank_rows(self, count):
        """The rows with so many blank ones below."""
        blank = np.full(count, None)
        columns = [_join([column, pd.Series(blank, dtype=column.dtype)]) for column in self.columns]
        return Rows(columns, np.concatenate([self.widths, np.zeros(count, dtype="int32")]))


def gather_rows(rows):
    """Rows from lists of cells, taken from a reader a block at a time, so that few stand as Python objects."""
    rows, blocks, widths = iter(rows), [], [np.zeros(0, dtype="int32")]
    while block := list(islice(rows, AT_ONCE)):
        widths.append(np.fromiter(map(len, block), dtype="int32", count=len(block)))
        blocks.append([_as_column(cells) for cells in zip_longest(*block)])
    columns = []
    for position in range(max(map(len, blocks), default=0)):
        columns.append(
            _join([_pop_column(block, position, len(w)) for block, w in zip(blocks, widths[1:], strict=True)])
        )
    return Rows(columns, np.concatenate(widths))


def head_column(heading, cells):
    """A column of a frame with its heading as the first cell."""
    if cells.dtype == TEXT and isinstance(heading, str):
        return _join([_text_column(pa.array([heading], pa.large_string())), cells])
    return _as_column([heading, *to_cells(cells)])


def _pop_column(block, position, length):
    """A block's column, which the block lets go; missing where its rows do not reach so far."""
    if position >= len(block):
        return pd.Series(None, index=range(length), dtype=TEXT)
    column, block[position] = block[position], None
    return column


def _as_column(cells):
    """Cells as text where all are, else as they stand."""
    if set(map(type, cells)) <= {str, type(None)}:
        return _text_column(pa.array(cells, type=pa.large_string()))
    return pd.Series(cells, dtype="object")


def _text_column(texts):
    return pd.Series(TEXT.__from_arrow__(texts))


def _join(parts):
    """The parts of a column one below the other, in one piece."""
    if all(part.dtype == TEXT for part in parts):
        chunks = [chunk for part in parts for chunk in to_arrow(part).chunks]
        return _text_column(pa.chunked_array(chunks, type=pa.large_string()).combine_chunks())
    return pd.concat([pd.Series(to_cells(part), dtype="object") for part in parts], ignore_index=True)


def _change(column, places, cells):
    """The column with other cells in some places."""
    if column.dtype == TEXT and not all(cell is None or isinstance(cell, str) for cell in cells):
        column = pd.Series(to_cells(column), dtype="object")
    column = column.copy()
    column.iloc[places] = pd.Series(cells, dtype=column.dtype, index=column.index[places])
    return column


def to_cells(column):
    """The cells of a column as a list."""
    return to_arrow(column).to_pylist() if column.dtype == TEXT else column.tolist()


def is_one_of(column, words):
    """Which cells of a column are one of the words, as they stand."""
    if column.dtype == TEXT:
        return pc.is_in(to_arrow(column), pa.array(list(words), type=pa.large_string())).to_numpy()
    return np.array([isinstance(cell, str) and cell in words for cell in column], dtype=bool)


def contains(column, pattern):
    """In which cells of a column there is text that fits a pattern of RE2's."""
    if column.dtype == TEXT:
        found = pc.match_substring_regex(to_arrow(column), pattern)
        return pc.fill_null(found, False).to_numpy()
    return contains(only_text(column), pattern)


def only_text(column):
    """The column with what is no text blank."""
    if column.dtype == TEXT:
        return column
    return pd.Series([cell if isinstance(cell, str) else None for cell in column], column.index, dtype=TEXT)


def tell_distinct(texts, tell):
    """What a function tells of each text of a column, as text; of equal ones it is asked once."""
    codes, distinct = pd.factorize(texts)
    told = pd.array([tell(text) for text in distinct], dtype=TEXT)
    return pd.Series(told.take(codes, allow_fill=True), texts.index)


def without_blanks(texts):
    """The texts with the empty ones missing: only which are missing is written anew, the texts themselves are shared."""
    parts = []
    for chunk in to_arrow(texts).chunks:
        there = pc.fill_null(pc.greater(pc.binary_length(chunk), 0), False)
        _, places, letters = chunk.buffers()
        buffers = [there.buffers()[1], places.slice(8 * chunk.offset), letters]
        parts.append(pa.Array.from_buffers(pa.large_string(), len(chunk), buffers))
    return pd.Series(_text_column(pa.chunked_array(parts, type=pa.large_string())).array, texts.index)


def keep_rows(frame, kept):
    """The chosen rows of a frame; where they are all, the frame itself, which is not copied."""
    return frame if kept.all() else frame[kept]


def to_arrow(texts):
    """A column of text as Arrow holds it."""
    found = pa.array(texts.array, type=pa.large_string())
    return found if isinstance(found, pa.ChunkedArray) else pa.chunked_array([found])
