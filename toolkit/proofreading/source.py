"""The data a report is proofread against: an export or a run's file → tickets and scorecards of the period."""

from dataclasses import dataclass

import pandas as pd

from toolkit.clocking.clock import clock
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
    Without a period all tickets count, and there is no year before. Raises ParameterError where as_of is
    missing or no ticket was received in the period.
    """
    run = read_run(data) if str(data).endswith((".yml", ".yaml")) else None
    if run is None and not as_of:
        mistakes = ["expected: the cut-off time of the report's figures, as in --as-of 2025-12-31"]
        raise ParameterError(
            list_mistakes("as_of is missing: open tickets are late or not as of a moment", mistakes)
        )
    moment = parse_as_of(as_of) if as_of else pd.Timestamp(run.as_of)
    days = parse_period(period) if period else run.period if run else None
    policy = policy or (run.policy if run else "county_default")
    loaded = (
        load(run.source, moment, run.headers, None, run.corrections or None) if run else load(data, moment)
    )
    tickets = clock(loaded.tickets, policy, moment, events=loaded.events)
    received = tickets["received_at"]
    own = tickets[days.holds(received)] if days else tickets
    if own.empty:
        found = f"the export's {len(tickets)} tickets were received {received.min()} to {received.max()}"
        raise ParameterError(list_mistakes(f"no ticket was received in {days or 'the export'}", [found]))
    earlier = tickets[days.year_before().holds(received)] if days else tickets.head(0)
    about = {
        "对照数据": f"{data if isinstance(data, str) else data.name}，受理{len(own):,}件",
        "统计期间": str(days).replace("..", " 至 ") if days else "导出表中的全部工单",
        "统计截止": f"{moment:%Y-%m-%d %H:%M}",
        "时限办法": str(policy),
    }
    return ReportData(own, score(own), score(earlier) if len(earlier) else None, about)
