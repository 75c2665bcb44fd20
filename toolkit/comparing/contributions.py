"""Who moved the county: each unit's part of a change, exact to the printed digit."""

from fractions import Fraction

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.comparing.movement import CONTRIBUTION_DECIMALS, side_by_side
from toolkit.rounding import numeral, round_half_up

CONTRIBUTIONS = [
    *["unit", "numerator", "denominator", "numerator_before", "denominator_before"],
    *["rate_effect", "mix_effect", "contribution"],
]
MOVERS = ["verb", "units", "count", "contribution", "sentence"]


def contributions(now, before, metric):
    """How many percentage points of the county's change each unit or category brought about.

    Reads two scorecards, by unit or by any other column (`score(…, by="category_top")`). A rate's change is
    split into what the unit did better or worse (rate_effect: its rate's change times its mean share of the
    county's tickets) and what its growing or shrinking share did (mix_effect: its share's change times the
    distance of its mean rate from the county's); a unit with tickets in one period only has no rate effect.
    For a plain count, contribution is the unit's change as a share of the county's earlier count. The exact
    parts sum exactly to the change (`split_change`); as printed, to two decimals, the parts sum to the
    difference of the two rates so printed. Missing throughout where a period has no ticket.
    """
    sides = [side[side["metric"].eq(metric)] for side in (now, before)]
    rows = side_by_side(*sides)
    for own, whole, end in zip(sides, (now, before), ("", "_before"), strict=True):
        if own.empty and len(whole):  # it has other metrics: not counted, which is not none
            rows = rows.assign(**{"numerator" + end: pd.NA, "denominator" + end: pd.NA})
    parts = rows[rows["unit"].ne(schema.COUNTY)].reset_index(drop=True)
    pairs = [parts[["numerator" + end, "denominator" + end]] for end in ("", "_before")]
    cells, total = split_change(*pairs)
    if cells is None:
        return parts.assign(rate_effect=np.nan, mix_effect=np.nan, contribution=np.nan)[CONTRIBUTIONS]
    printed = round_to_total(cells.ravel(), total).reshape(cells.shape)
    effects = pd.DataFrame(printed, columns=["rate_effect", "mix_effect"][: cells.shape[1]], dtype="int64")
    if cells.shape[1] == 1:
        effects = effects.rename(columns={"rate_effect": "contribution"})
    else:
        effects["contribution"] = effects.sum(axis=1)
    return parts.assign(**(effects / 10**CONTRIBUTION_DECIMALS)).reindex(columns=CONTRIBUTIONS)


def split_change(now, before):
    """The exact split of the county's change, in percentage points: a rate and a mix effect per unit, as fractions.

    Reads two frames of two columns, numerator and denominator, unit by unit. Gives the cells (one column for
    a plain count) and what their printed sum has to be in hundredths of a point; (None, None) where there is
    nothing to compare.
    """
    (counted, among), (counted_before, among_before) = (
        [[_exact(value) for value in frame.iloc[:, place]] for place in (0, 1)] for frame in (now, before)
    )
    if None in counted + counted_before:
        return None, None
    if None in among:
        return _split_count(counted, counted_before)
    whole, whole_before = sum(among), sum(among_before)
    if not whole or not whole_before:
        return None, None
    rate, rate_before = Fraction(sum(counted), whole), Fraction(sum(counted_before), whole_before)
    middle = (rate + rate_before) / 2
    shares = [
        (Fraction(d, whole), Fraction(d0, whole_before)) for d, d0 in zip(among, among_before, strict=True)
    ]
    rates = [_own_rates(*unit) for unit in zip(counted, among, counted_before, among_before, strict=True)]
    cells = np.empty((len(among), 2), dtype=object)
    for row, ((own, own_before), (share, share_before)) in enumerate(zip(rates, shares, strict=True)):
        cells[row, 0] = 100 * (own - own_before) * (share + share_before) / 2
        cells[row, 1] = 100 * (share - share_before) * ((own + own_before) / 2 - middle)
    return cells, _hundredths(rate) - _hundredths(rate_before)


def _own_rates(counted, among, counted_before, among_before):
    """A unit's rates now and before; one that it has not is taken as the other, so that only its share moved."""
    own = counted / among if among else None
    before = counted_before / among_before if among_before else own
    if before is None:
        return Fraction(0), Fraction(0)  # no ticket in either: its shares are nothing too
    return (before if own is None else own), before


def _split_count(counted, counted_before):
    whole_before = Fraction(sum(counted_before))
    if not whole_before:
        return None, None
    cells = np.array(
        [[100 * (n - n0) / whole_before] for n, n0 in zip(counted, counted_before, strict=True)], dtype=object
    ).reshape(-1, 1)
    return cells, _hundredths(Fraction(sum(counted) - whole_before, whole_before))


def _exact(value):
    """A count as a fraction; a weighted count is taken as the decimal it is written as."""
    return None if pd.isna(value) else Fraction(str(value))


def _hundredths(rate):
    """A rate in hundredths of a percentage point, as it is printed."""
    return int(round_half_up(rate * 100 * 10**CONTRIBUTION_DECIMALS, 0))


def round_to_total(values, total):
    """Percentage points in whole hundredths that sum to `total`: rounded down, the rest to the largest remainders."""
    scaled = [value * 10**CONTRIBUTION_DECIMALS for value in values]
    floors = [value.numerator // value.denominator for value in scaled]
    rests = [value - floor for value, floor in zip(scaled, floors, strict=True)]
    order = sorted(range(len(rests)), key=lambda place: -rests[place])
    order = [place for place in order if rests[place]] or order  # what did not move gets no share of the rest
    missing = total - sum(floors)
    for turn in range(abs(missing)):
        place = order[turn % len(order)] if missing > 0 else order[-1 - turn % len(order)]
        floors[place] += 1 if missing > 0 else -1
    return np.array(floors, dtype="int64")


def name_movers(parts, most=3):
    """谁拉低、谁拉动: the units that moved the county most, each way, in a sentence; the way the county went comes first.

    Reads `contributions` of one metric against one period. One row a way that some unit went, at most two: `verb`
    (拉动上升 or 拉低), `units` (a list, at most `most`, the largest part first), `count`, `contribution` (the sum of their
    parts in percentage points, of a plain count in percent) and a sentence. Empty where nothing can be compared.
    """
    known = parts[parts["contribution"].fillna(0).ne(0)]
    order = known.assign(size=known["contribution"].abs())
    order = order.sort_values(["size", "unit"], ascending=[False, True], kind="stable")
    is_rise = parts["contribution"].sum() > 0
    verbs = [("拉动上升", 1), ("拉低", -1)]
    rows = [
        (
            verb,
            side["unit"].tolist(),
            len(side),
            round(float(side["contribution"].sum()), CONTRIBUTION_DECIMALS),
        )
        for verb, sign in (verbs if is_rise else reversed(verbs))
        if len(side := order[np.sign(order["contribution"]).eq(sign)].head(most))
    ]
    table = pd.DataFrame(rows, columns=MOVERS[:-1])
    unit = "个百分点" if parts["rate_effect"].notna().any() else "%"
    said = [
        f"{'、'.join(units)}{_say_count(count)}{verb}{_say_size(moved)}{unit}"
        for verb, units, count, moved in rows
    ]
    return table.assign(sentence=pd.Series(said, dtype="str"))


def _say_count(count):
    return f"{numeral(count)}家" if count > 1 else ""


def _say_size(moved):
    """To one decimal, as changes are printed; what would read 0.0 keeps its second."""
    size = round_half_up(abs(moved), 1)
    return size if size else round_half_up(abs(moved), CONTRIBUTION_DECIMALS)
