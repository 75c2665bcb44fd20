"""What a notebook gets: the Report of a unit or of the whole county, kept as Arrow files and read back unit by unit.

A report's own tickets and what hangs on them, read unit by unit:

    tickets    tickets in the reports' scope, clocked, with the columns of `schema.REPORTS`
    findings   what `flag` found on those of this period and those carried over
    marks      one row per ticket and period it counts in: against (本期, 上期, 上年同期), is_excluded, a column per
               metric and time (`marks.mark_tickets`, those excluded with approval marked as if they counted) and
               环节： per stage (`stage_times.mark_stages`); an earlier period's are judged as it stood then; and
               逐月： per rate followed by month, all judged at as_of (`comparing.months`)
    issues, legs     doubtful rows of the export; which unit held each ticket how long, where a flow log tells
    prospects  which open tickets, answered now, would change a unit's grade (`what_if`)
    related    which other tickets a ticket names, or is like (`relate`); in a unit's report a ticket of another
               unit is missing, the row stays: there is one, and the county's report tells which
    forecasts  of each open ticket not overdue: how many of its kind ran out from where it stands (`look_ahead`)
    tried      the morning list tried on last month: a row a morning and ticket open then (`forecasting.trial`)
    orders     the order (督办单) each ticket stands under, the latest one: number (missing in a draft), level, state,
               answer_by …; filled where a run keeps orders (`supervising`)

and four parts that hold counts and no ticket (but for `CUT`), whole in every report: counted, compared, assessed, basis.
`report` names the report a row belongs to: the unit, or the month of receipt in a run by month.
"""

import json
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from toolkit import schema
from toolkit.errors import ParameterError, SourceError, list_mistakes, nearest
from toolkit.preparing.frames import ENDING, read_frame, write_by_report, write_frame
from toolkit.preparing.relate import hide_others
from toolkit.preparing.shared import locate, read_text


class Counted(NamedTuple):
    """This period's counts: the scorecard, times, stages, what metrics lack; rates by month.

    The scorecard has the counts …_with_excluded, and `doubt`: the words not understood that touch a rate, in a sentence.
    """

    scorecard: pd.DataFrame
    times: pd.DataFrame
    stages: pd.DataFrame
    lacking: pd.DataFrame
    months: pd.DataFrame


class Compared(NamedTuple):
    """With earlier periods (movements, contributions), with chance (ranks, mix), with other counties (peers).

    Each unit with its own months (trends: 走势, 达标) and with the county's rate (funnel: 漏斗图). Two frames name tickets
    and are cut like a report's own: troubles, ranked, and recurring, the county's alone (每月一题).
    """

    movements: pd.DataFrame
    contributions: pd.DataFrame
    ranks: pd.DataFrame
    mix: pd.DataFrame
    peers: pd.DataFrame
    trends: pd.DataFrame
    funnel: pd.DataFrame
    troubles: pd.DataFrame
    recurring: pd.DataFrame


class Assessed(NamedTuple):
    """By the scheme: points item by item, where units stand, the year's score, what to aim at next."""

    items: pd.DataFrame
    standings: pd.DataFrame
    years: pd.DataFrame
    targets: pd.DataFrame


class Basis(NamedTuple):
    """What the report rests on: rows read and what became of them, words not understood, which rules ran, the roster."""

    account: pd.DataFrame
    unknown: pd.DataFrame  # column, value (the word with its count)
    rules: pd.DataFrame
    roster: pd.DataFrame


OWN = ["tickets", "findings", "marks", "issues", "legs", "prospects", "related", "orders"]
OWN += ["forecasts", "tried"]
PARTS = {"counted": Counted, "compared": Compared, "assessed": Assessed, "basis": Basis}
CUT = [
    "troubles",
    "recurring",
]  # frames of `compared` that name tickets: a unit's report holds its own rows alone
ABOUT = "about.json"
ORDERS = {  # column → kind, as in the schema
    **dict.fromkeys(["report", "number", "notice", "unit", "level", "ticket_id", "title"], "text"),
    **dict.fromkeys(["reason", "demand", "state", "note", "due_explained"], "text"),
    **dict.fromkeys(["issued_on", "answer_by", "answered_at"], "time"),
}


@dataclass(frozen=True, eq=False)  # two reports are the same only if they are one
class Report:
    """The report of a unit, or of a month; of the whole county where it has no name."""

    name: str | None
    about: dict  # title, period, as_of, policy, scheme, limits, the names of all reports
    tickets: pd.DataFrame
    findings: pd.DataFrame
    marks: pd.DataFrame
    issues: pd.DataFrame
    legs: pd.DataFrame
    prospects: pd.DataFrame
    related: pd.DataFrame
    orders: pd.DataFrame
    forecasts: pd.DataFrame
    tried: pd.DataFrame
    counted: Counted
    compared: Compared
    assessed: Assessed
    basis: Basis

    @property
    def row(self):
        """The name of the report's rows in tables of counts: the unit's, or 全县."""
        return self.name or schema.COUNTY

    @cached_property
    def now(self):
        """The tickets of this period."""
        return self.tickets[self.tickets["scope"].eq(schema.NOW)]

    @cached_property
    def metrics(self):
        """The names of the metrics counted for any unit."""
        return self.counted.scorecard["metric"].unique().tolist()

    @cached_property
    def moves(self):
        """The report's own rows of the movements: how each metric stands against earlier periods."""
        movements = self.compared.movements
        return movements[movements["unit"].eq(self.row)]

    @cached_property
    def scores(self):
        """Metric → its row of the scorecard, as a dict."""
        scorecard = self.counted.scorecard
        return {row["metric"]: row for row in scorecard[scorecard["unit"].eq(self.row)].to_dict("records")}


def no_orders():
    """The frame of orders where there is none, typed."""
    return pd.DataFrame({name: pd.Series(dtype=schema.DTYPES[kind]) for name, kind in ORDERS.items()})


def write_report(report, folder):
    """The county's report as a folder of frames, of which those in `OWN` can be read report by report."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name in OWN:
        write_by_report(getattr(report, name), folder / (name + ENDING))
    for part in PARTS:
        for name, frame in getattr(report, part)._asdict().items():
            write_frame(frame, folder / (name + ENDING))
    (folder / ABOUT).write_text(json.dumps(report.about, ensure_ascii=False, indent=1), encoding="utf-8")
    return folder


def read_report(folder, name=None):
    """The county's report of a run again; with the name of a unit, that unit's, which holds no other's ticket.

    folder: where it was written, or an address of shared storage (s3://…, of which a unit's rows alone are read).
    Raises ParameterError for a unit the run does not know, SourceError where nothing was prepared.
    """
    folder = locate(folder)
    told = read_text(folder, ABOUT)
    if told is None:
        shown = getattr(folder, "name", folder)
        raise SourceError(f"nothing prepared at '{shown}': run `toolkit batch` with the run's file first")
    about = json.loads(told)
    if name is not None:
        require_reports([name], about["reports"])
    own = {frame: read_frame(folder, frame, name) for frame in OWN}
    own |= {"related": own["related"] if name is None else hide_others(own["related"], name)}
    parts = {
        name: part(*(read_frame(folder, frame) for frame in part._fields)) for name, part in PARTS.items()
    }
    return _cut_compared(Report(name=name, about=about, **own, **parts))


def cut_report(county, name):
    """A unit's report, cut out of the county's in memory: the same as reading it with its name."""
    require_reports([name], county.about["reports"])
    own = {frame: getattr(county, frame) for frame in OWN}
    own = {frame: rows[rows["report"].eq(name)].reset_index(drop=True) for frame, rows in own.items()}
    own |= {"related": hide_others(own["related"], name)}
    parts = {part: getattr(county, part) for part in PARTS}
    return _cut_compared(Report(name=name, about=county.about, **own, **parts))


def _cut_compared(report):
    """The report without the other reports' rows of what names tickets; the county's keeps them all."""
    if report.name is None:
        return report
    frames = {name: getattr(report.compared, name) for name in CUT}
    own = {name: rows[rows["report"].eq(report.name)].reset_index(drop=True) for name, rows in frames.items()}
    return replace(report, compared=report.compared._replace(**own))


def require_reports(wanted, known):
    """Raise ParameterError naming every unit that is not among the known ones."""
    unknown = [name for name in wanted if name not in known]
    if unknown:
        mistakes = [f"'{name}' has no ticket in this run.{nearest(name, known)}" for name in unknown]
        mistakes.append(f"known: {'、'.join(known) or 'none'}")
        raise ParameterError(list_mistakes("unknown unit", mistakes))
