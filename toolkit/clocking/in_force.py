"""Policies that succeed each other: which one judges a ticket, by the day it was received."""

from datetime import date

import pandas as pd

from toolkit.clocking.policy import read_policy
from toolkit.errors import PolicyError, ToolkitError, list_mistakes

NOT_IN_FORCE = -1
EVER, NEVER = date(1900, 1, 1), date(2200, 1, 1)  # beyond any ticket


def read_policies(policies):
    """The policies of a run that succeed each other: one (see `read_policy`) or a list of them, in their order.

    Of several, each has a `valid_from` of its own; without `valid_to` one holds until the next begins. Raises
    PolicyError with the mistakes of all of them.
    """
    given = list(policies) if isinstance(policies, (list, tuple)) else [policies]
    if len(given) == 1:
        return [read_policy(given[0])]
    read, mistakes = [], [] if given else ["no policy is named: expected one or several"]
    for one in given:
        try:
            read.append(read_policy(one))
        except ToolkitError as error:
            mistakes.append(str(error))
    undated = [one.name for one in read if not one.valid_from]
    mistakes += [f"{name} has no valid_from: say when it came into force" for name in undated]
    starts = [one.valid_from for one in read if one.valid_from]
    twice = sorted({day for day in starts if starts.count(day) > 1})
    mistakes += [f"two policies are valid from {day}: a ticket is judged by one" for day in twice]
    if mistakes:
        raise PolicyError(list_mistakes(f"the policies: {len(mistakes)} mistake(s)", mistakes))
    return read


def choose_policies(policies, received_at):
    """Which of the policies judges each ticket: its place in the list, by the day the ticket was received.

    -1 where none was in force yet, or any more; missing where it is not known when the ticket was received: no
    policy judges such tickets, they are to be counted and marked. A policy without `valid_from` was always in
    force; without `valid_to` it is until the next begins. Where two overlap, the later one judges.
    """
    days = received_at.dt.normalize()
    chosen = pd.Series(NOT_IN_FORCE, index=received_at.index, dtype="Int64")
    for place, (since, until) in _find_spans(policies).items():
        chosen = chosen.mask(days.ge(since) & days.le(until), place)
    return chosen.mask(days.isna())


def _find_spans(policies):
    """Place in the list → first and last day in force, the earliest first."""
    in_order = sorted(enumerate(policies), key=lambda pair: pair[1].valid_from or date.min)
    begins = [pd.Timestamp(policy.valid_from or EVER) for _, policy in in_order]
    ends = [*(day - pd.Timedelta(days=1) for day in begins[1:]), pd.Timestamp(NEVER)]
    return {
        place: (begin, pd.Timestamp(policy.valid_to) if policy.valid_to else end)
        for (place, policy), begin, end in zip(in_order, begins, ends, strict=True)
    }
