import pandas as pd
import pytest
from examples import examples
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from toolkit import clock, schema
from toolkit.scoring.catalogue import BY_NAME, METRICS
from toolkit.scoring.marks import mark_tickets
from toolkit.scoring.tally import rates, sum_tallies, tally, times, wilson_interval

POLICY = {"name": "试行办法", "source": "测试"}
AS_OF = "2025-06-30 12:00"  # a Monday
IN_TIME = "按期回复率（÷受理）"
quick = settings(deadline=None, max_examples=8)


def clock_rows(rows):
    given_ids = {"ticket_id": [str(number) for number in range(len(rows))]}
    return clock(schema.make_tickets(pd.DataFrame(rows).assign(**given_ids)), POLICY, AS_OF)


def row(frame, metric):
    [found] = frame[frame["metric"].eq(metric)].to_dict("records")
    return found


MOMENTS = [None, "2025-06-03 09:00", "2025-06-10 17:31", "2025-06-17", "2025-07-01"]
TICKET = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(["甲乡", "乙镇", None]),
        "category": st.sampled_from(["供水", "道路", None]),
        "received_at": st.sampled_from(["2025-05-30", "2025-06-03", "2025-06-27", "2025-07-01", None]),
        "status": st.sampled_from(["已办结", "作废", None]),
        "exclusion": st.sampled_from([None, "通过", "驳回"]),
        "satisfaction": st.sampled_from([None, "满意", "基本满意", "不满意", "未评价", "默认满意"]),
        "attitude": st.sampled_from([None, "满意", "不满意"]),
        "contacted": st.sampled_from([None, "是", "否"]),
        "rework_count": st.sampled_from([None, 0, 2]),
        **dict.fromkeys(
            ["dispatched_at", "signed_at", "first_contact_at", "replied_at", "visited_at", "closed_at"],
            st.sampled_from(MOMENTS),
        ),
    }
)
TABLES = st.lists(TICKET, min_size=1, max_size=16)


# --- what sums -------------------------------------------------------------------------------------


@quick
@given(TABLES, st.integers(1, 4), st.booleans())
def test_the_tallies_of_parts_summed_are_the_tally_of_the_whole(rows, parts, with_excluded):
    tickets, by = clock_rows(rows), ["unit", "category", "month"]
    whole = tally(tickets, by, with_excluded)
    apart = [tally(tickets[tickets.index % parts == n], by, with_excluded) for n in range(parts)]
    pd.testing.assert_frame_equal(sum_tallies(apart, by), whole)


@quick
@given(TABLES, st.booleans())
def test_rates_from_marks_made_before_are_those_of_the_tickets(rows, with_excluded):
    tickets, names = clock_rows(rows), [metric.name for metric in METRICS]
    marks = mark_tickets(tickets, with_excluded=True)
    known = tally(tickets, ["unit"], with_excluded, names, marks)
    pd.testing.assert_frame_equal(rates(known), rates(tally(tickets, ["unit"], with_excluded, names)))


@quick
@given(TABLES)
def test_summing_over_a_column_is_the_tally_without_it(rows):
    tickets = clock_rows(rows)
    fine = tally(tickets, ["unit", "month"])
    for by in (["unit"], ["month"], []):
        pd.testing.assert_frame_equal(sum_tallies(fine, by), tally(tickets, by))


@quick
@given(TABLES, st.booleans())
def test_the_rates_of_a_tally_are_those_of_the_members(rows, with_excluded):
    tickets = clock_rows(rows)
    come = tickets[~(tickets["received_at"] > pd.Timestamp(AS_OF))]
    marks = mark_tickets(come, with_excluded)
    found = rates(tally(tickets, [], with_excluded)).set_index("metric")
    for name in marks:
        among = int(marks[name].count())
        rests_on = BY_NAME[name].rests_on or name
        says = among > 0 and marks[rests_on].notna().any()
        assert (name in found.index) == says
        if says:
            counted = marks[name].sum() / (100 if BY_NAME[name].weighted else 1)
            assert found.loc[name, "numerator"] == pytest.approx(counted)
            assert BY_NAME[name].is_count or found.loc[name, "denominator"] == among


def test_a_tally_holds_whole_numbers_group_by_group_metric_by_metric_day_by_day():
    rows = [
        {"unit": "乙镇", "received_at": "2025-06-03 09:00", "replied_at": "2025-06-04 09:00"},
        {"unit": "乙镇", "received_at": "2025-06-03 09:00", "replied_at": None},
        {"unit": None, "received_at": "2025-06-03 09:00", "replied_at": "2025-06-03 17:00"},
    ]
    found = tally(clock_rows(rows))
    assert found["unit"].unique().tolist() == ["乙镇", schema.NO_UNIT]
    assert found.dtypes.astype("str").tolist() == ["str", "str", "Int64", "int64", "int64"]
    days = found[found["metric"].eq("办理用时")].drop(columns="metric").to_numpy().tolist()
    assert days == [["乙镇", 1, 1, 1], ["乙镇", 19, 0, 1], [schema.NO_UNIT, 0, 1, 1]]
    assert found.loc[found["metric"].eq(IN_TIME), "denominator"].tolist() == [2, 1]


def test_the_month_of_receipt_is_made_where_the_tickets_have_none():
    moments = ["2025-05-31 23:59", "2025-06-01", None]
    rows = [{"received_at": moment, "replied_at": "2025-06-02"} for moment in moments]
    counted = tally(clock_rows(rows), ["month"])
    found = counted[counted["metric"].eq("受理件数")]
    assert found["month"].tolist()[:2] == ["2025-05", "2025-06"] and pd.isna(found["month"].iloc[2])


def test_what_was_received_after_as_of_is_not_counted():
    rows = [{"received_at": moment} for moment in ("2025-06-30 12:00", "2025-06-30 12:01")]
    assert row(tally(clock_rows(rows), []), "受理件数")["numerator"] == 1


def test_a_weighted_metric_is_tallied_in_hundredths_and_shown_in_tickets():
    rows = [{"satisfaction": word} for word in ("满意", "基本满意", "不满意", "未评价")]
    counted = tally(clock_rows(rows), [])
    assert row(counted, "满意率（加权）")["numerator"] == 160
    shown = row(rates(counted), "满意率（加权）")
    assert (shown["numerator"], shown["denominator"]) == (1.6, 3)
    assert shown["rate"] == pytest.approx(1.6 / 3)


def test_a_metric_whose_columns_no_part_fills_has_no_rate_and_one_part_is_enough():
    told = clock_rows([{"received_at": "2025-06-03", "visited_at": "2025-06-05", "replied_at": "2025-06-04"}])
    untold = clock_rows([{"received_at": "2025-06-03", "replied_at": "2025-06-04"}])
    parts = [tally(part, []) for part in (told, untold)]
    assert "回访率（÷已答复）" not in set(rates(parts[1])["metric"])
    assert row(rates(sum_tallies(parts, [])), "回访率（÷已答复）")["denominator"] == 2


def test_an_empty_table_has_an_empty_tally_with_its_columns():
    found = tally(clock_rows([]), ["unit", "month"])
    assert (len(found), list(found)) == (0, ["unit", "month", "metric", "days", "numerator", "denominator"])
    assert len(rates(found)) == len(times(found)) == 0


# --- intervals -------------------------------------------------------------------------------------


def test_the_interval_of_every_rate_of_up_to_forty_tickets_is_wilsons():
    pairs = [(k, n) for n in range(1, 41) for k in range(n + 1)]
    numerator, denominator = zip(*pairs, strict=True)
    tallies = pd.DataFrame({"metric": IN_TIME, "numerator": numerator, "denominator": denominator})
    filled = pd.DataFrame({"metric": ["已填：due_at"], "numerator": [1], "denominator": [1]})
    found = rates(pd.concat([tallies, filled], ignore_index=True).assign(days=pd.NA))
    for (k, n), low, high in zip(pairs, found["low"], found["high"], strict=True):
        expected = stats.binomtest(k, n).proportion_ci(method="wilson")
        assert (low, high) == pytest.approx((expected.low, expected.high), abs=1e-12)


@given(st.integers(1, 2_000_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
@examples(30)
def test_the_interval_of_many_tickets_is_wilsons(pair):
    low, high = wilson_interval(*(pd.Series([count], dtype="Int64") for count in pair))
    expected = stats.binomtest(*pair).proportion_ci(method="wilson")
    assert (low[0], high[0]) == pytest.approx((expected.low, expected.high), abs=1e-12)


# --- times -----------------------------------------------------------------------------------------


def test_days_stay_whole_numbers_where_another_group_s_quantile_is_not_known():
    quick, slow = tally_days([(7, True)] * 9), tally_days([(7, False)])
    found = times(pd.concat([quick.assign(unit="甲乡"), slow.assign(unit="乙镇")]), within=[5]).set_index(
        "unit"
    )
    assert [str(found.loc[unit, "p90_days"]) for unit in ("甲乡", "乙镇")] == ["7", "<NA>"]


WATCHED = st.lists(st.tuples(st.integers(0, 15), st.booleans()), min_size=1, max_size=40)


def tally_days(pairs):
    """The tally of tickets answered (true) or still open (false) after so many days."""
    days = pd.DataFrame(pairs, columns=["days", "numerator"]).astype("int64").assign(denominator=1)
    return days.groupby("days", as_index=False).sum().assign(metric="办理用时").astype({"days": "Int64"})


@examples(30)
@given(WATCHED)
def test_times_agree_with_scipy_on_tickets_still_open(pairs):
    days, answered = zip(*pairs, strict=True)
    open_share = stats.ecdf(stats.CensoredData.right_censored(days, [not a for a in answered])).sf
    [found] = times(tally_days(pairs), within=range(18)).to_dict("records")
    for n in range(18):
        if not pd.isna(found[f"within_{n}_days"]):
            assert found[f"within_{n}_days"] == pytest.approx(1 - open_share.evaluate(n))
    for name, share in (("median_days", 0.5), ("p90_days", 0.1)):
        reached = [
            day
            for day, left in zip(open_share.quantiles, open_share.probabilities, strict=True)
            if left <= share + 1e-9
        ]
        assert (None if pd.isna(found[name]) else found[name]) == (min(reached) if reached else None)
    assert (found["answered"], found["still_open"]) == (sum(answered), len(answered) - sum(answered))


@quick
@given(WATCHED, st.data())
def test_a_share_within_so_many_days_does_not_rise_by_not_answering(pairs, data):
    place = data.draw(st.integers(0, len(pairs) - 1))
    day, _ = pairs[place]
    longer = data.draw(st.integers(day, 20))
    unanswered = [*pairs[:place], (longer, False), *pairs[place + 1 :]]
    before, after = (times(tally_days(p), within=range(16)).iloc[0] for p in (pairs, unanswered))
    for n in range(16):
        name = f"within_{n}_days"
        assert pd.isna(before[name]) or pd.isna(after[name]) or after[name] <= before[name] + 1e-9


def test_what_was_not_reached_or_not_watched_for_so_long_is_missing():
    [found] = times(tally_days([(1, True), (3, False), (3, False)]), within=[1, 3, 4]).to_dict("records")
    assert found["within_1_days"] == found["within_3_days"] == pytest.approx(1 / 3)
    assert all(pd.isna(found[name]) for name in ("median_days", "p90_days", "within_4_days"))


def test_a_share_of_tickets_that_are_all_answered_is_known_for_any_number_of_days():
    [found] = times(tally_days([(0, True), (2, True)]), within=[0, 9]).to_dict("records")
    assert (found["within_0_days"], found["within_9_days"]) == (0.5, 1.0)
    assert (found["median_days"], found["p90_days"]) == (0, 2)


def test_times_count_working_days_of_the_policys_calendar_from_its_start():
    rows = [
        {"received_at": "2025-06-27 16:00", "replied_at": "2025-06-30 09:00"},  # a weekend between
        {"received_at": "2025-06-27 16:00", "replied_at": None},
        {"received_at": "2025-06-30 09:00", "replied_at": "2025-06-30 10:00"},
        {"received_at": "2025-06-30 09:00", "replied_at": "2025-06-27"},  # before it came: no time
        {"received_at": None, "replied_at": "2025-06-27"},
        {"received_at": "2025-06-27", "replied_at": None, "exclusion": "通过"},
        {"received_at": "2025-06-27", "replied_at": None, "status": "作废"},
    ]
    found = tally(clock_rows(rows), [])
    days = found.loc[found["metric"].eq("办理用时"), ["days", "numerator", "denominator"]]
    assert days.to_numpy().tolist() == [[0, 1, 1], [1, 1, 2]]
    excluded = times(tally(clock_rows(rows), [], with_excluded=True))
    assert excluded["still_open"].tolist() == [2]


# --- not answering never pays ----------------------------------------------------------------------

ANSWERING = ["signed_at", "first_contact_at", "replied_at", "closed_at"]
HONEST = [
    *["按期回复率（÷受理）", "按期回复率（÷转办）", "回复率（÷受理）", "回复率（÷转办）", "办理率（÷受理）"],
    *["按时办结率（÷应办结）", "办结率（÷受理）", "办结率（÷应办结）", "及时签收率（÷应签收）"],
    *["先行联系率（÷转办）", "响应率（÷应签收）"],
]


@quick
@given(TABLES, st.data())
def test_no_share_of_what_was_done_in_time_rises_when_a_ticket_is_left_undone(rows, data):
    place = data.draw(st.integers(0, len(rows) - 1))
    stage = data.draw(st.sampled_from([[stage] for stage in ANSWERING] + [ANSWERING]))
    # A record that has the closing before the reply says in time once, late once: without the reply in time alone.
    times = [rows[place].get(name) for name in ("replied_at", "closed_at", "visited_at")]
    assume(times[0] is None or all(time is None or time >= times[0] for time in times[1:]))
    undone = [*rows[:place], rows[place] | dict.fromkeys(stage) | {"contacted": None}, *rows[place + 1 :]]
    keeper = {"received_at": "2025-06-27", "dispatched_at": "2025-06-27", "signed_at": "2025-06-27"}
    keeper |= {"first_contact_at": "2025-06-27", "replied_at": "2025-06-27", "closed_at": "2025-06-27"}
    before, after = (
        rates(tally(clock_rows([*table, keeper]), [])).set_index("metric")["rate"] for table in (rows, undone)
    )
    for name in HONEST:
        assert after[name] <= before[name] + 1e-12


def test_the_variant_that_hides_what_is_still_open_rises_by_not_closing_and_says_so():
    closed = [{"received_at": "2025-06-03", "closed_at": "2025-06-04", "replied_at": "2025-06-04"}]
    late = [{"received_at": "2025-06-03", "closed_at": "2025-06-20", "replied_at": "2025-06-04"}]
    name = "按时办结率（÷已办结）"
    before, after = (
        row(rates(tally(clock_rows(closed + rows), [])), name)
        for rows in (late, [late[0] | {"closed_at": None}])
    )
    assert (before["rate"], after["rate"]) == (0.5, 1.0)
    assert BY_NAME[name].caution == "超期未办结的件不在分母"


def test_every_metric_is_tallied():
    full = {
        column.name: {"text": "是", "free": "文", "time": "2025-06-03 09:00", "count": 1}[column.kind]
        for column in schema.TICKETS
    }
    words = {"satisfaction": "满意", "attitude": "满意", "resolved": "已解决", "outcome": "已解决"}
    words |= {"reply_standard": "规范", "reply_fit": "契合", "status": None, "exclusion": None}
    found = rates(tally(clock_rows([full | words]).assign(dispatch_check="准确"), []))
    assert found["metric"].tolist() == [metric.name for metric in METRICS]


def test_where_nobody_was_rated_there_is_no_share_of_the_satisfied_or_the_dissatisfied():
    told = {"received_at": "2025-06-03", "replied_at": "2025-06-04", "visited_at": "2025-06-05"}
    told |= {"closed_at": "2025-06-06", "visit_connected": "是", "resolved": "未表态"}
    rows = [
        told | {"unit": "甲乡", "satisfaction": "未评价"},
        told | {"unit": "乙镇", "satisfaction": "满意"},
    ]
    found = rates(tally(clock_rows(rows), ["unit"]))
    families = ("满意率", "不满意率", "满意办结率")
    named = found[found["metric"].str.startswith(families)].groupby("unit")["metric"].size()
    assert named.to_dict() == {"乙镇": 8}
    assert not found["metric"].str.startswith("解决率").any()


@quick
@given(st.lists(TICKET, max_size=8))
def test_a_tally_of_some_metrics_is_their_part_of_the_tally(rows):
    names, tickets = ["按期回复率（÷受理）", "满意率（÷评价）"], clock_rows(rows)
    some, whole = tally(tickets, names=names), tally(tickets)
    assert set(some.loc[~some["metric"].str.startswith("已填："), "metric"]) <= set(names)
    kept = whole[whole["metric"].isin(some["metric"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(some, kept)
