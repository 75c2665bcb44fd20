"""Sections on the page: their order, what folds, a chart among the words."""

import altair as alt
import nbformat
import pandas as pd
import pytest
from cases.drill import unpack_page
from IPython.display import HTML
from markupsafe import Markup

from toolkit.presenting import page, sections
from toolkit.presenting.figures import long_table
from toolkit.presenting.sections import fold_section, open_section


@pytest.fixture
def build(monkeypatch):
    """The page of sections, each shown by a cell of its own."""

    def build_page(*shown):
        cells = []
        for section in shown:
            outputs = []

            def keep(data, raw=False, outputs=outputs):
                outputs.append(data if raw else _read_bundle(data))

            monkeypatch.setattr(sections, "display", keep)
            section._ipython_display_()
            made = [nbformat.v4.new_output("display_data", data=data) for data in outputs]
            cells.append(nbformat.v4.new_code_cell(outputs=made))
        text = page.build_page(nbformat.v4.new_notebook(cells=cells), "题")
        return text[text.index("<body>") : text.index("</main>")]

    return build_page


def _read_bundle(shown):
    return {"text/html": shown.data} if isinstance(shown, HTML) else shown._repr_mimebundle_()


def test_a_fold_without_content_is_one_grey_line(build):
    text = build(fold_section("每月一题", "没有", ""))
    assert '<div class="section nothing" id="s1">' in text and "<details" not in text


def test_a_fold_with_content_is_folded_behind_its_answer(build):
    text = build(fold_section("指标", "19项", Markup("<p>表</p>")))
    assert '<span class="answer">19项</span>' in text
    assert text.index("<details") < text.index("19项") < text.index("<p>表</p>") < text.index("</details>")


def test_sections_stand_in_the_order_of_the_notebook_and_so_does_the_contents(build):
    text = build(open_section("甲", ""), fold_section("乙", "", Markup("<p>b</p>")), open_section("丙", ""))
    assert [text.index(f'href="#s{n}"') for n in (1, 2, 3)] == sorted(
        text.index(f'href="#s{n}"') for n in (1, 2, 3)
    )
    assert text.index('id="s1"') < text.index('id="s2"') < text.index('id="s3"')


def test_a_chart_is_drawn_in_its_section(build):
    chart = alt.Chart(pd.DataFrame({"n": [1]})).mark_bar().encode(x="n:Q")
    text = build(open_section("图", "", Markup("<p>前</p>"), chart, Markup("<p>后</p>")))
    assert text.index("<p>前</p>") < text.index("<svg") < text.index("<p>后</p>") < text.index("</section>")


def test_a_title_and_an_answer_cannot_become_markup(build):
    text = build(open_section("<b>题</b>", "<i>答</i>"))
    assert "<b>" not in text and "<i>" not in text and "&lt;b&gt;题" in text


def test_long_rows_folded_in_an_open_section_are_packed_and_short_ones_are_not(build):
    def rows(count):
        return long_table(["单位"], [[f"第{number}单位"] for number in range(count)])

    for count, is_packed in ((100, False), (4_000, True)):
        text = build(open_section("问题在哪里", "", rows(count)))
        assert ("第99单位" not in text) == is_packed and "第29单位" in text
        assert f"<td>第{count - 1}单位</td>" in unpack_page(text)


def test_rows_folded_within_a_folded_section_are_packed_with_it_once(build):
    text = build(
        fold_section("各单位", "", long_table(["单位"], [[f"第{number}单位"] for number in range(4_000)]))
    )
    assert text.count("<script") == 1 and "第3999单位" in unpack_page(text)
