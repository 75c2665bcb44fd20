"""A run's file for an export of one's own, drafted: what the demo's run says of itself, with this export's values."""

import json
import re

import pandas as pd

from toolkit.errors import ParameterError, SourceError
from toolkit.loading.load import load
from toolkit.loading.preview import FAR
from toolkit.schema import STAGES
from toolkit.settings import PROJECT, is_file

PATTERN = PROJECT / "parameters" / "demo.yml"
BEYOND = pd.Timedelta(days=31)  # a time this long after the latest receipt is a slip, and no cut-off
CHECK = (
    "（请核对：取导出表中最晚的办理时间；早了，其后的答复看不到，已答复的会被催；晚了，没到期的会被算作超期）"
)
NOT_OURS = ["roster", "peers", "manual", "caller_key", "register"]  # the invented county's own


def draft_run(source, name, headers=""):
    """The text of a run's file for this export, every setting explained, to be checked by a person.

    The cut-off is the latest time the export tells of any stage, within a month of the latest receipt: what is known is
    known up to there. The period is the months of that year it has receipts of. There is no register: numbers are given
    for good. headers: a mapping file (`toolkit inspect --mapping`), or none. SourceError where no ticket has a time of receipt.
    """
    tickets = load(source, FAR, headers or None, key=b"draft only").tickets
    latest = tickets["received_at"].max()
    if pd.isna(latest):
        raise SourceError(
            f"{source}: expected times of receipt (受理时间), found none in {len(tickets)} tickets; "
            "name their column in a mapping file: toolkit inspect --mapping"
        )
    times = tickets[STAGES].stack()
    known = times[times <= latest + BEYOND].max()
    values = {
        "county": "本县",
        "source": str(source),
        "as_of": f"{known:%Y-%m-%d %H:%M}",
        "period": _say_period(tickets["received_at"], latest),
        "headers": str(headers) if headers else {},
        "output": f"outputs/{name}",
    } | dict.fromkeys(NOT_OURS, "")
    text = PATTERN.read_text(encoding="utf-8")
    text = text.replace("parameters/demo.yml", f"parameters/{name}.yml", 1)
    text = text.replace("# 统计截止：", f"# 统计截止{CHECK}：", 1)
    for setting, value in values.items():
        text = _set(text, setting, value)
    return text


def _say_period(received, latest):
    """The year of the latest receipt, where the export has its first and last month; else from the first day to the last."""
    own = received[received.dt.year.eq(latest.year)]
    if own.dt.month.min() == 1 and latest.month == 12:
        return f"{latest:%Y}"
    return f"{own.min():%Y-%m}-01..{latest:%Y-%m-%d}"


def _set(text, setting, value):
    """The text with one setting's line changed; JSON is YAML that no value can break out of."""
    line = f"{setting}: {json.dumps(value, ensure_ascii=False)}"
    text, count = re.subn(rf"^{setting}:.*$", lambda _: line, text, flags=re.MULTILINE)
    if count != 1:
        raise ParameterError(f"{PATTERN.name}: expected one line '{setting}: …', found {count}")
    return text


def write_run(source, name, headers=""):
    """Write the draft as parameters/NAME.yml; ParameterError where there is one, which is a person's work."""
    path = PROJECT / "parameters" / f"{name}.yml"
    if not re.fullmatch(r"\w[\w-]*", name):
        raise ParameterError(
            f"'{name}' is no name of a run: expected letters, digits, - and _, such as 2025_07"
        )
    if is_file(path):
        raise ParameterError(f"{path.name} is there already: choose another name, or edit that file")
    path.write_text(draft_run(source, name, headers), encoding="utf-8")
    return path
