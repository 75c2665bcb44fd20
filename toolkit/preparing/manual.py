"""What no ticket tells and a summary needs (接待日, 领导批示, 典型做法): written by hand, one file a period."""

from typing import Annotated

from pydantic import BeforeValidator

from toolkit import schema
from toolkit.errors import ParameterError
from toolkit.loading.masking import mask_text
from toolkit.period import Period, parse_period
from toolkit.preparing.report import require_reports
from toolkit.settings import Settings, project_path, read_settings


def _period(value):
    return value if isinstance(value, dict) else parse_period(value)


def _slots(value):
    """An empty slot (接待日情况: with nothing behind it) is one that is not filled."""
    return (
        {name: "" if text is None else text for name, text in value.items()}
        if isinstance(value, dict)
        else value or {}
    )


Slots = Annotated[dict[str, str], BeforeValidator(_slots)]


class Manual(Settings):
    """A manual file: the period it is written for, the county's slots by the names that templates ask for, and units' own."""

    period: Annotated[Period, BeforeValidator(_period)]
    slots: Slots = {}
    units: Annotated[dict[str, Slots], BeforeValidator(_slots)] = {}


def read_manual(file):
    """The manual file as it stands; ParameterError names every mistake."""
    return read_settings(Manual, project_path(file), ParameterError)


def fill_slots(file, period, units):
    """全县 or a unit → its slots → their texts, without the numbers and names of persons; nothing without a file.

    What the county's office wrote stands in no unit's text. ParameterError where the file was written for another
    period (last year's doings are none of this year's), or names a unit that is not among `units`.
    """
    if not file:
        return {}
    manual = read_manual(file)
    if manual.period != period:
        raise ParameterError(
            f"manual: '{file}' is written for {manual.period}, the run's period is {period}: "
            "give the file of this period, or none"
        )
    require_reports(manual.units, units)
    slots = {schema.COUNTY: manual.slots, **manual.units}
    return {
        whose: {name: mask_text(text.strip()) for name, text in own.items()} for whose, own in slots.items()
    }
