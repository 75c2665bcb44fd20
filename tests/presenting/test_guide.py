"""The documents' generated tables are what code and parameters say."""

import pytest

from toolkit.clocking.policy import RuleLimits
from toolkit.flagging.flag import RULES
from toolkit.presenting.guide import refresh, rules_table
from toolkit.settings import PROJECT


@pytest.mark.parametrize(("document", "tables"), [("guide.md", 1), ("tables.md", 3)])
def test_a_document_holds_its_tables_as_they_are(document, tables):
    text = (PROJECT / "docs" / document).read_text(encoding="utf-8")
    assert text.count(": from here -->") == text.count(": to here -->") == tables
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
