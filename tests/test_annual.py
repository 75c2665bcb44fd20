"""The year's score from the months, and the next steps from the weakest metrics."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from toolkit.annual import Annual, next_targets, score_year

COLUMNS = ["unit", "month", "points", "full", "tickets", "state"]


def year_of(*months, **settings):
    rows = [("甲乡", f"2025-{n:02d}", *month) for n, month in enumerate(months, 1)]
    return score_year(pd.DataFrame(rows, columns=COLUMNS), Annual(**settings)).iloc[0]


def test_each_month_weighs_alike_unless_told_otherwise():
    year = year_of((80, 100, 1, ""), (90, 100, 99, ""))
    assert (year["score"], year["months"], year["tickets"]) == (85, 2, 100)
    assert "年度得分85.00分（百分制，按月平均），折算综合考评4.25分（百分折5分）。" in year["sentence"]


def test_months_may_weigh_by_their_tickets():
    year = year_of((80, 100, 1, ""), (90, 100, 99, ""), mean="tickets")
    assert year["score"] == 89.9 and "按工单量加权平均" in year["sentence"]


def test_a_month_that_is_not_assessed_is_left_out_and_said():
    year = year_of((80, 100, 5, ""), (0, 100, 0, "不参评"), (None, 100, 2, ""))
    assert (year["score"], year["months"], year["left_out"]) == (80, 1, "2月、3月")
    assert year["sentence"].startswith("甲乡参评1个月（2月、3月不参评，不计入）")


def test_months_of_another_full_score_count_as_shares_of_a_hundred():
    assert year_of((120, 150, 5, ""), (60, 100, 5, ""))["score"] == 70


def test_a_year_without_a_month_has_no_score():
    year = year_of((None, 100, 0, "不参评"))
    assert pd.isna(year["score"]) and pd.isna(year["worth"]) and year["sentence"] == "甲乡全年不参评。"


@pytest.mark.parametrize(("months", "is_converted"), [(2, False), (3, True)])
def test_too_few_months_are_not_converted(months, is_converted):
    year = year_of(*[(80, 100, 5, "")] * months, least_months=3)
    assert year["score"] == 80 and pd.notna(year["worth"]) == is_converted
    assert ("不足3个月，不折算" in year["sentence"]) != is_converted


@pytest.mark.parametrize(("points", "worth"), [(99, 4.95), (100, 5), (110, 5)])
def test_a_bonus_stops_at_the_cap(points, worth):
    year = year_of((points, 100, 5, ""))
    assert year["worth"] == worth and ("封顶5分" in year["sentence"]) == (points >= 100)


def test_scores_are_rounded_half_up_once():
    assert year_of((82.115, 100, 1, ""), (82.115, 100, 1, ""))["score"] == 82.12
    assert year_of((17.66, 25, 1, ""), (17.67, 25, 1, ""))["score"] == 70.66


def test_by_tickets_a_year_without_tickets_has_no_score():
    assert pd.isna(year_of((80, 100, 0, ""), mean="tickets")["score"])


def test_an_empty_table_gives_no_rows_and_a_wrong_word_is_refused():
    assert score_year(pd.DataFrame(columns=COLUMNS)).empty
    with pytest.raises(ValidationError, match="'months' or 'tickets'"):
        Annual(mean="weeks")


MONTHS = st.lists(st.tuples(st.integers(0, 100), st.integers(1, 50)), min_size=1, max_size=12)


@settings(max_examples=40, deadline=None)
@given(MONTHS, st.sampled_from(["months", "tickets"]))
def test_a_years_score_lies_between_its_months(months, mean):
    year = year_of(*((points, 100, tickets, "") for points, tickets in months), mean=mean)
    assert min(p for p, _ in months) <= year["score"] <= max(p for p, _ in months)


# --- next steps --------------------------------------------------------------------------------------


def card_of(rows, county=None):
    rows = [*rows, *[("全县", metric, *counts) for metric, counts in (county or {}).items()]]
    card = pd.DataFrame(rows, columns=["unit", "metric", "numerator", "denominator"])
    card = card.astype({"numerator": "Int64", "denominator": "Int64"})
    rate = card["numerator"].astype("float64") / card["denominator"].astype("float64")
    return card.assign(rate=rate.where(card["denominator"].gt(0)))


TIMELY = "按期回复率（÷受理）"
GROUPS = dict.fromkeys(["甲乡", "乙镇", "丙镇"], "乡镇")


def test_a_target_says_how_many_tickets_it_would_have_meant():
    targets = next_targets(card_of([("甲乡", TIMELY, 6, 7)]), {}, targets={TIMELY: 0.95})
    assert targets["sentence"].tolist() == [
        "下一步，将按期回复率由85.7%（6/7）提高到95%（考核目标），即多按期回复1件。"
    ]


def test_without_a_target_the_median_of_the_group_is_aimed_at():
    card = card_of([("甲乡", TIMELY, 5, 10), ("乙镇", TIMELY, 8, 10), ("丙镇", TIMELY, 9, 10)])
    (target,) = next_targets(card, GROUPS).to_dict("records")
    assert (target["unit"], target["target"], target["basis"], target["more"]) == (
        "甲乡",
        0.8,
        "乡镇中位数",
        3,
    )


def test_a_group_too_small_for_a_median_aims_at_the_county():
    card = card_of([("甲乡", TIMELY, 5, 10), ("乙镇", TIMELY, 8, 10)], {TIMELY: (13, 20)})
    (target,) = next_targets(card, GROUPS).to_dict("records")
    assert (target["target"], target["basis"], target["more"]) == (0.65, "全县水平", 2)


@pytest.mark.parametrize(("numerator", "more"), [(5, [1]), (6, []), (7, [])])
def test_who_meets_the_target_exactly_has_nothing_to_do(numerator, more):
    targets = next_targets(card_of([("甲乡", TIMELY, numerator, 7)]), {}, targets={TIMELY: 6 / 7})
    assert targets["more"].tolist() == more


def test_where_less_is_better_fewer_tickets_are_the_target():
    targets = next_targets(
        card_of([("甲乡", "超期率", 5, 20)]), {}, targets={"超期率": 0.1}, lower_is_better=["超期率"]
    )
    assert targets["sentence"].tolist() == [
        "下一步，将超期率由25.0%（5/20）降低到10%（考核目标），即少超期3件。"
    ]


def test_the_widest_gaps_come_first_and_rival_variants_once():
    rows = [("甲乡", name, 5, 10) for name in (TIMELY, "按期回复率（÷转办）", "满意率", "解决率", "回访率")]
    goals = dict(zip([row[1] for row in rows], [0.9, 0.8, 1.0, 0.6, 0.7], strict=True))
    targets = next_targets(card_of(rows), {}, targets=goals)
    assert targets["metric"].tolist() == ["满意率", TIMELY, "回访率"]


def test_a_metric_without_tickets_or_with_nothing_to_compare_gives_no_step():
    assert next_targets(card_of([("甲乡", TIMELY, 0, 0)]), GROUPS, targets={TIMELY: 0.9}).empty
    assert next_targets(card_of([("甲乡", TIMELY, 1, 2)]), GROUPS).empty


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 60), st.integers(0, 60), st.fractions(0, 1, max_denominator=40))
def test_the_tickets_named_are_the_fewest_that_meet_the_target(among, numerator, goal):
    numerator = min(numerator, among)
    targets = next_targets(card_of([("甲乡", TIMELY, numerator, among)]), {}, targets={TIMELY: float(goal)})
    needed = next(n for n in range(among + 1) if n >= goal * among)
    assert targets["more"].tolist() == ([needed - numerator] if needed > numerator else [])
