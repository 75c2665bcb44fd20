"""The blocks of a report about movement: against earlier periods, and who moved the county."""

from html import escape

import pandas as pd
from IPython.display import HTML

from toolkit import schema
from toolkit.comparing.movement import PERIOD_BEFORE, YEAR_BEFORE, say_change
from toolkit.presenting.figures import count_figure, html_table, note, rate_figure
from toolkit.presenting.listing import PAST
from toolkit.scoring.catalogue import lead_variants


def movement_table(movements, report=None):
    """Each metric of the report against the period before and the same period of the year before.

    Reads `compare_spans`; each figure opens its tickets, those of an earlier period too. The leading variant
    of every family stands open, its rivals are folded beneath.
    """
    own = movements[movements["unit"].eq(report or schema.COUNTY)]
    names = [name for name in (PERIOD_BEFORE, YEAR_BEFORE) if name in set(own["against"])]
    if not names:
        return HTML(note("没有可比的期间。"))
    leads = [variants[0].name for variants in lead_variants(set(own["metric"])).values()]
    is_lead = own["metric"].isin(leads)
    spans = own.drop_duplicates("against").set_index("against").loc[names]
    said = "；".join(
        f"{name_before(name)}为{span.period_before.replace('..', '至')}（{span.days_before}天，本期{span.days}天）"
        for name, span in spans.iterrows()
    )
    words = f"{said}。各期均按当时的统计截止判定；百分点为两个所列比率之差。"
    rivals = own[~is_lead]
    folded = f"<details><summary>同名指标的其他口径</summary>{_movement_rows(rivals, names)}</details>"
    return HTML(_movement_rows(own[is_lead], names) + note(words) + (folded if len(rivals) else ""))


def _movement_rows(own, names):
    rows = []
    for metric in own["metric"].unique():
        by_span = {row["against"]: row for row in own[own["metric"].eq(metric)].to_dict("records")}
        first = next(iter(by_span.values()))
        cells = [cell for name in names for cell in _change_cells(by_span.get(name))]
        rows.append([escape(metric), _value(first), *cells, escape(str(first["definition"]))])
    heads = [head for name in names for head in (name_before(name), name)]
    return html_table(["指标", "本期", *heads, "口径"], rows)


def name_before(against):
    return "上期" if against == PERIOD_BEFORE else "上年同期"


def _change_cells(row):
    if row is None:
        return ["—", "—"]
    before = {name: row[name + "_before"] for name in ("numerator", "denominator", "rate")}
    before["metric"] = PAST[row["against"]] + row["metric"]
    return [_value(before), escape(say_change(row))]


def _value(row):
    """A rate or a count with its figures."""
    if pd.isna(row["numerator"]):
        return "—"
    return count_figure(row) if pd.isna(row["denominator"]) else rate_figure(row)
