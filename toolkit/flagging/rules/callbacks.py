"""线索：满意度（回访）。Call-backs crowded into a minute, and call-backs that came too early."""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.clocking.answers import came_before_receipt, comes_before
from toolkit.flagging.facts import has_come, has_hour, is_open, list_by_unit, may_be_closed, was_reworked
from toolkit.flagging.rule import fill, findings_about, findings_on, rule
from toolkit.flagging.watch import join_codes
from toolkit.rounding import percent

GROUP = "满意度"
ANSWERED = ["已回复"]  # what is closed by its status, `may_be_closed` tells


@rule(
    "回访扎堆",
    GROUP,
    needs=["unit", "visited_at"],
    ladder="一律为黄",
    source="回访造假的常用查法：一分钟内回访五件以上，待本县核定",
    guard="只有日期、没有钟点的回访时间不看；短信群发的回访也会如此，只请复核；作废件不计",
    thresholds=["burst_count"],
    about="unit",
    asks_review=True,
)
def callback_burst(watch):
    """同一单位的工单，在同一分钟内回访{burst_count}件及以上。"""
    limit, visited = watch.limits.burst_count, watch.known("visited_at")
    codes = watch.codes("unit")
    rows = np.flatnonzero(has_come(watch) & has_hour(visited) & (codes >= 0))
    minutes = pd.factorize(visited.to_numpy()[rows].astype("datetime64[m]"))[0]
    full = np.bincount(minutes)[minutes] >= limit  # most minutes are not, whatever the unit
    rows, minutes = rows[full], minutes[full]
    keys = join_codes(codes[rows], minutes)
    at_once = np.bincount(keys)[keys]
    rows, at_once = rows[at_once >= limit], at_once[at_once >= limit]
    crowded = pd.DataFrame(
        {
            "unit": watch.tickets["unit"].iloc[rows].array,
            "minute": visited.iloc[rows].dt.floor("min").array,
            "count": at_once,
        }
    )
    chosen = pd.Series(False, watch.tickets.index)
    chosen.iloc[rows] = True
    most = crowded.sort_values(["unit", "count", "minute"], ascending=[True, False, True])
    most = most.drop_duplicates("unit").set_index("unit")
    units = crowded.groupby("unit")["minute"].agg(["nunique", "size", "min"])
    most = most.reindex(units.index)
    said = [
        f"有{number}个分钟各回访{limit}件以上，共{size}件；最多的是{minute:%Y-%m-%d %H:%M}，一分钟内{count}件"
        for (number, size, _), (minute, count) in zip(
            units.itertuples(index=False), most.itertuples(index=False), strict=True
        )
    ]
    rests_on = list_by_unit(watch, chosen, units.index)
    return findings_about(units.index, "黄", units["min"].to_numpy(), units["nunique"], said, rests_on)


@rule(
    "回访过早",
    GROUP,
    needs=["visited_at", ("answered_at", "closed_at")],
    heeds_log=True,
    ladder="一律为黄",
    source="国办发〔2020〕53号：先答复、办结，后回访；回访早于办结为常用查法，待本县核定",
    guard="全县先办结后回访的占{callback_after_share}及以上，才认早于办结；同一分钟的、只记日期而在同一天的、重办过的、"
    "已办结、有回复内容只缺时间的，回复、反馈、办结时间无法识别的不算；以办结为答复的只看办结；作废件不计",
    thresholds=["callback_after_share"],
)
def callback_too_early(watch):
    """承办单位答复之前就回访；全县先办结后回访的，办结之前就回访的也算。"""
    tickets = watch.tickets
    visited, closed = watch.known("visited_at"), watch.known("closed_at")
    stands = has_come(watch)
    judged = stands & visited.notna() & ~was_reworked(watch)
    replies = tickets["answered_by"].eq("replied_at")
    told = may_be_closed(watch) | tickets["status"].isin(ANSWERED) | watch.has("reply")
    told |= watch.reached("replied_at") | schema.is_untimed(tickets, "fed_back_at")
    is_done = tickets["replied_at"].isna() & told
    unanswered = judged & replies & tickets["answered_at"].isna() & ~is_done
    unanswered &= ~came_before_receipt(tickets, "replied_at")
    too_early = judged & replies & comes_before(visited, tickets["answered_at"])
    both = stands & visited.notna() & closed.notna()
    order = (visited >= closed)[both].mean() if both.any() else 0
    before_closing = judged & comes_before(visited, closed) & (order >= watch.limits.callback_after_share)

    hits = watch.choose(unanswered | too_early | before_closing)
    said = fill("，早于答复（{answered_at}）", hits).where(too_early[hits.index], "")
    waits = is_open(watch)[hits.index].map({True: "仍未答复", False: "没有答复记录"})
    none = fill("，截至{as_of}{waits}", hits, as_of=watch.as_of, waits=waits.astype("str"))
    said = said.mask(unanswered[hits.index], none)
    closing = fill(
        "，早于办结（{closed_at}），全县先办结后回访的占{share}", hits, share=percent(order)
    ).where(before_closing[hits.index], "")
    evidence = fill("{visited_at}回访{said}{closing}", hits, said=said, closing=closing)
    return findings_on(hits, "黄", hits["visited_at"], pd.NA, evidence)
