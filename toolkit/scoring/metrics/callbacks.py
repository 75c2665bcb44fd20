"""The metrics of the call-back: satisfied, resolved, called back at all."""

import numpy as np

from toolkit import schema
from toolkit.scoring.metric import LEFT, Metric, both, either, has, is_answered, is_word, read_metric_settings

_satisfied = is_word("satisfaction", *schema.SATISFIED)
_content_with_manner = is_word("attitude", *schema.SATISFIED)
_dissatisfied = is_word("satisfaction", *schema.DISSATISFIED)
_rated = is_word("satisfaction", *schema.RATED)
_rated_twice = both(_rated, is_word("attitude", *schema.RATED))
_reached = is_word("visit_connected", schema.YES)
_resolved = is_word("resolved", schema.RESOLVED)
_wanted = is_word("visit_wanted", schema.YES)


def _weigh(tickets):
    """Each verdict's weight in hundredths of a ticket; none for no verdict."""
    verdicts = tickets["satisfaction"].cat
    weights = read_metric_settings().satisfaction_weights
    by_code = [weights.get(word, 0) for word in verdicts.categories] + [0]  # a missing one has code -1
    return np.array(by_code, dtype="int8")[verdicts.codes]


RATED, TOLD = "满意率（÷评价）", "解决率（÷已表态）"

METRICS = [
    Metric(
        "满意率（÷评价）",
        "满意率",
        ("satisfaction",),
        _satisfied,
        f"评价为非常满意、满意、基本满意的件 ÷ 有评价的件；未评价、默认满意不计，{LEFT}",
        "岳阳通报：2,617/2,713=96.5%",
        among=_rated,
        caution="未评价的件不在分母",
    ),
    Metric(
        "满意率（÷成功回访）",
        "满意率",
        ("satisfaction", "visit_connected"),
        both(_satisfied, _reached),
        f"成功回访且评价为非常满意、满意、基本满意的件 ÷ 成功回访件；接通未评价的也在分母，{LEFT}",
        "岳阳2017年二季度通报“成功回访”",
        among=_reached,
        rests_on=RATED,
    ),
    Metric(
        "满意率（÷评价，含未评价）",
        "满意率",
        ("satisfaction",),
        _satisfied,
        f"评价为非常满意、满意、基本满意的件 ÷ 有评价的件＋登记为未评价的件；默认满意不计，{LEFT}",
        "各地对未评价的处理不一",
        among=is_word("satisfaction", *schema.RATED, schema.UNRATED),
        caution="未评价的件按不满意计",
        rests_on=RATED,
    ),
    Metric(
        "满意率（÷评价，含默认满意）",
        "满意率",
        ("satisfaction",),
        is_word("satisfaction", *schema.SATISFIED, schema.DEFAULT_SATISFIED),
        f"评价为非常满意、满意、基本满意和系统默认满意的件 ÷ 有评价的件＋默认满意件；{LEFT}",
        "问政四川平台说明：办结后10日未评价默认满意",
        among=is_word("satisfaction", *schema.RATED, schema.DEFAULT_SATISFIED),
        caution="默认满意未经群众表态",
    ),
    Metric(
        "双满意率（÷评价）",
        "满意率",
        ("satisfaction", "attitude"),
        both(_satisfied, _content_with_manner),
        f"办理结果和服务态度都评为满意的件 ÷ 两项都有评价的件；{LEFT}",
        "某地市平台考核程序“双满意”",
        among=_rated_twice,
        caution="只评了一项的件不在分母",
    ),
    Metric(
        "满意率（双满意＋单满意）",
        "满意率",
        ("satisfaction", "attitude"),
        either(_satisfied, _content_with_manner),
        f"办理结果、服务态度至少一项评为满意的件 ÷ 两项都有评价的件；{LEFT}",
        "某地市平台考核程序：（双满意＋单满意）÷成功回访",
        among=_rated_twice,
        caution="一项不满意的也计为满意",
    ),
    Metric(
        "满意率（加权）",
        "满意率",
        ("satisfaction",),
        _weigh,
        f"各评价按权重折算的件数之和 ÷ 有评价的件；权重（百分之）：{{weights}}；{LEFT}",
        "上海赵巷镇考核程序“满意”加权；权重见parameters/metrics.yml，为示例",
        among=_rated,
        weighted=True,
        caution="分子为折算件数，权重待确认",
    ),
    Metric(
        "不满意率（÷评价）",
        "不满意率",
        ("satisfaction",),
        _dissatisfied,
        f"评价为不满意、非常不满意的件 ÷ 有评价的件；{LEFT}",
        "宁国通报表头“不满意率”",
        among=_rated,
        caution="未评价的件不在分母",
    ),
    Metric(
        "不满意率（÷回访）",
        "不满意率",
        ("satisfaction", "visited_at"),
        both(_dissatisfied, has("visited_at")),
        f"已回访且评价为不满意、非常不满意的件 ÷ 已回访的件（接通与否都在分母）；{LEFT}",
        "湘阴2024年8月通报：78/1,144=6.82%",
        among=has("visited_at"),
        caution="未接通、未评价的件也在分母",
        rests_on=RATED,
    ),
    Metric(
        "满意办结率（÷办结）",
        "满意办结率",
        ("satisfaction", "closed_at"),
        both(_satisfied, has("closed_at")),
        f"回访满意的办结件 ÷ 办结件；未回访、未评价的办结件也在分母，{LEFT}",
        "县热线办报告：满意办结率74%，原文未写口径",
        among=has("closed_at"),
        caution="待确认",
        rests_on=RATED,
    ),
    Metric(
        "解决率（÷已表态）",
        "解决率",
        ("resolved",),
        _resolved,
        f"已解决的件 ÷ 已解决和未解决的件；未表态不计，{LEFT}",
        "接诉即办“三率”，未表态的处理各地不一",
        among=is_word("resolved", schema.RESOLVED, schema.UNRESOLVED),
        caution="未表态的件不在分母",
    ),
    Metric(
        "解决率（÷已登记，含未表态）",
        "解决率",
        ("resolved",),
        _resolved,
        f"已解决的件 ÷ 已解决、未解决和未表态的件；{LEFT}",
        "某地市平台字段“是否解决”：0否、1是、2未表态",
        among=is_word("resolved", schema.RESOLVED, schema.UNRESOLVED, schema.UNSAID),
        caution="未表态的件按未解决计",
        rests_on=TOLD,
    ),
    Metric(
        "解决率（÷解决和解释）",
        "解决率",
        ("outcome",),
        is_word("outcome", schema.RESOLVED),
        f"办理结果为已解决的件 ÷（已解决件＋解释说明件）；{LEFT}",
        "某地市平台考核程序：实际解决÷（实际解决＋解释说明）",
        among=is_word("outcome", schema.RESOLVED, schema.EXPLAINED),
        caution="由承办单位填报，暂不具备条件的件不在分母",
    ),
    Metric(
        "回访率（÷已答复）",
        "回访率",
        ("visited_at", "answered_at"),
        has("visited_at"),
        f"已回访的件 ÷ 已{{answer}}的件；{LEFT}",
        "某局总结：按规定回访率100%",
        among=is_answered,
    ),
    Metric(
        "回访率（÷应回访）",
        "回访率",
        ("visited_at", "visit_wanted", "answered_at"),
        has("visited_at"),
        f"已回访的件 ÷ 需要回访且已{{answer}}的件；{LEFT}",
        "盘锦通报“回访率”；平台字段“是否需要回访”",
        among=both(_wanted, is_answered),
        caution="登记为无需回访的件不在分母",
    ),
    Metric(
        "有效回访率（÷已回访）",
        "有效回访率",
        ("visited_at", "visit_connected"),
        _reached,
        f"回访接通的件 ÷ 已回访的件；{LEFT}",
        "盘锦通报表头“有效回访率”，原文未写口径",
        among=has("visited_at"),
        caution="待确认",
    ),
    Metric(
        "有效回访率（÷应回访）",
        "有效回访率",
        ("visited_at", "resolved", "satisfaction", "attitude", "contacted", "visit_wanted", "answered_at"),
        both(has("visited_at"), has("resolved"), _rated_twice, has("contacted")),
        f"已回访且是否解决、满意度、服务态度、是否联系四项齐全的件 ÷ 需要回访且已{{answer}}的件；{LEFT}",
        "某地市平台统计程序“成功回访”：四项均有记录",
        among=both(_wanted, is_answered),
    ),
]
