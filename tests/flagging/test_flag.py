import pandas as pd
import pytest
from cases.rules import POLICY, only

from toolkit import clock, flag, rules, schema
from toolkit.clocking.flow_log import only_logged
from toolkit.clocking.policy import read_policy
from toolkit.errors import ParameterError
from toolkit.flagging.flag import flagged
from toolkit.flagging.rule import FINDINGS, RULES, SEVERITIES, fill, findings_about, grade
from toolkit.flagging.watch import Watch

AS_OF = "2025-06-10 12:00"  # a Tuesday
QUIET = {
    "ticket_id": "quiet",
    "unit": "乙镇",
    "received_at": "2025-06-03 09:00",
    "dispatched_at": "2025-06-03 09:30",
    "signed_at": "2025-06-03 09:40",
    "replied_at": "2025-06-03 10:00",
    "platform_due_at": "2025-06-30 17:30",
    "return_count": 0,
    "satisfaction": "满意",
}


def set_policy(**limits):
    return POLICY | {"rules": limits}


def find(rule, policy=None, **columns):
    """The findings of one rule on a ticket of 甲乡, beside a ticket that breaks no rule."""
    ticket = {"ticket_id": "a", "unit": "甲乡"} | columns
    policy = policy or set_policy()
    clocked = clock(schema.make_tickets(pd.DataFrame([ticket, QUIET])), policy, AS_OF)
    return flag(clocked, policy, only=[rule])


# --- overdue_open ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "severity", "days"),
    [
        ("2025-06-10 11:59", "橙", 0),
        ("2025-06-09 17:30", "橙", 1),
        ("2025-06-06 17:30", "橙", 2),
        ("2025-06-05 17:30", "红", 3),
    ],
)
def test_an_open_ticket_past_its_due_time_is_orange_and_red_beyond_two_working_days(due, severity, days):
    finding = only(find("overdue_open", platform_due_at=due))
    assert (finding["severity"], finding["measure"]) == (severity, days)
    assert finding["since"] == pd.Timestamp(due)


@pytest.mark.parametrize(
    "columns",
    [
        {"platform_due_at": AS_OF},
        {"platform_due_at": "2025-06-11 17:30"},
        {"platform_due_at": "2025-06-09 17:30", "replied_at": "2025-06-09 18:00"},
        {"platform_due_at": "2025-06-05 17:30", "status": "作废"},
        {"platform_due_at": None},
    ],
)
def test_a_ticket_due_at_as_of_or_answered_or_void_or_without_a_due_time_is_not_overdue(columns):
    assert find("overdue_open", **columns).empty


def test_an_overdue_ticket_says_by_whose_due_time_until_when_and_how_long():
    finding = only(find("overdue_open", platform_due_at="2025-06-09 17:30"))
    expected = "应于2025-06-09 17:30前回复（平台时限），截至2025-06-10 12:00仍未回复，已超期1个工作日"
    assert (finding["evidence"], finding["rule_name"]) == (expected, "超期未回复")
    today = only(find("overdue_open", platform_due_at="2025-06-10 09:00"))
    assert today["evidence"].endswith("已超期不足1个工作日")


def test_a_due_time_the_calendar_does_not_reach_is_overdue_by_an_uncounted_number_of_days():
    finding = only(find("overdue_open", platform_due_at="2003-12-31 17:30"))
    assert pd.isna(finding["measure"])
    assert finding["evidence"].endswith("已超期（日历以外，天数未计）")


def test_an_export_judged_by_closing_says_so_in_the_evidence():
    tickets = schema.make_tickets({"ticket_id": ["a"], "platform_due_at": ["2025-06-09 17:30"]})
    finding = only(flag(clock(tickets, set_policy(), AS_OF), set_policy()))
    assert finding["evidence"].startswith(
        "应于2025-06-09 17:30前办结（平台时限），截至2025-06-10 12:00仍未办结"
    )


# --- replied_late ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("replied", "severity", "days"),
    [
        ("2025-06-04 17:31", "黄", 0),
        ("2025-06-06 09:00", "黄", 2),
        ("2025-06-09 09:00", "橙", 3),
    ],
)
def test_a_late_reply_is_yellow_and_orange_beyond_two_working_days(replied, severity, days):
    finding = only(find("replied_late", platform_due_at="2025-06-04 17:30", replied_at=replied))
    assert (finding["severity"], finding["measure"]) == (severity, days)
    assert f"实际于{replied}回复" in finding["evidence"]


@pytest.mark.parametrize(
    "columns",
    [
        {"platform_due_at": "2025-06-04 17:30", "replied_at": "2025-06-04 17:30"},
        {"platform_due_at": "2025-06-04 17:30", "replied_at": "2025-06-10 12:01"},
        {"platform_due_at": "2025-06-04 17:30", "replied_at": None},
        {"platform_due_at": None, "replied_at": "2025-06-04 17:30"},
    ],
)
def test_a_reply_at_the_due_time_or_after_as_of_or_none_is_no_late_reply(columns):
    assert find("replied_late", **columns).empty


# --- due_soon --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "severity", "words"),
    [
        (AS_OF, "黄", "当日到期"),
        ("2025-06-10 17:30", "黄", "当日到期"),
        ("2025-06-11 17:30", "黄", "距截止还有1个工作日"),
        ("2025-06-12 17:30", "蓝", "距截止还有2个工作日"),
    ],
)
def test_an_open_ticket_within_two_working_days_of_its_due_time_is_a_warning(due, severity, words):
    finding = only(find("due_soon", platform_due_at=due))
    assert finding["severity"] == severity
    assert finding["evidence"] == f"应于{due}前回复，截至{AS_OF}未回复，{words}"


@pytest.mark.parametrize(
    "columns",
    [
        {"platform_due_at": "2025-06-13 17:30"},
        {"platform_due_at": "2025-06-10 11:59"},
        {"platform_due_at": "2025-06-11 17:30", "replied_at": "2025-06-09 09:00"},
        {"platform_due_at": "2025-06-11 17:30", "status": "撤单"},
        {"platform_due_at": None},
    ],
)
def test_a_ticket_three_days_off_or_past_due_or_answered_or_void_is_not_due_soon(columns):
    assert find("due_soon", **columns).empty


def test_a_policy_may_warn_earlier_and_count_red_later():
    ladder = [{"colour": "红", "overdue_days": 4}, {"colour": "橙", "overdue_days": 0}]
    policy = set_policy(due_soon_days=3) | {"ladder": ladder}
    assert only(find("due_soon", policy, platform_due_at="2025-06-13 17:30"))["measure"] == 3
    assert only(find("overdue_open", policy, platform_due_at="2025-06-05 17:30"))["severity"] == "橙"


# --- signed_late -----------------------------------------------------------------------------------

SENT = "2025-06-05 10:00"  # to be signed for by 2025-06-06 17:30


@pytest.mark.parametrize(
    ("signed", "severity", "words"),
    [
        ("2025-06-06 17:31", "黄", "实际于2025-06-06 17:31签收，超过不足1个工作日"),
        ("2025-06-09 09:00", "黄", "实际于2025-06-09 09:00签收，超过1个工作日"),
        (None, "橙", "截至2025-06-10 12:00仍未签收，超过2个工作日"),
        ("2025-06-10 12:01", "橙", "截至2025-06-10 12:00仍未签收，超过2个工作日"),
    ],
)
def test_signing_after_the_signing_time_is_yellow_and_not_at_all_is_orange(signed, severity, words):
    finding = only(find("signed_late", dispatched_at=SENT, signed_at=signed))
    assert finding["severity"] == severity
    assert finding["evidence"] == f"{SENT}转办，应于2025-06-06 17:30前签收，{words}"


@pytest.mark.parametrize(
    "columns",
    [
        {"dispatched_at": SENT, "signed_at": "2025-06-06 17:30"},
        {"dispatched_at": SENT, "signed_at": None, "replied_at": "2025-06-06 09:00"},
        {"dispatched_at": SENT, "signed_at": None, "status": "作废"},
        {"dispatched_at": "2025-06-09 10:00", "signed_at": None},
        {"dispatched_at": None, "signed_at": "2025-06-09 09:00"},
    ],
)
def test_signed_at_the_limit_or_answered_within_it_or_void_or_never_dispatched_is_not_late(columns):
    assert find("signed_late", **columns).empty


def test_an_unsigned_ticket_whose_signing_time_is_as_of_itself_is_not_late_yet():
    sent = {"dispatched_at": "2025-06-09 10:00"}
    assert find("signed_late", set_policy() | {"day_ends_at": "12:00"}, **sent).empty
    assert len(find("signed_late", set_policy() | {"day_ends_at": "11:59"}, **sent)) == 1


def test_an_answer_after_the_signing_time_does_not_make_up_for_never_signing():
    finding = only(find("signed_late", dispatched_at=SENT, replied_at="2025-06-09 09:00"))
    assert finding["severity"] == "黄"
    assert finding["evidence"].endswith("没有签收记录，2025-06-09 09:00直接答复")


# --- returned_often --------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "severity"), [(2, "黄"), (3, "橙")])
def test_two_returns_are_yellow_and_more_are_orange(count, severity):
    finding = only(find("returned_often", return_count=count))
    assert (finding["severity"], finding["measure"]) == (severity, count)
    assert finding["evidence"] == f"已被退回{count}次（达到2次即列入）"


def test_the_reason_of_the_return_is_told_where_it_is_known():
    finding = only(find("returned_often", return_count=2, return_reason="不属本乡职责"))
    assert finding["evidence"].endswith("，退回原因：不属本乡职责")


@pytest.mark.parametrize("count", [0, 1, None])
def test_one_return_or_an_unknown_number_is_no_finding(count):
    assert find("returned_often", return_count=count).empty


# --- dissatisfied ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("rework", "severity"), [(None, "橙"), (0, "橙"), (1, "红")])
@pytest.mark.parametrize("word", schema.DISSATISFIED)
def test_a_dissatisfied_caller_is_orange_and_red_after_rework(word, rework, severity):
    finding = only(find("dissatisfied", satisfaction=word, rework_count=rework))
    again = "，已重办1次仍不满意" if rework else ""
    assert (finding["severity"], finding["evidence"]) == (severity, f"回访评价“{word}”{again}")


@pytest.mark.parametrize("word", [*schema.SATISFIED, "一般", "未评价", None])
def test_a_caller_who_is_content_or_undecided_or_was_not_asked_is_no_finding(word):
    assert find("dissatisfied", satisfaction=word).empty


@pytest.mark.parametrize(("visited", "count"), [(AS_OF, 1), ("2025-06-10 12:01", 0)])
def test_a_call_back_after_as_of_has_not_happened_yet(visited, count):
    assert len(find("dissatisfied", satisfaction="不满意", visited_at=visited)) == count


# --- all rules -------------------------------------------------------------------------------------


def test_the_quiet_ticket_breaks_no_rule():
    clocked = clock(schema.make_tickets(pd.DataFrame([QUIET])), set_policy(), AS_OF)
    assert flag(clocked, set_policy()).empty


def test_findings_stand_most_urgent_first_and_one_ticket_may_break_several_rules():
    rows = {
        "ticket_id": ["yellow", "both", "orange"],
        "platform_due_at": ["2025-06-11 17:30", "2025-06-04 17:30", "2025-06-09 17:30"],
        "return_count": [0, 2, 0],
    }
    findings = flag(clock(schema.make_tickets(rows), set_policy(), AS_OF), set_policy())
    assert findings["severity"].tolist() == ["红", "橙", "黄", "黄", "蓝"]
    assert findings["ticket_id"].tolist() == ["both", "orange", "yellow", "both", "yellow"]
    assert findings.loc[[0, 3], "rule"].tolist() == ["overdue_open", "returned_often"]


def test_a_finding_without_a_unit_stands_under_the_words_for_it():
    assert only(find("returned_often", return_count=2, unit=None))["unit"] == schema.NO_UNIT


def test_an_empty_table_has_no_findings_and_every_rule_counts_as_evaluated():
    clocked = clock(schema.make_tickets({}), set_policy(), AS_OF)
    findings = flag(clocked, set_policy())
    assert (len(findings), findings.columns.tolist()) == (0, FINDINGS)
    assert rules(clocked)["evaluated"].all()


def test_a_rule_without_its_columns_is_named_as_not_evaluated_with_what_it_lacks():
    tickets = schema.make_tickets({"ticket_id": ["a"], "platform_due_at": ["2025-06-09 17:30"]})
    table = rules(clock(tickets, set_policy(), AS_OF)).set_index("rule")
    assert table.loc["overdue_open", ["evaluated", "missing"]].tolist() == [True, ""]
    assert table.loc["signed_late", ["evaluated", "missing"]].tolist() == [False, "转办时间、签收时间"]
    assert table.loc["dissatisfied", "missing"] == "满意度"


def test_every_rule_has_its_own_code_a_name_a_sentence_and_a_source():
    table = rules()
    assert table["rule"].is_unique and table["rule_name"].is_unique
    assert table["sentence"].str.endswith("。").all()
    assert table["source"].str.len().ge(8).all()


def test_a_rule_s_colours_are_of_the_ladder_and_its_findings_carry_its_name():
    ticket = {"platform_due_at": "2025-06-05 17:30", "return_count": 2, "satisfaction": "不满意"}
    tickets = schema.make_tickets(pd.DataFrame([ticket | {"ticket_id": "a", "unit": "甲乡"}, QUIET]))
    findings = flag(clock(tickets, set_policy(), AS_OF), set_policy())
    assert set(findings["severity"]) <= set(SEVERITIES)
    names = rules().set_index("rule")["rule_name"]
    assert findings["rule_name"].tolist() == findings["rule"].map(names).tolist()
    assert set(findings["rule"]) == {"overdue_open", "returned_often", "dissatisfied"}


# --- the wide form, and findings about what is not a ticket ----------------------------------------


def test_the_wide_form_has_a_column_a_rule_the_worst_colour_and_how_many():
    rows = {
        "ticket_id": ["late", "quiet"],
        "platform_due_at": ["2025-06-04 17:30", "2025-06-30"],
        "return_count": [2, 0],
    }
    clocked = clock(schema.make_tickets(rows), set_policy(), AS_OF).set_axis([5, 9])
    wide = flagged(clocked, flag(clocked, set_policy()))
    assert wide.index.tolist() == [5, 9]
    found = wide[["overdue_open", "returned_often", "severity", "rules_broken"]]
    assert found.loc[5].tolist() == ["红", "黄", "红", 2]
    assert wide.loc[9, "rules_broken"] == 0
    assert wide.loc[9, ["overdue_open", "severity"]].isna().all()
    assert set(rules()["rule"]) <= set(wide)


def test_a_finding_about_a_unit_stands_with_every_ticket_it_rests_on_in_the_wide_form():
    tickets = clock(schema.make_tickets({"ticket_id": ["a", "b", "c"]}), set_policy(), AS_OF)
    about = findings_about(["甲乡"], "黄", pd.Timestamp(AS_OF), [0.5], ["说明"], [["a", "c"]])
    found = about.assign(rule="clustered_at_deadline", rule_name="踩点答复")[FINDINGS]
    wide = flagged(tickets, found)
    assert wide["clustered_at_deadline"].tolist()[::2] == ["黄", "黄"]
    assert wide["rules_broken"].tolist() == [1, 0, 1]


def test_without_findings_the_wide_form_has_all_columns_and_no_colour():
    tickets = clock(schema.make_tickets({"ticket_id": ["a"]}), set_policy(), AS_OF)
    wide = flagged(tickets, flag(tickets, set_policy()))
    assert wide["rules_broken"].tolist() == [0]
    assert wide[list(rules()["rule"])].isna().all(axis=None)


def test_findings_are_about_the_tickets_asked_for():
    rows = {"ticket_id": ["old", "new"], "platform_due_at": "2025-06-04 17:30"}
    tickets = clock(schema.make_tickets(rows), set_policy(), AS_OF)
    found = flag(tickets, set_policy(), among=tickets["ticket_id"].eq("new"))
    assert set(found["ticket_id"]) == {"new"}


def test_without_texts_the_rules_that_read_them_are_named_as_not_evaluated():
    tickets = clock(schema.make_tickets({"ticket_id": ["a"], "reply": ["已处理"]}), set_policy(), AS_OF)
    table = rules(tickets, texts=False).set_index("rule")
    reading = [entry.code for entry in RULES if entry.reads_texts]
    assert not table.loc[reading, "evaluated"].any()


# --- sentences -------------------------------------------------------------------------------------


def test_a_sentence_tells_times_to_the_minute_and_what_is_missing_as_nothing():
    hits = pd.DataFrame(
        {"at": pd.to_datetime(["2025-06-03 09:05:59", None]), "count": [3, None]}, index=[4, 2]
    )
    hits = hits.astype({"at": "datetime64[us]", "count": "Int64"})
    assert fill("{at}退回{count}次，{who}", hits, who="甲乡").to_dict() == {
        4: "2025-06-03 09:05退回3次，甲乡",
        2: "（无）退回（无）次，甲乡",
    }


def test_a_sentence_takes_a_column_of_the_same_rows_before_one_of_the_tickets():
    hits = pd.DataFrame({"share": [0.25, 1.0]})
    assert fill("{share}", hits, share=pd.Series([12.345, 2.0])).tolist() == ["12.3", "2"]


def test_a_measure_has_the_colour_of_the_first_step_it_reaches():
    measure = pd.Series([5, 3, 2, None], dtype="Int64")
    assert grade(measure, (5, "红"), (3, "橙"), (0, "黄")).tolist() == ["红", "橙", "黄", "黄"]


def test_only_the_rules_asked_for_are_evaluated_and_a_misspelt_one_is_named():
    rows = {"ticket_id": ["a"], "platform_due_at": ["2025-06-04 17:30"], "return_count": [2]}
    tickets = clock(schema.make_tickets(rows), set_policy(), AS_OF)
    assert flag(tickets, set_policy(), only=["returned_often"])["rule"].tolist() == ["returned_often"]
    with pytest.raises(ParameterError, match=r"'returned_ofen' is no rule\. Did you mean 'returned_often'"):
        flag(tickets, set_policy(), only=["returned_ofen"])


# --- what a rule declares --------------------------------------------------------------------------


class Asked(Watch):
    """A watch that notes whether it was asked for the flow log."""

    def __getattribute__(self, name):
        if name in ("events", "log"):
            object.__getattribute__(self, "_made")["asked"] = True
        return super().__getattribute__(name)


def test_a_rule_says_whether_it_heeds_the_flow_log():
    clocked = clock(schema.make_tickets(pd.DataFrame([QUIET, QUIET | {"ticket_id": "b"}])), POLICY, AS_OF)
    heeding = set()
    for entry in RULES:
        watch = Asked(clocked, only_logged(None), read_policy(POLICY), pd.Timestamp(AS_OF))
        entry.find(watch)
        heeding |= {entry.code} if watch._made.get("asked") else set()
    assert heeding == {entry.code for entry in RULES if entry.heeds_log}
