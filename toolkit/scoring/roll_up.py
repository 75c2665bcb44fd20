"""Villages, units and the county summed level by level."""

import pandas as pd

from toolkit import schema
from toolkit.scoring.tally import sum_tallies


def roll_up(tallies, roster=None):
    """村（社区）、单位、全县逐级汇总：件数逐级相加，比率用相加后的件数重算，不取平均。

    tallies: `tally(tickets, as_of, by=["unit", "sub_unit"])`; a ticket without sub_unit counts in its unit and
    the county alone. roster: adds the levels above a unit that its 上级单位 names. Gives the tallies by depth (0
    the county, 1 its units, 2 what is below them …), unit and parent; `rates` and `times` take them.
    """
    places = tallies[["unit", "sub_unit"]].drop_duplicates()
    above = {} if roster is None else dict(roster.dropna(subset=["parent"])[["unit", "parent"]].values)
    nodes = [
        (unit, sub_unit, depth, *node)
        for unit, sub_unit in places.itertuples(index=False)
        for depth, node in enumerate(_list_levels(unit, sub_unit, above))
    ]
    texts = ["at", "sub_unit", "unit", "parent"]
    tree = pd.DataFrame(nodes, columns=["at", "sub_unit", "depth", "unit", "parent"])
    tree = tree.astype(dict.fromkeys(texts, "str") | {"depth": "int64"})
    placed = tallies.rename(columns={"unit": "at"}).astype({"sub_unit": "str"})
    return sum_tallies(placed.merge(tree, on=["at", "sub_unit"]), ["depth", "unit", "parent"])


def _list_levels(unit, sub_unit, above):
    """The nodes a place counts in, from the county down: each with the one above it."""
    path = [unit]
    while path[0] in above:
        path.insert(0, above[path[0]])
    if isinstance(sub_unit, str):
        path.append(sub_unit)
    return zip([schema.COUNTY, *path], [None, schema.COUNTY, *path], strict=False)
