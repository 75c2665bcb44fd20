"""What an executed notebook shows: its sections with their tables, cell by cell, and its charts by what they say."""

import hashlib
import json
import re
from typing import NamedTuple

from lxml import html

from toolkit.presenting.charts import VEGA_MIME
from toolkit.presenting.sections import SECTION_MIME

LONG = 40  # characters of a cell that are kept; of a longer one a mark of the whole
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


def list_errors(notebook):
    """The cells that failed: (number from 1, error)."""
    for number, cell in enumerate(notebook.cells, 1):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                yield number, f"{output.ename}: {output.evalue}"


def read_tables(notebook):
    """Every cell of every table: 章节，行，列 → text, in order; equal names are numbered."""
    cells = {}
    for section in list_sections(notebook):
        for table in html.fromstring(f"<div>{section.html}</div>").iter("table"):
            for row, column, text in _read_table(table):
                name = f"{section.title}，{row}，{column}"
                place = next(name + mark for mark in _marks() if name + mark not in cells)
                cells[place] = text
    return cells


def _marks():
    yield ""
    yield from (f"（{number}）" for number in range(2, 10**6))


def _read_table(table):
    """(row, column, text) of each cell beside the first of a row, which names it."""
    headings = [_say(cell) for cell in table.findall("./thead/tr/th")]
    for line in table.findall("./tbody/tr"):
        name, *cells = [_say(cell) for cell in line]
        for column, text in zip(headings[1:], cells, strict=False):
            yield name, column, text


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
