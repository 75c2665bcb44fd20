"""How forecasts would have done on last month's mornings: the list either way, and chances beside what came."""

import altair as alt
import pandas as pd

from toolkit.presenting.blocks.ahead import say_trial
from toolkit.presenting.charts import POINT
from toolkit.presenting.figures import explain, html_table, join, note
from toolkit.presenting.sections import fold_section, open_section
from toolkit.rounding import percent

TITLE = "预测准不准"
HOW = (
    "每个早上只用当时已经知道的：当时未答复、28日内到期的工单逐件预测，学习的只是截止时间在那个早上之前的工单；"
    "延期何时批准查不到的，按没有延期算；后来作废的和至今没有结果的不计；单位、分类按导出表现在所填"
)
ORDER = "排序准确度：任取后来逾期和没有逾期的各一件，逾期可能排对先后的机会，50%等于乱排"


def trial_section(report):
    """Last month's trial: the list by chance and by due time, how well it orders, and five parts of chance beside what came."""
    told = report.about["tried"]
    if not told["looks"]:
        return fold_section(TITLE, "上月没有可以核对的早上", note(HOW + "。"))
    answer = f"排序准确度{percent(told['order'])}，照截止先后{percent(told['order_by_due'])}"
    fifths = pd.DataFrame(told["fifths"])
    parts = [
        say_trial(report),
        _tell_fifths(fifths),
        note(f"预测与结果之差平方的平均{told['chances']:.3f}（0为全对）。"),
    ]
    return open_section(
        TITLE, join([answer, explain(f"{ORDER}。{HOW}。")]), *parts, _draw(fifths), count=told["looks"]
    )


def _tell_fifths(fifths):
    heads = ["按逾期可能从低到高", "件次", "预测平均", "实际逾期"]
    rows = [
        [
            f"第{row.fifth}档",
            row.count_,
            percent(row.chance),
            f"{percent(row.rate)}（{row.ran_out}/{row.count_}）",
        ]
        for row in fifths.rename(columns={"count": "count_"}).itertuples()
    ]
    return html_table(heads, rows)


def _draw(fifths):
    """A point a fifth, its chance against what came; on the line both are the same."""
    most = max(float(fifths[["chance", "rate"]].max(axis=None)), 0.1)
    across, up = (
        {
            "scale": alt.Scale(domain=[0, most]),
            "axis": alt.Axis(format="%", grid=True, gridColor="#eef1f4"),
            "title": title,
        }
        for title in ("预测平均", "实际逾期")
    )
    line = alt.Chart(pd.DataFrame({"chance": [0, most], "rate": [0, most]})).mark_line(
        color="#8a97a5", strokeDash=[4, 3]
    )
    points = alt.Chart(fifths.round(6)).mark_circle(size=90, color=POINT, opacity=1)
    drawn = [part.encode(x=alt.X("chance:Q", **across), y=alt.Y("rate:Q", **up)) for part in (line, points)]
    return alt.layer(*drawn, title="逾期可能与实际逾期率，五档；点在虚线上为准").properties(
        width=320, height=240
    )
