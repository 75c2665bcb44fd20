"""What a period comes to: the counts of every report, and what each metric, time and stage makes of every ticket."""

import pandas as pd

from toolkit import schema
from toolkit.people.dispatch_catalogue import CHECK_COLUMNS
from toolkit.preparing.report import Counted
from toolkit.preparing.scoping import name_span
from toolkit.schema import NOW
from toolkit.scoring.catalogue import lacking
from toolkit.scoring.doubted import list_doubted
from toolkit.scoring.marks import mark_tickets, mark_times
from toolkit.scoring.score import score, score_tally, score_times
from toolkit.scoring.stage_times import STAGE, mark_stages, time_stages
from toolkit.scoring.tally import tally


def count_period(now, policy, events, answered_by, months):
    """The counts of this period, by report; months: of `follow_months`."""
    tallies = tally(now, ["report"])
    scorecard = score_tally(tallies, answered_by)
    kept = score(now, "report", with_excluded=True)
    by = ["unit", "metric"]
    kept = kept[[*by, "numerator", "denominator", "rate"]].set_index(by)
    doubts = list_doubted(now, "report").set_index(by)["words"].rename("doubt")
    return Counted(
        scorecard=scorecard.join(kept.add_suffix("_with_excluded"), on=by).join(doubts, on=by),
        times=score_times(tallies),
        stages=time_stages(now, policy.workdays, "report", events),
        lacking=_list_lacking(now),
        months=months,
    )


def _list_lacking(tickets):
    """The metrics the export lacks columns for; that a run has no catalogue is no lack of the export."""
    lacked = [
        (name, "、".join(map(schema.label_need, missing)))
        for name, missing in lacking(tickets).items()
        if missing != CHECK_COLUMNS[:1]
    ]
    return pd.DataFrame(lacked, columns=["metric", "missing"], dtype="str")


def mark_period(tickets, policy, events):
    """What every metric, time and stage makes of a period's tickets; those excluded with approval as if they counted."""
    ids = tickets[["ticket_id", "report"]].assign(is_excluded=tickets["exclusion"].eq(schema.EXCLUDED))
    stages = mark_stages(tickets, policy.workdays, events).add_prefix(STAGE)
    marks = (mark(tickets, with_excluded=True) for mark in (mark_tickets, mark_times))
    return pd.concat([ids, *marks, stages], axis=1)


def join_marks(marks, earlier, policy, events):
    """The marks of this period, and below them those of the earlier periods, each judged as it stood then."""
    own = [(name_span(then.span), mark_period(then.tickets, policy, events)) for then in earlier]
    return pd.concat(
        [period.assign(against=name) for name, period in [(NOW, marks), *own]], ignore_index=True
    )
