"""线索：打包办结。"""

import numpy as np
import pandas as pd

from toolkit.flagging.limit_words import say_limits
from toolkit.flagging.reply_facts import answered, name_others, same_event
from toolkit.flagging.rule import fill, findings_on, rule
from toolkit.flagging.windows import largest_between
from toolkit.texts.similar import cluster, cluster_matters

GROUP = "打包办结"


@rule(
    "打包办结",
    GROUP,
    needs=["closed_at", "reply", "unit"],
    ladder="一律为橙",
    source="常用查法，待本县核定：同一单位五分钟内办结五件以上，回复雷同",
    guard="{mass_days}日之内同一地点同一问题、或内容相近的多人来电，作为集中诉求关联，不算打包",
    thresholds=["bulk_count", "bulk_minutes", "bulk_similarity", "mass_days", "matter_similarity"],
    reads_texts=True,
    tells=["ticket_id"],
)
def bulk_closing(watch):
    """同一单位在{bulk_minutes}分钟之内办结{bulk_count}件及以上工单，回复几乎相同（相同程度{bulk_similarity}以上）。"""
    limits = watch.limits
    tickets = answered(watch)
    closed = watch.known("closed_at")[tickets.index]
    tickets = tickets[closed.notna() & tickets["unit"].notna()]
    # Few are closed together with others at all: only their replies are compared.
    tickets = tickets[_most_together(pd.factorize(tickets["unit"])[0], tickets, limits) >= limits.bulk_count]
    tickets = tickets.assign(cluster=cluster(tickets["reply"], tickets["unit"], limits.bulk_similarity))
    tickets = tickets[tickets["cluster"].notna()]
    tickets = tickets[~(same_event(watch, tickets) | _same_matter(watch, tickets))]
    together = _most_together(tickets["cluster"].to_numpy("int64"), tickets, limits)
    hits = tickets[together >= limits.bulk_count]
    count = pd.Series(together, index=tickets.index)[hits.index]
    order = hits.sort_values("closed_at", kind="stable").index
    apart = hits.loc[order].groupby("cluster")["closed_at"].diff() > pd.Timedelta(minutes=limits.bulk_minutes)
    batch = apart.groupby(hits["cluster"]).cumsum()[hits.index]
    batches = hits.assign(cluster=hits.groupby([hits["cluster"], batch]).ngroup())
    first = batches.groupby("cluster")["closed_at"].transform("min")
    evidence = fill(
        "{closed_at}办结，{minutes}分钟内本单位共办结{count}件，回复几乎相同（相同程度{alike}以上），另有{named}",
        hits,
        minutes=limits.bulk_minutes,
        count=count,
        alike=say_limits(watch.policy)["bulk_similarity"],
        named=name_others(batches),
    )
    return findings_on(hits, "橙", first, count, evidence)


def _most_together(groups, tickets, limits):
    """For each ticket, the most tickets of its group in any span of some minutes that holds its closing."""
    at = tickets["closed_at"].to_numpy("datetime64[us]").astype("int64")
    if not len(at):
        return np.zeros(0, dtype="int64")
    order = np.lexsort((at, groups))
    span = limits.bulk_minutes * 60_000_000
    # Groups one after the other on one line of time; whatever lies further apart than the span is just too far.
    apart = np.minimum(np.diff(at[order]), span + 1)
    apart[np.diff(groups[order]) != 0] = span + 1
    line = np.r_[0, np.cumsum(apart)]
    ends = np.searchsorted(line, line + span, side="right")
    count = ends - np.arange(len(line))
    # The largest of the spans that hold a closing: those begun since `span` before it.
    begins = np.searchsorted(line, line - span, side="left")
    most = largest_between(count, begins, np.arange(len(line)))
    together = np.zeros(len(at), dtype="int64")
    together[order] = most
    return together


def _same_matter(watch, tickets):
    """Whether a ticket tells of the same matter as another one's of its cluster by another caller."""
    matter = cluster_matters(
        tickets["content"],
        tickets["address"].fillna(tickets["township"]),
        tickets["cluster"].astype("str"),
        watch.limits.matter_similarity,
    )
    caller = tickets["caller"].fillna(tickets["ticket_id"])
    several = caller.groupby(matter).transform("nunique").reindex(tickets.index)
    return several.gt(1).fillna(False) & matter.notna()
