"""Rates that cannot be: more than all, or such as no number of tickets gives."""

import re
from dataclasses import replace
from fractions import Fraction
from itertools import chain
from math import floor, inf

from toolkit.proofreading.claims import DOUBTFUL, IMPOSSIBLE, claim_of, divide, named, percent_text
from toolkit.proofreading.draft import CARRIED

TAKEN_IN = re.compile("受理|承办|承接|办理|接收|收到|接到|转办|转来|转交|交办|派单|登记|共")
LARGEST_SMALL = 500  # above it nearly every rate is possible


def judge_beyond_all(draft, rate):
    """More than 100 %: no part of anything; with tickets carried over, 办结率 and its like may be."""
    if rate.role == "rate" and not re.search("率$|率[为是达到]*$", named(rate)):
        return
    carried = CARRIED.search(draft.half_width[slice(*draft.sentence_at(rate.start))])
    verdict, how = (
        (DOUBTFUL, "含结转件才可能超过100%，应写明口径") if carried else (IMPOSSIBLE, "部分不能多于全部")
    )
    yield claim_of(draft, rate, named(rate), verdict, "不超过100%", how)


def judge_small(draft, rate):
    """A rate that no number of tickets up to those received can give; it needs no numerator."""
    totals = draft.counts(rate, "sentence") or draft.counts(rate)
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
            yield claim_of(draft, rate, named(rate), DOUBTFUL, "100%", how, also=(total,))
        return
    near = range(-1, 2)
    tried = chain.from_iterable(((floor(bottom * d / 100) + k, d) for k in near) for d in range(1, size + 1))
    if not any(0 <= k <= d and bottom <= Fraction(100 * k, d) < top for k, d in tried):
        nearest = min(range(size + 1), key=lambda k: abs(Fraction(100 * k, size) - rate.value))
        how = (
            f"共{size}件，分母不论取其中几件都得不出这一比例，最接近的是{divide(nearest, total.value, tenth)}"
        )
        computed = percent_text(Fraction(100 * nearest, size), tenth.step)
        yield claim_of(draft, rate, named(rate), IMPOSSIBLE, computed, how, also=(total,))
