"""Points → how each unit stands: assessed or not and why, its grade or rank within its group; and every point explained."""

from bisect import bisect_left, bisect_right
from fractions import Fraction

import pandas as pd

from toolkit import schema
from toolkit.assessing.scheme import read_scheme
from toolkit.rounding import decimal_text, is_missing, round_half_up

STANDINGS = ["unit", "group", "points", "full", "tickets", "state", "reason", "grade", "rank", "named"]
READ = ["unit", "group", "item", "metric", "percent", "better", "full", "points"]  # of the items
ASSESSED, TOO_FEW, TOO_LITTLE, NOT_ASSESSED = "参评", "件数不足", "项目不足", "不参评"


def stand(items, scheme, scorecard):
    """Say how each unit stands: its points, whether it is assessed, and its grade or rank within its group.

    items: from `apply_scheme`. `state` is 参评, 件数不足 or 项目不足 (points, but neither grade nor rank: too few
    tickets, or items without data weigh more than the scheme's `least_evaluable` leaves) or 不参评 (no points
    either); `reason` says why. `grade` is a grade, the name of a board, or missing; `rank` is missing
    where the scheme gives none, and equal points share it (1, 1, 3). `named` lists the rates beyond the
    scheme's limit for naming. Units without a ticket, on the scheme's list, or without a name are not assessed.
    """
    scheme = read_scheme(scheme)
    volume = scorecard[scorecard["metric"].eq(scheme.volume)].set_index("unit")["numerator"].to_dict()
    by_unit = {}
    for item in items[READ].to_dict("records"):
        by_unit.setdefault(item["unit"], []).append(item)
    rows = [_stand_alone(unit, own, int(volume.get(unit, 0)), scheme) for unit, own in by_unit.items()]
    standings = pd.DataFrame(rows, columns=STANDINGS)
    for group in standings["group"].unique() if scheme.groups_apart else [None]:
        among = standings["state"].eq(ASSESSED) & (standings["group"].eq(group) | (group is None))
        placed = _place(standings[among], scheme)
        standings = standings.assign(**{c: standings[c].where(~among, placed[c]) for c in ("grade", "rank")})
    return standings.astype({"tickets": "Int64", "rank": "Int64", "grade": "str", "named": "str"})


def _stand_alone(unit, items, tickets, scheme):
    group = items[0]["group"]
    state, reason = _find_state(unit, group, items, tickets, scheme)
    row = {"unit": unit, "group": group, "tickets": tickets, "state": state, "reason": reason}
    if state == NOT_ASSESSED:
        return row | {"points": None, "full": None, "named": ""}
    scored = [item for item in items if not is_missing(item["points"])]
    points, full = (sum(item[column] for item in scored) for column in ("points", "full"))
    return row | {"points": points, "full": full, "named": _name_rates(items, scheme)}


def _find_state(unit, group, items, tickets, scheme):
    listed = {entry.unit: entry.reason for entry in scheme.not_assessed}
    if unit in listed:
        return NOT_ASSESSED, listed[unit]
    if unit == schema.NO_UNIT:
        return NOT_ASSESSED, "工单未填承办单位"
    if not tickets:
        return NOT_ASSESSED, "本期无工单"
    # Neither a share of the volume nor full points for nothing say how tickets were handled.
    shares = [item.name for item in scheme.items if item.scoring == "share_in_group"]
    judged = [item for item in items if item["item"] not in shares] or items
    if all(is_missing(item["percent"]) for item in judged):
        return NOT_ASSESSED, "各项均无相应工单"
    named = {item.name: item.weight for item in scheme.items}
    scored = [item["item"] for item in items if item["item"] in named and not is_missing(item["percent"])]
    if not scheme.is_evaluable(sum(named[name] for name in scored)):
        return TOO_LITTLE, _say_little(named, scored, scheme)
    least = scheme.min_tickets_for(group)
    return (TOO_FEW, f"{tickets}件，不足{least}件") if tickets < least else (ASSESSED, "")


def _say_little(named, scored, scheme):
    """有数据的只有及时签收（10分），不足总分100分的80%，只列各项得分，不定等次."""
    said = "、".join(f"{name}（{decimal_text(named[name])}分）" for name in scored)
    least = decimal_text(scheme.least_evaluable)
    return f"有数据的只有{said}，不足总分{decimal_text(scheme.full)}分的{least}%，只列各项得分"


def _name_rates(items, scheme):
    limits = {item.name: item.named_beyond for item in scheme.items if item.named_beyond is not None}
    said = []
    for item in items:
        limit, percent = limits.get(item["item"]), item["percent"]
        if limit is None or is_missing(percent):
            continue
        beyond = percent < limit if item["better"] == "higher" else percent > limit
        word = "低于" if item["better"] == "higher" else "高于"
        said += [f"{item['metric']}{decimal_text(percent)}%，{word}{decimal_text(limit)}%"] if beyond else []
    return "；".join(said)


# --- among each other ------------------------------------------------------------------------------


def _place(standings, scheme):
    """Grade and rank of units that are compared with one another."""
    reached = [
        compare_by(points, full, scheme)
        for points, full in zip(standings["points"], standings["full"], strict=True)
    ]
    ordered = sorted(reached)
    placed = [grade_and_rank(own, ordered, scheme) for own in reached]
    return pd.DataFrame(placed, columns=["grade", "rank"], index=standings.index, dtype="object")


def compare_by(points, full, scheme):
    """A unit's points as they are compared: one with an item not scored has fewer full points to make them of."""
    return Fraction(points) * Fraction(scheme.full) / Fraction(full)


def grade_and_rank(own, ordered, scheme):
    """Grade and rank, as the scheme gives them, of one of the units compared; `ordered` are all of them, lowest first."""
    shown = scheme.presentation
    rank, from_last = 1 + len(ordered) - bisect_right(ordered, own), 1 + bisect_left(ordered, own)
    if shown.kind == "grades":
        return _grade(shown.grades, own, rank, len(ordered)), None
    if shown.kind == "board":
        return _board(shown, rank, from_last), None
    is_shown = shown.kind == "ranks" or (shown.kind == "top" and rank <= shown.top)
    return None, rank if is_shown else None


def _grade(grades, points, rank, size):
    """The first grade reached; equal points have equal ranks, and so the same grade."""
    for grade in grades:
        if grade.at_least is not None and points >= Fraction(grade.at_least):
            return grade.grade
        if grade.best_percent is not None and rank <= round_half_up(
            Fraction(grade.best_percent) * size / 100, 0
        ):
            return grade.grade
    raise AssertionError("the last grade takes the rest")


def _board(shown, first, last):
    if first <= shown.top:
        return shown.top_name
    return shown.bottom_name if last <= shown.bottom else None
