"""Where roster and tickets do not fit: posts not filled, units and clerks that only one of them knows."""

import pandas as pd

from toolkit.people.roster import POSTS, label, list_handlers

GAPS = ["kind", "unit", "sentence", "tickets", "ticket_ids"]
NO_POST, NOT_LISTED, NO_TICKET, STRANGER = "岗位空缺", "未列入名册", "无工单", "经办人未列入名册"


def check_roster(roster, tickets):
    """名册与工单对照：哪些单位缺人，哪些单位、经办人有工单而名册未列，哪些单位在名册而无工单。

    Units of the county need 第一责任人, 分管领导 and 承办人 (县热线办报告：各单位确立第一责任人、一名分管领导、
    至少一名专（兼）职工作人员); those below another unit need a 承办人. Reads unit, sub_unit, handler and
    ticket_id of the tickets. Gives kind, unit, sentence, tickets (how many) and ticket_ids, one row a
    finding; none where the roster and the tickets agree.
    """
    found = [
        *_list_vacant(roster, tickets),
        *_list_strangers(roster, tickets),
        *_list_idle(roster, tickets),
        *_list_unknown_handlers(roster, tickets),
    ]
    gaps = pd.DataFrame(found, columns=["kind", "unit", "sentence", "ticket_ids"])
    return gaps.assign(tickets=gaps["ticket_ids"].map(len).astype("int64"))[GAPS]


def _list_vacant(roster, tickets):
    for row in roster.itertuples():
        is_below = isinstance(row.parent, str)
        wanted = ["handlers"] if is_below else POSTS
        missing = [label(post) for post in wanted if not isinstance(getattr(row, post), str)]
        if missing:
            own = tickets["unit"].eq(row.unit)
            own |= tickets["unit"].eq(row.parent) & tickets["sub_unit"].eq(row.unit)
            ids = tickets.loc[own.fillna(False).astype("bool"), "ticket_id"].tolist()
            name = f"{row.parent}{row.unit}" if is_below else row.unit
            yield NO_POST, row.unit, f"{name}未明确{'、'.join(missing)}{_concerned(ids)}。", ids


def _concerned(ids):
    return f"，涉及工单{len(ids)}件" if ids else "，目前无工单"


def _list_strangers(roster, tickets):
    """Units, and villages of units whose villages the roster lists, that have tickets and no row."""
    known = roster["unit"].tolist()
    for unit, ids in _ids_by(tickets, "unit"):
        if unit not in known:
            yield NOT_LISTED, unit, f"{unit}有工单{len(ids)}件，名册未列。", ids
    below = roster.dropna(subset=["parent"]).groupby("parent")["unit"].agg(set)
    for unit, villages in below.items():
        for village, ids in _ids_by(tickets[tickets["unit"].eq(unit)], "sub_unit"):
            if village not in villages:
                yield NOT_LISTED, unit, f"{unit}{village}有工单{len(ids)}件，名册未列。", ids


def _list_idle(roster, tickets):
    top = roster[roster["parent"].isna()]
    parents = set(roster["parent"].dropna())
    for unit in top.loc[~top["unit"].isin(tickets["unit"]), "unit"]:
        yield NO_TICKET, unit, f"{unit}列入名册，统计范围内无工单。", []
    for unit, villages in roster[roster["parent"].notna()].groupby("parent", sort=False)["unit"]:
        heard = tickets.loc[tickets["unit"].eq(unit), "sub_unit"]
        idle = [name for name in villages if name not in set(heard) | parents | set(tickets["unit"])]
        if idle:
            count = f"等{len(idle)}个下级单位" if len(idle) > 1 else ""
            yield NO_TICKET, unit, f"{unit}所属{'、'.join(idle)}{count}，统计范围内无工单。", []


def _list_unknown_handlers(roster, tickets):
    people = list_handlers(roster)
    units_of = people.groupby("handler")["unit"].agg(list)
    listed = set(zip(people["unit"], people["handler"], strict=True))
    own = tickets[tickets["unit"].isin(roster["unit"])]
    for (unit, handler), rows in own.dropna(subset=["handler"]).groupby(["unit", "handler"]):
        if (unit, handler) not in listed:
            elsewhere = "、".join(units_of.get(handler, []))
            hint = f"（名册列在{elsewhere}）" if elsewhere else ""
            said = f"{unit}有工单{len(rows)}件由{handler}经办，名册中该单位无此人{hint}。"
            yield STRANGER, unit, said, rows["ticket_id"].tolist()


def _ids_by(tickets, column):
    return tickets.groupby(column)["ticket_id"].agg(list).items()
