"""The blocks of a report about the year: its score from the months, what to aim at next, and our place among the counties."""

from html import escape

import pandas as pd
from IPython.display import HTML

from toolkit import schema
from toolkit.annual import name_deed, short_percent
from toolkit.peer_ranks import find_comparable, rank_all, say_period
from toolkit.points import plain
from toolkit.present.figures import figure, html_table, note, rate_figure
from toolkit.score import percent


def annual_table(years=None, targets=None, report=None):
    """The year's score unit by unit with the months that count, and the next steps; one unit's with its name.

    years: of `score_year`, targets: of `next_targets`; None where there are none.
    """
    return HTML(_years(years, report) + _targets(targets, report))


def _years(years, report):
    own = years if years is None or report is None else years[years["unit"].eq(report)]
    if own is None or own.empty:
        return note("没有逐月得分，年度得分未计。")
    rows = [
        [
            escape(row.unit),
            str(row.months),
            escape(row.left_out) or "—",
            str(row.tickets),
            "不参评" if pd.isna(row.score) else f"{row.score}",
            "—" if pd.isna(row.worth) else plain(row.worth),
        ]
        for row in own.itertuples()
    ]
    headings = ["单位", "参评月数", "不参评月份", "参评月工单", "年度得分（百分制）", "折算综合考评分"]
    said = "".join(f"<p>{escape(sentence)}</p>" for sentence in own["sentence"]) if report else ""
    return html_table(headings, rows) + said


def _targets(targets, report):
    own = targets if targets is None or report is None else targets[targets["unit"].eq(report)]
    if own is None:
        return ""
    if own.empty:
        return note("各项指标均达到目标或同类单位中位数，没有差距。")
    headings = ["单位", "指标", "现值", "目标", "目标依据", "相当于", "可改进的工单"]
    rows = [_target_row(row) for row in own.to_dict("records")]
    said = "".join(f"<li>{escape(sentence)}</li>" for sentence in own["sentence"]) if report else ""
    return html_table(headings, rows) + (f"<ol>{said}</ol>" if said else "")


def _target_row(row):
    """With the tickets among which the wanted ones stand: those that did not count, or should not have."""
    where = {"report": [row["unit"]]}
    is_more = row["better"] == "higher"
    deed, left = escape(name_deed(row["metric"])), int(row["denominator"] - row["numerator"])
    among = figure(
        left if is_more else int(row["numerator"]), **{row["metric"]: [0 if is_more else 1]}, **where
    )
    return [
        escape(row["unit"]),
        escape(row["metric"]),
        rate_figure(row, **where),
        short_percent(row["target"]),
        escape(row["basis"]),
        f"{'多' if is_more else '少'}{deed}{row['more']}件",
        f"{'未' if is_more else ''}{deed}的{among}件",
    ]


# --- among the counties ------------------------------------------------------------------------------


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
    shown = f"{percent(row.rate, int(row.places))}{counts}{doubt}"
    return [escape(row.county), escape(shown), *(escape(t) if isinstance(t, str) else "—" for t in told)]
