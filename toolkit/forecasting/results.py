"""What may become of an open ticket besides running out: done again, found wanting, sent back; from the same table.

Said only where a replay on past mornings shows that the kinds tell more than the county's own rate does.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.clocking.workdays import read_calendar
from toolkit.forecasting.cases import count_marks, find_tenths, list_cases, measure, name_kinds
from toolkit.forecasting.look_ahead import as_times, choose_alike, choose_open, require_judged
from toolkit.forecasting.replay import DAYS, score_chances, score_order, was_open
from toolkit.forecasting.table import count_kinds, count_table, read_table
from toolkit.forecasting.terms import read_look_ahead


class Result(NamedTuple):
    """Something that may become of a ticket: its name, the columns that tell, which tickets tell, of which it came true."""

    name: str
    needs: list
    tells: callable
    came: callable


def _is_counted(column):
    return lambda tickets: tickets[column].gt(0).fillna(False).astype(bool)


RESULTS = [
    Result(
        "重办", ["rework_count"], lambda tickets: tickets["rework_count"].notna(), _is_counted("rework_count")
    ),
    Result(
        "不满意",
        ["satisfaction"],
        lambda tickets: tickets["satisfaction"].isin(schema.RATED),
        lambda tickets: tickets["satisfaction"].isin(schema.DISSATISFIED),
    ),
    Result(
        "退单", ["return_count"], lambda tickets: tickets["return_count"].notna(), _is_counted("return_count")
    ),
]
BY_NAME = {result.name: result for result in RESULTS}
FORESEEN = ["result", "ticket_id", "kind", "level", "tenth", "alike", "came", "rate", "chance", "is_weak"]
TRIED = ["result", "looks", "came", "order", "chances", "chances_by_rate", "is_better"]


def look_at_results(tickets, as_of, calendar=None, settings=None):
    """每件未到期的工单：同类工单办到同样时候仍未答复的，后来重办、不满意、退单的各多少件；只列回放胜过全县比率的。

    As `look_ahead`, of each of RESULTS whose columns the export fills: `came` of `alike` tickets. It learns from tickets
    closed before as_of: until then more may come. Gives FORESEEN, and beside it the replays (`try_result`) of all
    results asked, a row each, is_better telling which are listed.
    """
    as_of, calendar = require_judged(tickets, as_of), calendar or read_calendar()
    settings = settings or read_look_ahead()
    asked = [
        result for result in RESULTS if len(tickets) and not schema.missing_columns(tickets, result.needs)
    ]
    mornings = pd.date_range(end=as_of.normalize(), periods=26, freq="7D")[:-1] + pd.Timedelta(
        calendar.spans[0][0], "us"
    )
    tried = pd.DataFrame(
        [try_result(tickets, result, mornings, calendar, settings) for result in asked], columns=TRIED
    )
    better = tried.loc[tried["is_better"].astype(bool), "result"]
    parts = [_foresee(tickets, BY_NAME[name], as_of, calendar, settings) for name in better]
    return (pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=FORESEEN)), tried


def list_result_cases(tickets, result, calendar):
    """Cases as `list_cases` has them, of another result: `ran_out` says whether it came, is_told whether the ticket tells.

    `marks` are those passed before the answer; `due_at` is when the ticket was closed: from then on the result is known.
    """
    until = tickets["answered_at"].fillna(tickets["answered_until"])
    gone, whole = measure(tickets["clock_from"], until, tickets["due_at"], calendar)
    is_told = result.tells(tickets) & (whole > 0) & tickets["closed_at"].notna()
    is_told &= ~tickets["due_state"].isin(schema.NOT_JUDGED) & tickets["exclusion"].ne(schema.EXCLUDED)
    known = {"ran_out": result.came(tickets), "marks": count_marks(gone, whole), "is_told": is_told}
    return list_cases(tickets, calendar).assign(due_at=tickets["closed_at"], **known)


def alike_of_result(tickets, forecast, as_of, calendar=None):
    """一件预测所依据的同类工单：编号和后来是否重办、不满意、退单。forecast: a row of `look_at_results`."""
    cases = list_result_cases(tickets, BY_NAME[forecast["result"]], calendar or read_calendar())
    told = cases[cases["is_told"] & (cases["due_at"] < require_judged(tickets, as_of))]
    alike = choose_alike(tickets, told, forecast)
    return alike[["ticket_id", "ran_out"]].rename(columns={"ran_out": "came"}).reset_index(drop=True)


def _foresee(tickets, result, as_of, calendar, settings):
    asked = choose_open(tickets) & tickets["due_at"].ge(as_of)
    cases, own = list_result_cases(tickets, result, calendar), tickets[asked]
    found, tenth = _read(cases, cases[asked], own, as_of, own["due_at"], calendar, settings)
    told = own[["ticket_id"]].assign(result=result.name, kind=name_kinds(own, found["level"]), tenth=tenth)
    told = told.join(found.rename(columns={"ran_out": "came"}))
    return told.assign(rate=told["came"] / told["alike"].where(told["alike"] > 0))[FORESEEN]


def _read(cases, asked, own, at, due, calendar, settings):
    """What the cases closed before a moment say of those asked about then, and the tenth each is in."""
    known = cases[cases["is_told"] & (cases["due_at"] < at)]
    tenth = find_tenths(*measure(own["clock_from"], as_times(at, own), due, calendar))
    return read_table(count_table(known, count_kinds(cases)), asked, tenth + 1, settings), tenth


# --- on past mornings ------------------------------------------------------------------------------


def try_result(tickets, result, mornings, calendar, settings):
    """A result's replay: looks, came (how many of them), order (AUC), the Brier score of its chances and of the county's rate.

    Every ticket open on a morning, due within DAYS and closed since is looked at; only what was closed before that
    morning is learned from. is_better: the chances come nearer to what came than the rate of all does, and order at all.
    """
    cases = list_result_cases(tickets, result, calendar)
    parts = []
    for morning in mornings:
        asked = cases["is_told"] & was_open(tickets, morning) & tickets["clock_from"].le(morning)
        asked &= tickets["due_at"].ge(morning) & tickets["due_at"].le(morning + pd.Timedelta(days=DAYS))
        known = cases["is_told"] & (cases["due_at"] < morning)
        if asked.any() and known.any():
            own = tickets[asked]
            found, _ = _read(cases, cases[asked], own, morning, own["due_at"], calendar, settings)
            rate = cases.loc[known, "ran_out"].mean()
            parts.append(found[["chance"]].assign(rate=rate, came=cases["ran_out"]))
    looks = (
        pd.concat(parts)
        if parts
        else pd.DataFrame({"chance": [], "rate": [], "came": np.array([], dtype=bool)})
    )
    order, ours = score_order(looks["chance"], looks["came"]), score_chances(looks["chance"], looks["came"])
    by_rate = score_chances(looks["rate"], looks["came"])
    is_better = bool(ours < by_rate and order > 0.5)
    return result.name, len(looks), int(looks["came"].sum()), order, ours, by_rate, is_better
