"""Tickets kept between exports: the latest state of each, its earlier states, and what changed.

The store is a folder. `states-000007.parquet` holds every state, `current.json` names that file:

    new states → temporary name → flushed to disk → states-000008.parquet → current.json replaced

The last step is the only one a reader sees, and the system does it whole or not at all; a process that
is killed at any moment leaves the old store readable. The generation before stays for readers that
have just opened it; what killed writes left behind is ignored, and removed by the next write.
"""

from itertools import compress

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.errors import StoreError, list_mistakes
from toolkit.loading.generations import commit, read_current, sole_writer, write_generation
from toolkit.period import parse_as_of, parse_period
from toolkit.settings import project_path

STORE = "outputs/store"
NEW, CHANGED, GONE = "new", "changed", "gone"
CHANGES = ["ticket_id", "unit", "change", "columns"]
COMPARED = [name for name in schema.names() if name not in ("ticket_id", *schema.ORIGIN)]


def update_store(tickets, exported_at, folder=STORE, covers=None, refused=()):
    """Bring the store to the state of a newer export and say what changed.

    tickets: columns of the schema, one row per ticket_id; columns not given are missing throughout.
    exported_at: the moment the export stands for. covers: the period of received_at it was exported
    for ("2025-03" or a Period); when not given, from the first to the last ticket of each source_file,
    which a mistyped year would stretch. refused: numbers that the export holds but `load` refused.

    Gives ticket_id, unit, change and columns, by ticket_id: `new` (also one that comes back), `changed`
    (columns: their labels, joined by 、; source_file, source_sheet and source_row do not count), `gone`
    (in the store, received in what the export covers, and not in it; never one without received_at).
    Missing and missing are equal, missing and a value are not. A ticket unchanged adds no state.
    Raises StoreError for tickets without a number or with the same, for an export not newer than the
    store (unless it says nothing new), for a damaged store, and while another process is writing.
    """
    moment, tickets = parse_as_of(exported_at).as_unit("us"), _require_one_each(tickets)
    covers = None if covers is None else parse_period(covers)
    folder = project_path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with sole_writer(folder):
        pointer, states = read_current(folder)
        changes, added = _compare(_known_at(states, moment), tickets, covers, refused)
        if pointer and moment <= pd.Timestamp(pointer["exported_at"]):
            _refuse_older(moment, pointer, changes)
            return changes
        if len(added) or not pointer:
            pointer = write_generation(folder, pointer, states, added.assign(exported_at=moment))
        commit(folder, pointer | {"exported_at": str(moment)})
    return changes


def read_store(folder=STORE, as_of=None):
    """The tickets in their latest state, or in the state known at `as_of`, by ticket_id.

    Columns and types are those of the schema. A ticket gone by then is left out; before the first
    export there is none. The origin columns name the export that brought the state.
    Raises StoreError where nothing is stored or the store is damaged.
    """
    moment = pd.Timestamp.max if as_of is None else parse_as_of(as_of)
    return _known_at(read_states(folder), moment)[schema.names()].reset_index(drop=True)


def read_states(folder=STORE):
    """Every state of every ticket, by ticket_id and exported_at, which is when the state was first seen.

    Columns of the schema, `exported_at` and `is_gone`: true where from then on exports lacked the ticket,
    its last values repeated. Raises StoreError where nothing is stored or the store is damaged.
    """
    folder = project_path(folder)
    pointer, states = read_current(folder)
    if pointer is None:
        raise StoreError(f"nothing stored in '{folder.name}': load an export and call update_store first")
    return states


# --- what changed ----------------------------------------------------------------------------------


def _require_one_each(tickets):
    """The tickets under the schema's columns and types; any other column, such as the clock's, is left."""
    numbers = tickets["ticket_id"] if "ticket_id" in tickets else pd.Series(None, index=tickets.index)
    repeated = numbers[numbers.notna() & numbers.duplicated()].unique()
    mistakes = [f"{numbers.isna().sum()} of {len(numbers)} without ticket_id"] if numbers.isna().any() else []
    if len(repeated):
        mistakes.append(f"{len(repeated)} ticket_id more than once: {'、'.join(map(str, repeated[:5]))}")
    if mistakes:
        raise StoreError(list_mistakes("the store takes one row per ticket, as `load` gives them", mistakes))
    return schema.make_tickets(tickets[[name for name in schema.names() if name in tickets]])


def _known_at(states, moment):
    """The last state of each ticket up to a moment, without those gone by then."""
    is_known = states["exported_at"].le(moment)
    is_last = ~states["ticket_id"].where(is_known).duplicated(keep="last")
    return states[is_known & is_last & ~states["is_gone"]]


def _compare(held, tickets, covers, refused):
    """The changes from the tickets held to those found, and the states they add (with `is_gone`)."""
    at = pd.Index(held["ticket_id"]).get_indexer(tickets["ticket_id"])
    is_new, columns = at < 0, np.full(len(tickets), "", dtype=object)
    columns[~is_new] = _name_differences(held, at[~is_new], tickets, np.flatnonzero(~is_new))
    is_gone = _covered(held["received_at"], tickets, covers)
    is_gone &= ~held["ticket_id"].isin(tickets["ticket_id"]) & ~held["ticket_id"].isin(list(refused))

    found = tickets.assign(change=np.where(is_new, NEW, CHANGED), columns=columns, is_gone=False)
    found = found[is_new | (columns != "")]
    gone = held[is_gone].assign(change=GONE, columns="", is_gone=True)
    both = pd.concat([part for part in (found, gone) if len(part)] or [found])
    changes = both[CHANGES].astype("str").sort_values("ticket_id", ignore_index=True)
    return changes, both[[*schema.names(), "is_gone"]]


def _name_differences(before, rows_before, after, rows_after):
    """The labels of the columns that differ, row by row; nothing where all are equal."""
    differs = np.empty((len(rows_after), len(COMPARED)), dtype=bool)
    for at, name in enumerate(COMPARED):  # column by column, so that no second whole table is in memory
        old, new = before[name].array.take(rows_before), after[name].array.take(rows_after)
        is_same = pd.Series(old == new).fillna(False).to_numpy(bool)
        differs[:, at] = ~is_same & ~(old.isna() & new.isna())
    # Few combinations of columns change together: each is put into words once.
    combinations, which = np.unique(np.packbits(differs, axis=1), axis=0, return_inverse=True)
    combinations = np.unpackbits(combinations, axis=1, count=len(COMPARED)).astype(bool)
    labels = [schema.label(name) for name in COMPARED]
    words = np.array(["、".join(compress(labels, row)) for row in combinations], dtype=object)
    return words[which.reshape(-1)]


def _covered(received, tickets, covers):
    """Which of the times the export speaks for: the period given, else the span of each of its files.

    File by file, so that the exports of March and May, loaded together, say nothing about April.
    """
    if covers is not None:
        return covers.holds(received)
    spans = tickets.groupby("source_file", dropna=False)["received_at"].agg(["min", "max"]).dropna()
    covered = pd.Series(False, index=received.index)
    for first, last in spans.drop_duplicates().itertuples(index=False):
        covered |= received.between(first, last)
    return covered


def _refuse_older(moment, pointer, changes):
    if len(changes):
        raise StoreError(
            f"the export of {moment} is not newer than the store, which stands at {pointer['exported_at']}, "
            f"and differs from what was known then ({len(changes)} ticket(s)): load exports in the order of "
            "time, and several files of one moment together, as a folder; for one left out before, load all "
            "of them again into a new folder"
        )
