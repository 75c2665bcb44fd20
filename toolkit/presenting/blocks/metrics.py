"""The one table of metrics: this period with its interval, the group, the county, earlier periods, the definition once."""

import pandas as pd
from markupsafe import Markup

from toolkit import schema
from toolkit.comparing.chance import differs_clearly
from toolkit.comparing.movement import say_change
from toolkit.presenting.blocks.movement import EARLIER, is_by_month, list_moves, say_spans
from toolkit.presenting.figures import (
    fold,
    html_table,
    join,
    note,
    rate_figure,
    rate_text,
    score_figure,
    time_figure,
)
from toolkit.presenting.sections import fold_section
from toolkit.rounding import count_text, percent
from toolkit.scoring.catalogue import HANDLING, define, lead_variants

COUNTY_PAGE = "../index.html"
COUNTY_LINK = Markup('<p class="note">{}数字的工单见<a href="{}">全县通报</a>。</p>')
TITLE, GROUP = "指标与口径", "本组"


def metrics_table(report):
    """Every metric of the report: now, its group, the county, earlier periods, and its definition; rivals folded beneath.

    In a unit's report the figures of others are words: they open on the county page.
    """
    families = lead_variants(set(report.metrics))
    own, spans = _by_metric(report), _list_spans(report)
    headings = ["指标", "本期", *_list_others(report)]
    headings += [EARLIER[name] for name in spans]
    leads = [variants[0] for variants in families.values()]
    rows = [_metric_row(metric, report, own, spans) for metric in leads]
    times = [[*row, *["—"] * (len(headings) - len(row))] for row in _time_rows(report)]
    rivals = [
        fold(f"同名指标的不同口径：{family}", _rival_table(variants[1:], headings, report, own, spans))
        for family, variants in families.items()
        if len(variants) > 1
    ]
    notes = [
        note(say_spans(report)),
        *(note(f"{name}：{why}。") for name, why in report.about["not_compared"].items()),
    ]
    lacking = _say_lacking(report.counted.lacking)
    answer = _say_answer(report, [metric.name for metric in leads])
    return fold_section(
        TITLE,
        answer,
        html_table(headings, [*rows, *times]),
        *notes,
        *rivals,
        COUNTY_LINK.format("和".join(_list_others(report)), COUNTY_PAGE) if report.name else "",
        lacking,
        count=len(leads),
    )


def _list_others(report):
    """Who stands beside the report: its group and the county; beside a month the county alone."""
    if report.name is None:
        return []
    return [schema.COUNTY] if is_by_month(report) else [GROUP, schema.COUNTY]


def _rival_table(variants, headings, report, own, spans):
    return html_table(headings, [_metric_row(metric, report, own, spans) for metric in variants])


def _by_metric(report):
    """Unit or 全县 and metric → its row of the scorecard; 本组 and metric → the units of the group taken together."""
    scorecard, groups = report.counted.scorecard, report.about["reports"]
    rows = scorecard[scorecard["unit"].isin([report.row, schema.COUNTY])]
    own = {(row["unit"], row["metric"]): row for row in rows.to_dict("records")}
    peers = [unit for unit, group in groups.items() if report.name and group == groups.get(report.name, "")]
    known = scorecard[scorecard["unit"].isin(peers) & scorecard["rate"].notna()]
    whole = known.groupby("metric").agg(
        units=("unit", "size"),
        numerator=("numerator", "sum"),
        denominator=("denominator", "sum"),
        least=("rate", "min"),
        most=("rate", "max"),
    )
    return own | {(GROUP, row["metric"]): row for row in whole.reset_index().to_dict("records")}


def _list_spans(report):
    """The earlier periods the report is compared with: 环比 or 同比 → metric → the row of movements."""
    own = list_moves(report)
    return {
        name: {row["metric"]: row for row in own[own["against"].eq(name)].to_dict("records")}
        for name in EARLIER
        if name in set(own["against"])
    }


def _metric_row(metric, report, own, spans):
    said = join([_say_definition(metric, report), f"来源：{metric.source}"], "　")
    name = Markup('{}<br><span class="soft">{}</span>').format(metric.name, said)
    county = own.get((schema.COUNTY, metric.name))
    told = {
        GROUP: _group_cell(own.get((GROUP, metric.name))),
        schema.COUNTY: _county_cell(county) if county else "—",
    }
    others = [told[name] for name in _list_others(report)]
    past = [_past_cell(by_metric.get(metric.name)) for by_metric in spans.values()]
    return [name, score_cell(own.get((report.row, metric.name))), *others, *past]


def _group_cell(whole):
    """The units of the report's group taken together, and the lowest and highest among them."""
    if whole is None:
        return "—"
    counted, among = whole["numerator"], int(whole["denominator"])
    rate = f"{percent(counted / among)}（{count_text(counted)}/{among}）"
    ends = f"{whole['units']}家：{percent(whole['least'])}—{percent(whole['most'])}"
    return Markup('{}<br><span class="soft">{}</span>').format(rate, ends)


def _past_cell(row):
    """What it was, opening its tickets, and by how much it changed."""
    if row is None:
        return "—"
    against = EARLIER[row["against"]]
    before = {name: row[name + "_before"] for name in ("numerator", "denominator", "rate")}
    then = score_figure(before | {"metric": row["metric"]}, against, against=against)
    clear = "，超出偶然范围" if differs_clearly(row) else ""
    return Markup('{}<br><span class="soft">{}{}</span>').format(then, say_change(row), clear)


def _say_answer(report, names):
    """19项指标；同比8项下降、3项上升超出偶然范围."""
    if report.now.empty:
        return "本期没有相应工单"
    moves = list_moves(report)
    moves = moves[moves["metric"].isin(names)]
    for name in EARLIER:
        own = moves[moves["against"].eq(name)].to_dict("records")
        if own:
            clear = [row["word"] for row in own if differs_clearly(row)]
            said = [f"{clear.count(word)}项{word}" for word in ("下降", "上升") if word in clear]
            told = f"{name}{'、'.join(said)}超出偶然范围" if said else f"{name}升降都在偶然范围之内"
            return f"{len(names)}项指标；{told}"
    return f"{len(names)}项指标的分子、分母、区间和口径"


def score_cell(row):
    """The figure with its interval; where exclusions change it, also the figure with the excluded tickets."""
    cell = score_figure(row)
    if row is None or pd.isna(row["denominator"]):
        return cell
    also = ""
    if _differs(row):
        kept = rate_figure(_with_excluded(row), with_excluded=True)
        also = Markup('<br><span class="soft">含剔除件{}</span>').format(kept)
    return join([cell, _say_interval(row), also])


def _county_cell(row):
    if pd.isna(row["denominator"]):
        return f"{count_text(row['numerator'])}件"
    also = (
        Markup('<br><span class="soft">含剔除件{}</span>').format(rate_text(_with_excluded(row)))
        if _differs(row)
        else ""
    )
    return join([rate_text(row), _say_interval(row), also])


def _with_excluded(row):
    return row | {name: row[f"{name}_with_excluded"] for name in ("numerator", "denominator", "rate")}


def _differs(row):
    return bool(row["denominator"] != row["denominator_with_excluded"])


def _say_interval(row):
    if pd.isna(row["low"]):
        return ""
    words = f"95%区间{percent(row['low'])}—{percent(row['high'])}"
    return Markup('<br><span class="soft">{}</span>').format(words)


def _say_definition(metric, report):
    caution = f"（{metric.caution}）" if metric.caution else ""
    return define(metric, report.about["answered_by"]) + caution


def _time_rows(report):
    """How long it took: median, P90, shares within so many working days, as rows of the table of metrics."""
    taken = report.counted.times.set_index("unit")
    if schema.COUNTY not in taken.index:
        return []
    answered_by = report.about["answered_by"]
    answer, within = schema.ANSWERS[answered_by], [name for name in taken if name.startswith("within_")]
    said = {"median_days": "办理用时中位数", "p90_days": "办理用时（九成件以内，P90）"}
    said |= {name: f"{name.split('_')[1]}个工作日内{answer}的比例" for name in within}
    told = Markup('{}<br><span class="soft">{}</span>')
    names = [told.format(said["median_days"], define(HANDLING, answered_by)), *list(said.values())[1:]]
    rows = []
    for column, name in zip(said, names, strict=True):
        own = _time_cell(taken, report.row, column, answer, True)
        county = _time_cell(taken, schema.COUNTY, column, answer, False)
        others = [county if other == schema.COUNTY else "—" for other in _list_others(report)]
        rows.append([name, own, *others])
    return rows


def _time_cell(taken, unit, column, answer, opens):
    """7个工作日（已回复25件、未回复9件）: on their own page the two numbers open their tickets."""
    if unit not in taken.index:
        return "—"
    row = taken.loc[unit]
    known = not pd.isna(row[column])
    text = f"{row[column]}个工作日" if known else "未达到"
    text = percent(row[column]) if column.startswith("within_") else text
    counts = {f"已{answer}": (row["answered"], 1), f"未{answer}": (row["still_open"], 0)}
    shown = [
        Markup("{}{}件").format(word, time_figure(count, word, HANDLING.name, value) if opens else count)
        for word, (count, value) in counts.items()
    ]
    return Markup("{}（{}）").format(text, join(shown, "、"))


def _say_lacking(lacking):
    said = "；".join(f"{m}（缺{c}）" for m, c in zip(lacking["metric"], lacking["missing"], strict=True))
    return note(f"未计算的指标：{said}。" if said else "")
