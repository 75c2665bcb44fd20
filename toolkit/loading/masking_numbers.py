"""Numbers of persons: how each kind is written, and what is left of it. Patterns look at the folded text."""

import re

from toolkit.loading.folding import BLANKS, ODD, UNSEEN, fold, replace_spans
from toolkit.words.names import CHATS, DOCUMENTS

# A digit run next to letters or digits is a ticket or serial number, not a phone; a label may stand that near.
_BEFORE = r"(?<![0-9A-Za-z])"
_AFTER = r"(?![0-9]|(?!QQ|qq|[VvWw][Xx])[A-Za-z])"
_SEP = r"[\s.-]"
_IS, _NEAR = r"(?:号码|号)?[为是]?[: ]*", r"[^\d,;。]{0,6}"
_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_PROVINCE = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"

EMAIL = r"(?<![\w.%+-])([\w.%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)"
_CHAT_NUMBER = rf"(?!12345\D|20\d\d{_DAY}\D)[1-9]\d{{4,10}}(?!\d|[元万])"
_CHAT_NAME = r"[A-Za-z](?:(?=[\w-]*[\d_-])|(?<=[: 号为是(].))[\w-]{5,19}"
CHAT = rf"(?:{CHATS})(?:账号|帐号)?{_IS}\(?({_CHAT_NUMBER}|{_CHAT_NAME})"
SECRET = r"(?:密码|口令|验证码|校验码)(?:[为是:=]+ ?(?!20\d\d年)([A-Za-z0-9!@#$%^&_.+-]{4,32})|([A-Za-z0-9]{6,32}))"
ID_NAMED = (
    rf"(?:身份证|残疾人?证|证件){_NEAR}(\d{{6}}{_SEP}?\d{{8}}{_SEP}?\d{{3}}[\dXx](?:\d\d)?|\d{{15}}){_AFTER}"
)
ID_CARD = rf"{_BEFORE}([1-9]\d{{5}}{_SEP}?(?:18|19|20)\d\d{_DAY}{_SEP}?\d{{3}}[\dXx]){_AFTER}"
DOCUMENT = (
    rf"(?:{DOCUMENTS})[^\dA-Za-z,;。]{{0,8}}((?!20\d\d{_DAY}\D)[A-Za-z]{{0,3}}(?:[ (-]?\d){{6,18}})(?![\d元])"
)
_ACCOUNT = "卡号|银行卡|账号|帐号|账户"
BANK_NAMED = rf"(?:{_ACCOUNT}){_NEAR}(\d(?:(?:{_SEP}(?=\d\d))?\d){{11,22}}){_AFTER}"
BANK_CARD = rf"{_BEFORE}((?:4\d|5[1-5]|6[0-5])\d\d(?:{_SEP}?\d{{4}}){{3}}(?:{_SEP}?\d{{1,3}})?){_AFTER}"
_GAP = r"[\s./\\|_~+-]"
_ABROAD = rf"(?:(?:\+|00)?86{_SEP}?)?"
_TEL = "(?:[Tt]el|TEL|[Qq]{2}|[VvWw][Xx]?)?"
_MOBILE = "|".join(
    [
        rf"1[3-9](?:(?:{_SEP}(?=\d{{3}}))?\d){{9}}",  # 13812345678, 1381 2345 678
        r"1(?: \d){10}",
        rf"1{_GAP}{{1,3}}[3-9](?:{_GAP}{{1,3}}\d){{9}}",  # digit by digit
        rf"1[3-9]\d{_GAP}{{1,4}}\d{{4}}{_GAP}{{1,4}}\d{{4}}",
        rf"1[3-9]\d(?:{_SEP}\d\d){{4}}",
    ]
)
MOBILE = rf"{_BEFORE}(?=[+\dTtQqVvWw]){_TEL}({_ABROAD}(?:{_MOBILE})){_AFTER}"
MOBILE_NAMED = r"(?:电话|手机|联系方式|微信)[^\dA-Za-z]{0,6}(1[3-9]\d{9})(?!\d)"
_HAN_DIGITS = "〇零○一幺壹二两贰三叁四肆五伍六陆七柒八捌九玖"
_EITHER = f"[{_HAN_DIGITS}0-9]"
MOBILE_IN_WORDS = (
    rf"(?<![{_HAN_DIGITS}0-9A-Za-z])(?=[0-9 .、-]{{0,20}}[{_HAN_DIGITS}])"
    rf"([一幺壹1][ .、-]?(?![012〇零○一幺壹二两贰]){_EITHER}(?:[ .、-]?{_EITHER}){{9}})(?!{_EITHER})"
)
_AREA = rf"(?:0[12]\d\)?{_SEP}{{0,3}}[1-9]\d|0[3-9]\d\d\)?{_SEP}{{0,3}}[1-9]\d?)"
LANDLINE = rf"{_BEFORE}({_AREA}\d\d{_SEP}?\d{{4}}(?:(?:-|转|分机)\d{{1,5}})?){_AFTER}"
_CALL = "电话|座机|固话|致电|拨打|联系方式"
LOCAL = rf"(?:{_CALL}){_IS}((?![48]00|20[0-3]\d{_DAY})[1-9]\d{{2,3}}{_SEP}?\d{{4}}){_AFTER}"
_LISTED = "[、/,;或和与及 ]"
NEXT_LISTED = rf"\*{{4}}(?:\*{{3}}|\d\d){_LISTED}{{1,2}}((?!20[0-3]\d{_DAY})[2-9]\d{{2,3}}-?\d{{4}})(?![0-9A-Za-z元万米亩])"
PLATE = rf"({_PROVINCE}[A-Za-z][ .-]?(?=[A-Za-z]{{0,4}}\d)[0-9A-Za-z]{{4,5}}[0-9A-Za-z挂学警港澳]){_AFTER}"

# --- the door of a household: estate and building stay, unit and room go --------------------------------

_COUNT = "[0-9]{1,2}|[一二两三四五六七八九十]{1,3}"
_ROOM = "[1-9][0-9]{2,3}[A-La-l]?|[一二三四五六七八九〇零○十]{3,4}"
_NO_COUNT = "(?![0-9一二三四五六七八九十元米年多个余名人平亩天次号块层楼栋套间家mM]|户[居业住家村]|[.][0-9])"
_SIDE = f"(?:{_COUNT})[楼层][ ,]?[东西南北中左右](?:首|边|侧)?户"
_FLOOR = f"(?:{_SIDE}|(?:{_COUNT})[楼层][ ,]?(?:{_ROOM})[室户房])"
_BUILDING = "(?:号楼|栋|幢|[A-Za-z0-9]座|[0-9]#楼?)"
_ESTATE = "[区园苑城府湾庭院里居邸郡轩阁寓]"
DOOR_IN_UNIT = rf"((?:{_COUNT}|[A-Za-z])单元[ ,-]?(?:(?:{_ROOM})(?:室|户|房)?{_NO_COUNT}|{_FLOOR}))"
DOOR_IN_BUILDING = rf"{_BUILDING}[ ,-]?((?:[0-9]{{1,2}}-)?(?:{_ROOM})(?:室|房)?{_NO_COUNT}(?!户)|{_FLOOR})"
DOOR_HOUSEHOLD = rf"{_BUILDING}[ ,-]?([1-9][0-9]?(?:0[1-9]|1[0-2])户)(?![居业住家村])"
DOOR_DASHED = (
    rf"(?:{_ESTATE}[0-9]{{1,3}}-|(?<![0-9A-Za-z-])[0-9]{{1,3}}-(?=[0-9-]+[室户]))"
    r"((?:[0-9]{1,2}-)?[1-9][0-9]{2,3}[室户]?)(?![0-9-])"
)
DOOR_SIDE = rf"({_SIDE})"
DOOR_PLATE = r"门牌号?码?[为是:]?([0-9]{1,4}号?)(?![0-9年个])"


def _ends(found):
    digits = re.sub(r"[+\s./\\|_~、-]", "", found)[-11:]
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


def _door(found):
    return re.sub("[0-9A-Za-z]+|[〇零○一二两三四五六七八九十]+|[东西南北中左右]", "*", found)


# One after another: each alone is found many times faster than all as alternatives of one pattern.
NUMBERS = [
    (re.compile(pattern, re.ASCII), mask)
    for pattern, mask in [
        (EMAIL, lambda found: found[0] + "***@"),
        (SECRET, lambda found: "***"),
        (MOBILE_NAMED, _ends),
        (CHAT, lambda found: found[0] + "***"),
        (ID_NAMED, _head),
        (DOCUMENT, lambda found: found[0] + "*" * (len(found) - 1)),
        (BANK_NAMED, _head),
        (ID_CARD, _head_of_id),
        (BANK_CARD, _head_of_card),
        (MOBILE, _ends),
        (MOBILE_IN_WORDS, _ends),
        (LANDLINE, _area),
        (LOCAL, lambda found: "*******"),
        (NEXT_LISTED, lambda found: "*******"),
        (PLATE, lambda found: found[:2].upper() + "·*****"),
        *((door, _door) for door in (DOOR_IN_UNIT, DOOR_IN_BUILDING, DOOR_HOUSEHOLD, DOOR_DASHED)),
        *((door, _door) for door in (DOOR_SIDE, DOOR_PLATE)),
    ]
]

# Whatever the patterns above find is also found by one of these, which can be searched in a whole column at once.
# Neither looks around nor asks for \\s: pandas searches such patterns row by row, ten times slower.
_SOME_HAN = "一二两三四五六七八九十〇零○"
_FLOOR_LIKE = f"(?:[0-9]{{1,2}}|[{_SOME_HAN}]{{1,3}})[楼层]"
NUMBER_LIKE = "|".join(
    [
        rf"[{ODD}{UNSEEN}]|[0-9][ .)-]*(?:[{BLANKS}．·•・‧‐‑–—−－／＼｜＿～＋]|）[0-9 -])",
        rf"@|[{_HAN_DIGITS}1](?:[ .、·•-]?[{_HAN_DIGITS}0-9]){{10}}|{_PROVINCE}[A-Za-z]",
        rf"\*{{4}}[*0-9]{{2,3}}[、/,;，；／或和与及 {BLANKS}]{{1,2}}[2-9][0-9]{{2}}|[0-9][-－][1-9][0-9]{{2,3}}",
        rf"(?:{_ACCOUNT})[^0-9，；。]{{0,6}}[0-9]{{2}}|(?:{DOCUMENTS})[^0-9A-Za-z，；。]{{0,8}}[A-Za-z]{{0,3}}[ (（-]?[0-9]",
        rf"(?:密码|口令|验证码|校验码)[为是:：= {BLANKS}＝]*[!-~·•．・‧‐‑–—−]|门牌号?码?[为是:：]?[0-9]",
        rf"单元[ ,，-]?[0-9{_SOME_HAN}]|[楼层][ ,，]?[东西南北中左右](?:首|边|侧)?户",
        rf"(?:号楼|栋|幢|座|#楼?|＃楼?)[ ,，-]?(?:[1-9][0-9]?-)?(?:[0-9]{{3}}|[{_SOME_HAN}]{{3}}|{_FLOOR_LIKE})",
        r"(?:^|[^0-9])[01](?:[ \t\n./\\|_~+)-]*[0-9]){10}|86[ \t\n.-]?1[ \t\n./\\|_~+-]*[3-9]",
        r"[0-9](?:[ \t\n.-]?[0-9]){14}",
        r"(?:电话|手机|联系方式|微信)[^0-9A-Za-z]{0,6}1[3-9][0-9]{9}",
        rf"(?:{_CALL})[号码为是:： {BLANKS}]*[0-9](?:[ \t\n.-]?[0-9]){{6}}",
        rf"(?:{CHATS})[账帐号码为是:： (（{BLANKS}]*[0-9A-Za-z]",
    ]
)


def hide_numbers(text):
    """The text with every number of a person masked, and the door of every household."""
    half, places = fold(text)
    for pattern, mask in NUMBERS:
        found = [(match.span(match.lastindex), match[match.lastindex]) for match in pattern.finditer(half)]
        spans = [(*span, masked) for span, number in found if (masked := mask(number))]
        if spans:
            text = replace_spans(text, places, spans)
            half, places = fold(text)
    return text
