"""A run's file drafted for an export: complete, safe where the export cannot tell, never over a person's file."""

import pandas as pd
import pytest

from toolkit.errors import ParameterError, SourceError
from toolkit.preparing import run_draft
from toolkit.preparing.run_draft import NOT_OURS, PATTERN, draft_run, write_run
from toolkit.preparing.run_file import read_run

ROWS = {
    "工单编号": ["A1", "A2"],
    "承办单位": ["云岭镇", "青河镇"],
    "来件日": ["2025-05-02 09:00", "2025-06-30 10:00"],
    "回复时间": ["2025-05-04 09:00", "2025-07-03 10:00"],
}
MAPPING = "columns:\n  received_at: [来件日]\n"


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A project's folder of the test's own, with the demo's file, an export and its mapping."""
    (tmp_path / "parameters").mkdir()
    monkeypatch.setattr(run_draft, "PROJECT", tmp_path)
    pd.DataFrame(ROWS).to_csv(tmp_path / '导出"表.csv', index=False)
    (tmp_path / "列名.yml").write_text(MAPPING, encoding="utf-8")
    return tmp_path


def test_the_draft_is_a_run_that_can_be_read_with_nothing_of_the_demo_in_it(place):
    path = write_run(place / '导出"表.csv', "七月", place / "列名.yml")
    run = read_run(path)
    assert run.source == str(place / '导出"表.csv')
    assert [getattr(run, name.replace("register", "register_file")) for name in NOT_OURS] == [""] * len(
        NOT_OURS
    )
    assert run.output == "outputs/七月"
    settings = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert not [line for line in settings if "demo" in line]
    assert run.headers.columns["received_at"] == ["来件日"]


def test_the_cut_off_is_the_latest_time_told_so_that_no_answered_ticket_is_pushed(place):
    run = read_run(write_run(place / '导出"表.csv', "七月", place / "列名.yml"))
    assert f"{run.as_of:%Y-%m-%d %H:%M}" == "2025-07-03 10:00"
    assert str(run.period) == "2025-05-01..2025-06-30"


def test_a_time_written_wrong_for_years_ahead_is_no_cut_off(place):
    wrong = ROWS | {"回复时间": ["2059-05-04 09:00", "2025-07-03 10:00"]}
    pd.DataFrame(wrong).to_csv(place / '导出"表.csv', index=False)
    run = read_run(write_run(place / '导出"表.csv', "七月", place / "列名.yml"))
    assert f"{run.as_of:%Y-%m-%d %H:%M}" == "2025-07-03 10:00"


def test_a_whole_year_is_drafted_as_a_year(place):
    whole = ROWS | {"来件日": ["2025-01-02 09:00", "2025-12-30 10:00"], "回复时间": [None, None]}
    pd.DataFrame(whole).to_csv(place / '导出"表.csv', index=False)
    run = read_run(write_run(place / '导出"表.csv', "七月", place / "列名.yml"))
    assert str(run.period) == "2025-01-01..2025-12-31"


def test_what_explains_a_setting_stays_and_the_cut_off_asks_to_be_checked(place):
    said = draft_run(place / '导出"表.csv', "七月", place / "列名.yml")
    kept = [
        line for line in PATTERN.read_text(encoding="utf-8").splitlines() if line.startswith("# 考核办法")
    ]
    assert kept[0] in said
    assert "请核对：取导出表中最晚的办理时间" in said


def test_an_export_without_a_time_of_receipt_says_what_to_do(place):
    with pytest.raises(SourceError, match=r"expected times of receipt.*found none in 2 tickets.*--mapping"):
        write_run(place / '导出"表.csv', "七月")
    assert not (place / "parameters" / "七月.yml").exists()


def test_a_file_that_is_there_is_a_persons_work_and_stays(place):
    (place / "parameters" / "七月.yml").write_text("mine", encoding="utf-8")
    with pytest.raises(ParameterError, match="is there already"):
        write_run(place / '导出"表.csv', "七月", place / "列名.yml")
    assert (place / "parameters" / "七月.yml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["", "../七月", "a b", "-x"])
def test_a_name_is_a_files_name_and_no_path(place, name):
    with pytest.raises(ParameterError, match="no name of a run"):
        write_run(place / '导出"表.csv', name)
