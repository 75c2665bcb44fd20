"""What no ticket tells and a summary needs (接待日, 领导批示, 典型做法): written by hand, one file a period."""

from typing import Annotated

from pydantic import BeforeValidator

from toolkit.errors import ParameterError
from toolkit.loading.masking import mask_text
from toolkit.period import Period, parse_period
from toolkit.settings import Settings, project_path, read_settings


def _period(value):
    return value if isinstance(value, dict) else parse_period(value)


def _slots(value):
    """An empty slot (接待日情况: with nothing behind it) is one that is not filled."""
    return {name: text or "" for name, text in value.items()} if isinstance(value, dict) else value or {}


class Manual(Settings):
    """A manual file: the period it is written for, and its slots by the names that templates ask for."""

    period: Annotated[Period, BeforeValidator(_period)]
    slots: Annotated[dict[str, str], BeforeValidator(_slots)] = {}


def read_manual(file):
    """The manual file as it stands; ParameterError names every mistake."""
    return read_settings(Manual, project_path(file), ParameterError)


def fill_slots(file, period):
    """Slot → its text, without the numbers and names of persons; nothing without a file.

    ParameterError where the file was written for another period: last year's doings are none of this year's.
    """
    if not file:
        return {}
    manual = read_manual(file)
    if manual.period != period:
        raise ParameterError(
            f"manual: '{file}' is written for {manual.period}, the run's period is {period}: "
            "give the file of this period, or none"
        )
    return {name: mask_text(text.strip()) for name, text in manual.slots.items()}
