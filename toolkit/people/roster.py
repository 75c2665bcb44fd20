"""The roster: who answers for a unit, who handles its tickets, under which unit it stands; and its gaps.

One row a unit; a village stands under its township through 上级单位. Only the columns named here are read:
telephone numbers and the like stay in the file.
"""

import re

import pandas as pd

from toolkit import schema
from toolkit.errors import RosterError, list_mistakes, nearest
from toolkit.loading.cells import split_names
from toolkit.loading.cleaning import clean_text
from toolkit.loading.files import read_sheets
from toolkit.loading.header_rows import filled, find_header, folded
from toolkit.loading.unit_names import tidy_name

# Column → what it may be called; the first is its label.
HEADINGS = {
    "unit": ["单位", "单位名称", "承办单位", "责任单位", "部门", "乡镇(部门)", "村(社区)", "名称"],
    "head": ["第一责任人", "主要负责人", "主要领导", "一把手", "责任人", "负责人"],
    "leader": ["分管领导", "分管负责人", "分管责任人", "分管负责同志"],
    "handlers": ["承办人", "承办人员", "经办人", "具体承办人", "工作人员", "专(兼)职工作人员", "联络员"],
    "staffing": ["专职/兼职", "专兼职", "专(兼)职", "专职兼职", "专职或兼职", "是否专职", "人员性质"],
    "line": ["条线", "分管条线", "业务条线", "负责条线", "业务范围"],
    "parent": ["上级单位", "所属单位", "所属乡镇", "上级", "主管单位", "隶属"],
    "population": ["常住人口", "人口", "常住人口(人)", "人口数"],
}
POSTS = ["head", "leader", "handlers"]
ROSTER = [*HEADINGS, "row"]
FULL_TIME, PART_TIME = "专职", "兼职"
STAFFING = {
    **dict.fromkeys(["专职", "专", "全职", "是"], FULL_TIME),
    **dict.fromkeys(["兼职", "兼", "否"], PART_TIME),
}
VACANT = {"", "无", "空", "空缺", "待定", "暂缺", "暂无", "/", "-", "--", "—", "——", "nan", "none"}
HANDLERS = ["unit", "parent", "handler", "staffing", "line"]


def label(column):
    """The Chinese heading of a column of the roster."""
    return HEADINGS[column][0]


def read_roster(source):
    """名册：每个单位一行，写明第一责任人、分管领导、承办人、专职或兼职、条线、上级单位、常住人口。

    source: a workbook, a text file or a frame. Several 承办人 are joined by 、; 专职/兼职 and 条线 hold one
    word for all of them or one each, in the same order. 上级单位 is empty for a unit of the county itself.
    Gives unit, head, leader, handlers, staffing, line, parent (text), population (persons), row (of the
    sheet); what is empty, 无, 空缺 or 待定 is missing. Raises RosterError with every mistake at once.
    """
    rows, mistakes = [], []
    for sheet in read_sheets(source):
        found, wrong = _read_rows(sheet)
        rows += found
        mistakes += wrong
    if not rows and not mistakes:
        wanted = "、".join(label(column) for column in HEADINGS)
        mistakes = [
            f"no row of a unit: expected a header with {label('unit')} and rows below it (columns: {wanted})"
        ]
    roster = pd.DataFrame(rows, columns=[*ROSTER, "place"])
    mistakes += [*_check_rows(roster), *_check_parents(roster)]
    if mistakes:
        raise RosterError(list_mistakes(f"the roster: {len(mistakes)} mistake(s)", mistakes))
    return _typed(roster)


def _read_rows(sheet):
    """The rows of units of one sheet, and what is wrong with its header; a sheet without one is a note."""
    header = find_header(sheet.rows, HEADINGS, {"unit"})
    if header is None or len(header.assigned) == 1:  # one heading alone is no header
        return [], []
    where = " ".join(part for part in (sheet.file, sheet.name) if part)
    known = {folded(word): column for column, words in HEADINGS.items() for word in words}
    columns = [known.get(folded(name)) for name in header.names]
    twice = sorted({c for c in columns if c and columns.count(c) > 1}, key=columns.index)
    if twice:
        said = "; ".join(
            f"{label(c)} stands under {'、'.join(_names(header.names, columns, c))}" for c in twice
        )
        return [], [f"{where}: {said}: leave one column each"]
    rows = []
    for number, cells in enumerate(sheet.rows[header.last + 1 :], header.last + 2):
        row = {c: _text(cell) for c, cell in zip(columns, cells, strict=False) if c}
        row |= {c: tidy_name(row[c]) for c in ("unit", "parent") if c in row}  # as the tickets' units are
        if filled(cells) and not _is_note(cells, row):
            rows.append(dict.fromkeys(HEADINGS, "") | row | {"row": number, "place": f"{where} row {number}"})
    return rows, []


def _names(names, columns, wanted):
    return [name for name, column in zip(names, columns, strict=True) if column == wanted]


def _text(cell):
    text = re.sub(r"\s+", " ", "" if cell is None else clean_text(str(cell))[0]).strip()
    text = re.sub(r"\.0$", "", text) if isinstance(cell, float) else text
    return "" if text.lower() in VACANT else text


def _is_note(cells, row):
    """A lone cell that is no unit's name: a remark, a signature, a serial number; or a total."""
    alone = len(filled(cells)) == 1
    name = row.get("unit", "")
    says_more = len(name) > 20 or re.search(r"[。：:；]|^注|^说明|^备注|^填表", name)
    return folded(filled(cells)[0]) in ("合计", "小计", "总计") or (alone and (not name or bool(says_more)))


def _check_rows(roster):
    """What is wrong in single rows, and the units that stand in two."""
    mistakes = []
    for row in roster.itertuples():
        if not row.unit:
            mistakes.append(f"{row.place}: no {label('unit')}: name the unit or take the row out")
        mistakes += [f"{row.place}: {wrong}" for wrong in _check_staff(row)]
        if row.population and _population(row.population) is None:
            mistakes.append(
                f"{row.place}: {label('population')} '{row.population}' is no number above 0: "
                "write persons, such as 32000"
            )
    named = roster[roster["unit"].ne("")]
    for (unit, _), rows in named.groupby(["unit", "parent"], sort=False)["place"]:
        if len(rows) > 1:
            mistakes.append(
                f"'{unit}' stands in {'; '.join(rows)}: expected one row, its {label('handlers')} joined by 、"
            )
    return mistakes


def _check_staff(row):
    people = split_names(row.handlers)
    twice = sorted({name for name in people if people.count(name) > 1})
    if twice:
        yield f"{label('handlers')} names {'、'.join(twice)} twice: name each once"
    for word in split_names(row.staffing):
        if folded(word) not in STAFFING:
            yield f"{label('staffing')} '{word}' is neither: write {FULL_TIME} or {PART_TIME}"
    for column in ("staffing", "line"):
        count = len(split_names(getattr(row, column)))
        if people and count not in (0, 1, len(people)):
            yield (
                f"{count} words under {label(column)} for {len(people)} {label('handlers')}: write one for "
                "all or one each (several lines of one person are joined by /)"
            )


def _population(text):
    """Persons, from 32000, 32,000人 or 3.2万; None where it is no number above 0."""
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)(万?)人?", folded(text).replace(",", ""))
    persons = float(found[1]) * (10_000 if found[2] else 1) if found else 0
    return round(persons) or None


def _check_parents(roster):
    """Parents that are no unit, that two units could be, and circles."""
    named = roster[roster["unit"].ne("")]
    units = named["unit"].tolist()
    mistakes = []
    for row in named[~named["parent"].isin(["", schema.COUNTY])].itertuples():
        if row.parent not in units:
            mistakes.append(
                f"{row.place}: {label('parent')} '{row.parent}' is no unit of the roster."
                f"{nearest(row.parent, units)} Give it a row, or leave the cell empty"
            )
        elif row.parent != row.unit and units.count(row.parent) > 1:
            mistakes.append(f"{row.place}: two units are called '{row.parent}': give them names apart")
    return mistakes + _find_circles(dict(zip(named["unit"], named["parent"], strict=True)))


def _find_circles(parents):
    circles = {}
    for start in parents:
        path = [start]
        while (above := parents.get(path[-1])) and above not in path:
            path.append(above)
        if above == start:
            circles.setdefault(frozenset(path), [*path, start])
    return [
        f"{label('parent')} goes round in a circle: {' → '.join(path)}: the highest unit has none"
        for path in circles.values()
    ]


def _typed(roster):
    given = roster.assign(
        handlers=roster["handlers"].map(lambda text: "、".join(split_names(text))),
        staffing=roster["staffing"].map(
            lambda text: "、".join(STAFFING[folded(word)] for word in split_names(text))
        ),
        line=roster["line"].map(lambda text: "、".join(split_names(text))),
        parent=roster["parent"].replace(schema.COUNTY, ""),
        population=roster["population"].map(lambda text: _population(text) if text else None),
    )
    texts = {c: given[c].astype("object").where(given[c].ne(""), None).astype("str") for c in HEADINGS}
    numbers = {"population": given["population"].astype("Int64"), "row": given["row"].astype("int64")}
    return pd.DataFrame(texts | numbers)[ROSTER]


def list_handlers(roster):
    """承办人逐人列出：每人所在单位、专职或兼职、条线。

    Reads a roster; gives unit, parent, handler, staffing, line: a word that stands for all stands with each.
    """
    rows = [
        (row.unit, row.parent, name, *(_own(getattr(row, c), at) for c in ("staffing", "line")))
        for row in roster.itertuples()
        for at, name in enumerate(split_names(row.handlers))
    ]
    return pd.DataFrame(rows, columns=HANDLERS, dtype="str")


def _own(text, at):
    words = split_names(text)
    return None if not words else words[0] if len(words) == 1 else words[at]


def cut_roster(roster, unit):
    """The rows of one unit and of everything below it: what its own report may show."""
    own = roster["unit"].eq(unit)
    while (more := own | roster["parent"].isin(roster.loc[own, "unit"])).sum() > own.sum():
        own = more
    return roster[own].reset_index(drop=True)
