"""Word documents as they come out of a printer: LibreOffice renders them once, poppler counts.

The standard's fonts are missing where tests run; a fallback's Chinese characters are as wide and as high.
"""

import re
import shutil
import subprocess
from itertools import pairwise
from xml.etree.ElementTree import fromstring

import pandas as pd
import pytest

from toolkit import load, prepare
from toolkit.presenting import sentences
from toolkit.presenting.word.document import write_word
from toolkit.presenting.word.notice import write_notice
from toolkit.presenting.word.word_settings import MM_PER_POINT, read_word_settings

TOOLS = [name for name in ("soffice", "pdftotext") if not shutil.which(name)]
pytestmark = pytest.mark.skipif(bool(TOOLS), reason=f"not on this machine: {', '.join(TOOLS)}")

SIGNS = "甲“乙”丙……丁——戊‘己’"
LONG = "# 通报\n\n" + "字" * 28 * 50 + f"\n\n{SIGNS}\n\n各单位情况\n\n| 单位 | 受理件数 | 说明 |\n"
UNITS = "\n".join(
    f"| 第{place}乡 | {place} | {'说明写得很长' * (12 if place == 9 else 1)} |" for place in range(1, 237)
)
ENTRIES = pd.DataFrame(
    {
        "number": [f"督办〔2025〕12号-{place}" for place in (1, 2)],
        "notice": "督办〔2025〕12号",
        "unit": "甲乡",
        "level": "重点督办",
        "ticket_id": ["QH20251103000412", "QH20251117000873"],
        "title": ["反映村道积水无法通行", "要求答复宅基地审批进展"],
        "reason": "超期未回复12个工作日；退回2次",
        "demand": "限期办结，并书面说明超期原因。",
        "issued_on": pd.Timestamp("2025-12-31"),
        "answer_by": pd.Timestamp("2026-01-08 23:59"),
        "due_explained": "截止2025年12月15日17:30",
    }
)


def fill_settings(**page):
    settings = read_word_settings()
    filled = {"organ": "某县热线办公室", "copy_to": "县委办公室", "send_to": "各乡镇"}
    return settings.model_copy(update=filled | {"page": settings.page.model_copy(update=page)})


@pytest.fixture(scope="module")
def county():
    rows = {
        "工单编号": ["A1", "A2"],
        "受理时间": "2025-03-03 09:00",
        "承办单位": ["甲乡", "乙镇"],
        "单位类别": "乡镇",
    }
    return prepare(
        load(pd.DataFrame(rows), "2025-12-31", key=b"k"), {"as_of": "2025-12-31", "period": "2025"}
    )


@pytest.fixture(scope="module")
def pages(county, tmp_path_factory):
    """Document → its pages, each a list of lines: (left, top, right, bottom, words), in millimetres."""
    folder = tmp_path_factory.mktemp("rendered")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sentences, "FOLDER", folder)
        (folder / "bulletin.txt").write_text(LONG + UNITS, encoding="utf-8")
        (folder / "long.docx").write_bytes(write_word(county, "bulletin", fill_settings()))
        narrow = fill_settings(line_points=31.85, characters=25)
        (folder / "narrow.docx").write_bytes(write_word(county, "bulletin", narrow))
    (folder / "notice.docx").write_bytes(write_notice(ENTRIES, fill_settings()))
    files = sorted(map(str, folder.glob("*.docx")))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *files]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return {path.stem: list(read_pages(path)) for path in folder.glob("*.pdf")}


def read_pages(path):
    said = subprocess.run(["pdftotext", "-bbox-layout", path, "-"], check=True, capture_output=True).stdout
    for page in fromstring(re.sub(rb"[\x00-\x08\x0b\x0c]", b"", said)).findall(".//{*}page"):
        lines = []
        for line in page.findall(".//{*}line"):
            place = [float(line.get(side)) * MM_PER_POINT for side in ("xMin", "yMin", "xMax", "yMax")]
            lines.append((*place, "".join(word.text for word in line.findall("{*}word"))))
        yield sorted(lines, key=lambda line: line[1])


def find_number(page):
    """The page number's line: — 1 —."""
    return next(line for line in page if re.fullmatch("—(\\d+)—", line[4]))


@pytest.mark.parametrize(("name", "lines", "characters"), [("long", 22, 28), ("narrow", 20, 25)])
def test_a_page_holds_as_many_lines_and_a_line_as_many_characters_as_word_yml_says(
    pages, name, lines, characters
):
    full = [line[4] for line in pages[name][1][:-1]]
    assert full == ["字" * characters] * lines


def test_the_text_stands_within_the_standard_s_margins(pages):
    body = pages["long"][1][:-1]
    assert min(line[0] for line in body) == pytest.approx(28, abs=1)
    assert max(line[2] for line in body) == pytest.approx(210 - 26, abs=1)
    assert body[0][1] >= 36 and body[-1][3] <= 297 - 34


def test_quotes_dashes_and_ellipses_are_as_wide_as_chinese_characters(pages):
    line = next(line for page in pages["long"] for line in page if line[4] == SIGNS)
    assert line[2] - line[0] == pytest.approx(len(SIGNS) * (210 - 28 - 26) / 28, abs=1.5)


def test_page_numbers_stand_a_character_in_from_the_outer_edge_and_below_the_text(pages):
    """Odd pages right, even ones left, also where the paper is turned."""
    for name in ("long", "notice"):
        for page in pages[name]:
            left, top, right, _, words = find_number(page)
            is_upright = max(line[3] for line in page) > 210
            width, foot, edges = (210, 297 - 35, (28, 26)) if is_upright else (297, 210 - 26, (35, 37))
            inset = width - right - edges[1] if int(words.strip("—")) % 2 else left - edges[0]
            assert inset == pytest.approx(4.9, abs=1.5), words
            assert 5 <= top - foot <= 10, words


def test_a_long_table_repeats_its_heading_and_loses_no_row(pages):
    of_table = [page for page in pages["long"] if any(re.search(r"第\d+乡", line[4]) for line in page)]
    assert len(of_table) > 5
    for page in of_table:
        assert any("受理件数" in line[4] for line in page)
    told = "".join(line[4] for page in of_table for line in page)
    assert {int(place) for place in re.findall(r"第(\d+)乡", told)} == set(range(1, 237))


def test_a_cell_of_many_lines_is_as_high_as_they_are(pages):
    """An exact line height would cut off or overprint what does not fit."""
    told = [line for page in pages["long"] for line in page if "说明写得很长说明" in line[4]]
    gaps = [below[1] - above[1] for above, below in pairwise(told) if below[0] == above[0]]
    assert len(told) > 1 and min(gaps) > 3


def test_the_imprint_stands_at_the_foot_of_an_even_page_which_is_the_last(pages):
    for name in ("long", "narrow"):
        last = pages[name][-1]
        assert int(find_number(last)[4].strip("—")) % 2 == 0
        printed = next(line for line in last if "印发" in line[4])
        assert printed[3] == pytest.approx(297 - 35, abs=4)
        assert any("抄送：县委办公室。" in line[4] for line in last)


def test_a_notice_is_signed_before_its_slip_begins_a_page_of_its_own(pages):
    *notice, slip = ["".join(line[4] for line in page) for page in pages["notice"]]
    assert "重点督办" in notice[0] and "QH20251103000412" in notice[0]
    assert notice[-1].partition("2025年12月31日")[0].endswith("某县热线办公室")
    assert slip.startswith("12345热线督办通知单回执") and "主要负责人签字" in slip


# --- a checker of others ---------------------------------------------------------------------------

# Its margins are those of one province's rules (it says 红头文件正文区收窄), the standard's are 37 and 35 mm: with its own
# set in word.yml nothing may be left, with the standard's the two margins alone.
CHECKER_MARGINS = {"top_mm": 28, "bottom_mm": 28, "left_mm": 27, "right_mm": 27}


@pytest.mark.parametrize("name", ["bulletin", "annual_summary", "notice"])
def test_a_public_checker_of_official_documents_finds_nothing_grave(name, county, tmp_path):
    checker = pytest.importorskip("engine.core.rules.engine")
    from engine.core.document.parser import parse_docx

    def find_grave(**page):
        settings = fill_settings(**page)
        content = write_notice(ENTRIES, settings) if name == "notice" else write_word(county, name, settings)
        (tmp_path / "文.docx").write_bytes(content)
        found = checker.RuleEngine().check(parse_docx(str(tmp_path / "文.docx")), "bulletin")
        return {
            (each.name, each.original_text, each.suggested_fix) for each in found if each.severity == "P0"
        }

    assert find_grave(**CHECKER_MARGINS) == set()
    assert find_grave() == {("上边距检查", "37.01mm", "2.8cm"), ("下边距检查", "35.0mm", "2.8cm")}
