"""The blocks of a report about fair comparison, and what would change a unit's grade.

A figure of this report opens its tickets; one of the county or of another unit is plain text with its
counts, for its tickets are not here.
"""

from html import escape

import pandas as pd
from IPython.display import HTML

from toolkit.comparing import fairness
from toolkit.presenting.figures import html_table, note, rate_figure
from toolkit.rounding import percent


def fair_table(ranks, mix, report=None):
    """Each unit's rate with its interval, the rate its few tickets can carry, its like-for-like difference, its rank's range.

    Reads `rank_certainty` and `adjust_case_mix`, of one metric or of several under one another: those after
    the first are folded away. The county's page shows every unit, in the order of names within groups; a
    unit's page its own row alone.
    """
    if ranks.empty:
        return HTML(note("没有可比的工单。"))
    first, *others = [
        _fair_metric(name, part, mix[mix["metric"].eq(name)], report)
        for name, part in ranks.groupby("metric", sort=False)
    ]
    said = f"位次只给出九成把握的范围；居前、居后的把握达到{percent(fairness.SURE, 0)}才作判断。"
    folded = [f"<details><summary>{escape(name)}</summary>{block}</details>" for name, block in others]
    return HTML(f"{first[1]}{''.join(folded)}{note(said)}")


def _fair_metric(metric, ranks, mix, report):
    shown = ranks if report is None else ranks[ranks["unit"].eq(report)]
    mixes = {row["unit"]: row for row in mix.to_dict("records")}
    rows = [_fair_row(row, mixes.get(row["unit"]), report) for row in shown.to_dict("records")]
    heads = [
        *["类别", "单位", "比率", "95%区间", "稳健比率（区间）", "同类工单全县水平", "与全县水平之差"],
        *["位次（90%把握）", "判断"],
    ]
    notes = [f"{metric}：{ranks['definition'].iloc[0]}。", *_say_priors(shown)]
    return metric, html_table(heads, rows) + "".join(note(words) for words in notes)


def _fair_row(row, mix, report):
    where = {} if report else {"report": [row["unit"]]}
    shrunken = f"{percent(row['shrunken'])}（{_range(row['shrunken_low'], row['shrunken_high'])}）"
    interval = "—" if pd.isna(row["low"]) else _range(row["low"], row["high"])
    cells = [escape(row["group"]), escape(row["unit"]), rate_figure(row, **where), interval, shrunken]
    cells += ["—", "—"] if mix is None else [percent(mix["expected_rate"]), _difference(mix)]
    if pd.isna(row["rank"]):
        return [*cells, "—", "—"]
    ends = f"{row['rank_low']:.0f}—{row['rank_high']:.0f}"
    places = f"第{ends if row['rank_low'] < row['rank_high'] else format(row['rank_low'], '.0f')}名"
    ends = {fairness.FIRST: f"（前{row['ends']:.0f}名）", fairness.LAST: f"（后{row['ends']:.0f}名）"}
    judged = escape(row["place"]) + ends.get(row["place"], "")
    return [*cells, f"{places}（共{row['units']:.0f}个单位）", judged]


def _range(low, high):
    return f"{percent(low)}—{percent(high)}"


def _difference(mix):
    if pd.isna(mix["difference"]):
        return "无同类可比"
    part = f"，可比{mix['comparable']}件" if mix["comparable"] < mix["denominator"] else ""
    middle, low, high = (_signed(mix[name]) for name in ("difference", "difference_low", "difference_high"))
    return f"{middle}个百分点（{low}至{high}{part}）"


def _signed(points):
    """A difference in percentage points with its sign, to one decimal; 0.0 has none."""
    printed = f"{points:+.1f}"
    return "0.0" if float(printed) == 0 else printed


def _say_priors(shown):
    """How far each group's units are drawn together, with the formula."""
    groups = shown.drop_duplicates("group")
    said = "；".join(
        f"{row.group}整体{percent(row.prior_rate)}，按{row.prior_count:.0f}件计"
        for row in groups.itertuples()
    )
    return [f"稳健比率=（分子+件数×整体比率）÷（分母+件数），工单少的单位向整体靠拢。{said}。"]
