"""Whether a ticket was answered and when, as far as the record tells: by a time, by a later stage, or by words alone."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.clocking.flow_log import moments_of, place_moments
from toolkit.words.replies import NO_REPLY

LATER = {  # what comes only after the stage that counts as the answer
    "replied_at": ["fed_back_at", "visited_at", "closed_at"],
    "closed_at": [],
}


EARLIEST = pd.Timestamp("2000-01-01")  # an earlier time is a system's zero: nothing was done then


class Answer(NamedTuple):
    """One value a ticket: the time of the answer, by when it had come at the latest, whether it came at all."""

    at: pd.Series
    until: pd.Series
    is_known: pd.Series


def choose_answer(tickets, policy):
    """The stage that counts as the answer: the policy's, or closing where the export has no reply time."""
    is_blank = tickets["replied_at"].isna().all() and not schema.is_untimed(tickets, "replied_at").any()
    if policy.answered_by == "replied_at" and is_blank:
        return "closed_at"
    return policy.answered_by


def find_answer(tickets, answered_by, policy, history, as_of):
    """The first answer of each ticket by as_of. Reads the stages' times, status, reply, rework_count.

    A time before receipt cannot be, and is not used. Without a time the log's own reply will do; of a ticket
    that was done again the reply before its first 重办. Without any, the next stage that is known says by when it
    had come; status, reply and what stands under a time without being one say only that it did.
    """
    first_rework = place_moments(history.reworks["first"], tickets)
    own = tickets[answered_by].mask(came_before_receipt(tickets, answered_by))
    own = own.where(own.le(as_of) & ~(own >= first_rework))
    comes_later = tickets[answered_by].gt(as_of) & first_rework.isna()
    replied = place_moments(_find_replies(answered_by, history), tickets)
    replied = replied.mask(comes_before(replied, tickets["received_at"]) | comes_later)
    at = own.where(first_rework.isna(), replied).fillna(replied).fillna(own)

    later = _later_stages(tickets, answered_by, as_of).mask(comes_later)
    until = at.fillna(pd.concat([later, first_rework], axis=1).min(axis=1).astype(at.dtype))
    is_told = _says_answered(tickets, answered_by, policy) & ~comes_later
    return Answer(at, until, until.notna() | is_told)


def find_second_answer(tickets, answered_by, policy, history, as_of):
    """The answer to the last 重办 of each ticket, likewise; its old reply says nothing about it."""
    since = place_moments(history.reworks["last"], tickets)
    own = tickets[answered_by]
    rows = history.answers[history.answers["event"].eq(schema.EVENT_OF[answered_by])]
    rows = rows[rows["row"].isin(history.reworks.index)]
    rows = rows[rows["at"].ge(moments_of(rows, history.reworks["last"]))]
    replied = place_moments(rows.drop_duplicates("row").set_index("row")["at"], tickets)
    at = replied.fillna(own.where((own >= since) & own.le(as_of)))
    later = _later_stages(tickets, answered_by, as_of)
    later = later.where(later.ge(since, axis=0)).mask(own.gt(as_of))
    until = at.fillna(later.min(axis=1).astype(at.dtype))
    is_told = _says_done(tickets, policy) | schema.is_untimed(tickets, answered_by)
    is_told &= ~own.gt(as_of)
    return Answer(at, until, until.notna() | (since.notna() & is_told))


def find_shut(tickets, answered_by, answer, as_of):
    """Which tickets the platform shut while nothing else says that anybody answered them."""
    at = answer.at if answered_by == "replied_at" else None
    has_stage = tickets[["fed_back_at", "visited_at"]].le(as_of).any(axis=1)
    is_told = has_stage | _has_reply(tickets) | (answer.is_known & answer.until.isna())
    return tickets["status"].isin(schema.SHUT_STATUSES) & ~(is_told if at is None else is_told | at.notna())


def was_reworked_unseen(tickets, history):
    """Whether a ticket was done again, and no log tells when: its times may be of either round."""
    seen = np.isin(np.arange(len(tickets)), history.reworks.index)
    return (tickets["rework_count"].gt(0).fillna(False) | tickets["status"].eq(schema.REWORK_STATUS)) & ~seen


def came_before_receipt(tickets, stage):
    """Whether a stage's time is earlier than the ticket's receipt, which cannot be."""
    return comes_before(tickets[stage], tickets["received_at"])


def comes_before(times, others):
    """Whether a time lies in an earlier minute than another; on an earlier day where one is a bare date.

    Within a minute clocks differ, and a date without a time of day says nothing about the hour.
    """
    before = times.to_numpy() < others.to_numpy()
    if not before.any():
        return pd.Series(before, index=times.index)
    first, second = times[before], others[before]
    days = first.dt.normalize(), second.dt.normalize()
    is_bare = first.eq(days[0]) | second.eq(days[1])
    is_earlier = first.dt.floor("min") < second.dt.floor("min")
    before[before] = is_earlier & (~is_bare | (days[0] < days[1]))
    return pd.Series(before, index=times.index)


def _find_replies(answered_by, history):
    """Row → the log's last reply; of a ticket that was done again the first one, before its first 重办."""
    replies = history.answers[history.answers["event"].eq(schema.EVENT_OF[answered_by])]
    reworked = replies["row"].isin(history.reworks.index)
    firsts = replies[reworked]
    firsts = firsts[firsts["at"].lt(moments_of(firsts, history.reworks["first"]))]
    whole = pd.concat([firsts.drop_duplicates("row"), replies[~reworked].drop_duplicates("row", keep="last")])
    return whole.set_index("row")["at"]


def _later_stages(tickets, answered_by, as_of):
    """The later stages that had happened by as_of, those before receipt left out: one column each."""
    names = LATER[answered_by]
    times = {
        name: tickets[name].where(tickets[name].le(as_of) & ~came_before_receipt(tickets, name))
        for name in names
    }
    return pd.DataFrame(times, index=tickets.index).astype("datetime64[us]")


def _says_answered(tickets, answered_by, policy):
    """Whether words or an impossible time say that it was answered, where no time does."""
    was_done = tickets["rework_count"].gt(0).fillna(False) | tickets["status"].eq(schema.REWORK_STATUS)
    told = _says_done(tickets, policy) | was_done | tickets[answered_by].ge(EARLIEST)
    for stage in [answered_by, *LATER[answered_by]]:
        told |= schema.is_untimed(tickets, stage)
    return told if policy.answered_by == "closed_at" else told | _has_reply(tickets)


def _says_done(tickets, policy):
    """Whether the status says that it is answered; where closing is the answer, that it is closed."""
    words = schema.CLOSED_STATUSES if policy.answered_by == "closed_at" else schema.ANSWERED_STATUSES
    return tickets["status"].isin(words)


def _has_reply(tickets):
    """Whether there is a reply that is more than a placeholder, and not one of an earlier round."""
    given = tickets["reply"].notna() & ~tickets["status"].isin(schema.BACK_STATUSES)
    given &= ~tickets["replied_at"].ge(EARLIEST)
    words = tickets.loc[given, "reply"].str.replace(r"[\W_]+", "", regex=True).str.lower()
    return given & ~words.isin(NO_REPLY).reindex(tickets.index, fill_value=True)
