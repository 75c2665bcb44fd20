"""Which other tickets belong beside a ticket: those it names by number, and the earlier ones most like it."""

import pandas as pd

from toolkit import schema
from toolkit.texts.earlier import find_similar_earlier
from toolkit.texts.related import find_related

# Of 24 pairs of matters told twice, written by hand and mixed into 2,816 real messages, 22 are among the first five.
MOST_ALIKE, LEAST_ALIKE = 10, 0.2
RELATED = ["report", "ticket_id", "other", "other_report", "kind", "likeness"]


def relate_tickets(tickets, asked, within_days):
    """The tickets that belong beside each of those asked about, the named ones first, then the most alike.

    Reads ticket_id, report, received_at and the texts of all tickets; asked: ticket numbers. One row for a ticket and
    an `other`: `other_report` is the report it stands in, `kind` 引用 or 相似前件, `likeness` 0 to 1, missing of a
    named one. An other one came at most within_days calendar days before to be like; named ones may be of any day.
    """
    is_asked = tickets["ticket_id"].isin(asked)
    cited = (
        find_related(tickets).rename(columns={"other_id": "other"}).drop_duplicates(["ticket_id", "other"])
    )
    alike = find_similar_earlier(tickets, MOST_ALIKE, within_days, is_asked, LEAST_ALIKE)
    alike = alike[alike["similarity"].ge(LEAST_ALIKE)]
    alike = alike.rename(columns={"earlier_id": "other", "similarity": "likeness"})
    cited, alike = cited.assign(kind=schema.CITED), alike.assign(kind=schema.ALIKE)
    pairs = pd.concat([cited[cited["ticket_id"].isin(tickets.loc[is_asked, "ticket_id"])], alike])
    pairs = pairs.drop_duplicates(["ticket_id", "other"])  # a named one is not told of again as alike
    reports = tickets.set_index("ticket_id")["report"]
    named = pairs.assign(report=pairs["ticket_id"].map(reports), other_report=pairs["other"].map(reports))
    kinds = dict.fromkeys(RELATED, "str") | {"likeness": "float64"}
    return named.reindex(columns=RELATED).astype(kinds).reset_index(drop=True)


def hide_others(related, name):
    """The rows of one report without the number and the unit of tickets that stand in another; name: its, or each row's own."""
    own = related["other_report"].eq(name)
    return related.assign(**{column: related[column].where(own) for column in ("other", "other_report")})
