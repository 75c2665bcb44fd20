"""The metrics of the work itself: replies to the form, explained, done again, sent back, answered directly."""

from toolkit import schema
from toolkit.scoring.metric import LEFT, Metric, both, everyone, has, is_word, neither, some

_reworked = some("rework_count")
_returned = some("return_count")
_BLANK = "次数空白的按0次计"

METRICS = [
    Metric(
        "答复规范率（÷已评定）",
        "答复规范率",
        ("reply_standard",),
        is_word("reply_standard", "规范"),
        f"答复评定为规范的件 ÷ 评定过的件；{LEFT}",
        "连云港2021—2023年通报：答复不规范扣分",
        among=is_word("reply_standard", "规范", "不规范"),
        caution="未评定的件不在分母",
    ),
    Metric(
        "答复契合率（÷已评定）",
        "答复规范率",
        ("reply_fit",),
        is_word("reply_fit", "契合"),
        f"答复与诉求契合的件 ÷ 评定过契合度的件；{LEFT}",
        "某地市平台字段“契合度”：契合、不契合",
        among=is_word("reply_fit", "契合", "不契合"),
        caution="未评定的件不在分母",
    ),
    Metric(
        "直接解释率（÷已分类）",
        "直接解释率",
        ("outcome",),
        is_word("outcome", schema.EXPLAINED),
        f"办理结果为解释说明的件 ÷ 已填办理结果分类的件；{LEFT}",
        "乡镇总结：对不合理要求进行政策解释和思想疏导，原文未写口径",
        among=has("outcome"),
        caution="待确认",
    ),
    Metric(
        "重办率（÷受理）",
        "重办率",
        ("rework_count",),
        _reworked,
        f"重办一次以上的件 ÷ 受理件，{_BLANK}；{LEFT}",
        "衡东通报：13/247=5.26%",
        among=everyone,
    ),
    Metric(
        "重办率（÷办结）",
        "重办率",
        ("rework_count", "closed_at"),
        both(_reworked, has("closed_at")),
        f"重办过的办结件 ÷ 办结件，{_BLANK}；{LEFT}",
        "湘阴2024年8月通报（返工率）：97/1,052=9.22%，分母原文未写",
        among=has("closed_at"),
        caution="待确认；重办后尚未办结的件不在分母",
    ),
    Metric(
        "退单率（÷转办）",
        "退单率",
        ("return_count", "dispatched_at"),
        _returned,
        f"退回一次以上的件 ÷ 有转办时间的件，{_BLANK}；{LEFT}",
        "榆林考核指标“回退率”",
        among=has("dispatched_at"),
    ),
    Metric(
        "退单率（÷转办，仅计同意退回）",
        "退单率",
        ("return_review", "dispatched_at"),
        is_word("return_review", "同意"),
        f"退回申请经审核同意的件 ÷ 有转办时间的件；{LEFT}",
        "通行做法，待县里办法确认",
        among=has("dispatched_at"),
        caution="未获同意的退回不计",
    ),
    Metric(
        "一次办结率（÷办结）",
        "一次办结率",
        ("rework_count", "closed_at"),
        both(has("closed_at"), neither(_reworked)),
        f"未重办过的办结件 ÷ 办结件，{_BLANK}；{LEFT}",
        "连云港通报“一次办结”98.09%",
        among=has("closed_at"),
        caution="重办后尚未办结的件不在分母",
    ),
    Metric(
        "一次解决率（÷已表态）",
        "一次办结率",
        ("rework_count", "resolved"),
        both(is_word("resolved", schema.RESOLVED), neither(_reworked)),
        f"未重办且已解决的件 ÷ 已解决和未解决的件，{_BLANK}；{LEFT}",
        "某地市平台“一次解决”标识",
        among=is_word("resolved", schema.RESOLVED, schema.UNRESOLVED),
        caution="未表态的件不在分母",
    ),
    Metric(
        "直办率（÷受理）",
        "直办率",
        ("handling",),
        is_word("handling", schema.DIRECT),
        f"热线直接答复的件 ÷ 受理件；{LEFT}",
        "德州通报：36,516/54,706=66.75%",
        among=everyone,
        caution="不归于承办单位",
    ),
]
