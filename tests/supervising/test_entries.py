"""Numbers are given once, go on within the year, and an order is repeated only where the rules say so."""

from cases.supervising import enter, judge

from toolkit.supervising.entries import last_notice

LATER = "2025-06-18 09:00"  # the day after the time to answer


def numbers(register):
    return register["number"].tolist()


def test_a_unit_gets_one_notice_a_run_and_its_tickets_their_places():
    register = enter(None, {"unit": "乙镇"}, {"ticket_id": "t1"}, {"ticket_id": "t2"})
    assert numbers(register) == ["督办〔2025〕1号-1", "督办〔2025〕2号-1", "督办〔2025〕2号-2"]
    assert register["notice"].tolist() == ["督办〔2025〕1号", "督办〔2025〕2号", "督办〔2025〕2号"]


def test_the_same_orders_again_change_nothing():
    once = enter(None, {}, {"ticket_id": "t1"})
    assert enter(once, {}, {"ticket_id": "t1"}).equals(once)


def test_numbers_go_on_and_begin_anew_with_the_year():
    register = enter(None, {})
    register = enter(register, {"ticket_id": "t1"}, as_of="2025-06-11 12:00")
    register = enter(register, {"ticket_id": "t2"}, as_of="2026-01-05 12:00")
    assert numbers(register) == ["督办〔2025〕1号-1", "督办〔2025〕2号-1", "督办〔2026〕1号-1"]


def test_numbers_of_other_years_and_of_other_notices_do_not_count():
    notices = enter(None, {})["notice"]
    assert last_notice(notices, "督办〔{year}〕{number}号", 2025) == 1
    assert last_notice(notices, "督办〔{year}〕{number}号", 2026) == 0
    assert last_notice(notices, "青督〔{year}〕{number}号", 2025) == 0


def test_a_higher_level_is_a_new_order_and_says_what_was_before():
    register = enter(enter(None, {}), {"level": "重点督办"}, as_of="2025-06-11 12:00")
    assert numbers(register) == ["督办〔2025〕1号-1", "督办〔2025〕2号-1"]
    assert register["reason"].iloc[1] == "超期未回复3个工作日；前次督办〔2025〕1号-1为一般督办，现升级"
    assert len(enter(register, {}, as_of="2025-06-12 12:00")) == 2  # a lower level is none


def test_an_answered_order_whose_ticket_gets_graver_is_raised_and_says_both():
    register = enter(None, {}).assign(fed_back="2025-06-11")
    raised = enter(register, {"level": "提级督办"}, as_of="2025-06-12 12:00")
    assert raised["reason"].iloc[1].endswith("前次督办〔2025〕1号-1为一般督办，已反馈，现升级")


def test_levels_that_were_renamed_bring_no_second_order():
    register = enter(None, {"level": "蓝牌督办"})
    assert len(enter(register, {}, as_of="2025-06-11 12:00")) == 1


def test_an_order_without_answer_is_repeated_once_its_time_has_passed_and_not_before():
    register = enter(None, {})
    assert len(enter(register, {}, as_of="2025-06-17 12:00")) == 1
    again = enter(register, {}, as_of=LATER)
    assert again["reason"].iloc[1].endswith("前次督办〔2025〕1号-1至2025年6月17日未见反馈，再次督办")
    assert again["state"].tolist() == ["逾期未反馈", "逾期未反馈"]  # the second has the same day to answer by


def test_an_answered_order_is_repeated_only_where_the_ticket_itself_still_waits():
    register = enter(None, {}).assign(fed_back="2025-06-12")
    assert len(enter(register, {}, as_of="2025-06-13 12:00")) == 1
    again = enter(register, {}, as_of=LATER)
    assert "前次督办〔2025〕1号-1已反馈，工单仍待答复" in again["reason"].iloc[1]
    other = enter(None, {"round": "其他"}).assign(fed_back="2025-06-12")
    assert len(enter(other, {"round": "其他"}, as_of=LATER)) == 1


def test_another_unit_is_no_repetition():
    register = enter(enter(None, {}), {"unit": "乙镇"}, as_of="2025-06-11 12:00")
    assert len(register) == 2
    assert "前次" not in register["reason"].iloc[1]


def test_a_revoked_order_is_not_repeated():
    register = enter(None, {}).assign(remark="撤销：派错单位")
    assert enter(register, {}, as_of=LATER)["state"].tolist() == ["不再催办"]
    assert len(enter(register, {"level": "提级督办"}, as_of=LATER)) == 1


def test_entries_issued_later_are_left_as_they_are():
    register = enter(None, {})
    earlier = judge(register, as_of="2025-06-09 12:00")
    assert earlier.equals(register)
