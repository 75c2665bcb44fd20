import pandas as pd
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from toolkit import clock, schema
from toolkit.clocking.clock import days_ahead
from toolkit.clocking.workdays import FIRST_DAY, read_calendar
from toolkit.errors import ParameterError, PolicyError

LAST_DAY = read_calendar().last_day
AS_OF = "2025-06-30"


def set_policy(**settings):
    return {"name": "试行办法", "source": "测试", **settings}


def judge_one(as_of=AS_OF, policy=None, **columns):
    """The only ticket of a table, clocked; a second ticket with a reply keeps the reply as the answer."""
    replied = {"received_at": "2025-06-03 09:00", "replied_at": "2025-06-03 10:00"}
    tickets = schema.make_tickets({"ticket_id": ["a", "b"]} | _pairs(columns, replied))
    return clock(tickets, policy or set_policy(), as_of).iloc[0]


def _pairs(columns, other):
    return {name: [columns.get(name), other.get(name)] for name in [*columns, *other]}


# --- due times, worked by hand ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        ("2025-06-03 09:00", 5, "2025-06-10 17:30"),
        ("2025-01-26 16:40", 5, "2025-02-08 17:30"),  # a make-up Sunday; then 1/27, 2/5, 2/6, 2/7, 2/8
        ("2025-01-26 23:59", 5, "2025-02-08 17:30"),
        ("2025-01-26 00:00", 1, "2025-01-27 17:30"),
        ("2025-01-27 23:59", 1, "2025-02-05 17:30"),
        ("2025-01-30 10:00", 1, "2025-02-05 17:30"),
        ("2025-02-08 09:00", 1, "2025-02-10 17:30"),
        ("2025-09-26 09:00", 1, "2025-09-28 17:30"),
        ("2025-09-30 18:00", 1, "2025-10-09 17:30"),
        ("2025-10-01 08:00", 3, "2025-10-11 17:30"),
        ("2025-10-08 23:59", 4, "2025-10-13 17:30"),
        ("2025-04-30 09:00", 1, "2025-05-06 17:30"),
        ("2025-02-28 23:59", 1, "2025-03-03 17:30"),
        ("2024-02-28 09:00", 1, "2024-02-29 17:30"),
        ("2024-12-31 09:00", 2, "2025-01-03 17:30"),
    ],
)
def test_working_days_are_counted_from_the_next_day_over_holidays_and_make_up_days(received, days, due):
    policy = set_policy(reply_limits=[{"working_days": days}])
    ticket = judge_one(received_at=received, policy=policy)
    assert ticket["due_at"] == pd.Timestamp(due)
    assert ticket["due_source"] == "本办法"


def test_the_policy_says_at_what_hour_a_due_day_ends():
    ticket = judge_one(received_at="2025-06-03 09:00", policy=set_policy(day_ends_at="23:59"))
    assert ticket["due_at"] == pd.Timestamp("2025-06-10 23:59")


def test_an_hour_written_without_quotes_in_a_policy_file_is_read_as_written(tmp_path):
    path = tmp_path / "ours.yml"
    path.write_text("name: 本县\nsource: 本县\nday_ends_at: 17:30\n", encoding="utf-8")
    ticket = judge_one(received_at="2025-06-03 09:00", policy=path)
    assert ticket["due_at"] == pd.Timestamp("2025-06-10 17:30")


@pytest.mark.parametrize(
    ("kind", "due"),
    [("咨询", "2025-06-06"), ("举报", "2025-06-24"), ("投诉", "2025-06-10"), (None, "2025-06-10")],
)
def test_the_county_default_gives_enquiries_three_days_reports_of_offences_fifteen_others_five(kind, due):
    ticket = judge_one(received_at="2025-06-03 09:00", type=kind, policy="county_default")
    assert ticket["due_at"] == pd.Timestamp(f"{due} 17:30")


def test_the_first_limit_whose_conditions_all_hold_decides():
    limits = [
        {"working_days": 1, "urgency": ["特急"], "unit_group": ["乡镇"]},
        {"working_days": 2, "urgency": ["特急"]},
        {"working_days": 5},
    ]
    rows = {"ticket_id": list("abc"), "received_at": "2025-06-03 09:00"}
    groups = {"urgency": ["特急", "特急", None], "unit_group": ["乡镇", "县直部门", "乡镇"]}
    clocked = clock(schema.make_tickets(rows | groups), set_policy(reply_limits=limits), AS_OF)
    assert clocked["due_at"].dt.day.tolist() == [4, 5, 10]


def test_without_a_fitting_limit_a_ticket_has_no_due_time():
    policy = set_policy(reply_limits=[{"working_days": 3, "type": ["咨询"]}])
    ticket = judge_one(received_at="2025-06-03 09:00", type="投诉", policy=policy)
    assert pd.isna(ticket["due_at"]) and pd.isna(ticket["due_source"])
    assert ticket["due_state"] == schema.NO_DUE


def test_a_ticket_without_a_receipt_time_has_no_due_time():
    ticket = judge_one(replied_at="2025-06-04 09:00")
    assert pd.isna(ticket["due_at"])
    assert ticket["due_state"] == schema.NO_DUE


def test_a_policy_may_count_from_dispatch():
    times = {"received_at": "2025-06-03 09:00", "dispatched_at": "2025-06-05 09:00"}
    ticket = judge_one(policy=set_policy(starts_from="dispatched_at"), **times)
    assert ticket["due_at"] == pd.Timestamp("2025-06-12 17:30")


def test_a_due_day_beyond_the_published_calendar_is_not_guessed():
    ticket = judge_one(received_at=f"{LAST_DAY} 09:00", as_of=str(LAST_DAY))
    assert pd.isna(ticket["due_at"])
    assert ticket["due_state"] == schema.NO_DUE


def test_a_ticket_from_before_the_calendar_has_no_due_time():
    assert pd.isna(judge_one(received_at="2003-12-31 09:00")["due_at"])


# --- whose due time judges -------------------------------------------------------------------------

PLATFORM, EXTENDED, OURS = "2025-06-12 12:00", "2025-06-20 12:00", "2025-06-10 17:30"


@pytest.mark.parametrize(
    ("due_from", "platform", "extended", "due", "source"),
    [
        ("platform_first", PLATFORM, EXTENDED, EXTENDED, "延期"),
        ("platform_first", PLATFORM, None, PLATFORM, "平台"),
        ("platform_first", None, EXTENDED, EXTENDED, "延期"),
        ("platform_first", None, None, OURS, "本办法"),
        ("policy_only", PLATFORM, EXTENDED, OURS, "本办法"),
        ("platform_only", PLATFORM, EXTENDED, EXTENDED, "延期"),
        ("platform_only", PLATFORM, None, PLATFORM, "平台"),
    ],
)
def test_the_policy_says_whose_due_time_judges_and_an_extension_wins(
    due_from, platform, extended, due, source
):
    times = {"received_at": "2025-06-03 09:00", "platform_due_at": platform, "extended_due_at": extended}
    ticket = judge_one(policy=set_policy(due_from=due_from), **times)
    assert (ticket["due_at"], ticket["due_source"]) == (pd.Timestamp(due), source)


def test_platform_only_leaves_a_ticket_the_platform_set_no_due_time_for_unjudged():
    ticket = judge_one(received_at="2025-06-03 09:00", policy=set_policy(due_from="platform_only"))
    assert (ticket["due_state"], pd.isna(ticket["due_at"])) == (schema.NO_DUE, True)


# --- the verdict -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("replied", "state"),
    [
        ("2025-06-05 09:00", schema.ON_TIME),
        ("2025-06-10 17:30:00", schema.ON_TIME),
        ("2025-06-10 17:30:01", schema.LATE),
        ("2025-06-20 09:00", schema.LATE),
        (None, schema.OVERDUE),
    ],
)
def test_a_reply_at_the_due_time_itself_is_in_time(replied, state):
    assert judge_one(received_at="2025-06-03 09:00", replied_at=replied)["due_state"] == state


@pytest.mark.parametrize(
    ("as_of", "state"),
    [
        ("2025-06-09 12:00", schema.PENDING),
        ("2025-06-10 17:30:00", schema.PENDING),
        ("2025-06-10 17:30:01", schema.OVERDUE),
        ("2025-06-10", schema.OVERDUE),
    ],
)
def test_an_open_ticket_is_overdue_only_after_its_due_time_and_a_bare_as_of_means_the_end_of_that_day(
    as_of, state
):
    assert judge_one(received_at="2025-06-03 09:00", as_of=as_of)["due_state"] == state


@pytest.mark.parametrize(
    ("as_of", "state"),
    [
        ("2025-06-09 08:59:59", schema.PENDING),
        ("2025-06-09 09:00:00", schema.ON_TIME),
    ],
)
def test_a_reply_after_as_of_has_not_come_yet(as_of, state):
    times = {"received_at": "2025-06-03 09:00", "replied_at": "2025-06-09 09:00"}
    ticket = judge_one(as_of=as_of, **times)
    assert ticket["due_state"] == state
    assert pd.isna(ticket["answered_at"]) == (state == schema.PENDING)


@pytest.mark.parametrize("status", schema.VOID_STATUSES)
def test_a_void_ticket_is_neither_late_nor_in_time(status):
    ticket = judge_one(received_at="2025-06-03 09:00", status=status)
    assert ticket["due_state"] == schema.VOID
    assert pd.isna(ticket["overdue_days"]) and pd.isna(ticket["left_days"])


@pytest.mark.parametrize(
    ("columns", "answer"),
    [
        ({"closed_at": ["2025-06-05 09:00", None]}, "closed_at"),
        ({"closed_at": ["2025-06-05 09:00", None], "replied_at": [None, "2025-06-04"]}, "replied_at"),
    ],
)
def test_an_export_without_reply_times_is_judged_by_closing(columns, answer):
    tickets = schema.make_tickets({"ticket_id": ["a", "b"], "received_at": "2025-06-03 09:00"} | columns)
    clocked = clock(tickets, set_policy(), AS_OF)
    assert clocked["answered_by"].tolist() == [answer, answer]
    assert clocked["answered_at"].equals(tickets[answer])


def test_a_policy_may_take_closing_as_the_answer_though_replies_are_known():
    times = {"received_at": "2025-06-03", "replied_at": "2025-06-05", "closed_at": "2025-06-25"}
    ticket = judge_one(policy=set_policy(answered_by="closed_at"), **times)
    assert (ticket["answered_by"], ticket["due_state"]) == ("closed_at", schema.LATE)


@pytest.mark.parametrize(
    ("replied", "days"),
    [("2025-06-10 17:30", None), ("2025-06-10 18:00", 0), ("2025-06-15 09:00", 3), (None, 14)],
)
def test_overdue_days_are_working_days_past_the_due_time_until_answered_or_as_of(replied, days):
    found = judge_one(received_at="2025-06-03 09:00", replied_at=replied)["overdue_days"]
    assert pd.isna(found) if days is None else found == days


@pytest.mark.parametrize(("as_of", "days"), [("2025-06-10 08:00", 0), ("2025-06-06 18:00", 2)])
def test_left_days_are_working_days_from_as_of_to_the_due_time(as_of, days):
    assert judge_one(received_at="2025-06-03 09:00", as_of=as_of)["left_days"] == days


def test_an_answered_ticket_has_no_days_left():
    times = {"received_at": "2025-06-03 09:00", "replied_at": "2025-06-04 09:00"}
    assert pd.isna(judge_one(as_of="2025-06-05", **times)["left_days"])


def test_the_signing_time_counts_from_dispatch_and_is_missing_without_it():
    policy = set_policy(sign_limits=[{"working_days": 2}])
    assert judge_one(dispatched_at="2025-06-06 09:00", policy=policy)["sign_due_at"] == pd.Timestamp(
        "2025-06-10 17:30"
    )
    assert pd.isna(judge_one(received_at="2025-06-06 09:00", policy=policy)["sign_due_at"])


# --- the frame -------------------------------------------------------------------------------------


def test_an_empty_table_gains_the_columns_of_the_clock_with_their_types():
    clocked = clock(schema.make_tickets({}), set_policy(), AS_OF)
    kinds = {column.name: schema.DTYPES[column.kind] for column in schema.CLOCK}
    assert len(clocked) == 0
    assert clocked.dtypes[list(kinds)].astype(str).to_dict() == kinds


def test_the_tickets_given_are_left_as_they_were_and_keep_their_index():
    tickets = schema.make_tickets({"ticket_id": ["a"], "received_at": ["2025-06-03"]}).set_axis([7])
    before = tickets.copy(deep=True)
    clocked = clock(tickets, set_policy(), AS_OF)
    pd.testing.assert_frame_equal(tickets, before)
    assert clocked.index.tolist() == [7]


@pytest.mark.parametrize("as_of", [LAST_DAY + 1, FIRST_DAY - 1])
def test_an_as_of_beyond_the_calendar_is_refused_with_what_to_do(as_of):
    words = rf"as_of {as_of} is outside the published .* \({FIRST_DAY} to {LAST_DAY}\): choose an as_of"
    with pytest.raises(PolicyError, match=words):
        clock(schema.make_tickets({}), set_policy(), str(as_of))


@pytest.mark.parametrize("as_of", ["yesterday", "2025-06-30T10:00+08:00", None])
def test_an_as_of_that_is_no_local_time_is_refused(as_of):
    with pytest.raises(ParameterError, match="is not a local time: write 2025-06-30"):
        clock(schema.make_tickets({}), set_policy(), as_of)


def test_a_misspelt_policy_names_the_nearest_one():
    with pytest.raises(PolicyError, match=r"no policy 'county_defalt'.*Did you mean 'county_default'"):
        clock(schema.make_tickets({}), "county_defalt", AS_OF)


def test_every_mistake_of_a_policy_is_named_at_once():
    with pytest.raises(PolicyError) as caught:
        clock(schema.make_tickets({}), set_policy(due_form="platform_only", answered_by="sent_at"), AS_OF)
    for words in ("2 mistake(s)", "'due_form' is not a setting. Did you mean 'due_from'?", "'sent_at'"):
        assert words in str(caught.value)


# --- a verdict does not change back -----------------------------------------------------------------


@examples(12)
@given(st.integers(0, 30 * 24), st.integers(0, 30 * 24), st.integers(0, 30 * 24))
def test_a_ticket_once_late_stays_late_at_every_later_as_of(replied_after, hours, more_hours):
    received = pd.Timestamp("2025-06-03 09:00")
    replied = received + pd.Timedelta(hours=replied_after)
    early = received + pd.Timedelta(hours=hours)
    states = [
        judge_one(received_at=received, replied_at=replied, as_of=as_of)["due_state"]
        for as_of in (early, early + pd.Timedelta(hours=more_hours))
    ]
    is_late = [state in (schema.LATE, schema.OVERDUE) for state in states]
    assert is_late in ([False, False], [False, True], [True, True])


# --- warnings and what falls due -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "colour"),
    [
        ("2025-06-05 09:00", None),  # three and a half of five days are left
        ("2025-06-06 14:00", "蓝"),  # half of it
        ("2025-06-09 09:00", "黄"),  # one working day
        ("2025-06-10 17:30", "黄"),
        ("2025-06-10 18:00", "橙"),
        ("2025-06-12 18:00", "橙"),
        ("2025-06-13 09:00", "红"),  # three working days
    ],
)
def test_an_open_ticket_climbs_the_ladder_of_warnings(as_of, colour):
    warning = judge_one(received_at="2025-06-03 09:00", as_of=as_of)["warning"]
    assert pd.isna(warning) if colour is None else warning == colour


def test_an_answered_ticket_has_no_warning():
    assert pd.isna(judge_one(received_at="2025-06-03 09:00", replied_at="2025-06-20 09:00")["warning"])


def test_what_falls_due_is_told_across_a_holiday():
    received = ["2025-01-21", "2025-01-22", "2025-01-23", "2025-01-24", "2025-01-26"]
    tickets = schema.make_tickets({"ticket_id": list("abcde"), "received_at": received})
    clocked = clock(tickets, set_policy(), "2025-01-27 12:00")
    assert clocked["due_at"].dt.strftime("%m-%d").tolist() == ["01-27", "02-05", "02-06", "02-07", "02-08"]
    assert clocked["left_days"].tolist() == [0, 1, 2, 3, 4]
    assert days_ahead(set_policy(), "2025-01-27 12:00") == ["2025-02-05", "2025-02-06", "2025-02-07"]


@pytest.mark.parametrize(
    ("platform", "compared"),
    [
        ("2025-06-10 17:30:59", "一致"),
        ("2025-06-10 17:29", "平台偏早"),
        ("2025-06-10 17:31", "平台偏晚"),
        (None, None),
    ],
)
def test_the_platforms_due_time_is_kept_beside_ours_and_compared_to_the_minute(platform, compared):
    ticket = judge_one(received_at="2025-06-03 09:00", platform_due_at=platform)
    assert ticket["policy_due_at"] == pd.Timestamp("2025-06-10 17:30")
    assert pd.isna(ticket["due_compared"]) if compared is None else ticket["due_compared"] == compared


@pytest.mark.parametrize(
    ("due", "lead"),
    [("2025-06-10 17:30", "2025-06-06 17:30"), ("2025-02-05 12:00", "2025-01-26 12:00")],
)
def test_the_units_own_date_lies_two_working_days_before_the_due_time(due, lead):
    assert judge_one(received_at="2025-01-06", platform_due_at=due)["lead_due_at"] == pd.Timestamp(lead)
