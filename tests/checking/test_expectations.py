"""What is expected of a case: kept so that nothing is lost, and told so that a person knows which tickets moved."""

import json
from dataclasses import replace

import nbformat
import pandas as pd
import pytest
from cases.reports import report_of, with_frames
from nbformat.v4 import new_code_cell, new_notebook, new_output

from toolkit import schema
from toolkit.checking import expectations
from toolkit.checking.differences import list_differences
from toolkit.checking.expectations import describe_case, read_figures, read_kept, write_kept
from toolkit.checking.figures import list_figures
from toolkit.checking.opening import list_untrue
from toolkit.checking.outputs import list_errors, read_charts, read_tables
from toolkit.checking.truths import check_counts, check_isolation
from toolkit.errors import SourceError
from toolkit.presenting.charts import VEGA_MIME
from toolkit.presenting.figures import figure, html_table
from toolkit.presenting.sections import SECTION_MIME

TICKETS = {
    "ticket_id": ["GD1", "GD2", "GD3", "GD4"],
    "unit": ["城关镇", "城关镇", "水利局", None],
    "received_at": ["2025-03-03 09:00"] * 4,
    "replied_at": ["2025-03-04 09:00", "2025-03-20 09:00", None, None],
    "satisfaction": ["满意", "不满意", "一般", None],
    "exclusion": [None, None, "通过", None],
}


@pytest.fixture(scope="module")
def report():
    return report_of(schema.make_tickets(TICKETS), "2025-03-31", "2025-03")


@pytest.fixture(scope="module")
def kept(report):
    return json.loads(json.dumps(describe_case(report, {}, {}), ensure_ascii=False))


def test_every_figure_is_kept_with_its_tickets(report, kept):
    assert read_figures(kept) == list_figures(report)


def test_a_figure_that_is_not_as_expected_names_the_tickets_that_moved(report, kept):
    marks = report.marks.copy()
    own = marks["ticket_id"].eq("GD2")
    marks.loc[own, "按期回复率（÷受理）"] = 1
    counts = report.counted.scorecard.copy()
    row = counts["unit"].isin(["全县", "城关镇"]) & counts["metric"].eq("按期回复率（÷受理）")
    counts.loc[row, "numerator"] += 1
    counts.loc[row, "rate"] = counts["numerator"] / counts["denominator"].astype("float64")
    changed = describe_case(with_frames(report, marks=marks, scorecard=counts), {}, {})
    said = list(list_differences(kept, changed))
    assert "单位表，城关镇，按期回复率（÷受理）：50.0%（1/2） → 100.0%（2/2），1件不同：GD2" in said


def test_a_cell_a_chart_and_what_was_not_there_are_told_by_their_place(kept):
    before = kept | {"tables": {"a": {"表": {"": ["单位", "件数"], "城关镇": ["2"]}}}}
    after = kept | {"tables": {"a": {"表": {"": ["单位", "件数"], "城关镇": ["3"], "水利局": ["1"]}}}}
    assert list(list_differences(before, after)) == [
        "a，表，城关镇，件数：2 → 3",
        "a，表，水利局，件数：无 → 1",
    ]
    charts = [
        {"a": {"图": {"mark": mark, "rows": rows}}}
        for mark, rows in (("1", ["甲2件"]), ("1", ["甲3件"]), ("2", ["甲3件"]))
    ]
    runs = [kept | {"tables": {"a": {}}, "charts": one} for one in charts]
    assert list(list_differences(*runs[:2])) == ["a，图：去掉甲2件；新增甲3件"]
    assert list(list_differences(*runs[1:])) == ["a，图：数据相同，画法有变"]


def test_what_is_written_is_read_again_and_a_broken_file_says_what_to_do(kept, tmp_path, monkeypatch):
    monkeypatch.setattr(expectations, "FOLDER", tmp_path)
    assert read_kept("x") is None
    write_kept("x", kept)
    assert read_kept("x") == kept
    (tmp_path / "x.json").write_text("{", encoding="utf-8")
    with pytest.raises(
        SourceError,
        match=r"parameters/checks/x.json cannot be read .* or write it anew by `toolkit check --update`",
    ):
        read_kept("x")


def test_the_counts_of_a_sound_report_hold_and_a_wrong_one_is_named(report):
    assert list(check_counts(report)) == []
    counts = report.counted.scorecard.copy()
    counts.loc[counts["unit"].eq("水利局") & counts["metric"].eq("受理件数"), "numerator"] = 5
    said = list(check_counts(with_frames(report, scorecard=counts)))
    assert said == ["水利局，受理件数：分子5，按工单合计1", "受理件数：各单位之和不等于全县"]


def test_a_row_without_a_place_is_named(report):
    account = pd.DataFrame(
        [
            {
                "file": "a.xlsx",
                "sheet": "1",
                "read": 5,
                "tickets": 4,
                "events": 0,
                "refused": 0,
                "merged": 0,
                "left_out": 0,
            }
        ]
    )
    assert list(check_counts(with_frames(report, account=account))) == ["a.xlsx 1：读入5行，有1行没有去处"]


def test_a_ticket_of_another_unit_in_a_unit_s_report_is_named(report):
    assert "tickets：有2行属其他单位" in list(check_isolation(replace(report, name="城关镇")))


def test_a_figure_that_opens_another_number_of_tickets_is_named(report):
    opened = [figure(count, "城关镇的", report=["城关镇"]) for count in (2, 3)]
    assert [list(list_untrue(str(one), [], report)) for one in opened] == [[], ["城关镇的：写明3件，点开2件"]]
    number = figure("202503010001", "工单", ticket_id=["GD1"])
    assert list(list_untrue(str(number), [], report)) == ["工单：写明工单202503010001，点开的不是这一件"]


def shown(**data):
    return new_output("display_data", data)


def test_tables_and_charts_are_read_by_section_row_and_column():
    table = html_table(["单位", "率"], [["甲", "1 %"], ["甲", "2"]])
    spec = {
        "mark": "bar",
        "data": {"name": "data-" + "0" * 32},
        "datasets": {"data-" + "0" * 32: [{"told": "甲3件"}]},
    }
    outputs = [
        shown(**{SECTION_MIME: {"title": "单位"}}),
        shown(**{"text/html": str(table)}),
        shown(**{VEGA_MIME: spec}),
    ]
    notebook = new_notebook(cells=[new_code_cell("x", outputs=[nbformat.from_dict(one) for one in outputs])])
    assert read_tables(notebook) == {"单位": {"": ["单位", "率"], "甲": ["1 %"], "甲（2）": ["2"]}}
    assert [chart["rows"] for chart in read_charts(notebook).values()] == [["甲3件"]]


def test_cells_are_numbered_as_their_author_counts_them():
    error = new_output("error", ename="E", evalue="x", traceback=[])
    added = new_code_cell("", metadata={"tags": ["papermill-error-cell-tag"]})
    assert list(list_errors(new_notebook(cells=[added, new_code_cell("1/0", outputs=[error])]))) == [
        (1, "E: x")
    ]
