"""What several rules ask of a ticket at as_of, which of two times came first, and how a unit stands to the rest."""

from functools import wraps

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.flagging.watch import join_codes


def once(build):
    """A fact that is made once for a watch, however many rules ask for it."""

    @wraps(build)
    def ask(watch):
        return watch.once(build)

    return ask


@once
def has_come(watch):
    """Whether a ticket had come in by as_of, as far as is known, and is not void."""
    tickets = watch.tickets
    return ~(tickets["received_at"] > watch.as_of) & tickets["due_state"].ne(schema.VOID)


@once
def is_open(watch):
    """Whether a ticket waits for its first answer."""
    return schema.is_open(watch.tickets)


@once
def is_untimed(watch):
    """Whether a ticket was answered and no time tells when."""
    return watch.tickets["answered"].eq(schema.YES) & watch.tickets["answered_at"].isna()


@once
def is_closed(watch):
    """Whether a ticket was closed by as_of: by its time of closing, without one by its status."""
    closed_at = watch.tickets["closed_at"]
    by_status = closed_at.isna() & watch.tickets["status"].isin(schema.CLOSED_STATUSES)
    return closed_at.le(watch.as_of) | by_status


@once
def may_be_closed(watch):
    """Whether a ticket was closed by as_of, or its time of closing cannot be read: nobody says it was left open."""
    return is_closed(watch) | watch.reached("closed_at")


@once
def is_told(watch):
    """Whether what the citizen said in the call-back counts: the ticket had come, no call-back after as_of."""
    return has_come(watch) & ~(watch.tickets["visited_at"] > watch.as_of)


@once
def was_passed_on(watch):
    """Whether a ticket was sent back or passed to another unit: its times may be of different units then."""
    return watch.tickets["return_count"].gt(0).fillna(False) | _happened(watch, ["returned", "redispatched"])


@once
def was_reworked(watch):
    """Whether a ticket was done again: its times may be of different rounds then."""
    return watch.tickets["rework_count"].gt(0).fillna(False) | _happened(watch, ["reworked"])


def _happened(watch, kinds):
    happened = np.zeros(len(watch.tickets), dtype=bool)
    happened[watch.log.loc[watch.log["event"].isin(kinds), "row"]] = True
    return pd.Series(happened, watch.tickets.index)


def has_hour(times):
    """Whether a time tells the hour; midnight to the second is taken for a bare date."""
    return times.notna() & times.ne(times.dt.floor("D"))


@once
def unit_names(watch):
    """The units in the order of their codes."""
    return watch.tickets["unit"].dropna().unique()


def compare_units(watch, among, counted):
    """How many tickets of each unit are `among`, how many of them `counted`, and the same of all the rest.

    Tickets without a unit belong to the rest only.
    """
    codes = watch.codes("unit")
    names = unit_names(watch)
    among, counted = among.to_numpy(dtype=bool), (among & counted).to_numpy(dtype=bool)
    whole, part = (np.bincount(codes[mask & (codes >= 0)], minlength=len(names)) for mask in (among, counted))
    units = pd.DataFrame({"part": part, "whole": whole}, index=pd.Index(names, dtype="str"))
    return units.assign(rest_part=counted.sum() - part, rest_whole=among.sum() - whole)


def list_by_unit(watch, chosen, units):
    """The numbers of the chosen tickets of each unit; NO_UNIT has those without."""
    numbers = pd.Index(unit_names(watch)).get_indexer(units)
    hits = watch.choose(chosen & np.isin(watch.codes("unit"), numbers))
    ids = hits["ticket_id"].to_numpy()  # as Python's strings, which a list is far faster made of
    rows = hits["unit"].groupby(hits["unit"].fillna(schema.NO_UNIT)).indices
    return [ids[rows[unit]].tolist() for unit in units]


@once
def is_heard(watch):
    """Tickets received by as_of that were not withdrawn; merged ones count as calls."""
    tickets = watch.tickets
    return tickets["received_at"].le(watch.as_of) & ~tickets["status"].isin(schema.WITHDRAWN_STATUSES)


@once
def is_demand(watch):
    """Heard tickets that want something done: neither questions nor praise."""
    return is_heard(watch) & ~watch.tickets["type"].isin(schema.NO_DEMAND)


@once
def place_codes(watch):
    """A number for each place: township and address, the township alone where no address is known."""
    return join_codes(watch.codes("township"), watch.codes("address") + 1)


@once
def matter_codes(watch):
    """A number for each place and category."""
    return join_codes(place_codes(watch), watch.codes("category"))


def name_places(tickets):
    """Township and address in words; the township once where the address begins with it."""
    names = (tickets["township"] + tickets["address"].fillna("")).astype("str")
    for township in tickets["township"].dropna().unique():
        within = tickets["township"].eq(township) & tickets["address"].str.startswith(township).fillna(False)
        names = names.mask(within, tickets["address"])
    return names
