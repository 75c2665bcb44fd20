"""The figures a report states, beside those the tickets give."""

import re
from fractions import Fraction

from toolkit import schema
from toolkit.proofreading.checks.changes import DOWN
from toolkit.proofreading.checks.rates import even, find_stem, is_part
from toolkit.proofreading.claims import (
    AGREES,
    DIFFERS,
    DOUBTFUL,
    claim_of,
    count_text,
    judge,
    named,
    percent_text,
)
from toolkit.proofreading.figures import RANK, RATE, meets
from toolkit.proofreading.tables import CELL
from toolkit.scoring import catalogue
from toolkit.scoring.score import score

OURS = re.compile("我[乡镇局委办街中单]|本[乡镇局单]")
RECEIVED = re.compile("受理|收到|接收|接到|承办|共办理|工单总")
# Words that narrow nothing down. Any other word (电话, 乡镇, 投诉类) may mean some of the tickets only.
GENERAL = re.compile(
    r"\d+年|\d+月份?|第?[一二三四]季度|[上下]半年|12345|截至目前|本[年月期周季度]+|今年|全年|全[县市乡镇]|我[县市乡镇局]|其中"
    "|共计?|累计|总[数量计]?|已|市民|群众|各类|服务|政务|便民|热线|工单|诉求|事项|来电|平台|办件|综合|平均|对|的|了|为|达到?|均|数|量|[件:,]"
)
WORSE = re.compile("超期|不满意|重办|返工|退")  # the higher, the worse: ranked either way
PARTIAL_TOTAL = re.compile("合计|小计|总计|共计")  # a table's last row may sum up a few units only
MORE = re.compile("即?[多少](?![数有])")  # 即多按期回复21件: what is wanted is no result
STEMS = {
    metric.name: even(metric.name.partition("（")[0]).removesuffix("率")
    for metric in catalogue.METRICS
    if not metric.is_count
}


COUNTED = next(metric.name for metric in catalogue.METRICS if metric.is_count)


def compare_with_data(draft, tickets=None, scorecard=None, scorecard_before=None):
    """文中写明指标名称的数，与数据算出的数并列。

    Reads a Draft with clocked tickets of its period, or the scorecard of them; gives a Claim for each figure
    whose words name a metric, a category of the tickets or a unit. A name with several formulas is compared
    with each. Tickets alone are counted as they stand at the last time in them.
    """
    if tickets is None and scorecard is None:
        return []
    if scorecard is None:
        scorecard = score(tickets)
    rows, rows_before = _by_name(scorecard), _by_name(scorecard_before)
    units = sorted({unit for unit, _ in rows} - {schema.COUNTY, schema.NO_UNIT}, key=len, reverse=True)
    claims = []
    for figure in draft.figures:
        unit = _find_unit(draft, figure, units)
        if unit is None or (unit, COUNTED) not in rows:
            continue
        if figure.kind == RATE and figure.role in ("rate", CELL):
            claims += _compare_rate(draft, figure, unit, rows)
        elif figure.role in ("count", CELL) and figure.is_of_tickets:
            claims += _compare_count(draft, figure, unit, rows, tickets)
        elif figure.kind == RANK and unit != schema.COUNTY:
            claims += _compare_rank(draft, figure, unit, rows)
        elif (unit, COUNTED) in rows_before and _is_of_last_year(draft, figure):
            claims += _compare_past(draft, figure, unit, rows, rows_before)
    return [claim for claim in claims if claim.verdict == AGREES or not PARTIAL_TOTAL.match(claim.claim)]


def _by_name(scorecard):
    records = [] if scorecard is None else scorecard.to_dict("records")
    return {(row["unit"], row["metric"]): row for row in records}


def _is_of_last_year(draft, figure):
    """True for 去年同期受理21件 and 同比上升9.5%: what a year makes of all that was received."""
    begin, _ = draft.sentence_at(figure.start)
    words = re.split("[,;]", draft.half_width[begin : figure.start])[-1]
    is_told = re.search("同比|去年|上年", words) and not re.search("上[月季周]|环比", words)
    return (
        bool(is_told)
        and figure.role in ("before", "change")
        and (figure.is_of_tickets or figure.kind == RATE)
    )


def _compare_rank(draft, figure, unit, rows):
    """按期回复率…列全县第三 against the unit's place among all units; doubted only, as groups may be ranked apart."""
    rates = [r for r in draft.near(figure, RATE, ("rate",)) if r.end <= figure.start]
    stem = find_stem(rates[-1]) if rates else ""
    begin, _ = draft.sentence_at(figure.start)
    if not stem or WORSE.search(stem) or "全市" in draft.half_width[begin : figure.start]:
        return
    judged = []
    for name in (name for name, known in STEMS.items() if known == stem and (unit, name) in rows):
        peers = {
            who: row["rate"]
            for (who, metric), row in rows.items()
            if metric == name and row["denominator"] > 0
        }
        peers = {who: rate for who, rate in peers.items() if who not in (schema.COUNTY, schema.NO_UNIT)}
        if unit in peers and len(peers) > 1:
            place = 1 + sum(rate > peers[unit] for rate in peers.values())
            judged.append((place, f"{name}在{len(peers)}个单位中排第{place}"))
    if judged:
        place, how = next((entry for entry in judged if entry[0] == figure.value), judged[0])
        verdict, note = (AGREES, "") if place == figure.value else (DOUBTFUL, "；分组排名的，名次会不同")
        claim, how = f"{stem}率名次（对数据）", f"数据（{unit}）：{how}"
        yield claim_of(draft, figure, claim, verdict, f"第{place}", how, note)


def _compare_past(draft, figure, unit, rows, rows_before):
    """Last year's number, or the change from it, of all tickets received; doubted only, as a part may be meant."""
    now, past = (int(table[unit, COUNTED]["numerator"]) for table in (rows, rows_before))
    sign = -1 if DOWN.search(figure.label) else 1
    change = Fraction(100 * (now - past), past) if past else Fraction(0)
    exact = (
        Fraction(past) if figure.role == "before" else sign * (change if figure.kind == RATE else now - past)
    )
    if figure.kind == RATE and (figure.role == "before" or not past):
        return
    verdict, note = judge(exact, exact, figure)
    verdict = DOUBTFUL if verdict == DIFFERS else verdict
    computed = percent_text(exact, figure.step) if figure.kind == RATE else count_text(exact)
    how = f"数据（{unit}）：去年同期受理{count_text(past)}件，本期{count_text(now)}件"
    yield claim_of(draft, figure, f"{named(figure)}（对数据）", verdict, computed, how, note)


def _find_unit(draft, figure, units):
    """Whose figure it is: a unit named beside it, in its sentence, in the title; else the county's."""
    begin, _ = draft.sentence_at(figure.start)
    title = draft.half_width.strip().split("\n", 1)[0][:60]
    for words in (figure.label, draft.half_width[begin : figure.start], title):
        found = [unit for unit in units if unit in words]
        found = [unit for unit in found if not any(unit != other and unit in other for other in found)]
        if len(found) == 1:
            return found[0]
        if len(found) > 1:
            return None
    ours = OURS.search(draft.half_width)
    if not ours or "我县" in draft.half_width[: ours.start()]:
        return schema.COUNTY
    mentioned = [unit for unit in units if unit in draft.half_width] or units
    return mentioned[0] if len(mentioned) == 1 else None


def _compare_rate(draft, figure, unit, rows):
    stem = find_stem(figure)
    if not stem:
        return
    same = [stem, "办结"] if stem == "办理" else [stem]  # many offices say 办理率 for 办结率
    own = [name for name, known in STEMS.items() if known in same]
    wider = [name for name, known in STEMS.items() if known == f"按期{stem}"]
    tried = [(name, rows[unit, name]) for name in [*own, *wider] if (unit, name) in rows]
    tried = [(name, row) for name, row in tried if row["denominator"] > 0]
    if not tried:
        return
    judged = []
    for name, row in tried:
        exact = Fraction(100 * int(row["numerator"]), int(row["denominator"]))
        judged.append((*judge(exact, exact, figure), name, row, exact))
    if not _is_whole(figure, unit):
        judged = [(DOUBTFUL if entry[0] == DIFFERS else entry[0], *entry[1:]) for entry in judged]
    ranked = sorted(judged, key=lambda entry: [AGREES, DOUBTFUL, DIFFERS].index(entry[0]))
    verdict, note, name, _, exact = ranked[0]
    shown = [ranked[0]] if verdict == AGREES else [entry for entry in judged if entry[2] in own or not own]
    if verdict == AGREES and name not in own:
        note += f"；与{name}相符，名称宜写明"
    how = f"数据（{unit}）：" + "；".join(_say_rate(entry, figure) for entry in shown)
    computed = percent_text(exact, figure.step)
    yield claim_of(draft, figure, f"{named(figure)}（对数据）", verdict, computed, how, note)


def _is_whole(figure, unit):
    """True where the words before a figure name all the unit's tickets, not some of them."""
    words = figure.label.replace(unit, "")
    for stem in [*sorted(STEMS.values(), key=len, reverse=True), "办理"]:
        words = even(words).replace(stem + "率", "").replace(stem, "")
    return not GENERAL.sub("", RECEIVED.sub("", words)).strip()


def _say_rate(entry, figure):
    _, _, name, row, exact = entry
    parts = f"{count_text(int(row['numerator']))}÷{count_text(int(row['denominator']))}"
    return f"{name} {parts}={percent_text(exact, figure.step)}"


def _compare_count(draft, figure, unit, rows, tickets):
    name, number, is_sure = _counted(figure, unit, rows, tickets)
    if number is None or _is_part_of_another(draft, figure, unit, name):
        return
    fits, is_sure = meets(number, number, figure), is_sure and _is_whole(figure, unit)
    verdict = AGREES if fits else DIFFERS if is_sure else DOUBTFUL
    how = f"数据（{unit}）：{name}{count_text(number)}件"
    yield claim_of(draft, figure, f"{named(figure)}（对数据）", verdict, count_text(number), how)


def _is_part_of_another(draft, figure, unit, name):
    """True for 未先行联系的692件，较多的是甲乡84件: a unit's bare count counts what its sentence tells of."""
    begin, _ = draft.sentence_at(figure.start)
    is_bare = figure.role != CELL and name == COUNTED.removesuffix("件数") and unit in figure.label
    earlier = draft.half_width[begin : figure.start]
    return is_bare and bool(re.search(r"\d", earlier)) and not RECEIVED.search(earlier)


def _counted(figure, unit, rows, tickets):
    """What the words before a count name, how many the data have, and whether the name leaves no doubt."""
    if MORE.match(figure.label):
        return None, None, False
    category = _find_category(figure, unit, tickets)
    if category:
        return *category, False
    stems = sorted(set(STEMS.values()), key=len, reverse=True)
    held = [known for known in stems if is_part(figure, known)]
    stem = next((known for known in held if _ends_with(figure, known)), None)
    if held and not stem:
        return None, None, False
    alike = [name for name, known in STEMS.items() if known == stem and (unit, name) in rows]
    if alike:
        numbers = [int(rows[unit, name]["numerator"]) for name in alike]
        fitting = [number for number in numbers if meets(number, number, figure)]
        return f"{stem}", (fitting or numbers)[0], True
    if unit in figure.label or (RECEIVED.search(figure.label) and not re.search("(?<!各)类", figure.label)):
        return COUNTED.removesuffix("件数"), int(rows[unit, COUNTED]["numerator"]), True
    return None, None, False


def _ends_with(figure, stem):
    """True for 按期回复的456件; 超期未回复, 退单理由不充分 and 办理本身 count something else than the metric."""
    _, found, rest = even(figure.label).rpartition(stem)
    return not found or not GENERAL.sub("", rest).strip()


def _find_category(figure, unit, tickets):
    """The one category of the unit's tickets that the label names, and its tickets."""
    if tickets is None or tickets["category"].isna().all():
        return None
    own = tickets if unit == schema.COUNTY else tickets[tickets["unit"].eq(unit)]
    word = re.sub(r"^(?:其中|涉及?)|(?:类|问题|诉求|方面|工单|案件)+$", "", figure.label.replace(unit, ""))
    parts = own["category"].dropna().str.split("/").explode()
    names = [name for name in parts.unique() if word and (word in name or name in word)]
    if len(names) != 1:
        return None
    return f"分类为“{names[0]}”的", int(parts.eq(names[0]).groupby(level=0).any().sum())
