"""What a report's notebook shows, one function a block. Every figure is a link that carries its tickets.

A figure's link holds a condition on the report's ticket table: `{"due_state": ["超期未回复"]}` means the
tickets whose due_state is that word. The page's script applies it; nothing is counted there. A metric is
a column of that table too: 1 in the numerator, 0 in the denominator only (`metrics.count_members`).
All text is escaped here, and only here.
"""

import json
from html import escape
from urllib.parse import quote

import pandas as pd
from IPython.display import HTML

from toolkit import schema
from toolkit.prepare import CARRIED, NOW
from toolkit.present.listing import PAST
from toolkit.rule import SEVERITIES
from toolkit.score import compare_counts, percent

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


def figure(text, page="", **where):
    """A figure that opens its tickets: those that meet every condition, on this page or on the one named."""
    condition = json.dumps(where, ensure_ascii=False, sort_keys=True)
    address = f"{page}#where={quote(condition)}"
    return f'<a class="figure" href="{escape(address)}">{escape(str(text))}</a>'


def rate_figure(score, page="", **where):
    """91.6%（456/498）: the rate and 456 open the numerator, 498 the denominator."""
    if pd.isna(score["rate"]):
        return "—（无相应工单）"
    counted, among = (where | {score["metric"]: values} for values in ([1], [0, 1]))
    rate, numerator = (figure(text, page, **counted) for text in (percent(score["rate"]), score["numerator"]))
    return f"{rate}（{numerator}/{figure(score['denominator'], page, **among)}）"


def count_figure(score, **where):
    """23: opens the tickets it counts."""
    return figure(score["numerator"], **{score["metric"]: [1]}, **where)


def rate_text(score):
    """91.6%（456/498）as plain words, for a figure whose tickets another page holds."""
    return (
        "—"
        if pd.isna(score["rate"])
        else f"{percent(score['rate'])}（{score['numerator']}/{score['denominator']}）"
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
    rates = [row for row in scores.values() if not pd.isna(row["rate"])]
    said = [f"{escape(row['metric'])}{rate_figure(row)}" for row in rates]
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


def due_times(prepared):
    """What falls due when, by colour, across holidays; and where the platform's due times differ from ours."""
    tickets = prepared.tickets
    overdue, pending = (tickets[tickets["due_state"].eq(s)] for s in (schema.OVERDUE, schema.PENDING))
    rows = [_warning_row("已超期未回复", overdue, due_state=[schema.OVERDUE])]
    for left, day in enumerate([prepared.about["as_of"], *prepared.about["days_ahead"]]):
        name = f"第{left}个工作日（{_month_day(day)}）到期" if left else f"当日（{_month_day(day)}）到期"
        part = pending[pending["left_days"].eq(left).fillna(False)]
        rows.append(_warning_row(name, part, due_state=[schema.PENDING], left_days=[left]))
    notes = [_say_compared(tickets[tickets["scope"].eq(NOW)]), *_say_notes(tickets)]
    said = "".join(f'<p class="note">{note}</p>' for note in notes if note)
    return HTML(html_table(["办理期限", "件数", *SEVERITIES], rows) + said)


def _month_day(day):
    return f"{pd.Timestamp(day).month}月{pd.Timestamp(day).day}日"


def _warning_row(name, tickets, **where):
    """How many, and how many of each colour; those without a warning are in the number only."""
    counts = tickets["warning"].value_counts()
    cells = [figure(counts[c], warning=[c], **where) if c in counts else "" for c in SEVERITIES]
    return [name, figure(len(tickets), **where) if len(tickets) else "0", *cells]


def _say_compared(now):
    """How the platform's due times compare with the policy's."""
    counts = now["due_compared"].value_counts()
    words = [word for word in (schema.SAME_DUE, schema.EARLIER_DUE, schema.LATER_DUE) if word in counts]
    said = [f"{word}{figure(counts[word], scope=[NOW], due_compared=[word])}件" for word in words]
    return f"本期平台截止时间与本办法相比：{'，'.join(said)}。" if said else ""


def _say_notes(tickets):
    """What is to be known about due times, with the tickets it holds for."""
    return [
        f"{escape(note)}：{figure(n, due_note=[note])}件。"
        for note, n in tickets["due_note"].value_counts().items()
    ]


def holding_table(prepared):
    """How long each unit held the tickets, stay by stay, as the flow log has it."""
    legs = prepared.legs
    if legs.empty:
        return HTML('<p class="note">没有流转记录，各单位持有时间未计。</p>')
    named = legs.assign(unit=legs["unit"].fillna(schema.NO_UNIT))
    groups = named.groupby("unit").agg(
        tickets=("ticket_id", "nunique"),
        legs=("leg", "size"),
        hours=("held_hours", "sum"),
        median=("held_hours", "median"),
    )
    rows = [
        [
            escape(unit),
            figure(one.tickets, held_by=[unit]),
            f"{one.legs:.0f}",
            f"{one.hours:.1f}",
            f"{one['median']:.1f}",
        ]
        for unit, one in groups.iterrows()
    ]
    headings = ["持有单位", "件数", "经手次数", "持有时间合计（工作小时）", "每次中位数（工作小时）"]
    return HTML(html_table(headings, rows))


def metrics_table(prepared, report):
    """Each metric of the unit beside the county's, with its definition. The county's opens on the county page."""
    own, county = _scores(prepared.scorecard, report), _scores(prepared.scorecard, None)
    rows = [
        [escape(name), _score_cell(own.get(name)), _county_cell(row), escape(row["definition"])]
        for name, row in county.items()
    ]
    note = '<p class="note">全县数字的工单见<a href="../county.html">全县通报</a>。</p>'
    lacking = _say_lacking(prepared)
    return HTML(html_table(["指标", "本单位", "全县", "口径"], rows) + note + lacking)


def definitions(prepared):
    """Each metric of the county with its definition; the figures open their tickets."""
    rows = [
        [escape(name), _score_cell(row), escape(row["definition"])]
        for name, row in _scores(prepared.scorecard, None).items()
    ]
    return HTML(html_table(["指标", "全县", "口径"], rows) + _say_lacking(prepared))


def _score_cell(row, **where):
    if row is None:
        return "—"
    return count_figure(row, **where) if pd.isna(row["denominator"]) else rate_figure(row, **where)


def _county_cell(row):
    return f"{row['numerator']}件" if pd.isna(row["denominator"]) else rate_text(row)


def _say_lacking(prepared):
    lacking = prepared.lacking
    if lacking.empty:
        return ""
    said = "；".join(f"{m}（缺{c}）" for m, c in zip(lacking["metric"], lacking["missing"], strict=True))
    return f'<p class="note">未计算的指标：{escape(said)}。</p>'


def findings_table(prepared):
    """Each rule: how many tickets break it, by urgency, and what it says; rules not evaluated are named."""
    findings = prepared.findings[prepared.findings["ticket_id"].notna()]
    counts = pd.crosstab(findings["rule"], findings["severity"])
    entries = [entry for entry in prepared.rules.to_dict("records") if entry["about"] == "ticket"]
    rows = [_finding_row(entry, counts) for entry in entries]
    return HTML(html_table(["类别", "线索", "件数", *SEVERITIES, "规则"], rows))


def unit_findings_table(prepared):
    """What was found about units, townships and topics as a whole, each with the tickets it rests on."""
    findings = prepared.findings[prepared.findings["ticket_id"].isna()]
    entries = prepared.rules[prepared.rules["about"].eq("unit")].set_index("rule")
    rows = [
        [
            escape(found.rule_name),
            escape(found.unit),
            found.severity,
            escape(found.evidence) + ("（供人工复核）" if entries.loc[found.rule, "asks_review"] else ""),
            figure(len(found.rests_on), rests_on=[f"{found.rule}@{found.unit}"]) + "件",
        ]
        for found in findings.itertuples()
    ]
    missing = entries[~entries["evaluated"]]
    said = "；".join(
        f"{name}（缺{lacks}）" for name, lacks in zip(missing["rule_name"], missing["missing"], strict=True)
    )
    note = f'<p class="note">未评估：{escape(said)}。</p>' if said else ""
    if not rows:
        return HTML(f'<p class="note">没有单位和专题线索。</p>{note}')
    return HTML(html_table(["线索", "单位或专题", "预警", "依据", "所涉工单"], rows) + note)


def _finding_row(entry, counts):
    code, head = entry["rule"], [escape(entry["group"]), escape(entry["rule_name"])]
    tail = [escape(entry["sentence"]) + ("（供人工复核）" if entry["asks_review"] else "")]
    if not entry["evaluated"]:
        return [*head, f"未评估：缺{escape(entry['missing'])}", *[""] * len(SEVERITIES), *tail]
    found = counts.loc[code] if code in counts.index else pd.Series(dtype=int)
    total = figure(found.sum(), rules=[code]) if len(found) else "0"
    by_colour = [
        figure(found[colour], severities=[f"{code}:{colour}"]) if found.get(colour) else ""
        for colour in SEVERITIES
    ]
    return [*head, total, *by_colour, *tail]


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


def html_table(headings, rows):
    """A plain table; cells are HTML already."""
    head = "".join(f"<th>{name}</th>" for name in headings)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<table class="plain"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
