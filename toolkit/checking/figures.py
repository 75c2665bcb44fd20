"""What a report says as figures: each with the words it is printed in and what every ticket is in it.

A figure's name is three words: its table, whose it is, and what it counts, as in 单位表，城关镇，按期回复率（÷受理）.
"""

from typing import NamedTuple

from toolkit import schema
from toolkit.presenting.figures import rate_text
from toolkit.rounding import count_text, is_missing
from toolkit.scoring.catalogue import BY_NAME

UNITS, FOUND, POINTS, GRADES, ORDERED = "单位表", "问题线索", "考核得分", "考核等级", "督办单"
TABLES = [UNITS, FOUND, POINTS, GRADES, ORDERED]
RESTS = "依据"  # what a ticket is in a finding about a unit or a topic


class Figure(NamedTuple):
    """The words a figure is printed in, and what each of its tickets is in it."""

    said: str
    tickets: dict  # ticket → 1 in the numerator, 0 in the denominator only, a weight in hundredths; or a word


def list_figures(report):
    """Every figure of a county's report by its name (table, unit, what): rates, findings, points, grades, orders."""
    marks = read_marks(report)
    return (
        _list_rates(report, marks) | _list_found(report) | _list_points(report, marks) | _list_orders(report)
    )


def _list_rates(report, marks):
    rows = report.counted.scorecard.to_dict("records")
    return {
        (UNITS, row["unit"], row["metric"]): Figure(
            say_score(row), marks.get((row["unit"], row["metric"]), {})
        )
        for row in rows
    }


def say_score(row):
    """A row of the scorecard as printed: 91.6%（456/498）, or a count."""
    return count_text(row["numerator"]) if is_missing(row["denominator"]) else rate_text(row)


def read_marks(report):
    """(unit, metric) → what each ticket of this period counts in it; those excluded with approval in no rate."""
    now, found = report.marks[report.marks["against"].eq(schema.NOW)], {}
    for metric in report.counted.scorecard["metric"].unique():
        left_out = now["is_excluded"] & (not BY_NAME[metric].is_count)
        own = now.loc[now[metric].notna() & ~left_out, ["ticket_id", "report", metric]]
        for unit, rows in [(schema.COUNTY, own), *own.groupby("report")]:
            found[unit, metric] = dict(zip(rows["ticket_id"], rows[metric].astype(int), strict=True))
    return found


def _list_found(report):
    """Findings by rule: those about tickets per report, those about a unit or a topic with what they rest on."""
    own = report.findings[report.findings["ticket_id"].notna()]
    whole = report.findings[report.findings["ticket_id"].isna()]
    figures = {}
    for rule in report.basis.rules.loc[report.basis.rules["evaluated"], "rule_name"]:
        rows = own[own["rule_name"].eq(rule)]
        for unit, part in [(schema.COUNTY, rows), *rows.groupby("report")]:
            tickets = dict(zip(part["ticket_id"], part["severity"], strict=True))
            figures[FOUND, unit, rule] = Figure(f"{len(tickets)}件", tickets)
    for row in whole.to_dict("records"):
        rests = row["rests_on"] if row["rests_on"] is not None else []
        figures[FOUND, row["unit"], row["rule_name"]] = Figure(row["severity"], dict.fromkeys(rests, RESTS))
    return figures


def _list_points(report, marks):
    """Points item by item with the tickets of the item's rate; a unit's whole score and grade with none of its own."""
    figures = {}
    for row in report.assessed.items.to_dict("records"):
        said = "不计分" if is_missing(row["points"]) else f"{count_text(row['points'])}分"
        figures[POINTS, row["unit"], row["item"]] = Figure(said, marks.get((row["unit"], row["metric"]), {}))
    for row in report.assessed.standings.to_dict("records"):
        parts = [row["state"], "" if is_missing(row["points"]) else f"{count_text(row['points'])}分"]
        parts += [row["grade"], "" if is_missing(row["rank"]) else f"第{row['rank']}名"]
        said = "，".join(part for part in parts if isinstance(part, str) and part)
        figures[GRADES, row["unit"], "总分和等次"] = Figure(said, {})
    return figures


def _list_orders(report):
    figures = {}
    for (unit, level), rows in report.orders.groupby(["unit", "level"]):
        states = dict(zip(rows["ticket_id"], rows["state"], strict=True))
        figures[ORDERED, unit, level] = Figure(f"{len(states)}件", states)
    return figures
