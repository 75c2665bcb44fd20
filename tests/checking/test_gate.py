"""The page gate, and how results are told: what it lets pass, what it does not, and in which words."""

from xml.etree import ElementTree

import pytest

from toolkit.checking.gate import MOST_BYTES, check_page
from toolkit.checking.results import is_passed, judge, say_results, skip, write_junit
from toolkit.presenting.page import build_plain_page


def page_of(content):
    from markupsafe import Markup

    return build_plain_page("页", Markup(content))


def test_a_page_as_the_toolkit_builds_it_passes():
    inside = (
        '<a href="#s1">甲</a><a href="units/%E7%94%B2.html#x">乙</a><img src="data:image/png;base64,AA==">'
    )
    assert list(check_page(page_of(inside))) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<script>1</script>", "有2段程序，应只有页面自带的1段"),
        ("<img src=x onerror=alert(1)>", "<img>带有onerror：文字变成了程序"),
        ('<a href="https:' + '//a.b/">x</a>', "<a>指向外部地址：https:"),
        ('<a href="javascript:x">x</a>', "<a>指向外部地址：javascript:x"),
        ('<img src="//a.b/x.png">', "<img>指向外部地址"),
        ('<p style="background:url(//a.b)">x</p>', "<p>的样式指向外部"),
        ("<iframe></iframe>", "有<iframe>"),
        ('<svg height="Infinity"></svg>', "图中<svg>的height画不出来"),
    ],
)
def test_what_must_not_stand_in_a_page_is_named(content, said):
    assert any(told.startswith(said) for told in check_page(page_of(content))), list(
        check_page(page_of(content))
    )


def test_a_page_exactly_at_the_limit_passes_and_one_byte_more_does_not():
    page = page_of("")
    filled = page.replace("</main>", "x" * (MOST_BYTES - len(page.encode())) + "</main>")
    assert list(check_page(filled)) == []
    assert next(check_page(filled.replace("</main>", "x</main>"))).startswith("页面8.0MB，超过8MB")


ROWS = [
    judge("甲", "unit_report", "运行", []),
    judge("乙", "", "数字", ["一\x00<&>", "二"]),
    skip("丙", "", "浏览器", "没有浏览器"),
]


def test_what_was_not_checked_is_no_pass_and_what_failed_says_why():
    *_, last = said = list(say_results(ROWS))
    assert said[0] == "通过　甲　unit_report　运行"
    assert said[2] == "未检查　丙　浏览器\n  - 没有浏览器"
    assert last == "共3项：通过1项，不通过1项，未检查1项"
    assert (is_passed(ROWS), is_passed(ROWS[:1]), is_passed([])) == (False, True, False)


def test_the_xml_can_be_read_whatever_a_sentence_holds(tmp_path):
    write_junit(ROWS, tmp_path / "结果.xml")
    suite = ElementTree.parse(tmp_path / "结果.xml").getroot()
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("3", "1", "1")
    assert suite.find("testcase/failure").text == "一<&>\n二"
