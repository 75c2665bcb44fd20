"""What is found in the tickets a run watches, each finding in its report; and which troubles weigh most."""

import pandas as pd

from toolkit.comparing.recurring import find_recurring
from toolkit.comparing.troubles import find_troubles
from toolkit.flagging.flag import flag, rules
from toolkit.preparing.scoping import with_report
from toolkit.schema import NOW, choose

LOOK_BACK_DAYS = 120  # before the period: what rules that look back may need, 90 days and eight weeks at most


def find_watched(clocked, ids, policies, events, period, only=None):
    """The findings about the watched tickets; rules that look back see those before the period too. only: codes of rules."""
    since = pd.Timestamp(period.start) - pd.Timedelta(days=LOOK_BACK_DAYS)
    is_asked = clocked["received_at"].ge(since) | clocked["ticket_id"].isin(ids)
    context = choose(clocked, is_asked)
    return flag(context, policies, events, among=context["ticket_id"].isin(ids), only=only)


def report_findings(findings, tickets, by):
    """A finding about a unit stands in the unit's report; one about a topic in the county's alone; tickets: those in scope."""
    reports = tickets.set_index("ticket_id")["report"]
    reported = with_report(findings, reports)
    is_own = findings["ticket_id"].isna() & findings["unit"].isin(reports) & (by == "unit")
    return reported.assign(report=reported["report"].mask(is_own, findings["unit"]))


def rank_found(findings, watched, clocked, policy):
    """troubles (`find_troubles`) and recurring (`find_recurring`): the frames that rank what was found."""
    return {
        "troubles": find_troubles(findings, watched, rules()),
        "recurring": find_recurring(clocked, policy, clocked["scope"].eq(NOW)),
    }
