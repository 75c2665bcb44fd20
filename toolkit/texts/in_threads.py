"""Work on texts that leaves Python to itself, done for several parts at a time: a table in half the time on two cores."""

import os
from concurrent.futures import ThreadPoolExecutor

CHUNK = 50_000  # texts at a time, which bounds the memory


def split_texts(texts):
    """A column, a table or an Arrow array in parts of CHUNK rows, one at least."""
    rows = getattr(texts, "iloc", texts)
    return [rows[at : at + CHUNK] for at in range(0, max(len(texts), 1), CHUNK)]


def do_in_threads(function, parts):
    """What the function makes of each part, in their order; for functions that compute outside Python (Arrow, scipy)."""
    if len(parts) < 2:
        return [function(part) for part in parts]
    with ThreadPoolExecutor(min(os.cpu_count() or 1, 4)) as pool:
        return list(pool.map(function, parts))
