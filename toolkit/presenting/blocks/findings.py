"""What was found: on tickets rule by rule, on units and topics one by one."""

import pandas as pd

from toolkit import schema
from toolkit.flagging.rule import SEVERITIES
from toolkit.presenting.charts import state_bars
from toolkit.presenting.figures import figure, html_table, join, note
from toolkit.presenting.sections import fold_section


def findings_section(report):
    """What the rules found on tickets, then on units and topics, and which rules found nothing or lack data."""
    found = report.findings["ticket_id"].dropna()
    kinds, entries = report.findings["rule"].nunique(), report.basis.rules
    clean = entries["evaluated"] & ~entries["rule"].isin(report.findings["rule"])
    lacking = (~entries["evaluated"]).sum()
    every = figure(found.nunique(), "有线索的工单", colour=SEVERITIES) if len(found) else "0"
    answer = join(
        [
            f"{kinds}种，涉及",
            every,
            f"件；未发现{clean.sum()}种",
            f"；未评估{lacking}种（缺列）" if lacking else "",
        ]
    )
    charts = [] if report.name else _chart_late_units(report)
    return fold_section(
        "问题线索", answer, findings_table(report), unit_findings_table(report), *charts, count=kinds
    )


def _chart_late_units(report):
    """The units with most late tickets; no chart where none is late, which would be one without a size."""
    late = report.now[report.now["due_state"].isin([schema.LATE, schema.OVERDUE])]
    return [] if late.empty else [state_bars(late, "unit", "超期最多的单位")]


def findings_table(report):
    """Each rule that tickets break: how many, by urgency, what it says; then those that found nothing or lack data."""
    findings = report.findings[report.findings["ticket_id"].notna()]
    counts = pd.crosstab(findings["rule"], findings["severity"])
    rules = report.basis.rules
    entries = rules[rules["about"].eq("ticket")]
    rows = [
        _finding_row(entry, counts) for entry in entries.to_dict("records") if entry["rule"] in counts.index
    ]
    nothing = entries["evaluated"] & ~entries["rule"].isin(counts.index)
    table = html_table(["类别", "线索", "件数", *SEVERITIES, "规则"], rows) if rows else ""
    return join(
        [table, _list_names("未发现", entries.loc[nothing, "rule_name"]), _say_not_evaluated(entries)]
    )


def _finding_row(entry, counts):
    code, name, found = entry["rule"], entry["rule_name"], counts.loc[entry["rule"]]
    by_colour = [
        figure(found[colour], f"{name}：{colour}", severities=[f"{code}:{colour}"])
        if found.get(colour)
        else ""
        for colour in SEVERITIES
    ]
    whole = figure(found.sum(), name, rules=[code])
    return [entry["group"], name, whole, *by_colour, entry["sentence"] + _ask_review(entry)]


def _ask_review(entry):
    return "（供人工复核）" if entry["asks_review"] else ""


def _say_not_evaluated(entries):
    missing = entries[~entries["evaluated"]]
    return _list_names("未评估", missing["rule_name"] + "（缺" + missing["missing"] + "）")


def _list_names(heading, words):
    return note(f"{heading}：{'、'.join(words)}。" if len(words) else "")


def unit_findings_table(report):
    """What was found about units, townships and topics as a whole, each with the tickets it rests on."""
    findings = report.findings[report.findings["ticket_id"].isna()]
    rules = report.basis.rules
    entries = rules[rules["about"].eq("unit")].set_index("rule", drop=False)
    rows = [_unit_row(found, entries.loc[found.rule]) for found in findings.itertuples()]
    nothing = entries["evaluated"] & ~entries["rule"].isin(findings["rule"])
    table = html_table(["线索", "单位或专题", "预警", "依据", "所涉工单"], rows) if rows else ""
    names = _list_names("单位和专题未发现", entries.loc[nothing, "rule_name"])
    return join([table, names, _say_not_evaluated(entries)])


def _unit_row(found, entry):
    what = f"{found.unit}：{found.rule_name}"
    opened = figure(len(found.rests_on), what, rests_on=[f"{found.rule}@{found.unit}"])
    evidence = found.evidence + _ask_review(entry)
    return [found.rule_name, found.unit, found.severity, evidence, join([opened, "件"])]
