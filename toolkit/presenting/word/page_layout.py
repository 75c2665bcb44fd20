"""What word.yml settles in a Word document, whatever template it comes from: page, pitch of lines, page number."""

from math import floor

from toolkit.presenting.word.fonts import list_fallbacks, name_fonts
from toolkit.presenting.word.word_settings import A4_MM, CENTRED, MM_PER_POINT, TWIPS

BODY_STYLE, NUMBER_STYLE = "公文正文", "公文页码"
BODY_POINTS, NUMBER_POINTS = 16, 14  # 3号, 4号


def lay_out(document, settings):
    """Set page, pitch, page numbers and fonts of a rendered template."""
    for section in document.sections:
        set_page(section, settings)
        set_grid(section, settings.page)
        place_numbers(document, section, settings.page_number)
    set_pitch(document.styles, settings.page)
    name_fonts(document, settings.fonts)
    list_fallbacks(document, settings.fonts)


def set_page(section, settings):
    """Margins of A4; a page that lies on its side is turned with them. The page number stands below the text."""
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    page = settings.page
    upright = [page.top_mm, page.right_mm, page.bottom_mm, page.left_mm]
    lies = section.orientation == WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = map(Mm, reversed(A4_MM) if lies else A4_MM)
    # The binding, on the left, is then above.
    top, right, bottom, left = [upright[3], *upright[:3]] if lies else upright
    section.top_margin, section.right_margin = Mm(top), Mm(right)
    section.bottom_margin, section.left_margin = Mm(bottom), Mm(left)
    below = settings.page_number.below_mm + NUMBER_POINTS * MM_PER_POINT
    section.footer_distance = Mm(max(bottom - below, 5))


def set_grid(section, page):
    """The grid of lines; none of characters, in which some programs give a character two cells."""
    from docx.oxml.ns import qn

    properties = section._sectPr
    for grid in properties.findall(qn("w:docGrid")):
        properties.remove(grid)
    pitch = {qn("w:type"): "lines", qn("w:linePitch"): str(round(page.line_points * TWIPS))}
    properties.append(properties.makeelement(qn("w:docGrid"), pitch))


def place_numbers(document, section, settings):
    """The page number outside, a character in from the edge, or in the middle."""
    from docx.oxml.ns import qn

    for reference in section._sectPr.findall(qn("w:footerReference")):
        side = "left" if reference.get(qn("w:type")) == "even" else "right"
        footer = document.docx.part.rels[reference.get(qn("r:id"))].target_part.element
        for place in _find_numbers(footer, document):
            for former in [*place.findall(qn("w:jc")), *place.findall(qn("w:ind"))]:
                place.remove(former)
            if settings.place != CENTRED:
                inset = {qn(f"w:{side}Chars"): "100", qn(f"w:{side}"): str(NUMBER_POINTS * TWIPS)}
                place.append(place.makeelement(qn("w:ind"), inset))
            where = "center" if settings.place == CENTRED else side
            place.append(place.makeelement(qn("w:jc"), {qn("w:val"): where}))


def _find_numbers(footer, document):
    """The properties of the paragraphs in a footer that hold a page number, by their style."""
    from docx.oxml.ns import qn

    wanted = next((style.style_id for style in document.styles if style.name == NUMBER_STYLE), None)
    for properties in footer.iter(qn("w:pPr")):
        style = properties.find(qn("w:pStyle"))
        if style is not None and style.get(qn("w:val")) == wanted:
            yield properties


def set_pitch(styles, page):
    """The pitch of lines in the body's style and every other that keeps it, and their characters' distance.

    Styles of another pitch, or as high as their words, are the template's own: tables, titles.
    """
    from docx.shared import Length, Pt

    body = styles[BODY_STYLE]
    own = body.paragraph_format.line_spacing
    for style in styles:
        if style == body or (isinstance(own, Length) and _find_pitch(style) == own):
            style.paragraph_format.line_spacing = Pt(page.line_points)
            size = style.font.size or body.font.size
            spread_characters(style, page, size.pt if size else BODY_POINTS)


def _find_pitch(style):
    """The pitch of a paragraph's style; nothing of other styles."""
    layout = getattr(style, "paragraph_format", None)
    return layout and layout.line_spacing


def spread_characters(style, page, size):
    """Characters further apart, or closer, so that a line holds as many as are asked for; in twips."""
    from docx.oxml.ns import qn

    fonts = style.element.get_or_add_rPr()
    for former in fonts.findall(qn("w:spacing")):
        fonts.remove(former)
    added = floor((page.width_points / page.characters - size) * TWIPS)
    spacing = fonts.makeelement(qn("w:spacing"), {qn("w:val"): str(added)})
    fonts.insert_element_before(spacing, *map("w:{}".format, ["w", "kern", "position", "sz", "szCs", "lang"]))
