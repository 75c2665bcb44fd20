"""Every unit by the scheme: its points, the year, what to aim at next, and what would change its grade."""

import pandas as pd

from toolkit.assessing.points import apply_scheme
from toolkit.assessing.standings import stand
from toolkit.assessing.targets import next_targets
from toolkit.assessing.what_if import find_prospects
from toolkit.assessing.year import score_year, stand_by_month
from toolkit.preparing.report import Assessed


def assess_units(now, scorecard, scheme, by="unit"):
    """The scheme's verdict on every unit, and its prospects: which open tickets would bring a better grade.

    now: the period's clocked tickets; scorecard: theirs by report; by: no month is assessed. Gives `Assessed`:
    items (`apply_scheme`), standings (`stand`), years (`score_year`; empty within a month, or where the scheme says
    nothing of one), targets (`next_targets`); and prospects (`what_if`) with the report they belong to.
    """
    if by != "unit":
        now, scorecard = now.head(0), scorecard.head(0)
    groups = now.groupby("report")["unit_group"].first()
    items = apply_scheme(scorecard, scheme, groups)
    standings = stand(items, scheme, scorecard)
    assessed = Assessed(
        items=items,
        standings=standings,
        years=_score_year(now, scheme),
        targets=next_targets(scorecard, groups, scheme),
    )
    prospects = find_prospects(now, scheme, scorecard, standings)
    return assessed, prospects.assign(report=prospects["unit"])


def _score_year(now, scheme):
    months = now["received_at"].dt.to_period("M").nunique()
    if scheme.annual is None or months < 2:
        return pd.DataFrame({"unit": [], "metric": []}, dtype="str")
    return score_year(stand_by_month(now, scheme), scheme)
