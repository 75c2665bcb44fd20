"""Every figure and every mark opens as many tickets as it says, also where the export lacks a column."""

import re

import nbformat
import pandas as pd
import pytest
from cases.reports import open_figures, open_marks, read_html, report_of, with_frames
from oracles.made_tickets import make_county

from toolkit import schema
from toolkit.people.roster import read_roster
from toolkit.preparing.redact import redact
from toolkit.preparing.redaction import read_profile
from toolkit.preparing.report import cut_report
from toolkit.presenting import blocks as b
from toolkit.presenting import listing
from toolkit.settings import PROJECT

AS_OF, PERIOD = "2025-03-31 18:00", "2025-03"
OPTIONAL = [
    *["title", "content", "type", "category", "channel", "source_level", "urgency", "township", "address"],
    *["caller", "unit", "unit_group", "sub_unit", "co_units", "handler", "status", "dispatched_at"],
    *["signed_at", "first_contact_at", "replied_at", "fed_back_at", "visited_at", "closed_at"],
    *["platform_due_at", "satisfaction", "resolved", "outcome", "exclusion", "reply", "return_count"],
    "rework_count",
]
# What a mark says it opens: 受理3件, 超期未回复3件, or a rate's denominator, 50.0%（1/2）.
SAID = re.compile(r"(\d+)(?:件|）)$")
LOAD = "人均"  # a unit's point by its load opens the unit's tickets, whatever its rate is of


def blocks_of(notebook):
    """The blocks that a notebook shows, in order."""
    cells = nbformat.read(PROJECT / "notebooks" / notebook, as_version=4).cells
    return [name for cell in cells for name in re.findall(r"^b\.(\w+)\(report\)", cell.source, re.MULTILINE)]


SHOWN = {path.name: blocks_of(path.name) for path in (PROJECT / "notebooks").glob("*.ipynb")}
UNIT = SHOWN["unit_report.ipynb"]
COUNTY = [name for notebook, names in SHOWN.items() if notebook != "unit_report.ipynb" for name in names]


def find_mistakes(report, blocks):
    """The figures and marks that open another number of tickets than they say, or say nothing; and how many were tried."""
    tried, mistakes = 0, []
    for name in dict.fromkeys(blocks):
        block = getattr(b, name)(report)
        for what, text, ids in open_figures(block, report):
            tried += 1
            if not what.strip("　：") or (text.isdigit() and len(ids) != int(text)):
                mistakes.append((name, what, text, len(ids)))
        for told, ids in open_marks(block, report):
            tried += 1
            if LOAD not in told and len(ids) != int(SAID.search(told)[1]):
                mistakes.append((name, "mark", told, len(ids)))
    return tried, mistakes


def assert_all_open(county, least=1):
    unit = next(iter(county.about["reports"]), None)
    reports = [(county, COUNTY), *([(cut_report(county, unit), UNIT)] if unit else [])]
    for report, blocks in reports:
        tried, mistakes = find_mistakes(report, blocks)
        assert not mistakes
        assert tried >= least


def test_every_block_is_shown_by_a_notebook():
    assert {*UNIT, *COUNTY} == set(b.__all__)


@pytest.fixture(autouse=True)
def undisplayed(monkeypatch):
    monkeypatch.setattr(listing, "display", lambda *_, **__: None)
    monkeypatch.setattr(
        listing, "pack_tickets", lambda *_: ""
    )  # packed elsewhere; here the table itself is read


@pytest.fixture(scope="module")
def tickets():
    clocked = make_county(3, 40)[0]
    return clocked[schema.names()].reset_index(drop=True)


# In the short run several columns are missing at once, in the long one each alone.
TOGETHER = [OPTIONAL[start::4] for start in range(4)]


@pytest.mark.parametrize(
    "columns", [*TOGETHER, *(pytest.param([name], marks=pytest.mark.long) for name in OPTIONAL)], ids="-".join
)
def test_every_figure_opens_what_it_says_whatever_columns_the_export_lacks(tickets, columns):
    lacking = tickets.assign(**{name: tickets[name].mask(tickets[name].notna()) for name in columns})
    assert_all_open(report_of(lacking, AS_OF, PERIOD), least=40)


def test_every_figure_opens_what_it_says_with_a_roster_and_a_year_before(tickets):
    a_year_ago = tickets.assign(ticket_id="b" + tickets["ticket_id"])
    for name in tickets.columns[tickets.dtypes.eq("datetime64[us]")]:
        a_year_ago[name] = a_year_ago[name] - pd.Timedelta(days=365)
    county = report_of(pd.concat([a_year_ago, tickets], ignore_index=True), AS_OF, "2025-01-01..2025-03-31")
    staff = [{"单位": unit, "承办人": "张某、李某", "上级单位": ""} for unit in ("甲乡", "乙镇", "丙局")]
    county = with_frames(county, roster=read_roster(pd.DataFrame(staff)))
    assert_all_open(county, least=150)
    for name in ("tiles", "matters_section"):
        assert list(open_marks(getattr(b, name)(county), county)), name
    assert [told for told, _ in open_marks(b.people_section(county), county) if LOAD in told]


def test_every_figure_opens_what_it_says_in_a_version_for_the_public_under_other_numbers(tickets):
    staff = [{"单位": unit, "承办人": "张某、李某", "上级单位": ""} for unit in ("甲乡", "乙镇", "丙局")]
    county = with_frames(report_of(tickets, AS_OF, PERIOD), roster=read_roster(pd.DataFrame(staff)))
    public = read_profile("public")
    assert_all_open(
        redact(county, public.model_copy(update={"hide": [*public.hide, "ticket_id"]})), least=100
    )


@pytest.mark.parametrize("count", [0, 1])
def test_every_figure_opens_what_it_says_of_one_ticket_and_of_none(tickets, count):
    now = tickets[tickets["received_at"].ge("2025-03-01") & tickets["unit"].notna()]
    assert_all_open(report_of(now.head(count).reset_index(drop=True), AS_OF, PERIOD), least=count)


def test_no_figure_of_a_unit_opens_by_another_s_tickets(tickets):
    county = report_of(tickets, AS_OF, PERIOD)
    own = cut_report(county, "甲乡")
    assert "乙镇" in read_html(b.units_table(county))
    for name in UNIT:
        for _, text, ids in open_figures(getattr(b, name)(own), own):
            assert set(ids) <= set(own.tickets["ticket_id"]), (name, text)
