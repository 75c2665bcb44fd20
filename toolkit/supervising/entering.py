"""Orders of a run or of the desk put into the register: read, judged, entered, judged again; nothing is written here."""

from typing import NamedTuple

import pandas as pd

from toolkit.supervising.entries import enter_orders
from toolkit.supervising.ledger import Ledger, read_register
from toolkit.supervising.states import STATES, UNKNOWN, WAITS, judge_entries

JUDGED = ["state", "answered_at", "platform_at", "note"]


class Entered(NamedTuple):
    """The register as the office left it, its entries as they stand now, and with the orders entered."""

    ledger: Ledger
    before: pd.DataFrame
    entries: pd.DataFrame | None  # None at a moment before the register was last written

    @property
    def to_write(self):
        """The register to be written."""
        return self.ledger._replace(entries=self.entries)


def enter_in_register(path, orders, as_of, find_tickets, is_whole=True):
    """The register of a workbook with these orders entered and every entry judged as of a moment.

    find_tickets: entries → the clocked tickets that tell how they stand. is_whole: whether those are all that the
    export holds; where not, an entry whose ticket is not among them stays as it was judged last. At a moment before the
    register was last written nothing is entered. Raises RegisterError where it cannot be read.
    """
    as_of = pd.Timestamp(as_of)
    ledger = read_register(path, as_of)
    tickets = find_tickets(ledger.entries)
    before = _judge(ledger.entries, tickets, as_of, is_whole)
    if ledger.as_of is not None and as_of < ledger.as_of:
        return Entered(ledger, before, None)
    return Entered(ledger, before, _judge(enter_orders(before, orders), tickets, as_of, is_whole))


def _judge(entries, tickets, as_of, is_whole):
    judged = judge_entries(entries, tickets, as_of)
    if is_whole:
        return judged
    unseen = ~judged["ticket_id"].isin(tickets["ticket_id"]) & judged["state"].isin([UNKNOWN, WAITS])
    unseen &= entries["state"].isin(STATES)
    return judged.assign(**{name: judged[name].mask(unseen, entries[name]) for name in JUDGED})
