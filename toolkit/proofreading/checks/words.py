"""The words of a report: what is unfilled, left over from elsewhere, miscounted, or praised without a figure."""

import re

from toolkit.proofreading.claims import DOUBTFUL, UNKNOWN, Claim, check
from toolkit.proofreading.figures import COUNT, RATE

SIGN = "百分号"
# Pattern, what it is called, what is said about it. An office's own name (信访办) is no leftover.
WORDS = [
    (r"_{2,}\s*[年月日件个%]?|\d{1,3}_+\s*年度?|[（(][ \u3000]{2,}[）)]", "未填空白", "空白未填，应补上实数"),
    (
        r"[XxＸ×]{2,}(?:省|市|县|区|乡|镇|村|局|年|月|日|件|人)?|[×Ｘ][年月日县乡镇]|某某[县市区乡镇村局]?",
        "模板占位",
        "模板占位词，应换成实名实数",
    ),
    (r"[\d０-９][%％﹪]{2,}", SIGN, "百分号重复"),
    (r"[\d０-９]﹪", SIGN, "百分号用了特殊字符“﹪”，应为“%”"),
    (r"[\d０-９][`'´]\s*[%％]", SIGN, "数字与百分号之间有多余符号"),
    (
        r"信访(?![办局室部联]|干部|条例|途径|事项|渠道)(?:工作|积案|件|案件|形势|责任)?"
        r"|(?:的|各项|做好)信工作|(?:[越赴进到]\S{0,3}|集体|重复|非正常)?上访|(?<!迎)接访|群众来访|来信来访"
        r"|初信初访|[进赴]京访|集体访|越级访|缠访|闹访|息诉罢访|接待人(?![员数次民们])|(?<!待补：)接待日",
        "他处模板残留",
        "像是从信访工作材料沿用的词，热线报告中应核实或改写",
    ),
    (
        r"[（(【\[<《][^）)】\]>》\n]{0,12}(?:此处|待补|待填|填写|插入|略写|示例|范文|模板)[^）)】\]>》\n]{0,20}[）)】\]>》]"
        r"|(?:此处|此表)(?:填写|补充|插入|略)|待补充|TODO",
        "模板占位",
        "模板的填写说明没有删去",
    ),
    (r"的的|在在|与与|[，,]{2,}|。{2,}|，。|、，", "重复字符", "字或标点重复"),
    (r"[\u4e00-\u9fff]{2,4}、(?=参加|出席|主持|作出|召开)", "标点", "顿号后直接是动作，疑有漏字或顿号多余"),
    (r"(?:^|(?<=[。！？\n]))[ \u3000>]*分别[是为]", "疑有漏段", "“分别”之前没有总数和所指，疑有文字缺失"),
]
PRAISE = re.compile(
    "(?:成绩|成效|效果|实效)(?:十分|非常|很|较为|更加)?(?:显著|突出|明显|斐然|喜人)"
    "|(?:取得|有)了?(?:一定|较好|良好|优异|可喜)的?(?:成绩|成效)"
    "|(?:明显|显著|大幅|大幅度|大大|极大|全面|持续|稳步|跨越式)地?(?:提升|提高|改善|好转|减少|下降|缩短|跃升|攀升|增强)"
    "|大为(?:减少|改观|提高|改善)|(?:质的|历史性|突破性|飞跃性)的?(?:飞跃|突破|进展|提升)|跃上新台阶|再创(?:新高|佳绩)"
    "|(?:得到|受到|赢得|获得|深受|广受)了?.{0,10}(?:好评|赞誉|称赞|认可|肯定|评价|表扬|欢迎|信赖)"
    "|(?:走在|位居|处于|保持).{0,6}(?:前列|领先|首位|前茅)|名列前茅|遥遥领先|圆满完成|维护了.{0,6}稳定"
    "|[全省市县国]{1,2}(?:首创|领先|唯一|最好|最高|最快|一流)|首屈一指|独一无二|前所未有|史无前例|无与伦比|绝无仅有"
)
INTENDED = re.compile("推动|进一步|努力|力争|将|为了|确保|要求|建议|促进")
HEADING = re.compile(r"^[ >\u3000]*[一二三四五六七八九十]+、[^\n。]{1,30}$", re.MULTILINE)
AIMS = re.compile("下一?步|建议|打算|计划|设想|安排|思路|措施")
# One report speaks for one body: 我乡 and 我局 in the same text come from two.
OWN = re.compile(
    r"(?<![\u4e00-\u9fff])我(?:乡|镇|街道|局(?![部面限])|委(?!托))|(?<=[为在对由])我(?:乡|镇|街道|局)"
)
WITHOUT_EXCEPTION = re.compile(
    "(?:均已?|全部)(?:按时|按期|及时)?(?:办结|回复|答复)|没有(?:出现|发生)?.{0,6}(?:投诉|超期)(?:现象|件)?|无一(?:超期|投诉)"
)


@check
def words(draft):
    """空白、占位、百分号、他处模板的词、重复的字。"""
    for pattern, claim, how in WORDS:
        for found in re.finditer(pattern, draft.text):
            start = found.start() + len(found[0]) - len(found[0].lstrip(" \u3000>\n"))
            if claim == SIGN:
                start = re.search(r"[\d.]+$", draft.half_width[: start + 1]).start()
            yield Claim(start, found.end(), claim, "", DOUBTFUL, how)


def is_aim(draft, place):
    """True below a heading such as 三、下一步工作打算: what stands there is no result."""
    above = re.findall(HEADING, draft.half_width[:place])
    return bool(above and AIMS.search(above[-1]))


@check
def praise(draft):
    """没有数字支持的评价和“均”“没有”一类的话。"""
    told = {f.sentence for f in draft.figures if f.kind in (COUNT, RATE)}
    for found in PRAISE.finditer(draft.half_width):
        begin, _ = draft.sentence_at(found.start())
        clause = re.split("[,;。]", draft.half_width[begin : found.start()])[-1]
        is_meant = INTENDED.search(clause) or is_aim(draft, found.start())
        if not is_meant and draft.sentence_of(found.start()) not in told:
            yield Claim(*found.span(), "评价", "", DOUBTFUL, "同一句中没有数字支持这一评价，应列出数据")
    for found in WITHOUT_EXCEPTION.finditer(draft.half_width):
        if draft.sentence_of(found.start()) not in told:
            yield Claim(*found.span(), "无一例外", "", UNKNOWN, "文中没有件数，要对照数据")


@check
def bodies(draft):
    """前面自称“我乡”，后面又称“我局”：疑从他处材料沿用。"""
    found = [*OWN.finditer(draft.half_width)]
    first = next((match[0] for match in found), "")
    for match in found:
        if match[0] != first:
            how = f"前面自称“{first}”，此处称“{match[0]}”，疑从他处材料沿用"
            yield Claim(*match.span(), "他处模板残留", first, DOUBTFUL, how)
