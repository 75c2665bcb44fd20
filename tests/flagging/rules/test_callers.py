"""Rules about citizens."""

import numpy as np
import pandas as pd
import pytest
from cases import rules as cases
from cases.rules import POLICY

from toolkit import clock, flag, schema
from toolkit.clocking.workdays import count_working_days, name_of_day, read_calendar
from toolkit.flagging.rules.surges import NEW_YEARS

AS_OF = "2025-06-30 12:00"  # a Monday
TICKET = {
    "unit": "甲乡",
    "unit_group": "乡镇",
    "type": "投诉",
    "township": "甲乡",
    "category": "城乡建设/供水",
    "received_at": "2025-06-10 09:00",
}
NO_FINDINGS = {
    "unit": "乙镇",
    "ticket_id": "quiet",
    "caller": "q",
    "unit_group": "县直部门",
    "content": "路灯不亮了，请修一下",
}
NO_FINDINGS |= {"township": "乙镇", "category": "城乡建设/路灯", "received_at": "2025-06-09 09:00"}


def find(rule, rows, **limits):
    """The findings of one rule on tickets of 甲乡 that differ as the rows say, beside one it must not find."""
    found = cases.find(rule, *[TICKET | row for row in rows], NO_FINDINGS, as_of=AS_OF, **limits)
    return found.sort_values("since", kind="stable")


def ids(findings):
    return sorted(findings["ticket_id"])


def on(*moments, **columns):
    return [{"received_at": moment} | columns for moment in moments]


def callers(count, day=10, **columns):
    return [{"caller": f"p{n}", "received_at": f"2025-06-{day} 09:{n:02}"} | columns for n in range(count)]


# --- repeated_appeal -------------------------------------------------------------------------------


def test_the_second_appeal_is_yellow_the_third_orange_and_the_fifth_red():
    moments = [f"2025-06-{day:02} 09:00" for day in (1, 2, 3, 4, 5)]
    found = find("repeated_appeal", on(*moments, caller="p")).sort_values("ticket_id")
    assert found["ticket_id"].tolist() == ["t1", "t2", "t3", "t4"]
    assert found["severity"].tolist() == ["黄", "橙", "橙", "红"]
    assert found["measure"].tolist() == [2, 3, 4, 5]


def test_a_repeated_appeal_says_how_often_about_what_and_since_when():
    finding = find("repeated_appeal", on("2025-06-01 09:00", "2025-06-05 10:00", caller="p")).iloc[0]
    assert (
        finding["evidence"] == "同一诉求人90日内第2次反映“城乡建设/供水”，首次为2025-06-01 09:00，宜并单办理"
    )
    assert finding["since"] == pd.Timestamp("2025-06-01 09:00")


@pytest.mark.parametrize(("first", "count"), [("2025-03-12 09:00:00", 1), ("2025-03-12 08:59:59", 0)])
def test_the_window_holds_what_came_ninety_days_before_and_no_second_more(first, count):
    assert len(find("repeated_appeal", on(first, "2025-06-10 09:00", caller="p"))) == count


@pytest.mark.parametrize(
    "second",
    [
        {"caller": "other"},
        {"caller": None},
        {"category": "城乡建设/道路"},
        {"category": None},
        {"type": "咨询"},
        {"status": "作废"},
        {"status": "并单"},
        {"related_id": "t0"},
        {"address": "西街"},
        {"received_at": None},
        {"received_at": "2025-06-30 12:01"},
    ],
)
def test_another_caller_matter_or_place_a_question_a_merged_or_withdrawn_ticket_is_no_repeat(second):
    first = {"caller": "p", "received_at": "2025-06-01 09:00", "address": "东街"}
    assert find("repeated_appeal", [first, {"caller": "p"} | second]).empty


def test_a_ticket_whose_address_is_not_known_may_be_the_same_place_as_any():
    rows = [{"caller": "p", "received_at": f"2025-06-0{day} 09:00"} for day in (1, 2, 3)]
    rows[0]["address"], rows[2]["address"] = "东街", "西街"
    found = find("repeated_appeal", rows).sort_values("ticket_id")
    assert found["ticket_id"].tolist() == ["t1", "t2"]
    assert found["measure"].tolist() == [2, 2]
    assert found["since"].tolist() == [pd.Timestamp("2025-06-01 09:00"), pd.Timestamp("2025-06-02 09:00")]


def test_a_merged_ticket_counts_as_a_call_though_it_is_not_listed():
    rows = on("2025-06-01 09:00", caller="p") + on("2025-06-02 09:00", caller="p", status="并单")
    found = find("repeated_appeal", rows + on("2025-06-03 09:00", caller="p"))
    assert (ids(found), found["measure"].tolist()) == (["t2"], [3])


# --- mass_appeal -----------------------------------------------------------------------------------


def test_five_callers_about_one_matter_within_seven_days_are_orange_and_ten_red():
    found = find("mass_appeal", callers(5))
    assert (ids(found), set(found["severity"])) == (["t0", "t1", "t2", "t3", "t4"], {"橙"})
    assert found["evidence"].iloc[0] == "甲乡自2025-06-10 09:00起7日内有5人反映“城乡建设/供水”，宜并案办理"
    assert set(find("mass_appeal", callers(10))["severity"]) == {"红"}


@pytest.mark.parametrize(
    "fifth",
    [
        {"caller": "p0"},
        {"caller": None},
        {"township": "乙镇"},
        {"township": None},
        {"address": "东街"},
        {"category": "城乡建设/道路"},
        {"type": "咨询"},
        {"status": "撤单"},
        {"received_at": "2025-06-17 09:00:01"},
        {"received_at": "2025-06-30 12:01"},
    ],
)
def test_a_fifth_who_called_before_or_from_elsewhere_or_about_something_else_or_later_is_no_fifth(fifth):
    assert find("mass_appeal", [*callers(4), {"caller": "p4"} | fifth]).empty


def test_the_fifth_caller_may_come_exactly_seven_days_after_the_first():
    assert len(find("mass_appeal", [*callers(4), {"caller": "p4", "received_at": "2025-06-17 09:00"}])) == 5


def test_every_ticket_of_a_full_window_is_listed_with_the_fullest_window_it_is_in():
    rows = [*callers(5, day=10), *callers(5, day=15), {"caller": "p9", "received_at": "2025-06-20 09:00"}]
    found = find("mass_appeal", rows).set_index("ticket_id")["measure"]
    assert found.to_dict() == {f"t{n}": 5 for n in range(5)} | {f"t{n}": 6 for n in range(5, 11)}


def test_the_place_is_named_once_where_the_address_begins_with_the_township():
    found = find("mass_appeal", callers(5, address="甲乡东村"))
    assert found["evidence"].iloc[0].startswith("甲乡东村自")
    assert find("mass_appeal", callers(5, address="东村"))["evidence"].iloc[0].startswith("甲乡东村自")


# --- mass_matter -----------------------------------------------------------------------------------

WATER = "甲乡东村已经停水三天，家里没法做饭，希望尽快恢复供水"


def test_five_callers_who_write_almost_the_same_about_one_place_are_orange_whatever_the_category():
    rows = [row | {"content": WATER + "！" * n, "category": f"类{n}"} for n, row in enumerate(callers(5))]
    found = find("mass_matter", rows)
    assert (ids(found), set(found["severity"])) == (["t0", "t1", "t2", "t3", "t4"], {"橙"})
    said = "同一地点内容相近的诉求，自2025-06-10 09:00起7日内有5人来电，宜并案办理"
    assert found["evidence"].iloc[0] == said


@pytest.mark.parametrize(
    "fifth",
    [
        {"content": WATER.replace("东村", "西村")},
        {"content": "路灯坏了半个月没有人来修理"},
        {"content": None},
        {"caller": None},
    ],
)
def test_another_place_other_words_none_or_an_unknown_caller_make_no_fifth(fifth):
    rows = [row | {"content": WATER} for row in callers(5)]
    assert find("mass_matter", [*rows[:4], rows[4] | fifth]).empty


def test_an_export_without_callers_counts_tickets_and_says_so():
    rows = [{"ticket_id": f"t{n}", "content": WATER, "received_at": "2025-06-10 09:00"} for n in range(5)]
    findings = flag(clock(schema.make_tickets(pd.DataFrame(rows)), POLICY, AS_OF), POLICY)
    found = findings[findings["rule"].eq("mass_matter")]
    assert len(found) == 5
    assert "7日内有5件（导出表没有诉求人标识，按件计），宜并案办理" in found["evidence"].iloc[0]


# --- frequent_caller -------------------------------------------------------------------------------


def test_the_eighth_ticket_of_a_caller_within_thirty_days_and_later_ones_are_blue_and_for_review_only():
    found = find("frequent_caller", on(*[f"2025-06-{day:02} 09:00" for day in range(1, 10)], caller="p"))
    assert (ids(found), set(found["severity"])) == (["t7", "t8"], {"蓝"})
    said = "同一诉求人30日内第8件，只供人工复核，不影响受理和统计"
    assert found.set_index("ticket_id").loc["t7", "evidence"] == said


@pytest.mark.parametrize(("eighth", "count"), [("2025-06-14 09:00", 1), ("2025-06-14 09:00:01", 0)])
def test_the_eighth_counts_up_to_thirty_days_after_the_first(eighth, count):
    moments = [f"2025-05-{day} 09:00" for day in range(15, 22)]
    assert len(find("frequent_caller", on(*moments, eighth, caller="p"))) == count


@pytest.mark.parametrize("columns", [{"caller": None}, {"caller": "p", "status": "作废"}])
def test_unknown_callers_and_withdrawn_tickets_are_not_frequent(columns):
    assert find("frequent_caller", on(*["2025-06-10 09:00"] * 9, **columns)).empty


# --- hot_spot --------------------------------------------------------------------------------------


def test_eight_tickets_of_a_place_and_matter_within_thirty_days_make_one_finding_that_rests_on_them():
    moments = [f"2025-05-{day} 09:00" for day in range(12, 20)]
    found = find("hot_spot", on("2025-03-01 09:00", *moments, address="东街"))
    assert found["unit"].tolist() == ["热点：甲乡东街 供水"]
    assert found["evidence"].tolist() == ["甲乡东街2025-05-12至2025-05-19有“城乡建设/供水”诉求8件"]
    assert found["rests_on"].tolist() == [[f"t{n}" for n in range(1, 9)]]
    assert found["severity"].tolist() == ["黄"]


@pytest.mark.parametrize(
    "last", [{"received_at": "2025-06-09 09:00:01"}, {"type": "咨询"}, {"address": "西街"}]
)
def test_seven_tickets_and_one_too_late_or_asking_or_elsewhere_are_no_hot_spot(last):
    rows = on(*["2025-05-10 09:00"] * 7, address="东街")
    assert find("hot_spot", [*rows, {"received_at": "2025-06-09 09:00", "address": "东街"} | last]).empty
    assert len(find("hot_spot", [*rows, {"received_at": "2025-06-09 09:00", "address": "东街"}])) == 1


# --- surge -----------------------------------------------------------------------------------------


def daily(first, last, count, hour=9, **columns):
    """So many tickets on each day."""
    days = pd.date_range(first, last)
    return [
        {"received_at": f"{day:%Y-%m-%d} {hour:02}:00", "category": None} | columns
        for day in days
        for _ in range(count)
    ]


def test_a_day_far_above_the_working_days_of_eight_weeks_is_yellow_for_its_township_and_the_county():
    rows = daily("2025-05-01", "2025-06-12", 4) + daily("2025-06-12", "2025-06-12", 7)
    found = find("surge", rows)
    assert sorted(found["unit"]) == ["激增：全县", "激增：甲乡"]
    own = found[found["unit"].eq("激增：甲乡")].iloc[0]
    assert own["evidence"] == "2025-06-12受理11件，此前八周同类日子（工作日，26天）日均4.0件"
    assert (own["since"], own["measure"], len(own["rests_on"])) == (pd.Timestamp("2025-06-12"), 11, 11)


def test_a_stronger_day_before_those_asked_about_does_not_hide_theirs():
    rows = daily("2025-04-01", "2025-06-12", 4) + daily("2025-05-28", "2025-05-28", 60)
    rows = [TICKET | row for row in rows + daily("2025-06-12", "2025-06-12", 12)]
    typed = [{"ticket_id": f"t{number}"} | row for number, row in enumerate(rows)]
    tickets = clock(schema.make_tickets(pd.DataFrame(typed)), POLICY, AS_OF)
    asked = tickets["received_at"].ge("2025-06-01")
    found = flag(tickets, POLICY, among=asked, only=["surge"])
    assert sorted(found["unit"]) == ["激增：全县", "激增：甲乡"]
    assert found["since"].eq("2025-06-12").all()
    assert not found["evidence"].str.contains("另有").any()


@pytest.mark.parametrize("extra", [6, 7])
def test_three_roots_of_the_mean_above_it_is_not_beyond(extra):
    rows = daily("2025-05-06", "2025-06-12", 4) + daily("2025-06-12", "2025-06-12", extra)
    assert len(find("surge", rows)) == (0 if extra == 6 else 2)


def test_a_day_off_is_compared_with_days_off_and_few_receipts_are_never_a_surge():
    days = pd.date_range("2025-04-01", "2025-06-15")
    counts = np.where(count_working_days(pd.Series(days - pd.Timedelta(days=1)), pd.Series(days)), 12, 1)
    rows = [row for day, count in zip(days, counts, strict=True) for row in daily(day, day, count)]
    found = find("surge", rows + daily("2025-06-15", "2025-06-15", 9))
    assert "2025-06-15受理10件，此前八周同类日子（休息日" in found["evidence"].iloc[0]
    assert find("surge", rows + daily("2025-06-15", "2025-06-15", 8)).empty


@pytest.mark.parametrize(("first", "count"), [("2025-05-28", 2), ("2025-05-29", 0)])
def test_ten_days_of_the_same_kind_make_a_baseline_and_nine_do_not(first, count):
    assert len(find("surge", daily(first, "2025-06-12", 1) + daily("2025-06-12", "2025-06-12", 20))) == count


def test_days_without_any_ticket_in_the_county_are_gaps_and_no_baseline():
    rows = daily("2025-02-10", "2025-02-28", 4) + daily("2025-06-02", "2025-06-05", 15)
    assert find("surge", rows).empty


def test_the_days_about_new_year_are_a_kind_of_their_own():
    quiet = daily("2024-12-01", "2025-01-14", 2)
    before = daily(
        "2025-01-15", "2025-01-28", 20
    )  # the rush before the holiday is not a surge against December
    assert find("surge", quiet + before).empty
    assert len(find("surge", quiet + before + daily("2025-01-28", "2025-01-28", 40))) == 2


def test_the_dates_of_new_year_are_holidays_in_the_published_calendar():
    calendar = read_calendar()
    days = NEW_YEARS[calendar.last_day >= NEW_YEARS].astype(object)
    assert {name_of_day(calendar, day) for day in days} == {"春节"}
    assert np.array_equal(np.diff(NEW_YEARS.astype("datetime64[Y]").astype(int)), np.ones(len(NEW_YEARS) - 1))


def test_a_second_surge_is_told_beside_the_strongest_and_nothing_after_as_of_counts():
    rows = daily("2025-05-01", "2025-06-12", 4) + daily("2025-06-12", "2025-06-12", 12)
    found = find(
        "surge", rows + daily("2025-06-11", "2025-06-11", 9) + daily("2025-06-30", "2025-06-30", 90, hour=13)
    )
    assert found["evidence"].str.endswith("；另有1日激增").all()
    assert found["evidence"].str.startswith("2025-06-12受理16件").all()


# --- busy_day --------------------------------------------------------------------------------------


def test_a_township_with_eight_tickets_on_a_day_is_blue_and_says_how_often_and_how_many_at_most():
    rows = daily("2025-06-10", "2025-06-11", 8) + daily("2025-06-11", "2025-06-12", 1)
    found = find("busy_day", rows)
    assert (found["unit"].tolist(), found["severity"].tolist()) == (["甲乡"], ["蓝"])
    assert found["evidence"].tolist() == ["日受理8件以上的有2日，最多的是2025-06-11，受理9件"]
    assert len(found["rests_on"].iloc[0]) == 17


@pytest.mark.parametrize(
    "last",
    [
        {"unit": "乙镇"},
        {"unit_group": "县直部门"},
        {"unit_group": None},
        {"unit": None},
        {"status": "作废"},
        {"received_at": "2025-06-11 00:00"},
        {"received_at": None},
    ],
)
def test_seven_tickets_and_one_of_another_unit_or_day_or_withdrawn_are_no_full_day(last):
    rows = daily("2025-06-10", "2025-06-10", 8)
    assert find("busy_day", [*rows[:7], rows[7] | last]).empty


def test_days_before_1970_have_numbers_below_zero_and_are_days_all_the_same():
    rows = daily("1969-06-10", "1969-06-10", 8) + daily("2025-06-10", "2025-06-10", 9)
    found = find("busy_day", rows)
    assert found["evidence"].tolist() == ["日受理8件以上的有2日，最多的是2025-06-10，受理9件"]


# --- all of them -----------------------------------------------------------------------------------


def test_an_empty_table_has_no_findings_about_citizens():
    assert flag(clock(schema.make_tickets({}), POLICY, AS_OF), POLICY).empty
