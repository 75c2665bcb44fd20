"""What a rule is, and the few things every rule is written with: its entry, its findings, its sentences.

To add a rule, write a function that takes a `Watch` (`watch.py`) and gives its findings through `findings_on` (tickets) or
`findings_about` (units, topics), decorate it with `@rule`, give it its test, and import its module in `flag.py`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from toolkit import schema
from toolkit.flagging.limit_words import fill_limits
from toolkit.rounding import percent

FINDINGS = [
    *["ticket_id", "unit", "rule", "rule_name", "severity", "since", "measure", "evidence", "rests_on"],
]
LOG = "log"  # stands for a flow log among the needs of a rule
SEVERITIES = ["红", "橙", "黄", "蓝"]  # most urgent first; the colour ladder of published warnings


@dataclass(frozen=True)
class Rule:
    """One 线索 rule: what it finds, without what it cannot be evaluated, and how sure it is.

    needs: columns of the ticket table, a tuple where one of several will do (LOG for a flow log); needs_log: it
    rests on a flow log; heeds_log: where there is one, it may find something else; reads_texts: on contents or
    replies; about: ticket, or unit (a unit, a township, a topic: findings carry the tickets they rest on); guard:
    what keeps it from a false alarm; asks_review: it accuses nobody and asks a person to look; looks_back: what came
    before the tickets in question matters too.
    thresholds: the limits of a policy it reads; tells: the columns of texts and places that its evidence repeats, which
    some versions of a report hide. In sentence, ladder and guard `{name}` stands for one: `say` fills it in.
    """

    code: str
    name: str
    group: str
    sentence: str
    ladder: str
    needs: tuple[str | tuple[str, ...], ...]
    source: str
    guard: str
    thresholds: tuple[str, ...]
    needs_log: bool
    heeds_log: bool
    reads_texts: bool
    tells: tuple[str, ...]
    about: str
    asks_review: bool
    looks_back: bool
    find: Callable

    def say(self, policies):
        """Sentence, ladder and guard with the limits in force; a unit or a topic is judged by the latest policy's."""
        judging = policies if self.about == "ticket" else policies[-1:]
        return tuple(fill_limits(text, judging) for text in (self.sentence, self.ladder, self.guard))

    def reads(self, policy):
        """What the rule reads of a policy, beside what `clock` has judged by it."""
        limits = [getattr(policy.rules, name, None) for name in self.thresholds]
        calendar = [policy.calendar, policy.beyond_calendar]
        return [*limits, *calendar, policy.extension_times, bool(policy.extension_limits)]


RULES = []


def rule(
    name,
    group,
    *,
    ladder,
    source,
    needs=(),
    guard="",
    thresholds=(),
    needs_log=False,
    heeds_log=False,
    reads_texts=False,
    tells=(),
    about="ticket",
    asks_review=False,
    looks_back=False,
):
    """Enter a function as a rule; its docstring's first line is the sentence a unit could read, limits as `{name}`."""

    def enter(find):
        RULES.append(
            Rule(
                code=find.__name__,
                name=name,
                group=group,
                sentence=find.__doc__.strip().splitlines()[0],
                ladder=ladder,
                needs=tuple(needs),
                source=source,
                guard=guard,
                thresholds=tuple(thresholds),
                needs_log=needs_log,
                heeds_log=needs_log or heeds_log,
                reads_texts=reads_texts,
                tells=tuple(tells),
                about=about,
                asks_review=asks_review,
                looks_back=looks_back,
                find=find,
            )
        )
        return find

    return enter


# --- findings --------------------------------------------------------------------------------------


def findings_on(hits, severity, since, measure, evidence):
    """The findings about single tickets; all arguments align with `hits`."""
    return pd.DataFrame(
        {
            "ticket_id": hits["ticket_id"],
            "unit": hits["unit"].fillna(schema.NO_UNIT),
            "severity": severity,
            "since": since,
            "measure": pd.Series(measure, index=hits.index).astype("Float64"),
            "evidence": evidence,
            "rests_on": None,
        },
        index=hits.index,
    )


def findings_about(units, severity, since, measure, evidence, rests_on):
    """The findings about units, townships or topics: one row each, with the list of tickets it rests on."""
    return pd.DataFrame(
        {
            "ticket_id": None,
            "unit": list(units),
            "severity": severity,
            "since": since,
            "measure": pd.Series(list(measure), dtype="Float64"),
            "evidence": list(evidence),
            "rests_on": [list(ids) for ids in rests_on],
        }
    )


def no_findings():
    """The empty findings frame, typed."""
    kinds = dict.fromkeys(FINDINGS, "str") | {"since": schema.DTYPES["time"], "measure": "Float64"}
    kinds["rests_on"] = "object"
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})


# --- sentences -------------------------------------------------------------------------------------


def fill(template, hits, **values):
    """The template once a row: `{name}` is the row's value of a keyword, else of a column of `hits`.

    Times are told to the minute; what is missing reads （无）. A keyword is one value or a Series like `hits`.
    Joined in Arrow, because a rule may speak of a hundred thousand tickets.
    """
    parts = [part for part in re.split(r"(\{\w+\})", template) if part]
    columns = [_part(part, hits, values) for part in parts]
    if all(isinstance(column, pa.Scalar) for column in columns):
        same = "".join(column.as_py() for column in columns)
        return pd.Series(same, index=hits.index, dtype="str")
    joined = pc.binary_join_element_wise(*columns, pa.scalar("", pa.large_string()))
    return joined.to_pandas().set_axis(hits.index)


def _part(part, hits, values):
    if not part.startswith("{"):
        return pa.scalar(part, pa.large_string())
    name = part[1:-1]
    value = values[name] if name in values else hits[name]
    if not isinstance(value, pd.Series):
        return pa.scalar(_plain(value), pa.large_string())
    array = pa.Array.from_pandas(value)
    if pa.types.is_timestamp(array.type):
        whole = array.cast(pa.timestamp("s"), safe=False).cast(pa.large_string())
        array = pc.utf8_slice_codeunits(whole, 0, len("2025-03-04 09:30"))  # far faster than strftime
    if pa.types.is_floating(array.type):
        array = pc.round(array, 1, round_mode="half_towards_infinity")  # as rounding.round_half_up
    return pc.fill_null(array.cast(pa.large_string()), "（无）")


def _plain(value):
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, pd.Timestamp) else str(value)


def grade(measure, *steps):
    """A colour for each measure: the first (limit, colour) it reaches; the last step's colour else."""
    colours = pd.Series(steps[-1][1], index=measure.index, dtype="str")
    for limit, colour in reversed(steps[:-1]):
        colours = colours.mask(measure.ge(limit).fillna(False), colour)
    return colours


def look_up(keys, values):
    """The value of each key, missing where it has none; unlike `map` also where there is nothing to look up."""
    return pd.Series(values.reindex(keys).to_numpy(), index=keys.index)


def share(part, whole):
    """38.5%（5/13）for counts in words."""
    return f"{percent(part / whole)}（{part}/{whole}）"
