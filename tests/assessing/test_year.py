"""The year's score from the months, and the next steps from the weakest metrics."""

from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit import clock, schema
from toolkit.assessing.scheme import read_scheme
from toolkit.assessing.scheme_text import print_scheme
from toolkit.assessing.targets import next_targets
from toolkit.assessing.year import score_year, stand_by_month
from toolkit.errors import ParameterError, SchemeError

TIMELY = "按期回复率（÷受理）"
COLUMNS = ["unit", "month", "points", "full", "tickets", "state"]


def scheme_of(items, **annual):
    """A scheme with invented weights; items: name, metric, and what else is set."""
    common = {"weight": 50, "scoring": "proportional"}
    return {
        "name": "试行办法",
        "source": "测试用，数值为虚构",
        "items": [common | item for item in items],
        "min_tickets": 0,
        "presentation": {"kind": "none", "why": "测试"},
        "annual": {"mean": "months", "worth": 5, "cap": 5} | annual,
    }


def year_of(*months, **annual):
    rows = [("甲乡", f"2025-{n:02d}", *month) for n, month in enumerate(months, 1)]
    scheme = scheme_of([{"name": "按期", "metric": TIMELY}], **annual)
    return score_year(pd.DataFrame(rows, columns=COLUMNS), scheme).iloc[0]


def month(points, full=100, tickets=5, state="参评"):
    return points, full, tickets, state


def test_each_month_weighs_alike_or_by_its_tickets_as_the_scheme_says():
    alike = year_of(month(80, tickets=1), month(90, tickets=99))
    assert (alike["score"], alike["months"], alike["tickets"]) == (85, 2, 100)
    assert "年度得分85.00分（百分制，各月同等平均），折算综合考评4.25分（百分折5分）。" in alike["sentence"]
    weighed = year_of(month(80, tickets=1), month(90, tickets=99), mean="tickets")
    assert weighed["score"] == Decimal("89.90") and "按件数加权平均" in weighed["sentence"]


def test_a_month_that_is_not_assessed_is_left_out_and_said():
    year = year_of(month(80), month(None, None, 0, "不参评"), month(None, None, 2, "不参评"))
    assert (year["score"], year["months"], year["left_out"]) == (80, 1, "2月、3月")
    assert year["sentence"].startswith("甲乡参评1个月（2月、3月不参评，不计入）")


def test_a_month_of_too_few_tickets_counts_and_is_said():
    year = year_of(month(80), month(60, state="件数不足"))
    assert year["score"] == 70 and "（其中1个月件数不足）" in year["sentence"]


def test_months_of_another_full_score_count_as_shares_of_a_hundred():
    assert year_of(month(120, 150), month(60))["score"] == 70


def test_a_year_without_a_month_has_no_score():
    year = year_of(month(None, None, 0, "不参评"))
    assert year["score"] is None and year["worth"] is None and year["sentence"] == "甲乡全年不参评。"


@pytest.mark.parametrize(("months", "is_converted"), [(2, False), (3, True)])
def test_too_few_months_are_not_converted(months, is_converted):
    year = year_of(*[month(80)] * months, least_months=3)
    assert year["score"] == 80 and (year["worth"] is not None) == is_converted
    assert ("不足3个月，不折算" in year["sentence"]) != is_converted


@pytest.mark.parametrize(("points", "worth"), [(99, "4.95"), (100, "5"), (110, "5")])
def test_a_bonus_stops_at_the_cap(points, worth):
    year = year_of(month(points))
    assert year["worth"] == Decimal(worth) and ("已到上限" in year["sentence"]) == (points >= 100)


def test_scores_are_exact_until_they_are_rounded_half_up():
    assert year_of(month(Decimal("82.11")), month(Decimal("82.12")))["score"] == Decimal("82.12")
    assert year_of(month(Decimal("17.66"), 25), month(Decimal("17.67"), 25))["score"] == Decimal("70.66")


def test_by_tickets_a_year_without_tickets_has_no_score():
    assert year_of(month(80, tickets=0), mean="tickets")["score"] is None


def test_a_scheme_that_says_nothing_of_the_year_is_refused_with_what_to_add():
    with pytest.raises(ParameterError, match=r"准格尔旗.*add `annual:`"):
        score_year(pd.DataFrame(columns=COLUMNS), "zhungeer")


def test_a_wrong_word_in_annual_is_named():
    with pytest.raises(
        SchemeError, match=r"'annual.mean': Input should be 'months' or 'tickets', found 'weeks'"
    ):
        read_scheme(scheme_of([{"name": "按期", "metric": TIMELY}], mean="weeks"))


def test_the_printed_scheme_says_how_the_year_is_counted():
    text = print_scheme("county_default")
    assert "各月得分（折算百分制）的平均，按各月工单件数加权" in text
    assert "百分折5分，最高5分；参评不足6个月的不折算。" in text
    assert "年度得分" not in print_scheme("zhungeer")


def test_months_stand_by_what_was_received_in_them():
    tickets = schema.make_tickets(
        {
            "ticket_id": list("abcd"),
            "unit": ["甲乡", "甲乡", "甲乡", "乙镇"],
            "unit_group": "乡镇",
            "received_at": ["2025-01-06 09:00", "2025-01-06 10:00", "2025-02-10 09:00", "2025-02-10 10:00"],
            "replied_at": ["2025-01-07", "2025-01-27", "2025-02-11", "2025-02-11"],
        }
    )
    clocked = clock(tickets, {"name": "试行", "source": "测试"}, "2025-12-31")
    scheme = scheme_of([{"name": "按期", "metric": TIMELY}])
    months = stand_by_month(clocked, scheme).set_index(["unit", "month"])
    assert months.loc[("甲乡", "2025-01"), "points"] == 25 and months.loc[("甲乡", "2025-02"), "points"] == 50
    assert months.loc[("乙镇", "2025-01"), "state"] == "不参评"
    years = score_year(months.reset_index(), scheme).set_index("unit")
    assert years["score"].to_dict() == {"甲乡": 75, "乙镇": 100}
    assert years.loc["乙镇", "left_out"] == "1月" and years.loc["乙镇", "months"] == 1


MONTHS = st.lists(st.tuples(st.integers(0, 100), st.integers(1, 50)), min_size=1, max_size=12)


@settings(max_examples=40, deadline=None)
@given(MONTHS, st.sampled_from(["months", "tickets"]))
def test_a_years_score_lies_between_its_months(months, mean):
    year = year_of(*(month(points, tickets=tickets) for points, tickets in months), mean=mean)
    assert min(p for p, _ in months) <= year["score"] <= max(p for p, _ in months)


# --- next steps --------------------------------------------------------------------------------------


def card_of(rows, county=None):
    rows = [*rows, *[("全县", metric, *counts) for metric, counts in (county or {}).items()]]
    card = pd.DataFrame(rows, columns=["unit", "metric", "numerator", "denominator"])
    card = card.astype({"numerator": "Int64", "denominator": "Int64"})
    rate = card["numerator"].astype("float64") / card["denominator"].astype("float64")
    return card.assign(rate=rate.where(card["denominator"].gt(0)))


GROUPS = dict.fromkeys(["甲乡", "乙镇", "丙镇"], "乡镇")


def aiming(*items):
    """A scheme of items: (metric, target in percent or None, better)."""
    given = [
        {"name": metric, "metric": metric, "better": better}
        | ({} if target is None else {"scoring": "deduct", "target": target, "per_point": 1})
        for metric, target, better in items
    ]
    return scheme_of(given)


def test_a_target_says_how_many_tickets_it_would_have_meant():
    targets = next_targets(card_of([("甲乡", TIMELY, 6, 7)]), {}, aiming((TIMELY, 95, "higher")))
    assert targets["sentence"].tolist() == [
        "下一步，将按期回复率由85.7%（6/7）提高到95%（考核目标），即多按期回复1件。"
    ]


def test_without_a_target_the_median_of_the_group_is_aimed_at():
    card = card_of([("甲乡", TIMELY, 5, 10), ("乙镇", TIMELY, 8, 10), ("丙镇", TIMELY, 9, 10)])
    (target,) = next_targets(card, GROUPS, aiming((TIMELY, None, "higher"))).to_dict("records")
    assert (target["unit"], target["target"], target["basis"], target["more"]) == (
        "甲乡",
        0.8,
        "乡镇中位数",
        3,
    )


def test_a_group_too_small_for_a_median_aims_at_the_county():
    card = card_of([("甲乡", TIMELY, 5, 10), ("乙镇", TIMELY, 8, 10)], {TIMELY: (13, 20)})
    (target,) = next_targets(card, GROUPS, aiming((TIMELY, None, "higher"))).to_dict("records")
    assert (target["target"], target["basis"], target["more"]) == (0.65, "全县水平", 2)


def test_a_unit_or_a_group_may_have_a_target_of_its_own():
    scheme = aiming((TIMELY, 90, "higher"))
    scheme["groups"] = ["乡镇"]
    scheme["items"][0]["targets"] = [{"target": 60, "groups": ["乡镇"]}]
    card = card_of([("甲乡", TIMELY, 5, 10), ("丁局", TIMELY, 5, 10)])
    assert next_targets(card, GROUPS, scheme)["more"].tolist() == [4, 1]


@pytest.mark.parametrize(("numerator", "more"), [(5, [1]), (6, []), (7, [])])
def test_who_meets_the_target_exactly_has_nothing_to_do(numerator, more):
    card = card_of([("甲乡", TIMELY, numerator, 8)])
    assert next_targets(card, {}, aiming((TIMELY, 75, "higher")))["more"].tolist() == more


def test_where_less_is_better_fewer_tickets_are_the_target():
    card = card_of([("甲乡", "不满意率（÷回访）", 5, 20)])
    targets = next_targets(card, {}, aiming(("不满意率（÷回访）", 10, "lower")))
    assert targets["sentence"].tolist() == [
        "下一步，将不满意率由25.0%（5/20）降低到10%（考核目标），即少不满意3件。"
    ]


def test_the_widest_gaps_come_first_and_rival_variants_once():
    goals = {TIMELY: 90, "按期回复率（÷转办）": 80, "满意率（÷评价）": 100, "解决率（÷已表态）": 60}
    card = card_of([("甲乡", name, 5, 10) for name in goals])
    scheme = aiming(*((name, goal, "higher") for name, goal in goals.items()))
    targets = next_targets(card, {}, scheme)
    assert targets["metric"].tolist() == ["满意率（÷评价）", TIMELY, "解决率（÷已表态）"]
    assert len(next_targets(card, {}, scheme, most=2)) == 2


def test_what_cannot_be_compared_or_does_not_count_gives_no_step():
    scheme = aiming((TIMELY, None, "higher"))
    assert next_targets(card_of([("甲乡", TIMELY, 0, 0)]), GROUPS, aiming((TIMELY, 90, "higher"))).empty
    assert next_targets(card_of([("甲乡", TIMELY, 1, 2)]), GROUPS, scheme).empty
    assert next_targets(
        card_of([("甲乡", "满意率（÷评价）", 1, 2)], {"满意率（÷评价）": (2, 2)}), {}, scheme
    ).empty


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 60), st.integers(0, 60), st.integers(0, 100))
def test_the_tickets_named_are_the_fewest_that_meet_the_target(among, numerator, goal):
    numerator = min(numerator, among)
    targets = next_targets(
        card_of([("甲乡", TIMELY, numerator, among)]), {}, aiming((TIMELY, goal, "higher"))
    )
    needed = next(n for n in range(among + 1) if n >= Fraction(goal, 100) * among)
    assert targets["more"].tolist() == ([needed - numerator] if needed > numerator else [])
