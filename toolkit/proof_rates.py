"""Rates and shares of a report against the counts beside them."""

import re
from dataclasses import replace
from fractions import Fraction
from itertools import chain
from math import floor, inf

from toolkit.proof_claims import (
    AGREES,
    DIFFERS,
    DOUBTFUL,
    IMPOSSIBLE,
    Claim,
    check,
    claim_of,
    count_text,
    divide,
    judge,
    named,
    percent_text,
    quotient,
)
from toolkit.proof_figures import RATE, meets
from toolkit.proof_report import CARRIED

TOTAL = re.compile("共|总|合计|累计|受理|接收|收到|接到|交办|转办|承办|派单|派发|话务|来电|诉求|工单|来件")
STEM = re.compile(
    "((?:按期|按时|及时|按规定|满意|超期|逾期|超时|一次|直接|在线|即时|当场)?"
    "(?:办结|结案|回复|答复|签收|反馈|回访|办理|处理|联系|解决)"
    "|(?:基本|非常|不)?满意|返工|重办|退单|退回|回退|超期|逾期|直办|转办|属实|响应|知晓|接通)[率度]"
)
SAME = [
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
TAKEN_IN = re.compile("受理|承办|办理|接收|收到|接到|转办|交办|派单|登记|共")
BEHIND = re.compile(r"[\s,:()、]*(?:约|共|合计|分别|各|均)?占[^;]*$")  # a share stands right behind its count
LARGEST_SMALL = 500  # above it nearly every rate is possible


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
def rates(report):
    """一个率与它的分子、分母是否相符。"""
    for rate in report.figures:
        if rate.kind != RATE or rate.role != "rate" or rate.value > 100:
            continue
        stem = find_stem(rate)
        parts, wholes = _find_parts(report, rate, stem), _find_wholes(report, rate)
        near = [w for w in wholes if w.line == rate.line]
        # Where the line holds a usual base, none is looked for further up: a far one may fit by chance.
        wholes = near if any(_usual_base(stem).search(w.label) for w in near if w not in parts) else wholes
        parts = parts + _add_parts(report, rate, stem, parts)
        pairs = [(p, w) for p in parts for w in wholes if w.value >= p.value and w.start != p.start]
        pairs = [(p, w) for p, w in pairs if p.family == w.family]
        fitting = [pair for pair in pairs if meets(*quotient(*pair), rate)]
        if fitting:
            part, whole = fitting[0]
            how = divide(part.value, whole.value, rate) + _warn_of_name(part, stem)
            yield claim_of(report, rate, named(rate), AGREES, _rate(part, whole, rate), how, also=fitting[0])
        elif pairs:
            yield _say_unfitting(report, rate, stem, pairs)
        elif stem and not NOT_TICKETS.search(rate.label):
            yield from _judge_small(report, rate)


def _rate(part, whole, figure):
    return percent_text(100 * part.value / whole.value, figure.step)


def _find_parts(report, rate, stem):
    """Counts that may be the numerator: one in brackets beside the rate, those named like it, nearest first."""
    sentence = report.counts(rate, "sentence")
    beside = [
        c for c in sentence if "(" in (report.between(c, rate).strip(), report.between(rate, c).strip())
    ]
    earlier = [c for c in report.counts(rate) if c.end <= rate.start]
    for group in (sentence, earlier) if stem else ():
        alike = [c for c in group if is_part(c, stem) and c not in beside]
        if alike or beside:
            return beside + sorted(alike, key=lambda c: abs(c.start - rate.start))
    return beside


def _add_parts(report, rate, stem, parts):
    """The numerator may be a sum: 非常满意 and 满意, or what was closed in time and late (597+4 of 601)."""
    counts = report.counts(rate, "sentence") if stem else []
    alike = [c for c in counts if c in parts]
    timely = [c for c in counts if f"按期{stem}" in even(c.label)]
    late = [c for c in counts if re.search("超期(?:办结|回复|办理|签收)", even(c.label))]
    runs = [alike[first:last] for first in range(len(alike)) for last in range(first + 2, len(alike) + 1)]
    runs += [[timely[0], late[0]]] if timely and late else []
    return [replace(run[0], value=sum(c.value for c in run)) for run in runs]


def _find_wholes(report, rate):
    """Counts that may be the denominator: those of the line, before it and nearest first, then earlier totals."""
    line = sorted(report.counts(rate), key=lambda c: (c.start > rate.start, abs(c.start - rate.start)))
    totals = [
        f
        for f in report.figures
        if f.start < rate.start and f.line != rate.line and f.is_of_tickets and f.role == "count"
        and f.value and TOTAL.search(f.label)
    ]  # fmt: skip
    return line + totals[::-1]


def _warn_of_name(part, stem):
    if stem in ("回复", "办结") and f"按期{stem}" in even(part.label):
        return f"；名为{stem}率，分子是{named(part)}件，宜写作按期{stem}率"
    return ""


def _usual_base(stem):
    return re.compile(BASES.get(stem, USUAL_BASE))


def _say_unfitting(report, rate, stem, pairs):
    """No two counts of the text give the rate: proven where the usual denominator is among them."""
    usual = _usual_base(stem)
    sayable = [pair for pair in pairs if usual.search(pair[1].label) and pair[1].line == rate.line]
    part, whole = (sayable or pairs)[0]
    verdict, note = judge(*quotient(part, whole), rate)
    carried = CARRIED.search(report.plain[slice(*report.sentence_at(rate.start))])
    if verdict == DIFFERS and (not sayable or not stem or stem in NO_USUAL_BASE or carried):
        verdict, note = DOUBTFUL, _imply_base(part.value, rate)
    how = divide(part.value, whole.value, rate)
    return claim_of(report, rate, named(rate), verdict, _rate(part, whole, rate), how, note, (part, whole))


def _imply_base(part, rate):
    base = floor(100 * part / rate.value + Fraction(1, 2)) if rate.value else 0
    return f"；按此推算分母约为{count_text(base)}，文中没有写明" if base else ""


def _judge_small(report, rate):
    """A rate that no number of tickets up to those received can give; it needs no numerator."""
    totals = report.counts(rate, "sentence") or report.counts(rate)
    totals = [c for c in totals if c.is_exact and c.unit and c.is_of_tickets and TAKEN_IN.search(c.label)]
    total = max(totals, key=lambda c: c.value, default=None)
    if total is None or total.value > LARGEST_SMALL:
        return
    size, (bottom, top), tenth = int(total.value), rate.span, replace(rate, step=Fraction(1, 10))
    if top == inf:
        if bottom < 100 and Fraction(100 * (size - 1), size) < bottom:
            how = (
                f"共{size}件，少1件即{divide(size - 1, total.value, tenth)}，达到这一比例的只有100%，应写实数"
            )
            yield claim_of(report, rate, named(rate), DOUBTFUL, "100%", how, also=(total,))
        return
    near = range(-1, 2)
    tried = chain.from_iterable(((floor(bottom * d / 100) + k, d) for k in near) for d in range(1, size + 1))
    if not any(0 <= k <= d and bottom <= Fraction(100 * k, d) < top for k, d in tried):
        nearest = min(range(size + 1), key=lambda k: abs(Fraction(100 * k, size) - rate.value))
        how = (
            f"共{size}件，分母不论取其中几件都得不出这一比例，最接近的是{divide(nearest, total.value, tenth)}"
        )
        computed = percent_text(Fraction(100 * nearest, size), tenth.step)
        yield claim_of(report, rate, named(rate), IMPOSSIBLE, computed, how, also=(total,))


# --- shares ----------------------------------------------------------------------------------------


@check
def shares(report):
    """占比与部分、总数是否相符；没有件数的各项占比合计是否为100%。"""
    bare = []
    for share in (f for f in report.figures if f.kind == RATE and f.role == "share"):
        before = [c for c in report.counts(share, "sentence") if c.end <= share.start]
        given = [c for c in before if share.label == "的" and not report.between(c, share).strip(" 的")]
        parts = _shared_parts(report, share, [c for c in before if c not in given])
        if parts:
            yield from _judge_share(report, share, parts, given)
        else:
            bare.append(share)
    yield from _add_shares(bare)


def _shared_parts(report, share, before):
    """What the share is of: the count just before it, or the sum of the list that ends there."""
    if not before or not BEHIND.match(report.between(before[-1], share)):
        return []
    # The sum of a list is only meant where the list has one share, behind it.
    sentence = report.plain[slice(*report.sentence_at(share.start))]
    is_alone = len(re.findall(r"占[^,;。]*?%", sentence)) < 2
    firsts = range(len(before) - 1, -1 if is_alone else len(before) - 2, -1)
    return [before[first:] for first in firsts]


def _judge_share(report, share, parts, given):
    wholes = [c for c in _find_wholes(report, share) if c.end <= share.start and not _has_share(report, c)]
    added_up = _sum_of_shared(report, parts[0][0])
    if not given and not wholes and added_up and meets(*quotient(parts[0][0], added_up), share):
        wholes = [added_up]  # two shares may be of no other total than what both make
    wholes = given or wholes
    added = [(_added(listed), listed) for listed in parts]
    tried = [(p, listed, w) for p, listed in added for w in wholes if w not in listed and w.value >= p.value]
    tried = [(p, listed, w) for p, listed, w in tried if p.family == w.family]
    fitting = next((t for t in tried if meets(*quotient(t[0], t[2]), share)), None)
    if fitting:
        part, listed, whole = fitting
        terms = "+".join(count_text(c.value) for c in listed)
        lead = f"{terms}={count_text(part.value)}，" if len(listed) > 1 else ""
        how, also = lead + divide(part.value, whole.value, share), (*listed, whole)
        yield claim_of(report, share, "占比", AGREES, _rate(part, whole, share), how, also=also)
        return
    part, wholes = parts[0][0], [w for _, listed, w in tried if listed == parts[0]]
    totals = given or [w for w in wholes if TOTAL.search(w.label)]
    common = _agreed_by_others(report, share, wholes)
    if totals or common:
        yield _say_unfitting_share(report, share, part, totals, common, bool(given))


def _added(listed):
    return listed[0] if len(listed) == 1 else replace(listed[0], value=sum(c.value for c in listed))


def _say_unfitting_share(report, share, part, totals, common, is_given):
    """Proven where the base is given, is the only total, or is what the other shares of the line agree with."""
    is_alone = len(totals) == 1 and not report.near(share, RATE, ("share",), "line")
    is_sure, candidates = bool(common) or is_given or is_alone, common or totals
    candidates = candidates if common or is_given else [max(totals, key=lambda c: c.value)]
    judged = [(*judge(*quotient(part, whole), share), whole) for whole in candidates]
    verdict, note, whole = next((entry for entry in judged if entry[0] != DIFFERS), judged[0])
    listed = _sum_of_shared(report, part)
    if listed and meets(*quotient(part, listed), share):
        verdict, note = DOUBTFUL, f"；以各项合计{count_text(listed.value)}为基数才相符"
    elif verdict == DIFFERS and not is_sure:
        verdict, note = DOUBTFUL, _imply_base(part.value, share)
    how = divide(part.value, whole.value, share)
    return claim_of(report, share, "占比", verdict, _rate(part, whole, share), how, note, (part, whole))


def _agreed_by_others(report, share, wholes):
    """The totals that at least two other shares of the line agree with."""
    others = report.near(share, RATE, ("share",), "line")
    parts = {f.start: [c for c in report.counts(f) if c.end <= f.start][-1:] for f in others}
    return [
        whole
        for whole in wholes
        if sum(meets(*quotient(part, whole), f) for f in others for part in parts[f.start]) >= 2
    ]


def _sum_of_shared(report, part):
    """The sum of the counts of a line that have a share each."""
    counts = sorted([*report.counts(part), part], key=lambda c: c.start)
    listed = [c for c in counts if _has_share(report, c)]
    return replace(_added(listed), start=-1) if len(listed) > 1 else None


def _has_share(report, count):
    return re.match("[ ,(]*占(?!.{0,12}的[0-9])", report.plain[count.end : count.end + 24])


def _add_shares(bare):
    """Shares without counts: 合计 is the sum of those before it; all that there are, 其他 included, make 100 %."""
    for sentence in dict.fromkeys(share.sentence for share in bare):
        listed = [share for share in bare if share.sentence == sentence]
        last = listed[-1]
        if len(listed) > 2 and re.search("合计|共占|总计", last.label):
            yield _judge_share_sum(listed[:-1], last, last.value, last.step / 2)
        elif len(listed) > 1 and re.search("其[他它余]", "".join(share.label for share in listed)):
            yield _judge_share_sum(listed, last, Fraction(100), Fraction(0))


def _judge_share_sum(listed, last, expected, half):
    """Rounding may move the sum by half a digit for each share."""
    total, slack = sum(share.value for share in listed), sum(share.step for share in listed) / 2 + half
    finest = min(share.step for share in listed)
    computed = percent_text(total, finest)
    how = f"{'+'.join(percent_text(share.value, share.step) for share in listed)}={computed}"
    fits = abs(total - expected) <= slack
    # Shares of less than 100 % may leave one out; of more than 100 % or than their 合计 they cannot be.
    verdict = AGREES if fits else DOUBTFUL if expected == 100 and total < 100 else DIFFERS
    if not fits:
        how += "，应为100%" if expected == 100 else f"，文中为{percent_text(expected, last.step)}"
    also = tuple(share for share in listed if share is not last)
    return Claim(last.start, last.end, "各项占比合计", computed, verdict, how, also)
