"""What the explorer's views show, in words: which columns they filter by, what conditions and their values are called."""

from toolkit import schema
from toolkit.flagging.rule import SEVERITIES
from toolkit.presenting.blocks.push import LATE
from toolkit.presenting.exploring import stages
from toolkit.presenting.exploring.orders import ANSWER_DAYS, list_levels
from toolkit.presenting.exploring.ticket import COMPARED
from toolkit.presenting.figures import find_sides
from toolkit.presenting.listing import list_meanings
from toolkit.schema import BEFORE, CARRIED, NOW, PREVIOUS
from toolkit.scoring.catalogue import BY_NAME

# What a condition's chip is called where the schema has no word for its column.
CONDITIONS = {
    "stage": "环节",
    "due_day": "到期日",
    "open_age": "在办时长",
    "received_month": "受理月份",
    "severities": "线索",
    "rules": "线索",
    "colour": "线索等级",
    "rests_on": "单位和专题线索",
    "passed": "流转",
    "held_by": "经手单位",
    "against": "统计期",
    "is_excluded": "剔除",
    "sets": "所属",
    "issues": "数据疑点",
}
HEATS = [
    {"name": "单位×环节", "rows": "unit", "columns": "stage"},
    {"name": "单位×分类", "rows": "unit", "columns": "category_top"},
    {"name": "单位×线索", "rows": "unit", "columns": "rules"},
    {"name": "属地×月份", "rows": "township", "columns": "received_month"},
]
BOXES = {  # left and right of the heat map, one below the other; where a box holds several views, tabs choose
    "left": [[("due_day", "到期日")], [("open_age", "在办时长")]],
    "right": [
        [("category_top", "问题分类"), ("category", "细类"), ("passed", "流转")],
        [("severities", "线索"), ("colour", "等级"), ("rests_on", "单位、专题线索")],
    ],
}
START = {"scope": [NOW, CARRIED]}
PERIODS = [NOW, PREVIOUS, BEFORE]  # that stand side by side
SOON_DAYS = 3


def tell_views(report, table):
    """What the explorer must know of its views: the start, the named ones, labels, values in words, orders."""
    days = stages.name_due_days(report.about)
    levels, usual_days = list_levels()
    rules = report.basis.rules.set_index("rule")["rule_name"]
    return {
        "start": START,
        "named": _name_views(days),
        "heats": HEATS,
        "boxes": _list_boxes(),
        "conditions": CONDITIONS,
        "said": _say_values(report, rules),
        "shown": _list_shown(table, days),
        "late": [LATE, stages.LATE_AGAIN],
        "blank": schema.BLANK,
        "levels": levels,
        "answer_days": ANSWER_DAYS,
        "usual": {"level": levels[0], "days": usual_days},
        "texts": {name: schema.label(name) for name in COMPARED},
    }


def tell_meanings(report):
    """What conditions mean: those of the page, and those of the explorer's own columns."""
    told = list_meanings(report)
    own = {"stage": stages.STAGE_MEANING, "open_age": stages.AGE_MEANING}
    days = {"due_day": stages.mean_due_days(report.about)}
    return {"columns": told["columns"] | own, "values": told["values"] | days}


def tell_compared(report):
    """The figures that stand side by side: how many, how many overdue, then the scheme's rates, each by its definition."""
    scorecard = report.counted.scorecard.drop_duplicates("metric").set_index("metric")["definition"]
    rates = dict.fromkeys(item["metric"] for item in report.about["scheme"]["items"])
    figures = [
        {"name": "工单", "what": "统计期内的工单", "counted": {}},
        {
            "name": schema.OVERDUE,
            "what": schema.STATE_MEANINGS[schema.OVERDUE],
            "counted": {"due_state": [schema.OVERDUE]},
        },
    ]
    return figures + [
        _compare_rate(name, scorecard[name])
        for name in rates
        if name in report.marks and name in scorecard and not BY_NAME[name].weighted
    ]


def _compare_rate(name, definition):
    counted, among = ({part: side[part] for part in side if part != "against"} for side in find_sides(name))
    return {"name": name, "what": definition, "counted": counted, "among": among}


def _list_boxes():
    return {
        side: [[{"column": column, "title": title} for column, title in tabs] for tabs in boxes]
        for side, boxes in BOXES.items()
    }


def _name_views(days):
    soon = [days[left] for left in range(SOON_DAYS + 1) if left in days]
    return [
        {"name": "超期最久", "where": {"due_day": [LATE]}, "sort": "overdue_days", "down": True},
        {"name": stages.TODAY, "where": {"due_day": [stages.TODAY]}},
        {"name": "三日内到期", "where": {"due_day": soon}, "how": "今日和其后三个工作日到期"},
        {
            "name": "最可能逾期",
            "where": {"due_state": [schema.PENDING]},
            "how": "未到期的，按同类件办到此时后来逾期的比例",
            "sort": "run_out_percent",
            "down": True,
        },
    ]


def _list_shown(table, days):
    """The rows that always stand there; what is rare only where a ticket has it."""
    found = {*table["due_day"].unique(), *table["open_age"].unique()}
    rare = {stages.LATE_AGAIN, stages.AGAIN_PENDING, stages.DUE_UNKNOWN, stages.AGE_UNKNOWN} - found
    rows = {"due_day": [*days.values()], "open_age": stages.AGES}
    return {column: [name for name in names if name not in rare] for column, names in rows.items()}


def _say_values(report, rules):
    """Values that are codes, in words; a finding about a unit or a topic with its evidence."""
    findings = report.findings
    coloured = findings[["rule", "severity"]].drop_duplicates()
    whole = findings[findings["ticket_id"].isna() & findings["rests_on"].notna()]
    keys, told = whole["rule"] + "@" + whole["unit"], whole["unit"] + "　" + whole["rule_name"]
    return {
        "rules": rules.to_dict(),
        "severities": {f"{f.rule}:{f.severity}": rules[f.rule] for f in coloured.itertuples()},
        "colour": {colour: f"{colour}色线索" for colour in SEVERITIES},
        "rests_on": dict(zip(keys, told, strict=True)),
        "evidence": dict(zip(keys, whole["evidence"], strict=True)),
        "colours": dict(zip(keys, whole["severity"], strict=True)),
        "is_excluded": {"false": schema.NO, "true": schema.YES},
    }
