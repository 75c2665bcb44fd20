"""Work done side by side in processes of which each may hang or die: that costs its own piece of work, tried once more.

The processes stay for many pieces of work. They end with the one who started them, however he ends.
"""

import os
import signal
import threading
import time
from multiprocessing import forkserver, get_all_start_methods, get_context, parent_process
from multiprocessing.connection import wait
from typing import NamedTuple

from toolkit.running.kernels import ONE_THREAD

TRIES = 2
FORKS = "forkserver" in get_all_start_methods()  # not on Windows, where each worker imports everything itself
CONTEXT = get_context("forkserver" if FORKS else "spawn")
SAID = {
    "DeadKernelError": "its kernel died: killed, or out of memory"
}  # what an exception's own words do not tell


class Lost(NamedTuple):
    """A piece of work that gave no result, and why."""

    reason: str


def start_ahead(module):
    """The process that workers are forked from, which imports the module meanwhile; nothing where processes do not fork."""
    if FORKS:
        CONTEXT.set_forkserver_preload([module])
        before = dict(os.environ)
        os.environ.update(ONE_THREAD)
        forkserver.ensure_running()
        os.environ.clear()
        os.environ.update(before)


def do_side_by_side(do, pieces, workers, seconds):
    """Pairs of a piece and what `do` made of it, as they come; `Lost` where its process died, or took longer, twice.

    do: a function of a module; pieces and results must pickle. When the caller stops, every process is killed.
    """
    waiting, tries = list(reversed(pieces)), dict.fromkeys(range(len(pieces)), 0)
    numbers = {id(piece): number for number, piece in enumerate(pieces)}
    crew = [_Worker(do) for _ in range(min(workers, len(pieces)))]
    try:
        while waiting or any(worker.piece is not None for worker in crew):
            for worker in crew:
                if waiting and worker.piece is None:
                    tries[numbers[id(waiting[-1])]] += 1
                    worker.give(waiting.pop(), seconds)
            for worker in _listen(crew):
                piece, result = worker.take()
                if isinstance(result, Lost):
                    crew[crew.index(worker)] = worker.replace()
                    if tries[numbers[id(piece)]] < TRIES:
                        waiting.append(piece)
                        continue
                yield piece, result
    finally:
        for worker in crew:
            worker.kill()


def _listen(crew):
    """The workers that are done, dead, or past their time."""
    busy = [worker for worker in crew if worker.piece is not None]
    first = min(worker.until for worker in busy)
    heard = wait([worker.connection for worker in busy], max(0, first - time.monotonic()))
    return [worker for worker in busy if worker.connection in heard or worker.until <= time.monotonic()]


class _Worker:
    """A process and the piece it works on."""

    def __init__(self, do):
        self.do, self.piece, self.until = do, None, 0.0
        self.connection, other = CONTEXT.Pipe()
        self.process = CONTEXT.Process(target=_work, args=(do, other, dict(os.environ)), daemon=True)
        self.process.start()
        other.close()

    def give(self, piece, seconds):
        self.piece, self.until, self.seconds = piece, time.monotonic() + seconds, seconds
        self.connection.send(piece)

    def take(self):
        """The piece and its result."""
        piece, self.piece = self.piece, None
        try:
            if self.connection.poll():
                return piece, self.connection.recv()
            return piece, Lost(f"took longer than {self.seconds:g} s")
        except (EOFError, ConnectionError):
            self.process.join()
            return piece, Lost(f"its process died ({_say_exit(self.process.exitcode)})")

    def replace(self):
        self.kill()
        return _Worker(self.do)

    def kill(self):
        self.process.kill()
        self.process.join()
        self.connection.close()


def _say_exit(code):
    return signal.Signals(-code).name if code and code < 0 else f"exit code {code}"


def _work(do, connection, environment):
    """A worker's life: it does what comes in, until nothing can come any more."""
    os.environ.clear()  # what it was forked from may have begun under another
    os.environ.update(environment)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the one who started it, who ends it
    threading.Thread(target=_end_with_parent, daemon=True).start()
    while True:
        try:
            connection.send(_try(do, connection.recv()))
        except (EOFError, BrokenPipeError):
            return


def _try(do, piece):
    """What `do` makes of a piece; what it raises is told in a line, not as a traceback beside the progress."""
    try:
        return do(piece)
    except Exception as problem:
        return Lost(say_problem(problem))


def say_problem(problem):
    """An exception in a line."""
    name = type(problem).__name__
    return SAID.get(name) or f"{name}: {problem}"


def _end_with_parent():
    parent_process().join()
    os._exit(1)
