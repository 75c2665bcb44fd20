"""The notebooks over the cases, side by side in warm kernels: each run, and what it came to beside what is expected."""

import os
import tempfile
from pathlib import Path
from typing import NamedTuple

import nbformat

from toolkit.checking.browsing import NO_BROWSER, check_in_browser, open_browser
from toolkit.checking.cases import make_cases
from toolkit.checking.differences import list_differences
from toolkit.checking.expectations import FOLDER, describe_case, read_kept, write_kept
from toolkit.checking.gate import check_page
from toolkit.checking.outputs import list_errors, read_charts, read_tables
from toolkit.checking.results import PASSED, Row, judge, skip
from toolkit.checking.truths import check_counts, check_isolation, check_opening
from toolkit.errors import ParameterError, nearest
from toolkit.loading.load import load
from toolkit.preparing.prepare import prepare
from toolkit.preparing.report import cut_report, write_report
from toolkit.running.jobs import Job
from toolkit.running.kernels import warm_process
from toolkit.running.making import WRITTEN, make_report
from toolkit.running.workers import Lost, do_side_by_side
from toolkit.settings import PROJECT

NOTEBOOKS = ["unit_report", "county_bulletin", "data_check", "annual_summary"]
KEY = b"a fixed key: the cases' callers are invented"
SECONDS = 600  # for a case
NOTHING_KEPT = "没有预期结果：先看一遍这个案例的报告，再运行 toolkit check --update"


class Piece(NamedTuple):
    """A case to be run, and the folder for what it makes."""

    case: object
    folder: Path


class Made(NamedTuple):
    """What a case came to, the checks that need no expectation, and its pages."""

    described: dict
    rows: list
    pages: list


def check_matrix(codes=(), update=False, tell=lambda code: None):
    """The rows of every case, or of the named ones. update: what they come to is expected from now on, differences are told.

    tell: called with a case's code when it is done. ParameterError for a code that is none.
    """
    cases = choose_cases(codes)
    rows = [] if codes else _list_strangers(cases, update)
    with tempfile.TemporaryDirectory(prefix="check-") as folder, warm_process(), open_browser() as browser:
        pieces = [Piece(case, Path(folder) / case.code) for case in cases]
        for piece, made in do_side_by_side(run_case, pieces, (os.cpu_count() or 1) + 1, SECONDS):
            rows += _judge_case(piece.case, made, browser, update)
            tell(piece.case.code)
    order = {case.title: number for number, case in enumerate(cases)}
    return sorted(rows, key=lambda row: order.get(row.case, -1))


def choose_cases(codes):
    """The cases of these codes, or all."""
    cases = make_cases()
    known = [case.code for case in cases]
    if strange := [code for code in codes if code not in known]:
        raise ParameterError(
            f"no case '{strange[0]}': expected one of {', '.join(known)}.{nearest(strange[0], known)}"
        )
    return [case for case in cases if not codes or case.code in codes]


def _list_strangers(cases, update):
    """Kept files of which there is no case any more: taken away by an update, else told."""
    codes = {case.code for case in cases}
    strange = [path for path in sorted(FOLDER.glob("*.json")) if path.stem not in codes]
    for path in strange if update else []:
        path.unlink()
    told = [] if update else [f"parameters/checks/{path.name}：没有这个案例" for path in strange]
    return [judge("", "", "预期结果", told)] if strange else []


# --- a case, in a process of its own ---------------------------------------------------------------


def run_case(piece):
    """Prepare a case, run its notebooks, and check what must always hold; gives a `Made`."""
    case, folder = piece
    loaded = load(case.export, case.settings["as_of"], key=KEY)
    county = prepare(loaded, case.settings)
    rows = [judge(case.title, "", "合计、比率、每行去处", check_counts(county))]
    tables, charts, pages = {}, {}, []
    if case.with_notebooks:
        write_report(county, folder / "prepared")
        unit = cut_report(county, case.unit)
        rows.append(judge(case.title, "unit_report", "只含本单位工单", check_isolation(unit)))
        for name in NOTEBOOKS:
            job = _name_job(case, folder, name)
            notebook, own = _run_notebook(case, job, unit if name == "unit_report" else county)
            rows += own
            if notebook is not None:
                pages.append(job.page)
                tables[name], charts[name] = read_tables(notebook), read_charts(notebook)
    shown = (tables, charts) if case.with_tables else ({}, {})
    return Made(describe_case(county, *shown), rows, pages)


def _name_job(case, folder, name):
    parameters = {"prepared": str(folder / "prepared")} | (
        {"unit": case.unit} if name == "unit_report" else {}
    )
    notebook, page = (folder / f"{name}{end}" for end in (".ipynb", ".html"))
    return Job(name, "", PROJECT / "notebooks" / f"{name}.ipynb", parameters, notebook, page, case.title)


def _run_notebook(case, job, report):
    """The executed notebook, None where it failed, and its rows."""
    made = make_report(job)
    if made["state"] != WRITTEN:
        told = list_errors(nbformat.read(job.notebook, as_version=4)) if job.notebook.is_file() else []
        said = [f"第{number}个单元格：{error}" for number, error in told] or [made["error"]]
        return None, [judge(case.title, job.report, "运行", said)]
    notebook = nbformat.read(job.notebook, as_version=4)
    checks = {
        "运行": [],
        "每个数字所开的工单": check_opening(notebook, report),
        "页面": check_page(job.page.read_text(encoding="utf-8")),
    }
    return notebook, [judge(case.title, job.report, name, said) for name, said in checks.items()]


# --- beside what is expected -----------------------------------------------------------------------


def _judge_case(case, made, browser, update):
    if isinstance(made, Lost):
        return [judge(case.title, "", "运行", [made.reason])]
    rows = made.rows + [_browse(case, page, browser) for page in made.pages]
    kept = read_kept(case.code)
    said = [NOTHING_KEPT] if kept is None else list(list_differences(kept, made.described))
    if update:
        write_kept(case.code, made.described)
        said = [] if kept is None else said
        return [*rows, Row(case.title, "", UPDATED if said else AS_EXPECTED, PASSED, tuple(said))]
    return [*rows, judge(case.title, "", AS_EXPECTED, said)]


AS_EXPECTED, UPDATED = "数字、表格、图与预期一致", "预期已改写"


def _browse(case, page, browser):
    if browser is None:
        return skip(case.title, page.stem, "浏览器", NO_BROWSER)
    return judge(case.title, page.stem, "浏览器", check_in_browser(browser, page))
