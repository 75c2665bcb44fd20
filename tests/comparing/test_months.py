import pandas as pd
import pytest

from toolkit import clock, schema
from toolkit.comparing.months import (
    MONTHLY,
    count_months,
    is_lower_better,
    list_monthly,
    list_months,
    mark_months,
)
from toolkit.period import parse_period

AS_OF = pd.Timestamp("2025-12-31 18:00")
REPLIED, SATISFIED = "按期回复率（÷受理）", "满意率（÷评价）"


def clocked(**columns):
    """Clocked tickets of unit 甲乡 unless it is given, numbered in order."""
    count = len(columns["received_at"])
    given = {"ticket_id": [str(number) for number in range(count)], "unit": ["甲乡"] * count}
    tickets = clock(schema.make_tickets(given | columns), "county_default", AS_OF)
    return tickets.assign(report=tickets["unit"])


def cell(counts, unit, metric, month):
    rows = counts[counts["unit"].eq(unit) & counts["metric"].eq(metric) & counts["month"].eq(month)]
    assert len(rows) == 1
    return rows.iloc[0]


def months_of(*times, period="2025", as_of=AS_OF):
    return list_months(parse_period(period), pd.Series(pd.to_datetime(list(times))), as_of)


def test_months_are_those_the_data_cover_up_to_the_period_s_end():
    assert months_of("2025-09-03", "2025-10-09", "2025-11-20", period="2025-10") == ["2025-09", "2025-10"]


def test_a_month_the_data_begin_in_the_middle_of_is_not_whole():
    assert months_of("2025-09-09", "2025-10-09", "2025-11-20", period="2025-11") == ["2025-10", "2025-11"]


def test_a_month_without_any_ticket_is_not_covered():
    assert months_of("2024-12-02", "2025-12-20", period="2025-12") == ["2024-12", "2025-12"]


def test_a_month_not_over_by_as_of_or_by_the_period_s_end_is_not_whole():
    times = ("2025-10-02", "2025-11-02", "2025-12-02")
    assert months_of(*times, as_of=pd.Timestamp("2025-12-30 18:00")) == ["2025-10", "2025-11"]
    assert months_of(*times, period="2025-10-01..2025-12-15") == ["2025-10", "2025-11"]
    assert months_of(*times)[-1] == "2025-12"


def test_there_are_at_most_24_months():
    times = pd.date_range("2022-01-02", "2025-12-02", freq="MS") + pd.Timedelta(days=1)
    assert months_of(*times) == [str(month) for month in pd.period_range("2024-01", "2025-12", freq="M")]


def test_without_a_receipt_time_there_is_no_month():
    assert months_of(None) == []


def test_tickets_of_the_last_days_not_yet_due_make_the_last_month_neither_worse_nor_better():
    tickets = clocked(
        received_at=["2025-12-01 09:00", "2025-12-02 09:00", "2025-12-31 09:00", "2025-12-31 09:00"],
        replied_at=["2025-12-02 09:00", None, None, "2025-12-31 10:00"],
        platform_due_at=["2025-12-08", "2025-12-09", "2026-01-08", "2026-01-08"],
    )
    last = cell(count_months(tickets, [REPLIED], ["2025-12"]), "甲乡", REPLIED, "2025-12")
    assert (last["numerator"], last["denominator"], last["pending"]) == (1, 2, 2)
    assert last["rate"] == 0.5


def test_a_month_is_counted_for_every_unit_and_the_county_is_their_sum():
    tickets = clocked(
        unit=["甲乡", "乙镇", None],
        received_at=["2025-10-01 09:00", "2025-10-02 09:00", "2025-11-03 09:00"],
        replied_at=["2025-10-02 09:00", None, "2025-11-04 09:00"],
    )
    counts = count_months(tickets, [REPLIED], ["2025-10", "2025-11"])
    assert counts["unit"].unique().tolist() == [schema.COUNTY, "乙镇", "甲乡", schema.NO_UNIT]
    assert cell(counts, schema.COUNTY, REPLIED, "2025-10")[["numerator", "denominator"]].tolist() == [1, 2]
    assert cell(counts, schema.NO_UNIT, REPLIED, "2025-11")[["numerator", "denominator"]].tolist() == [1, 1]
    assert pd.isna(cell(counts, "甲乡", REPLIED, "2025-11")["rate"])


def test_excluded_tickets_count_in_no_month():
    tickets = clocked(received_at=["2025-10-01 09:00"], replied_at=["2025-10-02 09:00"], exclusion=["通过"])
    assert cell(count_months(tickets, [REPLIED], ["2025-10"]), "甲乡", REPLIED, "2025-10")["denominator"] == 0


def test_a_month_that_no_due_time_settles_is_settled_thirty_days_after_it():
    tickets = clocked(
        received_at=["2025-11-03 09:00"], replied_at=["2025-11-04 09:00"], satisfaction=["满意"]
    )
    months = ["2025-11", "2025-12"]
    counts = count_months(tickets, [REPLIED, SATISFIED], months)
    settled = {(row.metric, row.month): row.is_settled for row in counts.itertuples() if row.unit == "甲乡"}
    assert [settled[REPLIED, month] for month in months] == [True, True]
    assert [settled[SATISFIED, month] for month in months] == [True, False]


def test_what_a_month_counts_is_what_its_marks_say():
    tickets = clocked(
        received_at=["2025-10-01 09:00", "2025-10-02 09:00", "2025-12-31 09:00"],
        replied_at=["2025-10-02 09:00", None, None],
    )
    marks = mark_months(tickets, [REPLIED])[MONTHLY + REPLIED]
    assert marks.tolist()[:2] == [1, 0] and pd.isna(marks[2])


def test_followed_are_leading_rates_whose_months_can_be_compared_and_the_scheme_s_of_the_same_families():
    tickets = clocked(
        received_at=["2025-10-01 09:00"], replied_at=["2025-10-02 09:00"], closed_at=["2025-10-03"]
    )
    names = list_monthly(tickets, ["按期回复率（÷能判定）", "办结率（÷受理）"])
    assert names[:2] == [REPLIED, "按期回复率（÷能判定）"]
    assert "超期率（÷受理）" in names
    assert not {"受理件数", "回复率（÷受理）", "办结率（÷受理）", "时间不明率（÷受理）"} & set(names)


@pytest.mark.parametrize(
    ("metric", "lower"), [("超期率（÷受理）", True), ("不满意率（÷评价）", True), (SATISFIED, False)]
)
def test_each_metric_has_its_better_side(metric, lower):
    assert is_lower_better(metric) == lower


def test_no_ticket_gives_an_empty_table():
    assert count_months(clocked(received_at=["2025-10-01"]), [REPLIED], []).empty
