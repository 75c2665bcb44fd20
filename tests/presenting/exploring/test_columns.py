"""The explorer's table: in the order of urgency, with every page's columns, and the same conditions put to it in pandas."""

import pandas as pd
import pytest
from cases.explorer import prepare_export

from toolkit import schema
from toolkit.preparing.report import cut_report
from toolkit.presenting import listing
from toolkit.presenting.exploring.columns import (
    describe_watched,
    list_explored,
    list_passed,
    meet_condition,
)
from toolkit.presenting.listing import describe_tickets
from toolkit.presenting.pairs import list_values


@pytest.fixture(scope="module")
def prepared():
    return prepare_export()


def chosen(report, **where):
    return "".join(sorted(report.tickets.loc[meet_condition(report, where), "ticket_id"]))


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({}, "ABCDE"),
        ({"unit": ["云岭镇"]}, "AB"),
        ({"unit": [None]}, "E"),
        ({"unit": ["云岭镇", None]}, "ABE"),
        ({"category_top": ["城乡建设"]}, "ABC"),
        ({"stage": ["待签收"]}, "C"),
        ({"stage": ["待联系或办理中", "已办结"]}, "AD"),
        ({"due_state": [schema.OVERDUE], "unit": ["青河镇"]}, "C"),
        ({"due_day": ["已超期"]}, "C"),
        ({"due_day": [None]}, "ABE"),
        ({"rules": ["overdue_open"]}, "C"),
        ({"rules": [None]}, ""),
        ({"due_at": ["2025-03-10 17:30"]}, "AB"),
        ({"overdue_days": [None], "unit": ["云岭镇"]}, "A"),
        ({"没有的列": [None]}, "ABCDE"),
        ({"没有的列": ["x"]}, ""),
    ],
)
def test_a_condition_gives_exactly_its_tickets(prepared, where, expected):
    assert chosen(prepared, **where) == expected


def test_the_longest_overdue_come_first_and_what_is_done_comes_last(prepared):
    assert list(describe_watched(prepared)["ticket_id"]) == ["C", "D", "A", "B", "E"]


def test_every_column_figures_of_the_page_ask_for_is_there_with_the_same_values(prepared, monkeypatch):
    monkeypatch.setattr(listing, "DETAILED", 0)  # of many tickets: what an opened one alone shows is left out
    page = describe_tickets(prepared).set_index("ticket_id").drop(columns="due_explained")
    own, pairs = describe_watched(prepared).set_index("ticket_id"), list_explored(prepared)
    own = own.assign(**{name: own.index.map(list_values(given)) for name, given in pairs.items()})
    for name in page:
        assert (
            own[name].loc[page.index].astype("object").map(str).tolist()
            == page[name].astype("object").map(str).tolist()
        )
    assert set(own) - set(page) == {"stage", "due_day", "open_age", "overdue_days", "passed"}


def test_who_passed_to_whom_leaves_out_a_unit_that_passed_to_itself():
    legs = pd.DataFrame(
        {
            "ticket_id": ["1", "1", "1", "2", "2", "3"],
            "leg": [1, 3, 2, 1, 2, 1],
            "unit": ["热线办", "热线办", "甲乡", None, None, "乙局"],
        }
    )
    assert list_passed(legs)["value"].tolist() == ["热线办 → 甲乡", "甲乡 → 热线办"]


def test_a_report_of_one_unit_is_explored_as_well(prepared):
    unit = cut_report(prepared, "云岭镇")
    assert chosen(unit) == chosen(unit, unit=["云岭镇"]) == "AB"
    assert list(describe_watched(unit)) == list(describe_watched(prepared))
