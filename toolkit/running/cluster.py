"""Work done on an existing Dask cluster, in the shape of `workers.do_side_by_side`; `distributed` is an extra of its own.

A worker that is lost costs the pieces it had, which the scheduler gives to others, some times (`allowed-failures` of
Dask's settings, 3); a piece that raises is tried once more. Nothing is asked of the workers but the same toolkit.
"""

import asyncio
import contextlib
import logging
import time

from toolkit.errors import RunError, list_mistakes
from toolkit.running.manifest import hash_code
from toolkit.running.workers import TRIES, Lost, say_problem

REACHING = 10  # seconds until a scheduler must answer
WORKERLESS = (
    300  # seconds without any worker after which no more is expected; one that is being started takes minutes
)


def do_on_cluster(do, pieces, address, seconds):
    """Pairs of a piece and what `do` made of it on a worker, as they come; `Lost` where it gave no result.

    do: a function of a module, of a piece and the seconds it may take: it stops in time by itself, since nothing else can
    stop it there; pieces and results must pickle. When the caller stops, what has not begun does not begin.
    RunError where the cluster cannot be reached.
    """
    if not pieces:
        return
    with _client(address) as client:
        given = {"pure": False, "retries": TRIES - 1}
        waiting = {
            client.submit(_do_alike, do, piece, seconds, hash_code(), **given): number
            for number, piece in enumerate(pieces)
        }
        try:
            for future in _as_they_come(client, list(waiting)):
                yield pieces[waiting.pop(future)], _result_of(future, seconds)
            for number in waiting.values():
                yield pieces[number], Lost(f"no worker was left at {address} for {WORKERLESS} s")
        finally:
            client.cancel(list(waiting))


def require_cluster(address):
    """RunError where a cluster cannot be reached within seconds, or a worker has another toolkit: it would judge otherwise."""
    require_workers(address, say_other_toolkit, hash_code())


def require_workers(address, look, *args, patience=0):
    """RunError with every worker of which `look(*args)`, done there, has something to say, for so many seconds."""
    until = time.monotonic() + patience
    with _client(address) as client:
        while (wrong := _ask_workers(client, look, args)) and time.monotonic() < until:
            time.sleep(0.5)
    if wrong:
        raise RunError(list_mistakes("the cluster's workers cannot make these reports; none was made", wrong))


def _ask_workers(client, look, args):
    told = client.run(look, *args, on_error="return")
    told = {
        worker: say_problem(said) if isinstance(said, Exception) else said for worker, said in told.items()
    }
    return [f"{worker}: {said}" for worker, said in sorted(told.items()) if said]


def say_other_toolkit(code):
    """On a worker: that its toolkit is not the caller's; nothing where it is."""
    if hash_code() == code:
        return ""
    return "its toolkit, templates or versions are not those of this machine: install the same on each"


@contextlib.contextmanager
def _client(address):
    """A connection to the scheduler at an address."""
    try:
        from distributed import Client
    except ImportError:
        raise RunError(
            "--cluster needs Dask: install the extra, pip install 'hotline-supervision-toolkit[cluster]'"
        ) from None
    with _hushed():
        try:
            _ask_scheduler(address)
            client = Client(address, timeout=REACHING, set_as_default=False)
        except (OSError, TimeoutError, ValueError, RuntimeError, TypeError):
            raise RunError(
                f"no Dask scheduler answers at '{address}' within {REACHING} s: expected an address such as "
                "tcp://scheduler:8786; start one with `dask scheduler`, or leave --cluster out; no report was made"
            ) from None
        with client:
            yield client


@contextlib.contextmanager
def _hushed():
    """Dask tells of every connection that is lost, with its traceback; what it means for a report stands in its row."""
    known = [
        logging.getLogger(name) for name in logging.root.manager.loggerDict if name.startswith("distributed")
    ]
    levels = [logger.level for logger in known]
    for logger in known:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(known, levels, strict=True):
            logger.setLevel(level)


def _ask_scheduler(address):
    """An error in time where what listens there is silent: a client itself would wait for ever."""
    from distributed import Security
    from distributed.core import rpc
    from distributed.utils import LoopRunner

    async def ask():
        async with rpc(address, connection_args=Security().get_connection_args("client")) as scheduler:
            await asyncio.wait_for(scheduler.identity(n_workers=0), REACHING)

    loop = LoopRunner(asynchronous=False)
    loop.start()
    try:
        loop.run_sync(ask)
    finally:
        loop.stop()


def _do_alike(do, piece, seconds, code):
    """On a worker, which may have come after the others were asked."""
    if wrong := say_other_toolkit(code):
        raise RunError(wrong)
    return do(piece, seconds)


def _result_of(future, seconds):
    """What came of a piece; what it raised, and that its workers died, as Lost."""
    try:
        return future.result()
    except Exception as problem:
        said = {
            "KilledWorker": "every worker that had it died",
            "CellTimeoutError": f"took longer than {seconds:g} s",
            "FutureCancelledError": "the scheduler was lost",
        }
        return Lost(said.get(type(problem).__name__) or say_problem(problem))


def _as_they_come(client, futures):
    """Futures as they are done, until there has been no worker for so long that none will come."""
    from distributed import as_completed

    done, seen = as_completed(futures, loop=client.loop), time.monotonic()
    del futures  # what was taken is kept by nobody
    while not done.is_empty():
        come = done.next_batch(block=False)
        yield from come
        if come or _has_worker(client):
            seen = time.monotonic()
        elif time.monotonic() - seen > WORKERLESS:
            return
        if not come:
            time.sleep(0.1)


def _has_worker(client):
    try:
        return bool(client.scheduler_info(n_workers=1)["workers"])
    except (OSError, TimeoutError):  # the scheduler itself is gone, or does not answer
        return False
