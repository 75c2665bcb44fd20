"""A rule's sentence states the limit of the policy in force, and each ticket is judged by the one of its day."""

import re

import pandas as pd
import pytest
from cases.rules import AS_OF, POLICY
from oracles.made_tickets import make_county

from toolkit import clock, flag, rules, schema
from toolkit.clocking.policy import RuleLimits, read_policy
from toolkit.flagging.limit_words import fill_limits, say_limits
from toolkit.flagging.rule import RULES
from toolkit.flagging.watch import Watch

DEFAULT = read_policy("county_default")
FIELD = re.compile(r"\{(\w+)\}")
TEXTS = ["sentence", "ladder", "guard"]
NAMED = [
    (entry, text, name)
    for entry in RULES
    for text in TEXTS
    for name in dict.fromkeys(FIELD.findall(getattr(entry, text)))
]
# Numbers in a rule's texts that are the rule itself: no policy sets them.
FIXED = {
    "extension_abused": ["两次以上用同一理由", "两种以上"],
    "many_units": ["派给几家"],
    "ping_pong": ["三次派单"],
    "no_owner": ["两家以上", "派给几家"],
    "called_again": ["七日以内"],
    "reopened": ["两次以上"],
    "reply_copied": ["三倍"],
    "heaped_times": ["整十分钟"],
    "mass_appeal": ["两倍"],
    "repeated_appeal": ["第5次", "第3、4次"],
    "surge": ["八周", "初一前14日至后8日", "不足10日"],
    "exclusion_biased": ["95%", "大于1"],
}


def change(name):
    """The default policy with another value of one limit, or of what else a sentence may name."""
    if name in ("overdue_ladder", "left_ladder"):
        steps = [{"colour": "红", "overdue_days": 9}, {"colour": "黄", "left_days": 4}]
        return DEFAULT.model_copy(update={"ladder": read_policy(POLICY | {"ladder": steps}).ladder})
    if name in ("extension_times", "lead_working_days"):
        return DEFAULT.model_copy(update={name: getattr(DEFAULT, name) + 4})
    now = getattr(DEFAULT.rules, name)
    other = {"咨询": 7, "": 70} if isinstance(now, dict) else now * 0.9 if now < 1 else now + 4
    return DEFAULT.model_copy(update={"rules": DEFAULT.rules.model_copy(update={name: other})})


def say(entry, text, *policies):
    return entry.say(policies)[TEXTS.index(text)]


def dated(name, day, **limits):
    return read_policy(POLICY | {"name": name, "valid_from": day, "rules": limits})


# --- what a sentence says --------------------------------------------------------------------------


@pytest.mark.parametrize(("entry", "text", "name"), NAMED, ids=[f"{n[0].code}-{n[1]}-{n[2]}" for n in NAMED])
def test_another_limit_in_the_policy_is_another_sentence(entry, text, name):
    before, after = say(entry, text, DEFAULT), say(entry, text, change(name))
    assert before != after and "{" not in before + after


def test_every_limit_a_rule_names_is_one_it_reads():
    ladders = {"overdue_ladder", "left_ladder"}
    assert [(e.code, name) for e, _, name in NAMED if name not in {*e.thresholds, *ladders}] == []


def test_no_rule_spells_a_number_that_a_policy_could_change():
    number = re.compile(  # 一 is mostly "a": only of working days is it a limit's number
        r"[0-9]|百分之|半数|一个工作日|[两三四五六七八九十几]+(?:次|件|个|家|日|天|人|名|成|种|周|倍|分钟|小时)"
    )
    wrong = []
    for entry in RULES:
        said = FIELD.sub("", "".join(getattr(entry, text) for text in TEXTS))
        for fixed in FIXED.get(entry.code, []):
            said = said.replace(fixed, "")
        wrong += [(entry.code, found[0], said) for found in [number.search(said)] if found]
    assert wrong == []
    assert not any("办法为准" in entry.sentence for entry in RULES)


@pytest.mark.parametrize(
    ("name", "limit", "said"),
    [
        ("copied_similarity", 0.785, "78.5%"),
        ("perfect_chance", 0.001, "0.1%"),
        ("clustered_sigmas", 0.5, "0.5"),
        ("due_soon_days", 3, "3"),
        ("reply_min_chars", {"咨询": 8}, "咨询8字"),
    ],
)
def test_a_limit_is_told_as_it_stands_and_a_share_as_a_percentage(name, limit, said):
    assert say_limits(read_policy(POLICY | {"rules": {name: limit}}))[name] == said


def test_all_shares_of_the_policy_are_told_as_percentages_and_nothing_else():
    said = say_limits(DEFAULT)
    shares = {name for name, limit in RuleLimits() if isinstance(limit, float) and limit < 1}
    assert {
        name for name, words in said.items() if name in RuleLimits.model_fields and "%" in words
    } == shares


def test_a_ladder_is_told_as_the_policy_has_it():
    said = say_limits(DEFAULT)
    assert said["overdue_ladder"] == "超期满3个工作日为红，其余为橙"
    assert said["left_ladder"] == "距截止不超过1个工作日为黄，剩余时限不超过50%为蓝，其余为蓝"
    bare = say_limits(read_policy(POLICY | {"ladder": [], "extension_limits": []}))
    assert (bare["overdue_ladder"], bare["left_ladder"]) == ("一律为橙", "一律为蓝")
    assert bare["extension_times"] == "未作规定，不查"


def test_of_several_policies_the_latest_speaks_first_and_the_others_where_they_differ():
    one, two, three = (
        dated("甲", "2024-01-01", urged_count=3),
        dated("乙", "2025-01-01", urged_count=4),
        dated("丙", "2025-07-01", urged_count=2),
    )
    text = "催办{urged_count}次。"
    assert fill_limits(text, [one, two, three]) == (
        "催办2次。2025-01-01至2025-06-30受理的：催办4次。2025-01-01以前受理的：催办3次。"
    )
    assert fill_limits(text, [three, dated("丁", "2026-01-01", urged_count=2)]) == "催办2次。"
    assert fill_limits("满{urged_count}次", [one, three]) == "满2次；2025-07-01以前受理的：满3次"


def test_the_table_of_rules_states_the_limits_of_the_policy_and_of_units_the_latest_alone():
    both = [
        dated("旧", "2025-01-01", due_soon_days=1, burst_count=9),
        dated("新", "2025-06-01", due_soon_days=4),
    ]
    sentences = rules(policy=both).set_index("rule")["sentence"]
    assert sentences["due_soon"] == (
        "尚未回复，距截止时间不超过4个工作日。2025-06-01以前受理的：尚未回复，距截止时间不超过1个工作日。"
    )
    assert sentences["callback_burst"] == "同一单位的工单，在同一分钟内回访5件及以上。"
    assert rules().set_index("rule")["sentence"]["due_soon"] == "尚未回复，距截止时间不超过2个工作日。"


# --- which limit judges ----------------------------------------------------------------------------

OLD = {"received_at": "2025-05-30 09:00"}
NEW = {"received_at": "2025-06-03 09:00"}


def find_both(rule, *rows, before, after, **given):
    """The tickets a rule finds where the limits were others for what was received before June."""
    policies = [dated("旧", "2025-01-01", **before), dated("新", "2025-06-01", **after)]
    rows = [{"ticket_id": f"t{number}", "unit": "甲乡"} | row for number, row in enumerate(rows)]
    clocked = clock(schema.make_tickets(pd.DataFrame(rows)), policies, AS_OF)
    return flag(clocked, policies, only=[rule], **given)


@pytest.mark.parametrize(
    ("rule", "limit", "high", "columns"),
    [
        ("returned_often", "returned_count", 3, {"return_count": 2}),
        ("urged_no_reply", "urged_count", 3, {"urge_count": 2}),
        ("due_soon", "due_soon_days", 1, {"platform_due_at": "2025-06-12 17:30"}),
    ],
)
def test_each_ticket_is_judged_by_the_limit_in_force_when_it_was_received(rule, limit, high, columns):
    rows, usual = [OLD | columns, NEW | columns, columns], {limit: 2}
    found = find_both(rule, *rows, before={limit: high}, after=usual)
    assert sorted(found["ticket_id"]) == ["t1", "t2"]  # without a time of receipt by the latest
    found = find_both(rule, *rows, before=usual, after={limit: high})
    assert found["ticket_id"].tolist() == ["t0"]
    assert find_both(rule, *rows, before=usual, after=usual)["ticket_id"].tolist() == ["t0", "t1", "t2"]


def test_the_colour_follows_the_limit_in_force_too():
    late = {"platform_due_at": "2025-06-04 17:30", "replied_at": "2025-06-09 09:00"}
    found = find_both(
        "replied_late", OLD | late, NEW | late, before={"late_orange_days": 5}, after={"late_orange_days": 2}
    )
    assert found.set_index("ticket_id")["severity"].to_dict() == {"t0": "黄", "t1": "橙"}


def test_calls_before_a_new_policy_count_for_what_is_received_under_it():
    rows = [row | {"caller": "p", "category": "供水"} for row in (OLD, NEW)]
    found = find_both("repeated_appeal", *rows, before={"repeated_count": 5}, after={"repeated_count": 2})
    assert (found["ticket_id"].tolist(), found["measure"].tolist()) == (["t1"], [2])


def test_a_unit_is_judged_by_the_latest_policy_on_all_its_tickets():
    rows = [row | {"visited_at": "2025-06-05 10:00"} for row in (OLD, OLD, NEW)]
    found = find_both("callback_burst", *rows, before={"burst_count": 9}, after={"burst_count": 3})
    assert found["rests_on"].tolist() == [["t0", "t1", "t2"]]
    assert find_both("callback_burst", *rows, before={"burst_count": 3}, after={"burst_count": 4}).empty


def test_findings_stay_those_of_the_tickets_asked_about_under_several_policies():
    rows = [row | {"return_count": 2} for row in (OLD, NEW, NEW)]
    among = pd.Series([True, True, False])
    found = find_both(
        "returned_often", *rows, before={"returned_count": 1}, after={"returned_count": 2}, among=among
    )
    assert found["evidence"].tolist() == ["已被退回2次（达到1次即列入）", "已被退回2次（达到2次即列入）"]


def test_rules_read_no_limit_beside_those_they_name(monkeypatch):
    tickets, events, policy, _ = make_county(3)
    read = set()

    class Reading:
        def __getattr__(self, name):
            read.add(name)
            return getattr(policy.rules, name)

    monkeypatch.setattr(Watch, "limits", property(lambda watch: Reading()))
    wrong = {}
    for entry in RULES:
        read.clear()
        flag(tickets, policy, events, only=[entry.code])
        wrong |= {entry.code: read - set(entry.thresholds)} if read - set(entry.thresholds) else {}
    assert wrong == {}


def test_several_policies_find_on_each_ticket_what_its_own_would_find_alone():
    tickets, events, policy, _ = make_county(5)
    lower = {
        name: 2
        for name in ("returned_count", "urged_count", "repeated_count", "mass_callers", "copied_count")
    }
    rules_of = {"旧": policy.rules.model_copy(update=lower), "新": policy.rules}
    old, new = (
        policy.model_copy(
            update={"name": name, "valid_from": pd.Timestamp(day).date(), "rules": rules_of[name]}
        )
        for name, day in (("旧", "2025-01-01"), ("新", "2025-02-15"))
    )
    is_old = tickets["received_at"].lt("2025-02-15")
    both, of_old, of_new = (list_found(flag(tickets, one, events)) for one in ([old, new], old, new))
    ids = set(tickets.loc[is_old, "ticket_id"])
    expected = {found for found in of_old if found[1] in ids} | {
        found for found in of_new if found[1] not in ids
    }
    assert both == expected
    assert of_old != of_new


def list_found(findings):
    """Each finding as rule, ticket and evidence; those about units by their evidence alone."""
    return set(zip(findings["rule"], findings["ticket_id"].fillna(""), findings["evidence"], strict=True))
