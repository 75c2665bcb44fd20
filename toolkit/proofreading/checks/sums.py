"""Totals of a report against the lists that make them up."""

import re
from bisect import bisect_left
from fractions import Fraction
from itertools import accumulate, pairwise

from toolkit.proofreading.checks.rates import even
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
    percent_text,
)
from toolkit.proofreading.draft import CHANGE, PAST, TOTAL
from toolkit.proofreading.figures import COUNT, TICKETS

INTRODUCED = re.compile("其中|分别|包括|分类|分为|按.{0,8}分|单位[为是]:?$|具体|:$")
PARTIAL = re.compile("主要|居前|前[0-9一二三四五六七八九十]+|靠前|较多|最多|集中|热点|突出|等")
ADDED_UP = re.compile("合计|共计|总计|^(?:总|一|以上)?共有?$")
ENDS_LIST = re.compile("[!?]|位居|(?<!公)共(?!服务|管)|总数|总量|合计|其中")
# Stages of one ticket, not kinds of tickets: the same one may be in several.
OVERLAPS = re.compile("办结|回复|答复|满意|回访|签收|超期|按期|办理|反馈|解决|重办")
HALVES = [
    ("按期", "超期"),
    ("直接", "转"),
    ("直办", "转办"),
    ("直办", "交办"),
    ("电话", "网"),
    ("在线", "转"),
]
KINDS = ("类", "类诉求", "类工单", "类问题")


@check
def sums(draft):
    """各部分之和与总数是否相符，部分是否大于全部。"""
    lines = {}
    for figure in draft.figures:
        if figure.family and figure.role == "count" and not figure.mark:
            lines.setdefault(figure.line, []).append(figure)
    for told in lines.values():
        counts = [figure for figure in told if figure.is_exact]
        if len(counts) < len(told):
            yield from _rounded_sums(draft, told)
        used = set()
        yield from _fitting_sums(draft, counts, used)
        yield from _unfitting_sums(draft, counts, used)
        yield from _too_large_parts(draft, counts, used)


def _rounded_sums(draft, counts):
    """Lists of rounded numbers (9.8万件): their sum may be off by half a last digit each."""
    for place in range(1, len(counts)):
        total, parts = counts[place - 1], _list_from(draft, counts, place)
        listed = [total, *parts]
        if len(parts) < 2 or not any(c.step for c in listed) or len({c.family for c in listed}) > 1:
            continue
        gap, slack = total.value - sum(c.value for c in parts), sum(c.step for c in listed) / 2
        claim = (
            say_sum(draft, total, parts, AGREES) if abs(gap) <= slack else _judge_list(draft, total, parts)
        )
        yield from [claim] if claim else []


def _fitting_sums(draft, counts, used):
    """Runs of counts that add up to one before them, or to a 合计 behind them."""
    added = [0, *accumulate(c.value.numerator for c in counts)]  # exact counts are whole
    for place, total in enumerate(counts):
        for first, last in _find_runs(counts, added, place):
            parts = counts[first:last]
            ends = [counts[last - 1 : last + 1]] if last > place else []
            if first not in (0, place + 1) or total.label.endswith(KINDS):
                ends.append(counts[max(first - 1, 0) : first + 1])
            goes_on = any(_goes_on(draft, pair) for pair in ends) or _is_item(draft, counts, place, first)
            if not used & set(parts) and not goes_on and _is_no_chance(total, parts, first == place + 1):
                used.update(parts)
                yield say_sum(draft, total, parts, AGREES)


def _find_runs(counts, added, place):
    """From where to where the counts beside a total add up to it; `added` are their running sums."""
    value = counts[place].value.numerator
    if ADDED_UP.search(counts[place].label):
        for first in range(place - 1):
            if added[place] - added[first] == value:
                yield first, place
    for first in range(place + 1, len(counts) - 1):
        last = bisect_left(added, added[first] + value, first + 1)
        if first + 1 < last < len(added) and added[last] - added[first] == value:
            yield first, last


def _goes_on(draft, pair):
    """True where the list has one more item: a total that only some of its items make up is a wrong one."""
    if len(pair) < 2 or ";" in draft.between(*pair) or OVERLAPS.search(even(pair[1].label)):
        return False
    return len(_side_by_side(draft, pair)) == 2


def _is_item(draft, counts, place, first):
    """True where the total stands in one list with what is before it and behind it: 甲局2件、乙局1件、丙局1件."""
    pairs = counts[max(place - 1, 0) : place + 1], counts[place : place + 2]
    if first != place + 1 or not _goes_on(draft, pairs[1]):
        return False
    # Of 其中三家、两家、一家 the first is no total either, though small numbers fit.
    is_led = place > 0 and counts[place].value < 50 and re.search("其中|分别", draft.between(*pairs[0]))
    return bool(is_led) or _goes_on(draft, pairs[0])


def _is_no_chance(total, parts, is_beside):
    """Small or few numbers often fit by chance; there the list must stand right behind its total, in one unit."""
    units = {c.unit for c in [total, *parts]}
    if not units <= TICKETS and len({c.unit for c in parts}) > 1 and total.value < 50:
        return False
    return is_beside or len(parts) > 2 or total.value >= 100 or bool(ADDED_UP.search(total.label))


def say_sum(draft, total, parts, verdict, note=""):
    added = count_text(sum(c.value for c in parts))
    how = f"{'+'.join(count_text(c.value) for c in parts)}={added}"
    return claim_of(draft, total, "各项合计", verdict, added, how, note, parts)


def _unfitting_sums(draft, counts, used):
    for place, first in enumerate(counts):
        claim, parts = None, _list_from(draft, counts, place)
        yield from _agreeing_from_afar(draft, counts[:place], parts, used)
        total = _total_before(counts[:place], parts, used) if len(parts) > 1 else None
        if total and not used & set(parts) and len({c.family for c in [total, *parts]}) == 1:
            claim = _judge_list(draft, total, parts)
        if claim is None and ADDED_UP.search(first.label):
            alike = [c for c in reversed(counts[:place]) if c.family == first.family]
            parts = _side_by_side(draft, alike, backwards=True)[::-1]
            gap = abs(first.value - sum(c.value for c in parts))
            if len(parts) > 1 and gap and not used & set(parts):
                claim = say_sum(draft, first, parts, DIFFERS, f"，相差{count_text(gap)}")
        if claim:
            used.update(parts)
            yield claim


def _agreeing_from_afar(draft, counts, parts, used):
    """A list that adds up to a total of an earlier line; a number of units before it that is the list's length."""
    if len(parts) < 3 or used & set(parts):
        return
    added, many = sum(c.value for c in parts), counts[-1]
    earlier = [f for f in draft.totals if f.line < parts[0].line and f.value == added]
    if earlier:
        used.update(parts)
        yield say_sum(draft, earlier[-1], parts, AGREES)
    if many.unit in ("个", "家") and many.value == len(parts):
        yield claim_of(draft, many, "列出个数", AGREES, str(len(parts)), f"列出{len(parts)}个")


def _list_from(draft, counts, place):
    """The list that begins with this count: after 其中, 分别 …, or of three and more …类."""
    if not place:
        return []
    before, first = counts[place - 1], counts[place]
    skipped = [f for f in draft.figures_in(before.end, first.start) if f.kind == COUNT]
    is_bare = not any(not CHANGE.search(f.label) and not PAST.search(f.label) for f in skipped)
    if is_bare and INTRODUCED.search(draft.between(before, first)):
        return _side_by_side(draft, counts[place:])
    if before.label.endswith("类") or not first.label.endswith("类"):
        return []
    parts = _side_by_side(draft, counts[place:])
    return parts if sum(c.label.endswith(KINDS) for c in parts) > 2 else []


def _side_by_side(draft, counts, backwards=False):
    """The counts from the first on with nothing but a pause, a name and shares or changes between them."""
    parts = counts[:1]
    for left, right in pairwise(counts):
        first, second = (right, left) if backwards else (left, right)
        between = re.sub('[“"][^“”"]*[”"]', "", draft.between(first, second))
        between = re.sub(r"[(,]?(?:占|同比|环比)[^,;、。)]*%\)?", "", between)
        are_kinds = first.label.endswith("类") and re.search("类|其他", second.label)
        pauses = len(re.findall("[,;、]", between))
        if ENDS_LIST.search(between) or ("。" in between and not are_kinds) or pauses > 1:
            break
        # 事项375件（其中74件…），有320件完成: what a bracket holds is no neighbour of what follows it.
        if re.search(r"\d", between) or between.count("(") != between.count(")"):
            break
        parts.append(right)
    return parts


def _total_before(counts, parts, used):
    """The total a list belongs to: the count just before it, else the largest total before that."""
    largest, nearest = max(c.value for c in parts), counts[-1]
    if nearest.value >= largest and nearest not in used:
        return nearest
    earlier = [c for c in counts if c.value >= largest and TOTAL.search(c.label)]
    return max(earlier, key=lambda c: c.value, default=nearest if nearest.value >= largest else None)


def _judge_list(draft, total, parts):
    """What a list says that does not add up to its total; nothing where it need not."""
    added, labels = sum(c.value for c in parts), [even(c.label) for c in parts]
    sentence = draft.half_width[draft.sentence_at(parts[0].start)[0] : parts[-1].end]
    names_all = any(re.search("其[他它余]", label) for label in labels)
    are_halves = len(parts) == 2 and any(_are_halves(labels, *pair) for pair in HALVES)
    overlaps = any(OVERLAPS.search(label) for label in labels) and not are_halves
    is_partial = PARTIAL.search(sentence) and added < total.value
    if overlaps or is_partial or added == total.value or not total.value:
        return None
    gap = count_text(abs(total.value - added))
    if added > total.value:
        return say_sum(draft, total, parts, DIFFERS, f"，多出{gap}；除非有重复计入")
    if names_all:
        return say_sum(draft, total, parts, DIFFERS, f"，列有“其他”仍少{gap}")
    # 其中 may name a few only; a list of kinds, two halves, or one that is nearly whole is meant to be whole.
    if sum("类" in label for label in labels) > 2 or are_halves or added * 5 >= total.value * 4:
        share = percent_text(100 * added / total.value, Fraction(1, 10))
        return say_sum(draft, total, parts, DOUBTFUL, f"，列出的占{share}，其余{gap}没有说明")
    return None


def _are_halves(labels, one, other):
    return (one in labels[0] and other in labels[1]) or (other in labels[0] and one in labels[1])


def _too_large_parts(draft, counts, used):
    """A part after 其中 that is more than anything before it in the sentence."""
    for before, part in pairwise(counts):
        if "其中" not in draft.between(before, part):
            continue
        wholes = [
            c for c in counts if c.end <= before.end and c.sentence == part.sentence and c.unit == part.unit
        ]
        whole = max(wholes, key=lambda c: c.value, default=None)
        if part not in used and whole and part.value > whole.value:
            how = f"{count_text(part.value)}大于总数{count_text(whole.value)}，部分不能多于全部"
            limit = f"不超过{count_text(whole.value)}"
            yield Claim(part.start, part.end, named(part), limit, IMPOSSIBLE, how, (whole,))
