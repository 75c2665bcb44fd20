"""The tables of a report: lines whose cells are parted by tabs, and the figures that fill a cell."""

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from toolkit.proofreading.figures import COUNT, OTHER, RANK, RATE

CELL = "cell"
NUMBERED = re.compile("序号|编号|电话|号码|年份|年度$")
RANKED = re.compile("名次|排名|位次|排序")
IN_PERCENT = re.compile(r"[率度]|%|占比|比重|比例|幅")


@dataclass(frozen=True)
class Table:
    """A table's column names, and its rows: what each is called, and its figures by column."""

    names: list
    rows: list


def find_tables(half_width):
    """From a text in half-width characters, each table as rows of cells: where each begins and ends."""
    tables, rows, at = [], [], 0
    for line in half_width.split("\n"):
        cells = _find_cells(line, at)
        if rows and len(cells) != len(rows[-1]):  # no cells, or those of another table
            tables.append(rows)
            rows = []
        rows += [cells] if len(cells) > 1 else []
        at += len(line) + 1
    return [rows for rows in [*tables, rows] if len(rows) > 1]


def _find_cells(line, at):
    """The cells of a line, trimmed; tabs that only indent it part nothing."""
    if "\t" not in line.strip():
        return []
    cells = []
    for part in line.split("\t"):
        lead = len(part) - len(part.lstrip())
        cells.append((at + lead, at + max(len(part.rstrip()), lead)))
        at += len(part) + 1
    return cells


def fill_tables(figures, half_width):
    """The figures with those that fill a cell named after its row and column; and the tables they make."""
    by_place, tables = {(figure.start, figure.end): figure for figure in figures}, []
    for cells in find_tables(half_width):
        words = [[half_width[start:end] for start, end in row] for row in cells]
        is_number = [[place in by_place for place in row] for row in cells]
        heads = next((at for at, found in enumerate(is_number) if any(found)), len(cells))
        names = _name_columns(words[:heads], max(map(len, cells)))
        rows = []
        for row, said, found in zip(cells[heads:], words[heads:], is_number[heads:], strict=True):
            label = next((word for word, number in zip(said, found, strict=True) if word and not number), "")
            filled = {
                column: _as_cell(by_place[place], label, names[column])
                for column, place in enumerate(row)
                if place in by_place
            }
            rows.append((label, filled))
            by_place |= {(figure.start, figure.end): figure for figure in filled.values()}
        if heads and any(filled for _, filled in rows):
            tables.append(Table(names, rows))
    return [by_place[figure.start, figure.end] for figure in figures], tables


def _name_columns(heads, width):
    """The names above each column; a merged cell's name stands above its first column only and is carried on."""
    names = [""] * width
    for number, row in enumerate(heads):
        last = ""
        for column in range(width):
            word = row[column] if column < len(row) else ""
            last = word or (last if number + 1 < len(heads) else "")
            names[column] += last if last not in names[column] else ""
    return names


def _as_cell(figure, label, name):
    """A number under 按期回复率(%) is a rate, one under 序号 none at all."""
    if NUMBERED.search(name):
        return replace(figure, kind=OTHER, label=name, role=CELL)
    if RANKED.search(name) and figure.kind == COUNT:
        return replace(figure, kind=RANK, label=label + name, role=CELL)
    if figure.kind == COUNT and not figure.unit and IN_PERCENT.search(name):
        figure = replace(figure, kind=RATE, step=figure.step or Fraction(1), unit="%")
    return replace(figure, label=label + name, role=CELL)
