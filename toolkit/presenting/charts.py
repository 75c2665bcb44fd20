"""Charts: one function each; a small frame in, an Altair chart out, and every bar opens its tickets.

Importing this module makes Altair charts show in JupyterLab and on the offline page alike: they are
emitted as plain Vega-Lite data, with no script and no address.
"""

import altair as alt

from toolkit import schema
from toolkit.presenting.figures import link_where
from toolkit.schema import BLANK

VEGA_MIME = "application/vnd.vegalite.v5+json"  # the type JupyterLab draws; the page draws it too
OTHERS = "其他"
FONT = "Microsoft YaHei, PingFang SC, Noto Sans CJK SC, WenQuanYi Zen Hei, sans-serif"
POINT = "#5b7795"
STATE_COLOURS = {
    schema.ON_TIME: "#9fb3c8",
    schema.PENDING: "#d5dee8",
    schema.LATE: "#dba13a",
    schema.OVERDUE: "#b3261e",
    schema.NO_DUE: "#b9b9b9",
    schema.UNTIMED: "#9c8fb5",
    schema.SHUT: "#cfcfcf",
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
    named = spec | {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json"
    }  # else Lab warns of a newer one
    return {VEGA_MIME: named, "text/plain": f"图：{spec.get('title', '')}"}


alt.renderers.register("supervision", _render)


alt.renderers.enable("supervision")


def state_bars(tickets, column, title, most=15):
    """How many tickets of each value of `column`, coloured by whether they were answered in time.

    Reads `column`, `due_state` and `scope`; the `most` frequent values are shown, the others summed as
    其他. A bar opens the report's tickets of its value, state and scope: give whole scopes and states.
    """
    values = tickets[column].fillna(BLANK)
    frequent = count_values(values).index[:most]
    shown = values.where(values.isin(frequent), OTHERS)
    covered = {OTHERS: sorted(set(values) - set(frequent))} | {value: [value] for value in frequent}
    counts = _count_states(tickets, shown, column, covered)
    order = [*frequent, OTHERS] if covered[OTHERS] else list(frequent)
    return _stacked(counts, title).encode(
        y=alt.Y("value:N", sort=order, title=None),
        x=_counts_axis(alt.X),
        tooltip=_tooltip(schema.label(column)),
    )


def count_values(values):
    """How often each value stands there, the most frequent first, those as frequent in their order."""
    return values.value_counts().sort_index().sort_values(ascending=False, kind="stable")


def month_bars(tickets, title):
    """Tickets received in each month, coloured by whether they were answered in time.

    Reads `received_at`, `due_state` and `scope`; a bar opens the report's tickets as in `state_bars`.
    """
    months = tickets["received_at"].dt.strftime("%Y-%m").astype("str")
    counts = _count_states(tickets, months, "received_month", {month: [month] for month in months.unique()})
    return (
        _stacked(counts, title)
        .encode(
            x=alt.X("value:N", title=None, axis=alt.Axis(labelAngle=0)),
            y=_counts_axis(alt.Y),
            tooltip=_tooltip("受理月份"),
        )
        .properties(height=180)
    )


def _count_states(tickets, values, column, covered):
    """Count per value and state, with the condition on the ticket table that a bar stands for."""
    counts = tickets.groupby([values.rename("value"), "due_state"]).size().rename("count").reset_index()
    scopes = sorted(tickets["scope"].unique())
    conditions = [
        {
            column: [None if word == BLANK else word for word in covered[value]],
            "due_state": [state],
            "scope": scopes,
        }
        for value, state in zip(counts["value"], counts["due_state"], strict=True)
    ]
    return counts.assign(
        href=list(map(link_where, conditions, counts["value"] + "：" + counts["due_state"])),
        told=counts["value"] + "　" + counts["due_state"] + counts["count"].astype("str") + "件",
        rank=counts["due_state"].map(schema.DUE_STATES.index),
    )


def _stacked(counts, title):
    present = [state for state in schema.DUE_STATES if state in set(counts["due_state"])]
    colours = alt.Scale(domain=present, range=[STATE_COLOURS[state] for state in present])
    return (
        alt.Chart(counts, title=title)
        .mark_bar(cursor="pointer")
        .encode(
            color=alt.Color("due_state:N", title=None, scale=colours, legend=alt.Legend(orient="top")),
            order=alt.Order("rank:Q"),
            href="href:N",
            description="told:N",
        )
        .properties(width=640)
    )


def _counts_axis(channel):
    return channel("count:Q", title="件", axis=alt.Axis(tickMinStep=1, tickCount=6))


def _tooltip(label):
    shown = {"value:N": label, "due_state:N": "时限状态", "count:Q": "件数"}
    return [alt.Tooltip(field, title=title) for field, title in shown.items()]
