"""The explorer's ticket table: the page's, most urgent first, with where each ticket stands this morning."""

from dataclasses import replace

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.presenting.drill.coding import write_table
from toolkit.presenting.exploring import stages
from toolkit.presenting.exploring.views import PERIODS, tell_compared, tell_meanings, tell_views
from toolkit.presenting.listing import (
    FOLLOWS,
    ORDERS,
    TITLED,
    TOGETHER,
    describe_columns,
    list_marks,
    order_by_urgency,
    say_months,
    tell_about,
)
from toolkit.presenting.pairs import list_findings, list_pairs, place_pairs

OWN_ORDERS = {"stage": stages.REACHED, "open_age": stages.AGES}
PLAIN = [
    "ticket_id",
    "unit",
    "title",
    "category",
    "category_top",
    "township",
    "received_at",
    "due_at",
    "answered_at",
]
PLAIN += [
    "due_state",
    "overdue_days",
    "run_out_percent",
    "scope",
]  # of the first view, as the tickets have them
FIRST = [*PLAIN, "received_month", "stage", "due_day", "open_age"]


def describe_watched(report):
    """The whole table's columns of one value a ticket, most urgent first: what conditions are put to in pandas.

    The columns figures of the county's page ask for, and stage, due_day, open_age, overdue_days.
    """
    table = describe_first(report).join(describe_rest(report))
    return table.iloc[order_by_urgency(report.tickets)].reset_index(drop=True)


def list_explored(report):
    """Its columns of lists, name → ticket_id and value: the county page's, and `passed`, who passed it on to whom."""
    return list_findings(report.findings) | list_rest(report)


def describe_first(report):
    """The columns of one value a ticket that the first view shows."""
    tickets = report.tickets
    plain = [name for name in PLAIN if name != "title" or len(tickets) <= TITLED]
    return tickets[plain].assign(
        received_month=say_months(tickets["received_at"]),
        stage=stages.find_stage(tickets).astype("str"),
        due_day=stages.find_due_day(tickets, report.about),
        open_age=stages.find_open_age(tickets),
    )


def describe_rest(report):
    """The other columns of the county page's table, its metrics among them."""
    return describe_columns(as_county(report), details=False).drop(columns=FIRST, errors="ignore")


def list_rest(report):
    """The lists that no finding fills."""
    unfound = replace(as_county(report), findings=report.findings.head(0))
    pairs, found = list_pairs(unfound, details=False), list_findings(unfound.findings)
    return {name: pairs[name] for name in pairs if name not in found} | {"passed": list_passed(report.legs)}


def as_county(report):
    """The same report without a name: its table then holds what the county's page does."""
    return replace(report, name=None)


def list_passed(legs):
    """甲乡 → 乙局 for each time a ticket went from one unit to another; reads ticket_id, leg, unit."""
    legs = legs.sort_values(["ticket_id", "leg"], kind="stable")
    unit = legs["unit"].fillna(schema.NO_UNIT)
    onward = unit.shift(-1).where(legs["ticket_id"].eq(legs["ticket_id"].shift(-1)))
    passed = pd.DataFrame({"ticket_id": legs["ticket_id"], "value": unit + " → " + onward})
    return passed[onward.notna() & unit.ne(onward)].reset_index(drop=True)


# --- as bytes: what the first view needs, then the rest, so that the first view need not wait for it -------


def write_first(report):
    """What the first view needs, most urgent first, with the words its views show."""
    table = describe_first(report)
    about = tell_about(table, report, details=False)
    about |= {
        "views": tell_views(report, table),
        "listed": [*about["listed"], "overdue_days", "run_out_percent"],
    }
    days = {"due_day": list(stages.name_due_days(report.about).values())}
    return _write(report, table, about, list_findings(report.findings), ORDERS | OWN_ORDERS | days, ())


def write_rest(report):
    """What else conditions ask for, and what they mean."""
    table = describe_rest(report)
    about = tell_about(table, report, details=False) | {"meanings": tell_meanings(report)}
    about |= {"compared": tell_compared(report), "periods": PERIODS}
    return _write(report, table, about, list_rest(report), ORDERS, [*TOGETHER, *list_marks(report, table)])


def _write(report, table, about, pairs, orders, together):
    places = place_pairs(report.tickets["ticket_id"], pairs)
    sequence = order_by_urgency(report.tickets)
    follows = {name: leader for name, leader in FOLLOWS.items() if {name, leader} <= {*table, *pairs}}
    return write_table(
        table, about, (), orders, follows, [n for n in together if n in table], places, sequence
    )


# --- the same conditions in pandas, for the frame that the next cell goes on with ---------------------


def meet_condition(report, where):
    """Which of the report's tickets meet a condition, as the drill-down finds them: true or false for each."""
    table, pairs = describe_first(report), list_findings(report.findings)
    if not {*where} <= {*table, *pairs}:
        table, pairs = table.join(describe_rest(report)), list_explored(report)
    met = np.ones(len(table), dtype=bool)
    for name, wanted in where.items():
        met &= _meet_pairs(table, pairs[name], wanted) if name in pairs else _meet_values(table, name, wanted)
    return pd.Series(met, index=report.tickets.index)


def _meet_pairs(table, pairs, wanted):
    return table["ticket_id"].isin(pairs.loc[pairs["value"].isin(wanted), "ticket_id"]).to_numpy()


def _meet_values(table, name, wanted):
    """One of the values wanted; None is a missing one, and a column that is not there is missing throughout."""
    if name not in table:
        return np.full(len(table), None in wanted)
    values = table[name]
    if pd.api.types.is_datetime64_any_dtype(values):
        values = values.dt.strftime("%Y-%m-%d %H:%M")
    known = values.isin([value for value in wanted if value is not None])
    return (known | (values.isna() & (None in wanted))).to_numpy(dtype=bool)
