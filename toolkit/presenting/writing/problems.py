"""What a document says is wrong, and what to do next: from the findings, and from the widest gaps to a target."""

import pandas as pd

from toolkit import schema
from toolkit.presenting.figures import figure, join, rate_figure
from toolkit.presenting.writing.rates import say_share
from toolkit.rounding import short_percent
from toolkit.schema import CARRIED, NOW
from toolkit.scoring.metric import name_deed, name_plainly

MOST_TROUBLES, MOST_STEPS, MOST_UNITS = 5, 3, 3


def list_troubles(report):
    """The report's gravest troubles (troubles), what only a person can judge (reviews), and how many rules lack columns."""
    rows = report.compared.troubles.sort_values(["rank", "rule"])
    own = rows[rows["report"].eq(report.row)]
    told = [
        [
            _say_trouble(row, rows, report)
            for row in own[own["asks_review"].eq(asked)].head(MOST_TROUBLES).itertuples()
        ]
        for asked in (False, True)
    ]
    unevaluated = int((~report.basis.rules["evaluated"].astype(bool)).sum())
    return dict(zip(["troubles", "reviews"], told, strict=True)) | {"unevaluated": unevaluated}


def _say_trouble(row, rows, report):
    """name, count, among, share, beside (how it stands to the county), held_by (the units that hold most)."""
    where = {"rules": [row.rule], "scope": [NOW, CARRIED]}
    return {
        "name": row.rule_name,
        "count": figure(row.count, row.rule_name, **where),
        "among": figure(row.tickets, "本期和往期未回复的工单", scope=[NOW, CARRIED]),
        "share": say_share(row.count, row.tickets),
        "beside": row.sentence.rpartition("，")[2] if report.name else "",
        "held_by": "" if report.name else _name_holders(row, rows, where),
    }


def _name_holders(row, rows, where):
    held = rows[rows["rule"].eq(row.rule) & rows["report"].ne(schema.COUNTY)]
    held = take_clear(held, "count", "report")
    named = [
        join(
            [
                own.report,
                figure(own.count, f"{own.report}：{row.rule_name}", **where, report=[own.report]),
                "件",
            ]
        )
        for own in held.itertuples()
    ]
    return join(named, "、")


def take_clear(rows, size, name):
    """The largest rows, MOST_UNITS at most; none is taken before others that are as large: nobody is named by chance."""
    rows = rows.sort_values([size, name], ascending=[False, True], kind="stable")
    if len(rows) <= MOST_UNITS:
        return rows
    return rows.head(MOST_UNITS).loc[lambda top: top[size].gt(rows[size].iloc[MOST_UNITS])]


# --- what to do next -------------------------------------------------------------------------------


def list_steps(report):
    """What to aim at next: a unit's widest gaps; the county's metrics in which its units fall short by most tickets.

    Each with name, metric, said (the rate), aim, verb (多 or 少), deed, more (tickets), units (how many fall short)
    and named (those that do by most).
    """
    targets = report.assessed.targets
    if report.name:
        own = targets[targets["unit"].eq(report.name)].to_dict("records")
        return [_say_step(row, rate_figure(row)) | _say_aim(row) for row in own[:MOST_STEPS]]
    groups = [(own["more"].sum(), metric, own) for metric, own in targets.groupby("metric", sort=True)]
    groups.sort(key=lambda group: (-group[0], group[1]))
    return [_say_county_step(report, own) for _, _, own in groups[:MOST_STEPS]]


def _say_step(row, said):
    is_more = row["better"] == "higher"
    return {
        "name": name_plainly(row["metric"]),
        "metric": row["metric"],
        "said": said,
        "verb": "多" if is_more else "少",
        "deed": name_deed(row["metric"]),
        "more": int(row["more"]),
    }


def _say_aim(row):
    way = "提高到" if row["better"] == "higher" else "降低到"
    return {"aim": f"{way}{short_percent(row['target'])}（{row['basis']}）", "units": 1, "named": ""}


def _say_county_step(report, own):
    first = own.iloc[0].to_dict() | {"more": own["more"].sum()}
    score = report.scores.get(first["metric"])
    said = "" if score is None or pd.isna(score["rate"]) else rate_figure(score)
    worst = take_clear(own, "more", "unit")
    named = [
        join([row["unit"], rate_figure(row, row["unit"], report=[row["unit"]])])
        for row in worst.to_dict("records")
    ]
    return _say_step(first, said) | {"aim": "", "units": len(own), "named": join(named, "、")}
