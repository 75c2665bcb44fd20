"""The charts of a report: one small frame in, one chart out, and every bar or point opens its tickets."""

import json

import altair as alt

from toolkit import schema
from toolkit.people.workload import load_against_quality, load_per_unit
from toolkit.presenting.blocks.people import NO_ROSTER, TIMELY, own_roster
from toolkit.presenting.charts import STATE_COLOURS, month_bars, state_bars
from toolkit.presenting.figures import note, rate_text, show


def category_chart(report):
    """What citizens bring, category by category, by whether it was answered in time."""
    return state_bars(report.now, "category", "各类问题的办理时限")


def top_category_chart(report):
    """The same by the first level of the category."""
    return state_bars(report.now, "category_top", "各类问题的办理时限")


def month_chart(report):
    """Month by month, by whether it was answered in time."""
    return month_bars(report.now, "各月受理与办理时限")


def late_units_chart(report):
    """The units with most late tickets."""
    late = report.now["due_state"].isin([schema.LATE, schema.OVERDUE])
    return state_bars(report.now[late], "unit", "超期最多的单位")


def load_chart(report):
    """Tickets per handler against the rate, one point a unit; a point opens the unit's tickets."""
    if report.basis.roster.empty:
        return show(note(NO_ROSTER))
    loads = load_per_unit(own_roster(report), report.now, report.about["limits"]["busy_day_count"])
    points = load_against_quality(loads, report.counted.scorecard, TIMELY).points
    where = [
        json.dumps({"unit": [unit], "scope": [schema.NOW]}, ensure_ascii=False) for unit in points["unit"]
    ]
    counts = [rate_text(row) for row in points.to_dict("records")]
    shown = points.assign(where=where, what=points["unit"] + "：本期工单", counts=counts)
    shown = shown[["unit", "per_handler", "rate", "tickets", "handlers", "counts", "where", "what"]]
    told = {"unit:N": "单位", "tickets:Q": "本期工单", "handlers:Q": "承办人数", "counts:N": TIMELY}
    return (
        alt.Chart(shown.astype({"tickets": "int64", "handlers": "int64"}), title=f"人均工单与{TIMELY}")
        .mark_circle(size=70, color=STATE_COLOURS[schema.OVERDUE], cursor="pointer")
        .encode(
            x=alt.X("per_handler:Q", title="人均工单（件）"),
            y=alt.Y("rate:Q", title=TIMELY, axis=alt.Axis(format="%"), scale=alt.Scale(zero=False)),
            tooltip=[alt.Tooltip(field, title=title) for field, title in told.items()],
        )
        .properties(width=640, height=260)
    )
