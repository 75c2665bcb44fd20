"""What can be known of Windows without one: no module needs what only POSIX has, and nothing is forked."""

import ast
import subprocess
import sys

from toolkit.settings import PROJECT

FORKED = "toolkit/running/warm.py"  # runs only where a process can be forked
POSIX_MODULES = {"fcntl", "grp", "pty", "pwd", "resource", "termios"}
POSIX_NAMES = {
    *{
        f"os.{name}"
        for name in ("fork", "geteuid", "getuid", "killpg", "setsid", "waitpid", "WNOHANG", "uname")
    },
    *{"signal.SIGKILL", "signal.SIGCHLD", "signal.set_wakeup_fd", "socket.AF_UNIX", "multiprocessing.fork"},
}
SCRIPT = """
import builtins, importlib, os, pkgutil, sys, types
del os.fork, os.geteuid, os.killpg, os.setsid
ordinary = builtins.__import__
def refuse(name, globals=None, *rest, **more):
    if (globals or {{}}).get("__name__", "").startswith("toolkit"):
        if name in {posix}:
            raise ImportError(f"{{name}} is not there on Windows")
        if name == "msvcrt":
            return types.SimpleNamespace(locking=None, LK_NBLCK=2)
    return ordinary(name, globals, *rest, **more)
builtins.__import__ = refuse
import toolkit
for module in pkgutil.walk_packages(toolkit.__path__, "toolkit."):
    if module.name not in ("toolkit.running.warm", "toolkit.__main__"):
        importlib.import_module(module.name)
from toolkit.running import kernels
os.environ.pop(kernels.WARM, None)  # the tests' own
with kernels.warm_process():
    print(kernels.is_possible(), kernels.WARM in os.environ)
"""


def test_every_module_is_imported_without_what_only_posix_has():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(posix=POSIX_MODULES)],
        capture_output=True,
        encoding="utf-8",
        cwd=PROJECT,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "False False\n"), done.stderr


def test_what_only_posix_has_is_asked_for_first():
    unguarded = []
    for path in (PROJECT / "toolkit").rglob("*.py"):
        if path.relative_to(PROJECT).as_posix() != FORKED:
            text = path.read_text(encoding="utf-8")
            unguarded += [f"{path.stem}: {name}" for name in find_unguarded(text)]
    assert sorted(unguarded) == [
        "kernels: signal.SIGKILL",  # of a kernel that was forked, like the next three
        "kernels: signal.SIGKILL",
        "kernels: signal.SIGKILL",
        "kernels: socket.AF_UNIX",
    ]


def find_unguarded(text):
    """The names that Windows lacks, but for those asked for as in hasattr(os, "geteuid") and os.geteuid()."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            name = f"{node.value.id}.{node.attr}"
            if name in POSIX_NAMES and f'hasattr({node.value.id}, "{node.attr}")' not in text:
                yield name
