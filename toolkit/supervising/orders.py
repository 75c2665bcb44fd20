"""Which tickets call for an order (督办单) today: the level each comes to, why, what is demanded, and until when."""

import pandas as pd

from toolkit import schema
from toolkit.clocking.workdays import FIRST_DAY, day_of_nth_working, split_days
from toolkit.loading.time_cells import DAY_END
from toolkit.period import say_day
from toolkit.supervising.levels import read_supervision

FIRST_ROUND, SECOND_ROUND, NO_ROUND = "首轮", "重办", "其他"  # whose answer an order waits for
ORDERS = [
    *["unit", "level", "ticket_id", "title", "reason", "demand", "issued_on", "answer_by", "due_explained"],
    *["round", "issued_at"],
]
TIMES = ["issued_on", "answer_by", "issued_at"]
NO_DAY = "（反馈期限待定）"  # the working-day calendar does not reach so far


def no_orders(columns=tuple(ORDERS)):
    """An empty frame of orders, typed."""
    kinds = {name: schema.DTYPES["time"] if name in TIMES else "str" for name in columns}
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})


def choose_orders(report, calendar, supervision=None):
    """The orders that a county's report calls for, unit by unit, the gravest first; none in a run by month.

    Reads the report's tickets and findings; judges nothing itself. calendar: the policy's working days.
    A ticket without a due time, without a unit, void, shut or excluded with approval gets none. `reason` names
    each rule once; `answer_by` is the end of the last working day, missing beyond the calendar; `round` tells
    whose answer is awaited, `issued_at` is as_of.
    """
    supervision = supervision or read_supervision()
    if report.about["by"] != "unit":
        return no_orders()
    told = _find_conditions(_join_findings(report), supervision)
    if told.empty:
        return no_orders()
    per_ticket = told.groupby("ticket_id", sort=False)
    chosen = per_ticket.first().reset_index()
    chosen = chosen.assign(reason=chosen["ticket_id"].map(per_ticket["reason"].agg("；".join)))
    orders = _demand_answers(chosen, report, calendar, supervision)
    order = orders.assign(grave=-orders["level"].map(supervision.names.index))
    order = order.sort_values(["unit", "grave", "ticket_id"], ignore_index=True)
    return order[ORDERS].astype(no_orders().dtypes)


def _join_findings(report):
    """The findings on single tickets that may be ordered, each with what the conditions ask of its ticket."""
    tickets = report.tickets
    is_late = tickets["due_state"].eq(schema.OVERDUE) | tickets["rework_state"].eq(schema.OVERDUE)
    may = tickets["unit"].notna() & ~tickets["due_state"].isin(schema.NOT_JUDGED)
    may &= tickets["exclusion"].ne(schema.EXCLUDED) & (tickets["due_state"].ne(schema.NO_DUE) | is_late)
    asked = ["ticket_id", "unit", "title", "channel", "resolved", "due_explained"]
    facts = tickets[asked].assign(
        waits=schema.is_open(tickets) | schema.is_open_again(tickets),
        is_late=is_late,
        round=_find_round(tickets),
    )
    found = report.findings[["ticket_id", "rule", "severity", "measure"]]
    return found[found["ticket_id"].notna()].merge(facts[may], on="ticket_id")


def _find_round(tickets):
    rounds = pd.Series(NO_ROUND, index=tickets.index, dtype="str")
    return rounds.mask(schema.is_open_again(tickets), SECOND_ROUND).mask(schema.is_open(tickets), FIRST_ROUND)


def _find_conditions(found, supervision):
    """One row for a ticket and a rule: the gravest level it comes to by that rule, and the reason in words."""
    parts = []
    for level in reversed(supervision.levels):
        for condition in level.when:
            hits = found[_meets(found, condition)]
            parts.append(
                hits.assign(level=level.level, reason=_say_reason(condition.reason, hits["measure"]))
            )
    return pd.concat(parts).drop_duplicates(["ticket_id", "rule"])


def _meets(found, condition):
    met = found["rule"].eq(condition.rule)
    if condition.at_least is not None:
        met &= found["measure"].ge(condition.at_least).fillna(False).astype(bool)
    for name in ("severity", "channel", "resolved"):
        if wanted := getattr(condition, name):
            met &= found[name].isin(wanted)
    return met & (found["waits"] | (not condition.waits)) & (found["is_late"] | (not condition.overdue))


def _say_reason(template, measures):
    """超期未回复12个工作日: the condition's words with the rule's own figure in them."""
    counts = measures.round().astype("Int64").astype("str")
    days = (counts + "个工作日").mask(measures.lt(1).fillna(False).astype(bool), "不足1个工作日")
    days, counts = days.mask(measures.isna(), "（天数未计）"), counts.mask(measures.isna(), "（未计）")
    said = [template.format(days=day, count=count) for day, count in zip(days, counts, strict=True)]
    return pd.Series(said, index=measures.index, dtype="str")


def _demand_answers(chosen, report, calendar, supervision):
    as_of = pd.Timestamp(report.about["as_of"])
    levels = {level.level: level for level in supervision.levels}
    ends = {name: end_of_working_day(as_of, level.answer_in, calendar) for name, level in levels.items()}
    demands = {name: level.demand.format(answer_by=say_end(ends[name])) for name, level in levels.items()}
    return chosen.assign(
        demand=chosen["level"].map(demands),
        issued_on=as_of.normalize(),
        issued_at=as_of,
        answer_by=chosen["level"].map(ends),
    )


def make_orders(chosen, tickets, report, calendar, supervision=None):
    """Orders chosen by hand: unit, ticket_id, title, due_explained, level, days (working days to answer) and reason.

    tickets: the same rows of the report's tickets, which tell whose answer is awaited. Unit by unit, by number.
    """
    levels = {level.level: level for level in (supervision or read_supervision()).levels}
    as_of = pd.Timestamp(report.about["as_of"])
    ends = [end_of_working_day(as_of, int(days), calendar) for days in chosen["days"]]
    said = [
        levels[level].demand.format(answer_by=say_end(end))
        for level, end in zip(chosen["level"], ends, strict=True)
    ]
    orders = chosen.assign(
        demand=said, answer_by=ends, issued_on=as_of.normalize(), issued_at=as_of, round=_find_round(tickets)
    )
    return orders[ORDERS].astype(no_orders().dtypes).sort_values(["unit", "ticket_id"], ignore_index=True)


def end_of_working_day(as_of, days, calendar):
    """The end of the n-th working day after a moment's day; missing where the calendar does not reach."""
    day, _, covered = split_days(as_of, calendar)
    number, held = day_of_nth_working(calendar, calendar.upto[day] + days - 1)
    if not (covered[0] and held[0]):
        return pd.NaT
    return pd.Timestamp(FIRST_DAY + int(number[0])) + DAY_END


def say_end(moment):
    """2026年1月8日; what stands where the calendar does not reach."""
    return NO_DAY if pd.isna(moment) else say_day(moment)
