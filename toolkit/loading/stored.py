"""A store read as if it were an export: its tickets in the state known at a moment."""

from dataclasses import replace

import pandas as pd

from toolkit.loading.doubts import check_tickets
from toolkit.loading.generations import POINTER
from toolkit.loading.issues import join_issues
from toolkit.loading.load import load
from toolkit.loading.store import read_store
from toolkit.period import parse_as_of
from toolkit.settings import project_path


def is_store(source):
    """Whether a path is the folder of a store."""
    return isinstance(source, str) and (project_path(source) / POINTER).is_file()


def load_store(folder, as_of):
    """What `load` gives, of the tickets a store knows at as_of; events are those their times tell, no flow log is kept.

    The account counts the store's tickets; what was refused or merged stands in the accounts of the exports.
    Raises StoreError where nothing is stored or the store is damaged.
    """
    tickets = read_store(folder, as_of)
    nothing = load(pd.DataFrame(columns=["ticket_id"], dtype="str"), as_of, key=b"of no caller")
    counted = {"file": project_path(folder).name, "sheet": "", "read": len(tickets), "tickets": len(tickets)}
    return replace(
        nothing,
        tickets=tickets,
        issues=join_issues([check_tickets(tickets, parse_as_of(as_of))]),
        account=nothing.account.head(1).assign(**counted),
    )
