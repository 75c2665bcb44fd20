"""What is kept of a notebook that is saved: of one that shows tickets, its cells and nothing that they showed.

`toolkit lab` asks it before every save. As a program it does the same to files, before they are committed: another
JupyterLab keeps outputs.
"""

import json
import sys
from pathlib import Path


def drop_outputs(model, path="", contents_manager=None):
    """Take the outputs off a notebook before it is saved, where its metadata say `supervision: {keep_outputs: false}`.

    model: what the server is about to write, changed in place, as it asks of such a hook. Autosave comes here as well.
    """
    notebook = model.get("content")
    if model.get("type") != "notebook" or not _shows_tickets(notebook):
        return
    notebook["metadata"].pop("widgets", None)
    notebook["metadata"]["language_info"] = {
        "name": "python"
    }  # the rest is this machine's, and no change of the notebook
    for cell in notebook.get("cells", []):
        if cell.get("cell_type") == "code":
            cell["outputs"], cell["execution_count"] = [], None
            cell.get("metadata", {}).pop("execution", None)


def _shows_tickets(notebook):
    asked = notebook.get("metadata", {}).get("supervision", {}) if isinstance(notebook, dict) else {}
    return isinstance(asked, dict) and asked.get("keep_outputs") is False


def clean_file(path):
    """Take the outputs off a notebook's file where it says so; the file is left alone where nothing is to be taken off."""
    text = path.read_text(encoding="utf-8")
    notebook = json.loads(text)
    drop_outputs({"type": "notebook", "content": notebook})
    if notebook != json.loads(text):
        kept = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)
        path.write_text(kept + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        clean_file(Path(name))
