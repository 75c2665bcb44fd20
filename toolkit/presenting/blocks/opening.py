"""How a report opens: whose it is and what it rests on, then how things stand in a few sentences."""

import pandas as pd
from markupsafe import Markup

from toolkit import schema
from toolkit.comparing.movement import YEAR_BEFORE
from toolkit.presenting.figures import (
    count_figure,
    figure,
    find_sides,
    join,
    list_facts,
    rate_figure,
    show,
    summarise,
)
from toolkit.rounding import compare_counts, percent
from toolkit.scoring.catalogue import lead_variants

SUMMED_UP = ["按期回复率", "回复率", "按时办结率", "办结率", "满意率", "解决率", "回访率", "满意办结率"]
UNTIMED_RATE = "时间不明率（÷受理）"
MOST_WORDS = 8  # named in the heading; the table of doubts names them all
MOST_RULES = 6  # named in the summary; the table names them all


def heading(report):
    """Whose report, which period, as of when, under which policy, and that no row of the export is lost."""
    about = report.about
    facts = {
        "统计期间": about["period"].replace("..", " 至 "),
        "统计截止": about["as_of"],
        "时限办法": about["policy"],
        "数据来源": _say_account(report.basis.account),
    }
    if about["calendar_warning"]:
        facts["工作日历"] = about["calendar_warning"]
    if about["outside"]:
        facts["期外工单"] = f"全县另有{about['outside']}件不在本期、上年同期和往期未回复之内，未列入"
    facts |= say_unread(report)
    return show(Markup("<h1>{}　{}</h1>").format(report.row, about["title"]), list_facts(facts))


def say_unread(report):
    """What of the export was not understood or not read: words no vocabulary knows, files passed over."""
    words = report.basis.unknown
    unknown = [f"{_name(column)}“{value}”" for column, value in words.itertuples(index=False)]
    notes = report.basis.account.loc[report.basis.account["note"].ne(""), ["file", "sheet", "note"]]
    passed = [
        f"{file} {sheet}：{told}".replace("  ", " ") for file, sheet, told in notes.itertuples(index=False)
    ]
    said = {"用词未识别": "、".join(unknown[:MOST_WORDS]), "读取说明": "；".join(passed[:MOST_WORDS])}
    return {name: words for name, words in said.items() if words}


def _name(column):
    return schema.label(column) if column in schema.BY_NAME else column


def _say_account(account):
    total = account.sum(numeric_only=True)
    logged = f" + 流转记录{total['events']}" if total["events"] else ""
    return (
        f"全县导出表读取{total['read']}行 = 工单{total['tickets']} + 拒收{total['refused']}"
        f" + 合并{total['merged']} + 剔出{total['left_out']}（合计行、重复表头、说明）{logged}"
    )


def summary(report):
    """The report in a few sentences; every figure opens its tickets."""
    scores = report.scores
    sentences = [_say_received(report), _say_rates(scores), _say_unknown(scores), _say_troubles(report)]
    carried = int(report.tickets["scope"].eq(schema.CARRIED).sum())
    if carried:
        opened = figure(carried, "往期受理、仍未回复", scope=[schema.CARRIED])
        sentences.append(Markup("另有往期受理、截至统计时仍未回复（含重办未回复）的{}件。").format(opened))
    return show(summarise(join(sentences)))


def _count_before(report):
    """How many tickets the same period of the year before had."""
    rows = report.compared.movements
    rows = rows[rows["unit"].eq(report.row) & rows["metric"].eq("受理件数") & rows["against"].eq(YEAR_BEFORE)]
    return int(rows["numerator_before"].fillna(0).sum())


def _say_received(report):
    received = report.scores.get("受理件数", {"metric": "受理件数", "numerator": 0})
    reason = report.about["not_compared"].get(YEAR_BEFORE)
    if reason:
        return Markup("本期受理{}件（{}：{}）。").format(count_figure(received), YEAR_BEFORE, reason)
    then = _count_before(report)
    change, relative, word = compare_counts(int(received["numerator"]), then)
    past = count_figure(received | {"numerator": then}, "上年同期", against=schema.BEFORE)
    size = "" if change == 0 or relative is None else f"{abs(change)}件（{percent(abs(relative))}）"
    compared = "" if relative is None else f"，同比{word}{size}"
    return Markup("本期受理{}件，上年同期{}件{}。").format(count_figure(received), past, compared)


def _say_rates(scores):
    """The leading variant of the families named in the summary; the table of metrics has them all."""
    leads = [variants[0].name for family, variants in lead_variants(scores).items() if family in SUMMED_UP]
    said = [join([name, rate_figure(scores[name])]) for name in leads if not pd.isna(scores[name]["rate"])]
    return join([join(said, "；"), "。"]) if said else ""


def _say_unknown(scores):
    """How many of this period's tickets nobody can call in time or late."""
    row = scores.get(UNTIMED_RATE)
    if row is None or not row["numerator"]:
        return ""
    counted, _ = find_sides(UNTIMED_RATE)
    opened = figure(int(row["numerator"]), schema.UNTIMED, **counted)
    return Markup("另有{}件已答复而时间不明，不作按期，也不作超期。").format(opened)


def _say_troubles(report):
    findings = report.findings[report.findings["ticket_id"].notna()]
    if findings.empty:
        return "未发现问题线索。"
    counts = findings.groupby(["rule", "rule_name"], sort=False)["ticket_id"].nunique()
    counts = counts.sort_values(ascending=False, kind="stable")
    said = [
        Markup("{}{}件").format(name, figure(count, name, rules=[rule]))
        for (rule, name), count in counts.head(MOST_RULES).items()
    ]
    rest = len(counts) - MOST_RULES
    more = f"，另有{rest}种见“问题线索”" if rest > 0 else ""
    red = findings.loc[findings["severity"].eq("红"), "ticket_id"].nunique()
    worst = Markup("红色{}件；").format(figure(red, "红色线索", colour=["红"])) if red else ""
    return join(["问题线索：", worst, join(said, "，"), more, "。"])
