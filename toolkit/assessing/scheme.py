"""A 考核办法 of parameters/schemes: its items, groups, who is not assessed, how it is shown, the year."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from toolkit.assessing.scheme_items import Bonus, Count, Item, Percent, Places, Points, known_metric
from toolkit.errors import SchemeError, nearest
from toolkit.scoring import catalogue
from toolkit.settings import PROJECT, Settings, Words, read_named

SCHEMES = PROJECT / "parameters" / "schemes"


class Grade(Settings):
    """A grade: from so many points on, or the best so many percent of a group (counted from the top)."""

    grade: str
    at_least: Points | None = None
    best_percent: Percent | None = None

    @model_validator(mode="after")
    def _is_one_kind(self):
        if (self.at_least is None) == (self.best_percent is None):
            raise ValueError("give exactly one of at_least (points), best_percent (of the group)")
        return self


class Presentation(Settings):
    """How the result is shown: grades, a board of best and last, the top only, ranks, or nothing but points."""

    kind: Literal["grades", "board", "top", "ranks", "none"]
    why: str
    grades: list[Grade] = []
    top: Count = 0
    bottom: Count = 0
    top_name: str = "红榜"
    bottom_name: str = "黄榜"

    @model_validator(mode="after")
    def _is_complete(self):
        mistakes = []
        if (self.kind == "grades") != bool(self.grades):
            mistakes.append("kind 'grades' and a list of grades go together")
        if (self.kind in ("board", "top")) != bool(self.top or self.bottom):
            mistakes.append("kinds 'board' and 'top' and the numbers top, bottom go together")
        if self.kind == "top" and self.bottom:
            mistakes.append("kind 'top' has no bottom: a board has")
        limits = [g.at_least if g.at_least is not None else g.best_percent for g in self.grades]
        kinds = {g.at_least is None for g in self.grades}
        if len(kinds) > 1:
            mistakes.append("grades go by points or by percent of the group, not by both")
        elif limits and limits != sorted(limits, reverse=not kinds.pop()):
            mistakes.append("list the grades from the best to the last")
        elif self.grades and limits[-1] != (0 if self.grades[-1].best_percent is None else 100):
            mistakes.append("the last grade takes the rest: at_least 0, or best_percent 100")
        if mistakes:
            raise ValueError("; ".join(mistakes))
        return self


class NotAssessed(Settings):
    """A unit that is not assessed, and why."""

    unit: str
    reason: str


class Annual(Settings):
    """How the months become a year's score, and what it is worth in the county's 综合考评.

    `mean`: the months weigh alike (months) or by their tickets (tickets). `worth`: what 100 points of the year
    are worth there, `cap`: at most. Fewer than `least_months` months assessed: nothing is converted.
    """

    mean: Literal["months", "tickets"]
    least_months: Annotated[int, Field(ge=1, le=12)] = 1
    worth: Annotated[Decimal, Field(gt=0, le=10_000)]
    cap: Annotated[Decimal, Field(gt=0, le=10_000)]


class Scheme(Settings):
    """A 考核办法: what is scored and how, who is assessed with whom, how the result is shown, where it comes from."""

    name: str
    source: str
    purpose: str = ""
    basis: Words = []
    partial: str = ""
    published: Words = []
    assumed: Words = []
    items: Annotated[list[Item], Field(min_length=1)]
    bonuses: list[Bonus] = []
    no_tickets: Literal["spread", "full", "not_scored"] = "spread"
    rate_decimals: Places = 2
    points_decimals: Places = 2
    groups: Words = []
    groups_apart: bool = True
    volume: str = "受理件数"
    least_evaluable: Percent = Decimal(80)
    min_tickets: Count = 0
    min_tickets_by_group: dict[str, Count] = {}
    not_assessed: list[NotAssessed] = []
    presentation: Presentation
    annual: Annual | None = None

    _volume_exists = field_validator("volume")(known_metric)

    @model_validator(mode="after")
    def _agrees_with_itself(self):
        mistakes = []
        names = [entry.name for entry in (*self.items, *self.bonuses)]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            mistakes.append(f"two items are named {', '.join(twice)}")
        asked = [*self.min_tickets_by_group, *(g for i in self.items for t in i.targets for g in t.groups)]
        for group in dict.fromkeys(asked):
            if group not in self.groups:
                mistakes.append(f"'{group}' is not among groups.{nearest(group, self.groups)}")
        for name in dict.fromkeys([self.volume, *(bonus.volume for bonus in self.bonuses)]):
            if not catalogue.BY_NAME[name].is_count:
                mistakes.append(f"volume is a count of tickets, {name} is a rate")
        if mistakes:
            raise ValueError("; ".join(mistakes))
        return self

    def is_evaluable(self, weight):
        """Whether so much of the full points is enough to grade by; `least_evaluable` is in percent of them."""
        return weight * 100 >= self.full * self.least_evaluable

    @property
    def full(self):
        """The full points of all items; bonuses come on top."""
        return sum(item.weight for item in self.items)

    def min_tickets_for(self, group):
        """How many tickets a unit of the group needs to be graded."""
        return self.min_tickets_by_group.get(group, self.min_tickets)


def read_scheme(scheme):
    """A Scheme from its name under parameters/schemes, from a file, from a dict, or as it is.

    Raises SchemeError naming every mistake, with the nearest right spelling.
    """
    return read_named(Scheme, scheme, SCHEMES, SchemeError)
