"""What the reports of a run need, computed once for the whole county; see `prepared` for the frames."""

import pandas as pd

from toolkit import schema
from toolkit.assessing.scheme import read_scheme
from toolkit.clocking.clock import clock, days_ahead
from toolkit.clocking.due_notes import list_doubts
from toolkit.clocking.explain import explain_dues
from toolkit.clocking.flow_log import hold_legs
from toolkit.clocking.policy import read_policy
from toolkit.comparing.movement import YEAR_BEFORE, clock_span, compare_spans, earlier_spans
from toolkit.comparing.peers import read_peers
from toolkit.errors import ParameterError
from toolkit.flagging.flag import flag, rules
from toolkit.loading.issues import join_issues
from toolkit.loading.load import load
from toolkit.people.roster import read_roster
from toolkit.period import parse_as_of, parse_period
from toolkit.preparing.assess import assess_units, find_contributions
from toolkit.preparing.report import Prepared, cut_report, read_prepared
from toolkit.schema import BEFORE, CARRIED, NOW, OUTSIDE, PREVIOUS
from toolkit.scoring.catalogue import lacking
from toolkit.scoring.marks import mark_tickets, mark_times
from toolkit.scoring.score import answer_stage, score, score_tally, score_times
from toolkit.scoring.stage_times import STAGE, mark_stages, time_stages
from toolkit.scoring.tally import tally
from toolkit.settings import project_path

LOOK_BACK_DAYS = 120  # before the period: what rules that look back may need, 90 days and eight weeks at most


def prepare(
    loaded,
    policy,
    as_of,
    period,
    by="unit",
    title="12345热线督查",
    scheme="county_default",
    roster="",
    peers="",
):
    """Clock, flag, score and assess the loaded tickets for one period.

    In scope are the tickets received in the period, those of the earlier periods it is compared with (see
    `movement.earlier_spans`), and earlier ones still unanswered at `as_of`; the others are counted as outside
    and left to other periods. by: "unit", or "month" for one report per month of receipt, which no scheme
    assesses. roster, peers: files, optional.
    """
    policy, as_of, scheme = read_policy(policy), parse_as_of(as_of), read_scheme(scheme)
    period = parse_period(period)
    spans = earlier_spans(period, as_of)
    listed, published = (
        _read_file(read, file) for read, file in ((read_roster, roster), (read_peers, peers))
    )
    clocked = _name_columns(clock(loaded.tickets, policy, as_of, loaded.events), by)
    clocked = clocked.assign(scope=_find_scope(clocked, period, spans, as_of))
    tickets = clocked[clocked["scope"].ne(OUTSIDE)]
    tickets = tickets.sort_values(["report", "received_at", "ticket_id"], kind="stable", ignore_index=True)
    tickets = tickets.assign(due_explained=explain_dues(tickets, policy, loaded.events))

    now = tickets[tickets["scope"].eq(NOW)]
    watched = tickets[tickets["scope"].isin([NOW, CARRIED])]
    earlier = [_score_span(loaded, policy, span, by) for span in spans]
    marks, tallies = _mark_all(now, policy, loaded.events), tally(now, ["report"])
    scorecard = score_tally(tallies, answer_stage(clocked))
    scorecards = [(span, before) for span, _, before in earlier]
    excluded = now["exclusion"].eq(schema.EXCLUDED)
    found = _flag_watched(clocked, watched["ticket_id"], policy, as_of, loaded.events, period)
    reports = tickets.set_index("ticket_id")["report"]
    return Prepared(
        tickets=tickets,
        findings=_report_findings(found, reports, by),
        marks=marks.reset_index(drop=True),
        marks_excluded=_mark_all(now, policy, loaded.events, with_excluded=True)[excluded].reset_index(
            drop=True
        ),
        marks_before=_join_marks(earlier, policy, loaded.events),
        issues=_with_report(join_issues([loaded.issues, list_doubts(clocked, policy)]), reports),
        legs=_with_report(_legs_in_scope(loaded.events, policy, tickets, as_of), reports),
        scorecard=scorecard,
        scorecard_with_excluded=score(now, "report", with_excluded=True),
        scorecard_before=next(before for span, before in scorecards if span.against == YEAR_BEFORE),
        times=score_times(tallies),
        stages=time_stages(now, policy.workdays, "report", loaded.events),
        movements=compare_spans(scorecard, scorecards, period, as_of),
        contributions=find_contributions(now, scorecard, earlier),
        **_assess(now, marks, scorecard, scheme, as_of, by),
        roster=listed,
        peers=published,
        account=loaded.account,
        rules=rules(watched, loaded.events),
        lacking=_list_lacking(now),
        about={
            "title": title,
            "as_of": str(as_of),
            "period": str(period),
            "policy": policy.name,
            "policy_source": policy.source,
            "scheme": scheme.model_dump(mode="json"),
            "answered_by": answer_stage(clocked),
            "days_ahead": days_ahead(policy, as_of),
            "outside": int(clocked["scope"].eq(OUTSIDE).sum()),
            "by": by,
            "reports": _list_reports(tickets),
        },
    )


def _score_span(loaded, policy, span, by):
    """An earlier span, its tickets clocked as they stood then, and their scorecard."""
    before = _name_columns(clock_span(loaded.tickets, policy, span, loaded.events), by)
    return span, before, score(before, "report")


def _assess(now, marks, scorecard, scheme, as_of, by):
    """The frames of `assess_units`, those that name tickets with the report they belong to; empty in a run by month."""
    if by == "month":
        now, marks, scorecard = now.head(0), marks.head(0), scorecard.head(0)
    frames = assess_units(now, marks, scorecard, scheme)
    return frames | {"prospects": frames["prospects"].assign(report=frames["prospects"]["unit"])}


def _read_file(read, file):
    """What an optional file of the run says; without one an empty frame."""
    return read(project_path(file)) if file else pd.DataFrame({"unit": []}, dtype="str")


def _name_columns(tickets, by):
    """The columns reports are cut by: the report a ticket stands in, and the first level of its category."""
    top = tickets["category"].str.extract(r"^([^/]+)", expand=False)
    return tickets.assign(report=_name_reports(tickets, by), category_top=top)


def _find_scope(tickets, period, spans, as_of):
    received = tickets["received_at"]
    is_unanswered = (schema.is_open(tickets) | schema.is_open_again(tickets)) & ~(received > as_of)
    is_unanswered &= ~(received >= pd.Timestamp(period.end) + pd.Timedelta(days=1))
    scope = pd.Series(OUTSIDE, index=tickets.index, dtype="str")
    for span in reversed(spans):
        held = span.period.holds(received) & received.le(span.as_of)
        scope = scope.mask(held, BEFORE if span.against == YEAR_BEFORE else PREVIOUS)
    scope = scope.mask(is_unanswered, CARRIED)
    return scope.mask(period.holds(received) & received.le(as_of), NOW)


def _flag_watched(clocked, ids, policy, as_of, events, period):
    """The findings about the watched tickets; rules that look back see those before the period too."""
    since = pd.Timestamp(period.start) - pd.Timedelta(days=LOOK_BACK_DAYS)
    context = clocked[clocked["received_at"].ge(since) | clocked["ticket_id"].isin(ids)]
    return flag(context, policy, events, among=context["ticket_id"].isin(ids))


def _legs_in_scope(events, policy, tickets, as_of):
    own = events[events["ticket_id"].isin(tickets["ticket_id"])]
    return hold_legs(own, policy, tickets)


def _name_reports(tickets, by):
    if by == "month":
        return tickets["received_at"].dt.strftime("%Y年%m月").fillna("（无受理时间）").astype("str")
    return tickets["unit"].fillna(schema.NO_UNIT)


def _with_report(frame, reports):
    return frame.assign(report=frame["ticket_id"].map(reports).astype("str").fillna(""))


def _report_findings(findings, reports, by):
    """A finding about a unit stands in the unit's report; one about a topic in the county's alone."""
    reported = _with_report(findings, reports)
    is_own = findings["ticket_id"].isna() & findings["unit"].isin(reports) & (by == "unit")
    return reported.assign(report=reported["report"].mask(is_own, findings["unit"]))


def _mark_all(tickets, policy, events, with_excluded=False):
    counted = (count(tickets, with_excluded) for count in (mark_tickets, mark_times))
    stages = mark_stages(tickets, policy.workdays, events).add_prefix(STAGE)
    return pd.concat([tickets[["ticket_id", "report"]], *counted, stages], axis=1)


def _join_marks(earlier, policy, events):
    parts = [_mark_all(before, policy, events).assign(against=span.against) for span, before, _ in earlier]
    return pd.concat(parts, ignore_index=True)


def _list_lacking(tickets):
    lacked = [
        (name, "、".join(map(schema.label_need, missing))) for name, missing in lacking(tickets).items()
    ]
    return pd.DataFrame(lacked, columns=["metric", "missing"], dtype="str")


def _list_reports(tickets):
    """Every report and its group: 乡镇, 县直部门 …, or nothing where the export does not tell."""
    groups = tickets.groupby("report")["unit_group"].first()
    return {name: group if isinstance(group, str) else "" for name, group in groups.items()}


def open_report(
    report=None,
    prepared="",
    source="",
    policy="county_default",
    as_of="",
    period="",
    scheme="county_default",
    roster="",
    peers="",
):
    """What one report shows: read from a run's prepared folder, or made from an export here and now.

    report: the unit's name; None for the whole county. Give either `prepared`, or `source` with
    `as_of` and `period`. Raises ParameterError when both or neither are given, or the unit is unknown.
    """
    if bool(prepared) == bool(source):
        raise ParameterError(
            "give either prepared (a run's folder) or source (an export), not both or neither"
        )
    if prepared:
        return read_prepared(prepared, report)
    whole = prepare(load(source, as_of), policy, as_of, period, scheme=scheme, roster=roster, peers=peers)
    return whole if report is None else cut_report(whole, report)
