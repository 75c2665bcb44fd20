"""The live drill-down: choose unit, category, stage, state and finding; chart, tickets and ticket follow.

What is explored are the tickets of this period and those carried over: the ones that findings are about.
Nothing is judged here. Ticket text is escaped here, or by itables, before a browser sees it.
"""

from html import escape

import ipywidgets as widgets
import numpy as np
import pandas as pd
from itables.widget import ITable

from toolkit import schema
from toolkit.prepare import BEFORE, CARRIED, NOW
from toolkit.present.charts import STATE_COLOURS, state_bars
from toolkit.present.ticket import describe_ticket

FILTERS = {
    "unit": "承办单位",
    "category": "问题分类",
    "stage": "办理环节",
    "state": "时限状态",
    "rule": "问题线索",
}
STAGES = ["待签收", "待联系或办理中", "已回复", "已回访", "已办结", "已作废"]
MOST_URGENT_FIRST = [
    *[schema.OVERDUE, schema.PENDING, schema.NO_DUE, schema.LATE, schema.ON_TIME, schema.VOID],
]
BLANK = "（未填）"
MOST = 2000  # rows handed to the browser; the note beside the table says how many there are
HINT = '<p style="color:#777">点选表中一件工单，在此查看办理时间、线索依据、诉求与回复。</p>'
TABLE = {
    "select": "single",
    "showIndex": False,
    "maxBytes": 0,
    "order": [],
    "pageLength": 10,
    "lengthMenu": [10, 25, 50, 100],
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


def choose_tickets(prepared, unit=None, category=None, stage=None, state=None, rule=None):
    """The tickets of this period and those carried over that meet every choice, most urgent first.

    category: a path or the beginning of one (城乡建设, 城乡建设/供水); stage: a word of STAGES;
    state: a word of schema.DUE_STATES; rule: a finding's name. None chooses all.
    Reads the tickets' columns after `clock`, and `ticket_id`, `rule_name` of the findings.
    """
    tickets = list_watched(prepared)
    members = find_members(prepared, tickets)
    choices = {"unit": unit, "category": category, "stage": stage, "state": state, "rule": rule}
    return tickets[meet(members, choices, len(tickets))].reset_index(drop=True)


def list_watched(prepared):
    """The tickets findings are about, most urgent first, with `stage`; reads scope, due_state, due_at."""
    tickets = prepared.tickets[prepared.tickets["scope"].isin([NOW, CARRIED])]
    rank = tickets["due_state"].map({state: place for place, state in enumerate(MOST_URGENT_FIRST)})
    stage = find_stage(tickets, pd.Timestamp(prepared.about["as_of"]))
    ordered = tickets.assign(stage=stage, rank=rank).sort_values(["rank", "due_at", "ticket_id"])
    return ordered.drop(columns="rank").reset_index(drop=True)


def find_stage(tickets, as_of):
    """How far each ticket had come at as_of, as far as its time columns say: a word of STAGES."""
    closed, visited, replied, fed_back, signed, contacted = (
        tickets[name].le(as_of)
        for name in ["closed_at", "visited_at", "replied_at", "fed_back_at", "signed_at", "first_contact_at"]
    )
    # Where no ticket has a signing time, the export does not say who has yet to sign.
    begun = signed | contacted | tickets["signed_at"].isna().all()
    reached = [
        (tickets["due_state"].eq(schema.VOID), "已作废"),
        (closed, "已办结"),
        (visited, "已回访"),
        (replied | fed_back | tickets["answered_at"].notna(), "已回复"),
        (begun, "待联系或办理中"),
    ]
    words = np.select([when for when, _ in reached], [word for _, word in reached], "待签收")
    return pd.Series(words, index=tickets.index, dtype="str")


def find_members(prepared, tickets):
    """Filter → its options, one entry per ticket and option, indexed by the ticket's place in `tickets`."""
    paths = tickets["category"].fillna(BLANK)
    levels = paths.map({path: _levels(path) for path in paths.unique()}).explode()
    places = pd.Series(tickets.index, index=tickets["ticket_id"])
    found = prepared.findings[["ticket_id", "rule_name"]].drop_duplicates()
    found = found[found["ticket_id"].isin(places.index)]
    rules = found["rule_name"].set_axis(found["ticket_id"].map(places))
    units = tickets["unit"].fillna(schema.NO_UNIT)
    return {
        "unit": _in_order(units, list(units.value_counts().index)),
        "category": _in_order(levels, _order_paths(levels.value_counts())),
        "stage": _in_order(tickets["stage"], STAGES),
        "state": _in_order(tickets["due_state"], schema.DUE_STATES),
        "rule": _in_order(rules, list(prepared.rules["rule_name"])),
    }


def _levels(path):
    """城乡建设/供水 → 城乡建设, 城乡建设/供水."""
    parts = path.split("/")
    return ["/".join(parts[: depth + 1]) for depth in range(len(parts))]


def _order_paths(counts):
    """Paths with the most tickets first, each followed by those beneath it."""
    return sorted(counts.index, key=lambda path: [(-counts[level], level) for level in _levels(path)])


def _in_order(values, options):
    return values.astype(pd.CategoricalDtype(options))


def meet(members, choices, count):
    """Which of `count` tickets meet every choice, as a mask."""
    mask = np.ones(count, dtype=bool)
    for name, choice in choices.items():
        if choice is not None:
            met = np.zeros(count, dtype=bool)
            met[members[name].index[members[name].eq(choice)]] = True
            mask &= met
    return mask


def count_options(members, choices, count):
    """Filter → number of tickets of each option, under the choices made in the other filters."""
    counts = {}
    for name, options in members.items():
        mask = meet(members, {**choices, name: None}, count)
        met = options[mask[options.index]].value_counts(sort=False)
        counts[name] = {"": int(mask.sum()), **met[met.gt(0) | (met.index == choices[name])].to_dict()}
    return counts


# --- the widgets -----------------------------------------------------------------------------------


def explore(prepared):
    """The drill-down as one widget; choices, chart, tickets and the opened ticket follow each other."""
    tickets = list_watched(prepared)
    members = find_members(prepared, tickets)
    filters = {name: _dropdown(label) for name, label in FILTERS.items()}
    reset = widgets.Button(description="清除条件", icon="undo", layout={"width": "9em"})
    summary, note, ticket = widgets.HTML(), widgets.HTML(), widgets.HTML(HINT)
    chart, table = widgets.Output(), ITable(_list_rows(tickets, members), **TABLE)
    following = []  # filled while the options are being renewed, so that this does not start another round

    def follow(_=None):
        if following:
            return
        choices = {name: dropdown.value or None for name, dropdown in filters.items()}
        following.append(True)
        for name, counts in count_options(members, choices, len(tickets)).items():
            _offer(filters[name], counts, choices[name])
        following.clear()
        chosen = tickets[meet(members, choices, len(tickets))]
        summary.value = summarise(chosen, prepared, choices)
        note.value = _say_listed(len(chosen))
        chart.outputs = _draw(chosen, choices)
        table.update(_list_rows(chosen, members), selected_rows=[], **TABLE)
        ticket.value = HINT

    def clear(_):
        following.append(True)
        for dropdown in filters.values():
            dropdown.value = ""
        following.clear()
        follow()

    def open_ticket(change):
        chosen = table.df[schema.label("ticket_id")].iloc[change["new"]]
        ticket.value = describe_ticket(prepared, chosen.iloc[0]) if len(chosen) else HINT

    follow()
    for dropdown in filters.values():
        dropdown.observe(follow, "value")
    reset.on_click(clear)
    table.observe(open_ticket, "selected_rows")
    choosing = widgets.HBox([*filters.values(), reset], layout={"flex_flow": "row wrap"})
    scope = widgets.HTML(_say_scope(prepared))
    return widgets.VBox([choosing, summary, chart, note, table, ticket, scope])


def _dropdown(label):
    return widgets.Dropdown(
        description=label,
        options=[("全部", "")],
        style={"description_width": "5em"},
        layout={"width": "24em", "margin": "2px 12px 2px 0"},
    )


def _offer(dropdown, counts, choice):
    """Give a dropdown its options with their counts, in one message, and keep what is chosen."""
    options = [
        (f"{'　' * option.count('/')}{option or '全部'}（{count}）", option)
        for option, count in counts.items()
    ]
    if options != list(dropdown.options):
        with dropdown.hold_sync():
            dropdown.options = options
            dropdown.value = choice or ""


def _draw(chosen, choices):
    """The chart as an Output's data: set, not printed, so that none lingers and none needs a cell."""
    if chosen.empty:
        return ()
    column = "category" if choices["unit"] else "unit"
    title = f"{choices['unit']}：各类问题的办理时限" if choices["unit"] else "各单位的办理时限"
    bundle = state_bars(chosen, column, title)._repr_mimebundle_()
    return ({"output_type": "display_data", "data": bundle, "metadata": {}},)


def summarise(chosen, prepared, choices):
    """The selection in one line: what is chosen, how many tickets, of which state, how many with findings."""
    said = "，".join(escape(choice) for choice in choices.values() if choice) or "全部工单"
    if chosen.empty:
        return f"<p><b>{said}</b>：没有符合条件的工单，请放宽条件。</p>"
    counts = chosen["due_state"].value_counts().reindex(schema.DUE_STATES).dropna()
    states = "，".join(
        f'<span style="border-left:.8em solid {STATE_COLOURS[state]};padding-left:.3em">{state}{n:.0f}件</span>'
        for state, n in counts.items()
    )
    carried = int(chosen["scope"].eq(CARRIED).sum())
    past = f"（含往期未回复{carried}件）" if carried else ""
    flagged = int(chosen["ticket_id"].isin(prepared.findings["ticket_id"]).sum())
    return f"<p><b>{said}</b>：<b>{len(chosen)}件</b>{past}，其中{states}；有问题线索{flagged}件。</p>"


def _say_listed(count):
    if count <= MOST:
        return f"<p>工单{count}件，最急的在前：</p>"
    return f"<p>工单{count}件，表中为最急的{MOST}件（搜索、排序也只在其中）；缩小条件可看到其余。</p>"


def _say_scope(prepared):
    scopes = prepared.tickets["scope"].value_counts()
    said = "、".join(f"{name}{scopes.get(name, 0)}件" for name in (NOW, CARRIED))
    lacking = prepared.rules[~prepared.rules["evaluated"]]
    missing = "；".join(f"{escape(r.rule_name)}（缺{escape(r.missing)}）" for r in lacking.itertuples())
    return (
        f'<p style="color:#777">范围：{said}；{BEFORE}{scopes.get(BEFORE, 0)}件只作比较，不在其内。'
        f"统计截止：{escape(prepared.about['as_of'])}。"
        f"{f'未评估的线索：{missing}。' if missing else ''}</p>"
    )


def _list_rows(chosen, members):
    """The table people read: Chinese headings, the most urgent MOST tickets, times to the minute."""
    listed = chosen.head(MOST)
    said = listed["title"].fillna(listed["content"].str.slice(0, 40))
    rules = members["rule"][members["rule"].index.isin(listed.index)].astype("str")
    rows = pd.DataFrame(
        {
            **{name: listed[name].fillna("") for name in ["ticket_id", "unit"]},
            "title": said.fillna(""),
            "category": listed["category"].fillna(BLANK),
            "due_at": listed["due_at"].dt.strftime("%Y-%m-%d %H:%M").fillna(""),
            "due_state": listed["due_state"],
            "overdue_days": listed["overdue_days"].astype("str").fillna(""),
            "办理环节": listed["stage"],
            "问题线索": rules.groupby(level=0).agg("、".join).reindex(listed.index).fillna(""),
        }
    )
    return schema.labelled(rows)
