"""Every figure of every block opens as many tickets as it says, also where the export lacks a column."""

import re

import nbformat
import pytest
from cases.reports import open_figures, report_of
from IPython.display import HTML
from oracles.made_tickets import make_county

from toolkit import schema
from toolkit.preparing.report import cut_report
from toolkit.presenting import blocks as b
from toolkit.settings import PROJECT

AS_OF, PERIOD = "2025-03-31 18:00", "2025-03"
OPTIONAL = [
    *[
        "title",
        "content",
        "type",
        "category",
        "channel",
        "source_level",
        "urgency",
        "township",
        "address",
        "caller",
    ],
    *["unit", "unit_group", "sub_unit", "co_units", "handler", "status", "dispatched_at", "signed_at"],
    *["first_contact_at", "replied_at", "fed_back_at", "visited_at", "closed_at", "platform_due_at"],
    *["satisfaction", "resolved", "outcome", "exclusion", "reply", "return_count", "rework_count"],
]


def blocks_of(notebook):
    """The blocks that a notebook shows, in order."""
    cells = nbformat.read(PROJECT / "notebooks" / notebook, as_version=4).cells
    return [name for cell in cells for name in re.findall(r"^b\.(\w+)\(report\)", cell.source, re.MULTILINE)]


UNIT, COUNTY = blocks_of("unit_report.ipynb"), blocks_of("county_bulletin.ipynb")


def assert_all_figures_open(report, blocks):
    for name in blocks:
        block = getattr(b, name)(report)
        for what, text, ids in open_figures(block, report) if isinstance(block, HTML) else []:
            assert what.strip("　："), (name, text)
            if text.isdigit():
                assert len(ids) == int(text), (name, what, text, len(ids))


def test_every_block_is_shown_by_a_notebook():
    assert {*UNIT, *COUNTY} == set(b.__all__)


@pytest.fixture(scope="module")
def tickets():
    clocked = make_county(3, 60)[0]
    return clocked[schema.names()].reset_index(drop=True)


@pytest.mark.parametrize("column", [None, *OPTIONAL])
def test_every_figure_opens_what_it_says_whatever_column_the_export_lacks(tickets, column):
    lacking = (
        tickets
        if column is None
        else tickets.assign(**{column: tickets[column].mask(tickets[column].notna())})
    )
    county = report_of(lacking, AS_OF, PERIOD)
    assert_all_figures_open(county, COUNTY)
    own = cut_report(county, next(iter(county.about["reports"])))
    assert_all_figures_open(own, UNIT)
