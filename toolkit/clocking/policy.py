"""A 时限办法 of parameters/policies: limits stage by stage, extensions, pauses, warnings, the rules' limits."""

from datetime import time
from functools import cached_property
from typing import Annotated, Literal

import numpy as np
from pydantic import BeforeValidator, Field, model_validator

from toolkit.clocking.calendar_file import CALENDAR_FILE, CalendarFile, read_calendar_file
from toolkit.clocking.workdays import Calendar, read_calendar
from toolkit.errors import PolicyError
from toolkit.settings import PROJECT, ClockTime, Day, Days, Settings, Words, read_named
from toolkit.words.holidays import NOTICED

POLICIES = PROJECT / "parameters" / "policies"
CONDITIONS = ["type", "urgency", "channel", "source_level", "category", "unit_group"]
UNITS = ["working_days", "calendar_days", "working_hours", "hours", "minutes"]
DAY_UNITS = UNITS[:2]

Start = Literal["received_at", "dispatched_at"]
Hours = Annotated[float, Field(gt=0, le=10_000)]


class Limit(Settings):
    """Tickets that fit all conditions given have so much time, in exactly one unit.

    Days are counted from the day after the event and end at the policy's `day_ends_at`; with
    `first_day_counts` the day of the event is day one. Hours and minutes run from the event itself:
    `working_hours` within office hours, `hours` and `minutes` round the clock. With
    `counts_from: next_working_day` the event counts as happening when the next working day opens; with
    `rolls_over` it does so only after the cut-off or on a day off.
    """

    working_days: Days | None = None
    calendar_days: Days | None = None
    working_hours: Hours | None = None
    hours: Hours | None = None
    minutes: Annotated[int, Field(gt=0, le=100_000)] | None = None
    counts_from: Literal["event", "next_working_day"] = "event"
    first_day_counts: bool = False
    rolls_over: bool = False
    type: Words = []
    urgency: Words = []
    channel: Words = []
    source_level: Words = []
    category: Words = []
    unit_group: Words = []

    @model_validator(mode="after")
    def _is_one_limit(self):
        given = [unit for unit in UNITS if getattr(self, unit) is not None]
        mistakes = []
        if len(given) != 1:
            mistakes.append(f"give exactly one of {', '.join(UNITS)}, found {', '.join(given) or 'none'}")
        elif self.first_day_counts and given[0] not in DAY_UNITS:
            mistakes.append(f"first_day_counts is for days: {given[0]} run from the event itself")
        elif self.first_day_counts and getattr(self, given[0]) == 0:
            mistakes.append("a limit whose first day counts is one day at least")
        if mistakes:
            raise ValueError("; ".join(mistakes))
        return self

    @property
    def unit(self):
        """The one unit the limit is given in."""
        return next(unit for unit in UNITS if getattr(self, unit) is not None)

    @property
    def amount(self):
        """How much of that unit."""
        return getattr(self, self.unit)

    def conditions(self):
        """Column and allowed words of each condition set."""
        given = {name: getattr(self, name) for name in CONDITIONS}
        return {name: words for name, words in given.items() if words}


class Step(Settings):
    """A step of the warning ladder: an open ticket that reaches it has that colour."""

    colour: Literal["红", "橙", "黄", "蓝"]
    overdue_days: Days | None = None
    left_days: Days | None = None
    left_share: Annotated[float, Field(gt=0, lt=1)] | None = None

    @model_validator(mode="after")
    def _is_one_step(self):
        given = [self.overdue_days, self.left_days, self.left_share]
        if sum(value is not None for value in given) != 1:
            raise ValueError("give exactly one of overdue_days, left_days, left_share")
        return self


Count = Annotated[int, Field(ge=1, le=100_000)]
Share = Annotated[float, Field(gt=0, lt=1)]


class RuleLimits(Settings):
    """The limits beyond which a rule reports; parameters/policies/county_default.yml says what each means."""

    due_soon_days: Days = 2
    late_orange_days: Days = 2
    clustered_share: Share = 0.1
    clustered_hours: Hours = 2
    clustered_sigmas: Annotated[float, Field(gt=0, le=10)] = 3
    clustered_min_count: Count = 20
    returned_count: Count = 2
    many_units_count: Count = 3
    wandering_share: Share = 0.3
    topic_min_count: Count = 5
    topic_units: Count = 3
    misdirected_share: Share = 0.8
    misdirected_min_count: Count = 10
    idle_share: Share = 0.5
    urged_count: Count = 2
    reply_min_chars: dict[str, Count] = {"咨询": 10, "": 30}
    promise_max_chars: Count = 50
    instant_minutes: Count = 5
    copied_similarity: Share = 0.78
    copied_count: Count = 3
    called_again_hours: Count = 72
    called_again_days: Count = 30
    reopened_red_count: Count = 3
    perfect_min_count: Count = 30
    perfect_chance: Share = 0.01
    burst_count: Count = 5
    callback_after_share: Share = 0.8
    bulk_count: Count = 5
    bulk_minutes: Count = 5
    bulk_similarity: Share = 0.95
    heaped_share: Share = 0.5
    heaped_min_count: Count = 30
    heaped_sigmas: Annotated[float, Field(gt=0, le=10)] = 3
    order_share: Share = 0.8
    exclusion_min_count: Count = 3
    feedback_days: Days = 1
    handler_share: Share = 0.5
    repeated_count: Count = 2
    repeated_days: Count = 90
    raised_again_days: Count = 90
    raised_again_similarity: Share = 0.4
    mass_callers: Count = 5
    mass_days: Count = 7
    matter_similarity: Share = 0.8
    hot_spot_count: Count = 8
    hot_spot_days: Count = 30
    surge_sigmas: Annotated[float, Field(gt=0, le=20)] = 3
    surge_min_count: Count = 10
    busy_day_count: Count = 8
    frequent_count: Count = 8
    frequent_days: Count = 30


LADDER = [
    Step(colour="红", overdue_days=3),
    Step(colour="橙", overdue_days=0),
    Step(colour="黄", left_days=1),
    Step(colour="蓝", left_share=0.5),
]


def _calendar_file(value):
    return read_calendar_file(value) if isinstance(value, str) else value


class Policy(Settings):
    """A 时限办法: whose due time judges, what counts as the answer, the limits, the rules' limits."""

    name: str
    source: str
    valid_from: Day | None = None
    valid_to: Day | None = None
    due_from: Literal["platform_first", "policy_only", "platform_only"] = "platform_first"
    answered_by: Literal["replied_at", "closed_at"] = "replied_at"
    starts_from: Start = "received_at"
    day_ends_at: ClockTime | None = None
    calendar: Annotated[CalendarFile, BeforeValidator(_calendar_file)] = Field(
        default=str(CALENDAR_FILE), validate_default=True
    )
    beyond_calendar: Literal["stop", "weekdays"] = "stop"
    dispatch_limits: list[Limit] = []
    sign_limits: list[Limit] = [Limit(working_days=1)]
    contact_limits: list[Limit] = []
    return_limits: list[Limit] = []
    reply_limits: list[Limit] = [Limit(working_days=5)]
    rework_limits: list[Limit] = []
    close_limits: list[Limit] = []
    visit_limits: list[Limit] = []
    lead_working_days: Days = 2
    reassignment: Literal["new_clock", "same_clock"] = "new_clock"
    extension_limits: list[Limit] = []
    extension_times: Annotated[int, Field(ge=1, le=100)] = 1
    extension_cut_off_at: ClockTime | None = None
    paused_days: Literal["whole", "touched"] = "whole"
    ladder: list[Step] = LADDER
    rules: RuleLimits = RuleLimits()

    @model_validator(mode="after")
    def _lies_within_the_calendar(self):
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError(f"valid_to {self.valid_to} lies before valid_from {self.valid_from}")
        last = self.workdays.last_day
        if self.beyond_calendar == "stop" and self.valid_from and np.datetime64(self.valid_from) > last:
            raise ValueError(
                f"valid_from {self.valid_from} lies after the working-day calendar ends ({last}): "
                f"{say_what_to_add(self.valid_from.year)}"
            )
        return self

    @cached_property
    def workdays(self) -> Calendar:
        """The calendar the policy counts in."""
        return read_calendar(self.calendar, self.beyond_calendar)

    @property
    def ends_at(self) -> time:
        """When the last day of a limit in days ends: day_ends_at, or when the office closes."""
        return self.day_ends_at or self.calendar.closes_at


def say_what_to_add(year):
    """What to do when the calendar does not reach a year."""
    return (
        f"list the days off and make-up working days of {year} in parameters/calendar.yml: at its end take away the # "
        f"before `notices:`, `{year}:` and its seven lines ({NOTICED[0]} to {NOTICED[-1]}) and fill in 放假 (from..to) and "
        f"上班 (the make-up days) from the State Council's notice; or update chinesecalendar; "
        f"`beyond_calendar: weekdays` in the policy goes on with Monday to Friday and marks every due time that "
        f"rests on it"
    )


def read_policy(policy):
    """A Policy from its name under parameters/policies, from a file, from a dict, or as it is.

    A list of one is that one. Raises PolicyError, for a list of several too: see `read_policies`.
    """
    if isinstance(policy, (list, tuple)):
        if len(policy) > 1:
            names = "、".join(str(getattr(one, "name", one)) for one in policy)
            raise PolicyError(f"one policy is expected here, found {len(policy)}: {names}. Name one of them")
        policy = policy[0] if policy else ""
    return read_named(Policy, policy, POLICIES, PolicyError)
