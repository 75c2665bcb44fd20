"""A written report as proofreading sees it, a draft: sentences, figures, and the words that say what each figure is."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from toolkit.proofreading.figures import COUNT, DATE, FIGURES, OTHER, PLAIN, RANK, RATE, read_figure
from toolkit.proofreading.tables import fill_tables

BEFORE = re.compile(
    r"((?<![附最新邻])近|将近|(?<![预签合违节条公])约|大约|超过?|逾|突破|不足|不到)(?:了|到)?$"
)
RANKED = re.compile(r"[列居排]|名次|位次|位于")
TOTAL = re.compile("共|总|合计|累计|受理|接收|收到|接到|交办|转办|承办|派单|派发|话务|来电|诉求|工单|来件")
# A text pasted without stops or line breaks is reckoned in stretches of this many characters.
LONGEST_SENTENCE, LONGEST_PARAGRAPH = 1000, 2000
SENTENCE_END = re.compile(r"[。!?\n]")
CLAUSE_END = ',、;:()“”"。!?\n'

# What the words before a figure make of it, the first that fits.
CHANGE = re.compile(
    "(?:增加|减少|上升|下降|增长率?|净增|递增|回落|降低|提高|提升|增幅|减幅|降幅|涨幅|升幅"
    "|^多|(?<!至)(?<!最)(?<!不)少|[较比].*[多少](?:受理|办理|承办|接听|收到)?)(?:了|为|约|近|达)*$"
)
PAST = re.compile(
    r"(?:同比|环比|[较比])(?:\d+月份?|第?[一二三四]季度)的?$|去年|上年|上月|上季|上周|上期|同期|前年|往年|上一[年季月周]"
)
FROM = re.compile("[由从]")
BECOME = re.compile("(?:[增升降减]|增加|上升|提高|提升|下降|减少|降低|回落|缩短|压缩)(?:为|到|至)")
CARRIED = re.compile("结转|遗留|往期|跨期|扣除|剔除|不含|不计")
ROLES = {
    "carried": CARRIED,
    "change": CHANGE,
    "average": re.compile("[日月周年人]均|平均"),
    "target": re.compile("不低于|不少于|不得|目标|标准|力争|确保|低于|高于|要求|以内"),
    "before": PAST,
}


@dataclass(frozen=True)
class Draft:
    """A report's text and its figures; `half_width` is the same text in half-width characters, place for place."""

    text: str
    half_width: str
    figures: list
    sentences: list  # where each begins, and the end of the text
    tables: list

    @cached_property
    def totals(self):
        """The numbers of tickets whose words name all of something: 受理, 共, 合计 …"""
        counts = (f for f in self.figures if f.is_of_tickets and f.role == "count" and f.value)
        return [f for f in counts if TOTAL.search(f.label)]

    @cached_property
    def _lines(self):
        return _line_starts(self.half_width)

    @cached_property
    def _together(self):
        """The figures of each sentence and of each paragraph."""
        groups = {"sentence": {}, "line": {}}
        for same, found in groups.items():
            for figure in self.figures:
                found.setdefault(getattr(figure, same), []).append(figure)
        return groups

    @cached_property
    def _starts(self):
        return [figure.start for figure in self.figures]

    def figures_in(self, start, end):
        """The figures that begin between two places."""
        return self.figures[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def sentence_of(self, place):
        """The number of the sentence that holds this place."""
        return max(bisect_right(self.sentences, place) - 1, 0)

    def sentence_at(self, place):
        """From where to where that sentence goes."""
        number = min(self.sentence_of(place), len(self.sentences) - 2)
        return self.sentences[number], self.sentences[number + 1]

    def words(self, start, end):
        """The text as printed, on one line."""
        return re.sub(r"\s*\n\s*", " ", self.text[start:end]).strip()

    def printed(self, figure):
        """A figure as printed."""
        return self.words(figure.start, figure.end)

    def between(self, left, right):
        """The half-width text between two figures."""
        return self.half_width[left.end : right.start]

    def line_of(self, place):
        """The number of the line, from 0, and where it begins."""
        number = bisect_right(self._lines, place) - 1
        return number, self._lines[number]

    def near(self, figure, kind, roles, same="sentence"):
        """The other figures of a kind and role in the same sentence or line, in order."""
        return [
            other
            for other in self._together[same].get(getattr(figure, same), [])
            if other.kind == kind and other.role in roles and other is not figure
        ]

    def counts(self, figure, same="line", roles=("count",)):
        """The numbers of tickets, calls, persons … near a figure."""
        return [other for other in self.near(figure, COUNT, roles, same) if other.family and other.value]


def find_figures(text):
    """Every figure of a text, in order, as a Draft.

    Read are digits of either width, thousands separators, 万 and 亿, percentages in every sign, 七成,
    百分之九十, ranks, dates, and Chinese numerals with a unit. Not figures are the hotline's own name
    (12345) and the number of an item at the beginning of a line.
    """
    half_width = text.translate(PLAIN)
    sentences = _sentence_starts(half_width)
    paragraphs = _paragraph_starts(half_width, sentences)
    figures, previous = [], 0
    for found in FIGURES.finditer(half_width):
        figure = read_figure(found, half_width)
        if figure is None:
            continue
        figure = _keep_rank(figure, half_width)
        if figure is None:
            continue
        label = _label(half_width, max(previous, half_width.rfind("\n", 0, figure.start) + 1), figure.start)
        sentence, line = (bisect_right(starts, figure.start) - 1 for starts in (sentences, paragraphs))
        figures.append(
            replace(figure, label=label.strip(), mark=_mark(figure, half_width), line=line, sentence=sentence)
        )
        if figure.kind != DATE:  # 2024年受理: the date is part of the label
            previous = figure.end
    figures, tables = fill_tables(_with_roles(_with_tails(figures, half_width), half_width), half_width)
    return Draft(text, half_width, figures, sentences, tables)


def _sentence_starts(half_width):
    """Where each sentence begins, and the end of the text; one without an end is parted at a pause."""
    starts = [0]
    for end in [*(found.end() for found in SENTENCE_END.finditer(half_width)), len(half_width)]:
        while end - starts[-1] > LONGEST_SENTENCE:
            pause = max(
                half_width.rfind(mark, starts[-1] + 1, starts[-1] + LONGEST_SENTENCE) for mark in ",;、"
            )
            starts.append(pause + 1 if pause > 0 else starts[-1] + LONGEST_SENTENCE)
        if end > starts[-1] or len(starts) == 1:
            starts.append(end)
    return starts


def _line_starts(half_width):
    return [0, *(found.end() for found in re.finditer("\n", half_width))]


def _paragraph_starts(half_width, sentences):
    """Where each line begins; a line that is too long is parted at its sentences."""
    lines, starts = set(_line_starts(half_width)), []
    for place in sorted({*lines, *sentences}):
        if not starts or place in lines or place - starts[-1] > LONGEST_PARAGRAPH:
            starts.append(place)
    return starts


def _keep_rank(figure, half_width):
    """第四 is a rank behind 列, 居, 排; elsewhere (第三小学) it is none, and only digits are kept."""
    led = re.split("[,。;]", half_width[max(0, figure.start - 15) : figure.start])[-1]
    if figure.kind != RANK or RANKED.search(led) or half_width[figure.end - 1] in "位名":
        return figure
    return replace(figure, kind=OTHER) if re.search(r"\d", half_width[figure.start : figure.end]) else None


def _mark(figure, half_width):
    """近, 超过 … before a number; 以上, 余 … behind it were read with it."""
    found = BEFORE.search(half_width[max(0, figure.start - 4) : figure.start])
    if figure.mark or not found or figure.kind not in (COUNT, RATE):
        return figure.mark
    return found[1]


def _label(half_width, start, end):
    """The words before a figure, back to the nearest pause or figure; a heading's from before its colon or stop."""
    words = whole = half_width[start:end]
    while words:
        cut = max(words.rfind(mark) for mark in CLAUSE_END)
        label = words[cut + 1 :].strip(" >》」]】'‘’")
        if label or cut < 0 or words[cut] not in ':(“"。':
            return label if len(label) <= 12 or words is whole else ""
        if words[cut] == "。" and re.search(rf"[{re.escape(CLAUSE_END)}]", words[:cut]):
            return ""
        words = words[:cut]
    return words


def _with_tails(figures, half_width):
    ends = [*(figure.start for figure in figures[1:]), len(half_width)][: len(figures)]
    pause = re.compile(rf"[{re.escape(CLAUSE_END)}]")
    tails = (
        pause.split(half_width[figure.end : end], maxsplit=1)[0].strip()
        for figure, end in zip(figures, ends, strict=True)
    )
    return [replace(figure, tail=tail) for figure, tail in zip(figures, tails, strict=True)]


def _with_roles(figures, half_width):
    """What each count and rate is; of two years in a sentence, the figures of the earlier one are 'before'."""
    dated = {}
    for figure in figures:
        year = re.match(r"(\d{4})年", half_width[figure.start : figure.end]) if figure.kind == DATE else None
        if year:
            dated.setdefault(figure.sentence, []).append((figure.start, int(year[1])))
    roles = [_role(figure, dated.get(figure.sentence, [])) for figure in figures]
    numbers = [place for place, figure in enumerate(figures) if figure.kind in (COUNT, RATE)]
    for left, right in pairwise(numbers):
        # 由去年的203件降至156件: what it was, and what it has become.
        if FROM.search(figures[left].label) and BECOME.search(figures[right].label):
            roles[left] = "before"
    return [replace(figure, role=role) for figure, role in zip(figures, roles, strict=True)]


def _role(figure, dated):
    label = figure.label
    if figure.kind not in (COUNT, RATE):
        return ""
    for role, words in ROLES.items():
        if words.search(label):
            return role
    years = [year for place, year in dated if place < figure.start]
    if years and years[-1] < max(year for _, year in dated):
        return "before"
    if figure.kind == COUNT:
        return "count"
    return "share" if "占" in label or label == "的" else "rate"
