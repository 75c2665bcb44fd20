"""Pieces of work for processes side by side: some are done, some die, some hang."""

import os
import signal
import time
from pathlib import Path


def work(piece):
    """What the piece says: a number to double; "die", "hang" or "raise"; a variable of the environment to tell.

    A file: die where it is not there yet, and make it.
    """
    if piece == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if piece == "hang":
        time.sleep(600)
    if piece == "raise":
        raise ValueError("no such thing")
    if isinstance(piece, str):
        return os.environ[piece]
    if isinstance(piece, Path):
        is_there = piece.exists()
        piece.touch()
        if not is_there:
            os._exit(3)
        return "second try"
    return 2 * piece


def work_in_time(piece, seconds):
    """The same for a worker that nobody stops; "raise" raises, "seconds" says how long it may take."""
    if piece == "raise":
        raise ValueError("no such thing")
    return seconds if piece == "seconds" else work(piece)
