"""The styles of the templates as the toolkit writes them: fonts, sizes, alignment after GB/T 9704."""

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt, RGBColor

from toolkit.presenting.word.word_settings import TABLE_STYLE

# The standard's sizes in points.
ONE, TWO, THREE, FOUR, FIVE, SIX = 26, 22, 16, 14, 10.5, 7.5
SONG_TITLE, FANG, HEI, KAI, SONG = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
PITCH = 28.95
RED = "FF0000"

# name → font, size, alignment, further settings. chars: first-line indent in hundredths of a character;
# left, right: indents likewise. line: exact points; without it as high as the line needs, so that no cell is cut off.
BODY = {"line": PITCH, "chars": 200}
STYLES = {
    "Normal": (FANG, THREE, "JUSTIFY", {}),
    "Title": (SONG_TITLE, TWO, "CENTER", {"line": 33, "keep": True}),
    "Heading 1": (HEI, THREE, "JUSTIFY", BODY | {"keep": True, "outline": 0}),
    "Heading 2": (KAI, THREE, "JUSTIFY", BODY | {"keep": True, "outline": 1}),
    "Heading 3": (FANG, THREE, "JUSTIFY", BODY | {"keep": True, "outline": 2, "bold": True}),
    "公文正文": (FANG, THREE, "JUSTIFY", BODY),
    "公文红头": (SONG_TITLE, ONE, "CENTER", {"color": RED}),
    "公文文号": (FANG, THREE, "CENTER", {"line": PITCH}),
    "公文等级": (FANG, THREE, "LEFT", {"line": PITCH, "left": 100}),
    "公文等级右": (FANG, THREE, "RIGHT", {"line": PITCH, "right": 100}),
    "公文主送": (FANG, THREE, "JUSTIFY", {"line": PITCH, "keep": True}),
    "公文附件": (FANG, THREE, "JUSTIFY", BODY | {"keep": True}),
    "公文署名": (FANG, THREE, "RIGHT", {"line": PITCH, "right": 400, "keep": True}),
    "公文成文日期": (FANG, THREE, "RIGHT", {"line": PITCH, "right": 400}),
    "公文注": (FANG, THREE, "JUSTIFY", BODY | {"keep": True}),
    "公文版记": (FANG, FOUR, "JUSTIFY", {"line": 22, "left": 100, "right": 100}),
    "公文页码": (SONG, FOUR, "RIGHT", {}),
    "公文附件标号": (HEI, THREE, "LEFT", {"line": PITCH, "keep": True}),
    "公文附件标题": (SONG_TITLE, TWO, "CENTER", {"line": 33, "keep": True}),
    "公文表头": (HEI, FIVE, "CENTER", {}),
    "公文表文": (FANG, FIVE, "CENTER", {}),
    "公文索引表头": (HEI, SIX, "CENTER", {}),
    "公文索引": (FANG, SIX, "LEFT", {}),
}
UNWANTED = [
    "thumbnail",
    "customXml",
    "numbering",
    "stylesWithEffects",
    "webSettings",
    "theme",
    "extended-properties",
]
KEPT_SETTINGS = ["w:characterSpacingControl", "w:compat", "w:themeFontLang", "w:defaultTabStop"]
KEPT_STYLES = {
    "Normal",
    "Title",
    "Heading 1",
    "Heading 2",
    "Heading 3",
    "Default Paragraph Font",
    "Normal Table",
}
AFTER_BREAKS = ["w:spacing", "w:ind", "w:contextualSpacing", "w:jc"]


def set_styles(document):
    """The styles of STYLES and the tables', and no other."""
    drop_styles(document)
    for name, (font, size, aligned, more) in STYLES.items():
        set_style(find_style(document, name), font, size, aligned, **more)
    add_table_style(document)


def drop_styles(document):
    """What the library's own document brings along: its styles, its theme's fonts, its picture."""
    for style in list(document.styles):
        if style.name not in KEPT_STYLES:
            style.delete()
    styles = document.styles.element
    defaults = parse_xml(
        f'<w:docDefaults {nsdecls("w")}><w:rPrDefault><w:rPr><w:rFonts w:ascii="{FANG}" w:hAnsi="{FANG}" '
        f'w:eastAsia="{FANG}" w:cs="{FANG}"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr>'
        "</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    )
    styles.replace(styles.find(qn("w:docDefaults")), defaults)
    for relations in (document.part.rels, document.part.package.rels):
        for key, relation in list(relations.items()):
            if relation.reltype.rpartition("/")[2] in UNWANTED:
                del relations[key]
    for setting in list(document.settings.element):
        if setting.tag not in {qn(name) for name in KEPT_SETTINGS}:
            document.settings.element.remove(setting)
    language = document.settings.element.find(qn("w:themeFontLang"))
    language.set(qn("w:eastAsia"), "zh-CN")
    mode = document.settings.element.find(qn("w:compat")).find(qn("w:compatSetting"))
    mode.set(qn("w:val"), "15")


def find_style(document, name):
    """The style of a name with nothing of its own left; a new one where there is none."""
    styles = document.styles
    style = (
        styles[name]
        if name in [own.name for own in styles]
        else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    )
    for part in [*style.element.findall(qn("w:pPr")), *style.element.findall(qn("w:rPr"))]:
        style.element.remove(part)
    style.base_style = None if name == "Normal" else styles["Normal"]
    style.quick_style, style.hidden, style.unhide_when_used = True, False, False
    return style


def set_style(
    style,
    font,
    size,
    aligned,
    *,
    line=None,
    chars=0,
    left=0,
    right=0,
    keep=False,
    bold=False,
    color=None,
    outline=None,
):
    """Fonts for Chinese and Latin alike, size in points, alignment, pitch, indents in hundredths of a character."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for slot in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{slot}"), font)
    style.font.size, style.font.bold = Pt(size), bold
    style.font.color.rgb = RGBColor.from_string(color) if color else None
    layout = style.paragraph_format
    layout.alignment, layout.keep_with_next = WD_ALIGN_PARAGRAPH[aligned], keep
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing = Pt(line) if line else 1.0
    properties = style.element.get_or_add_pPr()
    set_indents(properties, size, chars, left, right)
    set_line_breaks(properties)
    if outline is not None:
        properties.append(parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="{outline}"/>'))


def set_indents(properties, size, chars, left, right):
    """Indents in characters, and in twips for programs that do not count characters."""
    inset = OxmlElement("w:ind")
    for name, hundredths in (("firstLine", chars), ("left", left), ("right", right)):
        inset.set(qn(f"w:{name}Chars"), str(hundredths))
        inset.set(qn(f"w:{name}"), str(round(hundredths / 100 * size * 20)))
    properties.insert_element_before(inset, "w:jc", "w:outlineLvl")


def set_line_breaks(properties):
    """No gaps beside Latin letters and digits, no sign beyond the edge, no cell's line on the grid: lines keep their count."""
    for name in ("w:overflowPunct", "w:autoSpaceDE", "w:autoSpaceDN", "w:snapToGrid"):
        switch = OxmlElement(name)
        switch.set(qn("w:val"), "0")
        properties.insert_element_before(switch, *AFTER_BREAKS)


def add_table_style(document):
    """Single lines all round, a little room beside the words."""
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    document.styles.element.append(
        parse_xml(
            f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="GongwenTable">'
            f'<w:name w:val="{TABLE_STYLE}"/><w:basedOn w:val="TableNormal"/><w:qFormat/><w:tblPr><w:tblBorders>{lines}'
            '</w:tblBorders><w:tblCellMar><w:top w:w="28" w:type="dxa"/><w:left w:w="57" w:type="dxa"/>'
            '<w:bottom w:w="28" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        )
    )
