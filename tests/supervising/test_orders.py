"""Which tickets call for an order: what the rules found and no more, the gravest level, the office's working days."""

import pytest
from cases.supervising import CALENDAR, make_orders, order, report

from toolkit.errors import ParameterError
from toolkit.supervising.levels import read_supervision
from toolkit.supervising.orders import NO_DAY, choose_orders, end_of_working_day, say_end

DUE = "2025-06-05 17:30"


def only(orders):
    assert len(orders) == 1
    return orders.iloc[0]


def test_an_overdue_ticket_is_ordered_with_its_days_and_a_day_to_answer_by():
    found = only(order({"title": "路灯不亮"}))
    assert (found["level"], found["reason"]) == ("一般督办", "超期未回复3个工作日")
    assert str(found["issued_on"]) == "2025-06-10 00:00:00"
    assert str(found["answer_by"]) == "2025-06-17 23:59:59"
    assert "2025年6月17日前" in found["demand"]
    assert found["due_explained"]


@pytest.mark.parametrize(
    ("due", "level"),
    [
        ("2025-06-04 17:30", "一般督办"),  # four working days
        ("2025-06-03 17:30", "重点督办"),  # five
        ("2025-05-27 17:30", "重点督办"),  # nine: 2 June is a holiday
        ("2025-05-26 17:30", "提级督办"),  # ten
    ],
)
def test_the_level_goes_up_on_the_day_the_office_named(due, level):
    assert only(order({"platform_due_at": due}))["level"] == level


def test_less_than_a_day_is_said_so():
    assert only(order({"platform_due_at": "2025-06-10 09:00"}))["reason"] == "超期未回复不足1个工作日"


def test_each_fact_is_named_once_the_gravest_first():
    found = only(order({"platform_due_at": "2025-05-26 17:30", "urge_count": 2}))
    assert found["reason"] == "超期未回复10个工作日；催办2次未回复"


def test_urging_before_the_due_time_accuses_nobody():
    assert order({"platform_due_at": "2025-06-20 17:30", "urge_count": 3}).empty


@pytest.mark.parametrize(
    "row",
    [
        {"replied_at": "2025-06-04 09:00"},
        {"replied_at": "2025-06-09 09:00"},  # late, and answered
        {"platform_due_at": "2025-06-20 17:30"},
        {"status": "作废"},
        {"status": "已关闭"},
        {"exclusion": "通过"},
        {"unit": None},
        {"status": "已回复"},  # answered, nobody knows when
    ],
)
def test_who_is_not_late_or_not_to_be_judged_gets_no_order(row):
    assert order(row).empty


def test_a_ticket_without_a_due_time_is_never_accused():
    policy = {"name": "平台", "source": "测试", "due_from": "platform_only"}
    row = {"platform_due_at": None, "urge_count": 5, "return_count": 5}
    assert order(row, policy=policy).empty
    assert len(order(row | {"platform_due_at": DUE}, policy=policy)) == 1


def test_a_leaders_ticket_and_one_returned_often_come_to_their_level():
    assert only(order({"channel": "领导批示"}))["level"] == "重点督办"
    assert only(order({"return_count": 3}))["reason"] == "已被退回3次，仍待答复；超期未回复3个工作日"
    assert only(order({"return_count": 2}))["level"] == "一般督办"


def test_done_again_three_times_and_still_unresolved_is_raised():
    row = {"replied_at": "2025-06-04 09:00", "rework_count": 3, "visited_at": "2025-06-09 09:00"}
    assert only(order(row | {"resolved": "未解决"}))["level"] == "提级督办"
    assert order(row | {"resolved": "已解决"}).empty


def test_units_come_in_order_and_the_gravest_first():
    orders = order({}, {"unit": "乙镇"}, {"platform_due_at": "2025-05-26 17:30"})
    assert orders[["unit", "ticket_id"]].to_numpy().tolist() == [
        ["乙镇", "t1"],
        ["甲乡", "t2"],
        ["甲乡", "t0"],
    ]


def test_months_and_quiet_counties_have_no_orders_and_the_same_columns():
    quiet = order({"replied_at": "2025-05-07 09:00"})
    by_month = choose_orders(report({}, by="month"), CALENDAR)
    assert quiet.empty and by_month.empty
    assert quiet.dtypes.equals(by_month.dtypes) and quiet.dtypes.equals(make_orders({}).dtypes)


def test_beyond_the_calendar_the_day_to_answer_by_is_not_guessed():
    ends = end_of_working_day("2026-12-30 09:00", 5, CALENDAR)
    assert say_end(ends) == NO_DAY
    assert say_end(end_of_working_day("2025-12-31 18:00", 5, CALENDAR)) == "2026年1月8日"


def test_mistakes_of_the_file_are_all_named(tmp_path):
    path = tmp_path / "supervision.yml"
    path.write_text(
        "name: 办法\nsource: 测试\nnotice: 督办{number}号\nlevels:\n"
        "  - level: 一般\n    answer_in: 0\n    demand: '{when}'\n    when:\n"
        "      - {rule: overdue_opn, reason: '{days}', source: 拟定}\n",
        encoding="utf-8",
    )
    with pytest.raises(ParameterError) as error:
        read_supervision(path)
    for said in ("{year} and {number}", "answer_in", "{when} is not known", "Did you mean 'overdue_open'"):
        assert said in str(error.value)


def test_every_condition_of_the_counties_draft_names_its_source():
    levels = read_supervision().levels
    assert [level.level for level in levels] == ["一般督办", "重点督办", "提级督办"]
    assert all(condition.source for level in levels for condition in level.when)
