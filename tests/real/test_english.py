"""58,251 English requests under their own headers, without a mapping file: read, and not judged by Chinese words."""

import pytest

import toolkit
from toolkit.flagging.flag import RULES


@pytest.fixture(scope="module")
def loaded(data):
    return toolkit.load(data / "boston_311_2011.zip", "2012-06-30", key=b"k")


def test_its_headers_are_known_without_a_mapping(loaded):
    read = loaded.headers.set_index("header")["column"]
    assert read[
        ["case_enquiry_id", "open_dt", "target_dt", "closed_dt", "department", "reason"]
    ].tolist() == [*["ticket_id", "received_at", "platform_due_at", "closed_at", "unit", "category"]]
    assert read["ontime"] == ""  # the opposite of overdue: a run says so, or nobody does
    assert len(loaded.tickets) == 58_251
    assert loaded.tickets["unit"].nunique() == 11


def test_no_rule_reads_chinese_words_in_english_texts(loaded):
    table = toolkit.rules(loaded.tickets)
    reading = table[table["missing"].eq("文本非中文")]
    assert set(reading["rule"]) == {entry.code for entry in RULES if entry.reads_texts}
    assert not reading["evaluated"].any()
