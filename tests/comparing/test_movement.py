from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit import clock, schema, score
from toolkit.comparing.contributions import contributions, round_to_total, split_change
from toolkit.comparing.movement import (
    Span,
    compare_periods,
    compare_spans,
    earlier_spans,
    say_change,
    score_earlier,
)
from toolkit.period import parse_as_of, parse_period

TIMELY, COUNT = "按期回复率（÷受理）", "受理件数"
POLICY = {"name": "试行办法", "source": "测试"}


def scorecard(metric=TIMELY, **units):
    """unit=(numerator, denominator), or a bare number for a count; the county is their sum."""
    pairs = {unit: value if isinstance(value, tuple) else (value, None) for unit, value in units.items()}
    total = [sum(s) if None not in s else None for s in zip(*pairs.values(), strict=True)]
    rows = [(unit, metric, *pair) for unit, pair in {schema.COUNTY: total, **pairs}.items()]
    made = pd.DataFrame(rows, columns=["unit", "metric", "numerator", "denominator"])
    made = made.astype({"numerator": "Int64", "denominator": "Int64"})
    rate = (made["numerator"].astype("Float64") / made["denominator"]).where(made["denominator"] > 0)
    return made.assign(rate=rate.astype("float64"), definition="定义")


def move(rows, as_of, period):
    """The movement of tickets, every span scored as it stood."""
    period, as_of, tickets = parse_period(period), parse_as_of(as_of), schema.make_tickets(rows)
    *_, now = score_earlier(tickets, POLICY, Span("", period, as_of))
    scored = [score_earlier(tickets, POLICY, span) for span in earlier_spans(period, as_of)]
    return compare_spans(now, [(span, before) for span, _, before in scored], period, as_of)


def only(frame, unit=schema.COUNTY):
    rows = frame[frame["unit"].eq(unit)]
    assert len(rows) == 1
    return rows.iloc[0]


# --- which days are compared -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("period", "before", "year_before"),
    [
        ("2025-03", "2025-02-01..2025-02-28", "2024-03-01..2024-03-31"),
        ("2024-03", "2024-02-01..2024-02-29", "2023-03-01..2023-03-31"),
        ("2025-02", "2025-01-01..2025-01-31", "2024-02-01..2024-02-29"),
        ("2024-02", "2024-01-01..2024-01-31", "2023-02-01..2023-02-28"),
        ("2025-01", "2024-12-01..2024-12-31", "2024-01-01..2024-01-31"),
        ("2025-04..2025-06", "2025-01-01..2025-03-31", "2024-04-01..2024-06-30"),
        ("2025", "2024-01-01..2024-12-31", "2024-01-01..2024-12-31"),
        ("2025-03-10..2025-03-16", "2025-03-03..2025-03-09", "2024-03-10..2024-03-16"),
        ("2024-02-29..2024-02-29", "2024-02-28..2024-02-28", "2023-02-28..2023-02-28"),
    ],
)
def test_a_month_is_compared_with_a_month_and_days_with_as_many_days(period, before, year_before):
    period = parse_period(period)
    assert (str(period.before()), str(period.year_before())) == (before, year_before)


@pytest.mark.parametrize(
    ("period", "as_of", "spans"),
    [  # over: whole, and judged as long after the end
        (
            "2025-03",
            "2025-04-03 18:00",
            ["2025-02-01..2025-02-28 @ 2025-03-03 18:00", "2024-03-01..2024-03-31 @ 2024-04-03 18:00"],
        ),
        # cut on the 20th: the earlier month too
        (
            "2025-03",
            "2025-03-20 18:00",
            ["2025-02-01..2025-02-20 @ 2025-02-20 18:00", "2024-03-01..2024-03-20 @ 2024-03-20 18:00"],
        ),
        # a day the earlier month does not have: its last
        (
            "2025-03",
            "2025-03-30",
            ["2025-02-01..2025-02-28 @ 2025-02-28 23:59", "2024-03-01..2024-03-30 @ 2024-03-30 23:59"],
        ),
        # the last day of the period: nothing is cut
        (
            "2025-02",
            "2025-02-28 18:00",
            ["2025-01-01..2025-01-31 @ 2025-01-31 18:00", "2024-02-01..2024-02-29 @ 2024-02-29 18:00"],
        ),
        ("2025", "2025-12-31 18:00", ["2024-01-01..2024-12-31 @ 2024-12-31 18:00"]),
        ("2024", "2024-02-29 12:00", ["2023-01-01..2023-02-28 @ 2023-02-28 12:00"]),
        (
            "2025-03-10..2025-03-16",
            "2025-03-12 09:00",
            ["2025-03-03..2025-03-05 @ 2025-03-05 09:00", "2024-03-10..2024-03-12 @ 2024-03-12 09:00"],
        ),
    ],
)
def test_a_period_cut_by_as_of_is_compared_with_the_same_days(period, as_of, spans):
    found = [f"{span.period} @ {span.as_of:%Y-%m-%d %H:%M}" for span in earlier_spans(period, as_of)]
    assert found == spans


def test_a_year_has_only_the_year_before():
    assert [span.against for span in earlier_spans("2025", "2025-12-31")] == ["同比"]
    assert [span.against for span in earlier_spans("2025-03", "2025-03-31")] == ["环比", "同比"]


def test_an_earlier_period_is_judged_as_it_stood_then():
    # Both months' ticket is answered a month late; only this month's is still open at its cut-off otherwise.
    rows = {
        "ticket_id": ["a", "b"],
        "unit": "甲乡",
        "received_at": ["2025-02-25 09:00", "2025-03-25 09:00"],
        "replied_at": ["2025-03-27 09:00", None],
    }
    moved = move(rows, "2025-03-31 18:00", "2025-03")
    row = moved[moved["metric"].eq("回复率（÷受理）") & moved["against"].eq("环比")].iloc[0]
    assert (row["numerator_before"], row["denominator_before"], row["word"]) == (0, 1, "持平")
    assert (row["days"], row["days_before"], row["period_before"]) == (31, 28, "2025-02-01..2025-02-28")


def test_a_ticket_received_after_the_cut_of_the_earlier_period_is_not_counted():
    rows = {"ticket_id": ["a", "b", "c"], "received_at": ["2025-02-20", "2025-02-21", "2025-03-05"]}
    moved = move(rows, "2025-03-20", "2025-03")
    row = moved[moved["metric"].eq(COUNT) & moved["against"].eq("环比")].iloc[0]
    assert (row["numerator"], row["numerator_before"], row["change"]) == (1, 1, 0)


def test_an_earlier_span_comes_with_its_tickets_as_they_stood_and_a_scorecard_by_any_column():
    rows = {
        "ticket_id": ["a", "b", "c"],
        "township": ["甲乡", "乙镇", "甲乡"],
        "received_at": ["2025-02-03 09:00", "2025-02-25 09:00", None],
        "replied_at": ["2025-02-04 09:00", "2025-03-27 09:00", None],
    }
    earlier = earlier_spans("2025-03", "2025-03-31 18:00")[0]
    span, tickets, scorecard = score_earlier(schema.make_tickets(rows), POLICY, earlier, by="township")
    assert span is earlier and tickets["ticket_id"].tolist() == ["a", "b"]
    assert tickets["answered_at"].notna().tolist() == [True, False]
    answered = scorecard[scorecard["metric"].eq("回复率（÷受理）")].set_index("unit")["numerator"]
    assert answered.to_dict() == {schema.COUNTY: 1, "甲乡": 1, "乙镇": 0}


# --- the change and its word -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "before", "change", "word", "said"),
    [
        ((456, 498), (452, 500), 1.2, "上升", "环比上升1.2个百分点"),
        ((452, 500), (456, 498), -1.2, "下降", "环比下降1.2个百分点"),
        ((1, 2), (2, 4), 0, "持平", "环比持平"),
        ((9154, 10_000), (9146, 10_000), 0, "持平", "环比持平"),  # both print as 91.5%
        ((9155, 10_000), (9154, 10_000), 0.1, "上升", "环比上升0.1个百分点"),  # 91.6% against 91.5%
    ],
)
def test_the_change_of_a_rate_is_that_of_the_printed_rates(now, before, change, word, said):
    row = only(compare_periods(scorecard(甲=now), scorecard(甲=before)), "甲")
    assert (row["change"], row["word"]) == (pytest.approx(change, abs=1e-12), word)
    assert say_change({**row, "against": "环比"}) == said


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (23, 21, "同比上升2件（9.5%）"),
        (21, 23, "同比下降2件（8.7%）"),
        (5, 5, "同比持平"),
        (3, 0, "同比上升3件"),
        (0, 0, "同比持平"),
    ],
)
def test_the_change_of_a_count_is_told_in_tickets(now, before, said):
    row = only(compare_periods(scorecard(COUNT, 甲=now), scorecard(COUNT, 甲=before)), "甲")
    assert say_change({**row, "against": "同比"}) == said


def test_a_unit_new_this_period_has_no_earlier_rate():
    moved = compare_periods(scorecard(甲=(1, 2), 乙=(3, 3)), scorecard(甲=(1, 2)))
    row = only(moved, "乙")
    assert (row["numerator_before"], row["denominator_before"]) == (0, 0)
    assert pd.isna(row["change"]) and pd.isna(row["word"])
    assert say_change({**row, "against": "环比"}) == "环比无可比工单"


def test_a_unit_without_tickets_this_period_counts_as_none():
    row = only(compare_periods(scorecard(COUNT, 甲=2), scorecard(COUNT, 甲=2, 乙=3)), "乙")
    assert (row["numerator"], row["change"], row["relative"], row["word"]) == (0, -3, -1, "下降")


def test_a_metric_the_earlier_export_lacks_is_not_compared():
    moved = compare_periods(scorecard(COUNT, 甲=2), scorecard("别的指标", 甲=2))
    assert moved["change"].isna().all() and moved["word"].isna().all()
    assert only(moved[moved["metric"].eq(COUNT)], "甲")["numerator_before"] is pd.NA


def test_two_empty_scorecards_compare_to_nothing():
    empty = score(clock(schema.make_tickets({}), POLICY, "2025-06-30"))
    assert len(compare_periods(empty, empty)) == 0


# --- who moved the county --------------------------------------------------------------------------


def test_what_a_unit_did_better_is_apart_from_what_its_share_did():
    # 甲 answers as before (90 %), 乙 too (50 %); 乙 gets twice the tickets: all of the change is share.
    parts = contributions(
        scorecard(甲=(90, 100), 乙=(100, 200)), scorecard(甲=(90, 100), 乙=(50, 100)), TIMELY
    )
    assert parts["rate_effect"].tolist() == [0, 0]
    assert round(parts["contribution"].sum(), 2) == round(63.33 - 70.0, 2)
    # Shares as before, 甲 5 points better with half of the tickets: 2.5 points, all of them its rate's.
    parts = contributions(
        scorecard(甲=(95, 100), 乙=(50, 100)), scorecard(甲=(90, 100), 乙=(50, 100)), TIMELY
    )
    assert parts[["rate_effect", "mix_effect"]].to_numpy().tolist() == [[2.5, 0], [0, 0]]


def test_a_unit_with_tickets_in_one_period_only_has_no_rate_effect():
    parts = contributions(scorecard(甲=(9, 10), 乙=(0, 10)), scorecard(甲=(9, 10)), TIMELY)
    assert parts["rate_effect"].tolist() == [0, 0]
    assert round(parts["contribution"].sum(), 2) == -45


def test_a_count_s_change_is_shared_out_in_percentage_points_of_the_earlier_count():
    parts = contributions(scorecard(COUNT, 甲=16, 乙=7), scorecard(COUNT, 甲=15, 乙=6), COUNT)
    assert parts["rate_effect"].isna().all()
    assert parts["contribution"].tolist() == [4.76, 4.76]  # 9.52 = 2/21


def test_without_earlier_tickets_there_is_nothing_to_share_out():
    parts = contributions(scorecard(甲=(1, 2)), scorecard(甲=(0, 0)), TIMELY)
    assert parts["contribution"].isna().all()


def test_a_metric_that_one_export_lacks_is_not_shared_out_and_its_counts_are_not_known():
    parts = contributions(scorecard(甲=(1, 2)), scorecard("别的指标", 甲=(1, 2)), TIMELY)
    assert parts["contribution"].isna().all() and parts["numerator_before"].isna().all()


PAIR = st.integers(0, 60).flatmap(lambda among: st.tuples(st.integers(0, among), st.just(among)))
PERIODS = st.lists(st.tuples(PAIR, PAIR), min_size=1, max_size=8)


def frames(periods):
    return (pd.DataFrame([unit[place] for unit in periods]).astype("Int64") for place in (0, 1))


@given(periods=PERIODS)
@settings(deadline=None, max_examples=60)
def test_the_exact_parts_sum_exactly_to_the_change(periods):
    cells, _ = split_change(*frames(periods))
    sums = [[sum(unit[place][side] for unit in periods) for side in (0, 1)] for place in (0, 1)]
    if cells is None:
        assert 0 in (sums[0][1], sums[1][1])
    else:
        assert sum(cells.ravel()) == 100 * (Fraction(*sums[0]) - Fraction(*sums[1]))


@given(periods=PERIODS)
@settings(deadline=None, max_examples=60)
def test_the_printed_column_sums_to_the_difference_of_the_printed_rates(periods):
    now, before = (scorecard(**{f"u{n}": unit[place] for n, unit in enumerate(periods)}) for place in (0, 1))
    parts = contributions(now, before, TIMELY)
    rates = [only(side)["rate"] for side in (now, before)]
    if parts["contribution"].isna().any():
        assert pd.isna(rates).any()
        return
    hundredths = [int(Fraction(rate).limit_denominator(10_000) * 10_000 + Fraction(1, 2)) for rate in rates]
    columns = (parts[["rate_effect", "mix_effect", "contribution"]] * 100).round().astype(int)
    assert columns["contribution"].sum() == hundredths[0] - hundredths[1]
    assert columns["contribution"].equals(columns["rate_effect"] + columns["mix_effect"])
    cells, _ = split_change(*frames(periods))
    exact = [[float(100 * cell) for cell in row] for row in cells]
    assert abs(columns[["rate_effect", "mix_effect"]].to_numpy() - exact).max() <= 2


@given(
    values=st.lists(st.fractions(-50, 50, max_denominator=999), min_size=1, max_size=9),
    off=st.integers(-1, 1),
)
@settings(deadline=None, max_examples=60)
def test_rounded_parts_sum_to_the_total_and_stay_near_themselves(values, off):
    total = round(sum(values) * 100) + off
    printed = round_to_total(values, total)
    assert printed.sum() == total
    assert all(abs(int(shown) - 100 * value) < 3 for shown, value in zip(printed, values, strict=True))


def test_contributions_come_from_any_column():
    rows = {
        "ticket_id": list("abcd"),
        "unit": ["甲", "甲", "乙", "乙"],
        "category": ["供水", "道路", "供水", "道路"],
        "received_at": "2025-06-03 09:00",
        "replied_at": ["2025-06-04", "2025-06-25", "2025-06-04", "2025-06-05"],
    }
    now = score(clock(schema.make_tickets(rows), POLICY, "2025-06-30"), by="category")
    earlier = schema.make_tickets(rows | {"replied_at": "2025-06-04"})
    before = score(clock(earlier, POLICY, "2025-06-30"), by="category")
    parts = contributions(now, before, TIMELY).set_index("unit")["contribution"]
    assert parts.to_dict() == {"供水": 0, "道路": -25}
