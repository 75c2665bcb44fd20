"""`toolkit doctor`: each check judged from what it is given, with what to do where something is amiss."""

import sys
from datetime import date
from unittest.mock import patch

import pytest

from toolkit.cli import main
from toolkit.errors import ParameterError
from toolkit.installing import doctor
from toolkit.installing.check import BROKEN, DOUBTFUL, FINE, judge
from toolkit.installing.fonts import check_chinese, check_word_fonts, read_fc_list, read_registry
from toolkit.installing.machine import (
    SLOW_SECONDS,
    check_browser,
    check_calendar,
    check_disk,
    check_kernel,
    check_writing,
    find_browsers,
)
from toolkit.installing.packages import check_extras, check_language_pack, check_packages, check_python

CALENDAR = {"opens_at": "08:30", "lunch_from": None, "lunch_to": None, "closes_at": "17:30"}
GIGABYTE = 2**30


@pytest.mark.parametrize(
    ("version", "bits", "state"),
    [("3.11.0", 64, FINE), ("3.14.1", 64, FINE), ("3.10.14", 64, BROKEN), ("3.12.1", 32, BROKEN)],
)
def test_python_must_be_new_enough_and_of_64_bits(version, bits, state):
    assert check_python(version, bits, ">=3.11").state == state


def test_a_package_that_is_missing_or_too_old_is_named_with_both_versions():
    installed = {"pandas": "2.9.9", "scipy": "1.15", "lxml": "5.0.0rc1"}
    found = check_packages(["pandas>=3.0", "scipy>=1.15", "lxml>=5.0", "tqdm>=4.66"], installed.get)
    assert found.state == BROKEN
    assert found.found == "pandas 2.9.9，要求>=3.0；lxml 5.0.0rc1，要求>=5.0；tqdm未装"
    assert check_packages(["scipy>=1.15"], installed.get).state == FINE


def test_an_extra_that_is_not_installed_is_told_and_one_that_is_too_old_is_doubtful():
    extras = {"leader": ["voila>=0.5.8"], "database": ["sqlalchemy>=2.0", "pymysql[rsa]>=1.1"], "new": []}
    leader, database, new = check_extras(extras, {"sqlalchemy": "1.4"}.get)
    assert (leader.state, leader.name, leader.found) == (FINE, "可选：领导页面", "voila未装")
    assert (database.state, database.found) == (DOUBTFUL, "sqlalchemy 1.4，要求>=2.0；pymysql未装")
    assert (new.state, new.name) == (FINE, "可选：new")


@pytest.mark.parametrize(
    ("versions", "state", "said"),
    [
        ({"jupyterlab": "4.6.6", "jupyterlab-language-pack-zh-CN": "4.6.post1"}, FINE, "语言包4.6.post1"),
        ({"jupyterlab": "4.6.6", "jupyterlab-language-pack-zh-CN": "4.5.post3"}, FINE, "版本不同"),
        ({"jupyterlab": "4.6.6"}, DOUBTFUL, "没有语言包"),
    ],
)
def test_the_chinese_of_jupyterlab(versions, state, said):
    found = check_language_pack(versions.get)
    assert (found.state, said in found.found) == (state, True), found


@pytest.mark.parametrize(
    ("as_of", "state", "said"),
    [
        (date(2026, 10, 31), FINE, "还有61天"),
        (date(2026, 11, 1), DOUBTFUL, "还有60天"),
        (date(2026, 12, 31), DOUBTFUL, "还有0天"),
        (date(2027, 1, 1), BROKEN, "已经过了"),
    ],
)
def test_the_calendars_end_is_told_from_60_days_before(as_of, state, said):
    found = check_calendar(as_of, CALENDAR)
    assert (found.state, said in found.found) == (state, True), found


def test_a_calendar_with_mistakes_is_told_with_them():
    found = check_calendar(date(2026, 1, 1), CALENDAR | {"closes_at": "25:00"})
    assert found.state == BROKEN
    assert "closes_at" in found.advice


def test_fonts_are_known_by_their_chinese_or_their_english_name():
    fallbacks = {"仿宋_GB2312": "仿宋", "黑体": "SimHei", "楷体_GB2312": "楷体"}
    english = read_registry(
        ["FangSong (TrueType)", "SimHei (TrueType)", "KaiTi (TrueType)", "Cambria & Cambria Math (TrueType)"]
    )
    assert {"FangSong", "Cambria", "Cambria Math"} <= english
    found = check_word_fonts(fallbacks, english)
    assert (found.state, found.found) == (FINE, "缺仿宋_GB2312（由仿宋代）、楷体_GB2312（由楷体代）")
    assert check_word_fonts(fallbacks, read_registry(["仿宋 (TrueType)", "黑体 (TrueType)"])).found == (
        "没有楷体_GB2312；缺仿宋_GB2312（由仿宋代）"
    )
    assert check_word_fonts({"黑体": "SimHei"}, read_fc_list("SimHei,黑体\nDejaVu Sans\n")).found == "1种都在"


@pytest.mark.parametrize(("chinese", "state"), [({"宋体"}, FINE), (set(), DOUBTFUL), (None, DOUBTFUL)])
def test_without_a_chinese_font_pages_would_show_boxes(chinese, state):
    assert check_chinese(chinese).state == state


def test_browsers_are_found_on_path_and_where_windows_has_them():
    edge = r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe"
    found = find_browsers(
        {"ProgramFiles(x86)": r"C:\Program Files (x86)"}, lambda name: None, {edge}.__contains__
    )
    assert found == [edge]
    assert check_browser(found).found == "msedge"
    assert check_browser([]).state == DOUBTFUL


@pytest.mark.parametrize(("gigabytes", "state"), [(0.99, BROKEN), (1, DOUBTFUL), (4.99, DOUBTFUL), (5, FINE)])
def test_free_room_on_the_disk(gigabytes, state):
    assert check_disk(gigabytes * GIGABYTE).state == state


def test_a_place_to_write_is_tried_and_left_as_it_was(tmp_path):
    assert check_writing(tmp_path, "outputs").found == "可以"
    assert check_writing(tmp_path / "a" / "b", "b").found == "可以（文件夹用时再建）"
    (tmp_path / "file").touch()
    refused = check_writing(tmp_path / "file" / "under", "under")
    assert (refused.state, "写权限" in refused.advice) == (BROKEN, True)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_kernel_that_does_not_start_is_told_with_its_error():
    def fail():
        raise RuntimeError("Kernel died\nbefore replying")

    assert check_kernel("启动内核", lambda: None).state == FINE
    broken = check_kernel("启动内核", fail)
    assert (broken.state, broken.found) == (BROKEN, "没有启动：RuntimeError Kernel died before replying")
    times = iter([0.0, SLOW_SECONDS + 0.1])
    with patch("time.perf_counter", lambda: next(times)):
        assert check_kernel("启动内核", lambda: None).state == DOUBTFUL


def test_the_table_aligns_chinese_and_sets_advice_beneath():
    lines = [
        doctor.say_check(check)
        for check in (judge("Python", "3.11"), judge("磁盘剩余", "0 GB", "清理\n磁盘"))
    ]
    assert lines[0] == "正常  Python              3.11"
    assert lines[1] == "不行  磁盘剩余            0 GB\n      → 清理\n      磁盘"


@pytest.mark.parametrize(
    ("checks", "code", "said"),
    [
        ([judge("a", "")], 0, "可以使用，各项正常。"),
        ([judge("a", ""), judge("b", "", doubtful="c")], 0, "可以使用，有1项要注意。"),
        (
            [judge("a", "", broken="c"), judge("b", "", doubtful="c")],
            1,
            "有1项不行，须先处理；另有1项要注意。",
        ),
    ],
)
def test_the_exit_code_tells_whether_anything_is_missing(checks, code, said, capfd, monkeypatch):
    monkeypatch.setattr(doctor, "examine", lambda as_of: iter(checks))
    monkeypatch.setattr(sys, "argv", ["toolkit", "doctor", "--as-of", "2026-01-01"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert (ended.value.code, capfd.readouterr().out.splitlines()[-1]) == (code, said)


def test_a_day_that_is_none_is_refused():
    with pytest.raises(ParameterError, match="as_of '2026-13-01' is no day: expected one such as 2025-12-31"):
        doctor.read_day("2026-13-01")


def test_this_machine_has_what_the_tests_need():
    found = {check.name: check for check in doctor.examine(date(2026, 1, 1))}
    needed = ["Python", "必需的包", "工作日历", "启动内核", "写入outputs"]
    assert [found[name].state for name in needed] == [FINE] * len(needed), found
