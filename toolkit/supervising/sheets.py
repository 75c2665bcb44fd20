"""The register as a workbook: entries to filter and fill in, counts by unit, changes found, and what everything means."""

from functools import cache

import pandas as pd

from toolkit.flagging.rule import RULES as KNOWN
from toolkit.loading.time_cells import stands_untimed
from toolkit.supervising.books import (
    CHANGE_LABELS,
    CHANGE_SHEET,
    CHANGES,
    COUNT_SHEET,
    MEANING_SHEET,
    REGISTER_SHEET,
    TIME_CELLS,
)
from toolkit.supervising.entries import COLUMNS, EDITION, FOUND, KEPT, OFFICE, OFFICE_CELLS, TOLD
from toolkit.supervising.levels import read_supervision
from toolkit.supervising.states import (
    IN_TIME,
    LATE,
    MEANINGS,
    MOOT,
    OVERDUE,
    STATES,
    UNKNOWN,
    UNTIMED,
    count_register,
    read_office_times,
)
from toolkit.supervising.tables import (
    CENTRED,
    FONT,
    HEAD_COLOUR,
    find_height,
    make_book,
    prepare_page,
    write_cell,
    write_table,
)

PRINTED = ["number", "level", "unit", "ticket_id", "title", "reason", "issued_on", "answer_by", "state"]
PRINTED += OFFICE_CELLS  # and the office's own columns; what stands right of them is not printed
BESIDE = [column.name for column in [*TOLD, *FOUND] if column.name not in PRINTED]
WIDTHS = {"number": 17, "level": 8.5, "state": 9, "unit": 13, "ticket_id": 15, "title": 20, "reason": 20}
WIDTHS |= {"issued_on": 10.5, "answer_by": 10.5, "signed": 16, "fed_back": 16, "handling": 26, "remark": 12}
WIDTHS |= {"notice": 15, "demand": 40, "answered_at": 16, "platform_at": 16, "note": 28, "forecast": 40}
WIDTHS |= {"due_explained": 50}
OWN_WIDTH = 14  # of a column of the office's own
DAYS = ["issued_on", "answer_by"]
LEVEL_COLOURS = ["#FFF4CC", "#FFE0B3", "#F8CBAD"]  # the graver, the deeper
STATE_COLOURS = {IN_TIME: "#E2EFDA", LATE: "#FCE4D6", OVERDUE: "#F4B0A6", UNTIMED: "#EDEDED", MOOT: "#EDEDED"}
STATE_COLOURS |= {UNKNOWN: "#EDEDED"}
TO_FILL, TO_FILL_HEAD = "#FFFDE7", "#FFF2CC"
ASKED = {
    "signed": "签收时间：如 2025-12-30 或 12月30日",
    "fed_back": "反馈时间：如 2025-12-30 或 12月30日；写其他字，算已反馈而时间不明",
    "remark": "以“撤销”开头的，不再催办",
}
RULES = [
    "督查室只填写黄色的四栏：签收时间、反馈时间、办理情况、备注；可以排序、筛选、移动行列，可以在右边加自己的栏。",
    "其他各栏由程序填写，改动不生效，改动的内容列在“表内改动”。行被删除的，下次运行恢复；督办单发错的，在备注写“撤销”。",
    "编号一经编出不再改变，也不再使用。一件工单在办的督办单，升级或者期限已过未反馈时才再次督办，原因栏写明前次编号。",
    "“表内改动”中的行看过之后可以删去。",
]


def say_workbook(ledger):
    """The register's workbook as bytes, the same each time."""
    about = f"统计截止{ledger.as_of:%Y-%m-%d %H:%M}"
    changes = ledger.changes[CHANGES].fillna("").to_numpy().tolist()
    meanings = list(_list_meanings(ledger))

    def write(book):
        _write_entries(book, ledger.entries, about)
        counted = [20, *[13] * (len(STATES) + 1)]
        write_table(book, COUNT_SHEET, *_list_counts(ledger.entries), counted, f"{REGISTER_SHEET}汇总", about)
        write_table(book, CHANGE_SHEET, CHANGE_LABELS, changes, [12, 20, 18, 12, 26, 70], "", about)
        write_table(book, MEANING_SHEET, ["项目", "说明", "依据"], meanings, [16, 80, 45], "", about)

    return make_book(REGISTER_SHEET, ledger.as_of, write)


# --- the entries -----------------------------------------------------------------------------------


def _write_entries(book, entries, about):
    own = [name for name in entries if name not in [*COLUMNS, *KEPT]]
    printed = [*PRINTED, *own]
    names, page, find_look = [*printed, *BESIDE], book.add_worksheet(REGISTER_SHEET), _list_looks(book)
    shown = {name: _show_column(entries, name) for name in names}
    for place, name in enumerate(names):
        _write_head(page, place, name, len(entries), find_look)
        _write_column(page, place, name, shown[name], entries, find_look)
    widths = [WIDTHS.get(name, OWN_WIDTH) for name in printed]
    for at, cells in enumerate(zip(*(shown[name] for name in printed), strict=True), 1):
        page.set_row(at, find_height(cells, widths))
    prepare_page(page, len(names), len(entries), REGISTER_SHEET, about)
    page.print_area(0, 0, len(entries), len(printed) - 1)


def _write_head(page, place, name, rows, find_look):
    """A column's heading and width, and what is asked of who fills it in."""
    label = COLUMNS[name].label if name in COLUMNS else name
    is_told = name in COLUMNS and name not in OFFICE_CELLS
    look = find_look(bold=True, border=1, bg_color=HEAD_COLOUR if is_told else TO_FILL_HEAD, **CENTRED)
    page.write_string(0, place, label, look)
    page.set_column(place, place, WIDTHS.get(name, OWN_WIDTH))
    if name in ASKED and rows:
        told = {"validate": "any", "input_title": label, "input_message": ASKED[name]}
        page.data_validation(1, place, rows, place, told)


def _list_looks(book):
    """What gives the formats of a workbook, each made once."""

    @cache
    def find(**said):
        return book.add_format({"valign": "vcenter", "text_wrap": True} | FONT | said)

    return find


def _write_column(page, place, name, values, entries, find_look):
    colours = _find_colours(name, entries)
    for at, (value, colour) in enumerate(zip(values, colours, strict=True), 1):
        said = {"border": 1} | ({"bg_color": colour} if colour else {})
        if isinstance(value, pd.Timestamp):
            is_day = name in DAYS or value == value.normalize()
            said |= CENTRED | {"num_format": "yyyy-mm-dd" if is_day else "yyyy-mm-dd hh:mm"}
        write_cell(page, at, place, value, find_look(**said))


def _show_column(entries, name):
    """The cells of a column: what the office wrote as a time is one where it can be read."""
    values = entries[name]
    if name in TIME_CELLS:
        times = read_office_times(values, entries["issued_on"])
        untimed = stands_untimed(values, times)
        shown = times.astype("object").where(times.notna() & ~untimed, values)
        return [value if isinstance(value, (str, pd.Timestamp)) else None for value in shown]
    times = values.dt.floor("D") if name in DAYS else values
    return [None if pd.isna(value) else value for value in times]


def _find_colours(name, entries):
    if name == "state":
        return entries["state"].map(STATE_COLOURS).astype("object").where(lambda found: found.notna(), "")
    if name == "level":
        levels = read_supervision().names
        deep = dict(zip(reversed(levels), reversed(LEVEL_COLOURS), strict=False))
        return entries["level"].map(deep).astype("object").where(lambda found: found.notna(), "")
    return [TO_FILL if name in OFFICE_CELLS else ""] * len(entries)


# --- what it comes to and means --------------------------------------------------------------------


def _list_counts(entries):
    counts = count_register(entries)
    return ["承办单位", "督办件数", *STATES], counts[["unit", "orders", *STATES]].astype(
        "object"
    ).to_numpy().tolist()


def _list_meanings(ledger):
    """Item, what it means, on what it rests: how to fill in, columns, states, levels with their conditions."""
    supervision = read_supervision()
    yield EDITION.label, str(ledger.edition), EDITION.meaning
    yield "统计截止", f"{ledger.as_of:%Y-%m-%d %H:%M}", "状态截至此时"
    yield from (("填写", rule, "") for rule in RULES)
    yield from (
        (column.label, column.meaning, "督查室填写" if column in OFFICE else "")
        for column in COLUMNS.values()
    )
    yield from ((state, meaning, "") for state, meaning in MEANINGS.items())
    yield "督办办法", supervision.name, supervision.source
    for level in supervision.levels:
        yield level.level, f"自签发次日起{level.answer_in}个工作日内反馈。{level.demand}", ""
        for condition in level.when:
            yield level.level, _say_condition(condition), condition.source


def _say_condition(condition):
    """超期未回复（橙），不少于5，限已经超期的: a condition in words, as the file sets it."""
    name = next(rule.name for rule in KNOWN if rule.code == condition.rule)
    said = [f"线索“{name}”{'、'.join(condition.severity)}"]
    said += [f"不少于{condition.at_least}"] if condition.at_least is not None else []
    said += ["限仍待答复的"] * condition.waits + ["限已经超期的"] * condition.overdue
    said += [f"限{'、'.join(words)}" for words in (condition.channel, condition.resolved) if words]
    return "，".join(said)
