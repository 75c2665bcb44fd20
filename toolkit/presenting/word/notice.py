"""A 督办单 as a Word document: one notice to one unit, its tickets, what is asked and by when, and the slip to return."""

import pandas as pd

from toolkit.errors import ParameterError, list_mistakes
from toolkit.period import say_day
from toolkit.preparing.file_names import name_files
from toolkit.presenting.figures import join
from toolkit.presenting.word.document import (
    INDEX,
    INDEX_HEAD,
    find_width,
    say_fixed_words,
    say_missing,
    write_index,
)
from toolkit.presenting.word.notice_sources import HEADINGS, list_sources, mark_all, mark_reasons, name_places
from toolkit.presenting.word.parts import make_paragraph, make_run, make_table
from toolkit.presenting.word.render import open_template, render
from toolkit.presenting.word.word_settings import TABLE_STYLE, read_word_settings

TEMPLATE = "督办单"
COLUMNS = ["number", "notice", "unit", "level", "ticket_id", "title", "reason", "demand", "issued_on"]
COLUMNS += ["answer_by", "due_explained"]
PLACES = ["heading", "title", "number", "level", "unit", "count", "counted", "tickets", "demands", "deadline"]
PLACES += ["contact", "phone", "organ", "date", "references", "receipt", "number_before", "number_after"]
BODY, HEAD, CELL = "公文正文", "公文表头", "公文表文"
TICKETS = ["序号", "工单编号", "诉求", "督办原因", "办理时限"]
RECEIPT = ["序号", "工单编号", "办理过程、结果和答复诉求人的情况"]
NAMES = [BODY, HEAD, CELL, TABLE_STYLE, INDEX_HEAD, INDEX]
ROOM, LEAST_ROOM = 60, 30  # points: the height of a row to write in, and the least that can be written in
BESIDE_ROOM = 385  # points: what else stands on a slip's page


def write_notice(entries, settings=None, page=""):
    """The bytes of a .docx: the notice to one unit, laid out by 督办单.docx and word.yml.

    entries: a row a ticket of the notice, with the columns of COLUMNS; issued_on a date, answer_by a moment, title
    masked. page: the address, beside the notice, of the page that its references open. Words that are missing stand
    as （待补：…）. ParameterError where a column is missing, the rows are not of one notice to one unit, or a date is
    missing. The same rows give the same bytes.
    """
    settings = settings or read_word_settings()
    require_one_notice(entries)
    document, styles = open_template(TEMPLATE, PLACES, NAMES)
    rows = number_rows(entries)
    moment = pd.Timestamp(rows["issued_on"].iloc[0])
    values = say_fixed_words(settings, moment) | say_notice(rows, settings.notice)
    values |= _write_tables(rows, styles, settings.page)
    sources = list(list_sources(rows, document.build_url_id(page) if page else None))
    values["references"] = write_index(HEADINGS, sources, styles, find_width(settings.page))
    return render(document, values, settings, f"{settings.notice.title}（{values['unit']}）", moment)


def say_notice(rows, settings):
    """What the notice says beside its tables and demands."""
    first = rows.iloc[0]
    return {
        "heading": settings.heading,
        "title": settings.title,
        "number": first["notice"] or say_missing("督办文号"),
        "level": first["level"],
        "unit": first["unit"],
        "count": len(rows),
        "counted": mark_all(rows),
        "deadline": say_deadlines(rows),
        "contact": settings.contact or say_missing("联系人"),
        "phone": settings.phone or say_missing("联系电话"),
    }


def _write_tables(rows, styles, page):
    """The tickets with their reasons, what is demanded, and the slip's table with room to write."""
    ids, width = [styles[name] for name in (TABLE_STYLE, HEAD, CELL)], find_width(page)
    told = rows.assign(due=say_dues(rows), reason=say_reasons(rows)).replace("", "—")
    tickets = zip(
        *(told[name] for name in ("place", "ticket_id", "title")),
        mark_reasons(told),
        told["due"],
        strict=True,
    )
    slip = rows[["place", "ticket_id"]].assign(room="")
    return {
        "tickets": make_table(ids, TICKETS, list(map(list, tickets)), width),
        "demands": join(make_paragraph(styles[BODY], make_run(said)) for said in say_demands(rows)),
        "receipt": make_table(
            ids, RECEIPT, slip.values.tolist(), width, row_height=find_room(len(rows), page)
        ),
    }


def find_room(count, page):
    """The height of a row of the slip: less where that keeps the slip on one page."""
    room = int((page.height_points - BESIDE_ROOM) / count)
    return min(ROOM, room) if room >= LEAST_ROOM else ROOM


def write_notices(orders, settings=None, page=""):
    """Name of a file → its bytes, a notice each, in the order of the rows; orders and page: as `write_notice` reads them."""
    notices = {
        f"{'' if pd.isna(notice) else notice}{unit}": rows
        for (notice, unit), rows in orders.groupby(["notice", "unit"], sort=False, dropna=False)
    }
    files = name_files(notices)
    return {f"{files[name]}.docx": write_notice(rows, settings, page) for name, rows in notices.items()}


def require_one_notice(entries):
    """ParameterError naming all that makes rows no notice."""
    missing = [name for name in COLUMNS if name not in entries]
    if missing:
        raise ParameterError(
            f"a notice's rows lack columns {', '.join(missing)}: expected {', '.join(COLUMNS)}"
        )
    mistakes = [
        f"expected one {name}, found {'、'.join(map(str, entries[name].unique()[:5])) or 'no row'}"
        for name in ("notice", "unit", "issued_on")
        if entries[name].nunique(dropna=False) != 1
    ]
    mistakes += [
        f"expected {name} in every row, found {int(entries[name].isna().sum())} without"
        for name in ("unit", "issued_on", "answer_by")
        if entries[name].isna().any()
    ]
    if mistakes:
        raise ParameterError(list_mistakes("these rows are not one notice to one unit", mistakes))


def number_rows(entries):
    """The rows with what is missing as '' and their place in the notice: 督办〔2025〕12号-3 is 3, else they are counted."""
    words = entries[[name for name in COLUMNS if name not in ("issued_on", "answer_by")]]
    words = words.astype("object").where(words.notna(), "").astype("str")
    given = words["number"].str.extract(r"-(\d+)$")[0]
    places = given if given.notna().all() and given.is_unique else [str(at + 1) for at in range(len(words))]
    return words.assign(place=places, issued_on=entries["issued_on"], answer_by=entries["answer_by"])


def say_dues(rows):
    """应于2025年3月22日17:30前回复: the end of how a due time was counted; the whole stands on the page."""
    return rows["due_explained"].str.extract(r"(应于[^；。（]+)")[0].fillna(rows["due_explained"])


def say_reasons(rows):
    """The reasons, each with its level where that is not the notice's."""
    other = rows["level"].ne(rows["level"].iloc[0])
    return rows["reason"].mask(other, rows["level"] + "：" + rows["reason"])


def say_demands(rows):
    """What is required, each demand once, with the tickets it is asked of where it is not asked of all."""
    demands = [(said or say_missing("办理要求"), own) for said, own in rows.groupby("demand", sort=False)]
    if len(demands) == 1:
        return [demands[0][0]]
    return [f"{_name(own)}：{said}" for said, own in demands]


def say_deadlines(rows):
    """By when an answer is due, each moment once."""
    moments = [(say_moment(moment), own) for moment, own in rows.groupby("answer_by")]
    if len(moments) == 1:
        return f"请于{moments[0][0]}以单位名义书面反馈，并附回执。"
    told = "，".join(f"{_name(own)}请于{moment}" for moment, own in moments)
    return f"{told}以单位名义书面反馈，并附回执。"


def say_moment(moment):
    """2026年1月8日17:30前; of a day without a time, or its end, 2026年1月8日前（含当日）."""
    clock = f"{moment:%H:%M}"
    return f"{say_day(moment)}前（含当日）" if clock in ("23:59", "00:00") else f"{say_day(moment)}{clock}前"


def _name(rows):
    """第1、3件"""
    return f"第{name_places(rows, '、')}件"
