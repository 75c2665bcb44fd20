"""What rules about replies share: which are judged, what only asks, what answers one event, whom the evidence names."""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.texts import reply_words

READ = ["ticket_id", "unit", "title", "content", "reply", "type", "category", "township", "address", "caller"]
READ += ["received_at", "replied_at", "closed_at"]
NAMED = 3  # other tickets that the evidence names
LONGEST = 400  # characters from which a reply is neither short nor without any fact
BREAKDOWN = r"停水|停电|停气|断水|断电|断网|恢复(?:正常)?(?:供水|供电|供气|供热|供暖|通水|通电|通信|网络|信号)|爆管|抢修"
PRAISE = r"^[^，,。！!]{0,4}(?:感谢|表扬|致谢|点赞)"
QUESTION = r"咨询|请问|想问|想了解|如何|怎么|怎样|是否|什么|哪里|多久|吗[?？。]?$"


def answered(watch):
    """The tickets whose reply is known and had come by as_of, without the void; of their columns those in READ."""
    tickets = watch.tickets
    come = tickets["replied_at"].fillna(tickets["closed_at"]) <= watch.as_of
    come |= tickets["replied_at"].isna() & tickets["closed_at"].isna()
    written = tickets["reply"].fillna("").str.strip().ne("")
    return tickets.loc[come & written & tickets["due_state"].ne(schema.VOID), READ]


def replied(watch):
    """The answered tickets short enough to be judged, and their replies without courtesies."""
    tickets = answered(watch)
    tickets = tickets[tickets["reply"].str.len() <= LONGEST]
    return tickets, reply_words.bare(tickets["reply"])


def is_question(tickets):
    """Whether a ticket only asks; by its words where the type is not known."""
    unknown = tickets["type"].isna()
    asks = tickets["type"].eq(schema.INQUIRY)
    words = tickets.loc[unknown, "title"].fillna(tickets.loc[unknown, "content"]).fillna("")
    asks[unknown] = reply_words.has(words, QUESTION)
    return asks


def is_praise(tickets):
    """Whether a ticket praises and asks for nothing; by its title where the type is not known."""
    thanks = reply_words.has(tickets["title"].fillna(""), PRAISE)
    return tickets["type"].eq(schema.PRAISE) | (tickets["type"].isna() & thanks)


def same_event(watch, tickets):
    """Whether a ticket of a cluster is one of several callers' about one thing: same place, category, some days.

    Reads tickets with their `cluster`. An unknown caller counts as another one. A breakdown whose reply tells its
    dates is one thing wherever the replies of a cluster tell the same dates.
    """
    linked = np.zeros(len(tickets), dtype=bool)
    caller = pd.factorize(tickets["caller"])[0].astype("int64")
    caller[caller < 0] = -1 - np.flatnonzero(caller < 0)
    at = tickets["received_at"].to_numpy()
    breakdown = _dates_of_breakdown(tickets["reply"])
    places = [(tickets[place], tickets["category"]) for place in ("township", "address")]
    for place, category in [*places, (breakdown, tickets["cluster"])]:
        keys = [tickets["cluster"], place.rename("place"), category.rename("category")]
        known = pd.concat(keys, axis=1).notna().all(axis=1).to_numpy() & ~np.isnat(at)
        rows = np.flatnonzero(known)
        event = pd.concat(keys, axis=1).iloc[rows]
        event = event.groupby(["cluster", "place", "category"], observed=True).ngroup().to_numpy()
        order = np.lexsort((at[rows], event))
        rows, event = rows[order], event[order]
        linked[rows] |= _other_near(
            event, at[rows], caller[rows], np.timedelta64(watch.limits.mass_days, "D")
        )
    return pd.Series(linked, index=tickets.index)


def _dates_of_breakdown(replies):
    """The dates and hours that a reply about a cut of water, power, gas or network tells; missing in any other."""
    dates = pd.Series(pd.NA, index=replies.index, dtype="str")
    cut = reply_words.has(replies, BREAKDOWN) & reply_words.has(replies, r"\d月\d+[日号]")
    said = replies[cut].str.replace(r"\s", "", regex=True)
    dates[cut] = said.str.findall(r"\d+[月日号时点分]").str.join("")
    return dates


def _other_near(event, at, caller, within):
    """For rows sorted by event and time: whether another caller of the event stands within some time."""
    near = np.zeros(len(event), dtype=bool)
    if not len(event):
        return near
    # Runs of one caller: the nearest other caller is just before the run begins or just after it ends.
    new = np.r_[True, (event[1:] != event[:-1]) | (caller[1:] != caller[:-1])]
    run = np.cumsum(new) - 1
    first = np.flatnonzero(new)
    last = np.r_[first[1:], len(event)]
    for other in (first[run] - 1, last[run]):
        inside = (other >= 0) & (other < len(event))
        place = np.where(inside, other, 0)
        near |= inside & (event[place] == event) & (np.abs(at[place] - at) <= within)
    return near


def name_others(hits):
    """Up to three other tickets of each hit's `cluster`, in words."""
    place = hits.groupby("cluster").cumcount().to_numpy()
    firsts = hits[place <= NAMED].assign(place=place[place <= NAMED])
    table = firsts.pivot(index="cluster", columns="place", values="ticket_id").reindex(
        columns=range(NAMED + 1)
    )
    rows = table.astype("str").reindex(hits["cluster"])
    named = pd.Series("", index=hits.index, dtype="str")
    for turn in range(NAMED + 1):
        left_out = place == turn if turn < NAMED else place >= NAMED
        part = rows[turn].fillna("").to_numpy()
        add = pd.Series(part, index=hits.index, dtype="str").mask(left_out, "")
        named = named.where(add.eq("") | named.eq(""), named + "、") + add
    return named
