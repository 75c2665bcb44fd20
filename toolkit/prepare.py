"""What a report needs, computed once for the whole county and kept as Parquet, read back unit by unit.

    tickets    tickets in the reports' scope, clocked, with the columns of `schema.REPORTS`
    findings   what `flag` found on those of this period and those carried over
    members    one row per ticket, a column per metric (see `metrics.count_members`), for this period
    legs       which unit held each of them how long, where a flow log tells
    scorecard  the counts of this period
    members_before, scorecard_before   the same days of the year before, judged at the same as_of

`report` names the report a row belongs to: the unit, or the month of receipt in a run by month.
"""

import json
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from toolkit import metrics, schema
from toolkit.clock import clock, days_ahead, list_uncounted
from toolkit.errors import ParameterError, SourceError, list_mistakes, nearest
from toolkit.explain import explain_dues
from toolkit.flag import flag, rules
from toolkit.history import hold_legs
from toolkit.issues import join_issues
from toolkit.load import load
from toolkit.period import parse_as_of, parse_period
from toolkit.policy import read_policy
from toolkit.score import answer_stage, count_scores
from toolkit.settings import project_path

NOW, BEFORE, CARRIED, OUTSIDE = "本期", "上年同期", "往期未回复", "期外"
SLICED = ["tickets", "findings", "members", "members_before", "issues", "legs"]  # read report by report
WHOLE = ["scorecard", "scorecard_before", "account", "rules", "lacking"]
ABOUT = "about.json"
LOOK_BACK_DAYS = 120  # before the period: what rules that look back may need, 90 days and eight weeks at most


@dataclass(frozen=True)
class Prepared:
    """The frames of a run, and what they are about: title, period, as_of, policy, sources."""

    tickets: pd.DataFrame
    findings: pd.DataFrame
    members: pd.DataFrame
    members_before: pd.DataFrame
    issues: pd.DataFrame
    legs: pd.DataFrame
    scorecard: pd.DataFrame
    scorecard_before: pd.DataFrame
    account: pd.DataFrame
    rules: pd.DataFrame
    lacking: pd.DataFrame
    about: dict


def prepare(loaded, policy, as_of, period, by="unit", title="12345热线督查"):
    """Clock, flag and score the loaded tickets for one period.

    In scope are the tickets received in the period, those of the same days a year before, and earlier
    ones still unanswered at `as_of`; the others are counted as outside and left to other periods.
    by: "unit", or "month" for one report per month of receipt.
    """
    policy, as_of = read_policy(policy), parse_as_of(as_of)
    period = parse_period(period) if isinstance(period, (str, int)) else period
    clocked = clock(loaded.tickets, policy, as_of, loaded.events)
    clocked = clocked.assign(
        scope=_find_scope(clocked, period, as_of),
        report=_name_reports(clocked, by),
        category_top=clocked["category"].str.extract(r"^([^/]+)", expand=False),
    )
    tickets = clocked[clocked["scope"].ne(OUTSIDE)]
    tickets = tickets.sort_values(["report", "received_at", "ticket_id"], kind="stable", ignore_index=True)
    tickets = tickets.assign(due_explained=explain_dues(tickets, policy, loaded.events, as_of))

    now = tickets[tickets["scope"].eq(NOW)]
    before = tickets[period.year_before().holds(tickets["received_at"])]
    watched = tickets[tickets["scope"].isin([NOW, CARRIED])]
    found = _flag_watched(clocked, watched["ticket_id"], policy, as_of, loaded.events, period)
    members, members_before = (metrics.count_members(part, as_of) for part in (now, before))
    stage = answer_stage(clocked)
    reports = tickets.set_index("ticket_id")["report"]
    return Prepared(
        tickets=tickets,
        findings=_report_findings(found, reports, by),
        members=_keyed(members, now),
        members_before=_keyed(members_before, before),
        issues=_with_report(join_issues([loaded.issues, list_uncounted(clocked, policy)]), reports),
        legs=_with_report(_legs_in_scope(loaded.events, policy, tickets, as_of), reports),
        scorecard=count_scores(members, now["report"], stage),
        scorecard_before=count_scores(members_before, before["report"], stage),
        account=loaded.account,
        rules=rules(watched, loaded.events),
        lacking=_list_lacking(now),
        about={
            "title": title,
            "as_of": str(as_of),
            "period": str(period),
            "year_before": str(period.year_before()),
            "policy": policy.name,
            "policy_source": policy.source,
            "answered_by": stage,
            "days_ahead": days_ahead(policy, as_of),
            "outside": int(clocked["scope"].eq(OUTSIDE).sum()),
            "by": by,
            "reports": _list_reports(tickets),
        },
    )


def _find_scope(tickets, period, as_of):
    received = tickets["received_at"]
    is_unanswered = tickets["answered_at"].isna() & tickets["due_state"].ne(schema.VOID) & ~(received > as_of)
    is_unanswered &= ~(received >= pd.Timestamp(period.end) + pd.Timedelta(days=1))
    scope = pd.Series(OUTSIDE, index=tickets.index, dtype="str")
    scope = scope.mask(period.year_before().holds(received), BEFORE)
    scope = scope.mask(is_unanswered, CARRIED)
    return scope.mask(period.holds(received) & received.le(as_of), NOW)


def _flag_watched(clocked, ids, policy, as_of, events, period):
    """The findings about the watched tickets; rules that look back see those before the period too."""
    since = pd.Timestamp(period.start) - pd.Timedelta(days=LOOK_BACK_DAYS)
    context = clocked[clocked["received_at"].ge(since) | clocked["ticket_id"].isin(ids)]
    return flag(context, policy, as_of, events, among=context["ticket_id"].isin(ids))


def _legs_in_scope(events, policy, tickets, as_of):
    own = events[events["ticket_id"].isin(tickets["ticket_id"])]
    return hold_legs(own, policy, tickets, as_of)


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


def _keyed(members, tickets):
    return pd.concat([tickets[["ticket_id", "report"]], members], axis=1)


def _list_lacking(tickets):
    lacking = [
        (name, "、".join(map(schema.label, missing))) for name, missing in metrics.lacking(tickets).items()
    ]
    return pd.DataFrame(lacking, columns=["metric", "missing"], dtype="str")


def _list_reports(tickets):
    """Every report and its group: 乡镇, 县直部门 …, or nothing where the export does not tell."""
    groups = tickets.groupby("report")["unit_group"].first()
    return {name: group if isinstance(group, str) else "" for name, group in groups.items()}


def open_report(report=None, prepared="", source="", policy="county_default", as_of="", period=""):
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
    whole = prepare(load(source, as_of), policy, as_of, period)
    return whole if report is None else cut_report(whole, report)


# --- Parquet ---------------------------------------------------------------------------------------


def write_prepared(prepared, folder):
    """Every frame as Parquet; those read by report have one row group per report."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name in SLICED:
        _write_by_report(getattr(prepared, name), folder / f"{name}.parquet")
    for name in WHOLE:
        getattr(prepared, name).to_parquet(folder / f"{name}.parquet", index=False)
    about = json.dumps(prepared.about, ensure_ascii=False, indent=1)
    (folder / ABOUT).write_text(about, encoding="utf-8")
    return folder


def _write_by_report(frame, path):
    frame = frame.reset_index(drop=True).sort_values("report", kind="stable")
    table = pa.Table.from_pandas(frame, preserve_index=True)
    starts = [0, *(frame["report"].ne(frame["report"].shift()).to_numpy().nonzero()[0].tolist()), len(frame)]
    with pq.ParquetWriter(path, table.schema) as writer:
        for start, end in pairwise(starts):
            if end > start:
                writer.write_table(table.slice(start, end - start))


def read_prepared(folder, report=None):
    """The frames of a run again; with a report's name, its tickets, findings and members only.

    The scorecards are whole either way: they hold counts, no ticket. Raises ParameterError for a unit
    the run does not know, SourceError where nothing was prepared.
    """
    folder = project_path(folder)
    if not (folder / ABOUT).is_file():
        raise SourceError(
            f"nothing prepared at '{folder.name}': run `toolkit batch` with the run's file first"
        )
    about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    if report is not None:
        require_reports([report], about["reports"])
    filters = None if report is None else [("report", "==", report)]
    frames = {name: pd.read_parquet(folder / f"{name}.parquet", filters=filters) for name in SLICED}
    frames = {name: frame.sort_index().reset_index(drop=True) for name, frame in frames.items()}
    frames |= {name: pd.read_parquet(folder / f"{name}.parquet") for name in WHOLE}
    return Prepared(**frames, about=about)


def cut_report(prepared, report):
    """The same as reading with a report's name, for frames already in memory."""
    require_reports([report], prepared.about["reports"])
    own = {name: getattr(prepared, name) for name in SLICED}
    own = {name: frame[frame["report"].eq(report)].reset_index(drop=True) for name, frame in own.items()}
    return Prepared(**own, **{name: getattr(prepared, name) for name in [*WHOLE, "about"]})


def require_reports(wanted, known):
    """Raise ParameterError naming every unit that is not among the known ones."""
    unknown = [name for name in wanted if name not in known]
    if unknown:
        mistakes = [f"'{name}' has no ticket in this run.{nearest(name, known)}" for name in unknown]
        mistakes.append(f"known: {'、'.join(known) or 'none'}")
        raise ParameterError(list_mistakes("unknown unit", mistakes))
