"""The blocks of a report about people: the roster and its gaps, tickets per handler, load beside quality.

Each takes what a run prepared and a roster (empty where the run has none: the block then says so). With a
report's name only that unit's rows and what is below it are shown.
"""

import json
from html import escape

import altair as alt
import pandas as pd
from IPython.display import HTML

from toolkit import schema
from toolkit.clocking.policy import read_policy
from toolkit.people.roster import FULL_TIME, POSTS, cut_roster, label
from toolkit.people.roster_gaps import check_roster
from toolkit.people.workload import compare_staffing, load_against_quality, load_per_handler, load_per_unit
from toolkit.presenting.charts import STATE_COLOURS
from toolkit.presenting.figures import figure, html_table, note, open_tickets, rate_figure, rate_text
from toolkit.schema import NOW
from toolkit.scoring.score import PER_PEOPLE, per_ten_thousand

NO_ROSTER = "没有承办单位名册（运行文件未填 roster），责任人、承办人和人均工单量未列"
VACANT = "<strong>未明确</strong>"
TIMELY = "按期回复率（÷受理）"


def roster_table(prepared, roster=None, report=None):
    """Who answers in each unit and how many tickets it has this period; then what is missing, one sentence each."""
    if roster is None or roster.empty:
        return HTML(note(f"{NO_ROSTER}。"))
    tickets, listed = _own(prepared, roster, report)
    shown = listed if report else listed[listed["parent"].isna()]
    counts = tickets.groupby("unit").size()
    below = listed.groupby("parent").size()
    people = shown.set_index("unit")["population"]
    ratios = per_ten_thousand(prepared.scorecard, people).set_index("unit")["per_ten_thousand"]
    rows = [_roster_row(row, counts, below, ratios, tickets, report) for row in shown.itertuples()]
    headings = ["单位", *map(label, [*POSTS, "staffing", "line", "population"]), "下级单位", "本期工单"]
    headings += [PER_PEOPLE]
    table = html_table(headings, rows) if rows else note(f"名册未列{report}。")
    table += note(f"{PER_PEOPLE}：本期受理件数 ÷ 常住人口（万人）。")
    return HTML(table + _list_gaps(check_roster(listed, tickets)))


def _own(prepared, roster, report):
    """This period's tickets, and the rows of the roster that the report may show."""
    tickets = prepared.tickets[prepared.tickets["scope"].eq(NOW)]
    return tickets, roster if report is None else cut_roster(roster, report)


def _roster_row(row, counts, below, ratios, tickets, report):
    is_below = bool(report) and row.unit != report
    wanted = ["handlers"] if is_below else POSTS
    people = [_person(getattr(row, post), post in wanted) for post in POSTS]
    words = [escape(text) if isinstance(text, str) else "—" for text in (row.staffing, row.line)]
    if is_below:
        ids = tickets.loc[tickets["sub_unit"].eq(row.unit) & tickets["unit"].eq(row.parent), "ticket_id"]
        count = open_tickets(ids.tolist())
    else:
        count = figure(counts[row.unit], unit=[row.unit], scope=[NOW]) if row.unit in counts else "0"
    persons = "—" if pd.isna(row.population) else f"{row.population:,}"
    ratio = ratios.get(row.unit, pd.NA)
    per_people = "—" if is_below or pd.isna(ratio) else f"{ratio:.1f}"
    return [escape(row.unit), *people, *words, persons, str(below.get(row.unit, "—")), count, per_people]


def _person(name, is_wanted):
    return escape(name) if isinstance(name, str) else VACANT if is_wanted else "—"


def _list_gaps(gaps):
    if gaps.empty:
        return note("名册与工单一致，岗位齐全。")
    rows = [
        [escape(gap.kind), escape(gap.sentence), open_tickets(gap.ticket_ids)] for gap in gaps.itertuples()
    ]
    return html_table(["问题", "情况", "所涉工单"], rows)


# --- load --------------------------------------------------------------------------------------------


def load_table(prepared, roster=None, report=None, policy="county_default"):
    """Tickets per handler: unit by unit with the rate beside it, or person by person in a unit's report."""
    if roster is None or roster.empty:
        return HTML(note(f"{NO_ROSTER}。"))
    tickets, listed = _own(prepared, roster, report)
    if report:
        return HTML(_handlers(load_per_handler(listed, tickets, policy)))
    loads, scorecard = load_per_unit(listed, tickets, policy), prepared.scorecard
    found = load_against_quality(loads, scorecard, TIMELY)
    rates = {row["unit"]: row for row in scorecard[scorecard["metric"].eq(TIMELY)].to_dict("records")}
    rows = [
        [
            escape(load["unit"]),
            "—" if pd.isna(load["handlers"]) else str(load["handlers"]),
            escape(load["staffing"]) if isinstance(load["staffing"], str) else "名册未列",
            _unit_tickets(load),
            "—" if pd.isna(load["per_handler"]) else f"{load['per_handler']:.1f}",
            *_busy(load),
            rate_figure(rates[load["unit"]], unit=[load["unit"]]) if load["unit"] in rates else "—",
        ]
        for load in loads.to_dict("records")
    ]
    headings = ["单位", "承办人数", "专职/兼职", "本期工单", "人均工单", "单日最多", "繁忙日数", TIMELY]
    explained = f"人均工单＝本期工单÷名册所列承办人数。{_say_busy(policy)}{found.sentence}"
    return HTML(html_table(headings, rows) + note(explained) + _staffing(loads, scorecard, TIMELY))


def load_chart(prepared, roster=None, policy="county_default"):
    """Tickets per handler against the rate, one point a unit; a point opens the unit's tickets."""
    if roster is None or roster.empty:
        return HTML(note(f"{NO_ROSTER}。"))
    tickets, listed = _own(prepared, roster, None)
    loads = load_per_unit(listed, tickets, policy)
    points = load_against_quality(loads, prepared.scorecard, TIMELY).points
    where = [json.dumps({"unit": [unit], "scope": [NOW]}, ensure_ascii=False) for unit in points["unit"]]
    shown = points.assign(where=where, counts=[rate_text(row) for row in points.to_dict("records")])
    shown = shown[["unit", "per_handler", "rate", "tickets", "handlers", "counts", "where"]]
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


def _unit_tickets(load):
    unit = None if load["unit"] == schema.NO_UNIT else load["unit"]
    return figure(load["tickets"], unit=[unit], scope=[NOW]) if load["tickets"] else "0"


def _busy(load):
    if pd.isna(load["busiest_on"]):
        return ["—", "0"]
    day = load["busiest_on"]
    return [f"{load['busiest_count']}件（{day.month}月{day.day}日）", _busy_days(load)]


def _busy_days(load):
    days = load["busy_days"]
    return f"{days}日（{figure(len(load['busy_ids']), ticket_id=load['busy_ids'])}件）" if days else "0"


def _say_busy(policy):
    return f"繁忙日指一日受理{read_policy(policy).rules.busy_day_count}件以上。"


def _handlers(loads):
    if loads.empty:
        return note("本期没有工单，名册也未列承办人。")
    rows = [
        [
            escape(load["handler"]) if isinstance(load["handler"], str) else "未落实到人",
            *(escape(load[c]) if isinstance(load[c], str) else "—" for c in ("staffing", "line")),
            open_tickets(load["ticket_ids"]),
            *_busy(load),
        ]
        for load in loads.to_dict("records")
    ]
    told = "工单未填经办人的，按名册归单位唯一承办人，或按条线对应问题分类；对不上的为“未落实到人”。"
    return html_table(["承办人", "专职/兼职", "条线", "本期工单", "单日最多", "繁忙日数"], rows) + note(told)


def _staffing(loads, scorecard, metric):
    """Full-time and part-time units side by side; nothing where the roster says neither."""
    compared = compare_staffing(loads, scorecard, metric)
    if not compared["staffing"].str.contains(FULL_TIME).any():
        return ""
    units = loads.groupby("staffing")["unit"].agg(list)
    rows = [
        [
            escape(row["staffing"]),
            str(row["units"]),
            str(row["handlers"]),
            figure(row["tickets"], unit=units[row["staffing"]], scope=[NOW]),
            rate_figure({**row, "metric": metric}, unit=units[row["staffing"]]),
        ]
        for row in compared.to_dict("records")
    ]
    return html_table(["承办方式", "单位数", "承办人数", "本期工单", metric], rows)
