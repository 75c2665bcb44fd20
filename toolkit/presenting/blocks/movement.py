"""Against the period before and the year before."""

from toolkit.comparing.movement import PERIOD_BEFORE, YEAR_BEFORE, say_change
from toolkit.presenting.figures import fold, html_table, note, score_figure, show
from toolkit.schema import BEFORE, PREVIOUS
from toolkit.scoring.catalogue import lead_variants

EARLIER = {PERIOD_BEFORE: PREVIOUS, YEAR_BEFORE: BEFORE}  # 环比 is against 上期, 同比 against 上年同期


def movement_table(report):
    """Each metric of the report against the period before and the same period of the year before.

    Each figure opens its tickets, those of an earlier period too. The leading variant of every family stands
    open, its rivals are folded beneath.
    """
    movements = report.compared.movements
    own = movements[movements["unit"].eq(report.row)]
    reasons = [note(f"{name}：{why}。") for name, why in report.about["not_compared"].items()]
    names = [name for name in EARLIER if name in set(own["against"])]
    if not names:
        return show(note("没有可比的期间。"), *reasons)
    leads = [variants[0].name for variants in lead_variants(set(own["metric"])).values()]
    is_lead = own["metric"].isin(leads)
    spans = own.drop_duplicates("against").set_index("against").loc[names]
    said = "；".join(
        f"{EARLIER[name]}为{span.period_before.replace('..', '至')}（{span.days_before}天，本期{span.days}天）"
        for name, span in spans.iterrows()
    )
    words = f"{said}。各期均按当时的统计截止判定；百分点为两个所列比率之差。"
    rivals = own[~is_lead]
    folded = fold("同名指标的其他口径", _movement_rows(rivals, names)) if len(rivals) else ""
    return show(_movement_rows(own[is_lead], names), note(words), *reasons, folded)


def _movement_rows(own, names):
    rows = []
    for metric, part in own.groupby("metric", sort=False):
        by_span = {row["against"]: row for row in part.to_dict("records")}
        first = next(iter(by_span.values()))
        cells = [cell for name in names for cell in _change_cells(by_span.get(name))]
        rows.append([metric, score_figure(first), *cells, first["definition"]])
    heads = [head for name in names for head in (EARLIER[name], name)]
    return html_table(["指标", "本期", *heads, "口径"], rows)


def _change_cells(row):
    if row is None:
        return ["—", "—"]
    before = {name: row[name + "_before"] for name in ("numerator", "denominator", "rate")}
    against = EARLIER[row["against"]]
    return [score_figure(before | {"metric": row["metric"]}, against, against=against), say_change(row)]
