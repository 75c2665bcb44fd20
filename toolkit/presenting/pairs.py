"""The lists of a ticket: findings, sets, who held it, related tickets; a row for each value, no list of Python's a ticket."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from toolkit import schema
from toolkit.presenting.sets import list_sets


def list_pairs(report, details):
    """The columns of that table that hold lists: name → ticket_id and value, a row for each value."""
    findings, issues, sets = (
        report.findings[report.findings["ticket_id"].notna()],
        report.issues,
        list_sets(report),
    )
    pairs = list_findings(report.findings) | {
        "issues": _pair(issues, issues["check"] + ":" + issues["column"].fillna("")),
        "sets": _pair(sets, sets["set"]),
        "held_by": _pair(report.legs, report.legs["unit"].fillna(schema.NO_UNIT)),
    }
    if details:
        said = findings["severity"] + " " + findings["rule_name"] + "：" + findings["evidence"]
        pairs |= {"evidence": _pair(findings, said), "held": _pair(report.legs, _say_legs(report.legs))}
        pairs["related"] = _tell_related(report.related)
    return pairs


def list_findings(findings):
    """Of those the ones that findings fill: a ticket's own, and those about a unit or a topic that rest on it."""
    own, whole = findings[findings["ticket_id"].notna()], findings[findings["ticket_id"].isna()]
    whole = whole.explode("rests_on")
    return {
        "rules": _pair(own, own["rule"]),
        "severities": _pair(own, own["rule"] + ":" + own["severity"]),
        "colour": _pair(own, own["severity"]),
        "rests_on": _pair(whole.assign(ticket_id=whole["rests_on"]), whole["rule"] + "@" + whole["unit"]),
    }


def _pair(frame, values):
    return pd.DataFrame({"ticket_id": frame["ticket_id"], "value": values}).dropna(subset="ticket_id")


def place_pairs(ids, pairs):
    """Name → places in the table and values; those of tickets that are not in it are left aside."""
    asked = pd.concat([given["ticket_id"] for given in pairs.values()], ignore_index=True).astype("str")
    found = pc.index_in(
        pa.array(asked), value_set=pa.array(ids.astype("str"))
    )  # at once: the table is hashed once
    places = found.fill_null(-1).to_numpy(zero_copy_only=False)
    parts = np.split(places, np.cumsum([len(given) for given in pairs.values()])[:-1])
    return {
        name: (own[own >= 0], given["value"][own >= 0])
        for (name, given), own in zip(pairs.items(), parts, strict=True)
    }


def list_values(pairs):
    """Ticket → the list of its values."""
    return pairs["value"].groupby(pairs["ticket_id"], sort=False).agg(list)


def _say_legs(legs):
    """Who held a ticket, from when until when, how many office hours."""
    times = [legs[name].dt.strftime("%Y-%m-%d %H:%M") for name in ("held_from", "held_to")]
    hours = legs["held_hours"].map("{:.1f}".format, na_action="ignore").astype("str").fillna("—")
    return (
        legs["unit"].fillna(schema.NO_UNIT) + "　" + times[0] + " 至 " + times[1] + "　办公" + hours + "小时"
    )


def _tell_related(related):
    """20250101000003 相似前件 86%, …; of those that stand in other reports only how many there are."""
    own = related[related["other"].notna()]
    likeness = own["likeness"].map(lambda share: f" {share:.0%}", na_action="ignore").astype("str").fillna("")
    hidden = related[related["other"].isna()].groupby(["ticket_id", "kind"], sort=False).size()
    told = [f"另有{count}件 {kind}属其他单位" for (_, kind), count in hidden.items()]
    counted = hidden.index.to_frame(index=False)
    named = _pair(own, own["other"] + " " + own["kind"] + likeness)
    return pd.concat([named, _pair(counted, pd.Series(told, dtype="str"))], ignore_index=True)
