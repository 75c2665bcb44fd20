"""Which troubles a report should name first: by how grave they are, and by how far the unit stands above the county.

A share of few tickets strays far by chance alone, so the unit's share counts by the lowest that its tickets make
likely: 1 of 3 does not come before 40 of 200. A trouble that stands no further than the county's is said to (相差不明显)
and comes after those that do.
"""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.comparing.holders import name_holders
from toolkit.flagging.rule import SEVERITIES
from toolkit.rounding import percent

WEIGHTS = dict(zip(SEVERITIES, [4, 3, 2, 1], strict=True))
TAIL = 0.025  # below the lowest share that the tickets make likely
NO_DIFFERENCE = "相差不明显"
SHARES = ["count", "tickets", "share", "county_count", "county_tickets", "county_share", "low"]
TROUBLES = ["report", "rule", "rule_name", "asks_review", "severity", "rank", "is_beyond", *SHARES]
TROUBLES += ["held_by", "sentence", "ticket_id", "evidence"]
HOW_RANKED = (
    "占比为该线索涉及工单占本单位本期和往期未回复工单的比例；按线索轻重（红4、橙3、黄2、蓝1，取平均）乘以占比下限（95%区间下端）"
    f"超出全县占比的部分排序，下限未超出全县的注明“{NO_DIFFERENCE}”，排在其后，“明显低于全县”的排在最后；全县按轻重乘以件数排序"
)


def find_troubles(findings, tickets, rules):
    """The troubles of every report and of the county, ranked, each with its most telling ticket.

    Reads findings and the tickets that were watched, both with the column `report`, and the table of rules. One row a report and
    rule that its tickets break: `count` of `tickets`, `share`, the same of the county, `low` the lowest likely share
    (Clopper and Pearson's, 95 %), is_beyond: whether that is over the county's share (missing for the county),
    `severity` the worst, `held_by` the units that hold most (for the county alone), and of the worst ticket,
    of these the longest overdue, its number and evidence. Shares are 0 to 1; a ticket counts once a rule.
    """
    found = findings[findings["ticket_id"].notna() & findings["ticket_id"].isin(tickets["ticket_id"])]
    found = found.assign(weight=found["severity"].map(WEIGHTS).astype("int64"))
    found = _worst_first(found, tickets)
    own = _count(found, ["report", "rule"])
    own["tickets"] = own["report"].map(tickets["report"].value_counts()).astype("int64")
    county = _count(found, ["rule"]).assign(report=schema.COUNTY, tickets=len(tickets))
    holders = name_holders(own.rename(columns={"report": "unit"}), "rule")
    county = county.assign(held_by=county["rule"].map(holders).astype("str"))
    table = _beside_county(pd.concat([county, own], ignore_index=True), county, len(tickets))
    table = table.assign(asks_review=table["rule"].map(_asks_review(rules)).astype(bool))
    table = _rank(table, table["report"].eq(schema.COUNTY))
    return table.assign(sentence=pd.Series(map(_say, table.itertuples()), dtype="str"))[TROUBLES]


def _beside_county(table, county, size):
    """Every trouble's share beside the county's; whether it is beyond it is missing for the county itself."""
    whole = county.set_index("rule")["count"]
    table = table.assign(
        share=table["count"] / table["tickets"],
        county_count=table["rule"].map(whole).astype("int64"),
        county_tickets=size,
        low=_find_low(table["count"], table["tickets"]),
        high=_find_high(table["count"], table["tickets"]),
    )
    table["county_share"] = table["county_count"] / max(size, 1)
    is_county = table["report"].eq(schema.COUNTY)
    beyond = (table["low"] > table["county_share"]).astype("boolean").mask(is_county)
    return table.assign(is_beyond=beyond)


def _worst_first(found, tickets):
    """The findings, the most telling first: the worst, the longest overdue, then by number."""
    overdue = tickets.drop_duplicates("ticket_id").set_index("ticket_id")["overdue_days"]
    days = found["ticket_id"].map(overdue).astype("Float64").fillna(0)
    found = found.assign(days=days).sort_values(
        ["weight", "days", "ticket_id"], ascending=[False, False, True], kind="stable"
    )
    return found.drop_duplicates(["report", "rule", "ticket_id"])


def _count(found, by):
    """How many tickets, how grave on the whole, and the first, which tells most."""
    groups = found.groupby(by, sort=False)
    firsts = groups[["rule_name", "severity", "ticket_id", "evidence"]].first()
    counts = groups["weight"].agg(count="size", gravity="mean")
    return firsts.join(counts).reset_index()


def _find_low(count, tickets):
    from scipy.special import betaincinv

    count, tickets = count.to_numpy("float64"), tickets.to_numpy("float64")
    return betaincinv(count, tickets - count + 1, TAIL)


def _find_high(count, tickets):
    """The highest share that the tickets make likely; 1 where all have the trouble."""
    from scipy.special import betaincinv

    count, tickets = count.to_numpy("float64"), tickets.to_numpy("float64")
    others = (tickets - count).clip(min=1)
    return np.where(count < tickets, betaincinv(count + 1, others, 1 - TAIL), 1.0)


def _asks_review(rules):
    return rules.set_index("rule")["asks_review"]


def _rank(table, is_county):
    """Ranks within each report: what lies beyond the county first, by gravity and distance; the county's by gravity and count."""
    excess = (table["low"] - table["county_share"]).clip(lower=0)
    first = np.where(is_county, table["count"], excess) * table["gravity"]
    table = table.assign(first=first, is_below=_is_below(table), then=table["gravity"] * table["count"])
    table = table.sort_values(
        ["report", "first", "is_below", "then", "rule"],
        ascending=[True, False, True, False, True],
        kind="stable",
    ).reset_index(drop=True)
    return table.assign(rank=table.groupby("report").cumcount() + 1)


def _is_below(table):
    return table["high"] < table["county_share"]


def _say(row):
    own = f"{row.rule_name}{row.count}件，占{percent(row.share)}（{row.count}/{row.tickets}）"
    if row.report == schema.COUNTY:
        return f"{own}，{row.held_by}"
    county = f"全县{percent(row.county_share)}（{row.county_count}/{row.county_tickets}）"
    if row.is_beyond:
        return f"{own}，明显高于{county}"
    return f"{own}，明显低于{county}" if row.is_below else f"{own}，与{county}{NO_DIFFERENCE}"
