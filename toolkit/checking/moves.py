"""Two sets of figures side by side: which are no longer the same, and which tickets make each difference."""

import pandas as pd

from toolkit.checking.figures import TABLES, Figure
from toolkit.schema import COUNTY

CHANGED = ["table", "unit", "figure", "before", "after", "moved"]
MOVED = ["table", "unit", "figure", "ticket_id", "was", "now"]
ABSENT = "无"
OUT = "不计"
WORDS = {1: "计入分子", 0: "只计分母"}
SHOWN = 5  # tickets named in a sentence; the others are in the table of tickets


def compare_figures(before, after):
    """What differs between two dicts of figures: frames `changed` (a figure a row) and `moved` (a ticket of a figure a row).

    A figure whose words are the same is there too where other tickets make it up. was, now: 计入分子, 只计分母, 不计, a weight,
    or a finding's severity.
    """
    changed, moved = [], []
    nothing = Figure(ABSENT, {})
    for name in sorted({**before, **after}, key=_order):
        old, new = before.get(name, nothing), after.get(name, nothing)
        tickets = _find_moved(old.tickets, new.tickets)
        if old.said != new.said or tickets:
            changed.append([*name, old.said, new.said, len(tickets)])
            moved += [[*name, *ticket] for ticket in tickets]
    typed = {"moved": "int64"}
    return pd.DataFrame(changed, columns=CHANGED).astype(typed), pd.DataFrame(
        moved, columns=MOVED, dtype="str"
    )


def _order(name):
    """Tables in their order, the county before its units."""
    table, unit, figure = name
    return TABLES.index(table), unit != COUNTY, unit, figure


def _find_moved(old, new):
    """Tickets that are something else than they were: number, what it was, what it is."""
    numbers = sorted(number for number in {**old, **new} if old.get(number) != new.get(number))
    return [(number, say_mark(old.get(number)), say_mark(new.get(number))) for number in numbers]


def say_mark(mark):
    """What a ticket is in a figure, in a word."""
    if mark is None:
        return OUT
    return mark if isinstance(mark, str) else WORDS.get(mark, f"折合{mark / 100:g}件")


def say_change(row, numbers):
    """单位表，城关镇，按期回复率：91.6%（456/500） → 91.2%（456/502），2件不同：GD1、GD2."""
    said = f"{row['table']}，{row['unit']}，{row['figure']}：{row['before']} → {row['after']}"
    if not len(numbers):
        return said
    more = f"等{len(numbers)}件" if len(numbers) > SHOWN else ""
    return f"{said}，{len(numbers)}件不同：{'、'.join(numbers[:SHOWN])}{more}"


def say_changes(changed, moved):
    """A sentence for every figure that changed, with the tickets that made the change."""
    numbers = moved.groupby(["table", "unit", "figure"])["ticket_id"].agg(list).to_dict()
    keys = zip(changed["table"], changed["unit"], changed["figure"], strict=True)
    rows = zip(changed.to_dict("records"), keys, strict=True)
    return [say_change(row, numbers.get(key, [])) for row, key in rows]
