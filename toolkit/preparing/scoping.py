"""Which tickets a run's reports hold: of this period, carried over, of the earlier periods; and in whose report."""

import pandas as pd

from toolkit import schema
from toolkit.clocking.explain import explain_dues
from toolkit.clocking.in_force import find_in_force
from toolkit.comparing.months import find_months
from toolkit.comparing.movement import YEAR_BEFORE
from toolkit.schema import BEFORE, CARRIED, NOW, OUTSIDE, PREVIOUS, RECENT


def name_columns(tickets, by):
    """The columns reports are cut by: the report a ticket stands in, and the first level of its category."""
    top = tickets["category"].str.extract(r"^([^/]+)", expand=False)
    return tickets.assign(report=_name_reports(tickets, by), category_top=top)


def _name_reports(tickets, by):
    if by == "month":
        return tickets["received_at"].dt.strftime("%Y年%m月").fillna("（无受理时间）").astype("str")
    return tickets["unit"].fillna(schema.NO_UNIT)


def add_scope(tickets, period, spans, months=()):
    """The clocked tickets with `scope`, the first that holds: 本期, carried over, 上年同期, 上期, 近12个月, outside."""
    return tickets.assign(scope=_find_scope(tickets, period, spans, months))


def _find_scope(tickets, period, spans, months):
    received, as_of = tickets["received_at"], schema.judged_at(tickets)
    is_unanswered = (schema.is_open(tickets) | schema.is_open_again(tickets)) & ~(received > as_of)
    is_unanswered &= ~(received >= pd.Timestamp(period.end) + pd.Timedelta(days=1))
    scope = pd.Series(OUTSIDE, index=tickets.index, dtype="str")
    scope = scope.mask(find_months(received).isin(months) & received.le(as_of), RECENT)
    for span in reversed(spans):
        held = span.period.holds(received) & received.le(span.as_of)
        scope = scope.mask(held, name_span(span))
    scope = scope.mask(is_unanswered, CARRIED)
    return scope.mask(period.holds(received) & received.le(as_of), NOW)


def name_span(span):
    """Which of the earlier periods a span is, as scope and marks name it."""
    return BEFORE if span.against == YEAR_BEFORE else PREVIOUS


def keep_in_scope(clocked, policies, events):
    """The tickets that stand in some report, by report and time of receipt, with `due_explained`."""
    order = clocked[["report", "received_at", "ticket_id"]].reset_index(drop=True)
    order = order[clocked["scope"].ne(OUTSIDE).to_numpy()].sort_values(list(order), kind="stable").index
    tickets = clocked.iloc[order].reset_index(drop=True)  # one copy, for most of a table is text
    told = [explain_dues(own, policy, events) for own, policy in split_by_policy(tickets, policies)]
    return tickets.assign(due_explained=pd.concat(told))


def split_by_policy(tickets, policies):
    """The tickets that each policy judges, with it."""
    which = find_in_force(tickets["received_at"], policies)
    return [(schema.choose(tickets, which == at), policy) for at, policy in enumerate(policies)]


def with_report(frame, reports):
    """A frame of tickets with `report`; reports: ticket number → report. Blank where no report holds the ticket."""
    return frame.assign(report=frame["ticket_id"].map(reports).astype("str").fillna(""))


def list_reports(tickets):
    """Every report and its group: 乡镇, 县直部门 …, or nothing where the export does not tell."""
    groups = tickets.groupby("report")["unit_group"].first()
    return {name: group if isinstance(group, str) else "" for name, group in groups.items()}
