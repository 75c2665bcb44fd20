"""The page as text: no address outside it, hostile text harmless, the same bytes twice."""

import re
from pathlib import Path

import nbformat
import pandas as pd
import pytest

import toolkit
from toolkit.prepare import prepare
from toolkit.present import charts, findings, listing, page, show

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&"


@pytest.fixture
def hostile():
    rows = {
        "工单编号": ["A1", "A2"],
        "受理时间": ["2025-03-04 09:00", "2025-03-05 09:00"],
        "承办单位": [HOSTILE, HOSTILE],
        "标题": [HOSTILE, None],
        "诉求内容": [HOSTILE, None],
        "问题分类": [HOSTILE, None],
    }
    loaded = toolkit.load(pd.DataFrame(rows), "2025-12-31", key=b"k")
    return prepare(loaded, "county_default", "2025-12-31", "2025", title=HOSTILE)


def blocks_of(prepared, unit):
    yield show.heading(prepared, unit).data
    yield show.summary(prepared, unit).data
    yield findings.findings_table(prepared).data
    yield show.metrics_table(prepared, unit).data
    yield show.units_table(prepared, ["受理件数"]).data
    yield show.issues_table(prepared).data


def test_text_of_tickets_is_escaped_in_every_block(hostile):
    unit = next(iter(hostile.about["reports"]))
    for html in blocks_of(hostile, unit):
        assert "<script" not in html
        assert "<img" not in html


def test_text_of_tickets_cannot_end_a_script_on_the_page(hostile, monkeypatch):
    outputs = []
    monkeypatch.setattr(listing, "display", lambda data, raw: outputs.append(data))
    listing.list_tickets(hostile)
    outputs.append(charts.state_bars(hostile.tickets, "category", HOSTILE)._repr_mimebundle_())
    cell = nbformat.v4.new_code_cell(
        outputs=[nbformat.v4.new_output("display_data", data=data) for data in outputs]
    )
    text = page.build_page(nbformat.v4.new_notebook(cells=[cell]), HOSTILE)
    assert "alert(1)</script>" not in text
    assert "<img src=x" not in text
    assert "\\u003cimg" in text


def test_a_failed_cell_shows_its_error_escaped():
    error = nbformat.v4.new_output("error", ename="ValueError", evalue=HOSTILE, traceback=[])
    text = page.build_page(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(outputs=[error])]), "x")
    assert "ValueError: &lt;/script&gt;" in text
    assert HOSTILE not in text


def test_cells_tagged_hide_stay_out_of_the_page():
    note = nbformat.v4.new_markdown_cell("for the analyst", metadata={"tags": ["hide"]})
    text = page.build_page(
        nbformat.v4.new_notebook(cells=[note, nbformat.v4.new_markdown_cell("## 概况")]), "x"
    )
    assert "for the analyst" not in text
    assert "<h2>概况</h2>" in re.sub(r' id="[^"]*"', "", text)


def test_the_page_asks_for_no_address(demo_reports):
    for path in Path(demo_reports[1]).glob("**/*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.findall(r'(?:src|href|action)\s*=\s*["\']?\s*(?:https?:)?//', text), path.name
        addresses = set(re.findall(r"https?://[\w./-]+", text))
        names = {"http://www.w3.org/", "https://vega.github.io/schema/"}  # names of formats, never fetched
        assert not [address for address in addresses if not address.startswith(tuple(names))]


def test_pages_and_notebooks_of_two_runs_are_the_same(demo_run, demo_reports, demo_again):
    name = f"units/{demo_run.units[0]}"
    first, second = Path(demo_reports[1]), demo_again
    assert (second / f"{name}.html").read_bytes() == (first / f"{name}.html").read_bytes()
    where = str(second / "prepared"), str(first / "prepared")  # a parameter: the folder differs here
    notebook = (second / f"{name}.ipynb").read_text(encoding="utf-8").replace(*where)
    assert notebook == (first / f"{name}.ipynb").read_text(encoding="utf-8")


def test_a_bar_stands_for_missing_values_too(hostile):
    spec = charts.state_bars(hostile.tickets, "category", "x").to_dict()
    (rows,) = spec["datasets"].values()
    assert [row["count"] for row in rows if row["value"] == charts.BLANK] == [1]
    assert any("null" in row["where"] for row in rows)


def test_rare_values_are_summed_as_others_and_the_bar_names_them_all():
    rows = {"工单编号": list("ABCD"), "受理时间": ["2025-03-04"] * 4, "问题分类": ["甲", "甲", "乙", "丙"]}
    loaded = toolkit.load(pd.DataFrame(rows), "2025-12-31", key=b"k")
    prepared = prepare(loaded, "county_default", "2025-12-31", "2025")
    spec = charts.state_bars(prepared.tickets, "category", "x", most=1).to_dict()
    (rows,) = spec["datasets"].values()
    others = next(row for row in rows if row["value"] == charts.OTHERS)
    assert others["count"] == 2
    assert '"category": ["丙", "乙"]' in others["where"]
