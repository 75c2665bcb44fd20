"""How well the rules that read texts do on texts they never saw: tests/cases/texts.yml, by another hand.

The cases were written before the rules and have not been looked at while writing them. Prints, for each rule,
how many of the cases it should find it finds, and how many it should leave alone it finds too; for repeated
matters, the pairs. `python benchmarks/text_rules.py`
"""

from itertools import combinations
from pathlib import Path

import pandas as pd
import yaml

from toolkit import clock, flag, schema
from toolkit.texts.similar import cluster_matters

CASES = Path(__file__).parents[1] / "tests" / "cases" / "texts.yml"
AS_OF = "2025-06-30"
CODES = {"complaint_about_handling": "handling_complained", "no_contact_claimed": "contact_denied"}


def read_cases():
    """The cases as a frame, their rules under our codes; without those of answers beside the point, which no rule judges."""
    cases = pd.DataFrame(yaml.safe_load(CASES.read_text(encoding="utf-8")))
    cases = cases[cases["rule"].ne("reply_offtopic")]
    return cases.assign(rule=cases["rule"].replace(CODES))


def make_tickets(cases):
    """Each case as a ticket of its own unit (copied replies: of the unit they name), answered after a day."""
    number = pd.Series(range(len(cases)), index=cases.index)
    received = pd.Timestamp("2025-01-02 09:00") + pd.to_timedelta(number * 3, unit="h")
    return schema.make_tickets(
        {
            "ticket_id": cases["id"],
            "unit": cases["unit"].fillna(cases["id"]),
            "type": cases["type"],
            "content": cases["content"],
            "reply": cases["reply"],
            "caller": cases["id"],
            "received_at": received,
            "dispatched_at": received,
            "signed_at": received + pd.Timedelta(hours=1),
            "replied_at": received + pd.Timedelta(days=1),
            "closed_at": received + pd.Timedelta(days=1),
        }
    )


def measure(cases=None):
    """Rule → cases, found of those to be found, found of those to be left alone."""
    cases = read_cases() if cases is None else cases
    rows = []
    for rule, own in cases[cases["rule"].ne("repeated_matter")].groupby("rule", sort=False):
        tickets = clock(make_tickets(own), "county_default", AS_OF)
        findings = flag(tickets, "county_default")
        found = own["id"].isin(findings.loc[findings["rule"].eq(rule), "ticket_id"])
        expected = own["expect"].astype(bool)
        rows.append(
            (rule, (found & expected).sum(), expected.sum(), (found & ~expected).sum(), (~expected).sum())
        )
    return pd.DataFrame(rows, columns=["rule", "found", "to_find", "false_alarms", "to_leave"])


def measure_pairs(cases):
    """Of repeated matters, the pairs found that are to be found, all to be found, and those found in error."""
    own = cases[cases["rule"].eq("repeated_matter")].reset_index(drop=True)
    clusters = cluster_matters(own["content"])
    true = {pair for pair in combinations(own.index, 2) if _same(own["group"], *pair)}
    found = {pair for pair in combinations(own.index, 2) if _same(clusters, *pair)}
    return len(true & found), len(true), len(found - true)


def _same(groups, one, other):
    return pd.notna(groups[one]) and pd.notna(groups[other]) and groups[one] == groups[other]


if __name__ == "__main__":
    held_out = read_cases()
    for row in measure(held_out).itertuples():
        print(
            f"{row.rule}: found {row.found} of {row.to_find}, false alarms {row.false_alarms} of {row.to_leave}"
        )
    print("repeated matters: found {} of {} pairs, {} in error".format(*measure_pairs(held_out)))
