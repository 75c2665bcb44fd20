"""A Word document of a report: its figures' references, its bytes, what a replaced template must still hold."""

import io
import json
import re
import zipfile
from urllib.parse import unquote

import pandas as pd
import pytest
from docx import Document

from toolkit import load, prepare
from toolkit.checking.opening import open_condition
from toolkit.errors import ParameterError
from toolkit.presenting import sentences
from toolkit.presenting.figures import figure
from toolkit.presenting.word import render
from toolkit.presenting.word.document import write_word
from toolkit.presenting.word.make_templates import TEMPLATES
from toolkit.presenting.word.notice import write_notice
from toolkit.presenting.word.references import number_figures
from toolkit.presenting.word.word_settings import read_word_settings
from toolkit.presenting.writing.document import PARAGRAPH, TABLE, Block, read_blocks
from toolkit.presenting.writing.drafts import list_draft_mistakes
from toolkit.proofreading.proofread import ACCUSED, proofread
from toolkit.proofreading.text import read_text

ROWS = {
    "工单编号": [f"A{place}" for place in range(8)],
    "受理时间": ["2025-03-03 09:00"] * 7 + ["2025-03-04 09:00"],
    "承办单位": ["甲乡"] * 2 + ["乙镇"] * 2 + ["丙镇"] * 2 + ["丁镇"] * 2,
    "单位类别": "乡镇",
    "问题分类": ["修路/村道"] * 3 + ["供水/停水"] * 2 + ["噪音<b{{ gift }}&"] * 2 + [None],
    "回复时间": ["2025-03-28 09:00"] * 7 + [None],
    "满意度": ["不满意"] + ["满意"] * 7,
    "状态": "已办结",
}


@pytest.fixture(scope="module")
def county():
    return prepare(
        load(pd.DataFrame(ROWS), "2025-12-31", key=b"k"), {"as_of": "2025-12-31", "period": "2025"}
    )


@pytest.fixture(scope="module")
def settings():
    """The shipped settings with what an office fills in."""
    filled = {
        "organ": "某县热线办",
        "send_to": "各乡镇",
        "copy_to": "县委办公室",
        "letterhead": "某县热线办文件",
    }
    return read_word_settings().model_copy(update=filled)


@pytest.fixture(scope="module")
def bulletin(county, settings, tmp_path_factory):
    path = tmp_path_factory.mktemp("word") / "全县通报.docx"
    path.write_bytes(write_word(county, "bulletin", settings))
    return path


def read_part(content, name="word/document.xml"):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(name).decode("utf-8")


def say_runs(runs):
    """What stands in runs, raised numbers in angle brackets."""
    raised = re.sub(r'superscript"/></w:rPr><w:t xml:space="preserve">\[(\d+)\]', r">⟨\1⟩", str(runs))
    return re.sub("<[^>]+>", "", raised)


# --- references ------------------------------------------------------------------------------------


def test_a_rate_with_its_counts_has_one_number_and_the_same_tickets_keep_theirs():
    one, two = figure("50%", "率：分子", 率=[1]), figure(2, "率：分母", 率=[0, 1])
    text = f"共{two}件，率{one}（{figure(1, '率：分子', 率=[1])}/{two}），再说{two}件"
    blocks, references = number_figures([Block(PARAGRAPH, 0, text)])
    assert say_runs(blocks[0].content) == "共2⟨1⟩件，率50%（1/2⟨2⟩），再说2⟨1⟩件"
    assert [(each.number, each.what, each.text) for each in references] == [
        *[(1, "率：分母", "2"), (2, "率：分子", "1"), (2, "率：分母", "2")]
    ]


def test_the_figures_of_a_table_s_row_share_a_number_behind_its_name():
    row = ["甲乡", figure(3, "甲", report=["甲乡"]), figure(1, "乙", report=["乙镇"])]
    blocks, references = number_figures([Block(TABLE, 0, [["单位", "件数", "其中"], row])])
    assert [say_runs(cell) for cell in blocks[0].content[1]] == ["甲乡⟨1⟩", "3", "1"]
    assert [each.text for each in references] == ["3", "1"]


def test_an_address_is_what_the_page_s_drawer_makes_and_its_shown_form_says_the_same():
    [reference] = number_figures(read_blocks(figure(3, "甲&乙 100%", category=["路&桥%#", '"']) + "件"))[1]
    parts = dict(part.split("=", 1) for part in reference.address.lstrip("#").split("&"))
    assert (
        unquote(parts["where"]) == '{"category":["路&桥%#","\\""]}' and unquote(parts["what"]) == "甲&乙 100%"
    )
    assert unquote(reference.shown) == "#where=" + unquote(parts["where"])
    assert "&" not in reference.shown and "#" not in reference.shown[1:]


def test_every_figure_of_the_bulletin_is_listed_with_its_count_and_opens_beside_the_document(
    county, bulletin
):
    document = Document(bulletin)
    index = next(table for table in document.tables if table.rows[0].cells[0].text == "序号")
    rows = [[cell.text for cell in row.cells] for row in index.rows[1:]]
    marks = set(re.findall(r"⟨(\d+)⟩", say_runs(read_part(bulletin.read_bytes()))))
    assert marks == {row[0] for row in rows} and len(marks) > 10
    assert (
        rows[0][:3] == ["1", "受理件数", "8"] and rows[0][3] == '#where={"against":["本期"],"受理件数":[1]}'
    )
    links = [link.get(f"{{{link.nsmap['w']}}}anchor") for link in index._tbl.iter("{*}hyperlink")]
    assert [unquote(link).split("&what=")[0] for link in links] == [unquote(row[3])[1:] for row in rows]
    assert {each.target_ref for each in document.part.rels.values() if each.is_external} == {"index.html"}
    opened = [open_condition(county, json.loads(unquote(row[3]).removeprefix("#where="))) for row in rows]
    assert [len(ids) for ids in opened] == [int(row[2]) for row in rows]


def test_the_appendix_defines_every_metric_and_rule_its_figures_rest_on(bulletin):
    defined = next(table for table in Document(bulletin).tables if table.rows[0].cells[0].text == "名称")
    told = {row.cells[0].text: row.cells[1].text for row in defined.rows}
    assert told["满意率（÷评价）"].startswith("评价为非常满意、满意、基本满意的件 ÷ 有评价的件")
    assert told["回访不满意"].startswith("回访时群众评价不满意")
    said = read_text(bulletin)
    assert "注：文中各项比率怎样计算，见附件末尾的“口径”。" in said
    assert said.count(told["满意率（÷评价）"].rstrip("。")) == 1


# --- the document ----------------------------------------------------------------------------------


def test_the_same_report_gives_the_same_bytes_and_nothing_of_the_machine_stands_in_them(
    county, settings, bulletin
):
    content = bulletin.read_bytes()
    assert write_word(county, "bulletin", settings) == content
    with zipfile.ZipFile(bulletin) as package:
        assert {item.date_time[0] for item in package.infolist()} == {1980}
    properties = Document(bulletin).core_properties
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert f"{properties.created:%Y-%m-%d}" == "2025-12-31"


def test_what_a_ticket_says_is_neither_a_template_nor_a_part_of_the_document(bulletin):
    assert "噪音<b{{ gift }}&类2件" in read_text(bulletin)


def test_the_proofreader_finds_nothing_and_reads_no_reference_as_part_of_a_figure(bulletin, county):
    proof = proofread(bulletin, county.now, county.counted.scorecard)
    wrong = proof[proof["verdict"].isin(ACCUSED) & proof["stated"].ne("（待补：发文字号）")]
    assert wrong[["stated", "how"]].values.tolist() == []
    assert "全县共受理工单8件" in read_text(bulletin)


def test_the_proofreader_finds_nothing_in_a_notice_whose_tickets_are_some_of_the_unit_s(county, tmp_path):
    entries = (
        county.now[["unit", "title"]]
        .head(1)
        .assign(
            ticket_id="20250304000007",
            number="督办〔2025〕1号-1",
            notice="督办〔2025〕1号",
            level="重点督办",
            reason="超期未回复12个工作日",
            demand="限期办结。",
            issued_on=pd.Timestamp("2025-12-31"),
            answer_by=pd.Timestamp("2026-01-08"),
            due_explained="应于2025年12月15日17:30前回复",
        )
    )
    path = tmp_path / "督办单.docx"
    path.write_bytes(write_notice(entries, page="../index.html"))
    proof = proofread(path, county.now, county.counted.scorecard)
    wrong = proof[proof["verdict"].isin(ACCUSED) & ~proof["stated"].str.startswith("（待补")]
    assert wrong[["stated", "how"]].values.tolist() == []


def test_no_theme_names_a_font_and_every_run_asks_for_the_chinese_one(bulletin):
    with zipfile.ZipFile(bulletin) as package:
        texts = {
            name: package.read(name).decode("utf-8") for name in package.namelist() if name.endswith(".xml")
        }
    assert [name for name, text in texts.items() if re.search(r"w:\w+Theme=", text)] == []
    body, footer = texts["word/document.xml"], texts["word/footer1.xml"]
    assert "“网页地址”" in body and len(re.findall("<w:r>|<w:r ", body)) > 100
    for text in (body, footer):
        assert text.count('<w:rFonts w:hint="eastAsia"/>') == len(re.findall("<w:r>|<w:r ", text))
    assert '<w:font w:name="仿宋_GB2312"><w:altName w:val="仿宋"/>' in texts["word/fontTable.xml"]
    assert "embed" not in texts["word/fontTable.xml"]


def test_a_table_s_widths_agree_where_word_reads_them_and_where_wps_does(bulletin):
    for table in Document(bulletin).tables:
        grid = [int(column.get(key)) for column in table._tbl.tblGrid for key in column.attrib]
        stated = int(table._tbl.tblPr.find("{*}tblW").get(f"{{{table._tbl.nsmap['w']}}}w"))
        assert sum(grid) == stated
        for row in table._tbl.tr_lst:
            assert sum(cell.width.twips for cell in row.tc_lst) == pytest.approx(stated, abs=2)


def test_what_the_office_has_not_filled_in_is_said_and_no_letterhead_is_made_up(county):
    body = read_part(write_word(county, "bulletin", read_word_settings()))
    assert "（待补：发文机关）" in body and "公文红头" not in body and "公文主送" not in body


def test_a_letterhead_and_addressees_are_the_bulletin_s_and_its_number_is_given_when_it_is_issued(
    county, settings, bulletin
):
    assert read_text(bulletin).startswith(
        "某县热线办文件\n（待补：发文字号）\n"
    ) and "\n各乡镇：\n" in read_text(bulletin)
    summary = write_word(county, "annual_summary", settings)
    assert "某县热线办文件" not in read_part(summary) and "各乡镇：" not in read_part(summary)
    assert "县委办公室" not in "".join(read_part(summary, f"word/footer{place}.xml") for place in (1, 2, 3))


def test_page_numbers_may_stand_in_the_middle_in_another_form(county, settings):
    number = settings.page_number.model_copy(update={"place": "居中", "form": "第{}页"})
    content = write_word(county, "bulletin", settings.model_copy(update={"page_number": number}))
    for footer in ("word/footer1.xml", "word/footer2.xml"):
        assert re.search('公文页码"/><w:jc w:val="center"/></w:pPr>', read_part(content, footer))
        assert re.sub("<[^>]+>", "", read_part(content, footer)).strip() == "第1页"


def test_the_page_follows_word_yml_and_turns_with_the_paper(county, settings):
    page = settings.page.model_copy(update={"top_mm": 30, "left_mm": 27, "line_points": 30, "characters": 25})
    content = write_word(county, "bulletin", settings.model_copy(update={"page": page}))
    upright, lying, last = Document(io.BytesIO(content)).sections
    assert [round(each.mm) for each in (upright.top_margin, upright.left_margin)] == [30, 27]
    assert [round(each.mm) for each in (lying.top_margin, lying.right_margin)] == [27, 30]
    assert round(lying.page_width.mm) == 297 and round(last.page_width.mm) == 210
    styles = read_part(content, "word/styles.xml")
    assert 'w:line="600" w:lineRule="exact"' in styles and 'w:line="579"' not in styles


# --- the template and its settings -----------------------------------------------------------------


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(render, "FOLDER", tmp_path)
    return tmp_path


def replace_template(folder, change):
    """The stored template, changed as an office might."""
    document = Document(io.BytesIO(TEMPLATES["公文"]()))
    change(document)
    document.save(folder / "公文.docx")


def test_a_template_without_a_place_or_with_one_nobody_fills_is_refused_by_name(folder, county):
    def change(document):
        next(each for each in document.paragraphs if "p body" in each.text).text = "{{p bodi }}"
        document.styles["公文表格"].name = "表格"

    replace_template(folder, change)
    with pytest.raises(ParameterError) as error:
        write_word(county, "bulletin")
    said = str(error.value)
    assert "parameters/templates/公文.docx" in said and "no place for {{ body }}" in said
    assert "'bodi' is no place. Did you mean 'body'?" in said and "no style '公文表格'" in said
    assert list(list_draft_mistakes()) == [said]


def test_a_section_that_ends_in_a_place_s_own_line_is_refused_for_the_place_would_take_its_break(
    folder, county
):
    def change(document):
        lines = document.paragraphs
        at = next(place for place, line in enumerate(lines) if "p definitions" in line.text)
        lines[at]._p.get_or_add_pPr().append(lines[at + 1]._p.pPr.sectPr)

    replace_template(folder, change)
    with pytest.raises(
        ParameterError, match=r"a section ends in the line of \{\{p definitions \}\}: put an empty line"
    ):
        write_word(county, "bulletin")


def test_properties_that_a_program_named_otherwise_do_not_stand_there_twice(folder, county):
    def change(document):
        relations = document.part.package.rels.values()
        next(
            each for each in relations if each.reltype.endswith("core-properties")
        )._reltype = "x:/core-properties"

    replace_template(folder, change)
    with zipfile.ZipFile(io.BytesIO(write_word(county, "bulletin"))) as package:
        assert len(package.namelist()) == len(set(package.namelist()))


def test_a_place_that_asks_for_more_than_there_is_names_the_template(folder, county):
    def change(document):
        next(each for each in document.paragraphs if "title" in each.text).text = "{{ title.author }}"

    replace_template(folder, change)
    with pytest.raises(
        ParameterError, match=r"公文\.docx: .*no attribute 'author'.*Expected a template of these"
    ):
        write_word(county, "bulletin")


def test_a_template_that_is_no_word_file_says_how_to_get_one(folder, county):
    (folder / "公文.docx").write_bytes(b"\xd0\xcf\x11\xe0")
    with pytest.raises(
        ParameterError, match=r"公文\.docx cannot be opened.*save it in Word or WPS as \.docx"
    ):
        write_word(county, "bulletin")


def test_a_restyled_template_keeps_its_sizes_and_loses_a_theme_that_overrides_its_fonts(folder, county):
    def change(document):
        fonts = document.styles["公文正文"].element.rPr.rFonts
        fonts.set(f"{{{fonts.nsmap['w']}}}eastAsiaTheme", "minorEastAsia")
        del fonts.attrib[f"{{{fonts.nsmap['w']}}}eastAsia"]
        document.styles["公文表文"].font.size = 12 * 12700
        document.styles["Normal"].font.size = document.styles["Normal"].paragraph_format.line_spacing = None

    replace_template(folder, change)
    styles = Document(io.BytesIO(write_word(county, "bulletin"))).styles
    fonts = styles["公文正文"].element.rPr.rFonts
    assert sorted(fonts.values()) == ["仿宋_GB2312"] * 4 and styles["公文表文"].font.size.pt == 12
    assert styles["公文正文"].paragraph_format.line_spacing.pt == 28.95
    assert styles["公文表文"].paragraph_format.line_spacing == 1  # as high as its words: no cell is cut off


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_stored_template_is_what_the_toolkit_writes(name):
    stored = (sentences.FOLDER / f"{name}.docx").read_bytes()
    assert stored == TEMPLATES[name]()


def test_every_mistake_of_word_yml_is_named_at_once(tmp_path):
    text = (sentences.FOLDER.parent / "word.yml").read_text(encoding="utf-8")
    text = text.replace("— {} —", "— —").replace("单右双左\n  #", "右边\n  #").replace("  left_mm: 28\n", "")
    (tmp_path / "word.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError) as error:
        read_word_settings(tmp_path / "word.yml")
    said = str(error.value)
    assert "'page.left_mm' is missing" in said and "expected one {} where the number stands" in said
    assert "'page_number.place'" in said and "单右双左" in said
