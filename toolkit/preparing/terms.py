"""What a run judges by, read from the files it names, and what its reports say they are about."""

from typing import NamedTuple

import pandas as pd

from toolkit.assessing.scheme import Scheme, read_scheme
from toolkit.clocking.clock import days_ahead
from toolkit.clocking.in_force import read_policies
from toolkit.clocking.workdays import warn_calendar_end
from toolkit.comparing.movement import earlier_spans, keep_comparable
from toolkit.comparing.peers import read_peers
from toolkit.people.dispatch_catalogue import CHECK_COLUMNS, check_dispatch, read_dispatch_catalogue
from toolkit.people.roster import read_roster
from toolkit.preparing.manual import fill_slots
from toolkit.preparing.scoping import list_reports
from toolkit.schema import OUTSIDE
from toolkit.scoring.score import answer_stage
from toolkit.settings import project_path


class Terms(NamedTuple):
    """The policies in turn, the scheme, the earlier spans to compare with and those that cannot be; roster, peers."""

    policies: list
    scheme: Scheme
    spans: list
    not_compared: list
    roster: pd.DataFrame
    peers: pd.DataFrame

    @property
    def policy(self):
        """The last one, whose calendar tells what is a working day; a ticket is judged by the one of its day."""
        return self.policies[-1]


def read_terms(run, received):
    """The terms of a run; received: when its tickets came, which tells the earlier spans they can be compared with."""
    spans, not_compared = keep_comparable(earlier_spans(run.period, run.as_of), run.period, received)
    return Terms(
        policies=read_policies(run.policy),
        scheme=read_scheme(run.scheme),
        spans=spans,
        not_compared=not_compared,
        roster=_read_file(read_roster, run.roster),
        peers=_read_file(read_peers, run.peers),
    )


def _read_file(read, file):
    """What an optional file of the run says; without one an empty frame."""
    return read(project_path(file)) if file else pd.DataFrame({"unit": []}, dtype="str")


def check_sent(loaded, run):
    """The tickets with what the run's catalogue says of where they were sent; all missing without one."""
    if not run.dispatch_catalogue:
        return loaded.tickets.assign(**{name: pd.Series(None, dtype="str") for name in CHECK_COLUMNS})
    catalogue = read_dispatch_catalogue(run.dispatch_catalogue)
    return loaded.tickets.assign(**check_dispatch(loaded.tickets, catalogue, loaded.logged))


def say_about(run, terms, clocked, tickets):
    """What the report is about, in words and numbers that JSON can hold."""
    return {
        "title": run.title,
        "county": run.county,
        "as_of": str(pd.Timestamp(run.as_of)),
        "period": str(run.period),
        "policy": "、".join(policy.name for policy in terms.policies),
        "policy_files": "" if isinstance(run.policy, dict) else run.policy,
        "register": getattr(run, "register_file", ""),
        "limits": terms.policy.rules.model_dump(mode="json"),
        "scheme": terms.scheme.model_dump(mode="json"),
        "answered_by": answer_stage(clocked),
        "days_ahead": days_ahead(terms.policy, run.as_of),
        "week_ahead": days_ahead(terms.policy, run.as_of, 5),
        "calendar_warning": warn_calendar_end(run.as_of, terms.policy.workdays),
        "outside": int(clocked["scope"].eq(OUTSIDE).sum()),
        "by": run.by,
        "reports": (reports := list_reports(tickets)),
        "manual": fill_slots(run.manual, run.period, reports),
        "not_compared": terms.not_compared,
    }
