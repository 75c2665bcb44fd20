"""The drill-down in a real JupyterLab, as a person uses it: run all, choose a unit, open a ticket."""

import contextlib
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pandas as pd
import pytest

import toolkit
from toolkit.presenting import explore

ROOT = Path(__file__).parents[2]
AS_OF, PERIOD = "2025-12-31 18:00", "2025"
WAIT = 90_000  # milliseconds: a cold kernel on a busy machine
HOSTILE = '3<5 & "onerror=window.attacked=1"'  # loading takes whole tags off
ROWS = ".dt-container tbody tr"


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
    """A folder with an export and the notebook, its parameters set to that export."""
    folder = tmp_path_factory.mktemp("office")
    export().to_excel(folder / "export.xlsx", index=False, engine="xlsxwriter")
    notebook = json.loads((ROOT / "notebooks/explore.ipynb").read_text(encoding="utf-8"))
    cell = next(c for c in notebook["cells"] if "parameters" in c["metadata"].get("tags", []))
    cell["source"] = [
        *[f"prepared = ''\nsource = {str(folder / 'export.xlsx')!r}\n"],
        *[f"period = {PERIOD!r}\nas_of = {AS_OF!r}\npolicy = 'county_default'\n"],
    ]
    (folder / "explore.ipynb").write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def lab(office, tmp_path_factory):
    """The notebook's address in a JupyterLab of this test's own, stopped with everything it started."""
    home = tmp_path_factory.mktemp("home")
    token, port = secrets.token_hex(16), free_port()
    places = {f"JUPYTER_{name}_DIR": str(home / name.lower()) for name in ["CONFIG", "DATA", "RUNTIME"]}
    places |= {"HOME": str(home), "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces")}
    places |= {"JUPYTERLAB_SETTINGS_DIR": str(home / "settings"), "PYTHONPATH": str(ROOT)}
    with (home / "lab.log").open("wb") as log:
        server = subprocess.Popen(
            [
                *[sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1"],
                *[f"--port={port}", f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={office}"],
            ],
            env=os.environ | places,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        wait_until_up(f"http://127.0.0.1:{port}/api?token={token}", server, home / "lab.log")
        yield f"http://127.0.0.1:{port}/lab/tree/explore.ipynb?token={token}"
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
        time.sleep(0.2)
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
    """The notebook open in JupyterLab with all its cells run and the drill-down drawn."""
    opened = browser.new_page(viewport={"width": 1500, "height": 1500})
    opened.goto(lab)
    opened.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=WAIT)
    opened.get_by_text("| Idle").wait_for(timeout=WAIT)  # the kernel is up
    opened.get_by_role("menuitem", name="Run", exact=True).click()
    opened.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    opened.locator(ROWS).first.wait_for(timeout=WAIT)
    yield opened
    opened.close()


@pytest.fixture
def report(office):
    return toolkit.open_report(None, {"source": office / "export.xlsx", "as_of": AS_OF, "period": PERIOD})


def choose(page, filter_label, option, count):
    """Choose an option by its label, which carries its count, and wait until the table has followed."""
    page.get_by_label(filter_label, exact=True).select_option(label=f"{option}（{count}）")
    page.get_by_text(f"工单{count}件，最急的在前").wait_for()


def clear(page):
    """Back to all tickets, if any filter is set; only then does the table change, and only then is there a wait."""
    chosen = page.locator(".widget-dropdown option:checked").all_inner_texts()
    if set(chosen) != {"全部（30）"}:
        page.get_by_role("button", name="清除条件").click()
        page.get_by_text("共 30 件").wait_for()


def open_row(page, row):
    """Click a row of the ticket table; its ticket's number and, once it has opened, its timeline."""
    number = row.locator("td").first.inner_text()
    row.click()
    page.locator(".widget-html", has_text="办理时间").get_by_text(number).wait_for()
    return number, page.locator("table", has_text="统计截止").inner_text()


def test_choosing_a_unit_shows_the_toolkits_count_and_a_row_opens_its_ticket(page, report):
    expected = explore.choose_tickets(report, unit="青河镇")
    choose(page, "承办单位", "青河镇", len(expected))
    assert page.get_by_text(re.compile(rf"青河镇：{len(expected)}件，其中.*超期未回复")).is_visible()
    number, timeline = open_row(page, page.locator(ROWS).nth(2))
    assert page.locator(ROWS).count() == len(expected)
    assert number == expected["ticket_id"][2]
    for name in ["received_at", "signed_at", "replied_at", "due_at"]:
        assert f"{expected[name][2]:%Y-%m-%d %H:%M}" in timeline


def test_the_chart_is_drawn(page):
    assert page.locator(".jp-OutputArea canvas, .jp-OutputArea svg.marks").count() == 1


def test_a_row_opens_its_own_ticket_after_sorting(page):
    clear(page)
    page.locator("th", has_text="工单编号").first.click()
    page.locator('th[aria-sort="ascending"]', has_text="工单编号").wait_for()
    number, timeline = open_row(page, page.locator(ROWS).nth(4))
    assert number == "GD20250004"
    assert "2025-11-07 09:00" in timeline


def test_ticket_text_is_shown_as_text_and_never_run(page):
    clear(page)
    page.get_by_role("searchbox").last.fill("onerror")
    open_row(page, page.locator(ROWS, has_text="GD20250003"))
    shown = page.locator(".widget-html", has_text="办理时间").inner_text()
    assert shown.count(HOSTILE) == 2  # the title and the content
    assert page.locator(ROWS).inner_text().count(HOSTILE) == 1
    assert page.evaluate("window.attacked") is None
