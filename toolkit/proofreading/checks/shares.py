"""Shares of a report (占…%) against the counts they are of."""

import re
from dataclasses import replace
from fractions import Fraction

from toolkit.proofreading.checks.rates import exact_rate, find_wholes, imply_base
from toolkit.proofreading.claims import (
    AGREES,
    DIFFERS,
    DOUBTFUL,
    Claim,
    check,
    claim_of,
    count_text,
    divide,
    judge,
    percent_text,
    quotient,
)
from toolkit.proofreading.draft import TOTAL
from toolkit.proofreading.figures import RATE, meets

BEHIND = re.compile(r"[\s,:()、]*(?:约|共|合计|分别|各|均)?占[^;]*$")  # a share stands right behind its count


@check
def shares(draft):
    """占比与部分、总数是否相符；没有件数的各项占比合计是否为100%。"""
    shares = [f for f in draft.figures if f.kind == RATE and f.role == "share"]
    bare, respective = [], {}
    for share in shares:
        respective |= dict.fromkeys(_respective(draft, share), share)
    for first in dict.fromkeys(respective.values()):
        yield from _judge_respective(draft, [share for share, lead in respective.items() if lead is first])
    for share in shares:
        if share in respective:
            continue
        before = [c for c in draft.counts(share, "sentence") if c.end <= share.start]
        given = [c for c in before if share.label == "的" and not draft.between(c, share).strip(" 的")]
        parts = _shared_parts(draft, share, [c for c in before if c not in given])
        if parts:
            yield from _judge_share(draft, share, parts, given)
        else:
            bare.append(share)
    yield from _add_shares(bare)


def _respective(draft, first):
    """The shares told one by one after 分别占, where as many counts stand before them."""
    if not re.search("分别占|各占|占比分别[为是]|分别占比", first.label):
        return []
    rates = [r for r in draft.near(first, RATE, ("share", "rate")) if r.start > first.start]
    told = [first]
    for rate in rates:
        if not re.fullmatch("[ 、,和及与]+", draft.between(told[-1], rate)):
            break
        told.append(rate)
    before = [c for c in draft.counts(first, "sentence") if c.end <= first.start]
    return told if 1 < len(told) <= len(before) else []


def _judge_respective(draft, told):
    """Each share of 分别占…、…和… against its count, on the base that fits the most of them."""
    parts = [c for c in draft.counts(told[0], "sentence") if c.end <= told[0].start][-len(told) :]
    added = replace(parts[0], value=sum(c.value for c in parts), start=-1)
    wholes = [w for w in find_wholes(draft, told[0]) if w not in parts and w.value >= added.value]
    fits = {
        w: sum(meets(*quotient(*pair), s) for *pair, s in _beside(parts, w, told)) for w in [added, *wholes]
    }
    whole = max(fits, key=fits.get)
    for part, _, share in _beside(parts, whole, told):
        verdict, note = judge(*quotient(part, whole), share)
        verdict = DOUBTFUL if verdict == DIFFERS and fits[whole] * 2 < len(told) else verdict
        how, computed = divide(part.value, whole.value, share), exact_rate(part, whole, share)
        yield claim_of(draft, share, "占比", verdict, computed, how, note, (part, whole))


def _beside(parts, whole, told):
    return [(part, whole, share) for part, share in zip(parts, told, strict=True)]


def _shared_parts(draft, share, before):
    """What the share is of: the count just before it, or the sum of the list that ends there."""
    if not before or not BEHIND.match(draft.between(before[-1], share)):
        return []
    # The sum of a list is only meant where the list has one share, behind it.
    sentence = draft.half_width[slice(*draft.sentence_at(share.start))]
    is_alone = len(re.findall(r"占[^,;。]*?%", sentence)) < 2
    firsts = range(len(before) - 1, -1 if is_alone else len(before) - 2, -1)
    return [before[first:] for first in firsts]


def _judge_share(draft, share, parts, given):
    wholes = [c for c in find_wholes(draft, share) if c.end <= share.start and not _has_share(draft, c)]
    added_up = _sum_of_shared(draft, parts[0][0])
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
        yield claim_of(draft, share, "占比", AGREES, exact_rate(part, whole, share), how, also=also)
        return
    part, wholes = parts[0][0], [w for _, listed, w in tried if listed == parts[0]]
    totals = given or [w for w in wholes if TOTAL.search(w.label)]
    common = _agreed_by_others(draft, share, wholes)
    if totals or common:
        yield _say_unfitting_share(draft, share, part, totals, common, bool(given))


def _added(listed):
    return listed[0] if len(listed) == 1 else replace(listed[0], value=sum(c.value for c in listed))


def _say_unfitting_share(draft, share, part, totals, common, is_given):
    """Proven where the base is given, is the only total, or is what the other shares of the line agree with."""
    is_alone = len(totals) == 1 and not draft.near(share, RATE, ("share",), "line")
    is_sure, candidates = bool(common) or is_given or is_alone, common or totals
    candidates = candidates if common or is_given else [max(totals, key=lambda c: c.value)]
    judged = [(*judge(*quotient(part, whole), share), whole) for whole in candidates]
    verdict, note, whole = next((entry for entry in judged if entry[0] != DIFFERS), judged[0])
    listed = _sum_of_shared(draft, part)
    if listed and meets(*quotient(part, listed), share):
        verdict, note = DOUBTFUL, f"；以各项合计{count_text(listed.value)}为基数才相符"
    elif verdict == DIFFERS and not is_sure:
        verdict, note = DOUBTFUL, imply_base(part.value, share)
    how = divide(part.value, whole.value, share)
    return claim_of(draft, share, "占比", verdict, exact_rate(part, whole, share), how, note, (part, whole))


def _agreed_by_others(draft, share, wholes):
    """The totals that at least two other shares of the line agree with."""
    others = draft.near(share, RATE, ("share",), "line")
    parts = {f.start: [c for c in draft.counts(f) if c.end <= f.start][-1:] for f in others}
    return [
        whole
        for whole in wholes
        if sum(meets(*quotient(part, whole), f) for f in others for part in parts[f.start]) >= 2
    ]


def _sum_of_shared(draft, part):
    """The sum of the counts of a line that have a share each."""
    counts = sorted([*draft.counts(part), part], key=lambda c: c.start)
    listed = [c for c in counts if _has_share(draft, c)]
    return replace(_added(listed), start=-1) if len(listed) > 1 else None


def _has_share(draft, count):
    return re.match("[ ,(]*占(?!.{0,12}的[0-9])", draft.half_width[count.end : count.end + 24])


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
