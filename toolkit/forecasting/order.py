"""In what order to push today: what is overdue first, then what will likely run out and would do harm, each with its reason."""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.forecasting.terms import read_look_ahead
from toolkit.rounding import percent

OVERDUE, AHEAD, BY_DUE = "已超期", "可能逾期", "按截止时间"
GROUPS = [OVERDUE, AHEAD, BY_DUE]
LIST = ["ticket_id", "place", "group", "chance", "harm", "grounds", "why", "is_today"]


def order_for_today(tickets, findings, forecasts, settings=None):
    """今天要催的次序：已超期的在前，超期久的先；再按逾期可能×轻重；依据不足的按截止时间。

    tickets: clocked; findings: as `flag` gives them; forecasts: as `look_ahead` gives them. One row for each ticket past
    due in its first or second round, and each with a due time to come: `place` from 1, `group` a word of GROUPS, `harm`:
    1 and the weights of what makes it weigh more (parameters/look_ahead.yml), `grounds` those in words, `why` it stands
    there; is_today: past due, or among the first `push_a_day` to come with a chance of `push_from` at least. Within a
    group the longest overdue, chance × harm, the due time, the number decide.
    """
    settings = settings or read_look_ahead()
    chosen = tickets[_is_late(tickets) | tickets["due_state"].eq(schema.PENDING)]
    rows = chosen[["ticket_id"]].join(
        forecasts.set_index("ticket_id")[["chance", "is_weak", "forecast"]], on="ticket_id"
    )
    rows = rows.join(weigh_harm(chosen, findings, settings).set_index("ticket_id"), on="ticket_id")
    rows = rows.assign(group=_find_group(chosen, rows), late_days=_count_late(chosen), due=_find_due(chosen))
    keys = {
        "rank": rows["group"].map(GROUPS.index),
        "late": -rows["late_days"],
        "weighed": -(rows["chance"] * rows["harm"]).where(rows["group"].eq(AHEAD), 0),
    }
    rows = rows.assign(**keys).sort_values([*keys, "due", "ticket_id"], kind="stable", ignore_index=True)
    is_late, is_ahead = rows["group"].eq(OVERDUE), rows["group"].eq(AHEAD)
    is_next = is_ahead & is_ahead.cumsum().le(settings.push_a_day) & rows["chance"].ge(settings.push_from)
    rows = rows.assign(place=np.arange(1, len(rows) + 1), why=_say_why(rows), is_today=is_late | is_next)
    return rows[LIST]


def _is_late(tickets):
    return tickets["due_state"].eq(schema.OVERDUE) | tickets["rework_state"].eq(schema.OVERDUE)


def _count_late(tickets):
    """Working days past due, of the first round or the second; 0 for what is still to come."""
    late = tickets["overdue_days"].where(
        tickets["due_state"].eq(schema.OVERDUE), tickets["rework_overdue_days"]
    )
    return late.where(_is_late(tickets)).fillna(0).astype("int64")


def _find_due(tickets):
    return tickets["due_at"].where(
        tickets["due_state"].isin([schema.OVERDUE, schema.PENDING]), tickets["rework_due_at"]
    )


def _find_group(tickets, rows):
    weak = rows["chance"].isna() | ~rows["is_weak"].eq(False)
    return pd.Series(
        np.select([_is_late(tickets), ~weak], [OVERDUE, AHEAD], BY_DUE), index=tickets.index, dtype="str"
    )


def weigh_harm(tickets, findings, settings):
    """What makes each ticket weigh more: ticket_id, harm (1 where nothing does) and grounds, in words joined by 、."""
    found = _list_found(findings[findings["rule"].isin([ground.rule for ground in settings.harm])])
    harm, grounds = np.ones(len(tickets)), np.full(len(tickets), "", dtype="object")
    for ground in settings.harm:
        if ground.rule:
            met = tickets["ticket_id"].isin(found.get(ground.rule, [])).to_numpy()
        else:
            met = tickets["channel"].eq(ground.channel).fillna(False).to_numpy(bool)
        harm[met] += ground.weight
        grounds[met] += "、" + ground.name
    grounds = pd.Series(grounds, index=tickets.index, dtype="str").str.removeprefix("、")
    return pd.DataFrame({"ticket_id": tickets["ticket_id"], "harm": harm, "grounds": grounds})


def _list_found(findings):
    """Rule → the tickets its findings are on, or rest on."""
    whole = findings[findings["ticket_id"].isna()].explode("rests_on")
    both = [findings[["rule", "ticket_id"]], whole[["rule"]].assign(ticket_id=whole["rests_on"])]
    return pd.concat(both).dropna().groupby("rule")["ticket_id"].agg(list).to_dict()


def _say_why(rows):
    """已超期3个工作日；逾期可能66.2%，重复诉求×1.5 …: why each stands where it stands."""
    values = zip(rows["group"], rows["late_days"], rows["chance"], rows["harm"], rows["grounds"], strict=True)
    return pd.Series([_why(*value) for value in values], index=rows.index, dtype="str")


def _why(group, late, chance, harm, grounds):
    weight = f"{harm:g}" if grounds else ""
    if group == OVERDUE:
        said = f"已超期{late}个工作日" if late else "已超期，不足1个工作日"
        return said + (f"；{grounds}" if grounds else "")
    if group == AHEAD:
        return f"逾期可能{percent(chance)}" + (f"，{grounds}加权{weight}倍" if grounds else "")
    return "预测依据不足，按截止时间排" + (f"；{grounds}" if grounds else "")
