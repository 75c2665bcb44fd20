"""Scorecard × scheme → points: every point gained or lost, with the arithmetic as one would write it by hand.

All arithmetic is decimal and exact: a rate is taken from its two counts, rounded half up to so many
decimals of a percent as the scheme says, and so are the points. No binary fraction comes into it.
"""

from decimal import Decimal
from fractions import Fraction

import pandas as pd

from toolkit import schema
from toolkit.assessing.scheme import read_scheme
from toolkit.assessing.spread import spread
from toolkit.rounding import count_text, decimal_text, is_missing, round_half_up
from toolkit.scoring import catalogue

ITEMS = [
    "unit",
    "group",
    "item",
    "metric",
    "numerator",
    "denominator",
    "rate",
    "percent",
    "missed",
    "better",
    "full",
    "points",
    "lost",
    "how",
    "definition",
]
NO_GROUP = "（未分类）"
LACKING = "导出表缺少所需的列，{metric}未计算"
NO_TICKETS = "{metric}无相应工单"


def apply_scheme(scorecard, scheme, groups):
    """Give every unit its points item by item, each with the arithmetic that leads to them.

    scorecard: from `score`. groups: unit → unit_group; a unit named there that has no ticket is listed too.
    One row per unit and item, and per bonus. `percent` is the rate as the scheme rounds it, `missed` the
    number of tickets that cost points (missing for counts and weighted rates), `better` whether a high or a
    low rate is good, `lost` = `full` - `points`, never below zero. `percent`, `full`, `points`, `lost` are
    Decimals. An item without a ticket has none of
    them unless the scheme counts it as full; `how` says so. The share of an item in its group has the unit's
    count as numerator and the group's as denominator. Raises SchemeError for a scheme that cannot be used.
    """
    scheme = read_scheme(scheme)
    rows = scorecard[scorecard["unit"].ne(schema.COUNTY)]
    counts = _list_counts(rows, scheme)
    named = scorecard.drop_duplicates("metric", keep="last")
    definitions = dict(zip(named["metric"], named["definition"], strict=True))
    groups = _group_units(groups, rows["unit"].unique())
    totals = _count_groups(counts, groups, scheme)
    found = [
        row
        for unit in _in_order(groups, scheme)
        for row in _score_unit(unit, groups[unit], counts, totals, scheme, set(definitions))
    ]
    items = pd.DataFrame(found, columns=ITEMS)
    meant = items["metric"].map(lambda name: definitions.get(name) or _define(name))
    return items.assign(definition=meant.astype("str")).astype(
        {"numerator": "Float64", "denominator": "Int64", "missed": "Int64", "rate": "float64"}
    )


def _list_counts(rows, scheme):
    """(unit, metric) → numerator and denominator, of what the scheme asks for."""
    asked = [entry.metric for entry in (*scheme.items, *scheme.bonuses)]
    asked += [bonus.volume for bonus in scheme.bonuses]
    own = rows[rows["metric"].isin(asked)]
    unit, metric, *sides = (own[name].tolist() for name in ("unit", "metric", "numerator", "denominator"))
    return dict(zip(zip(unit, metric, strict=True), zip(*sides, strict=True), strict=True))


def _group_units(groups, units):
    known = {unit: group for unit, group in dict(groups).items() if isinstance(group, str) and group}
    return {unit: known.get(unit, NO_GROUP) for unit in dict.fromkeys([*units, *dict(groups)])}


def _in_order(groups, scheme):
    """Units group by group as the scheme lists the groups, by name within."""
    place = {group: n for n, group in enumerate(scheme.groups)}
    return sorted(groups, key=lambda unit: (place.get(groups[unit], len(place)), groups[unit], unit))


def _count_groups(counts, groups, scheme):
    """(group, metric) → the group's count; all units are one group where the scheme does not part them."""
    shared = {item.metric for item in scheme.items if item.scoring == "share_in_group"}
    totals = {}
    for (unit, metric), (count, _) in counts.items():
        if metric in shared:
            key = groups[unit] if scheme.groups_apart else "", metric
            totals[key] = totals.get(key, 0) + count
    return totals


def _define(name):
    return catalogue.define(catalogue.BY_NAME[name], "replied_at")


def _score_unit(unit, group, counts, totals, scheme, computed):
    about = {"unit": unit, "group": group}
    rows = []
    for item in scheme.items:
        count, among = counts.get((unit, item.metric), (None, None))
        if item.scoring == "share_in_group":
            among = totals.get((group if scheme.groups_apart else "", item.metric))
        row = about | _measure(item, count, among, scheme)
        rows.append(row | _score_item(item, row, scheme, item.metric in computed))
    rows = spread(rows, scheme) if scheme.no_tickets == "spread" else rows
    rows += [about | _score_bonus(bonus, unit, counts, scheme) for bonus in scheme.bonuses]
    return [row | {"lost": _lost(row)} for row in rows]


def _lost(row):
    return None if row["points"] is None else max(row["full"] - row["points"], Decimal(0))


def _measure(entry, count, among, scheme):
    """The two counts, the rate from them, and how many tickets cost points."""
    row = {"item": entry.name, "metric": entry.metric, "numerator": count, "denominator": among}
    better = getattr(entry, "better", "higher")
    row |= {"better": better, "rate": None, "percent": None, "missed": None}
    if not is_missing(count) and not is_missing(among) and among > 0:
        # A weighted numerator comes in hundredths of a ticket, exact once it is counted in them.
        share = Fraction(round(float(count) * 100), 100) / int(among)
        row |= {"rate": float(share), "percent": round_half_up(share * 100, scheme.rate_decimals)}
        metric = catalogue.BY_NAME[entry.metric]
        if not metric.is_count and not metric.weighted:
            row["missed"] = int(among - count if better == "higher" else count)
    return row


# --- one item --------------------------------------------------------------------------------------


def _score_item(item, row, scheme, is_computed):
    if row["percent"] is None:
        return _score_nothing(item, scheme, NO_TICKETS if is_computed else LACKING)
    target = item.target_for(row["unit"], row["group"])
    exact, arithmetic = {
        "deduct": _deduct,
        "proportional": _proportional,
        "share_in_group": _proportional,
    }[item.scoring](item, row["percent"], target)
    points = round_half_up(min(max(exact, item.floor), item.most), scheme.points_decimals)
    among = row["group"] if scheme.groups_apart else schema.COUNTY
    said = [_say_counts(item, row, among), *arithmetic, _say_points(item, exact, points)]
    return {"full": item.weight, "points": points, "how": "，".join(filter(None, said))}


def _score_nothing(item, scheme, why):
    is_full = scheme.no_tickets == "full"
    full = item.weight if is_full else None
    then = {
        "spread": f"本项不计，满分{decimal_text(item.weight)}分分摊到其余各项",
        "full": f"按满分{decimal_text(item.weight)}分计",
        "not_scored": "本项不计分",
    }[scheme.no_tickets]
    return {"full": full, "points": full, "how": f"{why.format(metric=item.metric)}，{then}"}


def _deduct(item, percent, target):
    """Points before floor and cap, and the steps to them."""
    gap = target - percent if item.better == "higher" else percent - target
    worse, best = ("低", "高") if item.better == "higher" else ("高", "低")
    if gap > 0:
        off = gap * item.per_point
        said = f"比目标{decimal_text(target)}%{worse}{decimal_text(gap)}个百分点，"
        said += f"每{worse}1个百分点扣{decimal_text(item.per_point)}分"
        return item.weight - off, [said, f"扣{decimal_text(off)}分"]
    if gap < 0 and item.gain:
        more = -gap * item.gain
        said = f"比目标{decimal_text(target)}%{best}{decimal_text(-gap)}个百分点，"
        said += f"每{best}1个百分点加{decimal_text(item.gain)}分"
        return item.weight + more, [said, f"加{decimal_text(more)}分"]
    return item.weight, [f"达到目标{decimal_text(target)}%"]


def _proportional(item, percent, _):
    share = percent if item.better == "higher" else 100 - percent
    said = f"{decimal_text(percent)}%" if item.better == "higher" else f"（100%−{decimal_text(percent)}%）"
    return item.weight * share / 100, [f"{decimal_text(item.weight)}分×{said}"]


def _say_counts(item, row, group):
    percent, among = f"{decimal_text(row['percent'])}%", count_text(row["denominator"])
    count = count_text(row["numerator"])
    if item.scoring == "share_in_group":
        return f"{item.metric}{count}件，占{group}{among}件的{percent}"
    missed = f"{among}件工单中{row['missed']}件{item.missed}，" if item.missed and row["missed"] else ""
    return f"{missed}{item.metric}{percent}（{count}/{among}）"


def _say_points(item, exact, points):
    full = f"（满分{decimal_text(item.weight)}分）"
    if exact < 0 and not item.floor:
        return f"扣完为止，得0分{full}"
    if exact < item.floor:
        return f"低于保底分，按保底{decimal_text(points)}分计{full}"
    if exact > item.most:
        return f"超过上限，按上限{decimal_text(points)}分计{full}"
    return f"得满分{decimal_text(points)}分" if points == item.weight else f"得{decimal_text(points)}分{full}"


# --- a bonus ---------------------------------------------------------------------------------------


def _score_bonus(bonus, unit, counts, scheme):
    """The points a unit's volume earns at its rate; a bonus has no full points and costs nothing."""
    row = _measure(bonus, *counts.get((unit, bonus.metric), (None, None)), scheme)
    volume = int(counts.get((unit, bonus.volume), (0, None))[0])
    said, points = f"{bonus.volume}{volume}件", Decimal(0)
    reached = [s for s in bonus.steps if row["percent"] is not None and row["percent"] >= s.rate]
    if volume < bonus.from_tickets:
        said += f"，不足{bonus.from_tickets}件，不加分"
    elif not reached:
        rate = "无相应工单" if row["percent"] is None else f"{decimal_text(row['percent'])}%"
        lowest = min(step.rate for step in bonus.steps)
        said += f"，{bonus.metric}{rate}，未达到{decimal_text(lowest)}%，不加分"
    else:
        step = max(reached, key=lambda s: s.rate)
        times = volume // bonus.per_tickets
        points = round_half_up(min(step.points * times, bonus.cap), scheme.points_decimals)
        rate = f"{decimal_text(row['percent'])}%（{count_text(row['numerator'])}/{count_text(row['denominator'])}）"
        said += f"，{bonus.metric}{rate}，达到{decimal_text(step.rate)}%"
        said += f"，每满{bonus.per_tickets}件加{decimal_text(step.points)}分"
        said += f"，计{times}次，加{decimal_text(points)}分（上限{decimal_text(bonus.cap)}分）"
    return row | {"full": Decimal(0), "points": points, "how": said}
