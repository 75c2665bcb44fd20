"""The command line: whatever it is given, exit code 2 and plain words rather than a traceback."""

import os
import subprocess
import sys
from unittest.mock import patch

import pytest

from toolkit.cli import main
from toolkit.settings import PROJECT

EXPORT = "工单编号,受理时间,承办单位\nA1,2026-12-01 09:00,甲镇\n"


def toolkit_command(capfd, *words):
    """Run the command line as a user would; exit code, output and errors."""
    with patch.object(sys, "argv", ["toolkit", *map(str, words)]), pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code, *capfd.readouterr()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["batch"], "Missing argument"),
        (["batch", "nowhere.yml"], "no parameter file 'nowhere.yml'"),
        (["batch", "."], "no parameter file '.'"),
        (["store", "nowhere.yml"], "no parameter file 'nowhere.yml'"),
        (["inspect", "nowhere.xlsx"], "no file, folder or pattern 'nowhere.xlsx'"),
        (["inspect", "nowhere.yml"], "no file, folder or pattern 'nowhere.yml'"),
        (["inspect", "x" * 300], "no file, folder or pattern 'xxx"),
        (["scheme", "county_defualt"], "Did you mean 'county_default'?"),
        (["scheme", "lianyungan"], "Did you mean 'lianyungang'?"),
        (["scheme", "parameters"], "no scheme 'parameters'"),
        (["scheme", "x" * 300], "no scheme 'xxx"),
        (["proofread", "nowhere.docx"], "no file, folder or pattern 'nowhere.docx'"),
        (["demo", "README.md"], "README.md"),
        (["check", "nowhere.ipynb"], "no file, folder or pattern 'nowhere.ipynb'"),
        (["check", "README.md"], "'README.md' is no notebook: expected an .ipynb file"),
        (["check", "tests", "--against", "nowhere"], "no file, folder or pattern 'nowhere'"),
        (["check", "tests", "--against", "docs"], "'docs' holds no finished run"),
        (["new", "notebook", "a/b"], "'a/b' cannot be the name of a notebook"),
        (["no_such_command"], "No such command"),
        (["inspect", "x.csv", "--maping", "y"], "No such option"),
    ],
)
def test_wrong_arguments_end_with_exit_code_2_and_plain_words(capfd, words, said):
    code, _, errors = toolkit_command(capfd, *words)
    assert code == 2
    assert said in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "as_of is missing"),
        (["--as-of", "soon"], "as_of 'soon' is not a local time"),
        (["--as-of", "2026-12-10", "--period", "last year"], "period 'last year' cannot be read"),
        (["--as-of", "2026-12-10", "--policy", "county_defualt"], "Did you mean 'county_default'?"),
    ],
)
def test_a_report_is_not_compared_by_options_that_cannot_be_read(capfd, tmp_path, options, said):
    (tmp_path / "report.txt").write_text("本期受理工单1件。", encoding="utf-8")
    (tmp_path / "export.csv").write_text(EXPORT, encoding="utf-8")
    given = [tmp_path / "report.txt", "--data", tmp_path / "export.csv", *options]
    code, _, errors = toolkit_command(capfd, "proofread", *given)
    assert (code, said in errors) == (2, True), errors


def test_inspecting_a_run_warns_before_the_working_day_calendar_ends(capfd, tmp_path):
    (tmp_path / "export.csv").write_text(EXPORT, encoding="utf-8")
    run = f"title: t\nsource: {tmp_path}/export.csv\noutput: o\nperiod: 2026-12\nas_of: 2026-12-10\n"
    (tmp_path / "run.yml").write_text(run, encoding="utf-8")
    _, _, errors = _inspect(capfd, tmp_path / "run.yml")
    assert "工作日历只到2026年12月31日，距统计截止21天" in errors
    (tmp_path / "run.yml").write_text(run.replace("2026-12", "2026-06"), encoding="utf-8")
    assert "工作日历" not in _inspect(capfd, tmp_path / "run.yml")[2]


def test_a_console_that_lacks_a_character_gets_its_number(tmp_path):
    (tmp_path / "export.csv").write_text(EXPORT.replace("甲镇", "𠮷镇"), encoding="utf-8")
    command = [sys.executable, "-m", "toolkit", "inspect", str(tmp_path / "export.csv")]
    chinese_windows = os.environ | {"PYTHONIOENCODING": "cp936", "PYTHONUTF8": "0"}
    done = subprocess.run(command, env=chinese_windows, capture_output=True, cwd=PROJECT, check=False)
    assert done.returncode == 0, done.stderr.decode("cp936")
    assert r"\U00020bb7镇" in done.stdout.decode("cp936")


def _inspect(capfd, path):
    code, said, errors = toolkit_command(capfd, "inspect", path)
    assert code == 0, errors
    return code, said, errors
