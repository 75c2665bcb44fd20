"""线索：群众诉求。The same caller again, many callers about one matter, callers who call very often."""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.flagging.facts import is_demand, is_heard, matter_codes, name_places
from toolkit.flagging.rule import fill, findings_on, grade, rule
from toolkit.flagging.watch import join_codes
from toolkit.flagging.windows import count_different, most_of, roll
from toolkit.texts.similar import cluster_matters

GROUP = "群众诉求"


@rule(
    "重复诉求",
    GROUP,
    looks_back=True,
    needs=["caller", "category", "received_at"],
    ladder="第5次及以上为红，第3、4次为橙，其余为黄",
    source="国办函〔2025〕66号：重复诉求事项原则上并单处理；各地重复诉求查法（30日、90日），待本县核定",
    guard="咨询、表扬，作废、撤单的不计；属地和地址都已填写而地点不同的不计；已并单、已关联前件的计次但不列出",
    thresholds=["repeated_count", "repeated_days"],
)
def repeated_appeal(watch):
    """同一诉求人就同一分类（全路径）的诉求，{repeated_days}日内来电{repeated_count}次及以上，自第{repeated_count}次起逐件列出。"""
    limits, tickets = watch.limits, watch.tickets
    same = watch.codes("caller", "category")
    same = np.where(is_demand(watch), same, -1)
    windows = roll(same, tickets["received_at"], limits.repeated_days, limits.repeated_count)
    count, first = _count_compatible(windows, tickets, watch.codes("township", "address"), same, limits)
    rows = windows.rows
    merged = tickets["status"].eq(schema.MERGED) | tickets["related_id"].notna()
    listed = (count >= limits.repeated_count) & ~merged.to_numpy()[rows]
    hits = watch.choose(rows[listed])
    count = pd.Series(count[listed], index=hits.index)
    since = pd.Series(tickets["received_at"].to_numpy()[first[listed]], index=hits.index)
    evidence = fill(
        "同一诉求人{days}日内第{count}次反映“{category}”，首次为{since}，宜并单办理",
        hits,
        days=limits.repeated_days,
        count=count,
        since=since,
    )
    return findings_on(hits, grade(count, (5, "红"), (3, "橙"), (0, "黄")), since, count, evidence)


def _count_compatible(windows, tickets, places, same, limits):
    """How many in each window are not known to be elsewhere, and the place in the table of the first of them."""
    size, own = len(windows.rows), places[windows.rows]
    unknown = own < 0
    before = np.concatenate([[0], np.cumsum(unknown)])
    count = np.where(unknown, windows.count, before[np.arange(size) + 1] - before[windows.first])
    upcoming = np.where(unknown, np.arange(size), size)
    upcoming = np.minimum.accumulate(upcoming[::-1])[::-1]  # the next ticket without a known place
    first = np.where(unknown, windows.first, upcoming[windows.first] if size else 0)
    known = np.full(len(tickets), -1)
    rows = windows.rows[~unknown]
    known[rows] = join_codes(same[rows], places[rows])
    here = roll(known, tickets["received_at"], limits.repeated_days)
    position = np.empty(len(tickets), dtype="int64")
    position[windows.rows] = np.arange(size)
    count[position[here.rows]] += here.count
    begun = position[here.rows[here.first]]
    first[position[here.rows]] = np.minimum(first[position[here.rows]], begun)
    return count, windows.rows[first]


@rule(
    "集中诉求",
    GROUP,
    looks_back=True,
    needs=["township", "category", "caller", "received_at"],
    ladder="达到{mass_callers}名的两倍为红，其余为橙",
    source="县乡报告“涉及面广的重大、疑难、群体案件”；人数、日数为常用查法，待本县核定",
    guard="按不同诉求人计，同一人多次只算一人，未填诉求人的不计；咨询、表扬，作废、撤单的不计",
    thresholds=["mass_callers", "mass_days"],
    asks_review=True,
    tells=["address"],
)
def mass_appeal(watch):
    """同一地点（属地和地址，未填地址的按属地）同一分类的诉求，{mass_days}日内有{mass_callers}名及以上诉求人来电，宜并案办理。"""
    callers = watch.codes("caller")
    matters = np.where(is_demand(watch) & (callers >= 0), matter_codes(watch), -1)
    hits, since, most = _find_masses(watch, matters, callers)
    evidence = fill(
        "{place}自{since}起{days}日内有{most}人反映“{category}”，宜并案办理",
        hits,
        place=name_places(hits),
        since=since,
        days=watch.limits.mass_days,
        most=most,
    )
    return findings_on(
        hits, grade(most, (watch.limits.mass_callers * 2, "红"), (0, "橙")), since, most, evidence
    )


@rule(
    "相近诉求集中",
    GROUP,
    looks_back=True,
    needs=["content", "received_at"],
    ladder="一律为橙",
    source="县乡报告“涉及面广的重大、疑难、群体案件”；相似度0.8为常用查法，待本县核定",
    guard="内容相近而地点不同的不算；同一人多次只算一人，未填诉求人的不计，导出表全无诉求人的按件计并注明；咨询、表扬，作废、撤单的不计",
    thresholds=["matter_similarity", "mass_callers", "mass_days"],
    reads_texts=True,
    asks_review=True,
)
def mass_matter(watch):
    """内容相近（相近程度{matter_similarity}以上）、地点相同的诉求，{mass_days}日内有{mass_callers}名及以上诉求人来电，宜并案办理。"""
    tickets, callers = watch.tickets, watch.codes("caller")
    by_ticket = bool(len(callers)) and (callers < 0).all()
    if by_ticket:
        callers = np.arange(len(tickets))
    told = tickets.loc[is_demand(watch) & (callers >= 0), ["township", "address", "content"]]
    where = (told["township"].fillna("") + told["address"].fillna("")).replace("", None).astype("str")
    numbers = cluster_matters(told["content"], where, threshold=watch.limits.matter_similarity)
    matter = numbers.reindex(tickets.index).fillna(-1).to_numpy(dtype="int64")
    hits, since, most = _find_masses(watch, matter, callers)
    evidence = fill(
        "同一地点内容相近的诉求，自{since}起{days}日内有{most}{who}，宜并案办理",
        hits,
        since=since,
        days=watch.limits.mass_days,
        most=most,
        who="件（导出表没有诉求人标识，按件计）" if by_ticket else "人来电",
    )
    return findings_on(hits, "橙", since, most, evidence)


def _find_masses(watch, matters, callers):
    """The tickets in windows of enough different callers; of the fullest (the earliest) its begin and how many."""
    tickets, limits = watch.tickets, watch.limits
    windows = roll(matters, tickets["received_at"], limits.mass_days, limits.mass_callers)
    size = len(windows.rows)
    latest = np.arange(size)[::-1]
    best = most_of(windows, count_different(windows, callers) * max(size, 1) + latest)
    most, window = best // max(size, 1), size - 1 - best % max(size, 1)
    enough = most >= limits.mass_callers
    hits = watch.choose(windows.rows[enough])
    begin = windows.rows[windows.first[window[enough]]]
    since = pd.Series(tickets["received_at"].to_numpy()[begin], index=hits.index)
    return hits, since, pd.Series(most[enough], index=hits.index)


@rule(
    "频繁来电",
    GROUP,
    looks_back=True,
    needs=["caller", "received_at"],
    ladder="一律为蓝",
    source="恶意、职业投诉的常见查法（某月同一来电人若干件以上），只贴标签、不剔除，待本县核定",
    guard="只供人工复核，不影响受理和统计；作废、撤单的不计",
    thresholds=["frequent_count", "frequent_days"],
    asks_review=True,
)
def frequent_caller(watch):
    """同一诉求人{frequent_days}日内来电{frequent_count}件及以上，自第{frequent_count}件起逐件列出；只供人工复核，不影响受理和统计。"""
    tickets, limits = watch.tickets, watch.limits
    callers = np.where(is_heard(watch), watch.codes("caller"), -1)
    windows = roll(callers, tickets["received_at"], limits.frequent_days, limits.frequent_count)
    listed = windows.count >= limits.frequent_count
    hits = watch.choose(windows.rows[listed])
    count = pd.Series(windows.count[listed], index=hits.index)
    begin = windows.rows[windows.first[listed]]
    since = pd.Series(tickets["received_at"].to_numpy()[begin], index=hits.index)
    evidence = fill(
        "同一诉求人{days}日内第{count}件，只供人工复核，不影响受理和统计",
        hits,
        days=limits.frequent_days,
        count=count,
    )
    return findings_on(hits, "蓝", since, count, evidence)
