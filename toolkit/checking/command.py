"""The commands of this room: `toolkit check` and `toolkit new`. What they need is imported when they run."""

from pathlib import Path
from typing import Annotated

import typer

SAME, DIFFERS = 0, 1
LINES = 60  # of figures on the screen; the workbook has them all


def check(
    target: Annotated[
        str,
        typer.Argument(help="A notebook of your own; with --against a run's folder or its parameter file"),
    ] = "",
    against: Annotated[str, typer.Option(help="The folder of an earlier run to compare with")] = "",
    output: Annotated[str, typer.Option(help="Where the comparison goes as .xlsx")] = "",
    case: Annotated[list[str] | None, typer.Option(help="Only these cases, e.g. small")] = None,
    update: Annotated[
        bool, typer.Option("--update", help="Expect from now on what is there, and show what differs")
    ] = False,
    junit: Annotated[str, typer.Option(help="Where the results go as JUnit XML")] = "",
):
    """Say whether the notebooks still run and still say true things; whether a notebook of your own does; what changed.

    Without a target all of it: the notebooks over every case, and their stored outputs. Exit code 0: all passed, or the
    same. 1: something failed, or differs. 2: what was given cannot be used.
    """
    if against:
        _compare(target or "outputs/demo", against, output)
    rows = _check_own(target) if target else _check_all(case or (), update)
    _tell(rows, junit)


def _check_all(cases, update):
    from toolkit.checking.matrix import check_matrix
    from toolkit.checking.stored import check_stored

    rows = check_matrix(cases, update, lambda code: typer.echo(code, err=True))
    return rows if cases else [*rows, *check_stored()]


def _check_own(target):
    from toolkit.checking.own import check_own
    from toolkit.errors import ParameterError
    from toolkit.loading.places import find_typed

    return check_own(find_typed(target, ParameterError))


def _tell(rows, junit):
    from toolkit.checking.results import is_passed, say_results, write_junit

    typer.echo("\n".join(say_results(rows)))
    if junit:
        write_junit(rows, Path(junit).resolve())
    raise typer.Exit(SAME if is_passed(rows) else DIFFERS)


def _compare(target, against, output):
    from toolkit.checking.against import compare_runs, is_same, say_comparison, write_comparison
    from toolkit.loading.places import find_typed
    from toolkit.preparing.run_file import read_run
    from toolkit.settings import project_path

    run = project_path(read_run(target).output) if target.endswith((".yml", ".yaml")) else find_typed(target)
    compared = compare_runs(find_typed(against), run)
    typer.echo("\n".join(say_comparison(compared, LINES)))
    if output:
        table = write_comparison(compared, Path(output).resolve().with_suffix(".xlsx"))
        typer.echo(f"明细表：{table.name}")
    raise typer.Exit(SAME if is_same(compared) else DIFFERS)


new = typer.Typer(help="Begin a file of your own.", no_args_is_help=True)


@new.command("notebook")
def new_notebook(name: Annotated[str, typer.Argument(help="Its name, e.g. 超期分析")]):
    """Write notebooks/NAME.ipynb: parameters, a run's report, one table, one chart; it passes `toolkit check`."""
    from toolkit.checking.template import write_notebook
    from toolkit.settings import project_path

    path = write_notebook(name, project_path("notebooks"))
    typer.echo(f"已写好 notebooks/{path.name}；改好后运行 toolkit check notebooks/{path.name}")
