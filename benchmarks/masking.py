"""How long masking takes: 100,000 rows with two text columns, one row in ten with something to mask.

The other side is what one would write first: one pattern of all kinds, `re.sub` on every text. Both sides mask
the same texts in the same run, by turns; nothing is read or written. `python benchmarks/masking.py [rows]`
"""

import random
import re
import sys
import time

import pandas as pd

from toolkit.loading import masking
from toolkit.loading.masking_names import NAMES
from toolkit.loading.masking_numbers import NUMBERS

PLACES = [
    "柳河镇石桥村",
    "青禾乡赵庄村",
    "北关街道和平小区",
    "东关菜市场",
    "马集社区",
    "张官店村",
    "县经济开发区",
    "周官屯村",
]
MATTERS = [
    "反映村内主路破损约{a}米，下雨后积水严重，老人孩子出行不便，希望尽快修复。",
    "反映自来水已停{b}天，曾多次联系村委会，一直没有答复，影响日常生活。",
    "咨询城乡居民医保报销比例，{c}月{b}日在县人民医院住院，花费{a}{b}0元。",
    "投诉夜间施工噪音，每晚{b}点以后仍在作业，已向城管部门反映，未见改善。",
    "反映低保申请交到镇里{b}个多月没有结果，工单20250{c}04000{a}也无回复。",
    "求助：{b}号楼{c}单元电梯故障，物业公司不维修，业主多次要求未果。",
    "建议在学校门口增设红绿灯和减速带，上下学时段车流量大，存在安全隐患。",
    "举报有商户占道经营，每天{b}:00至1{c}:30堵塞道路，垃圾随意倾倒。",
]
DETAILS = [
    "市民认为有关部门应当高度重视，给出明确的解决时间。",
    "来电人表示该问题已持续{b}年，群众意见很大。",
    "该路段全长{a}米，涉及{b}个自然村，希望纳入今年的养护计划。",
    "请相关单位核实处理并回复。",
    "附近居民均受影响，要求公开处理结果。",
]
REPLIES = [
    "接到工单后，镇政府高度重视，安排工作人员于2025年{c}月{b}日到现场核查。",
    "经核实，情况属实。已组织施工队修复路面{a}平方米，投入资金{a}{b}.50元。",
    "经查，该问题属历史遗留，需县自然资源局牵头，预计{b}个工作日内拿出方案。",
    "已电话告知来电人，其对办理结果表示满意，如有疑问可拨打12345咨询。",
    "下一步将加强巡查，发现问题及时处理，避免类似情况再次发生。",
]
PERSONAL = [
    "联系电话139{p}。",
    "本人身份证号37990119680312{q}，请核实。",
    "我叫王建国，请回电。",
    "来电人李春梅表示着急。",
    "请拨打0534-2{p6}联系。",
    "已联系张玉兰女士说明情况。",
    "车牌鲁N{q}6的货车超载。",
    "村民孙立平家受影响。",
]


def make_texts(rows, parts, seed):
    """Texts of a few sentences, hardly one like another; one in ten holds something personal."""
    rng = random.Random(seed)
    texts = []
    for _ in range(rows):
        said = [rng.choice(PLACES), *(rng.choice(part) for part in parts)]
        if rng.random() < 0.1:
            said.append(rng.choice(PERSONAL))
        numbers = {"a": rng.randint(20, 980), "b": rng.randint(2, 9), "c": rng.randint(1, 9)}
        personal = {key: rng.randint(10 ** (n - 1), 10**n - 1) for key, n in (("p", 8), ("p6", 6), ("q", 4))}
        texts.append("".join(said).format(**numbers, **personal))
    return pd.Series(texts, dtype="str")


def one_pattern():
    """All kinds as alternatives of one pattern, and a mask that looks at nothing but the length."""
    patterns = [pattern.pattern for pattern, _ in NUMBERS] + [pattern.pattern for pattern in NAMES]
    pattern = re.compile("|".join(patterns))
    return lambda text: pattern.sub(lambda match: "*" * len(match.group()), text)


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main(rows=100_000):
    columns = [
        make_texts(rows, [MATTERS, DETAILS, DETAILS], seed=1),
        make_texts(rows, [REPLIES, REPLIES, REPLIES], seed=2),
    ]
    changed = sum((masking.mask_texts(texts) != texts).mean() for texts in columns) / 2
    length = sum(texts.str.len().mean() for texts in columns) / 2
    print(f"{rows:,} rows x 2 columns, {length:.0f} characters each, {changed:.1%} with something to mask")
    naive = one_pattern()
    ours, plain = [], []
    for _ in range(3):
        ours.append(seconds(lambda: [masking.mask_texts(texts) for texts in columns]))
        plain.append(seconds(lambda: [texts.map(naive) for texts in columns]))
    names = pd.Series(["王建国", "李春梅", "赵东"] * (rows // 3 + 1), dtype="str")[:rows]
    phones = pd.Series(range(13_900_000_000, 13_900_000_000 + rows)).astype("str")
    own = min(
        seconds(lambda: [masking.mask_own(texts, names, phones) for texts in columns]) for _ in range(3)
    )
    print(f"mask_texts                    {min(ours):6.2f} s")
    print(f"one pattern, re.sub per text  {min(plain):6.2f} s   ratio {min(plain) / min(ours):.1f}")
    print(f"mask_own                      {own:6.2f} s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
