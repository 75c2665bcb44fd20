from fractions import Fraction
from functools import cache
from math import floor

import pandas as pd
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from toolkit import clock, compare_definitions, schema, score
from toolkit.errors import ParameterError
from toolkit.rounding import compare_counts, count_text, percent
from toolkit.scoring.catalogue import BY_NAME, METRICS
from toolkit.scoring.marks import mark_tickets
from toolkit.scoring.score import SCORECARD, per_ten_thousand

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


@cache
def score_small():
    """The scorecard of these tickets."""
    return score(clock_rows(SMALL))


@pytest.mark.parametrize(
    ("unit", "numerator", "denominator", "rate"),
    [("全县", 2, 4, 0.5), ("甲乡", 1, 2, 0.5), ("乙镇", 1, 1, 1.0), (schema.NO_UNIT, 0, 1, 0.0)],
)
def test_a_rate_stands_with_its_numerator_and_denominator(unit, numerator, denominator, rate):
    row = look_up(score_small(), unit, TIMELY)
    assert (row["numerator"], row["denominator"], row["rate"]) == (numerator, denominator, rate)


def test_a_rate_stands_with_its_definition():
    row = look_up(score_small(), "甲乡", TIMELY)
    assert row["definition"].startswith("截止时间前回复的件 ÷ 受理件")


def test_an_export_without_reply_times_says_in_the_definition_that_closing_was_counted():
    tickets = clock_rows({"ticket_id": ["a"], "received_at": ["2025-06-03"], "closed_at": ["2025-06-04"]})
    row = look_up(score(tickets), "全县", TIMELY)
    assert (row["numerator"], row["denominator"]) == (1, 1)
    assert row["definition"].startswith("截止时间前办结的件 ÷ 受理件")


def test_a_plain_count_has_no_denominator_and_no_rate():
    row = look_up(score_small(), "甲乡", "受理件数")
    assert row["numerator"] == 2
    assert pd.isna(row["denominator"]) and pd.isna(row["rate"])


def test_a_unit_without_a_ticket_in_the_denominator_has_no_rate():
    row = look_up(score_small(), "乙镇", "满意率（÷评价）")
    assert (row["numerator"], row["denominator"]) == (0, 0)
    assert pd.isna(row["rate"])
    assert percent(row["rate"]) == "—"


def test_a_metric_that_lacks_its_column_is_not_in_the_scorecard():
    assert "解决率（÷已表态）" not in set(score_small()["metric"])


def test_tickets_may_be_scored_by_any_column():
    tickets = clock_rows(SMALL | {"township": ["东村", "西村", "东村", "东村"]})
    scorecard = score(tickets, by="township")
    assert look_up(scorecard, "东村", "受理件数")["numerator"] == 3
    assert scorecard["unit"].unique().tolist()[0] == "全县"


def test_more_than_a_hundred_tickets_are_counted_to_the_last():
    rows = {"ticket_id": [str(n) for n in range(300)], "received_at": "2025-06-03", "unit": "甲乡"}
    assert look_up(score(clock_rows(rows)), "甲乡", TIMELY)["denominator"] == 300


def test_an_empty_table_gives_an_empty_scorecard_with_its_columns():
    scorecard = score(clock_rows({}))
    assert (len(scorecard), scorecard.columns.tolist()) == (0, SCORECARD)


def test_a_rate_stands_with_its_interval():
    row = look_up(score_small(), "甲乡", TIMELY)
    interval = binomtest(1, 2).proportion_ci(method="wilson")
    assert (row["low"], row["high"]) == pytest.approx((interval.low, interval.high))


def test_a_rate_may_be_counted_with_the_excluded():
    tickets = clock_rows(SMALL | {"exclusion": ["通过", "申请", None, None]})
    without, kept = (look_up(score(tickets, with_excluded=w), "甲乡", TIMELY) for w in (False, True))
    assert (without["numerator"], without["denominator"]) == (0, 1)
    assert (kept["numerator"], kept["denominator"]) == (1, 2)


# --- rival definitions -----------------------------------------------------------------------------

RIVALS = {
    "ticket_id": list("abcd"),
    "received_at": "2025-06-03 09:00",
    "closed_at": ["2025-06-05", "2025-06-20", None, "2025-06-05"],
    "exclusion": [None, None, None, "通过"],
}


def test_rival_definitions_of_one_name_stand_side_by_side_with_and_without_the_excluded():
    found = compare_definitions(clock_rows(RIVALS), "按时办结率").set_index("metric")
    assert found.index.tolist() == ["按时办结率（÷应办结）", "按时办结率（÷已办结）"]
    assert found["numerator"].tolist() == [1, 1] and found["denominator"].tolist() == [3, 2]
    assert found["denominator_with_excluded"].tolist() == [4, 3]
    assert found["rate_with_excluded"].tolist() == [0.5, pytest.approx(2 / 3)]
    assert found["caution"].tolist() == ["", "超期未办结的件不在分母"]
    assert found["definition"].str.contains("÷").all() and found["source"].str.len().gt(4).all()


def test_rivals_are_counted_as_of_the_moment_the_tickets_were_judged_at():
    tickets = clock_rows(RIVALS)
    assert compare_definitions(tickets, "办结率")["numerator"].tolist()[0] == 2
    earlier = clock(tickets[schema.names()], POLICY, "2025-06-19")
    assert compare_definitions(earlier, "办结率")["numerator"].tolist()[0] == 1


def test_a_rival_without_its_columns_stands_there_with_what_it_lacks():
    found = compare_definitions(clock_rows(RIVALS), "办结率").set_index("metric")
    lacking = found.loc["办结率（含直接答复）"]
    assert lacking["missing"] == "办理方式" and pd.isna(lacking["numerator"])


def test_a_metric_names_its_family_and_an_unknown_name_the_nearest():
    tickets = clock_rows(RIVALS)
    assert len(compare_definitions(tickets, "按时办结率（÷已办结）")) == 2
    with pytest.raises(ParameterError, match=r"no metric is called '按时完结率'.*Did you mean '按时办结率'"):
        compare_definitions(tickets, "按时完结率")


def test_an_empty_table_has_rivals_without_numbers():
    found = compare_definitions(clock_rows({}), "按时办结率")
    assert found["numerator"].isna().all() and len(found) == 2


# --- tickets per ten thousand people ---------------------------------------------------------------


def test_tickets_per_ten_thousand_people_need_the_people():
    population = pd.Series({"甲乡": 20_000, "乙镇": 0})
    found = per_ten_thousand(score_small(), population).set_index("unit")
    assert found.loc["甲乡", ["numerator", "denominator", "per_ten_thousand"]].tolist() == [2, 20_000, 1.0]
    assert found.loc["全县", "per_ten_thousand"] == 2.0
    assert found.loc[["乙镇", schema.NO_UNIT], "per_ten_thousand"].isna().all()
    assert set(found["metric"]) == {"万人诉求比"}


@pytest.mark.parametrize(("number", "printed"), [(456.0, "456"), (455.6, "455.6"), (0, "0"), (100, "100")])
def test_a_number_of_tickets_is_printed_without_idle_decimals(number, printed):
    assert count_text(number) == printed


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
RESTING = {metric.name for metric in METRICS if metric.rests_on}


@quick
@given(TABLES)
def test_a_numerator_is_never_more_than_its_denominator(rows):
    scorecard = score(clock_rows(rows))
    rates = scorecard[scorecard["denominator"].notna()]
    assert set(rates["metric"]) == set(scorecard["metric"]) - {m.name for m in METRICS if m.is_count}
    assert rates["numerator"].between(0, rates["denominator"]).all()


@quick
@given(TABLES)
def test_the_county_is_the_sum_of_its_units(rows):
    scorecard = score(clock_rows(rows))
    is_county = scorecard["unit"].eq(schema.COUNTY)
    counts = ["numerator", "denominator"]
    units = scorecard[~is_county].groupby("metric")[counts].sum()
    county = scorecard[is_county].set_index("metric")[counts].fillna(0)
    summed = units.index.difference(RESTING)
    pd.testing.assert_frame_equal(units.loc[summed], county.loc[summed])
    resting = units.index.intersection(RESTING)  # of units where nobody was rated they count nothing
    assert (units.loc[resting] <= county.loc[resting]).all(axis=None)
    assert len(units) == len(county)


@quick
@given(TABLES)
def test_every_figure_of_a_unit_opens_to_as_many_tickets(rows):
    tickets = clock_rows(rows)
    marks = mark_tickets(tickets)
    for row in score(tickets).itertuples():
        if row.metric in RESTING and row.denominator == 0:
            continue  # nobody was rated: there is no figure to open
        own = tickets["unit"].fillna(schema.NO_UNIT).eq(row.unit) | (row.unit == schema.COUNTY)
        opened = marks.loc[own, row.metric]
        weight = 100 if BY_NAME[row.metric].weighted else 1
        assert opened.sum() / weight == row.numerator
        assert pd.isna(row.denominator) or opened.notna().sum() == row.denominator


# --- as the office prints it -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rate", "decimals", "printed"),
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
def test_a_rate_is_printed_rounded_half_up(rate, decimals, printed):
    assert percent(rate, decimals) == printed


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
