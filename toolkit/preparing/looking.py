"""What a run's reports look ahead to: a forecast for each open ticket, and the list tried on last month's mornings."""

import pandas as pd

from toolkit.forecasting.cases import list_cases
from toolkit.forecasting.look_ahead import choose_told, look_ahead
from toolkit.forecasting.terms import read_look_ahead
from toolkit.forecasting.trial import sum_trial, try_last_month
from toolkit.preparing.scoping import with_report


def foresee(tickets, as_of, policies, events):
    """The tickets with what is foreseen of each, the frames forecasts and tried by report, and what the trial comes to.

    Learns from the reports' own tickets alone, so that every figure of it can be opened on the county's page.
    """
    settings, as_of = read_look_ahead(), pd.Timestamp(as_of)
    calendar = policies[-1].workdays
    cases = list_cases(tickets, calendar)
    forecasts = look_ahead(tickets, as_of, calendar, settings, cases)
    tried = try_last_month(tickets, as_of, policies, events, settings)
    reports = tickets.set_index("ticket_id")["report"]
    frames = {"forecasts": with_report(forecasts, reports), "tried": with_report(tried, reports)}
    told = {"tried": sum_trial(tried, as_of, settings), "look_ahead": settings.model_dump(mode="json")}
    return add_forecasts(tickets, cases, forecasts, as_of), frames, told


def add_forecasts(tickets, cases, forecasts, as_of):
    """The tickets with run_out_percent and forecast; and with marks_passed, by which a forecast's alike tickets are found."""
    told = choose_told(cases, as_of)
    percents = (forecasts["chance"] * 100).round().astype("Int64").where(~forecasts["is_weak"])
    return tickets.assign(
        marks_passed=told["marks"].astype("Int64").reindex(tickets.index),
        run_out_percent=percents.set_axis(forecasts.index).reindex(tickets.index),
        forecast=forecasts["forecast"].reindex(tickets.index),
    )
