"""Fonts: whether this machine shows Chinese, and has those that Word documents name (parameters/word.yml)."""

import re
import shutil
import subprocess
import sys

from toolkit.installing.check import judge

OTHER_NAMES = {  # Windows lists a font under one name alone, Chinese or English as the system is
    "仿宋": "FangSong",
    "仿宋_GB2312": "FangSong_GB2312",
    "楷体": "KaiTi",
    "楷体_GB2312": "KaiTi_GB2312",
    "黑体": "SimHei",
    "宋体": "SimSun",
    "华文中宋": "STZhongsong",
    "方正小标宋简体": "FZXiaoBiaoSong-B05S",
}
REGISTRY = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\Fonts"


def check_chinese(chinese):
    """Whether there is any font with Chinese in it. chinese: their names, None where they cannot be listed."""
    if chinese is None:
        return judge("中文字体", "查不到：没有fc-list命令", doubtful="在Linux上安装fontconfig后再查")
    advice = "" if chinese else "网页上的汉字将显示为方块：安装一种中文字体，如Debian的fonts-noto-cjk"
    return judge("中文字体", f"有{len(chinese)}种" if chinese else "没有", doubtful=advice)


def check_word_fonts(fallbacks, installed):
    """The fonts of Word documents. fallbacks: font → the one that serves where it is missing; installed: names."""
    known = {name.casefold() for name in installed}
    missing = {font: other for font, other in fallbacks.items() if not _is_there(font, known)}
    lost = [font for font, other in missing.items() if not _is_there(other, known)]
    replaced = [f"{font}（由{other}代）" for font, other in missing.items() if font not in lost]
    parts = ["、".join(lost) and f"没有{'、'.join(lost)}", "、".join(replaced) and f"缺{'、'.join(replaced)}"]
    found = "；".join(filter(None, parts)) or f"{len(fallbacks)}种都在"
    advice = "文稿只写字体名，在装有这些字体的电脑上打开、打印即可；要在本机排版的，请安装" if lost else ""
    return judge("公文字体", found, doubtful=advice)


def _is_there(font, known):
    same = {
        font,
        OTHER_NAMES.get(font, font),
        *(name for name, other in OTHER_NAMES.items() if other == font),
    }
    return any(name.casefold() in known for name in same)


def read_fc_list(text):
    """The names in what `fc-list : family` prints: one font a line, its names in several languages by commas."""
    return {name.strip() for line in text.splitlines() for name in line.split(",") if name.strip()}


def read_registry(values):
    """The names in the values of Windows' list of fonts, such as "SimSun & NSimSun (TrueType)"."""
    bare = (re.sub(r"\s*\((?:TrueType|OpenType|All res)\)$", "", value) for value in values)
    return {name.strip() for value in bare for name in value.split("&") if name.strip()}


def list_fonts():
    """All fonts of this machine, and those with Chinese in them, None where nothing lists them."""
    if sys.platform == "win32":
        names = read_registry(_read_windows())
        return names, {name for name in names if _is_chinese(name)}
    if shutil.which("fc-list") is None:
        return set(), None
    return _ask_fc_list(":"), _ask_fc_list(":lang=zh")


def _ask_fc_list(pattern):
    said = subprocess.run(["fc-list", pattern, "family"], capture_output=True, encoding="utf-8", check=False)
    return read_fc_list(said.stdout)


def _is_chinese(name):
    return name in OTHER_NAMES.values() or name.startswith("Microsoft YaHei") or not name.isascii()


def _read_windows():
    import winreg

    for place in (winreg.HKEY_LOCAL_MACHINE, winreg.HKEY_CURRENT_USER):  # all users' fonts, and one's own
        try:
            key = winreg.OpenKey(place, REGISTRY)
        except OSError:
            continue
        with key:
            for number in range(winreg.QueryInfoKey(key)[1]):
                yield winreg.EnumValue(key, number)[0]
