"""Charts: one function each; a small frame in, an Altair chart out, and every bar opens its tickets.

Importing this module makes Altair charts show in JupyterLab and on the offline page alike: they are
emitted as plain Vega-Lite data, with no script and no address.
"""

import json

import altair as alt

from toolkit import schema

VEGA_MIME = "application/vnd.vegalite.v5+json"  # the type JupyterLab draws; the page draws it too
FONT = "Microsoft YaHei, PingFang SC, Noto Sans CJK SC, WenQuanYi Zen Hei, sans-serif"
STATE_COLOURS = {
    schema.ON_TIME: "#4c9a78",
    schema.PENDING: "#8fb8de",
    schema.LATE: "#e2a33b",
    schema.OVERDUE: "#c8452f",
    schema.NO_DUE: "#b9b9b9",
    schema.VOID: "#dddddd",
}


@alt.theme.register("supervision", enable=True)
def _theme():
    text = {"labelFont": FONT, "titleFont": FONT, "labelFontSize": 12, "titleFontSize": 12}
    return alt.theme.ThemeConfig(
        config={
            "font": FONT,
            "axis": {**text, "grid": False, "labelLimit": 220},
            "legend": text,
            "title": {"font": FONT, "fontSize": 14, "anchor": "start"},
            "view": {"stroke": None},
        }
    )


def _render(spec, **_):
    return {VEGA_MIME: spec, "text/plain": f"图：{spec.get('title', '')}"}


alt.renderers.register("supervision", _render)
alt.renderers.enable("supervision")


def state_bars(tickets, column, title, most=15):
    """How many tickets of each value of `column`, coloured by whether they were answered in time.

    Reads `column` and `due_state`; the `most` frequent values are shown, the others summed as 其他.
    """
    values = tickets[column].fillna("（未填）")
    frequent = values.value_counts().sort_index().sort_values(ascending=False, kind="stable").index[:most]
    shown = values.where(values.isin(frequent), "其他")
    counts = tickets.groupby([shown.rename("value"), "due_state"]).size().rename("count").reset_index()
    counts["where"] = [
        json.dumps({column: _cover(value, frequent, values), "due_state": [state]}, ensure_ascii=False)
        for value, state in zip(counts["value"], counts["due_state"], strict=True)
    ]
    order = [*frequent, "其他"] if len(frequent) < values.nunique() else list(frequent)
    return _bars(counts, "value", schema.label(column), title, order)


def _cover(value, frequent, values):
    """The column's values that a bar stands for; a missing value is None."""
    if value == "其他" and value not in frequent:
        return sorted(set(values) - set(frequent))
    return [None if value == "（未填）" else value]


def _bars(counts, field, label, title, order):
    present = [state for state in schema.DUE_STATES if state in set(counts["due_state"])]
    return (
        alt.Chart(counts, title=title)
        .mark_bar(cursor="pointer")
        .encode(
            y=alt.Y(f"{field}:N", sort=order, title=None),
            x=alt.X("count:Q", title="件", axis=alt.Axis(tickMinStep=1)),
            color=alt.Color(
                "due_state:N",
                title="时限状态",
                scale=alt.Scale(domain=present, range=[STATE_COLOURS[state] for state in present]),
            ),
            order=alt.Order("rank:Q"),
            tooltip=[
                alt.Tooltip(f"{field}:N", title=label),
                alt.Tooltip("due_state:N", title="时限状态"),
                alt.Tooltip("count:Q", title="件数"),
            ],
        )
        .transform_calculate(rank=f"indexof({json.dumps(present, ensure_ascii=False)}, datum.due_state)")
        .properties(width=560, height=alt.Step(22))
    )


def month_bars(tickets, title):
    """Tickets received in each month, coloured by whether they were answered in time."""
    months = tickets["received_at"].dt.strftime("%Y-%m").astype("str")
    counts = tickets.groupby([months.rename("month"), "due_state"]).size().rename("count").reset_index()
    counts["where"] = [
        json.dumps({"received_month": [month], "due_state": [state]}, ensure_ascii=False)
        for month, state in zip(counts["month"], counts["due_state"], strict=True)
    ]
    present = [state for state in schema.DUE_STATES if state in set(counts["due_state"])]
    return (
        alt.Chart(counts, title=title)
        .mark_bar(cursor="pointer")
        .encode(
            x=alt.X("month:N", title=None, axis=alt.Axis(labelAngle=0)),
            y=alt.Y("count:Q", title="件", axis=alt.Axis(tickMinStep=1)),
            color=alt.Color(
                "due_state:N",
                title="时限状态",
                scale=alt.Scale(domain=present, range=[STATE_COLOURS[state] for state in present]),
            ),
            tooltip=[
                alt.Tooltip("month:N", title="受理月份"),
                alt.Tooltip("due_state:N", title="时限状态"),
                alt.Tooltip("count:Q", title="件数"),
            ],
        )
        .properties(width=560, height=180)
    )
