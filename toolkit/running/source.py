"""The export that a run names: read with the run's own key for callers, and kept in its store."""

from toolkit.demo.county import is_demo
from toolkit.errors import ParameterError
from toolkit.loading.files import find_files
from toolkit.loading.load import load
from toolkit.loading.store import update_store
from toolkit.preparing.run_file import DEMO, read_run_key

DEMO_KEY = b"a fixed key: the demo's callers are invented"


def load_run(run):
    """The export of a run, read as its file says."""
    return load(run.source, run.as_of, run.headers, _caller_key(run), run.corrections or None)


def keep_tickets(loaded, run):
    """Put the run's export into its store; gives what changed: new, changed and gone tickets."""
    refused = loaded.issues.loc[loaded.issues["kind"].eq("refused"), "ticket_id"].dropna()
    return update_store(loaded.tickets, run.as_of, run.store, refused=refused)


def _caller_key(run):
    """The run's own key; the published key of the demo opens every caller, and serves the demo's export alone."""
    if run.caller_key != DEMO:
        return read_run_key(run.caller_key)
    if isinstance(run.source, dict) or not is_demo(find_files(run.source)):
        raise ParameterError(
            "caller_key: 'demo' is a published key, and the source is not an export that `toolkit demo` wrote: "
            "leave caller_key empty (the key is made in .keys/ at first use), or name a key file of your own; "
            "for the demo, run `toolkit demo` again"
        )
    return DEMO_KEY
