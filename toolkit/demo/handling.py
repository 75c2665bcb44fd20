"""How the units of the invented county handle tickets: stages, opinions, words, status, what the centre judges."""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.demo import words
from toolkit.demo.chance import choose, pick
from toolkit.demo.dates import AS_OF, LAST_DAYS, day_end, due_times, minutes, office_clock, office_time
from toolkit.demo.export import hits
from toolkit.demo.plants import WORKED


def with_stages(rng, tickets):
    """The tickets with the time of every stage up to as_of, as the habits of their unit have it."""
    habits = pd.DataFrame.from_dict(words.QUALITIES, orient="index", columns=words.HABITS)
    habits = habits.loc[tickets["quality"]].set_index(tickets.index)
    sent = tickets["received_at"] + minutes(rng.integers(5, 120, len(tickets)))
    due = due_times(tickets)
    clocks = _stage_clocks(rng, habits, *(office_clock(times) for times in (sent, day_end(sent, 1), due)))
    times = {name: office_time(clock) for name, clock in zip(WORKED, clocks, strict=True)}
    timed = tickets.assign(dispatched_at=sent, platform_due_at=due.mask(hits(rng, 0.03, due)), **times)
    return _up_to_as_of(rng, timed, habits)


def _stage_clocks(rng, habits, sent, sign_due, due):
    """The office clock at each of WORKED, from dispatch and the times to sign and to answer by."""
    size = len(habits)
    signed = sent + rng.beta(1, 4, size) * (sign_due - sent - 1)
    signed = np.where(hits(rng, habits["sign_late"]), sign_due + 20 + rng.exponential(300, size), signed)
    replied = signed + (0.1 + 0.85 * rng.beta(2, habits["early"])) * (due - signed)
    late = hits(rng, habits["late"]) | (signed > due - 20)
    replied = np.where(late, np.maximum(due, signed) + 20 + rng.exponential(1200, size), replied)
    contact = signed + rng.beta(1, 2, size) * (replied - signed)
    fed_back = replied + rng.integers(5, 90, size)
    visited = fed_back + rng.integers(200, 1200, size)
    return signed, contact, replied, fed_back, visited, visited + rng.integers(10, 400, size)


def _up_to_as_of(rng, timed, habits):
    """The tickets without the stages that were left out or had not come yet."""
    last_days = (timed["received_at"] > LAST_DAYS) & habits["open"].gt(0)
    this_year = timed["received_at"].dt.year == AS_OF.year
    left_open = habits["open"].where(this_year, habits["open"] / 3).mask(last_days, 0.85)
    open_ = hits(rng, left_open) | (timed["fed_back_at"] > AS_OF)
    missing = {
        "signed_at": hits(rng, habits["unsigned"].mask(open_, habits["unsigned"].clip(0.3))),
        "first_contact_at": hits(rng, habits["silent"].mask(open_, 0.7)),
        "visited_at": hits(rng, 0.08, timed),
    }
    known = timed.assign(**{name: timed[name].mask(gone) for name, gone in missing.items()})
    known[WORKED] = known[WORKED].where(known[WORKED] <= AS_OF)
    known.loc[open_, WORKED[2:]] = pd.NaT
    return known.assign(contacted=np.where(known["first_contact_at"].notna(), "是", "否"))


def with_opinions(rng, tickets):
    """The tickets with what the call-back found, and how often they were returned, urged and done again."""
    visited, connected = tickets["visited_at"].notna(), hits(rng, 0.87, tickets)
    rated = np.array(words.RATINGS)[pick(rng, [words.RATED[quality] for quality in tickets["quality"]])]
    rating = pd.Series(np.where(connected, rated, "未评价"), tickets.index)
    slow = tickets["replied_at"].fillna(AS_OF) > due_times(tickets)
    returned, helped = hits(rng, 0.06, tickets), hits(rng, 0.05, tickets)
    reason = pd.Series(rng.choice(words.RETURN_REASONS, len(tickets)), tickets.index)
    helper = pd.Series(rng.choice(list(words.DEPARTMENTS), len(tickets)), tickets.index)
    return tickets.assign(
        visit_connected=pd.Series(np.where(connected, "是", "否"), tickets.index).where(visited),
        satisfaction=rating.where(visited),
        resolved=rating.map(words.RESOLVED).where(visited),
        return_count=returned.astype("int"),
        return_reason=reason.where(returned),
        urge_count=(slow & hits(rng, 0.4, tickets)).astype("int"),
        rework_count=(visited & rating.eq("不满意") & hits(rng, 0.4, tickets)).astype("int"),
        co_units=helper.where(helped & helper.ne(tickets["unit"])),
    )


def with_words(rng, tickets):
    """The tickets with title, content and reply; the turn keeps two texts of a unit from being alike."""
    spoke = tickets["first_contact_at"].fillna(tickets["replied_at"]).fillna(tickets["dispatched_at"])
    same = tickets.groupby(["unit", "category"])
    turn = same.cumcount() + same.ngroup() * 37 + int(rng.integers(1000))
    lines = tickets.assign(turn=turn, d=[f"{at.month}月{at.day}日" for at in spoke]).to_dict("records")
    return tickets.assign(
        title=[words.TITLES[line["type"]].format(**line) for line in lines],
        content=[_content(line) for line in lines],
        reply=pd.Series([_reply(line) for line in lines], tickets.index).where(tickets["replied_at"].notna()),
    )


def _content(line):
    told = _turn(words.TELL, line) + line["told"][1] + line["more"] + _turn(words.ASK[line["type"]], line)
    return (told + words.PHONE_IN_TEXT * line["phone_told"]).format(**line)


def _reply(line):
    found = _turn(words.REPLY_OPEN, line) + _turn(line["told"][2:], line)
    contact = _turn(words.REPLY_CONTACT, line) * (line["contacted"] == "是")
    return (found + contact + _turn(words.REPLY_CLOSE, line)).format(**line)


def _turn(choices, line):
    return choices[line["turn"] % len(choices)]


def with_status(rng, tickets, marks):
    """The tickets with the platform's word for where they stand; a few unsuspicious ones left out."""
    stands = [
        (tickets["closed_at"].notna(), "已办结"),
        (tickets["replied_at"].notna(), "已回复"),
        (tickets["return_count"] > 0, "已退回"),
        (tickets["signed_at"].isna(), "待签收"),
    ]
    asked = hits(rng, 0.012, tickets) & ~tickets.index.isin(marks["row"]) & tickets["closed_at"].notna()
    return tickets.assign(
        status=np.select(*zip(*stands, strict=True), default="办理中"),
        exclusion=pd.Series(choose(rng, words.EXCLUSIONS, len(tickets)), tickets.index).where(asked),
    )


def with_assessments(rng, tickets):
    """The tickets with what the centre judges of them: manner, form of the reply, outcome, returns, call-backs."""
    verdict, resolved = tickets["satisfaction"], tickets["resolved"]
    content = hits(rng, np.where(verdict.isin(schema.SATISFIED), 0.97, 0.6))
    manner = np.where(verdict.isin(schema.RATED), np.where(content, "满意", "不满意"), schema.UNRATED)
    in_form = np.where(hits(rng, 0.92, tickets), "规范", "不规范")
    ended = pd.Series(choose(rng, words.OUTCOMES, len(tickets)), tickets.index)
    ended = ended.mask(resolved.eq(schema.RESOLVED), schema.RESOLVED)
    ended = ended.mask(resolved.eq(schema.UNRESOLVED) & ended.eq(schema.RESOLVED), schema.PUT_OFF)
    spared = tickets["visited_at"].isna() & hits(rng, 0.5, tickets)
    accepted = np.where(hits(rng, 0.6, tickets), "同意", "不同意")
    judged = {"attitude": manner, "reply_standard": in_form, "return_review": accepted}
    known = {
        "attitude": verdict.notna(),
        "reply_standard": tickets["replied_at"].notna() & hits(rng, 0.4, tickets),
        "return_review": tickets["return_count"].gt(0),
    }
    columns = {name: pd.Series(judged[name], tickets.index).where(known[name]) for name in judged}
    wanted = np.where(spared, schema.NO, schema.YES)
    return tickets.assign(**columns, outcome=ended.where(tickets["replied_at"].notna()), visit_wanted=wanted)
