"""What must be pushed today: the worst first, every number opens its tickets, nothing is lost in the sums."""

import re

import pandas as pd
import pytest
from cases.reports import (
    assert_figures_open_what_they_say,
    conditions,
    open_figures,
    report_of,
    say,
    with_frames,
)

from toolkit import schema
from toolkit.preparing.report import ORDERS, no_orders
from toolkit.presenting import blocks as b
from toolkit.presenting.blocks import push
from toolkit.presenting.blocks.push import list_urgent, name_day

AS_OF = "2025-06-10 12:00"
DUE = {
    "late": "2025-06-05 17:30",
    "later": "2025-05-28 17:30",
    "today": "2025-06-10 17:30",
    "soon": "2025-06-11 17:30",
    "far": "2025-07-30 17:30",
}


def make(**columns):
    return schema.make_tickets(
        {
            "ticket_id": list(DUE),
            "unit": ["甲乡", "甲乡", "乙镇", "甲乡", "甲乡"],
            "unit_group": "乡镇",
            "received_at": "2025-05-20 09:00",
            "platform_due_at": list(DUE.values()),
        }
        | columns
    )


def report(name=None, **columns):
    return report_of(make(**columns), AS_OF, "2025", name, policy={"name": "试行", "source": "测试"})


@pytest.fixture(scope="module")
def county():
    return report()


def test_the_longest_overdue_stand_first_and_what_is_far_off_is_left_out(county):
    assert list_urgent(county.tickets, 3)["ticket_id"].tolist() == ["later", "late", "today", "soon"]


def test_each_ticket_says_how_late_it_is_and_opens_itself():
    own = report("甲乡")
    block = b.push_list(own)
    assert [where["ticket_id"] for where in conditions(block)] == [["later"], ["late"], ["soon"]]
    assert re.search(r"超期\d+个工作日.*超期3个工作日.*1个工作日后到期", say(block))
    assert block.count == "3"


def test_what_falls_due_today_is_said_to():
    assert "今天到期" in say(b.push_list(report("乙镇")))


def test_where_nothing_presses_one_line_says_so():
    answered = report(replied_at="2025-05-21 09:00")
    for block in (b.push_list(answered), b.push_table(answered)):
        assert (block.answer, block.parts, block.kind) == (push.NOTHING, (), "fold")


def test_a_second_round_past_due_stands_among_the_overdue_and_is_named(county):
    answered = county.tickets.assign(
        due_state=schema.ON_TIME,
        overdue_days=pd.Series(pd.NA, county.tickets.index, dtype="Int64"),
        rework_state=schema.OVERDUE,
        rework_overdue_days=pd.array([1, 2, 3, 4, 5], dtype="Int64"),
    )
    again = with_frames(county, tickets=answered)
    assert list_urgent(again.tickets, 3)["late_days"].tolist() == [5, 4, 3, 2, 1]
    assert "重办后超期" in say(b.push_list(again))
    block = b.push_table(again)
    assert "重办超期" in say(block)
    assert sum(int(text) for _, text, _ in assert_figures_open_what_they_say(block, again)) == 5


def test_the_county_s_table_counts_every_pressing_ticket_once(county):
    block = b.push_table(county)
    figures = assert_figures_open_what_they_say(block, county)
    assert sorted(ticket for _, _, ids in figures for ticket in ids) == ["late", "later", "soon", "today"]


def test_the_units_that_do_not_fit_are_one_row_that_opens_them_and_stand_folded(monkeypatch, county):
    monkeypatch.setattr(push, "MOST_UNITS", 1)
    table, folded = b.push_table(county).parts
    assert "其余1家" in table and "乙镇" not in re.sub("<[^>]*>", "", table) and "乙镇" in folded
    assert {"report": ["乙镇"], "due_state": [schema.PENDING], "left_days": [0]} in conditions(table)
    opened = [
        ids for block in (table, folded) for *_, ids in assert_figures_open_what_they_say(block, county)
    ]
    assert opened.count(["today"]) == 2


@pytest.mark.parametrize(
    ("day", "left", "said"),
    [
        ("2025-01-26", 1, "1月26日 周日·上班"),
        ("2025-01-27", 2, "1月27日"),
        ("2025-01-27", 0, "今天"),
    ],
)
def test_a_working_day_at_a_weekend_is_named_as_one(day, left, said):
    assert name_day(day, left) == said


def ordered(name=None, number="督办〔2025〕12号-1", state="待反馈", ticket="later"):
    """The county with an order on the ticket that is latest, unless it says which."""
    base = report(name)
    order = {"report": "甲乡", "ticket_id": ticket, "number": number, "level": "重点督办", "state": state}
    order |= {"reason": "已重办1次，回访仍不满意", "answer_by": pd.Timestamp("2025-06-13 23:59:59")}
    own = pd.DataFrame([order]).reindex(columns=list(ORDERS)).astype(no_orders().dtypes)
    return with_frames(base, orders=own)


def test_an_order_stands_beside_its_ticket_and_the_orders_are_counted():
    own = ordered("甲乡")
    said = say(b.push_list(own))
    assert "督办〔2025〕12号-1　重点督办　6月13日前反馈　待反馈" in said
    assert "督办单在册1件：待反馈1件" in said
    assert "没有检查的：" in said and "多家流转" in said  # there is no flow log
    found = dict((what, ids) for what, _, ids in open_figures(b.push_list(own), own))
    assert found["督办单在册"] == found["督办：待反馈"] == ["later"]


def test_the_county_says_how_many_orders_are_out_and_each_number_opens_them():
    block = b.push_table(ordered(state="逾期未反馈"))
    assert "督办单在册1件：逾期未反馈1件" in say(block)
    assert "督办单按单位单位在册逾期未反馈甲乡11" in say(block)
    assert_figures_open_what_they_say(block, ordered(state="逾期未反馈"))


def test_a_draft_has_no_number_and_says_so():
    said = say(b.push_list(ordered("甲乡", number=None, state="号待编")))
    assert "拟发督办单（号待编）　重点督办　6月13日前反馈" in said
    assert "拟发督办单1件，未设台账，号待编" in said


def test_an_order_on_a_ticket_that_needs_no_push_stands_folded_with_its_reason():
    own = ordered("甲乡", ticket="far")
    assert "其他督办单1件工单督办原因督办单far已重办1次，回访仍不满意督办〔2025〕12号-1" in say(
        b.push_list(own)
    )
    assert "其他督办单" not in say(b.push_list(ordered("甲乡")))


@pytest.mark.parametrize(("left", "listed"), [(0, True), (3, True), (4, False), (None, False)])
def test_an_open_ticket_is_listed_up_to_the_last_of_the_days_ahead(left, listed):
    ticket = {"ticket_id": ["GD1"], "due_state": [schema.PENDING], "rework_state": [None]}
    days = {"left_days": [left], "overdue_days": [None], "rework_overdue_days": [None]}
    times = {"due_at": [pd.NaT], "rework_due_at": [pd.NaT]}
    tickets = pd.DataFrame(ticket | times).assign(**pd.DataFrame(days, dtype="Int64"))
    assert len(list_urgent(tickets, 3)) == listed
