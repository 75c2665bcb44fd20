"""What is written by hand for a period: read whole or refused in plain words, and masked."""

import pytest

from toolkit.errors import ParameterError
from toolkit.period import parse_period
from toolkit.preparing.manual import fill_slots
from toolkit.preparing.run_file import list_file_mistakes

YEAR = parse_period("2025")


@pytest.fixture
def write(tmp_path):
    def write_file(text):
        path = tmp_path / "2025.yml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write_file


def test_filled_and_empty_slots_are_read_and_without_a_file_there_are_none(write):
    file = write('period: "2025"\nslots:\n  接待日情况:\n  典型做法: |\n    一。\n    二。\n')
    assert fill_slots(file, YEAR, ["甲乡"]) == {"全县": {"接待日情况": "", "典型做法": "一。\n二。"}}
    assert fill_slots("", YEAR, ["甲乡"]) == {}


def test_a_phone_and_an_identity_number_in_a_slot_are_masked(write):
    slots = fill_slots(
        write('period: "2025"\nslots: {典型做法: "来电13812345678反映，身份证11010519491231002X。"}'),
        YEAR,
        [],
    )["全县"]
    assert "13812345678" not in slots["典型做法"] and "11010519491231002X" not in slots["典型做法"]
    assert "138****" in slots["典型做法"]


def test_a_file_of_another_period_is_refused_for_last_year_s_doings_are_none_of_this_year_s(write):
    with pytest.raises(ParameterError, match="is written for 2024"):
        fill_slots(write('period: "2024"\nslots: {典型做法: 一}'), YEAR, ["甲乡"])


def test_every_mistake_of_the_file_is_said_before_a_run(write):
    (said,) = list_file_mistakes({"manual": write('perod: "2025"\nslots: [一]\n')})
    assert said.startswith("manual: ")
    assert "'perod' is not a setting. Did you mean 'period'?" in said
    assert "'period' is missing" in said and "'slots'" in said


def test_a_file_that_is_not_there_is_said(tmp_path):
    (said,) = list_file_mistakes({"manual": str(tmp_path / "2026.yml")})
    assert "manual: no file" in said


def test_a_unit_has_its_own_slots_and_one_that_is_none_is_refused(write):
    file = write('period: "2025"\nunits:\n  甲乡: {前言: 一}\n')
    assert fill_slots(file, YEAR, ["甲乡"]) == {"全县": {}, "甲乡": {"前言": "一"}}
    with pytest.raises(ParameterError, match=r"'甲乡' has no ticket in this run\..* Did you mean '甲镇'"):
        fill_slots(file, YEAR, ["甲镇"])
