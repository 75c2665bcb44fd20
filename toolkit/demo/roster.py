"""The demo county's people: its roster, with gaps planted in it, who handles each ticket, and how it ended."""

import numpy as np
import pandas as pd

from toolkit.demo import words
from toolkit.loading.workbook import write_sheets
from toolkit.people.roster import HEADINGS, label, list_handlers, read_roster
from toolkit.people.workload import assign_handlers

PLANTED = ["unit", "gap", "note"]
# Unit → the post left empty, as an office leaves it.
VACANT = {"苇渡乡": ("leader", "空缺"), "檀溪口镇": ("head", "待定"), "县城市管理局": ("handlers", "")}
NOT_LISTED, WITHOUT_TICKETS = "县教育局", "县档案馆"
VILLAGE_OF = "荷塘湾镇"  # one of its villages is not listed
STRANGER = ("雁落镇", "钱某", 4)  # every fourth ticket of the unit is handled by somebody the roster lacks
UNLISTED_HANDLER = "周某"
# The lines of a unit with several handlers, in the words of the ticket categories.
LINES = {
    "禾阳街道": [
        "城市管理/垃圾处理/环境保护",
        "村民纠纷/社会治安/劳动保障/教育/医疗计生",
        "修路/道路客运/供水供电/建房",
    ],
    "县公安局": ["治安管理", "户籍管理/交通违章"],
    "县交通运输局": ["驾校培训/客车服务", "黑出租/公路"],
}
FULL_TIME_QUALITIES = ["model", "good"]  # the others leave it to someone who has another office


def write_roster(seed, folder):
    """roster.xlsx and planted_roster.csv (unit, gap, note) in the folder."""
    rows, planted = make_roster(seed)
    lines = [*rows[list(HEADINGS)].itertuples(index=False), ["注：人名、人口均为虚构。"]]
    sheets = {"名册": ([label(column) for column in HEADINGS], lines)}
    title = f"{words.COUNTY}12345热线承办单位名册（虚构）"
    write_sheets(folder / "roster.xlsx", sheets, [title], {}, frozen=(2, 1), made=words.MADE)
    planted.to_csv(folder / "planted_roster.csv", index=False, encoding="utf-8-sig", lineterminator="\n")


def make_roster(seed=12345):
    """The roster as it is written, and what is planted in it: unit, gap, note."""
    rng = np.random.default_rng([seed, 3])
    villages = _list_villages(rng)
    qualities = {name: quality for name, (quality, _) in words.TOWNSHIPS.items()} | words.DEPARTMENTS
    qualities |= {WITHOUT_TICKETS: "good"}
    names = _draw_names(rng, 6 * len(qualities))
    units = pd.DataFrame([_unit(unit, quality, names) for unit, quality in qualities.items()])
    people = villages.groupby("parent")["population"].sum()
    units = units.assign(population=units["unit"].map(people).astype("object").where(lambda n: n.notna(), ""))
    for unit, (post, said) in VACANT.items():
        units.loc[units["unit"].eq(unit), [post, "staffing"][: 2 if post == "handlers" else 1]] = said
    lost = villages.index[villages["parent"].eq(VILLAGE_OF)][0]
    planted = _list_planted(villages.loc[lost, "unit"])
    villages = villages.drop(index=lost).assign(handlers=_draw_names(rng, len(villages) - 1))
    listed = pd.concat([units[units["unit"].ne(NOT_LISTED)], villages], ignore_index=True)
    return listed.reindex(columns=list(HEADINGS)).astype("object").fillna(""), planted


def _draw_names(rng, size):
    drawn = rng.integers(len(words.SURNAMES), size=size)
    return [words.SURNAMES[at] + "某某"[: 1 + turn % 2] for turn, at in enumerate(drawn)]


def _unit(unit, quality, names):
    """One unit's row; its people are taken from the names, and no two of its handlers are called alike."""
    lines = LINES.get(unit, [""])
    head, leader, handlers = names.pop(), names.pop(), []
    while len(handlers) < len(lines):
        handlers += [name for name in [names.pop()] if name not in handlers]
    is_full = quality in FULL_TIME_QUALITIES
    staffing = ["专职" if is_full or turn else "兼职" for turn in range(len(lines))]
    return {
        "unit": unit,
        "head": head,
        "leader": leader,
        "handlers": "、".join(handlers),
        "staffing": "、".join(staffing),
        "line": "、".join(lines),
        "parent": "",
    }


def _list_villages(rng):
    """The villages under their townships, with their people."""
    names = [first + last for last in words.VILLAGE_LAST for first in words.VILLAGE_FIRST]
    rows = [
        {
            "unit": names[at * words.VILLAGES + turn] + ("社区" if town.endswith("街道") else "村"),
            "parent": town,
        }
        for at, town in enumerate(words.TOWNSHIPS)
        for turn in range(words.VILLAGES)
    ]
    return pd.DataFrame(rows).assign(population=rng.integers(9, 36, len(rows)) * 100, staffing="兼职")


def _list_planted(village):
    rows = [
        *((unit, label(post), f"名册未填{label(post)}") for unit, (post, _) in VACANT.items()),
        (NOT_LISTED, "未列入名册", "有工单而名册没有这个单位"),
        (WITHOUT_TICKETS, "无工单", "列入名册而两年没有工单"),
        (VILLAGE_OF, "未列入名册", f"{village}有工单而名册没有这个村"),
        (STRANGER[0], "经办人未列入名册", f"部分工单由{STRANGER[1]}经办，名册没有这个人"),
    ]
    return pd.DataFrame(rows, columns=PLANTED)


# Who handles a ticket and how it ended: columns of the export.


def with_handlers(seed, tickets):
    """The tickets with the clerk who handles them, as the roster has it where it does."""
    roster = read_roster(make_roster(seed)[0].rename(columns=label))
    by_line = assign_handlers(roster, tickets.assign(handler=pd.Series(None, tickets.index, dtype="str")))
    first = list_handlers(roster).drop_duplicates("unit").set_index("unit")["handler"]
    first = first[~first.index.isin(roster.loc[roster["parent"].notna(), "unit"])]
    handler = by_line["handled_by"].fillna(tickets["unit"].map(first)).astype("str")
    handler = handler.mask(tickets["unit"].eq(NOT_LISTED), UNLISTED_HANDLER)
    unit, name, each = STRANGER
    own = tickets["unit"].eq(unit)
    handler = handler.mask(own & (own.cumsum() % each == 0), name)
    return tickets.assign(handler=handler)
