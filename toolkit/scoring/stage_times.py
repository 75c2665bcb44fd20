"""How long each stage takes: 接收、分派、督办、回复、回访, then 办结, and which of them holds the tickets up.

Times are office hours between two columns of the ticket. What is still open counts as open: it has already
lasted until `as_of`, and its median and P90 are Kaplan and Meier's, so that leaving a ticket lying does not
make a unit look quick.
"""

from itertools import pairwise

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.clocking.flow_log import only_logged
from toolkit.clocking.workdays import office_time, read_calendar
from toolkit.scoring.survival import first_time, share_open

# The five stages the county's report names, and closing: which two times bound each.
BOUNDS = {
    "接收": ("received_at", "dispatched_at"),
    "分派": ("dispatched_at", "signed_at"),
    "督办": ("signed_at", "replied_at"),
    "回复": ("replied_at", "fed_back_at"),
    "回访": ("fed_back_at", "visited_at"),
    "办结": ("visited_at", "closed_at"),
}
CHAIN = ["received_at", *(end for _, end in BOUNDS.values())]
URGED = "催办后"
URGES = ["urged", "supervised"]
HANDLING = "督办"  # the stage that 催办后 is a part of
OPEN, TIMED = 0, 1
STAGE = "环节："  # before a stage's name: its column of `mark_stages` in a report's ticket table
HOUR = 3_600_000_000  # microseconds
TIMES = [
    *["unit", "stage", "bounds", "timed", "open", "missing", "disordered"],
    *["median_hours", "p90_hours", "total_hours", "share"],
]


def time_stages(tickets, calendar=None, by="unit", events=None):
    """How long every stage takes, for each unit and the county, in office hours.

    接收 is receipt to dispatch, 分派 dispatch to signing, 督办 signing to reply (the unit handles, the centre
    supervises), 回复 reply to feedback, 回访 feedback to the call-back, 办结 call-back to closing. A time the
    whole export lacks is skipped: the stage then starts at the one before it, and `bounds` says so. With a
    flow log, 催办后 is the first urge to the reply, a part of 督办. One row per unit and stage: timed, how
    many tickets have both times; open, how many are in it when judged; missing, how many have passed it
    without one of the times; disordered, how many have them in the wrong order (these two are in no time);
    median_hours and p90_hours, missing where not so many have come out yet; total_hours, timed and open
    together; share, of the unit's hours in all stages (none for 催办后). Void tickets are left out.
    """
    schema.judged_at(tickets)  # raises where they were not clocked
    calendar = calendar or read_calendar()
    tickets = tickets[~tickets["due_state"].isin(schema.NOT_JUDGED)]
    spans, bounds = _span_stages(tickets, calendar, events), find_bounds(tickets)
    names = {stage: "→".join(map(schema.label, ends)) for stage, ends in bounds.items()}
    names[URGED] = "首次催办→回复时间"
    groups = tickets[by].fillna(schema.NO_UNIT)
    county = pd.Series(schema.COUNTY, index=tickets.index)
    parts = [
        _time_span(span, units).assign(stage=stage, bounds=names[stage])
        for units in (county, groups)
        for stage, span in spans.items()
    ]
    if not parts:
        return pd.DataFrame(columns=TIMES).astype({"unit": "str", "stage": "str"})
    return _share_hours(pd.concat(parts, ignore_index=True))[TIMES]


def _share_hours(times):
    """The stages unit by unit, each with its share of the unit's hours in all stages."""
    order = times["unit"].map({unit: place for place, unit in enumerate(times["unit"].unique())})
    times = times.loc[np.lexsort((times.index, order))].reset_index(drop=True)
    whole = times["total_hours"].mask(times["stage"].eq(URGED)).groupby(times["unit"]).transform("sum")
    share = (times["total_hours"] / whole.where(whole > 0)).mask(times["stage"].eq(URGED))
    return times.assign(share=share)


def find_bounds(tickets):
    """Stage → the two columns that bound it in this export; a stage whose end it never tells is left out."""
    empty = [column for column in CHAIN[1:] if len(tickets) and tickets[column].isna().all()]
    filled = [column for column in CHAIN if column not in empty]
    stages = {end: stage for stage, (_, end) in BOUNDS.items()}
    return {stages[end]: (start, end) for start, end in pairwise(filled)}


def find_bottlenecks(times):
    """The stage that takes the most of each unit's office hours, with its share; none where only one has any."""
    own = times[times["share"].gt(0)]
    own = own[own.groupby("unit")["stage"].transform("size").gt(1)]
    return times.loc[own.groupby("unit", sort=False)["share"].idxmax()].reset_index(drop=True)


def mark_stages(tickets, calendar=None, events=None):
    """For every ticket and stage: 1 where its time is known, 0 where it is in the stage when judged, else missing.

    The tickets behind the figures of `time_stages`, in the manner of `marks.mark_tickets`.
    """
    schema.judged_at(tickets)
    calendar = calendar or read_calendar()
    is_void = tickets["due_state"].isin(schema.NOT_JUDGED).to_numpy()
    marks = {}
    for stage, (_, is_timed, is_open, *_) in _span_stages(tickets, calendar, events).items():
        value = np.where(is_timed, TIMED, OPEN)
        marks[stage] = pd.arrays.IntegerArray(value.astype("int8"), is_void | ~(is_timed | is_open))
    return pd.DataFrame(marks, index=tickets.index)


def _span_stages(tickets, calendar, events):
    """Stage → the hours of every ticket in it, and which tickets they are known of; see `_span`."""
    as_of = schema.judged_at(tickets)
    passed, known = _office_times(tickets, calendar)
    spans = {
        stage: _span(passed, known, *ends, as_of, calendar, _is_past(tickets, ends[1]))
        for stage, ends in find_bounds(tickets).items()
    }
    urged = {} if events is None else _urge_span(tickets, events, passed, known, as_of, calendar)
    parts = [[(stage, span), *(urged.items() if stage == HANDLING else [])] for stage, span in spans.items()]
    return dict(pair for part in parts for pair in part)


def _office_times(tickets, calendar):
    """Column → office time passed until it, and whether it is known and had happened when judged."""
    as_of = schema.judged_at(tickets)
    passed, known = {}, {}
    for column in CHAIN:
        passed[column], covered = office_time(tickets[column], calendar)
        known[column] = covered & tickets[column].le(as_of).to_numpy()
    return passed, known


def _is_past(tickets, end):
    """Which tickets have a stage behind them though no time says when: answered, or closed, by what else is known."""
    if CHAIN.index(end) <= CHAIN.index("replied_at"):
        return tickets["answered"].eq(schema.YES).to_numpy()
    return tickets["status"].isin(schema.CLOSED_STATUSES).to_numpy()


def _span(passed, known, start, end, as_of, calendar, is_past):
    """Hours in a stage, and which tickets are timed, open, lack a time, or have the two in the wrong order."""
    later = np.logical_or.reduce([is_past, *(known[column] for column in CHAIN[CHAIN.index(end) :])])
    now, _ = office_time(as_of, calendar)
    hours = (np.where(known[end], passed[end], now[0]) - passed[start]) / HOUR
    both = known[start] & known[end]
    is_open = known[start] & ~later
    is_timed = both & (hours >= 0)
    return hours, is_timed, is_open, later & ~both, both & (hours < 0)


def _urge_span(tickets, events, passed, known, as_of, calendar):
    logged = only_logged(events, as_of)
    urges = logged[logged["event"].isin(URGES)].groupby("ticket_id")["at"].min()
    if urges.empty:
        return {}
    first = tickets["ticket_id"].map(urges).astype("datetime64[us]")
    urged, covered = office_time(first, calendar)
    before_reply = covered & ~(known["replied_at"] & (passed["replied_at"] < urged))
    hours = passed | {URGED: urged}
    is_past = _is_past(tickets, "replied_at")
    span = _span(hours, known | {URGED: before_reply}, URGED, "replied_at", as_of, calendar, is_past)
    none = np.zeros(len(tickets), dtype=bool)
    return {URGED: (*span[:3], none, none)}


def _time_span(span, units):
    hours, is_timed, is_open, is_missing, is_disordered = span
    codes, names = pd.factorize(units, sort=True)
    counts = {"timed": is_timed, "open": is_open, "missing": is_missing, "disordered": is_disordered}
    counts = {name: np.bincount(codes[which], minlength=len(names)) for name, which in counts.items()}
    lasted = is_timed | is_open
    quantiles = km_quantiles(codes[lasted], len(names), hours[lasted], is_timed[lasted], [0.5, 0.9])
    total = np.bincount(codes[lasted], weights=hours[lasted], minlength=len(names))
    times = dict(zip(["median_hours", "p90_hours"], quantiles, strict=True))
    return pd.DataFrame({"unit": pd.Series(names, dtype="str"), **counts, **times, "total_hours": total})


def km_quantiles(codes, size, hours, is_done, shares):
    """For each share, group by group: the first time by which so many have come out (Kaplan–Meier).

    Missing where those still open leave it unknown. Without open ones it is the ordinary quantile: the
    smallest time that so many do not exceed.
    """
    when = (
        np.rint(hours * HOUR).astype("int64") * 2 + ~is_done
    )  # of two at one moment the open one leaves later
    order = np.argsort(when)
    order = order[np.argsort(codes[order].astype("uint16" if size < 2**16 else "int64"), kind="stable")]
    codes, hours, is_done = codes[order], hours[order], is_done[order]
    left = share_open(codes, is_done, np.ones(len(codes)))
    return [first_time(codes, size, hours, left, share) for share in shares]
