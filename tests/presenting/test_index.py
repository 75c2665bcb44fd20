"""The first page of a run: what failed stands first; without the county's own page, the list."""

import nbformat
import pandas as pd

from toolkit.presenting.figures import html_table, long_table
from toolkit.presenting.index import build_index
from toolkit.rounding import one_decimal

RUNS = pd.DataFrame(
    {
        "report": ["全县", "甲乡", "<b>乙镇"],
        "group": ["", "乡镇", "乡镇"],
        "page": ["index.html", "units/甲 乡.html", ""],
        "notebook": ["county.ipynb", "units/甲乡.ipynb", "units/乙镇.ipynb"],
        "tickets": [3, 2, 1],
        "flagged": [1, 1, 0],
        "error": ["", "", "KeyError: <i>"],
    }
)
COUNTY = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("## 全县情况")])


def body(text):
    return text[text.index("<main>") : text.index("</main>")]


def test_reports_that_failed_stand_first_with_reason_and_notebook():
    text = body(build_index("督查", COUNTY, RUNS))
    assert text.index("1份报告没有生成") < text.index("units/乙镇.ipynb") < text.index("全县情况")
    assert "失败：KeyError: &lt;i&gt;" in text and "<b>乙镇" not in text


def test_only_reports_that_were_written_are_linked():
    text = body(build_index("督查", COUNTY, RUNS))
    assert '{"甲乡":"units/%E7%94%B2%20%E4%B9%A1.html"}' in text


def test_where_nothing_failed_nothing_is_said_of_it():
    assert "没有生成" not in build_index("督查", COUNTY, RUNS.head(2))


def test_where_the_county_s_own_page_failed_the_reports_are_listed():
    failed = RUNS.assign(page=["", "units/甲 乡.html", ""])
    text = body(build_index("督<查", None, failed))
    assert text.index("2份报告没有生成") < text.index('<a href="units/%E7%94%B2%20%E4%B9%A1.html">甲乡</a>')
    assert "<h1>督&lt;查</h1>" in text


def test_a_table_of_more_than_thirty_rows_is_folded_and_searched():
    rows = [[str(n)] for n in range(31)]
    shown, rest = long_table(["数"], rows).split("<details>")
    assert shown.count("<tr>") == 31 and rest.count("<tr>") == 2  # each with its head
    assert "其余1行" in rest and "共31行" in shown
    assert long_table(["数"], rows[:30]) == html_table(["数"], rows[:30])


def test_hours_and_means_are_printed_to_one_decimal_halves_up():
    assert [one_decimal(number) for number in (12.25, 0, 7, 0.05, pd.NA, None)] == [
        "12.3",
        "0.0",
        "7.0",
        "0.1",
        "—",
        "—",
    ]
