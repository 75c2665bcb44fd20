"""The warm process: it has imported what every notebook imports, and forks a kernel of its own for each that asks.

`python -m toolkit.running.warm SOCKET`. Who asks connects, sends one line of JSON (args, env, cwd) and is told
{"pid": …}; when the kernel ends, {"exit": …}. Closing the connection kills the kernel. The warm process itself ends
when its input is closed, and takes every kernel with it: a parent that is killed leaves nothing behind.

Only a process with one thread can be forked safely: no pool is started and no ZeroMQ context made before the fork.
"""

import contextlib
import ctypes
import gc
import json
import os
import selectors
import signal
import socket
import sys

from toolkit.running.ready import become_kernel, import_all

DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux


def serve(path):
    """Fork for everyone who asks at the socket, until the input is closed."""
    with socket.socket(socket.AF_UNIX) as listener, selectors.DefaultSelector() as waiting:
        listener.bind(path)
        listener.listen(64)
        woken, wake = socket.socketpair()
        wake.setblocking(False)
        signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # so that an ended kernel wakes the loop
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who asked
        waiting.register(listener, selectors.EVENT_READ)
        waiting.register(woken, selectors.EVENT_READ)
        waiting.register(sys.stdin.fileno(), selectors.EVENT_READ)
        kernels = {}  # pid → the connection of the one who asked
        while True:
            for key, _ in waiting.select():
                if key.fileobj == sys.stdin.fileno():
                    return _kill(kernels)
                if key.fileobj is listener:
                    waiting.register(listener.accept()[0], selectors.EVENT_READ)
                elif key.fileobj is woken:
                    woken.recv(1024)
                elif asked := _read_line(key.fileobj):
                    pid = _fork(asked, waiting)
                    kernels[pid] = key.fileobj
                    _tell(key.fileobj, pid=pid)
                else:  # closed: nobody waits for this kernel any more
                    waiting.unregister(key.fileobj)
                    _kill({pid: one for pid, one in kernels.items() if one is key.fileobj})
                    key.fileobj.close()
            _reap(kernels)


def _read_line(connection):
    """What is asked; None where the connection is closed."""
    try:
        with connection.makefile("rb") as lines:
            line = lines.readline()
    except OSError:
        return None
    return json.loads(line) if line else None


def _tell(connection, **said):
    with contextlib.suppress(OSError):  # gone: its kernel is killed when the closed connection is seen
        connection.sendall(json.dumps(said).encode() + b"\n")


def _kill(kernels):
    for pid in kernels:
        for kill in (os.killpg, os.kill):  # one just forked leads no group yet
            with contextlib.suppress(ProcessLookupError):
                kill(pid, signal.SIGKILL)


def _reap(kernels):
    """Tell who asked how his kernel ended."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        if connection := kernels.pop(pid, None):
            _tell(connection, exit=os.waitstatus_to_exitcode(status))


def _fork(asked, waiting):
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    try:
        for key in list(waiting.get_map().values()):
            if hasattr(key.fileobj, "detach"):
                os.close(key.fileobj.detach())
        _become_kernel(parent, **asked)
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(1)


def _become_kernel(parent, **asked):
    """This process is a kernel from here on: its own group and signals, ended with the one it was forked from."""
    os.setsid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIES_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:  # it was killed before it could be told to take this one along
        os._exit(1)
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL if number == signal.SIGCHLD else signal.default_int_handler)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    become_kernel(asked["args"] + [f"--IPKernelApp.parent_handle={parent}"], asked["env"], asked["cwd"])


if __name__ == "__main__":
    import_all()
    gc.freeze()  # what is there is shared by all kernels, and not copied by the collector's marks
    serve(sys.argv[1])
