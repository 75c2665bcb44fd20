"""Doubtful values of tickets: the ticket stays as it is, the doubt is named. One entry a check."""

from itertools import pairwise

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.loading.issues import ISSUES, KEPT, list_issues, with_place

ORDER = ["received_at", "dispatched_at", "signed_at", "replied_at", "closed_at"]


def check_tickets(tickets, as_of, units=()):
    """Issues of kind `kept`: impossible or doubtful values that later steps need as evidence.

    units: the known units, when a roster is given; without one no unit is called unknown.
    """
    doubts = [*_check_order(tickets), *_check_moments(tickets, as_of), *_check_stages(tickets)]
    unowned, unknown = tickets["unit"].isna(), tickets["unit"].notna() & ~tickets["unit"].isin(units)
    doubts.append(_doubt(tickets, unowned, "unit", "无承办单位", "承办单位名称"))
    if units:
        doubts.append(_doubt(tickets, unknown, "unit", "不在单位名册", "名册中的单位"))
    doubts.append(_doubt(tickets, tickets["received_at"].isna(), "received_at", "无受理时间", "受理时间"))
    found = [doubt for doubt in doubts if doubt is not None]
    return pd.concat(found) if found else pd.DataFrame(columns=ISSUES)


def _doubt(tickets, doubtful, column, check, expected):
    doubtful = doubtful.fillna(False)
    if not doubtful.any():
        return None
    rows, values = with_place(tickets)[doubtful], tickets.loc[doubtful, column]
    return list_issues(rows, column, values.astype("str"), check, expected, KEPT)


def _check_order(tickets):
    before = tickets[ORDER[0]].to_numpy()
    for stage, later in pairwise(ORDER):
        before = np.fmax(before, tickets[stage].to_numpy())  # the latest that is known
        yield _doubt(tickets, tickets[later] < before, later, "时间顺序矛盾", "不早于前一环节")
    visited_early = tickets["visited_at"] < tickets["replied_at"]
    yield _doubt(tickets, visited_early, "visited_at", "时间顺序矛盾", "不早于回复")
    for due in ("platform_due_at", "extended_due_at"):
        yield _doubt(tickets, tickets[due] < tickets["received_at"], due, "截止早于受理", "不早于受理时间")


def _check_moments(tickets, as_of):
    due = ("platform_due_at", "extended_due_at")
    for name in schema.names("time"):
        if name not in due:
            yield _doubt(tickets, tickets[name] > as_of, name, "晚于统计截止", f"不晚于{as_of}")


def _check_stages(tickets):
    """What one stage says and another lacks; only where the export has the other stage at all."""
    unconnected = tickets["visit_connected"].eq("否")
    if tickets["visited_at"].notna().any():
        unconnected |= tickets["visited_at"].isna()
    given = tickets["satisfaction"].isin([*schema.RATED, schema.DEFAULT_SATISFIED])
    yield _doubt(tickets, given & unconnected, "satisfaction", "未回访而有评价", "接通的回访")
    if tickets["replied_at"].notna().any():
        unanswered = tickets["closed_at"].notna() & tickets["replied_at"].isna()
        yield _doubt(tickets, unanswered, "closed_at", "未回复而办结", "回复时间")
