"""How forecasts would have done on last month's mornings: the list either way, and chances beside what came."""

import altair as alt
import pandas as pd
from markupsafe import Markup

from toolkit.clocking.in_force import read_policies
from toolkit.forecasting.pushed import compare_pushed, say_pushed
from toolkit.forecasting.results import alike_of_result, look_at_results
from toolkit.presenting.blocks.ahead import read_terms
from toolkit.presenting.charts import POINT
from toolkit.presenting.figures import explain, figure, html_table, join, note, open_tickets
from toolkit.presenting.sections import fold_section, open_section
from toolkit.rounding import percent

MOST = 5  # tickets of each result
RESULTS_TITLE, PUSHED_TITLE = "重办、不满意、退单", "督办过的与没有督办的"
TITLE = "预测准不准"
NO_POLICY = "本次运行的时限办法不是文件，工作日历无从读取，不作回放"
HOW = (
    "每个早上只用当时已经知道的：当时未答复、28日内到期的工单逐件预测，学习的只是截止时间在那个早上之前的工单；"
    "延期何时批准查不到的，按没有延期算；后来作废的和至今没有结果的不计；单位、分类按导出表现在所填"
)
ORDER = "排序准确度：任取后来逾期和没有逾期的各一件，逾期可能排对先后的机会，50%等于乱排"


def trial_section(report):
    """Last month's trial: how well chances order, and five parts of them beside what came; the lists stand in `say_trial`."""
    told = report.about["tried"]
    if not told["looks"]:
        return fold_section(TITLE, "上月没有可以核对的早上", note(HOW + "。"))
    answer = f"排序准确度{percent(told['order'])}，照截止先后{percent(told['order_by_due'])}"
    fifths = pd.DataFrame(told["fifths"])
    parts = [
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
    most = max(float(fifths[["chance", "rate"]].max(axis=None)) * 1.05, 0.1)
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
        width=260, height=220
    )


def results_section(report):
    """What else may become of the open tickets: of each result that beats the county's rate the likeliest, with their alike.

    Names of results that the replay does not bear out are told, and not listed.
    """
    if not report.about["policy_files"]:
        return fold_section(RESULTS_TITLE, NO_POLICY)
    calendar, as_of = _calendar_of(report), report.about["as_of"]
    foreseen, tried = look_at_results(report.tickets, as_of, calendar, read_terms(report))
    parts = [
        note(
            "；".join(_say_tried(row) for row in tried.itertuples()) + "。"
            if len(tried)
            else "导出表没有相应的列。"
        )
    ]
    for result, own in foreseen[~foreseen["is_weak"].astype(bool)].groupby("result", sort=False):
        likeliest = own.sort_values(["chance", "ticket_id"], ascending=[False, True]).head(MOST)
        rows = [_result_row(row, report.tickets, as_of, calendar) for row in likeliest.to_dict("records")]
        parts.append(html_table(["工单", f"{result}可能", "依据"], rows))
    return open_section(RESULTS_TITLE, "未到期工单的同类件后来怎样；回放不比全县比率准的不列", *parts)


def _calendar_of(report):
    """The working days of the policy the run was judged by, whichever the notebook names."""
    return read_policies(report.about["policy_files"])[-1].workdays


def _say_tried(row):
    verdict = "比全县比率准，列出" if row.is_better else "不比全县比率准，不列"
    scores = (
        f"与结果之差平方的平均{row.chances:.4f}，用全县比率{row.chances_by_rate:.4f}"
        if row.looks
        else "没有可核对的"
    )
    return f"{row.result}：回放{row.looks}件次，其中{row.came}件次，{scores}，{verdict}"


def _result_row(row, tickets, as_of, calendar):
    alike = alike_of_result(tickets, row, as_of, calendar)
    of = f"工单{row['ticket_id']}的同类件"
    said = [
        f"同类件（{row['kind']}）时限用去{row['tenth'] * 10 + 5}%时仍未答复的",
        open_tickets(alike["ticket_id"], of),
        "件，",
        open_tickets(alike.loc[alike["came"], "ticket_id"], f"{of}：{row['result']}"),
        Markup("件{}（{}）").format(row["result"], percent(row["rate"])),
    ]
    number = figure(row["ticket_id"], f"工单{row['ticket_id']}", ticket_id=[row["ticket_id"]])
    return [number, percent(row["chance"]), join(said)]


def pushed_section(report):
    """The orders whose time is over: which tickets were answered in it, beside tickets alike that had none; with its limits."""
    if not report.about["policy_files"]:
        return fold_section(PUSHED_TITLE, NO_POLICY)
    calendar, as_of = _calendar_of(report), report.about["as_of"]
    compared = compare_pushed(report.tickets, report.orders, as_of, calendar, read_terms(report))
    rows = [
        [
            figure(row.ticket_id, f"工单{row.ticket_id}", ticket_id=[row.ticket_id]),
            "是" if row.is_answered else "否",
            _open_rate(row),
        ]
        for row in compared.itertuples()
    ]
    table = (
        html_table(["工单", "督办期限内答复", "同类未督办、同样久仍未答复的，同样时间内答复"], rows)
        if rows
        else ""
    )
    return fold_section(PUSHED_TITLE, say_pushed(compared), table, count=len(rows))


def _open_rate(row):
    if not row.alike:
        return "—（没有同类）"
    of = f"工单{row.ticket_id}的同类件"
    counts = [open_tickets(row.answered_ids, f"{of}：同样时间内答复"), open_tickets(row.alike_ids, of)]
    return Markup("{}（{}/{}）").format(percent(row.rate), *counts)
