"""The workbook as Excel finds it: text stays text, dates are dates, heading in sight, filters, everything defined."""

import re
from datetime import datetime
from zipfile import ZipFile

import pytest
from cases.registers import read_rows
from cases.supervising import AS_OF, enter, judge
from python_calamine import CalamineWorkbook
from xlsxwriter.utility import xl_col_to_name

from toolkit.supervising.entries import COLUMNS
from toolkit.supervising.ledger import read_register, write_register
from toolkit.supervising.states import STATES

HOSTILE = ["=cmd|' /C calc'!A0", "+1+1", "-2", "@SUM(1)", "http://a.example/<script>", "{=1}"]


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    orders = [{"ticket_id": f"{20250101000001 + place}", "title": text} for place, text in enumerate(HOSTILE)]
    register = enter(None, *orders).assign(handling=HOSTILE, fed_back=["2025-06-12", "见附件", *[None] * 4])
    ledger = read_register(tmp_path_factory.mktemp("desk") / "督办台账.xlsx", AS_OF)
    path = tmp_path_factory.getbasetemp() / "督办台账.xlsx"
    return write_register(path, ledger._replace(entries=judge(register, as_of="2025-06-20")), "2025-06-20")


def part(path, name):
    with ZipFile(path) as parts:
        return parts.read(name).decode()


def test_no_cell_runs_and_numbers_of_tickets_are_texts(path):
    heads, *rows = read_rows(path)
    assert [row[heads.index("办理情况")] for row in rows] == HOSTILE
    assert [row[heads.index("标题")] for row in rows] == HOSTILE
    assert rows[0][heads.index("工单编号")] == "20250101000001"
    with ZipFile(path) as parts:
        sheets = [name for name in parts.namelist() if "sheets/sheet" in name]
    assert not any(re.search(r"<f[ >]|<hyperlink", part(path, name)) for name in sheets)


def test_days_are_dates_and_words_stay_words(path):
    heads, first, second, *_ = read_rows(path)
    assert first[heads.index("签发日期")].isoformat()[:10] == "2025-06-10"
    assert first[heads.index("反馈时间")].isoformat()[:10] == "2025-06-12"
    assert second[heads.index("反馈时间")] == "见附件"
    assert not isinstance(first[heads.index("编号")], datetime)


def test_it_is_made_to_be_filtered_and_printed(path):
    sheet = part(path, "xl/worksheets/sheet1.xml")
    for said in (
        'orientation="landscape"',
        "<autoFilter",
        'state="frozen"',
        "<fitToPage".replace("<", ""),
        "dataValidation",
    ):
        assert said in sheet
    assert "_xlnm.Print_Titles" in part(path, "xl/workbook.xml")
    assert "2025-06-20T00:00:00Z" in part(path, "docProps/core.xml") or "2025-06-20T" in part(
        path, "docProps/core.xml"
    )


def test_what_the_office_needs_fits_a_page_of_a4_and_the_rest_stands_right_of_what_is_printed(path):
    heads = read_rows(path)[0]
    printed = heads[: heads.index("备注") + 1]
    assert {"编号", "承办单位", "督办原因", "反馈期限", "状态", "办理情况"} <= set(printed)
    last = xl_col_to_name(len(printed) - 1)
    assert f"督办台账!$A$1:${last}$7" in part(path, "xl/workbook.xml")
    widths = re.findall(r'<col min="(\d+)".*? width="([\d.]+)"', part(path, "xl/worksheets/sheet1.xml"))
    points = sum(float(width) for at, width in widths if int(at) <= len(printed)) * 5.25
    assert 277 / 25.4 * 72 / points > 0.7  # of 10 points, in what A4 holds between its margins: 7 and more


def test_rows_have_the_height_of_their_words_and_grow_with_what_is_written_into_them(path):
    sheet = part(path, "xl/worksheets/sheet1.xml")
    heights = [float(height) for height in re.findall(r'<row r="\d+"[^>]* ht="([\d.]+)"', sheet)]
    assert len(heights) == 6 and max(heights) > 30
    assert "customHeight" not in sheet.partition("<sheetData>")[2]


def test_everything_in_it_is_defined(path):
    assert CalamineWorkbook.from_path(path).sheet_names == ["督办台账", "汇总", "表内改动", "说明"]
    named = [row[0] for row in read_rows(path, "说明")]
    assert {column.label for column in COLUMNS.values()} <= set(named)
    assert {*STATES, "一般督办", "重点督办", "提级督办"} <= set(named)
    said = " ".join(row[1] + row[2] for row in read_rows(path, "说明"))
    assert "线索“超期未回复”，不少于10" in said
    assert "巴彦淖尔" in said


def test_the_counts_are_those_of_the_entries(path):
    heads, county, *_ = read_rows(path, "汇总")
    counts = dict(zip(heads, county, strict=True))
    assert (counts["承办单位"], counts["督办件数"], counts["已反馈（按时）"], counts["时间不明"]) == (
        "全县",
        6,
        1,
        1,
    )
