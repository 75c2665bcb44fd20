"""The live drill-down: choose unit, category, stage, state or finding; chart, table and ticket follow.

Which tickets meet the choices is said in `choose`; here it is shown. Ticket text is escaped here, or by
itables, before a browser sees it.
"""

from html import escape

import altair as alt
import ipywidgets as widgets
import pandas as pd
from itables.widget import ITable

from toolkit import schema
from toolkit.presenting.charts import STATE_COLOURS, state_bars
from toolkit.presenting.choose import choose_tickets, count_options, find_options, list_watched, meet
from toolkit.schema import BEFORE, BLANK, CARRIED, NOW, STAGES

__all__ = ["choose_tickets", "describe_ticket", "explore"]

STAGE, RULES = "办理环节", "问题线索"
FILTERS = {
    "unit": schema.label("unit"),
    "category": schema.label("category"),
    "stage": STAGE,
    "state": schema.label("due_state"),
    "rule": RULES,
}
MOST = 2000  # rows handed to the browser; the line above the table says when there are more
HINT = '<p style="color:#777">点选表中一件工单，在此查看办理时间、线索依据、诉求与回复。</p>'
TABLE = {
    "select": "single",
    "showIndex": False,
    "maxBytes": 0,
    "order": [],
    "text_in_header_can_be_selected": False,  # so that a click anywhere on a heading sorts
    "autoWidth": False,
    "columnDefs": [
        {"targets": [0, 4, 5, 6], "className": "dt-left dt-nowrap dt-head-nowrap"},
        {"targets": [1, 2, 3, 7, 8], "className": "dt-left dt-head-nowrap"},
        {"targets": 2, "width": "28%"},
    ],
    "classes": "display compact",
    "style": "width:100%;table-layout:auto;margin:0",
    "language": {
        "search": "搜索：",
        "lengthMenu": "每页 _MENU_ 件",
        "info": "第 _START_ 至 _END_ 件，共 _TOTAL_ 件",
        "infoEmpty": "共 0 件",
        "infoFiltered": "（自 _MAX_ 件中搜得）",
        "zeroRecords": "没有符合条件的工单",
        "emptyTable": "没有符合条件的工单",
        "select": {"rows": {"_": "", "0": "", "1": ""}},
    },
}


def explore(report):
    """The drill-down as one widget; choices, chart, tickets and the opened ticket follow each other."""
    tickets = list_watched(report)
    options = find_options(report, tickets)
    filters = {name: _dropdown(label) for name, label in FILTERS.items()}
    reset = widgets.Button(description="清除条件", icon="undo", layout={"width": "8em"})
    summary, note, ticket, chart = widgets.HTML(), widgets.HTML(), widgets.HTML(), widgets.Output()
    table = ITable(_list_rows(tickets.head(0), options), **TABLE)

    def follow(_=None):
        choices = {name: dropdown.value or None for name, dropdown in filters.items()}
        set_quietly(count_options(options, choices, len(tickets)), choices)
        chosen = tickets[meet(options, choices, len(tickets))]
        table.update(_list_rows(chosen, options), selected_rows=[], **TABLE)
        summary.value = _summarise(chosen, options["rule"].index, choices)
        chart.outputs = _draw(chosen, choices["unit"])
        note.value = _say_listed(len(chosen))
        ticket.value = HINT

    def set_quietly(counts, choices):
        """Renew every dropdown without starting another round."""
        for name, dropdown in filters.items():
            dropdown.unobserve(follow, "value")
            _offer(dropdown, counts[name], choices[name] or "")
            dropdown.observe(follow, "value")

    def clear(_):
        none = dict.fromkeys(filters)
        set_quietly(count_options(options, none, len(tickets)), none)
        follow()

    def open_ticket(change):
        ids = table.df[schema.label("ticket_id")].iloc[change["new"]]
        ticket.value = describe_ticket(report, ids.iloc[0]) if len(ids) else HINT

    for dropdown in filters.values():
        dropdown.observe(follow, "value")
    reset.on_click(clear)
    table.observe(open_ticket, "selected_rows")
    follow()
    choosing = widgets.HBox([*filters.values(), reset], layout={"flex_flow": "row wrap"})
    scope = widgets.HTML(_say_scope(report))
    return widgets.VBox([choosing, summary, chart, note, table, ticket, scope])


def _dropdown(label):
    return widgets.Dropdown(
        description=label,
        options=[("全部", "")],
        style={"description_width": "5em"},
        layout={"width": "25em", "margin": "2px 16px 2px 0"},
    )


def _offer(dropdown, counts, choice):
    """Give a dropdown its options with their counts, in one message, and keep what is chosen."""
    with dropdown.hold_sync():
        dropdown.options = [
            (f"{'　' * option.count('/')}{option or '全部'}（{count}）", option)
            for option, count in counts.items()
        ]
        dropdown.value = choice


def _draw(chosen, unit):
    """The chart as an Output's data: set, not printed, so that no old one lingers."""
    if chosen.empty:
        return ()
    column, title = ("category", f"{unit}：各类问题的办理时限") if unit else ("unit", "各单位的办理时限")
    chart = state_bars(chosen, column, title)
    chart.encoding.href = alt.Undefined  # a page's address leads nowhere in JupyterLab
    bundle = chart._repr_mimebundle_()
    return ({"output_type": "display_data", "data": bundle, "metadata": {}},)


def _summarise(chosen, flagged, choices):
    """The selection in one line: what is chosen, how many tickets, of which state, how many with findings."""
    said = "，".join(escape(choice) for choice in choices.values() if choice) or "全部工单"
    if chosen.empty:
        return f"<p><b>{said}</b>：没有符合条件的工单，请放宽条件。</p>"
    counts = chosen["due_state"].value_counts()
    states = "、".join(
        f'<span style="border-left:.8em solid {colour};padding-left:.2em;margin-left:.3em">{state}{counts[state]}件</span>'
        for state, colour in STATE_COLOURS.items()
        if state in counts
    )
    carried = int(chosen["scope"].eq(CARRIED).sum())
    past = f"（含{CARRIED}{carried}件）" if carried else ""
    return f"<p><b>{said}</b>：<b>{len(chosen)}件</b>{past}，其中{states}；有问题线索{chosen.index.isin(flagged).sum()}件。</p>"


def _say_listed(count):
    if count > MOST:
        return f"<p>工单{count}件，表中为最急的{MOST}件，搜索、排序只在其中；缩小条件可见其余。</p>"
    return f"<p>工单{count}件，最急的在前。</p>" if count else ""


def _say_scope(report):
    """Which tickets are explored and which are not, as of when, and the rules that were not evaluated."""
    scopes = report.tickets["scope"].value_counts()
    counts = {name: f"{name}{scopes.get(name, 0)}件" for name in (NOW, CARRIED, BEFORE)}
    lacking = report.basis.rules[~report.basis.rules["evaluated"]]
    missing = "；".join(f"{rule.rule_name}（缺{rule.missing}）" for rule in lacking.itertuples())
    said = f"范围：{counts[NOW]}、{counts[CARRIED]}；{counts[BEFORE]}只作比较，不在其内。"
    said += f"统计截止：{report.about['as_of']}。" + (f"未评估的线索：{missing}。" if missing else "")
    return f'<p style="color:#777">{escape(said)}</p>'


def _list_rows(chosen, options):
    """The table people read: Chinese headings, the most urgent MOST tickets, times to the minute."""
    listed = chosen.head(MOST)
    rules = options["rule"][options["rule"].index.isin(listed.index)].astype("str")
    rows = listed[["ticket_id", "unit", "title", "category", "due_at", "due_state", "overdue_days"]].assign(
        unit=listed["unit"].fillna(schema.NO_UNIT),
        title=listed["title"].fillna(listed["content"].str.slice(0, 40)).fillna(BLANK),
        category=listed["category"].fillna(BLANK),
        due_at=listed["due_at"].dt.strftime("%Y-%m-%d %H:%M").fillna(""),
        **{STAGE: listed["stage"].astype("str"), RULES: rules.groupby(level=0).agg("、".join)},
    )
    return schema.labelled(rows.fillna({RULES: ""}))


# --- one ticket ------------------------------------------------------------------------------------


def describe_ticket(report, ticket_id):
    """One ticket as HTML: its times in order with the due time marked, evidence, content and reply."""
    found = report.tickets[report.tickets["ticket_id"].eq(ticket_id)]
    if found.empty:
        return f"<p>没有编号为{escape(str(ticket_id))}的工单。</p>"
    ticket = found.iloc[0]
    texts = {name: "" if pd.isna(ticket[name]) else escape(str(ticket[name])) for name in found}
    findings = report.findings[report.findings["ticket_id"].eq(ticket_id)]
    evidence = [
        f"<li><b>{escape(f.severity)}　{escape(f.rule_name)}</b>：{escape(f.evidence)}</li>"
        for f in findings.itertuples()
    ]
    facts = "　".join(
        f"{schema.label(name)}：{texts[name] or BLANK}" for name in ["unit", "category", "type", "status"]
    )
    words = [
        f'<b>{schema.label(name)}</b><p style="white-space:pre-wrap;margin:0 0 8px">{texts[name] or BLANK}</p>'
        for name in ["due_explained", "content", "reply"]
    ]
    return f"""<div style="border:1px solid #bbb;padding:8px 16px;line-height:1.6">
<b style="font-size:1.2em">{texts["ticket_id"]}　{texts["title"]}</b><p>{facts}</p>
<div style="display:flex;flex-wrap:wrap;gap:8px 40px"><div>{_timeline(ticket, report.about["as_of"])}</div>
<div style="flex:1;min-width:24em">{words[0]}<b>{RULES}</b><ul>{"".join(evidence) or "<li>无</li>"}</ul>{words[1]}{words[2]}</div>
</div></div>"""


def _timeline(ticket, as_of):
    """The stages in the order of their times, the due time and the cut-off where they fall."""
    as_of = pd.Timestamp(as_of)
    stages = [
        (ticket[name], schema.label(name), "晚于统计截止，不计" if ticket[name] > as_of else "", "")
        for name in STAGES
    ]
    mark = f' style="font-weight:bold;color:{STATE_COLOURS[schema.OVERDUE]}"'
    entries = [
        *stages,
        (ticket["due_at"], schema.label("due_at"), ticket["due_state"], mark),
        (as_of, "统计截止", "", ""),
    ]
    known = sorted((entry for entry in entries if pd.notna(entry[0])), key=lambda entry: entry[0])
    rows = "".join(
        f"<tr{style}><td>{at:%Y-%m-%d %H:%M}</td><td>{label}</td><td>{note}</td></tr>"
        for at, label, note, style in known
    )
    missing = "、".join(label for at, label, *_ in entries if pd.isna(at))
    return f"<b>办理时间</b><table>{rows}</table>" + (f"<p>无记录：{missing}</p>" if missing else "")
