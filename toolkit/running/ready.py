"""A kernel that stands ready: it has imported what every notebook imports, and is told later whose report it makes.

`python -m toolkit.running.ready` is one that waits for a line of JSON (args, env, cwd) and becomes that kernel; when its
input is closed before, it ends. The warm process forks such kernels.
"""

import contextlib
import importlib
import json
import os
import sys
from pathlib import Path

import pandas as pd

from toolkit.errors import ToolkitError
from toolkit.running.kernels import MEMORY
from toolkit.supervising.levels import read_supervision

NEEDED = [  # by a kernel, by a report's blocks, and by what these import on use
    *[
        "ipykernel.kernelapp",
        "ipykernel.ipkernel",
        "ipykernel.zmqshell",
        "ipykernel.debugger",
        "IPython.core.completer",
    ],
    *[
        "toolkit.presenting.blocks",
        "altair",
        "scipy.special",
        "scipy.stats",
    ],
    *["narwhals.stable.v1._namespace", "narwhals._pandas_like.dataframe", "pandas.core.reshape.reshape"],
    *["pandas.io.formats.html", "pandas.core.methods.to_dict", "pandas.core.arrays.arrow.extension_types"],
]
OF_THIS_PROCESS = "JPY_"  # variables that tell a kernel who started it, and stay


def import_all():
    """Import what a report needs, so that no kernel does; nothing that starts a thread.

    Texts of some hundred tickets are compared and joined as Python's in less time than as Arrow's: a unit's blocks take a
    quarter less.
    """
    for name in NEEDED:
        importlib.import_module(name)
    pd.options.mode.string_storage = "python"
    with contextlib.suppress(ToolkitError):  # the run says what is wrong with it
        read_supervision()  # parsed once: what is parsed is kept by its text


def become_kernel(args, env, cwd):
    """This process is the kernel of a report from here on: its directory, environment and limits; it never returns."""
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    sys.path[0] = ""  # as a kernel started from the command line has it
    _limit_memory(int(env.get(MEMORY, 0)))
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance(argv=args)
    sys.stdout.flush()
    os._exit(0)


def _limit_memory(megabytes):
    """What the kernel may take beside what it begins with; 0: no limit. Windows knows no such limit."""
    if megabytes and sys.platform != "win32":
        import resource

        most = _count_data() + megabytes * 2**20
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _count_data():
    """Bytes of address space for data that a kernel begins with, most of it never touched; 0 where Linux does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5]) * os.sysconf(
            "SC_PAGE_SIZE"
        )
    except OSError:
        return 0


def main():
    import_all()
    if told := sys.stdin.readline():
        asked = json.loads(told)
        own = {name: value for name, value in os.environ.items() if name.startswith(OF_THIS_PROCESS)}
        become_kernel(asked["args"], asked["env"] | own, asked["cwd"])


if __name__ == "__main__":
    main()
