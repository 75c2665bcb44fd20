"""`toolkit lab` in a real browser, as the office opens it: the explorer runs and is seen, and nothing is kept of it."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pandas as pd
import pytest

from toolkit.running.kernels import WARM

ROOT = Path(__file__).parents[2]
AS_OF, PERIOD = "2025-12-31 18:00", "2025"
WAIT = 90_000  # milliseconds: a cold kernel on a busy machine
HOSTILE = '3<5 & "onerror=window.attacked=1"'  # loading takes whole tags off
NOWHERE = "http://127.0.0.1:9"  # a proxy that is none: whatever is asked of another machine is refused
AUTOSAVE = "lab/user-settings/@jupyterlab/docmanager-extension/plugin.jupyterlab-settings"
SHOWN = ".jp-OutputArea-output .explorer"
WARMED = [WARM, "JUPYTER_PATH"]  # the tests' own kernels; this JupyterLab starts as the office's does


def export():
    """Thirty tickets of three units; every fifth is unanswered, one has hostile text."""
    number = pd.Series(range(30))
    received = pd.Timestamp("2025-11-03 09:00") + pd.to_timedelta(number, unit="D")
    replied = (received + pd.Timedelta(days=6)).dt.strftime("%Y-%m-%d %H:%M")
    return pd.DataFrame(
        {
            "工单编号": number.map("GD2025{:04d}".format),
            "承办单位": number.mod(3).map({0: "云岭镇", 1: "青河镇", 2: "县住房和城乡建设局"}),
            "标题": "关于路灯不亮的投诉" + number.map({3: HOSTILE}).fillna(""),
            "问题分类": number.mod(4).map(lambda n: f"城乡建设/市政设施/第{n}类"),
            "受理时间": received.dt.strftime("%Y-%m-%d %H:%M"),
            "转办时间": (received + pd.Timedelta(hours=1)).dt.strftime("%Y-%m-%d %H:%M"),
            "签收时间": (received + pd.Timedelta(hours=3)).dt.strftime("%Y-%m-%d %H:%M"),
            "回复时间": replied.where(number.mod(5).ne(0)),
            "诉求内容": "村口三盏路灯已经坏了两周，夜间出行不便。" + number.map({3: HOSTILE}).fillna(""),
            "回复内容": number.mod(5).map(lambda n: "已安排维修，当日恢复照明。" if n else None),
        }
    )


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """A folder with an export and the notebook as it is kept, its parameters set to that export."""
    folder = tmp_path_factory.mktemp("office")
    export().to_excel(folder / "export.xlsx", index=False, engine="xlsxwriter")
    notebook = json.loads((ROOT / "notebooks/explore.ipynb").read_text(encoding="utf-8"))
    find_cell(notebook, "parameters")["source"] = [
        *["run = ''\n", f"source = {str(folder / 'export.xlsx')!r}\n"],
        *[f"period = {PERIOD!r}\n", f"as_of = {AS_OF!r}\n", "policy = 'county_default'"],
    ]
    find_cell(notebook, "explorer")["source"] = [
        f"explorer = explore(report, desk={str(folder / 'desk')!r})\n",
        "explorer",
    ]
    (folder / "explore.ipynb").write_text(write_notebook(notebook), encoding="utf-8")
    return folder


def find_cell(notebook, tag):
    return next(cell for cell in notebook["cells"] if tag in cell["metadata"].get("tags", []))


def write_notebook(notebook):
    """The text that the server writes of a notebook."""
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


@pytest.fixture(scope="module")
def written(office):
    """The notebook's bytes before the server is there: while it saves, the file is empty for a moment."""
    return (office / "explore.ipynb").read_bytes()


@pytest.fixture(scope="module")
def lab(office, written, tmp_path_factory):
    """The address that `toolkit lab` says, of a server that saves by itself every second."""
    home = tmp_path_factory.mktemp("home")
    (home / AUTOSAVE).parent.mkdir(parents=True)
    (home / AUTOSAVE).write_text('{"autosaveInterval": 1}', encoding="utf-8")
    with serve(office, home) as address:
        yield address


@contextlib.contextmanager
def serve(office, home, *options):
    """`toolkit lab` on the office's notebook, with a home and settings of its own, stopped with all that it started."""
    places = {"JUPYTER_CONFIG_DIR": home, "JUPYTER_DATA_DIR": home, "IPYTHONDIR": home, "HOME": home}
    places |= {"PYTHONPATH": ROOT, "https_proxy": NOWHERE, "http_proxy": NOWHERE, "no_proxy": "127.0.0.1"}
    command = [sys.executable, "-m", "toolkit", "lab", str(office / "explore.ipynb"), "--no-browser"]
    with (home / "lab.log").open("wb") as log:
        server = subprocess.Popen(
            [*command, "--allow-root", f"--port={free_port()}", *options],
            env={name: value for name, value in os.environ.items() if name not in WARMED}
            | {name: str(place) for name, place in places.items()},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
    try:
        address = server.stdout.readline().strip()
        wait_until_up(re.sub(r"(?<=\d)/.*\?", "/api?", address), server, home / "lab.log")
        yield address
    finally:
        stop(server)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_up(address, server, log):
    deadline = time.monotonic() + WAIT / 1000
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=2):
            return
        time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text(errors='replace')[-2000:]}")


def stop(server):
    """End the server's group; kernels have groups of their own, which the server ends when asked politely."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(timeout=15)
            return


@pytest.fixture(scope="module")
def page(browser, lab):
    with visit(browser, lab) as opened:
        yield opened


@contextlib.contextmanager
def visit(browser, address):
    """The address opened, and nothing else done; fails where the page says an error or asks for another machine."""
    trouble = []
    opened = browser.new_context(proxy={"server": NOWHERE, "bypass": "127.0.0.1"}).new_page()
    opened.set_viewport_size({"width": 1280, "height": 800})
    opened.on("pageerror", lambda error: trouble.append(str(error)))
    opened.on("console", lambda told: told.type == "error" and trouble.append(told.text))
    own = re.compile(r"(https?|wss?)://127\.0\.0\.1|data:|blob:")
    opened.on("request", lambda asked: own.match(asked.url) or trouble.append(asked.url))
    opened.goto(address, timeout=WAIT)
    opened.locator(SHOWN).first.wait_for(timeout=WAIT)
    yield opened
    opened.context.close()
    assert trouble == []


def cell_of(page):
    """The explorer's cell."""
    return page.locator(".jp-CodeCell").filter(has=page.locator(SHOWN))


def read_cells(page):
    """What kind each cell is, in order."""
    kinds = "(cells) => cells.map((cell) => cell.className.match(/jp-(Code|Markdown|Raw)Cell/)[1])"
    return page.locator(".jp-Notebook .jp-Cell").evaluate_all(kinds)


def test_without_its_token_nothing_is_served_and_with_it_nothing_of_others_is_let_in(lab):
    server = lab.split("/lab/")[0]
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{server}/api/contents", timeout=10)
    with urllib.request.urlopen(f"{server}/lab/tree/explore.ipynb", timeout=10) as asked:
        assert "/login?" in asked.url
    with urllib.request.urlopen(lab, timeout=10) as asked:
        assert asked.headers["Content-Security-Policy"].startswith("default-src 'self'")


def test_the_explorer_is_what_one_sees_and_the_menu_is_chinese(page, office):
    page.get_by_text("正在启动内核").wait_for(state="hidden", timeout=WAIT)
    seen = page.locator(".jp-WindowedPanel-outer").bounding_box()
    place = cell_of(page).locator(".jp-Cell-outputArea").bounding_box()
    assert -5 <= place["y"] - seen["y"] < 50
    assert page.get_by_role("menuitem", name="文件", exact=True).is_visible()
    assert page.get_by_text("有单元格未能运行").count() == 0
    assert len(list(find_kernels(office))) == 1  # the one that was started before the page asked


def wait_until_saved(office, since):
    """Until the file is another one, and whole; JupyterLab waits ten times as long as the last save took."""
    for _ in range(1200):
        state = (office / "explore.ipynb").stat()
        if state.st_mtime_ns != since and state.st_size:
            return
        time.sleep(0.05)
    raise AssertionError("the notebook was not saved")


def test_saved_by_hand_or_by_itself_the_notebook_is_byte_for_byte_what_it_was(page, office, written):
    kept = office / "explore.ipynb"
    page.locator(".jp-CodeCell .jp-InputPrompt").first.click()
    since = kept.stat().st_mtime_ns
    page.keyboard.press("Control+s")
    wait_until_saved(office, since)
    assert kept.read_bytes() == written
    since = kept.stat().st_mtime_ns
    page.keyboard.press("Control+Enter")  # the cell runs again, and autosave follows
    wait_until_saved(office, since)
    assert kept.read_bytes() == written


def test_no_stray_key_cuts_changes_or_edits_the_explorers_cell(page, written):
    before = read_cells(page)
    source = "".join(find_cell(json.loads(written), "explorer")["source"])
    cell_of(page).locator(".jp-InputPrompt").click()
    for key in ("d", "d", "x", "Shift+m", "m"):
        page.keyboard.press(key)
    refused = page.get_by_text("该单元格是只读的，无法更改其类型")
    refused.wait_for()
    page.keyboard.press("Enter")
    refused.wait_for(state="hidden")
    for key in ("Enter", "q"):  # opens the folded source
        page.keyboard.press(key)
    assert cell_of(page).locator(".cm-content").inner_text() == source
    page.keyboard.press("Escape")
    cell_of(page).locator(".jp-OutputArea-output :is(select, button, [tabindex='0'])").first.focus()
    for key in ("x", "d", "d", "b"):
        page.keyboard.press(key)
    assert read_cells(page) == before
    assert page.locator(SHOWN).first.is_visible()


def test_after_a_killed_kernel_the_explorer_comes_back_by_itself(page, office):
    page.locator(SHOWN).first.evaluate("(shown) => shown.setAttribute('data-before', '')")
    for kernel in find_kernels(office):
        os.kill(kernel, signal.SIGKILL)
    page.locator(".jp-Dialog", has_text="restart automatically").get_by_role("button").click(timeout=WAIT)
    page.locator(f"{SHOWN}:not([data-before])").first.wait_for(timeout=WAIT)
    page.get_by_text("正在启动内核").wait_for(state="hidden", timeout=WAIT)


def find_kernels(office):
    """The kernels that work in the office's folder."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            command = (process / "cmdline").read_bytes()
            if b"ipykernel_launcher" in command and (process / "cwd").resolve() == office:
                yield int(process.name)


@pytest.mark.long
def test_a_leader_sees_the_explorer_without_code_and_needs_the_token(browser, office, tmp_path):
    pytest.importorskip("voila", reason="voila is not installed")
    with serve(office, tmp_path, "--voila") as address:
        with visit(browser, address) as opened:
            assert opened.locator(".jp-InputArea-editor").count() == 0
            assert opened.locator(SHOWN).first.is_visible()
        with urllib.request.urlopen(address.split("?")[0], timeout=10) as asked:
            assert "/login?" in asked.url


# --- what needs the explorer itself ----------------------------------------------------------------------


def open_first(page):
    """Open the first ticket of the list; its number, which stands beside it as well."""
    row = page.locator(".explorer .drill-row").first
    number = row.locator(".drill-id").inner_text()
    row.locator(".drill-said").click()
    page.locator(".explorer-beside").get_by_text(number).first.wait_for()
    return number


def test_three_clicks_lead_from_the_county_to_a_ticket(page):
    page.locator(".explorer").get_by_role("button", name="清除", exact=True).click()
    page.locator(".explorer-views button:not([disabled])").first.click()
    assert open_first(page).startswith("GD2025")


def test_the_step_as_code_stands_in_the_next_cell_and_gives_the_same_tickets(page):
    page.locator(".explorer").get_by_role("button", name="清除", exact=True).click()
    page.locator(".explorer").get_by_role("button", name="云岭镇", exact=True).first.click()
    shown = page.locator(".explorer h3", has_text="工单").inner_text()
    count = int(re.search(r"工单 (\d+)件", shown)[1])
    before = read_cells(page)
    page.locator(".explorer").get_by_role("button", name="把这一步写成代码").click()
    below = page.locator(".jp-Notebook .jp-Cell.jp-mod-active")
    below.locator(".cm-content", has_text="chosen = describe_watched(report)").wait_for()
    assert "云岭镇" in below.locator(".cm-content").inner_text()
    place = "(cells, own) => cells.findIndex((cell) => cell.matches(own))"
    cells = page.locator(".jp-Notebook .jp-Cell")
    assert cells.evaluate_all(place, ".jp-mod-active") == cells.evaluate_all(place, ":has(.explorer)") + 1
    page.keyboard.press("Control+Enter")
    rows = below.locator(".jp-OutputArea-output tbody tr")
    rows.first.wait_for(timeout=WAIT)
    assert rows.count() == count
    assert 0 < below.bounding_box()["y"] < 800  # it is seen
    for key in ("d", "d"):  # an ordinary cell: it can be deleted
        page.keyboard.press(key)
    below.locator(".cm-content", has_text="chosen = describe_watched").wait_for(state="detached")
    assert read_cells(page) == before


def test_ticket_text_is_shown_as_text_and_never_run(page):
    page.locator(".explorer").get_by_role("button", name="清除", exact=True).click()
    page.locator(".explorer .drill-search").fill("onerror")
    page.locator(".explorer .drill-search").press("Enter")
    page.locator(".explorer h3", has_text="工单 1件").wait_for()
    assert open_first(page) == "GD20250003"
    assert page.locator(".explorer-beside").inner_text().count(HOSTILE) == 2  # the title and the content
    assert page.evaluate("window.attacked") is None


def test_a_tick_outlasts_a_killed_kernel_and_a_page_loaded_again(page, office):
    page.locator(".explorer").get_by_role("button", name="清除", exact=True).click()
    number = page.locator(".explorer .drill-row .drill-id").nth(1).inner_text()
    page.locator(".explorer .drill-row .explorer-tick").nth(1).check()
    page.locator(".explorer-desk").get_by_text("已保存").wait_for()
    for kernel in find_kernels(office):
        os.kill(kernel, signal.SIGKILL)
    page.reload()
    page.locator(".explorer .drill-row").first.wait_for(timeout=WAIT)
    row = page.locator(".explorer .drill-row", has_text=number)
    assert row.locator(".explorer-tick").is_checked()
    assert "1件" in page.locator(".explorer-desk").inner_text()
