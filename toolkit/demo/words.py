"""Names, sentences and headings of the invented county; data only, used by `toolkit.demo`.

Slots of the sentences: {p} place, {v} village, {k} matter, {t} since when, {d} day, {s} another person,
{r} road, {x} estate, {y} yuan, {m} metres, {n} a small number, {w} how the unit calls itself.
"""

from datetime import datetime, timedelta

COUNTY = "青禾县"

# Township or department: its quality (a row of QUALITIES) and, for a township, its share of what happens.
TOWNSHIPS = {
    "禾阳街道": ("fair", 14),
    "石碾镇": ("good", 10),
    "麦垄镇": ("good", 9),
    "荷塘湾镇": ("perfunctory", 9),
    "竹篱镇": ("fair", 8),
    "枫井镇": ("model", 7),
    "鹤坪镇": ("good", 7),
    "檀溪口镇": ("unsigned", 6),
    "雁落镇": ("perfunctory", 6),
    "桐荫镇": ("fair", 6),
    "稻坡乡": ("good", 5),
    "松盖乡": ("fair", 4),
    "苇渡乡": ("slow", 6),
    "燕窝岭乡": ("good", 3),
}
DEPARTMENTS = {
    "县公安局": "good",
    "县教育局": "good",
    "县卫生健康局": "fair",
    "县医疗保障局": "model",
    "县人力资源和社会保障局": "fair",
    "县自然资源局": "tardy",
    "县交通运输局": "perfunctory",
    "县农业农村局": "fair",
    "县城市管理局": "unsigned",
    "县生态环境局": "good",
}

# What each quality is like: the shares of tickets answered late, left open, signed late, never signed and
# answered without contact, and how early an answer comes (the higher, the earlier).
HABITS = ["late", "open", "sign_late", "unsigned", "silent", "early"]
QUALITIES = {
    "model": [0, 0, 0, 0, 0, 6],
    "good": [0.015, 0.002, 0.01, 0, 0.02, 4],
    "fair": [0.06, 0.006, 0.05, 0, 0.06, 2],
    "tardy": [0.22, 0.015, 0.12, 0, 0.1, 1.2],
    "slow": [0.52, 0.04, 0.3, 0, 0.15, 1],
    "perfunctory": [0.03, 0.005, 0.04, 0, 0.3, 5],
    "unsigned": [0.1, 0.012, 0.05, 0.8, 0.1, 2],
}
# How the citizens judge each quality, out of a hundred, and what that says about their problem.
RATINGS = ["非常满意", "满意", "基本满意", "一般", "不满意"]
RATED = {
    "model": [30, 60, 8, 2, 0],
    "good": [18, 62, 14, 5, 1],
    "fair": [8, 58, 20, 10, 4],
    "tardy": [4, 48, 24, 15, 9],
    "slow": [2, 40, 25, 18, 15],
    "perfunctory": [2, 40, 20, 18, 20],
    "unsigned": [5, 52, 22, 13, 8],
}
RESOLVED = {
    "非常满意": "已解决",
    "满意": "已解决",
    "基本满意": "已解决",
    "一般": "未表态",
    "不满意": "未解决",
    "未评价": "未表态",
}


SPRING_FESTIVALS = ["2024-02-10", "2025-01-29"]

SURNAMES = list("张李王刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧")
GIVEN = ["某", "某", "某某"]
# Ranges of mobile numbers that, as far as known, no network gives to subscribers.
PHONE_RANGES = ["154", "160", "161", "163", "164", "168", "169", "194"]
VILLAGE_FIRST = [
    *[
        "柳树",
        "石桥",
        "大槐",
        "下河",
        "东岗",
        "枣林",
        "白沙",
        "月牙",
        "鸭池",
        "磨盘",
        "油坊",
        "瓦窑",
        "桃园",
        "竹林",
    ],
    *[
        "青石",
        "古井",
        "新塘",
        "老屋",
        "茶亭",
        "枫树",
        "龙潭",
        "双堰",
        "高坡",
        "平田",
        "水口",
        "栗山",
        "杏花",
        "樟木",
    ],
]
VILLAGE_LAST = ["湾", "岭", "坪", "冲"]
VILLAGES = 8
ROADS = [
    "禾丰路",
    "新市街",
    "车站路",
    "文昌街",
    "桥头路",
    "西环路",
    "老粮站巷",
    "滨河路",
    "建材市场路",
    "学府街",
]
ESTATES = ["锦禾苑", "河畔新村", "阳光花园", "和顺家园", "丰泽小区", "翠竹苑", "幸福里", "安居小区"]
SINCE = ["近半个月来", "上周以来", "这几天", "最近一个月", "连续多日", "最近几天", "这个月以来", "这段时间"]

CHANNELS = {"电话": 74, "微信": 9, "网站": 5, "市长信箱": 4, "上级派发": 5, "来信": 1, "来访": 2}
SOURCE_LEVELS = {"县本级": 82, "市级派发": 15, "省级派发": 3}
URGENCIES = {"普通": 94, "紧急": 6}
OUTCOMES = {"已解决": 6, "暂不具备条件": 1, "解释说明": 3}  # where the citizen did not say
EXCLUSIONS = {"申请": 3, "通过": 5, "驳回": 2}

TITLES = {
    "咨询": "咨询{k}有关规定",
    "求助": "{v}村民就{k}求助",
    "投诉": "反映{v}{k}问题",
    "举报": "举报{v}{k}问题",
    "建议": "对{v}{k}的建议",
}
TELL = [
    "市民来电反映：",
    "来电人反映，",
    "群众来电称，",
    "村民来电说：",
    "来电人称，",
    "市民反映，",
    "{caller_name}来电反映，",
    "来电人{caller_name}称，",
    "一位居民反映，",
    "反映人表示，",
    "据来电人反映，",
]
ASK = {
    "咨询": ["请相关部门解答。", "想问清楚再去办。", "盼回复。", "请给个明白答复。", "麻烦告知具体流程。"],
    "求助": [
        "希望有关部门帮忙解决。",
        "请求协调处理。",
        "盼尽早派人来看看。",
        "请政府帮一把。",
        "希望给予帮助。",
    ],
    "投诉": [
        "要求尽快处理并回复。",
        "请有关部门管一管。",
        "要求给个说法。",
        "希望彻底解决。",
        "要求核查处理。",
    ],
    "举报": [
        "请依法查处。",
        "要求严肃处理。",
        "请执法部门到现场检查。",
        "要求为举报人保密。",
        "请核实查处。",
    ],
    "建议": [
        "请有关部门研究采纳。",
        "望考虑群众意见。",
        "请酌情办理。",
        "希望能够落实。",
        "请答复是否可行。",
    ],
}
PHONE_IN_TEXT = "联系电话{caller_phone}。"

REPLY_OPEN = [
    "您好，您反映的{k}问题收悉。",
    "接到工单后，{w}安排专人进行了核实。",
    "收到您关于{k}的来电后，{w}组织人员办理。",
    "经{w}调查核实，现将有关情况答复如下：",
    "来电人您好，关于{k}的诉求，办理结果如下：",
    "{w}分管负责同志带队核查了此事。",
    "您反映的{v}有关情况，{w}已逐项核对。",
    "工单收悉，{w}与村（社区）干部一同作了了解。",
    "您好！{w}对您所说的{k}一事进行了调查。",
    "针对您的来电，{w}业务人员查阅资料并走访了解。",
    "感谢您来电，您提出的{k}事项现已办理。",
]
REPLY_CONTACT = [
    "{d}工作人员已与您电话联系，说明了办理结果。",
    "办理情况已于{d}当面向您说明。",
    "{d}经办人电话告知来电人，来电人表示知道了。",
    "工作人员与您取得联系并解释了有关规定。",
    "{d}已致电来电人，就上述情况作了沟通。",
    "上述结果已由经办人电话回复来电人。",
    "经办人上门见到来电人，把情况讲清楚了。",
]
REPLY_CLOSE = [
    "感谢您对{w}工作的理解和支持。",
    "如还有疑问，可到{w}办事窗口当面了解。",
    "以上情况请您知悉。",
    "欢迎继续监督。",
    "特此回复，祝您生活愉快。",
    "有关材料已经归档。",
    "办理期间给您带来不便，敬请谅解。",
    "办理结果同时录入平台，供您查询。",
    "如情况有反复，请随时来电。",
    "谢谢您的来电。",
]

# What is planted. Tickets that belong together: groups, tickets in each, hours apart, what they share.
PLACE = ["township", "village", "spot"]
CALLER = ["caller_name", "caller_phone"]
GROUPS = {
    "mass_appeal": (2, 8, 5, ["category", "desk", *PLACE]),
    "repeated_appeal": (4, 3, 24 * 16, ["category", "desk", "story", *PLACE, *CALLER]),
    "frequent_caller": (2, 8, 24 * 4, [*PLACE, *CALLER]),
}
# Tickets changed one by one: how many, and which may be taken.
SINGLES = {
    "reply_short": (13, "quality == 'perfunctory' and replied_at.notna()"),
    "reply_promises_only": (
        12,
        "quality in ['perfunctory', 'slow', 'unsigned'] and replied_at.notna() and type != '咨询'",
    ),
    "reply_offtopic": (10, "quality == 'perfunctory' and unit_group == '乡镇' and replied_at.notna()"),
    "impossible_times": (12, "visited_at.notna() and closed_at.notna()"),
    "satisfied_without_callback": (14, "visited_at.notna() and closed_at.notna()"),
    "urged_no_reply": (10, "quality in ['slow', 'tardy', 'unsigned'] and closed_at.notna()"),
    "ping_pong": (9, "return_count == 0"),
    "returned_often": (9, "return_count == 0"),
    "risk_words": (10, "type in ['投诉', '求助']"),
    "reply_to_caller_not_fed_back": (12, "closed_at.notna()"),
}
# One reply given to several tickets of a unit: how many, and whether they were closed together.
BATCHES = [(6, True), (6, True), (4, False), (4, False)]
AGAIN = 12

SHORT = [
    *[
        "已处理。",
        "已解决。",
        "情况属实，已整改。",
        "已转相关人员。",
        "已知悉。",
        "已安排。",
        "已回复来电人。",
    ],
    *[
        "已联系，无异议。",
        "此事已办。",
        "已核实，属实。",
        "不属实。",
        "已按规定办理。",
        "已告知。",
        "已现场处理。",
    ],
]
PROMISES = [
    "您反映的{k}问题我们高度重视，目前正在协调有关方面，将持续关注，争取早日解决。",
    "{k}一事正在协调之中，待条件成熟后统筹安排，请您耐心等待。",
    "关于{k}，{w}将加强巡查，加大工作力度，努力让群众满意。",
    "您好，{k}问题已列入议事日程，下一步将积极向上争取资金，尽快推进。",
    "{w}已将{k}情况向领导汇报，待研究后再作答复。",
    "对{k}问题，{w}将举一反三，建立长效机制，切实抓好落实。",
    "您提出的{k}诉求，{w}会认真研究，适时予以考虑，感谢理解。",
    "{k}涉及面广，情况复杂，正在协调多家单位共同推进，后续有进展再告知您。",
    "您反映的{v}{k}情况已转相关部门，将督促其尽快处理。",
    "因资金紧张，{k}暂时无法实施，待资金到位后将第一时间安排。",
    "{w}下一步将会同有关单位现场查看{k}情况，并拟定方案。",
    "{k}已记录在案，{w}将密切关注，力争在适当时候妥善处理。",
]
COPIED = [
    "您好，您反映的{k}问题收悉。{w}接到工单后高度重视，主要领导第一时间作出安排，分管负责同志带领{n}名工作人员"
    "进行了认真调查了解，按照有关规定和程序进行了处理，并对有关人员作了批评教育和政策宣传，要求其今后"
    "引以为戒，杜绝此类情况再次发生。感谢您对我们工作的关心、监督和支持，祝您工作顺利、身体健康、阖家幸福。",
    "尊敬的来电人：您好！您提出的{k}诉求已由承办人员受理，{w}结合工作职责进行了全面核查，逐一对照政策要求"
    "提出{n}条办理意见，相关工作已经按要求落实到位。办理过程中严格遵守工作纪律，做到件件有着落、事事有回音，"
    "请您今后一如既往地关注我们的工作，多提宝贵意见，共同把家乡建设得更加美好，再次感谢您的来电。",
    "经办理人员核实，来电人所述{k}事项基本属实。{w}本着实事求是、依法依规的原则，组织{n}名业务骨干召开专题会议，"
    "对有关问题进行了认真梳理和分析，明确了责任领导、责任科室和责任人，各项措施已全部落实，问题得到妥善处理，"
    "并已建立台账实行销号管理。如对处理结果有其他意见，可以通过正常渠道向上一级单位反映，谢谢配合。",
    "工单办理情况汇报：接单后，{w}立即启动工单办理流程，就{k}问题安排{n}名同志到场了解，听取了当事人和周边群众的"
    "意见，查看了有关资料，做到情况清、底数明。经集体研究，依照相关政策作出了处理，当事人对处理意见没有异议，"
    "整个办理过程公开透明、程序规范。今后将以此为契机不断提升服务水平，更好地服务广大人民群众，特此报告。",
]
RISK = [
    "来电人情绪激动，扬言再不解决就带全家到县里讨说法。",
    "来电人说该处存在严重安全隐患，随时可能出人命。",
    "来电人称如果没人管，就要从楼顶跳下去。",
    "来电人扬言要把事情发到网上，并拉横幅堵路。",
    "对方多次持刀威胁，来电人担心人身安全。",
    "来电人表示已联络几十户，准备集体上访。",
    "现场有漏电和倒塌危险，孩子每天从旁边经过，安全隐患很大。",
    "来电人哭诉活不下去，说要喝农药。",
    "来电人扬言若三天内没有结果就放火烧掉。",
    "燃气管旁边动火施工，有爆炸的安全隐患，居民很害怕。",
]
CALLED_AGAIN = ["上次的工单显示已经办结，实际并没有处理好。", "前几天刚答复说办好了，现在还是老样子。"]
RETURN_REASONS = ["不属本单位职责范围", "地址不详，无法核实", "应由县直部门办理", "不在本辖区"]
PING_PONG = "{a}认为属{b}职责退回，转{b}后{b}又退回{a}，双方均称不归自己管"

NOTES = {
    "reply_short": "回复只有几个字",
    "reply_promises_only": "回复只有表态，没有办理结果",
    "reply_offtopic": "答非所问，回复的是另一件事",
    "reply_copied": "与同单位其他工单的回复雷同",
    "bulk_closing": "与同单位其他工单在五分钟内一起办结，回复雷同",
    "impossible_times": "时间先后不可能",
    "satisfied_without_callback": "回访未接通却记为满意",
    "urged_no_reply": "催办两次以上仍未回复",
    "ping_pong": "两家单位来回退单",
    "returned_often": "退回两次以上",
    "risk_words": "诉求中有风险用语",
    "reply_to_caller_not_fed_back": "已回复来电人，未反馈中心",
    "mass_appeal": "多人同一地点同一事项集中来电",
    "repeated_appeal": "同一来电人同一事项反复来电",
    "frequent_caller": "同一来电人短期内多次来电",
    "closed_then_called_again": "办结后七日内同一来电人就同一事项再次来电",
    "overdue_open": "截止时间已过，没有回复",
    "replied_late": "截止时间之后才回复",
    "due_soon": "没有回复，两个工作日内到期",
    "signed_late": "转办后次一工作日下班前没有签收",
    "dissatisfied": "回访结果为不满意",
    "many_units": "先后派给三家以上单位",
    "moved_by_urging": "催办之后才有第一个动作",
    "returned_late": "派单一个工作日以后才退回",
    "extension_abused": "截止时间之后才批准延期",
    "satisfaction_flipped": "没有重办，回访由不满意改为满意",
}

# The flow log: its year, the platform's words for the steps and what is said with them.
LOG_YEAR = 2025
CENTRE = "县12345热线办"
# A ticket's time: the step, whether the hotline takes it, and the words where the ticket itself has none.
LOG_STAGES = {
    "received_at": ("受理", True, None),
    "signed_at": ("签收", False, None),
    "first_contact_at": ("先行联系", False, "已电话联系诉求人，核对诉求"),
    "replied_at": ("回复", False, "已提交办理结果"),
    "fed_back_at": ("反馈", False, "办理结果报中心"),
    "visited_at": ("回访", True, None),
    "closed_at": ("办结", True, "审核通过"),
}
SENT, SENT_ON, RETURNED, URGED = "派单", "改派", "退回", "催办"
ASKED, GRANTED, LAID_ASIDE, TAKEN_UP = "申请延期", "同意延期", "挂账", "恢复"
VISITED, REDONE = "回访", "重办"
TO_HANDLE, BELONGS = "请按职责办理", "不属本单位职责，应由{}办理"
URGING, GRANTING, TAKING_UP = "请抓紧办理并按时回复", "同意", "条件具备，恢复办理"
DISSATISFIED, REDO = "评价：不满意", "回访不满意，请重新办理"
OTHER_PHONE = "诉求人改用16412345678接听，已联系"
EXTENSION_REASONS = [
    "需现场勘验",
    "需多家单位会商",
    "等待检测结果",
    "当事人外出，约定下周见面",
    "需追加资金计划",
]
PAUSE_REASONS = ["等待第三方鉴定", "已进入诉讼程序", "等待材料到货", "等待上级批复"]
# How many: answered late despite more time and just in time; approved too late; paused with and without the
# platform's due time and not answered yet; of these still paused. Office minutes for returning and pausing.
EXTENDED, EXTENDED_LATE = (6, 6), 3
PAUSED, STILL_PAUSED, PAUSED_FROM, RESTING = (2, 2, 4), 2, 1300, timedelta(days=2)
MOVED_BY_URGING, FLIPPED, RETURNED_AFTER = 5, 3, 95
LOG_FILE, LOG_SHEET = f"{LOG_YEAR}年流转记录.xlsx", "流转记录"
LOG_TITLE = f"{COUNTY}12345热线工单流转记录（{LOG_YEAR}年）"
LOG_HEADINGS = {
    "ticket_id": "工单编号",
    "event": "环节名称",
    "at": "操作时间",
    "unit": "操作单位",
    "detail": "操作意见",
}
# Which share of the steps has another word, and which; how many numbers and times are full-width.
LOG_WORDS = (0.01, {"派单": "转办", "签收": "接单", "回复": "答复", "办结": "结案", "回访": "坐席回访"})
LOG_WIDE = 6
SUPERVISED = ("督办", "已列入督办")

# The headings of each year's export, in the order of its columns, and the words it uses for ours.
HEADINGS = {
    2024: {
        "ticket_id": "受理编号",
        "received_at": "来电时间",
        "caller_name": "来电人",
        "caller_phone": "来电号码",
        "type": "来电类别",
        "level_1": "一级问题分类",
        "level_2": "二级问题分类",
        "channel": "工单来源",
        "source_level": "工单来源等级",
        "urgency": "紧急度",
        "township": "所属乡镇",
        "address": "事发地",
        "title": "工单标题",
        "content": "主要内容",
        "unit": "主办单位",
        "sub_unit": "村(社区)",
        "co_units": "配合单位",
        "dispatched_at": "派单时间",
        "signed_at": "接单时间",
        "first_contact_at": "首次联系时间",
        "platform_due_at": "截止时间",
        "replied_at": "答复时间",
        "reply": "办理结果",
        "fed_back_at": "反馈平台时间",
        "visited_at": "回访日期",
        "visit_connected": "是否接通",
        "satisfaction": "对办理结果是否满意",
        "resolved": "问题是否解决",
        "contacted": "工作人员是否联系市民",
        "closed_at": "结案时间",
        "status": "当前状态",
        "return_count": "退单次数",
        "return_reason": "退单原因",
        "urge_count": "催办次数",
        "rework_count": "重新办理次数",
        "exclusion": "剔除",
        "handler": "办理人",
        "outcome": "结果分类",
    },
    2025: {
        "ticket_id": "工单编号",
        "title": "标题",
        "content": "诉求内容",
        "type": "诉求类型",
        "category": "问题分类",
        "channel": "受理渠道",
        "source_level": "派发层级",
        "urgency": "紧急程度",
        "caller_name": "诉求人",
        "caller_phone": "联系电话",
        "township": "属地",
        "address": "事发地址",
        "unit": "承办单位",
        "sub_unit": "三级单位",
        "co_units": "协办单位",
        "status": "工单状态",
        "received_at": "受理时间",
        "dispatched_at": "转办时间",
        "signed_at": "签收时间",
        "first_contact_at": "先行联系时间",
        "platform_due_at": "办理截止时间",
        "replied_at": "回复时间",
        "fed_back_at": "反馈时间",
        "visited_at": "回访时间",
        "closed_at": "办结时间",
        "return_count": "退回次数",
        "return_reason": "退回原因",
        "urge_count": "催办次数",
        "rework_count": "重办次数",
        "reply": "回复内容",
        "contacted": "是否联系",
        "visit_connected": "回访接通",
        "satisfaction": "满意度",
        "resolved": "是否解决",
        "exclusion": "剔除状态",
        "handler": "经办人",
        "attitude": "服务态度满意度",
        "reply_standard": "答复规范",
        "outcome": "办理结果分类",
        "return_review": "退单审核结果",
        "visit_wanted": "是否需要回访",
    },
}
EXPORT_WORDS = {
    2024: {
        "status": {"已办结": "已结案", "已回复": "待回访", "办理中": "处理中"},
        "satisfaction": {"非常满意": "很满意", "基本满意": "较满意"},
        "visit_connected": {"是": "接通", "否": "未接通"},
        "resolved": {"已解决": "是", "未解决": "否", "未表态": "不清楚"},
        "exclusion": {"通过": "已剔除"},
    },
    2025: {},
}

# File: sheets, each with the first month and the month after the last, and the rows that are no tickets.
EXPORTS = {
    "2024年工单.xlsx": [
        ("2024年上半年", "2024-01-01", "2024-07-01", ["repeated", "subtotal"]),
        ("2024年下半年", "2024-07-01", "2025-01-01", ["unnumbered"]),
    ],
    "2025年工单.xlsx": [
        (
            "工单明细",
            "2025-01-01",
            "2026-01-01",
            ["repeated", "unnumbered", "ruined", "headings"],
        ),
    ],
}
MADE = datetime(2026, 1, 1)
SHEET_TITLE = f"{COUNTY}12345热线工单明细表（{{year}}年）"
# Which share of a kind of cells is written otherwise, and how; counts in full-width digits.
SHAPES = {
    "time": (
        0.06,
        [
            "{:%Y-%m-%d %H:%M}",
            "{0.year}/{0.month}/{0.day} {0.hour}:{0:%M}",
            "{0.year}年{0.month}月{0.day}日 {0.hour}:{0:%M}",
        ],
    ),
    "count": (0.02, ["{}"]),
    "unit": (0.03, [" {}", "{}\n", "{}　"]),
}
RUINED_NUMBER = "2.02503E+13"
EXPORTED = "导出时间：2026-01-04 09:00　导出单位：县12345热线办"
REMARK = "注：本表由平台导出，数据截至2025年12月31日18时，仅供内部督办使用。"
