"""What a 考核办法 scores: its items with weights and targets, and its bonuses."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from toolkit.errors import nearest
from toolkit.scoring import catalogue
from toolkit.settings import Settings, Words

Points = Annotated[Decimal, Field(ge=0, le=10_000)]
Percent = Annotated[Decimal, Field(ge=0, le=100)]
Places = Annotated[int, Field(ge=0, le=6)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]


def known_metric(name):
    """The name of a metric as it is; ValueError with the nearest right spelling for a name that is none."""
    names = [metric.name for metric in catalogue.METRICS]
    if name not in names:
        near = nearest(name, names).strip()
        raise ValueError("unknown metric" + (f" ({near})" if near else ""))
    return name


class Target(Settings):
    """Another target for the units or groups named."""

    target: Percent
    units: Words = []
    groups: Words = []

    @model_validator(mode="after")
    def _is_for_somebody(self):
        if not self.units and not self.groups:
            raise ValueError("name the units or the groups this target is for")
        return self


class Item(Settings):
    """One item of a scheme: a metric, its full points, and how a rate becomes points.

    `deduct`: full points at the target, `per_point` less for each percentage point missed (in parts too),
    `gain` more for each one beyond it; never under `floor`, never over `cap` (default: the weight).
    `proportional`: weight × rate. `share_in_group`: weight × the unit's share of its group's count.
    With `better: lower` a high rate is bad (不满意率): points go for what lies above the target.
    """

    name: str
    metric: str
    weight: Annotated[Decimal, Field(gt=0, le=10_000)]
    scoring: Literal["deduct", "proportional", "share_in_group"] = "deduct"
    better: Literal["higher", "lower"] = "higher"
    target: Percent | None = None
    targets: list[Target] = []
    per_point: Points | None = None
    gain: Points = Decimal(0)
    floor: Points = Decimal(0)
    cap: Points | None = None
    missed: str = ""
    named_beyond: Percent | None = None

    _metric_exists = field_validator("metric")(known_metric)

    @model_validator(mode="after")
    def _is_complete(self):
        mistakes = []
        deducts = self.scoring == "deduct"
        for name in ("target", "per_point"):
            if deducts and getattr(self, name) is None:
                mistakes.append(f"scoring 'deduct' needs {name}")
        given = [n for n in ("target", "targets", "per_point", "gain") if getattr(self, n)]
        if not deducts and given:
            mistakes.append(f"{', '.join(given)} belong to scoring 'deduct', not to '{self.scoring}'")
        if catalogue.BY_NAME[self.metric].is_count != (self.scoring == "share_in_group"):
            kind = "a count" if catalogue.BY_NAME[self.metric].is_count else "a rate"
            mistakes.append(
                f"{self.metric} is {kind}: counts go with 'share_in_group', rates with the others"
            )
        if self.floor > self.most:
            mistakes.append(f"floor {self.floor} is more than the most points there are, {self.most}")
        if self.gain and self.most <= self.weight:
            mistakes.append("gain needs a cap above the weight")
        if mistakes:
            raise ValueError("; ".join(mistakes))
        return self

    @property
    def most(self):
        """The most points there are."""
        return self.weight if self.cap is None else self.cap

    def target_for(self, unit, group):
        """The target for one unit: the first of `targets` that names it or its group, else the item's."""
        special = (t.target for t in self.targets if unit in t.units or group in t.groups)
        return next(special, self.target)


class Step(Settings):
    """A step of a bonus: from this rate on, so many points each time."""

    rate: Percent
    points: Points


class Bonus(Settings):
    """加分 for volume done well: from `from_tickets` on, each full `per_tickets` earns the highest step reached."""

    name: str
    metric: str
    volume: str = "受理件数"
    from_tickets: Count
    per_tickets: Annotated[int, Field(ge=1, le=1_000_000)]
    steps: Annotated[list[Step], Field(min_length=1)]
    cap: Points

    _metrics_exist = field_validator("metric", "volume")(known_metric)
