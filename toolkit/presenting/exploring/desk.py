"""What was ticked and noted, kept in a folder: a stand-in that reads and writes one file."""

import json
from pathlib import Path


def read_desk(folder):
    """The desk as it stands; one without ticks where nothing was kept."""
    file = Path(folder) / "desk.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {"ticks": {}}


def save_desk(folder, changes):
    """Put changes onto the desk; of the ticks those that changed, None takes one off. Gives the desk as it stands."""
    desk = read_desk(folder)
    ticks = desk["ticks"] | changes.get("ticks", {})
    desk = desk | changes | {"ticks": {ticket: tick for ticket, tick in ticks.items() if tick is not None}}
    Path(folder).mkdir(parents=True, exist_ok=True)
    (Path(folder) / "desk.json").write_text(json.dumps(desk, ensure_ascii=False), encoding="utf-8")
    return desk
