"""What a reply says once its courtesies are gone: how much, which elements it names, whether it only promises.

Patterns are for RE2 (no look-around) on texts in NFKC, so that Chinese commas, colons and brackets are ASCII there.
"""

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from toolkit.wording import CHUNK

CLAUSE = r"[^,。!;\n]"
_OFFICE = r"[。!;\n ]\p{Han}+(?:局|委|办|办公室|政府|办事处|管委会|中心|公司|大队|医院|街道|镇|乡)[ \n]*"
PLEASANTRIES = [  # what says nothing about the matter
    rf"(?:{_OFFICE})?(?:20)?\d\d[年.]\d\d?[月.]\d\d?日?[ \n。]*$|{_OFFICE}$",
    r"[\"“][^\"”\n]{1,16}[\"”]|(?:尊敬的|亲爱的)[^,。!:\n]*[,:!]|(?:网友|市民|来电人|留言人|居民|群众|同志)?(?:您|你|大家)们?好|(?:网友|市民|来电人):",
    r"(?:您|你)(?:所)?(?:反映|提出|咨询|投诉|来电|来信|留言|的(?:留言|来信|来电|诉求|问题|帖))[^。!;\n]*?(?:收悉|收到|知悉|阅悉)|"
    r"(?:来信|留言|来电|帖文)(?:已)?(?:收悉|收到)|(?:于|在)[^,。!;\n]*(?:来电|来信|留言|发帖)(?:反映)?的?",
    r"现?(?:就|将|对|针对)?[^,。!:;]*(?:答复|回复|反馈|说明)(?:如下|您)|(?:感谢|谢谢|衷心)[^,。!;\n]*|祝(?:您|你)[^。!\n]*|(?:特此|专此)(?:回复|答复|函复)|此致|敬礼",
    r"[如若](?:果)?(?:您|你)?(?:还|仍|对)?[^,。!;]*(?:疑问|疑义|不明|问题|反复|需要|意见)[^,。!;]*,?[^,。!;]*(?:致电|联系|咨询|拨打|来电|了解)[^。!;\n]*|"
    r"(?:咨询|联系|服务|监督)电话[^,。!;\n]*",
    r"(?:欢迎|恳请|希望)(?:您|你|广大)[^。!;\n]*(?:监督|支持|理解|关注|来电|意见|建议)|敬请[^,。!;\n]*|请(?:您|你)?(?:予以)?(?:理解|谅解|知悉|放心)[^,。!;\n]*|给您带来[^,。!;\n]*",
]
LONGEST_NOTHING = 80
# A reply of nothing but these tells the citizen nothing, whatever was asked.
NOTHING = [
    r"(?:您|你)?(?:所)?(?:反映|咨询|提出)的?(?:问题|情况|诉求|事项)",
    r"(?:已)?(?:经)?(?:收悉|收到|知悉|知晓|阅|记录在案|答复|回复|告知|办理|处理|解释|受理)",
    rf"(?:已|现)?(?:经)?(?:转交|转办|转至|转到|转给|交办|交由|交|移交|批转|转){CLAUSE}*"
    rf"(?:部门|单位|局|办|委|县|区|镇|乡|街道|中心|公司|处理|办理|核实|调查|核处|处置|研究)",
    rf"(?:请|建议)(?:您|你)?(?:具体|直接|再|到|向|去|与)*(?:咨询|询问|联系)?{CLAUSE}*"
    r"(?:部门|单位|局|办|委|机构)(?:咨询|询问|了解|联系|反映)?",
    r"(?:正在|目前|进行|调查|核实|处理|核处|处置|研究|及时|认真|尽快|进一步|相关|有关|部门|单位|我们|我局|我办|我单位|来电人|您)",
]

CONTACT = (
    r"(?:与|同|和|向|给|跟|请)[^,。;]*(?:您|来电人|反映人|诉求人|当事人|投诉人|举报人|留言人|双方|本人|户主|业主|居民|家长|店主|负责人)"
    r"[^,。;]*(?:联系|沟通|解释|说明|见面|面谈|交谈|核实|反馈|答复|告知)|电话(?:联系|告知|沟通|答复|回访|回复|核实)|"
    r"(?:联系|告知|回访|约谈|走访|致电|答复|通知)(?:了)?(?:您|来电人|反映人|诉求人|当事人|投诉人|业主|居民|农户|群众|周边|本人|双方)|"
    r"(?:来电人|反映人|诉求人|投诉人|当事人|对方|双方|其|您)[^,。;]*(?:表示|认可|同意|无异议)|上门|入户|面谈|约谈|座谈|无人接听|联系不上|取得联系"
)
ON_SPOT = r"现场|实地|到场|踏勘|踏看|勘查|勘察|勘验|查看|检查|抽查|检测|监测|测量|丈量|巡查发现|走访|蹲守|摸排|调取|调阅|查阅"
MEASURE = (
    r"修复|维修|抢修|检修|修剪|更换|清理|清运|清除|清扫|清走|拆除|疏通|冲洗|消毒|安装|加装|增设|重建|硬化|铺设|回填|加固|浇筑|"
    r"处罚|罚款|立案|查处|查封|取缔|关停|停业|停工|责令|责成|拘留|抓获|扣押|没收|批评教育|整改通知|"
    r"发放|补发|拨付|支付|退还|退款|退费|补偿|赔偿|赔付|结清|付清|补齐|补办|补缴|移送|移交法院|移交[^,。;]*法院|"
    r"(?:已|并)(?:要求|通知)|调解|签订|协议|恢复|撤销|更正|复耕|搬离|搬走|迁移|启用|通车|完工|竣工|督促|协调|劝离|疏导"
)
RESPONSIBLE = (
    r"民警|交警|城管队员|执法人员|执法队|养护人员|网格员|驻村干部|村干部|镇干部|乡干部|业务员|技术员|保洁员|护林员|维修人员|调解员|施工方|"
    r"施工队|承建方|承包方|物业|村委|居委|业委会|派出所|(?:大|中|支)队|监察|办事处|管理所|供电所|司法所|国土所|卫生院|"
    r"[\p{Han}]+某|[\p{Han}]{2}(?:公司|集团|水厂|学校|中学|小学|医院|银行|社区|交通局|税务局)|"
    r"(?:住建|交通|交运|水利|农业|教育|公安|民政|城管|环保|财政|人社|医保|国土|规划|卫健|卫计|工商|市场监管|自然资源|运输|农村|保障|管理|执法|监督|林业|国税|税务|电力|供电)(?:局|所|站|厅|部门)|"
    r"由[^,。;]+负责(?:[^人]|$)|主任[^,。;]*负责"
)
TIME = (
    r"\d{1,2}月\d{1,2}[日号]|\d{1,2}[日号](?:上|下|晚|前|起|,|至)|\d{1,2}月(?:份|底|初|中|上旬|下旬|前|[,开])|\d{2,4}年|\d{1,2}时|"
    r"当日|当天|次日|昨日|今日|当晚|今早|每[日天周]|\d+个?(?:工作日|天|日)[内前]|年底|月底|今年|明年|去年|本月|本周|上周|"
    r"[一二三四五六七八九十]+月(?:[一二三四五六七八九十]|底|份|前|施|开)|[一二两三五七十]+(?:个工作)?[日天]内"
)
# Figures, grounds, and causes: a reply that tells these is an answer, even without the elements.
FACTS = (
    r"\d+(?:\.\d+)?(?:万|亿|千|百|多|余)*(?:元|米|户|亩|人|台|%|‰|吨|公里|千米|平方|方|次|件|套|级|盏|处|条|个|岁|倍|页|家|名|度|分贝|平米|㎡|km|m|t)|"
    r"[一二两三四五六七八九十百千万]+(?:元|米|户|亩|台|吨|公里|平方米|盏|处)|百分之|"
    r"《[^》]{2,}》|第[\d一二三四五六七八九十百]+条|(?:根据|依据|按照|依照)[^,。;]*(?:条例|办法|规定|细则|方案|规划|政策|标准|意见|文件|法|协议|合同)|"
    r"(?:由于|因|因为|系|是)[^。;]+(?:所致|导致|造成|引起|引发|原因|不能|无法|不予)|(?:经查|经核|经核实|经调查|据查|据了解)[^。;]*(?:系|属于|因|由于)|"
    r"未发现|不符合|不具备|规划为|不得[^以]|无法|不能|尚未|暂未|属于|产权|权属|位于|不在[^,。;]+范围|没有[^,。;]+(?:规定|政策|计划)|尚未出台|"
    r"由[^,。;]+(?:管理|直管|主管|承担)|不归|不属|无法(?:核实|联系|核查|查|确认)|未提供|没有提供|请[^,。;]*(?:提供|完善|补充|说明|表述)|司法程序|诉讼|仲裁|\d{3,4}-?\d{4,}"
)
ELEMENTS = {
    "联系来电人": CONTACT,
    "现场核查": ON_SPOT,
    "处理措施": MEASURE,
    "责任人或单位": RESPONSIBLE,
    "办理时间": TIME,
}

PROMISE = (
    r"正在(?:协调|处理|调查|办理|核实|核查|研究|推进|对接|整改|落实|进行|积极|抓紧|组织|制定|加紧)|正(?:积极|抓紧|与|同|协调)|"
    r"(?:将|会)(?:进一步|会同|继续|持续|加强|加大|积极|尽快|尽早|及时|督促|认真|密切|安排|组织|举一反三|责令|要求|统筹|适时|依法|"
    r"在[^,。;]+后|不断|按照|对|与|向|把|根据|立即|严格|联合|协调|逐步|协同|派|于|抓紧|全力|切实|请示|反映|跟)|"
    r"(?:已|经)?(?:转|交|移交|转交|转办|批转|交办|转至|转给)[^,。;]*(?:部门|单位|局|办|县|区|镇|街道|公司|中心|核实|调查|核处|处理|办理|处置|研究)|"
    r"持续(?:关注|跟进)|密切关注|继续(?:关注|跟进|督促)|下一步|下步|高度重视|尽快|尽早|早日|力争|争取|待[^,。;]+[后时,再]|耐心等待|"
    r"列入[^,。;]*(?:计划|日程)|(?:向|与)[^,。;]*(?:上级|领导|上)[^,。;]*(?:汇报|争取|反映|请示)|研究后|适时|统筹(?:考虑|安排)|会(?:不定期|定期|做好|举一反三)|回头看|[决绝]不姑息|一查到底|后续[由将会]|另行(?:告知|通知|答复|回复)|加强(?:巡查|管理|监管|监督|执法)|"
    r"举一反三|长效机制|有[^,。;]*(?:进展|结果|情况)[^,。;]*(?:告知|回复|答复|反馈)|会(?:认真|积极|尽力|尽快)"
)
# How an office got itself ready: beside promises it is no result.
STAGED = (
    r"会议|研究|部署|专班|领导小组|压实|责任|机制|坚持|着落|回音|闭环|回头看|渠道|宣传引导|高位|统一思想|台账|要求|督办|跟踪|跟进|指导|"
    r"第一时间|办理流程|满意|问题为导向|问题导向|件件|事事|反馈给|移交|程序|安排(?:专人|人员|工作人员)|已(?:安排|受理|登记|介入|上报)"
)
# A clause that speaks of what is to come; 将 right after 已 is only the particle before an object.
COMING = (
    rf"{CLAUSE}*(?:将|会[认积尽督同安与及]|拟|正在|正[积与抓在]|待|计划|打算|争取|力争|尽快|尽早|早日|下一步|下步|后续|后期|今后|以后|努力|不定期|发现[^,。;]*一起|绝不|决不|确保|"
    rf"要求|督促|责成|敦促|建议|希望|适时|继续|持续|尚未|还未|未能|暂未|没有|需要?先|一旦|如果?|若|等待){CLAUSE}*"
)
_DONE = (
    r"修复|修好|维修|抢修|检修|修剪|修补|修通|更换|换新|清理|清运|清除|清扫|清走|清空|搬离|搬走|移走|拆除|拆掉|拆完|疏通|冲洗|安装|装好|加装|增设|重建|硬化|铺设|回填|加固|浇筑|"
    r"处罚|罚款|立案|查处|查封|取缔|关停|关闭|停业|停工|停产|责令|下达|下发|拘留|抓获|扣押|没收|批评|整改|整治|退还|退款|退费|退回|"
    r"发放|补发|拨付|支付|补偿|赔偿|赔付|结清|付清|补齐|补办|补缴|到账|调解|签订|签协议|达成|化解|恢复|撤销|更正|变更|复耕|启用|通车|通电|通水|完工|竣工|完成|开通|"
    r"办结|办好|办妥|办理完|审批|审核通过|纠正|移送|拨打|采纳|约谈|劝离|施划|停职|扣|道歉|致歉|开除|注销|登记|解决|制止|收回|追回|消除|落地|建成|投入使用|送达|叫停"
)
RESULT = [  # apart, because RE2 slows down when one pattern must follow many beginnings at once
    rf"(?:已|均|业已|全部|成功|当场|当日|当天|当晚|立即|依法|予以|给予|\d[日号])[^,。;]*(?:{_DONE})",
    rf"(?:{_DONE})[^,。;]?[^,。;]?(?:了|完毕|完成|到位|属实|成功|干净|正常|畅通|结束|处罚)",
    r"恢复(?:正常|供水|供电|通行|畅通|原状|使用|营业)|(?:罚款|处以|处罚|补偿|支付|发放|赔偿|赔付|退还|退款|退回|垫付|补发|追回|没收|收缴|查获|查处|拆除|清理|清运|修复|更换|安装|铺设|增设|加装)[^,。;]?[^,。;]?[^,。;]?\d|达成[^,。;]*(?:一致|协议)|调解成功|"
    r"(?:完工|竣工|通车|到账|结清|付清|归还|畅通)[,。;!]|不属实|未发现|不存在|不实|没有发现|未超标|不予|不具备|不符合|"
    r"不能(?:批准|办理|享受|纳入|建|安装|报销)|不在[^,。;]+(?:范围|之列)|(?:符合|达到)[^,。;]*(?:标准|要求|规定|条件)",
    r"(?:根据|依据|按照|依照)[^,。;]*(?:条例|办法|规定|细则|法|协议|合同|规范)|《[^》]+》|第[\d一二三四五六七八九十百]+条",
    r"(?:来电人|反映人|诉求人|投诉人|当事人|对方|双方|您|其|消费者|业主|居民)[^,。;]*表示(?:满意|理解|认可|同意|感谢|无异议|接受)",
    r"(?:可|请)(?:以)?(?:您)?(?:直接)?(?:到|在|凭|持|携带|通过|登录|拨打)|可(?:以)?(?:直接)?(?:联系|咨询)[^,。;]*(?:局|所|中心|热线)|持[^,。;]*(?:证|原件)[^,。;]*办理|"
    r"请(?:您|你)?(?:将|把)?[^,。;]*(?:再具体|说具体|更具体|补充|提供)|需(?:带|提供|持|凭|提交|携带)|无需|仲裁|诉讼|法院|司法程序|起诉|暂不考虑|不宜|不再|"
    r"无法(?:核实|联系|确认|查)|未提供|没有提供|都能|均可|现可|可以|司法途径|管辖范围|批评|设立|[^所]属[^实于]|位于|隶属",
]
_AMOUNT = (
    r"\d+(?:\.\d+)?(?:多|余)?(?:万|亿)?(?:元|米|公里|千米|亩|户|吨|盏|平方|台|套|个|m|km|㎡)|"
    r"[一二三四五六七八九十百千]+(?:万元|米|公里)"
)
_PLANNED = r"(?:\d{1,2}|[一二三四五六七八九十]+)月|年底|年内|\d{4}年|季度"
_FIXED_DAY = (
    r"\d{1,2}月(?:\d{1,2}[日号]|底|中旬|[上下]旬)(?:前|之前|以前|起|开工|动工|进场|完成|恢复)|"
    r"(?:已|已经)[^,。;]*(?:纳入|列入)[^,。;]*\d{4}年[^,。;]*(?:计划|项目|工程)"
)


def plain(texts):
    """The texts as Arrow in NFKC lower case, '' where missing."""
    words = pa.array(texts.astype("str"), pa.large_string(), from_pandas=True)
    words = words.combine_chunks() if isinstance(words, pa.ChunkedArray) else words
    return pc.utf8_lower(pc.utf8_normalize(pc.fill_null(words, ""), "NFKC"))


def bare(texts):
    """The texts without greeting, thanks, signature and telephone numbers to ask at; '' where nothing is left."""
    parts = []
    for at in range(0, len(texts), CHUNK):
        words = pc.utf8_trim_whitespace(plain(texts.iloc[at : at + CHUNK]))
        for pattern in PLEASANTRIES:
            words = pc.replace_substring_regex(words, pattern, "。")
        parts.append(words)
    kept = pa.chunked_array(parts, pa.large_string()).to_pandas()
    return pd.Series(kept.array, index=texts.index, dtype="str")


def count_characters(bares):
    """How many letters, digits and Chinese characters a bare text has."""
    return _count(arrow(bares), bares.index)


def tells_nothing(bares):
    """Whether a bare text only says that it was received, passed on, or that someone else should be asked."""
    nothing = bares.str.len().le(LONGEST_NOTHING)
    words = arrow(bares[nothing])
    for pattern in NOTHING:
        words = pc.replace_substring_regex(words, pattern, "")
    left = _count(words, bares.index[nothing])
    removed = left.lt(count_characters(bares[nothing])) | left.eq(0)
    nothing[nothing] = (left.lt(6) & removed).to_numpy()
    return nothing


def tells_briefly(bares):
    """Whether a bare text, however short, is complete: a result, and two of when, where seen, to whom told, how much."""
    told = count_characters(bares).ge(BRIEF) & pd.concat(
        [has(bares, p) for p in [*RESULT, _ENDED]], axis=1
    ).any(axis=1)
    kinds = sum(
        has(bares, pattern).astype(int)
        for pattern in (TIME + "|今早|今晨", ON_SPOT, CONTACT, FACTS, _OUTCOMES)
    )
    return told & kinds.ge(2)


def answers_exactly(bares):
    """Whether a bare text, however short, settles a question: a figure, yes or no, a means or a place."""
    return has(
        bares,
        r"\d|[一二两三四五六七八九十百千]+[元年月天岁]|可以|不可|不能|不得|无需|不用|不需|需[要带]|免费|符合|不收|没有|凭|持|能|是|否|暂停|取消",
    )


def lacks_elements(bares):
    """Whether a bare text, its exhortations apart, names no element and tells no fact, ground or figure either."""
    words = pc.replace_substring_regex(arrow(bares), rf"{CLAUSE}*(?:{HOMILY}){CLAUSE}*", "")
    bares = pd.Series(words.to_pandas().array, index=bares.index, dtype="str")
    lacking = pd.Series(True, index=bares.index)
    for pattern in [FACTS, TIME, MEASURE, ON_SPOT, RESPONSIBLE, CONTACT]:
        left = bares[lacking]
        lacking[left.index[has(left, pattern)]] = False
    left = bares[lacking]
    rest = pc.replace_substring_regex(arrow(left), rf"{CLAUSE}*(?:{GENERAL}){CLAUSE}*", "")
    rest = pd.Series(rest.to_pandas().array, index=left.index, dtype="str")
    enough = has(rest, _ENDED).map({True: TOLD_AS_DONE, False: EXPLAINED}).astype("int64")
    lacking[left.index[count_characters(rest).ge(enough)]] = False
    return lacking


def promises_only(bares, asked):
    """Whether a bare text promises or tells of process, and no clause of it tells a result.

    Who only asked (`asked`) is answered by being told how things stand, so little beside the promise is enough.
    """
    only = has(bares, PROMISE)
    left = bares[only]
    planned = (has(left, _PLANNED) & has(left, _AMOUNT)) | has(left, _FIXED_DAY)
    left = left[~planned]
    words = pc.replace_substring_regex(arrow(left), r"调查(?:核实)?处理|调查处置", "办理")  # no 查处 in it
    words = pc.replace_substring_regex(words, r"(已[^,。;]*)将", r"\1把")
    words = pc.replace_substring_regex(words, COMING, "")
    said = pd.Series(words.to_pandas().array, index=left.index, dtype="str")
    rest = pc.replace_substring_regex(words, rf"{CLAUSE}*(?:{PROMISE}|{STAGED}){CLAUSE}*", "")
    enough = asked[left.index].map({True: TOLD, False: EXPLAINED_BESIDE}).astype("int64")
    little = _count(rest, left.index).lt(enough)
    found = little & ~pd.concat([has(said, pattern) for pattern in RESULT], axis=1).any(axis=1)
    return pd.Series(bares.index.isin(found.index[found]), index=bares.index)


# Clauses that any reply could hold.
GENERAL = (
    r"高度重视|认真|妥善|落实|切实|一如既往|努力|不断|支持|关注|满意|有关政策|程序|按照|按有关|按要求|处理|办理|办结|服务|群众|属实|加强|尽快|"
    r"核实|了解|调查|研究|转[^乘]|正在|将(?:会|继续|进一步|及时|认真|加|积极|持续)|部署|安排|诉求|情况|建议|答复|反馈|获悉|"
    r"知晓|知悉|收悉|收到|困扰|不便|开展工作|问题[^,。;]*(?:解决|处置)|处置|整改到位|跟进|跟踪|会议|工作(?:专班|小组)"
)
# Characters beside such clauses, or beside promises, from which on a reply explains something.
EXPLAINED, EXPLAINED_BESIDE, TOLD = 40, 45, 20
TOLD_AS_DONE = 10  # likewise where it tells what was done, in whatever words
BRIEF = 12  # characters from which a reply may be brief and complete
# That something was done or came about, in whatever words; 了解 and 为了 are other words.
_ENDED = (
    r"(?:^|[^为除罢])了(?:[^解结]|$)|[^不]已(?:[^按对将安])|^已[^按对将安]|完毕|完成|结束|掉|[好走通回]了"
)
_OUTCOMES = r"(?:已|了|完毕|好)[^。;]*[,。;][^。;]*(?:已|了|完毕|恢复)"
# Clauses that admonish, praise, apologise, or tell of principles and attitudes: whatever else they name, it was not done.
HOMILY = (
    r"始终|一贯|一向|历来|向来|一直以来|重中之重|切身利益|根本利益|首位|宗旨|理念|(?:获得|幸福|安全|责任|使命|认同)感|思想|指引|原则|"
    r"以人(?:民)?为|为人民|为民|民生(?:工程|实事)|(?:政策|专业|复杂|系统|长期)性|涉及面|公平公正|公开公正|敏感|大局|相信(?:组织|党|政府)|理性|冷静|"
    r"(?:合法|正当|正规|其他|法律|司法)(?:途径|渠道)|全社会|共同(?:责任|努力|营造|维护|参与|守护|创造|建设|监督)|营造|姑息|迁就|手软|决不|绝不|坚决|零容忍|"
    r"歉意|抱歉|包容|体谅|海涵|宝贵|前瞻性|针对性|参考|启发|金点子|很好|中肯|动力|鞭策|鼓励|美好|和谐|和睦|远亲|换位|文明|诚信|诚实|守信|美德|传统|"
    r"(?:应|应当|应该|必须|需要|须|要|望|盼|愿)(?:当|该|能)?(?:互|相互|严格|遵|自觉|共同|珍惜|正确|多|依法|积极|主动|合理|增强|提高|树立|加强)|"
    r"(?:希望|恳请|呼吁|倡导|提倡|相信|期待|期盼)|(?:相关|有关|国家|现行|上级)(?:的)?(?:法律|法规|政策|规定|文件|要求)|有(?:所)?异议|人人|广大|"
    r"关系(?:到)?[^,。;]*(?:大局|利益|健康|安全|稳定)|意义|长期以来|历史(?:遗留|原因)|众所周知|客观原因|种种原因"
)


def has(texts, pattern):
    """Whether each text holds the pattern, as plain booleans."""
    found = pc.match_substring_regex(arrow(texts), pattern)
    return pd.Series(pc.fill_null(found, False).to_numpy(zero_copy_only=False), index=texts.index)


def arrow(texts):
    """A text column as one Arrow array."""
    words = pa.array(texts, pa.large_string(), from_pandas=True)
    return words.combine_chunks() if isinstance(words, pa.ChunkedArray) else words


def _count(words, index):
    letters = pc.replace_substring_regex(words, r"[^\p{L}\p{N}]+", "")
    return (
        pd.Series(pc.utf8_length(letters).to_numpy(zero_copy_only=False), index=index).fillna(0).astype(int)
    )
