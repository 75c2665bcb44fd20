"""Names of persons in free text, known by what stands beside them. Patterns look at the folded text."""

import re

from toolkit.loading.folding import BLANKS, UNSEEN, fold, replace_spans
from toolkit.words.names import (
    CALLED,
    CALLED_AFTER,
    COMPOUND,
    DEEDS,
    LESS_SURE,
    OFFICIALS,
    OFTEN,
    PLAIN,
    RARER,
    SAID,
    SURNAMES,
    TITLES,
    WORDS,
)
from toolkit.words.names import ROLES as CITIZENS

ROLES = f"{CITIZENS}|{OFFICIALS}"
HAN = "[\u4e00-\u9fa5]"
_GIVEN = "(?:(?![的了是我你他她们住给被把说吗呢吧也很还没这那什怎人女男电该其要让请称诉反因已于对向姓某等])[\u4e00-\u9fa5])"
NOT_TITLE = (
    rf"(?!{TITLES}|师傅|经理|老板|老师|书记|主任|同志|总|某|医生|警官|法官|律师|教练|"
    "[所院组站队局科村镇县校园社处店行部区市乡厂]长)"
)
_SURNAME = rf"(?:{COMPOUND}|(?!{COMPOUND}|{WORDS})[{SURNAMES}]){NOT_TITLE}"
_FULL = rf"({_SURNAME}(?:{_GIVEN}{{1,2}}| {_GIVEN}))"
_STOP = r"""[\s,.;:、。!?()"“”《【/]|$"""
_NEXT = (
    rf"(?={_STOP}|[\d的等家因在与和及系为无已驾怀住说称女男现是对于要被将不两带去来给找让自从曾会就也都用以没未反负出上同]|反映|来电|来访|来信|表示|投诉|举报|咨询|求助|"
    rf"诉求|建议|提出|拨打|致电|电话|手机|身份证|同志|今年|实名|多次|性别|年龄|户籍|夫妇|一家|{TITLES})"
)
_AS = "(?:姓名)?[为是]?[:;]? ?"
_NO_ROAD = "(?!(?<=长)[江城安沙青春虹途期征乐]|(?<=老师)傅)"  # 镇长江路, 老师傅
_PLACE = "[园城府湾苑庭区场村镇庄路街桥湖山岭公中社学院集局厂店站]"
_LIKELY = rf"((?:{COMPOUND}|(?!{WORDS})[{SURNAMES}{RARER}]){NOT_TITLE}[{OFTEN}]{{2}})(?!{_PLACE})"
_LEADS = (
    "是和与找给让被由向对把将跟替叫及的下知告组室映诉报系电"  # what ends right before a name in mid-sentence
)
_FIRST = f"[{SURNAMES}{''.join(name[0] for name in COMPOUND.split('|'))}]"
_FEW = rf"(?!{WORDS})[{SURNAMES}]{NOT_TITLE}[{OFTEN}一四五六七八]{{1,2}}"
# 于 and 曾 after an office are words more often than surnames.
_LESS = rf"(?:[{SURNAMES.replace('于', '').replace('曾', '')}]|[于曾][{OFTEN}]|{COMPOUND})"
_PLAIN = rf"(?!{WORDS})[{PLAIN}]{NOT_TITLE}"
_NO_PLACE = f"(?<!{_PLACE[:-1]}坪塘冲坡坝垸坳洲河江口里门寨屋])(?!{_PLACE}|{HAN}[镇村乡区街路])"
_NO_TOWN = "(?<![镇村乡区街路县])"
_OFTEN_ONE = f"(?:(?!家)[{OFTEN}]{_GIVEN}|(?!家){_GIVEN}[{OFTEN}])"
_DOES = rf"{_GIVEN}{{1,2}}{_NO_TOWN}(?= ?(?:{DEEDS}))"
_EDGE = r"(?:^|(?<=[\s,.;:!?、。()“”《》【】/*]))"
NAMES = [
    re.compile(pattern)
    for pattern in [
        rf"(?:{CALLED}|{CITIZENS}){_AS}{_FULL}{_NEXT}",
        rf"(?:{OFFICIALS}){_NO_ROAD}{_AS}(?={_LESS}){_FULL}{_NEXT}",
        rf"(?:{CALLED}){_AS}({_SURNAME}{_GIVEN}{{1,2}})",
        rf"(?:{CALLED}|{ROLES}){_NO_ROAD}{_AS}(?!{_SURNAME}{_GIVEN}{_NEXT}){_LIKELY}",
        rf"[人户员者](?!{_SURNAME}{_GIVEN}{_NEXT}){_LIKELY}",
        rf"(?:^|(?<=[ \t\n,.;:!?、。()“”《》【】/])|(?<=[{_LEADS}])(?!于)){_LIKELY}{_NEXT}",
        rf"(?:{SAID}){_FULL}(?<![河湖店镇村厂园城])(?={_STOP})",
        rf"姓名[为是]?[:;] ?((?!不|保密|匿名|未|同上|无|.{{1,2}}(?:{TITLES})){HAN}{{2,4}})(?={_STOP})",
        rf"(?={_FIRST}{HAN}{{1,3}}(?:{TITLES}))(?![于方][{SURNAMES}](?:{TITLES})){_FULL}(?={TITLES})",
        rf"(?=[{SURNAMES}{RARER}]{HAN}{{2,3}}同志){_LIKELY}(?=同志)",
        rf"(?:{LESS_SURE}){_AS}({_PLAIN}(?:{_GIVEN}{{1,2}}| {_GIVEN})){_NO_TOWN}{_NEXT}",
        rf"(?:{CALLED}|{ROLES}|{LESS_SURE}){_NO_ROAD}{_AS}({_PLAIN}(?:{_DOES}|{_OFTEN_ONE}{_NO_PLACE}))",
        rf"(?:{_EDGE}|(?<=[{_LEADS}人户员者商村组社系]))({_PLAIN}{_OFTEN_ONE}){_NO_PLACE}(?={DEEDS}|{CALLED_AFTER})",
        rf"{_EDGE}({_PLAIN}{_GIVEN}{{1,2}})(?=[ ,:(]{{0,2}}(?:电话:?)?[0-9]{{0,3}}\*{{4}})",
        rf"(?:^|(?<=[\s,.;:。!?(“]))({_FEW})(?<!{_PLACE})(?=、{_FEW}(?<!{_PLACE}){_NEXT})",
    ]
]
# Whatever the patterns above find is also found by one of these, which can be searched in a whole column at once;
# two searches, because as alternatives of one pattern they outgrow RE2's automaton and take ten times as long.
_BEGINS = f" \t\n{BLANKS},.;:!?，．·•・‧；：！？。(（“"
NAME_LIKE = [
    "|".join(
        [
            rf"(?:{CALLED}|{CITIZENS})(?:姓名)?[为是]?[:：;；]?[ {BLANKS}]?(?:{_FIRST}|[{RARER}][{OFTEN}])",
            rf"(?:{OFFICIALS})(?:姓名)?[为是]?[:：;；]?[ {BLANKS}]?(?:{_LESS}|[{RARER}][{OFTEN}])",
            rf"(?:{LESS_SURE})(?:姓名)?[为是]?[:：;；]?[ {BLANKS}]?[{PLAIN}]",
            rf"(?:^|[{_BEGINS}、)）”《》【】/／人户员者{_LEADS}])[{SURNAMES}{RARER}][{OFTEN}]{{2}}|[{UNSEEN}]",
            rf"(?:^|[{_BEGINS}])[{SURNAMES}][{OFTEN}一四五六七八]{{1,2}}、[{SURNAMES}][{OFTEN}一四五六七八]",
        ]
    ),
    "|".join(
        [
            rf"姓名[为是]?[:：;；]|(?:{SAID}){_FIRST}|{COMPOUND}|{_FIRST}{HAN}{{1,3}}(?:{TITLES})|[{OFTEN}]{{2}}同志",
            rf"[{PLAIN}]{HAN}{{2}}(?:{DEEDS}|{CALLED_AFTER})",
            rf"[{PLAIN}]{HAN}{{1,2}}[ ,，:：(（{BLANKS}]{{0,2}}(?:电话[:：]?)?[0-9]{{0,3}}\*{{4}}",
        ]
    ),
]


def hide_names(text):
    """Every name that is told as one, masked wherever it stands in the text."""
    half, places = fold(text)
    found = {match[1] for pattern in NAMES for match in pattern.finditer(half)}
    for name in sorted(found, key=lambda name: (-len(name), name)):
        half, places = fold(text)
        text = hide_word(text, half, places, name)
    return text


def hide_word(text, half, places, name):
    """The text with a name of its folded form masked wherever it stands."""
    spans = [(*match.span(), veil(name)) for match in re.finditer(re.escape(name), half)]
    return replace_spans(text, places, spans)


def veil(name):
    """A name with its surname left: 王某某."""
    name = name.replace(" ", "")
    known = 2 if re.match(COMPOUND, name) and len(name) > 2 else 1
    return name[:known] + "某" * (len(name) - known)
