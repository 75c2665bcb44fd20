"""Sentences written from figures, with Jinja2 templates in parameters/templates/ that the office can edit.

A template sees figures that are links already, and words, which are escaped; it can reach nothing else.
"""

from functools import cache

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from toolkit.errors import ParameterError
from toolkit.settings import PROJECT

FOLDER = PROJECT / "parameters" / "templates"


def write_sentence(name, **said):
    """The sentence of the template of that name, its lines joined; raises ParameterError naming file and mistake."""
    try:
        text = _read_template(name).render(said)
    except TemplateError as error:
        place = f"line {error.lineno}" if getattr(error, "lineno", None) else "when filled in"
        raise ParameterError(
            f"parameters/templates/{name}.txt: {place}: {error.message}. "
            f"Expected a Jinja2 template of these names: {', '.join(said)}"
        ) from error
    return Markup("".join(line.strip() for line in text.splitlines()))


@cache
def _read_template(name):
    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    return environment.from_string((FOLDER / f"{name}.txt").read_text(encoding="utf-8"))
