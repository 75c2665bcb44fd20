"""The pandas lines of a choice give the tickets of the choice, and hold nothing but them."""

import ast
import sys
from types import SimpleNamespace

import pandas as pd
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from toolkit import schema
from toolkit.checking.opening import choose_rows, read_columns
from toolkit.presenting.exploring import as_code
from toolkit.presenting.exploring.as_code import SEARCHED, write_code

HOSTILE = ["'); import os; os.abort() #", '"""\n)', "a\\", "\u2028", "{0}", "甲镇"]
VALUES = {
    "unit": st.sampled_from([*HOSTILE, None]),
    "due_state": st.sampled_from([schema.OVERDUE, schema.ON_TIME, schema.LATE]),
    "title": st.sampled_from(["ABC路", "b.c", None]),
    "left_days": st.sampled_from([-3, 0, 7, None]),
    "按期回复率": st.sampled_from([0, 1, None]),
    "is_excluded": st.booleans(),
    "due_at": st.sampled_from([*pd.date_range("2024-12-31 23:58", periods=4, freq="37s"), pd.NaT]),
    "rules": st.sampled_from([["a"], ["a", "b"], ["'b"], None]),
}
ASKED = VALUES | {
    "due_at": st.sampled_from(["2024-12-31 23:58", "2024-12-31 23:59", "x", None]),
    "rules": st.sampled_from(["a", "b", "'b", None]),
}
CONDITIONS = st.fixed_dictionaries(
    {}, optional={name: st.lists(values, max_size=3) for name, values in ASKED.items()}
)


@st.composite
def tables(draw):
    rows = draw(st.lists(st.fixed_dictionaries(VALUES), max_size=10))
    table = pd.DataFrame(rows, columns=list(VALUES))
    typed = table.astype({"left_days": "Int64", "按期回复率": "Int8", "is_excluded": "bool"})
    typed = typed.astype({"unit": "str", "due_state": "str", "title": "str", "rules": "object"})
    return typed.assign(
        ticket_id=[f"2025{number}" for number in range(len(table))], due_at=pd.to_datetime(table["due_at"])
    )


def run_code(code, table, monkeypatch):
    """What the lines give, run as the next cell would run them, on a table in place of the explorer's."""
    lists = table[["ticket_id", "rules"]].explode("rules").dropna().rename(columns={"rules": "value"})
    columns = SimpleNamespace(
        describe_watched=lambda report: table.drop(columns="rules"),
        list_explored=lambda report: {"rules": lists},
    )
    monkeypatch.setitem(sys.modules, "toolkit.presenting.exploring.columns", columns)
    *lines, last = ast.parse(code).body
    known = {"report": SimpleNamespace(tickets=table)}
    exec(compile(ast.Module(lines, []), "cell", "exec"), known)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), known)


@examples(60)
@given(tables(), CONDITIONS, st.sampled_from(["", " B.c ", "甲", "20251"]))
def test_the_lines_give_the_tickets_of_the_condition_and_the_search(table, where, search):
    chosen = table[choose_rows(read_columns(table), where)]
    words = search.strip().lower()
    texts = chosen.reindex(columns=SEARCHED).astype("object").fillna("").astype("str")
    expected = [row[0] for row in texts.to_numpy() if any(words in text.lower() for text in row)]
    with pytest.MonkeyPatch.context() as patch:
        given_ids = run_code(write_code(where, search), table, patch)["ticket_id"]
    assert given_ids.tolist() == expected


@examples(20)
@given(tables(), st.sampled_from(["due_at", "left_days", "title", "due_state", "rules"]), st.booleans())
def test_the_lines_sort_as_the_table_does(table, sort, down):
    with pytest.MonkeyPatch.context() as patch:
        code = write_code({}, sort=sort, down=down)
        ids = run_code(code, table, patch)["ticket_id"].tolist()
    if sort == "rules":
        assert ids == table["ticket_id"].tolist()
        return
    values = dict(zip(table["ticket_id"], read_columns(table)[sort], strict=True))
    known = [ticket for ticket in table["ticket_id"] if not pd.isna(values[ticket])]
    rank = schema.DUE_STATES.index if sort == "due_state" else lambda value: value
    expected = sorted(known, key=lambda ticket: rank(values[ticket]), reverse=down)
    assert ids == expected + [ticket for ticket in table["ticket_id"] if pd.isna(values[ticket])]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_value_stands_in_the_lines_as_a_text_and_as_nothing_else(hostile):
    code = write_code({hostile: [hostile], "rules": [hostile]}, search=f"词{hostile}", sort=hostile)
    words = {node.value for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Constant)}
    names = {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}
    assert hostile in words
    assert names == {
        *["describe_watched", "list_explored", "report", "chosen", "lists", "held", "texts", "holds", "own"]
    }


def test_the_lines_are_short_enough_to_be_read():
    code = write_code(
        {"due_state": [schema.OVERDUE], "unit": ["苇渡乡", None], "rules": ["reply_copied"]}, sort="due_at"
    )
    assert code.splitlines() == [
        "from toolkit.presenting.exploring.columns import describe_watched, list_explored",
        "",
        "chosen = describe_watched(report)",
        "lists = list_explored(report)",
        "chosen = chosen[chosen['due_state'].isin(['超期未回复'])]",
        "chosen = chosen[chosen['unit'].isin(['苇渡乡']) | chosen['unit'].isna()]",
        "held = lists['rules'][lists['rules']['value'].isin(['reply_copied'])]",
        "chosen = chosen[chosen['ticket_id'].isin(held['ticket_id'])]",
        'chosen = chosen.sort_values(\'due_at\', kind="stable", key=lambda own: own.dt.floor("min"))',
        "chosen",
    ]


def test_the_lines_name_functions_that_are_there():
    columns = pytest.importorskip(
        "toolkit.presenting.exploring.columns", reason="the explorer's table is not there yet"
    )
    assert callable(getattr(columns, as_code.TABLE)) and callable(getattr(columns, as_code.PAIRS))
