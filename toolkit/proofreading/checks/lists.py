"""Lists of a report that take a line an item, against the total before them."""

import re
from itertools import pairwise

from toolkit.proofreading.checks.sums import say_sum
from toolkit.proofreading.claims import AGREES, DIFFERS, DOUBTFUL, IMPOSSIBLE, Claim, check, count_text
from toolkit.proofreading.draft import TOTAL
from toolkit.proofreading.figures import COUNT, RANK, read_chinese


@check
def lines(draft):
    """逐行列出的各项之和与前面的总数是否相符。"""
    counts = [f for f in draft.figures if f.is_of_tickets and f.role == "count"]
    total = next((f for f in counts if TOTAL.search(f.label)), None)
    lists, leading = [], [f for f in counts if f.unit and _leads_line(draft, f)]
    for figure in leading if total else []:
        follows = lists and not re.search(r"\n[^\n]*\S[^\n]*\n", draft.between(lists[-1][-1], figure))
        lists[-1].append(figure) if follows else lists.append([figure])
    for parts in lists:
        if len(parts) < 2 or parts[0].start < total.start:
            continue
        gap = abs(total.value - sum(c.value for c in parts))
        if not gap:
            yield say_sum(draft, total, parts, AGREES)
        elif re.search("其[他它余]", parts[-1].label):
            yield say_sum(draft, total, parts, DOUBTFUL, f"，相差{count_text(gap)}没有说明，疑有漏段")


def _leads_line(draft, figure):
    _, begin = draft.line_of(figure.start)
    led = draft.half_width[begin : figure.start].strip(" >\t\u3000。:、,")
    return 0 < len(led) <= 14 and not re.search("[,。;]", led) and not TOTAL.search(led)


# --- lists -----------------------------------------------------------------------------------------

ITEM = r"[^,;:。!?、\s“”\"()]{1,14}"
NAMES = re.compile(
    rf"(?P<items>{ITEM}(?:(?:、|以及|及|和|与){ITEM}){{0,40}}、{ITEM}?)"
    r"(?P<etc>等)?(?P<count>\d{1,2}|[两二三四五六七八九十]{1,2})(?!个百分点)[个大类项](?P<what>[\u4e00-\u9fff]{2})"
)
TOP = re.compile(
    r"前(?P<count>\d{1,2}|[二三四五六七八九十]{1,2})[位名]的?[\u4e00-\u9fff]{0,10}?(?:依次|分别)?[是为:]{1,2}(?P<items>[^。;!?\n]+)"
)
AMONG = re.compile(
    r"(\d+|[二三四五六七八九十]+)个?[县市区乡镇街道部门单位、()]{1,8}(?:中,[^,。]{0,10}|[^,。]{0,6})$"
)


def read_number(word):
    """The whole number a word of digits or Chinese numerals says."""
    return int(word) if word.isdigit() else int(read_chinese(word))


@check
def lists(draft):
    """列举的个数与所说的个数是否相符，排在前面的数是否由大到小。"""
    for found in NAMES.finditer(draft.half_width):
        said, least = read_number(found["count"]), found["items"].count("、") + 1
        most = least + len(re.findall("以及|及|和|与", found["items"]))
        if said == 1:
            continue
        fits = least <= said if found["etc"] else least <= said <= most
        verdict = AGREES if fits else DOUBTFUL if most > least or found["etc"] else DIFFERS
        listed = min(max(said, least), most)
        how = f"列出{listed}项" + ("" if fits else f"，文中为{found['count']}个{found['what']}")
        place = found.start("count"), found.start("what")
        yield Claim(*place, f"{found['what']}个数", str(listed), verdict, how)
    for found in TOP.finditer(draft.half_width):
        yield from _judge_top(draft, found)


def _judge_top(draft, found):
    """The names behind 前五位的是, and the numbers in their brackets, the largest first."""
    said, start, end = read_number(found["count"]), found.start("items"), found.end("items")
    numbers = [f for f in draft.figures if start <= f.start < end and f.kind == COUNT]
    names = re.split("、|以及|和|及", re.sub(r"\([^)]*\)", "", found["items"]).split(",")[0])
    listed = len(numbers) if len(numbers) > 1 else len(names)
    # More numbers than names: the list is over and others follow it.
    if listed < 2 or (listed == len(numbers) > max(said, len(names))):
        return
    is_tie = listed == len(numbers) > said and numbers[said - 1].value == numbers[-1].value
    fits = listed == said or is_tie
    how = f"列出{listed}个" + ("，末位并列" if is_tie else "" if fits else f"，文中为前{found['count']}位")
    place = found.start("count") - 1, found.end("count") + 1
    yield Claim(*place, "列出个数", str(listed), AGREES if fits else DOUBTFUL, how)
    for left, right in pairwise(numbers):
        if right.value > left.value and right.unit == left.unit:
            how = f"{count_text(right.value)}大于排在前面的{count_text(left.value)}，次序不符"
            yield Claim(right.start, right.end, "排列次序", "", DOUBTFUL, how, (left,))


@check
def ranks(draft):
    """名次不能大于参加排名的个数。"""
    for rank in (f for f in draft.figures if f.kind == RANK and f.unit == "第"):
        begin, _ = draft.sentence_at(rank.start)
        among = AMONG.search(draft.half_width[begin : rank.start])
        if among and read_number(among[1]) < rank.value:
            size = read_number(among[1])
            how = f"共{size}个参加排名，不会有第{count_text(rank.value)}"
            yield Claim(rank.start, rank.end, "名次", f"不超过{size}", IMPOSSIBLE, how)
