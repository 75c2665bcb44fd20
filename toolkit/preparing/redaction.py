"""What a version of the reports leaves out: 内部版, 送单位版, 公开版, as parameters/redaction.yml has them."""

from typing import Annotated

from pydantic import AfterValidator, Field

from toolkit import schema
from toolkit.errors import ParameterError, list_mistakes, nearest
from toolkit.flagging.flag import RULES
from toolkit.settings import PROJECT, Settings, Words, read_yaml, try_settings

FILE = PROJECT / "parameters" / "redaction.yml"
INTERNAL = "internal"  # hides nothing, and need not be said
PERSONS, CELLS, REFUSED_ROWS = "persons", "cells", "refused_rows"
PARTS = {PERSONS: "名册姓名", CELLS: "导出表单元格原文", REFUSED_ROWS: "待修正行"}
COLUMNS = [*schema.names("free"), "caller", "sub_unit", "handler", *schema.ORIGIN, "ticket_id"]


def _known(known, words):
    wrong = [word for word in words if word not in known]
    if wrong:
        raise ValueError("; ".join(f"'{word}' cannot be hidden.{nearest(word, known)}" for word in wrong))
    return words


def _hidden(words):
    return _known([*COLUMNS, *PARTS], words)


def _rules(words):
    return _known([rule.code for rule in RULES], words)


class Profile(Settings):
    """A version: its Chinese name, the columns and parts it hides, the rules whose findings it leaves out."""

    label: Annotated[str, Field(min_length=1)]
    hide: Annotated[Words, AfterValidator(_hidden)] = []
    hide_rules: Annotated[Words, AfterValidator(_rules)] = []

    @property
    def notice(self):
        """公开版：不含标题、诉求内容…… as the reports' heads say it; nothing for a version that hides nothing."""
        names = [PARTS.get(name) or schema.label(name) for name in self.hide]
        names += [f"“{rule.name}”线索" for rule in RULES if rule.code in self.hide_rules]
        return f"{self.label}：不含{'、'.join(names)}" if names else ""


def read_profile(name, file=FILE):
    """The version of this name; ParameterError names every mistake of the file, or the nearest name there is."""
    read = {word: try_settings(Profile, given) for word, given in read_yaml(file, ParameterError).items()}
    wrong = [f"{word}: {mistake}" for word, (_, mistakes) in read.items() for mistake in mistakes]
    if wrong:
        raise ParameterError(list_mistakes(f"{file.name}: {len(wrong)} mistake(s), nothing was run", wrong))
    if not isinstance(name, str) or name not in read:
        raise ParameterError(
            f"no version '{name}' in {file.name}: expected one of {', '.join(read)}.{nearest(name, read)}"
        )
    return read[name][0]


def hides(report, *names):
    """Whether a report was made without any of these columns or parts."""
    return any(name in report.about.get("hidden", []) for name in names)
