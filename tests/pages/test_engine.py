"""The drill-down's engine in a real browser says what pandas says: which tickets, how many of each, in which order."""

import base64
import zlib

import numpy as np
import pandas as pd
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from toolkit.checking.opening import choose_rows, read_columns
from toolkit.presenting.drill.coding import pack_table
from toolkit.presenting.drill.files import read_script

WORDS = ["甲镇", "乙局", "甲", "</script>", "a\u2028B", "'=1+1", ""]
MINUTES = pd.date_range("2024-12-31 23:58", periods=5, freq="37s")
VALUES = {
    "unit": st.sampled_from([*WORDS, None]),
    "title": st.sampled_from([*WORDS, None]),
    "days": st.sampled_from([-3, 0, 1, 7, 300, None]),
    "mark": st.sampled_from([0, 1, None]),
    "is_excluded": st.booleans(),
    "due_at": st.sampled_from([*MINUTES, pd.NaT]),
    "rules": st.lists(st.sampled_from(WORDS[:4]), max_size=3),
}
ASKED = {name: values for name, values in VALUES.items() if name != "due_at"} | {
    "due_at": st.sampled_from([*MINUTES.strftime("%Y-%m-%d %H:%M"), "2024-12-31", "x", None]),
    "rules": st.sampled_from([*WORDS[:4], None]),
    "ticket_id": st.sampled_from(["20250101000003", "20250101000399", "3", None]),
    "absent": st.sampled_from(["x", None]),
}
CONDITIONS = st.fixed_dictionaries(
    {}, optional={name: st.lists(values, max_size=3) for name, values in ASKED.items()}
)
# Of every condition: its tickets, their counts by each column, and their order by each column both ways.
ASK = """async ([packed, conditions, names, words]) => {
  const table = await unpackTable(packed);
  const ids = (rows) => Array.from(rows, (row) => valueAt(table, "ticket_id", row));
  const answers = conditions.map((where) => {
    const rows = selectRows(table, where);
    return {
      ids: ids(rows),
      counts: names.map((name) => countBy(table, rows, name)),
      sorted: names.map((name) => [false, true].map((down) => ids(sortRows(table, rows, name, down)))),
    };
  });
  return [answers, words.map((word) => ids(searchRows(table, selectRows(table, {}), word)))];
}"""


@pytest.fixture(scope="module")
def engine(browser):
    """A blank page that holds the drill-down's functions."""
    page = browser.new_page()
    page.add_script_tag(content=read_script())
    yield page
    page.close()


@st.composite
def tables(draw):
    """A few tickets; or so many that their numbers are written as stems and tails."""
    rows = draw(st.lists(st.fixed_dictionaries(VALUES), min_size=1, max_size=12))
    count = draw(st.sampled_from([0, 1, len(rows), 300]))
    table = pd.DataFrame((rows * count)[:count], columns=list(VALUES))
    typed = table.astype(
        {"days": "Int64", "mark": "Int8", "is_excluded": "bool", "unit": "str", "title": "str"}
    )
    ids = pd.Series(np.arange(count), dtype="int64").mul(7).mod(997).astype("str").str.zfill(6)
    return typed.assign(ticket_id="20250101" + ids, due_at=pd.to_datetime(table["due_at"]))


def count_values(values, chosen):
    """[value, tickets] in the order of values, the missing last; lists count a ticket once for each value."""
    own = values[values.index.isin(chosen.index[chosen])]
    pairs = own.groupby(own.index).unique().explode() if values.name == "rules" else own
    counts = pairs.value_counts(dropna=False, sort=False)
    known = sorted((value, count) for value, count in counts.items() if not pd.isna(value))
    missing = [[None, count] for value, count in counts.items() if pd.isna(value)]
    return [[value, count] for value, count in known] + missing


@examples(40)
@given(tables(), st.lists(CONDITIONS, min_size=1, max_size=12))
def test_conditions_counts_and_orders_are_those_of_pandas(engine, table, conditions):
    names = [name for name in table if name not in ("ticket_id",)]
    together = ["mark", "is_excluded"]
    packed = pack_table(table, {"labels": {}}, ["rules"], follows={"title": "unit"}, together=together)
    answers, _ = engine.evaluate(ASK, [packed, conditions, names, []])
    columns = read_columns(table)
    for where, answer in zip(conditions, answers, strict=True):
        chosen = choose_rows(columns, where)
        own = table[chosen]
        assert answer["ids"] == own["ticket_id"].tolist(), where
        assert answer["counts"] == [count_values(columns[name], chosen) for name in names], where
        for name, (up, down) in zip(names, answer["sorted"], strict=True):
            if name != "rules":
                rounded = own[name].dt.floor("min") if name == "due_at" else own[name]
                for given_order, ascending in ((up, True), (down, False)):
                    order = rounded.sort_values(ascending=ascending, kind="stable").index
                    assert given_order == own.loc[order, "ticket_id"].tolist(), (where, name)


@examples(10)
@given(tables(), st.lists(st.sampled_from(["甲", "A", "000399", "  b ", "</S", "", "不见"]), min_size=1))
def test_a_search_finds_what_contains_the_words(engine, table, words):
    packed = pack_table(table, {"labels": {}}, ["rules"])
    _, found = engine.evaluate(ASK, [packed, [], [], words])
    texts = table[["ticket_id", "unit", "title"]].fillna("").agg("\n".join, axis=1) if len(table) else []
    for word, ids in zip(words, found, strict=True):
        wanted = word.strip().lower()
        met = [wanted in text.lower() for text in texts]
        assert ids == table.loc[met, "ticket_id"].tolist(), word


def compress(content, level, strategy):
    packer = zlib.compressobj(level, strategy=strategy)
    return packer.compress(content) + packer.flush()


@pytest.mark.parametrize(
    "level, strategy", [(0, zlib.Z_DEFAULT_STRATEGY), (6, zlib.Z_DEFAULT_STRATEGY), (9, zlib.Z_FIXED)]
)
def test_what_the_browser_cannot_inflate_is_inflated_to_the_same_bytes(engine, level, strategy):
    rng = np.random.default_rng(3)
    random, sparse = rng.integers(256, size=70_000), rng.integers(2, size=70_000)
    repeated = np.tile(rng.integers(256, size=40_000), 2)
    for part in (
        random[:0],
        random[:1],
        random,
        sparse,
        repeated,
        np.concatenate([sparse, random, repeated]),
    ):
        content = part.astype("uint8").tobytes()
        packed = base64.b64encode(compress(content, level, strategy)).decode()
        script = (
            "(text) => { const bytes = inflate(decodeBase64(text)); return [bytes.length, checksum(bytes)]; }"
        )
        assert engine.evaluate(script, packed) == [len(content), zlib.crc32(content)]
