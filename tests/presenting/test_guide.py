"""The guide's generated table is the table of the rules."""

from toolkit.clocking.policy import RuleLimits
from toolkit.flagging.flag import RULES
from toolkit.presenting.guide import refresh, rules_table
from toolkit.settings import PROJECT


def test_the_guide_holds_the_rules_as_they_are():
    text = (PROJECT / "docs" / "guide.md").read_text(encoding="utf-8")
    assert refresh(text) == text, "run `make guide`"


def test_every_rule_has_a_line_with_its_name_and_its_source():
    lines = rules_table().splitlines()[2:]
    assert len(lines) == len(RULES)
    for line, entry in zip(lines, RULES, strict=True):
        assert entry.name in line and entry.source in line and f"`{entry.code}`" in line


def test_every_rule_says_what_it_finds_and_names_thresholds_that_exist():
    known = set(RuleLimits.model_fields) | {"extension_times", "lead_working_days"}
    for entry in RULES:
        assert entry.sentence.endswith("。") and entry.ladder and entry.source and entry.group
        assert set(entry.thresholds) <= known, entry.code


def test_every_limit_of_the_policy_belongs_to_a_rule():
    used = {name for entry in RULES for name in entry.thresholds}
    assert set(RuleLimits.model_fields) - used == set()
