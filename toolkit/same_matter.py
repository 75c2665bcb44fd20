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
LONG_PAIRS = 24  # pairs of a reply that shares nothing at all, from which one name is enough
# Clauses that pass the matter on, put it off, or ask for more: they need not say what it is about.
PASSED_ON = (
    rf"{PROMISE}|提供|信息不|不详|无法|直接(?:拨打|联系|向|与|到)|(?:请|可|向|建议|联系)[^,。;]*咨询|"
    r"已(?:经)?(?:明确)?答复|不再进入|详情|双方|协商|调解|互谅|"
    r"(?:反映|举报|投诉)的[^,。;]*(?:问题|行为|情况|纠纷)|依法(?:守信|诚信)?经营|诚信经营"
)
# Who deals with it is not what it is about.
_OFFICES = "局 委 厅 部门 单位 大队 支队 中队 派出所 办事处 街道 政府 管委会 指挥部 中心 窗口 公司 社区"
_OFFICES += " 干部 民警 工作人员 队员"
OFFICES = rf"\p{{Han}}{{0,4}}(?:{'|'.join(_OFFICES.split())})"

# Names of one matter, or of what goes with it, a line each.
MATTERS = [
    "道路|公路|路面|坑洼|硬化|修路|水泥路|泥巴路|村道|路基|路灯|塌方|通村|沥青|桥|涵洞|护栏|照明",
    "供水|滴水|没水|无水|来水|主管|停水|自来水|水压|水质|水管|水厂|饮水|用水|水表|管网|水费|水井|出水|放水|龙头|水泵|加压|余氯|漂白|浑|发黄|二次供水|水务",
    "供电|停电|电压|变压器|电线|线路|用电|电费|电力|低压|电表|电杆|送电|电网|跳闸|跳闸|断电|没电|开关|配电|抄表|空开|线杆",
    "低保|救助|五保|特困|困难户|贫困|临时救济|救济|补助|扶贫|帮扶|残疾|慰问|听力|障碍|领养|收养|民政|低收入|保障金|孤寡|独居",
    "噪音|施工|混凝土|轰鸣|打桩|工地|噪声|扰民|喧哗|吵|音响|广场舞|分贝|鸣笛|夜宵|烧烤|隔音|静音|音箱|喇叭|震|嗡|叫卖|唱歌|ktv|隔声|声音|低音|昼间|夜间施工|吠|狗叫|棋牌",
    "油烟|烧烤|餐饮|餐馆|饭店|夜宵|净化器|烟道|烟罩|排烟|炒菜|厨房|烤",
    "垃圾|清运|保洁|清扫|环卫|卫生|焚烧|臭|废品|废塑料|厕所|化粪池|粪|馊|保洁|桶|堆放|杂物|废弃|堆肥",
    "工资|工地|工伤|受伤|医疗费|手术|欠薪|工钱|薪|血汗钱|包工头|农民工|劳动|工程款|务工|克扣|押金|工钱|讨薪|打工|务工|结算|班组|日结|加班",
    "医保|报销|农合|住院|药费|慢特病|医疗|大病|门诊|参保|生育津贴|转诊|异地就医|医药费|慢病|结算|参合",
    "医院|看病|就医|医生|诊所|行医|卫生院|病人|患者|疫苗|狂犬|药",
    "社保|养老|退休|缴费|参保|工龄|社会保险|失业|工伤|职工|待遇|养老金|退休金|认证|离职|断缴|补缴|参保",
    "宅基地|建房|地界|邻里|占地|危房|违建|违章|违法建|翻建|房屋|院墙|住房|土坯|老房|围墙|搭建",
    "拆迁|征地|征收|安置|补偿|棚改|棚户|拆除|回迁",
    "承包|流转|土地|耕地|农田|田地|林地|山林|确权|租地|租金|林权|自留山",
    "学校|学生|读书|上学|就读|老师|教师|补课|入学|教育|幼儿园|学位|转学|收费|招生|校车|学籍|高考|培训|毕业|教体|校|作业|课|家长|娃|托管|食堂|午休|中考|高中|幼儿|资助|助学",
    "物业|小区|业主|业委会|电梯|停车|车位|楼栋|维修基金|消防通道|楼道|门禁|保安|泊位|楼道|业主|天花板|外墙|公摊|充电|飞线|消防栓|消火栓|堵塞",
    "开发商|楼盘|购房|商品房|房产证|交房|不动产|烂尾|公积金|首付|按揭|房贷|产权|房款|限购|预售|期房|交付|复工|停工|钥匙|塔吊|代建|烂尾|精装|验房|延期",
    "公交|路车|发车|巴士|停靠|站点|客流|班车|客运|出租车|的士|客车|甩客|运管|站台|车站|驾驶员|司机|票价|线路|拒载|驾校|黑车|网约车|汽车站|刷卡|优待卡|老年卡|老人卡|敬老|乘车|打表|计价|空调|线网|末班|滴滴",
    "交通|接送|两排车|乱停|停放|违停|占道|红绿灯|信号灯|拥堵|堵车|违章|交警|斑马线|标线|限速|超载|停车|交管|驾驶证|电动车|禁停|减速带|车辆|驾照|摩托|扣分|信号机|撞|灯组|事故|刮|碰|路口|骑手|逆行|僵尸车|挪车|违停|泊位",
    "排污|污水|废水|偷排|污染|环保|臭味|废气|异味|粉尘|扬尘|黑水|河道|河水|养殖|粪污|粪便|生态|猪场|养猪|气味|大气|噪声|暗管|外排|采样|烟囱|排口|cod|味",
    "野猪|野生动物|庄稼|玉米|水稻|稻田|毁坏|糟蹋|獾|护农|黑熊|蜜蜂",
    "渠|化粪池|吸污|满溢|灌溉|山塘|水库|抗旱|水利|堤|清淤|防汛|排水|内涝|积水|下水道|淹|疏通|管道|水沟|窨井|井盖|雨水|污水|倒灌|抽排|泵|返水|水淹",
    "种子|农药|化肥|农机|补贴|种粮|耕地地力|春耕|农资|秧|种植|畜禽|农技",
    "户口|户籍|身份证|落户|入户|迁移|派出所|出生|居住证|准迁|上户|改名|户|身份证|证件|户主|分户|临时身份|制证",
    "赌博|麻将|打牌|赌|牌馆|电游|电玩|游戏室|牌九|赌资|输赢|推牌|炸金花|老虎机|棋牌|押注|聚众",
    "治安|被盗|盗窃|偷|诈骗|报警|斗殴|民警|公安|打架|案件|非法集资|传销|嫌疑|立案|派出所|警|骗|冒充|上当|偷拍|监控|抓获|拘留|失窃|骚扰|威胁|殴打|小偷",
    "假货|网上|网购|下单|订金|定金|假冒|假的|消费|退货|退款|退钱|商家|药店|保健品|超市|过期|市场监管|工商|虚假宣传|价格|收费|发票|缺斤|价格|食品|经营|许可证|变质|发霉|异物|拉肚子|后厨|退费|预付卡|充值|办卡|健身|会员|欺诈|复秤|秤|商户|差价",
    "摊|占道|城管|流动商贩|门店|市容|马路市场|广告牌|店外|招牌|游商|乱停|小广告|张贴|涂写|占用|菜场|菜市场|叫卖|乱贴",
    "网络|宽带|手机|信号|基站|电信|移动公司|联通|有线电视|邮政|快递|断网|上网|网速|光纤|话费|套餐|包裹|驿站|派送|邮件|取件",
    "燃气|天然气|液化气|煤气|开户费|管道气|气价|通气|罐|气表|用气|灶|管道",
    "计生|二胎|生育|准生|独生子女|社会抚养费|超生|产假|奖励扶助|婚",
    "就业|招聘|考试|报考|公务员|编制|事业单位|职称|人才|招考|资格证|岗位",
    "税|发票|财政|公租房|廉租|贷款|银行|保险|金融",
    "村干部|村支书|村委|村务|账目|公示|贪污|党员|选举|腐败|作风|干部|违纪|村主任|不作为|纪委",
    "坟|殡葬|火化|墓|丧葬|公墓",
    "旅游|景区|景点|文物|文化|体育|图书|健身|博物馆|公园|绿化|广场|门票|游客|草坪|树|树枝|修剪|花坛|锻炼|器材|枯枝|路树",
    "采石|采砂|矿|石场|砂石|爆破|炸|渣土|砂场|搅拌站",
    "转业|兵役|退伍|退役|军人|优抚|伤残|参战|军属|复员",
    "规划|地块|选址|地铁|高铁|高速|铁路",
    "狗|犬|遛狗|宠物|狂犬|拴绳|咬|流浪",
    "消防|灭火|消防栓|消火栓|火灾|着火|起火|灭火器|逃生|安全出口|喷淋|消防通道",
    "渗水|漏水|泡烂|泡水|渗|漏|防水|滴水|天花板|吊顶|返潮|积水|墙皮|发霉|闭水|屋面|屋顶|楼板",
    "电梯|困人|维保|主板",
    "充电|电动车|飞线|电瓶|充电桩|充电器",
    "树|树枝|树木|枯枝|修剪|绿化|草坪|补栽|挡光|采光",
    "暖气|供暖|供热|热力|温度|取暖|室温|锅炉|管网",
    "危险|坠落|掉落|脱落|瓷砖|外墙|墙砖|警戒|空鼓|高空|抛物|砸",
    "纠纷|调解|邻居|地界|争吵|巷道|树枝|漏水|院墙|退让|协商|宅基地",
]
# Estates and blocks, which AREAS does not know; after a place, what is there too.
ESTATES = (
    r"(\p{Han}{2,4}(?:苑|坊|家园|花园|公寓|新村|雅居|名城|新城|华府|华庭|府邸|大厦|"
    r"公馆|豪庭|国际|城邦|人家))()"
)
# What any complaint or answer holds.
STOCK = (
    "来电人反映市民群众村民居民网友您好关于问题有关相关部门单位情况希望要求请求处理解决核实调查了解答复回复工作人员现场"
    "|经查核查属实已经进行目前我局我镇我乡我县政府街道办事处村委会社区及时尽快落实整改感谢支持理解监督如有疑问联系电话"
    "|一直没有多次现在不知道怎么什么时候可以能够应该需要办理手续材料申请规定按照根据要求并且因为由于所以但是如果我们你们他们"
    "|领导重视安排负责组织人员开展加强管理责任督促下一步继续做好服务进一步附近门口家里来电称表示同意满意完成恢复正常"
    "|收悉来信留言咨询建议投诉举报求助给予尊敬的平台热线书记市长县长关注关心一个这个那个时间今年去年以后之后之前每天晚上白天"
    "|近期期间通过对于以及同时其中为了上述此事该处地方影响严重不能不会不让不给得到自己老百姓人民生活事情是否有没有还是都是就是也是"
    "|公司|酒店|宾馆|饭店|外卖店|店里|小区|大楼|楼上|楼下|大门口|旁边|对面|孩子|老人|房子|安置房|企业|商家|老板|居民楼|负责人|收费标准"
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
    rows = at[shared < 4]
    # Villages and streets that both name are no matter, nor is passing it on an answer: both taken out here only,
    # because that takes longer.
    said, told = _without_places(plain(matters.iloc[rows])), _without_places(plain(replies.iloc[rows]))
    own = pc.replace_substring_regex(arrow(bares.iloc[rows]), rf"{CLAUSE}*(?:{PASSED_ON}){CLAUSE}*", "")
    own = pc.replace_substring_regex(_without_places(own), OFFICES, " ")
    size, length = _weight(said, weights), _weight(own, weights)
    enough = ENOUGH + CHANCE * np.sqrt(size * length)
    shared = _shared(said, told, weights)
    found = (shared < enough) & (size >= MATTER_PAIRS) & (length >= REPLY_PAIRS)
    least = np.where((shared == 0) & (length >= LONG_PAIRS), 1, NAMED)[found]
    words = (words.filter(pa.array(found)) for words in (said, told, own))
    off.iloc[rows[found][_names_another(*words, least)]] = True
    return off


def _names_another(said, told, own, least):
    """Whether a reply's own words name a matter often enough, and matter and reply have no matter in common."""
    same, known, often = np.zeros(len(said), dtype=bool), np.zeros(len(said), dtype=bool), np.zeros(len(said))
    for names in MATTERS:
        of_matter = pc.match_substring_regex(said, names).to_numpy(zero_copy_only=False)
        same |= of_matter & pc.match_substring_regex(told, names).to_numpy(zero_copy_only=False)
        known |= of_matter
        often = np.maximum(often, pc.count_substring_regex(own, names).to_numpy())
    return known & ~same & (often >= least)


def _without_places(words):
    for pattern in (*AREAS, ESTATES):
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
