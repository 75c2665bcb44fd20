"""The figures of three real work reports, computed from tickets: a township, a county, a bureau."""

import pandas as pd
import pytest

from toolkit import clock, flag, load, prepare, schema, score
from toolkit.rounding import compare_counts, percent
from toolkit.scoring.marks import mark_tickets

POLICY = "county_default"
AS_OF = "2025-12-31"


def numerators(scorecard, metric):
    """Unit → numerator of one metric."""
    return scorecard[scorecard["metric"].eq(metric)].set_index("unit")["numerator"].to_dict()


def county_rate(tickets, metric, decimals=1):
    """Numerator, denominator and the printed rate of the whole table."""
    row = score(tickets).query("unit == '全县' and metric == @metric").iloc[0]
    return row["numerator"], row["denominator"], percent(row["rate"], decimals)


def number(prefix, count):
    return [f"{prefix}{place:03}" for place in range(count)]


# --- R1, a township's year: 23 tickets against 21 --------------------------------------------------

KINDS = {"村民建房及宅基地": 7, "修路": 6, "野生动物损坏稻田": 2, "村民纠纷": 7, "垃圾处理": 1}


@pytest.fixture(scope="module")
def township():
    export = pd.DataFrame(
        {
            "工单编号": number("本", 23) + number("去", 21),
            "承办单位": "某乡",
            "问题分类": [kind for kind, count in KINDS.items() for _ in range(count)] + ["修路"] * 21,
            "受理时间": ["2025-03-03 09:00"] * 23 + ["2024-01-04 09:00"] * 21,
            "回复时间": ["2025-03-05 09:00"] * 23 + ["2024-01-05 09:00"] * 21,
        }
    )
    return prepare(load(export, AS_OF, key=b"k"), {"as_of": AS_OF, "period": "2025", "policy": POLICY})


def test_r1_has_23_tickets_against_21_the_year_before_two_more_up_9_5_percent(township):
    now = township.counted.scorecard.pipe(numerators, "受理件数")["某乡"]
    moved = township.compared.movements.query("unit == '某乡' and metric == '受理件数' and against == '同比'")
    before = moved["numerator_before"].item()
    change, rate, word = compare_counts(now, before)
    assert (now, before, change, percent(rate), word) == (23, 21, 2, "9.5%", "上升")


def test_r1_s_five_categories_sum_to_its_23_tickets(township):
    counts = numerators(score(township.now, by="category"), "受理件数")
    assert counts.pop("全县") == sum(counts.values()) == 23
    assert counts == KINDS


def test_r1_replied_to_every_ticket(township):
    row = township.counted.scorecard.query("unit == '某乡' and metric == '回复率（÷受理）'").iloc[0]
    assert (row["numerator"], row["denominator"], percent(row["rate"], 0)) == (23, 23, "100%")


# --- R2, a county's hotline: 498 received, 456 replied in time -------------------------------------

NAMED = {"社会治安": 41, "医疗计生": 27, "其他类": 64}


@pytest.fixture(scope="module")
def county():
    kinds = [kind for kind, count in NAMED.items() for _ in range(count)]
    rows = {
        "ticket_id": number("", 498),
        "category": kinds + [None] * (498 - len(kinds)),
        "received_at": "2025-03-03 09:00",
        "replied_at": ["2025-03-10 17:30"] * 456 + ["2025-03-10 17:31"] * 20 + [None] * 22,
    }
    return clock(schema.make_tickets(rows), POLICY, AS_OF)


def test_r2_replied_in_time_to_456_of_498_which_prints_91_6_percent(county):
    assert county_rate(county, "按期回复率（÷受理）") == (456, 498, "91.6%")
    assert county_rate(county, "按期回复率（÷受理）", decimals=2)[2] == "91.57%"


def test_r2_s_42_tickets_not_replied_in_time_are_each_a_finding(county):
    findings = flag(county, POLICY, only=["overdue_open", "replied_late"])
    assert findings["rule"].value_counts().to_dict() == {"overdue_open": 22, "replied_late": 20}
    marks = mark_tickets(county)["按期回复率（÷受理）"]
    assert set(findings["ticket_id"]) == set(county.loc[marks.eq(0), "ticket_id"])


def test_r2_names_the_categories_of_132_tickets_and_leaves_366_of_498_unnamed(county):
    counts = numerators(score(county, by="category"), "受理件数")
    assert {kind: counts[kind] for kind in NAMED} == NAMED
    elsewhere = counts[schema.NO_UNIT]
    assert (counts["全县"], counts["全县"] - elsewhere, elsewhere) == (498, 132, 366)


# --- R3, a bureau's year: 19 tickets, all satisfied ------------------------------------------------


def bureau(**changes):
    """The bureau's 19 tickets, one about tourism, all answered, called back and satisfied."""
    rows = {
        "ticket_id": number("", 19),
        "unit": "某局",
        "category": ["文化市场"] * 18 + ["旅游"],
        "received_at": "2025-03-03 09:00",
        "replied_at": "2025-03-06 09:00",
        "closed_at": "2025-03-06 10:00",
        "visited_at": "2025-03-12 09:00",
        "satisfaction": "满意",
    }
    return clock(schema.make_tickets(pd.DataFrame(rows | changes)), POLICY, AS_OF)


def test_r3_received_19_tickets_one_of_them_about_tourism():
    counts = numerators(score(bureau(), by="category"), "受理件数")
    assert (counts["全县"], counts["旅游"]) == (19, 1)


@pytest.mark.parametrize(
    "metric",
    ["办结率（÷受理）", "按期回复率（÷受理）", "回复率（÷受理）", "回访率（÷已答复）", "满意率（÷评价）"],
)
def test_r3_handled_replied_called_back_and_satisfied_all_19_of_19(metric):
    assert county_rate(bureau(), metric, decimals=0) == (19, 19, "100%")


def test_one_dissatisfied_caller_of_r3_s_19_would_already_be_below_its_97_percent():
    tickets = bureau(satisfaction=["不满意"] + ["满意"] * 18)
    assert county_rate(tickets, "满意率（÷评价）") == (18, 19, "94.7%")


@pytest.mark.parametrize(("as_of", "found"), [("2025-03-05", 0), ("2025-03-06 08:59", 1)])
def test_r3_s_own_rule_of_replying_two_days_before_the_due_day_is_watched(as_of, found):
    tickets = schema.make_tickets({"ticket_id": ["a"], "received_at": ["2025-03-03 09:00"]})
    findings = flag(clock(tickets, POLICY, as_of), POLICY)
    assert findings["rule"].tolist() == ["due_soon"] * found
