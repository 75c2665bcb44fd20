"""The tables of docs/guide.md that follow from the code: `make guide` writes them, a test compares them."""

import re
import sys
from pathlib import Path

from toolkit.clocking.policy import read_policy
from toolkit.flagging.flag import RULES
from toolkit.flagging.rule import LOG
from toolkit.schema import label

MARKS = "<!-- rules: from here -->\n", "<!-- rules: to here -->"


def rules_table():
    """Every rule as a line of a Markdown table, in the order people read them."""
    lines = [
        "| 类别 | 线索 | 规则 | 预警 | 防误报 | 所需 | 界限 | 出处 |",
        "|---|---|---|---|---|---|---|---|",
    ]
    policy = read_policy("county_default")
    for entry in RULES:
        any_of = [(need,) if isinstance(need, str) else need for need in entry.needs]
        needs = [
            "或".join("流转记录" if name == LOG else label(name) for name in names) for names in any_of
        ] + ["流转记录"] * entry.needs_log
        limits = [
            f"{name}={_plain(getattr(policy.rules, name))}"
            for name in entry.thresholds
            if hasattr(policy.rules, name)
        ]
        sentence, ladder, guard = entry.say([policy])
        cells = [
            entry.group,
            f"{entry.name}<br>`{entry.code}`",
            sentence + "（只供人工复核）" * entry.asks_review,
            ladder,
            guard,
            "、".join(needs),
            "<br>".join(limits),
            entry.source,
        ]
        lines.append("| " + " | ".join(cell.replace("|", "／") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _plain(limit):
    return (
        "、".join(f"{k or '其他'}{v}" for k, v in limit.items()) if isinstance(limit, dict) else f"{limit:g}"
    )


def refresh(text):
    """The guide's text with its generated tables as they now are."""
    begin, end = MARKS
    return re.sub(f"(?s){begin}.*?{end}", lambda _: begin + rules_table() + end, text)


if __name__ == "__main__":
    guide = Path(sys.argv[1])
    guide.write_text(refresh(guide.read_text(encoding="utf-8")), encoding="utf-8")
