"""What the reports of a run need, computed once for the whole county; see `report` for what comes out."""

from toolkit.clocking.clock import clock
from toolkit.clocking.due_notes import list_doubts
from toolkit.clocking.flow_log import hold_legs, only_logged
from toolkit.comparing.movement import score_earlier
from toolkit.errors import ParameterError
from toolkit.flagging.flag import rules
from toolkit.loading.issues import join_issues
from toolkit.loading.load import load
from toolkit.loading.unknown_words import UNKNOWN
from toolkit.preparing.assess import assess_units
from toolkit.preparing.compare import compare_units
from toolkit.preparing.counting import count_period, join_marks, mark_period
from toolkit.preparing.finding import find_watched, rank_found, report_findings
from toolkit.preparing.follow import add_month_marks, follow, follow_months, list_shown
from toolkit.preparing.looking import foresee
from toolkit.preparing.redact import redact
from toolkit.preparing.redaction import read_profile
from toolkit.preparing.relate import relate_tickets
from toolkit.preparing.report import Basis, Report, cut_report, no_orders, read_report
from toolkit.preparing.run_file import as_settings
from toolkit.preparing.scoping import add_scope, keep_in_scope, name_columns, split_by_policy, with_report
from toolkit.preparing.terms import check_sent, read_terms, say_about
from toolkit.schema import CARRIED, NOW, choose
from toolkit.scoring.score import answer_stage

WATCHED = [NOW, CARRIED]


def prepare(loaded, run):
    """The county's report of a run: the loaded tickets clocked, flagged, counted, assessed and compared, once.

    run: a `Run`, or a dict of what is not as `ReportSettings` has it (as_of and period must be given). In scope
    are the tickets received in the period, those of the earlier periods it is compared with (see
    `movement.earlier_spans`) or in the months its rates are followed by, and earlier ones still unanswered at
    `as_of`; the others are counted as outside and left to other periods. No scheme assesses a run by month. What the
    run's `redaction` hides is hidden in it.
    """
    run, events = as_settings(run), loaded.logged
    profile = read_profile(run.redaction)
    terms = read_terms(run, loaded.tickets["received_at"])
    named = name_columns(check_sent(loaded, run), run.by)
    shown = list_shown(run, named["received_at"])
    clocked = add_scope(clock(named, terms.policies, run.as_of, events), run.period, terms.spans, shown)
    watched_ids = list_watched(clocked)
    found = find_watched(clocked, watched_ids, terms.policies, events, run.period)
    related = relate_tickets(clocked, watched_ids, terms.policy.rules.raised_again_days)
    tickets = keep_in_scope(clocked, terms.policies, events)
    tickets, foreseen, told = foresee(tickets, run.as_of, terms.policies, events)
    now, watched = (choose(tickets, tickets["scope"].isin(scopes)) for scopes in ([NOW], WATCHED))
    findings = report_findings(found, tickets, run.by)
    earlier = [score_earlier(named, terms.policies, span, events, "report") for span in terms.spans]
    marks, months = mark_period(now, terms.policy, events), follow_months(clocked, run, terms.scheme)
    counted = count_period(now, terms.policy, events, answer_stage(clocked), months)
    followed = follow(counted, now, run, terms.scheme) | rank_found(findings, watched, clocked, terms.policy)
    assessed, prospects = assess_units(now, counted.scorecard, terms.scheme, run.by)
    report = Report(
        name=None,
        about=say_about(run, terms, clocked, tickets) | told,
        tickets=tickets,
        findings=findings,
        marks=add_month_marks(join_marks(marks, earlier, terms.policy, events), tickets, months),
        prospects=prospects,
        related=related,
        orders=no_orders(),
        **foreseen,
        **_tell_tickets(loaded, clocked, tickets, terms),
        counted=counted,
        compared=compare_units(now, marks, counted.scorecard, terms, earlier, run, followed),
        assessed=assessed,
        basis=_list_basis(loaded, watched, terms),
    )
    return redact(report, profile)


def list_watched(clocked):
    """The numbers of the tickets that findings are about: of this period, and carried over."""
    return clocked.loc[clocked["scope"].isin(WATCHED), "ticket_id"]


def _tell_tickets(loaded, clocked, tickets, terms):
    """What hangs on single tickets: doubtful rows, which unit held them how long."""
    reports = tickets.set_index("ticket_id")["report"]
    doubts = [list_doubts(own, policy) for own, policy in split_by_policy(clocked, terms.policies)]
    events = only_logged(loaded.logged)
    events = events[events["ticket_id"].isin(reports.index)]
    return {
        "issues": with_report(join_issues([loaded.issues, *doubts]), reports),
        "legs": with_report(hold_legs(events, terms.policy, tickets), reports),
    }


def _list_basis(loaded, watched, terms):
    """What the report rests on; a rate that a word no vocabulary knows belongs to counts without it."""
    is_unknown = loaded.issues["check"].eq(UNKNOWN)
    return Basis(
        account=loaded.account,
        unknown=loaded.issues.loc[is_unknown, ["column", "value"]].reset_index(drop=True),
        rules=rules(watched, loaded.logged, policy=terms.policies),
        roster=terms.roster,
    )


def open_report(name=None, run=""):
    """What one report shows: read from a run's folder, or made from an export here and now.

    name: the unit's; None for the whole county. run: the prepared folder of a run (outputs/demo/prepared), or a
    dict with `source`, `as_of`, `period` and what else is not as `ReportSettings` has it. Raises ParameterError
    where neither is given, or the unit is unknown.
    """
    if not run or (isinstance(run, dict) and not run.get("source")):
        raise ParameterError(
            "nothing to open: give prepared (a run's folder, such as outputs/demo/prepared) or source (an export)"
        )
    if not isinstance(run, dict):
        return read_report(run, name)
    settings = {key: value for key, value in run.items() if key != "source"}
    county = prepare(load(run["source"], run.get("as_of")), settings)
    return county if name is None else cut_report(county, name)
