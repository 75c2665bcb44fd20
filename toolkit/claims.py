"""The checks of a report's figures against each other: one function a check, entered with `@check`.

To add a check, write a function that takes a `Report` and yields a `Claim` for each figure it can judge,
decorate it with `@check` and add its test. Only arithmetic that leaves no other reading is 不一致;
where another reading is possible, or a base is not in the text, it is 可疑.
"""

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from math import floor, inf

from toolkit.figures import COUNT, DATE, POINTS, RANK, RATE, TICKETS, Figure, meets, rounded

AGREES, DIFFERS, IMPOSSIBLE, DOUBTFUL, UNKNOWN = "一致", "不一致", "不可能", "可疑", "无法核对"
CHECKS = []


@dataclass(frozen=True)
class Claim:
    """What one check says about one place of the text; `also` are the other figures it reckoned with."""

    start: int
    end: int
    claim: str
    computed: str
    verdict: str
    how: str
    also: tuple[Figure, ...] = ()


def check(find):
    """Enter a function as a check."""
    CHECKS.append(find)
    return find


# --- what a figure is about ------------------------------------------------------------------------

CHANGE = re.compile(
    r"(?:增加|减少|上升|下降|增长率?|净增|递增|回落|降低|提高|提升|增幅|减幅|降幅|涨幅|升幅|(?<!至)(?<!最)(?<!不)少|[较比].*多)(?:了|为|约|近|达)*$"
)
DOWN = re.compile(r"减少|下降|回落|降低|减幅|降幅|少了?$")
PAST = re.compile(r"去年|上年|上月|上季|上周|上期|同期|前年|往年|上一[年季月周]")
TARGET = re.compile(r"不低于|不少于|不得|目标|标准|力争|确保|低于|高于|要求|以内")
AVERAGE = re.compile(r"[日月周年人]均|平均")
CARRIED = re.compile(r"结转|遗留|往期|跨期|扣除|剔除|不含|不计")
TOTAL = re.compile(r"共|总|合计|累计|受理|接收|收到|接到|交办|转办|承办|派单|派发|话务|来电|诉求|工单|来件")
OVERLAPS = re.compile(r"办结|结案|回复|答复|满意|回访|签收|超期|逾期|按期|按时|及时|办理|反馈|解决|重办")


def roles_of(report):
    """Figure → what it is: count, before (an earlier period's), change, average, target, share, rate."""
    found, years = {}, {}
    for figure in report.figures:
        if figure.kind == DATE:
            year = re.match(r"(\d{4})年", report.plain[figure.start : figure.end])
            years.setdefault(figure.sentence, []).append((figure.start, int(year[1]))) if year else None
        elif figure.kind in (COUNT, RATE):
            found[figure] = _role(figure, years.get(figure.sentence, []))
    latest = {sentence: max(year for _, year in dated) for sentence, dated in years.items()}
    for figure, role in found.items():
        dated = [year for place, year in years.get(figure.sentence, []) if place < figure.start]
        if role in ("count", "rate") and dated and dated[-1] < latest[figure.sentence]:
            found[figure] = "before"
    return found


def _role(figure, _years):
    label = figure.label
    if CARRIED.search(label):
        return "carried"
    if CHANGE.search(label) and not re.search(r"[到至]$", label):
        return "change"
    if AVERAGE.search(label):
        return "average"
    if TARGET.search(label):
        return "target"
    if PAST.search(label):
        return "before"
    if figure.kind == COUNT:
        return "count"
    return "share" if "占" in label or label == "的" else "rate"


def show(value, sign="%"):
    """A number as a report prints it: 1,144 or 6.82% with as many digits as it has, at most four."""
    if value == inf:
        return "∞"
    text = f"{float(value):,.4f}".rstrip("0").rstrip(".")
    return text + sign


def count_text(value):
    """A number of tickets as a report prints it: 1,144."""
    return show(value, "")


def named(figure):
    """What is claimed, in the report's own words: its label without the verbs that lead to the figure."""
    label = re.sub(r"^(?:其中|共计?|另有|并|和|且|及|[:,])+|(?:均?[为是达有约]到?了?|达到了?|的)+$", "", figure.label)
    return label or {RATE: "比率", COUNT: "数量", RANK: "名次", DATE: "日期", POINTS: "百分点"}.get(figure.kind, "数字")


def judge(low, high, figure):
    """Verdict on a printed figure that should lie between low and high, and what is to be added to `how`."""
    if meets(low, high, figure):
        return AGREES, ""
    if low == high and figure.step and not figure.mark:
        if floor(low / figure.step) * figure.step == figure.value:
            return DOUBTFUL, "；只有截尾、不四舍五入时才相符"
        if rounded(rounded(low, figure.step / 10), figure.step) == figure.value:
            return DOUBTFUL, "；只有两次四舍五入时才相符"
    return DIFFERS, ""


def quotient(part, whole):
    """Between which two percentages part ÷ whole lies."""
    (low, high), (bottom, top) = part, whole
    return 100 * low / top if top != inf else Fraction(0), 100 * high / bottom if bottom else inf


def divide(part, whole, figure):
    """'78÷1,144=6.82%', to the digits the figure prints."""
    exact = 100 * part / whole
    return f"{count_text(part)}÷{count_text(whole)}={show(rounded(exact, figure.step))}"


def stated(report, figure):
    """The figure as printed."""
    return report.words(figure.start, figure.end)


def _say(report, figure, found, verdict, how, computed, also=()):
    end = f"，文中为{stated(report, figure)}" if verdict != AGREES else ""
    return Claim(figure.start, figure.end, found, computed, verdict, how[0] + end + how[1], tuple(also))


def _counts(report, roles, figure, same="line", role=("count", "before")):
    """Numbers of tickets near a figure, in the order of the text."""
    return [
        other
        for other in report.near(figure, COUNT, same)
        if roles[other] in role and other.is_of_tickets and other.value
    ]


# --- rates -----------------------------------------------------------------------------------------

STEM = re.compile(
    r"((?:按期|按时|及时|按规定|满意|超期|逾期|超时|一次|直接|在线|即时|当场)?(?:办结|结案|回复|答复|签收|反馈|回访|办理|处理|联系|解决)"
    r"|(?:基本|非常|不)?满意|返工|重办|退单|退回|回退|超期|逾期|直办|直接答复|转办|属实|响应|知晓|接通)[率度]"
)
SAME = [("按时", "按期"), ("及时", "按期"), ("超时", "超期"), ("逾期", "超期"), ("结案", "办结"), ("处理", "办理")]
BASES = {"满意": r"回访|评价|测评|抽查|评议", "不满意": r"回访|评价|测评|抽查|评议", "基本满意": r"回访|评价|测评"}
USUAL_BASE = r"受理|转办|交办|承办|派单|派发|派遣|接收|接到|收到|登记|应|来电|诉求|工单|共|转交|下派"
NO_USUAL_BASE = {"返工", "重办", "退单", "退回", "回退"}  # published with bases that are not named
NOT_TICKETS = re.compile(r"接通|测评|第三方|抽查|知晓|全[市省国]|接听|准确|覆盖")


def even(words):
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
    words = re.sub(r"[满回][意复][率度].*", "", words) if stem not in words else words
    return any(
        not re.search(r"[未不没无待]$|超期$|直接$" if stem != "超期" else r"[未不没无待]$", words[: found.start()])
        and not re.match("时限|期限|结果|情况|单位|意见", words[found.end() :])
        for found in re.finditer(stem, words)
    )


@check
def rates(report):
    """一个率与它的分子、分母是否相符。"""
    roles = roles_of(report)
    for rate in report.figures:
        if rate.kind != RATE or roles[rate] != "rate" or rate.value > 100:
            continue
        stem = find_stem(rate)
        parts = _parts_of(report, roles, rate, stem)
        wholes = _wholes(report, roles, rate)
        pairs = [(p, w) for p in parts for w in wholes if w.value >= p.value and w != p]
        pairs += _pairs_with_late(report, roles, rate, stem, wholes)
        fitting = [pair for pair in pairs if meets(*quotient(pair[0].span, pair[1].span), rate)]
        if fitting:
            part, whole = fitting[0]
            how = f"{divide(part.value, whole.value, rate)}{_name_warning(rate, part, stem)}"
            yield _say(report, rate, named(rate), AGREES, (how, ""), show(rounded(100 * part.value / whole.value, rate.step)), (part, whole))
        elif pairs:
            yield _say_unfitting(report, rate, stem, pairs)
        elif stem and not NOT_TICKETS.search(rate.label):
            yield from _small_count(report, roles, rate)


def _parts_of(report, roles, rate, stem):
    """Counts that may be the rate's numerator: named like it, nearest first; a bracket's own neighbour."""
    inside = [
        other for other in _counts(report, roles, rate, role=("count",))
        if (other.end <= rate.start and report.plain[other.end : rate.start].strip() == "(")
        or (rate.end <= other.start and report.plain[rate.end : other.start].strip() == "(")
    ]  # fmt: skip
    if not stem:
        return inside
    sentence = _counts(report, roles, rate, "sentence", ("count",))
    whole_line = [c for c in _counts(report, roles, rate, "line", ("count",)) if c.end <= rate.start]
    for group in (sentence, whole_line):
        alike = [other for other in group if is_part(other, stem) and other not in inside]
        if alike or inside:
            return inside + sorted(alike, key=lambda other: abs(other.start - rate.start))
    return []


def _pairs_with_late(report, roles, rate, stem, wholes):
    """办结 may be the sum of those in time and those late: 597+4 of 601."""
    counts = _counts(report, roles, rate, "sentence", ("count",))
    timely = [c for c in counts if f"按期{stem}" in even(c.label)]
    late = [c for c in counts if re.search("超期(?:办结|回复|办理|签收)", even(c.label))]
    if not stem or not timely or not late:
        return []
    both = replace(timely[0], value=timely[0].value + late[0].value)
    return [(both, whole) for whole in wholes if whole.value >= both.value]


def _wholes(report, roles, rate):
    """Counts that may be the denominator: those of the line, before it and nearest first, then earlier totals."""
    line = sorted(
        _counts(report, roles, rate, "line", ("count",)),
        key=lambda other: (other.start > rate.start, abs(other.start - rate.start)),
    )
    totals = [
        f for f in report.figures
        if f.is_of_tickets and roles[f] == "count" and TOTAL.search(f.label) and f.start < rate.start and f.line != rate.line
    ]  # fmt: skip
    return line + totals[::-1]


def _name_warning(rate, part, stem):
    if stem in ("回复", "办结") and f"按期{stem}" in even(part.label):
        return f"；名为{stem}率，分子却是{part.label}件，宜写明“{part.label}率”"
    return ""


def _say_unfitting(report, rate, stem, pairs):
    """No pair of the text's counts gives the rate: proven where the usual denominator is there."""
    usual = re.compile(BASES.get(stem, USUAL_BASE))
    sayable = [pair for pair in pairs if usual.search(pair[1].label) and pair[1].line == rate.line]
    part, whole = (sayable or pairs)[0]
    verdict, note = judge(*quotient(part.span, whole.span), rate)
    carried = CARRIED.search(report.plain[slice(*report.sentence_at(rate.start))])
    if verdict == DIFFERS and (not sayable or stem in NO_USUAL_BASE or carried or not stem):
        base = floor(100 * part.value / rate.value + Fraction(1, 2)) if rate.value else 0
        verdict, note = DOUBTFUL, f"；按此推算分母约为{count_text(base)}，文中没有写明" if base else ""
    computed = show(rounded(100 * part.value / whole.value, rate.step))
    return _say(report, rate, named(rate), verdict, (divide(part.value, whole.value, rate), note), computed, (part, whole))


def _small_count(report, roles, rate):
    """A rate that no number of tickets up to the one received can give; needs no numerator."""
    totals = _counts(report, roles, rate, "sentence", ("count",)) or _counts(report, roles, rate, "line", ("count",))
    totals = [c for c in totals if c.is_exact and c.unit]
    if not totals or max(c.value for c in totals) > 500:
        return
    total = max(totals, key=lambda c: c.value)
    size, (bottom, top) = int(total.value), rate.span
    nearest = min(range(size + 1), key=lambda k: abs(Fraction(100 * k, size) - rate.value))
    if top == inf:
        if bottom < 100 and Fraction(100 * (size - 1), size) < bottom:
            one_less = divide(Fraction(size - 1), total.value, Figure(0, 0, RATE, rate.value, Fraction(1, 10)))
            how = f"共{size}件，少1件即{one_less}，达到{stated(report, rate)}的只有100%，应写明实数"
            yield Claim(rate.start, rate.end, named(rate), "100%", DOUBTFUL, how, (total,))
        return
    if not any(bottom <= Fraction(100 * k, d) < top for d in range(1, size + 1) for k in (floor(bottom * d / 100), floor(bottom * d / 100) + 1) if k <= d):
        near = divide(Fraction(nearest), total.value, Figure(0, 0, RATE, rate.value, Fraction(1, 10)))
        how = f"共{size}件，不论分子是几件、分母取其中几件，都得不出{stated(report, rate)}，最接近的是{near}"
        yield Claim(rate.start, rate.end, named(rate), near.split("=")[1], IMPOSSIBLE, how, (total,))


# --- shares ----------------------------------------------------------------------------------------


@check
def shares(report):
    """占比与部分、总数是否相符。"""
    roles = roles_of(report)
    lone = []
    for share in (f for f in report.figures if f.kind == RATE and roles[f] == "share"):
        sentence = [c for c in _counts(report, roles, share, "sentence", ("count",)) if c.end <= share.start]
        given = [c for c in sentence if share.label == "的" and not report.plain[c.end : share.start].strip(" 的")]
        parts = _shared_parts(report, share, sentence, given)
        if not parts:
            lone.append(share)
            continue
        yield from _judge_share(report, roles, share, parts, given)
    yield from _share_sums(report, lone)


def _shared_parts(report, share, sentence, given):
    """What the share is of: the count just before it, or the sum of the list that ends there."""
    before = [c for c in sentence if c not in given]
    if not before or re.search(r"[。;]", report.plain[before[-1].end : share.start]):
        return []
    between = report.plain[before[-1].end : share.start]
    if not given and re.search(r"占[^,]*$", before[-1].label):
        return []
    own = "占" in between or bool(given)
    if not own:
        return []
    # The sum of a list is only meant where the list has one share, behind it.
    is_alone = len(re.findall(r"占[^,;。]*?%", report.plain[slice(*report.sentence_at(share.start))])) < 2
    firsts = range(len(before) - 1, -1 if is_alone else len(before) - 2, -1)
    return [(sum(c.value for c in before[i:]), tuple(before[i:])) for i in firsts]


def _judge_share(report, roles, share, parts, given):
    wholes = given or [c for c in _wholes(report, roles, share) if c.end <= share.start]
    tried = [
        (value, counts, whole)
        for value, counts in parts
        for whole in wholes
        if whole not in counts and whole.value >= value
    ]
    # A sum is only meant where the list is of more than one; the single part comes first.
    fitting = [t for t in tried if meets(*quotient((t[0], t[0]), t[2].span), share) or (len(t[1]) == 1 and meets(*quotient(t[1][0].span, t[2].span), share))]
    if fitting:
        value, counts, whole = fitting[0]
        lead = "" if len(counts) == 1 else f"{'+'.join(count_text(c.value) for c in counts)}={count_text(value)}，"
        how = lead + divide(value, whole.value, share)
        yield _say(report, share, "占比", AGREES, (how, ""), show(rounded(100 * value / whole.value, share.step)), (*counts, whole))
        return
    value, counts = parts[0]
    tried = [t for t in tried if t[1] == counts]
    if not tried:
        return
    line_sum = _list_sum(report, roles, counts[0])
    if line_sum and meets(*quotient((value, value), (line_sum, line_sum)), share):
        whole = tried[-1][2]
        how = f"{divide(value, whole.value, share)}，文中为{stated(report, share)}；以各项合计{count_text(line_sum)}为基数才相符"
        yield Claim(share.start, share.end, "占比", show(rounded(100 * value / whole.value, share.step)), DOUBTFUL, how, (*counts, whole))
        return
    totals = given or [t[2] for t in tried if TOTAL.search(t[2].label)]
    siblings = [f for f in report.near(share, RATE, "line") if roles[f] == "share"]
    common = _common_bases(report, roles, share, [t[2] for t in tried])
    sure = bool(common or given) or (len(totals) == 1 and not siblings)
    wholes = common or totals or [max((t[2] for t in tried), key=lambda c: c.value)]
    judged = [(*judge(*quotient(counts[0].span, whole.span), share), whole) for whole in wholes]
    verdict, note, whole = next((j for j in judged if j[0] != DIFFERS), judged[0])
    if verdict == DIFFERS and not sure:
        verdict, note = DOUBTFUL, f"；按此推算基数约为{count_text(floor(100 * value / share.value))}" if share.value else ""
    yield _say(report, share, "占比", verdict, (divide(value, whole.value, share), note), show(rounded(100 * value / whole.value, share.step)), (*counts, whole))


def _list_sum(report, roles, part):
    """The sum of the counts of a line that have a share each."""
    listed = [
        c for c in [*_counts(report, roles, part, "line", ("count",)), part]
        if re.match(r"[ ,(]*占", report.plain[c.end : c.end + 6])
    ]  # fmt: skip
    return sum(c.value for c in listed) if len(listed) > 2 else None


def _common_bases(report, roles, share, wholes):
    """The totals that at least two other shares of the line agree with."""
    others = [f for f in report.near(share, RATE, "line") if roles[f] == "share"]
    parts = {f: [c for c in _counts(report, roles, f, "line", ("count",)) if c.end <= f.start] for f in others}
    return [
        whole for whole in wholes
        if sum(bool(parts[f] and meets(*quotient(parts[f][-1].span, whole.span), f)) for f in others) >= 2
    ]  # fmt: skip


def _share_sums(report, lone):
    """Shares without counts that name everything, 其他 included, add up to 100 %."""
    for sentence in dict.fromkeys(share.sentence for share in lone):
        listed = [share for share in lone if share.sentence == sentence]
        if len(listed) < 2 or not re.search("其[他它余]", "".join(s.label for s in listed)):
            continue
        total, slack = sum(s.value for s in listed), sum(s.step for s in listed) / 2
        how = f"{'+'.join(show(s.value) for s in listed)}={show(total)}"
        verdict = AGREES if abs(total - 100) <= slack else DIFFERS if total > 100 else DOUBTFUL
        last, end = listed[-1], "" if verdict == AGREES else "，各项占比合计应为100%"
        yield Claim(last.start, last.end, "各项占比合计", show(total), verdict, how + end, tuple(listed[:-1]))


# --- sums ------------------------------------------------------------------------------------------

SUMMED = {"件", "件次", "件(次)", "起", "宗", "单", "条", "例", "", "个", "次", "封", "通", "家", "人次", "人", "户"}
INTRODUCED = re.compile(r"其中|分别|包括|分类|分为|按.{0,8}分|单位[为是]:?$|具体|:$")
PARTIAL = re.compile(r"主要|居前|前[\d一二三四五六七八九十]+|靠前|较多|最多|集中|热点|突出|等")
ADDED_UP = re.compile("合计|共计|总计")
PAIRS = [("按期", "超期"), ("直接", "转"), ("直办", "转办"), ("直办", "交办"), ("电话", "网"), ("在线", "转"), ("属实", "不属实")]


@check
def sums(report):
    """各部分之和与总数是否相符。"""
    roles = roles_of(report)
    used = set()
    for line in dict.fromkeys(f.line for f in report.figures):
        counts = [
            f for f in report.figures
            if f.line == line and f.kind == COUNT and f.unit in SUMMED and roles[f] == "count" and f.is_exact
            and (f.unit in TICKETS or report.plain[f.start].isdigit())
        ]  # fmt: skip
        yield from _fitting_sums(report, counts, used)
        yield from _unfitting_sums(report, roles, counts, used)
        yield from _too_large_parts(report, counts, used)
    yield from _sums_by_line(report, roles)


def _fitting_sums(report, counts, used):
    """Runs of counts that add up to one before them, or to a 合计 behind them."""
    for place, total in enumerate(counts):
        for first, last in _runs(counts, place):
            parts = counts[first:last]
            if not used & set(parts) and _may_add_up(total, parts, first == place + 1):
                used.update(parts)
                yield _say_sum(report, total, parts, AGREES, "")
                used.add(total) if last == place else None


def _runs(counts, place):
    """From where to where the counts beside a total add up to it; those right beside it first."""
    value, ahead = counts[place].value, range(place + 1, len(counts) - 1)
    firsts = range(place - 1) if ADDED_UP.search(counts[place].label) else []
    for first in [*firsts, *ahead]:
        added = 0
        for last in range(first, place if first < place else len(counts)):
            added += counts[last].value
            if added == value and last > first and (first > place or last == place - 1):
                yield first, last + 1
            if added >= value:
                break


def _may_add_up(total, parts, is_beside):
    """A sum that fits by chance is likely where numbers are small or few; there more is asked for."""
    if len({c.unit for c in [total, *parts]} - TICKETS) > 0 and total.value < 50 and len({c.unit for c in parts}) > 1:
        return False
    return is_beside or len(parts) > 2 or total.value >= 100 or ADDED_UP.search(total.label)


def _say_sum(report, total, parts, verdict, note):
    added = sum(c.value for c in parts)
    terms = "+".join(count_text(c.value) for c in parts)
    how = (f"{terms}={count_text(added)}", note)
    return _say(report, total, "各项合计", verdict, how, count_text(added), parts)


def _unfitting_sums(report, roles, counts, used):
    for place, first in enumerate(counts):
        parts = _list_from(report, counts, place)
        total = _total_before(counts[:place], parts, used) if len(parts) > 1 else None
        if total and not used & set(parts) and all(c.unit in TICKETS for c in [total, *parts]):
            found = _judge_sum(report, total, parts)
            if found:
                used.update(parts)
                yield found
        if ADDED_UP.search(first.label) and first not in used:
            alike = [c for c in counts[:place][::-1] if (c.unit in TICKETS) == (first.unit in TICKETS)]
            parts = _listed(report, alike, backwards=True)[::-1]
            if len(parts) > 1 and not used & set(parts):
                used.update(parts)
                gap = abs(first.value - sum(c.value for c in parts))
                yield _say_sum(report, first, parts, DIFFERS if gap else AGREES, f"，相差{count_text(gap)}" if gap else "")


def _list_from(report, counts, place):
    """The list that begins with this count: after 其中, 分别 …, or of three and more …类."""
    if not place:
        return []
    lead = report.plain[counts[place - 1].end : counts[place].start]
    between = [f for f in report.figures if counts[place - 1].end <= f.start < counts[place].start]
    is_bare = not any(f.kind == COUNT and not CHANGE.search(f.label) and not PAST.search(f.label) for f in between)
    parts = _listed(report, counts[place:])
    if is_bare and INTRODUCED.search(lead):
        return parts
    kinds = [c for c in parts if c.label.endswith(("类", "类诉求", "类工单", "类问题"))]
    begins = not counts[place - 1].label.endswith("类")
    return parts if begins and len(kinds) > 2 else []


def _listed(report, counts, backwards=False):
    """The counts from the first on that stand side by side, with nothing but their shares between them."""
    parts = counts[:1]
    for left, right in pairwise(counts):
        first, second = (right, left) if backwards else (left, right)
        between = re.sub(r'[“"][^“”"]*[”"]', "", report.plain[first.end : second.start])
        between = re.sub(r"[(,]?(?:占|同比|环比)[^,;、。)]*%\)?", "", between)
        is_kind = first.label.endswith("类") and re.search("类|其他", second.label)
        if re.search("[!?]|位居|(?<!公)共(?!服务|管)|总数|总量|合计|其中", between) or ("。" in between and not is_kind):
            break
        if between.count(",") + between.count(";") + between.count("、") > 1 or re.search(r"\d", between):
            break
        parts.append(right)
    return parts


def _total_before(counts, parts, used):
    """The total a list belongs to: the count just before it, else a total before that, where large enough."""
    largest, nearest = max(c.value for c in parts), counts[-1]
    if nearest.value >= largest and nearest not in used:
        return nearest
    earlier = [c for c in counts if c.value >= largest and TOTAL.search(c.label)]
    return max(earlier, key=lambda c: c.value, default=nearest if nearest.value >= largest else None)


def _judge_sum(report, total, parts):
    added = sum(c.value for c in parts)
    labels = [even(c.label) for c in parts]
    sentence = report.plain[report.sentence_at(parts[0].start)[0] : parts[-1].end]
    names_all = any(re.search("其[他它余]", label) for label in labels)
    are_kinds = sum("类" in label for label in labels) > 2
    is_pair = len(parts) == 2 and any(a in labels[0] and b in labels[1] or b in labels[0] and a in labels[1] for a, b in PAIRS)
    overlaps = any(OVERLAPS.search(label) for label in labels) and not is_pair
    gap = count_text(abs(total.value - added))
    if overlaps or (PARTIAL.search(sentence) and added < total.value):
        return None
    if added > total.value:
        return _say_sum(report, total, parts, DIFFERS, f"，多出{gap}；除非一件计入几项")
    if names_all:
        return _say_sum(report, total, parts, DIFFERS, f"，列有“其他”仍少{gap}")
    # 其中 may name a few only; a list of kinds, a pair, or one that is nearly whole is meant to be whole.
    if are_kinds or is_pair or added * 5 >= total.value * 4:
        share = show(rounded(100 * added / total.value, Fraction(1, 10)))
        return _say_sum(report, total, parts, DOUBTFUL, f"，列出的占{share}，其余{gap}没有说明")
    return None


def _too_large_parts(report, counts, used):
    """A part after 其中 that is more than anything before it."""
    for place, part in enumerate(counts[1:], 1):
        lead = report.plain[counts[place - 1].end : part.start]
        wholes = [c for c in counts[:place] if c.sentence == part.sentence and c.unit == part.unit]
        if "其中" in lead and part not in used and wholes and part.value > max(c.value for c in wholes):
            whole = max(wholes, key=lambda c: c.value)
            how = f"{count_text(part.value)}大于总数{count_text(whole.value)}，部分不能多于全部"
            yield Claim(part.start, part.end, named(part), f"不超过{count_text(whole.value)}", IMPOSSIBLE, how, (whole,))


def _sums_by_line(report, roles):
    """A list whose items stand at the beginning of a line each, against the report's first total."""
    first = next((f for f in report.figures if f.is_of_tickets and roles[f] == "count" and TOTAL.search(f.label)), None)
    heads = []
    for figure in report.figures:
        line, begin = report.line_of(figure.start)
        led = report.plain[begin : figure.start].strip(" >\t\u3000。:、,")
        if figure.is_of_tickets and figure.unit and led and len(led) <= 14 and not re.search("[,。;]", led) and not TOTAL.search(led):
            heads.append((line, figure))
    if first is None or len(heads) < 2 or heads[0][1].start <= first.start:
        return
    parts = [figure for _, figure in heads]
    added = sum(c.value for c in parts)
    gap = count_text(abs(first.value - added))
    verdict, note = (AGREES, "") if added == first.value else (DOUBTFUL, f"，相差{gap}没有说明，疑有漏段")
    yield _say_sum(report, first, parts, verdict, note)


# --- changes ---------------------------------------------------------------------------------------

TURN = re.compile(r"(?:有所|略有|明显|大幅|稳步|持续)?(上升|增加|增长|下降|减少|回落|持平)(?![到至]|[了为约]*\d)")


@check
def changes(report):
    """增减的件数、幅度、方向与前后两个数是否相符。"""
    roles = roles_of(report)
    for figure in report.figures:
        if figure.kind == POINTS:
            yield from _points(report, roles, figure)
        elif figure.kind in (COUNT, RATE) and roles[figure] == "change":
            now, before, difference = _sides(report, roles, figure)
            if now is not None and _same_subject(figure, now):
                yield from _judge_change(report, figure, now, before, difference)
        elif figure.kind == COUNT and roles[figure] == "before" and figure.is_of_tickets:
            yield from _turns(report, roles, figure)


def _sides(report, roles, figure):
    """The present count a change speaks of, the earlier one, and the difference, where they stand nearby."""
    counts = _counts(report, roles, figure, "sentence", ("count", "before", "change"))
    nows = [c for c in counts if roles[c] == "count"]
    preceding = [c for c in nows if c.end <= figure.start]
    now = preceding[-1] if preceding else next(iter(nows), None)
    if now is None:
        return None, None, None
    low = max((c.end for c in preceding[:-1]), default=-1)
    high = figure.end if preceding else now.start
    near = [c for c in counts if low < c.start < high]
    before = next((c for c in reversed(near) if roles[c] == "before"), None)
    difference = next((c for c in reversed(near) if roles[c] == "change"), None)
    return now, before, difference


def _same_subject(figure, now):
    """False where the change names a subject of its own that the count before it is not about."""
    subject = re.split(r"同比|环比|[较比与和]|去年|上[年月季周期]", figure.label)[0]
    subject = CHANGE.sub("", re.sub(r"^(?:其中|并|且)", "", subject))
    subject = re.sub(r"增长率?|数?量?$", "", subject)
    return not subject or subject in now.label or subject[-2:] in now.label or subject in ("总体", "总量", "来电")


def _judge_change(report, figure, now, before, difference):
    down = bool(DOWN.search(figure.label))
    if figure.kind == COUNT:
        if before is None or not (now.is_exact and before.is_exact):
            return
        exact = before.value - now.value if down else now.value - before.value
        how = f"{count_text(now.value)}比{count_text(before.value)}{_more(now.value - before.value)}"
        verdict = AGREES if exact == figure.value else DIFFERS
        yield _say(report, figure, _change_name(figure), verdict, (how, ""), count_text(exact), (now, before))
        return
    if before is None and difference is None:
        yield from _impossible_change(report, figure, now, down)
        return
    exact = [c for c in (now, before, difference) if c is not None]
    if not all(c.is_exact for c in exact):
        return
    base = before.value if before is not None else now.value + difference.value * (1 if DOWN.search(difference.label) else -1)
    if base <= 0:
        return
    rise = now.value - base
    share = 100 * (-rise if down else rise) / base
    verdict, note = judge(share, share, figure)
    if verdict == DIFFERS and now.value and meets(*[100 * abs(rise) / now.value] * 2, figure):
        note = "；误把本期数当作基数"
    how = f"{count_text(abs(rise))}÷{count_text(base)}={show(rounded(100 * abs(rise) / base, figure.step))}"
    if share < 0 and verdict == DIFFERS:
        note += f"；{count_text(now.value)}比{count_text(base)}{_more(rise)}，方向不符"
    yield _say(report, figure, _change_name(figure), verdict, (how, note), show(rounded(share, figure.step)), exact)


def _impossible_change(report, figure, now, down):
    """A fall of more than 100 %, or a change that no whole number of the earlier period gives."""
    if down and figure.value > 100:
        how = f"降幅不能超过100%，文中为{stated(report, figure)}"
        yield Claim(figure.start, figure.end, _change_name(figure), "不超过100%", IMPOSSIBLE, how, (now,))
        return
    if not now.is_exact or now.value > 5000 or figure.mark or not re.search("同比|环比|[较比]", figure.label):
        return
    factor = 1 - figure.value / 100 if down else 1 + figure.value / 100
    if factor <= 0 or re.search("[。;]", report.plain[now.end : figure.start]):
        return
    around = now.value / factor
    tried = [floor(around) + shift for shift in range(-1, 3)]
    wide = Figure(0, 0, RATE, figure.value, figure.step * 2)
    fits = [b for b in tried if b > 0 and meets(*[100 * abs(now.value - b) / b] * 2, wide)]
    if fits:
        return
    near = min((b for b in tried if b > 0), key=lambda b: abs(b - around), default=None)
    if near is not None:
        share = show(rounded(100 * abs(now.value - near) / near, figure.step))
        how = f"文中没有上期数；以{count_text(now.value)}为本期数推不出整数的上期数（上期{near}时为{share}），口径可能不同"
        yield Claim(figure.start, figure.end, _change_name(figure), "", UNKNOWN, how)


def _change_name(figure):
    return re.sub(r"[了为达约近]+$", "", figure.label)


def _more(rise):
    return f"多{count_text(rise)}" if rise > 0 else f"少{count_text(-rise)}" if rise < 0 else "持平"


def _turns(report, roles, before):
    """A change told in words only: 同去年21件相比有所上升."""
    begin, end = report.sentence_at(before.start)
    found = TURN.search(report.plain, before.end, end)
    numbers = [c for c in _counts(report, roles, before, "sentence", ("change",)) if c.start >= before.end]
    if not found or numbers or any(roles[r] == "change" for r in report.near(before, RATE)):
        return
    nows = _counts(report, roles, before, "sentence", ("count",))
    now = next((c for c in reversed(nows) if c.end <= found.start()), None)
    if now is None or not (now.is_exact and before.is_exact) or not begin <= now.start:
        return
    rise = now.value - before.value
    said = 0 if found[1] == "持平" else -1 if DOWN.search(found[1]) else 1
    verdict = AGREES if (rise > 0) - (rise < 0) == said else DIFFERS
    share = show(rounded(100 * abs(rise) / before.value, Fraction(1, 10)))
    how = f"{count_text(now.value)}比{count_text(before.value)}{_more(rise)}" + (f"，变化{share}" if rise else "")
    how += f"，文中为“{found[0]}”" if verdict != AGREES else ""
    word = "上升" if rise > 0 else "下降" if rise < 0 else "持平"
    yield Claim(found.start(), found.end(), "增减方向", word, verdict, how, (now, before))


def _points(report, roles, points):
    """百分点 against the two rates it lies between."""
    rates = [r for r in report.near(points, RATE) if r.end <= points.start]
    now = next((r for r in reversed(rates) if roles[r] == "rate"), None)
    before = next((r for r in reversed(rates) if roles[r] == "before"), None)
    if now is None or before is None:
        return
    sign = -1 if DOWN.search(points.label) else 1
    exact, slack = sign * (now.value - before.value), (now.step + before.step) / 2
    verdict = AGREES if abs(exact - points.value) <= slack + points.step / 2 else DIFFERS
    how = (f"{show(now.value)}与{show(before.value)}相差{show(abs(exact), '')}个百分点", "")
    yield _say(report, points, _change_name(points), verdict, how, f"{show(exact, '')}个百分点", (now, before))
