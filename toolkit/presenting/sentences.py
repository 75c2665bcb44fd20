"""Texts written from figures, with Jinja2 templates in parameters/templates/ that the office can edit.

A template sees figures that are links already, and words, which are escaped; it can reach nothing else.
"""

import traceback
from functools import cache

from jinja2 import StrictUndefined, TemplateError, nodes
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from toolkit.errors import ParameterError, list_mistakes, nearest
from toolkit.settings import PROJECT

FOLDER = PROJECT / "parameters" / "templates"
WRONG = (
    TemplateError,
    ArithmeticError,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
)  # what a template can do


def write_sentence(name, **said):
    """The sentence of the template of that name, its lines joined; raises ParameterError naming file and mistake."""
    return Markup("".join(line.strip() for line in fill_template(name, said).splitlines()))


def fill_template(name, said):
    """The text of a template with its names filled in; ParameterError names file, line and every mistake."""
    if mistakes := list_template_mistakes(name, said):
        raise ParameterError(list_mistakes(_say_file(name), mistakes))
    try:
        return _environment().from_string(_read_template(name)).render(said)
    except ParameterError as error:  # what a function of the template refuses
        raise ParameterError(f"{_say_file(name)}: line {_find_line(error)}: {error}") from error
    except WRONG as error:
        raise ParameterError(
            f"{_say_file(name)}: line {_find_line(error)}: {error}. Expected a Jinja2 template of these names: "
            f"{', '.join(said)}"
        ) from error


def list_template_mistakes(name, known):
    """What can be said to be wrong with a template before it is filled in: its syntax, and names it cannot know."""
    try:
        tree = _environment().parse(_read_template(name))
    except TemplateError as error:
        return [f"line {error.lineno}: {error.message}. Expected a Jinja2 template"]
    except (OSError, UnicodeDecodeError) as error:
        return [
            f"it cannot be read as UTF-8 text: {getattr(error, 'strerror', None) or type(error).__name__}"
        ]
    strange = find_undeclared_variables(tree) - set(known)
    lines = {node.name: node.lineno for node in reversed(list(tree.find_all(nodes.Name)))}
    order = sorted(strange, key=lambda word: (lines[word], word))
    named = [f"line {lines[word]}: '{word}' is undefined.{nearest(word, known)}" for word in order]
    return [*named, f"expected these names: {', '.join(known)}"] if named else []


def _say_file(name):
    return f"parameters/templates/{name}.txt"


def _find_line(error):
    """The line of the template in which it failed; what stands in a function it called counts where it was called."""
    lines = [
        step.lineno for step in traceback.extract_tb(error.__traceback__) if step.filename == "<template>"
    ]
    return lines[-1] if lines else "?"


def _read_template(name):
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8-sig")


@cache
def _environment():
    return ImmutableSandboxedEnvironment(
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_keep_in_place,
        trim_blocks=True,  # a line of {% … %} alone leaves no empty line, which would end a paragraph
        lstrip_blocks=True,
    )


def _keep_in_place(value):
    """A word that a template prints makes no line, no heading and no column of a table."""
    if isinstance(value, Markup):
        return Markup(str(value).replace("|", "&#124;"))  # Markup's own replace would escape it
    if isinstance(value, str):
        text = " ".join(value.replace("|", "｜").split()) if value.strip() else value
        return "＃" + text[1:] if text.startswith("#") else text
    return value
