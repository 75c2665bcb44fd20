"""Where the trouble lies: units × groups of findings."""

from toolkit.presenting.figures import figure, heat_table, link_report, note, shade
from toolkit.presenting.sections import fold_section, open_section
from toolkit.schema import CARRIED, NOW

MOST_UNITS = 24  # that stand open; those with fewer tickets are folded beneath
TITLE = "问题在哪里"


def findings_map(report):
    """How many tickets of each unit have findings of each group; the darker, the greater the share of its own tickets."""
    groups = report.basis.rules.set_index("rule")["group"]
    found = report.findings[report.findings["ticket_id"].notna()]
    found = found.assign(group=found["rule"].map(groups))
    if found.empty:
        return fold_section(TITLE, "没有发现问题线索")
    counts = found.groupby(["report", "group"])["ticket_id"].nunique().unstack(fill_value=0)
    counts = counts[[group for group in groups.unique() if group in counts]]
    watched = report.tickets["scope"].isin([NOW, CARRIED])
    tickets = report.tickets[watched].groupby("report").size()
    rules = {group: groups.index[groups.eq(group)].tolist() for group in counts}
    order = (
        tickets[tickets.index.isin(counts.index)]
        .sort_index()
        .sort_values(ascending=False, kind="stable")
        .index
    )
    rows = [_unit_row(unit, counts.loc[unit], tickets[unit], rules) for unit in order]
    table = heat_table(["单位", *counts], rows, MOST_UNITS)
    told = note("一件工单可有几类线索，各格不可相加；线索供核查，不是结论。")
    units = len(order)
    return open_section(
        TITLE, "单位×线索类别，颜色为占本单位本期和往期未回复工单的比例", table, told, count=units
    )


def _unit_row(unit, counts, tickets, rules):
    return [
        link_report(unit),
        *(_cell(unit, group, counts[group], tickets, rules[group]) for group in counts.index),
    ]


def _cell(unit, group, count, tickets, rules):
    """The count on a ground whose depth, in ten steps, is its share of the unit's tickets."""
    if not count:
        return "·"
    share = min(count / tickets, 0.5) if tickets else 0
    opened = figure(count, f"{unit}：{group}线索", report=[unit], rules=rules)
    return shade(round(20 * share), opened)
