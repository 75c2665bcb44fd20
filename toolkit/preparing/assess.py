"""What a report says beyond its counts: points, movement, stages, fair comparison, what to do next.

Each frame is made once for the whole county (`prepare` keeps them); a unit's report reads its own rows.
All hold counts and no ticket, but `prospects`, which names the tickets of its unit.
"""

import pandas as pd

from toolkit.assessing.points import apply_scheme
from toolkit.assessing.scheme import read_scheme
from toolkit.assessing.standings import stand
from toolkit.assessing.targets import next_targets
from toolkit.assessing.what_if import find_prospects
from toolkit.assessing.year import score_year, stand_by_month
from toolkit.comparing.contributions import CONTRIBUTIONS, contributions
from toolkit.comparing.fairness import adjust_case_mix, rank_certainty
from toolkit.scoring.catalogue import BY_NAME
from toolkit.scoring.score import score

DRAWS, SEED = 2_000, 12345  # of the likely ranks: the same seed gives the same table
MOVED = ["受理件数", "按期回复率（÷受理）", "满意率（÷评价）"]


def assess_units(now, marks, scorecard, scheme):
    """Every unit by the scheme: its points, how sure they are, and what would change them.

    now: the period's clocked tickets; marks and scorecard: theirs, unit by unit. Gives frames by name:
    items (`apply_scheme`), standings (`stand`), years (`score_year`; empty within a month, or where the scheme
    says nothing of a year), targets (`next_targets`), prospects (`what_if`), ranks (`rank_certainty`) and mix
    (`adjust_case_mix`) of every rate the scheme scores.
    """
    scheme = read_scheme(scheme)
    groups = now.groupby("report")["unit_group"].first()
    items = apply_scheme(scorecard, scheme, groups)
    standings = stand(items, scheme, scorecard)
    rates = [name for name in list_rates(scheme) if name in marks]
    lower = {item.metric for item in scheme.items if item.better == "lower"}
    ranked = [
        rank_certainty(scorecard, name, DRAWS, SEED, groups, lowest_first=name in lower) for name in rates
    ]
    mixes = [adjust_case_mix(now, marks, name) for name in rates]
    return {
        "items": items,
        "standings": standings,
        "years": _score_year(now, scheme),
        "targets": next_targets(scorecard, groups, scheme),
        "prospects": find_prospects(now, scheme, scorecard, standings),
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


def _score_year(now, scheme):
    months = now["received_at"].dt.to_period("M").nunique()
    if scheme.annual is None or months < 2:
        return _join([])
    return score_year(stand_by_month(now, scheme), scheme)


def find_contributions(now, scorecard, earlier):
    """Who moved the county, and by how much, in the metrics of `MOVED`.

    now: the period's clocked tickets, scorecard: theirs by report; earlier: a span, its tickets, clocked as they
    stood then, and their scorecard by report, for each. Gives `contributions` of every report and every
    category (`column` says which of the two) to the county's change in each `metric`, against each span.
    """
    by_category = score(now, "category_top")
    pairs = [("report", span, scorecard, then) for span, _, then in earlier]
    pairs += [
        ("category_top", span, by_category, score(before, "category_top")) for span, before, _ in earlier
    ]
    parts = [
        contributions(own, then, name).assign(metric=name, column=column, against=span.against)
        for column, span, own, then in pairs
        for name in MOVED
        if name in set(own["metric"]) & set(then["metric"])
    ]
    empty = pd.DataFrame(columns=[*CONTRIBUTIONS, "metric", "column", "against"]).astype({"unit": "str"})
    return pd.concat(parts, ignore_index=True) if parts else empty
