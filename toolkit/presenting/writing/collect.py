"""The figures a document is written from, collected from a report under the names its template uses.

Every figure opens its tickets; a figure of nothing is empty, a list of nothing has no entry. What the names
mean stands in docs/writing.md.
"""

import pandas as pd

from toolkit.assessing.leading import TIMELY
from toolkit.period import parse_period, say_day, say_period
from toolkit.presenting.blocks.movement import find_move
from toolkit.presenting.blocks.opening import list_figures
from toolkit.presenting.figures import count_figure, figure, find_sides, link_report, open_tickets
from toolkit.presenting.leading import find_lead
from toolkit.presenting.writing.problems import list_steps, list_troubles
from toolkit.presenting.writing.rates import say_counts, say_share
from toolkit.schema import BEFORE, NOW
from toolkit.scoring.catalogue import COUNT

OPENING = [
    "received_change",
    "movers",
    "overdue",
    "again",
    "carried",
    "due_soon",
    "soon_days",
    "untimed",
    "not_compared",
]
NAMES = [
    *[
        "whose",
        "county",
        "title",
        "period",
        "year",
        "next_year",
        "is_year",
        "as_of",
        "received",
        "received_before",
    ],
    *[
        *OPENING,
        "categories",
        "uncategorised",
        "busiest",
        "troubles",
        "reviews",
        "unevaluated",
        "steps",
        "units",
    ],
]
BESIDE = [TIMELY, "满意率", "解决率"]  # rates of a unit's row


def collect_figures(report):
    """What a template may name, as NAMES lists it: words, figures, and lists of them; see docs/writing.md."""
    about, opening = report.about, list_figures(report)
    period = parse_period(about["period"])
    return {
        "whose": report.row,
        "county": about["county"],
        "title": about["title"],
        "period": say_period(about["period"]),
        "year": f"{period.end.year}年",
        "next_year": f"{period.end.year + 1}年",
        "is_year": period.months == 12,
        "as_of": _say_moment(about["as_of"]),
        "received": opening["received"],
        "received_before": _count_before(report),
        **{name: opening[name] for name in OPENING},
        **_list_categories(report),
        "busiest": _find_busiest(report),
        **list_troubles(report),
        "steps": list_steps(report),
        "units": _list_units(report),
    }


def _say_moment(as_of):
    """2025年12月31日, with the hour where it is not the day's end."""
    moment = pd.Timestamp(as_of)
    clock = "" if f"{moment:%H:%M}" == "23:59" else f"{moment:%H:%M}"
    return say_day(moment) + clock


def _count_before(report):
    """How many were received in the same period of the year before; nothing where it is not known."""
    move = find_move(report, COUNT)
    if move is None:
        return ""
    return count_figure({"metric": COUNT, "numerator": move["numerator_before"]}, "上年同期", against=BEFORE)


# --- what was received -----------------------------------------------------------------------------


def list_received(report):
    """This period's tickets that 受理件数 counts."""
    marks = report.marks
    ids = marks.loc[marks["against"].eq(NOW) & marks[COUNT].eq(1), "ticket_id"]
    return report.now[report.now["ticket_id"].isin(ids)]


def _list_categories(report):
    """The first levels of the categories, most tickets first, each with its second level; and those without one."""
    received = list_received(report)
    parts = received["category"].str.split("/", expand=True).reindex(columns=[0, 1])
    told = received[["category"]].assign(first=received["category_top"], second=parts[1])
    categories = [_say_category(first, own, len(received)) for first, own in _largest_first(told, "first")]
    blank = int(told["first"].isna().sum())
    where = find_sides(COUNT)[0] | {"category_top": [None]}
    return {"categories": categories, "uncategorised": blank and figure(blank, "未注明分类", **where)}


def _largest_first(tickets, column):
    groups = [(name, own) for name, own in tickets.groupby(column) if len(own)]
    return sorted(groups, key=lambda pair: (-len(pair[1]), pair[0]))


def _say_category(name, own, among):
    where = find_sides(COUNT)[0]
    kinds = [
        {
            "name": kind,
            "count": figure(len(rows), f"{name}：{kind}", **where, category=sorted(set(rows["category"]))),
        }
        for kind, rows in _largest_first(own, "second")
    ]
    count = figure(len(own), f"{name}：受理件数", **where, category_top=[name])
    return {"name": name, "count": count, "share": say_share(len(own), among), "kinds": kinds}


def _find_busiest(report):
    """The most tickets one unit received in one day: which unit, which day, how many; nothing where several are level."""
    received = list_received(report).dropna(subset=["received_at", "unit"])
    if received.empty:
        return ""
    day = received["received_at"].dt.normalize()
    sizes = received.groupby(["unit", day]).size()
    most = sizes[sizes.eq(sizes.max())]
    if len(most) > 1:
        return ""
    unit, when = most.index[0]
    ids = received.loc[received["unit"].eq(unit) & day.eq(when), "ticket_id"]
    said = f"{when.month}月{when.day}日"
    return {"unit": unit, "day": said, "count": open_tickets(ids, f"{unit}：{said}受理")}


# --- units -----------------------------------------------------------------------------------------


def _list_units(report):
    """The units by group and name, which is no ranking: what each received, its rates and its grade; none in a unit's own."""
    if report.name or report.about["by"] != "unit":
        return []
    scores = {(row["unit"], row["metric"]): row for row in report.counted.scorecard.to_dict("records")}
    standings = report.assessed.standings
    grades = dict(zip(standings["unit"], standings["grade"], strict=True))
    order = sorted(report.about["reports"].items(), key=lambda item: (item[1], item[0]))
    leads = {family: find_lead(report, family) for family in BESIDE}
    return [
        _say_unit(unit, group, scores, leads) | {"grade": _say_grade(grades.get(unit))}
        for unit, group in order
    ]


def _say_unit(unit, group, scores, leads):
    received = scores.get((unit, COUNT), {"metric": COUNT, "numerator": 0})
    return {
        "name": link_report(unit),
        "group": group,
        "received": count_figure(received, unit, report=[unit]),
        "rates": {
            family: _say_unit_rate(scores.get((unit, metric)), unit) for family, metric in leads.items()
        },
    }


def _say_unit_rate(row, unit):
    return "—" if row is None or pd.isna(row["rate"]) else say_counts(row, unit)["said"]


def _say_grade(grade):
    return "—" if grade is None or pd.isna(grade) else grade
