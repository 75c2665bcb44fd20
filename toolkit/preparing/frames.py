"""A report's frames on disk: Arrow files, of which the rows of one report are read alone.

A frame written by report has a batch of rows for each, found by its number: with 1,500 reports a report reads its rows in a
fraction of the time that Parquet takes, whose description of every column of every report is read first.
"""

import json
from itertools import pairwise

import pandas as pd
import pyarrow as pa

from toolkit.preparing.shared import open_bytes

ENDING = ".arrow"
MANY = 10_000  # rows whose texts stay Arrow's, also where those of fewer are Python's (a report's kernel: `running.ready`)
REPORTS = b"reports"  # in a file's metadata: the report of each batch


def write_frame(frame, path):
    """A frame as it stands, without its index."""
    _write(pa.Table.from_pandas(frame, preserve_index=False), [0, len(frame)], path)


def write_by_report(frame, path):
    """A frame whose rows `read_frame` gives report by report, or all in the order in which they stand; reads report."""
    frame = frame.reset_index(drop=True).sort_values("report", kind="stable")
    names = frame["report"].fillna("")
    starts = [*names.ne(names.shift()).to_numpy().nonzero()[0].tolist(), len(frame)]
    table = pa.Table.from_pandas(frame, preserve_index=True)
    told = json.dumps(names.iloc[starts[:-1]].tolist(), ensure_ascii=False).encode()
    _write(table.replace_schema_metadata({**table.schema.metadata, REPORTS: told}), starts, path)


def _write(table, starts, path):
    table = table.combine_chunks()
    options = pa.ipc.IpcWriteOptions(compression="zstd", use_threads=False)
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema, options=options) as writer:
        for start, end in pairwise(starts):
            if end > start:
                writer.write_batch(table.slice(start, end - start).to_batches()[0])


def read_frame(place, name, report=None):
    """A frame again, or the rows of one report; place: a folder, or an address, of which those rows alone are read.

    Read without threads: small batches of rows take a quarter of the time so. Put together where all are read: a column in a
    thousand pieces is slow to pick rows from.
    """
    with open_bytes(place, name + ENDING) as file:
        reader = pa.ipc.open_file(file, options=pa.ipc.IpcReadOptions(use_threads=False))
        table = reader.read_all().combine_chunks() if report is None else _read_batch(reader, report)
        del reader
    kept_as = "pyarrow" if len(table) > MANY else pd.options.mode.string_storage
    with pd.option_context("mode.string_storage", kept_as):
        frame = table.to_pandas(split_blocks=True, self_destruct=True)
    if not frame.index.is_monotonic_increasing:
        frame = frame.take(frame.index.argsort())
    return frame.reset_index(drop=True)


def _read_batch(reader, report):
    names = json.loads(reader.schema.metadata[REPORTS])
    batches = [reader.get_batch(names.index(report))] if report in names else []
    return pa.Table.from_batches(batches, reader.schema)
