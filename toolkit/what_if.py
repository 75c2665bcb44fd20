"""What if: which open tickets, answered now, would move a unit to a better grade.

Nothing is clocked again: an open ticket answered now changes its own place in the metrics and nothing else,
so a unit's counts after any number of answers are its counts today and the sum of those changes.
"""

from bisect import bisect_left
from fractions import Fraction

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.clock import judge
from toolkit.metrics import BY_NAME, NEITHER, find_members
from toolkit.period import parse_as_of
from toolkit.points import apply_scheme
from toolkit.scheme import read_scheme
from toolkit.score import score
from toolkit.standings import ASSESSED, stand

SCENARIOS = {"pending": [schema.PENDING], "overdue": [schema.OVERDUE], "all": None}
WHAT_IF = [
    *["unit", "group", "points", "grade", "open", "pending", "overdue"],
    *[f"{kind}_if_{name}" for name in SCENARIOS for kind in ("points", "grade")],
    *["next_grade", "next_points", "needed", "tickets"],
]


def what_if(tickets, scheme, as_of):
    """Which open tickets, answered now, would change a unit's grade.

    Reads the period's clocked tickets. `points` and `grade` are today's; `points_if_pending`,
    `points_if_overdue` and `points_if_all` what they would be with all tickets not yet due, all overdue, or
    all open ones answered at `as_of` (a ticket past its due time stays late). `tickets` lists the fewest open
    tickets, taken in the order of their due times, that bring a better grade, `needed` how many they are,
    `next_grade` and `next_points` what they bring; tickets whose answer gains nothing in the scheme are
    passed over. The other units stay as they are. Points are Decimals. grade is a grade, a board's name or
    第n名, as the scheme has it; missing, like what rests on it, for a unit that is not assessed or where the
    scheme gives neither grades nor ranks. One row per unit.
    """
    scheme, as_of = read_scheme(scheme), parse_as_of(as_of)
    tickets = tickets[~(tickets["received_at"] > as_of)]
    units = tickets["unit"].fillna(schema.NO_UNIT)
    scorecard = score(tickets, as_of)
    groups = tickets["unit_group"].groupby(units).first()
    items = apply_scheme(scorecard, scheme, groups)
    today = stand(items, scheme, scorecard).set_index("unit", drop=False)
    opened = list_open(tickets.assign(unit=units))
    changes = find_changes(opened, scheme, as_of)
    gains = opened[_gains(changes, scheme)]
    place = _Placer(scheme, scorecard, items)
    layers = [place.score(counts) for counts in _layers(scorecard, scheme, gains, changes.loc[gains.index])]
    cases = {
        name: place.score(_shift(scorecard, scheme, _sum(opened, changes, states)))
        for name, states in SCENARIOS.items()
    }
    ids = {unit: own["ticket_id"].tolist() for unit, own in gains.groupby("unit", sort=False)}
    rows = [
        _say_unit(row, opened, place, cases) | _find_next(row, ids.get(row["unit"], []), layers, place)
        for row in today.to_dict("records")
    ]
    return pd.DataFrame(rows, columns=WHAT_IF).astype({"needed": "Int64"})


def list_open(tickets):
    """The tickets that could still be answered, unit by unit, the earliest due time first."""
    is_open = tickets["answered_at"].isna() & tickets["due_state"].ne(schema.VOID)
    return tickets[is_open].sort_values(["unit", "due_at", "ticket_id"], kind="stable", na_position="last")


def answer_now(tickets, as_of):
    """The tickets as if each had been answered at `as_of`: the verdict follows, every other time stays."""
    moment = pd.Series(as_of, index=tickets.index, dtype="datetime64[us]")
    stage = tickets["answered_by"].iloc[0] if len(tickets) else "replied_at"
    state = judge(tickets["due_at"], moment, as_of)
    return tickets.assign(**{stage: moment, "answered_at": moment, "due_state": state})


def find_changes(opened, scheme, as_of):
    """What each open ticket's answer adds to the numerator and to the denominator of each rate of the scheme."""
    wanted = [BY_NAME[name] for name in _rates(scheme)]
    before = dict(_plain(find_members(opened, as_of, wanted)))
    after = dict(_plain(find_members(answer_now(opened, as_of), as_of, wanted)))
    changes = {(name, side): after[name][side] - before[name][side] for name in before for side in (0, 1)}
    made = pd.DataFrame(changes, index=opened.index)
    return made if changes else pd.DataFrame(index=opened.index, columns=pd.MultiIndex.from_arrays([[], []]))


def _plain(members):
    for metric, values in members:
        values = np.asarray(values).astype("int64")
        yield metric.name, (np.where(values > 0, values, 0), (values != NEITHER).astype("int64"))


def _rates(scheme):
    """The rates a scheme scores, each once."""
    names = dict.fromkeys(entry.metric for entry in (*scheme.items, *scheme.bonuses))
    return [name for name in names if not BY_NAME[name].is_count]


def _gains(changes, scheme):
    """Which tickets raise the numerator of a rate that should be high, or lower one that should be low."""
    better = {entry.metric: getattr(entry, "better", "higher") for entry in (*scheme.items, *scheme.bonuses)}
    gains = np.zeros(len(changes), dtype=bool)
    for name in _rates(scheme):
        gain = changes[(name, 0)].to_numpy()
        gains |= gain > 0 if better[name] == "higher" else gain < 0
    return gains


# --- counts after some answers ---------------------------------------------------------------------


def _layers(scorecard, scheme, gains, changes):
    """The scorecard after each unit's first answer, after its second, and so on; units that have no more drop out."""
    sums = changes.groupby(gains["unit"]).cumsum()
    turn = gains.groupby("unit").cumcount()
    for number in range(turn.max() + 1 if len(turn) else 0):
        own = turn.eq(number)
        yield _shift(scorecard, scheme, sums[own].set_axis(gains.loc[own, "unit"]))


def _sum(opened, changes, states):
    """Per unit, the changes of all its open tickets of those states."""
    own = opened["due_state"].isin(states) if states else opened["due_state"].notna()
    return changes[own].groupby(opened.loc[own, "unit"]).sum()


def _shift(scorecard, scheme, changes):
    """The scorecard of the units named in `changes`, so much added; a plain count stays, for every unit."""
    rates = scorecard[scorecard["metric"].isin(_rates(scheme)) & scorecard["unit"].isin(changes.index)]
    shifted, rows = rates.copy(), changes.index.get_indexer(rates["unit"])
    parts = rates["metric"].map({name: 100 if BY_NAME[name].weighted else 1 for name in _rates(scheme)})
    for side, column in enumerate(("numerator", "denominator")):
        columns = changes.columns.get_indexer([(metric, side) for metric in rates["metric"]])
        added = changes.to_numpy()[rows, columns] / (parts.to_numpy() if side == 0 else 1)
        shifted[column] = (rates[column] + added).round(2).astype(rates[column].dtype)
    return pd.concat([scorecard[scorecard["denominator"].isna()], shifted])


# --- points and grades of some counts --------------------------------------------------------------


class _Placer:
    """Where a unit would stand with other counts, the rest of its group as it is today."""

    def __init__(self, scheme, scorecard, items):
        self.scheme, self.scorecard = scheme, scorecard
        self.groups = items.drop_duplicates("unit").set_index("unit")["group"]
        self.today = dict(list(items.groupby("unit", sort=False)))

    def score(self, scorecard):
        """Unit → its items with these counts, for the units that have rates there."""
        named = scorecard.loc[scorecard["denominator"].notna(), "unit"].unique()
        items = apply_scheme(scorecard, self.scheme, self.groups[self.groups.index.isin(scorecard["unit"])])
        return dict(list(items[items["unit"].isin(named)].groupby("unit", sort=False)))

    def place(self, unit, own):
        """The standing of a unit with these items: grades by points need nobody else, the others its group."""
        shown = self.scheme.presentation
        alone = shown.kind == "none" or any(grade.at_least is not None for grade in shown.grades)
        others = [] if alone else [items for name, items in self.today.items() if name != unit]
        standings = stand(pd.concat([own, *others]), self.scheme, self.scorecard)
        return standings[standings["unit"].eq(unit)].iloc[0]

    def height(self, standing):
        """How good a standing is, the least the best; None where it is no standing."""
        shown = self.scheme.presentation
        if standing["state"] != ASSESSED or shown.kind == "none":
            return None
        if shown.kind == "grades":
            return [grade.grade for grade in shown.grades].index(standing["grade"])
        if shown.kind == "board":
            return {shown.top_name: 0, shown.bottom_name: 2}.get(standing["grade"], 1)
        return len(self.today) + 1 if pd.isna(standing["rank"]) else int(standing["rank"])


def _word(standing):
    """A grade or a rank as it is printed; missing where there is none."""
    if not pd.isna(standing["grade"]):
        return standing["grade"]
    return None if pd.isna(standing["rank"]) else f"第{standing['rank']}名"


def _say_unit(today, opened, place, cases):
    unit = today["unit"]
    states = opened.loc[opened["unit"].eq(unit), "due_state"]
    row = {"unit": unit, "group": today["group"], "points": today["points"], "grade": _word(today)}
    row |= {"open": len(states), "pending": states.eq(schema.PENDING).sum()}
    row |= {"overdue": states.eq(schema.OVERDUE).sum()}
    for name, case in cases.items():
        standing = place.place(unit, case[unit]) if unit in case else today
        row |= {f"points_if_{name}": standing["points"], f"grade_if_{name}": _word(standing)}
    return row


def _find_next(today, ids, layers, place):
    """The fewest of the tickets, in their order, that bring a better standing.

    With the others fixed, more points never stand lower: only answers that reach more points than all before
    can be the first to do it, and among those it is searched for by halves.
    """
    unit, now = today["unit"], place.height(today)
    missing = {"next_grade": None, "next_points": None, "needed": None, "tickets": []}
    if now is None or not ids:
        return missing
    own = [layers[number][unit] for number in range(len(ids))]
    best, records = _reached(place.today[unit], place.scheme), []
    for number, items in enumerate(own):
        if (reached := _reached(items, place.scheme)) > best:
            best, records = reached, [*records, number]
    found = bisect_left(records, True, key=lambda number: place.height(place.place(unit, own[number])) < now)
    if found == len(records):
        return missing
    number = records[found]
    standing = place.place(unit, own[number])
    return {
        "next_grade": _word(standing),
        "next_points": standing["points"],
        "needed": number + 1,
        "tickets": ids[: number + 1],
    }


def _reached(items, scheme):
    """The points of the items in proportion to the scheme's full points."""
    scored = items[items["points"].notna()]
    full = sum(scored["full"])
    return Fraction(sum(scored["points"])) * Fraction(scheme.full) / Fraction(full) if full else Fraction(0)
