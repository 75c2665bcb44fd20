"""派单目录: which unit, or which group of units, is in charge of a category; and whether tickets were sent there."""

import re
from datetime import date
from typing import Annotated

import pandas as pd
from pydantic import BeforeValidator

from toolkit import schema
from toolkit.clocking.flow_log import HANDED_OVER, only_logged
from toolkit.errors import CatalogueError, list_mistakes
from toolkit.loading.cells import split_names
from toolkit.loading.files import read_sheets
from toolkit.loading.header_rows import HEADER_DEPTH, filled, folded
from toolkit.settings import Settings, load_yaml, project_path, try_settings

# Column → what it may be called; the first is its label.
HEADINGS = {
    "category": ["诉求类别", "类别", "问题类别", "事项类别", "分类", "事项", "诉求分类"],
    "in_charge": ["主管单位", "主办单位", "责任单位", "承办单位", "牵头单位", "主责单位", "主管部门", "单位"],
    "basis": ["依据", "职责依据", "来源", "备注"],
}
CATALOGUE = [*HEADINGS, "place"]
CHECK_COLUMNS = ["dispatch_check", "dispatch_reason"]
LEVELS = r"\s*[/／>＞→]\s*"


def _listed(value):
    return value if isinstance(value, list) else [value]


class CatalogueFile(Settings):
    """The shape of a catalogue in YAML: category → the unit in charge, several units, or a group such as 乡镇."""

    note: str = ""
    source: str = ""
    categories: dict[str, Annotated[list[str], BeforeValidator(_listed)]]


def read_dispatch_catalogue(path):
    """派单目录：每类诉求由谁主管（单位，或乡镇、县直部门这样的一类单位）。

    path: a workbook or text file with the columns 诉求类别 and 主管单位 (several joined by 、) and, if wanted, 依据;
    or a .yml (`categories:` 类别: 单位). A category is a whole path (城乡建设/道路) or the name of one level. Gives
    category, in_charge, basis, place. Raises CatalogueError with every mistake at once.
    """
    file = project_path(path)
    rows, mistakes = _read_yaml(file) if file.suffix in (".yml", ".yaml") else (_read_workbook(file), [])
    if not rows and not mistakes:
        wanted = "、".join(words[0] for words in HEADINGS.values())
        mistakes = [f"{file.name}: no category: expected a header ({wanted}) and a row each below it"]
    catalogue = pd.DataFrame(rows, columns=CATALOGUE, dtype="str")
    mistakes += [*_list_missing(catalogue), *_list_twice(catalogue)]
    if mistakes:
        raise CatalogueError(list_mistakes(f"the dispatch catalogue: {len(mistakes)} mistake(s)", mistakes))
    return catalogue.assign(category=catalogue["category"].map(_path))


def _read_yaml(file):
    values, mistakes = load_yaml(file, CatalogueError)
    settings, wrong = try_settings(CatalogueFile, values)
    categories = settings.categories if settings else {}
    rows = [
        {
            "category": name,
            "in_charge": "、".join(units),
            "basis": settings.source,
            "place": f"categories.{name}",
        }
        for name, units in categories.items()
    ]
    return rows, [f"{file.name}: {mistake}" for mistake in [*mistakes, *wrong]]


def _read_workbook(file):
    known = {folded(word): column for column, words in HEADINGS.items() for word in words}
    rows = []
    for sheet in read_sheets(str(file)):
        for at, header in enumerate(sheet.rows[:HEADER_DEPTH]):
            columns = [known.get(folded(cell)) for cell in header]
            if {"category", "in_charge"} <= set(columns):
                rows += list(_rows_below(sheet, at, columns))
                break
    return rows


def _rows_below(sheet, at, columns):
    for number, cells in enumerate(sheet.rows[at + 1 :], at + 2):
        said = {c: _text(cell) for c, cell in reversed(list(zip(columns, cells, strict=False))) if c}
        if filled(cells) and any(said.values()):
            yield dict.fromkeys(HEADINGS, "") | said | {"place": f"{sheet.file} row {number}"}


def _text(cell):
    return "" if cell is None else f"{cell:%Y-%m-%d}" if isinstance(cell, date) else str(cell).strip()


def _path(text):
    return "/".join(part for part in re.split(LEVELS, text.strip()) if part)


def _list_missing(catalogue):
    for row in catalogue.itertuples():
        if not _path(row.category):
            yield f"{row.place}: no {HEADINGS['category'][0]}: name the category or take the row out"
        if not split_names(row.in_charge):
            yield f"{row.place}: no {HEADINGS['in_charge'][0]}: name who is in charge of '{row.category}'"


def _list_twice(catalogue):
    named = catalogue.assign(path=catalogue["category"].map(_path))
    for name, places in named[named["path"].ne("")].groupby("path", sort=False)["place"]:
        if len(places) > 1:
            yield f"'{name}' stands in {'; '.join(places)}: expected one row, several units joined by 、"


# --- the check -------------------------------------------------------------------------------------


def check_dispatch(tickets, catalogue, events=None):
    """派单核对：逐件看是否派给了目录写明的主管单位，或其所属的一类单位。

    Reads category, unit, unit_group, co_units; of the catalogue's entries the one for the deepest level of the
    category holds. events: with a flow log a ticket is judged by the unit it was first sent to, else by the unit it
    is with. Gives a frame under the tickets' index: dispatch_check, a word of `schema.DISPATCH_CHECKS`, and
    dispatch_reason. 无法判断, never 不符, is a ticket whose unit or group is not known, whose unit in charge is one
    of its co-units, or whose unit in charge has no ticket at all: its name may be written in another way.
    """
    entries = dict(zip(catalogue["category"], catalogue["in_charge"].map(split_names), strict=True))
    found = {name: _find_entry(name, entries) for name in tickets["category"].dropna().unique()}
    given = pd.DataFrame(
        {
            "entry": tickets["category"].map(found),
            "unit": find_first_unit(tickets, events),
            "co_units": tickets["co_units"],
        }
    )
    groups = tickets.dropna(subset="unit").drop_duplicates("unit").set_index("unit")["unit_group"]
    known = {*given["unit"].dropna(), *groups.dropna()}
    cases = given.astype("object").where(given.notna(), None)
    verdicts = {
        case: _check_case(*case, entries, groups, known) for case in set(cases.itertuples(index=False))
    }
    checked = [verdicts[case] for case in cases.itertuples(index=False)]
    return pd.DataFrame(checked, index=tickets.index, columns=CHECK_COLUMNS, dtype="str")


def find_first_unit(tickets, events=None):
    """The unit each ticket was first sent to where a flow log says, else the unit it is with."""
    logged = only_logged(events)
    handed = logged[logged["event"].isin(HANDED_OVER) & logged["unit"].notna()]
    first = (
        handed.sort_values("at", kind="stable").drop_duplicates("ticket_id").set_index("ticket_id")["unit"]
    )
    return tickets["ticket_id"].map(first).astype("str").fillna(tickets["unit"])


def _find_entry(category, entries):
    """The catalogue's entry for the deepest level of a category: its path so far, or the level's own name."""
    levels = _path(category).split("/")
    for depth in range(len(levels), 0, -1):
        for name in ("/".join(levels[:depth]), levels[depth - 1]):
            if name in entries:
                return name
    return None


def _check_case(entry, unit, co_units, entries, groups, known):
    if entry is None:
        return schema.NOT_LISTED, None
    in_charge, group = entries[entry], groups.get(unit)
    group = group if isinstance(group, str) else ""
    listed = f"目录“{entry}”由{'、'.join(in_charge)}主管"
    if unit is None:
        return schema.UNJUDGED, f"{listed}，{schema.label('unit')}未填"
    if unit in in_charge or group in in_charge:
        return schema.SENT_RIGHT, f"{listed}，派给{unit}"
    if set(split_names(co_units)) & set(in_charge):
        return schema.UNJUDGED, f"{listed}，列在{schema.label('co_units')}，主办为{unit}"
    if not known & set(in_charge):
        return schema.UNJUDGED, f"{listed}，工单中没有这一单位，名称是否一致请核对；派给{unit}"
    if not group and not known & set(in_charge) - set(groups.dropna()):
        return schema.UNJUDGED, f"{listed}，{unit}属哪一类单位未知"
    return schema.SENT_WRONG, f"{listed}，派给了{group}{'：' if group else ''}{unit}"
