"""How a report opens: whose it is, as of when and by which rules; then how things stand, in one sentence."""

import pandas as pd
from markupsafe import Markup

from toolkit import schema
from toolkit.assessing.leading import TIMELY
from toolkit.comparing.contributions import name_movers
from toolkit.comparing.movement import YEAR_BEFORE, say_change
from toolkit.period import say_period
from toolkit.presenting.blocks.movement import find_move
from toolkit.presenting.figures import count_figure, figure, find_sides, join, open_rate, warn
from toolkit.presenting.leading import compare_target, find_lead
from toolkit.presenting.sections import HEADER, Section, open_section
from toolkit.presenting.sentences import write_sentence
from toolkit.rounding import numeral, percent
from toolkit.scoring.catalogue import COUNT

MOST_WORDS = 8  # named beside the sentence; the section on the data names them all
RATE_PARTS = ["rate", "counted", "among", "against_target", "rate_change"]
UNTIMED_RATE = "时间不明率（÷受理）"


def heading(report):
    """Whose report, which period, as of when and under which policy; and what this version of it hides."""
    about = report.about
    told = [say_period(about["period"]), f"统计截止{about['as_of'].removesuffix(':00')}", about["policy"]]
    title = Markup("<h1>{}</h1>").format(report.row if report.name else about["title"])
    facts = Markup('<p class="told">{}</p>').format("　".join(told))
    hidden = Markup('<p class="told">{}</p>').format(said) if (said := about.get("redaction")) else ""
    return Section(HEADER, "", join([title, facts, hidden]), (), "")


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
    rate, counted, among = open_rate(row, percent(row["rate"]))
    return {
        "rate_known": True,
        "rate_name": TIMELY,
        "rate": rate,
        "counted": counted,
        "among": join([among, warn(row)]),
        "rate_change": say_year_change(report, name),
        **compare_target(report, row),
    }


def say_year_change(report, metric):
    """同比上升3件（2.9%）; nothing where there is no year to compare with."""
    move = find_move(report, metric)
    return "" if move is None else say_change(move)


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
    about = report.about
    if about["calendar_warning"]:
        yield about["calendar_warning"]
    if named := list_unknown(report):
        yield f"用词未识别：{'、'.join(named[:MOST_WORDS])}{'等' * (len(named) > MOST_WORDS)}，相应比率未计入这些工单。"
    if about["outside"] and report.name is None:
        yield f"全县另有{about['outside']}件不在本期、相比较的各期和往期未回复之内，未列入。"


def list_unknown(report):
    """满意度“较为不赖（2）”: every word no vocabulary knows, with its column."""
    words = report.basis.unknown.itertuples(index=False)
    return [
        f"{schema.label(column) if column in schema.BY_NAME else column}“{value}”" for column, value in words
    ]
