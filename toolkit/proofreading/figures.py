"""The figures of a written text: how numbers are printed, and what each may stand for."""

import re
from dataclasses import dataclass
from fractions import Fraction
from math import inf

from toolkit.rounding import round_half_up

# One character for one, so that every place in the text stays where it is.
PLAIN = str.maketrans("０１２３４５６７８９％﹪，；：（）．！？　～", "0123456789%%,;:().!? ~")

COUNT, RATE, POINTS, DATE, RANK, RANGE, OTHER = "件数", "比率", "百分点", "日期", "名次", "范围", "其他"
# One kind of thing, however it is counted; and what else is counted.
TICKETS = {"件", "件次", "件(次)", "起", "宗", "单", "条", "例", ""}  # fmt: skip
OTHER_UNITS = {"个", "次", "封", "通", "家", "人次", "人", "名", "户"}

DIGITS = {**dict(zip("〇一二三四五六七八九", range(10), strict=True)), "零": 0, "两": 2}
TENS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
BIG = {"万": 10_000, "亿": 100_000_000}

NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
CHINESE = "一二两三四五六七八九十"
UNITS = (
    r"个工作日|工作日|件次|人次|件(?:\ ?[(]次[)])?|万元|元|公里|小时|分钟|起|宗|人|条|封|次|例|个|家|通|批|项|单"
    "|户|处|名|位|期|场|天|日|分|年|月|周|部|倍|类|号|级|岁|米|吨|辆|间|所|时|秒|届|轮|步|册|份|篇|盏|台|套"
)
AFTER = "以上|以下|以内|左右|上下|余"
SPELT = "个工作日|件次|件|起|宗|个|家|天|项|类|人次|次|名|位(?!一体)|倍|小时|分钟"
FIGURES = re.compile(
    rf"""
    (?P<name>(?<!\d)12345(?![\d件次.%])
      | (?<!\d)(?:110|119|120|122|123\d\d|96\d{{3,4}})(?=[联报接指的来转等平热中急]|、1[12])
      | (?m:^[ >]*[(]?\d{{1,2}}(?:[)、]|\.(?!\d)|\.(?=12345|\d{{1,2}}月|\d{{4}}年))))
  | (?P<document>[〔\[]\d{{4}}[〕\]](?:第?\d+[号期])? | (?<!\d)\d{{8,}}(?![\d件次.,]) | \d{{16,}})
  | (?P<date>\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}} | \d{{1,2}}:\d{{2}}(?!\d)
      | (?:\d{{4}}|\d{{2}}(?=年\d))年(?:度|(?:\d{{1,2}}[-—–~至])?\d{{1,2}}月(?:份|\d{{1,2}}[日号])?)?
      | \d{{1,2}}月?(?:[-—–~至])\d{{1,2}}月份? | \d{{1,2}}月(?:份|\d{{1,2}}[日号])? | (?<!个)[{CHINESE}]{{1,2}}月份?
      | (?:第?[一二三四1-4]|[1-4][-—~至][1-4])季度 | 第\d{{1,2}}[周期])
  | (?P<rank>第(?:\d+|[{CHINESE}]+)(?:位|名)? | 前(?:\d+|[{CHINESE}]+)[位名]?(?![年期述后天月日往]))
  | (?P<range>{NUMBER}\ *(?:{UNITS}|%)?[-–—~至]{{1,2}}{NUMBER}\ *[万亿]?(?:{UNITS}|%|‰)
      | [{CHINESE}]{{1,2}}[-–—~至到][{CHINESE}]{{1,2}}(?:{SPELT}))
  | (?P<part>[{CHINESE}]+分之[{CHINESE}]+ | 过半|半数)
  | (?P<percent>百分之(?P<spelt_percent>[{CHINESE}百零〇点]+) | (?P<mille>千分之[{CHINESE}]+|{NUMBER}\ *‰)
      | (?P<per>{NUMBER})\ *[`']?%+
      | (?P<tenths>[一二两三四五六七八九])成(?P<tenth>[一二三四五六七八九])?(?![立效员果为本长就绩功型熟都]))(?P<p_after>{AFTER})?
  | (?P<points>{NUMBER})\ *个?百分点
  | (?P<count>{NUMBER})(?![\d_])\ *(?P<big>[万亿])?(?P<odd>[余多])?\ *(?P<unit>{UNITS})?(?P<after>{AFTER})?
  | (?<![第几数{CHINESE}百千])(?P<spelt>[{CHINESE}][{CHINESE}百千零]*)(?P<s_odd>[余多])?(?P<s_unit>{SPELT})(?P<s_after>{AFTER})?
    """,
    re.VERBOSE,
)
NO_RANK = re.compile(r"第[一二三四五六七八九十](?:责任|时间|书记|线|方|人民|步|批|轮|届|章|条|次|个|名|位)")


@dataclass(frozen=True)
class Figure:
    """A number in the text. `label` is what stands before it in its clause, `tail` what follows it."""

    start: int
    end: int
    kind: str
    value: Fraction
    step: Fraction = Fraction(0)  # the last digit printed; 0 for a number that is whole
    mark: str = ""  # 余, 以上, 近 …: the number is not meant exactly
    unit: str = ""
    is_spelt: bool = False  # 三个, 十二件
    label: str = ""
    tail: str = ""
    role: str = ""  # count, before (an earlier period's), change, average, target, carried, share, rate
    line: int = 0
    sentence: int = 0

    @property
    def span(self):
        """From where to where the exact value may lie; the upper end is not included unless both are one."""
        value, half = self.value, self.step / 2
        if self.mark in ("以上", "超", "超过", "逾", "突破"):
            return value, inf
        if self.mark in ("余", "多"):
            return value, value + _last_place(value)
        if self.mark in ("约", "大约", "左右", "上下"):
            return value * Fraction(19, 20), value * Fraction(21, 20) + half
        if self.mark in ("近", "将近"):
            return value * Fraction(9, 10), value + half
        if self.mark in ("不足", "不到", "以下", "以内"):
            return Fraction(0), value + half
        return value - half, value + half

    @property
    def is_exact(self):
        """True where the number printed is the number meant."""
        return not self.step and not self.mark

    @property
    def family(self):
        """What it counts, so that only like is reckoned with like: 件 for tickets, else the unit; '' for neither."""
        if self.is_of_tickets:
            return "件"
        is_counted = self.kind == COUNT and self.unit in OTHER_UNITS
        return self.unit if is_counted and not (self.is_spelt and self.unit in ("个", "次")) else ""

    @property
    def is_of_tickets(self):
        """True for a number of 件, 起, 条 …"""
        return self.kind == COUNT and self.unit in TICKETS


def _last_place(value):
    """1,100余 may be up to 1,200; 20余 up to 30."""
    place = 10
    while value % (place * 10) == 0 and value >= place * 10:
        place *= 10
    return Fraction(place)


def meets(low, high, figure):
    """True where a value between `low` and `high` may be printed as the figure."""
    bottom, top = figure.span
    if bottom == top:
        return low <= bottom <= high
    return low < top and high >= bottom


def rounded(value, step):
    """Halves away from zero, to the step printed; exact."""
    return Fraction(round_half_up(value / step, 0)) * step if step else value


def read_chinese(word):
    """The number a Chinese numeral says: 二十三 → 23, 两 → 2."""
    total = section = 0
    for character in word:
        if character in DIGITS:
            section = DIGITS[character]
        else:
            total, section = total + (section or 1) * TENS[character], 0
    return Fraction(total + section)


def read_figure(found, half_width):
    """The figure a match of FIGURES holds; None for the hotline's name, an item's number, a turn of phrase."""
    start, end, given = found.start(), found.end(), found.groupdict()
    if given["name"] or (given["rank"] and NO_RANK.match(half_width, start)):
        return None
    if given["range"]:
        return Figure(start, end, RANGE, Fraction(0))
    if given["part"]:
        return _read_part(given["part"], start, end)
    if given["percent"]:
        return _read_percent(given, start, end)
    if given["points"]:
        value, step = _decimal(given["points"])
        return Figure(start, end, POINTS, value, step, unit="百分点")
    if given["date"] or given["document"]:
        return Figure(start, end, DATE if given["date"] else OTHER, Fraction(0))
    if given["rank"]:
        word = given["rank"].strip("第前位名")
        return Figure(
            start, end, RANK, Fraction(word) if word.isdigit() else read_chinese(word), unit=given["rank"][0]
        )
    if given["spelt"]:
        value = read_chinese(given["spelt"])
        if value < 2 and not _is_in_list(half_width, start, end, given["s_unit"]):
            return None  # 一个, 一件, 一次 are turns of phrase
        mark = given["s_odd"] or given["s_after"] or ""
        return Figure(start, end, COUNT, value, mark=mark, unit=given["s_unit"], is_spelt=True)
    value, step = _decimal(given["count"])
    factor, unit = BIG.get(given["big"], 1), (given["unit"] or "").replace(" ", "")
    step = step * factor if step or not given["big"] else Fraction(factor)
    mark = given["odd"] or given["after"] or ""
    return Figure(start, end, COUNT, value * factor, step, mark, unit)


def _read_percent(given, start, end):
    step = Fraction(1)
    if given["mille"]:
        word = given["mille"].removeprefix("千分之").rstrip(" ‰")
        value, step = _decimal(word) if word[0].isdigit() else (read_chinese(word), Fraction(0))
        value, step = value / 10, (step or Fraction(1)) / 10
    elif given["per"]:
        value, step = _decimal(given["per"])
        step = step or Fraction(1)
    elif given["tenths"]:
        value = read_chinese(given["tenths"]) * 10 + (
            read_chinese(given["tenth"]) if given["tenth"] else Fraction(0)
        )
        step = Fraction(1 if given["tenth"] else 10)
    else:
        whole, _, rest = given["spelt_percent"].partition("点")
        digits = "".join(str(DIGITS[character]) for character in rest if character in DIGITS)
        value = read_chinese(whole) + (Fraction(int(digits), 10 ** len(digits)) if digits else 0)
        step = Fraction(1, 10 ** len(digits))
    return Figure(start, end, RATE, value, step, given["p_after"] or "", "%")


def _read_part(word, start, end):
    """三分之一, meant roughly; 过半: half and more."""
    if "分之" not in word:
        return Figure(start, end, RATE, Fraction(50), mark="以上" if word == "过半" else "约", unit="%")
    whole, part = (read_chinese(side) for side in word.split("分之"))
    return Figure(start, end, RATE, 100 * part / whole, mark="约", unit="%")


def _is_in_list(half_width, start, end, unit):
    """True for the 一家 of 乡镇两家、县直部门一家: a like number stands right before or behind it."""
    like = rf"(?:\d+|[{CHINESE}]+){unit}"
    return bool(
        re.search(rf"{like}[、,和及][^、,;。!?\n]{{0,12}}$", half_width[max(0, start - 20) : start])
        or re.match(rf"[、,和及][^、,;。!?\n]{{1,12}}?{like}", half_width[end : end + 20])
    )


def _decimal(digits):
    """The number printed and its last digit's worth: 6.87 → 6.87 and 0.01; a whole number → 0."""
    digits = digits.replace(",", "")
    places = len(digits.partition(".")[2])
    return Fraction(digits), Fraction(1, 10**places) if places else Fraction(0)
