"""Views that filter each other: what each counts is what pandas counts under all conditions but its own."""

import numpy as np
import pandas as pd
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from toolkit.checking.opening import choose_rows, read_columns
from toolkit.presenting.drill.coding import pack_bytes, write_table
from toolkit.presenting.drill.files import read_script
from toolkit.presenting.exploring.files import HERE

UNITS, STAGES, RULES = ["甲镇", "乙局", None], ["待签收", "已办结"], ["a", "b", "c"]
ROWS = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(UNITS),
        "stage": st.sampled_from(STAGES),
        "rules": st.lists(st.sampled_from(RULES), max_size=4),
    }
)
WHERE = st.fixed_dictionaries(
    {},
    optional={
        "unit": st.lists(st.sampled_from(UNITS), min_size=1, max_size=2),
        "group": st.lists(st.sampled_from(["镇", "局", None]), min_size=1, max_size=2),
        "stage": st.lists(st.sampled_from(STAGES), min_size=1, max_size=2),
        "rules": st.lists(st.sampled_from(RULES), min_size=1, max_size=2),
    },
)
ASK = """async ([packed, where, found]) => {
  const table = await unpackTable(packed);
  const cross = crossConditions(table, where, found && Uint8Array.from(found), null);
  const said = (name, code) => (code ? table.columns[name].word(code) : null);
  const counts = {};
  for (const name of ["unit", "group", "stage", "rules"]) {
    const told = Array.from(countCross(table, cross, name, [name]), (count, code) => [said(name, code), count]);
    counts[name] = told.filter(([, count]) => count);
  }
  const pairs = {};
  for (const second of ["stage", "rules", "group"]) {
    const { counts: cells, width } = countPairs(table, cross, "unit", second);
    pairs[second] = Array.from(cells, (count, at) => [said("unit", Math.floor(at / width)), said(second, at % width), count]);
    pairs[second] = pairs[second].filter(([, , count]) => count);
  }
  return [Array.from(rowsMet(cross)), counts, pairs];
}"""


@pytest.fixture(scope="module")
def engine(browser):
    """A blank page that holds the functions of the drill-down and of the views' counting."""
    page = browser.new_page()
    page.add_script_tag(content=read_script() + (HERE / "cross.js").read_text(encoding="utf-8"))
    yield page
    page.close()


def pack(table):
    """The table as the explorer codes it: lists as pairs, the group settled by the unit."""
    lists = table["rules"].explode().dropna()
    pairs = {"rules": (lists.index.to_numpy(dtype="int64"), lists.astype("str"))}
    return pack_bytes(write_table(table.drop(columns="rules"), {}, follows={"group": "unit"}, pairs=pairs))


def met(columns, where, own, found):
    """The tickets under all conditions but those on some columns."""
    return choose_rows(columns, {name: wanted for name, wanted in where.items() if name not in own}) & found


def count_one(values, chosen):
    """Value → tickets, each once for each of its values."""
    pairs = values[values.index.isin(chosen.index[chosen])].reset_index().drop_duplicates()
    return {
        None if pd.isna(value) else value: count
        for value, count in pairs.iloc[:, 1].value_counts(dropna=False).items()
    }


@examples(25)
@given(st.lists(ROWS, min_size=1, max_size=14), WHERE, st.booleans())
def test_each_view_counts_under_all_conditions_but_its_own(engine, rows, where, is_searched):
    table = pd.DataFrame(rows).assign(group=lambda own: own["unit"].str[-1:].astype("object"))
    table = table.assign(ticket_id=[f"T{number}" for number in range(len(table))])
    columns = read_columns(table)
    found = pd.Series(np.arange(len(table)) % 2 == 0 if is_searched else True, table.index)
    shown, counts, pairs = engine.evaluate(
        ASK, [pack(table), where, found.astype(int).tolist() if is_searched else None]
    )
    assert shown == table.index[met(columns, where, [], found)].tolist()
    for name in ("unit", "group", "stage", "rules"):
        assert dict(map(tuple, counts[name])) == count_one(
            columns[name], met(columns, where, [name], found)
        ), name
    for second in ("stage", "rules", "group"):
        chosen = met(columns, where, ["unit", second], found)
        both = columns[second].to_frame("second").join(columns["unit"]).reset_index().drop_duplicates()
        both = both[both["index"].isin(chosen.index[chosen])].astype("object")
        both = both.where(both.notna(), None)
        wanted = both.groupby(["unit", "second"], dropna=False).size().reset_index()
        expected = {
            tuple(None if pd.isna(part) else part for part in line) for line in wanted.to_numpy().tolist()
        }
        if second == "rules":  # a ticket without findings stands in no cell
            expected = {line for line in expected if line[1] is not None}
        assert {tuple(line) for line in pairs[second]} == expected, second
