"""How near-identical replies are found as tables grow, and what that costs and misses beside brute force.

A third of the replies are stock sentences with words filled in, a third are written freely from a stock of words,
a sixth are an earlier reply retyped with up to five slips in a hundred characters, a sixth one boilerplate with other
numbers. Each size runs in a process of its own, which says its seconds and the most memory it held, for all replies
together and, as the rules ask it, within the unit (the CPU's seconds say more on a machine with other work). The other side
is scikit-learn's NearestNeighbors by brute force (cosine of TF-IDF over letter triples), the usual first attempt;
recall is counted against every pair compared by edit distance. Stock sentences with words filled in are the hard
part: nearly every text shares whole sentences with thousands that are not alike. `python benchmarks/similar.py [sizes]`
"""

import random
import resource
import subprocess
import sys
import time

import numpy as np
import pandas as pd

from toolkit.texts import similar

UNITS, SAMPLE = 200, 300
OPENINGS = [
    "您好，您的留言已收悉，现回复如下：",
    "尊敬的市民：您好！",
    "经核实，",
    "接到工单后，我单位立即办理。",
    "",
]
CLOSINGS = ["感谢您对我们工作的支持！", "如有疑问，请拨打12345咨询。", "特此回复。", "感谢您的来电。", ""]
SENTENCES = [
    "{y}年{n}月{n}日，{who}会同{who}到{town}{place}现场查看，发现{thing}{state}，系{cause}造成",
    "针对群众反映的{thing}{state}一事，{who}安排专人核查，情况属实，主要原因是{cause}",
    "{who}已与来电人取得联系，说明{thing}的处理安排，来电人对{who}的答复表示理解",
    "{town}已督促{who}在{n}个工作日内完成{thing}整改，并由{who}负责验收",
    "因{cause}，{thing}暂时无法全部更换，{who}已将其列入下一批计划，预计投入{n}万元",
    "目前{thing}已修复{n}处，剩余部分待{cause}的影响消除后由{who}继续施工",
    "{who}对{place}周边{thing}进行了排查，登记{state}的{n}处，逐一明确责任人和完成时限",
    "经查，{thing}由{who}管护，因{cause}没有及时发现{state}的情况，已责令限期改正",
]
WORDS = {
    "who": "镇政府 村委会 物业公司 城管中队 水务站 供电所 环卫所 "
    "派出所 卫生院 中心校 农技站 司法所 施工单位 网格员",
    "thing": "路灯 井盖 护栏 下水管道 垃圾箱 健身器材 绿化带 "
    "化粪池 变压器 自来水管 桥梁栏杆 排水沟 广告牌 监控探头 宣传栏",
    "state": "破损 堵塞 缺失 松动 漏水 老化 脱落 倾斜 积水 锈蚀 断裂 不亮 外溢 被占用",
    "cause": "车辆碾压 连续降雨 年久失修 施工挖断 线路老化 树根挤压 "
    "资金不足 权属不清 冬季冻融 管径过小 人为损坏 设计缺陷",
    "town": "柳河镇 青禾乡 北关街道 马集镇 石桥乡 东关街道",
    "place": "石桥村 赵庄村 和平小区 周官屯村 幸福路 张集村 阳光社区",
}
FREE = (
    "工作 情况 问题 村民 道路 现场 处理 安排 协调 部门 反映 群众 建设 项目 资金 计划 完成 治理 环境 卫生 设施 水源 管理 检查 "
    "住户 车辆 安全 隐患 消防 物业 收费 标准 合同 约定 开发 业主 维修 基金 申请 材料 审核 通过 补贴 发放 农田 灌溉 水渠 清淤 "
    "养殖 气味 距离 规定 整改 关闭 拆除 违法 建筑 手续 规划 许可 学校 招生 学区 划分 教师 午餐 质量 医院 报销 比例 药品 目录 "
    "养老 认证 社保 缴费 年限 办理 窗口 时间 延长 公交 线路 站点 增加 班次 停车 车位 划线 占道 经营 摊贩 引导 市场 噪音 夜间 "
    "作业 扬尘 洒水 覆盖 河道 垃圾 打捞 树木 修剪 遮挡 信号 基站 辐射 检测 合格 公示 监督 举报 奖励 保密 核实 属实 不符 继续"
)
SKEWED = (
    "接到群众反映后，我单位高度重视，于{y}年{n}月{n}日{h}时安排{n}名工作人员到场处理，清运垃圾{h}车，工单{y}{h}{h}已办结，"
    "下一步将加强日常巡查，发现问题及时解决。"
)
WORDS = {slot: words.split() for slot, words in WORDS.items()}
FREE = FREE.split()


def make_replies(rows, seed=12345):
    """Replies of about 100 characters, and the row each was retyped from, -1 if it was not; always the same."""
    rng = random.Random(seed)
    pick = rng.choice
    replies, written, sources = [], [], []
    for row in range(rows):
        kind = row % 6
        sources.append(-1)
        if kind == 5:
            replies.append(
                SKEWED.format(y=rng.randint(2019, 2025), n=rng.randint(1, 12), h=rng.randint(1, 99))
            )
        elif kind == 4:
            sources[-1], said = pick(written)
            replies.append(retype(said, rng))
        else:
            said = write_stock(rng) if kind < 2 else "".join(rng.choices(FREE, k=rng.randint(38, 48)))
            written.append((row, said))
            replies.append(pick(OPENINGS) + said + "。" + pick(CLOSINGS))
    return pd.Series(replies, dtype="str"), np.array(sources)


def write_stock(rng):
    said = "，".join(rng.sample(SENTENCES, 2))
    while "{" in said:  # each slot gets a word of its own
        slot = said[said.index("{") + 1 : said.index("}")]
        word = (
            rng.choice(WORDS[slot])
            if slot in WORDS
            else str(rng.randint(2019, 2025) if slot == "y" else rng.randint(1, 30))
        )
        said = said.replace("{" + slot + "}", word, 1)
    return said


def retype(text, rng):
    """The text with up to five slips in a hundred characters: one replaced, left out or doubled."""
    letters = list(text)
    for _ in range(rng.randint(0, len(text) // 20)):
        at = rng.randrange(len(letters))
        letters[at] = rng.choice(["", letters[at] * 2, rng.choice(FREE)[0]])
    return "".join(letters)


def run_alone(rows):
    """Processor seconds of one size, measured in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "alone", str(rows)], capture_output=True, text=True, check=True
    )
    print(done.stdout, end="", flush=True)
    return float(done.stdout.split(" s of CPU")[0].split()[-1])


def alone(rows):
    replies, sources = make_replies(rows)
    units = pd.Series(np.random.default_rng(12345).integers(0, UNITS, rows))
    clusters = report("", replies, None)
    report(f" within {UNITS} units", replies, units)
    retyped = np.flatnonzero(sources >= 0)
    origin = sources[retyped]
    retyped_like = (
        similar.similarity(replies[retyped], replies[origin].set_axis(replies.index[retyped]))
        .ge(0.9)
        .to_numpy()
    )
    found = (clusters.array[retyped] == clusters.array[origin]).fillna(False)[retyped_like].mean()
    normal = similar.normalise(replies)
    joined, could = sample_recall(normal, clusters)
    print(
        f"{'':>14} {clusters.nunique():,} groups, {clusters.notna().mean():.0%} of rows; "
        f"{replies.str.len().mean():.0f} characters, {1 - replies.nunique() / rows:.0%} identical as written, "
        f"{1 - normal.nunique() / len(normal):.0%} normalised\n"
        f"{'':>14} {found:.2%} of the retyped found with what they were retyped from; of {SAMPLE} different texts "
        f"{could} are like an earlier first text, {joined} of them found"
    )


def report(name, replies, units):
    """Prints what finding near-identical replies costs; the megabytes are the most since the process began."""
    start, worked = time.perf_counter(), time.process_time()
    clusters = similar.cluster(replies, units)
    seconds, worked = time.perf_counter() - start, time.process_time() - worked
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{len(replies):>9,} rows  {worked:6.1f} s of CPU  {seconds:6.1f} s by the clock  {megabytes:6,.0f} MB{name}"
    )
    return clusters


def sample_recall(normal, clusters, threshold=0.9):
    """Of some different texts that are like an earlier first text: how many joined one, and how many there are."""
    from rapidfuzz import process
    from rapidfuzz.distance import Levenshtein

    told = pd.DataFrame({"text": normal, "cluster": clusters}).drop_duplicates("text").reset_index(drop=True)
    first = told["cluster"].isna() | ~told["cluster"].duplicated()
    firsts = np.flatnonzero(first)
    picked = told.sample(min(SAMPLE, len(told)), random_state=12345).index
    scorer = Levenshtein.normalized_similarity
    known = np.full(len(picked), len(told))
    for start in range(0, len(firsts), 100_000):
        part = firsts[start : start + 100_000]
        alike = process.cdist(
            told["text"][picked], told["text"][part], scorer=scorer, score_cutoff=threshold - 1e-9
        )
        known = np.minimum(known, np.where(alike > 0, part, len(told)).min(axis=1))
    could = known < picked
    joined = could & ~first[picked].to_numpy()
    return int(joined.sum()), int(could.sum())


def beside_brute_force(rows):
    """Both sides on the same replies, one after the other."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.neighbors import NearestNeighbors

    replies, _ = make_replies(rows)
    start = time.perf_counter()
    similar.cluster(replies)
    ours = time.perf_counter() - start
    start = time.perf_counter()
    triples = TfidfVectorizer(analyzer="char", ngram_range=(3, 3)).fit_transform(replies)
    NearestNeighbors(radius=0.3, metric="cosine", algorithm="brute").fit(triples).radius_neighbors(triples)
    theirs = time.perf_counter() - start
    print(
        f"{rows:>9,} rows  cluster {ours:6.1f} s   NearestNeighbors {theirs:6.1f} s   ratio {theirs / ours:.1f}"
    )


def measure_recall(rows, threshold=0.9):
    """Of all pairs that are near-identical, how many are found together, and how many could be.

    Could: when every pair is compared and groups are formed by the same rule (the earliest alike first text).
    """
    from rapidfuzz import process
    from rapidfuzz.distance import Levenshtein

    replies, _ = make_replies(rows)
    replies = replies[~similar.normalise(replies).duplicated()]  # equal texts are no feat
    found = similar.cluster(replies, threshold=threshold).fillna(0).to_numpy()
    normal = similar.normalise(replies).tolist()
    rows = len(normal)
    leaders, firsts = np.full(rows, -1), []
    pairs = together = possible = 0
    for start in range(0, rows, 1000):
        block = normal[start : start + 1000]
        alike = process.cdist(block, normal, scorer=Levenshtein.normalized_similarity, dtype=np.float64)
        for at, row in enumerate(alike >= threshold - 1e-9):
            here = start + at
            first = next((first for first in firsts if row[first]), None)
            firsts += [here] if first is None else []
            leaders[here] = here if first is None else first
            mates = np.flatnonzero(row[:here])
            pairs += len(mates)
            together += int((found[mates] == found[here]).sum()) if found[here] else 0
            possible += int((leaders[mates] == leaders[here]).sum())
    print(
        f"{rows:>9,} rows  {pairs:,} alike pairs: {together / pairs:.2%} found together, "
        f"{possible / pairs:.2%} if all are compared; recall {together / possible:.4f}"
    )


def main(sizes):
    # First, while this process is small: a process counts the memory of the one that started it as its own.
    seconds = [run_alone(rows) for rows in sizes]
    print(f"growth of CPU time {sizes[0]:,} to {sizes[-1]:,} rows: {seconds[-1] / seconds[0]:.1f}x")
    for rows in (5_000, 20_000):
        beside_brute_force(rows)
    measure_recall(10_000)


if __name__ == "__main__":
    if sys.argv[1:2] == ["alone"]:
        alone(int(sys.argv[2]))
    else:
        main([int(size) for size in sys.argv[1:]] or [100_000, 1_000_000])
