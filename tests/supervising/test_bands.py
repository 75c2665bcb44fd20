"""The table of grades: groups apart, nobody ranked, each rate with its counts, and why a unit has no grade."""

import pytest
from cases.registers import read_rows
from cases.reports import report_of, with_frames
from python_calamine import CalamineWorkbook

from toolkit import schema
from toolkit.supervising.bands import write_bands


@pytest.fixture(scope="module")
def county():
    """Two townships of thirty tickets, one of them late with six, and a bureau with one."""
    units = ["甲乡"] * 30 + ["乙镇"] * 30 + ["=丙局"]
    rows = {
        "ticket_id": [f"t{place}" for place in range(61)],
        "unit": units,
        "unit_group": ["乡镇"] * 60 + ["县直/部门"],
        "received_at": "2025-05-06 09:00",
        "dispatched_at": "2025-05-06 10:00",
        "signed_at": "2025-05-06 11:00",
        "first_contact_at": "2025-05-06 11:00",
        "replied_at": ["2025-05-07 09:00"] * 24 + ["2025-06-03 09:00"] * 6 + ["2025-05-07 09:00"] * 31,
        "satisfaction": "满意",
        "resolved": "已解决",
    }
    return report_of(schema.make_tickets(rows), "2025-06-10 12:00", "2025-05")


def test_units_stand_by_group_and_grade_with_the_counts_of_each_rate(county, tmp_path):
    path = write_bands(county, tmp_path / "分档表.xlsx")
    heads, *rows = read_rows(path, "乡镇")
    assert "名次" not in heads
    assert [row[0] for row in rows] == ["乙镇", "甲乡"]
    rate = [row[heads.index("按期回复")] for row in rows]
    assert rate == ["100%（30/30）", "80%（24/30）"]
    assert all(row[heads.index("等次")] in "ABCD" for row in rows)


def test_a_unit_without_a_grade_says_why_and_a_name_is_no_formula(county, tmp_path):
    path = write_bands(county, tmp_path / "分档表.xlsx")
    heads, row = read_rows(path, "县直_部门")
    assert row[0] == "=丙局"
    assert row[heads.index("等次")] == "—"
    assert "不足" in row[heads.index("说明")]


def test_the_definitions_name_scheme_and_rates_and_the_bytes_are_the_same(county, tmp_path):
    paths = [write_bands(county, tmp_path / name) for name in ("a.xlsx", "b.xlsx")]
    assert paths[0].read_bytes() == paths[1].read_bytes()
    said = {row[0]: row[1] for row in read_rows(paths[0], "说明")}
    assert "国办函〔2025〕66号" in said["分档"]
    assert "按期回复率" in said["按期回复"]


def test_a_run_without_units_to_grade_says_so(county, tmp_path):
    none = {name: getattr(county.assessed, name).head(0) for name in ("standings", "items")}
    path = write_bands(with_frames(county, **none), tmp_path / "分档表.xlsx")
    assert CalamineWorkbook.from_path(path).sheet_names == ["说明"]
    assert ["说明", "本次运行没有可以评定的单位"] in read_rows(path, "说明")
