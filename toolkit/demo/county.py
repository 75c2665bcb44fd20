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
from toolkit.demo.chance import choose, pick
from toolkit.demo.dates import AS_OF, LAST_DAYS, WORKDAYS, minutes
from toolkit.demo.export import hits, write_file, write_log
from toolkit.demo.handling import with_assessments, with_opinions, with_stages, with_status, with_words
from toolkit.demo.log import make_log
from toolkit.demo.plants import call_again, exact_marks, plant_batches, plant_groups, plant_singles
from toolkit.demo.roster import with_handlers, write_roster

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


# What happens in the county.


def draw_tickets(rng):
    """What is left to chance about each ticket, in the order the calls came."""
    times = np.sort(np.concatenate([_calls(rng, year, count) for year, count in TICKETS_IN.items()]))
    row = np.arange(len(times))
    category = _matters(rng, pd.DatetimeIndex(times).month)
    # A few callers called about something else some weeks before.
    known = (row >= 200) & (category != np.roll(category, 200)) & hits(rng, 0.04, row)
    caller = np.where(known, row - 200, row)
    township = choose(rng, dict(enumerate(share for _, share in words.TOWNSHIPS.values())), len(row))
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
    return np.array(list(usual))[pick(rng, np.array(weights)[months - 1])]


def settle(rng, drawn):
    """The draws with what follows from them: the unit in charge, its quality, the story told, the slots."""
    matter = drawn["category"].map(matters.MATTERS)
    in_township = drawn["desk"] < matter.str[1]
    unit = drawn["township"].where(in_township, matter.str[0])
    quality = {name: quality for name, (quality, _) in words.TOWNSHIPS.items()} | words.DEPARTMENTS
    village = drawn["village"] + np.where(drawn["township"].str.endswith("街道"), "社区", "村")
    address = drawn["township"] + village + drawn["spot"].astype("str") + "组"
    stories = [told[int(draw * len(told))] for told, draw in zip(matter.str[3], drawn["story"], strict=True)]
    return drawn.assign(
        unit=unit,
        quality=unit.map(quality),
        unit_group=np.where(in_township, "乡镇", "县直部门"),
        sub_unit=village.where(in_township),
        type=[told[0] for told in stories],
        told=stories,
        address=address,
        **_draw_ways(rng, len(drawn)),
        p=address,
        v=village,
        k=drawn["category"].str.split("/").str[1],
        w="我" + unit.str.extract("(局|街道|镇|乡)$")[0],
        **_draw_slots(rng, len(drawn)),
    )


def _draw_ways(rng, size):
    """How the calls came, and how urgent they were said to be."""
    return {
        "channel": choose(rng, words.CHANNELS, size),
        "source_level": choose(rng, words.SOURCE_LEVELS, size),
        "urgency": choose(rng, words.URGENCIES, size),
        "phone_told": rng.random(size) < 0.08,
    }


def _draw_slots(rng, size):
    """What fills the blanks of the stories."""
    return {
        "t": rng.choice(words.SINCE, size),
        "s": rng.choice(words.SURNAMES, size) + "某",
        "r": rng.choice(words.ROADS, size),
        "x": rng.choice(words.ESTATES, size),
        "y": rng.integers(3, 90, size) * 100,
        "m": rng.integers(3, 40, size) * 10,
        "n": rng.integers(2, 9, size),
    }


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
