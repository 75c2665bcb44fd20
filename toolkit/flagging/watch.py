"""What the rules look at: the tickets, the flow log, the policy and the cut-off time, and what is made of them once."""

from dataclasses import dataclass, field
from functools import reduce

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.clocking.flow_log import order_log
from toolkit.clocking.policy import Policy


@dataclass(frozen=True)
class Watch:
    """What the rules look at: clocked tickets, the events of a flow log, the policy, and the cut-off time."""

    tickets: pd.DataFrame
    events: pd.DataFrame
    policy: Policy
    as_of: pd.Timestamp
    among: pd.Series | None = (
        None  # which tickets the findings are about, where the others are only looked back on
    )
    _made: dict = field(default_factory=dict)  # shared by the watch with texts and the one without

    @property
    def limits(self):
        """The limits beyond which a rule reports."""
        return self.policy.rules

    def codes(self, *columns):
        """A number for each ticket, the same where the columns are the same; -1 where one is missing.

        Kept, because many rules ask for the same: numbers sort and group far faster than words.
        """
        if len(columns) == 1:
            return self._keep(columns, lambda: pd.factorize(self.tickets[columns[0]])[0])
        return self._keep(columns, lambda: reduce(join_codes, map(self.codes, columns)))

    @property
    def log(self):
        """The flow log, ticket by ticket in the order of time; kept, because many rules ask for it."""
        return self._keep("log", lambda: order_log(self.events, self.tickets))

    def once(self, build):
        """What `build` makes of the watch, made once however many rules ask for it."""
        return self._keep(build, lambda: build(self))

    def has(self, column):
        """Which tickets have something in a column; also of the texts, which most rules do not get to see."""
        return self._keep(("has", column), lambda: self.tickets[column].notna())

    def _keep(self, key, make):
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    def known(self, column):
        """A time column as far as it had come by as_of: what happened later is missing."""
        times = self.tickets[column]
        return self._keep(("known", column), lambda: times.mask(times > self.as_of))

    def reached(self, stage):
        """Which tickets have come to a stage by as_of, be it at a time that cannot be read."""
        return self._keep(("reached", stage), lambda: schema.has_reached(self.tickets, stage, self.as_of))

    def choose(self, chosen):
        """The tickets chosen by a true or false for each, or by their places in the table."""
        if isinstance(chosen, pd.Series):
            chosen = np.flatnonzero(chosen.to_numpy(dtype=bool, na_value=False))
        return Hits(self.tickets, chosen)


def join_codes(codes, others):
    """A number for each pair of numbers, -1 where one is negative, that is, missing."""
    joined, _ = pd.factorize(codes.astype("int64") * (int(others.max(initial=0)) + 1) + others)
    return np.where((codes < 0) | (others < 0), -1, joined)


class Hits:
    """Tickets that a rule chose: `hits["due_at"]` is a column of theirs, `hits.index` their index.

    A column is cut out when it is asked for: a table has sixty, a rule reads five, and cutting out all of them
    took longer than many a rule.
    """

    def __init__(self, tickets, rows):
        self.index = tickets.index[rows]
        self._tickets, self._rows, self._cut = tickets, rows, {}

    def __len__(self):
        return len(self.index)

    def __getitem__(self, column):
        if column not in self._cut:
            self._cut[column] = self._tickets[column].iloc[self._rows]
        return self._cut[column]
