"""Every point of a unit explained: its arithmetic and the tickets that cost it."""

from toolkit import schema
from toolkit.assessing.points import apply_scheme
from toolkit.assessing.scheme import read_scheme
from toolkit.errors import ParameterError, nearest
from toolkit.rounding import is_missing
from toolkit.scoring.catalogue import BY_NAME
from toolkit.scoring.marks import mark_tickets
from toolkit.scoring.score import score

EXPLAINED = ["item", "full", "points", "lost", "how", "tickets"]


def explain_score(unit, tickets, scheme="county_default"):
    """Show each point a unit gained and lost, with the arithmetic and the tickets that cost it.

    tickets: the whole county's for the period, after `clock`; shares in a group need the others. One row
    per item: `full`, `points`, `lost` (Decimals), `how` in
    words, and `tickets`, the list of ticket ids in the denominator that missed (for 不满意率 those in the
    numerator, in a weighted rate those short of full weight). Raises ParameterError for a unit without a
    ticket, with the nearest name.
    """
    scheme = read_scheme(scheme)
    tickets = tickets[~(tickets["received_at"] > schema.judged_at(tickets))]
    units = tickets["unit"].fillna(schema.NO_UNIT)
    if unit not in set(units):
        raise ParameterError(f"'{unit}' has no ticket here.{nearest(unit, sorted(set(units)))}")
    scorecard = score(tickets)
    items = apply_scheme(scorecard, scheme, tickets["unit_group"].groupby(units).first())
    own = items[items["unit"].eq(unit)].reset_index(drop=True)
    # Counted for the whole county: a column empty in one unit alone is not lacking.
    marks, mine = mark_tickets(tickets), units.eq(unit)
    lost = [_missed_tickets(row, tickets.loc[mine, "ticket_id"], marks[mine]) for row in own.itertuples()]
    return own.assign(tickets=lost)[EXPLAINED]


def _missed_tickets(row, ticket_ids, marks):
    metric = BY_NAME[row.metric]
    if is_missing(row.percent) or metric.is_count:
        return []
    full = 100 if metric.weighted else 1
    missed = marks[row.metric].lt(full) if row.better == "higher" else marks[row.metric].gt(0)
    return ticket_ids[missed.fillna(False)].tolist()
