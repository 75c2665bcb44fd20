"""What a case came to beside what is expected of it: figures with the tickets that moved, cells of tables, charts."""

from itertools import zip_longest

from toolkit.checking.expectations import read_figures
from toolkit.checking.moves import compare_figures, say_changes


def list_differences(kept, found):
    """What is not as expected, a sentence each: figures with the tickets that moved, then cells, then charts."""
    yield from say_changes(*compare_figures(read_figures(kept), read_figures(found)))
    for name in {**kept["tables"], **found["tables"]}:
        yield from _compare_cells(name, *(one["tables"].get(name, {}) for one in (kept, found)))
        yield from _compare_charts(name, *(one["charts"].get(name, {}) for one in (kept, found)))


def _compare_cells(notebook, old, new):
    for table in {**old, **new}:
        before, after = (one.get(table, {}) for one in (old, new))
        for row in {**before, **after}:
            names, cells, others = after.get("", []), before.get(row, []), after.get(row, [])
            for column, (cell, other) in enumerate(zip_longest(cells, others, fillvalue="无")):
                if cell != other:
                    name = names[column + 1] if row and column + 1 < len(names) else "标题"
                    yield f"{notebook}，{table}，{row}，{name}：{cell} → {other}"


def _compare_charts(notebook, old, new):
    for name in {**old, **new}:
        before, after = (one.get(name, {"mark": "", "rows": []}) for one in (old, new))
        gone, come = (
            [row for row in rows if row not in others]
            for rows, others in ((before["rows"], after["rows"]), (after["rows"], before["rows"]))
        )
        if gone or come:
            yield f"{notebook}，{name}：去掉{'、'.join(gone) or '无'}；新增{'、'.join(come) or '无'}"
        elif before["mark"] != after["mark"]:
            yield f"{notebook}，{name}：数据相同，画法有变"
