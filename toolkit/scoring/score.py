"""Metrics × units → scorecard: how each unit stands, with numerator, denominator and definition."""

import pandas as pd

from toolkit import schema
from toolkit.errors import ParameterError, nearest
from toolkit.scoring.catalogue import BY_NAME, METRICS, define, lacking
from toolkit.scoring.tally import rates, sum_tallies, tally, times

SCORECARD = ["unit", "metric", "numerator", "denominator", "rate", "low", "high", "definition"]
COMPARED = ["metric", "numerator", "denominator", "rate", "low", "high"]
PER_PEOPLE = "万人诉求比"


def score(tickets, by="unit", with_excluded=False):
    """Count every metric for every unit and for the county as a whole.

    Reads clocked tickets; `by` names the column whose values are the rows' `unit`. `numerator` and
    `denominator` are numbers of tickets (a weighted numerator has two decimals: `count_text` prints both),
    `rate` is 0 to 1, `low` to `high` its 95 % Wilson interval. A plain count has no denominator and no
    rate; a metric without a ticket in its denominator has no rate. Metrics that lack columns are not
    there; tickets received after they were judged are not counted. with_excluded: counts tickets excluded with
    approval too.
    """
    return score_tally(tally(tickets, [by], with_excluded), answer_stage(tickets))


def score_tally(tallies, answered_by):
    """The scorecard of a tally by one column, the county first, then the column's values in order."""
    scores = rates(_with_county(tallies))
    known = set(scores["metric"].unique())
    names = [metric.name for metric in METRICS if metric.name in known]
    rows = pd.MultiIndex.from_product([scores["unit"].unique(), names], names=["unit", "metric"])
    full = scores.set_index(["unit", "metric"]).reindex(rows).reset_index()
    counts = [name for name in names if BY_NAME[name].is_count]
    full["numerator"] = full["numerator"].fillna(0)
    full["denominator"] = full["denominator"].fillna(0).mask(full["metric"].isin(counts))
    sentences = {name: define(BY_NAME[name], answered_by) for name in names}
    full["definition"] = full["metric"].map(sentences).astype("str")
    return full[SCORECARD]


def score_times(tallies):
    """The times of a tally by one column (see `times`), the county first: unit, metric, answered, still_open, …"""
    return times(_with_county(tallies))


def _with_county(tallies):
    [by] = [name for name in tallies.columns if name not in ("metric", "days", "numerator", "denominator")]
    units = tallies.rename(columns={by: "unit"})
    units["unit"] = units["unit"].astype("str").fillna(schema.NO_UNIT)
    units["unit"] = units["unit"].replace(schema.COUNTY, schema.COUNTY_AS_UNIT)
    whole = sum_tallies(units, []).assign(unit=schema.COUNTY)
    return pd.concat([whole, units], ignore_index=True)


def answer_stage(tickets):
    """Which column counts as the answer; `clock` wrote it."""
    return tickets["answered_by"].iloc[0] if len(tickets) else "replied_at"


def compare_definitions(tickets, family):
    """Rival formulas of one name side by side, of the same tickets.

    Reads clocked tickets. One row a variant, in the order of the metrics:
    numerator, denominator, rate, 95 % interval, definition, what to know before
    comparing (`caution`), source, what the export lacks for it (`missing`), and the same three numbers
    with the tickets excluded with approval. Raises ParameterError for a name that is none.
    """
    rivals = _find_rivals(family)
    stage, missing = answer_stage(tickets), lacking(tickets)
    said = pd.DataFrame(
        {
            "metric": [metric.name for metric in rivals],
            "definition": [define(metric, stage) for metric in rivals],
            "caution": [metric.caution for metric in rivals],
            "source": [metric.source for metric in rivals],
            "missing": ["、".join(map(schema.label_need, missing.get(m.name, []))) for m in rivals],
        }
    )
    found, kept = (_rates_of_all(tickets, with_excluded) for with_excluded in (False, True))
    with_excluded = kept[COMPARED[:4]].rename(columns=lambda name: f"{name}_with_excluded")
    with_excluded = with_excluded.rename(columns={"metric_with_excluded": "metric"})
    compared = said.merge(found, on="metric", how="left").merge(with_excluded, on="metric", how="left")
    return compared[[*COMPARED, "definition", "caution", "source", "missing", *with_excluded.columns[1:]]]


def _find_rivals(family):
    """The metrics of a family, called by its name or by that of one of them."""
    families = list(dict.fromkeys(metric.family for metric in METRICS))
    named = [metric for metric in METRICS if family in (metric.family, metric.name)]
    if not named:
        raise ParameterError(
            f"no metric is called '{family}': expected one of {'、'.join(families)}.{nearest(family, families)}"
        )
    return [metric for metric in METRICS if metric.family == named[0].family]


def _rates_of_all(tickets, with_excluded):
    return rates(tally(tickets, [], with_excluded))[COMPARED]


def per_ten_thousand(scorecard, population):
    """万人诉求比: the tickets received of every ten thousand people, unit by unit.

    scorecard: as `score` gives it. population: a Series, unit → people living there. The county's
    people are the sum of the units' where the Series does not name it. Gives unit, metric, numerator (件),
    denominator (人), per_ten_thousand, definition; missing for a unit whose people are not known.
    Source: 北京接诉即办月度通报.
    """
    received = scorecard[scorecard["metric"].eq("受理件数")]
    people = pd.to_numeric(population).astype("Int64")
    if schema.COUNTY not in people.index:
        people = pd.concat([people, pd.Series({schema.COUNTY: people.sum(min_count=1)}, dtype="Int64")])
    denominator = received["unit"].map(people).astype("Int64")
    ratio = received["numerator"].astype("Float64") * 10_000 / denominator.where(denominator.gt(0))
    return pd.DataFrame(
        {
            "unit": received["unit"],
            "metric": PER_PEOPLE,
            "numerator": received["numerator"],
            "denominator": denominator,
            "per_ten_thousand": ratio.astype("float64"),
            "definition": "受理件数 ÷ 常住人口（万人）",
        }
    ).reset_index(drop=True)
