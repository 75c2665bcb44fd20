"""Which open tickets will run out: how many tickets of their kind came as far as they have, and what became of those."""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.clocking.workdays import read_calendar
from toolkit.errors import ParameterError
from toolkit.forecasting.cases import NARROWER, TENTHS, find_tenths, list_cases, measure, name_kinds
from toolkit.forecasting.table import count_kinds, count_table, read_table
from toolkit.forecasting.terms import read_look_ahead
from toolkit.period import parse_as_of
from toolkit.rounding import percent

FORECASTS = {
    **dict.fromkeys(["ticket_id", "kind"], "str"),
    **dict.fromkeys(["level", "tenth", "alike", "ran_out"], "Int64"),
    **dict.fromkeys(["rate", "chance"], "float64"),
    "is_weak": "bool",
    "forecast": "str",
}
COUNTS = ["level", "tenth", "alike", "ran_out", "rate", "chance"]
NO_DUE, NO_LIMIT, STANDS = (
    "没有截止时间，不作预测",
    "时限长短不明，不作预测",
    "已过截止时间而暂停计时，不作预测",
)
DEFINITION = (
    "同类件：截止时间已过、是否逾期已经清楚的工单中，与这件同类型、同分类、同单位的，不足{least}件时依次放宽单位、分类、类型；"
    "其中在时限用去同样份额（这件所在的十分之一的正中，按办公时间计）时仍未答复的为分母，后来逾期的为分子"
)


def look_ahead(tickets, as_of, calendar=None, settings=None, cases=None):
    """每件未到期的工单：同类工单办到同样时候仍未答复的有多少件，其中多少件后来逾期。

    Reads the columns of `clock`, exclusion, type, category, unit; gives one row for each ticket that waits for its
    first answer and is not overdue, in their order: `kind` in words and `level` (how many of type, category, unit it
    is narrowed by), `tenth` of its limit that it is in (0 to 9), `alike`: tickets of the kind that were open in the
    middle of that tenth, `ran_out` of them, `rate` = ran_out ÷ alike, `chance` = the rate drawn towards the wider
    kind's (`read_table`), is_weak, and `forecast`, all of it in a sentence. It learns from tickets alone whose due
    time is before as_of: of those not due yet only the quick ones are answered, and to count these would flatter.
    Without a due time, a length of the limit, or while the clock stands still past it, the counts are missing and
    `forecast` says why. calendar: the policy's working days. cases: of `list_cases`, where they are listed
    already. Raises ParameterError where as_of is not the moment at which the tickets were judged.
    """
    as_of, calendar = require_judged(tickets, as_of), calendar or read_calendar()
    settings = settings or read_look_ahead()
    cases = list_cases(tickets, calendar) if cases is None else cases
    table = count_table(choose_told(cases, as_of), count_kinds(cases))
    asked = choose_open(tickets)
    own = tickets[asked]
    gone, whole = measure(own["clock_from"], as_times(as_of, own), own["due_at"], calendar)
    tenth = find_tenths(gone, whole)
    found = read_table(table, cases[asked], tenth + 1, settings)
    told = own[["ticket_id"]].assign(
        kind=name_kinds(own, found["level"]),
        tenth=tenth,
        rate=found["ran_out"] / found["alike"].where(found["alike"] > 0),
        **found,
    )
    return _say(told, _find_reasons(own, whole, as_of), schema.ANSWERS.get(_answered_by(own), "答复"))


def say_definition(settings):
    """The definition of a forecast, in a sentence, with the county's own limits filled in."""
    strength = f"{settings.prior_strength:g}"
    leans = f"逾期可能＝（逾期件数＋{strength}×上一级同类的逾期可能）÷（件数＋{strength}）"
    return f"{DEFINITION.format(least=settings.least_alike)}；{leans}"


def require_judged(tickets, as_of):
    """as_of as a moment; ParameterError where the tickets were not clocked at it."""
    as_of, judged = parse_as_of(as_of), schema.judged_at(tickets)
    if len(tickets) and judged != as_of:
        raise ParameterError(
            f"as_of is {as_of:%Y-%m-%d %H:%M}, but the tickets were judged at {judged:%Y-%m-%d %H:%M}: "
            "give the as_of that was given to toolkit.clock"
        )
    return as_of


def choose_told(cases, as_of):
    """The cases a forecast of that moment learns from: what became of them was settled by then."""
    return cases[cases["is_told"] & (cases["due_at"] < as_of)]


def choose_open(tickets):
    """Which tickets are forecast: they wait for their first answer, are not overdue, and leave no assessment."""
    waits = tickets["due_state"].isin([schema.PENDING, schema.NO_DUE]) & schema.is_open(tickets)
    return waits & tickets["exclusion"].ne(schema.EXCLUDED)


def as_times(moment, tickets):
    """One moment as a column of the tickets."""
    return pd.Series(moment, index=tickets.index, dtype=schema.DTYPES["time"])


def _answered_by(tickets):
    return tickets["answered_by"].iloc[0] if len(tickets) else ""


def _find_reasons(tickets, whole, as_of):
    """Why a ticket has no forecast; missing where it has one."""
    reasons = [
        (tickets["due_at"].isna(), NO_DUE),
        (tickets["due_at"] < as_of, STANDS),
        (whole <= 0, NO_LIMIT),
    ]
    words = np.select([when for when, _ in reasons], [word for _, word in reasons], "")
    return pd.Series(words, index=tickets.index, dtype="str").replace("", None)


def _say(told, reasons, answered):
    """The forecasts, each with its sentence; those without one with the reason and no counts."""
    known = reasons.isna()
    told = told.assign(**{name: told[name].astype(FORECASTS[name]).where(known) for name in COUNTS})
    said = say_forecast(told, answered).where(known, reasons)
    told = told.assign(kind=told["kind"].where(known), is_weak=told["is_weak"] & known, forecast=said)
    return told[list(FORECASTS)].astype(FORECASTS)


def say_forecast(told, answered):
    """同类件（同单位、同分类）时限用去75%时仍未回复的58件，41件逾期（70.7%）, for each row."""
    marks = (told["tenth"].astype("float64") * 100 + 50) / TENTHS
    values = zip(
        told["kind"], marks, told["alike"], told["ran_out"], told["rate"], told["is_weak"], strict=True
    )
    said = [
        "" if mark != mark else _sentence(kind, mark, *counts, answered) for kind, mark, *counts in values
    ]
    return pd.Series(said, index=told.index, dtype="str")


def _sentence(kind, mark, alike, ran_out, rate, is_weak, answered):
    if not alike:
        return f"截止时间已过的工单中，时限用去{mark:.0f}%时仍未{answered}的一件也没有，依据不足"
    weak = "，件数太少，依据不足" if is_weak else ""
    return f"同类件（{kind}）时限用去{mark:.0f}%时仍未{answered}的{alike}件，{ran_out}件逾期（{percent(rate)}）{weak}"


def alike_then(tickets, forecast, as_of, calendar=None):
    """一件预测所依据的同类工单：编号和后来是否逾期。

    tickets, as_of, calendar: as given to `look_ahead`; forecast: a row of what it gave. Gives ticket_id and ran_out of
    the `alike` tickets in their order; none where there is no forecast.
    """
    cases = list_cases(tickets, calendar or read_calendar())
    told = choose_told(cases, require_judged(tickets, as_of))
    return choose_alike(tickets, told, forecast)[["ticket_id", "ran_out"]].reset_index(drop=True)


def choose_alike(tickets, told, forecast):
    """Of the cases a forecast learns from those that it counts: of its kind, and open in the middle of its tenth."""
    if pd.isna(forecast["level"]):
        return told.head(0)
    own = tickets[tickets["ticket_id"].eq(forecast["ticket_id"])].iloc[0]
    alike = told["marks"] > forecast["tenth"]
    for name in NARROWER[: int(forecast["level"])]:
        values = tickets.loc[told.index, name]
        alike &= values.isna() if pd.isna(own[name]) else values.eq(own[name])
    return told[alike]
