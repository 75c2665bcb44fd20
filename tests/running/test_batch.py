"""The batch: one failing unit leaves the others whole, bad input writes nothing, exit codes tell."""

import json
import re
import sys
from pathlib import Path
from unittest.mock import patch
from urllib.parse import quote

import nbformat
import pandas as pd
import pytest
from cases.drill import find_packed, read_column

from toolkit import proofread
from toolkit.cli import main
from toolkit.errors import ParameterError
from toolkit.loading.store import read_store
from toolkit.preparing.prepare import prepare
from toolkit.preparing.report import read_report
from toolkit.preparing.run_file import read_run
from toolkit.presenting import sentences
from toolkit.presenting.writing.drafts import FILES
from toolkit.proofreading.text import read_text
from toolkit.running.batch import RUNS, run_batch
from toolkit.running.jobs import check_parameters, plan
from toolkit.running.source import load_run
from toolkit.settings import PROJECT

EXPORT = {
    "工单编号": ["A1", "A2", "B1"],
    "承办单位": ["甲镇", "甲镇", "乙局"],
    "受理时间": ["2025-03-04 09:00"] * 3,
    "诉求内容": ["路灯不亮", "自来水停水，联系电话13912345678", "工资拖欠"],
}


@pytest.fixture
def run_file(tmp_path):
    """Writes a run's parameter file for the small export; keywords replace its settings."""
    pd.DataFrame(EXPORT).to_csv(tmp_path / "export.csv", index=False)
    (tmp_path / "caller.key").write_bytes(b"a key of the tests alone")

    def write(**settings):
        usual = {
            "title": "督查",
            "source": str(tmp_path / "export.csv"),
            "as_of": "2025-03-31",
            "period": "2025-03",
            "caller_key": str(tmp_path / "caller.key"),
            "output": str(tmp_path / "out"),
        }
        path = tmp_path / "run.yml"
        path.write_text(json.dumps(usual | settings), encoding="utf-8")
        return path

    return write


def toolkit_command(capfd, *words):
    """Run the command line as a user would; exit code, output and errors."""
    with patch.object(sys, "argv", ["toolkit", *map(str, words)]), pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code, *capfd.readouterr()


@pytest.fixture
def failing_notebook(tmp_path):
    """The unit report with a cell that fails for one unit."""
    notebook = nbformat.read(PROJECT / "notebooks" / "unit_report.ipynb", as_version=4)
    bad = nbformat.v4.new_code_cell('assert unit != "甲镇", "no such luck"', id="bad-cell")
    notebook.cells.insert(3, bad)
    nbformat.write(notebook, tmp_path / "failing.ipynb")
    return tmp_path / "failing.ipynb"


def test_a_run_writes_a_page_a_notebook_and_a_line_for_every_report(run_file, tmp_path, capfd):
    code, said, _ = toolkit_command(capfd, "batch", run_file())
    out = tmp_path / "out"
    runs = pd.read_csv(out / "runs.csv")
    assert code == 0
    assert runs.columns.tolist() == RUNS
    assert runs["report"].tolist() == ["全县", "乙局", "甲镇"]
    assert runs["tickets"].tolist() == [3, 1, 2]
    assert all((out / path).is_file() for path in [*runs["page"], *runs["notebook"], "index.html"])
    assert "3 reports written, 0 failed" in said
    assert "index.html" in said


def test_one_failing_unit_leaves_the_others_whole(run_file, failing_notebook, tmp_path, capfd):
    code, _, errors = toolkit_command(capfd, "batch", run_file(unit_notebook=str(failing_notebook)))
    runs = pd.read_csv(tmp_path / "out" / "runs.csv").set_index("report")
    assert code == 1
    assert runs["state"].to_dict() == {"全县": "written", "乙局": "written", "甲镇": "failed"}
    assert "no such luck" in runs.loc["甲镇", "error"]
    assert "failed: 甲镇: AssertionError: no such luck" in errors
    assert not (tmp_path / "out" / "units" / "甲镇.html").exists()
    notebook = nbformat.read(tmp_path / "out" / runs.loc["甲镇", "notebook"], as_version=4)
    marked = [
        cell for cell in notebook.cells if any(o.output_type == "error" for o in cell.get("outputs", []))
    ]
    assert ["no such luck" in cell.source for cell in marked] == [True]
    assert "失败：AssertionError" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")


def test_several_policies_go_to_the_notebooks_as_one_text_they_take(run_file, tmp_path):
    files = [tmp_path / f"{name}.yml" for name in ("old", "new")]
    for file, day in zip(files, ["2024-01-01", "2025-03-04"], strict=True):
        file.write_text(f"name: {file.stem}\nsource: 测试\nvalid_from: {day}\n", encoding="utf-8")
    run = read_run(run_file(policy=[str(file) for file in files]))
    jobs = plan(run, prepare(load_run(run), run), tmp_path / "out")
    check_parameters(jobs)
    assert {job.parameters["policy"] for job in jobs} == {f"{files[0]}, {files[1]}"}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"source": "nowhere.xlsx"}, "no export at 'nowhere.xlsx'"),
        (
            {"caller_key": "demo"},
            "'demo' is a published key, and the source is not an export that `toolkit demo`",
        ),
        (
            {"caller_key": "nowhere.key"},
            "the key file 'nowhere.key' cannot be read (No such file or directory)",
        ),
        ({"units": ["甲镇", "甲乡", "丙局"]}, "'甲乡' has no ticket in this run. Did you mean '甲镇'?"),
        ({"policy": "county_defualt"}, "Did you mean 'county_default'?"),
        ({"unit_notebook": "notebooks/unit_reprot.ipynb"}, "no notebook 'unit_reprot.ipynb'"),
        ({"sorce": "x"}, "'sorce' is not a setting. Did you mean 'source'?"),
        ({"as_of": "2035-01-01"}, "outside the published working-day calendar"),
        (
            {"redaction": "publik"},
            "no version 'publik' in redaction.yml: expected one of internal, to_unit, public",
        ),
        ({"workers": 0}, "'workers': Input should be greater than or equal to 1"),
    ],
)
def test_unusable_input_is_told_and_nothing_is_written(run_file, tmp_path, capfd, settings, said):
    code, _, errors = toolkit_command(capfd, "batch", run_file(**settings))
    assert code == 2
    assert said in errors
    assert "Traceback" not in errors
    assert not (tmp_path / "out").exists()


def test_no_cell_of_the_runs_table_is_a_formula_and_none_names_a_person(
    run_file, failing_notebook, tmp_path, capfd
):
    export = pd.DataFrame(EXPORT | {"承办单位": ["=1+1镇", "甲镇", "乙局"]})
    export.to_csv(tmp_path / "formula.csv", index=False)
    notebook = nbformat.read(failing_notebook, as_version=4)
    notebook.cells[3].source = "raise KeyError('王建国 13912345678')"
    nbformat.write(notebook, failing_notebook)
    settings = {"source": str(tmp_path / "formula.csv"), "units": ["=1+1镇"]}
    code, *_ = toolkit_command(capfd, "batch", run_file(unit_notebook=str(failing_notebook), **settings))
    runs = pd.read_csv(tmp_path / "out" / "runs.csv", dtype=str, keep_default_na=False)
    assert code == 1
    assert runs["report"].tolist() == ["全县", "'=1+1镇"]
    assert runs["error"][1] == "KeyError: '王某某 139****78'"
    assert not runs.apply(lambda cells: cells.str.match(r"\s*[=+\-@]")).any().any()


def test_a_missing_run_file_is_told(capfd):
    code, _, errors = toolkit_command(capfd, "batch", "nowhere.yml")
    assert (code, errors.strip()[:40]) == (2, "no parameter file 'nowhere.yml': expecte")


def test_parameters_the_notebook_does_not_declare_are_named_before_any_kernel_starts(
    run_file, tmp_path, capfd
):
    notebook = nbformat.read(PROJECT / "notebooks" / "unit_report.ipynb", as_version=4)
    cell = next(cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", []))
    cell.source = cell.source.replace("period: str", "peroid: str").replace(
        'as_of: str = "', 'as_of: int = 1  # "'
    )
    nbformat.write(notebook, tmp_path / "odd.ipynb")
    code, _, errors = toolkit_command(capfd, "batch", run_file(unit_notebook=str(tmp_path / "odd.ipynb")))
    assert code == 2
    assert "no parameter 'period'. Did you mean 'peroid'?" in errors
    assert "parameter 'as_of' is int, found" in errors
    assert not (tmp_path / "out").exists()


def test_a_folder_that_holds_something_else_is_not_touched(run_file, tmp_path, capfd):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.docx").write_text("mine")
    code, _, errors = toolkit_command(capfd, "batch", run_file())
    assert code == 2
    assert "holds what no run wrote (thesis.docx)" in errors
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["thesis.docx"]


def test_nothing_that_goes_out_holds_a_phone_number(demo_reports):
    for path in Path(demo_reports[1]).glob("**/*.*"):
        if path.suffix in (".html", ".ipynb", ".csv", ".json"):
            text = re.sub(r"\b[0-9a-f]{64}\b", "", path.read_text(encoding="utf-8"))  # hashes hold any digits
            assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", text), path


@pytest.mark.parametrize("column", ["title", "content", "reply", "address"])
def test_the_tickets_of_a_page_hold_no_phone_number(demo_reports, column):
    for path in Path(demo_reports[1]).glob("units/*.html"):
        texts = pd.Series(read_column(find_packed(path.read_text(encoding="utf-8")), column))
        assert texts.notna().any()
        assert not texts.str.contains(r"(?<!\d)1[3-9]\d{9}(?!\d)", na=False).any(), path


def test_prepared_data_of_a_unit_holds_no_other(demo_reports, demo_tickets):
    own = read_report(Path(demo_reports[1]) / "prepared", "苇渡乡")
    assert own.tickets["unit"].eq("苇渡乡").all()
    mine = set(demo_tickets.loc[demo_tickets["unit"].eq("苇渡乡"), "ticket_id"])
    for frame in (own.tickets, own.findings, own.marks, own.issues, own.legs):
        assert set(frame["ticket_id"].dropna()) <= mine


def test_parquet_of_two_runs_is_the_same_bytes(demo_reports, demo_again):
    first, second = Path(demo_reports[1]) / "prepared", demo_again / "prepared"
    files = sorted(path.name for path in first.iterdir())
    assert files == sorted(path.name for path in second.iterdir())
    assert [name for name in files if (first / name).read_bytes() != (second / name).read_bytes()] == []


def test_a_second_run_replaces_the_first(demo_reports, demo_again, demo_run):
    first, second = demo_run.units
    assert (Path(demo_reports[1]) / "units" / f"{second}.html").is_file()
    files = sorted(path.name for path in (demo_again / "units").iterdir())
    assert files == [f"{first}.html", f"{first}.ipynb"]


def test_a_run_with_a_store_answers_as_of_an_earlier_export(run_file, tmp_path, capfd):
    store = {"store": str(tmp_path / "store")}
    code, said, _ = toolkit_command(capfd, "store", run_file(**store))
    assert (code, "3 new, 0 changed, 0 gone" in said) == (0, True)
    replied = pd.DataFrame(EXPORT | {"回复时间": ["2025-04-02 09:00", None, None]})
    replied.to_csv(tmp_path / "export.csv", index=False)
    _, said, _ = toolkit_command(capfd, "store", run_file(**store, as_of="2025-04-30"))
    assert "0 new, 1 changed, 0 gone" in said
    assert "回复时间" in said
    assert read_store(tmp_path / "store", "2025-03-31")["replied_at"].isna().all()
    assert read_store(tmp_path / "store")["replied_at"].notna().sum() == 1


def test_rows_refused_stand_beside_the_reports_for_correction(demo_loaded, demo_reports):
    assert demo_loaded.issues["kind"].eq("refused").any()
    assert (Path(demo_reports[1]) / "待修正.xlsx").is_file()


def test_an_unknown_unit_of_a_notebook_is_told_with_the_known_ones(demo_reports):
    with pytest.raises(ParameterError, match=r"(?s)'苇度乡' has no ticket.*Did you mean '苇渡乡'.*known: "):
        read_report(Path(demo_reports[1]) / "prepared", "苇度乡")


def test_the_texts_that_go_out_stand_beside_the_county_s_page_which_links_them(demo_reports):
    folder = Path(demo_reports[1])
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert sorted(FILES) == ["全县通报.docx", "全县通报.txt", "年度总结.docx", "年度总结.txt"]
    for file in FILES:
        assert f'href="{quote(file)}">{file}</a>' in page
        assert read_text(folder / file).startswith("青禾县12345热线2025年")


def test_our_own_proofreading_finds_nothing_wrong_in_the_demo_s_texts(demo_reports, demo_tickets, demo_run):
    own = demo_tickets[demo_run.period.holds(demo_tickets["received_at"])]
    for file in FILES:
        proof = proofread(Path(demo_reports[1]) / file, own)
        assert "一致" in set(proof["verdict"])
        wrong = proof[
            proof["verdict"].isin(["不一致", "不可能", "可疑"]) & ~proof["stated"].str.contains("待补|接待日")
        ]
        assert wrong[["stated", "claim", "how"]].to_numpy().tolist() == []


def test_a_mistake_in_a_template_stops_the_run_before_anything_is_written(run_file, tmp_path, monkeypatch):
    (tmp_path / "templates").mkdir()
    for name in ["bulletin", "annual_summary"]:
        (tmp_path / "templates" / f"{name}.txt").write_text("{{ recieved }}", encoding="utf-8")
    monkeypatch.setattr(sentences, "FOLDER", tmp_path / "templates")
    with pytest.raises(
        ParameterError, match=r"bulletin.txt\n .*line 1: 'recieved' is undefined. Did you mean 'received'"
    ):
        run_batch(read_run(run_file()))
