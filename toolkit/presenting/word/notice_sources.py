"""Where the figures of a notice are found on a page: the number of a ticket's row, raised behind its figures, leads there.

A notice is short, so its rows' own numbers serve: 8[1—8]件 are the tickets of rows 1 to 8, and a small table under the
signature has an address for each.
"""

import re

from toolkit.presenting.figures import join
from toolkit.presenting.word.document import SOURCES
from toolkit.presenting.word.parts import make_run
from toolkit.presenting.word.references import Reference, link_reference

OPENED = "网页地址（接在本单位或全县网页的文件名之后打开：列出工单，各件的经过、截止时间怎样算出、天数和次数的由来）"
HEADINGS = [*SOURCES[:-1], OPENED]
FIGURE = re.compile(r"(?:不足)?\d+(?:个工作日|次|家)")
BEHIND_DIGITS = re.compile(r"(?<=\d)(?=(?:个工作日|次|家))")


def mark_all(rows):
    """The mark behind the number of tickets: [1—8], or [1,3] of a notice some of whose tickets are not in these rows."""
    return make_run(f"[{name_places(rows, ',')}]", is_raised=True)


def mark_reasons(rows):
    """Each row's reason, with the row's number behind the digits of every figure, where no line is broken."""
    return [
        join(map(make_run, BEHIND_DIGITS.split(row.reason)), make_run(f"[{row.place}]", is_raised=True))
        for row in rows.itertuples()
    ]


def name_places(rows, between):
    """1—8: the rows' numbers, three and more that follow each other as first and last."""
    places = rows["place"].astype("int64")
    runs = [own.tolist() for _, own in places.groupby(places.diff().ne(1).cumsum())]
    told = [[f"{own[0]}—{own[-1]}"] if len(own) > 2 else map(str, own) for own in runs]
    return between.join(word for words in told for word in words)


def list_sources(rows, relation):
    """The table's rows: the tickets together, then each with the figures of its reason.

    relation: the page's, in the document; without one the addresses open nothing by themselves.
    """
    for each in _list_references(rows):
        yield [each.number, each.what, each.text, link_reference(each, relation)]


def _list_references(rows):
    if len(rows) > 1:
        yield Reference(
            name_places(rows, ","), "督办工单", f"{len(rows)}件", {"ticket_id": rows["ticket_id"].tolist()}
        )
    for row in rows.itertuples():
        figures = "、".join(FIGURE.findall(row.reason)) or "—"
        yield Reference(row.place, f"工单{row.ticket_id}", figures, {"ticket_id": [row.ticket_id]})
