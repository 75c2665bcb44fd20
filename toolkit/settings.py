"""What every file under parameters/ shares: typed settings, and one error that names every mistake.

A relative path in a parameter file or a notebook is relative to the project's folder, wherever the
command was started: `project_path` is the one place that says so.
"""

import re
from copy import deepcopy
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from reprlib import Repr
from typing import Annotated, Any, get_args

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from toolkit.errors import ParameterError, list_mistakes, nearest

PROJECT = Path(__file__).resolve().parent.parent
LARGEST = 10**15  # no setting is a larger number; an identity or order number belongs in quotes
CLOCK_TIME = r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?"
DAY = r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
SHOWN = Repr()
SHOWN.maxstring = SHOWN.maxother = 80


def project_path(path):
    """The path itself when absolute, else inside the project's folder; ParameterError for what is no path."""
    try:
        return (PROJECT / Path(path)).resolve()
    except (TypeError, ValueError, OSError, RuntimeError) as error:
        raise ParameterError(f"{SHOWN.repr(path)} is no path of a file: {first_line(error)}") from None


def is_file(path):
    """Whether there is such a file; a name the system refuses is none."""
    try:
        return Path(path).is_file()
    except (OSError, ValueError):
        return False


def _clock_time(value):
    if isinstance(value, int) and not isinstance(value, bool):  # YAML reads 17:30 without quotes as minutes,
        minutes = value // 60 if value >= 24 * 60 and value % 60 == 0 else value  # and 17:30:00 as seconds
        value = f"{minutes // 60}:{minutes % 60:02}"
    if isinstance(value, str) and (found := re.fullmatch(CLOCK_TIME, value.strip(), re.ASCII)):
        value = time(*map(int, filter(None, found.groups())))
    if isinstance(value, time) and value.tzinfo is None:
        return value
    raise ValueError("expected a time of day such as '17:30'")


def _day(value):
    if isinstance(value, datetime):
        value = value.date() if value.time() == time() and value.tzinfo is None else None
    if isinstance(value, str) and (found := re.fullmatch(DAY, value.strip(), re.ASCII)):
        value = date(*map(int, found.groups()))
    if isinstance(value, date):
        return value
    raise ValueError("expected a day such as 2025-06-30")


def _words(value):
    return [str(word) for word in value] if isinstance(value, list) else value


Day = Annotated[date, BeforeValidator(_day)]
ClockTime = Annotated[time, BeforeValidator(_clock_time)]
Words = Annotated[list[str], BeforeValidator(_words)]
Days = Annotated[int, Field(ge=0, le=1000)]


class Settings(BaseModel):
    """A group of settings: no unknown name, no change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _is_no_truth_value(cls, value, info):
        wanted = cls.model_fields[info.field_name].annotation
        if isinstance(value, bool) and wanted not in (bool, Any):  # YAML reads yes, no, on, off as such too
            raise ValueError("true or false stands where neither can be: put a text in quotes")
        return value


# --- YAML in which nothing is lost -----------------------------------------------------------------


class StrictLoader(yaml.SafeLoader):
    """YAML whose every key stands once and whose every value is one; `mistakes` says what is not, and its line."""

    def __init__(self, text):
        super().__init__(text)
        self.mistakes = []

    def construct_mapping(self, node, deep=False):
        first = {}
        for key_node, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            key, line = (key_node.tag, str(key_node.value)), key_node.start_mark.line + 1
            if key in first and isinstance(key_node, yaml.ScalarNode):
                self.mistakes.append(
                    f"line {line}: '{key_node.value}' stands in line {first[key]} already: keep one of them"
                )
            first.setdefault(key, line)
        return super().construct_mapping(node, deep)

    def construct_object(self, node, deep=False):
        try:
            value = super().construct_object(node, deep)
        except (ValueError, LookupError, AttributeError, TypeError) as error:
            return self._refuse(node, first_line(error))
        if isinstance(value, str) and any(
            letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in value
        ):
            return self._refuse(node, "it holds a character that is none")
        if isinstance(value, (int, float)) and not abs(value) <= LARGEST:
            return self._refuse(node, "it is no number a setting can be; put what is a text in quotes")
        return value

    def _refuse(self, node, why):
        shown = node.value if isinstance(node, yaml.ScalarNode) else node.tag
        self.mistakes.append(f"line {node.start_mark.line + 1}: {SHOWN.repr(shown)} cannot be read: {why}")


def load_yaml(path, error_class):
    """The settings of a file as they stand, and what is wrong with single lines of it.

    Raises the error where the file is none, cannot be opened, or is no YAML of `name: value` lines.
    """
    path = Path(path)
    try:
        values, mistakes = deepcopy(_parse(path.read_text(encoding="utf-8-sig")))
    except FileNotFoundError:
        raise error_class(f"no file '{path}'") from None
    except IsADirectoryError:
        raise error_class(f"'{path}' is a folder: expected a file") from None
    except OSError as error:
        raise error_class(f"'{path}' cannot be opened: {error.strerror}") from None
    except UnicodeDecodeError:
        raise error_class(f"{path.name} is not UTF-8 text: save it as UTF-8") from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise error_class(f"{path.name} is not readable as UTF-8 YAML: {_say_yaml(error)}") from None
    if not isinstance(values, dict):
        found = "nothing" if values is None else type(values).__name__
        wrong = [f"expected 'name: value' lines, found {found}", *mistakes]
        raise error_class(list_mistakes(f"{path.name}: {len(wrong)} mistake(s), nothing was run", wrong))
    return values, mistakes


@lru_cache(maxsize=32)
def _parse(text):
    """What stands in a file and what is wrong with its lines; the same few files are read again and again."""
    loader = StrictLoader(text)
    return loader.get_single_data(), loader.mistakes


def read_yaml(path, error_class):
    """The settings of a file as they stand; one error names every line that cannot be read or stands twice."""
    values, mistakes = load_yaml(path, error_class)
    if mistakes:
        raise error_class(
            list_mistakes(f"{Path(path).name}: {len(mistakes)} mistake(s), nothing was run", mistakes)
        )
    return values


def _say_yaml(error):
    """What is wrong with the YAML and in which line, in one line."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return first_line(error)
    tab = "'\\t'" in (error.problem or "")
    said = "a tab where spaces are expected: indent with spaces" if tab else error.problem or error.context
    return f"line {mark.line + 1}: {said}"


# --- typed settings --------------------------------------------------------------------------------


def read_settings(model, path, error_class, where=""):
    """The typed settings of a file, or one error that names every mistake in it."""
    values, mistakes = load_yaml(path, error_class)
    return typed_settings(model, values, where or Path(path).name, error_class, mistakes)


def typed_settings(model, values, where, error_class, mistakes=()):
    """The typed settings, or one error that names every mistake, those found before among them."""
    settings, found = try_settings(model, values)
    wrong = [*mistakes, *found]
    if wrong:
        raise error_class(list_mistakes(f"{where}: {len(wrong)} mistake(s), nothing was run", wrong))
    return settings


def try_settings(model, values):
    """The typed settings, or None; and every mistake."""
    try:
        return model.model_validate(values), []
    except ValidationError as error:
        return None, [_mistake(model, found) for found in error.errors()]


def read_named(model, given, folder, error_class):
    """The settings from their name under a folder of parameters/, from a file, from a dict, or as they are.

    One error names every mistake, with the nearest right spelling.
    """
    word = model.__name__.lower()
    if isinstance(given, model):
        return given
    if isinstance(given, dict):
        return typed_settings(model, given, f"the {word}", error_class)
    known = sorted(file.stem for file in folder.glob("*.yml"))
    expected = f"expected a file, or one of {', '.join(known)}."
    if not isinstance(given, (str, Path)):
        raise error_class(f"{SHOWN.repr(given)} names no {word}: {expected}")
    path = folder / f"{given}.yml"
    if not is_file(path):
        path = project_path(given)
    if not is_file(path):
        raise error_class(f"no {word} '{given}': {expected}{nearest(given, known)}")
    return read_settings(model, path, error_class, f"{word} {path.name}")


def _mistake(model, found):
    place = ".".join(str(part) for part in found["loc"]) or "the file"
    if found["type"] == "extra_forbidden":
        return f"'{place}' is not a setting.{nearest(found['loc'][-1], _fields_at(model, found['loc'][:-1]))}"
    if found["type"] == "missing":
        return f"'{place}' is missing: give it a value"
    message = found["msg"].removeprefix("Value error, ")
    shown = "" if isinstance(found["input"], dict) else f", found {SHOWN.repr(found['input'])}"
    return f"'{place}': {message}{shown}"


def _fields_at(model, location):
    """The names of the settings that stand at a place of the file."""
    for part in location:
        field = model.model_fields.get(part) if isinstance(part, str) else None
        model = (field and _model_in(field.annotation)) or model
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_in(annotation):
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)


def first_line(error):
    """What an error says, its first line; its kind where it says nothing."""
    return next(iter(str(error).splitlines()), type(error).__name__)
