"""Executed notebooks as they are stored: their outputs cut down to what `stored.cfg` says is compared."""

import re
import sys
from configparser import ConfigParser
from pathlib import Path

import nbformat


def cut_outputs(notebook):
    """The notebook with every text of its outputs cut by the patterns of stored.cfg."""
    rules = ConfigParser(interpolation=None)
    rules.read(Path(__file__).with_name("stored.cfg"), encoding="utf-8")
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            for kind, text in output.get("data", {}).items():
                if isinstance(text, str):
                    for rule in rules.values():
                        text = re.sub(rule["regex"], rule["replace"], text) if "regex" in rule else text
                    output["data"][kind] = text
    return notebook


if __name__ == "__main__":
    for path in sys.argv[1:]:
        nbformat.write(cut_outputs(nbformat.read(path, as_version=4)), path)
