"""Changes told in a report against the two values they lie between."""

import re
from fractions import Fraction
from math import floor

from toolkit.proofreading.claims import (
    AGREES,
    DIFFERS,
    IMPOSSIBLE,
    UNKNOWN,
    Claim,
    check,
    claim_of,
    count_text,
    judge,
    percent_text,
)
from toolkit.proofreading.draft import BECOME, CHANGE
from toolkit.proofreading.figures import COUNT, POINTS, RATE, meets

DOWN = re.compile("减少|下降|回落|降低|减幅|降幅|^少|少(?:了|受理|办理|承办|接听|收到)?$")
TURN = re.compile(
    r"(?:有所|略有|明显|大幅|稳步|持续)?(上升|增加|增长|下降|减少|回落|持平)(?![到至]|[了为约]*\d)"
)
LARGEST_RETRACED = 5000  # above it some earlier whole number gives nearly every change
TENTH = Fraction(1, 10)


@check
def changes(draft):
    """增减的件数、幅度、方向与前后两个数是否相符。"""
    for figure in draft.figures:
        if figure.kind == POINTS:
            yield from _judge_points(draft, figure)
        elif figure.role == "change":
            now, before, difference = _find_sides(draft, figure)
            told = [figure] if difference is None else [figure, difference]
            is_of_part = now is not None and "其中" in draft.half_width[now.end : figure.start]
            if now is not None and not is_of_part and all(_is_about(each, now) for each in told):
                yield from _judge_change(draft, figure, now, before, difference)
        elif figure.role == "before" and figure.family and figure.value:
            yield from _judge_turn(draft, figure)


def _find_sides(draft, figure):
    """The present count a change speaks of, the earlier one, and the difference, where they stand nearby."""
    counts = draft.counts(figure, "sentence", ("count", "before", "change"))
    nows = [c for c in counts if c.role == "count"]
    preceding = [c for c in nows if c.end <= figure.start]
    now = preceding[-1] if preceding else next(iter(nows), None)
    if now is None:
        return None, None, None
    low = max((c.end for c in preceding[:-1]), default=-1)
    high = figure.end if preceding else now.start
    near = [c for c in reversed(counts) if low < c.start < high and c.family == now.family]
    before = next((c for c in near if c.role == "before"), None)
    return now, before, next((c for c in near if c.role == "change"), None)


def _is_about(figure, now):
    """False where the change names a subject of its own that the count before it is not about."""
    subject = re.split("同比|环比|[较比与和]|去年|上[年月季周期]", figure.label)[0]
    subject = CHANGE.sub("", re.sub("^(?:其中|并|且)", "", subject))
    subject = re.sub("增长率?$|数?量?$", "", subject)
    is_bare = re.fullmatch(f"(?:{BECOME.pattern}|现?[为达]到?|共计?|合计|总[数量计]?[为达]?到?)?", now.label)
    return (
        not subject
        or bool(is_bare)
        or subject in now.label
        or subject[-2:] in now.label
        or subject in ("总体", "来电")
    )


def _judge_change(draft, figure, now, before, difference):
    known = [c for c in (now, before, difference) if c is not None]
    if not all(c.is_exact for c in known):
        return
    if figure.kind == COUNT:
        if before is not None:
            yield _judge_difference(draft, figure, now, before)
        return
    if len(known) == 1:
        yield from _judge_alone(draft, figure, now)
        return
    sign = 1 if difference is not None and DOWN.search(difference.label) else -1
    base = before.value if before is not None else now.value + sign * difference.value
    if base > 0:
        yield _judge_percent(draft, figure, now.value, base, known)


def _judge_difference(draft, figure, now, before):
    rise = now.value - before.value
    exact = -rise if DOWN.search(figure.label) else rise
    how = f"{count_text(now.value)}比{count_text(before.value)}{_more(rise)}"
    verdict = AGREES if meets(exact, exact, figure) else DIFFERS
    return claim_of(draft, figure, _name(figure), verdict, count_text(exact), how, also=(now, before))


def _judge_percent(draft, figure, now, base, known):
    rise = now - base
    exact, size = 100 * (-rise if DOWN.search(figure.label) else rise) / base, 100 * abs(rise) / base
    verdict, note = judge(exact, exact, figure)
    if verdict == DIFFERS and now and meets(100 * abs(rise) / now, 100 * abs(rise) / now, figure):
        note = "；误以本期数为基数"
    if verdict == DIFFERS and exact < 0:
        note += f"；{count_text(now)}比{count_text(base)}{_more(rise)}，方向不符"
    how = f"{count_text(abs(rise))}÷{count_text(base)}={percent_text(size, figure.step)}"
    return claim_of(draft, figure, _name(figure), verdict, percent_text(exact, figure.step), how, note, known)


def _judge_alone(draft, figure, now):
    """A fall of more than 100 %; a change that no whole number of the earlier period gives is said, not accused."""
    down = bool(DOWN.search(figure.label))
    if down and figure.value > 100:
        yield claim_of(
            draft, figure, _name(figure), IMPOSSIBLE, "不超过100%", "降幅不能超过100%", also=(now,)
        )
        return
    factor = 1 + (-1 if down else 1) * figure.value / 100
    if figure.mark or factor <= 0 or now.value > LARGEST_RETRACED or ";" in draft.between(now, figure):
        return
    around = floor(now.value / factor)
    tried = [base for base in range(max(around - 1, 1), around + 3)]
    fitting = [base for base in tried if _may_be(100 * abs(now.value - base) / base, figure)]
    if fitting:
        how = f"文中没有上期数；若本期为{count_text(now.value)}件，上期应为{count_text(fitting[0])}件"
    else:
        how = f"文中没有上期数；以{count_text(now.value)}件为本期数推不出整数的上期数，口径可能不同"
    yield Claim(figure.start, figure.end, _name(figure), "", UNKNOWN, how)


def _may_be(exact, figure):
    return judge(exact, exact, figure)[0] != DIFFERS


def _judge_turn(draft, before):
    """A change told in words only: 同去年21件相比有所上升."""
    _, end = draft.sentence_at(before.start)
    found = TURN.search(draft.half_width, before.end, end)
    told = draft.near(before, COUNT, ("change",)) + draft.near(before, RATE, ("change",))
    if not found or any(figure.start >= before.end for figure in told):
        return
    nows = [c for c in draft.counts(before, "sentence") if c.end <= found.start()]
    if not nows or not (nows[-1].is_exact and before.is_exact):
        return
    rise = nows[-1].value - before.value
    said = 0 if found[1] == "持平" else -1 if DOWN.search(found[1]) else 1
    verdict = AGREES if (rise > 0) - (rise < 0) == said else DIFFERS
    share = percent_text(100 * abs(rise) / before.value, TENTH)
    how = f"{count_text(nows[-1].value)}比{count_text(before.value)}{_more(rise)}"
    how += f"（{'升' if rise > 0 else '降'}{share}）" if rise else ""
    how += "" if verdict == AGREES else f"，文中为“{found[0]}”"
    word = "上升" if rise > 0 else "下降" if rise < 0 else "持平"
    yield Claim(found.start(), found.end(), "增减方向", word, verdict, how, (nows[-1], before))


def _judge_points(draft, points):
    """百分点 against the two rates it lies between, each as exact as printed."""
    rates = [r for r in draft.near(points, RATE, ("rate", "before")) if r.end <= points.start]
    now = next((r for r in reversed(rates) if r.role == "rate"), None)
    before = next((r for r in reversed(rates) if r.role == "before"), None)
    if now is None or before is None:
        return
    exact = (now.value - before.value) * (-1 if DOWN.search(points.label) else 1)
    slack = (now.step + before.step + (points.step or 1)) / 2
    verdict = AGREES if abs(exact - points.value) <= slack else DIFFERS
    finest = min(now.step, before.step)
    sides = [percent_text(rate.value, rate.step) for rate in (now, before)]
    how = f"{sides[0]}比{sides[1]}{'高' if now.value >= before.value else '低'}"
    how += f"{percent_text(abs(now.value - before.value), finest).rstrip('%')}个百分点"
    computed = f"{percent_text(exact, finest).rstrip('%')}个百分点"
    yield claim_of(draft, points, _name(points), verdict, computed, how, also=(now, before))


def _name(figure):
    return re.sub("[了为达约近]+$", "", figure.label) or "增减"


def _more(rise):
    return f"多{count_text(rise)}" if rise > 0 else f"少{count_text(-rise)}" if rise < 0 else "，二者持平"
