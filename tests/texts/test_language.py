"""Rules that read Chinese words are not evaluated on texts that are not Chinese, and say so."""

import pandas as pd

from toolkit import schema
from toolkit.clocking.clock import clock
from toolkit.flagging.flag import RULES, flag, rules
from toolkit.texts.language import is_chinese

READING = [entry.code for entry in RULES if entry.reads_texts]
AS_OF = "2025-12-31"


def make(content, reply, count=4):
    return schema.make_tickets(
        {
            "ticket_id": [f"A{n}" for n in range(count)],
            "unit": "Public Works Department",
            "received_at": "2025-03-03 09:00",
            "replied_at": "2025-03-05 09:00",
            "closed_at": "2025-03-05 09:00",
            "content": content,
            "reply": reply,
        }
    )


def test_texts_are_chinese_where_half_of_the_tickets_have_a_chinese_character():
    assert is_chinese(make(["路灯不亮", "停水", "pothole", "graffiti"], None))
    assert not is_chinese(make(["路灯不亮", "noise", "pothole", "graffiti"], None))
    assert is_chinese(pd.DataFrame({"ticket_id": ["A1"]}))  # no text: named as a missing column instead


def test_rules_that_read_texts_say_that_the_texts_are_not_chinese():
    tickets = clock(make("Pothole on Main Street", "Case closed. Done."), "county_default", AS_OF)
    table = rules(tickets).set_index("rule")
    assert not table.loc[READING, "evaluated"].any()
    assert set(table.loc[READING, "missing"]) == {"文本非中文"}
    assert not flag(tickets, "county_default")["rule"].isin(READING).any()


def test_chinese_texts_are_read():
    tickets = clock(make("路灯不亮", "已收到。"), "county_default", AS_OF)
    assert "文本非中文" not in set(rules(tickets)["missing"])
    assert flag(tickets, "county_default")["rule"].isin(READING).any()
