"""What an executed notebook shows: its sections with their tables, cell by cell, and its charts by what they say."""

import hashlib
import json
import re
from typing import NamedTuple

from lxml import html

from toolkit.presenting.charts import VEGA_MIME
from toolkit.presenting.sections import SECTION_MIME

LONG = 40  # characters of a cell that are kept; of a longer one a mark of the whole
ADDED = {"papermill-error-cell-tag", "injected-parameters"}
NAMED = 24  # characters of a row's name
BLANKS = re.compile(r"\s+")


class Shown(NamedTuple):
    """A section of a notebook: its heading, all its HTML, and the specifications of its charts."""

    title: str
    html: str
    charts: list


def list_sections(notebook):
    """The sections of an executed notebook; what stands before the first has no heading."""
    for cell in notebook.cells:
        title, texts, charts = "", [], []
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            title = data.get(SECTION_MIME, {}).get("title", title)
            texts.append(str(data.get("text/html", "")))
            charts += [data[VEGA_MIME]] if VEGA_MIME in data else []
        if texts:
            yield Shown(title, "".join(texts), charts)


def number_code(notebook):
    """The cells of code as their author counts them, from 1: what papermill put between is not counted."""
    own = [cell for cell in notebook.cells if not ADDED & set(cell.metadata.get("tags", []))]
    return [(number, cell) for number, cell in enumerate(own, 1) if cell.cell_type == "code"]


def list_errors(notebook):
    """The cells that failed: (number from 1, error)."""
    for number, cell in number_code(notebook):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                yield number, f"{output.ename}: {output.evalue}"


def read_tables(notebook):
    """Every table of a notebook: 章节 → row → its cells, the headings as the row without a name; equal names are numbered."""
    tables = {}
    for section in list_sections(notebook):
        for table in html.fromstring(f"<div>{section.html}</div>").iter("table"):
            tables[_find_free(section.title, tables)] = _read_table(table)
    return tables


def _read_table(table):
    rows = {"": [_say(cell) for cell in table.findall("./thead/tr/th")]}
    for line in table.findall("./tbody/tr"):
        name, *cells = [_say(cell) for cell in line]
        rows[_find_free(name[:NAMED], rows)] = cells
    return rows


def _find_free(name, taken):
    """The name, or with the first number that makes it one of its own."""
    numbers = (f"{name}（{number}）" for number in range(2, len(taken) + 2))
    return next(free for free in (name, *numbers) if free and free not in taken)


def _say(cell):
    text = BLANKS.sub(" ", cell.text_content()).strip()
    return text if len(text) <= LONG else f"{text[:LONG]}…{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def read_charts(notebook):
    """Every chart as 章节，图名 → what its specification is without its data (a mark), and its rows in words."""
    charts = {}
    for section in list_sections(notebook):
        for number, spec in enumerate(section.charts, 1):
            rows = [row for rows in spec.get("datasets", {}).values() for row in rows]
            bare = {name: part for name, part in spec.items() if name not in ("datasets", "data")}
            mark = re.sub(r"data-[0-9a-f]{32}", "data", json.dumps(bare, sort_keys=True, ensure_ascii=False))
            said = [_say_row(row) for row in rows]
            name = f"{section.title}，图{number}"
            charts[name] = {"mark": hashlib.sha256(mark.encode()).hexdigest()[:12], "rows": said}
    return charts


def _say_row(row):
    """A row of a chart's data: what it says when it is pointed at, else its values."""
    told = row.get("told") or "；".join(f"{name} {value}" for name, value in row.items() if name != "href")
    return BLANKS.sub(" ", str(told))
