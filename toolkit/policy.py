"""The files under parameters/ as typed settings; every mistake in a file is named at once.

A relative path in a parameter file or a notebook is relative to the project's folder, wherever the
command was started: `project_path` is the one place that says so.
"""

from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Literal

import pandas as pd
import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from toolkit import schema
from toolkit.errors import ParameterError, PolicyError, list_mistakes, nearest

PROJECT = Path(__file__).resolve().parent.parent
HEADERS_FILE = PROJECT / "parameters" / "headers.yml"
POLICIES = PROJECT / "parameters" / "policies"


def project_path(path):
    """The path itself when absolute, else inside the project's folder."""
    return (PROJECT / path).resolve()


def _clock_time(value):
    if isinstance(value, int):  # YAML reads 17:30 without quotes as so many minutes
        return time(*divmod(value, 60))
    return time.fromisoformat(value) if isinstance(value, str) else value


def _words(value):
    return [str(word) for word in value] if isinstance(value, list) else value


ClockTime = Annotated[time, BeforeValidator(_clock_time)]
Words = Annotated[list[str], BeforeValidator(_words)]
Days = Annotated[int, Field(ge=0, le=1000)]


class Settings(BaseModel):
    """A group of settings: no unknown name, no change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ReplyLimit(Settings):
    """Tickets that fit all conditions given are to be answered within so many working days."""

    working_days: Days
    type: Words = []
    urgency: Words = []
    channel: Words = []
    unit_group: Words = []

    def conditions(self):
        """Column and allowed words of each condition set."""
        given = {name: getattr(self, name) for name in ("type", "urgency", "channel", "unit_group")}
        return {name: words for name, words in given.items() if words}


class RuleLimits(Settings):
    """The limits beyond which a rule reports."""

    due_soon_days: Days = 2
    overdue_red_days: Days = 2
    returned_count: Annotated[int, Field(ge=1)] = 2


class Policy(Settings):
    """A 时限办法: whose due time judges, what counts as the answer, the limits, the rules' limits."""

    name: str
    source: str
    due_from: Literal["platform_first", "policy_only", "platform_only"] = "platform_first"
    answered_by: Literal["replied_at", "closed_at"] = "replied_at"
    starts_from: Literal["received_at", "dispatched_at"] = "received_at"
    day_ends_at: ClockTime = time(17, 30)
    reply_limits: list[ReplyLimit] = [ReplyLimit(working_days=5)]
    sign_working_days: Days = 1
    rules: RuleLimits = RuleLimits()


class Headers(Settings):
    """How an export's headers and words are read; the shape of headers.yml."""

    columns: dict[str, Words] = {}
    category_levels: list[Words] = []
    values: dict[str, dict[str, Words]] = {}
    unit_aliases: dict[str, str] = {}
    unit_groups: dict[str, Words] = {}
    totals: Words = []
    units: Words = []
    events: dict[str, Words] = {}
    event_words: dict[str, Words] = {}

    @model_validator(mode="after")
    def _columns_exist(self):
        known = [column.name for column in [*schema.TICKETS, *schema.PERSONAL, *schema.ROLES]]
        worded = [column.name for column in schema.TICKETS if column.kind == "text"]
        worded = [
            name for name in worded if name not in ("ticket_id", "related_id", "caller", *schema.ORIGIN)
        ]
        unknown = [name for name in self.columns if name not in known]
        unknown += [name for name in self.values if name not in worded]
        if unknown:
            raise ValueError(
                "; ".join(
                    f"'{name}' is no column of the ticket table.{nearest(name, known)}" for name in unknown
                )
            )
        return self

    def extended(self, extra):
        """These headers with a run's own put before them."""
        return Headers(
            columns=_before(extra.columns, self.columns),
            category_levels=extra.category_levels or self.category_levels,
            values={
                name: _before(extra.values.get(name, {}), self.values.get(name, {}))
                for name in self.values | extra.values
            },
            unit_aliases=self.unit_aliases | extra.unit_aliases,
            unit_groups=extra.unit_groups | self.unit_groups,
            totals=[*extra.totals, *self.totals],
            units=[*extra.units, *self.units],
            events=_before(extra.events, self.events),
            event_words=_before(extra.event_words, self.event_words),
        )


def _before(own, common):
    """Word → variants, a run's own before the common ones."""
    return {word: [*own.get(word, []), *common.get(word, [])] for word in common | own}


class Period(Settings):
    """From a day to a day, both included."""

    start: date
    end: date

    @model_validator(mode="after")
    def _in_order(self):
        if self.end < self.start:
            raise ValueError(f"the period ends ({self.end}) before it starts ({self.start})")
        return self

    def holds(self, times):
        """Which of the times fall into the period; a missing time does not."""
        end = pd.Timestamp(self.end) + pd.Timedelta(days=1)
        return times.ge(pd.Timestamp(self.start)) & times.lt(end)

    def year_before(self):
        """The same days of the year before (29 February becomes the 28th)."""
        back = pd.DateOffset(years=1)
        return Period(
            start=(pd.Timestamp(self.start) - back).date(), end=(pd.Timestamp(self.end) - back).date()
        )

    def __str__(self):
        return f"{self.start}..{self.end}"


class Run(Settings):
    """A whole batch run: what is read, as of when, for which period, and where the reports go."""

    title: str
    source: str | dict[str, str]
    corrections: str = ""
    as_of: datetime
    period: Period
    policy: str = "county_default"
    headers: Headers | str = Headers()
    by: Literal["unit", "month"] = "unit"
    units: Words = []
    unit_notebook: str = "notebooks/unit_report.ipynb"
    county_notebook: str = "notebooks/county_bulletin.ipynb"
    output: str
    caller_key: str = ""
    store: str = ""
    workers: Annotated[int, Field(ge=1, le=64)] | None = None


def parse_period(text):
    """A period from '2025', '2025-03' or '2025-01-01..2025-06-30'."""
    first, _, last = str(text).partition("..")
    try:
        if pd.Period(first).year < 2000:
            raise ValueError("no year")
        return Period(start=pd.Period(first).start_time.date(), end=pd.Period(last or first).end_time.date())
    except ValueError as error:
        raise ParameterError(
            f"period '{text}' cannot be read ({_plain(error)}): "
            "write a year 2025, a month 2025-03, or two days 2025-01-01..2025-06-30"
        ) from None


def parse_as_of(value):
    """The cut-off time of a run; a bare day such as 2025-06-30 means the end of that day."""
    try:
        moment = pd.Timestamp(value)
    except ValueError:
        moment = pd.NaT
    if moment is pd.NaT or moment.tzinfo is not None:
        raise ParameterError(f"as_of '{value}' is not a local time: write 2025-06-30 or 2025-06-30 17:30")
    is_bare_day = type(value) is date or (isinstance(value, str) and len(value.strip()) <= len("2025-06-30"))
    return moment + pd.Timedelta(hours=23, minutes=59, seconds=59) if is_bare_day else moment


def read_policy(policy):
    """A Policy from its name under parameters/policies, from a file, from a dict, or as it is."""
    if isinstance(policy, Policy):
        return policy
    if isinstance(policy, dict):
        return _settings(Policy, policy, "the policy", PolicyError)
    path = POLICIES / f"{policy}.yml"
    if not path.exists():
        path = project_path(policy)
    if not path.is_file():
        known = sorted(file.stem for file in POLICIES.glob("*.yml"))
        raise PolicyError(
            f"no policy '{policy}': expected a file, or one of {', '.join(known)}.{nearest(policy, known)}"
        )
    return _settings(Policy, _read_yaml(path, PolicyError), f"policy {path.name}", PolicyError)


def read_headers(extra=None):
    """headers.yml, with a run's own headers (a dict, a file or Headers) put before it."""
    base = _settings(Headers, _read_yaml(HEADERS_FILE, ParameterError), "headers.yml", ParameterError)
    if extra is None or extra == "":
        return base
    if isinstance(extra, (str, Path)) and extra:
        extra = _read_yaml(project_path(extra), ParameterError)
    if isinstance(extra, dict):
        extra = _settings(Headers, extra, "the headers", ParameterError)
    return base.extended(extra)


def read_run(path):
    """The settings of a batch run from its file."""
    path = Path(path)
    if not path.is_file():
        raise ParameterError(f"no parameter file '{path}': expected a file such as parameters/demo.yml")
    values = _read_yaml(path, ParameterError)
    if isinstance(values.get("period"), (str, int)):
        values["period"] = parse_period(values["period"]).model_dump()
    if "as_of" in values:
        values["as_of"] = parse_as_of(values["as_of"]).to_pydatetime()
    return _settings(Run, values, path.name, ParameterError)


def _read_yaml(path, error_class):
    try:
        values = yaml.safe_load(Path(path).read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise error_class(f"no file '{path}'") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise error_class(f"{Path(path).name} is not readable as UTF-8 YAML: {_plain(error)}") from None
    if not isinstance(values, dict):
        raise error_class(f"{Path(path).name}: expected 'name: value' lines, found {type(values).__name__}")
    return values


def _settings(model, values, where, error_class):
    """The typed settings, or one error that names every mistake."""
    try:
        return model(**values)
    except ValidationError as error:
        mistakes = [_mistake(model, found) for found in error.errors()]
    raise error_class(list_mistakes(f"{where}: {len(mistakes)} mistake(s), nothing was run", mistakes))


def _mistake(model, found):
    place = ".".join(str(part) for part in found["loc"]) or "the file"
    if found["type"] == "extra_forbidden":
        return f"'{place}' is not a setting.{nearest(found['loc'][-1], _fields_at(model, found['loc'][:-1]))}"
    if found["type"] == "missing":
        return f"'{place}' is missing: give it a value"
    message = found["msg"].removeprefix("Value error, ")
    shown = "" if isinstance(found["input"], dict) else f", found {found['input']!r}"
    return f"'{place}': {message}{shown}"


def _fields_at(model, location):
    for part in location:
        annotation = model.model_fields[part].annotation if isinstance(part, str) else model
        inner = getattr(annotation, "__args__", [annotation])[0]
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            model = inner
    return list(model.model_fields)


def _plain(error):
    return str(error).splitlines()[0]
