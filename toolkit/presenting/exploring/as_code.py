"""What was chosen by clicking, as the pandas lines that give the same tickets.

The lines are code, whatever the values hold: every value and every column's name stands in them as `repr` writes it.
"""

from toolkit import schema
from toolkit.presenting.listing import LISTS, ORDERS

LISTED = [*LISTS, "passed"]  # columns of which a ticket has several values, or none
SEARCHED = ["ticket_id", "unit", "title", "category", "content", "reply", "address"]  # as in drill/engine.js
MINUTES = "%Y-%m-%d %H:%M"
TABLE = "describe_explored"  # of exploring/columns.py: the explorer's whole table


def write_code(where, search="", sort="", down=False):
    """The pandas lines that take `report` and give `chosen`: its tickets that meet a condition, in the order shown.

    where: column → the values one of which a ticket has, None for a missing one, as figures and the explorer write
    it. search: words that one of the texts holds. sort: a column; down: from its last value to its first.
    """
    lines = [f"from toolkit.presenting.exploring.columns import {TABLE}", "", f"chosen = {TABLE}(report)"]
    lines += [f"chosen = chosen[{_write_met(name, list(wanted))}]" for name, wanted in where.items()]
    if search.strip():
        lines += _write_search(search.strip().lower())
    if sort and sort not in LISTED:
        lines.append(f"chosen = chosen.sort_values({_write_order(sort, down)})")
    return "\n".join([*lines, "chosen"])


def _write_met(name, wanted):
    """The tickets whose column holds one of the values."""
    column, values = f"chosen[{name!r}]", [value for value in wanted if value is not None]
    if name in LISTED:
        return f"{column}.explode().isin({values!r}).groupby(level=0).any()"
    read = f"{column}.dt.strftime({MINUTES!r})" if _is_time(name) else column
    met = f"{read}.isin({values!r})"
    return f"{met} | {column}.isna()" if None in wanted else met


def _write_search(words):
    """The texts stand with the tickets, not all of them in the explorer's table."""
    held = f'own.astype("str").str.lower().str.contains({words!r}, regex=False, na=False)'
    return [
        f"texts = report.tickets.filter(items={SEARCHED!r})",
        f"holds = texts.apply(lambda own: {held}).any(axis=1)",
        "chosen = chosen[chosen['ticket_id'].isin(texts[holds]['ticket_id'])]",
    ]


def _write_order(name, down):
    """By the values' own order, equals as they stood, the missing last; times by the minute, words of an order by it."""
    asked = [repr(name), *(["ascending=False"] if down else []), 'kind="stable"']
    if _is_time(name):
        asked.append('key=lambda own: own.dt.floor("min")')
    elif name in ORDERS:
        ranks = {word: rank for rank, word in enumerate(ORDERS[name])}
        asked.append(f"key=lambda own: own.map({ranks!r})")
    return ", ".join(asked)


def _is_time(name):
    return name in schema.BY_NAME and schema.BY_NAME[name].kind == "time"
