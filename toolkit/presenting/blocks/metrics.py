"""The tables of metrics: the leading formula of each name with its interval, rivals folded beneath, times."""

import pandas as pd
from markupsafe import Markup

from toolkit import schema
from toolkit.presenting.figures import (
    fold,
    html_table,
    join,
    note,
    rate_figure,
    rate_text,
    score_figure,
    show,
    time_figure,
)
from toolkit.rounding import count_text, percent
from toolkit.scoring.catalogue import HANDLING, define, lead_variants

COUNTY_LINK = Markup('<p class="note">全县数字的工单见<a href="../county.html">全县通报</a>。</p>')


def metrics_table(report):
    """The report's metrics, a unit's beside the county's, each with its definition, rival formulas folded beneath.

    In a unit's report the county's figures are words: they open on the county page.
    """
    families = lead_variants(set(report.counted.scorecard["metric"]))
    cells = _metric_cells(report)
    headings = ["指标", *(["本单位"] if report.name else []), schema.COUNTY, "口径"]
    leads = [
        [first.name, *cells[first.name], _say_definition(first, report)] for first, *_ in families.values()
    ]
    rivals = [
        fold(f"同名指标的不同口径：{family}", _rival_table(variants, cells, headings, report))
        for family, variants in families.items()
        if len(variants) > 1
    ]
    table = html_table(headings, [*leads, *_time_rows(report)])
    return show(table, *rivals, COUNTY_LINK if report.name else "", _say_lacking(report.counted.lacking))


def _rival_table(variants, cells, headings, report):
    rows = [[m.name, *cells[m.name], _say_definition(m, report), m.source] for m in variants]
    return html_table([*headings, "来源"], rows)


def _metric_cells(report):
    """Metric → its cells: the unit's, which open their tickets, then the county's; or the county's alone."""
    scorecard, own = report.counted.scorecard, report.scores
    county = scorecard[scorecard["unit"].eq(schema.COUNTY)].to_dict("records")
    return {
        row["metric"]: [
            score_cell(own.get(row["metric"])),
            *([_county_cell(row)] if report.name else []),
        ]
        for row in county
    }


def score_cell(row):
    """The figure with its interval; where exclusions change it, also the figure with the excluded tickets."""
    cell = score_figure(row)
    if row is None or pd.isna(row["denominator"]):
        return cell
    also = ""
    if _differs(row):
        kept = rate_figure(_with_excluded(row), with_excluded=True)
        also = Markup("<br>含剔除件：{}").format(kept)
    return join([cell, _say_interval(row), also])


def _county_cell(row):
    if pd.isna(row["denominator"]):
        return f"{count_text(row['numerator'])}件"
    also = Markup("<br>含剔除件：{}").format(rate_text(_with_excluded(row))) if _differs(row) else ""
    return join([rate_text(row), _say_interval(row), also])


def _with_excluded(row):
    return row | {name: row[f"{name}_with_excluded"] for name in ("numerator", "denominator", "rate")}


def _differs(row):
    return bool(row["denominator"] != row["denominator_with_excluded"])


def _say_interval(row):
    if pd.isna(row["low"]):
        return ""
    words = f"95%区间{percent(row['low'])}—{percent(row['high'])}"
    return Markup('<br><span class="note">{}</span>').format(words)


def _say_definition(metric, report):
    caution = f"（{metric.caution}）" if metric.caution else ""
    return define(metric, report.about["answered_by"]) + caution


def _time_rows(report):
    """How long it took: median, P90, shares within so many working days, as rows of the table of metrics."""
    taken = report.counted.times.set_index("unit")
    if schema.COUNTY not in taken.index:
        return []
    answered_by = report.about["answered_by"]
    answer, units = schema.ANSWERS[answered_by], dict.fromkeys([report.row, schema.COUNTY])
    said = {"median_days": "办理用时中位数", "p90_days": "办理用时（九成件以内，P90）"}
    within = [name for name in taken if name.startswith("within_")]
    said |= {name: f"{name.split('_')[1]}个工作日内{answer}的比例" for name in within}
    sentences = [define(HANDLING, answered_by), *["同上"] * (len(said) - 1)]
    return [
        [name, *(_time_cell(taken, unit, column, answer, unit == report.row) for unit in units), sentence]
        for (column, name), sentence in zip(said.items(), sentences, strict=True)
    ]


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
