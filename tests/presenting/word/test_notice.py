"""A 督办单: one notice to one unit says which tickets, why, what is asked and by when; nothing is made up."""

import io
import json
from itertools import pairwise
from urllib.parse import unquote

import pandas as pd
import pytest
from docx import Document

from toolkit.errors import ParameterError
from toolkit.presenting.word.notice import find_room, write_notice, write_notices
from toolkit.presenting.word.word_settings import read_word_settings
from toolkit.proofreading.text import read_text

ENTRIES = pd.DataFrame(
    {
        "number": [f"督办〔2025〕12号-{place}" for place in (1, 2, 3)],
        "notice": "督办〔2025〕12号",
        "unit": "甲乡",
        "level": "重点督办",
        "ticket_id": ["QH0001", "QH0002", "QH0003"],
        "title": ["村道积水", "=cmd|'/c calc'!A0 <b>{{ unit }}</b>\x07", None],
        "reason": ["超期未回复12个工作日；退回2次", "超期未回复6个工作日", "重办3次仍未解决"],
        "demand": ["限期办结。", "限期办结。", "现场核查。"],
        "issued_on": pd.Timestamp("2025-12-31"),
        "answer_by": pd.Timestamp("2026-01-08 23:59"),
        "due_explained": "截止2025年12月15日17:30",
    }
)


def read_notice(entries, tmp_path, settings=None):
    path = tmp_path / "督办单.docx"
    path.write_bytes(write_notice(entries, settings))
    return read_text(path)


def test_a_notice_says_number_level_unit_reason_demand_and_by_when(tmp_path):
    said = read_notice(ENTRIES, tmp_path)
    assert said.startswith("12345热线督办通知单\t\n督办〔2025〕12号\t重点督办\n")
    assert "\n甲乡：\n" in said and "下列3件12345热线工单" in said
    assert "1\tQH0001\t村道积水\t超期未回复12个工作日；退回2次\t截止2025年12月15日17:30" in said
    assert "\n第1、2件：限期办结。\n第3件：现场核查。\n" in said
    assert "请于2026年1月8日前（含当日）以单位名义书面反馈" in said and "\n2025年12月31日\n" in said


def test_of_how_a_due_time_was_counted_the_end_stands_and_a_lighter_level_beside_its_reason(tmp_path):
    counted = (
        "12月8日9:00受理，自次日起五个工作日：12月9日至15日；应于2025年12月15日17:30前回复；平台截止相同。"
    )
    levels = ["提级督办", "重点督办", "提级督办"]
    said = read_notice(ENTRIES.assign(due_explained=counted, level=levels), tmp_path)
    assert "督办〔2025〕12号\t提级督办\n" in said
    assert "超期未回复12个工作日；退回2次\t应于2025年12月15日17:30前回复\n" in said
    assert "重点督办：超期未回复6个工作日" in said


def test_the_slip_that_comes_back_begins_its_own_page_and_has_room_for_every_ticket():
    document = Document(io.BytesIO(write_notice(ENTRIES)))
    assert len(document.sections) == 2
    slip = document.tables[3]
    assert [row.cells[1].text for row in slip.rows[1:]] == ["QH0001", "QH0002", "QH0003"]
    assert {row.cells[2].text for row in slip.rows[1:]} == {""}
    assert {row.height.pt for row in slip.rows[1:]} == {60}
    assert [row.cells[0].text for row in document.tables[4].rows] == [
        "主要负责人签字",
        "单位（盖章）",
        "日期",
    ]


@pytest.mark.parametrize(("count", "height"), [(3, 60), (8, 31), (20, 60)])
def test_the_rows_of_a_slip_are_lower_where_that_keeps_it_on_one_page(count, height):
    assert find_room(count, read_word_settings().page) == height


def test_what_the_office_has_not_filled_in_is_said_and_a_missing_title_is_a_dash(tmp_path):
    said = read_notice(ENTRIES.assign(demand=None), tmp_path)
    for what in ("发文机关", "联系人", "联系电话", "办理要求"):
        assert f"（待补：{what}）" in said
    assert "3\tQH0003\t—\t重办3次仍未解决" in said


def test_a_ticket_s_words_are_no_markup_no_template_and_no_control_signs(tmp_path):
    assert "\t=cmd|'/c calc'!A0 <b>{{ unit }}</b>\t" in read_notice(ENTRIES, tmp_path)


def test_demands_and_deadlines_that_are_one_are_said_once(tmp_path):
    moments = pd.to_datetime(["2026-01-05 17:30", "2026-01-08 23:59", "2026-01-08 23:59"])
    said = read_notice(ENTRIES.assign(demand="限期办结。", answer_by=moments), tmp_path)
    assert "\n限期办结。\n" in said and "件：限期办结" not in said
    assert "第1件请于2026年1月5日17:30前，第2、3件请于2026年1月8日前（含当日）以单位名义书面反馈" in said


def test_an_order_without_a_number_is_counted_and_its_number_is_said_to_be_missing(tmp_path):
    said = read_notice(ENTRIES.assign(number=None, notice=None), tmp_path)
    assert "（待补：督办文号）\t重点督办" in said and "\n2\tQH0002" in said


def test_the_same_entries_give_the_same_bytes_with_the_day_of_issue_and_no_author():
    content = write_notice(ENTRIES)
    assert write_notice(ENTRIES.copy()) == content
    properties = Document(io.BytesIO(content)).core_properties
    assert f"{properties.created:%Y-%m-%d}" == "2025-12-31" and properties.author == ""


def test_orders_of_many_notices_are_a_file_each():
    other = ENTRIES.assign(notice="督办〔2025〕13号", unit="乙/镇")
    files = write_notices(pd.concat([ENTRIES, other], ignore_index=True))
    first, second = files
    assert first == "督办〔2025〕12号甲乡.docx" and second.startswith("督办〔2025〕13号乙_镇-")
    assert files["督办〔2025〕12号甲乡.docx"] == write_notice(ENTRIES)


def test_a_notice_without_a_number_bears_no_name_that_windows_keeps_for_itself():
    draft = ENTRIES.assign(notice=None, number=None, unit="CON")
    [file] = write_notices(draft)
    assert file.startswith("CON-") and file.endswith(".docx")


# --- where its figures are found -------------------------------------------------------------------


def read_sources(content):
    """Number → what, figures and tickets of the table under the signature; and the addresses its links open."""
    document = Document(io.BytesIO(content))
    table = next(each for each in document.tables if each.rows[0].cells[-1].text.startswith("网页地址"))
    rows = [[cell.text for cell in row.cells] for row in table.rows[1:]]
    told = {row[0]: (row[1], row[2], json.loads(row[3].removeprefix("#where="))["ticket_id"]) for row in rows}
    links = [unquote(link.get(f"{{{link.nsmap['w']}}}anchor")) for link in table._tbl.iter("{*}hyperlink")]
    targets = {each.target_ref for each in document.part.rels.values() if each.is_external}
    return told, links, targets


def list_marks(content):
    """The raised numbers of a document, each with the words before it."""
    runs = [
        ("".join(run.itertext("{*}t")), run) for run in Document(io.BytesIO(content)).element.iter("{*}r")
    ]
    told = [(text, list(run.iter("{*}vertAlign"))) for text, run in runs if text]
    return [f"{before}{text}" for (before, _), (text, raised) in pairwise(told) if raised]


def test_every_figure_of_a_notice_bears_its_row_s_number_and_the_table_tells_where_it_opens():
    content = write_notice(ENTRIES, page="../index.html")
    assert list_marks(content) == [
        "下列3[1—3]",
        *["超期未回复12[1]", "个工作日；退回2[1]", "超期未回复6[2]", "重办3[3]"],
    ]
    told, links, targets = read_sources(content)
    assert told == {
        "1—3": ("督办工单", "3件", ["QH0001", "QH0002", "QH0003"]),
        "1": ("工单QH0001", "12个工作日、2次", ["QH0001"]),
        "2": ("工单QH0002", "6个工作日", ["QH0002"]),
        "3": ("工单QH0003", "3次", ["QH0003"]),
    }
    assert targets == {"../index.html"} and len(links) == 4
    assert links[1].startswith('where={"ticket_id":["QH0001"]}&what=')


def test_without_a_page_beside_it_a_notice_s_addresses_are_words_and_the_proofreader_reads_neither(tmp_path):
    told, links, targets = read_sources(write_notice(ENTRIES))
    assert len(told) == 4 and links == [] and targets == set()
    said = read_notice(ENTRIES, tmp_path)
    assert "#where" not in said and "下列3件" in said and "超期未回复12个工作日；退回2次" in said


def test_a_single_ticket_is_one_line_and_tickets_that_stand_apart_are_named_one_by_one():
    assert list(read_sources(write_notice(ENTRIES.iloc[[1]]))[0]) == ["2"]
    apart = ENTRIES.iloc[[0, 2]]
    assert list(read_sources(write_notice(apart))[0]) == ["1,3", "1", "3"]


def test_rows_that_are_not_one_notice_to_one_unit_are_refused_with_all_that_is_wrong():
    mixed = ENTRIES.assign(unit=["甲乡", "乙镇", "乙镇"], answer_by=pd.NaT)
    with pytest.raises(ParameterError) as error:
        write_notice(mixed)
    assert "expected one unit, found 甲乡、乙镇" in str(error.value)
    assert "expected answer_by in every row, found 3 without" in str(error.value)
    with pytest.raises(ParameterError, match="lack columns demand, due_explained: expected number, notice"):
        write_notice(ENTRIES.drop(columns=["demand", "due_explained"]))
    with pytest.raises(ParameterError, match="expected one notice, found no row"):
        write_notice(ENTRIES.iloc[:0])


def test_contact_and_organ_come_from_the_settings(tmp_path):
    settings = read_word_settings()
    notice = settings.notice.model_copy(update={"contact": "督查股", "phone": "见办公室值班表"})
    said = read_notice(
        ENTRIES, tmp_path, settings.model_copy(update={"organ": "某县热线办", "notice": notice})
    )
    assert "联系人：督查股；联系电话：见办公室值班表。" in said and "\n某县热线办\n2025年12月31日" in said
    assert "待补" not in said
