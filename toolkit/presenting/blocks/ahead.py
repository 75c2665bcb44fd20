"""What will likely run out next, each with the tickets its forecast rests on; and how such a list would have done last month."""

import pandas as pd
from markupsafe import Markup

from toolkit import schema
from toolkit.forecasting.cases import NARROWER, TENTHS
from toolkit.forecasting.look_ahead import say_definition
from toolkit.forecasting.order import AHEAD, order_for_today
from toolkit.forecasting.terms import LookAhead
from toolkit.forecasting.trial import BY_CHANCE, BY_DUE
from toolkit.presenting.figures import explain, figure, join, link_report, long_table, note
from toolkit.presenting.sections import fold_section, open_section
from toolkit.presenting.sets import LISTS, RAN_OUT, TRIED
from toolkit.rounding import percent

TITLE = "接下来谁会逾期"
NOTHING = "没有逾期可能较大的未到期工单"
MOST, MOST_ROWS = 5, 200  # rows that stand open, and all in all: what the units' pages list is opened here
TOLD = ["ticket_id", "unit", "title", "due_at", "left_days", "handler"]
ELSEWHERE = "（含其他单位，在全县页点开）"
DRIFT = 0.05  # a fifth whose chance is further from what came is told of
LATE = [schema.LATE, schema.OVERDUE]


def order_tickets(report):
    """The report's morning list, `order_for_today`."""
    return order_for_today(report.tickets, report.findings, report.forecasts, read_terms(report))


def read_terms(report):
    """What the run had settled about looking ahead."""
    return LookAhead(**report.about["look_ahead"])


def runs_out_next(report):
    """The county's open tickets that will likely run out or are due soon, each opening its alike; and last month's trial."""
    order = order_tickets(report)
    ahead = order[order["group"].eq(AHEAD)]
    rows = ahead.merge(report.tickets[TOLD], on="ticket_id", how="left")
    is_soon = rows["left_days"].le(len(report.about["days_ahead"])).fillna(False).astype(bool)
    table = _list_rows(rows[rows["is_today"] | is_soon].head(MOST_ROWS), report)
    if not ahead["is_today"].any():
        return fold_section(TITLE, NOTHING, table, say_trial(report))
    answer = join(["按逾期可能×轻重；点数字看工单", explain(say_definition(read_terms(report)) + "。")])
    return open_section(TITLE, answer, table, say_trial(report), count=int(ahead["is_today"].sum()))


def _list_rows(rows, report):
    if rows.empty:
        return ""
    said = tell_forecasts(report, rows["ticket_id"])
    heads = ["工单", "单位、诉求、依据", "截止、逾期可能", "承办人"]
    table = long_table(heads, [_row(row, said) for row in rows.itertuples()], MOST)
    return Markup('<div class="cards">{}</div>').format(table)


def _row(row, said):
    unit = link_report(row.unit if isinstance(row.unit, str) else schema.NO_UNIT)
    title = row.title if isinstance(row.title, str) else "（无标题）"
    matter = Markup('{}　{}<br><span class="soft">{}</span>').format(unit, title, said[row.ticket_id])
    due = f"{row.due_at.month}月{row.due_at.day}日{row.due_at:%H:%M}截止"
    weighs = f"，{row.grounds}加权{row.harm:g}倍" if row.grounds else ""
    stands = Markup("{}<br>逾期可能<b>{}</b>{}").format(due, percent(row.chance), weighs)
    number = figure(row.ticket_id, f"工单{row.ticket_id}", ticket_id=[row.ticket_id])
    return [number, matter, stands, row.handler if isinstance(row.handler, str) else "未填"]


# --- what a forecast rests on ----------------------------------------------------------------------


def tell_forecasts(report, ids):
    """Ticket → 同类件（同单位）时限用去75%时仍未回复的58件，41件逾期（70.7%）; its numbers open what stands here."""
    own = report.forecasts[report.forecasts["ticket_id"].isin(ids)]
    asked = own.merge(report.tickets[["ticket_id", *NARROWER]], on="ticket_id", how="left")
    return {row.ticket_id: _tell(row, report) for row in asked.itertuples()}


def _tell(row, report):
    """The sentence; on a unit's page only what rests on its own tickets opens."""
    is_here = report.name is None or (row.level == len(NARROWER) and report.about["by"] == "unit")
    if pd.isna(row.level) or not row.alike:
        return row.forecast
    if not is_here:
        return row.forecast + ELSEWHERE
    where = {name: [_value(getattr(row, name))] for name in NARROWER[: row.level]}
    where |= {"marks_passed": list(range(int(row.tenth) + 1, TENTHS + 1))}
    before, rest = row.forecast.split(f"的{row.alike}件，{row.ran_out}件", 1)
    alike = figure(row.alike, f"工单{row.ticket_id}的同类件：当时仍未答复", **where)
    late = (
        figure(row.ran_out, f"工单{row.ticket_id}的同类件：后来逾期", **where, due_state=LATE)
        if row.ran_out
        else "0"
    )
    return join([before, "的", alike, "件，", late, "件", rest])


def _value(value):
    return value if isinstance(value, str) else None


# --- how the list would have done ------------------------------------------------------------------


def say_trial(report):
    """上月20个早上各列10件，共77件，后来逾期11件；照截止先后列…: with the tickets, on the county's page."""
    told = report.about["tried"]
    if not told["looks"]:
        return note("回放：上月没有可以核对的早上，逾期可能未经本县核对。")
    month, most = int(told["month"][5:]), told["most"]
    parts = [
        f"回放：{month}月{told['mornings']}个早上，只用当时已知的，各列逾期可能最大的{most}件，",
        *_say_list(report, BY_CHANCE),
    ]
    parts += [f"；照截止先后各列{most}件，", *_say_list(report, BY_DUE), "。", _say_drift(told["fifths"])]
    return note(join(parts if report.name is None else ["全县", *parts, "工单在全县页点开。"]))


def _say_list(report, column):
    count, ran_out = report.about["tried"][column]
    name = TRIED + LISTS[column]
    shown = [str(count), str(ran_out)]
    if report.name is None:
        shown = [
            figure(count, name, sets=[name]),
            figure(ran_out, name + RAN_OUT, sets=[name + RAN_OUT]) if ran_out else "0",
        ]
    return ["共", shown[0], "件，后来逾期", shown[1], f"件（{percent(ran_out / count if count else None)}）"]


def _say_drift(fifths):
    """Where chances were further than five points from what came; nothing where they were not."""
    off = [fifth for fifth in fifths if abs(fifth["rate"] - fifth["chance"]) > DRIFT]
    said = "；".join(
        f"第{fifth['fifth']}档预测平均{percent(fifth['chance'])}，实际{percent(fifth['rate'])}（{fifth['ran_out']}/{fifth['count']}件次）"
        for fifth in off
    )
    return f"按逾期可能从低到高分五档，相差超过{DRIFT * 100:.0f}个百分点的：{said}。" if said else ""
