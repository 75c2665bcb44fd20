"""A run's file, such as parameters/demo.yml: what is read, as of when, for which period, what is written."""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from toolkit.assessing.scheme import read_scheme
from toolkit.clocking.clock import require_calendar
from toolkit.clocking.in_force import read_policies
from toolkit.comparing.peers import read_peers
from toolkit.errors import ParameterError, ToolkitError, list_mistakes
from toolkit.loading.callers import read_key
from toolkit.loading.files import find_files
from toolkit.loading.headers import Headers
from toolkit.people.dispatch_catalogue import read_dispatch_catalogue
from toolkit.people.roster import read_roster
from toolkit.period import Period, parse_as_of, parse_period
from toolkit.preparing.manual import read_manual
from toolkit.preparing.redaction import INTERNAL, read_profile
from toolkit.preparing.shared import is_address
from toolkit.settings import (
    Settings,
    Words,
    is_file,
    load_yaml,
    project_path,
    read_settings,
    try_settings,
    typed_settings,
)

DEMO = "demo"  # the caller_key of the invented county


def _source(value):
    """A path or a pattern, or where to read in a database."""
    if isinstance(value, dict) and all(isinstance(part, str) for pair in value.items() for part in pair):
        return value
    if isinstance(value, str) and value.strip():
        return value
    raise ValueError("expected a file, a folder, a pattern, or {database: …, table: …} as texts")


def _headers(value):
    return (
        read_settings(Headers, project_path(value), ParameterError)
        if isinstance(value, str) and value
        else value or {}
    )


def _policy(value):
    """One policy's name or its settings, or the names of those that succeed each other."""
    if isinstance(value, dict):
        return value
    names = value if isinstance(value, list) else [value]
    if not names or not all(isinstance(name, str) and name for name in names):
        raise ValueError("expected a policy's name, or a list of names")
    return names[0] if len(names) == 1 else names


def _period(value):
    return value if isinstance(value, dict) else parse_period(value)


def _as_of(value):
    return parse_as_of(value).to_pydatetime()


def _shared(value):
    """An address of shared storage, or nothing."""
    if value and not (isinstance(value, str) and is_address(value)):
        raise ValueError("expected an address of shared storage, such as s3://bucket/july, or nothing")
    return value


class ReportSettings(Settings):
    """What a report is made by: the cut-off time, the period, and the county's own rules."""

    title: str = "12345热线督查"
    county: str = "本县"  # our county's name, as bulletins write it
    as_of: Annotated[datetime, BeforeValidator(_as_of)]
    period: Annotated[Period, BeforeValidator(_period)]
    policy: Annotated[Any, BeforeValidator(_policy)] = "county_default"
    scheme: str | dict = "county_default"
    by: Literal["unit", "month"] = "unit"
    roster: str = ""
    peers: str = ""
    dispatch_catalogue: str = ""
    manual: str = ""
    redaction: str = INTERNAL  # who the reports are for: a version of parameters/redaction.yml


class Run(ReportSettings):
    """A whole batch run: what is read, what its reports are made by, and where they go."""

    title: str
    source: Annotated[Any, BeforeValidator(_source)]
    corrections: str = ""
    headers: Annotated[Headers, BeforeValidator(_headers)] = Headers()
    units: Words = []
    unit_notebook: str = "notebooks/unit_report.ipynb"
    county_notebook: str = "notebooks/county_bulletin.ipynb"
    output: Annotated[str, Field(min_length=1)]
    shared: Annotated[str, BeforeValidator(_shared)] = (
        ""  # where the notebooks read what was prepared, if not in the output
    )
    caller_key: str = ""
    store: str = ""
    register_file: Annotated[str, Field(alias="register")] = ""  # pydantic's own models have a register
    workers: Annotated[int, Field(ge=1, le=64)] | None = None
    report_seconds: Annotated[float, Field(gt=0)] = (
        900  # a report that takes longer is stopped, and tried once more
    )
    report_memory: Annotated[int, Field(ge=256)] = (
        8192  # MB a report's kernel may take beside what it begins with
    )

    @model_validator(mode="after")
    def _register_stands_apart(self):
        path = self.register_file and project_path(self.register_file)
        if path and (
            path.suffix != ".xlsx" or path.is_dir() or path.is_relative_to(project_path(self.output))
        ):
            raise ValueError(
                f"register '{self.register_file}': expected an .xlsx outside the run's output, which is written anew each time"
            )
        return self

    @model_validator(mode="after")
    def _period_has_begun(self):
        if self.period.start > self.as_of.date():
            raise ValueError(
                f"the period {self.period} begins after as_of {self.as_of:%Y-%m-%d}: nothing is known of it"
            )
        return self


def as_settings(given):
    """What a report is made by: a Run as it is, or a dict of settings checked; every mistake is named at once."""
    if isinstance(given, ReportSettings):
        return given
    return typed_settings(ReportSettings, dict(given), "the report's settings", ParameterError)


def read_run(path):
    """The settings of a batch run from its file; a name without a value counts as not given.

    ParameterError names every mistake: those of the file, and then those of the files it names as well.
    """
    path = Path(path)
    if not is_file(path):
        raise ParameterError(f"no parameter file '{path}': expected a file such as parameters/demo.yml")
    values, mistakes = load_yaml(path, ParameterError)
    given = {name: value for name, value in values.items() if value is not None}
    run, found = try_settings(Run, given)
    if run is None or mistakes:
        wrong = [*mistakes, *found, *list_file_mistakes(given)]
        raise ParameterError(list_mistakes(f"{path.name}: {len(wrong)} mistake(s), nothing was run", wrong))
    return run


def require_files(run, mistakes=()):
    """ParameterError with everything that is wrong with the files a run names, after what is known to be wrong."""
    wrong = [*mistakes, *list_file_mistakes(run.model_dump())]
    if not any(mistake.startswith("policy: ") for mistake in wrong):
        wrong += [
            mistake
            for policy in read_policies(run.policy)
            for mistake in _mistakes_of(partial(require_calendar, run.as_of), policy)
        ]
    if wrong:
        raise ParameterError(list_mistakes(f"the run: {len(wrong)} mistake(s), nothing was run", wrong))


def list_file_mistakes(given):
    """What is wrong with the export, policy, scheme, roster, … that a run's settings name, as far as they name any."""
    named = {name: given[name] for name in READERS if given.get(name)}
    return [
        f"{name}: {mistake}"
        for name, value in named.items()
        for mistake in _mistakes_of(READERS[name], value)
    ]


def _mistakes_of(read, value):
    try:
        read(value)
    except ToolkitError as error:
        return [str(error)]
    return []


def read_run_key(name):
    """The key of the callers' hashes from the file a run names; None where it is made at first use."""
    return read_key(project_path(name)) if name else None


# Setting → what reads it, to find its mistakes before anything is run. A database is only asked when it is read.
READERS = {
    "source": lambda source: None if isinstance(source, dict) else find_files(source),
    "corrections": find_files,
    "policy": read_policies,
    "scheme": read_scheme,
    "caller_key": lambda name: None if name == DEMO else read_run_key(name),
    "roster": lambda file: read_roster(project_path(file)),
    "peers": read_peers,
    "dispatch_catalogue": read_dispatch_catalogue,
    "manual": read_manual,
    "redaction": read_profile,
}
