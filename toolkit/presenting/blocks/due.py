"""What falls due when, whose due time judges, and which unit held the tickets how long."""

import pandas as pd
from markupsafe import Markup

from toolkit import schema
from toolkit.flagging.rule import SEVERITIES
from toolkit.presenting.figures import figure, html_table, join, long_table, note
from toolkit.presenting.sections import fold_section
from toolkit.rounding import one_decimal


def due_times(report):
    """What falls due when, by colour, across holidays; and where the platform's due times differ from ours."""
    tickets = report.tickets
    overdue, pending = (tickets[tickets["due_state"].eq(s)] for s in (schema.OVERDUE, schema.PENDING))
    rows = [_warning_row("已超期未回复", overdue, due_state=[schema.OVERDUE])]
    for left, day in enumerate([report.about["as_of"], *report.about["days_ahead"]]):
        name = f"第{left}个工作日（{_month_day(day)}）到期" if left else f"当日（{_month_day(day)}）到期"
        part = pending[pending["left_days"].eq(left).fillna(False)]
        rows.append(_warning_row(name, part, due_state=[schema.PENDING], left_days=[left]))
    notes = map(note, [_say_compared(report.now), *_say_notes(tickets)])
    answer = join([rows[0][1], "件已超期未回复，", rows[1][1], f"件当日到期，{len(pending)}件未到期"])
    return fold_section(
        "时限与预警",
        answer,
        html_table(["办理期限", "件数", *SEVERITIES], rows),
        *notes,
        holding_table(report),
    )


def _month_day(day):
    return f"{pd.Timestamp(day).month}月{pd.Timestamp(day).day}日"


def _warning_row(name, tickets, **where):
    """How many, and how many of each colour; those without a warning are in the number only."""
    counts = tickets["warning"].value_counts()
    cells = [
        figure(counts[c], f"{name}：{c}", warning=[c], **where) if c in counts else "" for c in SEVERITIES
    ]
    return [name, figure(len(tickets), name, **where) if len(tickets) else "0", *cells]


def _say_compared(now):
    """How the platform's due times compare with the policy's."""
    counts = now["due_compared"].value_counts()
    words = [word for word in (schema.SAME_DUE, schema.EARLIER_DUE, schema.LATER_DUE) if word in counts]
    said = [
        Markup("{}{}件").format(
            word, figure(counts[word], f"平台与本办法{word}", scope=[schema.NOW], due_compared=[word])
        )
        for word in words
    ]
    return Markup("本期平台截止时间与本办法相比：{}。").format(join(said, "，")) if said else ""


def _say_notes(tickets):
    """What is to be known about due times, with the tickets it holds for."""
    return [
        Markup("{}：{}件。").format(words, figure(count, words, due_note=[words]))
        for words, count in tickets["due_note"].value_counts().items()
    ]


def holding_table(report):
    """How long each unit held the tickets, stay by stay, as the flow log has it."""
    if report.legs.empty:
        return note("没有流转记录，各单位持有时间未计。")
    legs = report.legs.assign(unit=report.legs["unit"].fillna(schema.NO_UNIT))
    groups = legs.groupby("unit").agg(
        tickets=("ticket_id", "nunique"),
        legs=("leg", "size"),
        hours=("held_hours", "sum"),
        usual=("held_hours", "median"),
    )
    rows = [
        [
            unit,
            figure(one.tickets, f"{unit}经手", held_by=[unit]),
            *(f"{one.legs:.0f}", one_decimal(one.hours), one_decimal(one.usual)),
        ]
        for unit, one in groups.iterrows()
    ]
    headings = ["持有单位", "件数", "经手次数", "持有时间合计（工作小时）", "每次中位数（工作小时）"]
    return long_table(headings, rows)
