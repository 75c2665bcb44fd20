"""The page as text: no address outside it, hostile text harmless, the same bytes twice."""

import json
import re
from dataclasses import replace
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from cases.drill import find_packed, read_column
from cases.reports import open_figures, read_html
from IPython.display import HTML

import toolkit
from toolkit import schema
from toolkit.checking.opening import list_marks, read_mark
from toolkit.preparing.prepare import prepare
from toolkit.preparing.report import cut_report
from toolkit.presenting import blocks as b
from toolkit.presenting import charts, listing, page
from toolkit.presenting.drawing import draw_chart

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&"


@pytest.fixture(scope="module")
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
    # Loading takes tags off; what shows a text must not rely on it.
    texts = {name: pd.Series([HOSTILE, None], dtype="str") for name in ("title", "content", "category")}
    loaded = replace(loaded, tickets=loaded.tickets.assign(unit=HOSTILE, **texts))
    return prepare(loaded, {"as_of": "2025-12-31", "period": "2025", "title": HOSTILE})


@pytest.mark.parametrize("name", b.__all__)
def test_text_of_tickets_is_escaped_in_every_block(hostile, name):
    for report in (hostile, cut_report(hostile, next(iter(hostile.about["reports"])))):
        block = getattr(b, name)(report)
        drawn = [draw_chart(chart.to_dict(), {}) for chart in block.charts]
        for html in (block.title, *map(read_html, [block, *drawn])):
            assert "<script" not in html.replace(HOSTILE, "") and "<img" not in html


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
    assert "&lt;img" in text  # in the drawing; in the table it is packed
    assert HOSTILE in read_column(find_packed(text), "category")


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


def test_json_in_a_page_cannot_end_a_script():
    told = page.embed_json({"</script>": "<!--\u2028"})
    assert "<" not in told and "\u2028" not in told
    assert json.loads(told) == {"</script>": "<!--\u2028"}


def test_the_page_asks_for_no_address(demo_reports):
    for path in Path(demo_reports[1]).glob("**/*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.findall(r'(?:src|href|action)\s*=\s*["\']?\s*(?:https?:)?//', text), path.name
        addresses = set(re.findall(r"https?://[\w./-]+", text))
        names = {"http://www.w3.org/", "https://vega.github.io/schema/", "http://schemas.openxmlformats.org/"}
        assert not [
            address for address in addresses if not address.startswith(tuple(names))
        ]  # of formats, never fetched


def test_pages_and_notebooks_of_two_runs_are_the_same(demo_run, demo_reports, demo_again):
    name = f"units/{demo_run.units[0]}"
    first, second = Path(demo_reports[1]), demo_again
    assert (second / f"{name}.html").read_bytes() == (first / f"{name}.html").read_bytes()
    where = str(second / "prepared"), str(first / "prepared")  # a parameter: the folder differs here
    notebook = (second / f"{name}.ipynb").read_text(encoding="utf-8").replace(*where)
    assert notebook == (first / f"{name}.ipynb").read_text(encoding="utf-8")


RATED_COUNTY = {
    "工单编号": ["A1", "A2", "A3"],
    "受理时间": "2025-03-04 09:00",
    "承办单位": "甲乡",
    "回复时间": ["2025-03-05 09:00", None, "2025-03-05 09:00"],
    "满意度": ["基本满意", "不满意", "满意"],
    "剔除状态": [None, None, "通过"],
}


@pytest.fixture(scope="module")
def rated():
    loaded = toolkit.load(pd.DataFrame(RATED_COUNTY), "2025-12-31", key=b"k")
    return prepare(loaded, {"as_of": "2025-12-31", "period": "2025"})


def opened(report, html, text):
    """How many tickets of the page's table each figure with this text opens."""
    return [len(ids) for _, shown, ids in open_figures(HTML(html), report) if shown == text]


def test_a_rate_stands_with_its_interval_and_with_and_without_the_excluded_and_both_open(rated):
    html = b.metrics_table(rated).data
    row = html[html.index("按期回复率（÷受理）") :].split("</tr>")[0]
    assert "95%区间9.5%—90.5%" in row and "含剔除件" in row
    assert opened(rated, row, "50.0%") == opened(rated, row, "1") == [1]
    assert opened(rated, row, "66.7%") == [2] and opened(rated, row, "3") == [3]
    assert opened(rated, row, "2") == [2, 2]  # the denominator without, the numerator with the excluded


def test_rival_definitions_are_folded_beneath_with_their_source_and_open_their_tickets(rated):
    html = b.metrics_table(rated).data
    folded = html[html.index("同名指标的不同口径：满意率") :].split("</details>")[0]
    assert "默认满意未经群众表态" in folded and "来源：问政四川平台说明" in folded
    weighted = folded[folded.index("满意率（加权）") :].split("</tr>")[0]
    assert "30.0%" in weighted and opened(rated, weighted, "折合0.6") == [1]


def test_times_of_open_tickets_say_how_many_are_open_and_open_them(rated):
    html = b.metrics_table(rated).data
    row = html[html.index("办理用时中位数") :].split("</tr>")[0]
    assert "1个工作日（已回复" in row
    assert opened(rated, row, "1") == [1, 1]


def test_a_bar_stands_for_missing_values_too(hostile):
    rows = list_marks(charts.state_bars(hostile.tickets, "category", "x"))
    assert [row["count"] for row in rows if row["value"] == schema.BLANK] == [1]
    assert any(None in read_mark(row)["category"] for row in rows)


def test_rare_values_are_summed_as_others_and_the_bar_names_them_all():
    rows = {"工单编号": list("ABCD"), "受理时间": ["2025-03-04"] * 4, "问题分类": ["甲", "甲", "乙", "丙"]}
    loaded = toolkit.load(pd.DataFrame(rows), "2025-12-31", key=b"k")
    report = prepare(loaded, {"as_of": "2025-12-31", "period": "2025"})
    rows = list_marks(charts.state_bars(report.tickets, "category", "x", most=1))
    others = next(row for row in rows if row["value"] == charts.OTHERS)
    assert others["count"] == 2
    assert read_mark(others)["category"] == ["丙", "乙"]
