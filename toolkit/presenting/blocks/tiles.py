"""Four figures at a glance: each with its interval, its group, its target, its months, and what chance leaves of a change."""

import pandas as pd
from markupsafe import Markup

from toolkit import schema
from toolkit.assessing.leading import TIMELY
from toolkit.comparing.months import HOW_COUNTED, MONTHLY, SHOWN_MONTHS, find_months, is_lower_better
from toolkit.comparing.movement import YEAR_BEFORE, say_change
from toolkit.comparing.trend import HOW_JUDGED
from toolkit.presenting.blocks.movement import EARLIER, find_move, is_by_month
from toolkit.presenting.figures import count_figure, explain, join, open_rate, score_figure, warn
from toolkit.presenting.leading import find_lead, find_target
from toolkit.presenting.marks import draw_months, draw_scale
from toolkit.presenting.sections import fold_section, open_section
from toolkit.rounding import percent
from toolkit.schema import NOW
from toolkit.scoring.catalogue import COUNT

TITLE = "一眼看清"
# The first four that are known, in this order.
FAMILIES = [TIMELY, COUNT, "满意率", "解决率", "及时签收率", "先行联系率", "按时办结率", "回访率"]
TILES = 4


def tiles(report):
    """The leading figures of the report: the rate with its counts, interval, group, target, months, change, 走势 and 达标."""
    metrics = [metric for family in FAMILIES if (metric := _choose(report, family))][:TILES]
    if not metrics:
        return fold_section(TITLE, "本期没有可计的指标")
    drawn = join(_tile(report, metric) for metric in metrics)
    answer = f"蓝点和横线为{_say_whose(report)}和95%区间，{_say_others(report)}绿线为目标"
    answer += "；下为逐月，点可打开" if "<polyline" in drawn else ""
    answer = join([answer, explain(f"{HOW_JUDGED}。{HOW_COUNTED}。")])
    return open_section(TITLE, answer, Markup('<div class="tiles">{}</div>').format(drawn))


def _say_whose(report):
    return schema.COUNTY if report.name is None else "本月" if is_by_month(report) else "本单位"


def _say_others(report):
    """灰点为同组其他9个单位，: what the grey dots are, and how many where they lie on one another; nothing for none."""
    others = len(_list_others(report))
    which = "" if report.name is None else "其他" if is_by_month(report) else "同组其他"
    return f"灰点为{which}{others}个{'月' if is_by_month(report) else '单位'}，" if others else ""


def _choose(report, family):
    """The metric that stands for a family; None where nothing was counted."""
    metric = COUNT if family == COUNT else find_lead(report, family)
    row = report.scores.get(metric)
    return metric if row is not None and (metric == COUNT or not pd.isna(row["rate"])) else None


def _tile(report, metric):
    row = report.scores[metric]
    head = Markup("<h3>{}{}</h3>").format(metric, explain(row["definition"]))
    parts = _count_parts(report, row) if metric == COUNT else _rate_parts(report, metric, row)
    return Markup('<div class="tile">{}{}</div>').format(head, join(parts))


def _count_parts(report, row):
    shown = Markup('<div><span class="big">{}</span><span class="of">件</span></div>').format(
        count_figure(row)
    )
    counts, where = _count_received(report)
    line = ""
    if len(counts) > 1:
        told = [f"{month}受理{count}件" for month, count in counts.items()]
        line = draw_months(list(counts.values()), told, where)
    return [shown, line, _say_year(report, row)]


def _count_received(report):
    """Month → how many tickets were received, and what opens them: the last twelve of the period and of those followed."""
    followed = set() if is_by_month(report) else set(_list_followed(report, report.counted.months))
    months = find_months(report.tickets["received_at"])
    is_now = report.tickets["scope"].eq(NOW)
    shown = sorted(followed | set(months[is_now].dropna()))[-SHOWN_MONTHS:]
    counts = {month: int((months.eq(month) & (is_now | (month in followed))).sum()) for month in shown}
    asked = [{"received_month": [month]} | ({} if month in followed else {"scope": [NOW]}) for month in shown]
    return counts, [where if counts[month] else None for month, where in zip(shown, asked, strict=True)]


def _list_followed(report, rows):
    """The months that this report's rates are followed by, the last twelve."""
    return sorted(rows.loc[rows["unit"].eq(report.row), "month"].unique())[-SHOWN_MONTHS:]


def _rate_parts(report, metric, row):
    shown = Markup('<div><span class="big">{}</span><span class="of">{}/{}{}</span></div>').format(
        *open_rate(row, percent(row["rate"])), warn(row)
    )
    target, _ = find_target(report, metric)
    low, high = (None if pd.isna(row[end]) else row[end] for end in ("low", "high"))
    scale = draw_scale(row["rate"], low, high, _list_other_rates(report, metric), target)
    return [
        shown,
        scale,
        _draw_own_months(report, metric, target),
        _say_year(report, row),
        _say_trend(report, metric),
    ]


def _list_others(report):
    """The other units of the same group that received tickets, or the other months; on the county's page all."""
    groups, rows = report.about["reports"], report.counted.scorecard
    received = set(rows.loc[rows["metric"].eq(COUNT) & rows["numerator"].gt(0), "unit"])
    known = [name for name in groups if name in received and name != report.name]
    is_one = report.name is None or is_by_month(report)
    return [name for name in known if is_one or groups[name] == groups[report.name]]


def _list_other_rates(report, metric):
    """The rates of those units, lowest first, of those that have one."""
    rows = report.counted.scorecard
    of_others = rows["metric"].eq(metric) & rows["unit"].isin(_list_others(report))
    return sorted(rows.loc[of_others, "rate"].dropna().astype(float))


def _draw_own_months(report, metric, target):
    """The last twelve months that were followed; grey where nothing is to be concluded from a month yet."""
    rows = report.counted.months
    rows = (
        rows[rows["unit"].eq(report.row) & rows["metric"].eq(metric)].sort_values("month").tail(SHOWN_MONTHS)
    )
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
    drawn = draw_months(rates, told, where, target, dim)
    shut = [
        row.month
        for row, opens in zip(rows.itertuples(), where, strict=True)
        if row.denominator and not opens
    ]
    return join([drawn, _say_shut(shut)])


def _say_shut(months):
    """Why points open nothing, and where they do."""
    if not months:
        return ""
    span = months[0] if len(months) == 1 else f"{months[0]}至{months[-1]}"
    return Markup(
        '<p class="words">{}的工单不在本次运行，件数仅供对照；以该月为期间的运行可点开。</p>'
    ).format(span)


def _count_here(report, metric):
    """Month → how many of its tickets the report holds: a month whose tickets are not here opens nothing."""
    marks = report.marks
    if MONTHLY + metric not in marks:
        return {}
    counted = marks.loc[marks[MONTHLY + metric].notna(), "ticket_id"]
    held = report.tickets.set_index("ticket_id")["received_at"].reindex(counted)
    return held.dt.strftime("%Y-%m").value_counts().to_dict()


def _say_year(report, row):
    """同比下降3.9个百分点，上年同期98.2%（55/56）, the change red where it is for the worse."""
    metric, move = row["metric"], find_move(report, row["metric"])
    if move is None:
        return ""
    past, unit = EARLIER[YEAR_BEFORE], "件" if metric == COUNT else ""
    before = {name: move[name + "_before"] for name in ("numerator", "denominator", "rate")}
    then = score_figure(before | {"metric": metric}, past, against=past)
    worse_way = 1 if is_lower_better(metric) else -1
    is_worse = metric != COUNT and move["change"] * worse_way > 0
    said = Markup('<span class="bad">{}</span>').format(say_change(move)) if is_worse else say_change(move)
    return Markup('<p class="words">{}，{}{}{}</p>').format(said, past, then, unit)


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
