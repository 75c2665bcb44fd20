import pandas as pd
import pytest

from toolkit import clock, schema
from toolkit.clocking.policy import read_policy
from toolkit.comparing.recurring import find_recurring

AS_OF = pd.Timestamp("2025-06-30 18:00")
POLICY = read_policy("county_default")
SMOKE = {"category": "环境/油烟", "township": "甲乡", "address": "东街1号", "unit": "甲乡"}


def found(*rows, since="2025-06-01"):
    """What recurs among tickets (received, closed, and what differs), numbered from 1; the period begins in June."""
    made = [
        SMOKE | {"ticket_id": str(number), "received_at": received, "closed_at": closed} | other
        for number, (received, closed, other) in enumerate(rows, 1)
    ]
    tickets = clock(schema.make_tickets(pd.DataFrame(made)), POLICY, AS_OF)
    return find_recurring(tickets, POLICY, tickets["received_at"].ge(since))


CLOSED = ("2025-05-20", "2025-05-25", {})


def again(day, **other):
    return (f"2025-06-{day:02}", None, other)


def test_tickets_that_come_in_after_an_alike_one_was_closed_recur():
    [row] = found(CLOSED, again(4), again(10), again(14)).to_dict("records")
    assert row["ticket_ids"] == ["2", "3", "4"]
    assert (row["count"], row["tickets"], row["units"], row["days"], row["rank"]) == (3, 3, 1, 16, 1)
    assert row["report"] == schema.COUNTY
    assert row["sentence"] == (
        "甲乡东街1号“环境/油烟”本期受理3件，其中3件在同类件办结后又发生（距前件办结中位16天），涉及甲乡3件，宜查明根源、一并解决"
    )


def test_another_caller_or_another_unit_is_the_same_matter():
    [row] = found(CLOSED, again(4, caller="子"), again(5, caller="丑", unit="乙局")).to_dict("records")
    assert row["held_by"] == "乙局1件、甲乡1件"


@pytest.mark.parametrize(
    "other", [{"category": "环境/噪音"}, {"address": "西街9号"}, {"township": "丙镇"}, {"category": None}]
)
def test_another_category_or_place_is_another_matter(other):
    assert found(CLOSED, again(4), again(5, **other)).empty


@pytest.mark.parametrize(
    "other", [{"type": "咨询"}, {"type": "表扬"}, {"status": "作废"}, {"status": "撤单"}]
)
def test_what_wants_nothing_done_does_not_recur(other):
    assert found(CLOSED, again(4), again(5, **other)).empty


def test_while_the_earlier_one_is_open_or_closed_at_that_very_moment_nothing_recurs():
    assert found(("2025-05-20", None, {}), again(4), again(5)).empty
    assert found(("2025-05-20", "2025-06-05", {}), again(4), again(5)).empty


def test_a_closing_after_the_cut_off_or_before_its_own_receipt_is_none():
    assert found(("2025-05-20", "2025-05-19", {}), again(4), again(5)).empty
    assert found(("2025-05-20", "2025-07-02", {}), again(4), again(5)).empty


def test_ninety_days_after_the_closing_it_still_recurs_and_a_moment_later_no_more():
    assert len(found(("2025-03-01", "2025-03-06", {}), again(4), again(4))) == 1
    assert found(("2025-03-01", "2025-03-06", {}), again(4, received_at="2025-06-04 00:01"), again(5)).empty


def test_one_recurrence_is_no_matter_of_the_month():
    assert found(CLOSED, again(4)).empty


def test_recurrences_before_the_period_do_not_count():
    assert found(CLOSED, ("2025-05-28", None, {}), again(4)).empty


def test_without_an_address_the_township_stands_for_it_comes_last_and_says_so():
    rough = {"address": None, "township": "丁镇"}
    rows = [CLOSED, again(4), again(5), ("2025-05-20", "2025-05-25", rough)]
    table = found(*rows, *[again(day, **rough) for day in (6, 7, 8)])
    assert table["is_rough"].tolist() == [False, True]
    assert table["place"].tolist() == ["甲乡东街1号", "丁镇"]
    assert "只按属地归并，是否同一事项需核对" in table["sentence"][1]


def test_without_a_township_the_unit_is_the_place():
    rough = {"address": None, "township": None}
    [row] = found(("2025-05-20", "2025-05-25", rough), again(4, **rough), again(5, **rough)).to_dict(
        "records"
    )
    assert row["place"] == "甲乡"


def test_no_ticket_gives_the_empty_typed_table():
    assert found(CLOSED).dtypes.tolist() == found(CLOSED, again(4), again(5)).dtypes.tolist()
