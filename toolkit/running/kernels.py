"""Warm kernels: each report has a process of its own, forked from one that has imported everything already.

While a warm process runs, the kernel spec `python3` asks for the provisioner below, which serves papermill, nbclient, nbval
and JupyterLab alike. Where a process cannot be forked (Windows), kernels start as always.
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

from jupyter_client.provisioning import LocalProvisioner

MEMORY = "SUPERVISION_MEMORY_MB"  # how much a kernel may take; 0: no limit
WARM = "SUPERVISION_WARM"  # names the socket of the warm process to those that are started after it
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
    """A warm process while the block runs, found by the environment; nothing where one cannot fork.

    memory: how many MB each of its kernels may take; 0: no limit.
    """
    if not is_possible() or os.environ.get(WARM):
        yield
        return
    before = os.environ.get("JUPYTER_PATH", "")
    with tempfile.TemporaryDirectory(prefix="warm-") as folder:
        socket_path = str(Path(folder) / "socket")
        process = _start(socket_path)
        write_kernel_spec(folder)
        path = os.pathsep.join(filter(None, [folder, before]))
        os.environ |= {WARM: socket_path, "JUPYTER_PATH": path, MEMORY: str(memory)}
        try:
            yield
        finally:
            del os.environ[WARM], os.environ[MEMORY]
            os.environ["JUPYTER_PATH"] = before
            process.stdin.close()
            process.wait()


def is_possible():
    """Whether processes fork here, and the installed toolkit has told Jupyter of the provisioner."""
    known = importlib.metadata.entry_points(group="jupyter_client.kernel_provisioners", name=PROVISIONER)
    return CAN_FORK and bool(known)


def _start(path):
    """Start it; it is ready some seconds later, and who asks before waits."""
    command = [sys.executable, "-m", "toolkit.running.warm", path]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, env=os.environ | ONE_THREAD, start_new_session=True
    )


class WarmProvisioner(LocalProvisioner):
    """Starts a kernel as always, but forks it from the warm process where there is one."""

    async def launch_kernel(self, cmd, **options):
        path = os.environ.get(WARM)
        if not path or "ipykernel_launcher" not in cmd:
            return await super().launch_kernel(cmd, **options)
        args = cmd[cmd.index("ipykernel_launcher") + 1 :]
        self.process = WarmKernel(
            path, args, options.get("env") or dict(os.environ), options.get("cwd") or Path.cwd()
        )
        self.pid = self.pgid = self.process.pid
        self.cwd = options.get("cwd", Path.cwd())
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
