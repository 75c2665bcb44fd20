"""Masking of numbers and names; the same caller stays findable."""

import os

import pandas as pd
import pytest

import toolkit
from toolkit import privacy


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("请致电13912345678谢谢", "13912345678"),
        ("电话139-1234-5678", "1234-5678"),
        ("+8613912345678", "13912345678"),
        ("座机0534-1234567", "1234567"),
        ("身份证371423199001011234", "19900101"),
        ("身份证37142319900101123X。", "19900101"),
        ("我叫张三丰，住在村里", "三丰"),
        ("联系人：李四", "李四"),
    ],
)
def test_personal_data_is_masked(text, gone):
    assert gone not in privacy.mask_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "工单20250304000123",
        "修路3600米",
        "2025年3月4日",
        "第12345号",
        "金额1391234.56元",
        "编号CX13912345678A",
    ],
)
def test_numbers_that_are_no_persons_stay(text):
    assert privacy.mask_text(text) == text


def test_the_same_phone_is_the_same_caller_and_another_is_not():
    rows = {"工单编号": ["1", "2", "3"], "联系电话": ["13912345678", "139-1234-5678", "13912345679"]}
    callers = toolkit.load(pd.DataFrame(rows), "2025-12-31", key=b"k").tickets["caller"]
    assert callers[0] == callers[1] != callers[2]


def test_another_key_gives_another_hash():
    rows = pd.DataFrame({"工单编号": ["1"], "诉求人": ["王五"]})
    one, other = (toolkit.load(rows, "2025-12-31", key=key).tickets["caller"][0] for key in (b"a", b"b"))
    assert one != other


def test_no_column_of_tickets_or_issues_holds_the_caller():
    rows = {
        "工单编号": ["1", None],
        "诉求人": ["欧阳明月"] * 2,
        "联系电话": ["13912345678"] * 2,
        "诉求内容": ["电话13912345678"] * 2,
        "受理时间": ["13912345678"] * 2,
    }
    loaded = toolkit.load(pd.DataFrame(rows), "2025-12-31", key=b"k")
    for frame in (loaded.tickets, loaded.issues):
        assert "13912345678" not in frame.to_csv()
        assert "欧阳明月" not in frame.to_csv()


def test_a_ticket_without_caller_has_none():
    assert (
        toolkit.load(pd.DataFrame({"工单编号": ["1"]}), "2025-12-31", key=b"k").tickets["caller"].isna().all()
    )


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    path = tmp_path / "keys" / "caller.key"
    key = privacy.caller_key(path)
    assert len(key) == 32
    assert privacy.caller_key(path) == key
    assert os.name == "nt" or path.stat().st_mode & 0o077 == 0
