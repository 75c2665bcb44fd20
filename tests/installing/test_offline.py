"""The kit installs and runs where there is no network at all: a namespace of its own with the loopback alone."""

import os
import shutil
import subprocess
import sys
import sysconfig

import pytest

from toolkit.installing.wheelhouse import SYSTEMS, build_kit

SYSTEM = sysconfig.get_platform()
PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"
ISOLATE = ["unshare", "--net", "--map-root-user"]
REACHED = (
    "import socket; socket.create_connection(('192.0.2.1', 443), 3)"  # an address kept for documentation
)
STEPS = """
set -e
ip link set lo up
if "$PYTHON" -c "$REACHED" 2>/dev/null; then echo "there is a network"; exit 7; fi
sh "$KIT/install.sh" "$PLACE"
cd "$PLACE"
.venv/bin/toolkit demo
sed 's/^units: .*/units: [苇渡乡]/' parameters/demo.yml > parameters/ours.yml
.venv/bin/toolkit batch parameters/ours.yml
"""


def may_isolate():
    tools = shutil.which("unshare") and shutil.which("ip")
    return (
        bool(tools) and subprocess.run([*ISOLATE, "true"], capture_output=True, check=False).returncode == 0
    )


@pytest.mark.long
@pytest.mark.skipif(SYSTEM not in SYSTEMS, reason=f"the kit has no wheels for {SYSTEM}")
@pytest.mark.skipif(
    not may_isolate(), reason="no namespace without a network: unshare or ip missing, or not allowed"
)
def test_the_kit_installs_and_runs_without_a_network_in_an_empty_home(tmp_path):
    kit = build_kit(tmp_path / "离线 包", [PYTHON], [SYSTEM])
    place, home = tmp_path / "督查 工具", tmp_path / "home"
    home.mkdir()
    own = {"HOME": home, "KIT": kit, "PLACE": place, "PYTHON": sys._base_executable, "REACHED": REACHED}
    environ = {"PATH": os.defpath + ":/sbin:/usr/sbin", "LANG": "C.UTF-8"}
    environ |= {name: str(value) for name, value in own.items()}
    done = subprocess.run(
        [*ISOLATE, "sh", "-c", STEPS], env=environ, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "可以使用" in done.stdout
    assert "2 reports written, 0 failed" in done.stdout
    written = place / "outputs" / "demo"
    assert (written / "index.html").is_file()
    assert [page.name for page in (written / "units").glob("*.html")] == ["苇渡乡.html"]
