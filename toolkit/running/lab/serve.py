"""Start JupyterLab for the office: on this machine alone, with a token, in Chinese, on the explorer.

What is set here is set for this server. Its own settings stand under outputs/lab; those a person has for JupyterLab
elsewhere are neither read nor written.
"""

import logging
import os
import secrets
import socket
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from toolkit.errors import ParameterError
from toolkit.settings import PROJECT, is_file

HERE = Path(__file__).parent
HOST = "127.0.0.1"
FIRST_PORT, TRIED = 8888, 50
NOTEBOOK = PROJECT / "notebooks" / "explore.ipynb"
OWN = "outputs/lab"  # settings a person makes in this JupyterLab
LEADER = [  # without what asks other servers for icons, and without the cells of the analyst
    *["--VoilaConfiguration.template=leader", "--VoilaConfiguration.show_tracebacks=True"],
    *["--TagRemovePreprocessor.enabled=True", "--TagRemovePreprocessor.remove_cell_tags=analyst"],
]
READY = "import toolkit.presenting.blocks, toolkit.presenting.explore"  # which takes cells longest


def serve_lab(notebook=NOTEBOOK, port=None, opens_browser=True, allow_root=False, leader=False, say=print):
    """Serve until it is stopped. port: None takes the first free one from 8888. leader: the notebook without its code.

    Raises ParameterError where there is no such notebook, the port is taken, or root starts it without saying so.
    """
    _refuse_root(allow_root)
    _require_voila(leader)
    root, name = place_notebook(notebook)
    port, token = find_port(port), secrets.token_hex(24)
    page = quote(f"/voila/render/{name}" if leader else f"/lab/tree/{name}")
    say(f"http://{HOST}:{port}{page}?token={token}\nCtrl+C ends it.")
    options = [*set_server(root, port, token, page), *set_page()]
    options += [] if opens_browser else ["--no-browser"]
    options += ["--allow-root"] if allow_root else []
    options += LEADER if leader else []
    logging.captureWarnings(True)  # what is deprecated in Jupyter is no business of the office
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    with _own_folders():
        from jupyterlab.labapp import LabApp  # which reads where its folders are when it is imported

        server = LabApp.initialize_server(options)
        if not leader:
            server.io_loop.add_callback(_start_kernel, server, name)
        server.start()


def set_server(root, port, token, page):
    """The server's own options: who may reach it, where it begins, what it keeps of a notebook."""
    # On sockets of the file system no other user of the machine can listen to what a kernel sends.
    sockets = [] if os.name == "nt" else ["--KernelManager.transport=ipc"]
    return [
        *[f"--ServerApp.ip={HOST}", f"--ServerApp.port={port}", "--ServerApp.port_retries=0"],
        *[f"--IdentityProvider.token={token}", "--ServerApp.allow_remote_access=False"],
        *[f"--ServerApp.root_dir={root}", f"--LabApp.default_url={page}"],
        "--ContentsManager.pre_save_hook=toolkit.running.lab.saving.drop_outputs",
        f"--ServerApp.tornado_settings={{'headers': {{'Content-Security-Policy': {refuse_others(port)!r}}}}}",
        *["--ServerApp.answer_yes=True", "--Application.log_level=ERROR", *sockets],
    ]


def refuse_others(port):
    """What the browser is told: to refuse whatever is asked of another address, also by a ticket's text."""
    return (
        "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; "
        f"connect-src 'self' data: blob: ws://{HOST}:{port}; "
        "frame-ancestors 'self'; form-action 'self'; base-uri 'self'"
    )


def set_page():
    """The options of what is seen: nothing asked of a network, our settings, the extension that runs the notebook."""
    return [
        *["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", "--LabApp.news_url=None"],
        *["--LabApp.extension_manager=readonly", f"--LabApp.app_settings_dir={HERE / 'settings'}"],
        f"--LabApp.extra_labextensions_path={HERE / 'labextensions'}",
    ]


async def _start_kernel(server, name):
    """The explorer's kernel begins, and imports what its cells need, while the browser still loads JupyterLab."""
    session = await server.session_manager.create_session(
        path=name, name=Path(name).name, type="notebook", kernel_name="python3"
    )
    client = server.kernel_manager.get_kernel(session["kernel"]["id"]).client()
    client.start_channels(iopub=False, stdin=False, hb=False, control=False)
    client.execute(READY, silent=True, store_history=False)
    client.stop_channels()


@contextmanager
def _own_folders():
    """A folder of settings that last, and one for what ends with the server: connections, layouts."""
    with TemporaryDirectory(prefix="lab-", ignore_cleanup_errors=True) as passing:
        os.environ.setdefault("JUPYTER_CONFIG_DIR", str(PROJECT / OWN))
        os.environ["JUPYTER_PATH"] = os.pathsep.join(
            filter(None, [str(HERE / "share"), os.environ.get("JUPYTER_PATH")])
        )
        os.environ["JUPYTER_RUNTIME_DIR"] = passing
        os.environ["JUPYTERLAB_WORKSPACES_DIR"] = passing
        yield


def place_notebook(notebook):
    """The folder that is served, and the notebook's name in it: the project where it holds the notebook."""
    path = Path(notebook).resolve()
    if path.suffix != ".ipynb" or not is_file(path):
        raise ParameterError(f"no notebook '{notebook}': expected a file such as notebooks/explore.ipynb")
    root = PROJECT if path.is_relative_to(PROJECT) else path.parent
    return root, path.relative_to(root).as_posix()


def find_port(port=None):
    """The port asked for, or the first free one; ParameterError where it is taken."""
    free = next(
        (
            number
            for number in ([port] if port else range(FIRST_PORT, FIRST_PORT + TRIED))
            if _is_free(number)
        ),
        None,
    )
    if free is None:
        asked = f"port {port} is" if port else f"the ports {FIRST_PORT} to {FIRST_PORT + TRIED - 1} are"
        raise ParameterError(f"{asked} taken: give another one, as in --port 9000, or end what holds it")
    return free


def _require_voila(leader):
    if leader and find_spec("voila") is None:
        raise ParameterError("voila is not installed: pip install voila, then again with --voila")


def _is_free(port):
    with socket.socket() as probe:
        if (
            os.name != "nt"
        ):  # there it would let two servers have one port; elsewhere a port just left is free
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _refuse_root(allow_root):
    if hasattr(os, "geteuid") and os.geteuid() == 0 and not allow_root:
        raise ParameterError(
            "started by root: whoever reaches the page could change the whole machine. Start it as another user, or give "
            "--allow-root where that is meant, as in a container"
        )
