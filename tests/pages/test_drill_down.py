"""The offline page in a real browser: every figure and every bar opens exactly its tickets."""

import json
from pathlib import Path

import pytest
from cases.drill import find_packed, read_column
from cases.reports import open_condition

from toolkit import schema
from toolkit.preparing.report import read_report
from toolkit.scoring.marks import mark_tickets

UNITS = ["县交通运输局", "苇渡乡"]
SHOWN = "document.querySelector('.drill-drawer').shown"
# Every figure's words and condition, and what the drawer shows at a click: once a condition, many figures share one.
CLICK_ALL = """(chosen) => {
  const shown = {}, figures = [];
  history.pushState = () => {};  // a browser slows down who fills its history
  for (const link of document.querySelectorAll(chosen)) {
    const where = link.dataset.where;
    if (!(where in shown)) {
      link.click();
      shown[where] = document.querySelector('.drill-drawer').shown;
    }
    figures.push([link.textContent, where]);
  }
  return [figures, shown];
}"""


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
    figures, found = page.evaluate(CLICK_ALL, ".summary a.figure")
    assert len(figures) >= 20
    for text, condition in figures:
        where, shown = json.loads(condition), found[condition]
        assert set(shown) == expected_tickets(demo_tickets, demo_findings, unit, demo_run, where), text
        assert len(shown) == len(set(shown))
        if "%" not in text:
            assert len(shown) == int(text)


@pytest.mark.parametrize("name", ["county", *UNITS])
def test_every_figure_of_a_page_opens_what_pandas_finds(open_page, demo_reports, name):
    page = open_page("county.html" if name == "county" else f"units/{name}.html")
    report = read_report(Path(demo_reports[1]) / "prepared", None if name == "county" else name)
    figures, shown = page.evaluate(CLICK_ALL, "a.figure")
    assert len(figures) > 100
    for where, ids in shown.items():
        assert ids == open_condition(report, json.loads(where)), where
    assert [
        (text, where) for text, where in figures if text.isdigit() and int(text) != len(shown[where])
    ] == []


@pytest.mark.parametrize("unit", UNITS)
def test_every_bar_opens_exactly_its_tickets(open_page, demo_tickets, demo_run, unit):
    page = open_page(f"units/{unit}.html")
    page.wait_for_function("document.querySelectorAll('.chart[data-ready]').length == 2")
    own = demo_tickets[demo_tickets["unit"].eq(unit) & demo_run.period.holds(demo_tickets["received_at"])]
    bars = page.locator(".chart").first.locator("g.mark-rect.role-mark path")
    data = [bars.nth(at).evaluate("bar => ({...bar.__data__.datum})") for at in range(bars.count())]
    named = {datum["value"] for datum in data} - {"其他"}
    values = own["category"].fillna("（未填）").pipe(lambda found: found.where(found.isin(named), "其他"))
    for at, datum in enumerate(data):
        bars.nth(at).dispatch_event("click")
        expected = own[values.eq(datum["value"]) & own["due_state"].eq(datum["due_state"])]
        assert set(page.evaluate(SHOWN)) == set(expected["ticket_id"])
        assert len(expected) == datum["count"]
    assert sum(datum["count"] for datum in data) == len(own)


def test_what_the_list_shows_is_what_was_selected(open_page):
    page = open_page("units/苇渡乡.html")
    page.locator(".summary a.figure").first.click()
    shown = page.evaluate(SHOWN)
    listed = page.locator(".drill-row .drill-id").all_text_contents()
    assert len(shown) > 30 and 10 < len(listed) <= len(shown)
    assert listed == shown[: len(listed)]
    assert page.locator(".drill-heading").text_content().startswith(f"{len(shown)}件：")


def test_a_ticket_opens_with_its_timeline_and_evidence(open_page, demo_tickets):
    overdue = demo_tickets[demo_tickets["unit"].eq("苇渡乡") & demo_tickets["due_state"].eq(schema.OVERDUE)]
    ticket = overdue.iloc[0]
    page = open_page("units/苇渡乡.html", f"#ticket={ticket['ticket_id']}")
    detail = page.locator(".drill-ticket")
    said = detail.text_content()
    assert f"{ticket['received_at']:%Y-%m-%d %H:%M}" in said
    assert "超期未回复：应于" in said
    assert ticket["content"] in said
    assert f"来自 {ticket['source_file']} {ticket['source_sheet']} 第{ticket['source_row']}行" in said
    assert detail.locator(".drill-late").count() == 1
    assert detail.locator("circle.drill-cut").count() == 1


def test_a_ticket_answered_in_time_has_nothing_red_on_its_time_line(open_page, demo_tickets):
    met = demo_tickets[demo_tickets["unit"].eq("苇渡乡") & demo_tickets["due_state"].eq(schema.ON_TIME)]
    page = open_page("units/苇渡乡.html", f"#ticket={met.iloc[0]['ticket_id']}")
    assert page.locator(".drill-strip line.drill-due").count() == 1
    assert page.locator(".drill-late, .drill-missed").count() == 0


def test_a_figure_of_the_index_opens_its_tickets_on_the_units_page(open_page, demo_tickets, demo_run):
    page = open_page("index.html")
    line = page.locator("tr", has_text="苇渡乡")
    figure = line.locator("a.figure").first
    count = int(figure.text_content())
    figure.click()
    page.wait_for_selector(".drill-row")
    own = demo_tickets[demo_tickets["unit"].eq("苇渡乡") & demo_run.period.holds(demo_tickets["received_at"])]
    assert set(page.evaluate(SHOWN)) == set(own["ticket_id"])
    assert count == len(own)


def test_a_ticket_of_the_county_page_leads_to_the_units_page(open_page):
    page = open_page("county.html")
    page.locator(".summary a.figure").first.click()
    page.fill(".drill-search", "苇渡乡")
    page.locator(".drill-row").first.click()
    ticket = page.locator(".drill-title .drill-id").text_content()
    assert page.locator(".drill-times").text_content().count("受理时间") == 1
    page.locator(".drill-report").click()
    page.wait_for_selector(".drill-origin")
    assert page.locator(".drill-title .drill-id").text_content() == ticket
    assert page.evaluate(SHOWN) == [ticket]


@pytest.mark.parametrize("unit", UNITS)
def test_a_units_page_holds_no_ticket_of_another(demo_reports, demo_tickets, unit):
    text = (Path(demo_reports[1]) / "units" / f"{unit}.html").read_text(encoding="utf-8")
    notebook = (Path(demo_reports[1]) / "units" / f"{unit}.ipynb").read_text(encoding="utf-8")
    others = demo_tickets.loc[demo_tickets["unit"].ne(unit), "ticket_id"]
    packed = find_packed(text)
    held = json.dumps([read_column(packed, name) for name in ("ticket_id", "content", "reply", "evidence")])
    assert packed in notebook
    assert not [ticket for ticket in others if ticket in text or ticket in notebook or ticket in held]


def test_the_countys_page_holds_no_texts_of_its_tickets(demo_reports):
    packed = find_packed((Path(demo_reports[1]) / "county.html").read_text(encoding="utf-8"))
    for name in ("content", "reply", "evidence", "address", "handler"):
        with pytest.raises(KeyError):
            read_column(packed, name)
