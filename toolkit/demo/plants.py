"""The problems planted in the invented county, and the marks of what is true anyway."""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.demo import matters, words
from toolkit.demo.dates import AS_OF, day_end, due_times, minutes

WORKED = schema.STAGES[2:]  # what comes after dispatch
DRAWN = ["received_at", "category", *words.PLACE, *words.CALLER, "desk", "story", "more"]


# What is planted, marked by row and rule.


def _mark(rows, rule):
    return pd.DataFrame({"row": rows, "rule": rule})


def _free(tickets, marks, wanted):
    """The tickets of the year's middle that fit and are not marked yet."""
    middle = "'2025-02-15' <= received_at < '2025-11-15'"
    return tickets.drop(index=marks["row"]).query(f"{middle} and ({wanted})")


def _mixed(rng, tickets, marks, wanted):
    """One of the free tickets for each matter, in any order."""
    return _free(tickets, marks, wanted).sample(frac=1, random_state=rng).drop_duplicates("category")


def plant_groups(rng, drawn):
    """The draws with groups of tickets that belong together, and their marks."""
    grouped, marks = drawn.copy(), _mark([], "")
    for rule, (groups, size, hours, shared) in words.GROUPS.items():
        for _ in range(groups):
            mixed = _mixed(rng, drawn, marks, "received_at < '2025-09-30'")
            common = mixed["category"].isin(matters.COMMON)
            members = pd.concat([mixed[common].head(1), mixed[~common].head(size - 1)])
            apart = minutes((np.arange(size) * hours + 8) * 60 + rng.integers(50, size=size))
            grouped.loc[members.index, "received_at"] = members["received_at"].iloc[0].normalize() + apart
            grouped.loc[members.index, shared] = members.iloc[[0] * size][shared].to_numpy()
            marks = pd.concat([marks, _mark(members.index, rule)])
    return grouped, marks


def call_again(rng, handled):
    """New draws by callers whose matter was closed days before, and the marks of what was closed."""
    closed = _mixed(rng, handled, _mark([], ""), "closed_at.notna() and type != '咨询'").head(words.AGAIN)
    later = closed["closed_at"] + pd.to_timedelta(rng.integers(1, 7, len(closed)), unit="D")
    more = rng.choice(words.CALLED_AGAIN, len(closed))
    return closed[DRAWN].assign(received_at=later, more=more), _mark(closed.index, "closed_then_called_again")


def plant_singles(rng, tickets, marks):
    """The tickets with single ones changed so that they show a problem, and the marks."""
    changed = tickets.copy()
    for rule, (count, wanted) in words.SINGLES.items():
        chosen = _mixed(rng, changed, marks, wanted).head(count)
        for column, values in CHANGES[rule](chosen).items():
            changed.loc[chosen.index, column] = values
        marks = pd.concat([marks, _mark(chosen.index, rule)])
    return changed, marks


def plant_batches(rng, tickets, marks):
    """The tickets with one reply given to several of a unit, some of them closed together, and the marks."""
    changed = tickets.copy()
    for text, (size, together) in zip(words.COPIED, words.BATCHES, strict=True):
        free = _free(changed, marks, "quality == 'perfunctory' and closed_at.notna()")
        most = free["unit"].value_counts().index[:2]
        own = free[free["unit"] == rng.choice(most)].sort_values("closed_at")
        start = rng.integers(len(own) - size)
        chosen = own.iloc[start : start + size]
        changed.loc[chosen.index, "reply"] = _filled([text] * size, chosen)
        marks = pd.concat([marks, _mark(chosen.index, "reply_copied")])
        if together:
            moments = chosen["closed_at"].max() + minutes(np.arange(size) // 2)
            changed.loc[chosen.index, "closed_at"] = moments
            marks = pd.concat([marks, _mark(chosen.index, "bulk_closing")])
    return changed, marks


def _filled(texts, tickets):
    return [text.format(**line) for text, line in zip(texts, tickets.to_dict("records"), strict=False)]


def _swapped_replies(tickets):
    """Each ticket's reply from a ticket about something else."""
    ordered = tickets.sort_values("category")
    return {"reply": pd.Series(np.roll(ordered["reply"], len(ordered) // 2), ordered.index)}


def _moved_times(tickets):
    """In turn an answer before the call, a closing before the answer, a call-back before the answer."""
    turn, day = np.arange(len(tickets)) % 3, pd.Timedelta(days=1)
    return {
        "replied_at": tickets["replied_at"].mask(turn == 0, tickets["received_at"] - day),
        "closed_at": tickets["closed_at"].mask(turn == 1, tickets["replied_at"] - day),
        "visited_at": tickets["visited_at"].mask(turn == 2, tickets["replied_at"] - day),
    }


def _sent_to_and_fro(tickets):
    """Returned three times, between the township and the department of the matter."""
    office = tickets["category"].map(matters.MATTERS).str[0]
    other = office.where(tickets["unit"] == tickets["township"], tickets["township"])
    reason = [words.PING_PONG.format(a=a, b=b) for a, b in zip(tickets["unit"], other, strict=True)]
    return {"return_count": 3, "return_reason": reason, "co_units": other}


NOT_FED_BACK = dict.fromkeys([*WORKED[3:], "visit_connected", "satisfaction", "resolved"])
NO_REPLY = NOT_FED_BACK | {"replied_at": None, "reply": None}
CHANGES = {
    "reply_short": lambda tickets: {"reply": words.SHORT[: len(tickets)]},
    "reply_promises_only": lambda tickets: {"reply": _filled(words.PROMISES, tickets)},
    "reply_offtopic": _swapped_replies,
    "impossible_times": _moved_times,
    "satisfied_without_callback": lambda _: {"visit_connected": "否", "satisfaction": "满意"},
    "urged_no_reply": lambda tickets: NO_REPLY | {"urge_count": 2 + np.arange(len(tickets)) % 3},
    "ping_pong": _sent_to_and_fro,
    "returned_often": lambda _: {"return_count": 2, "return_reason": words.RETURN_REASONS[0]},
    "risk_words": lambda tickets: {"content": tickets["content"] + words.RISK[: len(tickets)]},
    "reply_to_caller_not_fed_back": lambda _: NOT_FED_BACK,
}


def exact_marks(tickets):
    """The marks of every ticket that truly satisfies a rule of mere arithmetic, planted or not."""
    due = tickets["platform_due_at"].fillna(due_times(tickets))
    sign_due = day_end(tickets["dispatched_at"], 1)
    open_ = tickets["replied_at"].isna()
    unasked = tickets["replied_at"].between(tickets["received_at"], sign_due)
    unasked |= (tickets["replied_at"] < tickets["received_at"]) & tickets["signed_at"].isna()  # no telling
    # Done again, and no log says when: the late reply may be that of the second round.
    is_unsure = tickets["rework_count"].gt(0) & tickets["received_at"].dt.year.ne(words.LOG_YEAR)
    truths = {
        "overdue_open": open_ & (due < AS_OF),
        "replied_late": (tickets["replied_at"] > due) & ~is_unsure,
        "due_soon": open_ & (due > AS_OF) & (due <= day_end(pd.Series([AS_OF]), 2)[0]),
        "signed_late": (tickets["signed_at"].fillna(AS_OF) > sign_due) & ~unasked,
        "returned_often": tickets["return_count"] >= 2,
        "dissatisfied": tickets["satisfaction"].isin(schema.DISSATISFIED) & tickets["visited_at"].notna(),
        "closed_then_called_again": _called_again(tickets),
    }
    return pd.concat([_mark(tickets.index[true], rule) for rule, true in truths.items()])


def _called_again(tickets):
    """Whether the same caller called about the same matter within seven days of the closing."""
    calls = tickets[["caller_phone", "category", "received_at"]].rename(columns={"received_at": "called_at"})
    pairs = tickets.reset_index().merge(calls, on=["caller_phone", "category"])
    apart = pairs["called_at"] - pairs["closed_at"]
    again = pairs.loc[apart.gt(pd.Timedelta(0)) & apart.le(pd.Timedelta(days=7)), "index"]
    return tickets.index.isin(again)
