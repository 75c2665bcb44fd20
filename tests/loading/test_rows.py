"""A sheet's rows, held as columns, are the rows that were read."""

import datetime as dt
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from toolkit.loading import rows as module
from toolkit.loading.cells import to_text
from toolkit.loading.filled_cells import Texts
from toolkit.loading.header_rows import filled
from toolkit.loading.masking import _find_spread
from toolkit.loading.rows import gather_rows, tell_distinct, without_blanks

CELLS = st.sampled_from(
    ["", "甲镇", " 乙\n局 ", "\u3000", None, 1.0, 2, True, dt.datetime(2025, 3, 4, 9, 30)]
)
SHEETS = st.lists(st.lists(CELLS, max_size=4), max_size=9)


@pytest.fixture(autouse=True, scope="module")
def small_blocks():
    """Blocks of three rows, so that a few rows make several."""
    whole, module.AT_ONCE = module.AT_ONCE, 3
    yield
    module.AT_ONCE = whole


@examples(30)
@given(SHEETS)
def test_rows_are_given_back_as_they_were_found(sheet):
    rows = gather_rows(iter(sheet))
    assert list(rows) == sheet
    assert rows[1:5] == sheet[1:5]
    assert [rows[at] for at in range(len(rows))] == sheet
    assert list(rows.with_blank_rows(2)) == [*sheet, [], []]
    assert list(rows.take(np.arange(0, len(sheet), 2))) == sheet[::2]
    assert list(rows.take(np.arange(len(sheet))[2:])) == sheet[2:]


@examples(20)
@given(SHEETS.filter(bool), st.data())
def test_cells_are_set_and_the_rows_before_stay(sheet, data):
    rows, wanted = gather_rows(sheet), [list(row) for row in sheet]
    places = st.tuples(st.integers(0, len(sheet) - 1), st.integers(0, 5))
    changes = data.draw(st.dictionaries(places, CELLS, max_size=3))
    for (at, position), cell in changes.items():
        wanted[at] += [None] * (position + 1 - len(wanted[at]))
        wanted[at][position] = cell
    assert list(rows.with_cells(changes)) == wanted
    assert list(rows) == sheet


@examples(20)
@given(SHEETS)
def test_the_texts_of_rows_are_their_filled_cells(sheet):
    plain = [[None if cell == "\u3000" else cell for cell in row] for row in sheet]  # cleaning takes it off
    texts = Texts(gather_rows(plain))
    assert list(texts) == [filled(row) for row in plain]
    assert texts.counts.tolist() == [len(filled(row)) for row in plain]
    wanted = [at for at, row in enumerate(plain) if filled(row)[:1] == ["甲镇"]]
    assert texts.having(lambda text: text == "甲镇", np.arange(len(plain))).tolist() == wanted


@pytest.mark.parametrize("part", [slice(None), slice(1, None), slice(1, 4)])
def test_empty_texts_are_missing_and_the_others_stay(part):
    texts = pd.Series(["甲", "", None, " 乙 ", "", "丙"], dtype="str")[part]
    assert without_blanks(texts).equals(texts.mask(texts == ""))
    assert to_text(texts).equals(texts.str.strip().mask(texts.str.strip() == ""))


def test_a_function_is_asked_once_for_equal_texts():
    asked = []
    told = tell_distinct(
        pd.Series(["甲", None, "乙", "甲"], dtype="str"), lambda text: asked.append(text) or text * 2
    )
    assert asked == ["甲", "乙"]
    assert told.fillna("无").tolist() == ["甲甲", "无", "乙乙", "甲甲"]


@examples(100)
@given(st.text(alphabet="12. )-甲", max_size=16), st.sampled_from(["1212", "11", "121"]))
def test_a_spread_number_is_found_where_a_pattern_finds_it(text, number):
    pattern = rf"(?<!\d){'[ .)-]{0,3}'.join(number)}(?!\d)"
    assert list(_find_spread(number, text)) == [match.span() for match in re.finditer(pattern, text)]
