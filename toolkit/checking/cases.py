"""The cases that notebooks are run on: a small county, and the inputs on which reports go wrong.

A case is an export as a platform writes it, under Chinese headings, and what the run says beside. Everything follows from
the demo's seed.
"""

from itertools import product
from typing import NamedTuple

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.assessing.scheme import SCHEMES
from toolkit.clocking.policy import POLICIES
from toolkit.demo.county import SEED, make_county

UNITS = ["苇渡乡", "禾阳街道", "县交通运输局"]
FEW, MANY = 60, 5_000
YEAR = {"as_of": "2025-12-31 18:00", "period": "2025"}
HOSTILE = [
    "</script><script>window.attacked=1</script>",
    "<img src=x onerror=window.attacked=2>",
    '=HYPERLINK("http://x","点")',
    "\"'&<b>&amp;",
    "{{ 7*7 }}{% raw %}",
    "‮右至左\u2028换行",
]
DUE = ["platform_due_at", "extended_due_at", "platform_overdue"]


class Case(NamedTuple):
    """An export to run the notebooks on: its code names the file of what is expected of it."""

    code: str
    title: str
    export: pd.DataFrame
    unit: str
    settings: dict
    with_notebooks: bool = True
    with_tables: bool = True  # whether its tables and charts are kept too, or its figures alone


def make_cases():
    """Every case, the dear ones first."""
    county = make_county(SEED)[0]
    small = county[county["unit"].isin(UNITS)].iloc[::2]
    few = small[small["received_at"].dt.year.eq(2025)].head(FEW)
    return [
        Case("large", f"{MANY}件工单", write_export(_make_many(county)), UNITS[0], YEAR, with_tables=False),
        Case("small", "示例（小）", write_export(small), UNITS[0], YEAR),
        *_make_edges(few, small),
        *_make_pairs(few),
    ]


def _make_edges(few, small):
    carried = small[small["unit"].eq(UNITS[1]) & small["received_at"].dt.year.eq(2024)].tail(1)
    waiting = carried.assign(unit="空山乡", status="办理中", **dict.fromkeys(schema.STAGES[4:], pd.NaT))
    quiet = pd.concat([few, waiting.assign(reply=None, satisfaction=None, resolved=None)])
    one = few[few["unit"].eq(UNITS[0])].head(1)
    return [
        Case("empty_unit", "本期没有工单的单位", write_export(quiet), "空山乡", YEAR),
        Case("one_ticket", "只有一件工单", write_export(one), UNITS[0], YEAR),
        Case("first_year", "第一年，没有上年数据", write_export(few), UNITS[0], YEAR),
        Case(
            "no_due_times",
            "没有截止时间",
            write_export(few.drop(columns=DUE, errors="ignore")),
            UNITS[0],
            YEAR | NO_LIMITS,
        ),
        Case("dirty_rows", "杂乱的行", _soil(write_export(few)), UNITS[0], YEAR),
        Case("hostile_text", "文字中夹带代码", _attack(write_export(few)), UNITS[0], YEAR),
        Case(
            "few_columns",
            "缺少可选列",
            write_export(few[["ticket_id", "unit", "received_at"]]),
            UNITS[0],
            YEAR,
        ),
    ]


NO_LIMITS = {"policy": "tianjin_2025"}  # which tells until when to sign, and not until when to reply


def _make_pairs(few):
    """Every policy with every scheme."""
    folders = [sorted(path.stem for path in folder.glob("*.yml")) for folder in (POLICIES, SCHEMES)]
    export = write_export(few.head(FEW // 2))
    return [
        Case(
            f"{policy}.{scheme}",
            f"{policy}与{scheme}",
            export,
            UNITS[0],
            YEAR | {"policy": policy, "scheme": scheme},
            False,
        )
        for policy, scheme in product(*folders)
    ]


def _make_many(county):
    """Two counties' tickets under one roof: the second's numbers begin with 9."""
    other = make_county(SEED + 1)[0]
    both = pd.concat([county, other.assign(ticket_id="9" + other["ticket_id"].str[1:])])
    return both.head(MANY)


def write_export(tickets):
    """The tickets as an export: Chinese headings, times as text, empty where nothing is known."""
    times = tickets.select_dtypes("datetime")
    written = tickets.assign(**{name: times[name].dt.strftime("%Y-%m-%d %H:%M:%S") for name in times})
    return (
        written.rename(columns=lambda name: schema.label(name))
        .astype("object")
        .where(tickets.notna().to_numpy(), None)
        .reset_index(drop=True)
    )


def _soil(export):
    """The export with rows that are repeated, without a number, with times that are none, and a total among them."""
    soiled = export.copy()
    at = np.arange(len(soiled))
    soiled.loc[at % 11 == 3, schema.label("replied_at")] = "待回复"
    soiled.loc[at % 13 == 5, schema.label("received_at")] = "2025/3/4 9时"
    soiled.loc[at % 17 == 7, schema.label("ticket_id")] = None
    soiled.loc[at % 19 == 9, schema.label("ticket_id")] = "1.234E+17"
    soiled.loc[at % 23 == 11, schema.label("unit")] = " 苇渡乡　"
    soiled.loc[at % 29 == 13, schema.label("satisfaction")] = "还行吧"
    total = pd.DataFrame([{schema.label("ticket_id"): "合计", schema.label("unit"): f"{len(soiled)}件"}])
    return pd.concat([soiled, soiled.iloc[[4, 20]], total], ignore_index=True)


def _attack(export):
    """The export with texts that would run, or break a page, if they were not escaped: one kind a row."""
    attacked = export.copy()
    for name in ("title", "content", "reply", "address", "category", "sub_unit", "handler"):
        words = [HOSTILE[row % len(HOSTILE)] for row in range(len(attacked))]
        attacked[schema.label(name)] = attacked[schema.label(name)].where(attacked.index % 3 != 0, words)
    return attacked
