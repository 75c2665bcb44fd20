"""What proofreading says about a place of a report, and the checks that say it: one function a check.

To add a check, write a function that takes a `Draft` and yields a `Claim` for each figure or word it can
judge, decorate it with `@check` and add its test. Only arithmetic that leaves no other reading is 不一致;
where another reading is possible, or a base is not in the text, it is 可疑.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import inf, trunc

from toolkit.proofreading.figures import COUNT, DATE, POINTS, RANK, RATE, Figure, meets, rounded

AGREES, DIFFERS, IMPOSSIBLE, DOUBTFUL, UNKNOWN = "一致", "不一致", "不可能", "可疑", "无法核对"
CHECKS: list[Callable] = []


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


def claim_of(draft, figure, claim, verdict, computed, how, note="", also=()):
    """A Claim about a figure: the arithmetic, what is printed where that differs, and a note."""
    printed = f"，文中为{draft.printed(figure)}" if verdict != AGREES else ""
    return Claim(figure.start, figure.end, claim, computed, verdict, how + printed + note, tuple(also))


def named(figure):
    """What is claimed, in the report's own words: its label without the verbs that lead to the figure."""
    label = re.sub(
        r"^(?:其中|共计?|另有|并|和|且|及|[:,])+|(?:[仅只均也已则却高低约]*[为是达有约]到?了?|达到了?|[仅只均已]|的)+$",
        "",
        figure.label,
    )
    kinds = {RATE: "比率", COUNT: "数量", RANK: "名次", DATE: "日期", POINTS: "百分点"}
    return label or kinds.get(figure.kind, "数字")


# --- arithmetic ------------------------------------------------------------------------------------


def count_text(value):
    """A number as a report prints it: 1,144; at most one decimal."""
    return f"{float(rounded(value, Fraction(1, 10))):,.1f}".removesuffix(".0")


def percent_text(value, step):
    """A percentage rounded half up to the digits of `step`: 97.0% for 1/10."""
    places = max(len(str(step.denominator)) - 1, 0)
    return f"{float(rounded(value, step)):,.{places}f}%"


def judge(low, high, figure):
    """Verdict on a printed figure that should lie between low and high, and a note on how it was rounded."""
    if meets(low, high, figure):
        return AGREES, ""
    if low == high and figure.step and not figure.mark:
        if trunc(low / figure.step) * figure.step == figure.value:
            return DOUBTFUL, "；只有截尾、不四舍五入时才相符"
        if rounded(rounded(low, figure.step / 10), figure.step) == figure.value:
            return DOUBTFUL, "；只有两次四舍五入时才相符"
    return DIFFERS, ""


def quotient(part, whole):
    """Between which two percentages part ÷ whole lies, each as far as the figure leaves it open."""
    (low, high), (bottom, top) = part.span, whole.span
    return 100 * low / top if top != inf else Fraction(0), 100 * high / bottom if bottom else inf


def divide(part, whole, figure):
    """'78÷1,144=6.82%', to the digits the figure prints."""
    return f"{count_text(part)}÷{count_text(whole)}={percent_text(100 * part / whole, figure.step)}"
