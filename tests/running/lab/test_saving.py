"""What is kept of a notebook that is saved."""

import copy
import json

import pytest

from toolkit.running.lab.saving import clean_file, drop_outputs
from toolkit.settings import PROJECT

SHOWN = {
    "metadata": {
        "language_info": {"name": "python", "version": "3.12.1"},
        "supervision": {"keep_outputs": False},
        "widgets": {"state": {"tickets": "GD1"}},
    },
    "cells": [
        {"cell_type": "markdown", "metadata": {}, "source": "说明"},
        {
            "cell_type": "code",
            "metadata": {"tags": ["explorer"], "execution": {"iopub.status.idle": "2026"}},
            "source": "explorer",
            "outputs": [{"output_type": "stream", "text": "GD1"}],
            "execution_count": 3,
        },
    ],
}


def save(notebook, kind="notebook"):
    model = {"type": kind, "content": copy.deepcopy(notebook)}
    drop_outputs(model=model, path="explore.ipynb", contents_manager=None)
    return model["content"]


def test_of_a_notebook_that_says_so_the_cells_are_kept_and_nothing_that_they_showed():
    kept = save(SHOWN)
    assert "GD1" not in json.dumps(kept)
    assert kept["cells"][1] == {
        **{"cell_type": "code", "metadata": {"tags": ["explorer"]}, "source": "explorer"},
        **{"outputs": [], "execution_count": None},
    }
    assert kept["cells"][0] == SHOWN["cells"][0]
    assert kept["metadata"]["language_info"] == {"name": "python"}


@pytest.mark.parametrize(
    "metadata", [{}, {"supervision": {}}, {"supervision": {"keep_outputs": True}}, {"supervision": "?"}]
)
def test_other_notebooks_are_saved_as_they_are(metadata):
    notebook = SHOWN | {"metadata": metadata}
    assert save(notebook) == notebook


def test_a_file_that_another_jupyter_saved_is_cleaned_and_any_other_left_alone(tmp_path):
    shown, other = tmp_path / "explore.ipynb", tmp_path / "other.ipynb"
    shown.write_text(json.dumps(SHOWN), encoding="utf-8")
    other.write_text(json.dumps(SHOWN | {"metadata": {}}), encoding="utf-8")
    before = other.read_bytes()
    for path in (shown, other, shown):
        clean_file(path)
    assert json.loads(shown.read_text(encoding="utf-8")) == save(SHOWN)
    assert other.read_bytes() == before


def test_what_is_no_notebook_is_saved_as_it_is():
    assert save("text", "file") == "text"
    assert save(None, "directory") is None


def test_the_explorers_notebook_asks_for_it_is_stored_so_and_its_cell_can_be_neither_edited_nor_deleted():
    notebook = json.loads((PROJECT / "notebooks/explore.ipynb").read_text(encoding="utf-8"))
    assert save(notebook) == notebook
    assert notebook["metadata"]["supervision"] == {"keep_outputs": False, "run_when_opened": True}
    cell = next(cell for cell in notebook["cells"] if "explorer" in cell["metadata"].get("tags", []))
    assert (cell["metadata"]["deletable"], cell["metadata"]["editable"]) == (False, False)
