"""A run's file, such as parameters/demo.yml: what is read, as of when, for which period, what is written."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from toolkit.errors import ParameterError
from toolkit.loading.headers import Headers
from toolkit.period import Period, parse_as_of, parse_period
from toolkit.settings import Settings, Words, read_yaml, typed_settings


class Run(Settings):
    """A whole batch run: what is read, as of when, for which period, and where the reports go."""

    title: str
    source: str | dict[str, str]
    corrections: str = ""
    as_of: datetime
    period: Period
    policy: str = "county_default"
    scheme: str = "county_default"
    headers: Headers | str = Headers()
    by: Literal["unit", "month"] = "unit"
    units: Words = []
    unit_notebook: str = "notebooks/unit_report.ipynb"
    county_notebook: str = "notebooks/county_bulletin.ipynb"
    output: str
    caller_key: str = ""
    store: str = ""
    roster: str = ""
    peers: str = ""
    workers: Annotated[int, Field(ge=1, le=64)] | None = None


def read_run(path):
    """The settings of a batch run from its file."""
    path = Path(path)
    if not path.is_file():
        raise ParameterError(f"no parameter file '{path}': expected a file such as parameters/demo.yml")
    values = read_yaml(path, ParameterError)
    if isinstance(values.get("period"), (str, int)):
        values["period"] = parse_period(values["period"]).model_dump()
    if "as_of" in values:
        values["as_of"] = parse_as_of(values["as_of"]).to_pydatetime()
    return typed_settings(Run, values, path.name, ParameterError)
