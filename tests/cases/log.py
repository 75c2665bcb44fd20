"""A flow log typed by hand."""

import pandas as pd

EXTENSION = {"extension_limits": [{"working_days": 3}], "extension_times": 2}


def list_events(ticket_id, events):
    rows = [(ticket_id, event, pd.Timestamp(at), *(unit or ["甲乡"]), False) for event, at, *unit in events]
    frame = pd.DataFrame(rows, columns=["ticket_id", "event", "at", "unit", "is_built"])
    return frame.astype({"ticket_id": "str", "event": "str", "at": "datetime64[us]", "unit": "str"})
