"""`toolkit doctor`: what this machine has of what the toolkit needs, and what to do about the rest."""

import shutil
import unicodedata
from datetime import date

from toolkit.clocking.calendar_file import CALENDAR_FILE
from toolkit.errors import ParameterError
from toolkit.installing.check import BROKEN, DOUBTFUL, judge
from toolkit.installing.fonts import check_chinese, check_word_fonts, list_fonts
from toolkit.installing.machine import (
    check_browser,
    check_calendar,
    check_kernels,
    check_libreoffice,
    check_places,
    find_browsers,
)
from toolkit.installing.packages import check_installed
from toolkit.presenting.word.word_settings import read_word_settings

WIDTH = 20  # columns that a check's name takes; a Chinese character takes two


def read_day(text):
    """The day of `--as-of`; today where none is given: this is about the machine as it is now, no figure rests on it."""
    try:
        return date.fromisoformat(text) if text else date.today()
    except ValueError:
        raise ParameterError(f"as_of '{text}' is no day: expected one such as 2025-12-31") from None


def examine(as_of):
    """Every check of this machine, one after another; nothing is changed. as_of: from when the calendar's end is seen."""
    yield from check_installed()
    yield check_calendar(as_of, CALENDAR_FILE)
    fonts, chinese = list_fonts()
    yield check_chinese(chinese)
    yield _check_word(fonts)
    yield check_browser(find_browsers())
    yield from check_places()
    yield from check_kernels()
    yield check_libreoffice(shutil.which("soffice"))


def _check_word(fonts):
    try:
        return check_word_fonts(read_word_settings().fonts, fonts)
    except ParameterError as error:
        return judge("公文字体", "parameters/word.yml有错", broken=str(error))


def say_check(check):
    """A check as a line of the table; what to do stands beneath."""
    line = f"{check.state}  {_pad(check.name)}{check.found}"
    advice = check.advice.replace("\n", "\n      ")
    return f"{line}\n      → {advice}" if advice else line


def say_result(checks):
    """The last line: how many need something done."""
    broken, doubtful = (sum(check.state == state for check in checks) for state in (BROKEN, DOUBTFUL))
    if broken:
        return f"有{broken}项不行，须先处理；另有{doubtful}项要注意。"
    return f"可以使用，有{doubtful}项要注意。" if doubtful else "可以使用，各项正常。"


def _pad(name):
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in name)
    return name + " " * max(1, WIDTH - len(name) - wide)
