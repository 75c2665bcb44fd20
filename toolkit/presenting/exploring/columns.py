"""The explorer's ticket table: the page's, most urgent first, with where each ticket stands this morning."""

from dataclasses import replace

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.presenting.drill.coding import write_table
from toolkit.presenting.exploring import stages
from toolkit.presenting.exploring.views import tell_views
from toolkit.presenting.listing import (
    FOLLOWS,
    ORDERS,
    TOGETHER,
    describe_columns,
    list_meanings,
    list_pairs,
    list_values,
    tell_about,
)

OWN_ORDERS = {"stage": stages.REACHED, "open_age": stages.AGES}


def describe_explored(report):
    """The whole table with its lists, as the page's `describe_tickets` gives it: what conditions are put to in pandas."""
    table, pairs = describe_watched(report), list_explored(report)
    lists = {name: table["ticket_id"].map(list_values(given)) for name, given in pairs.items()}
    return table.assign(**lists)


def describe_watched(report):
    """The columns of one value a ticket, most urgent first: the county page's, and stage, due_day, open_age, overdue_days."""
    tickets = report.tickets
    table = describe_columns(as_county(report), details=False).assign(
        stage=stages.find_stage(tickets).astype("str"),
        due_day=stages.find_due_day(tickets, report.about),
        open_age=stages.find_open_age(tickets),
        overdue_days=tickets["overdue_days"],
    )
    return table.iloc[stages.order_by_urgency(tickets)].reset_index(drop=True)


def list_explored(report):
    """The columns of lists, name → ticket_id and value: the county page's, and `passed`, who passed it on to whom."""
    return list_pairs(as_county(report), details=False) | {"passed": list_passed(report.legs)}


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


def write_explored(table, pairs, report):
    """The table as the bytes that the explorer reads, with the words its views show."""
    about = tell_about(table, report, details=False) | {"meanings": list_meanings(report)}
    about |= {"views": tell_views(report)}
    placed = {name: place_pairs(table["ticket_id"], given) for name, given in pairs.items()}
    days = list(stages.name_due_days(report.about).values())
    metrics = [name for name in report.marks if name in table and name != "ticket_id"]
    orders = ORDERS | OWN_ORDERS | {"due_day": days}
    return write_table(table, about, (), orders, FOLLOWS, [*TOGETHER, *metrics], placed)


def place_pairs(ids, pairs):
    """Pairs as places in the table and values; those of tickets that are not in it are left aside."""
    places = pd.Index(ids).get_indexer(pairs["ticket_id"])
    return places[places >= 0], pairs["value"][places >= 0]


# --- the same conditions in pandas, for the frame that the next cell goes on with ---------------------


def meet_condition(report, where):
    """Which of the described tickets meet a condition, as the drill-down finds them: a mask in the order of the table."""
    table, pairs = describe_watched(report), list_explored(report)
    met = np.ones(len(table), dtype=bool)
    for name, wanted in where.items():
        met &= _meet_pairs(table, pairs[name], wanted) if name in pairs else _meet_values(table, name, wanted)
    return pd.Series(met, index=table["ticket_id"])


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
