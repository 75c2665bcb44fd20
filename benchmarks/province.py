"""A simulated province stage by stage: 1,500 townships, a million tickets: read, prepared, written, fingerprinted.

    python benchmarks/province.py [tickets] [--units N] [--made] [--profile FILE]
    python benchmarks/province.py [tickets] [--units N] --batch [--cluster K]

Every ticket has a text of its own of 40 to 150 characters: a village, a trouble, and words of a vocabulary in which, as in
any language, few are common and most are rare; one in twenty retells an earlier matter of its village. Replies are those of
`similar.py`. An export of Parquet files is written and loaded; with --made, the tickets go on as they were made. Each stage
runs as a batch runs it and prints its seconds by the clock and of processor time, and the most memory that the process held
until its end. With --batch the whole batch is run instead, every report made, with the seconds of each step; with
--cluster K the reports of the first K units are then made anew on clusters of 1, 2 and 4 Dask workers of this machine.
"""

import argparse
import cProfile
import resource
import tempfile
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from city import AS_OF, make_tickets
from cluster import compare_clusters
from growth import make_parts, read_clocks, take_times, time_batch, write_export
from similar import WORDS, make_replies

from toolkit.loading.issues import ISSUES
from toolkit.loading.load import Loaded
from toolkit.preparing.prepare import prepare
from toolkit.preparing.report import write_report
from toolkit.preparing.run_file import Run
from toolkit.running import batch
from toolkit.running.jobs import plan
from toolkit.running.manifest import fingerprint_jobs
from toolkit.running.registering import register_orders
from toolkit.running.source import load_run

STEPS = [
    "load_run",
    "prepare",
    "plan_run",
    "write_texts",
    "_write_notices",
    "_write_data",
    "_make_reports",
    "_write_index",
]
UNITS, VILLAGES, HANDLERS = 1_500, 15, 6
CHARACTERS, VOCABULARY, SKEW = (
    2_500,
    30_000,
    1.05,
)  # words of two characters; the n-th is n ** SKEW times as rare
NAMES = "柳石赵马青东西南北上下大小新王李张周河沟岭台庄屯店桥湾坪寨塘"
CALLS = ["来电人反映", "市民来电称，", "群众反映", "来电人称其家住", ""]
THINGS = [*WORDS["thing"], "低保", "补贴", "宅基地", "饮水"]
STATES = [*WORDS["state"], "没有发放", "无人管理", "存在安全隐患", "多次维修未果"]
WISHES = ["请核实处理。", "希望尽快解决。", "要求答复。", "请有关部门予以重视。"]


def make_vocabulary(rng):
    letters = np.array([chr(0x4E00 + place) for place in rng.choice(20_000, CHARACTERS, replace=False)])
    return np.char.add(*(rng.choice(letters, VOCABULARY) for _ in range(2)))


def make_part(count, units, first, vocabulary):
    """Tickets of a year as `city.py` makes them, with the units, places, handlers and texts of a province."""
    rng, plain = np.random.default_rng(11 + first), make_tickets(count, units, first)
    unit = plain["unit"].str[1:-2].astype("int64").to_numpy()
    place = unit * VILLAGES + rng.integers(VILLAGES, size=count)
    village = name_villages(place)
    content = write_contents(rng, village, vocabulary)
    retold = np.flatnonzero(rng.random(count) < 0.05)
    content[retold] = _retell(content, place, retold, rng)
    told, tells = pd.Series(content, dtype="str"), plain["reply"].notna()
    town = pd.Series(unit).map("第{}乡".format).astype("str")
    return plain.assign(
        unit=town,
        unit_group="乡镇",
        township=town,
        address=pd.Series(village, dtype="str"),
        handler="经办" + pd.Series(place % HANDLERS).astype("str"),
        title=told.str.slice(0, 18),
        content=told,
        reply=make_replies(count, first)[0].where(tells).astype("str"),
    )


def name_villages(place):
    letters = np.array(list(NAMES))
    near = np.char.add(letters[place % len(NAMES)], letters[place // len(NAMES) % len(NAMES)])
    return np.char.add(np.char.add(near, letters[place // 7 % len(NAMES)]), "村")


def write_contents(rng, village, vocabulary):
    weights = 1 / np.arange(1, VOCABULARY + 1) ** SKEW
    lengths = rng.integers(8, 58, len(village))
    words = vocabulary[rng.choice(VOCABULARY, lengths.sum(), p=weights / weights.sum())]
    told = np.split(words, np.cumsum(lengths)[:-1])
    starts, things, states, ends = (
        rng.choice(choice, len(village)) for choice in (CALLS, THINGS, STATES, WISHES)
    )
    parts = zip(starts, village, things, states, told, ends, strict=True)
    texts = [f"{a}{b}{c}{d}，{''.join(e[:10])}，{''.join(e[10:])}。{f}" for a, b, c, d, e, f in parts]
    return np.array(texts, dtype=object)


def _retell(content, place, rows, rng):
    """An earlier text of the same place with some words of its end left out."""
    earlier = (
        pd.Series(np.arange(len(place))).groupby(place).shift().fillna(-1).astype("int64").to_numpy()[rows]
    )
    source = np.where(earlier < 0, rows, earlier)
    return [
        content[row][: -int(cut)] for row, cut in zip(source, rng.integers(1, 12, len(rows)), strict=True)
    ]


def province():
    """What makes a part of the province's tickets."""
    return partial(make_part, vocabulary=make_vocabulary(np.random.default_rng(3)))


def make_loaded(count, units):
    """The province as `load` would give it, had nothing been wrong with the export."""
    tickets = pd.concat(make_parts(units, count, province()), ignore_index=True)
    issues = pd.DataFrame(columns=ISSUES, dtype="str").astype({"row": "Int64"})
    none = pd.DataFrame({"file": []}, dtype="str")
    return Loaded(tickets, issues, none, none, None, none)


def measure(name, function, profile=None):
    """What the function gives; says how long it took and the most memory held."""
    before = read_clocks()
    result = profile.runcall(function) if profile else function()
    wall, cpu = (after - start for after, start in zip(read_clocks(), before, strict=True))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{name}: {wall:.1f} s, {cpu:.1f} s of processor; until now at most {peak:.2f} GB", flush=True)
    return result


def say_sizes(loaded):
    """How large the frames are that preparing begins with, and what their texts are like."""
    size = loaded.tickets.memory_usage(deep=True).sum() / 2**30
    told = loaded.tickets["content"]
    shortest, usual, longest = told.str.len().quantile([0, 0.5, 1]).astype("int64")
    print(
        f"{len(told):,} tickets, a frame of {size:.2f} GB; texts of {shortest} to {longest} "
        f"characters, half below {usual}, {told.nunique():,} different",
        flush=True,
    )


def run_stages(run, loaded, folder, profile):
    report = measure("prepare", lambda: prepare(loaded, run), profile)
    report, _ = measure("orders", lambda: register_orders(report, loaded, run), profile)
    measure("write", lambda: write_report(report, folder / "prepared"), profile)
    jobs = plan(run, report, folder)
    measure(f"fingerprints of {len(jobs):,} reports", lambda: fingerprint_jobs(jobs, report), profile)


def run_whole(run, units, tickets, reports):
    """The whole batch, step by step; then some reports on clusters."""
    times, given = take_times(STEPS), []
    make = batch._make_reports

    def make_reports(jobs, run, report, folder, *how):
        given.append((jobs, run, report, folder))
        return make(jobs, run, report, folder, *how)

    batch._make_reports = make_reports
    time_batch(run, units, tickets, times)
    print({name: [round(seconds) for seconds in spent] for name, spent in times.items()})
    batch._make_reports = make
    if reports:
        jobs, *rest = given[0]
        compare_clusters(jobs[1 : reports + 1], *rest)


def main():
    told = argparse.ArgumentParser()
    told.add_argument("tickets", type=int, nargs="?", default=1_000_000)
    told.add_argument("--units", type=int, default=UNITS)
    told.add_argument("--made", action="store_true")
    told.add_argument("--batch", action="store_true")
    told.add_argument("--cluster", type=int, default=0)
    told.add_argument("--profile", default="")
    asked = told.parse_args()
    profile = cProfile.Profile() if asked.profile else None
    with tempfile.TemporaryDirectory() as folder:
        run_province(asked, Path(folder), profile)
    if profile:
        profile.dump_stats(asked.profile)


def run_province(asked, folder, profile):
    export = folder / "export"
    run = Run(
        title="热线办理情况督查",
        source=str(export),
        as_of=str(AS_OF),
        period="2025",
        output=str(folder / "reports"),
    )
    if asked.batch or not asked.made:
        export.mkdir()
        measure("making the export", lambda: write_export(export, asked.units, asked.tickets, province()))
    if asked.batch:
        return run_whole(run, asked.units, asked.tickets, asked.cluster)
    if asked.made:
        loaded = measure("making the tickets", lambda: make_loaded(asked.tickets, asked.units))
    else:
        loaded = measure("load", lambda: load_run(run), profile)
    say_sizes(loaded)
    run_stages(run, loaded, folder, profile)


if __name__ == "__main__":
    main()
