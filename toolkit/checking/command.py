"""The commands of this room: `toolkit check` and `toolkit new`. What they need is imported when they run."""

from pathlib import Path
from typing import Annotated

import typer

SAME, DIFFERS = 0, 1
LINES = 60  # of figures on the screen; the workbook has them all


def check(
    target: Annotated[str, typer.Argument(help="With --against: a run's folder or its parameter file")] = "",
    against: Annotated[str, typer.Option(help="The folder of an earlier run to compare with")] = "",
    output: Annotated[str, typer.Option(help="Where the comparison goes as .xlsx")] = "",
):
    """Say what changed between two finished runs: which figures, which tickets made each change, what without new data.

    Exit code 0: the same. 1: something differs. 2: what was given cannot be used.
    """
    _compare(target or "outputs/demo", against, output)


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
