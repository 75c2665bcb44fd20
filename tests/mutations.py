"""Rules, metrics, conditions and blocks broken on purpose, one at a time: does a test see it?

`python tests/mutations.py [WORD]` breaks a copy of the project, runs the tests named beside, and prints what was caught;
WORD: only those whose sentence holds it. What nothing catches is a hole in the tests.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from toolkit.running.kernels import WARM

PROJECT = Path(__file__).resolve().parent.parent
COPIED = ["toolkit", "tests", "parameters", "notebooks", "pyproject.toml", "README.md"]
CAUGHT, MISSED, UNUSABLE = "发现", "未发现", "改不成"
SECONDS = 900


class Mutation(NamedTuple):
    """What is broken, in a sentence; the file, the text that stands there once, and what takes its place; who should see it."""

    what: str
    file: str
    old: str
    new: str
    tests: str


RULES, FLAG, CLOCK = "toolkit/flagging/rules", "tests/flagging/rules", "toolkit/clocking"
METRICS = "tests/scoring/metrics/test_metrics.py"
MUTATIONS = [
    # rules
    Mutation(
        "规则 超期未回复：未到期的也算",
        f"{RULES}/deadlines.py",
        'hits = watch.choose(watch.tickets["due_state"].eq(schema.OVERDUE))',
        'hits = watch.choose(watch.tickets["due_state"].isin([schema.OVERDUE, schema.PENDING]))',
        "tests/flagging/test_flag.py",
    ),
    Mutation(
        "规则 即将到期：恰在界限上的不算",
        f"{RULES}/deadlines.py",
        '["left_days"].le(watch.limits.due_soon_days)',
        '["left_days"].lt(watch.limits.due_soon_days)',
        "tests/flagging/test_flag.py",
    ),
    Mutation(
        "规则 多次退回：恰满次数的不算",
        f"{RULES}/passing_on.py",
        '["return_count"].ge(limit)',
        '["return_count"].gt(limit)',
        "tests/flagging/test_flag.py",
    ),
    Mutation(
        "规则 多家流转：恰满家数的不算",
        f"{RULES}/passing_on.py",
        "rows = np.flatnonzero(counts >= limit)",
        "rows = np.flatnonzero(counts > limit)",
        f"{FLAG}/test_passing_on.py",
    ),
    Mutation(
        "规则 逾期退单：答复以后的退回也算",
        f"{RULES}/passing_on.py",
        '[is_own & is_late & ~(back["at"] > own["answered_at"])]',
        "[is_own & is_late]",
        f"{FLAG}/test_passing_on.py",
    ),
    Mutation(
        "规则 重复诉求：恰满次数的不算",
        f"{RULES}/callers.py",
        "count >= limits.repeated_count",
        "count > limits.repeated_count",
        f"{FLAG}/test_callers.py",
    ),
    Mutation(
        "规则 频繁来电：恰满件数的不算",
        f"{RULES}/callers.py",
        "windows.count >= limits.frequent_count",
        "windows.count > limits.frequent_count",
        f"{FLAG}/test_callers.py",
    ),
    Mutation(
        "规则 打包办结：恰满件数的不算",
        f"{RULES}/bulk.py",
        "hits = tickets[together >= limits.bulk_count]",
        "hits = tickets[together > limits.bulk_count]",
        f"{FLAG}/test_bulk.py",
    ),
    Mutation(
        "规则 雷同回复：恰满件数的不算",
        f"{RULES}/replies.py",
        "size.ge(watch.limits.copied_count)",
        "size.gt(watch.limits.copied_count)",
        f"{FLAG}/test_replies.py",
    ),
    Mutation(
        "规则 秒回：恰在界限上的不算",
        f"{RULES}/replies.py",
        "took.le(pd.Timedelta(minutes=watch.limits.instant_minutes))",
        "took.lt(pd.Timedelta(minutes=watch.limits.instant_minutes))",
        f"{FLAG}/test_replies.py",
    ),
    Mutation(
        "规则 催而不复：恰满次数的不算",
        f"{RULES}/sitting_on.py",
        "found = count.ge(limit) & is_open(watch)",
        "found = count.gt(limit) & is_open(watch)",
        f"{FLAG}/test_sitting_on.py",
    ),
    Mutation(
        "规则 满意率过高：机会大的反而算",
        f"{RULES}/satisfaction.py",
        'units["chance"] < watch.limits.perfect_chance',
        'units["chance"] > watch.limits.perfect_chance',
        f"{FLAG}/test_satisfaction.py",
    ),
    # the clock
    Mutation(
        "时限 恰在截止时刻答复的算超期",
        f"{CLOCK}/verdict.py",
        "(answered_at <= due_at)",
        "(answered_at < due_at)",
        "tests/clocking/test_clock.py",
    ),
    Mutation(
        "时限 未见答复而关闭的仍作评判",
        f"{CLOCK}/verdict.py",
        ".mask(is_shut, schema.SHUT)",
        "",
        "tests/clocking/test_answers.py tests/clocking/test_untimed.py tests/clocking/test_clock.py",
    ),
    Mutation(
        "时限 时间不明的算作超期",
        f"{CLOCK}/verdict.py",
        "state.mask(is_unsure | is_untold, schema.UNTIMED)",
        "state",
        "tests/clocking/test_untimed.py tests/clocking/test_answers.py",
    ),
    # metrics
    Mutation(
        "指标 剔除件仍在分母",
        "toolkit/scoring/marks.py",
        "~find_left_out(tickets, with_excluded)",
        "~find_left_out(tickets, True)",
        METRICS + " tests/scoring/test_score.py",
    ),
    Mutation(
        "指标 满意率（÷评价）把未评价计入分母",
        "toolkit/scoring/metrics/callbacks.py",
        '"岳阳通报：2,617/2,713=96.5%",\n        among=_rated',
        '"岳阳通报：2,617/2,713=96.5%",\n        among=is_word("satisfaction", *schema.RATED, schema.UNRATED)',
        METRICS,
    ),
    Mutation(
        "指标 按期回复率（÷转办）把没有转办的计入分母",
        "toolkit/scoring/metrics/timeliness.py",
        'among=has("dispatched_at"),\n        caution=f"没有转办',
        'among=everyone,\n        caution=f"没有转办',
        METRICS,
    ),
    Mutation(
        "指标 受理以前的时间也算按时",
        "toolkit/scoring/metric.py",
        "return tickets[stage].le(tickets[due]) & ~came_before_receipt(tickets, stage)",
        "return tickets[stage].le(tickets[due])",
        METRICS + " tests/scoring/test_tally.py",
    ),
    Mutation(
        "考核 低于目标不扣分",
        "toolkit/assessing/points.py",
        "return item.weight - off, [said",
        "return item.weight, [said",
        "tests/assessing/test_points.py",
    ),
    Mutation(
        "取整 五舍六入",
        "toolkit/rounding.py",
        "whole = (2 * above + below) // (2 * below)",
        "whole = (10 * above + 4 * below) // (10 * below)",
        "tests/test_rounding.py",
    ),
    # conditions: what a figure opens
    Mutation(
        "条件 比率点开含剔除件",
        "toolkit/presenting/figures.py",
        'left_out = {} if with_excluded or is_count else {"is_excluded": [False]}',
        "left_out = {}",
        "tests/presenting/blocks/test_every_figure.py",
    ),
    Mutation(
        "条件 分母点开只有分子",
        "toolkit/presenting/figures.py",
        "for values in (counted, [0, *counted])",
        "for values in (counted, counted)",
        "tests/presenting/blocks/test_every_figure.py",
    ),
    Mutation(
        "条件 图中的一条点开各期工单",
        "toolkit/presenting/charts.py",
        '            "scope": scopes,\n',
        "",
        "tests/presenting/blocks/test_every_figure.py",
    ),
    # blocks, pages, isolation
    Mutation(
        "段落 今日要推：当日到期的不列",
        "toolkit/presenting/blocks/push.py",
        'tickets["left_days"].le(days)',
        'tickets["left_days"].lt(days)',
        "tests/presenting/blocks/test_push.py",
    ),
    Mutation(
        "段落 长表少一行",
        "toolkit/presenting/figures.py",
        "html_table(headings, rows[most:])",
        "html_table(headings, rows[most + 1 :])",
        "tests/presenting/test_index.py",
    ),
    Mutation(
        "页面 工单文字能结束程序",
        "toolkit/presenting/page.py",
        '.replace("<", "\\\\u003c")',
        "",
        "tests/presenting/test_page.py::test_json_in_a_page_cannot_end_a_script",
    ),
    Mutation(
        "隔离 单位报告读到各单位的工单",
        "toolkit/preparing/frames.py",
        "[reader.get_batch(names.index(report))] if report in names else []",
        "[reader.get_batch(at) for at in range(len(names))]",
        "tests/preparing/test_prepare.py",
    ),
    Mutation(
        "读入 编号损坏的行悄悄丢掉",
        "toolkit/loading/load.py",
        "_refuse_unnumbered(rows)\n    del rows",
        "_refuse_unnumbered(rows)\n    unnumbered = unnumbered[:1]\n    del rows",
        "tests/loading/test_load.py",
    ),
    Mutation(
        "两次运行 只看件数，不看是哪些工单",
        "toolkit/checking/moves.py",
        "if old.said != new.said or tickets:",
        "if old.said != new.said:",
        "tests/checking/test_against.py",
    ),
]


def try_mutation(mutation):
    """Whether the tests named beside see it."""
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        copy = copy_project(Path(folder))
        file = copy / mutation.file
        text = file.read_text(encoding="utf-8")
        if text.count(mutation.old) != 1:
            return UNUSABLE
        file.write_text(text.replace(mutation.old, mutation.new), encoding="utf-8")
        return CAUGHT if run_tests(copy, mutation.tests.split()) == 1 else MISSED


def copy_project(folder):
    """What the tests need of the project, without what was written by running it."""
    for name in COPIED:
        source, left_out = PROJECT / name, shutil.ignore_patterns("__pycache__", ".hypothesis")
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=left_out)
        else:
            shutil.copy(source, folder / name)
    return folder


def run_tests(folder, tests):
    """How pytest ended: 0, all passed; 1, a test failed; more, the tests could not be read or found."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *tests]
    environment = os.environ | {"PYTHONPATH": str(folder), WARM: "none"}  # they run no notebook
    ended = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, timeout=SECONDS, check=False
    )
    return ended.returncode


def passes_unbroken(mutations):
    """Whether the tests named beside pass in a copy in which nothing is broken: else nothing they say is about a mutation."""
    tests = dict.fromkeys(test for one in mutations for test in one.tests.split())
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        return run_tests(copy_project(Path(folder)), tests) == 0


def main(word=""):
    if not passes_unbroken([one for one in MUTATIONS if word in one.what]):
        print("未改动时测试就不通过，先修好")
        return 1
    results = []
    for mutation in [one for one in MUTATIONS if word in one.what]:
        results.append(try_mutation(mutation))
        print(f"{results[-1]}　{mutation.what}　（{mutation.file}）", flush=True)
    print(f"共{len(results)}处，{results.count(CAUGHT)}处被发现")
    return 0 if results.count(CAUGHT) == len(results) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
