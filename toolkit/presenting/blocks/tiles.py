"""Four figures at a glance: each with its interval, its group, its target, its months, and what chance leaves of a change."""

import pandas as pd
from markupsafe import Markup

from toolkit import schema
from toolkit.comparing.months import HOW_COUNTED, MONTHLY
from toolkit.comparing.movement import YEAR_BEFORE, say_change
from toolkit.comparing.trend import HOW_JUDGED
from toolkit.presenting.blocks.movement import EARLIER
from toolkit.presenting.figures import count_figure, explain, figure, find_sides, join, score_figure, warn
from toolkit.presenting.leading import TIMELY, find_lead, find_target
from toolkit.presenting.marks import draw_months, draw_scale
from toolkit.presenting.sections import fold_section, open_section
from toolkit.rounding import count_text, percent
from toolkit.schema import NOW

TITLE = "一眼看清"
COUNT = "受理件数"
# The first four that are known, in this order.
FAMILIES = [TIMELY, COUNT, "满意率", "解决率", "及时签收率", "先行联系率", "按时办结率", "回访率"]
TILES, MONTHS = 4, 12


def tiles(report):
    """The leading figures of the report: the rate with its counts, interval, group, target, months, change, 走势 and 达标."""
    metrics = [metric for metric in map(_choose(report), FAMILIES) if metric][:TILES]
    if not metrics:
        return fold_section(TITLE, "本期没有可计的指标")
    drawn = join(_tile(report, metric) for metric in metrics)
    whose, others = ("本单位", "同组各单位") if report.name else (schema.COUNTY, "各单位")
    answer = f"蓝点和横线为{whose}和95%区间，灰点为{others}，绿线为目标；下为逐月，点可打开"
    answer = join([answer, explain(f"{HOW_JUDGED}。{HOW_COUNTED}。")])
    return open_section(TITLE, answer, Markup('<div class="tiles">{}</div>').format(drawn))


def _choose(report):
    """The metric that stands for a family, where something was counted."""

    def choose(family):
        metric = COUNT if family == COUNT else find_lead(report, family)
        row = report.scores.get(metric)
        is_known = row is not None and (family == COUNT or not pd.isna(row["rate"]))
        return metric if is_known else None

    return choose


def _tile(report, metric):
    row = report.scores[metric]
    head = Markup("<h3>{}{}</h3>").format(metric, explain(row["definition"]))
    parts = _count_parts(report, row) if metric == COUNT else _rate_parts(report, metric, row)
    return Markup('<div class="tile">{}{}</div>').format(head, join(parts))


def _count_parts(report, row):
    shown = Markup('<div><span class="big">{}</span><span class="of">件</span></div>').format(
        count_figure(row)
    )
    months = report.now["received_at"].dt.strftime("%Y-%m").value_counts().sort_index().tail(MONTHS)
    line = ""
    if len(months) > 1:
        told = [f"{month}受理{count}件" for month, count in months.items()]
        where = [{"received_month": [month], "scope": [NOW]} for month in months.index]
        line = draw_months([int(count) for count in months], told, where)
    return [shown, line, _say_year(report, row)]


def _rate_parts(report, metric, row):
    counted, among = find_sides(metric)
    big = figure(percent(row["rate"]), f"{metric}：分子", **counted)
    numerator = figure(count_text(row["numerator"]), f"{metric}：分子", **counted)
    counts = Markup("{}/{}").format(numerator, figure(row["denominator"], f"{metric}：分母", **among))
    shown = Markup('<div><span class="big">{}</span><span class="of">{}{}</span></div>').format(
        big, counts, warn(row)
    )
    target, _ = find_target(report, metric)
    low, high = (None if pd.isna(row[end]) else row[end] for end in ("low", "high"))
    scale = draw_scale(row["rate"], low, high, _list_group(report, metric), target)
    return [
        shown,
        scale,
        _draw_own_months(report, metric, target),
        _say_year(report, row),
        _say_trend(report, metric),
    ]


def _list_group(report, metric):
    """The rates of the units of the same group; of all units on the county's page."""
    groups, rows = report.about["reports"], report.counted.scorecard
    own = [unit for unit in groups if not report.name or groups[unit] == groups.get(report.name)]
    rates = rows.loc[rows["metric"].eq(metric) & rows["unit"].isin(own), "rate"].dropna()
    return sorted(set(rates.astype(float)))


def _draw_own_months(report, metric, target):
    """The last twelve months that were followed; grey where nothing is to be concluded from a month yet."""
    rows = report.counted.months
    rows = rows[rows["unit"].eq(report.row) & rows["metric"].eq(metric)].sort_values("month").tail(MONTHS)
    rates = [None if pd.isna(rate) else float(rate) for rate in rows["rate"]]
    if sum(rate is not None for rate in rates) < 2:
        return ""
    told = [
        f"{row.month}：{percent(row.rate)}（{row.numerator:.0f}/{row.denominator:.0f}）"
        for row in rows.itertuples()
    ]
    here = _count_here(report, metric)
    where = [
        {MONTHLY + metric: [0, 1], "received_month": [row.month]}
        if here.get(row.month) == row.denominator
        else None
        for row in rows.itertuples()
    ]
    dim = [place for place, settled in enumerate(rows["is_settled"]) if not settled]
    return draw_months(rates, told, where, target, dim)


def _count_here(report, metric):
    """Month → how many of its tickets the report holds: a month whose tickets are not here opens nothing."""
    marks = report.marks
    if MONTHLY + metric not in marks:
        return {}
    counted = marks.loc[marks[MONTHLY + metric].notna(), "ticket_id"]
    held = report.tickets.set_index("ticket_id")["received_at"].reindex(counted)
    return held.dt.strftime("%Y-%m").value_counts().to_dict()


def _say_year(report, row):
    """▼3.9个百分点，上年同期98.2%（55/56）, red where it is for the worse."""
    moves = report.compared.movements
    own = moves["unit"].eq(report.row) & moves["metric"].eq(row["metric"]) & moves["against"].eq(YEAR_BEFORE)
    for move in moves[own & moves["change"].notna()].to_dict("records"):
        before = {name: move[name + "_before"] for name in ("numerator", "denominator", "rate")}
        then = score_figure(
            before | {"metric": row["metric"]}, EARLIER[YEAR_BEFORE], against=EARLIER[YEAR_BEFORE]
        )
        is_worse = move["change"] < 0 and row["metric"] != COUNT
        said = (
            Markup('<span class="bad">{}</span>').format(say_change(move)) if is_worse else say_change(move)
        )
        unit = "件" if row["metric"] == COUNT else ""
        return Markup('<p class="words">{}，上年同期{}{}</p>').format(said, then, unit)
    return ""


def _say_trend(report, metric):
    """走势 and 达标 in their words; pointed at, what they rest on."""
    rows = report.compared.trends
    for row in rows[rows["unit"].eq(report.row) & rows["metric"].eq(metric)].to_dict("records"):
        bad = Markup(' class="bad"') if row["is_better"] is False else ""
        said = [Markup("走势<b{}>{}</b>").format(bad, row["trend"])]
        if isinstance(row["assurance"], str):
            said.append(Markup("达标<b>{}</b>").format(row["assurance"]))
        why = f"{row['sentence']}。{row['assurance_sentence']}。"
        return Markup('<p class="words">{}{}</p>').format(join(said, "　"), explain(why))
    return ""
