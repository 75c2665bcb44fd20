"""The desk: what an official has ticked, noted and looked at last, kept as it is made, a folder for each run.

    changes → merged with what the file says, ticket by ticket → written beside, flushed to disk, swapped

`desk.json` is the desk as it stands, `desk.previous.json` as it stood one change before. A process that is killed
at any moment leaves one of them whole, and what `save_desk` has given back is on the disk.
"""

import json
import time
from contextlib import ExitStack, contextmanager, suppress

from toolkit.errors import StoreError
from toolkit.loading.generations import sole_writer, write_whole
from toolkit.settings import project_path

DESK, PREVIOUS, UNREADABLE = "desk.json", "desk.previous.json", "desk.unreadable.json"
TROUBLE = "trouble"
WAITED = 10  # seconds for another tab that is writing; a write takes some milliseconds


def read_desk(folder):
    """The desk as it stands: `ticks` (ticket_id → what was noted on it) and whatever else was saved.

    An empty desk has no ticks. `trouble` is there only where the file could not be read, and says in Chinese what was
    read in its place.
    """
    folder = project_path(folder)
    desk, previous = (_read_state(folder / name) for name in (DESK, PREVIOUS))
    if desk is not None:
        return desk
    state = previous or {"ticks": {}}
    if not any((folder / name).is_file() for name in (DESK, PREVIOUS)):
        return state
    told = "已读入上一次保存的内容，最后一次改动可能缺失" if previous else "也没有更早的一份，勾选从空白开始"
    return state | {
        TROUBLE: f"勾选和备注（{folder.name}/{DESK}）无法读取：{told}；坏文件将留作{UNREADABLE}。"
    }


def save_desk(folder, changes):
    """Put changes onto the desk; gives the desk as it stands then, with what other tabs have put there.

    changes: ticks by their ticket, those that changed; None takes one off, and a ticket not named stays as it is, so
    that two tabs lose none of each other's. Of everything else the last one written holds. Raises StoreError where
    another process holds the folder for long.
    """
    folder = project_path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with _hold(folder):
        merged = _merge(read_desk(folder), changes)
        _keep_before(folder)
        write_whole(folder / DESK, _write_state(merged))
    return merged


def _merge(desk, changes):
    ticks = desk["ticks"] | changes.get("ticks", {})
    others = {name: value for name, value in (desk | changes).items() if name != TROUBLE}
    return others | {"ticks": {ticket: tick for ticket, tick in ticks.items() if tick is not None}}


# --- the files ---------------------------------------------------------------------------------------


def _read_state(path):
    """The state of a file; None where there is none, or none that can be read."""
    try:
        state = json.loads(path.read_bytes())
        is_whole = all(isinstance(tick, dict) for tick in state["ticks"].values())
        return state if is_whole else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _write_state(state):
    return json.dumps(state, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8", "backslashreplace")


def _keep_before(folder):
    """What stands there becomes the previous one; a file that cannot be read is kept apart and replaces none."""
    if (folder / DESK).is_file():
        is_whole = _read_state(folder / DESK) is not None
        write_whole(folder / (PREVIOUS if is_whole else UNREADABLE), (folder / DESK).read_bytes())


@contextmanager
def _hold(folder):
    """Hold the folder alone; another tab's write is waited for."""
    with ExitStack() as held:
        _enter(held, folder)
        yield


def _enter(held, folder):
    for _ in range(WAITED * 100):
        with suppress(StoreError):
            return held.enter_context(sole_writer(folder))
        time.sleep(0.01)
    return held.enter_context(sole_writer(folder))
