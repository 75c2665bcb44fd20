"""The checks of a report's words, dates and lists: what stands unfilled, left over, miscounted or unsupported."""

import re
from calendar import monthrange
from fractions import Fraction
from itertools import pairwise

from toolkit.claims import (
    AGREES,
    DIFFERS,
    DOUBTFUL,
    IMPOSSIBLE,
    Claim,
    check,
    count_text,
    named,
    roles_of,
    show,
)
from toolkit.figures import COUNT, DATE, RANK, RATE, meets, read_chinese, rounded

# What to look for, what it is called, what is said about it. A word of an office's name (信访办) is no leftover.
WORDS = [
    (r"_{2,}\s*[年月日件个%]?|\d{1,3}_+\s*年度?|[（(][ \u3000]{2,}[）)]", "未填空白", "空白未填，应补上实数"),
    (r"[XxＸ×]{2,}(?:省|市|县|区|乡|镇|村|局|年|月|日|件|人)?|[×Ｘ](?:年|月|日)|某某[县市区乡镇村局]?|待补充?[）)]", "模板占位", "模板占位词，应换成实名实数"),
    (r"\d(?:\.\d+)?[%％﹪]{2,}", "百分号", "百分号重复"),
    (r"﹪", "百分号", "百分号用了特殊字符“﹪”，应为“%”"),
    (r"\d[`'´]\s*[%％]", "百分号", "数字与百分号之间有多余符号"),
    (r"信访(?![办局室部联]|干部|条例|途径|事项|渠道)(?:工作|件|案件|形势|责任)?|(?:的|各项|做好)信工作|上访|接访|群众来访|来信来访|接待人(?![员数次民们])|接待日",
     "他处模板残留", "像是从信访工作材料沿用的词，热线报告中应核实或改写"),
    (r"的的|在在|与与|和和(?![气谐美睦])|[，,]{2,}|[。]{2,}|，。|、，", "重复字符", "字或标点重复"),
    (r"[\u4e00-\u9fff]{2,4}、(?=参加|出席|主持|作出|召开)", "标点", "顿号后直接是动作，疑有漏字或顿号多余"),
    (r"(?:^|(?<=[。！？\n]))[ \u3000>]*分别[是为]", "疑有漏段", "“分别”之前没有总数和所指，疑有文字缺失"),
]  # fmt: skip
PRAISE = re.compile(
    r"(?:成绩|成效|效果|实效)(?:十分|非常|很|较为|更加)?(?:显著|突出|明显|斐然|喜人)|(?:取得|有)了?(?:一定|较好|良好|优异|可喜)的?(?:的)?(?:成绩|成效)"
    r"|(?:明显|显著|大幅|大大|极大|有效|不断)地?(?:提升|提高|改善|好转|减少|下降|缩短)|大为(?:减少|改观|提高|改善)"
    r"|(?:得到|受到|赢得)了?.{0,8}(?:好评|赞誉|称赞|认可|肯定)|走在.{0,4}前列|名列前茅|遥遥领先|圆满完成|维护了.{0,6}稳定"
)
STILL = re.compile(r"推动|进一步|努力|力争|将|为了|确保|要求|建议|促进|以|提高诉求")


@check
def words(report):
    """空白、占位、百分号、他处模板的词、重复的字。"""
    for pattern, claim, how in WORDS:
        for found in re.finditer(pattern, report.text):
            lead = len(found[0]) - len(found[0].lstrip(" \u3000>\n"))
            start, number = found.start() + lead, re.search(r"[\d.]+$", report.text[: found.start()])
            start = number.start() if number and claim == "百分号" else start
            yield Claim(start, found.end(), claim, "", DOUBTFUL, how)


@check
def praise(report):
    """没有数字支持的评价。"""
    told = {f.sentence for f in report.figures if f.kind in (COUNT, RATE)}
    for found in PRAISE.finditer(report.plain):
        begin, end = report.sentence_at(found.start())
        clause = re.split("[,;。]", report.plain[begin : found.start()])[-1]
        if STILL.search(clause) or _sentence(report, found.start()) in told:
            continue
        yield Claim(found.start(), found.end(), "评价", "", DOUBTFUL, "同一句中没有数字支持这一评价，应列出数据")


def _sentence(report, place):
    from bisect import bisect_right

    return bisect_right(report.sentences, place) - 1


# --- lists -----------------------------------------------------------------------------------------

NAMED_LIST = re.compile(
    r"(?P<items>[^,;:。!?、\s“”\"()]{1,14}(?:(?:、|以及|及|和|与)[^,;:。!?、\s“”\"()]{1,14})*、[^,;:。!?、\s“”\"()]{1,14}?)"
    r"(?P<etc>等)?(?P<count>\d{1,2}|[两二三四五六七八九十]{1,2})[个大类项](?P<what>[\u4e00-\u9fff]{2})"
)
TOP = re.compile(
    r"前(?P<count>\d{1,2}|[二三四五六七八九十]{1,2})[位名]的?[\u4e00-\u9fff]{0,10}?(?:依次|分别)?[是为:]{1,2}(?P<items>[^。;!?\n]+)"
)


@check
def lists(report):
    """列举的个数与所说的个数是否相符，排在前面的数是否由大到小。"""
    for found in NAMED_LIST.finditer(report.plain):
        count, firm = _number(found["count"]), len(re.findall("、", found["items"])) + 1
        joined = len(re.findall("以及|及|和|与", found["items"]))
        if count == 1:
            continue
        fits = firm <= count if found["etc"] else firm <= count <= firm + joined
        verdict = AGREES if fits else DOUBTFUL if joined or found["etc"] else DIFFERS
        how = f"列出{firm + joined if fits and not found['etc'] else firm}项" + (
            "等" if found["etc"] else ""
        )
        how += "" if fits else f"，文中为{found['count']}个{found['what']}"
        yield Claim(
            found.start("count"), found.start("what"), f"{found['what']}个数", str(firm), verdict, how
        )
    for found in TOP.finditer(report.plain):
        yield from _ranked(report, found)


def _number(word):
    return int(word) if word.isdigit() else int(read_chinese(word))


def _ranked(report, found):
    """The names behind 前五位的是, and the numbers in their brackets, the largest first."""
    said, start, end = _number(found["count"]), found.start("items"), found.end("items")
    numbers = [f for f in report.figures if start <= f.start < end and f.kind == COUNT]
    names = re.split("、|;|以及|和|及", re.sub(r"\([^)]*\)", "", found["items"]).split(",")[0])
    listed = len(numbers) if len(numbers) > 1 else len(names)
    if listed < 2 or (listed > said and listed == len(numbers) and len(names) != listed):
        return
    is_tie = listed > said and len(numbers) == listed and numbers[said - 1].value == numbers[-1].value
    fits = listed == said or is_tie
    how = f"列出{listed}个" + ("，末位并列" if is_tie else "" if fits else f"，文中为前{found['count']}位")
    place = found.start("count") - 1, found.end("count") + 1
    yield Claim(*place, "列出个数", str(listed), AGREES if fits else DOUBTFUL, how)
    for left, right in pairwise(numbers):
        if right.value > left.value and right.unit == left.unit:
            how = f"{count_text(right.value)}大于排在前面的{count_text(left.value)}，与“前{found['count']}位”的次序不符"
            yield Claim(right.start, right.end, "排列次序", "", DOUBTFUL, how, (left,))


# --- dates and periods -----------------------------------------------------------------------------

MONTH = re.compile(
    r"(?:(?P<year>\d{4})年)?(?:(?P<from>\d{1,2})[-—–~至])?(?P<month>\d{1,2}|[一二三四五六七八九十]{1,2})月(?![一-九\d]+日)"
)


@check
def dates(report):
    """不存在的日期，标题的月份、年份与正文的统计期。"""
    for figure in (f for f in report.figures if f.kind == DATE):
        found = re.match(
            r"(?:(\d{4})[年/.-])?(\d{1,2})[月/.-](\d{1,2})?", report.plain[figure.start : figure.end]
        )
        if found and not _exists(*found.groups()):
            yield Claim(figure.start, figure.end, "日期", "", IMPOSSIBLE, "没有这一天")
    yield from _title_period(report)


def _exists(year, month, day):
    if not 1 <= int(month) <= 12:
        return False
    return day is None or 1 <= int(day) <= monthrange(int(year or 2024), int(month))[1]


def _title_period(report):
    """The title's month and year against the period the body's first total is given for."""
    title, body = _title(report)
    if title is None:
        return
    heading = MONTH.search(title[0])
    told = re.search(
        MONTH.pattern + r"份?[^。\n]{0,30}?(?:受理|办理|接收|收到|接到|转办|形成)", report.plain[body:]
    )
    if heading and told and not told["from"] and not heading["from"]:
        named_month, month = _number(heading["month"]), _number(told["month"])
        if named_month != month:
            also = re.search(
                rf"(?<!\d)(?:{heading['month']}|{named_month})月", report.plain[body + told.end() :]
            )
            verdict = DOUBTFUL if also else DIFFERS
            how = f"标题为{heading['month']}月，正文统计期为{told['month']}月"
            start = title[1] + heading.start("month")
            yield Claim(
                start, title[1] + heading.end("month") + 1, "统计期", f"{told['month']}月", verdict, how
            )
    year = re.search(r"(\d{4})年", title[0])
    years = re.findall(r"(\d{4})年", report.plain[body:])
    if year and years and year[1] not in years:
        how = f"标题为{year[1]}年，正文出现的年份是{'、'.join(dict.fromkeys(years))}年"
        yield Claim(
            title[1] + year.start(), title[1] + year.end(), "统计期", f"{years[0]}年", DOUBTFUL, how
        )


def _title(report):
    """The first line where it is a title, with its place, and where the body begins."""
    found = re.search(r"\S[^\n]*", report.plain)
    if not found or len(found[0]) > 60 or re.search("[。;]", found[0]) or "\n" not in report.plain:
        return None, 0
    return (found[0], found.start()), found.end()


PERIODS = [("周", [7], None), ("上半年|下半年", [181, 182, 184], [6]), ("季度", [90, 91, 92], [3]), ("全年|年度|年", [365, 366], [12])]  # fmt: skip


@check
def averages(report):
    """日均、月均与总数和统计期是否相符。"""
    roles = roles_of(report)
    for figure in (f for f in report.figures if f.kind == COUNT and roles[f] == "average"):
        kind = re.search("([日月])均", figure.label)
        totals = [
            c
            for c in report.near(figure, COUNT, "line")
            if roles[c] == "count" and c.end <= figure.start and c.unit == figure.unit
        ]
        lengths = _lengths(report, figure, kind[1] if kind else "")
        if not totals or not lengths:
            continue
        pairs = [(total, length) for total in reversed(totals) for length in lengths]
        fitting = [p for p in pairs if meets(p[0].span[0] / p[1], p[0].span[1] / p[1], _loose(figure))]
        total, length = (fitting or pairs)[0]
        average = count_text(rounded(total.value / length, Fraction(1, 10)))
        unit = "天" if kind[1] == "日" else "个月"
        how = f"{count_text(total.value)}÷{length}{unit}={average}" + (
            "" if fitting else f"，文中为{report.words(figure.start, figure.end)}"
        )
        yield Claim(
            figure.start, figure.end, named(figure), average, AGREES if fitting else DOUBTFUL, how, (total,)
        )


def _loose(figure):
    """An average printed whole has been rounded."""
    from dataclasses import replace

    return figure if figure.mark or figure.step else replace(figure, step=Fraction(1))


def _lengths(report, figure, kind):
    """How many days or months the period has that the sentence, or the title, speaks of."""
    begin, end = report.sentence_at(figure.start)
    for text in (report.plain[begin:end], (_title(report)[0] or ("",))[0]):
        month = MONTH.search(text)
        if month and kind == "日" and not month["from"]:
            number = _number(month["month"])
            years = [int(month["year"])] if month["year"] else [2023, 2024]
            return sorted({monthrange(year, number)[1] for year in years}) if 1 <= number <= 12 else []
        if month and month["from"] and kind == "月":
            return [_number(month["month"]) - int(month["from"]) + 1]
        for word, days, months in PERIODS:
            if re.search(word, text):
                return (days if kind == "日" else months) if kind else None
    return None


# --- the same thing said twice ---------------------------------------------------------------------

SCOPE = re.compile(
    r"(?:[一-鿿]{1,8}?(?:镇|乡|局|街道|办事处|公司|中心|委|队|所|类|方面|部门|单位|区|县|市))|[上下]半年|[一二三四]季度|\d+月|去年|上月|上年|今年|本月|全年|累计"
)


@check
def repeats(report):
    """同名的率在一份报告中有两个值。"""
    roles = roles_of(report)
    seen = {}
    for rate in (f for f in report.figures if f.kind == RATE and roles[f] == "rate"):
        name = re.search(r"[一-鿿]{2,6}[率度](?=[为是达到约]*$)", rate.label)
        if name is None:
            continue
        begin, _ = report.sentence_at(rate.start)
        scope = frozenset(SCOPE.findall(report.plain[begin : rate.end])) - {"我县", "全县"}
        name = re.sub("^(?:工单|群众|市民|综合|总体|平均|的)+", "", name[0])
        before = seen.setdefault((name, scope), rate)
        if before.value == rate.value or meets(*rate.span, before) or meets(*before.span, rate):
            continue
        if re.search("不满意", rate.label) != re.search("不满意", before.label):
            continue
        first = report.words(before.start, before.end)
        how = f"同一份报告前面{name}为{first}，此处为{report.words(rate.start, rate.end)}，应说明口径或时段"
        yield Claim(rate.start, rate.end, name, first, DOUBTFUL, how, (before,))


@check
def ranks(report):
    """名次不能大于参加排名的个数。"""
    for rank in (f for f in report.figures if f.kind == RANK and f.unit == "第"):
        begin, _ = report.sentence_at(rank.start)
        among = re.search(
            r"(\d+|[二三四五六七八九十]+)个?[县市区乡镇街道部门单位()]{1,8}[^,。]{0,6}$",
            report.plain[begin : rank.start],
        )
        if among and _number(among[1]) < rank.value:
            how = f"共{_number(among[1])}个参加排名，不会有第{show(rank.value, '')}"
            yield Claim(rank.start, rank.end, "名次", f"不超过{_number(among[1])}", IMPOSSIBLE, how)
