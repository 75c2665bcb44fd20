"""What a metric is, and the tickets as they stood when it is counted.

The metrics stand in `metrics/`, a module a subject; `catalogue.py` lists them all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Annotated

import numpy as np
import pandas as pd
from pydantic import Field, field_validator

from toolkit import schema
from toolkit.clocking.answers import came_before_receipt
from toolkit.errors import ParameterError, nearest
from toolkit.settings import PROJECT, Settings, read_settings

SETTINGS_FILE = PROJECT / "parameters" / "metrics.yml"


@dataclass(frozen=True)
class Metric:
    """A 指标. `among` picks its denominator, `counts` the numerator within it; a plain count has no `among`.

    Both are asked of the tickets as they stood (`hide_later_stages`); void, shut and excluded tickets are left
    out of every rate before they are asked. family: the name that rival formulas share. rests_on: the rate
    without whose tickets this one says nothing: where nobody was rated nobody was satisfied or not. needs: the columns
    without which it says nothing, a tuple where one of several will do. weighted: `counts` gives
    hundredths of a ticket. caution: what a reader has to know before he compares.
    """

    name: str
    family: str
    needs: tuple
    counts: Callable
    definition: str
    source: str
    among: Callable | None = None
    weighted: bool = False
    caution: str = ""
    rests_on: str = ""

    @property
    def is_count(self):
        """True for a number of tickets, False for a rate."""
        return self.among is None


class MetricSettings(Settings):
    """parameters/metrics.yml: what the metrics leave to the county."""

    satisfaction_weights: dict[str, Annotated[int, Field(ge=0, le=100)]]
    within_days: list[Annotated[int, Field(ge=0, le=1000)]]

    @field_validator("satisfaction_weights")
    @classmethod
    def _weights_every_verdict(cls, weights):
        unknown = [f"'{word}' is no verdict.{nearest(word, schema.RATED)}" for word in weights]
        unknown = [said for word, said in zip(weights, unknown, strict=True) if word not in schema.RATED]
        missing = [f"'{word}' has no weight" for word in schema.RATED if word not in weights]
        if unknown or missing:
            raise ValueError("; ".join(unknown + missing))
        return weights


@cache
def read_metric_settings(path=SETTINGS_FILE):
    """The settings of the metrics; ParameterError names every mistake."""
    return read_settings(MetricSettings, path, ParameterError)


# --- the tickets as they stood ---------------------------------------------------------------------

TOLD = {  # what is known only from a stage on
    "visited_at": ["visit_connected", "satisfaction", "attitude", "resolved"],
    "replied_at": ["reply_standard", "reply_fit", "outcome"],
    "closed_at": ["outcome"],
    "first_contact_at": ["contacted"],
}
WORDS = ["due_state", "answered", "status", "handling", "visit_wanted", "return_review"]
WORDS += ["untimed", *dict.fromkeys(name for names in TOLD.values() for name in names)]


CHECKED = ["dispatch_check"]  # a run adds it where it has a catalogue
OTHERS = ["ticket_id", "received_at", "return_count", "rework_count", "answered_at", "due_at", "sign_due_at"]
OTHERS += ["contact_due_at", "handling_days"]


def hide_later_stages(tickets):
    """What the metrics read of the tickets as they stood: a stage after they were judged has not happened.

    What a stage tells (a verdict, an outcome) is hidden with it. Words come as categories: many metrics
    ask for the same ones.
    """
    as_of = schema.judged_at(tickets)
    known = {stage: tickets[stage].where(tickets[stage] <= as_of) for stage in schema.STAGES[1:]}
    told = {name: tickets[name].astype("category") for name in WORDS}
    told |= {name: _given_or_missing(tickets, name).astype("category") for name in CHECKED}
    for stage, names in TOLD.items():
        later = tickets[stage] > as_of
        if later.any():
            told |= {name: told[name].mask(later) for name in names}
    others = {name: tickets[name] for name in OTHERS}
    return pd.DataFrame(others | known | told | {"as_of": as_of}, index=tickets.index, copy=False)


def _given_or_missing(tickets, name):
    return tickets[name] if name in tickets else pd.Series(None, index=tickets.index, dtype="str")


def find_left_out(tickets, with_excluded=False):
    """Which tickets no rate counts: void and shut ones and, unless asked for, those excluded with approval."""
    left_out = tickets["due_state"].isin(schema.NOT_JUDGED)
    return left_out if with_excluded else left_out | tickets["exclusion"].eq(schema.EXCLUDED)


# --- what the metrics ask --------------------------------------------------------------------------


def everyone(tickets):
    """Every ticket."""
    return np.ones(len(tickets), dtype=bool)


def has(column):
    """Whether the column is filled: for a stage, whether it has happened, be it at a time that cannot be read."""
    if column not in schema.STAGES:
        return has_time(column)
    return lambda tickets: tickets[column].notna() | is_untimed(column)(tickets)


def has_time(column):
    """Whether the column is filled: for a stage, whether its time is known."""
    return lambda tickets: tickets[column].notna()


def is_untimed(stage):
    """Whether something stands under the stage's time that is no time: it has happened, when is not known."""

    def stands(tickets):
        said = tickets["untimed"].array
        return np.append(said.categories.str.contains(schema.label(stage), regex=False), False)[said.codes]

    return stands


def is_word(column, *words):
    """Whether the column of categories says one of the words: each category is asked, not each ticket."""

    def says(tickets):
        said = tickets[column].array
        return np.append(said.categories.isin(words), False)[said.codes]  # a missing one has code -1

    return says


def some(column):
    """Whether the count is one or more; a missing count is none that is known."""
    return lambda tickets: tickets[column].gt(0).fillna(False).astype(bool)


def both(*questions):
    """Whether all of it holds."""
    return lambda tickets: np.logical_and.reduce([question(tickets) for question in questions])


def either(*questions):
    """Whether any of it holds."""
    return lambda tickets: np.logical_or.reduce([question(tickets) for question in questions])


def neither(question):
    """Whether it does not hold."""
    return lambda tickets: ~np.asarray(question(tickets), dtype=bool)


def in_time(stage, due):
    """Whether the stage came by its due time; a time before receipt says nothing about that."""

    def came(tickets):
        return tickets[stage].le(tickets[due]) & ~came_before_receipt(tickets, stage)

    return came


def has_fallen_due(stage, due):
    """Whether the stage was to have come by as_of, or has come early: open tickets past their time too.

    One that came at a time that cannot be read can be called neither in time nor late, and is left out.
    """

    def asked(tickets):
        come = tickets[due].le(tickets["as_of"]) | tickets[stage].notna()
        return tickets[due].notna() & come & ~is_untimed(stage)(tickets)

    return asked


is_answered = is_word("answered", schema.YES)
LEFT = "不含经审核剔除的、不予评判的和未见答复而关闭的件"


def name_plainly(metric):
    """The metric without its variant: 按期回复率（÷受理） → 按期回复率."""
    return metric.split("（")[0]


def name_deed(metric):
    """What a ticket of the numerator is: 按期回复率（÷受理） → 按期回复."""
    return name_plainly(metric).removesuffix("率")
