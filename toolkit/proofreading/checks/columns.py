"""The tables of a report: 合计 against their rows, rates against the columns they come from."""

import re
from dataclasses import replace
from itertools import permutations

from toolkit.proofreading.checks.rates import exact_rate, find_stem, is_part, usual_base
from toolkit.proofreading.claims import (
    AGREES,
    DIFFERS,
    DOUBTFUL,
    IMPOSSIBLE,
    check,
    claim_of,
    count_text,
    divide,
    judge,
    named,
    quotient,
)
from toolkit.proofreading.figures import COUNT, RATE

ADDED_UP = re.compile(r"^(?:合计|总计|共计|小计|总数|总量|全[县市]|.{0,4}[合总小]\s*计)$")
NO_SUM = re.compile("率|名次|排名|位次|分$|得分|均|时长|天数|占|幅|比")
SHARE = re.compile("占|比重")
ENOUGH = 2 / 3  # of a column's rows must follow a formula before the others are said to break it


@check
def columns(draft):
    """表中合计行与各行之和、比率列与相应两列是否相符。"""
    for table in draft.tables:
        for column, name in enumerate(table.names):
            figures = {at: row[column] for at, (_, row) in enumerate(table.rows) if column in row}
            if not NO_SUM.search(name):
                yield from _judge_totals(draft, table, figures)
            rates = {at: figure for at, figure in figures.items() if figure.kind == RATE}
            if rates:
                yield from _judge_rates(draft, table, column, rates)


def _judge_totals(draft, table, figures):
    """Each 合计 or 小计 against the rows it may be the sum of."""
    counts = {at: f for at, f in figures.items() if f.kind == COUNT and f.is_exact}
    totals = [at for at in counts if ADDED_UP.match(table.rows[at][0])]
    for at in totals:
        last = max((other for other in totals if other < at), default=-1)
        plain = [other for other in counts if other not in totals]
        before = [other for other in plain if other < at]
        groups = [before, [other for other in before if other > last], [o for o in totals if o < at], plain]
        sums = [[counts[other] for other in group] for group in groups if len(group) > 1]
        fitting = [parts for parts in sums if sum(c.value for c in parts) == counts[at].value]
        if sums:
            yield _say_total(draft, counts[at], (fitting or sums)[0], bool(fitting))


def _say_total(draft, total, parts, fits):
    added = count_text(sum(c.value for c in parts))
    listed = [count_text(c.value) for c in parts]
    shown = "+".join(listed) if len(listed) <= 12 else f"{'+'.join(listed[:3])}+…（共{len(listed)}行）"
    verdict = AGREES if fits else DIFFERS
    return claim_of(draft, total, named(total), verdict, added, f"{shown}={added}", also=parts)


def _judge_rates(draft, table, column, rates):
    """A column of rates against the two columns most of its rows come from."""
    for figure in (f for f in rates.values() if f.value > 100 and "幅" not in f.label):
        yield claim_of(draft, figure, named(figure), IMPOSSIBLE, "不超过100%", "部分不能多于全部")
    tried = {pair: _pairs(table, pair, rates) for pair in _find_bases(table, column)}
    fitting = {
        pair: sum(_fits(*sides, rates[at]) for at, sides in found.items()) for pair, found in tried.items()
    }
    named_so = [pair for pair in tried if _is_named(table, column, pair)]
    best = max(tried, key=lambda pair: (fitting[pair], pair in named_so), default=None)
    if best is None or not tried[best]:
        return
    is_formula = fitting[best] >= 2 and fitting[best] >= ENOUGH * len(tried[best])
    if not is_formula and best not in named_so:
        return
    for at, (part, whole) in tried[best].items():
        yield _say_rate(draft, rates[at], part, whole, is_formula)


def _find_bases(table, column):
    """Which two columns a rate may come from; for a share, a column and its own total (None)."""
    counted = [
        other
        for other in range(len(table.names))
        if other != column and any(other in row and row[other].kind == COUNT for _, row in table.rows)
    ]
    if SHARE.search(table.names[column]):
        return [(other, None) for other in counted]
    return list(permutations(counted, 2))


def _pairs(table, pair, rates):
    """Row → the two counts that stand in the columns of a pair."""
    part, whole = pair
    found = {at: table.rows[at][1] for at in rates}
    if whole is None:
        total = _total_of(table, part)
        return {
            at: (row[part], total)
            for at, row in found.items()
            if part in row and total and row[part] != total
        }
    filled = {at: (row[part], row[whole]) for at, row in found.items() if part in row and whole in row}
    return {at: sides for at, sides in filled.items() if 0 < sides[1].value >= sides[0].value}


def _total_of(table, column):
    counts = [(label, row[column]) for label, row in table.rows if column in row]
    told = [figure for label, figure in counts if ADDED_UP.match(label)]
    if told:
        return told[-1]
    added = sum(figure.value for _, figure in counts)
    return replace(counts[0][1], value=added, start=-1) if added else None


def _fits(part, whole, rate):
    return judge(*quotient(part, whole), rate)[0] == AGREES


def _is_named(table, column, pair):
    """按期回复率 beside 按期回复 and 受理."""
    if pair[1] is None:
        return False
    figures = [next(row[at] for _, row in table.rows if at in row) for at in (column, *pair)]
    stem = find_stem(replace(figures[0], label=table.names[column]))
    part = replace(figures[1], label=table.names[pair[0]], tail="")
    return bool(stem) and is_part(part, stem) and bool(usual_base(stem).search(table.names[pair[1]]))


def _say_rate(draft, rate, part, whole, is_formula):
    verdict, note = judge(*quotient(part, whole), rate)
    verdict = DOUBTFUL if verdict == DIFFERS and not is_formula else verdict
    how = divide(part.value, whole.value, rate)
    return claim_of(
        draft, rate, named(rate), verdict, exact_rate(part, whole, rate), how, note, (part, whole)
    )
