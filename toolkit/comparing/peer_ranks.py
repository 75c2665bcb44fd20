"""Our county's place among the others, metric by metric, as far as the published rates can be compared."""

import pandas as pd

from toolkit.period import parse_period, say_period
from toolkit.rounding import ordinal, percent, round_half_up
from toolkit.scoring.metric import name_plainly

RANKS = ["metric", "period", "rate", "rank", "of", "tied", "missing", "sentence"]


def rank_among_peers(own, peers, metric, lower_is_better=False):
    """本县某项指标在各县（市、区）中的位次：同一指标、同一期间才比，相同的并列，未公布的写明。

    own: county (our name, as bulletins write it), period (any form a run's period has), rate. peers: of `read_peers`;
    their metric is taken for ours when the names are the same, or the same but for a variant in brackets
    that one of them does not give (said then). Rates are compared at the decimals each was published with.
    Gives metric, period, rate, rank, of (counties compared, ours included), tied, missing (counties of the
    file without this rate), sentence; rank is missing where no other county can be compared.
    """
    own = {**own, "period": str(parse_period(own["period"]))}
    others = peers[peers["county"].ne(own["county"])]
    same = find_comparable(others, metric, own["period"])
    sign = -1 if lower_is_better else 1
    ahead, level = 0, 0
    for row in same.itertuples():
        difference = (_rounded(row.rate, row.decimals) - _rounded(own["rate"], row.decimals)) * sign
        ahead += difference > 0
        level += difference == 0
    missing = [county for county in dict.fromkeys(others["county"]) if county not in set(same["county"])]
    rank = {
        "metric": metric,
        "period": own["period"],
        "rate": own["rate"],
        "rank": ahead + 1 if len(same) else None,
        "of": len(same) + 1,
        "tied": level > 0,
        "missing": missing,
    }
    return rank | {"sentence": _say_rank(rank, same, own, peers)}


def rank_all(own_rates, peers, county, lower_is_better=()):
    """本县各项指标、各期间的位次，一行一项；文件中没有可比数字的指标不列。

    own_rates: metric, period, rate. Gives the columns of RANKS.
    """
    given = own_rates.dropna(subset=["rate"]).to_dict("records")
    ranks = [
        rank_among_peers({**row, "county": county}, peers, row["metric"], row["metric"] in lower_is_better)
        for row in given
        if any(is_same_metric(row["metric"], name) for name in peers["metric"])
    ]
    return pd.DataFrame(ranks, columns=RANKS).astype({"rank": "Int64"})


def is_same_metric(ours, theirs):
    """The same name, or one of them without the variant the other gives."""
    return ours == theirs or (
        name_plainly(ours) == name_plainly(theirs) and name_plainly(theirs) in (ours, theirs)
    )


def find_comparable(peers, metric, period):
    """The published rates of a metric and period, one a county: that of the very same name before another."""
    same = peers[peers["period"].eq(str(parse_period(period)))]
    same = same[same["metric"].map(lambda name: is_same_metric(metric, name)).astype("bool")]
    order = same.assign(other=same["metric"].ne(metric)).sort_values("other", kind="stable")
    return order.drop_duplicates("county").sort_index().drop(columns="other")


def _rounded(rate, decimals):
    return round_half_up(rate, int(decimals) + 2)


def _say_rank(rank, same, own, peers):
    decimals = int(same["decimals"].min()) if len(same) else 1
    name = f"{name_plainly(rank['metric'])}{percent(own['rate'], decimals)}"
    if same.empty:
        return f"{name}，没有{say_period(rank['period'])}外县同一指标的公布数字，不列位次。"
    together = "并列" if rank["tied"] else ""
    place = f"列各县（市、区）{together}第{ordinal(rank['rank'])}（共{rank['of']}个）"
    absent = f"{'、'.join(rank['missing'])}未公布同期该项指标，未列入比较。" if rank["missing"] else ""
    return f"{name}，{place}。{_say_definitions(same)}{_say_published(rank, own, peers)}{absent}"


def _say_definitions(same):
    """A warning where a published rate does not say how it was counted."""
    unknown = same["definition"].isna()
    which = "各县" if unknown.all() else "、".join(same.loc[unknown, "county"])
    return f"{which}未说明计算口径，位次仅供参考。" if unknown.any() else ""


def _say_published(rank, own, peers):
    """Where a bulletin prints another rate for our own county than the one counted here."""
    rows = find_comparable(peers[peers["county"].eq(own["county"])], rank["metric"], rank["period"])
    differ = [
        f"通报公布本县为{percent(row.rate, int(row.decimals))}，"
        f"与本处计算的{percent(own['rate'], int(row.decimals))}不一致，请核对口径。"
        for row in rows.itertuples()
        if _rounded(row.rate, row.decimals) != _rounded(own["rate"], row.decimals)
    ]
    return "".join(differ)
