from decimal import Decimal

import pandas as pd
import pytest
from oracles.made_tickets import make_county

from toolkit import clock, schema, score
from toolkit.assessing.answered import suppose_answered
from toolkit.assessing.changes import list_open
from toolkit.assessing.points import apply_scheme
from toolkit.assessing.scheme import read_scheme
from toolkit.assessing.standings import stand
from toolkit.assessing.what_if import what_if

TIMELY, ANSWERED, VISITED = "按期回复率（÷受理）", "回复率（÷受理）", "回访率（÷已答复）"
POLICY = {"name": "试行办法", "source": "测试"}
AS_OF = pd.Timestamp("2025-06-30 18:00")
GRADES = {
    "kind": "grades",
    "why": "测试",
    "grades": [{"grade": "A", "at_least": 90}, {"grade": "B", "at_least": 70}, {"grade": "C", "at_least": 0}],
}


def scheme(presentation=GRADES, items=((TIMELY, 100),), **more):
    items = [{"name": m, "metric": m, "weight": w, "scoring": "proportional"} for m, w in items]
    return {"name": "测试办法", "source": "测试", "items": items, "presentation": presentation} | more


def make(*rows, **columns):
    """Tickets of 甲乡 received on 3 June, answered in time unless a row says otherwise."""
    plain = {"unit": "甲乡", "unit_group": "乡镇", "received_at": "2025-06-03", "replied_at": "2025-06-04"}
    made = [{"ticket_id": str(n)} | plain | row for n, row in enumerate(rows)]
    return schema.make_tickets(pd.DataFrame(made).assign(**columns))


PENDING = {"received_at": "2025-06-30 09:00", "replied_at": None}
OVERDUE = {"received_at": "2025-06-09", "replied_at": None}


def ask(tickets, own):
    return what_if(clock(tickets, POLICY, AS_OF), own).set_index("unit")


def test_the_fewest_answers_that_bring_a_better_grade_are_listed_in_the_order_of_their_due_times():
    # 5 of 8 in time is C; 6 of 8 (75 %) is B: one of the three pending ones does it, the one due first.
    later = PENDING | {"received_at": "2025-06-30 10:00", "platform_due_at": "2025-07-09 17:30"}
    one = ask(make(*[{}] * 5, later, PENDING, later), scheme()).loc["甲乡"]
    assert (one["grade"], one["points"], one["open"], one["pending"], one["overdue"]) == ("C", 62.5, 3, 3, 0)
    assert (one["next_grade"], one["next_points"], one["needed"], one["tickets"]) == ("B", 75, 1, ["6"])
    assert (one["grade_if_all"], one["points_if_all"]) == ("A", 100)


def test_an_overdue_ticket_stays_late_and_is_passed_over_where_only_timeliness_counts():
    one = ask(make(*[{}] * 5, OVERDUE, OVERDUE, PENDING), scheme()).loc["甲乡"]
    assert (one["grade"], one["tickets"]) == ("C", ["7"])
    assert (one["points_if_overdue"], one["grade_if_overdue"]) == (one["points"], "C")
    assert (one["points_if_pending"], one["grade_if_pending"]) == (75, "B")


def test_an_overdue_ticket_counts_where_answering_at_all_does():
    one = ask(make(*[{}] * 5, OVERDUE, OVERDUE, PENDING), scheme(items=[(ANSWERED, 100)])).loc["甲乡"]
    assert one["tickets"] == ["5"]


def test_where_no_answer_brings_a_better_grade_none_is_listed():
    one = ask(make({}, {"replied_at": "2025-06-28"}, OVERDUE), scheme()).loc["甲乡"]
    assert pd.isna(one["needed"]) and pd.isna(one["next_grade"]) and one["tickets"] == []


def test_the_best_grade_has_none_above_it():
    one = ask(make(*[{}] * 19, PENDING), scheme()).loc["甲乡"]
    assert (one["grade"], one["tickets"]) == ("A", [])


def test_exactly_on_the_limit_is_reached():
    one = ask(make(*[{}] * 6, PENDING, *[{"replied_at": "2025-06-28"}] * 3), scheme()).loc["甲乡"]
    assert (one["next_grade"], one["next_points"], one["needed"]) == ("B", 70, 1)


def test_an_answer_that_costs_points_elsewhere_is_counted_with_that_loss():
    visited = {"visited_at": "2025-06-06"}
    tickets = make(*[visited] * 8, PENDING, PENDING)
    one = ask(tickets, scheme(items=[(TIMELY, 50), (VISITED, 50)])).loc["甲乡"]
    assert (one["points"], one["points_if_all"]) == (90, 90)  # 40 + 50, then 50 + 40


def test_a_unit_with_too_few_tickets_has_no_grade_to_better():
    one = ask(make({}, PENDING, PENDING), scheme(min_tickets=10)).loc["甲乡"]
    assert pd.isna(one["grade"]) and pd.isna(one["needed"]) and one["open"] == 2
    assert one["points"] < one["points_if_all"]


def test_without_grades_or_ranks_only_points_are_told():
    one = ask(make({}, PENDING), scheme({"kind": "none", "why": "测试"})).loc["甲乡"]
    assert (one["points"], one["points_if_all"], one["tickets"]) == (50, 100, [])


def test_a_void_or_answered_ticket_is_not_open():
    tickets = clock(make({}, PENDING, PENDING | {"status": "作废"}), POLICY, AS_OF)
    assert list_open(tickets)["ticket_id"].tolist() == ["1"]


def test_a_share_of_the_group_s_volume_and_a_target_of_one_s_own_stay_as_they_are():
    items = [
        {"name": "受理量", "metric": "受理件数", "weight": 10, "scoring": "share_in_group"},
        {
            "name": "按期",
            "metric": TIMELY,
            "weight": 90,
            "target": 100,
            "per_point": 1,
            "targets": [{"target": 50, "units": ["甲乡"]}],
        },
    ]
    tickets = make({}, PENDING, PENDING, PENDING, {"unit": "乙乡"}, {"unit": "乙乡"})
    one = ask(tickets, scheme() | {"items": items}).loc["甲乡"]
    assert (one["points"], one["grade"]) == (Decimal("71.67"), "B")  # 4 of 6; 25 points short of 50 %
    assert (one["next_points"], one["needed"]) == (Decimal("96.67"), 1)


def test_no_open_ticket_changes_nothing():
    one = ask(make({}, {}), scheme()).loc["甲乡"]
    assert (one["open"], one["points_if_all"], one["tickets"]) == (0, 100, [])


def test_no_ticket_gives_an_empty_table():
    assert len(what_if(clock(make({}).head(0), POLICY, AS_OF), scheme())) == 0


# --- against really clocking and scoring again -------------------------------------------------------

RANKS = {"kind": "ranks", "why": "测试"}
BOARD = {"kind": "board", "why": "测试", "top": 1, "bottom": 1}
SHARES = {
    "kind": "grades",
    "why": "测试",
    "grades": [{"grade": "A", "best_percent": 40}, {"grade": "B", "best_percent": 100}],
}
RATES = [(TIMELY, 60), (ANSWERED, 20), (VISITED, 20)]


def stand_again(county, own, answered):
    """Everything anew, with some tickets answered at as_of."""
    tickets, events, policy, as_of = county
    raw = tickets[schema.names()]
    raw = raw.assign(replied_at=raw["replied_at"].mask(raw["ticket_id"].isin(answered), as_of))
    tickets = clock(raw, policy, as_of, events)
    tickets = tickets[~(tickets["received_at"] > as_of)]
    units = tickets["unit"].fillna(schema.NO_UNIT)
    scorecard = score(tickets.assign(unit=units))
    items = apply_scheme(scorecard, own, tickets["unit_group"].groupby(units).first())
    return stand(items, own, scorecard).set_index("unit")


def height(standing, own):
    shown = own["presentation"]
    if standing["state"] != "参评":
        return None
    if shown["kind"] == "grades":
        return [grade["grade"] for grade in shown["grades"]].index(standing["grade"])
    if shown["kind"] == "board":
        return {"红榜": 0, "黄榜": 2}.get(standing["grade"], 1)
    return standing["rank"]


@pytest.mark.parametrize(
    ("seed", "presentation"),
    [
        (0, GRADES),
        *(pytest.param(*one, marks=pytest.mark.long) for one in enumerate([SHARES, RANKS, BOARD], 1)),
    ],
    ids=["points", "shares", "ranks", "board"],
)
def test_it_agrees_with_clocking_and_scoring_everything_again(seed, presentation):
    county = make_county(seed, size=30, unit_group=["乡镇"])
    own = scheme(presentation, RATES, groups_apart=seed % 2 == 0)
    found = what_if(county[0], own).set_index("unit")
    today = stand_again(county, own, [])
    opened = list_open(county[0][~(county[0]["received_at"] > county[3])].fillna({"unit": schema.NO_UNIT}))
    for unit, row in found.iterrows():
        mine = opened[opened["unit"].eq(unit)]
        assert row["points"] == today.loc[unit, "points"]
        for name, states in (
            ("pending", ["未到期"]),
            ("overdue", ["超期未回复"]),
            ("all", schema.DUE_STATES),
        ):
            chosen = mine.loc[mine["due_state"].isin(states), "ticket_id"]
            assert row[f"points_if_{name}"] == stand_again(county, own, chosen).loc[unit, "points"]
        now = height(today.loc[unit], own)
        if now is None:
            assert row["tickets"] == []
            continue
        # Every answer gains in 回复率, but for tickets excluded from all rates: those are passed over.
        ids = mine.loc[mine["exclusion"].ne(schema.EXCLUDED), "ticket_id"].tolist()
        better = [
            count
            for count in range(1, len(ids) + 1)
            if height(stand_again(county, own, ids[:count]).loc[unit], own) < now
        ]
        assert row["tickets"] == ids[: better[0] if better else 0]


@pytest.mark.parametrize("seed", range(3))
def test_some_answers_of_several_units_agree_with_clocking_and_scoring_everything_again(seed):
    county = make_county(seed, size=30, unit_group=["乡镇"])
    tickets = county[0][~(county[0]["received_at"] > county[3])]
    tickets = tickets.assign(unit=tickets["unit"].fillna(schema.NO_UNIT))
    own = read_scheme(scheme(RANKS, RATES))
    scorecard = score(tickets)
    groups = tickets.groupby("unit")["unit_group"].first()
    today = stand(apply_scheme(scorecard, own, groups), own, scorecard)
    answered = list_open(tickets).iloc[::2]
    rates, standings = suppose_answered(answered, own, scorecard, today)
    again = stand_again(county, scheme(RANKS, RATES), answered["ticket_id"])
    assert set(standings["unit"]) == set(answered["unit"])
    for row in standings.set_index("unit").itertuples():
        then = again.loc[row.Index]
        assert (row.points_if, str(row.rank_if)) == (then["points"], str(then["rank"]))
    whole = rates[rates["unit"].eq(schema.COUNTY) & rates["metric"].eq(ANSWERED)].iloc[0]
    assert whole["numerator_if"] - whole["numerator"] == answered["exclusion"].ne(schema.EXCLUDED).sum()


def test_a_unit_whose_tickets_are_all_pending_gains_nothing_by_a_rate_the_export_cannot_tell():
    one = ask(make(PENDING, PENDING), scheme(items=[("办结率（÷受理）", 100)])).loc["甲乡"]
    assert (one["open"], one["tickets"]) == (2, [])
    assert pd.isna(one["points"]) and pd.isna(one["points_if_all"])
