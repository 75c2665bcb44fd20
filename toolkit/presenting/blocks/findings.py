"""The blocks of a report about findings: those on tickets rule by rule, those on units and topics one by one."""

from html import escape

import pandas as pd
from IPython.display import HTML

from toolkit.flagging.rule import SEVERITIES
from toolkit.presenting.figures import figure, html_table


def findings_table(prepared):
    """Each rule that tickets break: how many, by urgency, what it says; then those that found nothing or lack data."""
    findings = prepared.findings[prepared.findings["ticket_id"].notna()]
    counts = pd.crosstab(findings["rule"], findings["severity"])
    entries = prepared.rules[prepared.rules["about"].eq("ticket")]
    rows = [
        _finding_row(entry, counts) for entry in entries.to_dict("records") if entry["rule"] in counts.index
    ]
    nothing = entries["evaluated"] & ~entries["rule"].isin(counts.index)
    table = html_table(["类别", "线索", "件数", *SEVERITIES, "规则"], rows) if rows else ""
    return HTML(table + _note("未发现", entries.loc[nothing, "rule_name"]) + _say_not_evaluated(entries))


def _finding_row(entry, counts):
    code, found = entry["rule"], counts.loc[entry["rule"]]
    by_colour = [
        figure(found[colour], severities=[f"{code}:{colour}"]) if found.get(colour) else ""
        for colour in SEVERITIES
    ]
    sentence = escape(entry["sentence"]) + "（供人工复核）" * entry["asks_review"]
    return [
        escape(entry["group"]),
        escape(entry["rule_name"]),
        figure(found.sum(), rules=[code]),
        *by_colour,
        sentence,
    ]


def _say_not_evaluated(entries):
    missing = entries[~entries["evaluated"]]
    return _note("未评估", missing["rule_name"] + "（缺" + missing["missing"] + "）")


def _note(heading, words):
    return f'<p class="note">{heading}：{escape("、".join(words))}。</p>' if len(words) else ""


def unit_findings_table(prepared):
    """What was found about units, townships and topics as a whole, each with the tickets it rests on."""
    findings = prepared.findings[prepared.findings["ticket_id"].isna()]
    entries = prepared.rules[prepared.rules["about"].eq("unit")].set_index("rule", drop=False)
    rows = [
        [
            escape(found.rule_name),
            escape(found.unit),
            found.severity,
            escape(found.evidence) + "（供人工复核）" * int(entries.loc[found.rule, "asks_review"]),
            figure(len(found.rests_on), rests_on=[f"{found.rule}@{found.unit}"]) + "件",
        ]
        for found in findings.itertuples()
    ]
    nothing = entries["evaluated"] & ~entries["rule"].isin(findings["rule"])
    table = html_table(["线索", "单位或专题", "预警", "依据", "所涉工单"], rows) if rows else ""
    return HTML(
        table + _note("单位和专题未发现", entries.loc[nothing, "rule_name"]) + _say_not_evaluated(entries)
    )
