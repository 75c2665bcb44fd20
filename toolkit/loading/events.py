"""What happened to each ticket, one row an event: from a flow log, else built from the ticket's times."""

import pandas as pd

from toolkit import schema
from toolkit.loading import cells, masking, time_cells
from toolkit.loading.issues import REFUSED, list_issues

EVENTS = ["ticket_id", "event", "at", "unit", "detail", "is_built"]


def read_events(rows, settings):
    """Events of a flow log: words brought to those of the toolkit, texts masked; and the rows refused.

    A row without ticket number or time is refused; an event's word that is not known stays as found.
    """
    ids, at = cells.to_id(rows["ticket_id"]), time_cells.drop_impossible(time_cells.to_time(rows["at"]))
    missing_id, missing_time = ids.isna(), at.isna()
    texts = {
        name: cells.to_text(rows[name]) if name in rows else None for name in ("event", "unit", "detail")
    }
    words = {word: event for event, variants in settings.event_words.items() for word in [event, *variants]}
    events = pd.DataFrame(
        {
            "ticket_id": ids,
            "event": texts["event"].map(words).astype("str").fillna(masking.mask_numbers(texts["event"])),
            "at": at,
            "unit": masking.mask_numbers(cells.as_series(texts["unit"], rows.index)),
            "detail": masking.mask_texts(cells.as_series(texts["detail"], rows.index)),
            "is_built": False,
        },
        index=rows.index,
    )
    refused = [
        list_issues(rows[missing_id], "ticket_id", None, "流转记录无工单编号", "工单编号", REFUSED),
        list_issues(
            rows[missing_time & ~missing_id],
            "at",
            cells.to_text(rows["at"])[missing_time & ~missing_id],
            "流转记录无时间",
            "2025-03-04 09:30",
            REFUSED,
        ),
    ]
    good = events[~missing_id & ~missing_time]
    return good.sort_values(["ticket_id", "at"], kind="stable", ignore_index=True), refused


def build_events(tickets):
    """Events from the tickets' time columns, marked as built: only the last of each kind is known."""
    parts = [
        pd.DataFrame(
            {
                "ticket_id": tickets["ticket_id"],
                "event": event,
                "at": tickets[column],
                "unit": tickets["unit"],
                "detail": None,
                "is_built": True,
            }
        )
        for column, event in schema.EVENT_OF.items()
    ]
    events = pd.concat(parts).dropna(subset="at")
    events = events.astype({"event": "str", "detail": "str"})
    return events.sort_values(["ticket_id", "at"], kind="stable", ignore_index=True)
