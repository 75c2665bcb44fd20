"""A rate as a document says it: with its counts, its change, its target, our place among the counties."""

import pandas as pd
from markupsafe import Markup

from toolkit.comparing.peer_ranks import rank_all
from toolkit.errors import ParameterError, nearest
from toolkit.presenting.blocks.opening import say_year_change
from toolkit.presenting.figures import open_rate
from toolkit.presenting.leading import compare_target, find_lead, find_target
from toolkit.rounding import ordinal, percent, short_percent
from toolkit.scoring.catalogue import BY_NAME, METRICS
from toolkit.scoring.metric import name_plainly

FINEST = 4  # decimals, at most, of a rate that would else read 100% though it is not


def say_rate(report, name):
    """A rate by its metric's name, or by its family's (按期回复率), of which the scheme's variant is taken.

    Gives name, metric, definition, is_known (and why not), rate, counted, among, said (91.6%（456/498）), change,
    target, against_target, is_short, place (and place_note). ParameterError for a name that is none.
    """
    metric = _find_metric(report, name)
    row = report.scores.get(metric)
    told = {"name": name_plainly(metric or name), "metric": metric or name, "definition": ""}
    if row is None or pd.isna(row["rate"]):
        return (
            told | dict.fromkeys(EMPTY, "") | {"is_known": False} | _say_unknown(report, metric or name, row)
        )
    target = find_target(report, metric)[0]
    return (
        told
        | say_counts(row)
        | {
            "definition": row["definition"],
            "is_known": True,
            "why": "",
            "change": say_year_change(report, metric),
            "target": "" if target is None else short_percent(target),
            **compare_target(report, row),
            **_find_place(report, row),
        }
    )


EMPTY = ["counted", "among", "change", "target", "against_target", "is_short", "place", "place_note"]


def _find_metric(report, name):
    """The metric of that name, or the variant that stands for the family; None where none of the family is known."""
    families = {metric.family for metric in METRICS}
    if name in BY_NAME:
        return name
    if name in families:
        return find_lead(report, name)
    raise ParameterError(f"rate('{name}'): no metric of that name.{nearest(name, [*BY_NAME, *families])}")


def _say_unknown(report, name, row):
    """That a rate is not known, and why: the export lacks columns, or there is no such ticket."""
    lacking = report.counted.lacking
    lacked = lacking.loc[lacking["metric"].str.startswith(name), "missing"]
    why = f"导出表缺少{lacked.iloc[0]}" if row is None and len(lacked) else "没有相应工单"
    return {"why": why, "rate": "—", "said": f"—（{why}）"}


def say_counts(row, unit=""):
    """rate, counted, among and said (91.6%（456/498）) of a row of the scorecard: the report's own, or a unit's."""
    where = {"report": [unit]} if unit else {}
    rate, part, whole = open_rate(row, say_share(row["numerator"], row["denominator"]), unit, **where)
    return {
        "rate": rate,
        "counted": part,
        "among": whole,
        "said": Markup("{}（{}/{}）").format(rate, part, whole),
    }


def say_share(part, whole):
    """91.6%; 100% and 0% only where it is all and none: 4999 of 5000 is 99.98%, and no 100%."""
    if not whole:
        return "—"
    if part in (0, whole):
        return percent(part / whole, 0)
    for decimals in range(1, FINEST + 1):
        said = percent(part / whole, decimals)
        if float(said[:-1]) not in (0, 100):
            break
    return said


def _find_place(report, row):
    """第四, 并列第四: our place where the run's file of other counties lets it be told, and what is to be known of it."""
    peers, about, none = report.compared.peers, report.about, {"place": "", "place_note": ""}
    if report.name or peers.empty:
        return none
    own = pd.DataFrame([row | {"period": about["period"]}])
    rank = next(iter(rank_all(own, peers, about["county"]).to_dict("records")), None)
    if rank is None or pd.isna(rank["rank"]):
        return none
    place = f"{'并列' if rank['tied'] else ''}第{ordinal(rank['rank'])}"
    return {"place": place, "place_note": rank["sentence"].rstrip("。")}
