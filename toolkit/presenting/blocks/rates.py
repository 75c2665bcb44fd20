"""Every unit's leading rate beside what chance alone would leave: a funnel plot."""

import altair as alt
import pandas as pd

from toolkit.assessing.leading import TIMELY
from toolkit.comparing.funnel import BEYOND_ALL, HOW_DRAWN, draw_curve, say_funnel
from toolkit.presenting.charts import POINT, STATE_COLOURS
from toolkit.presenting.figures import explain, fold, join, link_report, link_to_report, note, rate_text
from toolkit.presenting.leading import find_lead
from toolkit.presenting.sections import fold_section, open_section
from toolkit.rounding import percent
from toolkit.schema import OVERDUE

WITHIN, BETTER, WORSE, FAR_WORSE = "界限以内", "好于界限", "差于95%界限", "差于99.8%界限"
COLOURS = {WITHIN: POINT, BETTER: "#3f7d5a", WORSE: "#c76b00", FAR_WORSE: STATE_COLOURS[OVERDUE]}
MOST_NAMED = 12  # units named; the others beyond the limits are folded beneath
LINES = {"low95": [5, 3], "high95": [5, 3], "low998": [1, 3], "high998": [1, 3]}


def rates_chart(report):
    """Units by how many tickets they have and by their rate; a point opens the report, those beyond limits are named."""
    metric = find_lead(report, TIMELY)
    funnel = report.compared.funnel
    funnel = funnel[funnel["metric"].eq(metric) & funnel["rate"].notna()]
    if funnel.empty:
        return fold_section(f"各单位{TIMELY}", "没有可比的单位")
    points = funnel.assign(place=_name_places(funnel))
    answer = join(["左右看件数，上下看比率；出了虚线才算真有差别", explain(f"{HOW_DRAWN}。")])
    title = f"各单位{metric}"
    return open_section(
        title, answer, note(say_funnel(funnel)), _draw(points), _name_beyond(points), count=len(points)
    )


def _name_places(funnel):
    place = pd.Series(WITHIN, funnel.index)
    place = place.mask(funnel["is_better"].eq(True).fillna(False), BETTER)
    worse = funnel["is_better"].eq(False).fillna(False)
    return place.mask(worse, WORSE).mask(worse & funnel["position"].eq(BEYOND_ALL), FAR_WORSE)


def _draw(points):
    first = points.iloc[0]
    curve = draw_curve(first["county_rate"], first["spread"], int(points["denominator"].max() * 1.05))
    low = max(min(points["rate"].min() - 0.05, first["county_rate"] - 0.1), 0)
    scale = alt.Scale(domain=[low, 1], clamp=True)
    across = alt.X("denominator:Q", title="件数（分母）", axis=alt.Axis(grid=False))
    up = alt.Axis(format="%", title=None, grid=True, gridColor="#eef1f4")
    lines = [
        alt.Chart(curve)
        .mark_line(color="#8a97a5", strokeWidth=1, strokeDash=dash, clip=True)
        .encode(x=across, y=alt.Y(f"{name}:Q", scale=scale, axis=up))
        for name, dash in LINES.items()
    ]
    middle = (
        alt.Chart(pd.DataFrame({"rate": [first["county_rate"]]}))
        .mark_rule(color="#8a97a5")
        .encode(y="rate:Q")
    )
    shown = points[["unit", "denominator", "rate", "place"]].assign(
        href=points["unit"].map(link_to_report),
        told=[f"{row['unit']}　{rate_text(row)}" for row in points.to_dict("records")],
        label=points["unit"] + " " + points["rate"].map(lambda rate: percent(rate, 0)),
    )
    base = alt.Chart(shown).encode(x=across, y=alt.Y("rate:Q", scale=scale), href="href:N")
    colour = alt.Color(
        "place:N", scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())), legend=None
    )
    dots = base.mark_circle(size=60, opacity=1, cursor="pointer").encode(
        color=colour, description="told:N", tooltip="told:N"
    )
    named = base.transform_filter(alt.FieldOneOfPredicate("place", [WORSE, FAR_WORSE]))
    named = named.transform_filter(alt.FieldOneOfPredicate("unit", _list_worst(shown)))
    names = named.mark_text(align="left", dx=8, fontSize=12).encode(text="label:N")
    return alt.layer(*lines, middle, dots, names).properties(width=760, height=300)


def _list_worst(points):
    """The units named in the drawing: so many that their names do not lie on one another."""
    return points.sort_values(["rate", "unit"])["unit"].head(MOST_NAMED).tolist()


def _name_beyond(points):
    """The units beyond the limits as links: those below, then those above."""
    told = []
    for word, places in (("差于界限", [FAR_WORSE, WORSE]), ("好于界限", [BETTER])):
        rows = points[points["place"].isin(places)].sort_values("rate").to_dict("records")
        named = [join([link_report(row["unit"]), rate_text(row)]) for row in rows]
        rest = named[MOST_NAMED:]
        if named:
            told.append(note(join([f"{word}：", join(named[:MOST_NAMED], "、"), "等" if rest else "", "。"])))
        if rest:
            told.append(fold(f"{word}的其余{len(rest)}家", note(join(rest, "、"))))
    return join(told)
