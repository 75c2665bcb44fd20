"""Which tickets name each other by number."""

import pandas as pd
import pytest

from toolkit import schema
from toolkit.texts.related import find_related

LONG = ["250101000020109", "250101000020110", "250101000020111"]


def find(*rows, ids=LONG):
    """The pairs found among tickets whose columns the rows give."""
    rows = [{"ticket_id": number} | row for number, row in zip(ids, [*rows, {}, {}, {}], strict=False)]
    found = find_related(schema.make_tickets(pd.DataFrame(rows)))
    return list(found.itertuples(index=False, name=None))


def test_a_number_in_content_reply_title_or_as_related_ticket_links_two_tickets():
    first, second, third = LONG
    found = find(
        {"content": f"此前反映过（工单编号{second}），至今没有处理", "title": f"{third}再次反映"},
        {"reply": f"该诉求与{first}、{third}为同一事项，一并答复"},
        {"related_id": f"{first}；{second}"},
    )
    assert found == [
        (first, second, "内容"),
        (first, third, "标题"),
        (second, first, "回复"),
        (second, third, "回复"),
        (third, first, "关联工单"),
        (third, second, "关联工单"),
    ]


def test_a_ticket_that_names_itself_or_one_of_another_table_is_linked_with_none():
    assert find({"content": f"工单编号{LONG[0]}", "reply": "见工单编号250101000029999"}) == []


def test_a_number_named_twice_in_one_text_is_one_link():
    assert find({"content": f"{LONG[1]}，又见{LONG[1]}"}) == [(LONG[0], LONG[1], "内容")]


@pytest.mark.parametrize(
    "text",
    [
        "2５0１01000020110",
        "No.250101000020110",
        "NO250101000020110号",
        "250101000020110-2",
        "第250101000020110件",
    ],
)
def test_full_width_a_prefix_and_a_suffix_do_not_hide_a_number(text):
    assert find({"content": text}) == [(LONG[0], LONG[1], "内容")]


@pytest.mark.parametrize("text", ["12501010000201101", "2501010000201100", "25010100002011"])
def test_a_longer_or_shorter_number_is_another(text):
    assert find({"content": text}) == []


SHORT = ["7", "2549", "A12"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("工单编号：2549，至今未办", ["2549"]),
        ("前期工单2549已答复", ["2549"]),
        ("此前反映的工单（2549）没有办好", ["2549"]),
        ("与单号2549、A12为同一事项", ["2549", "A12"]),
        ("合并至工单a12办理", ["A12"]),
        ("家住A12栋，水费2549元，2549路车", []),
        ("共有工单2549件", []),
        ("快递单号2549一直没有送到", []),
        ("施工单位2549人", []),
        ("此前交了2549元", []),
    ],
)
def test_a_short_number_is_a_ticket_only_where_words_announce_it(text, found):
    assert [other for _, other, _ in find({"content": text}, ids=SHORT)] == found


def test_two_numbers_that_read_alike_are_nobodys():
    rows = [{"content": "工单编号DH2025000013"}, {}, {}]
    assert find(*rows, ids=["DH2025000012", "DH2025000013", "dh2025000013"]) == []


def test_no_texts_and_no_tickets_give_no_links():
    assert find({}) == []
    assert find_related(schema.make_tickets({})).empty
