"""What the answers of open tickets would change in the counts of their units.

Nothing is clocked again: an open ticket answered now changes its own place in the metrics and nothing else,
so a unit's counts after any number of answers are its counts today and the sum of those changes.
"""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.clocking.verdict import judge
from toolkit.scoring.catalogue import BY_NAME
from toolkit.scoring.marks import find_marks


def list_open(tickets):
    """The tickets that could still be answered, unit by unit, the earliest due time first."""
    return tickets[schema.is_open(tickets)].sort_values(
        ["unit", "due_at", "ticket_id"], kind="stable", na_position="last"
    )


def answer_now(tickets):
    """The tickets as if each had been answered when they were judged: the verdict follows, every other time stays."""
    as_of = schema.judged_at(tickets)
    moment = pd.Series(as_of, index=tickets.index, dtype="datetime64[us]")
    stage = tickets["answered_by"].iloc[0] if len(tickets) else "replied_at"
    state = judge(tickets["due_at"], moment, as_of)
    known = {stage: moment, "answered_at": moment, "answered_until": moment, "answered": schema.YES}
    return tickets.assign(**known, due_state=state)


def find_changes(opened, scheme, scorecard):
    """What each open ticket's answer adds to the numerator and to the denominator of each rate of the scheme.

    A rate that is not in the scorecard, because the export lacks its columns, stays unknown.
    """
    known = set(scorecard["metric"])
    wanted = [BY_NAME[name] for name in list_rates(scheme) if name in known]
    before = _count_marks(opened, wanted)
    after = _count_marks(answer_now(opened), wanted)
    changes = {(name, side): after[name][side] - before[name][side] for name in before for side in (0, 1)}
    made = pd.DataFrame(changes, index=opened.index)
    return made if changes else pd.DataFrame(index=opened.index, columns=pd.MultiIndex.from_arrays([[], []]))


def _count_marks(tickets, wanted):
    """Each rate with what every ticket adds to its numerator and to its denominator."""
    marks = find_marks(tickets, wanted)
    return {
        metric.name: (np.where(among, counted, 0).astype("int64"), among * 1)
        for metric, counted, among in marks
    }


def list_rates(scheme):
    """The rates a scheme scores, each once."""
    names = dict.fromkeys(entry.metric for entry in (*scheme.items, *scheme.bonuses))
    return [name for name in names if not BY_NAME[name].is_count]


def gains_by(changes, scheme):
    """Which tickets raise the numerator of a rate that should be high, or lower one that should be low."""
    better = {entry.metric: getattr(entry, "better", "higher") for entry in (*scheme.items, *scheme.bonuses)}
    gains = np.zeros(len(changes), dtype=bool)
    for name in dict.fromkeys(changes.columns.get_level_values(0)):
        gain = changes[(name, 0)].to_numpy()
        gains |= gain > 0 if better[name] == "higher" else gain < 0
    return gains


# --- counts after some answers ---------------------------------------------------------------------


def take_steps(scorecard, scheme, units, changes):
    """The scorecard after each unit's first answer, after its second, and so on; units that have no more drop out."""
    sums, turn = changes.groupby(units).cumsum(), changes.groupby(units).cumcount()
    for number in range(turn.max() + 1 if len(turn) else 0):
        own = turn.eq(number)
        yield shift(scorecard, scheme, sums[own].set_axis(units[own]))


def sum_changes(opened, changes, states):
    """Per unit, the changes of all its open tickets of those states."""
    own = opened["due_state"].isin(states) if states else opened["due_state"].notna()
    return changes[own].groupby(opened.loc[own, "unit"]).sum()


def shift(scorecard, scheme, changes):
    """The scorecard of the units named in `changes`, so much added; a plain count stays.

    Where a unit's share of its group's count is scored, the counts of the others stay there too.
    """
    named, is_count = scorecard["unit"].isin(changes.index), scorecard["denominator"].isna()
    counts = scorecard[is_count & (named | any(item.scoring == "share_in_group" for item in scheme.items))]
    rates = scorecard[~is_count & named]
    shifted, rows = rates.copy(), changes.index.get_indexer(rates["unit"])
    parts = rates["metric"].map({name: 100 if BY_NAME[name].weighted else 1 for name in list_rates(scheme)})
    for side, column in enumerate(("numerator", "denominator")):
        columns = changes.columns.get_indexer([(metric, side) for metric in rates["metric"]])
        added = changes.to_numpy()[rows, columns] / (parts.to_numpy() if side == 0 else 1)
        shifted[column] = (rates[column] + added).round(2).astype(rates[column].dtype)
    return pd.concat([counts, shifted])
