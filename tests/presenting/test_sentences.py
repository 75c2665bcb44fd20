"""Sentences from templates that the office edits: mistakes are told, text is escaped, nothing else is in reach."""

import pytest
from markupsafe import Markup

from toolkit.errors import ParameterError
from toolkit.presenting import sentences


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.setattr(sentences, "FOLDER", tmp_path)
    monkeypatch.setattr(sentences, "_read_template", sentences._read_template.__wrapped__)

    def write_sentence(template, **said):
        (tmp_path / "试.txt").write_text(template, encoding="utf-8")
        return sentences.write_sentence("试", **said)

    return write_sentence


def test_words_are_escaped_and_figures_stay_links_and_lines_are_joined(write):
    assert write("{{ a }}，\n  {{ b }}。", a="<b>", b=Markup("<a>3</a>")) == "&lt;b&gt;，<a>3</a>。"


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("第一行\n{% if count %}", "试.txt: line 2: "),
        ("{{ cuont }}", "试.txt: when filled in: 'cuont' is undefined"),
    ],
)
def test_a_template_s_mistake_names_file_line_and_the_names_that_may_stand(write, template, told):
    with pytest.raises(ParameterError) as error:
        write(template, count=3, rate=1)
    assert told in str(error.value) and "names: count, rate" in str(error.value)


@pytest.mark.parametrize(
    "template",
    ["{{ a.__class__.__mro__ }}", "{{ [].append.__globals__ }}", "{% include '/etc/passwd' %}"],
)
def test_a_template_cannot_reach_outside(write, template):
    with pytest.raises((ParameterError, TypeError)):
        write(template, a="x")
