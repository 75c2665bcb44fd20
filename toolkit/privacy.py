"""Personal data: masked when loaded, so that nothing later can let it out.

A caller becomes a keyed hash: the same caller can be found again, the name cannot. In free text, numbers are
known by their form and check digits, names by what stands beside them. Not caught: a name in mid-sentence with
nothing beside it that tells a name from a word (unless it is the row's own caller's), a name right after an
official's title, a given name alone, most rare surnames, names written with a dot, a local number without a word
such as 电话 before it, a number inside a longer run of letters and digits, an address.
`python tests/test_privacy.py` says how much is caught and how much is masked in vain.
"""

import hashlib
import os
import re
import secrets

import numpy as np
import pandas as pd

from toolkit.settings import PROJECT

KEY_FILE = PROJECT / ".keys" / "caller.key"

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


# --- names: a surname, and what stands beside it ----------------------------------------------------

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石"
    "姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂"
    "丛焦柳邢路岳齐梅莫庄辛管祝左涂谷祁耿牟卜肖詹关苗凌费纪靳盛欧甄曲裴屈鲍覃霍翁隋植景司宁柯阮桂闵解柴付闫褚卞"
)
RARER = "郁饶麻鞠甘薄柏佟佘仝楚栗桑冉晁腾裘蒙蓝游查卫强单冷党廉隆鹿包项华阳成"  # words, more often than not
COMPOUND = "欧阳|司马|诸葛|上官|尉迟|皇甫|令狐|慕容|夏侯|公孙|端木|司徒|闻人|澹台|宇文|长孙|轩辕"
# Words that begin with a surname are no name.
WORDS = (
    "高[度空压中考标价额温速铁层血龄新于达危档等声效利烧兴质]|何[时种处人故以去从不]|方[便面可能才法式案向的自提未同进有]|"
    "万[元般一分科达]|任[何意由命职教务]|常[年常住驻态见有规用]|于[国经常本今昨上下当每前近此何是水]|"
    "曾[多经于向在因有反到就被拨电来投致联要提]|石[头料材子油板灰]|金[额钱融属]|安[全装置排静徽心胎抚葬宁危]|"
    "毛[病坯]|白[天色内酒跑白血]|雷[电雨]|温[度室泉馨]|关[心注于闭门系机停键爱联切]|"
    "路[灯面边口过段况人怒上基障沿政线]|田[地间里]|江[水苏西]|林[地业木权]|黄[土河金色牛]|马[上路桶]|"
    "牛[羊棚奶]|段[时路]|程[序度中]|余[额款下元名户人]|严[重格厉查禁肃]|武[警术]|文[明化件]|张[贴口]|"
    "陈[述旧]|周[末边围转一二三四五六日期岁]|胡[乱同说]|许[多可诺久]|谢谢|解[决释除答惑]|"
    "管[理道网线辖护部单申]|申[请报诉领]|施[工救肥]|费用|左[右侧]|康[复养]|易[燃发]|苗木|柴油|祝愿|"
    "毕[业竟]|齐全|庄[稼园]|顾[客虑]|钟头|钱[款财]|孙[子女]|夏[天季]|尤[其为]|杜绝|范围|季[度节]|"
    "章程|辛苦|颜色|焦[急虑]|纪[委律念]|凌晨|岳[父母]|洪[水涝]|付[款费清出给钱]|司[机法]|宁[愿静]|桂花|强[化力]|卫生|党[和员]|查[学明]|成[立年]|单位|包[村括含干]|华[润悦]|项目|"
    "景[区观]|陆续|莫大|殷切"
)
# What given names are often made of: two of them after a surname are a name in fewer surroundings.
OFTEN = (
    "建国华明军伟强志勇平文斌海波涛杰超峰磊刚辉飞鹏浩宇亮龙林春生德福贵荣光新永成立振兴中东山河川江湖云雷宝玉金银铜铁树森松柏良才"
    "学书礼义仁信忠孝和顺祥瑞庆喜乐康宁安泰富有财旺发达利全保守家邦民世昌盛茂长大小二三冬秋雪霜雨月星阳晨曦丽红艳芳兰香桂花莲荷菊"
    "梅英秀珍珠凤霞燕玲娟娜婷婉静雅淑贤惠慧敏洁琴瑶琳璐莉莎萍芬芝蓉薇蕾菲倩妍娇媛美佳怡欣悦晓晴思梦诗涵子轩梓豪俊毅恒凯博睿航翔坤"
    "宏鸿洪洋泽润泉源清远景广元正方进胜克继承先祖根本士奇启少培双满仓社卫革跃爱敬相占存会运道法彬宾炳焕耀灿煜炎钢锋铭鑫钰锦栋梁楠"
    "桐彤丹青翠素巧彩虹彦宗昊旭晖如若心意千万申丰冰凡力勤升友君吉善嘉坚城堂增奎宜宣岩岚峻崇帆常年延开彪影征怀念恩战扬捷政智曼朋朝"
    "来柱武殿治沛滨灵照熙猛珊琛琦琪琼瑛瑜瑾璇田真硕禄禾科章竹笑纯纲维绪绍羽翰聪艺苗茜茵萌虎裕诚谦贝贺越辰迪通锁闯隆雁雄雯霄霖韵颖"
    "风馨骏高鸣鹤麟齐尚化品哲团多妙尔微曾标槐毓潇牛精纪经苏西观言赞遥钟陆露顶飘"
)
# Who is named right after the word, if what follows the name ends it.
ROLES = (
    "来电人|来信人|来访人|诉求人|反映人|投诉人|举报人|信访人|申请人|联系人|当事人|负责人|经办人|承办人|责任人|受害人|收货人|"
    "收件人|代表人|法人|户主|房主|车主|摊主|店主|业主|市民|村民|居民|农民|住户|用户|客户|顾客|租客|乘客|群众|邻居|房东|老板|"
    "包工头|中介|保安|骑手|司机|网友|同事|工友|职工|员工|工人|老人|老兵|老汉|患者|死者|学生|同学|家长|家属|会计|孩子|男孩|女孩|儿子|"
    "女儿|儿媳|女婿|孙子|孙女|侄子|外甥|丈夫|妻子|媳妇|爱人|老伴|父亲|母亲|爸爸|妈妈|爷爷|奶奶|岳父|岳母|公公|婆婆|哥哥|"
    "弟弟|姐姐|妹妹|叔叔|舅舅|户名|大名|本人|某、|某和|某与|某及"
)
CALLED = "我叫|人叫|姓名|名字|全名|本名"  # whatever follows the name
SAID = "叫做?|我是"  # only if the sentence stops after the name
TITLES = "先生|女士|小姐"

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


# --- the caller's hash -----------------------------------------------------------------------------


def hash_callers(names, phones, id_cards, key):
    """A keyed hash for each caller, from the identity number, else the phone, else the name.

    Missing where the export names no caller. Phones are compared by their digits alone.
    """
    digits = phones.str.replace(r"\D", "", regex=True).str.removeprefix("86")
    known = id_cards.str.upper().where(id_cards.notna(), digits.where(digits.str.len() >= 7))
    known = known.where(known.notna(), names)
    callers = {who: _keyed_hash(who, key) for who in known.dropna().unique()}
    return known.map(callers).astype("str")


def _keyed_hash(text, key):
    return hashlib.blake2b(text.encode(), key=key, digest_size=8).hexdigest()


def caller_key(path=None):
    """The key of the callers' hashes: read from its file, made there at first use.

    The file belongs outside `outputs/` and is readable by its owner only; without it the same caller
    cannot be found across exports.
    """
    path = KEY_FILE if path is None else path
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(32))
    return path.read_bytes()


def as_series(values, index):
    """A text column, missing throughout where the export has none."""
    return pd.Series(pd.NA, index=index, dtype="str") if values is None else values
