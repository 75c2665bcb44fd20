"""The blocks of a report about movement: against earlier periods, and who moved the county."""

from html import escape

import pandas as pd
from IPython.display import HTML

from toolkit import schema
from toolkit.metrics import lead_variants
from toolkit.movement import PERIOD_BEFORE, YEAR_BEFORE, say_change
from toolkit.present.figures import count_figure, html_table, note, rate_figure
from toolkit.present.listing import PAST

MOST_NAMED = 3


def movement_table(movements, report=None):
    """Each metric of the report against the period before and the same period of the year before.

    Reads `move_scores`; each figure opens its tickets, those of an earlier period too. The leading variant
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
        f"{_name_before(name)}为{span.period_before.replace('..', '至')}（{span.days_before}天，本期{span.days}天）"
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
    heads = [head for name in names for head in (_name_before(name), name)]
    return html_table(["指标", "本期", *heads, "口径"], rows)


def _name_before(against):
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


def say_movements(movements, metrics, report=None):
    """The movement of some metrics in a sentence: 按期回复率91.6%（456/498），环比上升1.2个百分点，同比持平。"""
    own = movements[movements["unit"].eq(report or schema.COUNTY)]
    sentences = []
    for metric in metrics:
        rows = own[own["metric"].eq(metric)].to_dict("records")
        if rows:
            said = "，".join(escape(say_change(row)) for row in rows)
            unit = "件" if pd.isna(rows[0]["denominator"]) else ""
            sentences.append(f"{escape(_plain(metric))}{_value(rows[0])}{unit}，{said}")
    return HTML(f'<p class="summary">{"；".join(sentences)}。</p>' if sentences else "")


def _plain(metric):
    """受理件数23件 reads badly: a count is named without its 件数."""
    return metric.removesuffix("件数")


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
    title = [kind, "本期", _name_before(against), *(f"{head}（百分点）" for head in heads)]
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
