"""The offline page in a real browser: every figure and every bar opens exactly its tickets."""

import json
from pathlib import Path

import pytest

from toolkit import schema
from toolkit.scoring.marks import mark_tickets

UNITS = ["县交通运输局", "苇渡乡"]
SHOWN = "document.getElementById('tickets').shown"


@pytest.fixture
def open_page(browser, demo_reports):
    """Open a report's page; fails the test when the page raises an error or asks for any address."""
    pages, trouble = [], []

    def open_report(name):
        page = browser.new_page(viewport={"width": 1280, "height": 1200})
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("request", lambda request: request.url.startswith("file:") or trouble.append(request.url))
        page.goto((Path(demo_reports[1]) / name).as_uri())
        pages.append(page)
        return page

    yield open_report
    for page in pages:
        page.close()
    assert not trouble


def expected_tickets(tickets, findings, unit, run, where):
    """The ids a figure of the summary should open, worked out by the toolkit from the unit's tickets."""
    own = tickets[tickets["unit"].eq(unit)]
    now = own[run.period.holds(own["received_at"])]
    name, values = next(
        (name, values) for name, values in where.items() if name not in ("against", "is_excluded")
    )
    if name in ("rules", "colour"):
        own_findings = findings[findings["unit"].eq(unit)].dropna(subset="ticket_id")
        column = {"rules": "rule", "colour": "severity"}[name]
        return set(own_findings.loc[own_findings[column].isin(values), "ticket_id"])
    if name == "scope":
        return set(own.loc[~run.period.holds(own["received_at"]) & own["answered_at"].isna(), "ticket_id"])
    if where["against"] == ["上年同期"]:
        return set(own.loc[run.period.year_before().holds(own["received_at"]), "ticket_id"])
    marks = mark_tickets(now)[name]
    return set(now.loc[marks.isin(values), "ticket_id"])


@pytest.mark.parametrize("unit", UNITS)
def test_every_figure_of_the_summary_opens_exactly_its_tickets(
    open_page, demo_tickets, demo_findings, demo_run, unit
):
    page = open_page(f"units/{unit}.html")
    figures = page.locator(".summary a.figure")
    assert figures.count() >= 20
    for at in range(figures.count()):
        link = figures.nth(at)
        where = json.loads(link.get_attribute("data-where"))
        link.click()
        shown = page.evaluate(SHOWN)
        assert set(shown) == expected_tickets(demo_tickets, demo_findings, unit, demo_run, where), (
            link.text_content()
        )
        assert len(shown) == len(set(shown))
        if "%" not in link.text_content():
            assert len(shown) == int(link.text_content())


@pytest.mark.parametrize("unit", UNITS)
def test_every_bar_opens_exactly_its_tickets(open_page, demo_tickets, demo_run, unit):
    page = open_page(f"units/{unit}.html")
    page.wait_for_selector("#tickets-table tr.row")
    page.wait_for_function("document.querySelectorAll('.chart[data-ready]').length == 2")
    own = demo_tickets[demo_tickets["unit"].eq(unit) & demo_run.period.holds(demo_tickets["received_at"])]
    bars = page.locator(".chart").first.locator("g.mark-rect.role-mark path")
    data = [bars.nth(at).evaluate("bar => ({...bar.__data__.datum})") for at in range(bars.count())]
    named = {datum["value"] for datum in data} - {"其他"}
    values = own["category"].fillna("（未填）").pipe(lambda found: found.where(found.isin(named), "其他"))
    for at, datum in enumerate(data):
        bars.nth(at).click()
        expected = own[values.eq(datum["value"]) & own["due_state"].eq(datum["due_state"])]
        assert set(page.evaluate(SHOWN)) == set(expected["ticket_id"])
        assert len(expected) == datum["count"]
    assert sum(datum["count"] for datum in data) == len(own)


def test_what_the_table_lists_is_what_was_selected(open_page):
    page = open_page("units/苇渡乡.html")
    page.locator(".summary a.figure").first.click()
    shown = page.evaluate(SHOWN)
    listed = page.locator("#tickets-table td.id").all_text_contents()
    assert listed == shown[:50]
    assert f"：{len(shown)}件" in page.locator("#tickets-what").text_content()


def test_a_ticket_opens_with_its_timeline_and_evidence(open_page, demo_tickets):
    page = open_page("units/苇渡乡.html")
    overdue = demo_tickets[demo_tickets["unit"].eq("苇渡乡") & demo_tickets["due_state"].eq(schema.OVERDUE)]
    ticket = overdue.iloc[0]
    page.goto(page.url + f"#ticket={ticket['ticket_id']}")
    page.reload()
    detail = page.locator("tr.detail").text_content()
    assert f"{ticket['received_at']:%Y-%m-%d %H:%M}" in detail
    assert "超期未回复：应于" in detail
    assert ticket["content"] in detail


def test_a_figure_of_the_index_opens_its_tickets_on_the_units_page(open_page, demo_tickets, demo_run):
    page = open_page("index.html")
    line = page.locator("tr", has_text="苇渡乡")
    figure = line.locator("a.figure").first
    count = int(figure.text_content())
    figure.click()
    page.wait_for_selector("#tickets-table tr.row")
    own = demo_tickets[demo_tickets["unit"].eq("苇渡乡") & demo_run.period.holds(demo_tickets["received_at"])]
    assert set(page.evaluate(SHOWN)) == set(own["ticket_id"])
    assert count == len(own)


def test_a_ticket_of_the_county_page_leads_to_the_units_page(open_page):
    page = open_page("county.html")
    page.locator(".summary a.figure").first.click()
    page.fill(".tickets input", "苇渡乡")
    page.locator("#tickets-table tr.row").first.click()
    ticket = page.locator("#tickets-table td.id").first.text_content()
    page.locator("tr.detail a").click()
    page.wait_for_selector("tr.detail dl")
    assert page.locator("#tickets-table td.id").all_text_contents() == [ticket]


@pytest.mark.parametrize("unit", UNITS)
def test_a_units_page_holds_no_ticket_of_another(demo_reports, demo_tickets, unit):
    text = (Path(demo_reports[1]) / "units" / f"{unit}.html").read_text(encoding="utf-8")
    notebook = (Path(demo_reports[1]) / "units" / f"{unit}.ipynb").read_text(encoding="utf-8")
    others = demo_tickets.loc[demo_tickets["unit"].ne(unit), "ticket_id"]
    assert not [ticket for ticket in others if ticket in text or ticket in notebook]
