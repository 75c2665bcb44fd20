"""What is kept of a notebook that is saved: of one that shows tickets, its cells and nothing that they showed."""


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
            cell["metadata"].pop("execution", None)


def _shows_tickets(notebook):
    asked = notebook.get("metadata", {}).get("supervision", {}) if isinstance(notebook, dict) else {}
    return isinstance(asked, dict) and asked.get("keep_outputs") is False
