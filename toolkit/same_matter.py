"""Whether an answer speaks of what was asked: words both share, without a dictionary.

Chinese words are mostly of two characters, so pairs of neighbouring characters stand for them. A pair weighs more
the fewer tickets hold it; pairs of stock phrases, which any answer holds, weigh nothing. Matters that go by several
names count as shared where both texts hold one of their names.
"""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from toolkit.reply_words import CLAUSE, PROMISE, arrow, plain
from toolkit.wording import AREAS

BUCKETS = 1 << 16  # a pair of characters is counted under one of so many numbers
ROWS = 500  # tickets at a time, which bounds the memory
SAMPLE = 10_000  # tickets from which the rarity of pairs is learnt
RARE, COMMON, FEWEST = (
    0.02,
    0.3,
    200,
)  # shares of tickets at which a pair weighs 1 and 0; counted in no fewer tickets
# The weight shared from which an answer speaks of the matter: one word, and more in longer texts, where some words
# meet by chance.
ENOUGH, CHANCE = 0.5, 0.01
MATTER_CHARACTERS, REPLY_CHARACTERS = 8, 14  # fewer are not judged
MATTER_PAIRS, REPLY_PAIRS = 4, 9  # likewise of pairs that weigh something
NAMED = 2  # names of another matter in the reply from which it is about that one
# Clauses that pass the matter on, put it off, or ask for more: they need not say what it is about.
PASSED_ON = (
    rf"{PROMISE}|提供|信息不|不详|无法|直接(?:拨打|联系|向|与|到)|(?:请|可|向|建议|联系)[^,。;]*咨询|"
    r"已(?:经)?(?:明确)?答复|不再进入|详情"
)
# Who deals with it is not what it is about.
_OFFICES = "局 委 厅 部门 单位 大队 支队 中队 派出所 办事处 街道 政府 管委会 指挥部 中心 窗口 公司 社区"
_OFFICES += " 干部 民警 工作人员 队员"
OFFICES = rf"\p{{Han}}{{0,4}}(?:{'|'.join(_OFFICES.split())})"

# Names of one matter, or of what goes with it, a line each.
MATTERS = [
    "道路|公路|路面|坑洼|硬化|修路|水泥路|泥巴路|村道|路基|路灯|塌方|通村|沥青|桥|涵洞|护栏|照明",
    "供水|停水|自来水|水压|水质|水管|水厂|饮水|用水|水表|管网|水费|水井",
    "供电|停电|电压|变压器|电线|线路|用电|电费|电力|低压|电表|电杆|送电|电网|跳闸",
    "低保|救助|五保|特困|困难户|贫困|临时救济|救济|补助|扶贫|帮扶|残疾|慰问|听力|障碍|领养|收养|民政",
    "噪音|噪声|扰民|喧哗|吵|音响|广场舞|分贝|鸣笛|夜宵|烧烤",
    "油烟|烧烤|餐饮|餐馆|饭店|夜宵",
    "垃圾|清运|保洁|清扫|环卫|卫生|焚烧|臭|废品|废塑料|厕所|化粪池",
    "工资|欠薪|工钱|薪|血汗钱|包工头|农民工|劳动|工程款|务工|克扣|押金",
    "医保|报销|农合|住院|药费|慢特病|医疗|大病|门诊|参保|生育津贴",
    "医院|看病|就医|医生|诊所|行医|卫生院|病人|患者|疫苗|狂犬|药",
    "社保|养老|退休|缴费|参保|工龄|社会保险|失业|工伤|职工|待遇",
    "宅基地|建房|地界|邻里|占地|危房|违建|违章|违法建|翻建|房屋|院墙|住房|土坯|老房|围墙|搭建",
    "拆迁|征地|征收|安置|补偿|棚改|棚户|拆除|回迁",
    "承包|流转|土地|耕地|农田|田地|林地|山林|确权|租地|租金|林权|自留山",
    "学校|学生|读书|上学|就读|老师|教师|补课|入学|教育|幼儿园|学位|转学|收费|招生|孩子|校车|学籍|高考|培训|毕业|教体",
    "物业|小区|业主|业委会|电梯|停车|车位|楼栋|维修基金|消防通道|楼道",
    "开发商|楼盘|购房|商品房|房产证|交房|不动产|烂尾|公积金|首付|按揭|房贷|产权|房款|限购|预售",
    "公交|路车|发车|巴士|停靠|站点|客流|班车|客运|出租车|的士|客车|甩客|运管|站台|车站|驾驶员|司机|票价|线路|拒载|驾校|黑车|网约车|汽车站",
    "交通|红绿灯|信号灯|拥堵|堵车|违章|交警|斑马线|标线|限速|超载|停车|交管|驾驶证|电动车|禁停|减速带|车辆|驾照|摩托|扣分",
    "排污|污水|废水|偷排|污染|环保|臭味|废气|异味|粉尘|扬尘|黑水|河道|河水|养殖|粪污|粪便|生态|猪场|养猪|气味|大气|噪声",
    "野猪|野生动物|庄稼|玉米|水稻|稻田|毁坏|糟蹋|獾|护农|黑熊|蜜蜂",
    "渠|灌溉|山塘|水库|抗旱|水利|堤|清淤|防汛|排水|内涝|积水|下水道|淹|疏通|管道|水沟",
    "种子|农药|化肥|农机|补贴|种粮|耕地地力|春耕|农资|秧|种植|畜禽|农技",
    "户口|户籍|身份证|落户|入户|迁移|派出所|出生|居住证|准迁|上户|改名|户",
    "赌博|麻将|打牌|赌|牌馆|电游|电玩|游戏室",
    "治安|被盗|盗窃|偷|诈骗|报警|斗殴|民警|公安|打架|案件|非法集资|传销|嫌疑|立案|派出所|警",
    "假货|假冒|假的|消费|退货|退款|退钱|商家|药店|保健品|超市|过期|市场监管|工商|虚假宣传|价格|收费|发票|缺斤|价格|食品|经营",
    "摊|占道|城管|流动商贩|门店|市容|马路市场|广告牌|店外|招牌|游商|乱停",
    "网络|宽带|手机|信号|基站|电信|移动公司|联通|有线电视|邮政|快递",
    "燃气|天然气|液化气|煤气|开户费|管道气|气价",
    "计生|二胎|生育|准生|独生子女|社会抚养费|超生|产假|奖励扶助|婚",
    "就业|招聘|考试|报考|公务员|编制|事业单位|职称|人才|招考|资格证|岗位",
    "税|发票|财政|公租房|廉租|贷款|银行|保险|金融",
    "村干部|村支书|村委|村务|账目|公示|贪污|党员|选举|腐败|作风|干部|违纪|村主任|不作为|纪委",
    "坟|殡葬|火化|墓|丧葬|公墓",
    "旅游|景区|景点|文物|文化|体育|图书|健身|博物馆|公园|绿化|广场",
    "采石|采砂|矿|石场|砂石|爆破|炸|渣土|砂场|搅拌站",
    "转业|兵役|退伍|退役|军人|优抚|伤残|参战|军属|复员",
    "规划|地块|选址|地铁|高铁|高速|铁路",
    "纠纷|调解|邻居|地界|争吵|巷道|树枝|漏水|院墙|退让|协商|宅基地",
]
# What any complaint or answer holds.
STOCK = (
    "来电人反映市民群众村民居民网友您好关于问题有关相关部门单位情况希望要求请求处理解决核实调查了解答复回复工作人员现场"
    "|经查核查属实已经进行目前我局我镇我乡我县政府街道办事处村委会社区及时尽快落实整改感谢支持理解监督如有疑问联系电话"
    "|一直没有多次现在不知道怎么什么时候可以能够应该需要办理手续材料申请规定按照根据要求并且因为由于所以但是如果我们你们他们"
    "|领导重视安排负责组织人员开展加强管理责任督促下一步继续做好服务进一步附近门口家里来电称表示同意满意完成恢复正常"
    "|收悉来信留言咨询建议投诉举报求助给予尊敬的平台热线书记市长县长关注关心一个这个那个时间今年去年以后之后之前每天晚上白天"
    "|近期期间通过对于以及同时其中为了上述此事该处地方影响严重不能不会不让不给得到自己老百姓人民生活事情是否有没有还是都是就是也是"
    "|月日年元米名次户亩人们说明解释沟通协调当事人双方带领前往立即迅速接到工单后高度认真查看采取措施"
)


def off_the_matter(matters, replies, bares, townships=()):
    """Whether each reply shares no weighty word and no name of a matter with what was said, and names another matter.

    Reads what was said (title, content, category), the replies, and the bare replies, of the same index. The names of townships
    are no sign of the matter.
    """
    off = pd.Series(False, index=matters.index)
    said, told = arrow(matters), arrow(replies)
    long = (pc.utf8_length(said).to_numpy() >= MATTER_CHARACTERS) & (
        pc.utf8_length(told).to_numpy() >= REPLY_CHARACTERS
    )
    if not long.any():
        return off
    weights = _weigh(said, told, townships)
    at = np.flatnonzero(long)
    shared = _shared(said.filter(pa.array(long)), told.filter(pa.array(long)), weights)
    rows = at[shared < 3]
    # Villages and streets that both name are no matter, nor is passing it on an answer: both taken out here only,
    # because that takes longer.
    said, told = _without_places(plain(matters.iloc[rows])), _without_places(plain(replies.iloc[rows]))
    own = pc.replace_substring_regex(arrow(bares.iloc[rows]), rf"{CLAUSE}*(?:{PASSED_ON}){CLAUSE}*", "")
    own = pc.replace_substring_regex(_without_places(own), OFFICES, " ")
    size, length = _weight(said, weights), _weight(own, weights)
    enough = ENOUGH + CHANCE * np.sqrt(size * length)
    found = (_shared(said, told, weights) < enough) & (size >= MATTER_PAIRS) & (length >= REPLY_PAIRS)
    off.iloc[rows[found][_names_another(*(words.filter(pa.array(found)) for words in (said, told, own)))]] = (
        True
    )
    return off


def _names_another(said, told, own):
    """Whether a reply's own words name a matter more than once, and matter and reply have no matter in common."""
    same, known, often = np.zeros(len(said), dtype=bool), np.zeros(len(said), dtype=bool), np.zeros(len(said))
    for names in MATTERS:
        of_matter = pc.match_substring_regex(said, names).to_numpy(zero_copy_only=False)
        same |= of_matter & pc.match_substring_regex(told, names).to_numpy(zero_copy_only=False)
        known |= of_matter
        often = np.maximum(often, pc.count_substring_regex(own, names).to_numpy())
    return known & ~same & (often >= NAMED)


def _without_places(words):
    for pattern in AREAS:
        words = pc.replace_substring_regex(words, pattern, r" \2")
    return words


def _pairs(words):
    """The pairs of neighbouring Chinese characters of some texts, as bucket numbers, and the row of each."""
    signs = np.frombuffer("".join(words.to_pylist()).encode("utf-32-le"), dtype=np.uint32)
    rows = np.repeat(np.arange(len(words)), pc.utf8_length(words).to_numpy())
    is_han = (signs >= 0x4E00) & (signs <= 0x9FFF)
    is_pair = is_han[:-1] & is_han[1:] & (rows[:-1] == rows[1:])
    first, second = signs[:-1][is_pair].astype(np.uint64), signs[1:][is_pair].astype(np.uint64)
    pairs = ((first << np.uint64(21)) + second) * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(48)
    return pairs.astype(np.int64), rows[:-1][is_pair]


def _weigh(said, told, townships):
    """How much each pair weighs, by its rarity among a sample of the tickets."""
    chosen = pa.array(np.arange(0, len(said), max(1, len(said) // SAMPLE)))
    held = []
    for words in (said, told):
        pairs, rows = _pairs(words.take(chosen))
        held.append(rows * BUCKETS + pairs)
    held = np.sort(np.concatenate(held))  # np.unique would hash, which takes far longer
    held = held[np.r_[True, held[1:] != held[:-1]]] if len(held) else held
    count = np.bincount(held % BUCKETS, minlength=BUCKETS)
    share = np.maximum(count, 1) / max(len(chosen), FEWEST)
    weights = np.clip(np.log(COMMON / share) / np.log(COMMON / RARE), 0, 1)
    pairs, _ = _pairs(pa.array([*STOCK.split("|"), *townships], pa.large_string()))
    weights[pairs] = 0
    return weights


def _shared(said, told, weights):
    """The weight of the pairs of each reply that its matter holds too."""
    shared = np.zeros(len(said))
    held = np.zeros(ROWS * BUCKETS, dtype=bool)
    for at in range(0, len(said), ROWS):
        pairs, rows = _pairs(said.slice(at, ROWS))
        places = rows * BUCKETS + pairs
        held[places] = True
        pairs, rows = _pairs(told.slice(at, ROWS))
        hit = held[rows * BUCKETS + pairs]
        sums = np.bincount(rows[hit], weights=weights[pairs[hit]], minlength=len(said.slice(at, ROWS)))
        shared[at : at + ROWS] = sums
        held[places] = False
    return shared


def _weight(words, weights):
    """How many pairs of some weight each text has."""
    found = np.zeros(len(words))
    for at in range(0, len(words), ROWS):
        pairs, rows = _pairs(words.slice(at, ROWS))
        found[at : at + ROWS] = np.bincount(rows[weights[pairs] > 0.3], minlength=len(words.slice(at, ROWS)))
    return found
