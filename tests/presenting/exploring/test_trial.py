"""A limit tried at another value: what the rule itself then finds, and nothing where that would not be a run's figure."""

from dataclasses import replace

import pytest
from cases.explorer import prepare_export
from cases.reports import with_frames

from toolkit.clocking.policy import RuleLimits
from toolkit.errors import ParameterError, PolicyError
from toolkit.presenting.exploring.trial import find_range, list_trials, try_limit


@pytest.fixture(scope="module")
def prepared():
    return prepare_export()


def without(report, **about):
    return replace(report, about=report.about | about)


def test_at_the_policys_own_value_every_rule_finds_what_the_run_found(prepared):
    rules = list_trials(prepared)["rules"]
    assert {"due_soon", "replied_late"} <= {rule["rule"] for rule in rules}
    for rule in rules:
        limit = rule["limits"][0]
        tried = try_limit(prepared, rule["rule"], limit["name"], limit["value"])
        assert tried["policy"] == tried["trial"], rule["name"]
        assert tried["more"] == tried["fewer"] == []


def test_a_limit_is_reached_exactly_and_not_a_step_before(prepared):
    # D is due five working days after the cut-off: 1, 2, 3, 7 and 8 April, the 4th being Qingming
    assert try_limit(prepared, "due_soon", "due_soon_days", 4)["trial"]["findings"] == 0
    tried = try_limit(prepared, "due_soon", "due_soon_days", 5)
    assert (tried["trial"]["findings"], tried["trial"]["tickets"], tried["more"]) == (1, ["D"], ["D"])
    assert tried["policy"] == {"findings": 0, "colours": {}, "tickets": []}
    assert tried["sentence"] == "尚未回复，距截止时间不超过5个工作日。"


def test_a_trial_may_change_the_colour_alone(prepared):
    tried = try_limit(prepared, "replied_late", "late_orange_days", 30)
    assert (tried["policy"]["colours"], tried["trial"]["colours"]) == ({"橙": 1}, {"黄": 1})
    assert tried["policy"]["tickets"] == tried["trial"]["tickets"] == ["B"]


def test_a_trial_changes_neither_policy_nor_findings(prepared):
    before = prepared.findings.copy()
    try_limit(prepared, "due_soon", "due_soon_days", 5)
    assert prepared.findings.equals(before)
    again = try_limit(prepared, "due_soon", "due_soon_days", 2)
    assert again["trial"]["findings"] == 0


def test_what_the_explorer_does_not_have_is_no_ground_for_a_figure(prepared):
    logged = with_frames(prepared, legs=prepared.legs.reindex([0]))
    assert {"name": "一直未动", "why": "要看流转记录，这里没有"} in list_trials(logged)["left"]
    with pytest.raises(ParameterError, match="“一直未动”不能试算：要看流转记录"):
        try_limit(logged, "idle_half", "idle_share", 0.3)
    assert {"name": "回复过短", "why": "限值按诉求类型分别规定，不是一个数"} in list_trials(logged)["left"]
    short = without(prepared, outside=1)
    assert {"name": "办结后再次来电", "why": "要看统计期以前的工单，本次运行没有带上"} in list_trials(short)[
        "left"
    ]
    offered = {rule["name"] for rule in list_trials(short)["rules"]}
    assert "即将到期" in offered and "办结后再次来电" not in offered


def test_a_policy_that_is_not_the_runs_is_refused(prepared):
    changed = without(prepared, limits=prepared.about["limits"] | {"due_soon_days": 9})
    with pytest.raises(ParameterError, match="时限办法在本次运行之后改过：先重新运行"):
        list_trials(changed)
    with pytest.raises(ParameterError, match="没有写成文件"):
        list_trials(without(prepared, policy_files=""))


def test_findings_that_come_out_other_than_the_runs_are_refused(prepared):
    other = with_frames(prepared, findings=prepared.findings[prepared.findings["rule"].ne("replied_late")])
    with pytest.raises(ParameterError, match="与本次运行的结果不一致"):
        try_limit(other, "replied_late", "late_orange_days", 2)


def test_a_value_no_policy_may_have_is_refused(prepared):
    with pytest.raises(PolicyError, match="due_soon_days"):
        try_limit(prepared, "due_soon", "due_soon_days", -1)


def test_where_to_make_it_so_is_said(prepared):
    told = list_trials(prepared)
    assert told["where"] == "parameters/policies/county_default.yml"
    limit = next(rule for rule in told["rules"] if rule["rule"] == "replied_late")["limits"][0]
    assert limit["words"] == "超期超过几个工作日才答复的列橙色"
    assert limit["shared"] == ["重办超期回复"]


@pytest.mark.parametrize("name", [n for n, value in RuleLimits() if isinstance(value, int | float)])
def test_every_value_of_a_slider_may_stand_in_a_policy_and_the_policys_own_is_one_of_them(name):
    value = getattr(RuleLimits(), name)
    low, high, by = find_range(name, value)
    assert low <= value < high
    assert (value - low) / by == pytest.approx(round((value - low) / by))
    assert RuleLimits(**{name: low}) and RuleLimits(**{name: high})
