"""The tables of metrics: the leading formula of each name with its interval, rivals folded beneath, times."""

from html import escape

import pandas as pd
from IPython.display import HTML

from toolkit import schema
from toolkit.presenting.figures import count_figure, figure, html_table, note, rate_figure, rate_text
from toolkit.rounding import count_text, percent
from toolkit.scoring.catalogue import HANDLING, define, lead_variants


def scores_of(scorecard, report):
    """Metric → its row, of one unit or of the county."""
    rows = scorecard[scorecard["unit"].eq(report or schema.COUNTY)]
    return {row["metric"]: row for row in rows.to_dict("records")}


def metric_tables(prepared, report):
    """The leading variant of every family; under it, family by family, the rivals of the same name."""
    families = lead_variants(set(prepared.scorecard["metric"]))
    cells = _metric_cells(prepared, report)
    headings = ["指标", *(["本单位"] if report else []), "全县", "口径"]
    leads = [
        [escape(first.name), *cells[first.name], _say_definition(first, prepared)]
        for first, *_ in families.values()
    ]
    rivals = [
        _fold(
            family,
            html_table(
                [*headings, "来源"],
                [
                    [escape(m.name), *cells[m.name], _say_definition(m, prepared), escape(m.source)]
                    for m in variants
                ],
            ),
        )
        for family, variants in families.items()
        if len(variants) > 1
    ]
    return html_table(headings, [*leads, *_time_rows(prepared, report)]) + "".join(rivals)


def _metric_cells(prepared, report):
    """Metric → its cells: the unit's, which open their tickets, then the county's; or the county's alone."""
    with_excluded = prepared.scorecard_with_excluded
    own, own_kept = scores_of(prepared.scorecard, report), scores_of(with_excluded, report)
    county, county_kept = scores_of(prepared.scorecard, None), scores_of(with_excluded, None)
    return {
        name: [
            score_cell(own.get(name), own_kept.get(name)),
            *([_county_cell(row, county_kept.get(name))] if report else []),
        ]
        for name, row in county.items()
    }


def score_cell(row, kept=None, **where):
    """The figure with its interval; where exclusions change it, also the figure with the excluded tickets."""
    if row is None:
        return "—"
    if pd.isna(row["denominator"]):
        return count_figure(row, **where)
    cell = rate_figure(row, **where)
    if kept is not None:
        cell += _say_interval(row)
        if _differs(row, kept):
            cell += f"<br>含剔除件：{rate_figure(kept, with_excluded=True, **where)}"
    return cell


def _county_cell(row, kept):
    if pd.isna(row["denominator"]):
        return f"{count_text(row['numerator'])}件"
    also = f"<br>含剔除件：{rate_text(kept)}" if _differs(row, kept) else ""
    return rate_text(row) + _say_interval(row) + also


def _say_interval(row):
    if pd.isna(row["low"]):
        return ""
    return f'<br><span class="note">95%区间{percent(row["low"])}—{percent(row["high"])}</span>'


def _differs(row, kept):
    return kept is not None and row["denominator"] != kept["denominator"]


def _say_definition(metric, prepared):
    caution = f"（{metric.caution}）" if metric.caution else ""
    return escape(define(metric, prepared.about["answered_by"]) + caution)


def _fold(family, table):
    return f"<details><summary>同名指标的不同口径：{escape(family)}</summary>{table}</details>"


def _time_rows(prepared, report):
    """How long it took: median, P90, shares within so many working days, as rows of the table of metrics."""
    taken = prepared.times.set_index("unit")
    if schema.COUNTY not in taken.index:
        return []
    answered_by = prepared.about["answered_by"]
    answer, units = schema.ANSWERS[answered_by], [*([report] if report else []), schema.COUNTY]
    said = {"median_days": "办理用时中位数", "p90_days": "办理用时（九成件以内，P90）"}
    within = [name for name in taken if name.startswith("within_")]
    said |= {name: f"{name.split('_')[1]}个工作日内{answer}的比例" for name in within}
    sentences = [escape(define(HANDLING, answered_by)), *["同上"] * (len(said) - 1)]
    return [
        [name, *(_time_cell(taken, unit, column, answer, unit == units[0]) for unit in units), sentence]
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
        f"{word}{figure(count, **{HANDLING.name: [value]}) if opens else count}件"
        for word, (count, value) in counts.items()
    ]
    return f"{text}（{'、'.join(shown)}）"


SUMMED_UP = ["按期回复率", "回复率", "按时办结率", "办结率", "满意率", "解决率", "回访率", "满意办结率"]


def metrics_table(prepared, report):
    """The unit's metrics beside the county's, each with its definition, rival formulas folded beneath.

    The county's figures open on the county page.
    """
    link = '<p class="note">全县数字的工单见<a href="../county.html">全县通报</a>。</p>'
    return HTML(metric_tables(prepared, report) + link + _say_lacking(prepared))


def definitions(prepared):
    """The county's metrics, each with its definition, rival formulas folded beneath; figures open their tickets."""
    return HTML(metric_tables(prepared, None) + _say_lacking(prepared))


def _say_lacking(prepared):
    lacking = prepared.lacking
    if lacking.empty:
        return ""
    said = "；".join(f"{m}（缺{c}）" for m, c in zip(lacking["metric"], lacking["missing"], strict=True))
    return note(f"未计算的指标：{said}。")
