"""What stands on the first screen beside a period's figures: rates by month, their trend, and whether a target is met."""

import pandas as pd

from toolkit import schema
from toolkit.comparing.funnel import find_funnels
from toolkit.comparing.months import (
    SHOWN_MONTHS,
    count_months,
    find_months,
    list_monthly,
    list_months,
    mark_months,
)
from toolkit.comparing.trend import find_trends
from toolkit.schema import RECENT


def list_shown(run, received_at):
    """The months whose rates stand on the first screen: their tickets belong to the reports. None in a run by month."""
    return list_months(run.period, received_at, run.as_of)[-SHOWN_MONTHS:] if run.by == "unit" else []


def follow_months(clocked, run, scheme):
    """Every followed rate by month, of each report and the county (`count_months`); by month, of the county alone.

    clocked: all tickets of the export, so that months outside the period count too.
    """
    months = list_months(run.period, clocked["received_at"], run.as_of)
    counts = count_months(clocked, list_monthly(clocked, [item.metric for item in scheme.items]), months)
    return counts if run.by == "unit" else counts[counts["unit"].eq(schema.COUNTY)].reset_index(drop=True)


def follow(counted, now, run, scheme):
    """trends and funnel: every unit beside its own months, and beside the county."""
    return {
        "trends": follow_trends(counted.months, now, scheme),
        "funnel": follow_funnels(counted.scorecard, run, scheme),
    }


def follow_trends(months, now, scheme):
    """走势 and 达标 (`find_trends`), each unit held against its own target of the scheme."""
    groups = now.groupby("report")["unit_group"].first()
    items = [item for item in scheme.items if item.target is not None]
    targets = {
        (unit, item.metric): float(item.target_for(unit, groups.get(unit)) / 100)
        for unit in months["unit"].unique()
        for item in items
    }
    return find_trends(months, targets)


def follow_funnels(scorecard, run, scheme):
    """漏斗图 of the leading rates and the scheme's (`find_funnels`); months are no units to be compared."""
    own = scorecard if run.by == "unit" else scorecard.head(0)
    return find_funnels(own, [item.metric for item in scheme.items])


def add_month_marks(marks, tickets, months):
    """The marks with a column 逐月： per followed rate, for the tickets of its months: what `months` counts, it opens."""
    if months.empty:
        return marks
    own = tickets[find_months(tickets["received_at"]).isin(months["month"].unique())]
    if own.empty:
        return marks
    monthly = mark_months(own, list(months["metric"].unique())).set_axis(own["ticket_id"])
    recent = own.loc[own["scope"].eq(RECENT), ["ticket_id", "report"]]
    marks = pd.concat([marks, recent.assign(against=RECENT, is_excluded=False)], ignore_index=True)
    return marks.join(monthly, on="ticket_id")
