"""A run's file, such as parameters/demo.yml: what is read, as of when, for which period, what is written."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from toolkit.errors import ParameterError
from toolkit.loading.headers import Headers
from toolkit.period import Period, parse_as_of, parse_period
from toolkit.settings import Settings, Words, read_yaml, typed_settings


class ReportSettings(Settings):
    """What a report is made by: the cut-off time, the period, and the county's own rules."""

    title: str = "12345热线督查"
    county: str = "本县"  # our county's name, as bulletins write it
    as_of: datetime
    period: Period
    policy: str | dict = "county_default"
    scheme: str | dict = "county_default"
    by: Literal["unit", "month"] = "unit"
    roster: str = ""
    peers: str = ""


class Run(ReportSettings):
    """A whole batch run: what is read, what its reports are made by, and where they go."""

    title: str
    source: str | dict[str, str]
    corrections: str = ""
    headers: Headers | str = Headers()
    units: Words = []
    unit_notebook: str = "notebooks/unit_report.ipynb"
    county_notebook: str = "notebooks/county_bulletin.ipynb"
    output: str
    caller_key: str = ""
    store: str = ""
    workers: Annotated[int, Field(ge=1, le=64)] | None = None


def read_settings(given):
    """What a report is made by: a Run as it is, or a dict of settings checked; every mistake is named at once."""
    if isinstance(given, ReportSettings):
        return given
    return typed_settings(ReportSettings, _parse_times(dict(given)), "the report's settings", ParameterError)


def read_run(path):
    """The settings of a batch run from its file."""
    path = Path(path)
    if not path.is_file():
        raise ParameterError(f"no parameter file '{path}': expected a file such as parameters/demo.yml")
    values = read_yaml(path, ParameterError)
    return typed_settings(Run, _parse_times(values), path.name, ParameterError)


def _parse_times(values):
    """Period and cut-off time as people write them, typed."""
    if isinstance(values.get("period"), (str, int)):
        values["period"] = parse_period(values["period"]).model_dump()
    if "as_of" in values:
        values["as_of"] = parse_as_of(values["as_of"]).to_pydatetime()
    return values
