"""Warm kernels: each report has a process of its own, forked from one that has imported everything already.

While a warm process runs, the kernel spec `python3` asks for the provisioner below, which serves papermill, nbclient, nbval
and JupyterLab alike. Where a process cannot be forked (Windows), a spare kernel is started ahead while a report is made,
imports what the next one needs, and serves that one alone.
"""

import contextlib
import importlib.metadata
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from jupyter_client.launcher import launch_kernel
from jupyter_client.provisioning import LocalProvisioner

MEMORY = "SUPERVISION_MEMORY_MB"  # how much a kernel may take; 0: no limit
WARM = "SUPERVISION_WARM"  # names the socket of the warm process to those that are started after it
SPARE = "SUPERVISION_SPARE"  # tells those that are started after it to start kernels ahead
PROVISIONER = "supervision-warm"
CAN_FORK = hasattr(os, "fork") and sys.platform != "darwin"
ONE_THREAD = {  # what would start a thread when it is imported does not
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
STARTING = 60  # seconds until the warm process must be there
GONE = 0.5  # until a killed kernel is gone, mostly some ms; jupyter_client would look again after 0.1


@contextlib.contextmanager
def warm_process(memory=0):
    """A warm process while the block runs, found by the environment; where one cannot fork, kernels started ahead.

    memory: how many MB each of its kernels may take; 0: no limit. Nothing where Jupyter does not know the provisioner.
    """
    if not _is_known() or os.environ.get(WARM) or os.environ.get(SPARE):
        yield
        return
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="warm-") as folder:
        write_kernel_spec(folder)
        path = os.pathsep.join(filter(None, [folder, os.environ.get("JUPYTER_PATH")]))
        os.environ |= {"JUPYTER_PATH": path, MEMORY: str(memory)}
        try:
            with _fork_from(str(Path(folder) / "socket")) if CAN_FORK else _start_ahead():
                yield
        finally:
            os.environ.clear()
            os.environ.update(before)


@contextlib.contextmanager
def _fork_from(socket_path):
    process = _start(socket_path)
    os.environ[WARM] = socket_path
    try:
        yield
    finally:
        process.stdin.close()
        process.wait()


@contextlib.contextmanager
def _start_ahead():
    os.environ[SPARE] = "1"
    try:
        yield
    finally:
        end_spare()


def is_possible():
    """Whether processes fork here, and the installed toolkit has told Jupyter of the provisioner."""
    return CAN_FORK and _is_known()


def _is_known():
    return bool(importlib.metadata.entry_points(group="jupyter_client.kernel_provisioners", name=PROVISIONER))


def _start(path):
    """Start it; it is ready some seconds later, and who asks before waits."""
    command = [sys.executable, "-m", "toolkit.running.warm", path]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, env=os.environ | ONE_THREAD, start_new_session=True
    )


class WarmProvisioner(LocalProvisioner):
    """Starts a kernel as always, but forks it from the warm process, or takes the spare one, where there are such."""

    async def launch_kernel(self, cmd, **options):
        path = os.environ.get(WARM)
        if not (path or os.environ.get(SPARE)) or "ipykernel_launcher" not in cmd:
            return await super().launch_kernel(cmd, **options)
        args = cmd[cmd.index("ipykernel_launcher") + 1 :]
        env, cwd = options.get("env") or dict(os.environ), options.get("cwd") or Path.cwd()
        self.process = WarmKernel(path, args, env, cwd) if path else take_spare(args, env, cwd)
        self.pid = self.pgid = self.process.pid
        self.cwd = cwd
        return self.connection_info

    async def kill(self, restart=False):
        await super().kill(restart)
        if isinstance(self.process, WarmKernel):
            self.process.settle(GONE)


class WarmKernel:
    """A forked kernel with the methods of `subprocess.Popen` that a provisioner asks for."""

    stdin = stdout = stderr = None

    def __init__(self, path, args, env, cwd):
        self._connection = _connect(path)
        self._told = b""
        self.returncode = None
        asked = {"args": args, "env": env, "cwd": str(cwd)}
        self._connection.sendall(json.dumps(asked).encode() + b"\n")
        self.pid = self._hear(None)["pid"]

    def poll(self):
        """The exit code, None while it runs."""
        return self.settle(0)

    def wait(self, timeout=None):
        if self.settle(timeout) is None:
            raise subprocess.TimeoutExpired("kernel", timeout)
        return self.returncode

    def settle(self, timeout):
        """The exit code, if it is told within so many seconds."""
        if self.returncode is None and (heard := self._hear(timeout)):
            self.returncode = heard["exit"]
            self._connection.close()
        return self.returncode

    def send_signal(self, number):
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self):
        self.send_signal(signal.SIGKILL)

    def terminate(self):
        self.send_signal(signal.SIGTERM)

    def _hear(self, timeout):
        """The next thing said; None where nothing came in time. A warm process that is gone takes its kernels with it."""
        self._connection.settimeout(timeout)
        try:
            while b"\n" not in self._told:
                more = self._connection.recv(4096)
                if not more:
                    return {"exit": -signal.SIGKILL}
                self._told += more
        except (BlockingIOError, TimeoutError):
            return None
        except OSError:
            return {"exit": -signal.SIGKILL}
        line, self._told = self._told.split(b"\n", 1)
        return json.loads(line)


def _connect(path):
    """A connection to the warm process, which may still be importing."""
    for _ in range(STARTING * 20):
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(path)
            return connection
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
            time.sleep(0.05)
    raise TimeoutError("the warm process did not start")


# --- where nothing forks -----------------------------------------------------------------------------

_spare = []  # the process that stands ready for the next report, one at most


def take_spare(args, env, cwd):
    """The process that stood ready, or one that is started now, told whose kernel it is; the next begins to import.

    It serves one report and ends with it.
    """
    process = _spare.pop() if _spare else _start_spare()
    if process.poll() is not None:  # it was killed while it waited
        process = _start_spare()
    _spare.append(_start_spare())
    with process.stdin as told:
        told.write(json.dumps({"args": args, "env": env, "cwd": str(cwd)}).encode() + b"\n")
    return process


def _start_spare():
    command = [sys.executable, "-m", "toolkit.running.ready"]
    return launch_kernel(command, stdin=subprocess.PIPE, env=os.environ | ONE_THREAD)


def end_spare():
    """End the one that nobody asked for; where this process is killed, it ends itself."""
    while _spare:
        with contextlib.suppress(OSError):
            _spare.pop().kill()


def write_kernel_spec(folder):
    """The kernel spec in a folder of Jupyter's data (JUPYTER_PATH), before the one that every notebook names."""
    spec = {
        "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "metadata": {"debugger": True, "kernel_provisioner": {"provisioner_name": PROVISIONER}},
    }
    place = Path(folder) / "kernels" / "python3"
    place.mkdir(parents=True)
    (place / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
