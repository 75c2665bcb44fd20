"""The metrics: for each, which tickets are counted, out of which, in one sentence, and whose formula it is.

`count_members` says for every ticket and metric whether it is in the denominator (0), in the numerator
too (1), or in neither (missing). Every figure and every list of tickets behind a figure comes from it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from toolkit import schema


@dataclass(frozen=True)
class Metric:
    """A 指标. `among` picks its denominator, `counts` the numerator within it; a plain count has no `among`."""

    name: str
    needs: tuple[str, ...]
    counts: Callable
    definition: str
    source: str
    among: Callable | None = None

    @property
    def is_count(self):
        """True for a number of tickets, False for a rate."""
        return self.among is None


def _assessed(tickets):
    return tickets["exclusion"].ne(schema.EXCLUDED) & tickets["due_state"].ne(schema.VOID)


def _assessed_with(column):
    return lambda tickets: _assessed(tickets) & tickets[column].notna()


def _on_time(tickets):
    return tickets["due_state"].eq(schema.ON_TIME)


def _should_be_closed(tickets):
    due = tickets["due_state"].isin([schema.LATE, schema.OVERDUE]) | tickets["due_at"].le(tickets["as_of"])
    return _assessed(tickets) & tickets["due_at"].notna() & (due | tickets["closed_at"].notna())


def _is_word(column, words):
    return lambda tickets: tickets[column].isin(words)


def _rated(tickets):
    return _assessed(tickets) & tickets["satisfaction"].isin(schema.RATED)


_LEFT = "不含经审核剔除和作废的件"

METRICS = [
    Metric(
        "受理件数",
        ("received_at",),
        lambda tickets: tickets["ticket_id"].notna(),
        "本期受理的全部工单，含已剔除和作废的",
        "县热线办报告口径",
    ),
    Metric(
        "按期回复率（÷受理）",
        ("due_at", "answered_at"),
        _on_time,
        f"截止时间前{{answer}}的件 ÷ 受理件；未到期未{{answer}}的也在分母，{_LEFT}",
        "县热线办报告：456/498=91.6%",
        among=_assessed,
    ),
    Metric(
        "按期回复率（÷转办）",
        ("due_at", "answered_at", "dispatched_at"),
        _on_time,
        f"截止时间前{{answer}}的件 ÷ 有转办时间的件；{_LEFT}",
        "德州通报：17,529/18,190=96.37%",
        among=_assessed_with("dispatched_at"),
    ),
    Metric(
        "回复率（÷受理）",
        ("answered_at",),
        lambda tickets: tickets["answered_at"].notna(),
        f"已{{answer}}的件（不论是否按期）÷ 受理件；{_LEFT}",
        "乡镇总结：回复率100%",
        among=_assessed,
    ),
    Metric(
        "按时办结率（÷应办结）",
        ("due_at", "closed_at"),
        lambda tickets: tickets["closed_at"].le(tickets["due_at"]),
        f"截止时间前办结的件 ÷ 应办结件（已到期的和提前办结的，超期未办结的也在分母）；{_LEFT}",
        "连云港2019年6月通报：24,165/29,186=82.8%",
        among=_should_be_closed,
    ),
    Metric(
        "办结率（÷受理）",
        ("closed_at",),
        lambda tickets: tickets["closed_at"].notna(),
        f"已办结的件 ÷ 受理件，含未到期的；{_LEFT}",
        "连平通报：2,477/3,136=78.98%",
        among=_assessed,
    ),
    Metric(
        "满意率（÷评价）",
        ("satisfaction",),
        _is_word("satisfaction", schema.SATISFIED),
        f"评价为非常满意、满意、基本满意的件 ÷ 有评价的件；未评价、默认满意不计，{_LEFT}",
        "岳阳通报：2,617/2,713=96.5%",
        among=_rated,
    ),
    Metric(
        "解决率（÷已表态）",
        ("resolved",),
        _is_word("resolved", [schema.RESOLVED]),
        f"已解决的件 ÷ 已解决和未解决的件；未表态不计，{_LEFT}",
        "接诉即办“三率”，未表态的处理各地不一",
        among=lambda tickets: (
            _assessed(tickets) & tickets["resolved"].isin([schema.RESOLVED, schema.UNRESOLVED])
        ),
    ),
    Metric(
        "回访率（÷已答复）",
        ("visited_at", "answered_at"),
        lambda tickets: tickets["visited_at"].notna(),
        f"已回访的件 ÷ 已{{answer}}的件；{_LEFT}",
        "某局总结：按规定回访率100%",
        among=_assessed_with("answered_at"),
    ),
]

BY_NAME = {metric.name: metric for metric in METRICS}


def count_members(tickets, as_of):
    """For every ticket and metric: 1 in the numerator, 0 in the denominator only, missing in neither.

    Reads the columns each metric needs, after `clock`. Stages later than `as_of` count as not done yet.
    A metric whose columns the export does not fill is left out: see `lacking`.
    """
    known = hide_later_stages(tickets, as_of).assign(as_of=as_of)
    missing = lacking(tickets)
    members = {m.name: _members(m, known) for m in METRICS if m.name not in missing}
    return pd.DataFrame(members, index=tickets.index).astype("Int8")


def _members(metric, tickets):
    counted = metric.counts(tickets)
    among = counted if metric.is_count else metric.among(tickets)
    return counted.astype("Int8").where(among)


def hide_later_stages(tickets, as_of):
    """The tickets as they stood: a stage that came after `as_of` has not happened."""
    stages = ["dispatched_at", "signed_at", "replied_at", "fed_back_at", "visited_at", "closed_at"]
    known = {stage: tickets[stage].where(tickets[stage] <= as_of) for stage in stages}
    unsaid = tickets["visited_at"] > as_of
    said = {
        column: tickets[column].mask(unsaid) for column in ("visit_connected", "satisfaction", "resolved")
    }
    return tickets.assign(**known, **said)


def lacking(tickets):
    """Metric → the columns it needs and the export leaves wholly empty."""
    empty = {
        name for metric in METRICS for name in metric.needs if len(tickets) and tickets[name].isna().all()
    }
    found = {
        metric.name: [n for n in metric.needs if n in empty and n != "answered_at"] for metric in METRICS
    }
    return {name: columns for name, columns in found.items() if columns}


def define(metric, answered_by):
    """The metric's definition in one sentence, naming the stage that counts as the answer."""
    return metric.definition.format(answer=schema.ANSWERS[answered_by])
