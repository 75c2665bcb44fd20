"""The stored notebooks by nbval: what shows something else is named with its cell, what has no outputs is not compared."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from toolkit.checking.results import FAILED, PASSED
from toolkit.checking.stored import CHECK, RUNS, check_stored


@pytest.mark.long
def test_a_notebook_that_shows_something_else_fails_and_one_without_outputs_is_only_said_to_run(tmp_path):
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    stored = [new_output("stream", name="stdout", text="1\n")]
    cells = {
        "same": new_code_cell("print(1)", execution_count=1, outputs=stored),
        "other": new_code_cell("print(2)", execution_count=1, outputs=stored),
        "bare": new_code_cell("print(3)"),
    }
    for name, cell in cells.items():
        nbformat.write(new_notebook(cells=[cell], metadata=kernel), tmp_path / f"{name}.ipynb")
    rows = {row.notebook: row for row in check_stored([tmp_path / f"{name}.ipynb" for name in cells])}
    assert {name: (row.check, row.result) for name, row in rows.items()} == {
        "same": (CHECK, PASSED),
        "other": (CHECK, FAILED),
        "bare": (RUNS, PASSED),
    }
    [said] = rows["other"].said
    assert said.startswith(
        "Cell 0：Notebook cell execution failed Cell 0: Cell outputs differ Input: print(2)"
    )
