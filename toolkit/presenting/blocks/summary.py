"""What a report's notebook shows, one function a block. Every figure opens its tickets (`figures`).

All text is escaped where it becomes HTML.
"""

from html import escape

import pandas as pd
from IPython.display import HTML

from toolkit import schema
from toolkit.comparing.movement import YEAR_BEFORE
from toolkit.presenting.blocks.metrics import SUMMED_UP, scores_of
from toolkit.presenting.figures import figure, rate_figure
from toolkit.presenting.listing import PAST
from toolkit.rounding import compare_counts, percent
from toolkit.schema import CARRIED
from toolkit.scoring.catalogue import lead_variants

MOST_RULES = 6  # named in the summary; the table names them all


def heading(prepared, report=None):
    """Whose report, which period, as of when, under which policy, and that no row of the export is lost."""
    about = prepared.about
    facts = {
        "统计期间": about["period"].replace("..", " 至 "),
        "统计截止": about["as_of"],
        "时限办法": about["policy"],
        "数据来源": _say_account(prepared.account),
    }
    if about["calendar_warning"]:
        facts["工作日历"] = about["calendar_warning"]
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
