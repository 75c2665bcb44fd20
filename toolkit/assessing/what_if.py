"""What if: which open tickets, answered now, would move a unit to a better grade; see `changes` for their counts."""

from bisect import bisect_left, insort

import pandas as pd

from toolkit import schema
from toolkit.assessing.changes import find_changes, gains_by, list_open, shift, sum_changes, take_steps
from toolkit.assessing.points import apply_scheme
from toolkit.assessing.scheme import read_scheme
from toolkit.assessing.standings import ASSESSED, compare_by, grade_and_rank, stand
from toolkit.rounding import is_missing
from toolkit.scoring.score import score

SCENARIOS = {"pending": [schema.PENDING], "overdue": [schema.OVERDUE], "all": None}
WHAT_IF = [
    *["unit", "group", "points", "grade", "open", "pending", "overdue"],
    *[f"{kind}_if_{name}" for name in SCENARIOS for kind in ("points", "grade")],
    *["next_grade", "next_points", "needed", "tickets"],
]


def what_if(tickets, scheme):
    """Which open tickets, answered now, would change a unit's grade.

    Reads the period's clocked tickets. `points` and `grade` are today's; `points_if_pending`,
    `points_if_overdue` and `points_if_all` what they would be with all tickets not yet due, all overdue, or
    all open ones answered when they were judged (a ticket past its due time stays late). `tickets` lists the
    fewest open tickets, taken in the order of their due times, that bring a better grade, `needed` how many they are,
    `next_grade` and `next_points` what they bring; tickets whose answer gains nothing in the scheme are
    passed over. The other units stay as they are. Points are Decimals. grade is a grade, a board's name or
    第n名, as the scheme has it; missing, like what rests on it, for a unit that is not assessed today or where
    the scheme gives neither grades nor ranks. One row per unit.
    """
    scheme = read_scheme(scheme)
    tickets = tickets[~(tickets["received_at"] > schema.judged_at(tickets))]
    units = tickets["unit"].fillna(schema.NO_UNIT)
    scorecard = score(tickets)
    items = apply_scheme(scorecard, scheme, tickets["unit_group"].groupby(units).first())
    return find_prospects(tickets, scheme, scorecard, stand(items, scheme, scorecard))


def find_prospects(tickets, scheme, scorecard, today):
    """`what_if` where the period's scorecard and where the units stand today are known."""
    units = tickets["unit"].fillna(schema.NO_UNIT)
    scored, groups = _only_scored(scorecard, scheme), today.set_index("unit")["group"]
    opened = list_open(tickets.assign(unit=units))
    changes = find_changes(opened, scheme, scored)
    gains = opened[gains_by(changes, scheme)]
    steps = [
        _sum_points(counts, scheme, groups)
        for counts in take_steps(scored, scheme, gains["unit"], changes.loc[gains.index])
    ]
    cases = {
        name: _sum_points(shift(scored, scheme, sum_changes(opened, changes, states)), scheme, groups)
        for name, states in SCENARIOS.items()
    }
    open_counts = pd.crosstab(opened["unit"], opened["due_state"])
    ids = {unit: own.tolist() for unit, own in gains["ticket_id"].groupby(gains["unit"], sort=False)}
    others = _order_groups(today, scheme)
    rows = []
    for row in today.to_dict("records"):
        mine = others.get(_group_of(row, scheme), [])
        row |= _count_open(open_counts, row["unit"]) | _say_cases(row, cases, mine, scheme)
        own_steps = [steps[n][row["unit"]] for n in range(len(ids.get(row["unit"], [])))]
        rows.append(row | _find_next(row, ids.get(row["unit"]), own_steps, mine, scheme))
    made = pd.DataFrame(rows, columns=[*WHAT_IF, "rank"])
    return made.assign(grade=_words(made)).drop(columns="rank").astype({"needed": "Int64"})


# --- points of some counts --------------------------------------------------------------------------


def _only_scored(scorecard, scheme):
    """The metrics a scheme scores or counts by."""
    entries = (*scheme.items, *scheme.bonuses)
    names = {entry.metric for entry in entries} | {bonus.volume for bonus in scheme.bonuses}
    return scorecard[scorecard["metric"].isin(names)].reset_index(drop=True)


def _sum_points(scorecard, scheme, groups):
    """Unit → its points and the full points they are of, for the units that have rates in the scorecard."""
    named = set(scorecard.loc[scorecard["denominator"].notna(), "unit"])
    items = apply_scheme(scorecard, scheme, groups[groups.index.isin(scorecard["unit"])])
    sums = {}
    for unit, points, full in zip(items["unit"], items["points"], items["full"], strict=True):
        if unit in named and points is not None:
            before = sums.get(unit, (0, 0))
            sums[unit] = before[0] + points, before[1] + full
    return {unit: sums.get(unit) for unit in named}


# --- grades of some points -------------------------------------------------------------------------


def _group_of(row, scheme):
    """With whom a unit is compared."""
    return row["group"] if scheme.groups_apart else ""


def _order_groups(today, scheme):
    """Group → what its assessed units reach, the lowest first."""
    ordered = {}
    for row in today[today["state"].eq(ASSESSED)].to_dict("records"):
        reached = compare_by(row["points"], row["full"], scheme)
        ordered.setdefault(_group_of(row, scheme), []).append(reached)
    return {group: sorted(reached) for group, reached in ordered.items()}


def _place_anew(row, points, ordered, scheme):
    """Grade and rank of an assessed unit with other points, the rest of its group as it is."""
    was, now = compare_by(row["points"], row["full"], scheme), compare_by(*points, scheme)
    others = list(ordered)
    others.pop(bisect_left(others, was))
    insort(others, now)
    return grade_and_rank(now, others, scheme)


def _height(placed, scheme):
    """How good a grade or rank is: the lower the better."""
    (grade, rank), shown = placed, scheme.presentation
    if shown.kind == "grades":
        return [step.grade for step in shown.grades].index(grade)
    if shown.kind == "board":
        return {shown.top_name: 0, shown.bottom_name: 2}.get(grade, 1)
    return float("inf") if rank is None else rank


def say_grade(grade, rank):
    """A grade or a rank as it is printed; missing where there is none."""
    if not is_missing(grade):
        return grade
    return None if is_missing(rank) else f"第{rank}名"


def _words(standings):
    return [say_grade(*pair) for pair in zip(standings["grade"], standings["rank"], strict=True)]


def _count_open(counts, unit):
    own = counts.loc[unit] if unit in counts.index else {}
    pending, overdue = (int(own.get(state, 0)) for state in (schema.PENDING, schema.OVERDUE))
    return {"open": int(sum(own)) if len(own) else 0, "pending": pending, "overdue": overdue}


def _say_cases(row, cases, ordered, scheme):
    """Points and grade with all pending, all overdue, all open tickets answered; today's where there are none."""
    said, is_assessed = {}, row["state"] == ASSESSED
    for name, case in cases.items():
        points = None if is_missing(row["points"]) else case.get(row["unit"]) or (row["points"], row["full"])
        placed = _place_anew(row, points, ordered, scheme) if is_assessed else (None, None)
        said |= {f"points_if_{name}": points and points[0], f"grade_if_{name}": say_grade(*placed)}
    return said


def _find_next(row, ids, steps, ordered, scheme):
    """The fewest of the tickets, in their order, that bring a better grade or rank.

    With the others fixed, more points never stand lower: only an answer that reaches more points than all
    before it can be the first to do it, and among those it is searched for by halves.
    """
    missing = {"next_grade": None, "next_points": None, "needed": None, "tickets": []}
    if not ids or row["state"] != ASSESSED or scheme.presentation.kind == "none":
        return missing
    best, records = compare_by(row["points"], row["full"], scheme), []
    today = _height(grade_and_rank(best, ordered, scheme), scheme)
    for number, points in enumerate(steps):
        if (reached := compare_by(*points, scheme)) > best:
            best, records = reached, [*records, number]
    placed = [_place_anew(row, steps[number], ordered, scheme) for number in records]
    found = bisect_left(placed, True, key=lambda one: _height(one, scheme) < today)
    if found == len(records):
        return missing
    needed = records[found] + 1
    return {
        "next_grade": say_grade(*placed[found]),
        "next_points": steps[needed - 1][0],
        "needed": needed,
        "tickets": ids[:needed],
    }
