"""What a report says beyond its counts: points, movement, stages, fair comparison, what to do next.

Each frame is made once for the whole county (`prepare` keeps them); a unit's report reads its own rows.
All hold counts and no ticket, but `prospects`, which names the tickets of its unit.
"""

import pandas as pd

from toolkit.annual import next_targets, score_year, stand_by_month
from toolkit.fair import adjust_case_mix, rank_certainty
from toolkit.metrics import BY_NAME
from toolkit.movement import CONTRIBUTIONS, contributions
from toolkit.points import apply_scheme
from toolkit.scheme import read_scheme
from toolkit.score import score
from toolkit.standings import stand
from toolkit.what_if import what_if

DRAWS, SEED = 2_000, 12345  # of the likely ranks: the same seed gives the same table
MOVERS = ["report", "category_top"]
MOVED = ["受理件数", "按期回复率（÷受理）", "满意率（÷评价）"]


def assess_units(now, members, scorecard, scheme, as_of):
    """Every unit by the scheme: its points, how sure they are, and what would change them.

    now: the period's clocked tickets; members and scorecard: theirs, unit by unit. Gives frames by name:
    items (`apply_scheme`), standings (`stand`), years (`score_year`; empty within a month, or where the scheme
    says nothing of a year), targets (`next_targets`), prospects (`what_if`), ranks (`rank_certainty`) and mix
    (`adjust_case_mix`) of every rate the scheme scores.
    """
    scheme = read_scheme(scheme)
    groups = now.groupby("report")["unit_group"].first()
    items = apply_scheme(scorecard, scheme, groups)
    rates = [name for name in list_rates(scheme) if name in members]
    lower = {item.metric for item in scheme.items if item.better == "lower"}
    ranked = [
        rank_certainty(scorecard, name, DRAWS, SEED, groups, lowest_first=name in lower) for name in rates
    ]
    mixes = [adjust_case_mix(now, members, name) for name in rates]
    return {
        "items": items,
        "standings": stand(items, scheme, scorecard),
        "years": _score_year(now, scheme, as_of),
        "targets": next_targets(scorecard, groups, scheme),
        "prospects": what_if(now, scheme, as_of),
        "ranks": _join(ranked),
        "mix": _join(mixes),
    }


def _join(parts):
    empty = pd.DataFrame({"unit": [], "metric": []}, dtype="str")
    return pd.concat(parts, ignore_index=True) if parts else empty


def list_rates(scheme):
    """The rates a scheme scores, the one with the most points first."""
    items = sorted(read_scheme(scheme).items, key=lambda item: -item.weight)
    return [name for name in dict.fromkeys(item.metric for item in items) if not BY_NAME[name].is_count]


def _score_year(now, scheme, as_of):
    months = now["received_at"].dt.to_period("M").nunique()
    if scheme.annual is None or months < 2:
        return _join([])
    return score_year(stand_by_month(now, scheme, as_of), scheme)


def find_contributions(now, as_of, earlier):
    """Who moved the county, and by how much, in the metrics of `MOVED`.

    now: the period's clocked tickets; earlier: pairs of a span and its tickets, clocked as they stood then.
    Gives `contributions` of every report and every category (`column` says which of the two) to the county's
    change in each `metric`, against each span.
    """
    parts = []
    for column in MOVERS:
        own = score(now, as_of, column)
        for span, before in earlier:
            then = score(before, span.as_of, column)
            parts += [
                contributions(own, then, name).assign(metric=name, column=column, against=span.against)
                for name in MOVED
                if name in set(own["metric"]) & set(then["metric"])
            ]
    empty = pd.DataFrame(columns=[*CONTRIBUTIONS, "metric", "column", "against"]).astype({"unit": "str"})
    return pd.concat(parts, ignore_index=True) if parts else empty
