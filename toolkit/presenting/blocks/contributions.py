"""Who moved the county."""

import pandas as pd

from toolkit.assessing.leading import TIMELY
from toolkit.comparing.movement import YEAR_BEFORE
from toolkit.presenting.blocks.movement import EARLIER
from toolkit.presenting.figures import join, long_table, note, score_figure
from toolkit.presenting.leading import find_lead
from toolkit.presenting.sections import fold_section
from toolkit.schema import BLANK, NOW
from toolkit.scoring.catalogue import COUNT

MOST_NAMED = 3
TOLD = "自身升降为本{0}比率变化乘其工单平均占比，工单占比变化为占比升降乘其比率与全县之差；各项相加等于全县变化。"


def contributions_section(report):
    """How many points of the change of the leading rate each unit brought about, and of the number of tickets each category."""
    said, units = _contributions(report, find_lead(report, TIMELY), "report", "单位")
    told, matters = _contributions(report, COUNT, "category_top", "问题大类")
    return fold_section("谁拉动了全县", said, units, note(told), matters)


def _contributions(report, metric, column, kind, against=YEAR_BEFORE):
    parts = report.compared.contributions
    parts = parts[parts["metric"].eq(metric) & parts["against"].eq(against) & parts["column"].eq(column)]
    if parts["contribution"].isna().all():
        why = report.about["not_compared"].get(against)
        return f"{metric}{against}无可比工单，各{kind}的影响未计{f'：{why}' if why else ''}。", ""
    order = parts.assign(size=parts["contribution"].abs()).sort_values(
        ["size", "unit"], ascending=[False, True], kind="stable"
    )
    is_rate = parts["rate_effect"].notna().any()
    effects = ["rate_effect", "mix_effect", "contribution"] if is_rate else ["contribution"]
    rows = [_contribution_row(row, metric, column, against, effects) for row in order.to_dict("records")]
    sums = [_points(round(parts[effect].sum(), 2)) for effect in effects]
    rows.append(["合计", "", "", *sums])
    heads = ["自身升降", "工单占比变化", "合计影响"] if is_rate else ["影响"]
    title = [kind, NOW, EARLIER[against], *(f"{head}（百分点）" for head in heads)]
    table = join([long_table(title, rows), note(TOLD.format(kind) if is_rate else "")])
    return _say_contributions(order, metric, against, is_rate), table


def _contribution_row(row, metric, column, against, effects):
    where = {column: [None if row["unit"] == BLANK else row["unit"]]}
    sides = [
        score_figure(_counts(row, metric, end), f"{row['unit']}　{period}", against=period, **where)
        for end, period in (("", NOW), ("_before", EARLIER[against]))
    ]
    return [row["unit"], *sides, *(_points(row[effect]) for effect in effects)]


def _counts(row, metric, end):
    numerator, denominator = row["numerator" + end], row["denominator" + end]
    rate = numerator / denominator if denominator else None
    rate = None if pd.isna(rate) else rate
    return {"metric": metric, "numerator": numerator, "denominator": denominator, "rate": rate}


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
