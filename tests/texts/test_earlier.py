"""The ten most alike earlier tickets."""

import numpy as np
import pandas as pd
import pytest

from toolkit import schema
from toolkit.texts import earlier
from toolkit.texts.earlier import find_similar_earlier

FIRST = "东河镇杨树沟村三组的自来水已经停了四天，家里老人做不成饭，打水厂电话没人接。"
AGAIN = "上礼拜说过的事又来问：杨树沟村三组自来水还是没有来，四天都快变成一礼拜了，老人做饭用水都得去邻村拉。"
OTHER = "县城中心广场夜里跳舞的音响开到十一点，住在旁边的学生没法写作业睡觉。"


def find(*rows, **settings):
    tickets = [{"ticket_id": f"t{turn}"} | row for turn, row in enumerate(rows)]
    return find_similar_earlier(schema.make_tickets(pd.DataFrame(tickets)), **settings)


def told(content, day, **columns):
    return {"content": content, "received_at": day} | columns


def test_the_same_matter_worded_anew_is_found_and_another_is_not():
    found = find(told(FIRST, "2025-03-01"), told(OTHER, "2025-03-02"), told(AGAIN, "2025-03-08"))
    assert found[["ticket_id", "earlier_id", "rank"]].to_numpy().tolist() == [["t2", "t0", 1]]
    assert found["similarity"].between(0.1, 0.9).all()


def test_only_what_came_earlier_is_found_wherever_it_stands_in_the_table():
    found = find(told(AGAIN, "2025-03-08"), told(FIRST, "2025-03-01"))
    assert found[["ticket_id", "earlier_id"]].to_numpy().tolist() == [["t0", "t1"]]


def test_of_the_same_moment_the_one_further_up_is_the_earlier():
    found = find(told(FIRST, "2025-03-01"), told(AGAIN, "2025-03-01"))
    assert found[["ticket_id", "earlier_id"]].to_numpy().tolist() == [["t1", "t0"]]


@pytest.mark.parametrize(("day", "count"), [("2025-03-31 09:00:00", 1), ("2025-03-31 09:00:01", 0)])
def test_the_window_holds_what_came_so_many_days_before_and_no_second_more(day, count):
    assert len(find(told(FIRST, "2025-03-01 09:00"), told(FIRST, day), within_days=30)) == count


def test_equal_words_are_wholly_alike_and_of_equally_alike_the_later_leads():
    found = find(*[told(FIRST, f"2025-03-{day:02}") for day in range(1, 14)], most=3)
    last = found[found["ticket_id"].eq("t12")]
    assert last["earlier_id"].tolist() == ["t11", "t10", "t9"]
    assert (last["similarity"].tolist(), last["rank"].tolist()) == ([1.0] * 3, [1, 2, 3])
    assert found.groupby("ticket_id").size().max() == 3


def test_the_title_counts_as_said():
    found = find(told(None, "2025-03-01", title=FIRST), told(AGAIN, "2025-03-02"))
    assert found["ticket_id"].tolist() == ["t1"]


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [told(FIRST, "2025-03-01")],
        [told(FIRST, "2025-03-01"), told(FIRST, None)],
        [told("停水", "2025-03-01"), told("停水", "2025-03-02")],
        [told(None, "2025-03-01"), told(None, "2025-03-02")],
        [told(FIRST, "2025-03-01"), told("……！！！？？？——", "2025-03-02")],
    ],
)
def test_nothing_alike_gives_an_empty_typed_frame(rows):
    found = find(*rows)
    assert found.empty
    assert found.columns.tolist() == ["ticket_id", "earlier_id", "similarity", "rank"]
    assert found["similarity"].dtype == "float64"


def test_batches_find_what_comparing_all_finds(monkeypatch):
    words = ["停水", "路灯", "村道", "噪音", "欠薪", "垃圾", "东村", "西村", "一组", "二组", "三天", "五天"]
    rng = np.random.default_rng(5)
    rows = [
        told("".join(rng.choice(words, 9)), f"2025-03-{day:02} {hour:02}:00")
        for day, hour in zip(rng.integers(1, 29, 60), rng.integers(0, 24, 60), strict=True)
    ]
    monkeypatch.setattr(earlier, "COMMON", 30)
    whole = find(*rows, within_days=9)
    monkeypatch.setattr(earlier, "AT_ONCE", 7)
    monkeypatch.setattr(earlier, "BLOCK", 16)
    pd.testing.assert_frame_equal(find(*rows, within_days=9), whole)
    assert len(whole) > 60


def test_the_order_of_the_table_decides_nothing_where_times_differ():
    rows = [told(FIRST, "2025-03-01"), told(AGAIN, "2025-03-08"), told(FIRST + "快修。", "2025-03-05")]
    tickets = schema.make_tickets(pd.DataFrame([{"ticket_id": f"t{n}"} | row for n, row in enumerate(rows)]))
    pd.testing.assert_frame_equal(
        find_similar_earlier(tickets), find_similar_earlier(tickets.iloc[[2, 0, 1]].reset_index(drop=True))
    )


def test_only_those_asked_about_are_compared_with_all_earlier_ones():
    rows = [told(FIRST, f"2025-03-0{day}") for day in range(1, 6)]
    tickets = schema.make_tickets(pd.DataFrame([{"ticket_id": f"t{n}"} | row for n, row in enumerate(rows)]))
    asked = tickets["ticket_id"].isin(["t1", "t4"])
    whole = find_similar_earlier(tickets)
    found = find_similar_earlier(tickets, among=asked)
    expected = whole[whole["ticket_id"].isin(["t1", "t4"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(found, expected)
    assert len(found) == 5
