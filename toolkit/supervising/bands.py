"""分档表: the units of each group by grade, each rate with its counts, and why a unit has no grade; nobody is ranked.

It stands here because it is a table the office hands on, as the register is; a page has the same in its points.
"""

import re
from pathlib import Path

import pandas as pd

from toolkit import schema
from toolkit.assessing.scheme import read_scheme
from toolkit.assessing.scheme_text import print_scheme
from toolkit.assessing.standings import ASSESSED, NOT_ASSESSED
from toolkit.period import say_period
from toolkit.rounding import count_text, decimal_text, is_missing
from toolkit.scoring.catalogue import BY_NAME
from toolkit.supervising.tables import make_book, write_table

HEADS = ["单位", "工单", "等次", "得分", "满分"]
LAST = ["参评情况", "说明"]
WIDTHS, RATE_WIDTH, LAST_WIDTHS = [16, 7, 7, 8, 7], 18, [10, 26]  # of columns, in characters
TITLE = "分档表"
MEANING_SHEET = "说明"
NO_GROUP = "未注明类别"
NO_RANKS = "按《关于进一步规范和提升12345热线服务的意见》（国办函〔2025〕66号）分档分类评价，不排名次；同档内按单位名称排列"


def write_bands(report, path):
    """Write the county's table of grades: a sheet a group of units, and what everything means.

    Reads `assessed`: standings, items. A run by month has no grades: the sheet says so.
    """
    moment, scheme = pd.Timestamp(report.about["as_of"]), read_scheme(report.about["scheme"])
    names = [entry.name for entry in (*scheme.items, *scheme.bonuses)]
    widths = [*WIDTHS, *[RATE_WIDTH] * len(names), *LAST_WIDTHS]
    rates = {
        (item["unit"], item["item"]): _say_rate(item) for item in report.assessed.items.to_dict("records")
    }
    about = f"{say_period(report.about['period'])}　统计截止{moment:%Y-%m-%d %H:%M}"

    def write(book):
        for sheet, standings in _list_groups(report.assessed.standings).items():
            rows = [_list_cells(row, names, rates) for row in standings.to_dict("records")]
            heads, title = [*HEADS, *names, *LAST], f"{TITLE}（{sheet}）"
            write_table(book, sheet, heads, rows, widths, title, about)
        meanings = list(_list_meanings(report, scheme))
        write_table(book, MEANING_SHEET, ["项目", "说明"], meanings, [20, 120], f"{TITLE}说明", about)

    Path(path).write_bytes(make_book(TITLE, moment, write))
    return path


def _list_groups(standings):
    """Sheet name → its units: by grade and name, those without a grade last."""
    ordered = standings.assign(last=standings["state"].ne(ASSESSED))
    ordered = ordered.sort_values(["last", "grade", "unit"], na_position="last")
    named = {}
    for group, own in ordered.groupby("group", sort=True, dropna=False):
        said = group if isinstance(group, str) and group.strip() else NO_GROUP
        sheet = re.sub(r"[\[\]:*?/\\']", "_", said)[:28]
        while sheet in (*named, MEANING_SHEET):
            sheet += "_"
        named[sheet] = own
    return named


def _list_cells(row, names, rates):
    is_scored = row["state"] != NOT_ASSESSED
    points = [float(decimal_text(row[name])) if is_scored else "—" for name in ("points", "full")]
    grade = row["grade"] if isinstance(row["grade"], str) else "—"
    scored = [rates.get((row["unit"], name), "—") if is_scored else "—" for name in names]
    said = "；".join(text for text in (row["reason"], row["named"]) if isinstance(text, str) and text)
    return [row["unit"], int(row["tickets"]), grade, *points, *scored, row["state"], said]


def _say_rate(item):
    """91.57%（456/498），得分12.3; what is no rate says its count."""
    if is_missing(item["percent"]):
        return "—（无相应工单）"
    known = BY_NAME.get(item["metric"])
    weighted = "折合" if known is not None and known.weighted else ""
    said = f"{decimal_text(item['percent'])}%"
    if not is_missing(item["numerator"]) and not is_missing(item["denominator"]):
        said += f"（{weighted}{count_text(item['numerator'])}/{item['denominator']}）"
    return said


def _list_meanings(report, scheme):
    about = report.about
    yield "统计期间", say_period(about["period"])
    yield "统计截止", about["as_of"].removesuffix(":00")
    yield "时限办法", about["policy"]
    yield "考核办法", f"{scheme.name}。来源：{scheme.source}"
    yield "分档", NO_RANKS
    if scheme.partial:
        yield "不完整", scheme.partial
    if report.assessed.standings.empty:
        yield "说明", "本次运行没有可以评定的单位"
    defined = report.assessed.items.drop_duplicates("item")
    for item in defined.to_dict("records"):
        yield item["item"], f"{item['metric']}：{item['definition']}"
    yield schema.label("unit"), "没有等次的，说明一栏写明原因"
    yield from (
        ("考核办法全文", line.lstrip("# ")) for line in print_scheme(scheme).splitlines() if line.strip()
    )
