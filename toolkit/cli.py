"""The command line: inspect, new, batch, lab, check, store, proofread, scheme, doctor, demo. No logic lives here."""

import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from toolkit.checking.command import check, new
from toolkit.errors import ParameterError, ReportError, ToolkitError
from toolkit.preparing.run_file import read_run
from toolkit.settings import project_path

app = typer.Typer(
    help="Supervision reports for a 12345 hotline.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)
ALL_WRITTEN, SOME_FAILED, UNUSABLE, STOPPED = 0, 1, 2, 130

app.command()(check)
app.add_typer(new, name="new")


@app.command()
def batch(
    run_file: Annotated[Path, typer.Argument(help="The run's parameter file, e.g. parameters/demo.yml")],
    force: Annotated[
        bool, typer.Option("--force", help="Make reports again that would be as they are")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be made; write nothing")
    ] = False,
    cluster: Annotated[
        str, typer.Option(help="A Dask cluster that makes the reports, e.g. tcp://scheduler:8786")
    ] = "",
):
    """Write every report of a run: one page per unit and the county's overview. Reports that would be the same are kept.

    Exit code 0: all written. 1: some failed, see runs.csv. 2: the input cannot be used, nothing was written. 130: stopped.
    """
    from toolkit.preparing.report import read_report
    from toolkit.running.batch import WRITTEN, list_plan, run_batch

    started = time.perf_counter()
    run = read_run(run_file)
    if dry_run:
        typer.echo(list_plan(run, force).to_string(index=False))
        return
    try:
        runs = run_batch(run, force, cluster)
    except KeyboardInterrupt:
        typer.echo(
            "\nstopped; reports that were written are whole. The same command goes on where it stopped",
            err=True,
        )
        raise typer.Exit(STOPPED) from None
    written = int(runs["state"].eq(WRITTEN).sum())
    failed = len(runs) - written
    account = read_report(project_path(run.output) / "prepared").basis.account
    typer.echo(account.to_string(index=False))
    _warn_calendar(run)
    typer.echo(f"{written} reports written, {failed} failed, in {time.perf_counter() - started:.0f} s")
    typer.echo(f"Open {_shown(project_path(run.output) / 'index.html')}")
    for row in runs[runs["state"].ne(WRITTEN)].to_dict("records"):
        see = f" (see {row['notebook']})" if row["notebook"] else ""
        typer.echo(f"failed: {row['report']}: {row['error']}{see}", err=True)
    raise typer.Exit(SOME_FAILED if failed else ALL_WRITTEN)


@app.command()
def demo(
    folder: Annotated[str, typer.Argument(help="Where the invented export goes")] = "outputs/demo_county",
):
    """Invent a county: two years of tickets as messy as a real export, and the list of planted problems."""
    from toolkit.demo.county import write_demo

    typer.echo(f"Wrote the demo county's export to {_shown(write_demo(project_path(folder)))}")


@app.command()
def inspect(
    source: Annotated[
        str, typer.Argument(help="An export (file, folder, pattern), or a run's parameter file")
    ],
    mapping: Annotated[
        str,
        typer.Option(help="Write the headers to this file, to edit and give to a run; edits in it are kept"),
    ] = "",
):
    """Show how an export would be read: each column, what would be refused and why. Nothing is loaded."""
    from toolkit.loading.mapping import write_mapping
    from toolkit.loading.places import find_typed
    from toolkit.loading.preview import inspect, list_absent, list_not_loaded

    place = find_typed(source)
    kept = Path(mapping).resolve() if mapping else None
    run = read_run(place) if source.endswith((".yml", ".yaml")) else None
    own = kept if kept and kept.exists() else None
    found = inspect(run.source, run.headers, run.corrections or None) if run else inspect(place, own)
    shown = found.columns.drop(columns=["file", "sheet"]).fillna("")
    for (file, sheet), rows in shown.groupby([found.columns["file"], found.columns["sheet"]], sort=False):
        typer.echo(f"{file} {sheet}")
        typer.echo(rows.to_string(index=False))
    typer.echo(found.account.to_string(index=False))
    not_loaded = list_not_loaded(found.issues)
    if len(not_loaded):
        typer.echo(not_loaded.to_string(index=False))
    for absent in list_absent(found, own) if own else []:
        typer.echo(f"{_shown(own)} names a header the export does not have: {absent}", err=True)
    if run:
        _warn_calendar(run)
    if mapping:
        typer.echo(f"Wrote {_shown(write_mapping(found, kept))}; what stood there before is kept")


@new.command("run")
def new_run(
    name: Annotated[str, typer.Argument(help="The run's name: parameters/NAME.yml")],
    source: Annotated[str, typer.Argument(help="The export: a file, a folder or a pattern")],
    mapping: Annotated[str, typer.Option(help="The mapping file of `toolkit inspect`, edited")] = "",
):
    """Draft a run's file for your own export: cut-off and period are read from it, every setting is explained."""
    from toolkit.loading.places import find_typed
    from toolkit.preparing.run_draft import write_run

    path = write_run(find_typed(source), name, find_typed(mapping, ParameterError) if mapping else "")
    typer.echo(f"Wrote {_shown(path)}: check as_of and period in it, then: toolkit batch {_shown(path)}")


@app.command()
def store(
    run_file: Annotated[Path, typer.Argument(help="The run's parameter file; its `store` names the folder")],
):
    """Keep a run's export: the latest state of each ticket and its earlier ones; says what changed."""
    from toolkit.running.source import keep_tickets, load_run

    run = read_run(run_file)
    run = run if run.store else run.model_copy(update={"store": "outputs/store"})
    loaded = load_run(run)
    typer.echo(loaded.account.to_string(index=False))
    changes = keep_tickets(loaded, run)
    said = {"new": "new", "changed": "changed", "gone": "gone from the export"}
    typer.echo(", ".join(f"{int(changes['change'].eq(word).sum())} {text}" for word, text in said.items()))
    shown = changes[changes["change"].ne("new")].head(50)
    if len(shown):
        typer.echo(shown.to_string(index=False))


@app.command()
def scheme(
    name: Annotated[str, typer.Argument(help="A scheme of parameters/schemes, or a file")] = "county_default",
):
    """Print a scoring scheme as a 考核办法 to be read."""
    from toolkit.assessing.scheme_text import print_scheme

    typer.echo(print_scheme(name), nl=False)


@app.command()
def proofread(
    report: Annotated[Path, typer.Argument(help="A written report: .docx or .txt; looked for here first")],
    data: Annotated[str, typer.Option(help="An export, or a run's parameter file, to compare with")] = "",
    as_of: Annotated[str, typer.Option(help="The cut-off time of the figures, e.g. 2025-12-31")] = "",
    period: Annotated[str, typer.Option(help="The days of the report, e.g. 2025 or 2025-03")] = "",
    policy: Annotated[str, typer.Option(help="The policy that says what is late")] = "",
    output: Annotated[str, typer.Option(help="Where the page goes; the table beside it as .xlsx")] = "",
):
    """Check the figures of a written report, with or without the data; write the text marked up and the table."""
    from toolkit.loading.places import find_typed
    from toolkit.presenting.proof_page import say_accused, say_result, write_proof_page, write_proof_table
    from toolkit.proofreading.proofread import proofread
    from toolkit.proofreading.source import read_data
    from toolkit.proofreading.text import read_text

    text = read_text(find_typed(report, ReportError))
    beside = read_data(find_typed(data), as_of, period, policy) if data else None
    compared = (beside.tickets, beside.scorecard, beside.scorecard_before) if beside else ()
    facts = {"报告": report.name} | (
        beside.about if beside else {"对照数据": "未提供，只核对文中各数之间的关系"}
    )
    findings = proofread(text, *compared)
    page = project_path(output or f"outputs/proofread/{report.stem}_校核.html").with_suffix(".html")
    write_proof_page(page, f"{report.stem}：数字校核", text, findings, facts)
    table = write_proof_table(page.with_suffix(".xlsx"), findings)
    typer.echo("\n".join([f"{report.name}：{say_result(findings)}", *say_accused(findings)]))
    typer.echo(f"标注原文：{_shown(page)}\n明细表：{_shown(table)}")


@app.command()
def lab(
    notebook: Annotated[str, typer.Argument(help="The notebook to open")] = "notebooks/explore.ipynb",
    port: Annotated[
        int | None, typer.Option(help="The port; if not given, the first free one from 8888")
    ] = None,
    browser: Annotated[bool, typer.Option(help="Whether the browser is opened")] = True,
    allow_root: Annotated[
        bool, typer.Option("--allow-root", help="Start it as root, as in a container")
    ] = False,
    voila: Annotated[
        bool, typer.Option("--voila", help="Show it as a page without code, for a leader")
    ] = False,
):
    """Open JupyterLab on the explorer; it serves this machine alone and asks nothing of the network."""
    from toolkit.loading.places import find_typed
    from toolkit.running.lab.serve import serve_lab

    serve_lab(find_typed(notebook, ParameterError), port, browser, allow_root, voila, typer.echo)


@app.command()
def doctor(
    as_of: Annotated[
        str, typer.Option(help="The day from which the calendar's end is looked at; today if not given")
    ] = "",
):
    """Say what this machine has of what is needed, and what to do about the rest. Exit code 1: something is missing."""
    from toolkit.installing.check import BROKEN
    from toolkit.installing.doctor import examine, read_day, say_check, say_result

    checks = []
    for found in examine(read_day(as_of)):
        checks.append(found)
        typer.echo(say_check(found))
    typer.echo(say_result(checks))
    raise typer.Exit(SOME_FAILED if any(check.state == BROKEN for check in checks) else ALL_WRITTEN)


def _warn_calendar(run):
    from toolkit.clocking.in_force import read_policies
    from toolkit.clocking.workdays import warn_calendar_end

    warnings = [warn_calendar_end(run.as_of, policy.workdays) for policy in read_policies(run.policy)]
    for warning in dict.fromkeys(filter(None, warnings)):
        typer.echo(warning, err=True)


def _shown(path):
    """A path as a reader would type it from here."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def main():
    """Run a command; an input that cannot be used is told in plain words, with exit code 2."""
    for stream in (
        sys.stdout,
        sys.stderr,
    ):  # a character that a Windows console's GBK lacks is written as its number
        stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except ToolkitError as error:
        typer.echo(str(error), err=True)
        sys.exit(UNUSABLE)
    except OSError as error:  # a folder that cannot be written, a full disk
        typer.echo(
            f"{error.filename or 'a file'} cannot be read or written: {error.strerror or error}", err=True
        )
        sys.exit(UNUSABLE)
