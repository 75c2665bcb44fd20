"""Whether an export is fit for use: how much of each column is filled month by month, and what cannot be said for want of it."""

from markupsafe import Markup

from toolkit import schema
from toolkit.presenting.figures import figure, heat_table, join, note, shade
from toolkit.presenting.sections import fold_section, open_section
from toolkit.presenting.sets import COVERED, LACKS
from toolkit.rounding import percent
from toolkit.schema import NOW

MOST_MONTHS = 12
STEPS = 10
SPARSE = 0.9  # of a column: less filled is named
GAP = 0.3  # a month filled so much less than the whole period stands out


def coverage_map(report):
    """How much of each column is filled, in the period and month by month; what is missing opens its tickets."""
    now = report.now
    if now.empty:
        return fold_section("各列填写情况", "本期没有工单")
    months = now["received_at"].dt.strftime("%Y-%m")
    shown = sorted(months.dropna().unique())[-MOST_MONTHS:]
    filled = now[COVERED].notna()
    by_month = filled.groupby(months).mean()
    rows = [_column_row(name, filled[name], by_month[name], shown) for name in COVERED]
    sparse = [schema.label(name) for name in COVERED if 0 < filled[name].mean() < SPARSE]
    empty = [schema.label(name) for name in COVERED if not filled[name].any()]
    said = [
        f"{word}：{'、'.join(names)}" for word, names in (("整列无值", empty), ("不足九成", sparse)) if names
    ]
    table = heat_table(["列", "有值", "缺", *shown], rows, len(COVERED))
    told = note(
        f"各月格为有值比例，越深越少；比全期低{GAP:.0%}以上的月份，多为导出时漏列或漏行；最近的月份也可能尚在办理。"
    )
    return open_section(
        "各列填写情况", "；".join(said) or "各列都有九成以上", table, told, count=len(empty) + len(sparse)
    )


def _column_row(name, filled, by_month, months):
    label, lacking = schema.label(name), int((~filled).sum())
    opened = figure(lacking, f"缺{label}", sets=[LACKS + label], scope=[NOW]) if lacking else "0"
    return [
        label,
        percent(filled.mean()),
        opened,
        *(_month_cell(by_month.get(m), filled.mean()) for m in months),
    ]


def _month_cell(share, whole):
    """The share on a ground that is the deeper the less is filled; a month far below the whole is marked."""
    mark = "▼" if whole - share > GAP else ""
    return shade(round(STEPS * (1 - share)), mark, percent(share, 0))


def fitness(report):
    """What this export can carry: which metrics and rules it cannot evaluate, and until when the calendar reaches."""
    rules, lacking = report.basis.rules, report.counted.lacking
    missing = rules[~rules["evaluated"]]
    facts = [
        f"不能计算的指标{len(lacking)}项" + _list(lacking["metric"] + "（缺" + lacking["missing"] + "）"),
        f"不能评估的规则{len(missing)}种" + _list(missing["rule_name"] + "（缺" + missing["missing"] + "）"),
        report.about["calendar_warning"] or "工作日历覆盖到统计截止之后60日以上",
    ]
    told = join(Markup("<li>{}</li>").format(fact) for fact in facts)
    answer = "缺列时相应指标、规则不计，不作推测"
    return open_section("能算什么", answer, Markup("<ul>{}</ul>").format(told))


def _list(words):
    return "：" + "、".join(words) if len(words) else ""
