"""A template of parameters/templates/ and what goes into it → the bytes of a .docx, the same for the same input.

The office may replace a template: its styles carry fonts, sizes and alignment, its places `{{ … }}` take what is
written. Margins, pitch, page number and fallback fonts come from parameters/word.yml.
"""

from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from toolkit.errors import ParameterError, list_mistakes, nearest
from toolkit.presenting.sentences import WRONG
from toolkit.presenting.word.page_layout import lay_out
from toolkit.settings import PROJECT, first_line

FOLDER = PROJECT / "parameters" / "templates"
FIXED = (1980, 1, 1, 0, 0, 0)  # of every file in the package


def open_template(name, places, styles):
    """A template, and name → id of its styles; ParameterError where a place or a style is not as expected.

    places: what the document has to say and the template must ask for. styles: names that must be there.
    """
    document = _read_template(name)
    known = {style.name: style.style_id for style in document.styles}
    mistakes = [*_list_place_mistakes(document, places), *_list_style_mistakes(known, styles)]
    mistakes += _list_break_mistakes(document)
    if mistakes:
        raise ParameterError(list_mistakes(_say_file(name), mistakes))
    return document, known


def _say_file(name):
    return f"parameters/templates/{name}.docx"


def _read_template(name):
    from docx.opc.exceptions import OpcError
    from docxtpl import DocxTemplate
    from lxml.etree import LxmlError

    path = FOLDER / f"{name}.docx"
    try:
        document = DocxTemplate(path)
        document.init_docx()
    except (OpcError, LxmlError, BadZipFile, KeyError, ValueError, AttributeError, OSError) as error:
        to_do = "save it in Word or WPS as .docx, or write it anew: python -m toolkit.presenting.word.make_templates"
        raise ParameterError(f"{_say_file(name)} cannot be opened: {first_line(error)}: {to_do}") from error
    _drop_strange_properties(document.docx.part.package.rels)
    return document


def _drop_strange_properties(relations):
    """Some programs write a document's properties under another name; kept, they would stand there twice."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    for key, relation in list(relations.items()):
        if (
            relation.reltype.endswith("/core-properties")
            and relation.reltype != RELATIONSHIP_TYPE.CORE_PROPERTIES
        ):
            del relations[key]


def _list_place_mistakes(document, places):
    """Places that are missing, and places nobody fills, with the nearest name."""
    try:
        asked = document.get_undeclared_template_variables(_environment())
    except TemplateError as error:
        return [f"a place cannot be read: {first_line(error)}. Expected {{{{ name }}}}, as {_say(places)}"]
    missing = [name for name in places if name not in asked]
    strange = [f"'{name}' is no place.{nearest(name, places)}" for name in sorted(asked - set(places))]
    lacking = [f"no place for {_say(missing)}: expected {_say(places)}"] if missing else []
    return [*lacking, *strange]


def _list_style_mistakes(known, styles):
    return [f"no style '{name}'.{nearest(name, known)}" for name in styles if name not in known]


def _list_break_mistakes(document):
    """Places that take a whole paragraph, and with it the break of a section that ends there."""
    for paragraph in document.element.body.iter("{*}p"):
        words = "".join(text.text or "" for text in paragraph.iter("{*}t"))
        if words.startswith(("{{p", "{%p")) and paragraph.find("{*}pPr/{*}sectPr") is not None:
            yield f"a section ends in the line of {words}: put an empty line between it and the section's break"


def _say(names):
    return ", ".join(f"{{{{ {name} }}}}" for name in names)


@cache
def _environment():
    return ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def render(document, values, settings, title, moment):
    """The bytes of the template filled in and laid out by word.yml.

    title: for the document's properties; moment: what stands there as its time, for the system's is not read.
    """
    try:
        document.render(values, _environment())
    except WRONG as error:
        raise ParameterError(
            f"parameters/templates/{Path(document.template_file).name}: {first_line(error)}. Expected a template "
            f"of these places: {_say(values)}"
        ) from error
    lay_out(document, settings)
    _set_properties(document.core_properties, title, moment)
    made = BytesIO()
    document.save(made)
    return pack_again(made.getvalue())


def _set_properties(properties, title, moment):
    """Nothing of the machine or of who made the template."""
    properties.title, properties.author, properties.last_modified_by = title, "", ""
    properties.comments, properties.revision = "", 1
    properties.created = properties.modified = moment.to_pydatetime()


def pack_again(content):
    """The same package in fixed order and with fixed times: same input, same bytes."""
    made = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(made, "w") as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            info = ZipInfo(name, FIXED)
            info.compress_type = ZIP_DEFLATED
            target.writestr(info, source.read(name))
    return made.getvalue()
