"""What was chosen by clicking, as the pandas lines that give the same tickets.

The lines are code, whatever the values hold: every value and every column's name stands in them as `repr` writes it.
"""

from toolkit import schema
from toolkit.presenting.listing import LISTS, ORDERS

LISTED = [*LISTS, "passed"]  # columns of which a ticket has several values, or none
SEARCHED = ["ticket_id", "unit", "title", "category", "content", "reply", "address"]  # as in drill/engine.js
MINUTES = "%Y-%m-%d %H:%M"
TABLE, PAIRS = (
    "describe_watched",
    "list_explored",
)  # of exploring/columns.py: the explorer's table, and its lists


def write_code(where, search="", sort="", down=False):
    """The pandas lines that take `report` and give `chosen`: its tickets that meet a condition, in the order shown.

    where: column → the values one of which a ticket has, None for a missing one, as figures and the explorer write
    it. search: words that one of the texts holds. sort: a column; down: from its last value to its first.
    """
    has_lists = any(name in LISTED for name in where)
    lines = [_write_import([TABLE, *([PAIRS] if has_lists else [])]), "", f"chosen = {TABLE}(report)"]
    lines += [f"lists = {PAIRS}(report)"] if has_lists else []
    for name, wanted in where.items():
        lines += _write_met(name, list(wanted))
    if search.strip():
        lines += _write_search(search.strip().lower())
    if sort and sort not in LISTED:
        lines.append(f"chosen = chosen.sort_values({_write_order(sort, down)})")
    return "\n".join([*lines, "chosen"])


def _write_import(names):
    return f"from toolkit.presenting.exploring.columns import {', '.join(sorted(names))}"


def _write_met(name, wanted):
    """The tickets whose column holds one of the values."""
    values = [value for value in wanted if value is not None]
    if name in LISTED:
        return [
            f"held = lists[{name!r}][lists[{name!r}]['value'].isin({values!r})]",
            "chosen = chosen[chosen['ticket_id'].isin(held['ticket_id'])]",
        ]
    column = f"chosen[{name!r}]"
    read = f"{column}.dt.strftime({MINUTES!r})" if _is_time(name) else column
    met = f"{read}.isin({values!r})"
    return [f"chosen = chosen[{met} | {column}.isna()]" if None in wanted else f"chosen = chosen[{met}]"]


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
