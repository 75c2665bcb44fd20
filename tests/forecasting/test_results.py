import pandas as pd
import pytest

from toolkit import clock, schema
from toolkit.forecasting.results import alike_of_result, look_at_results
from toolkit.forecasting.terms import LookAhead

AS_OF = "2025-06-30 12:00"
POLICY = {"name": "试行办法", "source": "测试", "due_from": "platform_only"}
FEW = LookAhead(source="测试", prior_strength=10, least_alike=3, push_a_day=5, push_from=0.25)


HELD = 37  # of forty weeks: on three Mondays the office was closed, and no mark of the limit was passed


def make(reworks=True, **columns):
    """Forty weeks' tickets of two units, open for a day, of which 甲乡's all and 乙镇's never are done again; and an open one."""
    rows = []
    for week in range(40):
        monday = pd.Timestamp("2024-09-09 08:30") + pd.Timedelta(weeks=week)
        for unit in ("甲乡", "乙镇"):
            again = int(unit == "甲乡") if reworks else week % 2
            rows.append(
                [
                    f"{unit}{week}",
                    unit,
                    monday,
                    monday + pd.Timedelta(hours=33),
                    monday + pd.Timedelta(hours=24),
                    again,
                ]
            )
    rows.append(
        ["x", "甲乡", pd.Timestamp("2025-06-30 08:30"), pd.Timestamp("2025-07-01 17:30"), pd.NaT, None]
    )
    names = ["ticket_id", "unit", "received_at", "platform_due_at", "replied_at", "rework_count"]
    frame = pd.DataFrame(rows, columns=names).assign(type="投诉", category="供水")
    frame = frame.assign(dispatched_at=frame["received_at"], closed_at=frame["replied_at"], **columns)
    return clock(schema.make_tickets(frame), POLICY, AS_OF)


def test_a_result_that_the_kinds_tell_is_listed_with_its_tickets():
    tickets = make()
    foreseen, tried = look_at_results(tickets, AS_OF, settings=FEW)
    told = foreseen.iloc[0]
    assert tried[["result", "is_better"]].values.tolist() == [["重办", True]]
    assert told[["result", "ticket_id", "kind", "rate"]].tolist() == [
        "重办",
        "x",
        "同单位、同类型、同分类",
        1,
    ]
    alike = alike_of_result(tickets, told, AS_OF)
    assert alike["ticket_id"].str.startswith("甲乡").all()
    assert [len(alike), alike["came"].sum()] == [told["alike"], told["came"]] == [HELD, HELD]


def test_a_result_that_they_do_not_tell_is_replayed_and_not_listed():
    foreseen, tried = look_at_results(make(reworks=False), AS_OF, settings=FEW)
    assert tried["looks"].tolist() == [0] or not tried["is_better"].any()
    assert foreseen.empty


def test_without_the_columns_nothing_is_replayed():
    foreseen, tried = look_at_results(make(rework_count=None), AS_OF, settings=FEW)
    assert [len(foreseen), len(tried)] == [0, 0]


@pytest.mark.parametrize(
    ("closed", "alike"), [("2025-06-30 11:59", HELD + 1), ("2025-06-30 12:00", HELD), (None, HELD)]
)
def test_only_what_was_closed_before_tells(closed, alike):
    tickets = make()
    late = schema.make_tickets({
        "ticket_id": ["l"], "unit": ["甲乡"], "type": ["投诉"], "category": ["供水"], "rework_count": [1], "closed_at": [closed],
        "received_at": ["2025-06-23 08:30"], "dispatched_at": ["2025-06-23 08:30"], "platform_due_at": ["2025-06-24 17:30"],
        "replied_at": ["2025-06-24 08:30"],
    })  # fmt: skip
    both = clock(pd.concat([tickets[schema.names()], late], ignore_index=True), POLICY, AS_OF)
    assert look_at_results(both, AS_OF, settings=FEW)[0]["alike"].tolist() == [alike]
