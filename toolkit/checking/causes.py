"""Why figures of two runs differ: what they were made by, and what became of each ticket."""

from pathlib import Path

import numpy as np
import pandas as pd

from toolkit import schema

UNKNOWN = "旧版本的运行没有记录，不能判断"
FLOW = "工单和时限判定未变，由依据的变化或流转记录引起"
BASIS = "工单和时限判定未变，由依据的变化引起"
EDITED, JUDGED = "工单有变：", "工单未变，判定有变："
GONE, COME, CORRECTED, NOWHERE = "已不在报告中", "新进入报告", "更正后读入", "两次都不在报告范围内"
SAME_DATA = "导出文件：两次相同，没有新数据"
SOURCE = [name for name in schema.names() if name not in (*schema.ORIGIN, "ticket_id")]
CLOCKED = [column.name for column in schema.CLOCK if column.name != "judged_at"]
MOST = 3  # columns named of a ticket
ROOMS = {
    "words": "用词",
    "texts": "文字比对",
    "loading": "读入",
    "clocking": "时限",
    "flagging": "规则",
    "scoring": "指标",
    "assessing": "考核",
    "comparing": "比较",
    "people": "人员",
    "preparing": "汇总",
    "supervising": "督办",
    "schema": "列",
}  # those whose change can change a figure
WHOLE = ("时限办法", "考核办法")
FILES = {
    "calendar": "工作日历",
    "headers": "列名和用词",
    "metrics": "指标权重",
    "redaction": "各版隐去的内容",
    "supervision": "督办条件",
    "roster": "承办单位名册",
    "peers": "外县比率",
    "dispatch_catalogue": "派单目录",
    "manual": "手工填写",
    "corrections": "更正表",
}
SETTINGS = {
    "as_of": "统计截止",
    "period": "统计期间",
    "by": "报告划分",
    "policy": "时限办法",
    "scheme": "考核办法",
    "redaction": "版本",
    "corrections": "更正表",
    "store": "历次存放",
    "headers": "本次列名和用词",
    "roster": "名册",
    "peers": "外县比率",
    "dispatch_catalogue": "派单目录",
    "manual": "手工填写",
}


def list_causes(before, after):
    """What two runs were not made alike by, a sentence each: settings, policy, limits, scheme, files, program, export.

    before, after: (report, manifest). Nothing that the manifest of an earlier version does not tell is called the same.
    """
    (old, made), (new, made_now) = before, after
    told = [
        *_compare("设置", _named(made["settings"]), _named(made_now["settings"])),
        *_compare("规则限值", old.about["limits"], new.about["limits"]),
        *_compare("时限办法", *(_policies(one) for one in (made, made_now))),
        *_compare("考核办法", *(_flatten(report.about["scheme"]) for report in (old, new))),
        *_compare_hashes("参数文件", made.get("parameters"), made_now.get("parameters"), FILES),
        *_compare_hashes("程序", made.get("rooms"), made_now.get("rooms"), ROOMS, only_named=True),
        *_compare("程序包", made["versions"], made_now["versions"]),
        *_compare("指标口径", *(_definitions(report) for report in (old, new))),
    ]
    return [*told, *_compare_inputs(made["inputs"], made_now["inputs"])]


def _named(settings):
    """The settings that can change a figure; a policy or a scheme that stands in the run's file is told by what it says."""
    told = {label: _plain(settings.get(name)) for name, label in SETTINGS.items()}
    return _flatten(
        {label: value for label, value in told.items() if label not in WHOLE or isinstance(value, str)}
    )


def _plain(value):
    """A setting in the form a reader writes it."""
    if isinstance(value, dict) and set(value) == {"start", "end"}:
        return f"{value['start']}至{value['end']}"
    return value


def _policies(made):
    policies = made.get("policies")
    if policies is None:
        return None
    told = [{name: own for name, own in policy.items() if name != "rules"} for policy in policies]
    return _flatten(told[0] if len(told) == 1 else {f"第{at}个": own for at, own in enumerate(told, 1)})


def _definitions(report):
    return report.counted.scorecard.drop_duplicates("metric").set_index("metric")["definition"].to_dict()


def _flatten(value, name=""):
    """Nested settings as one dict: 名称.条目 → value; of a list of settings by what each is called, or its place."""
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        parts = [(one.get("name", f"第{number}条"), one) for number, one in enumerate(value, 1)]
    elif isinstance(value, dict):
        parts = value.items()
    else:
        return {name: value}
    inner = (_flatten(own, f"{name}.{part}" if name else part) for part, own in parts)
    return {key: said for one in inner for key, said in one.items()}


def _compare(kind, old, new):
    """A sentence for each setting that is not what it was."""
    if old is None or new is None:
        return [f"{kind}：{UNKNOWN}"]
    said = {name: (_say(old.get(name)), _say(new.get(name))) for name in {**old, **new}}
    return [f"{kind}：{name}由{one}改为{other}" for name, (one, other) in said.items() if one != other]


def _say(value):
    if value in (None, "", [], {}):
        return "空"
    return f"“{'、'.join(map(str, value)) if isinstance(value, list) else value}”"


def _compare_hashes(kind, old, new, labels, only_named=False):
    if old is None or new is None:
        return [f"{kind}：{UNKNOWN}"]
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    return [f"{kind}：{labels.get(name, name)}有改动" for name in names if name in labels or not only_named]


def _compare_inputs(old, new):
    """Files of the export that are not the same; a version for others tells hashes without names."""
    if isinstance(old, list) or isinstance(new, list):
        return [] if old == new else ["导出文件：有变化（本版不公开文件名）"]
    if not old and not new:
        return ["导出文件：数据来自数据库，没有文件可核对"]
    said = {(True, False): "已不再读", (False, True): "新读入", (True, True): "内容有变"}
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    return [f"导出文件：{name}{said[name in old, name in new]}" for name in names]


def has_same_data(made, made_now):
    """Whether both runs read the same files; of a database, or without names, that is not known."""
    return bool(made["inputs"]) and made["inputs"] == made_now["inputs"]


def explain_tickets(before, after, numbers):
    """Ticket → why it counts otherwise than it did, in words: new, gone, changed in which columns, or as it was.

    before, after: (report, manifest).
    """
    (old, made), (new, made_now) = before, after
    old, new = (report.tickets.drop_duplicates("ticket_id").set_index("ticket_id") for report in (old, new))
    corrected = Path(made_now["settings"]["corrections"] or "").name
    why = dict.fromkeys(numbers, BASIS if has_same_data(made, made_now) else FLOW)
    for number in why:
        if number not in new.index:
            why[number] = GONE if number in old.index else NOWHERE
        elif number not in old.index:
            is_corrected = corrected and new.at[number, "source_file"] == corrected
            why[number] = CORRECTED if is_corrected else COME
    shared = [number for number in why if number in old.index and number in new.index]
    hidden = {name for report, _ in (before, after) for name in report.about.get("hidden", [])}
    old, new = (frame.loc[shared].drop(columns=hidden, errors="ignore") for frame in (old, new))
    return why | _tell_changes(old, new)


def _tell_changes(old, new):
    """Ticket → which of its columns changed, of the export first, else of the verdict; only those that did."""
    told = {}
    for kind, names in ((JUDGED, ["scope", "report", *CLOCKED]), (EDITED, SOURCE)):
        names = [name for name in names if name in old and name in new]
        differs = np.column_stack([_differ(old[name], new[name]) for name in names])
        for row in np.flatnonzero(differs.any(axis=1)):
            columns = [names[at] for at in np.flatnonzero(differs[row])]
            said = [_say_column(name, old[name].iat[row], new[name].iat[row]) for name in columns[:MOST]]
            more = [f"另{len(columns) - MOST}列"] if len(columns) > MOST else []
            told[old.index[row]] = kind + "、".join([*said, *more])
    return told


def _differ(old, new):
    """Where two columns of the same tickets are not the same; two missing values are."""
    old, new = (values.astype("object").where(values.notna(), None).to_numpy() for values in (old, new))
    return np.array([one != other for one, other in zip(old, new, strict=True)], dtype=bool)


def _say_column(name, old, new):
    if schema.BY_NAME[name].kind == "free":  # what a citizen or clerk wrote: too long, and not for a table
        return schema.label(name)
    return f"{schema.label(name)}由{_show(old)}改为{_show(new)}"


def _show(value):
    if pd.isna(value):
        return "空"
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, pd.Timestamp) else f"“{value}”"
