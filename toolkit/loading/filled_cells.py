"""Which cells of a sheet hold something, told a column at a time; their texts, row by row, where one is asked for."""

import numpy as np

from toolkit.loading.header_rows import LONGEST_NAME, filled
from toolkit.loading.rows import TEXT, contains, is_one_of, only_text


class Texts:
    """The filled cells of each row as text; `[""]` for a row in which there was only what cleaning took off.

    rows: cleaned. unseen: the places of rows of which nothing was left. is_filled: row × column.
    counts: how many texts each row has.
    """

    def __init__(self, rows, unseen=()):
        self.rows, self.unseen = rows, set(unseen)
        found = [is_filled(column) for column in rows.columns]
        self.is_filled = np.column_stack(found) if found else np.zeros((len(rows), 0), dtype=bool)
        self.counts = self.is_filled.sum(axis=1, dtype="int32")
        self.counts[list(self.unseen)] = 1

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, at):
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(len(self)))]
        return filled(self.rows[at]) or [""] * (at in self.unseen)

    def __iter__(self):
        return (filled(row) or [""] * (at in self.unseen) for at, row in enumerate(self.rows))

    def may_name(self, names, start):
        """The places of rows, from one on, with a cell that is one of the names, or with no digit in a short cell."""
        named = np.zeros(len(self), dtype=bool)
        wordy = start + np.flatnonzero(self.counts[start:])
        for column in self.rows.columns:
            texts = as_texts(only_text(column))
            named |= is_one_of(texts, names)
            wordy = wordy[~_is_numbered(texts.iloc[wordy])]
        named[wordy] = True
        return (start + np.flatnonzero(named[start:])).tolist()

    def having(self, is_wanted, rows):
        """Which of the rows, given by their places, begin with a text that is wanted; equal ones are asked once."""
        first = self.is_filled[rows].argmax(axis=1) if self.is_filled.size else np.zeros(len(rows), dtype=int)
        having = np.zeros(len(rows), dtype=bool)
        for position in np.unique(first[self.counts[rows] > 0]):
            places = np.flatnonzero(first == position)
            texts = as_texts(self.rows.columns[position].iloc[rows[places]])
            having[places] = texts.isin([text for text in texts.dropna().unique() if is_wanted(text)])
        return rows[having]


def is_filled(column):
    """Which cells of a cleaned column hold more than white space."""
    if column.dtype == TEXT:
        return contains(column, r"[^ \t\n\r]")
    return np.array([cell is not None and bool(str(cell).strip()) for cell in column], dtype=bool)


def _is_numbered(texts):
    """Which texts are short enough for a name and hold a digit."""
    return contains(texts, r"\p{Nd}") & texts.str.len().le(LONGEST_NAME).to_numpy()


def as_texts(column):
    """The cells of a column as text without outer white space."""
    if column.dtype != TEXT:
        column = column.map(str, na_action="ignore").astype(TEXT)
    return column.str.strip()
