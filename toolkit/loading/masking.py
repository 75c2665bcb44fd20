"""Personal data: masked when loaded, so that nothing later can let it out.

A caller becomes a keyed hash: the same caller can be found again, the name cannot. In free text, numbers are
known by their form and check digits, names by what stands beside them. Not caught: a name in mid-sentence with
nothing beside it that tells a name from a word (unless it is the row's own caller's), a name right after an
official's title, a given name alone, most rare surnames, names written with a dot, a local number without a word
such as 电话 before it, a number inside a longer run of letters and digits, an address.
`python tests/test_privacy.py` says how much is caught and how much is masked in vain.
"""

import re

import numpy as np
import pandas as pd

from toolkit.words.names import CALLED, COMPOUND, OFTEN, RARER, ROLES, SAID, SURNAMES, TITLES, WORDS

# Patterns look at a half-width copy of the text, one character for one, so that places agree.
_WIDE = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_SPACE = "\u3000"
_HALF = str.maketrans(_WIDE | dict.fromkeys("‐‑–—−", "-") | dict.fromkeys("·•．", ".") | {_SPACE: " "})

# --- numbers: how each kind is written, and what is left of it ---------------------------------------

# A digit run next to letters or digits is a ticket or serial number, not a phone.
_BEFORE, _AFTER, _SEP = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])", "[ .-]"
_IS, _NEAR = r"(?:号码|号)?[为是]?[: ]*", r"[^\d,;。]{0,6}"
_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_HAN_DIGIT = "[〇零一幺二两三四五六七八九]"
_PROVINCE = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"

EMAIL = r"(?<![\w.%+-])([\w.%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)"
_CHAT = "微信|QQ|qq|V[Xx]|vx"
_CHAT_NUMBER = rf"(?!12345\D|20\d\d{_DAY}\D)[1-9]\d{{4,10}}(?!\d|[元万])"
_CHAT_NAME = r"[A-Za-z](?:(?=[\w-]*[\d_-])|(?<=[: ].))[\w-]{5,19}"
CHAT = rf"(?:{_CHAT}){_IS}({_CHAT_NUMBER}|{_CHAT_NAME})"
ID_NAMED = (
    rf"(?:身份证|残疾人?证|证件){_NEAR}(\d{{6}}{_SEP}?\d{{8}}{_SEP}?\d{{3}}[\dXx](?:\d\d)?|\d{{15}}){_AFTER}"
)
ID_CARD = rf"{_BEFORE}([1-9]\d{{5}}{_SEP}?(?:18|19|20)\d\d{_DAY}{_SEP}?\d{{3}}[\dXx]){_AFTER}"
_ACCOUNT = "卡号|银行卡|账号|帐号|账户"
BANK_NAMED = rf"(?:{_ACCOUNT}){_NEAR}(\d(?:(?:{_SEP}(?=\d\d))?\d){{11,22}}){_AFTER}"
BANK_CARD = rf"{_BEFORE}((?:4\d|5[1-5]|6[0-5])\d\d(?:{_SEP}?\d{{4}}){{3}}(?:{_SEP}?\d{{1,3}})?){_AFTER}"
_ABROAD = rf"(?:(?:\+|00)?86{_SEP}?)?"
MOBILE = rf"{_BEFORE}(?=[+\dTt])(?:tel|TEL)?({_ABROAD}1(?:[3-9](?:(?:{_SEP}(?=\d{{3}}))?\d){{9}}|(?: \d){{10}})){_AFTER}"
MOBILE_IN_WORDS = rf"(?<!{_HAN_DIGIT})([一幺][三四五六七八九]{_HAN_DIGIT}{{9}})(?!{_HAN_DIGIT})"
_AREA = rf"(?:0[12]\d\)?{_SEP}{{0,3}}[1-9]\d|0[3-9]\d\d\)?{_SEP}{{0,3}}[1-9]\d?)"
LANDLINE = rf"{_BEFORE}({_AREA}\d\d{_SEP}?\d{{4}}(?:(?:-|转|分机)\d{{1,5}})?){_AFTER}"
_CALL = "电话|座机|固话|致电|拨打|联系方式"
LOCAL = rf"(?:{_CALL}){_IS}((?![48]00|20[0-3]\d{_DAY})[1-9]\d{{2,3}}{_SEP}?\d{{4}}){_AFTER}"
PLATE = rf"({_PROVINCE}[A-Za-z][ .-]?(?=[A-Za-z]{{0,4}}\d)[0-9A-Za-z]{{4,5}}[0-9A-Za-z挂学警港澳]){_AFTER}"


def _ends(found):
    digits = re.sub("[+ .-]", "", found)[-11:]
    return f"{digits[:3]}****{digits[-2:]}"


def _area(found):
    return re.sub(r"\D", "", found)[: 3 if found[1] in "12" else 4] + "-*******"


def _head(found):
    digits = re.sub(r"[^\dXx]", "", found)
    return digits[:4] + "*" * (len(digits) - 4)


def _head_of_id(found):
    """The last digit of an identity number follows from the others; another number stays."""
    digits = re.sub(r"[^\dXx]", "", found).upper()
    total = sum(int(digit) * 2 ** (17 - at) for at, digit in enumerate(digits[:17]))
    return _head(found) if digits[17] == "10X98765432"[total % 11] else None


def _head_of_card(found):
    """The last digit of a bank card follows from the others; another number stays."""
    digits = [int(digit) for digit in re.sub(r"\D", "", found)]
    total = sum(digits[-1::-2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return None if total % 10 else _head(found)


# One after another: each alone is found many times faster than all as alternatives of one pattern.
NUMBERS = [
    (re.compile(pattern, re.ASCII), mask)
    for pattern, mask in [
        (EMAIL, lambda found: found[0] + "***@"),
        (CHAT, lambda found: found[0] + "***"),
        (ID_NAMED, _head),
        (BANK_NAMED, _head),
        (ID_CARD, _head_of_id),
        (BANK_CARD, _head_of_card),
        (MOBILE, _ends),
        (MOBILE_IN_WORDS, _ends),
        (LANDLINE, _area),
        (LOCAL, lambda found: "*******"),
        (PLATE, lambda found: found[:2].upper() + "·*****"),
    ]
]


def _mask_numbers(text):
    half = text.translate(_HALF)
    for pattern, mask in NUMBERS:
        for match in reversed([*pattern.finditer(half)]):
            start, end = match.span(1)
            text = text[:start] + (mask(match[1]) or text[start:end]) + text[end:]
            half = text.translate(_HALF)
    return text


_HAN = "[\u4e00-\u9fa5]"
_GIVEN = "(?:(?![的了是我你他她们住给被把说吗呢吧也很还没这那什怎人女男电该其要让请称诉反因已于对向姓某等])[\u4e00-\u9fa5])"
_NOT_TITLE = rf"(?!{TITLES}|师傅|经理|老板|老师|书记|主任|同志|总|某)"
_SURNAME = rf"(?:{COMPOUND}|(?!{COMPOUND}|{WORDS})[{SURNAMES}]){_NOT_TITLE}"
_FULL = rf"({_SURNAME}(?:{_GIVEN}{{1,2}}| {_GIVEN}))"
_STOP = r"""[\s,.;:、。!?()"“”《【/]|$"""
_NEXT = (
    rf"(?={_STOP}|[\d的等家因在与和及系为无已驾怀住说称女男现是对于要被将不两带去来给找让自从曾会就也都用以没未反负出上同]|反映|来电|来访|来信|表示|投诉|举报|咨询|求助|"
    rf"诉求|建议|提出|拨打|致电|电话|手机|身份证|同志|今年|实名|多次|性别|年龄|户籍|夫妇|一家|{TITLES})"
)
_AS = "(?:姓名)?[为是]?[:;]? ?"
_PLACE = "[园城府湾苑庭区场村镇庄路街桥湖山岭公中社学院集局厂店站]"
_LIKELY = rf"((?:{COMPOUND}|(?!{WORDS})[{SURNAMES}{RARER}]){_NOT_TITLE}[{OFTEN}]{{2}})(?!{_PLACE})"
_LEADS = (
    "是和与找给让被由向对把将跟替叫及的下知告组室映诉报系电"  # what ends right before a name in mid-sentence
)
_FIRST = f"[{SURNAMES}{''.join(name[0] for name in COMPOUND.split('|'))}]"
NAMES = [
    re.compile(pattern)
    for pattern in [
        rf"(?:{CALLED}|{ROLES}){_AS}{_FULL}{_NEXT}",
        rf"(?:{CALLED}){_AS}({_SURNAME}{_GIVEN}{{1,2}})",
        rf"(?:(?:{CALLED}|{ROLES}){_AS}|[人户员者])(?!{_SURNAME}{_GIVEN}{_NEXT}){_LIKELY}",
        rf"(?:^|(?<=[ \t\n,.;:!?、。()“”《》【】/])|(?<=[{_LEADS}])(?!于)){_LIKELY}{_NEXT}",
        rf"(?:{SAID}){_FULL}(?<![河湖店镇村厂园城])(?={_STOP})",
        rf"姓名[为是]?[:;] ?((?!不|保密|匿名|未|同上|无|.{{1,2}}(?:{TITLES})){_HAN}{{2,4}})(?={_STOP})",
        rf"(?={_FIRST}{_HAN}{{1,3}}(?:{TITLES}))(?![于方][{SURNAMES}](?:{TITLES})){_FULL}(?={TITLES})",
        rf"(?=[{SURNAMES}{RARER}]{_HAN}{{2,3}}同志){_LIKELY}(?=同志)",
    ]
]


def _mask_names(text):
    """Every name that is told as one, masked wherever it stands in the text."""
    half = text.translate(_HALF)
    found = {match[1] for pattern in NAMES for match in pattern.finditer(half)}
    for name in sorted(found, key=lambda name: (-len(name), name)):
        text = text.replace(name, _veil(name)).replace(name.replace(" ", _SPACE), _veil(name))
    return text


def _veil(name):
    name = name.replace(" ", "")
    known = 2 if re.match(COMPOUND, name) and len(name) > 2 else 1
    return name[:known] + "某" * (len(name) - known)


# --- texts and columns -------------------------------------------------------------------------------

# Whatever the patterns above find is also found by one of these, which can be searched in a whole column at once.
_NUMBER_LIKE = "|".join(
    [
        rf"[０-９Ａ-Ｚａ-ｚ＠]|[0-9][ .)-]*(?:[{_SPACE}．·•‐‑–—−－]|）[0-9 -])",
        r"(?:^|[^0-9A-Za-z]|tel|TEL)(?:(?:00)?86[ .-]?)?[01](?:[ .)-]{0,3}[0-9]){10}|[0-9](?:[ .-]?[0-9]){14}",
        rf"@|{_HAN_DIGIT}{{11}}|{_PROVINCE}[A-Za-z]|(?:{_ACCOUNT})[^0-9，；。]{{0,6}}[0-9]{{2}}",
        rf"(?:{_CALL})[号码为是:： {_SPACE}]*[0-9](?:[ .-]?[0-9]){{6}}|(?:{_CHAT})[号码为是:： {_SPACE}]*[0-9A-Za-z]",
    ]
)
_NAME_LIKE = "|".join(
    [
        rf"(?:{CALLED}|{ROLES})(?:姓名)?[为是]?[:：;；]?[ {_SPACE}]?(?:{_FIRST}|[{RARER}][{OFTEN}])",
        rf"姓名[为是]?[:：;；]|(?:{SAID}){_FIRST}|{COMPOUND}|{_FIRST}{_HAN}{{1,3}}(?:{TITLES})|[{OFTEN}]{{2}}同志",
        rf"(?:^|[ \t\n{_SPACE},.;:!?，．·•；：！？、。()（）“”《》【】/／人户员者{_LEADS}])[{SURNAMES}{RARER}][{OFTEN}]{{2}}",
    ]
)


def mask_text(text):
    """The text without the numbers and names of persons; masking again changes nothing more."""
    masked = _mask_names(_mask_numbers(text))
    return masked if masked == text else mask_text(masked)


def mask_texts(texts):
    """`mask_text` on a column; only texts that could hold something personal are touched, equal ones once."""
    masked = _mask_where(_NAME_LIKE, _mask_names, _mask_where(_NUMBER_LIKE, _mask_numbers, texts))
    changed = masked.notna() & (masked != texts)
    if changed.any():
        masked = masked.copy()
        masked[changed] = mask_texts(masked[changed])
    return masked


def mask_numbers(texts):
    """A column of recurring words (a unit, a clerk) without numbers of persons; its names are its purpose."""
    words = pd.Series(texts.dropna().unique(), dtype="str")
    masked = _mask_where(_NUMBER_LIKE, _mask_numbers, words)
    return texts if masked.equals(words) else texts.map(dict(zip(words, masked, strict=True))).astype("str")


def _mask_where(pattern, mask, texts):
    suspect = texts.str.contains(pattern, na=False)
    if not suspect.any():
        return texts
    masked = texts.copy()
    masked[suspect] = texts[suspect].map({text: mask(text) for text in texts[suspect].unique()})
    return masked


# A caller's column also holds words and offices.
_OWN_NAME = (
    rf"(?!(?:{WORDS})$)(?:{COMPOUND}|[{SURNAMES}{RARER}向时全连应师练花车边席]){_NOT_TITLE}{_HAN}{{1,2}}"
)
_BETWEEN = "[ .)-]{0,3}"  # the separators inside a phone
_PHONE_LIKE = rf"[0-9](?:[ .)-]{{0,3}}[0-9]){{6}}|[０-９]|[0-9][{_SPACE}．）·•‐‑–—−－]"
_NO_NAME = tuple("村镇乡局店厂社区所院校县市队处办户主众人员会路街楼号")  # how places and offices end


def mask_own(texts, names, phones):
    """The column without each row's own caller: the name and the phones that stand in the same row.

    names, phones: columns of the same index, missing where not known. A name is believed if it has two to four
    characters and begins with a surname; a phone is found with other separators and without its area code.
    """
    names = names.str.replace(rf"[\s{_SPACE}]|(?:{TITLES})$", "", regex=True)
    pairs = zip(texts, names, strict=True)
    named = np.array([isinstance(n, str) and isinstance(t, str) and n in t for t, n in pairs], dtype=bool)
    phoned = texts.str.contains(_PHONE_LIKE, na=False) & phones.notna()
    touched = phoned | named
    if not touched.any():
        return texts
    rows = zip(texts[touched], names[touched], phones[touched], strict=True)
    masked = texts.copy()
    masked[touched] = [_mask_own(*row) for row in rows]
    return masked


def _mask_own(text, name, phone):
    if isinstance(name, str) and re.fullmatch(_OWN_NAME, name) and not name.endswith(_NO_NAME):
        text = text.replace(name, _veil(name))
    for number in _phone_forms(phone) if isinstance(phone, str) else ():
        half = text.translate(_HALF)
        if number not in re.sub("[ .)-]", "", half):
            continue
        for match in reversed([*re.finditer(rf"(?<!\d){_BETWEEN.join(number)}(?!\d)", half)]):
            text = text[: match.start()] + number[:3] * (len(number) > 8) + "****" + text[match.end() :]
    return text


def _phone_forms(phones):
    """The numbers of a cell as digits, longest first: each one, and without its area code."""
    runs = [re.sub(r"\D", "", run) for run in re.findall(r"\d(?:[ .-]{0,3}\d){6,}", phones.translate(_HALF))]
    runs = [run.removeprefix("86") if len(run) == 13 else run for run in runs]
    local = [run[3 if run[1] in "12" else 4 :] for run in runs if run.startswith("0") and len(run) > 9]
    return sorted({*runs, *local}, key=lambda run: (-len(run), run))
