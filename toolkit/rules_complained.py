"""线索：应付。What citizens say of the handling itself: put off, passed about, closed undone, nobody called."""

import numpy as np
import pandas as pd

from toolkit import phrases, schema
from toolkit.rule import fill, report, rule

GROUP = "应付"

# Who is complained of where it is no office: a company, a seller, a landlord. And who answers for tickets.
_FIRM = (
    "(?:物业|开发商|房产商|公司|商家|卖家|店家|商户|店主|店员|快递|外卖|客服|平台方|医院|医生|房东|中介|"
    "老板|学校|老师|银行|保险|"
    "4S店|厂家|厂商|驾校|培训|机构|售楼|供货商|包工头|承包|施工方|施工队|售后|酒店|超市|运营商|移动|电信|"
    "联通|旅行社|健身房|"
    "经理|地产|置业|集团|楼上|邻居|对方|法院|法官|律师|业委会|司机)"
)
_OFFICE = (
    "(?:12345|热线|工单|政府|部门|单位|社区|街道|村委|村里|镇里|乡里|村干部|镇|乡|局|城管|派出所|信箱|"
    "交警|执法|工商|市长|书记|"
    "领导|平台|居委|环保|住建|规划|信访|办事处|工作人员)"
)
_NOTHING = (
    "(?:无果|没人管|无人管|没有人管|没有?结果|无结果|[无没]有?人?处理|未处理|没有?解决|未解决|得不到解决|"
    "未得到|没有?得到|没能?得到|"
    "(?:没有?|未|无)[^，,。]{0,5}(?:回复|答复|回应|反馈|下文|处理|动静|音讯|说法)|石沉大海|不了了之|"
    "无人问津|没人理|无人理|"
    "置之不理|不予理睬|不理不睬|没用|没有用|无济于事|不处理|不解决|不回复|[没无]有?人?联系|杳无音信|不受理|不管)"
)
_APPEAL = "(?:反映|反应|投诉|举报|拨打|打了|打过|打电话|致电|留言|来电|信访|上报|求助|诉求|工单|来信|反馈|12345|热线)"
_BEFORE = (
    "(?:多次|几次|数次|无数次|[0-9一二三四五六七八九十两几]+多?[次遍回]|反复|一直|再三|屡次|上次|上回|"
    "之前|此前|曾|前期|每次|至今|到现在|上个?月|前几天|前天|昨天|已经|仍|12345|热线|工单|第[二三四五]次)"
)
_SHIRK = "(?:踢皮球|踢来踢去|推来推去|(?:相互|互相|来回|层层)[^，,。]{0,2}(?:推|扯皮|踢))"
_CARELESS = "(?:敷衍|应付了事|糊弄|推诿|推脱|推卸|推托|扯皮)"  # of a firm as likely as of an office
_CLOSED = "(?:办结|结单|已结案|结案|销单|销号|处理完成|处理完毕|已处理|已经处理|处理好了|已解决|已经解决)"
_NOT_SO = "(?:没有?|未|并未|根本|不|仍|依旧|照旧|还在|还是|依然|继续)"

STEMS = (
    "回复|答复|敷衍|答非所问|办结|结单|结案|销单|销号|处理|撤|工单|推诿|推脱|推卸|推托|扯皮|皮球|踢来|"
    "推来|互相推|来回推|"
    "没人|无人|没有人|无果|不了了之|石沉|没用|不管|结果|解决|不理|投诉"
)
# What speaks of the handling by itself, and plain words of which one stands in whatever it matches.
HANDLING_STEMS = (
    "不符|属实|不实|失实|造假|答非所问|敷衍|避重就轻|官话|套话|雷同|千篇一律|虚假|假回复|假答复|假的|"
    "糊弄|应付|不认可|不接受|"
    "不服|不满|异议|不同意|办结|结单|结案|销单|关单|关闭工单|销号|处理完|已处理|已经处理|处理好|已解决|"
    "已经解决|假处理|"
    "假办结|撤|取消投诉|改满意|改成满意|打满意|评满意|说满意"
)
HANDLING = (
    "(?:回复|答复|反馈|办理结果|处理结果)[^，,。]{0,12}(?:与事实|与实际|和事实|和实际|不符|不属实|不实|"
    "失实|造假|答非所问|敷衍|避重就轻|官话|套话|雷同|千篇一律)"
    "|(?:虚假|假|敷衍|糊弄|应付)(?:的|性)?(?:回复|答复|办结|处理)|答非所问"
    "|(?:对|不认可|不接受|不服)[^，,。]{0,14}(?:回复|答复|办理结果|处理结果|处理意见|"
    "办理情况)[^，,。]{0,6}(?:不满|不认可|不接受|不服|有异议)"
    "|(?:不认可|不接受|不同意)[^，,。]{0,10}(?:回复|答复|办理结果|处理结果|处理意见)"
    "|(?:强制|强行|擅自|私自|提前|被|直接|自动)[^，,。]{0,4}(?:办结|结单|销单|关闭工单|关单|销号)"
    "|(?:工单|投诉|诉求|系统|平台|热线|12345|问题|反映|显示|回复|答复|局|镇|街道|社区|"
    f"单位)[^，,。]{{0,14}}{_CLOSED}[^。]{{0,8}}(?:但|可|却|实际|事实|然而|结果|"
    f"其实)[^。]{{0,14}}{_NOT_SO}"
    f"|(?:没有?|未)[^，,。]{{0,5}}(?:解决|处理|整改|修)[^，,。]{{0,8}}(?:就|却)[^，,。]{{0,8}}{_CLOSED}|"
    f"就[^，,。]{{0,4}}(?:办结|结单)了"
    "|(?:要求|让|叫|逼|劝|威胁|强迫|诱导|要我|喊)[^，,。]{0,10}(?:撤诉|撤单|撤销投诉|撤销工单|撤销诉求|"
    "撤回投诉|撤回工单|撤回诉求|取消投诉|撤投诉|撤案|改成?满意|打满意|评满意|说满意)"
)
ASKED = (
    "请问|咨询|想问|怎么|如何|希望[^，,。]{0,12}不要|如果|假如|是否会|会不会|杜绝|防止|避免|不要|不能|"
    "不得|别再|(?:没有?|从不|不会|从未|绝不|毫无|不)(?:互相|相互)?(?:推诿|敷衍|扯皮|推脱)"
)
THANKS = "感谢|表扬|点赞|非常满意|很满意|态度很?好|锦旗"
COURT = "法院|起诉|仲裁|官司|诉讼|律师|判决"

NO_CALL = (
    "(?:没有|没|无|未有|从未有|未见|没见|不见|并无)(?:任何|一个|哪个|有|什么|单位的|部门的|相关|承办|"
    "办理|到)*(?:人员?|工作人员|单位|部门|领导|干部)"
    "[^，,。]{0,8}(?:联系|致电|来电|回电|回[过我]?电话|打过?电话|打[来过]电话|给[^，,。]{0,4}电话|核实|"
    "沟通|了解情况|找[过我])"
    "|(?:没有|没|未|从未|并未|从没|未曾|根本没|也没)有?(?:接|收)到过?[^，,。]{0,12}(?:电话|来电|联系|回电|通话)"
    "|(?:没有|没|未|从未|并未|从没|从来没有|从来没|未曾|根本没|根本没有|也没有)(?:人)?(?:与|和|跟|同|给|"
    "向|主动|电话|打电话)*(?:过)?(?:我|本人|其|他|她|市民|群众|来电人|诉求人|"
    "反映人)(?:们)?(?:本人)?(?:取得|进行|主动|电话)?(?:过)?(?:任何)?(?:联系|打过?电话|核实|沟通|见面|"
    "了解情况|回电)"
    "|(?:未|没有?|从未|并未|从没|从来没有?|根本没有?)(?:主动|进行|电话)?(?:联系|致电|电话联系)过?(?:我|"
    "本人|其|他|她|市民|群众|来电人|诉求人|反映人)"
)
NO_CALL_STEMS = "联系|电话|来电|回电|致电|核实|沟通|了解情况|找过|找我|见面|通话"
CALL_LOOK_ALIKES = (
    "(?:回访员|回访人员|话务|坐席|客服|接线)[^，,。]{0,10}(?:没|未)|(?:没|未)[^，,。]{0,8}回访|"
    "回访(?:电话|短信)|及时|按时|第一时间|我(?:也|就|还|从来|一直|都)?(?:没有?|未|从未)联系|"
    "我们(?:也|就|还)?(?:没有?|未)联系|请问|会不会|是否|如果|担心|应聘|面试|招聘|报名|订单|退款|通知"
)
FIRST_PERSON = "我(?:也|就|还|从来|一直|都|并)?(?:没有?|未|从未)(?:主动)?联系"
SAID_CALLED = (
    "(?:已|经|现|当日|当天)[^，,。]{0,8}(?:联系|致电|电话|沟通)|(?:与|和|同|跟|向)[^，,。]{0,8}(?:诉求人|"
    "来电人|市民|群众|反映人|投诉人|当事人|您|其)"
    "[^，,。]{0,6}(?:联系|沟通|电话|核实)|电话(?:联系|告知|回复|答复)|联系了?(?:诉求人|来电人|市民|反映人|投诉人)"
)


@rule(
    "投诉办理本身",
    GROUP,
    needs=["content"],
    ladder="一律为橙",
    source="县热线办报告“一旦回复多应付”“相互推诿不接收”；某局报告“没有出现被投诉现象”；用语表待本县核定",
    guard="投诉物业、商家、医院等单位的不算，询问程序的、表扬的、诉讼中的不算；作废的不算",
    reads_texts=True,
    asks_review=True,
)
def handling_complained(case):
    """群众反映前一次诉求的办理：无人联系、回复不实、互相推诿、多次反映无果、要求撤诉、未解决即办结等。"""
    rows = _candidates(case)
    found = find_complaints(phrases.join_texts(case.tickets, rows))
    hits = case.tickets.iloc[rows[found.index]]
    evidence = fill("诉求中称：“{said}”", hits, said=found["said"].set_axis(hits.index))
    return report(hits, "橙", hits["received_at"], pd.NA, evidence)


@rule(
    "群众称未联系",
    GROUP,
    needs=["content"],
    ladder="导出表记“已联系”或回复称已联系的为红，其余为橙",
    source="岳阳县通报：未与当事人联系直接回复被市退回重办；国办发〔2020〕53号：及时联系诉求人",
    guard="说的是物业、商家、快递、回访员的不算，联系得晚的、自己没有联系的不算；作废的不算",
    reads_texts=True,
    asks_review=True,
)
def contact_denied(case):
    """群众在诉求或回访中称，承办单位没有与其联系；导出表记“已联系”或回复称已联系的列为红色。"""
    rows = _candidates(case)
    found = find_denials(phrases.join_texts(case.tickets, rows))
    hits = case.tickets.iloc[rows[found.index]]
    recorded = hits["contacted"].eq("是")
    claimed = hits["reply"].str.contains(SAID_CALLED, regex=True).fillna(False).astype(bool)
    how = (
        pd.Series("", hits.index, dtype="str")
        .mask(claimed, "，回复称已联系")
        .mask(recorded, "，导出表记“已联系”")
    )
    evidence = fill("群众称：“{said}”{how}", hits, said=found["said"].set_axis(hits.index), how=how)
    severity = (recorded | claimed).map({True: "红", False: "橙"}).astype("str")
    return report(hits, severity, hits["received_at"], pd.NA, evidence)


def _candidates(case):
    tickets = case.tickets
    void = tickets["due_state"].eq(schema.VOID) | tickets["type"].eq("表扬")
    return np.flatnonzero(tickets["received_at"].le(case.as_of) & ~void)


def find_complaints(texts):
    """The texts that complain of the handling, by their place: the words."""
    places, texts = _holding(texts, STEMS)
    sentences = phrases.split(texts, phrases.SENTENCE).holding(STEMS).without(THANKS)
    own = sentences.holding(HANDLING_STEMS).holding(HANDLING).without(f"{COURT}|请问|咨询|想问|如何撤|怎么撤")
    near = sentences.without(ASKED)
    shirked = phrases.without_subject(near.holding(_SHIRK), _SHIRK, _FIRM, _OFFICE)
    appeal = (
        f"{_BEFORE}[^。]{{0,14}}{_APPEAL}[^。]{{0,22}}{_NOTHING}|"
        f"{_APPEAL}[^。]{{0,14}}{_BEFORE}[^。]{{0,16}}{_NOTHING}"
    )
    ignored = phrases.without_subject(
        near.holding(_APPEAL).holding(_NOTHING).holding(appeal), appeal, _FIRM, _OFFICE
    )
    careless = phrases.without_subject(near.holding(_CARELESS), _CARELESS, _FIRM, _OFFICE, needs_office=True)
    said = None
    for pieces, words in ((own, HANDLING), (ignored, appeal), (shirked, _SHIRK), (careless, _CARELESS)):
        quoted = phrases.quote(pieces, words, len(texts))
        said = quoted if said is None else said.fillna(quoted)
    return _found(said, places)


def find_denials(texts):
    """The texts in which the citizen says that nobody called, by their place: the words."""
    places, texts = _holding(texts, NO_CALL_STEMS)
    sentences = phrases.split(texts, phrases.SENTENCE).holding(NO_CALL_STEMS).holding(NO_CALL)
    sentences = sentences.without(f"{CALL_LOOK_ALIKES}|{FIRST_PERSON}")
    own = phrases.without_subject(sentences, NO_CALL, _FIRM, _OFFICE)
    return _found(phrases.quote(own, NO_CALL, len(texts)), places)


def _holding(texts, stems):
    places = np.flatnonzero(phrases.matches(texts, stems))
    return places, texts.take(places)


def _found(said, places):
    said = said[said.notna()]
    return pd.DataFrame({"said": said.to_numpy()}, index=places[said.index])
