"""The blocks of a report about points: how the units stand, group by group; one unit's points with their arithmetic.

`items` and `standings` come from `points.apply_scheme` and `standings.stand` and hold counts, no ticket:
a unit's page shows its own figures as links, those of others as numbers.
"""

import re
from html import escape

import pandas as pd
from IPython.display import HTML

from toolkit.assessing.points import round_half_up
from toolkit.assessing.scheme import read_scheme
from toolkit.assessing.scheme_text import print_scheme
from toolkit.assessing.standings import ASSESSED, NOT_ASSESSED
from toolkit.presenting.figures import figure, html_table, note, rate_figure
from toolkit.rounding import decimal_text, is_missing

NAMES_RANKS = ["top", "ranks"]


def standings_table(standings, items, scheme):
    """Units group by group: points, each item's points, grade or rank; the ticket count opens the unit's tickets.

    Units stand in the order of their names unless the scheme ranks them. Those not assessed, and those with
    too few tickets for a grade, stand below with the reason.
    """
    scheme = read_scheme(scheme)
    names = [entry.name for entry in (*scheme.items, *scheme.bonuses)]
    points = {(row.unit, row.item): row for row in items.itertuples()}
    blocks = []
    for group, own in standings.groupby("group", sort=False):
        assessed = own[own["state"].eq(ASSESSED)]
        ordered = (
            assessed.sort_values(["rank", "unit"]) if scheme.presentation.kind in NAMES_RANKS else assessed
        )
        rest = own[own["state"].ne(ASSESSED)]
        rows = [_standing_row(row, names, points, scheme) for row in pd.concat([ordered, rest]).itertuples()]
        headings = ["单位", "工单", *map(escape, names), "得分", *_result_headings(scheme), "说明"]
        blocks.append(f"<h3>{escape(group)}</h3>{html_table(headings, rows)}")
    return HTML("".join(blocks) + _say_scheme(scheme))


def _result_headings(scheme):
    return {"grades": ["等次"], "board": ["榜单"], "none": []}.get(scheme.presentation.kind, ["名次"])


def _standing_row(row, names, points, scheme):
    link = f'<a class="report" data-report="{escape(row.unit)}">{escape(row.unit)}</a>'
    count = figure(row.tickets, **{scheme.volume: [1], "report": [row.unit]}) if row.tickets else "0"
    scored = row.state != NOT_ASSESSED
    cells = [_points_cell(points.get((row.unit, name))) if scored else "—" for name in names]
    total = f"{decimal_text(row.points)}／{decimal_text(row.full)}" if scored else "—"
    said = "；".join(text for text in (row.state * (row.state != ASSESSED), row.reason, row.named) if text)
    return [link, count, *cells, total, *_result(row, scheme), escape(said)]


def _points_cell(item):
    return "—" if item is None or is_missing(item.points) else decimal_text(item.points)


def _result(row, scheme):
    kind = scheme.presentation.kind
    if kind == "none":
        return []
    value = row.rank if kind in NAMES_RANKS else row.grade
    return ["—" if pd.isna(value) else f"第{value}名" if kind in NAMES_RANKS else escape(value)]


def _say_scheme(scheme):
    partial = f"不完整：{scheme.partial}。" if scheme.partial else ""
    said = f"{scheme.name}。{partial}来源：{scheme.source}。{scheme.presentation.why}。"
    return note(f"计分办法：{said}")


def scheme_terms(scheme):
    """The whole scheme as a 考核办法, folded away under its name."""
    title, *lines = filter(None, print_scheme(scheme).splitlines())
    said = "".join(
        f"<h{len(marks) + 1}>{escape(text)}</h{len(marks) + 1}>" if marks else f"<p>{escape(line)}</p>"
        for line in lines
        for marks, text in [re.match(r"(#*) ?(.*)", line).groups()]
    )
    return HTML(f"<details><summary>{escape(title.removeprefix('# '))}</summary>{said}</details>")


def score_table(items, standings, scheme, unit):
    """One unit's points item by item: the rate and the tickets it lost open; beside them the group's average."""
    scheme = read_scheme(scheme)
    own = items[items["unit"].eq(unit)]
    if own.empty:
        return HTML(note("本单位没有计分。"))
    compared = standings["group"].eq(own["group"].iloc[0]) | (not scheme.groups_apart)
    averages = _average_points(items, standings[compared])
    rows = [_item_row(row, averages) for row in own.to_dict("records")]
    headings = ["项目", "满分", "得分", "失分", "比率", "未达到的工单", "算法", "本组平均得分", "口径"]
    table = html_table(headings, rows)
    compared_with = (
        '<p class="note">本组平均得分：本组参评单位该项得分的平均数，'
        '各单位得分见<a href="../county.html">全县通报</a>。</p>'
    )
    return HTML(_say_standing(standings, scheme, unit) + table + compared_with + _say_scheme(scheme))


def _average_points(items, standings):
    """Item → what the assessed among these units got on average, of how many units; numbers only."""
    assessed = standings.loc[standings["state"].eq(ASSESSED), "unit"]
    scored = items[items["unit"].isin(assessed) & items["points"].notna()]
    return {
        name: f"{decimal_text(round_half_up(sum(part) / len(part), 2))}（{len(part)}个单位）"
        for name, part in scored.groupby("item", sort=False)["points"]
    }


def _item_row(row, averages):
    full, points, lost = (
        "—" if is_missing(row[name]) else decimal_text(row[name]) for name in ("full", "points", "lost")
    )
    missed = row["missed"]
    # A share of the group's tickets has those of others in its denominator: they do not open here.
    is_own = not pd.isna(missed)
    rate = (
        rate_figure(row)
        if is_own
        else "—"
        if is_missing(row["percent"])
        else f"{decimal_text(row['percent'])}%"
    )
    member = [0] if row["better"] == "higher" else [1]
    opened = figure(missed, **{row["metric"]: member}) if is_own and missed else "0" if is_own else "—"
    texts = [row["item"], row["how"], averages.get(row["item"], "—"), row["definition"]]
    name, how, average, meaning = map(escape, texts)
    return [name, full, points, lost, rate, opened, how, average, meaning]


def _say_standing(standings, scheme, unit):
    row = next(standings[standings["unit"].eq(unit)].itertuples())
    if row.state == NOT_ASSESSED:
        return f'<p class="summary">不参评：{escape(row.reason)}。</p>'
    said = f"{row.group}，得分{decimal_text(row.points)}分（满分{decimal_text(row.full)}分）"
    said += f"，{row.state}：{row.reason}" if row.state != ASSESSED else ""
    result = "".join(_result(row, scheme))
    result = f"等次为{result}" if scheme.presentation.kind == "grades" and result != "—" else result
    said = escape(said) + (f"，{result}" if result not in ("", "—") else "")
    return f'<p class="summary">{said}。{escape(row.named + "。" if row.named else "")}</p>'
