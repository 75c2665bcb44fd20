"""线索：应付。What citizens say of the handling itself: put off, passed about, closed undone, nobody called."""

import numpy as np
import pandas as pd

from toolkit import phrases, schema
from toolkit.rule import fill, report, rule

GROUP = "应付"

# Who is complained of where it is no office: a company, a seller, a landlord. And who answers for tickets.
_FIRM = (
    "(?:装修|理赔|网约车|主播|直播|网店|前夫|前妻|老公|丈夫|物业|开发商|房产商|公司|商家|卖家|店家|商户|店主|店员|快递|外卖|客服|平台方|医院|医生|房东|中介|"
    "老板|学校|老师|银行|保险|"
    "4S店|厂家|厂商|驾校|培训|机构|售楼|供货商|包工头|承包|施工方|施工队|售后|酒店|超市|运营商|移动|电信|"
    "联通|旅行社|健身房|"
    "经理|地产|置业|集团|楼上|邻居|对方|法院|法官|律师|业委会|司机)"
)
_OFFICE = (
    "(?:12345|热线|工单|单子|承办|交办|转办|派单|政府|部门|单位|社区|街道|村委|村里|镇里|乡里|村干部|镇|乡|局|城管|派出所|信箱|"
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

_SAYS = (
    "(?:(?:工单|单子|系统|平台|网上|热线|记录|短信|办理情况|处理情况|镇里|局里|村里|社区|街道)[^，,。]{0,6}"
    "(?:写|称|说|显示|标|填|记|里|上|是)|(?:回复|答复|反馈|办理结果|处理结果|结果)[^，,。]{0,4}"
    "(?:写|称|说|显示|是|里|中|上|讲|为))"
)
_CHECKED = (
    "(?:现场|核查|核实|查看|勘[察查验]|到场|上门|走访|检查|执法|整改|清理|清运|修复|维修|拆除|取缔|关停|停工)"
)
_NOBODY = (
    "(?:没有?人|无人|根本没|从没|从未|压根|没见|未见|并没|并未|没有?来|没动|原封|纹丝|照样|照旧|依旧|依然|还是|"
    "还在|老样子|监控|摄像头|何来|哪来|睁眼|瞎说|编)"
)
_AGREED = "(?:认可|满意|同意|一致|签字|到场|见面|谅解|理解|接受|撤诉|沟通|联系|告知)"
_I_NEVER = "(?:从没|从未|没有?(?:说|同意|认可|表示|见|签|答应)|并没|并未|何来|哪来|不是我|不知情|不知道|冒充|其实|编的|编造)"
_COUNT = "[几数多两0-9一二三四五六七八九十]+"
# What is said of the handling unless a firm is named before it: reported otherwise than it was, passed round,
# copied, names given away, nothing in time, nothing sent on, pressed for a good word.
TOLD_STEMS = (
    "写|称|说|显示|标|填|记|回复|答复|反馈|结果|工单|单子|归|推给|踢给|转了|字不|一模一样|复制|粘贴|照抄|模板|"
    "泄|透露|告诉|知道|处理中|办理中|派|登记|受理|满意|投诉|热线|12345|逾期|超期"
)
TOLD = (
    f"{_SAYS}[^。]{{0,22}}{_CHECKED}[^。]{{0,18}}{_NOBODY}|{_SAYS}[^。]{{0,16}}{_AGREED}[^。]{{0,14}}{_I_NEVER}"
    f"|(?:热线|12345|工单|投诉|反映|每次|次次|单子|回复|答复)[^。]{{0,14}}{_CLOSED}[^。]{{0,12}}{_NOBODY}"
    "|(?:替|代|冒充|假冒)我[^，,。]{0,6}(?:评|打了?分|点|签|满意|认可)"
    "|[说称讲][^，,。]{0,5}(?:归|找|属于|该|不归)[^。]{1,22}[说称讲][^，,。]{0,6}(?:归|找|属于|该|管不|不归|"
    "没有?[接收]到|不是)|(?:又|再|都|转头)[^，,。]{0,3}(?:推|踢|甩)(?:给|到|回)"
    f"|(?:工单|单子|诉求|投诉|件)[^，,。]{{0,4}}(?:转|退|绕|推|踢)[了来过]{_COUNT}[圈手道个次趟家]"
    "|(?:都说|都讲|都称|谁都说)[^，,。]{0,4}(?:不归|不是|不属|管不)|没有?[接收]到[^，,。]{0,4}(?:派单|工单|单子|交办|转办)"
    "|(?:回复|答复|反馈|办理结果|处理结果)[^。]{0,16}(?:字不[差改]|一模一样|完全一样|完全相同|复制|粘贴|照抄|抄的|模板|"
    "牛头不对|文不对题|驴唇|张冠李戴|只字不提|只字未提|没提|不是我反映|别人的|另一|搪塞|打发)"
    "|(?:泄露|泄漏|透露|告诉|转给|告知|泄)[^。]{0,12}(?:举报人|投诉人|反映人|举报者|(?:举报|投诉|反映)[^，,。]{0,3}信息)"
    "|(?:我|举报|投诉|反映)[^，,。]{0,8}(?:信息|电话|姓名|号码|名字|身份)[^，,。]{0,6}(?:泄露|泄漏|透露|告诉|给了|转给|"
    "被)[^。]{0,8}(?:被举报|被投诉|商家|对方|老板|店|企业|公司|厂|邻居|物业)"
    "|(?:举报|投诉|反映|热线|12345|保密)[^。]{0,18}(?:商家|对方|老板|店[主家]|企业|公司|厂里|被举报|被投诉|邻居|物业)[^。]{0,12}"
    "(?:知道|晓得|清楚|拿到)[^，,。]{0,4}(?:是我|我的|我打|我举报|我投诉|谁|举报人|投诉人)"
    "|(?:工单|单子|诉求|状态|进度)[^。]{0,10}(?:一直|始终|还|至今|仍)[^，,。]{0,6}(?:处理中|办理中|待签收|待处理|待办)"
    "|(?:逾期|超期|超时|超过|过了)[^，,。]{0,10}(?:未|没有?|还没|不)[^，,。]{0,4}(?:答复|回复|办结|反馈)"
    f"|(?:派|转|打|受理|登记|交办|工单)[^。]{{0,16}}{_COUNT}(?:多?天|个多?月|周|个?星期|个工作日)[^。]{{0,10}}"
    "(?:没有?|未|无)[^，,。]{0,4}(?:答复|回复|下文|消息|动静|回音|人管|人来|人问|信儿?)"
    "|(?:热线|12345|接线员|话务员|坐席)[^。]{0,14}(?:拒绝|不给|不肯|不予|不让)[^，,。]{0,4}(?:登记|受理|派|转|记录|录)"
    "|(?:热线|12345|接线员|话务员|坐席|承办|经办|办理人员|回访)[^。]{0,14}(?:态度[^，,。]{0,3}(?:差|恶劣|蛮横|不好|生硬|冷淡)|"
    "挂[断了我掉]|训我|骂我|吼|不耐烦)"
    "|(?:要求|让|叫|求|逼|劝|催|威胁|诱导|交代|教)[^。]{0,20}(?:(?:给|打|评|改|说|答|点|选|填)[^，,。]{0,4}满意|"
    "(?:不要|别|不许|不准|少)再?(?:打|投诉|举报|反映)|撤[诉单销回]|销案)"
    "|(?:因为?|由于|打了?|就)[^，,。]{0,4}(?:投诉|举报|热线|12345|反映)[^。]{0,14}(?:被|遭|受)[^，,。]{0,8}"
    "(?:威胁|恐吓|报复|刁难|找麻烦|穿小鞋)"
)
HANDLED = (
    "工单|单子|热线|12345|办结|结单|结案|销单|回复|答复|承办|交办|单位|部门|回访|诉求|投诉|举报人|反映|政府|镇里|"
    "乡里|街道|社区|局|核查|工作人员|执法|采纳|派"
)

STEMS = (
    "回复|答复|敷衍|答非所问|办结|结单|结案|销单|销号|处理|撤|工单|推诿|推脱|推卸|推托|扯皮|皮球|踢来|"
    "推来|互相推|来回推|"
    "反馈|记录|显示|归|推给|踢给|转了|泄|透露|知道|满意|派|登记|热线|12345|单子|逾期|超期|"
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
QUESTIONS = "请问|咨询|想问|问一下|如何|是否|会不会|如果|假如|担心|希望[^，,。]{0,12}(?:不要|别|不得)|建议"
THANKS = "感谢|表扬|点赞|非常满意|很满意|态度很?好|锦旗"
COURT = "法院|起诉|仲裁|官司|诉讼|律师|判决"

NO_CALL = (
    "(?:没有|没|无|未有|从未有|未见|没见|不见|并无)(?:任何|一个|哪个|有|什么|单位的|部门的|相关|承办|执法|具体|镇上?|村里?|"
    "街道|社区|主管|经办|办理|到)*(?:人员?|工作人员|单位|部门|领导|干部)"
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
_NOT = "(?:没有|没|未曾|不曾|未有|未)"
_ME = "(?:我们?|本人|自己|其|他|她|当事人|市民|群众|来电人|诉求人|反映人|投诉人|举报人|建议人|求助人|居民|村民)(?:本人)?"
_TALK = "(?:联系|联络|核实|沟通|通过?气|对接|打过?招呼|[碰照见]过?面|说过|问过|谈过|讲过|商量|交流|反馈|解释|告知|征求)"
# Said in many ways, and only of an office where the sentence speaks of the handling.
UNSPOKEN = (
    f"{_NOT}(?:人|谁)?[^，,。]{{0,4}}(?:和|跟|同|与|给|向|找){_ME}[^，,。]{{0,4}}{_TALK}"
    f"|(?:没有?人|无人|谁[都也]没有?|没有?(?:谁|哪个))[^，,。]{{0,4}}(?:来|给|跟|和|找|问|联系|联络|告知|通知)过?{_ME}"
    f"|{_NOT}(?:主动|提前|事先|先|电话|任何|人|跟我|和我)*(?:联系|联络|沟通|核实|打过?[个一]*(?:电话|招呼)|通气|见面|来电|"
    "回电|致电|对接|露面)[^，,。]{0,5}(?:就|便|即|直接)"
    f"|{_NOT}[^，,。]{{0,3}}[一半][个通][^，,。]{{0,10}}(?:电话|来电|通话)|通话记录[^。]{{0,12}}(?:没有?|无|查不到|找不到)"
    f"|(?:一个|一通|半个|任何|连)[^，,。]{{0,4}}(?:电话|来电|短信|联系|人影)[^，,。]{{0,2}}(?:都|也)(?:没|未)"
    f"|(?:手机|电话)[^，,。]{{0,10}}(?:{_NOT}响|{_NOT}[^，,。]{{0,2}}(?:未接|来电)|无来电|无未接)"
    f"|{_NOT}(?:打|来)过?[^，,。]{{0,3}}电话|电话[^，,。]{{0,3}}{_NOT}(?:打|接到|来)过?"
    "|(?:何来|哪来|哪有|哪里有|谈何)[^，,。]{0,6}(?:沟通|联系|电话|见面|核实|告知)"
    f"|{_NOT}[^，,。]{{0,3}}(?:见过?|看到过?)[^，,。]{{0,8}}(?:工作人员|办理人员|执法人员|干部|人影|单位的人)"
    "|(?:电话|联系|沟通)[^，,。]{0,3}(?:是?打?给了?谁|的是谁|的不是我|到谁)"
)
ANY_DENIAL = f"{NO_CALL}|{UNSPOKEN}"
NO_CALL_STEMS = (
    "气|对接|招呼|碰面|照面|过面|联络|告知|反馈|露面|人影|说过|问过|谈过|讲过|商量|交流|解释|征求|短信|联系|"
    "电话|来电|回电|致电|核实|沟通|了解情况|找|见|通话|问|通知"
)
CALL_LOOK_ALIKES = (
    "(?:回访员|回访人员|话务|坐席|客服|接线)[^，,。：:说称示]{0,6}(?:没|未)|(?:没|未)[^，,。]{0,8}回访|"
    "回访(?:电话|短信)|(?:没有?|未)[^，,。]{0,4}(?:及时|按时|第一时间)|"
    "我(?:也|就|还|从来|一直|都)?(?:没有?|未|从未)联系|"
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
    told = sentences.holding(TOLD_STEMS).holding(TOLD).without(f"{COURT}|{QUESTIONS}")
    told = phrases.without_subject(told, TOLD, _FIRM, _OFFICE, only_before=True)
    silent = _denials(sentences.holding(NO_CALL_STEMS).holding("12345|热线|工单|投诉|反映|诉求|派"))
    said = None
    ways = (
        (own, HANDLING),
        (ignored, appeal),
        (shirked, _SHIRK),
        (careless, _CARELESS),
        (told, TOLD),
        (silent, ANY_DENIAL),
    )
    for pieces, words in ways:
        quoted = phrases.quote(pieces, words, len(texts))
        said = quoted if said is None else said.fillna(quoted)
    return _found(said, places)


def find_denials(texts):
    """The texts in which the citizen says that nobody called, by their place: the words."""
    places, texts = _holding(texts, NO_CALL_STEMS)
    own = _denials(phrases.split(texts, phrases.SENTENCE).holding(NO_CALL_STEMS))
    return _found(phrases.quote(own, ANY_DENIAL, len(texts)), places)


def _denials(sentences):
    """The sentences that say that nobody called, of no firm: plainly, or otherwise where they speak of the handling."""
    sentences = sentences.holding(ANY_DENIAL).without(f"{CALL_LOOK_ALIKES}|{FIRST_PERSON}")
    plain = phrases.matches(sentences.words, NO_CALL) | phrases.matches(sentences.words, HANDLED)
    return phrases.without_subject(sentences.where(plain), ANY_DENIAL, _FIRM, _OFFICE)


def _holding(texts, stems):
    places = np.flatnonzero(phrases.matches(texts, stems))
    return places, texts.take(places)


def _found(said, places):
    said = said[said.notna()]
    return pd.DataFrame({"said": said.to_numpy()}, index=places[said.index])
