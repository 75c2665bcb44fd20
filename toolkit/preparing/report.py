"""What a run prepared, kept as Parquet and read back unit by unit.

    tickets    tickets in the reports' scope, clocked, with the columns of `schema.REPORTS`
    findings   what `flag` found on those of this period and those carried over
    marks    one row per ticket, a column per metric (`marks.mark_tickets`) and time, and 环节： per stage
               (`stage_times.mark_stages`), for this period; marks_excluded: the same for the tickets excluded
               with approval alone, as if they counted
    marks_before   the same for the earlier periods, judged as they stood then; `against` says which
    issues, legs     doubtful rows of the export; which unit held each ticket how long, where a flow log tells
    prospects  which open tickets, answered now, would change a unit's grade (`what_if`)

These are read report by report. The others hold counts and no ticket, and are read whole:

    scorecard  the counts of this period; scorecard_with_excluded: those excluded with approval counted too;
               scorecard_before: those of the year before
    times      how long it took (`tally.times`); stages: stage by stage (`time_stages`)
    movements  this period beside the earlier ones; contributions: who moved the county
    items, standings, years, targets, ranks, mix   see `assess.assess_units`
    roster, peers    as the run's files give them; empty without
    account, rules, lacking   what was read, which rules ran, which metrics the export lacks columns for

`report` names the report a row belongs to: the unit, or the month of receipt in a run by month.
"""

import json
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from toolkit.errors import ParameterError, SourceError, list_mistakes, nearest
from toolkit.settings import project_path

SLICED = [
    "tickets",
    "findings",
    "marks",
    "marks_excluded",
    "marks_before",
    "issues",
    "legs",
    "prospects",
]
WHOLE = [
    *["scorecard", "scorecard_with_excluded", "scorecard_before", "times", "stages", "movements"],
    *["contributions", "items", "standings", "years", "targets", "ranks", "mix", "roster", "peers"],
    *["account", "rules", "lacking"],
]
ABOUT = "about.json"


@dataclass(frozen=True)
class Prepared:
    """The frames of a run, and what they are about: title, period, as_of, policy, scheme, sources."""

    tickets: pd.DataFrame
    findings: pd.DataFrame
    marks: pd.DataFrame
    marks_excluded: pd.DataFrame
    marks_before: pd.DataFrame
    issues: pd.DataFrame
    legs: pd.DataFrame
    prospects: pd.DataFrame
    scorecard: pd.DataFrame
    scorecard_with_excluded: pd.DataFrame
    scorecard_before: pd.DataFrame
    times: pd.DataFrame
    stages: pd.DataFrame
    movements: pd.DataFrame
    contributions: pd.DataFrame
    items: pd.DataFrame
    standings: pd.DataFrame
    years: pd.DataFrame
    targets: pd.DataFrame
    ranks: pd.DataFrame
    mix: pd.DataFrame
    roster: pd.DataFrame
    peers: pd.DataFrame
    account: pd.DataFrame
    rules: pd.DataFrame
    lacking: pd.DataFrame
    about: dict


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
    """The frames of a run again; with a report's name, its tickets, findings and marks only.

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
