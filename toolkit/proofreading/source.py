"""The data a report is proofread against: an export or a run's file → tickets and scorecards of the period."""

from dataclasses import dataclass

import pandas as pd

from toolkit.clocking.clock import clock
from toolkit.comparing.movement import YEAR_BEFORE, earlier_spans, score_earlier
from toolkit.errors import ParameterError, list_mistakes
from toolkit.loading.load import load
from toolkit.period import parse_as_of, parse_period
from toolkit.preparing.run_file import read_run
from toolkit.scoring.score import score


@dataclass(frozen=True)
class ReportData:
    """What a report's figures stand beside; `about` says in words what it is."""

    tickets: pd.DataFrame
    scorecard: pd.DataFrame
    scorecard_before: pd.DataFrame | None
    about: dict


def read_data(data, as_of="", period="", policy=""):
    """对照用的数据：导出表或批量报告的参数文件，按受理时间取统计期内的工单。

    data: an export (file, folder, pattern) or a run's .yml, whose as_of, period and policy hold unless given.
    Without a period all tickets count, and there is no year before; the year before is judged as it stood as long
    after its own end as this one. Raises ParameterError where as_of is
    missing or no ticket was received in the period.
    """
    run = read_run(data) if str(data).endswith((".yml", ".yaml")) else None
    moment = _find_moment(run, as_of)
    days = parse_period(period) if period else run.period if run else None
    policy = policy or (run.policy if run else "county_default")
    loaded = (
        load(run.source, moment, run.headers, None, run.corrections or None) if run else load(data, moment)
    )
    tickets = clock(loaded.tickets, policy, moment, events=loaded.logged)
    own = _only_received_in(days, tickets)
    about = {
        "对照数据": f"{data if isinstance(data, str) else data.name}，受理{len(own):,}件",
        "统计期间": str(days).replace("..", " 至 ") if days else "导出表中的全部工单",
        "统计截止": f"{moment:%Y-%m-%d %H:%M}",
        "时限办法": str(policy),
    }
    if days is None:
        return ReportData(own, score(own), None, about)
    span = next(span for span in earlier_spans(days, moment) if span.against == YEAR_BEFORE)
    _, before, scorecard = score_earlier(loaded.tickets, policy, span, loaded.logged)
    about["上年同期"] = _say_span(span, len(before))
    return ReportData(own, score(own), scorecard if len(before) else None, about)


def _find_moment(run, as_of):
    """The cut-off time given, else the run's; an export alone tells none."""
    if run is None and not as_of:
        mistakes = ["expected: the cut-off time of the report's figures, as in --as-of 2025-12-31"]
        raise ParameterError(
            list_mistakes("as_of is missing: open tickets are late or not as of a moment", mistakes)
        )
    return parse_as_of(as_of) if as_of else pd.Timestamp(run.as_of)


def _only_received_in(days, tickets):
    received = tickets["received_at"]
    own = tickets[days.holds(received)] if days else tickets
    if own.empty:
        found = f"the export's {len(tickets)} tickets were received {received.min()} to {received.max()}"
        raise ParameterError(list_mistakes(f"no ticket was received in {days or 'the export'}", [found]))
    return own


def _say_span(span, count):
    """The days of an earlier span, the moment its tickets are judged at, and how many there are."""
    days = str(span.period).replace("..", " 至 ")
    return (
        f"{days}，受理{count:,}件，按{span.as_of:%Y-%m-%d %H:%M}的情形判定" if count else f"{days}，没有工单"
    )
