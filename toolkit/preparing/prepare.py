"""What the reports of a run need, computed once for the whole county; see `report` for what comes out."""

from dataclasses import replace

import pandas as pd

from toolkit import schema
from toolkit.assessing.scheme import read_scheme
from toolkit.clocking.clock import clock, days_ahead
from toolkit.clocking.due_notes import list_doubts
from toolkit.clocking.explain import explain_dues
from toolkit.clocking.flow_log import hold_legs
from toolkit.clocking.in_force import find_in_force, read_policies
from toolkit.clocking.workdays import warn_calendar_end
from toolkit.comparing.movement import YEAR_BEFORE, earlier_spans, keep_comparable, score_earlier
from toolkit.comparing.peers import read_peers
from toolkit.comparing.recurring import find_recurring
from toolkit.comparing.troubles import find_troubles
from toolkit.errors import ParameterError
from toolkit.flagging.flag import flag, rules
from toolkit.loading.issues import join_issues
from toolkit.loading.load import load
from toolkit.loading.unknown_words import UNKNOWN
from toolkit.people.dispatch_catalogue import CHECK_COLUMNS, check_dispatch, read_dispatch_catalogue
from toolkit.people.roster import read_roster
from toolkit.preparing.assess import assess_units
from toolkit.preparing.compare import compare_units
from toolkit.preparing.follow import add_month_marks, follow_funnels, follow_months, follow_trends
from toolkit.preparing.manual import fill_slots
from toolkit.preparing.report import Basis, Counted, Report, cut_report, read_report
from toolkit.preparing.run_file import as_settings
from toolkit.schema import BEFORE, CARRIED, NOW, OUTSIDE, PREVIOUS
from toolkit.scoring.catalogue import lacking
from toolkit.scoring.marks import mark_tickets, mark_times
from toolkit.scoring.score import answer_stage, score, score_tally, score_times
from toolkit.scoring.stage_times import STAGE, mark_stages, time_stages
from toolkit.scoring.tally import tally
from toolkit.settings import project_path

LOOK_BACK_DAYS = 120  # before the period: what rules that look back may need, 90 days and eight weeks at most


def prepare(loaded, run):
    """The county's report of a run: the loaded tickets clocked, flagged, counted, assessed and compared, once.

    run: a `Run`, or a dict of what is not as `ReportSettings` has it (as_of and period must be given). In scope
    are the tickets received in the period, those of the earlier periods it is compared with (see
    `movement.earlier_spans`), and earlier ones still unanswered at `as_of`; the others are counted as outside
    and left to other periods. No scheme assesses a run by month.
    """
    run = as_settings(run)
    policies, scheme, spans = (
        read_policies(run.policy),
        read_scheme(run.scheme),
        earlier_spans(run.period, run.as_of),
    )
    spans, not_compared = keep_comparable(spans, run.period, loaded.tickets["received_at"])
    policy = policies[
        -1
    ]  # whose calendar tells what is a working day; a ticket is judged by the one of its day
    roster, peers = _read_file(read_roster, run.roster), _read_file(read_peers, run.peers)
    loaded = replace(loaded, tickets=_check_dispatch(loaded, run.dispatch_catalogue))

    named = _name_columns(loaded.tickets, run.by)
    clocked = clock(named, policies, run.as_of, loaded.events)
    clocked = clocked.assign(scope=_find_scope(clocked, run.period, spans))
    tickets = _keep_in_scope(clocked, policies, loaded.events)
    now, watched = (tickets[tickets["scope"].isin(scopes)] for scopes in ([NOW], [NOW, CARRIED]))
    reports = tickets.set_index("ticket_id")["report"]

    findings = _flag_watched(clocked, watched["ticket_id"], policies, loaded.events, run.period)
    findings = _report_findings(findings, reports, run.by)
    earlier = [score_earlier(named, policies, span, loaded.events, "report") for span in spans]
    months = follow_months(clocked, run, scheme)
    counted = _count(now, policy, loaded.events, answer_stage(clocked), months)
    followed = {"trends": follow_trends(months, now, scheme)}
    followed |= {"funnel": follow_funnels(counted.scorecard, run, scheme)}
    followed |= {
        "troubles": find_troubles(findings, watched, rules()),
        "recurring": find_recurring(clocked, policy, clocked["scope"].eq(NOW)),
    }
    judged = (now, counted.scorecard) if run.by == "unit" else (now.head(0), counted.scorecard.head(0))
    assessed, prospects = assess_units(*judged, scheme)
    return Report(
        name=None,
        about=_say_about(run, policies, scheme, clocked, tickets) | {"not_compared": not_compared},
        tickets=tickets,
        findings=findings,
        marks=add_month_marks(_mark_periods(now, earlier, policy, loaded.events), tickets, months),
        issues=_with_report(join_issues([loaded.issues, *_list_doubts(clocked, policies)]), reports),
        legs=_with_report(_legs_in_scope(loaded.events, policy, tickets), reports),
        prospects=prospects,
        counted=counted,
        compared=compare_units(now, counted.scorecard, scheme, earlier, run, peers, followed),
        assessed=assessed,
        basis=Basis(
            account=loaded.account,
            unknown=_list_unknown(loaded.issues),
            rules=rules(watched, loaded.events, policy=policies),
            roster=roster,
        ),
    )


def _check_dispatch(loaded, catalogue):
    """The tickets with what the run's catalogue says of where they were sent; all missing without one."""
    if not catalogue:
        return loaded.tickets.assign(**{name: pd.Series(None, dtype="str") for name in CHECK_COLUMNS})
    checked = check_dispatch(loaded.tickets, read_dispatch_catalogue(catalogue), loaded.events)
    return loaded.tickets.assign(**checked)


def _list_unknown(issues):
    """The words no vocabulary knows, with their counts: a rate they belong to counts without them."""
    return issues.loc[issues["check"].eq(UNKNOWN), ["column", "value"]].reset_index(drop=True)


def _read_file(read, file):
    """What an optional file of the run says; without one an empty frame."""
    return read(project_path(file)) if file else pd.DataFrame({"unit": []}, dtype="str")


def _say_about(run, policies, scheme, clocked, tickets):
    """What the report is about, in words and numbers that JSON can hold."""
    policy = policies[-1]
    return {
        "title": run.title,
        "county": run.county,
        "as_of": str(pd.Timestamp(run.as_of)),
        "period": str(run.period),
        "policy": "、".join(one.name for one in policies),
        "limits": policy.rules.model_dump(mode="json"),
        "scheme": scheme.model_dump(mode="json"),
        "answered_by": answer_stage(clocked),
        "days_ahead": days_ahead(policy, run.as_of),
        "calendar_warning": warn_calendar_end(run.as_of, policy.workdays),
        "outside": int(clocked["scope"].eq(OUTSIDE).sum()),
        "by": run.by,
        "reports": (reports := _list_reports(tickets)),
        "manual": fill_slots(run.manual, run.period, reports),
    }


def _list_reports(tickets):
    """Every report and its group: 乡镇, 县直部门 …, or nothing where the export does not tell."""
    groups = tickets.groupby("report")["unit_group"].first()
    return {name: group if isinstance(group, str) else "" for name, group in groups.items()}


# --- which tickets ---------------------------------------------------------------------------------


def _name_columns(tickets, by):
    """The columns reports are cut by: the report a ticket stands in, and the first level of its category."""
    top = tickets["category"].str.extract(r"^([^/]+)", expand=False)
    return tickets.assign(report=_name_reports(tickets, by), category_top=top)


def _name_reports(tickets, by):
    if by == "month":
        return tickets["received_at"].dt.strftime("%Y年%m月").fillna("（无受理时间）").astype("str")
    return tickets["unit"].fillna(schema.NO_UNIT)


def _find_scope(tickets, period, spans):
    received, as_of = tickets["received_at"], schema.judged_at(tickets)
    is_unanswered = (schema.is_open(tickets) | schema.is_open_again(tickets)) & ~(received > as_of)
    is_unanswered &= ~(received >= pd.Timestamp(period.end) + pd.Timedelta(days=1))
    scope = pd.Series(OUTSIDE, index=tickets.index, dtype="str")
    for span in reversed(spans):
        held = span.period.holds(received) & received.le(span.as_of)
        scope = scope.mask(held, _name_span(span))
    scope = scope.mask(is_unanswered, CARRIED)
    return scope.mask(period.holds(received) & received.le(as_of), NOW)


def _name_span(span):
    return BEFORE if span.against == YEAR_BEFORE else PREVIOUS


def _keep_in_scope(clocked, policies, events):
    tickets = clocked[clocked["scope"].ne(OUTSIDE)]
    tickets = tickets.sort_values(["report", "received_at", "ticket_id"], kind="stable", ignore_index=True)
    told = [explain_dues(own, policy, events) for own, policy in _by_policy(tickets, policies)]
    return tickets.assign(due_explained=pd.concat(told))


def _by_policy(tickets, policies):
    """The tickets that each policy judges, with it."""
    which = find_in_force(tickets["received_at"], policies)
    return [(tickets[which == at], policy) for at, policy in enumerate(policies)]


def _list_doubts(clocked, policies):
    return [list_doubts(own, policy) for own, policy in _by_policy(clocked, policies)]


# --- what is found and counted ---------------------------------------------------------------------


def _flag_watched(clocked, ids, policies, events, period):
    """The findings about the watched tickets; rules that look back see those before the period too."""
    since = pd.Timestamp(period.start) - pd.Timedelta(days=LOOK_BACK_DAYS)
    context = clocked[clocked["received_at"].ge(since) | clocked["ticket_id"].isin(ids)]
    return flag(context, policies, events, among=context["ticket_id"].isin(ids))


def _legs_in_scope(events, policy, tickets):
    return hold_legs(events[events["ticket_id"].isin(tickets["ticket_id"])], policy, tickets)


def _with_report(frame, reports):
    return frame.assign(report=frame["ticket_id"].map(reports).astype("str").fillna(""))


def _report_findings(findings, reports, by):
    """A finding about a unit stands in the unit's report; one about a topic in the county's alone."""
    reported = _with_report(findings, reports)
    is_own = findings["ticket_id"].isna() & findings["unit"].isin(reports) & (by == "unit")
    return reported.assign(report=reported["report"].mask(is_own, findings["unit"]))


def _count(now, policy, events, answered_by, months):
    """The counts of this period, by report."""
    tallies = tally(now, ["report"])
    scorecard = score_tally(tallies, answered_by)
    kept = score(now, "report", with_excluded=True)
    kept = kept[["unit", "metric", "numerator", "denominator", "rate"]].set_index(["unit", "metric"])
    return Counted(
        scorecard=scorecard.join(kept.add_suffix("_with_excluded"), on=["unit", "metric"]),
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


def _mark_periods(now, earlier, policy, events):
    """What every metric, time and stage makes of every ticket, in this period and in the earlier ones."""
    periods = [(NOW, now), *((_name_span(then.span), then.tickets) for then in earlier)]
    return pd.concat(
        [_mark_period(tickets, policy, events).assign(against=name) for name, tickets in periods],
        ignore_index=True,
    )


def _mark_period(tickets, policy, events):
    ids = tickets[["ticket_id", "report"]].assign(is_excluded=tickets["exclusion"].eq(schema.EXCLUDED))
    stages = mark_stages(tickets, policy.workdays, events).add_prefix(STAGE)
    marks = (mark(tickets, with_excluded=True) for mark in (mark_tickets, mark_times))
    return pd.concat([ids, *marks, stages], axis=1)


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
