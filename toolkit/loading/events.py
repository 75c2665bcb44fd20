"""What happened to each ticket, one row an event: from a flow log, else built from the ticket's times."""

import unicodedata

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.loading import cells, masking, time_cells
from toolkit.loading.issues import REFUSED, list_issues

EVENTS = ["ticket_id", "event", "at", "unit", "detail", "is_built"]
DESTROYED = r"^-?\d(?:\.\d+)?[Ee]\+?\d+$"  # a number that a spreadsheet has turned into 1.23E+17


def read_events(rows, settings):
    """Events of a flow log: words brought to those of the toolkit, texts masked; and the rows refused.

    A row without ticket number, with a destroyed one or without time is refused; an event's word that is not
    known stays as found. Words are compared in half-width and lower case.
    """
    ids, at = cells.to_id(rows["ticket_id"]), time_cells.drop_impossible(time_cells.to_time(rows["at"]))
    refused = _refuse(rows, ids, at)
    good = ids.notna() & ~_is_destroyed(ids) & at.notna()
    events = _read_rows(rows, ids, at, settings)[good]
    return events.sort_values(["ticket_id", "at"], kind="stable", ignore_index=True), refused


def _is_destroyed(ids):
    return ids.str.match(DESTROYED, na=False)


def _read_rows(rows, ids, at, settings):
    texts = {
        name: cells.to_text(rows[name]) if name in rows else None for name in ("event", "unit", "detail")
    }
    words = {_plain(word): event for event, said in settings.event_words.items() for word in [event, *said]}
    return pd.DataFrame(
        {
            "ticket_id": ids,
            "event": _name_events(texts["event"], words),
            "at": at,
            "unit": masking.mask_numbers(cells.as_series(texts["unit"], rows.index)),
            "detail": masking.mask_texts(cells.as_series(texts["detail"], rows.index)),
            "is_built": False,
        },
        index=rows.index,
    )


def _refuse(rows, ids, at):
    """Issues for the rows without a ticket number, with a destroyed one, or else without a time."""
    missing, destroyed = ids.isna(), _is_destroyed(ids)
    untimed = at.isna() & ~missing & ~destroyed
    times = cells.to_text(rows["at"])[untimed]
    return [
        list_issues(rows[missing], "ticket_id", None, "流转记录无工单编号", "工单编号", REFUSED),
        list_issues(
            rows[destroyed], "ticket_id", ids[destroyed], "工单编号已被表格软件损坏", "完整的数字", REFUSED
        ),
        list_issues(rows[untimed], "at", times, "流转记录无时间", "2025-03-04 09:30", REFUSED),
    ]


def _name_events(texts, words):
    """The toolkit's word for each event; an unknown one stays as found."""
    plain = {text: words.get(_plain(text)) for text in texts.dropna().unique()}
    return texts.map(plain).astype("str").fillna(masking.mask_numbers(texts))


def _plain(word):
    return unicodedata.normalize("NFKC", word).strip().lower()


def build_events(tickets):
    """Events from the tickets' time columns, marked as built: only the last of each kind is known."""
    at = np.concatenate([tickets[column].to_numpy() for column in schema.EVENT_OF])
    happened = np.flatnonzero(~np.isnat(at))  # stage by stage, each with all tickets
    stages, rows = np.divmod(happened, max(len(tickets), 1))
    ids = pd.factorize(tickets["ticket_id"], sort=True)[0]
    order = np.lexsort([at[happened], ids[rows]])
    rows = rows[order]
    return pd.DataFrame(
        {
            "ticket_id": tickets["ticket_id"].array.take(rows),
            "event": pd.array(list(schema.EVENT_OF.values()), dtype="str").take(stages[order]),
            "at": at[happened[order]],
            "unit": tickets["unit"].array.take(rows),
            "detail": pd.Series(None, index=range(len(rows)), dtype="str"),
            "is_built": True,
        }
    )
