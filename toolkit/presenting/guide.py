"""The tables of docs/ that follow from code and parameters: `make guide` writes them, a test compares them."""

import sys
from pathlib import Path

from toolkit.assessing.scheme import read_scheme
from toolkit.clocking.policy import read_policy
from toolkit.flagging.flag import RULES
from toolkit.flagging.rule import LOG
from toolkit.loading.headers import read_headers
from toolkit.schema import PERSONAL, ROLES, TICKETS, label
from toolkit.scoring.catalogue import METRICS, define
from toolkit.settings import PROJECT

KINDS = {"text": "词语", "free": "文字（遮盖）", "time": "时间", "count": "件次"}
FEW = 8  # headers named for a column; headers.yml has them all


def columns_table():
    """Every column an export may fill: how it is written, what it is called, some of the headers it is read from."""
    headers = read_headers().columns
    rows = [
        [f"`{c.name}`", c.label, KINDS[c.kind], "、".join(headers[c.name][:FEW])]
        for c in [*TICKETS, *PERSONAL, *ROLES]
        if headers.get(c.name)
    ]
    return _table(["写法", "列", "种类", "认得的列名（部分）"], rows)


def metrics_table():
    """Every metric: its definition, what it needs, what to know before comparing, where it comes from."""
    rows = [
        [m.family, m.name, define(m, "replied_at"), _say_needs(m.needs), m.caution, m.source] for m in METRICS
    ]
    return _table(["指标", "算法", "口径", "所需", "比较前要知道", "出处"], rows)


def packs_table():
    """The policies and schemes that come with the toolkit: what each rests on and what in it is assumed."""
    policies = [
        [f"`policies/{path.name}`", policy.name, policy.source, ""]
        for path in sorted((PROJECT / "parameters" / "policies").glob("*.yml"))
        for policy in [read_policy(path.stem)]
    ]
    schemes = [
        [
            f"`schemes/{path.name}`",
            scheme.name,
            scheme.source,
            "；".join([scheme.partial, *scheme.assumed]).strip("；"),
        ]
        for path in sorted((PROJECT / "parameters" / "schemes").glob("*.yml"))
        for scheme in [read_scheme(path.stem)]
    ]
    return _table(["文件", "名称", "出处", "拟定、未公布的"], policies + schemes)


def rules_table():
    """Every rule as a line of a Markdown table, in the order people read them."""
    rows = []
    policy = read_policy("county_default")
    for entry in RULES:
        limits = [
            f"{name}={_plain(getattr(policy.rules, name))}"
            for name in entry.thresholds
            if hasattr(policy.rules, name)
        ]
        sentence, ladder, guard = entry.say([policy])
        cells = [
            entry.group,
            f"{entry.name}<br>`{entry.code}`",
            sentence + "（只供人工复核）" * entry.asks_review,
            ladder,
            guard,
            _say_needs(entry.needs, entry.needs_log),
            "<br>".join(limits),
            entry.source,
        ]
        rows.append(cells)
    return _table(["类别", "线索", "规则", "预警", "防误报", "所需", "界限", "出处"], rows)


def _table(headings, rows):
    lines = [headings, ["---"] * len(headings), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "／") for cell in line) + " |\n" for line in lines)


def _say_needs(needs, needs_log=False):
    """The columns without which a rule or a metric says nothing; a tuple is any one of several."""
    any_of = [(need,) if isinstance(need, str) else need for need in needs]
    said = ["或".join("流转记录" if name == LOG else label(name) for name in names) for names in any_of]
    return "、".join(said + ["流转记录"] * needs_log)


def _plain(limit):
    return (
        "、".join(f"{k or '其他'}{v}" for k, v in limit.items()) if isinstance(limit, dict) else f"{limit:g}"
    )


TABLES = {"rules": rules_table, "columns": columns_table, "metrics": metrics_table, "packs": packs_table}


def refresh(text):
    """A document's text with its generated tables as they now are."""
    for name, table in TABLES.items():
        begin, end = f"<!-- {name}: from here -->\n", f"<!-- {name}: to here -->"
        if begin in text:
            before, _, rest = text.partition(begin)
            text = before + begin + table() + end + rest.partition(end)[2]
    return text


if __name__ == "__main__":
    for guide in map(Path, sys.argv[1:]):
        guide.write_text(refresh(guide.read_text(encoding="utf-8")), encoding="utf-8")
