"""What a report says about time: its dates, the period of title and body, daily averages, one name with two values."""

import re
from calendar import monthrange
from dataclasses import replace
from fractions import Fraction

from toolkit.proofreading.checks.lists import read_number
from toolkit.proofreading.checks.words import is_aim
from toolkit.proofreading.claims import (
    AGREES,
    DIFFERS,
    DOUBTFUL,
    IMPOSSIBLE,
    Claim,
    check,
    claim_of,
    count_text,
    named,
)
from toolkit.proofreading.figures import COUNT, DATE, RATE, meets

MONTH = re.compile(
    r"(?:(?P<year>\d{4})年)?(?:(?P<from>\d{1,2})月?[-—–~至])?(?P<month>\d{1,2}|[一二三四五六七八九十]{1,2})月(?!\d+日)"
)
TOLD = re.compile(MONTH.pattern + r"份?[^。\n]{0,30}?(?:受理|办理|接收|收到|接到|转办|形成)")
DAY = re.compile(r"(?:(\d{4})[年/.-])?(\d{1,2})[月/.-](\d{1,2})?")


@check
def dates(draft):
    """不存在的日期，标题的月份、年份与正文的统计期。"""
    for figure in (f for f in draft.figures if f.kind == DATE):
        found = DAY.match(draft.half_width[figure.start : figure.end])
        if found and not _exists(*found.groups()):
            yield Claim(figure.start, figure.end, "日期", "", IMPOSSIBLE, "没有这一天")
    title, at, body = find_title(draft)
    if title:
        yield from _judge_month(draft, title, at, body)
        yield from _judge_year(draft, title, at, body)


def _exists(year, month, day):
    if not 1 <= int(month) <= 12:
        return False
    return day is None or 1 <= int(day) <= monthrange(int(year or 2024), int(month))[1]


def find_title(draft):
    """The first line where it is a title, where it begins, and where the body begins."""
    found = re.search(r"\S[^\n]*", draft.half_width)
    if not found or len(found[0]) > 60 or re.search("[。;]", found[0]) or "\n" not in draft.half_width:
        return "", 0, 0
    return found[0], found.start(), found.end()


def _judge_month(draft, title, at, body):
    """The title's month against the one the body's first total is given for."""
    heading, told = MONTH.search(title), TOLD.search(draft.half_width, body)
    if not heading or not told or told["from"] or heading["from"]:
        return
    ours, theirs = read_number(heading["month"]), read_number(told["month"])
    if ours == theirs:
        return
    again = re.search(rf"(?<!\d)(?:{heading['month']}|{ours})月", draft.half_width[told.end() :])
    how = f"标题为{heading['month']}月，正文统计期为{told['month']}月"
    place = at + heading.start("month"), at + heading.end("month") + 1
    yield Claim(*place, "统计期", f"{told['month']}月", DOUBTFUL if again else DIFFERS, how)


def _judge_year(draft, title, at, body):
    year, found = re.search(r"(\d{4})年", title), re.finditer(r"(\d{4})年", draft.half_width[body:])
    years = [match[1] for match in found if not is_aim(draft, body + match.start())]
    if year and years and year[1] not in years:
        how = f"标题为{year[1]}年，正文出现的年份是{'、'.join(dict.fromkeys(years))}年"
        yield Claim(at + year.start(), at + year.end(), "统计期", f"{years[0]}年", DOUBTFUL, how)


# --- averages --------------------------------------------------------------------------------------

# Words of a period, how many days it may have, how many months.
PERIODS = [
    ("周", [7], []),
    ("[上下]半年", [181, 182, 184], [6]),
    ("季度", [90, 91, 92], [3]),
    ("全年|年度|年", [365, 366], [12]),
]


@check
def averages(draft):
    """日均、月均与总数和统计期是否相符。"""
    for figure in (f for f in draft.figures if f.kind == COUNT and f.role == "average"):
        kind = re.search("([日月])均", figure.label)
        totals = [c for c in draft.near(figure, COUNT, ("count",), "line") if c.end <= figure.start]
        totals = [c for c in reversed(totals) if c.unit == figure.unit]
        lengths = _find_lengths(draft, figure, kind[1]) if kind else []
        pairs = [(total, length) for total in totals for length in lengths]
        if not pairs:
            continue
        printed = figure if figure.mark or figure.step else replace(figure, step=Fraction(1))  # rounded
        fitting = [p for p in pairs if meets(p[0].span[0] / p[1], p[0].span[1] / p[1], printed)]
        total, length = (fitting or pairs)[0]
        average = count_text(total.value / length)
        how = f"{count_text(total.value)}÷{length}{'天' if kind[1] == '日' else '个月'}={average}"
        verdict = AGREES if fitting else DOUBTFUL
        yield claim_of(draft, figure, named(figure), verdict, average, how, also=(total,))


def _find_lengths(draft, figure, kind):
    """How many days or months the period may have that the sentence, or else the title, speaks of."""
    begin, end = draft.sentence_at(figure.start)
    for text in (draft.half_width[begin:end], find_title(draft)[0]):
        month = MONTH.search(text)
        if month and kind == "日":
            last = read_number(month["month"])
            months = range(int(month["from"] or last), last + 1)
            years = [int(month["year"])] if month["year"] else [2023, 2024]  # one of each length
            if not months or months[-1] > 12 or months[0] < 1:
                return []
            return sorted({sum(monthrange(year, number)[1] for number in months) for year in years})
        if month and month["from"] and kind == "月":
            return [read_number(month["month"]) - int(month["from"]) + 1]
        for word, days, months in PERIODS:
            if re.search(word, text):
                return days if kind == "日" else months
    return []


# --- one name, two values --------------------------------------------------------------------------

NAME = re.compile("[\u4e00-\u9fff]{2,6}[率度](?=[为是达到约仅只有均也已则却高]*$)")
LEAD = re.compile("^(?:工单|群众|市民|综合|总体|平均|的|县|全县|我县)+")
SCOPE = re.compile(
    "[\u4e00-\u9fff]{1,8}?(?:镇|乡|局|街道|办事处|公司|中心|委|队|所|类|方面|部门|单位|区|市)"
    r"|[上下]半年|[一二三四]季度|\d+月|今年|本月|全年|累计"
)


@check
def repeats(draft):
    """同名的率在一份报告中有两个值。"""
    seen = {}
    for rate in (f for f in draft.figures if f.kind == RATE and f.role == "rate"):
        name = NAME.search(rate.label)
        if name is None:
            continue
        begin, _ = draft.sentence_at(rate.start)
        name, scope = LEAD.sub("", name[0]), frozenset(SCOPE.findall(draft.half_width[begin : rate.end]))
        # A rate of one kind of tickets is compared with itself only.
        own = rate.sentence if re.search("类|方面|问题", draft.half_width[begin : rate.start]) else None
        before = seen.setdefault((name, scope, own), rate)
        if not meets(*rate.span, before) and not meets(*before.span, rate):
            how = f"前面{name}为{draft.printed(before)}，此处为{draft.printed(rate)}，应说明口径或时段"
            yield Claim(rate.start, rate.end, name, draft.printed(before), DOUBTFUL, how, (before,))
