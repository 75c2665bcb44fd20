"""What citizens bring, and load beside quality: one small frame in, one chart out, every mark a link to its tickets."""

import altair as alt

from toolkit.assessing.leading import TIMELY
from toolkit.people.workload import load_against_quality
from toolkit.presenting.charts import POINT, count_values, month_bars, state_bars
from toolkit.presenting.figures import figure, join, link_where, rate_text
from toolkit.presenting.leading import find_lead
from toolkit.presenting.sections import fold_section
from toolkit.schema import BLANK, NOW

MOST_NAMED = 4


def matters_section(report):
    """What citizens bring by category, in a county's report by its first level, and month by month."""
    now, column = report.now, "category" if report.name else "category_top"
    if now.empty:
        return fold_section("群众反映", "本期没有工单")
    counts = count_values(now[column].fillna(BLANK))
    named = [
        join(
            [
                name,
                figure(
                    count, f"{name}：本期工单", **{column: [None if name == BLANK else name]}, scope=[NOW]
                ),
            ]
        )
        for name, count in counts.head(MOST_NAMED).items()
    ]
    charts = [state_bars(now, column, "各类问题的办理时限"), month_bars(now, "各月受理与办理时限")]
    return fold_section("群众反映", join(named, "、"), *charts, count=len(counts))


def load_chart(report, loads):
    """Tickets per handler against the rate, one point a unit, which opens its tickets; loads: of `load_per_unit`."""
    timely = find_lead(report, TIMELY)
    points = load_against_quality(loads, report.counted.scorecard, timely).points
    told = [
        f"{row['unit']}：人均{row['per_handler']:g}件，{timely}{rate_text(row)}"
        for row in points.to_dict("records")
    ]
    href = [link_where({"unit": [unit], "scope": [NOW]}, f"{unit}：本期工单") for unit in points["unit"]]
    shown = points.assign(told=told, href=href)[["unit", "per_handler", "rate", "told", "href"]]
    return (
        alt.Chart(shown, title=f"人均工单与{timely}")
        .mark_circle(size=60, color=POINT, cursor="pointer")
        .encode(
            x=alt.X("per_handler:Q", title="人均工单（件）"),
            y=alt.Y("rate:Q", title=None, axis=alt.Axis(format="%"), scale=alt.Scale(zero=False)),
            href="href:N",
            description="told:N",
            tooltip=alt.Tooltip("told:N", title="单位"),
        )
        .properties(width=640, height=260)
    )
