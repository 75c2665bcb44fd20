from fractions import Fraction
from math import floor

import pandas as pd
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from toolkit import clock, compare_counts, count_members, percent, schema, score
from toolkit.metrics import METRICS
from toolkit.score import SCORECARD

POLICY = {"name": "试行办法", "source": "测试"}
AS_OF = "2025-06-30"
TIMELY = "按期回复率（÷受理）"


def clock_rows(rows):
    return clock(schema.make_tickets(rows), POLICY, AS_OF)


def look_up(scorecard, unit, metric):
    row = scorecard[scorecard["unit"].eq(unit) & scorecard["metric"].eq(metric)]
    assert len(row) == 1
    return row.iloc[0]


SMALL = {
    "ticket_id": list("abcd"),
    "unit": ["甲乡", "甲乡", "乙镇", None],
    "received_at": "2025-06-03 09:00",
    "replied_at": ["2025-06-04", "2025-06-20", "2025-06-05", None],
    "satisfaction": ["满意", "未评价", "未评价", None],
}


@pytest.mark.parametrize(
    ("unit", "numerator", "denominator", "rate"),
    [("全县", 2, 4, 0.5), ("甲乡", 1, 2, 0.5), ("乙镇", 1, 1, 1.0), (schema.NO_UNIT, 0, 1, 0.0)],
)
def test_a_rate_stands_with_its_numerator_and_denominator(unit, numerator, denominator, rate):
    row = look_up(score(clock_rows(SMALL), AS_OF), unit, TIMELY)
    assert (row["numerator"], row["denominator"], row["rate"]) == (numerator, denominator, rate)


def test_a_rate_stands_with_its_definition():
    row = look_up(score(clock_rows(SMALL), AS_OF), "甲乡", TIMELY)
    assert row["definition"].startswith("截止时间前回复的件 ÷ 受理件")


def test_an_export_without_reply_times_says_in_the_definition_that_closing_was_counted():
    tickets = clock_rows({"ticket_id": ["a"], "received_at": ["2025-06-03"], "closed_at": ["2025-06-04"]})
    row = look_up(score(tickets, AS_OF), "全县", TIMELY)
    assert (row["numerator"], row["denominator"]) == (1, 1)
    assert row["definition"].startswith("截止时间前办结的件 ÷ 受理件")


def test_a_plain_count_has_no_denominator_and_no_rate():
    row = look_up(score(clock_rows(SMALL), AS_OF), "甲乡", "受理件数")
    assert row["numerator"] == 2
    assert pd.isna(row["denominator"]) and pd.isna(row["rate"])


def test_a_unit_without_a_ticket_in_the_denominator_has_no_rate():
    row = look_up(score(clock_rows(SMALL), AS_OF), "乙镇", "满意率（÷评价）")
    assert (row["numerator"], row["denominator"]) == (0, 0)
    assert pd.isna(row["rate"])
    assert percent(row["rate"]) == "—"


def test_a_metric_that_lacks_its_column_is_not_in_the_scorecard():
    assert "解决率（÷已表态）" not in set(score(clock_rows(SMALL), AS_OF)["metric"])


def test_tickets_may_be_scored_by_any_column():
    tickets = clock_rows(SMALL | {"township": ["东村", "西村", "东村", "东村"]})
    scorecard = score(tickets, AS_OF, by="township")
    assert look_up(scorecard, "东村", "受理件数")["numerator"] == 3
    assert scorecard["unit"].unique().tolist()[0] == "全县"


def test_more_than_a_hundred_tickets_are_counted_to_the_last():
    rows = {"ticket_id": [str(n) for n in range(300)], "received_at": "2025-06-03", "unit": "甲乡"}
    assert look_up(score(clock_rows(rows), AS_OF), "甲乡", TIMELY)["denominator"] == 300


def test_an_empty_table_gives_an_empty_scorecard_with_its_columns():
    scorecard = score(clock_rows({}), AS_OF)
    assert (len(scorecard), scorecard.columns.tolist()) == (0, SCORECARD)


# --- properties ------------------------------------------------------------------------------------

DAYS = [None, "2025-06-03 09:00", "2025-06-10 17:30", "2025-06-10 17:31", "2025-07-01"]
TICKET = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(["甲乡", "乙镇", "丙局", None]),
        "received_at": st.sampled_from(["2025-06-03", "2025-06-29", None]),
        "status": st.sampled_from(["已办结", "作废", None]),
        "exclusion": st.sampled_from([None, "通过", "驳回"]),
        "satisfaction": st.sampled_from([None, "满意", "不满意", "未评价"]),
        **dict.fromkeys(["dispatched_at", "replied_at", "visited_at", "closed_at"], st.sampled_from(DAYS)),
    }
)
TABLES = st.lists(TICKET, min_size=1, max_size=6).map(
    lambda rows: pd.DataFrame(rows).assign(ticket_id=[str(n) for n in range(len(rows))])
)
quick = examples(8)


@quick
@given(TABLES)
def test_a_numerator_is_never_more_than_its_denominator(rows):
    scorecard = score(clock_rows(rows), AS_OF)
    rates = scorecard[scorecard["denominator"].notna()]
    assert set(rates["metric"]) == set(scorecard["metric"]) - {m.name for m in METRICS if m.is_count}
    assert rates["numerator"].between(0, rates["denominator"]).all()


@quick
@given(TABLES)
def test_the_county_is_the_sum_of_its_units(rows):
    scorecard = score(clock_rows(rows), AS_OF)
    is_county = scorecard["unit"].eq(schema.COUNTY)
    counts = ["numerator", "denominator"]
    units = scorecard[~is_county].groupby("metric")[counts].sum()
    county = scorecard[is_county].set_index("metric")[counts].fillna(0)
    pd.testing.assert_frame_equal(units, county.loc[units.index])
    assert len(units) == len(county)


@quick
@given(TABLES)
def test_every_figure_of_a_unit_opens_to_as_many_tickets(rows):
    tickets = clock_rows(rows)
    members = count_members(tickets, AS_OF)
    for row in score(tickets, AS_OF).itertuples():
        own = tickets["unit"].fillna(schema.NO_UNIT).eq(row.unit) | (row.unit == schema.COUNTY)
        opened = members.loc[own, row.metric]
        assert opened.eq(1).sum() == row.numerator
        assert pd.isna(row.denominator) or opened.notna().sum() == row.denominator


# --- as the office prints it -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rate", "places", "printed"),
    [
        (456 / 498, 1, "91.6%"),
        (0.0, 1, "0.0%"),
        (1.0, 1, "100.0%"),
        (1.0, 0, "100%"),
        (0.96365, 2, "96.37%"),
        (17529 / 18190, 2, "96.37%"),
        (0.125, 0, "13%"),
        (-0.095, 1, "-9.5%"),
        (None, 1, "—"),
        (float("nan"), 1, "—"),
    ],
)
def test_a_rate_is_printed_rounded_half_up(rate, places, printed):
    assert percent(rate, places) == printed


@pytest.mark.parametrize(
    ("numerator", "denominator", "printed"),
    [(23, 80, "28.8%"), (41, 80, "51.3%"), (46, 160, "28.8%"), (1, 16, "6.3%")],
)
def test_a_rate_on_the_half_is_rounded_up_whatever_binary_fractions_make_of_it(
    numerator, denominator, printed
):
    assert percent(numerator / denominator) == printed


def test_every_rate_of_up_to_two_hundred_tickets_is_printed_as_exact_arithmetic_has_it():
    wrong = [
        (n, d)
        for d in range(1, 201)
        for n in range(d + 1)
        if percent(n / d) != f"{floor(Fraction(1000 * n, d) + Fraction(1, 2)) / 10}%"
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("now", "before", "change", "word"), [(23, 21, 2, "上升"), (21, 23, -2, "下降"), (5, 5, 0, "持平")]
)
def test_a_change_is_told_with_its_word(now, before, change, word):
    assert compare_counts(now, before) == (change, change / before, word)


def test_a_change_from_nothing_has_no_rate():
    assert compare_counts(3, 0) == (3, None, "上升")
    assert compare_counts(0, 0) == (0, None, "持平")
