"""Pieces of work for processes side by side: some are done, some die, some hang."""

import os
import signal
import time
from pathlib import Path


def work(piece):
    """What the piece says: a number to double; "die"; "hang"; a file: die where it is not there yet, and make it."""
    if piece == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if piece == "hang":
        time.sleep(600)
    if isinstance(piece, Path):
        is_there = piece.exists()
        piece.touch()
        if not is_there:
            os._exit(3)
        return "second try"
    return 2 * piece
