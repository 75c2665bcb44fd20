"""Which of the tickets under an order (督办单) were answered in time, beside tickets alike that had none: no proof of an effect.

Who gets an order is chosen, by how late and how grave a ticket is, so that both sides differ in more than the order. What
is said here says so.
"""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.clocking.workdays import office_time
from toolkit.forecasting.cases import list_kinds
from toolkit.forecasting.terms import read_look_ahead

PUSHED = {
    "ticket_id": "str",
    "is_answered": "bool",
    **dict.fromkeys(["level", "alike", "alike_answered"], "int64"),
    "rate": "float64",
    **dict.fromkeys(["alike_ids", "answered_ids"], "object"),
}
LIMITS = "督办谁是挑出来的，超期更久、情节更重的先督办，两边并不只差一张督办单；只作参考，不能当作督办的效果"


def compare_pushed(tickets, orders, as_of, calendar, settings=None):
    """每件已到反馈期限的督办单：期限内是否答复；同类未督办、到期后同样久仍未答复的，同样时间内答复的多少件。

    orders: ticket_id, issued_on, answer_by, as a report's. One row for each order whose answer_by is past and whose
    ticket has a due time and waited for its first answer when the day of the order began. `alike`: tickets of its
    narrowest kind with enough of them (`look_ahead`) that never had an order and at the same office time after (or
    before) their own due time were open still, and long enough ago to tell; `alike_answered` within as
    long; both with their numbers in `alike_ids` and `answered_ids`.
    """
    settings, now = settings or read_look_ahead(), _in_office(pd.Series([pd.Timestamp(as_of)]), calendar)[0]
    stood, kinds = _list_standing(tickets, orders, calendar), list_kinds(tickets)
    places = pd.Series(np.arange(len(tickets)), index=tickets["ticket_id"])
    over = orders[orders["answer_by"].lt(pd.Timestamp(as_of)) & orders["ticket_id"].isin(places.index)]
    rows = []
    for order in over.itertuples():
        at, (issued, until) = (
            places[order.ticket_id],
            _in_office(pd.Series([order.issued_on, order.answer_by]), calendar),
        )
        since, length = issued - stood["due"].iloc[at], until - issued
        if stood["answered"].iloc[at] > issued and not np.isnan(since):
            waits = (
                stood["is_free"] & (stood["delay"] > since) & (stood["due"] + since + length < now)
            ).to_numpy()
            level, alike = _narrow(kinds, at, waits, settings.least_alike)
            in_time = alike[stood["delay"].to_numpy()[alike] <= since + length]
            rate = len(in_time) / len(alike) if len(alike) else np.nan
            ids = [tickets["ticket_id"].iloc[some].tolist() for some in (alike, in_time)]
            is_answered = bool(stood["answered"].iloc[at] <= until)
            rows.append([order.ticket_id, is_answered, level, len(alike), len(in_time), rate, *ids])
    return pd.DataFrame(rows, columns=list(PUSHED)).astype(PUSHED)


def _list_standing(tickets, orders, calendar):
    """Due time and answer of each ticket in office time, how long after the one the other came, and who never had an order.

    An answer that has not come is infinitely late; one whose time nothing tells came before everything.
    """
    due = _in_office(tickets["due_at"], calendar)
    answered = _in_office(tickets["answered_at"].fillna(tickets["answered_until"]), calendar)
    untold = np.where(tickets["answered"].eq(schema.YES), -np.inf, np.inf)
    answered = np.where(np.isnan(answered), untold, answered)
    is_free = ~tickets["ticket_id"].isin(orders["ticket_id"]) & ~tickets["due_state"].isin(schema.NOT_JUDGED)
    return pd.DataFrame(
        {"due": due, "answered": answered, "delay": answered - due, "is_free": is_free.to_numpy()}
    )


def _in_office(times, calendar):
    """Office time since the calendar's first day, in microseconds; missing where not known."""
    passed, known = office_time(times, calendar)
    return np.where(known, passed.astype("float64"), np.nan)


def _narrow(kinds, at, waits, least):
    """The narrowest kind of a ticket with enough tickets that waited, and their places; all of them where none has."""
    for level in range(len(kinds) - 1, 0, -1):
        alike = np.flatnonzero(waits & (kinds[level] == kinds[level][at])) if kinds[level][at] >= 0 else []
        if len(alike) >= least:
            return level, alike
    return 0, np.flatnonzero(waits)


def say_pushed(compared):
    """督办到期49件，期限内答复30件（61.2%）；同类未督办的…: what the comparison comes to, with its limits."""
    if compared.empty:
        return "没有已到反馈期限、发出时仍待首次答复的督办单，无从比较"
    known = compared[compared["alike"].gt(0)]
    count, answered, expected = len(known), int(known["is_answered"].sum()), known["rate"].sum()
    without = len(compared) - count
    said = f"督办到期{count}件，期限内答复{answered}件；照同类未督办、同样久仍未答复的在同样时间内的答复率，应为{expected:.1f}件"
    return f"{said}{f'；另有{without}件没有同类可比' if without else ''}。{LIMITS}"
