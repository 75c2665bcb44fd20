import pandas as pd
import pytest

from toolkit import schema
from toolkit.flagging.rule import no_findings
from toolkit.forecasting.order import order_for_today
from toolkit.forecasting.terms import LookAhead

HARM = [
    {"name": "风险用语", "weight": 1, "rule": "risk_words"},
    {"name": "领导批示", "weight": 0.5, "channel": "领导批示"},
]
SETTINGS = LookAhead(source="测试", prior_strength=10, least_alike=3, push_a_day=2, push_from=0.25, harm=HARM)


def order(chances, states=None, found=(), channel=None, weak=(), days=()):
    """The order of tickets a, b, c … of these chances."""
    ids = list("abcdef"[: len(chances)])
    states = states or [schema.PENDING] * len(ids)
    tickets = pd.DataFrame({
        "ticket_id": ids, "due_state": states, "rework_state": None, "channel": channel,
        "overdue_days": pd.array([days[at] if at < len(days) else None for at in range(len(ids))], dtype="Int64"),
        "rework_overdue_days": pd.array([None] * len(ids), dtype="Int64"),
        "due_at": pd.date_range("2025-07-01", periods=len(ids)), "rework_due_at": pd.NaT,
    })  # fmt: skip
    forecasts = pd.DataFrame(
        {"ticket_id": ids, "chance": chances, "is_weak": [name in weak for name in ids], "forecast": ""}
    )
    rows = [{"ticket_id": name, "rule": "risk_words", "severity": "橙"} for name in found]
    findings = pd.concat([no_findings(), pd.DataFrame(rows)]) if rows else no_findings()
    return order_for_today(tickets, findings, forecasts, SETTINGS).set_index("ticket_id")


def test_the_likelier_stands_first_and_only_so_many_are_for_today():
    told = order([0.3, 0.9, 0.5])
    assert told.index.tolist() == ["b", "c", "a"]
    assert told["is_today"].tolist() == [True, True, False]
    assert told["why"].tolist() == ["逾期可能90.0%", "逾期可能50.0%", "逾期可能30.0%"]


def test_harm_outweighs_chance_and_is_named():
    told = order([0.3, 0.5], found=["a"])
    assert told.index.tolist() == ["a", "b"]
    assert told.loc["a", ["harm", "why"]].tolist() == [2, "逾期可能30.0%，风险用语加权2倍"]


def test_a_leader_s_ticket_weighs_by_its_channel():
    assert order([0.5], channel=["领导批示"])["harm"].tolist() == [1.5]


def test_the_overdue_stand_before_all_the_longest_first_and_all_are_for_today():
    told = order([0.9, None, None, None], [schema.PENDING, *[schema.OVERDUE] * 3], days=[None, 1, 0, 7])
    assert told.index.tolist() == ["d", "b", "c", "a"]
    assert told["why"].tolist()[:3] == ["已超期7个工作日", "已超期1个工作日", "已超期，不足1个工作日"]
    assert told["is_today"].all()


def test_a_weak_or_missing_forecast_says_so_and_stands_by_due_time():
    told = order([0.1, 0.9, None], weak=["b"])
    assert told["group"].tolist() == ["可能逾期", "按截止时间", "按截止时间"]
    assert told.index.tolist() == ["a", "b", "c"]
    assert told.loc["c", "why"] == "预测依据不足，按截止时间排"


@pytest.mark.parametrize(("chance", "is_today"), [(0.24, False), (0.25, True), (0.26, True)])
def test_what_will_hardly_run_out_is_not_for_today(chance, is_today):
    assert order([chance])["is_today"].tolist() == [is_today]


def test_answered_tickets_and_an_empty_table_have_no_place():
    assert order([0.5], [schema.ON_TIME]).empty
    assert order([]).empty
