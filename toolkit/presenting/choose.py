"""Which tickets meet the choices of the drill-down, and how many each further choice would leave.

Explored are the tickets of this period and those carried over: the ones that findings are about. Nothing
is judged here: states come from `clock`, findings from `flag`; a stage only names the latest time known.
"""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.schema import BLANK, CARRIED, NOW

AGAIN = "重办中"
REACHED = ["待签收", "待联系或办理中", "已回复", "已回访", "已办结", AGAIN, schema.SHUT, schema.VOID]
URGENCY = [
    *[schema.OVERDUE, schema.PENDING, schema.NO_DUE, schema.LATE, schema.UNTIMED],
    *[schema.ON_TIME, schema.SHUT, schema.VOID],
]


def choose_tickets(report, unit=None, category=None, stage=None, state=None, rule=None):
    """The tickets of this period and those carried over that meet every choice, most urgent first.

    category: a path or its beginning (城乡建设, 城乡建设/供水); stage: a word of REACHED; state: a word of
    schema.DUE_STATES; rule: a finding's name. None chooses all. Reads unit, category, scope, the stages'
    times and the columns of `clock`; ticket_id and rule_name of the findings. Adds `stage`.
    """
    tickets = list_watched(report)
    choices = {"unit": unit, "category": category, "stage": stage, "state": state, "rule": rule}
    return tickets[meet(find_options(report, tickets), choices, len(tickets))].reset_index(drop=True)


def list_watched(report):
    """The tickets findings are about, most urgent first, with `stage`; reads scope, due_state, due_at."""
    tickets = report.tickets[report.tickets["scope"].isin([NOW, CARRIED])]
    rank = tickets["due_state"].map({state: place for place, state in enumerate(URGENCY)})
    stage = find_stage(tickets)
    ordered = tickets.assign(stage=stage, rank=rank).sort_values(["rank", "due_at", "ticket_id"])
    return ordered.drop(columns="rank").reset_index(drop=True)


def find_stage(tickets):
    """How far each ticket had come when it was judged, as far as its time columns say: a word of REACHED, in their order.

    A stage that has come at a time that cannot be read has come.
    """
    signed, contacted, replied, fed_back, visited, closed = (
        schema.has_reached(tickets, name, tickets["judged_at"])
        for name in ["signed_at", "first_contact_at", "replied_at", "fed_back_at", "visited_at", "closed_at"]
    )
    # Where no ticket has a signing time, the export does not say who has yet to sign.
    begun = signed | contacted | (tickets["signed_at"].isna().all() and not signed.any())
    closed |= tickets["status"].isin(schema.CLOSED_STATUSES) & tickets["closed_at"].isna()
    answered = replied | fed_back | tickets["answered"].eq(schema.YES)
    state, again = tickets["due_state"], schema.is_open_again(tickets)
    reached = [state.eq(schema.VOID), state.eq(schema.SHUT), again, closed, visited, answered, begun]
    words = np.select(reached, list(reversed(REACHED[1:])), REACHED[0])
    return pd.Series(pd.Categorical(words, REACHED, ordered=True), index=tickets.index)


def find_options(report, tickets):
    """Filter → its options, one entry per ticket and option, indexed by the ticket's place in `tickets`.

    A ticket has one unit, stage and state, every level of its category, and any number of findings.
    """
    units = tickets["unit"].fillna(schema.NO_UNIT)
    paths = tickets["category"].fillna(BLANK)
    levels = paths.map({path: list_levels(path) for path in paths.unique()}).explode()
    return {
        "unit": _in_order(units, units.value_counts().index),
        "category": _in_order(levels, _order_paths(levels.value_counts())),
        "stage": _in_order(tickets["stage"], REACHED),
        "state": _in_order(tickets["due_state"], schema.DUE_STATES),
        "rule": _in_order(_place_findings(report.findings, tickets), report.basis.rules["rule_name"]),
    }


def list_levels(path):
    """城乡建设/供水 → 城乡建设, 城乡建设/供水."""
    parts = path.split("/")
    return ["/".join(parts[: depth + 1]) for depth in range(len(parts))]


def _order_paths(counts):
    """Paths with the most tickets first, each followed by those beneath it."""
    return sorted(counts.index, key=lambda path: [(-counts[level], level) for level in list_levels(path)])


def _place_findings(findings, tickets):
    """The rules' names by the place of their ticket; findings about other tickets or a unit are left aside."""
    at = pd.Series(tickets.index, index=tickets["ticket_id"])
    known = findings[["ticket_id", "rule_name"]].drop_duplicates()
    known = known[known["ticket_id"].isin(at.index)]
    return known["rule_name"].set_axis(at[known["ticket_id"]])


def _in_order(values, options):
    return values.astype(pd.CategoricalDtype(list(options), ordered=True))


def meet(options, choices, count):
    """Which of `count` tickets meet every choice, as a mask; a choice of None is met by all."""
    mask = np.ones(count, dtype=bool)
    for name, choice in choices.items():
        if choice is not None:
            met = np.zeros(count, dtype=bool)
            met[options[name].index[options[name].eq(choice)]] = True
            mask &= met
    return mask


def count_options(options, choices, count):
    """Filter → option → tickets it would leave under the other filters' choices; "" stands for all.

    An option that would leave none is not offered, unless it is the one chosen.
    """
    counts = {}
    for name, values in options.items():
        mask = meet(options, {**choices, name: None}, count)
        met = values[mask[values.index]].value_counts(sort=False)
        offered = met[met.gt(0) | (met.index == choices.get(name))]
        counts[name] = {"": int(mask.sum()), **offered.astype(int).to_dict()}
    return counts
