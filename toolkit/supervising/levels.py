"""The county's 督办办法 (parameters/supervision.yml): which findings bring a ticket to which level, and what is demanded."""

from string import Formatter
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from toolkit.errors import ParameterError, nearest
from toolkit.flagging.flag import ORDER
from toolkit.flagging.rule import SEVERITIES
from toolkit.settings import PROJECT, Settings, Words, read_settings

SUPERVISION_FILE = PROJECT / "parameters" / "supervision.yml"
CODES = [code for codes in ORDER.values() for code in codes]
Filled = Annotated[str, Field(min_length=1)]


class Condition(Settings):
    """A finding that brings a ticket to a level: its rule, how grave or large it is, and what the ticket must be besides."""

    rule: str
    reason: Filled
    source: Filled
    severity: Words = []
    at_least: Annotated[int, Field(ge=1, le=1000)] | None = None
    waits: bool = False
    overdue: bool = False
    channel: Words = []
    resolved: Words = []

    @field_validator("rule")
    @classmethod
    def _is_a_rule(cls, rule):
        if rule not in CODES:
            raise ValueError(f"no rule of this code.{nearest(rule, CODES)}")
        return rule

    @field_validator("severity")
    @classmethod
    def _are_colours(cls, colours):
        if strange := [colour for colour in colours if colour not in SEVERITIES]:
            raise ValueError(f"expected {'、'.join(SEVERITIES)}, found {'、'.join(strange)}")
        return colours

    @field_validator("reason")
    @classmethod
    def _names_what_is_known(cls, reason):
        return require_names(reason, ["days", "count"])


class Level(Settings):
    """One step of supervision: within how many working days the unit answers, and what it is asked to do."""

    level: Filled
    answer_in: Annotated[int, Field(ge=1, le=250)]
    demand: Filled
    when: Annotated[list[Condition], Field(min_length=1)]

    @field_validator("demand")
    @classmethod
    def _names_what_is_known(cls, demand):
        return require_names(demand, ["answer_by"])


class Supervision(Settings):
    """The levels, the lightest first, and how notices are numbered."""

    name: Filled
    source: Filled
    notice: Filled
    levels: Annotated[list[Level], Field(min_length=1)]

    @field_validator("notice")
    @classmethod
    def _tells_year_and_number(cls, notice):
        if sorted(_names_in(notice)) != ["number", "year"]:
            raise ValueError("expected {year} and {number}, each once: numbers must tell years apart")
        return notice

    @model_validator(mode="after")
    def _levels_differ(self):
        names = self.names
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"levels of the same name: {'、'.join(twice)}")
        return self

    @property
    def names(self):
        """The names of the levels, the lightest first."""
        return [level.level for level in self.levels]


def require_names(template, known):
    """The template, where it asks for nothing but the known names."""
    if strange := [name for name in _names_in(template) if name not in known]:
        raise ValueError(
            f"{{{strange[0]}}} is not known: expected {', '.join('{' + name + '}' for name in known)}"
        )
    return template


def _names_in(template):
    return [name for _, name, _, _ in Formatter().parse(template) if name is not None]


def read_supervision(path=SUPERVISION_FILE):
    """The 督办办法 of a file; ParameterError names every mistake."""
    return read_settings(Supervision, path, ParameterError)
