"""People: the roster and its gaps, tickets per handler, load beside quality.

In a unit's report only that unit's rows and what is below it are shown.
"""

import pandas as pd
from markupsafe import Markup

from toolkit import schema
from toolkit.assessing.leading import TIMELY
from toolkit.people.roster import FULL_TIME, POSTS, cut_roster, label
from toolkit.people.roster_gaps import check_roster
from toolkit.people.workload import compare_staffing, load_against_quality, load_per_handler, load_per_unit
from toolkit.preparing.redaction import PERSONS, hides
from toolkit.presenting.blocks.charts import load_chart
from toolkit.presenting.blocks.villages import villages_table
from toolkit.presenting.figures import figure, html_table, join, long_table, note, open_tickets, rate_figure
from toolkit.presenting.leading import find_lead
from toolkit.presenting.sections import fold_section
from toolkit.presenting.sets import BUSY
from toolkit.rounding import one_decimal
from toolkit.schema import NOW
from toolkit.scoring.score import PER_PEOPLE, per_ten_thousand

NOT_NAMED = "本版不列姓名，名册核对结果也不列"
NO_ROSTER = "没有承办单位名册（运行文件未填 roster），责任人、承办人和人均工单量未列。"
VACANT = Markup("<strong>未明确</strong>")


def people_section(report):
    """Who answers and who handles, how many tickets each has, and the villages below a unit."""
    title, roster = "责任人和承办力量", report.basis.roster
    places = villages_table(report)
    if roster.empty:
        return fold_section(title, NO_ROSTER, *([places] if places else []))
    if hides(report, PERSONS, "handler"):  # a roster without names can be checked against nothing
        return fold_section(title, NOT_NAMED, *_list_load(report), places)
    gaps = check_roster(own_roster(report), report.now)
    answer = f"名册缺项或与工单不符{len(gaps)}处" if len(gaps) else "岗位齐全，与工单一致"
    return fold_section(
        title, answer, roster_table(report, gaps), *_list_load(report), places, count=len(gaps)
    )


def _list_load(report):
    """Tickets per person in a unit's report, unless nobody is named; unit by unit in the county's."""
    listed, busy_from = own_roster(report), report.about["limits"]["busy_day_count"]
    if report.name is None:
        loads = load_per_unit(listed, report.now, busy_from)
        return [load_table(report, loads), load_chart(report, loads)]
    if hides(report, PERSONS, "handler"):
        return []
    return [handlers_table(load_per_handler(listed, report.now, busy_from))]


def roster_table(report, gaps):
    """Who answers in each unit and how many tickets it has this period; then the gaps, one sentence each."""
    now, listed = report.now, own_roster(report)
    shown = listed if report.name else listed[listed["parent"].isna()]
    counts, below = now.groupby("unit").size(), listed.groupby("parent").size()
    people = shown.set_index("unit")["population"]
    ratios = per_ten_thousand(report.counted.scorecard, people).set_index("unit")["per_ten_thousand"]
    rows = [_roster_row(row, counts, below, ratios, now, report.name) for row in shown.itertuples()]
    headings = ["单位", *map(label, [*POSTS, "staffing", "line", "population"]), "下级单位", "本期工单"]
    table = long_table([*headings, PER_PEOPLE], rows) if rows else note(f"名册未列{report.name}。")
    told = note(f"{PER_PEOPLE}：本期受理件数 ÷ 常住人口（万人）。")
    return join([table, told, _list_gaps(gaps)])


def own_roster(report):
    """The rows of the roster that the report may show."""
    return report.basis.roster if report.name is None else cut_roster(report.basis.roster, report.name)


def _roster_row(row, counts, below, ratios, tickets, unit):
    is_below = bool(unit) and row.unit != unit
    wanted = ["handlers"] if is_below else POSTS
    people = [_person(getattr(row, post), post in wanted) for post in POSTS]
    words = [text if isinstance(text, str) else "—" for text in (row.staffing, row.line)]
    if is_below:
        ids = tickets.loc[tickets["sub_unit"].eq(row.unit) & tickets["unit"].eq(row.parent), "ticket_id"]
        count = open_tickets(ids.tolist(), f"{row.unit}：本期工单")
    else:
        count = _unit_tickets(row.unit, counts.get(row.unit, 0))
    persons = "—" if pd.isna(row.population) else f"{row.population:,}"
    ratio = ratios.get(row.unit, pd.NA)
    per_people = "—" if is_below or pd.isna(ratio) else one_decimal(ratio)
    return [row.unit, *people, *words, persons, below.get(row.unit, "—"), count, per_people]


def _person(name, is_wanted):
    return name if isinstance(name, str) else VACANT if is_wanted else "—"


def _unit_tickets(unit, count):
    where = {"unit": [None if unit == schema.NO_UNIT else unit], "scope": [NOW]}
    return figure(count, f"{unit}：本期工单", **where) if count else "0"


def _list_gaps(gaps):
    if gaps.empty:
        return note("名册与工单一致，岗位齐全。")
    rows = [[gap.kind, gap.sentence, open_tickets(gap.ticket_ids, gap.kind)] for gap in gaps.itertuples()]
    return long_table(["问题", "情况", "所涉工单"], rows)


# --- load --------------------------------------------------------------------------------------------


def load_table(report, loads):
    """Tickets per handler, unit by unit with the rate beside it; loads: of `load_per_unit`."""
    scorecard, timely = report.counted.scorecard, find_lead(report, TIMELY)
    found = load_against_quality(loads, scorecard, timely)
    rates = {row["unit"]: row for row in scorecard[scorecard["metric"].eq(timely)].to_dict("records")}
    rows = [_load_row(load, rates.get(load["unit"])) for load in loads.to_dict("records")]
    headings = ["单位", "承办人数", "专职/兼职", "本期工单", "人均工单", "单日最多", "繁忙日数", timely]
    busy_from = report.about["limits"]["busy_day_count"]
    told = f"人均工单＝本期工单÷名册所列承办人数。繁忙日指一日受理{busy_from}件以上。{found.sentence}"
    return join([long_table(headings, rows), note(told), _staffing(loads, scorecard, timely)])


def _load_row(load, rate):
    unit, per_handler = load["unit"], load["per_handler"]
    where = {"unit": [None if unit == schema.NO_UNIT else unit]}
    return [
        unit,
        "—" if pd.isna(load["handlers"]) else load["handlers"],
        load["staffing"] if isinstance(load["staffing"], str) else "名册未列",
        _unit_tickets(unit, load["tickets"]),
        one_decimal(per_handler),
        *_busy(load, unit, unit=where["unit"]),
        "—" if rate is None else rate_figure(rate, unit, **where),
    ]


def _busy(load, whose, **where):
    """The busiest day, and how many days were busy with the tickets of those days: a person's by their numbers."""
    if pd.isna(load["busiest_on"]):
        return ["—", "0"]
    day, days = load["busiest_on"], load["busy_days"]
    what, ids = f"{whose}：{BUSY}", load["busy_ids"]
    opened = figure(len(ids), what, sets=[BUSY], **where) if where else open_tickets(ids, what)
    busy = Markup("{}日（{}件）").format(days, opened) if days else "0"
    return [f"{load['busiest_count']}件（{day.month}月{day.day}日）", busy]


def handlers_table(loads):
    """Tickets of each person in a unit's report; loads: of `load_per_handler`."""
    if loads.empty:
        return note("本期没有工单，名册也未列承办人。")
    rows = [_handler_row(load) for load in loads.to_dict("records")]
    told = "工单未填经办人的，按名册归单位唯一承办人，或按条线对应问题分类；对不上的为“未落实到人”。"
    headings = ["承办人", "专职/兼职", "条线", "本期工单", "单日最多", "繁忙日数"]
    return join([html_table(headings, rows), note(told)])


def _handler_row(load):
    name = load["handler"] if isinstance(load["handler"], str) else "未落实到人"
    words = [load[column] if isinstance(load[column], str) else "—" for column in ("staffing", "line")]
    return [name, *words, open_tickets(load["ticket_ids"], f"{name}：本期工单"), *_busy(load, name)]


def _staffing(loads, scorecard, timely):
    """Full-time and part-time units side by side; nothing where the roster says neither."""
    compared = compare_staffing(loads, scorecard, timely)
    if not compared["staffing"].str.contains(FULL_TIME).any():
        return ""
    units = loads.groupby("staffing")["unit"].agg(list)
    rows = [
        [
            row["staffing"],
            row["units"],
            row["handlers"],
            figure(
                row["tickets"], f"{row['staffing']}单位：本期工单", unit=units[row["staffing"]], scope=[NOW]
            ),
            rate_figure({**row, "metric": timely}, f"{row['staffing']}单位", unit=units[row["staffing"]]),
        ]
        for row in compared.to_dict("records")
    ]
    return html_table(["承办方式", "单位数", "承办人数", "本期工单", timely], rows)
