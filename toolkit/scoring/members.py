"""All metrics, and which tickets each of them counts.

`count_members` says for every ticket and metric whether it is in the denominator (0), in the numerator
too (1), or in neither (missing). Every figure and every list of tickets behind a figure comes from it.
"""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.scoring.metric import find_left_out, hide_later_stages, read_metric_settings
from toolkit.scoring.metrics import callbacks, handling, timeliness
from toolkit.scoring.metrics.timeliness import HANDLING

METRICS = [*timeliness.METRICS, *callbacks.METRICS, *handling.METRICS]


TIMES = [HANDLING]  # how long it took; their members are the answered and the still open
BY_NAME = {metric.name: metric for metric in [*METRICS, *TIMES]}
NEITHER = -1


def count_members(tickets, as_of, with_excluded=False):
    """For every ticket and metric: 1 in the numerator, 0 in the denominator only, missing in neither.

    In a weighted metric a ticket counts its weight in hundredths, 0 to 100. Reads the columns each metric
    needs, after `clock`. Stages later than `as_of` count as not done yet. with_excluded: keeps tickets
    whose exclusion was approved. A metric whose columns the export does not fill is left out: see `lacking`.
    """
    missing = lacking(tickets)
    wanted = [metric for metric in METRICS if metric.name not in missing]
    return _to_frame(find_members(tickets, as_of, wanted, with_excluded), tickets.index)


def watch_times(tickets, as_of, with_excluded=False):
    """For every ticket and time: 1 answered, 0 still open at `as_of`, missing where no time is counted."""
    return _to_frame(find_members(tickets, as_of, TIMES, with_excluded), tickets.index)


def _to_frame(members, index):
    arrays = {metric.name: pd.arrays.IntegerArray(values, values == NEITHER) for metric, values in members}
    return pd.DataFrame(arrays, index=index)


def find_members(tickets, as_of, wanted, with_excluded=False):
    """Each wanted metric with its members as plain numbers, -1 for neither."""
    known = hide_later_stages(tickets, as_of)
    assessed = ~find_left_out(tickets, with_excluded).to_numpy()
    for metric in wanted:
        counted = np.asarray(metric.counts(known), dtype="int8")
        among = counted > 0 if metric.is_count else np.asarray(metric.among(known), dtype=bool) & assessed
        yield metric, np.where(among, counted, np.int8(NEITHER))


def lacking(tickets):
    """Metric → the columns it needs and the export leaves wholly empty.

    Nothing answered yet is no lack: it is a rate of zero.
    """
    needs = {need for metric in METRICS for need in metric.needs} - {"answered_at"}
    empty = set(schema.missing_columns(tickets, needs))
    found = {metric.name: [need for need in metric.needs if need in empty] for metric in METRICS}
    return {name: columns for name, columns in found.items() if columns}


def lead_variants(names):
    """Family → its metrics among these names, in the order of the metrics: the first one leads."""
    families = {}
    for metric in METRICS:
        if metric.name in names:
            families.setdefault(metric.family, []).append(metric)
    return families


def define(metric, answered_by):
    """The metric's definition in one sentence, naming the stage that counts as the answer."""
    weights = read_metric_settings().satisfaction_weights
    said = "、".join(f"{word}{weight}" for word, weight in weights.items())
    return metric.definition.format(answer=schema.ANSWERS[answered_by], weights=said)
