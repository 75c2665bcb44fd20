"""An invented county: two years of tickets, the list of problems planted in them, and their untidy export.

Everything follows from the seed. What the functions hand on is a ticket table under way: columns of the
schema, the slots of `demo_words`, and the draws that decide the rest.
"""

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.demo import matters, words
from toolkit.demo.dates import AS_OF, WORKDAYS, day_end, due_times, minutes, office_clock, office_time
from toolkit.demo.export import hits, write_file, write_log
from toolkit.demo.log import make_log
from toolkit.demo.plants import WORKED, call_again, exact_marks, plant_batches, plant_groups, plant_singles
from toolkit.demo.roster import with_handlers, write_roster

LAST_DAYS = pd.Timestamp("2025-12-25")  # most of what came since is still open
SEED = 12345
DIGESTS = "export.sha256"  # beside the export's folder: which files the demo wrote
TICKETS_IN = {2024: 1412, 2025: 1600}


def make_county(seed=SEED):
    """The tickets with their callers, and what is planted in them: ticket_id, rule, note."""
    tickets, planted, *_ = _make(seed)
    return tickets, planted


def write_demo(folder):
    """The export as spreadsheets, its digests, planted.csv, account.csv and the roster in the folder, which is given back."""
    folder = Path(folder)
    (folder / "export").mkdir(parents=True, exist_ok=True)
    tickets, planted, strangers, log = _make(SEED)
    rng = np.random.default_rng(SEED)
    accounts = [write_file(rng, folder / "export" / file, tickets, strangers) for file in words.EXPORTS]
    rng = np.random.default_rng([SEED, 2])
    accounts.append(write_log(rng, folder / "export" / words.LOG_FILE, log, strangers))
    digests = [f"{_digest(path)}  {path.name}\n" for path in sorted((folder / "export").iterdir())]
    (folder / DIGESTS).write_text("".join(digests), encoding="utf-8")
    for name, frame in {"planted": planted, "account": pd.concat(accounts)}.items():
        frame.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8-sig", lineterminator="\n")
    write_roster(SEED, folder)
    return folder


def is_demo(files):
    """Whether each of the files is as `write_demo` wrote it, by the digests beside their folder."""
    return all(_digest(file) in _known_digests(file.parent.parent / DIGESTS) for file in files)


def _known_digests(path):
    return path.read_text(encoding="utf-8").split() if path.is_file() else []


def _digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _make(seed):
    """The tickets, what is planted, more tickets (those whose numbers the export loses), and the flow log."""
    rng = np.random.default_rng(seed)
    drawn, marks = plant_groups(rng, draw_tickets(rng))
    first = with_stages(rng, settle(rng, drawn))
    again, closed = call_again(rng, first.drop(index=marks["row"]))
    handled = pd.concat([first, with_stages(rng, settle(rng, again))], ignore_index=True)
    told = with_words(rng, with_opinions(rng, handled))
    told, marks = plant_singles(rng, told, pd.concat([marks, closed]))
    told, marks = plant_batches(rng, told, marks)
    marks = pd.concat([marks, exact_marks(told)]).drop_duplicates()
    stood = with_assessments(np.random.default_rng([seed, 3]), with_status(rng, told, marks))
    rows, strangers = _set_apart(rng, stood, marks)
    tickets, strangers = (with_handlers(seed, number(part)) for part in (rows, strangers))
    planted = pd.DataFrame({"ticket_id": marks["row"].map(tickets["ticket_id"]), "rule": marks["rule"]})
    log, logged = make_log(np.random.default_rng([seed, 1]), typed(tickets), planted)
    planted = pd.concat([planted, logged]).sort_values(["rule", "ticket_id"], ignore_index=True)
    planted = planted.assign(note=planted["rule"].map(words.NOTES))
    return typed(tickets), planted, typed(strangers), log


def _set_apart(rng, tickets, marks):
    """The tickets without one a month that nothing else depends on, and those."""
    free = ~tickets.index.isin(marks["row"]) & ~tickets["caller_phone"].duplicated(keep=False)
    month = tickets["received_at"].dt.to_period("M")
    apart = tickets[free].groupby(month[free]).sample(1, random_state=rng)
    return tickets.drop(index=apart.index), apart


# Chance.


def _choose(rng, weights, size):
    """So many of the words, drawn by their weights."""
    share = np.array(list(weights.values()))
    return rng.choice(list(weights), size, p=share / share.sum())


def _pick(rng, weights):
    """The column drawn in each row of a matrix of weights."""
    edges = np.cumsum(weights, axis=1)
    return (edges < rng.random((len(edges), 1)) * edges[:, -1:]).sum(axis=1)


# What happens in the county.


def draw_tickets(rng):
    """What is left to chance about each ticket, in the order the calls came."""
    times = np.sort(np.concatenate([_calls(rng, year, count) for year, count in TICKETS_IN.items()]))
    row = np.arange(len(times))
    category = _matters(rng, pd.DatetimeIndex(times).month)
    # A few callers called about something else some weeks before.
    known = (row >= 200) & (category != np.roll(category, 200)) & hits(rng, 0.04, row)
    caller = np.where(known, row - 200, row)
    township = _choose(rng, dict(enumerate(share for _, share in words.TOWNSHIPS.values())), len(row))
    township[np.char.startswith(category, matters.IN_TOWN)] = 0
    villages = np.array([first + last for last in words.VILLAGE_LAST for first in words.VILLAGE_FIRST])
    names = rng.choice([surname + given for surname in words.SURNAMES for given in words.GIVEN], len(row))
    ranges, rest = rng.choice(words.PHONE_RANGES, len(row)), rng.integers(10**8, size=len(row))
    phones = np.array([f"{start}{end:08d}" for start, end in zip(ranges, rest, strict=True)])
    drawn = {
        "received_at": times.astype("datetime64[us]"),
        "category": category,
        "township": np.array(list(words.TOWNSHIPS))[township],
        "village": villages[township * words.VILLAGES + rng.integers(words.VILLAGES, size=len(row))],
        "spot": rng.integers(1, 9, len(row)),
        "caller_name": names[caller],
        "caller_phone": phones[caller],
        "desk": rng.random(len(row)),  # whether the township's or the department's
        "story": rng.random(len(row)),  # which of the matter's stories is told
    }
    return pd.DataFrame(drawn).assign(more="")


def _calls(rng, year, count):
    """Times of calls: fewer on days off, more around the Spring Festival and in the last days."""
    days = np.arange(f"{year}-01-01", f"{year + 1}-01-01", dtype="datetime64[D]")
    busy = np.where(np.isin(days, WORKDAYS), 1, 0.6)
    for festival in np.array(words.SPRING_FESTIVALS, "datetime64[D]"):
        busy[(days >= festival - 14) & (days <= festival + 8)] *= 2
    busy[days >= np.datetime64(LAST_DAYS)] *= 1.7
    calls = rng.choice(days, count, p=busy / busy.sum()) + minutes(rng.triangular(420, 600, 1320, count))
    return np.where(calls > np.datetime64(AS_OF - pd.Timedelta(hours=3)), calls - minutes(540), calls)


def _matters(rng, months):
    """A matter for each of the months given, more often in its season."""
    seasons = {path: matters.SEASONS.get(path.split("/")[0], {}) for path in matters.MATTERS}
    usual = {path: row[2] for path, row in matters.MATTERS.items()}
    weights = [[usual[path] * seasons[path].get(month, 1) for path in usual] for month in range(1, 13)]
    return np.array(list(usual))[_pick(rng, np.array(weights)[months - 1])]


def settle(rng, drawn):
    """The draws with what follows from them: the unit in charge, its quality, the story told, the slots."""
    matter = drawn["category"].map(matters.MATTERS)
    in_township = drawn["desk"] < matter.str[1]
    unit = drawn["township"].where(in_township, matter.str[0])
    quality = {name: quality for name, (quality, _) in words.TOWNSHIPS.items()} | words.DEPARTMENTS
    village = drawn["village"] + np.where(drawn["township"].str.endswith("街道"), "社区", "村")
    address = drawn["township"] + village + drawn["spot"].astype("str") + "组"
    stories = [told[int(draw * len(told))] for told, draw in zip(matter.str[3], drawn["story"], strict=True)]
    size = len(drawn)
    return drawn.assign(
        unit=unit,
        quality=unit.map(quality),
        unit_group=np.where(in_township, "乡镇", "县直部门"),
        sub_unit=village.where(in_township),
        type=[told[0] for told in stories],
        told=stories,
        address=address,
        channel=_choose(rng, words.CHANNELS, size),
        source_level=_choose(rng, words.SOURCE_LEVELS, size),
        urgency=_choose(rng, words.URGENCIES, size),
        phone_told=rng.random(size) < 0.08,
        p=address,
        v=village,
        k=drawn["category"].str.split("/").str[1],
        w="我" + unit.str.extract("(局|街道|镇|乡)$")[0],
        t=rng.choice(words.SINCE, size),
        s=rng.choice(words.SURNAMES, size) + "某",
        r=rng.choice(words.ROADS, size),
        x=rng.choice(words.ESTATES, size),
        y=rng.integers(3, 90, size) * 100,
        m=rng.integers(3, 40, size) * 10,
        n=rng.integers(2, 9, size),
    )


# How the units handle it.


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
    rated = np.array(words.RATINGS)[_pick(rng, [words.RATED[quality] for quality in tickets["quality"]])]
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
        exclusion=pd.Series(_choose(rng, words.EXCLUSIONS, len(tickets)), tickets.index).where(asked),
    )


def with_assessments(rng, tickets):
    """The tickets with what the centre judges of them: manner, form of the reply, outcome, returns, call-backs."""
    verdict, resolved = tickets["satisfaction"], tickets["resolved"]
    content = hits(rng, np.where(verdict.isin(schema.SATISFIED), 0.97, 0.6))
    manner = np.where(verdict.isin(schema.RATED), np.where(content, "满意", "不满意"), schema.UNRATED)
    in_form = np.where(hits(rng, 0.92, tickets), "规范", "不规范")
    ended = pd.Series(_choose(rng, words.OUTCOMES, len(tickets)), tickets.index)
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


def number(tickets):
    """The tickets in the order they came, each with the platform's number."""
    ordered = tickets.sort_values("received_at", kind="stable")
    turn = ordered.groupby(ordered["received_at"].dt.year).cumcount() + 1
    day = ordered["received_at"].dt.strftime("%Y%m%d")
    return ordered.assign(ticket_id=day + turn.astype("str").str.zfill(6))


def typed(tickets):
    """Only the columns of the schema, in its order and of its types."""
    columns = [column for column in schema.BY_NAME.values() if column.name in tickets]
    kept = {column.name: tickets[column.name].astype(schema.DTYPES[column.kind]) for column in columns}
    return pd.DataFrame(kept).reset_index(drop=True)
