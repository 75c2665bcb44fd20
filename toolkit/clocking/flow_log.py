"""What a flow log tells about tickets: pauses, extensions, and which unit held them how long.

Only a real log counts: events built from a ticket's own times know the last of each kind and no history.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from toolkit import schema
from toolkit.clocking.workdays import count_office_hours

HANDED_OVER = ["dispatched", "redispatched"]
LEGS = ["ticket_id", "leg", "unit", "held_from", "held_to", "held", "held_hours"]


class History(NamedTuple):
    """Frames by `row`, the place of the ticket in its table.

    pauses: paused_at, resumed_at, and is_resumed (false where no 恢复 ended it; resumed_at is then missing
    unless the ticket was passed on or closed); approvals: at, of extensions; held_from: since when the present
    unit holds a ticket that was passed on; reworks: first, last 重办 since then; answers: event, at of replies
    and closings since then.
    """

    pauses: pd.DataFrame
    approvals: pd.DataFrame
    held_from: pd.Series
    reworks: pd.DataFrame
    answers: pd.DataFrame


def only_logged(events, as_of=None):
    """The events of a real flow log, up to as_of; none for none."""
    if events is None:
        kinds = {"ticket_id": "str", "event": "str", "at": "datetime64[us]", "unit": "str", "detail": "str"}
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()}).assign(
            is_built=False
        )
    logged = events[~events["is_built"].astype(bool)]
    return logged if as_of is None else logged[logged["at"].le(as_of)]


def order_log(events, tickets):
    """The events of the tickets, ticket by ticket in the order of time: row, the ticket's place; event, at, unit.

    Of two at one moment the first of the log stays first. Words as categories: a log is long, and numbers
    sort far faster.
    """
    ids = (pa.array(frame["ticket_id"].astype("str"), pa.large_string()) for frame in (events, tickets))
    rows = pc.fill_null(pc.index_in(*ids), -1).to_numpy(zero_copy_only=False)
    at = events["at"].to_numpy().astype("datetime64[us]")
    same, later = rows[1:] == rows[:-1], rows[1:] > rows[:-1]
    is_ordered = (later | (same & (at[1:] >= at[:-1]))).all()
    order = np.arange(len(rows)) if is_ordered else np.lexsort((at, rows))
    order = order[(rows[order] >= 0)]
    words = {name: pd.Categorical(events[name])[order] for name in ("event", "unit")}
    return pd.DataFrame({"row": rows[order].astype("int64"), "at": at[order], **words})


def read_history(events, tickets, as_of):
    """What the log tells of each ticket; see `History`.

    events: as `load` gives them, or None; what came after `as_of` has not happened.
    """
    logged = only_logged(events, as_of)
    return _tell_history(logged, tickets) if len(logged) else _no_history()


@cache
def _no_history():
    """What is told where there is no log: nothing, made once."""
    return _tell_history(only_logged(None), pd.DataFrame({"ticket_id": [], "unit": []}, dtype="str"))


def _tell_history(events, tickets):
    logged = order_log(events, tickets).astype({"event": "str", "unit": "str"})
    turns = _find_turns(logged)
    held_from = _find_handover(turns, tickets)
    own = logged[~(logged["at"] < moments_of(logged, held_from))]
    reworks = own[own["event"].eq("reworked")].groupby("row")["at"].agg(["first", "last"])
    return History(
        pauses=_pair_pauses(logged, turns),
        approvals=logged.loc[logged["event"].eq("extension_approved"), ["row", "at"]],
        held_from=held_from,
        reworks=reworks,
        answers=own.loc[own["event"].isin(["replied", "closed"]), ["row", "event", "at"]],
    )


def _pair_pauses(logged, turns):
    """Each pause with its end. A second `paused` within a pause changes nothing, nor a stray `resumed`.

    Passing on to another unit, and closing, end a pause at the latest.
    """
    is_end = logged["event"].isin(["resumed", "closed"]) | logged.index.isin(turns.index[turns["turn"].gt(0)])
    is_start = logged["event"].eq("paused")
    marks = logged[is_start | is_end].assign(starts=is_start)
    marks = marks[marks["starts"].ne(marks.groupby("row")["starts"].shift(fill_value=False))]
    ends = marks.groupby("row")[["at", "event"]].shift(-1)
    pauses = pd.DataFrame({"row": marks["row"], "paused_at": marks["at"], "resumed_at": ends["at"]})
    pauses = pauses.assign(is_resumed=ends["event"].eq("resumed"))
    return pauses[marks["starts"]].reset_index(drop=True)


def moments_of(rows, moments):
    """For each of the rows the moment that its ticket has in a column by row; missing where it has none."""
    return pd.Series(moments.reindex(rows["row"]).to_numpy(), index=rows.index, dtype="datetime64[us]")


def place_moments(moments, tickets):
    """A column by row as a column of the tickets."""
    column = np.full(len(tickets), np.datetime64("NaT", "us"))
    column[moments.index] = moments.to_numpy()
    return pd.Series(column, index=tickets.index)


def clip_pauses(pauses, until):
    """The pauses as far as they count for an answer: none after it, and none longer than until it.

    until: by when each ticket was answered at the latest. A pause that nothing ended has no resumed_at.
    """
    ends = until.iloc[pauses["row"]].set_axis(pauses.index)
    kept = pauses.assign(resumed_at=pauses[["resumed_at"]].assign(ends=ends).min(axis=1))
    return kept[~(kept["paused_at"] >= ends)].reset_index(drop=True)


def _find_turns(logged):
    """The events that gave a ticket to a unit that did not have it: row, at, unit, turn (0 for the first)."""
    sent = logged[logged["event"].isin(HANDED_OVER) & logged["unit"].notna()]
    sent = sent[sent["unit"].ne(sent.groupby("row")["unit"].shift())]
    return sent.assign(turn=sent.groupby("row").cumcount())


def _find_handover(turns, tickets):
    """Row → when the present unit got the ticket, for those dispatched to more than one unit in turn."""
    last = turns.drop_duplicates("row", keep="last").set_index("row")
    present = tickets["unit"].iloc[last.index].to_numpy()
    return last.loc[last["turn"].gt(0) & (last["unit"] == present), "at"]


def hold_legs(events, policy, tickets=None):
    """How long each unit held each ticket: from its first event to the first event of the next unit.

    One row per ticket and unbroken stay with a unit: leg (1, 2, …), held_from, held_to, held (calendar
    time), held_hours (office hours). The legs of a ticket sum exactly to its last event less its first.
    With clocked tickets, what came after they were judged is left out, and the last leg of a ticket still
    unanswered runs on to that moment.
    An event without a unit belongs to the unit before it, at the start to the first one named.
    """
    as_of = None if tickets is None else schema.judged_at(tickets)
    logged = only_logged(events, as_of)
    logged = logged.sort_values(["ticket_id", "at"], kind="stable")
    ids = logged["ticket_id"]
    units = logged["unit"].groupby(ids).ffill()
    units = units.groupby(ids).bfill()
    is_new = ids.ne(ids.shift()) | units.fillna("").ne(units.fillna("").shift())
    legs = pd.DataFrame({"ticket_id": ids, "unit": units, "held_from": logged["at"]})[is_new]
    last = logged.groupby("ticket_id")["at"].last()
    if tickets is not None:
        is_open = schema.is_open(tickets) | schema.is_open_again(tickets)
        is_open &= tickets["ticket_id"].isin(last.index)
        last.loc[tickets.loc[is_open, "ticket_id"]] = as_of
    ends = pd.Series(last.reindex(legs["ticket_id"]).to_numpy(), index=legs.index)
    goes_on = legs["ticket_id"].eq(legs["ticket_id"].shift(-1))
    legs["held_to"] = ends.mask(goes_on, legs["held_from"].shift(-1).astype("datetime64[us]"))
    return legs.assign(
        leg=legs.groupby("ticket_id").cumcount() + 1,
        held=legs["held_to"] - legs["held_from"],
        held_hours=count_office_hours(legs["held_from"], legs["held_to"], policy.workdays),
    )[LEGS].reset_index(drop=True)
