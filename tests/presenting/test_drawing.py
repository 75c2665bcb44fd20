"""Charts as drawings of the page: links within it, hostile text, nothing from outside."""

import re

import altair as alt
import pandas as pd
import pytest

from toolkit.presenting import drawing
from toolkit.presenting.drawing import draw_chart
from toolkit.presenting.figures import link_to_report, link_where

HOSTILE = "<script>alert(1)</script>\"'&<img src=x>"


def draw(name, href, links=None):
    points = pd.DataFrame({"name": [name], "n": [1], "href": [href], "told": [f"{name} 1件"]})
    chart = (
        alt.Chart(points, title=name)
        .mark_bar()
        .encode(x="n:Q", y="name:N", href="href:N", description="told:N")
    )
    return draw_chart(chart.to_dict(), links or {})


def test_hostile_text_in_a_chart_cannot_become_markup():
    drawn = draw(HOSTILE, link_where({"unit": [HOSTILE]}, HOSTILE))
    assert "<script" not in drawn and "<img" not in drawn
    assert "&lt;script&gt;" in drawn


def test_a_mark_leads_to_its_tickets_within_the_page_and_says_what_it_is():
    drawn = draw("甲乡", link_where({"unit": ["甲乡"]}, "甲乡"))
    assert re.findall('xlink:href="([^"%]*)', drawn) == ["#where="]
    assert "<title>甲乡 1件</title>" in drawn


def test_a_mark_of_a_report_leads_where_the_page_knows_it_and_else_nowhere():
    assert 'xlink:href="units/a.html"' in draw("甲乡", link_to_report("甲乡"), {"甲乡": "units/a.html"})
    assert "href" not in draw("甲乡", link_to_report("甲乡"), {})


def test_a_drawing_has_no_script_and_no_outside_address():
    drawn = draw("甲乡", link_where({}, "全部"))
    assert "<script" not in drawn
    assert set(re.findall("https?://[^\"' ]*", drawn)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }


def test_a_chart_is_drawn_the_same_however_many_were_drawn_before():
    points = pd.DataFrame({"x": [0, 1], "y": [0, 2]})
    spec = alt.Chart(points).mark_line(clip=True).encode(x="x:Q", y="y:Q").to_dict()
    one, other = draw_chart(spec, {}), draw_chart(spec, {})
    assert "url(#clip-" in one
    assert one == other


def as_columns(names):
    points = pd.DataFrame({"name": names, "n": 1, "kind": ["按期", "超期"] * (len(names) // 2)})
    chart = alt.Chart(points).mark_bar().encode(x="n:Q", y=alt.Y("name:N", title=None), color="kind:N")
    return chart.to_dict()


@pytest.mark.parametrize(("longest", "is_short"), [(18, True), (19, False)])
def test_a_drawing_is_the_same_whether_or_not_its_labels_are_known_to_be_short(
    monkeypatch, longest, is_short
):
    spec = as_columns(["道路", "宽" * longest, "W" * longest, "供水"])
    assert drawing._is_short(spec) == is_short
    drawn = draw_chart(spec, {})
    monkeypatch.setattr(drawing, "MOST_LABEL", {"y": 0})
    assert draw_chart(spec, {}) == drawn


def test_a_label_too_long_for_its_axis_is_still_cut():
    assert "…</text>" in draw_chart(as_columns(["宽" * 30, "供水"]), {})
