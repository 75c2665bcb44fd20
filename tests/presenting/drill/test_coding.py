"""The ticket table packed for the drill-down: read back it is the same table, and the same bytes twice."""

import numpy as np
import pandas as pd
import pytest
from cases.drill import read_buffer, read_column

from toolkit.presenting.drill import coding

COUNT = 400
ABOUT = {"labels": {}}


@pytest.fixture(scope="module")
def table():
    number = pd.Series(range(COUNT))
    late = number.mod(7).eq(0)
    lists = number.map(lambda n: ["甲", "乙"][: n % 3] or None)
    return pd.DataFrame(
        {
            "ticket_id": "2025" + number.mod(2).add(10).astype("str") + number.astype("str").str.zfill(6),
            "unit": number.mod(5).map(lambda n: f"第{n}镇").mask(late),
            "report": number.mod(5).map(lambda n: f"第{n}镇").mask(late),
            "received_at": pd.Timestamp("1999-12-31 23:59") + pd.to_timedelta(number * 977, unit="min"),
            "answered_at": (pd.Timestamp("2025-01-01") + pd.to_timedelta(number * 61, unit="s")).mask(late),
            "metric": number.mod(3).astype("Int8").mask(late),
            "other_metric": number.mod(2).astype("Int8"),
            "is_excluded": late,
            "state": number.mod(3).map(["迟", "早", "中"].__getitem__),
            "nothing": pd.Series([None] * COUNT, dtype="object"),
            "title": number.map(lambda n: f'</script>\u2028"{n}"'),
            "rules": lists,
            "first_rules": lists.map(lambda own: own and [word[:1] for word in own], na_action="ignore"),
        }
    )


LISTS = ["rules", "first_rules"]


def pack(table, **changes):
    options = {
        "lists": LISTS,
        "orders": {"state": ["早", "中", "迟"]},
        "follows": {"report": "unit", "first_rules": "rules"},
        "together": ["metric", "other_metric", "is_excluded"],
    }
    return coding.pack_table(table, ABOUT, **(options | changes))


def as_plain(table, name):
    values = table[name]
    if name in LISTS:
        return [value if isinstance(value, list) else [] for value in values]
    if pd.api.types.is_datetime64_any_dtype(values):
        values = values.dt.strftime("%Y-%m-%d %H:%M")
    return [None if pd.isna(value) else value for value in values.astype("object")]


def test_every_column_reads_back_as_it_was(table):
    packed = pack(table)
    for name in table:
        assert read_column(packed, name) == as_plain(table, name), name


def test_a_column_that_its_leader_does_not_settle_is_written_whole(table):
    packed = pack(table, follows={"report": "state", "first_rules": "unit"})
    for name in ("report", "first_rules"):
        assert read_column(packed, name) == as_plain(table, name)


def test_an_empty_table_packs_too(table):
    packed = pack(table.head(0))
    assert read_buffer(packed)[0]["count"] == 0
    assert read_column(packed, "ticket_id") == []


def test_values_stand_in_their_order_and_words_in_the_order_given(table):
    words = {column["name"]: column.get("words") for column in read_buffer(pack(table))[0]["columns"]}
    assert words["state"] == ["早", "中", "迟"]
    assert words["metric"] == [0, 1, 2]


def test_the_same_table_gives_the_same_text(table):
    assert pack(table) == pack(table.copy())


def test_numbers_of_tickets_and_times_and_what_others_settle_take_no_room(table):
    tickets = {column["name"]: column for column in read_buffer(pack(table))[0]["columns"]}
    assert tickets["ticket_id"]["kind"] == "numbered" and tickets["ticket_id"]["stems"] == [
        "202510",
        "202511",
    ]
    assert tickets["answered_at"]["kind"] == "times"
    assert tickets["report"]["follows"] == "unit" and tickets["metric"]["follows"] == coding.TOGETHER


def test_numbers_of_tickets_that_are_no_numbers_are_written_as_they_are(table):
    odd = table.assign(ticket_id=table["ticket_id"].where(table.index != 3, "A-3"))
    assert read_column(pack(odd), "ticket_id") == odd["ticket_id"].tolist()


def test_lists_given_as_pairs_and_another_sequence_read_back_the_same(table):
    sequence = np.random.default_rng(3).permutation(COUNT)
    lists = table["rules"].explode().dropna()
    given = coding.write_table(
        table.drop(columns=LISTS), ABOUT, pairs={"rules": (lists.index.to_numpy(), lists)}, sequence=sequence
    )
    plain = table.drop(columns="first_rules").iloc[sequence].reset_index(drop=True)
    packed = coding.pack_bytes(given)
    for name in plain:
        assert read_column(packed, name) == as_plain(plain, name), name
    nothing = coding.write_table(
        table.head(0)[["ticket_id"]], ABOUT, pairs={"rules": (np.array([], int), lists[:0])}
    )
    assert read_buffer(coding.pack_bytes(nothing))[0]["count"] == 0
