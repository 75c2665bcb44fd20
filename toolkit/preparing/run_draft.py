"""A run's file for an export of one's own, drafted: what the demo's run says of itself, with this export's values."""

import json
import re

from toolkit.errors import ParameterError, SourceError
from toolkit.loading.load import load
from toolkit.settings import PROJECT, is_file

PATTERN = PROJECT / "parameters" / "demo.yml"
FAR = "9999-12-31"  # no time is doubtful only because it is late
CHECK = "（请核对：取导出表中最晚的受理日）"
NOT_OURS = ["roster", "peers", "manual", "caller_key"]  # the invented county's own


def draft_run(source, name, headers=""):
    """The text of a run's file for this export, every setting explained, to be checked by a person.

    The cut-off is the day of the latest receipt: a later one would call tickets overdue that had been answered
    since. The period is that day's year. headers: a mapping file (`toolkit inspect --mapping`), or none.
    SourceError where no ticket has a time of receipt.
    """
    loaded = load(source, FAR, headers or None, key=b"draft only")
    latest = loaded.tickets["received_at"].max()
    if latest != latest:  # NaT
        raise SourceError(
            f"{source}: expected times of receipt (受理时间), found none in {len(loaded.tickets)} tickets; "
            "name their column in a mapping file: toolkit inspect --mapping"
        )
    values = {
        "county": "本县",
        "source": str(source),
        "as_of": f"{latest:%Y-%m-%d}",
        "period": f"{latest:%Y}",
        "headers": str(headers) if headers else {},
        "register": f"outputs/{name}_desk/督办台账.xlsx",
        "output": f"outputs/{name}",
    } | dict.fromkeys(NOT_OURS, "")
    text = PATTERN.read_text(encoding="utf-8")
    text = text.replace("parameters/demo.yml", f"parameters/{name}.yml", 1).replace(
        "# 统计截止：", f"# 统计截止{CHECK}：", 1
    )
    for setting, value in values.items():
        text = _set(text, setting, value)
    return text


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
