"""What a run's reports look ahead to: a forecast for each open ticket, and the list tried on last month's mornings."""

import pandas as pd

from toolkit.forecasting.cases import list_cases
from toolkit.forecasting.look_ahead import choose_told, look_ahead
from toolkit.forecasting.terms import read_look_ahead
from toolkit.forecasting.trial import sum_trial, try_last_month
from toolkit.preparing.scoping import with_report


def add_marks(tickets, as_of, calendar):
    """The tickets with `marks_passed`, by which a forecast's alike tickets are found; missing where it learns nothing."""
    told = choose_told(list_cases(tickets, calendar), pd.Timestamp(as_of))
    return tickets.assign(marks_passed=told["marks"].astype("Int64").reindex(tickets.index))


def foresee(tickets, as_of, policies, events):
    """forecasts and tried, each with the report a ticket stands in; and what the trial comes to.

    Both learn from the reports' own tickets alone, so that every figure of theirs can be opened on the county's page.
    """
    settings, as_of = read_look_ahead(), pd.Timestamp(as_of)
    reports = tickets.set_index("ticket_id")["report"]
    forecasts = look_ahead(tickets, as_of, policies[-1].workdays, settings)
    tried = try_last_month(tickets, as_of, policies, events, settings)
    frames = {"forecasts": with_report(forecasts, reports), "tried": with_report(tried, reports)}
    return frames, {"tried": sum_trial(tried, as_of, settings)}
