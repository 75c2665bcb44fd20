"""Units under the name that counts, co-units apart, and their group."""

import re
import unicodedata

import pandas as pd

from toolkit import schema
from toolkit.loading.rows import tell_distinct


def name_units(typed, settings):
    """Units under the name that counts, co-units apart, and their group where the export has none.

    Of several units in one cell the one marked 主办 is the unit, else the first; the rest are co-units.
    """
    if "unit" not in typed:
        return typed
    ends = tuple(end for group in settings.unit_groups.values() for end in group)
    cells = typed["unit"].dropna().value_counts(sort=False)
    aliases = {tidy_name(name): unit for name, unit in _keep_county_apart(settings.unit_aliases).items()}
    split = {cell: split_units(cell, aliases, ends) for cell in cells.index}
    frequent = cells.sort_values(ascending=False, kind="stable").index
    one = _unify([unit for cell in frequent for unit in split[cell]], settings.units)
    known = {cell: [one[unit] for unit in units] for cell, units in split.items()}
    unit = tell_distinct(typed["unit"], lambda cell: known[cell][0])
    group = tell_distinct(unit, lambda name: _group_of(name, settings.unit_groups))
    given = typed["unit_group"] if "unit_group" in typed else pd.Series(None, index=typed.index, dtype="str")
    named = typed["co_units"] if "co_units" in typed else pd.Series(None, index=typed.index, dtype="str")
    co_units = _join_pairs(
        typed["unit"],
        named,
        lambda cell, others: _join_units(known.get(cell, [])[1:], others, aliases, ends, one),
    )
    return typed.assign(unit=unit, unit_group=given.fillna(group), co_units=co_units)


def _join_pairs(cells, others, join):
    """What is joined of each cell and the other beside it; equal pairs are joined once."""
    (firsts, first_cells), (seconds, second_cells) = pd.factorize(cells), pd.factorize(others)
    first_cells, second_cells = [*first_cells, None], [*second_cells, None]  # a missing one has the place -1
    pairs, distinct = pd.factorize((firsts + 1) * len(second_cells) + seconds + 1)
    places = [divmod(pair, len(second_cells)) for pair in distinct.tolist()]
    joined = [join(first_cells[first - 1], second_cells[second - 1]) for first, second in places]
    return pd.Series(pd.array(joined, dtype="str").take(pairs), cells.index)


def _unify(units, roster):
    """Name → the spelling that stands for it: of those alike but for full and half width the first given.

    The roster's own come first, then the export's, most frequent first.
    """
    first = {}
    for unit in [*roster, *units]:
        first.setdefault(unicodedata.normalize("NFKC", unit), unit)
    return {unit: first[unicodedata.normalize("NFKC", unit)] for unit in units}


def tidy_name(name):
    """A name without white space beside Chinese characters, letters and digits half-width, words one space apart."""
    half = "".join(unicodedata.normalize("NFKC", c) if "！" <= c <= "～" and c.isalnum() else c for c in name)
    return re.sub(rf"\s+(?={WIDE})|(?<={WIDE})\s+", "", re.sub(r"\s+", " ", half).strip())


WIDE = r"[^\x00-\u02af]"  # a character of a script that sets no spaces between words, or its punctuation


def _keep_county_apart(aliases):
    """The names of units, none of which is that of the county's own rows: its figures would be mixed with them."""
    named = {name: schema.COUNTY_AS_UNIT if unit == schema.COUNTY else unit for name, unit in aliases.items()}
    return {schema.COUNTY: schema.COUNTY_AS_UNIT} | named


HARD, SOFT = r"[；;|]+", r"[、，,\n/]+"  # soft ones also stand inside a name, or are a stray line break
ROLE = re.compile(
    r"[（(]?(主办|牵头|协办|配合|会办)(?:单位)?[）):：]|[（(](主办|牵头|协办|配合|会办)(?:单位)?[）)]?"
)


def split_units(cell, aliases, ends):
    """The units of a cell, the leading one first: the one marked 主办, else the first.

    ends: how names of units end; only where every part ends so is a comma or line break a separator.
    """
    parts = [part for whole in re.split(HARD, cell) for part in _split_softly(whole, ends) if part.strip()]
    marked = [
        ("".join(filter(None, role.groups())) if (role := ROLE.search(part)) else "", part) for part in parts
    ]
    marked.sort(key=lambda pair: pair[0] not in ("主办", "牵头"))
    units = [tidy_name(ROLE.sub("", part)) for _, part in marked]
    return list(dict.fromkeys(aliases.get(unit, unit) for unit in units if unit)) or [cell]


def _split_softly(text, ends):
    parts = re.split(SOFT, text)
    named = [tidy_name(ROLE.sub("", part)) for part in parts]
    return parts if all(name.endswith(ends) for name in named if name) else [text]


def _join_units(also, named, aliases, ends, one):
    """Co-units from both places, joined by ；, each once."""
    units = list(also)
    if isinstance(named, str):
        units += [one.get(unit, unit) for unit in split_units(named, aliases, ends)]
    return "；".join(dict.fromkeys(units)) or None


def _group_of(unit, groups):
    return next((group for group, ends in groups.items() if unit.endswith(tuple(ends))), None)
