"""Templates the office edits: what is wrong with one is said with its file and its line, everything at once."""

import pytest
from markupsafe import Markup

from toolkit.errors import ParameterError
from toolkit.presenting import sentences
from toolkit.presenting.sentences import fill_template, list_template_mistakes, write_sentence


@pytest.fixture
def template(tmp_path, monkeypatch):
    """Writes the template `office`."""
    monkeypatch.setattr(sentences, "FOLDER", tmp_path)

    def write(text):
        (tmp_path / "office.txt").write_text(text, encoding="utf-8")
        return "office"

    return write


def said_of(name, **said):
    with pytest.raises(ParameterError) as raised:
        fill_template(name, said)
    return str(raised.value)


def test_every_unknown_name_is_named_with_its_line_also_in_a_branch_that_is_not_taken(template):
    name = template("一\n{{ recieved }}\n{% if received %}{{ received }}{% else %}{{ overdu }}{% endif %}")
    said = said_of(name, received=1, overdue=2)
    assert said.startswith("parameters/templates/office.txt\n")
    assert "line 2: 'recieved' is undefined. Did you mean 'received'?" in said
    assert "line 3: 'overdu' is undefined. Did you mean 'overdue'?" in said
    assert "expected these names: received, overdue" in said


def test_a_mistake_of_syntax_is_said_with_its_line(template):
    said = said_of(template("一\n二\n{% if received %}"), received=1)
    assert "line 3: Unexpected end of template" in said


def test_a_part_that_is_not_there_is_said_with_the_line_where_it_is_asked_for(template):
    said = said_of(template("一\n\n{{ first.nam }}"), first={"name": "甲乡"})
    assert "office.txt: line 3: " in said and "nam" in said


@pytest.mark.parametrize("text", ["{{ 1 / none }}", "{{ 1 // 0 }}", "{{ received.__class__.mro() }}"])
def test_what_a_template_may_not_or_cannot_do_is_a_mistake_of_the_template(template, text):
    assert "office.txt: line 2: " in said_of(template("一\n" + text), received=1, none=None)


def test_a_template_that_is_missing_or_no_text_is_said(template):
    name = template("一")
    (sentences.FOLDER / "office.txt").write_bytes(b"\xff\xfe\x00")
    assert "it cannot be read as UTF-8 text" in said_of(name)
    (sentences.FOLDER / "office.txt").unlink()
    assert list_template_mistakes(name, []) == ["it cannot be read as UTF-8 text: No such file or directory"]


def test_a_word_of_a_ticket_makes_no_mark_no_line_no_heading_and_no_column(template):
    name = template("{{ word }}。\n{{ link }}")
    said = fill_template(name, {"word": "# 甲|乙\n<script>", "link": Markup("<a data-where='a|b'>1</a>")})
    assert said.splitlines() == ["＃ 甲｜乙 &lt;script&gt;。", "<a data-where='a&#124;b'>1</a>"]


def test_a_sentence_is_one_line_of_markup(template):
    said = write_sentence(template("受理\n  {{ count }}件\n。"), count=Markup("<a>3</a>"))
    assert said == Markup("受理<a>3</a>件。") and isinstance(said, Markup)
