"""What a document says beside its figures: what is to be filled in, what is not known, and nobody named by chance."""

from dataclasses import replace

import pandas as pd
import pytest
from cases.reports import assert_figures_open_what_they_say
from IPython.display import HTML

from toolkit import load, prepare
from toolkit.errors import ParameterError
from toolkit.preparing.report import cut_report
from toolkit.presenting import sentences
from toolkit.presenting.writing.collect import NAMES, collect_figures
from toolkit.presenting.writing.drafts import annual_draft, bulletin_draft, list_draft_mistakes, write_texts
from toolkit.presenting.writing.problems import take_clear
from toolkit.presenting.writing.rates import say_share
from toolkit.presenting.writing.write import FUNCTIONS, list_document_mistakes, write_document
from toolkit.settings import PROJECT

TEMPLATES = sorted(path.stem for path in (PROJECT / "parameters" / "templates").glob("*.txt"))
DOCUMENTS = [name for name in TEMPLATES if not name.endswith("_opening")]
ROWS = {
    "工单编号": [f"A{place}" for place in range(8)],
    "受理时间": ["2025-03-03 09:00"] * 7 + ["2025-03-04 09:00"],
    "承办单位": ["甲乡"] * 2 + ["乙镇"] * 2 + ["丙镇"] * 2 + ["丁镇"] * 2,
    "单位类别": "乡镇",
    "问题分类": ["修路/村道"] * 3 + ["供水/停水"] * 2 + ["噪音<b"] * 2 + [None],
    "回复时间": ["2025-03-28 09:00"] * 7 + [None],
    "满意度": ["不满意"] + ["满意"] * 7,
    "状态": ["已办结"] * 6 + ["已并单", "办理中"],
}


@pytest.fixture(scope="module")
def county():
    return prepare(
        load(pd.DataFrame(ROWS), "2025-12-31", key=b"k"), {"as_of": "2025-12-31", "period": "2025"}
    )


@pytest.fixture
def template(tmp_path, monkeypatch):
    """Writes the template `office`, alone in its folder."""
    monkeypatch.setattr(sentences, "FOLDER", tmp_path)

    def write(text, name="office"):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
        return name

    return write


def with_slots(report, **slots):
    """The report with these slots filled, as `prepare` leaves them."""
    return replace(report, about=report.about | {"manual": {"全县": slots}})


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("unit", [None, "丁镇"])
def test_every_figure_of_every_template_opens_what_it_says(county, name, unit):
    report = county if unit is None else cut_report(county, unit)
    assert_figures_open_what_they_say(HTML(write_document(report, name).html), report)


def test_the_names_a_template_is_checked_by_are_those_it_gets(county):
    assert sorted(collect_figures(county)) == sorted(NAMES)
    assert [list_document_mistakes(name) for name in DOCUMENTS] == [[]] * len(DOCUMENTS)


def test_the_office_s_page_names_every_name_every_function_and_every_template():
    page = (PROJECT / "docs" / "writing.md").read_text(encoding="utf-8")
    assert [name for name in [*NAMES, *FUNCTIONS, *DOCUMENTS] if f"`{name}" not in page] == []


# --- what no ticket tells --------------------------------------------------------------------------


def test_a_slot_that_is_not_filled_is_listed_and_never_invented(county, template):
    document = write_document(
        with_slots(county, 接待日情况=""), template('{{ slot("接待日情况") }}\n\n{{ slot("领导批示") }}')
    )
    assert document.plain == "　　（待补：接待日情况）\n　　（待补：领导批示）\n"
    assert document.missing == ["接待日情况", "领导批示"]


def test_a_filled_slot_stands_in_the_text_line_by_line_escaped_and_not_as_a_template(county, template):
    report = with_slots(county, 典型做法="一是<b>会商</b>。\n# 二是{{ received }}。", 会议="多写的")
    document = write_document(report, template('{{ slot("典型做法") }}'))
    assert document.plain == "　　一是<b>会商</b>。\n　　二是{{ received }}。\n" and document.missing == []
    assert "&lt;b&gt;" in document.html and document.unused == ["会议"]


def test_what_the_county_s_office_wrote_stands_in_no_unit_s_text(county, template):
    unit = cut_report(with_slots(county, 典型做法="县里的做法"), "甲乡")
    assert write_document(unit, template('{{ slot("典型做法") }}')).plain == "　　（待补：典型做法）\n"


# --- what is known and what is not -----------------------------------------------------------------


def test_categories_sum_to_what_was_received_and_what_has_none_is_said(county, template):
    text = "{% for kind in categories %}{{ kind.name }}{{ kind.count }}，{% endfor %}{{ uncategorised }}／{{ received }}"
    assert write_document(county, template(text)).plain.strip() == "修路3，供水2，噪音<b2，1／8"


def test_all_and_none_are_said_only_where_it_is_all_and_none():
    assert [
        say_share(*pair) for pair in [(5000, 5000), (4999, 5000), (0, 9), (1, 9000), (456, 498), (0, 0)]
    ] == [*["100%", "99.98%", "0%", "0.01%", "91.6%", "—"]]


def test_every_rate_shown_is_defined_at_the_end_and_no_other(county, template):
    said = write_document(county, template('{{ rate("满意率（÷评价）").said }}')).plain.splitlines()
    assert said[0].strip() == "87.5%（7/8）" or "（" in said[0]
    assert said[-1].startswith("　　注：满意率（÷评价）：") and "按期回复率" not in said[-1]


def test_a_metric_nobody_knows_is_a_mistake_with_its_line_and_the_nearest_name(county, template):
    with pytest.raises(
        ParameterError, match=r"office.txt: line 2: rate\('按期回复律'\).*Did you mean '按期回复率'"
    ):
        write_document(county, template('一\n{{ rate("按期回复律").said }}'))


def test_a_trouble_names_the_units_that_hold_it(county, template):
    text = "{% for trouble in troubles %}{{ trouble.name }}：{{ trouble.held_by }}。\n\n{% endfor %}"
    assert "回访不满意：甲乡1件。" in write_document(county, template(text)).plain


@pytest.mark.parametrize(
    ("counts", "named"), [([3, 2, 2, 2], 1), ([5, 4, 3, 2], 3), ([2, 2, 2, 2], 0), ([1, 1], 2)]
)
def test_of_units_level_with_each_other_either_all_are_named_or_none(counts, named):
    rows = pd.DataFrame({"count": counts, "report": list("甲乙丙丁")[: len(counts)]})
    assert len(take_clear(rows, "count", "report")) == named


# --- the files of a run ----------------------------------------------------------------------------


def test_the_texts_of_a_run_are_the_same_bytes_twice_and_open_in_any_windows(county):
    first, second = write_texts(county), write_texts(county)
    assert list(first) == ["全县通报.docx", "全县通报.txt", "年度总结.docx", "年度总结.txt"]
    assert first == second
    assert first["年度总结.txt"].startswith("\ufeff本县12345热线2025年工作总结\r\n".encode())


def test_no_summary_of_the_year_is_written_of_a_month_and_no_text_of_a_run_by_month():
    loaded = load(pd.DataFrame(ROWS), "2025-12-31", key=b"k")
    month = prepare(loaded, {"as_of": "2025-12-31", "period": "2025-03"})
    assert list(write_texts(month)) == ["全县通报.docx", "全县通报.txt"]
    assert annual_draft(month).answer == "统计期间不是整年，不写年度总结"
    by_month = prepare(loaded, {"as_of": "2025-12-31", "period": "2025", "by": "month"})
    assert write_texts(by_month) == {} and bulletin_draft(by_month).answer == "本次按月份分报告，不写文稿"


def test_a_run_s_templates_are_checked_before_anything_is_read(template):
    template("{{ recieved }}", "bulletin")
    template("{% if %}", "annual_summary")
    said = list(list_draft_mistakes())
    assert "bulletin.txt" in said[0] and "Did you mean 'received'?" in said[0]
    assert "annual_summary.txt" in said[1] and "line 1: " in said[1]
