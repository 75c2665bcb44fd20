import pandas as pd

from toolkit import clock, schema
from toolkit.clocking.workdays import read_calendar
from toolkit.forecasting.pushed import compare_pushed, say_pushed
from toolkit.forecasting.terms import LookAhead

AS_OF = "2025-06-30 12:00"
POLICY = {"name": "试行办法", "source": "测试", "due_from": "platform_only"}
FEW = LookAhead(source="测试", prior_strength=10, least_alike=3, push_a_day=5, push_from=0.25)


def compare(replied, pushed=("a",), answer_by="2025-06-17 23:59"):
    """Tickets due on Thursday 5 June and replied to at these times; the order on some issued on Tuesday the 10th."""
    ids = list("abcdefgh"[: len(replied)])
    tickets = clock(schema.make_tickets({
        "ticket_id": ids, "unit": "甲乡", "type": "投诉", "category": "供水", "received_at": "2025-06-03 08:30",
        "dispatched_at": "2025-06-03 08:30", "platform_due_at": "2025-06-05 17:30", "replied_at": replied,
    }), POLICY, AS_OF)  # fmt: skip
    orders = pd.DataFrame(
        {
            "ticket_id": list(pushed),
            "issued_on": pd.Timestamp("2025-06-10"),
            "answer_by": pd.Timestamp(answer_by),
        }
    )
    return compare_pushed(tickets, orders, AS_OF, read_calendar(), FEW)


def test_an_order_is_held_against_those_alike_that_were_open_as_long_after_their_due_time():
    told = compare(["2025-06-16 09:00", "2025-06-13 09:00", "2025-06-20 09:00", None, "2025-06-06 09:00"])
    assert told.values.tolist() == [
        ["a", True, 3, 3, 1, 1 / 3, ["b", "c", "d"], ["b"]]
    ]  # e was answered before the day of the order
    assert say_pushed(told).startswith(
        "督办到期1件，期限内答复1件；照同类未督办、同样久仍未答复的在同样时间内的答复率，应为0.3件。"
    )
    assert say_pushed(told).endswith("只作参考，不能当作督办的效果")


def test_one_answered_exactly_at_the_end_is_in_time_and_a_moment_later_is_not():
    told = [
        compare([f"2025-06-17 {end}", *["2025-06-20 09:00"] * 3], answer_by="2025-06-17 16:00")
        for end in ("16:00", "16:01")
    ]
    assert [one["is_answered"].tolist() for one in told] == [[True], [False]]


def test_orders_not_due_yet_answered_before_or_without_alike_are_told_apart():
    assert compare([None, None], answer_by="2025-07-17 23:59").empty
    assert compare(["2025-06-09 09:00", None]).empty
    alone = compare(["2025-06-16 09:00"])
    assert [len(alone), alone["alike"].sum()] == [1, 0]
    assert "另有1件没有同类可比" in say_pushed(alone)
    assert say_pushed(alone.head(0)) == "没有已到反馈期限、发出时仍待首次答复的督办单，无从比较"


def test_tickets_under_an_order_are_no_one_s_alike():
    assert compare(["2025-06-16 09:00", None, None, None], pushed=["a", "b"])["alike"].tolist() == [2, 2]
