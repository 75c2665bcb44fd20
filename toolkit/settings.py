"""What every file under parameters/ shares: typed settings, and one error that names every mistake.

A relative path in a parameter file or a notebook is relative to the project's folder, wherever the
command was started: `project_path` is the one place that says so.
"""

from datetime import time
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from toolkit.errors import list_mistakes, nearest

PROJECT = Path(__file__).resolve().parent.parent


def project_path(path):
    """The path itself when absolute, else inside the project's folder."""
    return (PROJECT / path).resolve()


def _clock_time(value):
    if isinstance(value, int):  # YAML reads 17:30 without quotes as so many minutes
        return time(*divmod(value, 60))
    return time.fromisoformat(value) if isinstance(value, str) else value


def _words(value):
    return [str(word) for word in value] if isinstance(value, list) else value


ClockTime = Annotated[time, BeforeValidator(_clock_time)]
Words = Annotated[list[str], BeforeValidator(_words)]
Days = Annotated[int, Field(ge=0, le=1000)]


class Settings(BaseModel):
    """A group of settings: no unknown name, no change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def read_yaml(path, error_class):
    try:
        values = yaml.safe_load(Path(path).read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise error_class(f"no file '{path}'") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise error_class(f"{Path(path).name} is not readable as UTF-8 YAML: {first_line(error)}") from None
    if not isinstance(values, dict):
        raise error_class(f"{Path(path).name}: expected 'name: value' lines, found {type(values).__name__}")
    return values


def typed_settings(model, values, where, error_class):
    """The typed settings, or one error that names every mistake."""
    try:
        return model(**values)
    except ValidationError as error:
        mistakes = [_mistake(model, found) for found in error.errors()]
    raise error_class(list_mistakes(f"{where}: {len(mistakes)} mistake(s), nothing was run", mistakes))


def read_named(model, given, folder, error_class):
    """The settings from their name under a folder of parameters/, from a file, from a dict, or as they are.

    One error names every mistake, with the nearest right spelling.
    """
    word = model.__name__.lower()
    if isinstance(given, model):
        return given
    if isinstance(given, dict):
        return typed_settings(model, given, f"the {word}", error_class)
    path = folder / f"{given}.yml"
    if not path.exists():
        path = project_path(given)
    if not path.is_file():
        known = sorted(file.stem for file in folder.glob("*.yml"))
        raise error_class(
            f"no {word} '{given}': expected a file, or one of {', '.join(known)}.{nearest(given, known)}"
        )
    return typed_settings(model, read_yaml(path, error_class), f"{word} {path.name}", error_class)


def _mistake(model, found):
    place = ".".join(str(part) for part in found["loc"]) or "the file"
    if found["type"] == "extra_forbidden":
        return f"'{place}' is not a setting.{nearest(found['loc'][-1], _fields_at(model, found['loc'][:-1]))}"
    if found["type"] == "missing":
        return f"'{place}' is missing: give it a value"
    message = found["msg"].removeprefix("Value error, ")
    shown = "" if isinstance(found["input"], dict) else f", found {found['input']!r}"
    return f"'{place}': {message}{shown}"


def _fields_at(model, location):
    for part in location:
        annotation = model.model_fields[part].annotation if isinstance(part, str) else model
        inner = getattr(annotation, "__args__", [annotation])[0]
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            model = inner
    return list(model.model_fields)


def first_line(error):
    return str(error).splitlines()[0]
