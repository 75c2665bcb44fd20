"""A period beside others: with its earlier spans, with chance, with the same kinds of tickets, with other counties."""

import pandas as pd

from toolkit import schema
from toolkit.assessing.leading import SATISFIED, TIMELY, choose_lead
from toolkit.comparing.contributions import CONTRIBUTIONS, contributions
from toolkit.comparing.fairness import adjust_case_mix, rank_certainty
from toolkit.comparing.movement import compare_spans
from toolkit.preparing.report import Compared
from toolkit.scoring.catalogue import BY_NAME, COUNT
from toolkit.scoring.score import score

MIXED = ["unit", "category_top"]  # what makes a kind of ticket, and whose it is
DRAWS, SEED = 2_000, 12345  # of the likely ranks: the same seed gives the same table


def compare_units(now, marks, scorecard, terms, earlier, run, followed):
    """This period against each earlier span, who moved the county, and how sure rates and ranks are.

    now: the period's clocked tickets; marks: theirs (`mark_period`); scorecard: theirs by report. Ranks and case
    mix are of every rate the scheme scores. followed: the frames made before, by name.
    """
    scored = list_rates(terms.scheme) if run.by == "unit" else []  # months are no units to be ranked
    rates = [name for name in scored if name in set(scorecard["metric"])]
    judged = ~marks["is_excluded"]  # a rate counts no ticket excluded with approval
    mixed, own = now.loc[judged, MIXED], marks[judged]
    return Compared(
        movements=compare_spans(
            scorecard, [(then.span, then.scorecard) for then in earlier], run.period, run.as_of
        ),
        contributions=find_contributions(now, scorecard, earlier, terms.scheme),
        ranks=_join(_rank_units(now, scorecard, terms.scheme, rates)),
        mix=_join([adjust_case_mix(mixed, own, name) for name in rates]),
        peers=terms.peers,
        **followed,
    )


def _rank_units(now, scorecard, scheme, rates):
    groups = now.groupby("report")["unit_group"].first()
    lower = {item.metric for item in scheme.items if item.better == "lower"}
    return [
        rank_certainty(scorecard, name, DRAWS, SEED, groups, lowest_first=name in lower) for name in rates
    ]


def _join(parts):
    return (
        pd.concat(parts, ignore_index=True)
        if parts
        else pd.DataFrame({"unit": [], "metric": []}, dtype="str")
    )


def list_rates(scheme):
    """The rates a scheme scores, the one with the most points first."""
    items = sorted(scheme.items, key=lambda item: -item.weight)
    return [name for name in dict.fromkeys(item.metric for item in items) if not BY_NAME[name].is_count]


def find_contributions(now, scorecard, earlier, scheme):
    """Who moved the county, and by how much: in how many tickets, in 按期回复率 and 满意率.

    Gives `contributions` of every report and every category (`column` says which of the two) to the county's
    change in each `metric`, against each span. An export without categories has none of these.
    """
    pairs = [("report", then.span, scorecard, then.scorecard) for then in earlier]
    if now["category_top"].notna().any():
        by_category = _score_categories(now)
        pairs += [
            ("category_top", then.span, by_category, _score_categories(then.tickets)) for then in earlier
        ]
    leads = [choose_lead(scheme, scorecard["metric"], family) for family in (TIMELY, SATISFIED)]
    parts = [
        contributions(own, then, name).assign(metric=name, column=column, against=span.against)
        for column, span, own, then in pairs
        for name in [COUNT, *leads]
        if name in set(own["metric"]) & set(then["metric"])
    ]
    empty = pd.DataFrame(columns=[*CONTRIBUTIONS, "metric", "column", "against"]).astype({"unit": "str"})
    return pd.concat(parts, ignore_index=True) if parts else empty


def _score_categories(tickets):
    return score(tickets.assign(category_top=tickets["category_top"].fillna(schema.BLANK)), "category_top")
