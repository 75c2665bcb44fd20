"""What the kernel tells the explorer when it is asked: a function a kind of question."""

import pandas as pd

from toolkit.presenting.drill.coding import write_table
from toolkit.presenting.exploring.as_code import write_code
from toolkit.presenting.exploring.columns import describe_first, meet_condition, write_first, write_rest
from toolkit.presenting.exploring.desk import save_desk
from toolkit.presenting.exploring.orders import issue_orders
from toolkit.presenting.exploring.supposing import list_supposed, suppose
from toolkit.presenting.exploring.ticket import compare_texts, write_ticket
from toolkit.presenting.exploring.trial import list_trials, try_limit
from toolkit.presenting.exploring.views import START
from toolkit.presenting.listing import ORDERS, order_by_urgency

SEARCHED = ["ticket_id", "unit", "title", "category", "content", "reply", "address"]  # as the page does
KEPT = ["ticks", "where", "view"]  # of the ticks those that changed


def tell_first(explorer, asked):
    """What the first view shows, and what was kept on the desk."""
    return {"state": explorer.state}, [write_first(explorer.report)]


def tell_rest(explorer, asked):
    """What else conditions ask for."""
    return {}, [write_rest(explorer.report)]


def tell_ticket(explorer, asked):
    """One ticket with its texts, by its number."""
    return {"ticket": asked["ticket"]}, [write_ticket(explorer.report, asked["ticket"])]


def tell_found(explorer, asked):
    """The numbers of the tickets whose texts hold the words."""
    found = search_tickets(explorer.report.tickets, asked["text"])
    return {}, [write_table(found[["ticket_id"]], {})]


def tell_differences(explorer, asked):
    """What two tickets say, stretch by stretch."""
    return {"texts": compare_texts(explorer.report, asked["ticket"], asked["other"])}, []


def tell_code(explorer, asked):
    """The pandas lines that give the frame that is shown."""
    view = asked["view"]
    return {"code": write_code(asked["where"], view["search"], view["sort"] or "", view["down"])}, []


def tell_trials(explorer, asked):
    """The rules whose limits can be tried."""
    return list_trials(explorer.report), []


def tell_trial(explorer, asked):
    """What a rule would find with a limit at another value."""
    return try_limit(explorer.report, asked["rule"], asked["limit"], asked["value"]), []


def tell_suppose(explorer, asked):
    """How units would stand if these tickets had been answered."""
    return suppose(explorer.report, asked["tickets"]), []


def tell_supposed(explorer, asked):
    """The numbers of the tickets behind one of these figures."""
    given = [asked[name] for name in ("tickets", "unit", "metric", "side")]
    return {"tickets": list_supposed(explorer.report, *given)}, []


def keep_state(explorer, asked):
    """What was ticked or noted on tickets, the condition and the view, kept on the desk as they are made."""
    explorer.state = save_desk(explorer.desk, {name: asked[name] for name in KEPT})
    return {"ticks": explorer.state["ticks"]}, []


def tell_orders(explorer, asked):
    """The orders that were issued, in words."""
    with_notices = asked["form"] == "word"
    return {"said": issue_orders(explorer.report, asked["ticks"], explorer.desk, with_notices)}, []


ANSWERS = {
    "first": tell_first,
    "rest": tell_rest,
    "ticket": tell_ticket,
    "search": tell_found,
    "compare": tell_differences,
    "code": tell_code,
    "trials": tell_trials,
    "trial": tell_trial,
    "suppose": tell_suppose,
    "supposed": tell_supposed,
    "keep": keep_state,
    "orders": tell_orders,
}


def search_tickets(tickets, text):
    """The tickets that hold the words in one of the columns SEARCHED, whatever their case."""
    wanted, held = text.strip(), pd.Series(False, tickets.index)
    for name in SEARCHED:
        held |= tickets[name].str.contains(wanted, case=False, regex=False).fillna(False).astype(bool)
    return tickets[held]


def list_chosen(report, state):
    """The tickets that a state of the explorer shows, in its order; without one, those it begins with.

    Adds stage, due_day, open_age.
    """
    view = state.get("view", {})
    standing = describe_first(report)[["stage", "due_day", "open_age"]]
    met = meet_condition(report, state.get("where", START)).to_numpy()
    order = order_by_urgency(report.tickets)
    chosen = report.tickets.assign(**standing).iloc[order[met[order]]]
    if view.get("search"):
        chosen = search_tickets(chosen, view["search"])
    chosen = chosen.reset_index(drop=True)
    return sort_tickets(chosen, view["sort"], view["down"]) if view.get("sort") else chosen


def sort_tickets(tickets, name, down):
    """In the order of a column's values, as the list shows them: times by the minute, words that have an order by it.

    Equals stay as they stood; the missing stand last.
    """
    values = tickets[name]
    if pd.api.types.is_datetime64_any_dtype(values):
        values = values.dt.floor("min")
    if name in ORDERS:
        values = values.map({word: rank for rank, word in enumerate(ORDERS[name])})
    order = values.sort_values(ascending=not down, kind="stable").index
    return tickets.loc[order].reset_index(drop=True)
