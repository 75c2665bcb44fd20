"""Rates and shares of a report against the counts beside them."""

import re
from dataclasses import replace

from toolkit.proofreading.checks.impossible import judge_beyond_all, judge_small
from toolkit.proofreading.claims import (
    AGREES,
    DIFFERS,
    DOUBTFUL,
    check,
    claim_of,
    count_text,
    divide,
    judge,
    named,
    percent_text,
    quotient,
)
from toolkit.proofreading.draft import CARRIED
from toolkit.proofreading.figures import RATE, meets
from toolkit.rounding import round_half_up

STEM = re.compile(
    "((?:按期|按时|及时|按规定|满意|超期|逾期|超时|一次|直接|在线|即时|当场)?"
    "(?:办结|结案|回复|答复|签收|反馈|回访|办理|处理|联系|解决)"
    "|(?:基本|非常|不)?满意|返工|重办|退单|退回|回退|超期|逾期|直办|转办|属实|响应|知晓|接通)[率度]"
)
SAME = [
    ("规定时限内", "按期"),
    ("规定时间内", "按期"),
    ("时限内", "按期"),
    ("期限内", "按期"),
    ("答复", "回复"),
    ("按时", "按期"),
    ("及时", "按期"),
    ("超时", "超期"),
    ("逾期", "超期"),
    ("结案", "办结"),
    ("处理", "办理"),
]
# Words of the counts a rate is usually taken from; 返工率 and its like are published without saying.
USUAL_BASE = "受理|转办|交办|承办|派单|派发|派遣|接收|接到|收到|登记|应|来电|诉求|工单|共|转交|下派"
BASES = dict.fromkeys(["满意", "不满意", "基本满意"], "回访|评价|测评|抽查|评议")
NO_USUAL_BASE = {"返工", "重办", "退单", "退回", "回退"}
NOT_TICKETS = re.compile("接通|测评|第三方|抽查|知晓|全[市省国]|接听|准确|覆盖")
FIRST_TOTALS, LAST_TOTALS = 10, 20  # how many totals of other paragraphs may be a base
NEAR = 5  # percentage points within which a rate is taken for a misprint of two counts' quotient


def even(words):
    """Words with one spelling for what means the same: 按时 and 及时 → 按期, 结案 → 办结."""
    for word, usual in SAME:
        words = words.replace(word, usual)
    return words


def find_stem(figure):
    """按期回复率 → 按期回复; nothing where the name is not one of a rate of tickets."""
    found = [*STEM.finditer(figure.label)]
    return even(found[-1][1]) if found else ""


def is_part(figure, stem):
    """True where a count's words name what the rate counts, and not its opposite."""
    words = even(figure.label + figure.tail)
    opposite = "[未不没无待]$" if stem.startswith("超期") else "[未不没无待]$|超期$|直接$"
    return any(
        not re.search(opposite, words[: found.start()])
        and not re.match("时限|期限|结果|情况|单位|意见|率|度", words[found.end() :])
        for found in re.finditer(stem, words)
    )


# --- rates -----------------------------------------------------------------------------------------


@check
def rates(draft):
    """一个率与它的分子、分母是否相符。"""
    for rate in draft.figures:
        if rate.kind != RATE or rate.role not in ("rate", "share"):
            continue
        if rate.value > 100:
            yield from judge_beyond_all(draft, rate)
        if rate.value > 100 or rate.role == "share":
            continue
        stem = find_stem(rate)
        pairs = _find_pairs(draft, rate, stem)
        fitting = [pair for pair in pairs if meets(*quotient(*pair), rate)]
        if fitting:
            part, whole = fitting[0]
            how = divide(part.value, whole.value, rate) + _warn_of_name(part, stem)
            yield claim_of(
                draft, rate, named(rate), AGREES, exact_rate(part, whole, rate), how, also=fitting[0]
            )
        elif pairs:
            yield _say_unfitting(draft, rate, stem, pairs)
        elif stem and not NOT_TICKETS.search(rate.label):
            nearly = _judge_only_pair(draft, rate, stem)
            yield from [nearly] if nearly else judge_small(draft, rate)


def _find_pairs(draft, rate, stem):
    """The parts and wholes a rate may be made of, of one family, the part no larger than the whole."""
    parts, wholes = _find_parts(draft, rate, stem), find_wholes(draft, rate)
    near = [w for w in wholes if w.line == rate.line]
    # Where the line holds a usual base, none is looked for further up: a far one may fit by chance.
    wholes = near if any(usual_base(stem).search(w.label) for w in near if w not in parts) else wholes
    wholes = [w for w in wholes if not _is_other_half(w, stem)] + _add_levels(draft, rate, stem)
    parts = parts + _add_parts(draft, rate, stem, parts)
    pairs = [(p, w) for p in parts for w in wholes if w.value >= p.value and w.start != p.start]
    return [(p, w) for p, w in pairs if p.family == w.family]


def _judge_only_pair(draft, rate, stem):
    """The only two counts before a rate, where none bears its name: near the rate, they are meant."""
    before = [c for c in draft.counts(rate, "sentence") if c.end <= rate.start]
    if len(before) != 2 or len({c.family for c in before}) > 1 or find_stem(before[1]):
        return None
    part, whole = sorted(before, key=lambda c: c.value)
    words = even(part.label + part.tail)
    other = STEM.search(words + "率")
    if (
        whole is part
        or whole.start > part.start
        or (other and other[1] != stem)
        or not usual_base(stem).search(whole.label)
    ):
        return None
    exact = 100 * part.value / whole.value
    verdict, note = judge(exact, exact, rate)
    if abs(exact - rate.value) > NEAR:
        return None
    verdict = DOUBTFUL if verdict == DIFFERS else verdict
    how = divide(part.value, whole.value, rate)
    return claim_of(
        draft, rate, named(rate), verdict, exact_rate(part, whole, rate), how, note, (part, whole)
    )


def exact_rate(part, whole, figure):
    return percent_text(100 * part.value / whole.value, figure.step)


def _find_parts(draft, rate, stem):
    """Counts that may be the numerator: one in brackets beside the rate, those named like it, nearest first."""
    sentence = draft.counts(rate, "sentence")
    beside = [c for c in sentence if "(" in (draft.between(c, rate).strip(), draft.between(rate, c).strip())]
    earlier = [c for c in draft.counts(rate) if c.end <= rate.start]
    for group in (sentence, earlier) if stem else ():
        alike = [c for c in group if is_part(c, stem) and c not in beside]
        if alike or beside:
            return beside + sorted(alike, key=lambda c: abs(c.start - rate.start))
    return beside


def _add_parts(draft, rate, stem, parts):
    """The numerator may be a sum: 非常满意 and 满意, or what was closed in time and late (597+4 of 601)."""
    counts = draft.counts(rate, "sentence") if stem else []
    alike = [c for c in counts if c in parts]
    timely = [c for c in counts if f"按期{stem}" in even(c.label)]
    late = [c for c in counts if re.search("超期(?:办结|回复|办理|签收)", even(c.label))]
    runs = [alike[first:last] for first in range(len(alike)) for last in range(first + 2, len(alike) + 1)]
    runs += [[timely[0], late[0]]] if timely and late else []
    return [replace(run[0], value=sum(c.value for c in run)) for run in runs]


def _is_other_half(count, stem):
    """True for what cannot be the denominator: 按期办结 of a 超期率, one level of satisfaction of a 满意率."""
    words = even(count.label)
    if stem.endswith("满意"):
        return bool(re.search("(?<!不)满意|一般", words)) and not re.search("评价|测评|抽查", words)
    return stem.startswith("超期") and "按期" in words


def _add_levels(draft, rate, stem):
    """满意, 基本满意 and 不满意 told one by one make up those asked."""
    if not stem.endswith("满意"):
        return []
    levels = [c for c in draft.counts(rate, "sentence") if re.search("满意|一般", c.label + c.tail)]
    has_both = any("不满意" in c.label + c.tail for c in levels) and len(levels) > 1
    return [replace(levels[0], value=sum(c.value for c in levels), start=-1)] if has_both else []


def find_wholes(draft, rate):
    """Counts that may be the denominator: those of the line, before it and nearest first, then earlier totals."""
    line = sorted(draft.counts(rate), key=lambda c: (c.start > rate.start, abs(c.start - rate.start)))
    totals = [f for f in draft.totals if f.start < rate.start and f.line != rate.line]
    return line + (totals[:FIRST_TOTALS] + totals[FIRST_TOTALS:][-LAST_TOTALS:])[::-1]


def _warn_of_name(part, stem):
    if stem in ("回复", "办结") and f"按期{stem}" in even(part.label):
        return f"；名为{stem}率，分子是{named(part)}件，宜写作按期{stem}率"
    return ""


def usual_base(stem):
    return re.compile(BASES.get(stem, USUAL_BASE))


def _say_unfitting(draft, rate, stem, pairs):
    """No two counts of the text give the rate: proven where the usual denominator is among them."""
    usual = usual_base(stem)
    sayable = [pair for pair in pairs if usual.search(pair[1].label) and pair[1].line == rate.line]
    part, whole = (sayable or pairs)[0]
    verdict, note = judge(*quotient(part, whole), rate)
    carried = CARRIED.search(draft.half_width[slice(*draft.sentence_at(rate.start))])
    if verdict == DIFFERS and (not sayable or not stem or stem in NO_USUAL_BASE or carried):
        verdict, note = DOUBTFUL, imply_base(part.value, rate)
    how = divide(part.value, whole.value, rate)
    return claim_of(
        draft, rate, named(rate), verdict, exact_rate(part, whole, rate), how, note, (part, whole)
    )


def imply_base(part, rate):
    base = int(round_half_up(100 * part / rate.value, 0)) if rate.value else 0
    return f"；按此推算分母约为{count_text(base)}，文中没有写明" if base else ""
