"""How a report opens: whose it is, as of when and by which rules; then how things stand, in one sentence."""

import pandas as pd
from markupsafe import Markup

from toolkit import schema
from toolkit.comparing.contributions import name_movers
from toolkit.comparing.movement import YEAR_BEFORE, say_change
from toolkit.period import say_period
from toolkit.presenting.figures import count_figure, figure, find_sides, join, warn
from toolkit.presenting.leading import TIMELY, find_lead, find_target
from toolkit.presenting.sections import HEADER, Section, open_section
from toolkit.presenting.sentences import write_sentence
from toolkit.rounding import decimal_text, numeral, percent, round_half_up

MOST_WORDS = 8  # named beside the sentence; the section on the data names them all
RATE_PARTS = ["rate", "counted", "among", "against_target", "rate_change"]
UNTIMED_RATE = "时间不明率（÷受理）"
COUNT = "受理件数"


def heading(report):
    """Whose report, which period, as of when and under which policy; buttons to search and print."""
    about = report.about
    told = [say_period(about["period"]), f"统计截止{about['as_of'].removesuffix(':00')}", about["policy"]]
    title = Markup("<h1>{}</h1>").format(report.row if report.name else about["title"])
    facts = join(Markup("<span>{}</span>").format(words) for words in told)
    buttons = Markup(
        '<span class="buttons"><button type="button" data-drill="search">搜索工单</button>'
        '<button type="button" data-print>打印</button></span>'
    )
    return Section(HEADER, "", join([title, Markup('<p class="told">{}</p>').format(facts), buttons]), (), "")


def summary(report):
    """How the report stands, in one sentence whose every number opens its tickets; then what to beware of."""
    said = write_sentence("unit_opening" if report.name else "county_opening", **list_figures(report))
    warnings = [Markup('<p class="warning">{}</p>').format(words) for words in _warn(report)]
    return open_section("", Markup('<p class="summary">{}</p>').format(said), *warnings)


def list_figures(report):
    """What the sentence is written from; a figure of nothing is empty."""
    tickets, scores = report.tickets, report.scores
    pending, soon = tickets["due_state"].eq(schema.PENDING), range(len(report.about["days_ahead"]) + 1)
    due_soon = int((pending & tickets["left_days"].isin(soon)).sum())
    reason = report.about["not_compared"].get(YEAR_BEFORE, "")
    received = scores.get(COUNT, {"metric": COUNT, "numerator": 0})
    return {
        "received": count_figure(received),
        "received_change": say_year_change(report, COUNT),
        **_lead_figures(report),
        **_name_movers(report),
        "overdue": _count(tickets["due_state"], "超期未回复", due_state=[schema.OVERDUE]),
        "again": _count(tickets["rework_state"], "重办后超期未回复", rework_state=[schema.OVERDUE]),
        "carried": _count(tickets["scope"], "往期受理、仍未回复", scope=[schema.CARRIED]),
        "due_soon": due_soon
        and figure(due_soon, "近日到期", due_state=[schema.PENDING], left_days=list(soon)),
        "soon_days": numeral(len(soon) - 1),
        "untimed": _untimed(scores),
        "not_compared": reason,
    }


def _lead_figures(report):
    """The leading rate, against its target and the year before."""
    name = find_lead(report, TIMELY)
    row = report.scores.get(name)
    if row is None or pd.isna(row["rate"]):
        return {"rate_known": False, "rate_name": TIMELY, "is_short": False} | dict.fromkeys(RATE_PARTS, "")
    counted, among = find_sides(name)
    target, _ = find_target(report, name)
    gap = None if target is None else round_half_up(100 * row["rate"], 1) - round_half_up(100 * target, 1)
    return {
        "rate_known": True,
        "rate_name": TIMELY,
        "rate": figure(percent(row["rate"]), f"{name}：分子", **counted),
        "counted": figure(int(row["numerator"]), f"{name}：分子", **counted),
        "among": join([figure(row["denominator"], f"{name}：分母", **among), warn(row)]),
        "against_target": say_gap(gap),
        "is_short": bool(gap is not None and gap < 0),
        "rate_change": say_year_change(report, name),
    }


def say_gap(gap):
    if gap is None:
        return ""
    if not gap:
        return "与目标持平"
    return f"{'高于' if gap > 0 else '低于'}目标{decimal_text(abs(gap))}个百分点"


def say_year_change(report, metric):
    """同比上升3件（2.9%）; nothing where there is no year to compare with."""
    rows = report.compared.movements
    rows = rows[rows["unit"].eq(report.row) & rows["metric"].eq(metric) & rows["against"].eq(YEAR_BEFORE)]
    rows = rows[rows["change"].notna()]
    return say_change(rows.iloc[0].to_dict()) if len(rows) else ""


def _name_movers(report):
    """甲、乙、丙三家拉低2.9个百分点: who moved the county's leading rate, the way it went; nothing in a unit's report."""
    parts = report.compared.contributions
    parts = parts[parts["column"].eq("report") & parts["against"].eq(YEAR_BEFORE)]
    movers = name_movers(parts[parts["metric"].eq(find_lead(report, TIMELY))])
    return {"movers": "" if report.name or movers.empty else movers["sentence"].iloc[0]}


def _count(values, what, **where):
    """How many tickets have the one value asked for, as a figure; nothing for none."""
    ((_, wanted),) = where.items()
    count = int(values.isin(wanted).sum())
    return figure(count, what, **where) if count else ""


def _untimed(scores):
    """How many of this period's tickets nobody can call in time or late."""
    row = scores.get(UNTIMED_RATE)
    if row is None or not row["numerator"]:
        return ""
    return figure(int(row["numerator"]), schema.UNTIMED, **find_sides(UNTIMED_RATE)[0])


def _warn(report):
    """What a reader must know before he believes a figure: words not understood, the calendar's end, tickets outside."""
    about, words = report.about, report.basis.unknown
    if about["calendar_warning"]:
        yield about["calendar_warning"]
    if len(words):
        named = [f"{name_column(column)}“{value}”" for column, value in words.itertuples(index=False)]
        yield f"用词未识别：{'、'.join(named[:MOST_WORDS])}{'等' * (len(named) > MOST_WORDS)}，相应比率未计入这些工单。"
    if about["outside"] and report.name is None:
        yield f"全县另有{about['outside']}件不在本期、上年同期和往期未回复之内，未列入。"


def name_column(column):
    return schema.label(column) if column in schema.BY_NAME else column
