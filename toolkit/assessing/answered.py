"""What if some open tickets had been answered when they were judged: what their units would then count and reach."""

import pandas as pd

from toolkit import schema
from toolkit.assessing.changes import find_changes, shift
from toolkit.assessing.points import apply_scheme
from toolkit.assessing.standings import stand

SIDES = ["numerator", "denominator"]
PLACED = ["points", "grade", "rank"]


def suppose_answered(answered, scheme, scorecard, today):
    """The rates and the standing of the units whose tickets these are, today and if they had been answered.

    answered: open tickets of the period, of those that `list_open` gives. scorecard and today: the period's, and where
    units stand by it. Gives two frames. rates: unit (全县 too), metric, numerator, denominator, and both as they
    would be (…_if); rates the scheme scores, those in the scorecard. standings: unit, points, grade, rank, and the three
    as they would be, ranked anew among all. A ticket past its due time stays late; plain counts stay.
    """
    units = name_units(answered)
    changes = find_changes(answered, scheme, scorecard)
    added = changes.groupby(units).sum()
    added.loc[schema.COUNTY] = changes.sum()
    is_moved = scorecard["metric"].isin(changes.columns.get_level_values(0))
    scored = scorecard[is_moved & scorecard["unit"].isin(added.index)]
    moved = shift(scored, scheme, added)
    then = pd.concat([scorecard.drop(scored.index), moved]).sort_index()
    groups = today.set_index("unit")["group"]
    placed = stand(apply_scheme(then, scheme, groups), scheme, then)
    rates = scored[["unit", "metric", *SIDES]].join(moved[SIDES].add_suffix("_if"))
    return rates.reset_index(drop=True), _place_both(today[today["unit"].isin(units)], placed)


def _place_both(today, placed):
    both = placed[["unit", *PLACED]]
    return today[["unit", *PLACED]].merge(both, on="unit", suffixes=("", "_if"), validate="one_to_one")


def name_units(tickets):
    """Each ticket's unit as the scorecard names it: one that is called 全县 is not the county."""
    return tickets["unit"].fillna(schema.NO_UNIT).replace(schema.COUNTY, schema.COUNTY_AS_UNIT)
