"""The three troubles that matter most: how many tickets, how far beyond the county's share, and one ticket as evidence."""

from markupsafe import Markup

from toolkit.comparing.troubles import HOW_RANKED
from toolkit.presenting.figures import explain, figure, join
from toolkit.presenting.sections import fold_section, open_section

TITLE, MOST = "主要问题", 3


def troubles(report):
    """The report's gravest troubles beside the county's share, each with its most telling ticket."""
    rows = (
        report.compared.troubles[report.compared.troubles["report"].eq(report.row)]
        .sort_values("rank")
        .head(MOST)
    )
    if rows.empty:
        return fold_section(TITLE, "没有发现问题线索")
    cards = join(map(_card, rows.to_dict("records")))
    answer = join([_say_order(report, rows), explain(f"{HOW_RANKED}。")])
    return open_section(
        TITLE, answer, Markup('<div class="troubles">{}</div>').format(cards), count=len(rows)
    )


def _say_order(report, rows):
    """By what they are ranked; that a unit stands clearly above the county in none of them."""
    if report.name and not rows["is_beyond"].fillna(False).any():
        return "没有明显高于全县的，按轻重和件数排列"
    return "按轻重和超出全县的程度排列"


def _card(row):
    name, rule = row["rule_name"], row["rule"]
    title = Markup("<h3>{}{}件</h3>").format(name, figure(row["count"], name, rules=[rule]))
    share = row["sentence"].split("，", 1)[-1] + ("（供人工复核）" if row["asks_review"] else "")
    number = figure(row["ticket_id"], f"工单{row['ticket_id']}", ticket_id=[row["ticket_id"]])
    card = Markup('<div class="trouble {}">{}<p class="soft">{}</p><p>{}　{}</p></div>')
    return card.format(row["severity"], title, share, number, row["evidence"])
