"""headers.yml: how an export's headers and words are read."""

from pathlib import Path

from pydantic import model_validator

from toolkit import schema
from toolkit.errors import ParameterError, nearest
from toolkit.settings import PROJECT, Settings, Words, project_path, read_settings, typed_settings

HEADERS_FILE = PROJECT / "parameters" / "headers.yml"


class Headers(Settings):
    """How an export's headers and words are read; the shape of headers.yml."""

    columns: dict[str, Words] = {}
    category_levels: list[Words] = []
    undecided: dict[str, str] = {}
    values: dict[str, dict[str, Words]] = {}
    unit_aliases: dict[str, str] = {}
    unit_groups: dict[str, Words] = {}
    totals: Words = []
    units: Words = []
    events: dict[str, Words] = {}
    event_words: dict[str, Words] = {}

    @model_validator(mode="before")
    @classmethod
    def _blank_is_none(cls, values):
        """A heading with nothing below it, as a mapping file has before it is edited, says nothing."""
        if not isinstance(values, dict):
            return values
        return {name: value for name, value in values.items() if value is not None}

    @model_validator(mode="after")
    def _columns_exist(self):
        known = [column.name for column in [*schema.TICKETS, *schema.PERSONAL, *schema.ROLES]]
        worded = [column.name for column in schema.TICKETS if column.kind == "text"]
        worded = [
            name for name in worded if name not in ("ticket_id", "related_id", "caller", *schema.ORIGIN)
        ]
        unknown = [name for name in self.columns if name not in known]
        unknown += [name for name in self.values if name not in worded]
        if unknown:
            raise ValueError(
                "; ".join(
                    f"'{name}' is no column of the ticket table.{nearest(name, known)}" for name in unknown
                )
            )
        return self

    def extended(self, extra):
        """These headers with a run's own put before them."""
        return Headers(
            columns=_before(extra.columns, self.columns),
            category_levels=extra.category_levels or self.category_levels,
            undecided=self.undecided | extra.undecided,
            values={
                name: _before(extra.values.get(name, {}), self.values.get(name, {}))
                for name in self.values | extra.values
            },
            unit_aliases=self.unit_aliases | extra.unit_aliases,
            unit_groups=extra.unit_groups | self.unit_groups,
            totals=[*extra.totals, *self.totals],
            units=[*extra.units, *self.units],
            events=_before(extra.events, self.events),
            event_words=_before(extra.event_words, self.event_words),
        )


def _before(own, common):
    """Word → variants, a run's own before the common ones."""
    return {word: [*own.get(word, []), *common.get(word, [])] for word in common | own}


def read_headers(extra=None):
    """headers.yml, with a run's own headers (a dict, a file or Headers) put before it."""
    base = read_settings(Headers, HEADERS_FILE, ParameterError)
    if extra is None or extra == "":
        return base
    if isinstance(extra, (str, Path)) and extra:
        extra = read_settings(Headers, project_path(extra), ParameterError)
    if not isinstance(extra, Headers):
        extra = typed_settings(Headers, extra, "the headers", ParameterError)
    return base.extended(extra)
