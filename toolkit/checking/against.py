"""Two finished runs compared: which figures changed, which tickets made each change, and what changed beside the data."""

import json
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from toolkit.checking.causes import SAME_DATA, explain_tickets, has_same_data, list_causes
from toolkit.checking.figures import list_figures
from toolkit.checking.moves import compare_figures, say_changes
from toolkit.errors import SourceError
from toolkit.loading.workbook import write_sheets
from toolkit.preparing.report import read_report
from toolkit.running.manifest import MANIFEST

SHEET_ROWS = 1_000_000  # of a sheet; Excel holds some more, and drops what is beyond without a word
HEADINGS = {
    "table": "表",
    "unit": "单位",
    "figure": "数字",
    "before": "上次",
    "after": "本次",
    "moved": "不同件数",
    "ticket_id": "工单编号",
    "was": "上次计作",
    "now": "本次计作",
    "why": "缘由",
}


class Comparison(NamedTuple):
    """What differs between two runs: figures, the tickets of each with the reason, causes beside the tickets, pages."""

    changed: pd.DataFrame
    moved: pd.DataFrame
    causes: list
    same_data: bool
    pages: list


def compare_runs(before, after):
    """A `Comparison` of two folders that `toolkit batch` wrote. SourceError where no finished run is, or no numbers are."""
    old, new = read_finished(before), read_finished(after)
    _require_numbers({before: old, after: new})
    changed, moved = compare_figures(*(list_figures(report) for report, _ in (old, new)))
    why = explain_tickets(old, new, moved["ticket_id"].unique())
    moved = moved.assign(why=moved["ticket_id"].map(why).astype("str"))
    pages, same_data = _list_pages(old[1], new[1]), has_same_data(old[1], new[1])
    return Comparison(changed, moved, list_causes(old, new), same_data, pages)


def read_finished(folder):
    """The county's report of a run's folder, and its manifest."""
    try:
        made = json.loads((Path(folder) / MANIFEST).read_text(encoding="utf-8"))
        made["settings"], made["versions"], made["inputs"], made["reports"]
    except (OSError, ValueError, KeyError, TypeError):
        raise SourceError(
            f"'{Path(folder).name}' holds no finished run: expected the output folder of `toolkit batch`, with its {MANIFEST}"
        ) from None
    return read_report(Path(folder).resolve() / "prepared"), made


def _require_numbers(runs):
    """A version that hides the numbers counts its tickets anew: 第1件 of one run is another ticket in the next."""
    hidden = [
        Path(folder).name
        for folder, (report, _) in runs.items()
        if "ticket_id" in report.about.get("hidden", [])
    ]
    if hidden:
        raise SourceError(
            f"'{hidden[0]}' is a version that hides the ticket numbers, so that no ticket can be found again: "
            "compare the runs of the internal version (redaction: internal)"
        )


def _list_pages(old, new):
    """The reports whose files are not the same, those that only one of the runs has among them."""
    files = [{name: made["files"] for name, made in run["reports"].items()} for run in (old, new)]
    return [name for name in {**files[0], **files[1]} if files[0].get(name) != files[1].get(name)]


def is_same(compared):
    """Whether no figure changed and nothing that figures are made by."""
    return compared.changed.empty and not compared.causes


def say_comparison(compared, most):
    """The comparison in lines to be read: what they were made by, then every figure; of more than `most` the first."""
    figures = say_changes(compared.changed, compared.moved)
    yield "一、两次运行的依据"
    yield from [SAME_DATA] if compared.same_data else []
    yield from compared.causes[:most] or ["设置、时限办法、规则限值、考核办法、参数文件、程序：两次相同"]
    if len(compared.causes) > most:
        yield f"另有{len(compared.causes) - most}项未列出，见明细表（--output）"
    yield "二、变动的数字"
    yield from figures[:most]
    if len(figures) > most:
        yield f"另有{len(figures) - most}项未列出，见明细表（--output）"
    yield from [] if figures else ["没有"]
    yield "三、这些工单为什么不同"
    yield from _say_reasons(compared.moved)
    yield f"四、内容有变的报告：{'、'.join(compared.pages) or '没有'}"


def _say_reasons(moved):
    """How many tickets for each kind of reason; the first word of a reason is its kind."""
    tickets = moved.drop_duplicates("ticket_id")
    kinds = tickets["ticket_id"].groupby(tickets["why"].str.split("：").str[0]).agg(list)
    for kind, numbers in kinds.sort_index().items():
        shown = "、".join(numbers[:5]) + ("等" if len(numbers) > 5 else "")
        yield f"{kind}：{len(numbers)}件（{shown}）"
    if tickets.empty:
        yield "没有"


def write_comparison(compared, path):
    """The comparison as a workbook: 变动的数字, 涉及的工单, 依据."""
    changed, moved = (frame.rename(columns=HEADINGS) for frame in (compared.changed, compared.moved))
    causes = [*([SAME_DATA] if compared.same_data else []), *compared.causes]
    parts = [moved[start : start + SHEET_ROWS] for start in range(0, max(len(moved), 1), SHEET_ROWS)]
    frames = {"变动的数字": changed}
    frames |= {f"涉及的工单{number if number > 1 else ''}": part for number, part in enumerate(parts, 1)}
    frames["依据"] = pd.DataFrame({"依据的变化": causes})
    sheets = {name: (list(frame), frame.to_numpy().tolist()) for name, frame in frames.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_sheets(path, sheets, widths=24)
