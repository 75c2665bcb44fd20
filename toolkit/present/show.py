"""What a report's notebook shows, one function a block. Every figure opens its tickets (`figures`).

All text is escaped where it becomes HTML.
"""

from html import escape

import pandas as pd
from IPython.display import HTML

from toolkit import schema
from toolkit.metrics import HANDLING, define, lead_variants
from toolkit.prepare import CARRIED
from toolkit.present.figures import count_figure, figure, html_table, rate_figure, rate_text
from toolkit.present.listing import PAST
from toolkit.score import compare_counts, count_text, percent

MOST_RULES = 6  # named in the summary; the table names them all
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
    scores = _scores(prepared.scorecard, report)
    before = _scores(prepared.scorecard_before, report)
    sentences = [_say_received(scores, before, report), _say_rates(scores), _say_troubles(prepared, report)]
    carried = int(prepared.tickets["scope"].eq(CARRIED).sum())
    if carried:
        sentences.append(f"另有往期受理、截至统计时仍未回复的{figure(carried, scope=[CARRIED])}件。")
    return HTML(f'<p class="summary">{"".join(sentences)}</p>')


def _scores(scorecard, report):
    """Metric → its row, of one unit or of the county."""
    rows = scorecard[scorecard["unit"].eq(report or schema.COUNTY)]
    return {row["metric"]: row for row in rows.to_dict("records")}


def _say_received(scores, before, report):
    now, then = (int(s["受理件数"]["numerator"]) if "受理件数" in s else 0 for s in (scores, before))
    change, relative, word = compare_counts(now, then)
    received = f"本期受理{figure(now, 受理件数=[1])}件，"
    past = figure(then, **{PAST + "受理件数": [1]})
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
    note = '<p class="note">全县数字的工单见<a href="../county.html">全县通报</a>。</p>'
    return HTML(_metric_tables(prepared, report) + note + _say_lacking(prepared))


def definitions(prepared):
    """The county's metrics, each with its definition, rival formulas folded beneath; figures open their tickets."""
    return HTML(_metric_tables(prepared, None) + _say_lacking(prepared))


def _metric_tables(prepared, report):
    """The leading variant of every family; under it, family by family, the rivals of the same name."""
    families = lead_variants(set(prepared.scorecard["metric"]))
    cells = _metric_cells(prepared, report)
    headings = ["指标", *(["本单位"] if report else []), "全县", "口径"]
    leads = [
        [escape(first.name), *cells[first.name], _say_definition(first, prepared)]
        for first, *_ in families.values()
    ]
    rivals = [
        _fold(
            family,
            html_table(
                [*headings, "来源"],
                [
                    [escape(m.name), *cells[m.name], _say_definition(m, prepared), escape(m.source)]
                    for m in variants
                ],
            ),
        )
        for family, variants in families.items()
        if len(variants) > 1
    ]
    return html_table(headings, [*leads, *_time_rows(prepared, report)]) + "".join(rivals)


def _metric_cells(prepared, report):
    """Metric → its cells: the unit's, which open their tickets, then the county's; or the county's alone."""
    with_excluded = prepared.scorecard_with_excluded
    own, own_kept = _scores(prepared.scorecard, report), _scores(with_excluded, report)
    county, county_kept = _scores(prepared.scorecard, None), _scores(with_excluded, None)
    return {
        name: [
            _score_cell(own.get(name), own_kept.get(name)),
            *([_county_cell(row, county_kept.get(name))] if report else []),
        ]
        for name, row in county.items()
    }


def _score_cell(row, kept=None, **where):
    """The figure with its interval; where exclusions change it, also the figure with the excluded tickets."""
    if row is None:
        return "—"
    if pd.isna(row["denominator"]):
        return count_figure(row, **where)
    cell = rate_figure(row, **where)
    if kept is not None:
        cell += _say_interval(row)
        if _differs(row, kept):
            cell += f"<br>含剔除件：{rate_figure(kept, with_excluded=True, **where)}"
    return cell


def _county_cell(row, kept):
    if pd.isna(row["denominator"]):
        return f"{count_text(row['numerator'])}件"
    also = f"<br>含剔除件：{rate_text(kept)}" if _differs(row, kept) else ""
    return rate_text(row) + _say_interval(row) + also


def _say_interval(row):
    if pd.isna(row["low"]):
        return ""
    return f'<br><span class="note">95%区间{percent(row["low"])}—{percent(row["high"])}</span>'


def _differs(row, kept):
    return kept is not None and row["denominator"] != kept["denominator"]


def _say_definition(metric, prepared):
    caution = f"（{metric.caution}）" if metric.caution else ""
    return escape(define(metric, prepared.about["answered_by"]) + caution)


def _fold(family, table):
    return f"<details><summary>同名指标的不同口径：{escape(family)}</summary>{table}</details>"


def _time_rows(prepared, report):
    """How long it took: median, P90, shares within so many working days, as rows of the table of metrics."""
    taken = prepared.times.set_index("unit")
    if schema.COUNTY not in taken.index:
        return []
    answered_by = prepared.about["answered_by"]
    answer, units = schema.ANSWERS[answered_by], [*([report] if report else []), schema.COUNTY]
    said = {"median_days": "办理用时中位数", "p90_days": "办理用时（九成件以内，P90）"}
    within = [name for name in taken if name.startswith("within_")]
    said |= {name: f"{name.split('_')[1]}个工作日内{answer}的比例" for name in within}
    sentences = [escape(define(HANDLING, answered_by)), *["同上"] * (len(said) - 1)]
    return [
        [name, *(_time_cell(taken, unit, column, answer, unit == units[0]) for unit in units), sentence]
        for (column, name), sentence in zip(said.items(), sentences, strict=True)
    ]


def _time_cell(taken, unit, column, answer, opens):
    """7个工作日（已回复25件、未回复9件）: on their own page the two numbers open their tickets."""
    if unit not in taken.index:
        return "—"
    row = taken.loc[unit]
    known = not pd.isna(row[column])
    text = f"{row[column]}个工作日" if known else "未达到"
    text = percent(row[column]) if column.startswith("within_") else text
    counts = {f"已{answer}": (row["answered"], 1), f"未{answer}": (row["still_open"], 0)}
    shown = [
        f"{word}{figure(count, **{HANDLING.name: [value]}) if opens else count}件"
        for word, (count, value) in counts.items()
    ]
    return f"{text}（{'、'.join(shown)}）"


def _say_lacking(prepared):
    lacking = prepared.lacking
    if lacking.empty:
        return ""
    said = "；".join(f"{m}（缺{c}）" for m, c in zip(lacking["metric"], lacking["missing"], strict=True))
    return f'<p class="note">未计算的指标：{escape(said)}。</p>'


def units_table(prepared, names):
    """Units side by side, group by group; each figure opens the unit's tickets, each name its report.

    names: the metrics shown. Units stand in the order of their names: this is no ranking.
    """
    scorecard = prepared.scorecard
    present = [name for name in names if name in set(scorecard["metric"])]
    rows = []
    for report, group in sorted(prepared.about["reports"].items(), key=lambda item: (item[1], item[0])):
        own = _scores(scorecard, report)
        cells = [_score_cell(own.get(name), report=[report]) for name in present]
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
        return HTML('<p class="note">数据未见疑点。</p>')
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
