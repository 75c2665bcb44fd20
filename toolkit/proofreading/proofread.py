"""A written report, proofread: every figure with a verdict and its arithmetic."""

from bisect import bisect_right
from itertools import accumulate
from pathlib import Path

import pandas as pd

from toolkit.proofreading.beside_data import compare_with_data
from toolkit.proofreading.checks import changes, columns, lists, periods, rates, shares, sums, words
from toolkit.proofreading.claims import AGREES, CHECKS, DIFFERS, DOUBTFUL, IMPOSSIBLE, UNKNOWN, Claim, named
from toolkit.proofreading.draft import find_figures
from toolkit.proofreading.figures import DATE, OTHER, POINTS, RANGE, RANK
from toolkit.proofreading.text import read_text

# Importing them enters their checks.
MODULES = [
    rates,
    shares,
    sums,
    lists,
    columns,
    changes,
    words,
    periods,
]
PROOF = ["sentence", "place", "claim", "stated", "computed", "verdict", "how"]
ACCUSED = [DIFFERS, IMPOSSIBLE, DOUBTFUL]


def proofread(text_or_path, tickets=None, scorecard=None, scorecard_before=None):
    """报告中每一个数字逐个核对：算得出的算给你看，算不出的说明为什么。

    Reads a report's text, or the path of a .txt or .docx; with a clocked ticket table or a scorecard of
    `score`, also puts each named figure beside the computed one (last year's beside `scorecard_before`).
    Returns one row per claim in the order of the text: sentence, place (line and characters, from 1), claim,
    stated, computed, verdict, how.
    The verdict is 一致, 不一致 (arithmetic leaves no other reading), 不可能, 可疑 or 无法核对. Every figure
    has at least one row.
    """
    text = read_text(text_or_path) if _is_path(text_or_path) else str(text_or_path)
    draft = find_figures(text)
    claims = [claim for find in CHECKS for claim in find(draft)]
    claims += compare_with_data(draft, tickets, scorecard, scorecard_before)
    claims += _rest(draft, claims)
    claims.sort(key=lambda claim: (claim.start, claim.end))
    return pd.DataFrame([_row(draft, claim) for claim in claims], columns=PROOF, dtype="str")


def _is_path(given):
    if isinstance(given, Path):
        return True
    return len(str(given)) < 300 and "\n" not in str(given) and str(given).lower().endswith((".txt", ".docx"))


def _row(draft, claim):
    begin, end = draft.sentence_at(claim.start)
    line, at = draft.line_of(claim.start)
    place = f"第{line + 1}行第{claim.start - at + 1}—{claim.end - at}字"
    return (
        draft.words(begin, end),
        place,
        claim.claim,
        draft.words(claim.start, claim.end),
        claim.computed,
        claim.verdict,
        claim.how,
    )


# --- what no check judged --------------------------------------------------------------------------

REASONS = {
    "target": "目标或标准，不是统计结果",
    "before": "文中没有可以对照的数",
    "change": "文中没有上期数或增减件数",
    "share": "文中没有这一占比的部分数和总数",
    "rate": "文中没有分子和分母",
    "average": "文中没有总数或统计期",
    "cell": "表中没有可以对照的行或列",
    "carried": "结转或扣除的数，文中没有可以对照的数",
}
KINDS = {
    RANK: "名次要对照上级通报或各单位成绩",
    DATE: "日期，未作核对",
    POINTS: "文中没有前后两个率",
    RANGE: "范围，不是一个确数",
    OTHER: "编号，未作核对",
}


def _rest(draft, claims):
    """A row for every figure that no check judged: what it was reckoned with, or why it cannot be checked."""
    judged = sorted((claim.start, claim.end) for claim in claims if claim.claim != words.SIGN)
    starts = [start for start, _ in judged]
    furthest = list(accumulate((end for _, end in judged), max, initial=0))
    reckoned = {}
    for claim in claims:
        for start in dict.fromkeys(other.start for other in claim.also):
            reckoned.setdefault(start, []).append(claim)
    for figure in draft.figures:
        if figure.end <= furthest[bisect_right(starts, figure.start)]:
            continue
        used = reckoned.get(figure.start, [])
        agreed = next((claim for claim in used if claim.verdict == AGREES), None)
        verdict, computed = UNKNOWN, ""
        if agreed:
            verdict, how, computed = AGREES, agreed.how, draft.printed(figure)
        elif used:
            how = f"已参与核对，见“{draft.words(used[0].start, used[0].end)}”一行"
        else:
            how = KINDS.get(figure.kind) or REASONS.get(figure.role) or "文中没有可以对照的数"
        yield Claim(figure.start, figure.end, named(figure), computed, verdict, how)
