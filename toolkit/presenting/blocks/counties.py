"""Our place among the counties."""

from html import escape

import pandas as pd
from IPython.display import HTML

from toolkit import schema
from toolkit.comparing.peer_ranks import find_comparable, rank_all
from toolkit.period import say_period
from toolkit.presenting.figures import html_table, note, rate_figure
from toolkit.rounding import percent


def peers_table(prepared, names, peers=None, county="本县", lower_is_better=()):
    """Our county's rates among those the other counties published, metric by metric, best first.

    names: our metrics to be compared. peers: of `read_peers`; None where the run has none. county: our name
    as the bulletins write it. Only what is published for the report's own period is compared.
    """
    if peers is None or peers.empty:
        return HTML(note("没有外县公布数字（运行文件未填 peers），位次未列。"))
    period = prepared.about["period"]
    own = prepared.scorecard[prepared.scorecard["unit"].eq(schema.COUNTY)].assign(period=period)
    own = own[own["metric"].isin(names)]
    ranks = rank_all(own, peers, county, lower_is_better)
    if ranks.empty:
        return HTML(note(f"外县没有公布{say_period(period)}的同名指标，位次未列。"))
    scores = {row["metric"]: row for row in own.to_dict("records")}
    blocks = [
        _rank_block(rank, scores[rank["metric"]], peers, county, lower_is_better)
        for rank in ranks.to_dict("records")
    ]
    return HTML("".join(blocks))


def _rank_block(rank, score, peers, county, lower_is_better):
    said = f"<p>{escape(rank['sentence'])}</p>"
    others = find_comparable(peers[peers["county"].ne(county)], rank["metric"], rank["period"])
    if others.empty:
        return said
    lines = [(row.rate, _peer_row(row)) for row in others.itertuples()]
    ours = [
        f"<strong>{escape(county)}</strong>",
        rate_figure(score),
        escape(score["definition"]),
        "本工具按工单计算",
    ]
    lines.append((rank["rate"], ours))
    sign = 1 if rank["metric"] in lower_is_better else -1
    rows = [cells for _, cells in sorted(lines, key=lambda line: sign * line[0])]
    return said + html_table(["县（市、区）", escape(rank["metric"]), "口径", "来源"], rows)


def _peer_row(row):
    counts = "" if pd.isna(row.numerator) else f"（{row.numerator}/{row.denominator}）"
    doubt = f"　{row.doubt}" if isinstance(row.doubt, str) else ""
    told = [row.definition if isinstance(row.definition, str) else "通报未说明", row.source]
    shown = f"{percent(row.rate, int(row.decimals))}{counts}{doubt}"
    return [escape(row.county), escape(shown), *(escape(t) if isinstance(t, str) else "—" for t in told)]
