"""Points: how the units stand, group by group; one unit's points with their arithmetic.

A unit's page shows its own figures as links, those of others as numbers.
"""

import re

import pandas as pd
from markupsafe import Markup

from toolkit.assessing.scheme import read_scheme
from toolkit.assessing.scheme_text import print_scheme
from toolkit.assessing.standings import ASSESSED, NOT_ASSESSED
from toolkit.presenting.blocks.movement import is_by_month
from toolkit.presenting.figures import (
    figure,
    find_sides,
    fold,
    html_table,
    join,
    link_report,
    note,
    rate_figure,
)
from toolkit.presenting.sections import fold_section
from toolkit.rounding import decimal_text, is_missing, round_half_up

NAMES_RANKS = ["top", "ranks"]
TITLE = "得分"
COUNTY_LINK = Markup(
    '<p class="note">本组平均得分：本组参评单位该项得分的平均数，'
    '各单位得分见<a href="../index.html">全县通报</a>。</p>'
)


def standings_table(report):
    """Units group by group: points, each item's points, grade or rank; the ticket count opens the unit's tickets.

    Units stand in the order of their names unless the scheme ranks them. Those not assessed, and those with
    too few tickets for a grade, stand below with the reason.
    """
    scheme, items = read_scheme(report.about["scheme"]), report.assessed.items
    names = [entry.name for entry in (*scheme.items, *scheme.bonuses)]
    points = {(row.unit, row.item): row for row in items.itertuples()}
    headings = ["单位", "工单", *names, "得分", *_result_headings(scheme), "说明"]
    blocks = [
        Markup("<h3>{}</h3>{}").format(
            group,
            html_table(headings, [_standing_row(row, names, points, scheme) for row in _order(own, scheme)]),
        )
        for group, own in report.assessed.standings.groupby("group", sort=False)
    ]
    terms = fold(f"计分办法全文：{scheme.name}", scheme_terms(report))
    answer = _say_results(report.assessed.standings, scheme)
    return fold_section(
        TITLE, answer, *blocks, _say_scheme(scheme), terms, count=len(report.assessed.standings)
    )


def _say_results(standings, scheme):
    """A档3家、B档5家，2家不参评; or how many were assessed, where the scheme gives no grades."""
    assessed = standings[standings["state"].eq(ASSESSED)]
    others = len(standings) - len(assessed)
    rest = f"；{others}家不参评或件数不足" if others else ""
    if scheme.presentation.kind != "grades" or assessed.empty:
        return f"{len(assessed)}家参评{rest}"
    grades = assessed["grade"].value_counts().sort_index()
    return "、".join(f"{grade}档{count}家" for grade, count in grades.items()) + rest


def _order(standings, scheme):
    assessed = standings["state"].eq(ASSESSED)
    first, rest = standings[assessed], standings[~assessed]
    first = first.sort_values(["rank", "unit"]) if scheme.presentation.kind in NAMES_RANKS else first
    return pd.concat([first, rest]).itertuples()


def _result_headings(scheme):
    return {"grades": ["等次"], "board": ["榜单"], "none": []}.get(scheme.presentation.kind, ["名次"])


def _standing_row(row, names, points, scheme):
    where = {scheme.volume: [1], "against": ["本期"], "report": [row.unit]}
    count = figure(row.tickets, f"{row.unit}　{scheme.volume}", **where) if row.tickets else "0"
    scored = row.state != NOT_ASSESSED
    cells = [_points_cell(points.get((row.unit, name))) if scored else "—" for name in names]
    total = f"{decimal_text(row.points)}／{decimal_text(row.full)}" if scored else "—"
    said = "；".join(text for text in (row.state * (row.state != ASSESSED), row.reason, row.named) if text)
    return [link_report(row.unit), count, *cells, total, *_result(row, scheme), said]


def _points_cell(item):
    return "—" if item is None or is_missing(item.points) else decimal_text(item.points)


def _result(row, scheme):
    kind = scheme.presentation.kind
    if kind == "none":
        return []
    value = row.rank if kind in NAMES_RANKS else row.grade
    return ["—" if pd.isna(value) else f"第{value}名" if kind in NAMES_RANKS else value]


def _say_scheme(scheme):
    partial = f"不完整：{scheme.partial}。" if scheme.partial else ""
    return note(f"计分办法：{scheme.name}。{partial}来源：{scheme.source}。{scheme.presentation.why}。")


def scheme_terms(report):
    """The whole scheme as a 考核办法."""
    _, *lines = filter(None, print_scheme(report.about["scheme"]).splitlines())
    return join(map(_term, lines))


def _term(line):
    marks, text = re.match(r"(#*) ?(.*)", line).groups()
    if not marks:
        return Markup("<p>{}</p>").format(line)
    return Markup("<h{0}>{1}</h{0}>").format(len(marks) + 1, text)


def score_table(report):
    """One unit's points item by item: the rate and the tickets it lost open; beside them the group's average."""
    scheme, unit = read_scheme(report.about["scheme"]), report.name
    items, standings = report.assessed.items, report.assessed.standings
    own = items[items["unit"].eq(unit)]
    if own.empty:
        return fold_section(TITLE, "按月出的报告不计分" if is_by_month(report) else "本单位没有计分")
    compared = standings["group"].eq(own["group"].iloc[0]) | (not scheme.groups_apart)
    averages = _average_points(items, standings[compared])
    rows = [_item_row(row, averages) for row in own.to_dict("records")]
    headings = ["项目", "满分", "得分", "失分", "比率", "未达到的工单", "算法", "本组平均得分", "口径"]
    row = next(standings[standings["unit"].eq(unit)].itertuples())
    answer, grade = _say_standing(row, scheme), _result(row, scheme) if row.state == ASSESSED else []
    count = "".join(text for text in grade if text != "—")
    return fold_section(
        TITLE, answer, html_table(headings, rows), COUNTY_LINK, _say_scheme(scheme), count=count
    )


def _average_points(items, standings):
    """Item → what the assessed among these units got on average, of how many units; numbers only."""
    assessed = standings.loc[standings["state"].eq(ASSESSED), "unit"]
    scored = items[items["unit"].isin(assessed) & items["points"].notna()]
    return {
        name: f"{decimal_text(round_half_up(sum(part) / len(part), 2))}（{len(part)}个单位）"
        for name, part in scored.groupby("item", sort=False)["points"]
    }


def _item_row(row, averages):
    numbers = [
        "—" if is_missing(row[name]) else decimal_text(row[name]) for name in ("full", "points", "lost")
    ]
    average = averages.get(row["item"], "—")
    return [row["item"], *numbers, _rate(row), _missed(row), row["how"], average, row["definition"]]


def _rate(row):
    """A share of the group's tickets has those of others in its denominator: it does not open here."""
    if not pd.isna(row["missed"]):
        return rate_figure(row)
    return "—" if is_missing(row["percent"]) else f"{decimal_text(row['percent'])}%"


def _missed(row):
    if pd.isna(row["missed"]):
        return "—"
    _, among = find_sides(row["metric"])
    value = 0 if row["better"] == "higher" else 1
    what = f"{row['item']}：失分的工单"
    return figure(row["missed"], what, **among | {row["metric"]: [value]}) if row["missed"] else "0"


def _say_standing(row, scheme):
    if row.state == NOT_ASSESSED:
        return f"不参评：{row.reason}。"
    said = f"{row.group}，得分{decimal_text(row.points)}分（满分{decimal_text(row.full)}分）"
    said += f"，{row.state}：{row.reason}" if row.state != ASSESSED else ""
    result = "".join(_result(row, scheme))
    result = f"等次为{result}" if scheme.presentation.kind == "grades" and result != "—" else result
    said += f"，{result}" if result not in ("", "—") else ""
    return f"{said}。{row.named}{'。' if row.named else ''}"
