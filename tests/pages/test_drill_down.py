"""The offline page in a real browser: every figure and every bar opens exactly its tickets."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import parse_qs

import nbformat
import pytest
from cases.drill import find_packed, read_column, unfold, unpack_page, wait_until

from toolkit import schema
from toolkit.checking.opening import open_condition
from toolkit.preparing.report import read_report
from toolkit.presenting.figures import long_table
from toolkit.presenting.page import build_page
from toolkit.scoring.marks import mark_tickets

UNITS = ["县交通运输局", "苇渡乡"]
# The marks of all drawings that lead to tickets: their address and their words.
MARKS = """() => [...document.querySelectorAll('svg a')]
  .map((a) => [a.getAttribute('xlink:href') || a.getAttribute('href') || '', (a.querySelector('title') || a).textContent])
  .filter(([address]) => address.startsWith('#where='))"""
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


@pytest.mark.parametrize("unit", UNITS)
def test_the_rates_of_the_first_sentence_open_exactly_what_the_toolkit_counts(
    open_page, demo_tickets, demo_run, unit
):
    page = open_page(f"units/{unit}.html")
    figures, found = page.evaluate(CLICK_ALL, ".summary a.figure")
    own = demo_tickets[demo_tickets["unit"].eq(unit)]
    marks = mark_tickets(own[demo_run.period.holds(own["received_at"])]).set_axis(
        own.loc[demo_run.period.holds(own["received_at"]), "ticket_id"]
    )
    rates = {text: json.loads(condition) for text, condition in figures if "against" in condition}
    assert len(rates) >= 3
    for text, where in rates.items():
        ((name, values),) = [(name, values) for name, values in where.items() if name in marks]
        shown = found[json.dumps(where, ensure_ascii=False, sort_keys=True, separators=(",", ":"))]
        assert sorted(shown) == sorted(marks.index[marks[name].isin(values)]), text
        assert "%" in text or len(shown) == int(text)


@pytest.mark.parametrize("name", ["county", *UNITS])
def test_every_figure_of_a_page_opens_what_pandas_finds(open_page, demo_reports, name):
    page = unfold(open_page("index.html" if name == "county" else f"units/{name}.html"))
    report = read_report(Path(demo_reports[1]) / "prepared", None if name == "county" else name)
    figures, shown = page.evaluate(CLICK_ALL, "a.figure")
    assert len(figures) > 100
    for where, ids in shown.items():
        assert ids == open_condition(report, json.loads(where)), where
    assert [
        (text, where)
        for text, where in figures
        if text.isdigit() and "ticket_id" not in where and int(text) != len(shown[where])
    ] == []


@pytest.mark.parametrize("name", ["county", *UNITS])
def test_every_mark_of_a_chart_opens_what_it_says(open_page, demo_reports, name):
    page = unfold(open_page("index.html" if name == "county" else f"units/{name}.html"))
    report = read_report(Path(demo_reports[1]) / "prepared", None if name == "county" else name)
    marks = page.evaluate(MARKS)
    assert len(marks) > 20
    for address, said in marks[
        ::7
    ]:  # a press each; the conditions of all are opened in pandas by another test
        page.evaluate("(address) => { location.hash = address; }", address)
        asked = parse_qs(address[1:])
        words = asked["what"][0]
        wait_until(page, f"document.querySelector('.drill-heading').textContent.includes('{words}')")
        shown = page.evaluate(SHOWN)
        assert shown == open_condition(report, json.loads(asked["where"][0]))
        counted = re.search(r"(\d+)件$|/(\d+)）$", said)
        if said.startswith(words[:7]):  # the words count what the mark opens
            assert len(shown) == int(counted[1] or counted[2]), said


def test_a_point_of_the_funnel_and_a_units_name_open_its_report(open_page):
    page = open_page("index.html")
    addresses = page.evaluate(
        "[...document.querySelectorAll('.chart svg a')].map((a) => a.getAttribute('xlink:href'))"
    )
    assert "units/%E8%8B%87%E6%B8%A1%E4%B9%A1.html" in addresses
    page.locator("a.report", has_text="苇渡乡").first.click()
    assert page.locator("header.top h1").text_content() == "苇渡乡"


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


def test_a_ticket_of_the_county_page_leads_to_the_units_page(open_page):
    page = open_page("index.html")
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
    text = unpack_page((Path(demo_reports[1]) / "units" / f"{unit}.html").read_text(encoding="utf-8"))
    notebook = (Path(demo_reports[1]) / "units" / f"{unit}.ipynb").read_text(encoding="utf-8")
    others = demo_tickets.loc[demo_tickets["unit"].ne(unit), "ticket_id"]
    packed = find_packed(text)
    held = json.dumps([read_column(packed, name) for name in ("ticket_id", "content", "reply", "evidence")])
    assert packed in notebook
    assert not [ticket for ticket in others if ticket in text or ticket in notebook or ticket in held]


def test_the_countys_page_holds_no_texts_of_its_tickets(demo_reports):
    packed = find_packed((Path(demo_reports[1]) / "index.html").read_text(encoding="utf-8"))
    for name in ("content", "reply", "address"):
        with pytest.raises(KeyError):
            read_column(packed, name)


def test_rows_packed_beneath_a_long_table_are_there_when_searched_for_or_opened(open_page, tmp_path):
    table = long_table(["单位", "地址"], [[f"第{number}单位", "某" * 20] for number in range(2_000)])
    cell = nbformat.v4.new_code_cell(
        outputs=[nbformat.v4.new_output("display_data", data={"text/html": str(table)})]
    )
    path = tmp_path / "page.html"
    path.write_text(build_page(nbformat.v4.new_notebook(cells=[cell]), "x"), encoding="utf-8")
    assert "第1999单位" not in path.read_text(encoding="utf-8")
    page = open_page(path)
    page.fill(".find-row", "第1999")
    page.wait_for_selector("text=第1999单位")
    assert page.locator("tbody tr:visible").count() == 1
    page.fill(".find-row", "")
    wait_until(page, "!document.querySelector('.long > details').open")
    assert page.locator("tbody tr:visible").count() == 30


def test_what_is_to_be_pushed_is_printed_whole_and_folded_again(open_page):
    page = open_page("units/苇渡乡.html")
    rows = page.locator(".printed tbody tr")
    assert rows.locator("visible=true").count() == 5 < rows.count()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert rows.locator("visible=true").count() == rows.count()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert rows.locator("visible=true").count() == 5


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="not on this machine: pdftotext")
def test_printed_a_chart_stands_on_the_page_of_its_heading(open_page, tmp_path):
    page = open_page("index.html")
    for pushed in (0, 60, 120, 180, 240):  # wherever on the paper it comes to stand
        page.evaluate(f"document.querySelector('h2:has(~ .chart)').style.paddingTop = '{pushed}px'")
        page.pdf(path=tmp_path / "county.pdf", prefer_css_page_size=True)
        told = subprocess.run(["pdftotext", "-layout", tmp_path / "county.pdf", "-"], capture_output=True)
        pages = told.stdout.decode("utf-8").split("\f")
        assert [("左右看件数" in one, "件数（分母）" in one) for one in pages].count((True, True)) == 1, (
            pushed
        )
