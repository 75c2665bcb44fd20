"""How well forecasts would have done: made again on past mornings from what was known then, and held against what came.

A ticket is looked at on every morning on which it was open and due within `DAYS`. Whether it was answered, and when it
was due, is taken as it stood that morning; the forecast learns from tickets alone that were due before. An extension
whose time no flow log tells counts as not yet granted. What the export keeps in its last state only (unit, category) is
taken as it is now; void tickets are left out, although some were on the list that morning.
"""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.clocking.clock import clock
from toolkit.clocking.due import EXTENDED
from toolkit.clocking.flow_log import only_logged
from toolkit.clocking.in_force import read_policies
from toolkit.clocking.workdays import split_days
from toolkit.forecasting.cases import TENTHS, count_marks, find_tenths, list_cases, measure
from toolkit.forecasting.look_ahead import as_times, choose_told
from toolkit.forecasting.table import count_kinds, count_table, read_table
from toolkit.forecasting.terms import read_look_ahead

DAYS = 28  # calendar days: what is due later stands on no list yet
REPLAYED = {
    **{"morning": "datetime64[us]", "ticket_id": "str", "due_at": "datetime64[us]", "tenth": "int64"},
    **{"chance": "float64", "is_weak": "bool", "kind_rate": "float64", "ran_out": "bool"},
}
MOVES = ["extension_approved", "paused"]


def list_mornings(as_of, calendar):
    """The working days of the month before that of as_of, each when the office opens."""
    first = (as_of.normalize().replace(day=1) - pd.Timedelta(days=1)).replace(day=1)
    days = pd.date_range(first, first + pd.offsets.MonthEnd(0))
    numbers, _, covered = split_days(days, calendar)
    opens = pd.Timedelta(calendar.spans[0][0], "us")
    return [
        day + opens for day, works in zip(days, calendar.is_working[numbers] & covered, strict=True) if works
    ]


def replay(tickets, mornings, policy, events=None, settings=None):
    """每个早上每件未到期的工单：当时的预测，和后来是否逾期。

    tickets: clocked at a later moment; policy, events: as given to `clock`. One row a morning and ticket whose outcome is
    settled since: `due_at` and `tenth` of its limit as that morning knew them, `chance` and is_weak as `look_ahead` gave
    them then, `kind_rate`: the kind's rate whatever the share gone, `ran_out`: what came of it.
    """
    policies, settings = read_policies(policy), settings or read_look_ahead()
    calendar = policies[-1].workdays
    cases = list_cases(tickets, calendar)
    sizes, dues = count_kinds(cases), know_dues(tickets, mornings, policies, events)
    tickets = tickets[["received_at", "clock_from", "answered_at", "answered_until"]]
    answered = tickets["answered_at"].fillna(tickets["answered_until"])
    stood = [
        own.to_numpy() for own in (cases["is_told"], tickets["received_at"], tickets["clock_from"], answered)
    ]
    parts = []
    for morning in mornings:
        then = _know_then(cases, tickets, dues.get(morning), calendar)
        asked = _choose_asked(stood, then["due_at"].to_numpy(), morning)
        if not asked.any():
            continue
        table = count_table(choose_told(then, morning), sizes)
        found = _forecast(tickets[asked], then[asked], morning, table, calendar, settings)
        parts.append(found.assign(ran_out=cases["ran_out"][found.index])[list(REPLAYED)].astype(REPLAYED))
    return (
        pd.concat(parts, ignore_index=True)
        if parts
        else pd.DataFrame(columns=list(REPLAYED)).astype(REPLAYED)
    )


def find_moved(tickets, events):
    """Which tickets had their due time moved, by an extension or a pause: what a morning knew of it must be asked."""
    logged = only_logged(events)
    ids = logged.loc[logged["event"].isin(MOVES), "ticket_id"]
    return tickets["due_source"].eq(EXTENDED) | tickets["ticket_id"].isin(ids)


def know_dues(tickets, mornings, policies, events):
    """Morning → when the tickets whose due time was moved were due, as far as that morning knew: all clocked at once.

    Missing where the clock stood still past the due time.
    """
    moved, logged = tickets[find_moved(tickets, events)], only_logged(events)
    if moved.empty or not mornings:
        return {}
    logged = logged[logged["ticket_id"].isin(moved["ticket_id"])]
    parts = [_stand_then(moved, logged, morning) for morning in mornings]
    stood, happened = (pd.concat(frames, ignore_index=True) for frames in zip(*parts, strict=True))
    clocked = clock(stood, policies, schema.judged_at(tickets), happened)
    then = np.repeat(np.array(mornings, dtype=schema.DTYPES["time"]), len(moved))
    stands = clocked["due_state"].eq(schema.PENDING) & (clocked["due_at"] < then)
    dues = clocked["due_at"].mask(stands).to_numpy().reshape(len(mornings), len(moved))
    return {morning: pd.Series(due, index=moved.index) for morning, due in zip(mornings, dues, strict=True)}


def _stand_then(moved, logged, morning):
    """The tickets and their log as they stood one morning, under numbers of that morning's own."""
    logged, mark = logged[logged["at"].le(morning)], f"@{morning}"
    granted = logged.loc[logged["event"].eq("extension_approved"), "ticket_id"]
    stages = {name: moved[name].where(moved[name].le(morning)) for name in schema.STAGES}
    known = stages | {"extended_due_at": moved["extended_due_at"].where(moved["ticket_id"].isin(granted))}
    known |= {name: pd.Series(None, index=moved.index, dtype="str") for name in ("status", "reply")}
    stood = moved[schema.names()].assign(ticket_id=moved["ticket_id"] + mark, **known)
    return stood, logged.assign(ticket_id=logged["ticket_id"] + mark)


def _know_then(cases, tickets, due, calendar):
    """The cases by the due times of one morning: what had come after such a due time had run out."""
    if due is None:
        return cases
    own = tickets.loc[due.index]
    until = own["answered_at"].fillna(own["answered_until"])
    ran_out = ~until.le(due)
    gone, whole = measure(own["clock_from"], until.where(~ran_out, due), due, calendar)
    known = {"due_at": due, "ran_out": ran_out, "marks": np.where(ran_out, TENTHS, count_marks(gone, whole))}
    known |= {"is_told": cases["is_told"][due.index] & (whole > 0)}
    then = cases.copy()
    then.loc[due.index, list(known)] = pd.DataFrame(known, index=due.index)
    return then


def was_open(tickets, morning):
    """Which tickets had come in by that morning, and were not answered."""
    answered = tickets["answered_at"].fillna(tickets["answered_until"])
    return tickets["received_at"].le(morning) & ~answered.le(morning)


def _choose_asked(stood, due, morning):
    """Which tickets that morning asks about: open, due within DAYS, and settled since. In numpy: most mornings ask none."""
    now, received, starts, answered = np.datetime64(morning), *stood[1:]
    asked = stood[0] & (received <= now) & (starts <= now) & ~(answered <= now)
    return asked & (due >= now) & (due <= now + np.timedelta64(DAYS, "D"))


def _forecast(tickets, cases, morning, table, calendar, settings):
    at = as_times(morning, tickets)
    gone, whole = measure(tickets["clock_from"], at, cases["due_at"], calendar)
    tenth = find_tenths(gone, whole)
    found = read_table(table, cases, tenth + 1, settings)
    anyhow = read_table(table, cases, np.zeros_like(tenth), settings)
    rows = cases[["ticket_id", "due_at"]].assign(
        morning=morning,
        tenth=tenth,
        chance=found["chance"],
        is_weak=found["is_weak"],
        kind_rate=anyhow["chance"],
    )
    return rows[whole > 0]


# --- how well it did -------------------------------------------------------------------------------


def score_order(values, ran_out):
    """AUC: of two tickets of which one ran out, how often that one has the higher value; missing without two such."""
    ran_out = np.asarray(ran_out, dtype=bool)
    yes, no = int(ran_out.sum()), int((~ran_out).sum())
    ranks = pd.Series(np.asarray(values)).rank().to_numpy()
    return (ranks[ran_out].sum() - yes * (yes + 1) / 2) / (yes * no) if yes and no else np.nan


def score_chances(chances, ran_out):
    """Brier score: the mean square of what a chance is from what came, 0 at best; missing without a ticket."""
    return (
        float(np.mean((np.asarray(chances) - np.asarray(ran_out, dtype=float)) ** 2))
        if len(chances)
        else np.nan
    )


def list_fifths(replayed):
    """The replayed rows by chance in five equal parts, the lowest first: fifth, count, ran_out, rate and mean chance."""
    order = replayed["chance"].rank(method="first")
    fifth = ((order - 1) * 5 // max(len(replayed), 1)).astype("int64") + 1
    groups = replayed.groupby(fifth.rename("fifth"))
    counts = groups["ran_out"].agg(count="size", ran_out="sum").reset_index()
    return counts.assign(rate=counts["ran_out"] / counts["count"], chance=groups["chance"].mean().to_numpy())
