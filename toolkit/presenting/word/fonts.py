"""The fonts of a Word document: named, never a theme's, with a fallback where a machine lacks them; none is embedded."""

from markupsafe import Markup

from toolkit.presenting.figures import join

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
FOOTERS = ("/header", "/footer", "/footnotes", "/endnotes")


def name_fonts(document, fallbacks):
    """Take away the theme's fonts, which would override those named; Chinese stands in a Chinese font everywhere.

    Every run is hinted East Asian: quotes, dashes and ellipses, which Latin fonts have too, are Chinese here.
    """
    from docx.oxml.ns import qn

    themes = [qn(f"w:{slot}Theme") for slot in ("ascii", "hAnsi", "eastAsia")] + [qn("w:cstheme")]
    for root in _list_roots(document):
        for run in root.iter(qn("w:r")):
            run.get_or_add_rPr().get_or_add_rFonts().set(qn("w:hint"), "eastAsia")
        for fonts in root.iter(qn("w:rFonts")):
            for theme in themes:
                fonts.attrib.pop(theme, None)
            named = fonts.get(qn("w:ascii"))
            if named in fallbacks and fonts.get(qn("w:eastAsia")) is None:
                fonts.set(qn("w:eastAsia"), named)


def _list_roots(document):
    part = document.docx.part
    yield from (part.element, document.styles.element)
    for relation in part.rels.values():
        if relation.reltype.endswith(FOOTERS):
            yield relation.target_part.element


def list_fallbacks(document, fallbacks):
    """The document's table of fonts: each with the one that serves where it is missing."""
    from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    part = document.docx.part
    made = Part(
        PackURI("/word/fontTable.xml"), CONTENT_TYPE.WML_FONT_TABLE, write_font_table(fallbacks), part.package
    )
    former = [key for key, relation in part.rels.items() if relation.reltype == RELATIONSHIP_TYPE.FONT_TABLE]
    for key in former:
        del part.rels[key]
    part.relate_to(made, RELATIONSHIP_TYPE.FONT_TABLE)


def write_font_table(fallbacks):
    """fontTable.xml: names and fallbacks alone."""
    told = Markup(
        '<w:font w:name="{}"><w:altName w:val="{}"/><w:charset w:val="86"/><w:family w:val="auto"/></w:font>'
    )
    fonts = join(told.format(*pair) for pair in fallbacks.items())
    head = Markup('<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts xmlns:w="{}">{}</w:fonts>')
    return str(head.format(NAMESPACE, fonts)).encode()
