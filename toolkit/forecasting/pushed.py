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
    settings, as_of = settings or read_look_ahead(), pd.Timestamp(as_of)
    kinds, due = list_kinds(tickets), _in_office(tickets["due_at"], calendar)
    answered = _in_office(tickets["answered_at"].fillna(tickets["answered_until"]), calendar)
    answered = np.where(
        tickets["answered"].eq(schema.YES) & np.isnan(answered), -np.inf, np.nan_to_num(answered, nan=np.inf)
    )
    is_free = (
        ~tickets["ticket_id"].isin(orders["ticket_id"]).to_numpy()
        & ~tickets["due_state"].isin(schema.NOT_JUDGED).to_numpy()
    )
    now = _in_office(pd.Series([as_of]), calendar)[0]
    places = pd.Series(np.arange(len(tickets)), index=tickets["ticket_id"])
    rows = []
    for order in orders[orders["answer_by"].lt(as_of) & orders["ticket_id"].isin(places.index)].itertuples():
        at, (issued, until) = (
            places[order.ticket_id],
            _in_office(pd.Series([order.issued_on, order.answer_by]), calendar),
        )
        if not (answered[at] > issued and due[at] == due[at]):
            continue
        since, length = issued - due[at], until - issued
        waits = is_free & (answered - due > since) & (due + since + length < now)
        level, alike = _narrow(kinds, at, waits, settings.least_alike)
        in_time = alike[answered[alike] - due[alike] <= since + length]
        rate = len(in_time) / len(alike) if len(alike) else np.nan
        lists = [tickets["ticket_id"].iloc[some].tolist() for some in (alike, in_time)]
        rows.append(
            [order.ticket_id, bool(answered[at] <= until), level, len(alike), len(in_time), rate, *lists]
        )
    return pd.DataFrame(rows, columns=list(PUSHED)).astype(PUSHED)


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
