"""The mapping file: what was read as settings, what is proposed as comments; a person's edits are never lost."""

from pathlib import Path

import yaml

from toolkit import schema
from toolkit.errors import ParameterError
from toolkit.loading import masking
from toolkit.loading.header_rows import folded
from toolkit.loading.headers import Headers
from toolkit.settings import read_yaml, typed_settings

HEAD = "# 列名对照：左边是工单表的列，右边是导出表的列名。"
PROPOSED = "建议，未生效：核对后去掉行首的“# ”即生效；不对的删去。"
LATER = "# 补充建议（以上各行未改动；核对后移到 columns: 之下）："


class _Dumper(yaml.SafeDumper):
    """YAML whose every value stands on one line: what cannot be seen in a text is written as an escape."""


def _represent(dumper, text):
    style = None if text.isprintable() else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent)


def write_mapping(inspection, path):
    """Write the headers as a file to edit: what is recognised as settings, proposals and the rest as comments.

    The file is taken by a run under `headers:`, or by `load(headers=path)`. A file that is there already is
    kept as it is, and what is new is added below it as comments; where even that would change what it
    says, beside it as NAME.建议.yml. Raises ParameterError, and writes nothing, where it cannot be read.
    """
    path = Path(path)
    found = inspection.columns.drop_duplicates(["header", "column", "under"])
    if not path.exists():
        path.write_text(_mapping_text(found), encoding="utf-8")
        typed_settings(Headers, read_yaml(path, ParameterError), path.name, ParameterError)
        return path
    before = read_yaml(path, ParameterError)
    typed_settings(Headers, before, path.name, ParameterError)
    old = path.read_bytes().decode("utf-8-sig")
    lines = _new_lines(found, before, old)
    if not lines:
        return path
    text = old.rstrip("\n") + "\n" + "\n".join([LATER, *lines]) + "\n"
    if yaml.safe_load(text) != before:
        path, text = path.with_suffix(".建议.yml"), _mapping_text(found)
    path.write_bytes(text.encode())
    return path


def _mapping_text(found):
    lines = [HEAD]
    for under in ("columns", "events"):
        known = found[found["under"].eq(under)]
        groups = known.groupby("column", sort=False)["header"].agg(list)
        if under == "columns" or len(groups):
            lines.append(f"{under}:")
        lines += [f"  {name}: {_flow(headers)}" for name, headers in groups.items()]
        if under == "columns" and found["proposed"].ne("").any():
            lines += [f"  # {PROPOSED}", *(f"  # {line}" for line in _proposals(found))]
    lines += ["# 未识别的列：", *_unread(found), *_list_free(found)]
    lines += ["# 未识别的用词，可写入 values：", "# values:"]
    words = found[found["unknown_words"].ne("")]
    lines += [f"#   {row.column}: {_one_line(row.unknown_words)}" for row in words.itertuples()]
    return "\n".join(lines) + "\n"


def _proposals(found):
    """A line for each proposal, with why; without its first mark it is a setting."""
    rows = found[found["proposed"].ne("")]
    return [f"{row.proposed}: {_flow([row.header])}  # {_one_line(row.why)}" for row in rows.itertuples()]


def _unread(found):
    rows = found[found["column"].eq("") & found["proposed"].eq("") & found["header"].map(folded).ne("")]
    return [
        f"#   {_shown(row.header)}（例：{_one_line(row.example)}）{_why(row)}" for row in rows.itertuples()
    ]


def _list_free(found):
    """Where a header is not read: the columns it may still be named for, ours and what they are called."""
    taken = {*found["column"], *found["proposed"], *schema.ORIGIN, "caller", "untimed"}
    free = [f"{column.name} {column.label}" for column in schema.TICKETS if column.name not in taken]
    rows = [free[at : at + 6] for at in range(0, len(free), 6)] if len(_unread(found)) else []
    lines = [f"#   {'、'.join(row)}" for row in rows]
    return ["# 未识别的列，可照上面的写法在columns:之下补一行，左边从这些里选：", *lines] if lines else []


def _new_lines(found, before, text):
    """Comments on the headers that neither a setting nor a comment of the file names."""
    given = [*(before.get("columns") or {}).values(), *(before.get("events") or {}).values()]
    known = {folded(word) for words in given for word in words or []}
    is_new = ~found["header"].map(lambda name: folded(name) in known or _shown(name) in text)
    new = found[is_new & found["column"].eq("")]
    return [*(f"#   {line}" for line in _proposals(new)), *_unread(new)]


def _shown(header):
    """A header in a comment: as YAML writes it, without what is personal."""
    return _flow([masking.mask_text(header)])[1:-1]


def _why(row):
    return _one_line("；".join(filter(None, [row.why, row.hint])))


def _flow(words):
    """A list as YAML writes it on one line."""
    text = yaml.dump(words, Dumper=_Dumper, allow_unicode=True, default_flow_style=True, width=float("inf"))
    return text.rstrip("\n")


def _one_line(text):
    """Text for a comment: one line, nothing that ends it or cannot be printed."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())
