"""Who moved the county."""

from html import escape

import pandas as pd
from IPython.display import HTML

from toolkit.presenting.blocks.movement import name_before
from toolkit.presenting.figures import count_figure, html_table, note, rate_figure
from toolkit.presenting.listing import PAST

MOST_NAMED = 3


def contributions_table(parts, metric, against, column="report", kind="单位"):
    """How many percentage points of the county's change each unit or category brought about; for the county's page.

    Reads `assess.find_contributions`; column: the column of the ticket table whose values the rows are.
    """
    parts = parts[parts["metric"].eq(metric) & parts["against"].eq(against) & parts["column"].eq(column)]
    if parts["contribution"].isna().all():
        return HTML(note(f"{metric}{against}无可比工单，各{kind}的影响未计。"))
    order = parts.assign(size=parts["contribution"].abs()).sort_values(
        ["size", "unit"], ascending=[False, True], kind="stable"
    )
    is_rate = parts["rate_effect"].notna().any()
    effects = ["rate_effect", "mix_effect", "contribution"] if is_rate else ["contribution"]
    rows = []
    for row in order.to_dict("records"):
        before = {name: row[name + "_before"] for name in ("numerator", "denominator")}
        sides = _counts(row, metric), _counts(before, PAST[against] + metric)
        show = rate_figure if is_rate else count_figure
        opened = [show(side, **{column: [row["unit"]]}) for side in sides]
        rows.append([escape(row["unit"]), *opened, *(_points(row[e]) for e in effects)])
    sums = [_points(round(parts[effect].sum(), 2)) for effect in effects]
    rows.append(["合计", "", "", *sums])
    heads = ["自身升降", "工单占比变化", "合计影响"] if is_rate else ["影响"]
    title = [kind, "本期", name_before(against), *(f"{head}（百分点）" for head in heads)]
    told = "自身升降为本{0}比率变化乘其工单平均占比，工单占比变化为占比升降乘其比率与全县之差；各项相加等于全县变化。"
    return HTML(
        note(_say_contributions(order, metric, against, is_rate))
        + html_table(title, rows)
        + note(told.format(kind) if is_rate else "")
    )


def _counts(row, metric):
    rate = row["numerator"] / row["denominator"] if row["denominator"] else None
    return {
        "metric": metric,
        "numerator": row["numerator"],
        "denominator": row["denominator"],
        "rate": None if pd.isna(rate) else rate,
    }


def _points(value):
    return "—" if pd.isna(value) else f"{value + 0.0:+.2f}" if value else "0.00"


def _say_contributions(order, metric, against, is_rate):
    total = round(order["contribution"].sum(), 2)
    word = "上升" if total > 0 else "下降" if total < 0 else "持平"
    size = f"{abs(total):.2f}{'个百分点' if is_rate else '%'}" if total else ""
    said = f"全县{metric}{against}{word}{size}"
    for verb, side in (
        ("拉动上升", order[order["contribution"] > 0]),
        ("拉低", order[order["contribution"] < 0]),
    ):
        named = [
            f"{row.unit}{abs(row.contribution):.2f}个百分点" for row in side.head(MOST_NAMED).itertuples()
        ]
        said += f"；{verb}：{'、'.join(named)}" if named else ""
    return said + "。"
