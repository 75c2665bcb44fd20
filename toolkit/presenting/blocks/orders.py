"""The orders (督办单) beside what must be pushed: how many are out, answered and overdue; each ticket's own."""

import pandas as pd

from toolkit.presenting.figures import figure, fold, join, link_report, long_table, note
from toolkit.presenting.sets import ORDERED
from toolkit.supervising.levels import read_supervision
from toolkit.supervising.states import DRAFT, MEANINGS, STATES


def say_orders(report):
    """督办单在册59件：待反馈50件、逾期未反馈9件: each number opens its tickets; nothing where there is no order."""
    counts = report.orders["state"].value_counts()
    said = [
        join([state, _count(counts[state], [state], f"{ORDERED}{state}"), "件"])
        for state in STATES
        if counts.get(state)
    ]
    parts = [
        join(
            [
                "督办单在册",
                _count(counts.reindex(STATES).sum(), STATES, "督办单在册"),
                "件：",
                join(said, "、"),
            ]
        )
    ]
    parts = parts if said else []
    if counts.get(DRAFT):
        drafts = _count(counts[DRAFT], [DRAFT], "拟发督办单")
        parts.append(join(["拟发督办单", drafts, "件，未设台账，号待编"]))
    parts += _say_unchecked(report) if parts else []
    return note(join(parts, "；")) if parts else ""


def _say_unchecked(report):
    """Which conditions of the 督办办法 this export could not be asked for."""
    asked = {condition.rule for level in read_supervision().levels for condition in level.when}
    rules = report.basis.rules
    names = rules.loc[rules["rule"].isin(asked) & ~rules["evaluated"], "rule_name"]
    return [f"督办条件中因导出表缺列或缺流转记录没有检查的：{'、'.join(names)}"] if len(names) else []


def _count(count, states, what, **where):
    return figure(int(count), what, sets=[ORDERED + state for state in states], **where)


def _count_of(counts, unit, states):
    count = counts[states].sum()
    return _count(count, states, f"{unit}　督办单", report=[unit]) if count else "·"


def list_other_orders(report, shown):
    """The orders on tickets that stand in no push list, folded: answered ones that are not settled; nothing without any."""
    rest = report.orders[~report.orders["ticket_id"].isin(shown)]
    rows = [
        [
            figure(row.ticket_id, f"工单{row.ticket_id}", ticket_id=[row.ticket_id]),
            row.reason,
            _say_order(row),
        ]
        for row in rest.itertuples()
    ]
    return fold(f"其他督办单{len(rows)}件", long_table(["工单", "督办原因", "督办单"], rows)) if rows else ""


def count_orders_by_unit(report):
    """The county's orders by unit and state, folded, the most first; each number opens its tickets."""
    orders = report.orders
    states = [state for state in [*STATES, DRAFT] if orders["state"].eq(state).any()]
    counts = pd.crosstab(orders["report"], orders["state"]).reindex(columns=states)
    order = counts.sum(axis=1).sort_values(ascending=False, kind="stable").index
    rows = [
        [
            link_report(unit),
            *(_count_of(counts.loc[unit], unit, some) for some in [states, *([state] for state in states)]),
        ]
        for unit in order
    ]
    return fold("督办单按单位", long_table(["单位", "在册", *states], rows)) if rows else ""


def tell_orders(orders):
    """Ticket → 督办〔2025〕12号-1　重点督办　1月8日前反馈　待反馈."""
    return {row.ticket_id: _say_order(row) for row in orders.itertuples()}


def _say_order(row):
    number = row.number if isinstance(row.number, str) else f"拟发督办单（{DRAFT}）"
    due = "反馈期限待定" if pd.isna(row.answer_by) else f"{row.answer_by.month}月{row.answer_by.day}日前反馈"
    state = row.state if row.state in MEANINGS else ""
    return "　".join(filter(None, [number, row.level, due, state]))
