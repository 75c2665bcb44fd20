"""Tickets as cases: of what kind each is, how far through its time limit it was still open, and whether it ran out.

The share of a limit that has gone by is counted as the clock counts: in office time, or in plain time where the limit
holds no office time at all (two hours at night). All of it is whole-number arithmetic, so that a ticket that stands
exactly on a mark stands there on every machine.
"""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.clocking.workdays import office_time

TENTHS = 10  # a limit's ten parts; the mark of each is its middle: 5%, 15% … 95% gone
NARROWER = [
    "type",
    "category",
    "unit",
]  # each kind is a part of the one before: all, then of this type, and so on
DECIDED = [schema.ON_TIME, schema.LATE, schema.OVERDUE]
EXACT = "datetime64[us]"


def list_cases(tickets, calendar):
    """One row a ticket, in their order, of what a forecast learns from and is made for.

    Reads the columns of `clock`, exclusion, and those of NARROWER. `ran_out`: the answer came after due_at, or has not
    come though it is past. `marks`: how many of the ten marks of its limit (5%, 15% … 95% gone) the ticket passed
    while it was open; 10 where it ran out. `is_told`: the verdict tells which, and how long the limit was; void, shut,
    untimed and excluded tickets tell nothing. `kind_0` … `kind_3`: numbers of the kinds, all tickets first; -1 where
    the ticket lacks the value that the kind is narrowed by.
    """
    ran_out = tickets["due_state"].isin([schema.LATE, schema.OVERDUE])
    until = tickets["answered_at"].fillna(tickets["answered_until"]).where(~ran_out, tickets["due_at"])
    gone, whole = measure(tickets["clock_from"], until, tickets["due_at"], calendar)
    is_told = tickets["due_state"].isin(DECIDED) & tickets["exclusion"].ne(schema.EXCLUDED) & (whole > 0)
    kinds = {f"kind_{level}": codes for level, codes in enumerate(list_kinds(tickets))}
    return pd.DataFrame(
        {
            "ticket_id": tickets["ticket_id"],
            "due_at": tickets["due_at"],
            "ran_out": ran_out,
            "marks": np.where(ran_out, TENTHS, count_marks(gone, whole)),
            "is_told": is_told,
            **kinds,
        },
        index=tickets.index,
    )


def measure(starts, at, due, calendar):
    """How much of each limit has gone by at a moment, and how much it is, in microseconds; 0 of 0 where unknown."""
    moments = [np.atleast_1d(np.asarray(side, dtype=EXACT)) for side in (starts, at, due)]
    (begun, now, over), covered = zip(*(office_time(side, calendar) for side in moments), strict=True)
    known = np.logical_and.reduce(covered)
    by_day = known & (over <= begun)  # no office time between: in plain time
    plain = [side.astype("int64") for side in moments]
    begun, now, over = (np.where(by_day, *sides) for sides in zip(plain, (begun, now, over), strict=True))
    known &= over > begun
    return np.where(known, np.maximum(now - begun, 0), 0), np.where(known, over - begun, 0)


def count_marks(gone, whole):
    """How many of the marks lie before what has gone by: on the mark itself a ticket has not passed it."""
    whole = np.maximum(whole, 1)
    return np.clip((2 * TENTHS * gone + whole - 1) // (2 * whole), 0, TENTHS)


def find_tenths(gone, whole):
    """Which tenth of its limit each ticket is in, 0 to 9; what is past its end is in the last."""
    return np.minimum(TENTHS * gone // np.maximum(whole, 1), TENTHS - 1)


def list_kinds(tickets):
    """The number of each ticket's kind at every level; see `list_cases`."""
    codes = np.zeros(len(tickets), dtype="int64")
    kinds = [codes]
    for name in NARROWER:
        own, words = pd.factorize(tickets[name])
        codes = pd.factorize(codes * (len(words) + 1) + own + 1)[0]
        kinds.append(np.where(own >= 0, codes, -1))
    return kinds


def name_kinds(tickets, levels):
    """同单位、同类型、同分类: in words what the kind at each ticket's level shares; 全部工单 at the widest."""
    words = {"unit": "同单位", "type": "同类型", "category": "同分类"}
    said = pd.Series("", index=tickets.index, dtype="str")
    for name, word in words.items():
        shares = tickets[name].notna() & (levels > NARROWER.index(name))
        said = said.where(~shares, said + "、" + word)
    return said.str.removeprefix("、").replace("", "全部工单")
