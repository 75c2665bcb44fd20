"""Our place among the counties."""

import pandas as pd
from markupsafe import Markup

from toolkit import schema
from toolkit.comparing.peer_ranks import find_comparable, rank_all
from toolkit.period import say_period
from toolkit.presenting.blocks.units import COMPARED
from toolkit.presenting.figures import join, long_table, rate_figure
from toolkit.presenting.sections import fold_section
from toolkit.rounding import percent

TITLE = "与外县比较"


def peers_table(report):
    """Our county's rates among those the other counties published, metric by metric, best first.

    Only what is published for the report's own period is compared.
    """
    peers = report.compared.peers
    if peers.empty:
        return fold_section(TITLE, "没有外县公布数字（运行文件未填 peers），位次未列")
    scorecard, period, ours = report.counted.scorecard, report.about["period"], report.about["county"]
    own = scorecard[scorecard["unit"].eq(schema.COUNTY) & scorecard["metric"].isin(COMPARED)]
    ranks = rank_all(own.assign(period=period), peers, ours)
    if ranks.empty:
        return fold_section(TITLE, f"外县没有公布{say_period(period)}的同名指标，位次未列")
    scores = {row["metric"]: row for row in own.to_dict("records")}
    blocks = [_rank_block(rank, scores[rank["metric"]], peers, ours) for rank in ranks.to_dict("records")]
    return fold_section(TITLE, ranks.iloc[0]["sentence"].rstrip("。"), *blocks, count=len(ranks))


def _rank_block(rank, score, peers, ours):
    said = Markup("<p>{}</p>").format(rank["sentence"])
    others = find_comparable(peers[peers["county"].ne(ours)], rank["metric"], rank["period"])
    if others.empty:
        return said
    lines = [(row.rate, _peer_row(row)) for row in others.itertuples()]
    name = Markup("<strong>{}</strong>").format(ours)
    lines.append((rank["rate"], [name, rate_figure(score), score["definition"], "本工具按工单计算"]))
    rows = [cells for _, cells in sorted(lines, key=lambda line: -line[0])]
    return join([said, long_table(["县（市、区）", rank["metric"], "口径", "来源"], rows)])


def _peer_row(row):
    counts = "" if pd.isna(row.numerator) else f"（{row.numerator}/{row.denominator}）"
    doubt = f"　{row.doubt}" if isinstance(row.doubt, str) else ""
    told = [row.definition if isinstance(row.definition, str) else "通报未说明", row.source]
    shown = f"{percent(row.rate, int(row.decimals))}{counts}{doubt}"
    return [row.county, shown, *(text if isinstance(text, str) else "—" for text in told)]
