"""What the county settles about looking ahead (parameters/look_ahead.yml): how few are too few, and what weighs more."""

from typing import Annotated

from pydantic import Field, field_validator, model_validator

from toolkit.errors import ParameterError, nearest
from toolkit.flagging.flag import RULES
from toolkit.settings import PROJECT, Settings, read_settings

LOOK_AHEAD_FILE = PROJECT / "parameters" / "look_ahead.yml"
CODES = [rule.code for rule in RULES]
Filled = Annotated[str, Field(min_length=1)]


class Harm(Settings):
    """What makes a ticket weigh more: a finding of a rule on it, or the channel it came by."""

    name: Filled
    weight: Annotated[float, Field(gt=0, le=10)]
    rule: str = ""
    channel: str = ""

    @field_validator("rule")
    @classmethod
    def _is_a_rule(cls, rule):
        if rule and rule not in CODES:
            raise ValueError(f"no rule of this code.{nearest(rule, CODES)}")
        return rule

    @model_validator(mode="after")
    def _names_one_ground(self):
        if bool(self.rule) == bool(self.channel):
            raise ValueError("expected either rule or channel, and not both")
        return self


class LookAhead(Settings):
    """How few are too few, how these lean on the wider kind, how many are pushed a day and from what chance, what weighs more."""

    source: Filled
    prior_strength: Annotated[float, Field(gt=0, le=1000)]
    least_alike: Annotated[int, Field(ge=1, le=10_000)]
    push_a_day: Annotated[int, Field(ge=1, le=10_000)]
    push_from: Annotated[float, Field(ge=0, le=1)]
    harm: list[Harm] = []


def read_look_ahead(path=LOOK_AHEAD_FILE):
    """The settings of a file; ParameterError names every mistake."""
    return read_settings(LookAhead, path, ParameterError)
