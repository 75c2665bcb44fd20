import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from toolkit import clock, schema
from toolkit.scoring.stage_times import (
    BOUNDS,
    find_bottlenecks,
    find_bounds,
    km_quantiles,
    mark_stages,
    time_stages,
)

# A Tuesday; office hours are 8:30 to 12:00 and 14:00 to 17:30.
WHOLE = {
    "received_at": "2025-06-03 09:00",
    "dispatched_at": "2025-06-03 10:00",
    "signed_at": "2025-06-03 15:00",
    "replied_at": "2025-06-05 15:00",
    "fed_back_at": "2025-06-05 15:30",
    "visited_at": "2025-06-06 09:30",
    "closed_at": "2025-06-06 10:30",
}
AS_OF = "2025-06-10 17:30"


def make(*rows):
    """Tickets that ran through all stages but for what a row says."""
    made = [{"ticket_id": str(n), "unit": "甲乡"} | WHOLE | row for n, row in enumerate(rows)]
    return judge(schema.make_tickets(pd.DataFrame(made)), AS_OF)


def judge(tickets, as_of):
    return clock(tickets, {"name": "试行办法", "source": "测试"}, as_of)


def stage(times, name, unit="甲乡"):
    rows = times[times["unit"].eq(unit) & times["stage"].eq(name)]
    assert len(rows) == 1
    return rows.iloc[0]


@pytest.mark.parametrize(
    ("name", "hours"), [("接收", 1), ("分派", 3), ("督办", 14), ("回复", 0.5), ("回访", 3), ("办结", 1)]
)
def test_each_stage_is_counted_in_office_hours(name, hours):
    one = stage(time_stages(make({})), name)
    assert (one["timed"], one["median_hours"], one["p90_hours"], one["total_hours"]) == (
        1,
        hours,
        hours,
        hours,
    )


def test_the_stages_sum_to_the_whole_way_and_the_shares_to_one():
    times = time_stages(make({}, {}))
    own = times[times["unit"].eq("甲乡")]
    assert own["total_hours"].sum() == 2 * 22.5
    assert own["share"].sum() == pytest.approx(1)


def test_the_stages_are_the_five_the_county_names_and_closing():
    assert list(BOUNDS) == ["接收", "分派", "督办", "回复", "回访", "办结"]
    times = time_stages(make({}))
    assert stage(times, "督办")["bounds"] == "签收时间→回复时间"


NOT_YET = dict.fromkeys(["replied_at", "fed_back_at", "visited_at", "closed_at"])


def test_a_ticket_still_in_a_stage_counts_as_open_with_the_hours_it_has_lasted():
    one = stage(time_stages(make({}, NOT_YET)), "督办")
    assert (one["timed"], one["open"], one["missing"]) == (1, 1, 0)
    assert one["total_hours"] == 14 + 37.5  # 3 June 15:00 to 10 June 17:30: 2.5 h and five days
    assert one["median_hours"] == 14 and pd.isna(one["p90_hours"])


def test_a_later_stage_is_not_reached_yet_and_lacks_nothing():
    one = stage(time_stages(make({}, NOT_YET)), "回访")
    assert (one["timed"], one["open"], one["missing"], one["disordered"]) == (1, 0, 0, 0)


def test_a_stage_passed_without_its_time_is_missing_not_open():
    times = time_stages(make({}, {"signed_at": None}))
    for name in ("分派", "督办"):
        one = stage(times, name)
        assert (one["timed"], one["open"], one["missing"]) == (1, 0, 1)


def test_times_in_the_wrong_order_are_counted_apart():
    one = stage(time_stages(make({}, {"closed_at": "2025-06-06 09:00"})), "办结")
    assert (one["timed"], one["disordered"], one["total_hours"]) == (1, 1, 1)


def test_two_times_at_one_moment_take_no_time():
    one = stage(time_stages(make({"dispatched_at": WHOLE["received_at"]})), "接收")
    assert (one["timed"], one["median_hours"]) == (1, 0)


def test_what_came_after_as_of_has_not_happened():
    tickets = judge(make({}), "2025-06-05 14:59")
    one = stage(time_stages(tickets), "督办")
    assert (one["timed"], one["open"]) == (0, 1)


def test_a_void_ticket_is_in_no_stage():
    times = time_stages(make({}, {"status": "作废"}))
    assert stage(times, "接收", schema.COUNTY)["timed"] == 1


def test_a_time_the_export_lacks_is_skipped_and_the_bounds_say_so():
    tickets = make({"signed_at": None, "fed_back_at": None})
    assert find_bounds(tickets) == {
        "接收": ("received_at", "dispatched_at"),
        "督办": ("dispatched_at", "replied_at"),
        "回访": ("replied_at", "visited_at"),
        "办结": ("visited_at", "closed_at"),
    }
    assert stage(time_stages(tickets), "督办")["bounds"] == "转办时间→回复时间"


def test_the_bottleneck_is_the_stage_with_most_hours():
    slow_visit = {"visited_at": "2025-06-10 09:30", "closed_at": "2025-06-10 10:30"}
    tickets = make({}, slow_visit | {"unit": "乙局"}, slow_visit | {"unit": "乙局"})
    found = find_bottlenecks(time_stages(tickets)).set_index("unit")["stage"]
    assert found.to_dict() == {"全县": "督办", "甲乡": "督办", "乙局": "回访"}


def test_the_time_after_the_first_urge_is_a_part_of_handling():
    events = pd.DataFrame(
        {
            "ticket_id": ["0", "0", "1", "2"],
            "event": "urged",
            "at": pd.to_datetime(
                ["2025-06-05 10:00", "2025-06-05 14:30", "2025-06-05 16:00", "2025-06-10 16:30"]
            ),
            "unit": None,
            "detail": None,
            "is_built": False,
        }
    )
    times = time_stages(make({}, {}, NOT_YET), events=events)
    one = stage(
        times, "催办后"
    )  # the second ticket was urged after its reply: that urge had nothing to bring about
    assert (one["timed"], one["open"], one["median_hours"]) == (1, 1, 3)
    assert pd.isna(one["share"])


def test_the_tickets_behind_a_stage_are_those_it_counts():
    tickets = make({}, NOT_YET, {"signed_at": None}, {"status": "作废"}, {"closed_at": "2025-06-06 09:00"})
    marks, times = mark_stages(tickets), time_stages(tickets)
    for name in BOUNDS:
        one = stage(times, name)
        assert (marks[name].eq(1).sum(), marks[name].eq(0).sum()) == (one["timed"], one["open"])


def test_no_ticket_gives_an_empty_table():
    times = time_stages(make({}).head(0))
    assert len(times) == 0 and len(find_bottlenecks(times)) == 0


def test_a_missing_unit_is_named():
    times = time_stages(make({"unit": None}))
    assert stage(times, "接收", schema.NO_UNIT)["timed"] == 1


LIVES = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 9), st.booleans()), min_size=1, max_size=30)


@given(lives=LIVES, share=st.sampled_from([0.25, 0.5, 0.9]))
@settings(deadline=None, max_examples=60)
def test_the_quantiles_are_those_of_kaplan_and_meier(lives, share):
    codes, hours, done = (np.array(side) for side in zip(*lives, strict=True))
    (found,) = km_quantiles(codes, 2, hours.astype("float64"), done, [share])
    for code in range(2):
        own = codes == code
        if not own[done].any() or not (own & done).any():
            assert np.isnan(found[code])
            continue
        data = stats.CensoredData(hours[own & done], right=hours[own & ~done])
        curve = stats.ecdf(data).cdf
        reached = curve.quantiles[curve.probabilities >= share - 1e-9]
        assert (np.isnan(found[code]) and not len(reached)) or found[code] == reached[0]


def test_where_only_one_stage_is_known_none_is_called_the_longest():
    blank = dict.fromkeys(["dispatched_at", "signed_at", "fed_back_at", "visited_at", "closed_at"])
    assert find_bottlenecks(time_stages(make(blank, blank))).empty


def test_a_ticket_answered_at_an_unknown_time_is_in_no_stage_before_its_answer():
    blank = dict.fromkeys(["replied_at", "fed_back_at", "visited_at", "closed_at"])
    one = stage(time_stages(make(blank | {"reply": "路灯已修好"}, {})), "督办")
    assert (one["open"], one["missing"], one["timed"]) == (0, 1, 1)
