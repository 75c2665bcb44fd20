"""What a report's notebook shows, one function a block. Every figure opens its tickets (`figures`).

All text is escaped where it becomes HTML.
"""

from html import escape

import pandas as pd
from IPython.display import HTML

from toolkit import schema
from toolkit.metrics import lead_variants
from toolkit.movement import YEAR_BEFORE
from toolkit.prepared import CARRIED
from toolkit.present.figures import figure, html_table, note, rate_figure
from toolkit.present.listing import PAST
from toolkit.present.metric_tables import metric_tables, score_cell, scores_of
from toolkit.score import compare_counts, percent

MOST_RULES = 6  # named in the summary; the table names them all
# The rates that stand side by side where places or counties do.
COMPARED = ["按期回复率（÷受理）", "按时办结率（÷应办结）", "满意率（÷评价）", "解决率（÷已表态）"]
SUMMED_UP = ["按期回复率", "回复率", "按时办结率", "办结率", "满意率", "解决率", "回访率", "满意办结率"]


def heading(prepared, report=None):
    """Whose report, which period, as of when, under which policy, and that no row of the export is lost."""
    about = prepared.about
    facts = {
        "统计期间": about["period"].replace("..", " 至 "),
        "统计截止": about["as_of"],
        "时限办法": about["policy"],
        "数据来源": _say_account(prepared.account),
    }
    if about["outside"]:
        facts["期外工单"] = f"全县另有{about['outside']}件不在本期、上年同期和往期未回复之内，未列入"
    lines = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in facts.items())
    return HTML(
        f'<h1>{escape(report or schema.COUNTY)}　{escape(about["title"])}</h1><dl class="facts">{lines}</dl>'
    )


def _say_account(account):
    total = account.sum(numeric_only=True)
    logged = f" + 流转记录{total['events']}" if total["events"] else ""
    return (
        f"全县导出表读取{total['read']}行 = 工单{total['tickets']} + 拒收{total['refused']}"
        f" + 合并{total['merged']} + 剔出{total['left_out']}（合计行、重复表头、说明）{logged}"
    )


def summary(prepared, report=None):
    """The report in a few sentences; every figure opens its tickets."""
    scores = scores_of(prepared.scorecard, report)
    before = scores_of(prepared.scorecard_before, report)
    sentences = [_say_received(scores, before, report), _say_rates(scores), _say_troubles(prepared, report)]
    carried = int(prepared.tickets["scope"].eq(CARRIED).sum())
    if carried:
        sentences.append(f"另有往期受理、截至统计时仍未回复的{figure(carried, scope=[CARRIED])}件。")
    return HTML(f'<p class="summary">{"".join(sentences)}</p>')


def _say_received(scores, before, report):
    now, then = (int(s["受理件数"]["numerator"]) if "受理件数" in s else 0 for s in (scores, before))
    change, relative, word = compare_counts(now, then)
    received = f"本期受理{figure(now, 受理件数=[1])}件，"
    past = figure(then, **{PAST[YEAR_BEFORE] + "受理件数": [1]})
    if relative is None:
        return f"{received}上年同期{past}件。"
    size = "" if change == 0 else f"{abs(change)}件（{percent(abs(relative))}）"
    return f"{received}上年同期{past}件，同比{word}{size}。"


def _say_rates(scores):
    """The leading variant of the families named in the summary; the table of metrics has them all."""
    leads = [variants[0].name for family, variants in lead_variants(scores).items() if family in SUMMED_UP]
    rows = [scores[name] for name in leads if not pd.isna(scores[name]["rate"])]
    said = [f"{escape(row['metric'])}{rate_figure(row)}" for row in rows]
    return "；".join(said) + "。" if said else ""


def _say_troubles(prepared, report):
    findings = prepared.findings[prepared.findings["ticket_id"].notna()]
    if findings.empty:
        return "未发现问题线索。"
    counts = findings.groupby(["rule", "rule_name"], sort=False)["ticket_id"].nunique()
    counts = counts.sort_values(ascending=False, kind="stable")
    said = [
        f"{escape(name)}{figure(n, rules=[rule])}件" for (rule, name), n in counts.head(MOST_RULES).items()
    ]
    rest = len(counts) - MOST_RULES
    more = f"，另有{rest}种见“问题线索”" if rest > 0 else ""
    red = findings.loc[findings["severity"].eq("红"), "ticket_id"].nunique()
    worst = f"红色{figure(red, colour=['红'])}件；" if red else ""
    return f"问题线索：{worst}{'，'.join(said)}{more}。"


def metrics_table(prepared, report):
    """The unit's metrics beside the county's, each with its definition, rival formulas folded beneath.

    The county's figures open on the county page.
    """
    link = '<p class="note">全县数字的工单见<a href="../county.html">全县通报</a>。</p>'
    return HTML(metric_tables(prepared, report) + link + _say_lacking(prepared))


def definitions(prepared):
    """The county's metrics, each with its definition, rival formulas folded beneath; figures open their tickets."""
    return HTML(metric_tables(prepared, None) + _say_lacking(prepared))


def _say_lacking(prepared):
    lacking = prepared.lacking
    if lacking.empty:
        return ""
    said = "；".join(f"{m}（缺{c}）" for m, c in zip(lacking["metric"], lacking["missing"], strict=True))
    return note(f"未计算的指标：{said}。")


def units_table(prepared, names):
    """Units side by side, group by group; each figure opens the unit's tickets, each name its report.

    names: the metrics shown. Units stand in the order of their names: this is no ranking.
    """
    scorecard = prepared.scorecard
    present = [name for name in names if name in set(scorecard["metric"])]
    rows = []
    for report, group in sorted(prepared.about["reports"].items(), key=lambda item: (item[1], item[0])):
        own = scores_of(scorecard, report)
        cells = [score_cell(own.get(name), report=[report]) for name in present]
        link = f'<a class="report" data-report="{escape(report)}">{escape(report)}</a>'
        rows.append([escape(group), link, *cells])
    return HTML(
        html_table(
            ["类别", "单位" if prepared.about["by"] == "unit" else "月份", *map(escape, present)], rows
        )
    )


def issues_table(prepared):
    """What was doubtful, repaired or refused in the export, by kind; rows with a ticket open it."""
    issues = prepared.issues
    if issues.empty:
        return HTML(note("数据未见疑点。"))
    kinds = {
        "refused": "拒收",
        "merged": "合并",
        "left_out": "剔出",
        "repaired": "已修正",
        "kept": "存疑保留",
    }
    groups = issues.fillna({"column": ""}).groupby(["kind", "check", "column"], sort=True)
    rows = []
    for (kind, check, column), part in groups:
        count = _issue_count(part, f"{check}:{column}") if kind in ("kept", "repaired") else f"{len(part)}行"
        label = schema.label(column) if column in schema.BY_NAME else column
        rows.append([kinds[kind], escape(check), escape(label), count, escape(_first_rows(part))])
    return HTML(html_table(["处理", "问题", "列", "数量", "所在行（前三处）"], rows))


def _issue_count(part, code):
    """Tickets of the report that open; those of other periods are only counted."""
    here = part.loc[part["report"].ne(""), "ticket_id"].nunique()
    elsewhere = part.loc[part["report"].eq(""), "ticket_id"].nunique()
    return f"{figure(here, issues=[code])}件" + (f"（另有期外{elsewhere}件）" if elsewhere else "")


def _first_rows(part):
    places = [
        f"{f} {s} 第{r}行".replace("  ", " ") for f, s, r in part[["file", "sheet", "row"]].head(3).values
    ]
    return "；".join(places)
