"""A scheme file as a 考核办法 to be read: everything in it in official order, nothing that is not in it."""

from toolkit.assessing.scheme import read_scheme
from toolkit.rounding import decimal_text, numeral, ordinal
from toolkit.scoring import catalogue


def print_scheme(scheme):
    """Write a scoring scheme out as a 考核办法, in Markdown: purpose, groups, items, exclusions, results, source.

    It says what the file says and what the metrics mean, and is the same text each time. A definition that
    depends on the run (回复 or 办结 as the answer) is given for 回复. Raises SchemeError like `read_scheme`.
    """
    scheme = read_scheme(scheme)
    sections = [
        ("目的和依据", _say_purpose(scheme)),
        ("考核对象和分组", _say_groups(scheme)),
        ("考核项目和计分", _say_items(scheme)),
        ("不参评、件数不足和剔除", _say_exclusions(scheme)),
        ("结果呈现", _say_presentation(scheme)),
        ("年度得分", _say_annual(scheme)),
        ("来源和说明", _say_source(scheme)),
    ]
    filled = [(name, lines) for name, lines in sections if lines]
    parts = [f"# {scheme.name}"]
    for n, (name, lines) in enumerate(filled, 1):
        parts += [f"## {ordinal(n)}、{name}", *lines]
    return "\n\n".join(parts) + "\n"


def _numbered(lines):
    return [f"{n}．{line}" for n, line in enumerate(lines, 1)]


def _sentence(text):
    return text if text.endswith(("。", "！", "？")) else text + "。"


def _say_purpose(scheme):
    lines = [_sentence(f"为{scheme.purpose}，制定本办法")] if scheme.purpose else []
    lines += [_sentence("依据：" + "；".join(scheme.basis))] if scheme.basis else []
    return lines + ([f"本办法不完整：{_sentence(scheme.partial)}"] if scheme.partial else [])


def _say_groups(scheme):
    who = f"分为{'、'.join(scheme.groups)}" if scheme.groups else "按单位类别分组"
    if not scheme.groups_apart:
        return ["全部承办单位在一起评价，不分组。"]
    return [f"考核对象为承办12345热线工单的单位，{who}，各在本组内评价，组与组之间不比较。"]


def _say_items(scheme):
    whole = f"{len(scheme.items)}个项目，满分{decimal_text(scheme.full)}分" + (
        "，加分另计" if scheme.bonuses else ""
    )
    lines = [
        f"共{whole}。比率四舍五入到百分数的{_say_decimals(scheme.rate_decimals)}，再算分；"
        f"得分四舍五入到{_say_decimals(scheme.points_decimals)}。"
    ]
    lines.append(_say_no_tickets(scheme))
    for n, item in enumerate(scheme.items, 1):
        lines += [
            f"### （{ordinal(n)}）{item.name}（{decimal_text(item.weight)}分）",
            *_numbered(_say_item(item)),
        ]
    for n, bonus in enumerate(scheme.bonuses, len(scheme.items) + 1):
        lines += [
            f"### （{ordinal(n)}）{bonus.name}（加分，上限{decimal_text(bonus.cap)}分）",
            _say_bonus(bonus),
        ]
    return lines


def _say_decimals(decimals):
    return f"{numeral(decimals)}位小数" if decimals else "整数"


def _say_item(item):
    metric = catalogue.BY_NAME[item.metric]
    meaning = _sentence(catalogue.define(metric, "replied_at"))
    caution = _sentence(f"须注意：{metric.caution}") if metric.caution else ""
    lines = [f"指标：{item.metric}。{meaning}{caution}指标来源：{_sentence(metric.source)}"]
    say = {"deduct": _say_deduction, "proportional": _say_proportion, "share_in_group": _say_share}
    lines.append("计分：" + _sentence("；".join([*say[item.scoring](item), *_say_limits(item)])))
    if item.named_beyond is not None:
        word = "低于" if item.better == "higher" else "高于"
        lines.append(f"{item.metric}{word}{decimal_text(item.named_beyond)}%的，予以点名。")
    return lines


def _say_deduction(item):
    worse, best = ("低", "高") if item.better == "higher" else ("高", "低")
    said = [f"目标{decimal_text(item.target)}%"]
    said += [f"{'、'.join([*t.groups, *t.units])}目标{decimal_text(t.target)}%" for t in item.targets]
    said.append(f"达到目标得{decimal_text(item.weight)}分")
    said.append(f"每{worse}1个百分点扣{decimal_text(item.per_point)}分，不足1个百分点的按比例扣")
    return said + ([f"每{best}1个百分点加{decimal_text(item.gain)}分，不足的按比例加"] if item.gain else [])


def _say_proportion(item):
    share = item.metric if item.better == "higher" else f"（100%−{item.metric}）"
    return [f"得分为{decimal_text(item.weight)}分×{share}"]


def _say_share(item):
    return [f"得分为{decimal_text(item.weight)}分×本单位{item.metric}占本组的比例"]


def _say_limits(item):
    said = ["扣完为止"] if item.scoring == "deduct" and not item.floor else []
    said += [f"保底{decimal_text(item.floor)}分"] if item.floor else []
    return said + ([f"最高{decimal_text(item.cap)}分"] if item.cap is not None else [])


def _say_bonus(bonus):
    steps = "；".join(
        f"{bonus.metric}达到{decimal_text(step.rate)}%的，每满{bonus.per_tickets}件加{decimal_text(step.points)}分"
        for step in bonus.steps
    )
    most = f"以达到的最高一档为准，合计不超过{decimal_text(bonus.cap)}分。"
    return f"{bonus.volume}{bonus.from_tickets}件以上的单位：{steps}；{most}"


def _say_no_tickets(scheme):
    rule = {
        "spread": "该项满分按比例分摊到其余按比率评价的项目，没有工单不失分",
        "full": "该项按满分计",
        "not_scored": "该项不计分，按其余项目的得分率比较",
    }[scheme.no_tickets]
    return f"某项没有相应工单的，{rule}。导出表缺少某项所需的列的，照此办理，并注明未计算。"


def _say_exclusions(scheme):
    lines = ["本期没有工单的单位、各项均无相应工单的单位不参评，单独列出，不排在后面。"]
    least = f"{scheme.volume}不足{scheme.min_tickets}件" if scheme.min_tickets else ""
    apart = [f"{group}不足{count}件" for group, count in scheme.min_tickets_by_group.items()]
    said = "，".join(filter(None, [least, "其中" * bool(least and apart) + "、".join(apart)]))
    lines += [f"{said}的单位列为件数不足，只列得分，不定等次，不排名次。"] if said else []
    lines.append(
        f"有相应工单的项目不足总分{decimal_text(scheme.least_evaluable)}%的单位列为项目不足，"
        f"只列各项得分，不分摊、不定等次，不排名次。"
    )
    lines += [f"不参评单位：{entry.unit}（{entry.reason}）。" for entry in scheme.not_assessed]
    return _numbered(
        [
            *lines,
            "不予评判的工单（作废、撤单、并单、重复件、不予受理）、未见答复而关闭的和经审核通过剔除的工单不计入各项比率。",
        ]
    )


def _say_presentation(scheme):
    shown = scheme.presentation
    among = "本组内" if scheme.groups_apart else "全部参评单位中"
    said = {
        "grades": f"按等次呈现，不排名次：{_say_grades(shown)}。",
        "board": f"{among}得分最高的{shown.top}个单位列入{shown.top_name}，最低的{shown.bottom}个单位列入"
        f"{shown.bottom_name}；得分相同的一并列入，不分先后，其余单位不排名次。",
        "top": f"只公布{among}前{shown.top}名，得分相同的名次相同，其余单位不排名次。",
        "ranks": f"{among}按得分排名次，得分相同的名次相同，其后名次顺延空出（如1、1、3）。",
        "none": "只列得分，不定等次，不排名次。",
    }[shown.kind]
    return [said, _sentence(f"理由：{shown.why}")]


def _say_grades(shown):
    if not shown.grades:
        return ""
    last = shown.grades[-1]
    if last.at_least is not None:
        said = [f"{decimal_text(g.at_least)}分以上为{g.grade}" for g in shown.grades[:-1]]
        return "，".join([*said, f"其余为{last.grade}"])
    said = [f"前{decimal_text(g.best_percent)}%以内为{g.grade}" for g in shown.grades[:-1]]
    return "，".join([*said, f"其余为{last.grade}"]) + "（单位数四舍五入，得分相同的等次相同）"


def _say_annual(scheme):
    annual = scheme.annual
    if annual is None:
        return []
    how = {"months": "各月同等计算", "tickets": "按各月工单件数加权"}[annual.mean]
    least = f"；参评不足{annual.least_months}个月的不折算" if annual.least_months > 1 else ""
    return [
        f"年度得分为参评各月得分（折算百分制）的平均，{how}；不参评的月份不计入，并予注明。",
        f"年度得分折算计入综合考评，百分折{decimal_text(annual.worth)}分，最高{decimal_text(annual.cap)}分{least}。",
    ]


def _say_source(scheme):
    lines = [f"来源：{_sentence(scheme.source)}"]
    lines += [f"已公布：{_sentence('；'.join(scheme.published))}"] if scheme.published else []
    return _numbered(
        lines + ([f"拟定或推断：{_sentence('；'.join(scheme.assumed))}"] if scheme.assumed else [])
    )
