"""The marks of every ticket: what each metric makes of it.

A mark is 1 in the numerator, 0 in the denominator only, and missing in neither. Every figure and every list of
tickets behind a figure comes from marks.
"""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.scoring.catalogue import METRICS, TIMES, lacking
from toolkit.scoring.metric import find_left_out, hide_later_stages


def mark_tickets(tickets, with_excluded=False):
    """For every ticket and metric: 1 in the numerator, 0 in the denominator only, missing in neither.

    In a weighted metric a ticket counts its weight in hundredths, 0 to 100. Reads the columns each metric
    needs, after `clock`. Stages later than they were judged count as not done yet. with_excluded: keeps tickets
    whose exclusion was approved. A metric whose columns the export does not fill is left out: see `lacking`.
    """
    missing = lacking(tickets)
    wanted = [metric for metric in METRICS if metric.name not in missing]
    return _to_frame(find_marks(tickets, wanted, with_excluded), tickets.index)


def mark_times(tickets, with_excluded=False):
    """For every ticket and time: 1 answered, 0 still open when judged, missing where no time is counted."""
    return _to_frame(find_marks(tickets, TIMES, with_excluded), tickets.index)


def _to_frame(marks, index):
    arrays = {metric.name: pd.arrays.IntegerArray(counted, ~among) for metric, counted, among in marks}
    return pd.DataFrame(arrays, index=index)


def read_marks(marks, tickets, wanted, with_excluded=False):
    """As `find_marks`, from marks that were made before, those excluded with approval as if they counted."""
    kept = with_excluded | tickets["exclusion"].ne(schema.EXCLUDED).to_numpy()
    for metric in wanted:
        if metric.name in marks:
            among = marks[metric.name].notna().to_numpy()
            counted = marks[metric.name].to_numpy("int8", na_value=0)
            yield metric, counted, among if metric.is_count else among & kept


def find_marks(tickets, wanted, with_excluded=False):
    """Each wanted metric with what every ticket counts in its numerator, and which are in its denominator."""
    known = hide_later_stages(tickets)
    assessed = ~find_left_out(tickets, with_excluded).to_numpy()
    for metric in wanted:
        counted = np.asarray(metric.counts(known), dtype="int8")
        among = counted > 0 if metric.is_count else np.asarray(metric.among(known), dtype=bool) & assessed
        yield metric, counted, among
