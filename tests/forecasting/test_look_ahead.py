from fractions import Fraction

import pandas as pd
import pytest
from examples import examples
from hypothesis import example, given
from hypothesis import strategies as st
from oracles.made_tickets import AS_OF as MADE_AS_OF
from oracles.made_tickets import make_county

from toolkit import clock, look_ahead, schema
from toolkit.clocking.workdays import count_office_hours
from toolkit.errors import ParameterError
from toolkit.forecasting.look_ahead import alike_then
from toolkit.forecasting.terms import LookAhead, read_look_ahead

AS_OF = "2025-06-30 12:00"
POLICY = {"name": "试行办法", "source": "测试", "due_from": "platform_only"}
FEW = LookAhead(source="测试", prior_strength=10, least_alike=3, push_a_day=5, push_from=0.25)


def make_past(hours, unit="甲乡", **others):
    """Tickets received on Tuesday 3 June at 8:30, due on Thursday at 17:30 (21 office hours), each replied so many hours on."""
    start = pd.Timestamp("2025-06-03 08:30")
    answered = [None if hour is None else (start + pd.Timedelta(hours=hour)).isoformat() for hour in hours]
    return pd.DataFrame({
        "ticket_id": [f"{unit}{number}" for number in range(len(hours))],
        "unit": unit, "type": "投诉", "category": "供水/停水",
        "received_at": "2025-06-03 08:30", "dispatched_at": "2025-06-03 08:30",
        "platform_due_at": "2025-06-05 17:30", "replied_at": answered,
    } | others)  # fmt: skip


def make_open(ticket_id="x", **columns):
    """A ticket of 30 June at 8:30, due two days later at 17:30: at noon a sixth of its 21 office hours has gone."""
    row = {"ticket_id": ticket_id, "unit": "甲乡", "type": "投诉", "category": "供水/停水"}
    row |= {
        "received_at": "2025-06-30 08:30",
        "dispatched_at": "2025-06-30 08:30",
        "platform_due_at": "2025-07-02 17:30",
    }
    return pd.DataFrame([row | columns])


def forecast(*parts, as_of=AS_OF, settings=FEW):
    tickets = schema.make_tickets(pd.concat(parts, ignore_index=True))
    return look_ahead(clock(tickets, POLICY, as_of), as_of, settings=settings)


def test_the_alike_that_were_still_open_in_the_middle_of_the_tenth_are_counted_and_those_of_them_that_ran_out():
    told = forecast(make_past([1, 2, 20, 100, None]), make_open()).iloc[0]
    assert told[["tenth", "alike", "ran_out", "rate"]].tolist() == [1, 3, 2, 2 / 3]
    assert told["forecast"] == "同类件（同单位、同类型、同分类）时限用去15%时仍未回复的3件，2件逾期（66.7%）"
    assert not told["is_weak"]


@pytest.mark.parametrize(("seconds", "alike"), [(-1, 3), (0, 3), (1, 4)])
def test_one_answered_exactly_at_the_mark_was_no_longer_open_there(seconds, alike):
    mark = 21 * 0.15 + seconds / 3600  # of 21 office hours
    told = forecast(make_past([mark, None, None, None]), make_open()).iloc[0]
    assert told["alike"] == alike


def test_few_of_the_unit_s_own_give_way_to_those_of_all_units():
    told = forecast(make_past([20, None], "甲乡"), make_past([20, 20], "乙镇"), make_open()).iloc[0]
    assert told[["kind", "level", "alike", "ran_out"]].tolist() == ["同类型、同分类", 2, 4, 1]


def test_the_chance_leans_on_the_wider_kind_s():
    told = forecast(
        make_past([20, 20, 20, None], type="咨询"), make_past([None] * 3, "乙镇"), make_open()
    ).iloc[0]
    everything = (4 + 10 / 2) / (7 + 10)
    assert told[["kind", "alike", "ran_out"]].tolist() == ["同类型、同分类", 3, 3]
    assert told["chance"] == pytest.approx((3 + 10 * (3 + 10 * everything) / 13) / 13)


def test_fewer_than_enough_of_all_tickets_is_said_to_be_too_few():
    told = forecast(make_past([20, None]), make_open()).iloc[0]
    assert told["is_weak"]
    assert (
        told["forecast"]
        == "同类件（全部工单）时限用去15%时仍未回复的2件，1件逾期（50.0%），件数太少，依据不足"
    )


def test_without_any_past_nothing_is_known_but_one_half():
    told = forecast(make_open()).iloc[0]
    assert told[["alike", "ran_out", "chance", "is_weak"]].tolist() == [0, 0, 0.5, True]
    assert pd.isna(told["rate"])
    assert told["forecast"] == "截止时间已过的工单中，时限用去15%时仍未办结的一件也没有，依据不足"


def test_a_ticket_without_a_due_time_or_a_length_of_its_limit_has_no_forecast_and_says_so():
    told = forecast(
        make_open("a", platform_due_at=None), make_open("b", dispatched_at=None, received_at=None)
    ).set_index("ticket_id")
    assert told["forecast"].to_dict() == {"a": "没有截止时间，不作预测", "b": "时限长短不明，不作预测"}
    assert told[["kind", "alike", "chance", "rate"]].isna().all(axis=None)


def test_answered_overdue_void_and_excluded_tickets_are_not_forecast():
    told = forecast(
        make_past([1, None]), make_open("v", status="作废"), make_open("e", exclusion="通过"), make_open()
    )
    assert told["ticket_id"].tolist() == ["x"]


def test_quick_answers_of_tickets_not_due_yet_do_not_count():
    quick = make_open("q", replied_at="2025-06-30 11:30")
    assert forecast(make_past([20, 20, None]), quick, make_open()).iloc[-1]["alike"] == 3


def test_an_empty_table_has_no_forecast():
    told = look_ahead(clock(schema.make_tickets({"ticket_id": []}), POLICY, AS_OF), AS_OF)
    assert told.empty
    assert "forecast" in told


def test_tickets_judged_at_another_moment_are_refused():
    clocked = clock(schema.make_tickets(make_open()), POLICY, AS_OF)
    with pytest.raises(
        ParameterError, match="as_of is 2025-07-01 23:59, but the tickets were judged at 2025-06-30 12:00"
    ):
        look_ahead(clocked, "2025-07-01")


def test_a_file_with_mistakes_names_them_all(tmp_path):
    file = tmp_path / "look_ahead.yml"
    file.write_text(
        "source: x\nprior_strength: 0\nleast_alike: 1\npush_a_day: 1\npush_from: 0\n"
        "harm:\n- {name: a, weight: 1, rule: risk_word}\n- {name: b, weight: 1}\n",
        encoding="utf-8",
    )
    with pytest.raises(
        ParameterError,
        match=r"(?s)prior_strength.*no rule of this code.*'risk_words'.*expected either rule or channel",
    ):
        read_look_ahead(file)


# --- properties ------------------------------------------------------------------------------------


def count_by_hand(tickets, told):
    """The ids that a forecast rests on, found one by one."""
    asked = tickets[tickets["ticket_id"].eq(told["ticket_id"])].iloc[0]
    shared = ["type", "category", "unit"][: told["level"]]
    for ticket in tickets.to_dict("records"):
        same = all(
            ticket[name] == asked[name] or (pd.isna(ticket[name]) and pd.isna(asked[name])) for name in shared
        )
        settled = (
            ticket["due_state"] in ("按期回复", "超期回复", "超期未回复") and ticket["exclusion"] != "通过"
        )
        if (
            same
            and settled
            and ticket["due_at"] < MADE_AS_OF
            and find_share(ticket) > Fraction(2 * int(told["tenth"]) + 1, 20)
        ):
            yield ticket["ticket_id"]


def find_share(ticket):
    """The share of its limit that had gone by when it was answered; 1 where it ran out."""
    if ticket["due_state"] != "按期回复":
        return 1 if find_length(ticket["clock_from"], ticket["due_at"]) > 0 else 0
    until = ticket["answered_at"] if pd.notna(ticket["answered_at"]) else ticket["answered_until"]
    start, due = ticket["clock_from"], ticket["due_at"]
    whole = find_length(start, due)
    if whole <= 0:
        return 0
    if count_hours(start, due):  # of an answer on the holiday it came on, nothing has gone
        return Fraction(count_hours(start, until), whole)
    return Fraction(int((until - start) / pd.Timedelta(seconds=1)), whole)


def count_hours(start, end):
    hours = count_office_hours(pd.Series([start]), pd.Series([end])).iloc[0]
    return 0 if pd.isna(hours) else round(hours * 3600)


def find_length(start, end):
    """Seconds of office time, or of plain time where there is no office time between."""
    return count_hours(start, end) or (0 if pd.isna(start) else int((end - start) / pd.Timedelta(seconds=1)))


@examples(2)
@given(st.integers(0, 10_000))
@example(661)  # a ticket of a holiday, answered on the next
def test_a_forecast_s_tickets_are_those_found_one_by_one(seed):
    tickets, *_ = make_county(seed)
    told = look_ahead(tickets, MADE_AS_OF, settings=FEW)
    assert (told["ran_out"].fillna(0) <= told["alike"].fillna(0)).all()
    late = set(tickets.loc[tickets["due_state"].isin(["超期回复", "超期未回复"]), "ticket_id"])
    for row in told.dropna(subset="level").head(3).to_dict("records"):
        alike = alike_then(tickets, row, MADE_AS_OF)
        assert alike["ticket_id"].tolist() == list(count_by_hand(tickets, row))
        assert [len(alike), alike["ran_out"].sum()] == [row["alike"], row["ran_out"]]
        assert set(alike.loc[alike["ran_out"], "ticket_id"]) == late & set(alike["ticket_id"])
